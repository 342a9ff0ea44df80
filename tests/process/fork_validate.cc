// fork while other threads make, use and release objects under PJE_VALIDATE=1: what they held at that moment
// is nobody's in the child, which goes on.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "world.hpp"

namespace process {
namespace {

void use_a_promise() {
  pje_event *event = stress::promise();
  STRESS_REQUIRE(!pje_event_is_ready(event));
  pje_event_release(event);
}

// An event that a thread of the parent is using at the fork: nobody uses it in the child.
[[noreturn]] void be_child(pje_event *used) {
  alarm(20);
  for (int i = 0; i < 3; ++i) use_a_promise();
  pje_event_release(used);
  std::_Exit(pje_misuse_count() == 0 ? 0 : 1);
}

bool fork_among_threads() {
  setenv("PJE_VALIDATE", "1", 1);
  std::atomic<bool> ended{false};
  pje_event *used = stress::promise();
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      while (!ended.load()) use_a_promise();
    });
  threads.emplace_back([&] { STRESS_OK(pje_event_wait(used)); });
  bool all_ended_well = true;
  for (size_t i = stress::scaled(300); i > 0 && all_ended_well; --i) {
    pid_t child = fork();
    STRESS_REQUIRE(child >= 0);
    if (child == 0) be_child(used);
    int status = 0;
    waitpid(child, &status, 0);
    all_ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    stress::note_progress();
  }
  ended.store(true);
  STRESS_OK(pje_event_set(used, nullptr));
  for (std::thread &thread : threads) thread.join();
  pje_event_release(used);
  return all_ended_well;
}
const stress::RegisterPart fork_part("fork among threads", fork_among_threads);

TEST(ForkValidating, ChildrenGoOn) {
  stress::Outcome outcome = run_on(fake_path(), "fork among threads", "");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
  EXPECT_EQ(outcome.misuses, 0u);
}

}  // namespace
}  // namespace process
