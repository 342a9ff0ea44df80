// The only path into a plugin.
#pragma once

#include <atomic>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "abi/pjrt_abi.h"
#include "base/mutex.hpp"
#include "base/status.hpp"

namespace pje::abi {

// Plugins and the ABI's rules expect every byte that is not set to be zero, padding included.
template <class T>
[[gnu::always_inline]] inline T zeroed() noexcept {
  // No padding to care for: members that are set next are not cleared before.
  if constexpr (std::has_unique_object_representations_v<T> && std::is_aggregate_v<T>) return T{};
  T value;
  // In pieces, since compilers clear what is larger with an instruction that takes long to start.
  constexpr size_t kPiece = 64;
  auto *bytes = reinterpret_cast<char *>(&value);
  size_t done = 0;
  for (; done + kPiece <= sizeof(T); done += kPiece) std::memset(bytes + done, 0, kPiece);
  std::memset(bytes + done, 0, sizeof(T) % kPiece);
  return value;
}

// Who is told when a call ran out of the device's memory.
class MemoryWatch {
 public:
  virtual ~MemoryWatch() = default;
  // Lines to add to the error's text.
  virtual std::string report() = 0;
  // Whether something was freed, so that the call is worth repeating.
  virtual bool wants_retry() noexcept = 0;
};

// Which calls may reach a plugin: all, or only those that give something back, or none.
enum class Reach : uint8_t { kUsable, kClientClosing, kClientClosed, kLostInFork };

class Api {
 public:
  // Refuses tables that cannot be trusted; reads nothing behind the size that the table itself gives.
  static Status check(const PJRT_Api *api, const std::string &path);

  Api(const PJRT_Api *api, std::string path);
  // A client has its own, so that what is made from it can be cut off from the plugin at once.
  Api(const Api &other)
      : table_(other.table_),
        raw_(other.raw_),
        path_(other.path_),
        minor_(other.minor_),
        strict_(other.strict_),
        reach_(other.reach_.load(std::memory_order_relaxed)) {}

  const PJRT_Api *raw() const noexcept { return raw_; }
  const std::string &path() const noexcept { return path_; }
  int minor() const noexcept { return minor_; }

  template <class Args>
  bool has() const noexcept {
    return table_.*FunctionOf<Args>::slot != nullptr;
  }
  bool has(size_t function) const noexcept;
  // The error of a call of the first of these that the plugin lacks.
  template <class... Args>
  Status require() const noexcept {
    Status status;
    ((has<Args>() || (status = absent(FunctionOf<Args>::info), false)) && ...);
    return status;
  }

  // A plugin that refuses structs newer than itself gets the sizes of its own minor.
  // Found out once, after initialization.
  void find_out_strictness() noexcept;
  bool strict() const noexcept { return strict_; }
  template <class T>
  size_t size_of() const noexcept {
    return strict_ ? struct_size_at<T>(minor_) : struct_size<T>;
  }

  // A zeroed struct with its size set, for what is passed inside arguments.
  template <class T>
  T sized() const noexcept {
    T value = zeroed<T>();
    value.struct_size = size_of<T>();
    return value;
  }

  // In a child made by fork the threads and devices of a plugin are gone: nothing may reach it any more.
  void disable_after_fork() noexcept { reach_.store(Reach::kLostInFork, std::memory_order_relaxed); }
  // Before any call that it is to watch; must live as long.
  void set_memory_watch(MemoryWatch *watch) noexcept { memory_watch_ = watch; }
  void begin_closing() noexcept { reach_.store(Reach::kClientClosing, std::memory_order_relaxed); }
  void end_closing() noexcept { reach_.store(Reach::kClientClosed, std::memory_order_relaxed); }
  bool usable() const noexcept { return reach_.load(std::memory_order_relaxed) == Reach::kUsable; }
  bool may_release() const noexcept {
    return reach_.load(std::memory_order_relaxed) <= Reach::kClientClosing;
  }
  // The error of a call that may not reach the plugin.
  Status unusable() const noexcept;

