#include "base/log.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <new>
#include <string>

#include "base/callback_slot.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

std::atomic<uint64_t> num_misuses{0};
constexpr uint64_t kMaxLogged = 100;
std::atomic<int> descriptor{STDERR_FILENO};

// What a log callback itself gives cause to log would call it again without end.
[[gnu::tls_model("initial-exec")]] constinit thread_local bool logging = false;

// Never destroyed: threads of plugins outlive main.
CallbackSlot<LogCallback> &slot() noexcept {
  using Slot = CallbackSlot<LogCallback>;
  alignas(Slot) static std::byte memory[sizeof(Slot)];
  static Slot &instance = *new (memory) Slot;
  return instance;
}
// Read by those who only log.
std::atomic<bool> has_callback{false};

bool give_to_callback(LogKind kind, pje_code code, const std::string &function,
                      const std::string &message) noexcept {
  if (logging || !has_callback.load(std::memory_order_acquire)) return false;
  logging = true;
  bool given = slot().run([&](LogCallback callback, void *user_data) {
    callback(user_data, static_cast<int32_t>(kind), code, function.c_str(), message.c_str());
  });
  logging = false;
  return given;
}

}  // namespace

void log_record(LogKind kind, pje_code code, std::string_view function, std::string_view message) noexcept {
  try {
    std::string text = printable(message);
    if (give_to_callback(kind, code, std::string(function), text)) return;
    log_to_stderr(kind, text);
  } catch (...) {
    // Out of memory while logging: the line is lost, the program goes on.
  }
}

void log_to_stderr(LogKind kind, std::string_view message) {
  // One write, so that lines of several threads do not mix.
  std::string line = concat(kind == LogKind::kPluginOutput ? "" : "pjrt_easy: ", message, "\n");
  (void)!write(descriptor.load(std::memory_order_relaxed), line.data(), line.size());
}

void report_misuse(std::string_view function, std::string_view argument, std::string_view what) noexcept {
  uint64_t before = num_misuses.fetch_add(1, std::memory_order_relaxed);
  if (before >= kMaxLogged && !has_callback.load(std::memory_order_relaxed)) return;
  try {
    log_record(LogKind::kMisuse, PJE_INVALID_ARGUMENT, function,
               concat(function, ": argument \"", argument, "\" ", what));
  } catch (...) {
    // As above.
  }
}

uint64_t misuse_count() noexcept { return num_misuses.load(std::memory_order_relaxed); }

void set_log_callback(LogCallback callback, void *user_data, std::shared_ptr<const void> kept) {
  static const int watching = pthread_atfork([] { slot().before_fork(); }, [] { slot().after_fork(false); },
                                             [] { slot().after_fork(true); });
  (void)watching;
  slot().set(callback, user_data, std::move(kept));
  has_callback.store(slot().is_set(), std::memory_order_release);
}

void set_log_descriptor(int fd) noexcept { descriptor.store(fd, std::memory_order_relaxed); }

}  // namespace pje
