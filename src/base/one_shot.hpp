// A signal that one thread waits for once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace pje {

// May be destroyed as soon as wait() has returned true, also while signal() is still returning: that is why
// it is no condition variable.
class OneShot {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  void signal() noexcept;
  // False when the deadline (NULL: none) has passed before the signal.
  bool wait(const Deadline *deadline) noexcept;

 private:
  std::atomic<uint32_t> signalled_{0};
};

}  // namespace pje
