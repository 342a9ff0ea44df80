#include "scheduler.hpp"

#include <pthread.h>

#include <csignal>

#include "config.hpp"

namespace fake {
namespace {

thread_local bool on_plugin_thread = false;

// Waits for several completions; the last one to fire starts the task.
struct Join {
  std::mutex mutex;
  size_t waiting = 0;
  Status first_failure;
};

}  // namespace

bool Scheduler::OnPluginThread() { return on_plugin_thread; }

void Scheduler::Submit(std::vector<CompletionPtr> dependencies, std::chrono::nanoseconds delay, Task task) {
  if (Current().complete == Complete::kNever) return;
  auto join = std::make_shared<Join>();
  join->waiting = dependencies.size() + 1;
  auto shared_task = std::make_shared<Task>(std::move(task));
  // Weak: a promise may be set after the client is gone.
  auto arrive = [join, shared_task, delay, weak = weak_from_this()](const Status &status) {
    {
      std::lock_guard lock(join->mutex);
      if (status && !join->first_failure) join->first_failure = status;
      if (--join->waiting > 0) return;
    }
    if (auto self = weak.lock()) self->Start(delay, std::move(*shared_task), join->first_failure);
  };
  for (const CompletionPtr &dependency : dependencies) dependency->Listen(arrive);
  arrive(nullptr);
}

void Scheduler::Start(std::chrono::nanoseconds delay, Task task, const Status &status) {
  if (Current().complete == Complete::kInside) {
    if (delay.count() > 0) std::this_thread::sleep_for(delay);
    task(status);
    return;
  }
  std::lock_guard lock(mutex_);
  if (stopping_) return;
  queue_.push(Entry{Clock::now() + delay, next_order_++, std::move(task), status});
  if (threads_.empty()) {
    // The host's signals are the host's business: none is delivered to these threads.
    sigset_t all;
    sigset_t former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    for (int i = 0; i < Current().workers; ++i) threads_.emplace_back([this] { Work(); });
    pthread_sigmask(SIG_SETMASK, &former, nullptr);
  }
  changed_.notify_one();
}

void Scheduler::Work() {
  on_plugin_thread = true;
  std::unique_lock lock(mutex_);
  while (true) {
    if (queue_.empty()) {
      if (stopping_) return;
      changed_.wait(lock);
      continue;
    }
    Clock::time_point due = queue_.top().due;
    if (Clock::now() < due) {
      changed_.wait_until(lock, due);
      continue;
    }
    Entry entry = std::move(const_cast<Entry &>(queue_.top()));
    queue_.pop();
    lock.unlock();
    {
      FunctionScope scope("a task of the plugin");
      entry.task(entry.status);
      entry.task = nullptr;
    }
    lock.lock();
  }
}

void Scheduler::Stop() {
  std::vector<std::thread> threads;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
    changed_.notify_all();
  }
  for (std::thread &thread : threads) thread.join();
}

}  // namespace fake
