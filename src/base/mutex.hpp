// A mutex that test builds can ask about: no lock of ours may be held while plugin or user code runs.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace pje {

#ifdef PJE_CHECK_LOCKS

inline constinit thread_local int locks_held = 0;
inline void note_lock(int change) noexcept { locks_held += change; }
[[noreturn]] void abort_for_held_lock() noexcept;
inline void assert_no_lock_held() noexcept {
  if (locks_held != 0) [[unlikely]]
    abort_for_held_lock();
}

#else

inline void note_lock(int) noexcept {}
inline void assert_no_lock_held() noexcept {}

#endif

// Four bytes, and one atomic instruction each way while nobody else wants it: events lock several times in a
// life, and the C library's mutex takes thirty instructions and forty bytes.
class Mutex {
 public:
  Mutex() noexcept = default;
  Mutex(const Mutex &) = delete;
  Mutex &operator=(const Mutex &) = delete;
  void lock() noexcept {
    uint32_t free = kFree;
    if (!state_.compare_exchange_strong(free, kHeld, std::memory_order_acquire, std::memory_order_relaxed))
        [[unlikely]]
      lock_slowly();
    note_lock(1);
  }
  void unlock() noexcept {
    note_lock(-1);
    if (state_.exchange(kFree, std::memory_order_release) == kWanted) [[unlikely]]
      wake_one();
  }

 private:
  static constexpr uint32_t kFree = 0;
  static constexpr uint32_t kHeld = 1;
  // Held, and somebody may be asleep.
  static constexpr uint32_t kWanted = 2;

  void lock_slowly() noexcept;
  void wake_one() noexcept;

  std::atomic<uint32_t> state_{kFree};
};

using Lock = std::unique_lock<Mutex>;
using Condition = std::condition_variable_any;

}  // namespace pje
