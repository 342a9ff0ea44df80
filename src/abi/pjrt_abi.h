// The PJRT plugin ABI as of minor 116: our own declaration, proven against measured facts by tests/abi.
#pragma once

#include "abi/core/buffer.h"
#include "abi/core/client.h"
#include "abi/core/client_buffer.h"
#include "abi/core/compile.h"
#include "abi/core/copy_stream.h"
#include "abi/core/device.h"
#include "abi/core/error.h"
#include "abi/core/event.h"
#include "abi/core/executable.h"
#include "abi/core/execute.h"
#include "abi/core/key_value.h"
#include "abi/core/layout.h"
#include "abi/core/memory.h"
#include "abi/core/named_value.h"
#include "abi/core/plugin.h"
#include "abi/core/topology.h"
#include "abi/core/transfer.h"

namespace pje::abi {

inline constexpr int kMajor = 0;
inline constexpr int kNewestMinor = 116;
// Minor 57 rearranged the table: below it the slots mean other functions.
inline constexpr int kOldestMinor = 57;

template <class Args>
using error_function = PJRT_Error *(*)(Args *);
template <class Args>
using none_function = void (*)(Args *);

}  // namespace pje::abi

struct PJRT_Api_Version {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  int major_version;
  int minor_version;
};
PJE_ABI_STRUCT_END(PJRT_Api_Version, minor_version);

struct PJRT_Api {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Api_Version pjrt_api_version;
#define PJE_FUNCTION(name, since, returns) pje::abi::returns##_function<PJRT_##name##_Args> PJRT_##name;
#include "abi/functions.def"
#undef PJE_FUNCTION
};

namespace pje::abi {

inline constexpr size_t kHeaderSize = offsetof(PJRT_Api, PJRT_Error_Destroy);

enum class Function : uint16_t {
#define PJE_FUNCTION(name, since, returns) name,
#include "abi/functions.def"
#undef PJE_FUNCTION
  kCount
};
inline constexpr size_t kNumFunctions = static_cast<size_t>(Function::kCount);

struct FunctionInfo {
  const char *name;
  int since_minor;
  size_t offset;
  size_t args_size;
};

inline constexpr FunctionInfo kFunctions[kNumFunctions] = {
#define PJE_FUNCTION(name, since, returns) \
  {"PJRT_" #name, since, offsetof(PJRT_Api, PJRT_##name), struct_size<PJRT_##name##_Args>},
#include "abi/functions.def"
#undef PJE_FUNCTION
};

// Finds the slot by the type of its arguments, so that a call names the function once.
template <class Args>
struct FunctionOf;

#define PJE_FUNCTION(name_, since, returns)                                                       \
  template <>                                                                                     \
  struct FunctionOf<PJRT_##name_##_Args> {                                                        \
    static constexpr Function function = Function::name_;                                         \
    static constexpr auto slot = &PJRT_Api::PJRT_##name_;                                         \
    static constexpr const FunctionInfo &info = kFunctions[static_cast<size_t>(Function::name_)]; \
  };
#include "abi/functions.def"
#undef PJE_FUNCTION

// The size a struct had at an older minor, for plugins that refuse a size they do not know.
template <class T>
constexpr size_t struct_size_at(int minor) {
  size_t size = struct_size<T>;
#define PJE_GROWTH(type, since, before)                      \
  if constexpr (__is_same(T, type)) {                        \
    if (minor < (since) && (before) < size) size = (before); \
  }
#include "abi/growth.def"
#undef PJE_GROWTH
  return size;
}

}  // namespace pje::abi
