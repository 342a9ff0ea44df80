#include "base/workers.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>

#include "base/mutex.hpp"

namespace pje {

namespace {

std::atomic<size_t> num_clients{0};
[[gnu::tls_model("initial-exec")]] constinit thread_local const Workers *worker_of = nullptr;

constexpr size_t kDefaultPool = 4;

}  // namespace

struct Workers::State {
  Mutex mutex;
  Condition changed;
  std::deque<Task> tasks;
  size_t max_threads;
  size_t threads = 0;
  size_t idle = 0;
};

Workers::Workers(size_t max_threads) : state_(new State) { state_->max_threads = max_threads; }

Workers &Workers::dispatcher() {
  static Workers &instance = *new Workers(1);
  return instance;
}

Workers &Workers::pool() {
  static Workers &instance = *new Workers(kDefaultPool);
  return instance;
}

bool on_dispatcher_thread() { return worker_of == &Workers::dispatcher(); }

void Workers::set_max_threads(size_t n) noexcept {
  Lock lock(state_->mutex);
  state_->max_threads = std::max<size_t>(n, 1);
}

size_t Workers::num_threads() noexcept {
  Lock lock(state_->mutex);
  return state_->threads;
}

bool Workers::start_thread() noexcept {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    std::thread([this] { work(); }).detach();
  } catch (...) {
    started = false;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

bool Workers::post(Task task) noexcept {
  bool starts = false;
  try {
    Lock lock(state_->mutex);
    state_->tasks.push_back(std::move(task));
    starts = state_->idle < state_->tasks.size() && state_->threads < state_->max_threads;
    if (starts) ++state_->threads;
  } catch (...) {
    return false;
  }
  state_->changed.notify_one();
  if (!starts || start_thread()) return true;
  Lock lock(state_->mutex);
  --state_->threads;
  if (state_->threads > 0) return true;
  // Nobody is left who could run it.
  state_->tasks.pop_back();
  return false;
}

void Workers::work() noexcept {
  worker_of = this;
  Lock lock(state_->mutex);
  while (true) {
    if (state_->tasks.empty()) {
      if (num_clients.load() == 0) break;
      ++state_->idle;
      state_->changed.wait(lock, [&] { return !state_->tasks.empty() || num_clients.load() == 0; });
      --state_->idle;
      continue;
    }
    {
      Task task = std::move(state_->tasks.front());
      state_->tasks.pop_front();
      lock.unlock();
      task();
    }
    lock.lock();
  }
  --state_->threads;
}

void Workers::client_created() {
  // Made now, while running out of memory can still be told: the end of a client may need the dispatcher.
  dispatcher();
  pool();
  num_clients.fetch_add(1);
}

void Workers::client_destroyed() noexcept {
  if (num_clients.fetch_sub(1) != 1) return;
  for (Workers *workers : {&dispatcher(), &pool()}) {
    // Taken and left so that no thread is between its look at the count and its sleep.
    { Lock lock(workers->state_->mutex); }
    workers->state_->changed.notify_all();
  }
}

void Workers::forget_after_fork() noexcept {
  num_clients.store(0);
  // Their locks may have been held in the parent: the child starts with new ones.
  for (Workers *workers : {&dispatcher(), &pool()}) {
    auto *fresh = new (std::nothrow) State;
    if (fresh == nullptr) continue;
    fresh->max_threads = workers->state_->max_threads;
    workers->state_ = fresh;
  }
}

}  // namespace pje
