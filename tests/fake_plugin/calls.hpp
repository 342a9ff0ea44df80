// The implementation of each slot, and what every implementation shares.
#pragma once

#include <chrono>
#include <cstring>

#include "abi/pjrt_abi.h"
#include "registry.hpp"
#include "status.hpp"

namespace fake {

#define PJE_FUNCTION(name, since, returns) Status Call(PJRT_##name##_Args &args);
#include "abi/functions.def"
#undef PJE_FUNCTION

// Out members must come in as zero: a plugin older than a member leaves it as it was.
void CheckZero(const void *member, size_t size);

template <class T, class Value>
void Out(T *member, Value value) {
  CheckZero(member, sizeof(T));
  *member = static_cast<T>(value);
}

template <class T>
void OutString(const char **data, size_t *size, const T &text) {
  Out(data, text.data());
  Out(size, text.size());
}

Status CheckStruct(const char *type, const void *data, size_t expected);
// For the trace, where a struct has no size of its own.
void TraceStruct(const char *type, const void *data, size_t size);
Status CheckSize(const char *name, size_t given, size_t expected);

// For structs that the arguments point to.
#define FAKE_CHECK_STRUCT(type, pointer) \
  CheckStruct(#type, pointer, pje::abi::struct_size_at<type>(fake::CurrentMinor()))

int CurrentMinor();

}  // namespace fake
