#include "base/exit_wait.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace pje {

namespace {

constexpr auto kLimit = std::chrono::seconds(10);
constexpr auto kStep = std::chrono::milliseconds(1);

std::atomic<int> calls{0};
std::atomic<bool> is_exiting{false};
// A process that exits inside a call, from a function that the plugin called, cannot wait for itself.
thread_local int calls_of_thread = 0;

// Nothing here may be destroyed before it has run: it polls.
void wait_for_calls() {
  is_exiting.store(true);
  auto end = std::chrono::steady_clock::now() + kLimit;
  while (calls.load() > calls_of_thread && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(kStep);
}

// Handlers run in the reverse order of their registration, and a compiler registers some of its own in the
// middle of its first run, so that none registered earlier comes in time. `exit` destroys the objects of its
// thread before it runs any handler: there the last one can be registered. What a main thread that only ends
// itself registers so, runs at the process's end.
struct LastRegistered {
  ~LastRegistered() { (void)std::atexit(wait_for_calls); }
};

void watch_main_thread() noexcept {
  if (gettid() != getpid()) return;
  thread_local LastRegistered watch;
  (void)&watch;
}
[[gnu::constructor]] void watch_from_the_start() { watch_main_thread(); }

// For an exit from other threads, of whose ends nobody can tell whether the process ends with them: after the
// plugin's own static objects are there, and after its first long call.
void register_before() noexcept {
  watch_main_thread();
  static const int registered = std::atexit(wait_for_calls);
  (void)registered;
}

void register_after() noexcept {
  static const int registered = std::atexit(wait_for_calls);
  (void)registered;
}

}  // namespace

ExitWait::ExitWait() noexcept {
  register_before();
  ++calls_of_thread;
  // Counted first: either the process that exits sees this call, or this call sees that it does.
  calls.fetch_add(1);
  may_call_ = !is_exiting.load();
}

ExitWait::~ExitWait() {
  if (may_call_) register_after();
  calls.fetch_sub(1);
  --calls_of_thread;
}

void ExitWait::forget_after_fork() noexcept { calls.store(calls_of_thread); }

}  // namespace pje
