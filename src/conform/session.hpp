// What a check works with: the plugin's table, called as it is, and a client when one is asked for.
//
// Checks of a plugin must not see it through the library, which hides what plugins do wrong. Nothing is
// cleaned up: each check has a process of its own.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "abi/pjrt_abi.h"
#include "base/text.hpp"

namespace pje::conform {

// How a check ends early.
struct Failed {
  std::string text;
};
struct Unsupported {
  std::string text;
};

[[noreturn]] inline void fail(std::string text) { throw Failed{std::move(text)}; }

template <class... Parts>
void expect(bool truth, const Parts &...parts) {
  if (!truth) fail(concat(parts...));
}

// An error that the plugin answered, read and destroyed.
struct Answer {
  bool ok = true;
  int code = 0;
  std::string message;
};

// What is checked, and with which options its clients are made.
struct Target {
  std::string path;
  std::vector<std::pair<std::string, int64_t>> options;
};

using Dims = std::vector<int64_t>;
using Bytes = std::vector<unsigned char>;

class Session {
 public:
  // Loads the plugin and initializes it.
  explicit Session(const Target &target);

  const PJRT_Api &api() const noexcept { return *api_; }
  int minor() const noexcept { return api_->pjrt_api_version.minor_version; }
  const Target &target() const noexcept { return target_; }

  template <class Args>
  bool has() const noexcept {
    const abi::FunctionInfo &info = abi::FunctionOf<Args>::info;
    return info.offset + sizeof(void *) <= api_->struct_size && api_->*abi::FunctionOf<Args>::slot != nullptr;
  }

  // The one way into the plugin. The struct's size is sent as it is.
  template <class Args>
  auto call_raw(Args &args) const noexcept {
    return (api_->*abi::FunctionOf<Args>::slot)(&args);
  }

  // Calls and answers what came back. Throws Unsupported where the table has no such function.
  template <class Args>
  Answer try_call(Args &args) {
    require<Args>();
    args.struct_size = abi::struct_size<Args>;
    return take(call_raw(args));
  }

  // Must succeed. UNIMPLEMENTED ends the check as unsupported.
  template <class Args>
  Args call(Args args) {
    Answer answer = try_call(args);
    if (!answer.ok) judge_error(abi::FunctionOf<Args>::info.name, answer);
    return args;
  }

  // Must answer an error, with a text; `what` says what was wrong with the arguments.
  template <class Args>
  Answer refuse(Args args, const std::string &what) {
    Answer answer = try_call(args);
    expect(!answer.ok, abi::FunctionOf<Args>::info.name, " answered OK to ", what);
    if (answer.code == PJRT_Error_Code_UNIMPLEMENTED) throw Unsupported{answer.message};
    return answer;
  }

  template <class Args>
  void require() const {
    if (!has<Args>()) throw Unsupported{concat(abi::FunctionOf<Args>::info.name, " is not in the table")};
  }

  Answer take(PJRT_Error *error);

  // The client of the check, made at the first use.
  PJRT_Client *client();
  PJRT_Client *new_client();
  std::span<PJRT_Device *const> devices();
  std::span<PJRT_Device *const> addressable_devices();
  PJRT_Device *device(size_t index = 0);
  PJRT_DeviceDescription *description(PJRT_Device *device);
  int device_id(PJRT_Device *device);

  // Waits, and destroys the event. NULL counts as ready.
  Answer wait(PJRT_Event *event);
  void must_wait(PJRT_Event *event, const char *what);

  PJRT_Buffer *upload(PJRT_Buffer_Type type, const Dims &dims, const void *data, PJRT_Device *on = nullptr);
  PJRT_Buffer *upload(const std::vector<float> &values, PJRT_Device *on = nullptr);
  // Dense, row-major.
  Bytes download(PJRT_Buffer *buffer);
  std::vector<float> floats(PJRT_Buffer *buffer);
  void expect_floats(PJRT_Buffer *buffer, const std::vector<float> &want, const char *what);
  Dims dims(PJRT_Buffer *buffer);

  Answer try_compile(const std::string &text, const std::string &options, PJRT_LoadedExecutable **out);
  PJRT_LoadedExecutable *compile(const char *text, int replicas = 1);
  PJRT_Executable *executable(PJRT_LoadedExecutable *loaded);
  struct Run {
    Answer answer;
    std::vector<PJRT_Buffer *> outputs;
    PJRT_Event *done = nullptr;
  };
  Run try_run(PJRT_LoadedExecutable *executable, const std::vector<PJRT_Buffer *> &args, size_t num_outputs,
              const std::vector<int64_t> &keep = {}, PJRT_Device *on = nullptr);
  std::vector<PJRT_Buffer *> run(PJRT_LoadedExecutable *executable, const std::vector<PJRT_Buffer *> &args,
                                 size_t num_outputs, const std::vector<int64_t> &keep = {});

 private:
  [[noreturn]] void judge_error(const char *function, const Answer &answer);

  Target target_;
  const PJRT_Api *api_ = nullptr;
  PJRT_Client *client_ = nullptr;
};

std::string options_for(int replicas);

// f32[4] each.
extern const char kAddOne[];      // x + 1
extern const char kTwoOutputs[];  // x + y, x - y
extern const char kConstant[];    // 1, 2, 3, 4 without arguments
extern const char kDonates[];     // x + y in the memory of x
extern const char kReplicaSum[];  // the sum of x over 2 replicas

inline PJRT_Buffer_MemoryLayout row_major(std::vector<int64_t> &order) {
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(order.size() - 1 - i);
  PJRT_Buffer_MemoryLayout layout;
  std::memset(static_cast<void *>(&layout), 0, sizeof layout);
  layout.struct_size = abi::struct_size<PJRT_Buffer_MemoryLayout>;
  layout.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
  layout.tiled.struct_size = abi::struct_size<PJRT_Buffer_MemoryLayout_Tiled>;
  layout.tiled.minor_to_major = order.data();
  layout.tiled.minor_to_major_size = order.size();
  return layout;
}

}  // namespace pje::conform
