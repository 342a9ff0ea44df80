// A mutex that test builds can ask about: no lock of ours may be held while plugin or user code runs.
#pragma once

#include <condition_variable>
#include <mutex>

#ifdef PJE_CHECK_LOCKS
#include <cstdlib>
#endif

namespace pje {

#ifdef PJE_CHECK_LOCKS

inline constinit thread_local int locks_held = 0;

class Mutex {
 public:
  void lock() {
    mutex_.lock();
    ++locks_held;
  }
  void unlock() {
    --locks_held;
    mutex_.unlock();
  }

 private:
  std::mutex mutex_;
};

inline void assert_no_lock_held() noexcept {
  if (locks_held != 0) std::abort();
}

#else

using Mutex = std::mutex;
inline void assert_no_lock_held() noexcept {}

#endif

using Lock = std::unique_lock<Mutex>;
using Condition = std::condition_variable_any;

}  // namespace pje
