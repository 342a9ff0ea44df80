// What wakes the taker of a queue: waiting threads, a file descriptor, one merged callback.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/mutex.hpp"
#include "base/status.hpp"

namespace pje {

// Its lock guards the queue's entries too. All but open(), fd() and lock() want it held.
class Doorbell {
 public:
  Doorbell() = default;
  ~Doorbell();
  Doorbell(const Doorbell &) = delete;
  Doorbell &operator=(const Doorbell &) = delete;

  // RESOURCE_EXHAUSTED when there is no file descriptor left.
  Status open();
  // From here on the descriptor is kept readable while it has to be: that takes two calls of the system for
  // each time that the queue fills and empties, which those who only wait are spared.
  int fd() noexcept;
  Lock lock() { return Lock(mutex_); }
  bool closed() const noexcept { return closed_; }

  // After an entry was added; `was_empty` before it. Wake-ups merge: the descriptor and the callback are used
  // once for as long as something is queued. Leaves the lock.
  void ring(Lock &lock, bool was_empty) noexcept;
  // Waits until `has_entries` answers true, or the bell is woken or closed, or time is over (negative: no
  // limit).
  template <class HasEntries>
  void wait(Lock &lock, int64_t timeout_ns, HasEntries has_entries) {
    auto something = [&] { return has_entries() || closed_ || wakes_ > 0; };
    wait_for(lock, timeout_ns, something);
    wakes_ = 0;
  }
  // After the last entry was taken. A closed queue stays readable, so that a loop comes to learn of it.
  void quiet() noexcept;
  // NULL ends the callback: a call that is running is waited for. Leaves the lock.
  template <class HasEntries>
  void set_callback(Lock &lock, pje_callback callback, void *user_data, HasEntries has_entries) {
    callback_ = callback;
    user_data_ = user_data;
    // The caller may free what the callback before used.
    call_ended_.wait(lock, [&] { return calls_running_ == 0; });
    if (callback != nullptr && callback_ == callback && has_entries()) call_back(lock);
  }
  void wake() noexcept;
  void close() noexcept;

 private:
  template <class Something>
  void wait_for(Lock &lock, int64_t timeout_ns, Something something) {
    if (timeout_ns < 0)
      changed_.wait(lock, something);
    else if (timeout_ns > 0)
      changed_.wait_for(lock, limited(timeout_ns), something);
  }
  static std::chrono::nanoseconds limited(int64_t timeout_ns) noexcept;
  void call_back(Lock &lock) noexcept;
  void signal() noexcept;
  void write_fd() const noexcept;

  Mutex mutex_;
  Condition changed_;
  // Apart from `changed_`, whose single notifications are for those who wait for entries.
  Condition call_ended_;
  int fd_ = -1;
  std::atomic<bool> fd_is_watched_{false};
  // Whether the descriptor is readable, or would be if it were watched.
  bool is_rung_ = false;
  bool closed_ = false;
  uint64_t wakes_ = 0;
  size_t calls_running_ = 0;
  pje_callback callback_ = nullptr;
  void *user_data_ = nullptr;
};

}  // namespace pje
