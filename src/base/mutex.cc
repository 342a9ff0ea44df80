#include "base/mutex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <thread>

namespace pje {

namespace {

// Ours are held for a few instructions: asleep is asleep for longer.
constexpr int kTries = 64;

void futex(std::atomic<uint32_t> &word, int operation, uint32_t value) noexcept {
  static_assert(sizeof(word) == sizeof(uint32_t) && std::atomic<uint32_t>::is_always_lock_free);
  // The system's answers, a wrong value and a signal among them, all mean: look again.
  int before = errno;
  syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
  errno = before;
}

}  // namespace

void Mutex::lock_slowly() noexcept {
  for (int i = 0; i < kTries; ++i) {
    uint32_t free = kFree;
    if (state_.compare_exchange_weak(free, kHeld, std::memory_order_acquire, std::memory_order_relaxed))
      return;
    if (free == kWanted) break;
    if (i % 16 == 15) std::this_thread::yield();
  }
  // From here on whoever unlocks has to wake somebody: this thread cannot know whether it is the last to
  // wait.
  while (state_.exchange(kWanted, std::memory_order_acquire) != kFree) futex(state_, FUTEX_WAIT, kWanted);
}

#ifdef PJE_CHECK_LOCKS
void abort_for_held_lock() noexcept {
  constexpr char text[] =
      "pjrt_easy: a lock of ours is held where code of a plugin or of the caller begins\n";
  (void)!write(STDERR_FILENO, text, sizeof(text) - 1);
  std::abort();
}
#endif

void Mutex::wake_one() noexcept { futex(state_, FUTEX_WAKE, 1); }

}  // namespace pje
