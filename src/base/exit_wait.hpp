// Keeps the process from running its static destructors, a plugin's among them, under a long call into it.
#pragma once

namespace pje {

// Around such a call. `exit` waits up to ten seconds for those that run and lets no other begin: a compiler
// that loses its tables while it works ends the process with a signal instead of its exit code (seen with
// every real plugin at hand).
class ExitWait {
 public:
  ExitWait() noexcept;
  ~ExitWait();
  ExitWait(const ExitWait &) = delete;
  ExitWait &operator=(const ExitWait &) = delete;
  // False once the process exits: the call must not be made.
  bool may_call() const noexcept { return may_call_; }

  // The child has none of the threads that were in a call.
  static void forget_after_fork() noexcept;

 private:
  bool may_call_;
};

}  // namespace pje
