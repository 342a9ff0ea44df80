#include "base/workers.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <thread>

#include "base/mutex.hpp"

namespace pje {

namespace {

std::atomic<size_t> num_clients{0};

constexpr size_t kDefaultPool = 4;

}  // namespace

struct Workers::State {
  // Whether a thread has to go: nothing is to do, or will be, or there are more than wanted.
  bool is_superfluous() const noexcept {
    return tasks.empty() && posting == 0 && (num_clients.load() == 0 || running > max_threads);
  }

  Mutex mutex;
  // Work has come, or the reason to wait for it has gone.
  Condition changed;
  // A start of a thread has gone well or not.
  Condition started;
  std::list<Task> tasks;
  size_t max_threads;
  // Of the threads that count against the maximum, those that exist and those that are about to.
  size_t running = 0;
  size_t starting = 0;
  size_t idle = 0;
  // Calls of post under way: threads stay for what they will bring.
  size_t posting = 0;
};

Workers::Workers(const char *thread_name, size_t max_threads) : name_(thread_name), state_(new State) {
  state_->max_threads = max_threads;
}

Workers &Workers::dispatcher() {
  static Workers &instance = *new Workers("pje-dispatcher", 1);
  return instance;
}

Workers &Workers::pool() {
  static Workers &instance = *new Workers("pje-pool", kDefaultPool);
  return instance;
}

Workers &Workers::launcher() {
  static Workers &instance = *new Workers("pje-launch", kDefaultPool);
  return instance;
}

std::array<Workers *, 3> Workers::all() { return {&dispatcher(), &pool(), &launcher()}; }

void Workers::set_max_threads(size_t n) noexcept {
  {
    Lock lock(state_->mutex);
    state_->max_threads = std::max<size_t>(n, 1);
  }
  state_->changed.notify_all();
}

size_t Workers::max_threads() noexcept {
  Lock lock(state_->mutex);
  return state_->max_threads;
}

size_t Workers::num_threads() noexcept {
  Lock lock(state_->mutex);
  return state_->running;
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
  std::list<Task> one;
  try {
    one.push_back(std::move(task));
  } catch (...) {
    return false;
  }
  State &state = *state_;
  Lock lock(state.mutex);
  ++state.posting;
  if (state.idle < state.tasks.size() + state.posting && state.running + state.starting < state.max_threads) {
    ++state.starting;
    lock.unlock();
    bool started = start_thread();
    lock.lock();
    --state.starting;
    if (started) ++state.running;
    state.started.notify_all();
  }
  // Queued only once somebody is known to be there for it: a task in the queue is never taken back.
  state.started.wait(lock, [&] { return state.running > 0 || state.starting == 0; });
  --state.posting;
  bool accepted = state.running > 0;
  if (accepted) state.tasks.splice(state.tasks.end(), one);
  lock.unlock();
  if (accepted)
    state.changed.notify_one();
  else
    state.changed.notify_all();
  return accepted;
}

void Workers::work() noexcept {
  worker_of = this;
  pthread_setname_np(pthread_self(), name_);
  State &state = *state_;
  Lock lock(state.mutex);
  while (true) {
    if (state.tasks.empty()) {
      if (state.is_superfluous()) break;
      ++state.idle;
      state.changed.wait(lock, [&] { return !state.tasks.empty() || state.is_superfluous(); });
      --state.idle;
      continue;
    }
    {
      Task task = std::move(state.tasks.front());
      state.tasks.pop_front();
      lock.unlock();
      assert_no_lock_held();
      task();
    }
    lock.lock();
  }
  --state.running;
  // Others may have stayed for the sake of what this one did.
  state.changed.notify_all();
}

void Workers::client_created() {
  // Made now, while running out of memory can still be told: the end of a client may need the dispatcher.
  (void)all();
  num_clients.fetch_add(1);
}

bool Workers::client_destroyed() noexcept {
  if (num_clients.fetch_sub(1) != 1) return false;
  for (Workers *workers : all()) {
    // Taken and left so that no thread is between its look at the count and its sleep.
    { Lock lock(workers->state_->mutex); }
    workers->state_->changed.notify_all();
  }
  return true;
}

void Workers::forget_after_fork() noexcept {
  num_clients.store(0);
  // Their locks may have been held in the parent: the child starts with new ones.
  for (Workers *workers : all()) {
    auto *fresh = new (std::nothrow) State;
    if (fresh == nullptr) continue;
    fresh->max_threads = workers->state_->max_threads;
    workers->state_ = fresh;
  }
}

}  // namespace pje
