#include "base/one_shot.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>

namespace pje {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t));

void OneShot::signal() noexcept {
  std::atomic<uint32_t> *word = &signalled_;
  word->store(1, std::memory_order_release);
  // The waiter may be gone from here on: the kernel is given the address only, and waking nobody is fine.
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

bool OneShot::wait(const Deadline *deadline) noexcept {
  timespec until{};
  if (deadline != nullptr) {
    auto since_boot = deadline->time_since_epoch();
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
    until.tv_sec = seconds.count();
    until.tv_nsec = std::chrono::duration_cast<std::chrono::nanoseconds>(since_boot - seconds).count();
  }
  while (signalled_.load(std::memory_order_acquire) == 0) {
    // The bitset form takes a point in time of the monotonic clock, so that early wake-ups cost no sum.
    long result = syscall(SYS_futex, &signalled_, FUTEX_WAIT_BITSET_PRIVATE, 0,
                          deadline == nullptr ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
    if (result != 0 && errno == ETIMEDOUT) return signalled_.load(std::memory_order_acquire) != 0;
  }
  return true;
}

}  // namespace pje