  // For several calls in a row: that the plugin has them and may be reached was asked before.
  template <class Args>
  [[gnu::always_inline]] Status call_known(Args &args) const noexcept {
    return call_function(table_.*FunctionOf<Args>::slot, args);
  }
  template <class Args>
  [[gnu::always_inline]] void call_known_and_log(Args &args) const noexcept {
    args.struct_size = size_of<Args>();
    assert_no_lock_held();
    if (PJRT_Error *error = (table_.*FunctionOf<Args>::slot)(&args); error != nullptr) [[unlikely]]
      log_plugin_error(error, FunctionOf<Args>::info.name);
  }
  template <class Args>
  Status call(Args &args) const noexcept {
    if (!usable()) [[unlikely]]
      return unusable();
    return call_always(args);
  }

  // For releases, where no caller can receive an error: it is logged.
  template <class Args>
  void call_and_log(Args &args) const noexcept {
    if (!may_release()) [[unlikely]]
      return;
    if (table_.*FunctionOf<Args>::slot == nullptr) [[unlikely]]
      return log_error(absent(FunctionOf<Args>::info));
    call_known_and_log(args);
  }

  // For what has to be given back although it can fail, also while the client ends.
  template <class Args>
  Status call_to_release(Args &args) const noexcept {
    if (!may_release()) [[unlikely]]
      return unusable();
    return call_always(args);
  }
  // One function called again and again: what does not change between the calls is looked up once.
  template <class Args>
  class Repeated {
   public:
    explicit Repeated(const Api &api) noexcept : api_(api), function_(api.table_.*FunctionOf<Args>::slot) {
      args.struct_size = api.size_of<Args>();
      if (function_ != nullptr && api.may_release()) [[likely]]
        return;
      // Says once what is missing.
      api.call_and_log(args);
      function_ = [](Args *) -> PJRT_Error * { return nullptr; };
    }
    void call_and_log() noexcept {
      assert_no_lock_held();
      if (PJRT_Error *error = function_(&args); error != nullptr) [[unlikely]]
        api_.log_plugin_error(error, FunctionOf<Args>::info.name);
    }
    Args args = zeroed<Args>();

   private:
    const Api &api_;
    std::remove_reference_t<decltype(std::declval<PJRT_Api &>().*FunctionOf<Args>::slot)> function_;
  };

  // Turns a plugin's error into ours and destroys it. NULL is success.
  Status take_error(PJRT_Error *error, const char *function) const noexcept;

 private:
  template <class Args>
  Status call_always(Args &args) const noexcept {
    auto function = table_.*FunctionOf<Args>::slot;
    if (function == nullptr) [[unlikely]]
      return absent(FunctionOf<Args>::info);
    return call_function(function, args);
  }
  template <class Function, class Args>
  [[gnu::always_inline]] Status call_function(Function function, Args &args) const noexcept {
    args.struct_size = size_of<Args>();
    assert_no_lock_held();
    if (PJRT_Error *error = function(&args); error != nullptr) [[unlikely]]
      return recover(
          error, FunctionOf<Args>::info,
          [](const Api &api, void *again) {
            return (api.table_.*FunctionOf<Args>::slot)(static_cast<Args *>(again));
          },
          &args);
    return {};
  }

  using Again = PJRT_Error *(*)(const Api &api, void *args);
  // The error of a call, unless there is cause to repeat it.
  [[gnu::cold]] Status recover(PJRT_Error *error, const FunctionInfo &info, Again again,
                               void *args) const noexcept;
  Status absent(const FunctionInfo &info) const noexcept;
  static void log_error(const Status &status) noexcept;
  void log_plugin_error(PJRT_Error *error, const char *function) const noexcept;
  void read_payloads(const PJRT_Error *error, std::vector<Payload> &out) const;

  PJRT_Api table_ = zeroed<PJRT_Api>();
  const PJRT_Api *raw_;
  std::string path_;
  int minor_;
  bool strict_ = false;
  std::atomic<Reach> reach_{Reach::kUsable};
  MemoryWatch *memory_watch_ = nullptr;
};

}  // namespace pje::abi
