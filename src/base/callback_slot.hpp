// A callback that can be exchanged while other threads call it.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "base/mutex.hpp"
#include "base/thread_context.hpp"

namespace pje {

template <class Function>
class CallbackSlot {
 public:
  // NULL takes it away. Once this returns, the former one neither runs nor will. `kept` lives as long.
  void set(Function function, void *user_data, std::shared_ptr<const void> kept = nullptr) {
    std::shared_ptr<Entry> next, former;
    if (function != nullptr) next = std::make_shared<Entry>(Entry{function, user_data, std::move(kept)});
    Lock lock(mutex_);
    former = std::exchange(entry_, std::move(next));
    is_set_.store(entry_ != nullptr, std::memory_order_relaxed);
    if (former != nullptr) ended_.wait(lock, [&] { return former->num_running == 0; });
  }

  // Around fork: the threads that run the callback do not exist in the child.
  void before_fork() noexcept { mutex_.lock(); }
  void after_fork(bool in_child) noexcept {
    if (in_child && entry_ != nullptr) entry_->num_running = 0;
    mutex_.unlock();
  }

  bool is_set() const noexcept { return is_set_.load(std::memory_order_relaxed); }

  // Runs `call(function, user_data)` with callbacks' rules; false when there is none.
  template <class Call>
  bool run(Call &&call) noexcept {
    if (!is_set()) return false;
    std::shared_ptr<Entry> entry;
    {
      Lock lock(mutex_);
      if (entry_ == nullptr) return false;
      entry = entry_;
      ++entry->num_running;
    }
    {
      CallbackScope scope;
      call(entry->function, entry->user_data);
    }
    Lock lock(mutex_);
    if (--entry->num_running == 0) ended_.notify_all();
    return true;
  }

 private:
  struct Entry {
    Function function;
    void *user_data;
    std::shared_ptr<const void> kept;
    size_t num_running = 0;
  };

  Mutex mutex_;
  Condition ended_;
  std::shared_ptr<Entry> entry_;
  std::atomic<bool> is_set_{false};
};

}  // namespace pje
