// Runs work on threads of the plugin once what it depends on is ready and its delay is over.
#pragma once

#include <chrono>
#include <functional>
#include <queue>
#include <thread>

#include "event.hpp"

namespace fake {

class Scheduler : public std::enable_shared_from_this<Scheduler> {
 public:
  // Gets the first failure among the dependencies.
  using Task = std::function<void(const Status &)>;
  using Clock = std::chrono::steady_clock;

  void Submit(std::vector<CompletionPtr> dependencies, std::chrono::nanoseconds delay, Task task);
  // Waits until what is queued has run, then ends the threads.
  void Stop();
  // True on a thread of any client's scheduler.
  static bool OnPluginThread();

 private:
  struct Entry {
    Clock::time_point due;
    uint64_t order;
    Task task;
    Status status;
  };
  struct Later {
    bool operator()(const Entry &a, const Entry &b) const {
      return a.due != b.due ? a.due > b.due : a.order > b.order;
    }
  };

  void Start(std::chrono::nanoseconds delay, Task task, const Status &status);
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::priority_queue<Entry, std::vector<Entry>, Later> queue_;
  std::vector<std::thread> threads_;
  uint64_t next_order_ = 0;
  bool stopping_ = false;
};

}  // namespace fake
