// Threads of our own: for work that must not run on a plugin's thread or inside a callback, and for calls
// that PJRT offers only as blocking ones.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>

namespace pje {

// Threads are started when work arrives, with every signal blocked, and end when nothing is left to do and no
// client lives, so that a process that has let go of everything has none of them.
class Workers {
 public:
  using Task = std::function<void()>;

  // One thread: functions given to pje_event_then, and the end of clients.
  static Workers &dispatcher();
  // Several: blocking calls made asynchronous.
  static Workers &pool();
  // Several: the dispatch of runs, apart from the pool so that no long call delays it.
  static Workers &launcher();

  // False when there is no memory, or no thread could be started: the task will not run.
  [[nodiscard]] bool post(Task task) noexcept;
  // At least 1. Threads beyond it end when they run out of work.
  void set_max_threads(size_t n) noexcept;
  size_t max_threads() noexcept;
  size_t num_threads() noexcept;

  // Clients keep idle threads waiting for more; the last one lets them end.
  static void client_created();
  // Whether it was the last one.
  static bool client_destroyed() noexcept;
  // In a child made by fork no thread of ours exists any more.
  static void forget_after_fork() noexcept;

 private:
  struct State;
  // The name is seen in debuggers; at most 15 characters.
  Workers(const char *thread_name, size_t max_threads);
  static std::array<Workers *, 3> all();
  bool start_thread() noexcept;
  void work() noexcept;

  const char *name_;
  State *state_;
};

[[gnu::tls_model("initial-exec")]] inline constinit thread_local const Workers *worker_of = nullptr;

// Whether this thread is the dispatcher's, where waiting would stop every other function given to it.
inline bool on_dispatcher_thread() { return worker_of != nullptr && worker_of == &Workers::dispatcher(); }

}  // namespace pje
