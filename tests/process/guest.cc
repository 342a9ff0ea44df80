// What the host process must not notice: exits with work in flight, handlers, control bits, folder, files.
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <thread>

#include "world.hpp"

namespace process {
namespace {

// Work in flight: runs, a transfer, callbacks, dependents, waits in other threads, all never looked at again.
World *start_work() {
  auto *world = new World;
  world->load();
  world->create_client();
  world->compile();
  world->upload();
  for (int i = 0; i < 8; ++i) {
    pje_event_release(std::exchange(world->event, nullptr));
    pje_buffer_release(std::exchange(world->output, nullptr));
    world->execute();
    auto nothing = [](void *) {};
    pje_event *out = nullptr;
    STRESS_OK(pje_event_on_ready(world->event, nothing, nullptr));
    STRESS_OK(pje_event_then(world->event, nothing, nullptr, &out));
    pje_event_release(out);
  }
  world->combine();
  std::thread([world] { pje_error_release(pje_event_wait(world->dependent)); }).detach();
  std::thread([world] { pje_error_release(pje_event_wait(world->event)); }).detach();
  return world;
}

bool exit_at_once() {
  start_work();
  std::exit(0);
}
bool return_from_main() {
  start_work();
  return true;
}
bool quick_exit_at_once() {
  start_work();
  std::quick_exit(0);
}
bool exit_in_a_callback() {
  World *world = start_work();
  STRESS_OK(pje_event_on_ready(
      world->event, [](void *) { std::exit(0); }, nullptr));
  STRESS_OK(pje_event_wait_for(world->promise, 20'000'000'000));
  return false;
}
bool exit_in_then() {
  World *world = start_work();
  pje_event *out = nullptr;
  STRESS_OK(pje_event_then(
      world->event, [](void *) { std::exit(0); }, nullptr, &out));
  STRESS_OK(pje_event_wait_for(world->promise, 20'000'000'000));
  return false;
}

const stress::RegisterPart exit_parts[] = {{"exit", exit_at_once},
                                           {"return from main", return_from_main},
                                           {"quick_exit", quick_exit_at_once},
                                           {"exit in a callback", exit_in_a_callback},
                                           {"exit in then", exit_in_then}};

class Exit : public testing::TestWithParam<const char *> {};
TEST_P(Exit, WithWorkInFlightOnTheFake) {
  for (size_t i = stress::scaled(5); i > 0; --i) {
    stress::Outcome outcome = run_on(fake_path(), GetParam(), "", "delay=PJRT_LoadedExecutable_Execute:20ms");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
    EXPECT_EQ(outcome.misuses, 0u);
  }
}
TEST_P(Exit, WithWorkInFlightOnARealPlugin) {
  stress::Outcome outcome = run_on(real_path(), GetParam(), "");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}
INSTANTIATE_TEST_SUITE_P(, Exit,
                         testing::Values("exit", "return from main", "quick_exit", "exit in a callback",
                                         "exit in then"),
                         [](const auto &chosen) {
                           std::string name = chosen.param;
                           for (char &c : name) c = c == ' ' ? '_' : c;
                           return name;
                         });

// The state of the process that belongs to the host.
struct HostState {
  struct sigaction actions[NSIG] = {};
  int rounding = fegetround();
  std::string locale = std::setlocale(LC_ALL, nullptr);
  std::string folder = std::filesystem::current_path();
#ifdef __SSE__
  unsigned control = __builtin_ia32_stmxcsr() & ~0x3fu;
#endif
  sigset_t mask;

  std::map<int, std::string> files;

  HostState() {
    for (const auto &entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      std::filesystem::path target = std::filesystem::read_symlink(entry.path(), gone);
      // The folder that is being read is open too.
      bool is_this = target.string().find("/proc/") == 0;
      // The fake plugin keeps the log open that these tests ask it for.
      bool is_log = target.string().find("/pje_stress_") != std::string::npos;
      if (!gone && !is_this && !is_log) files[std::stoi(entry.path().filename())] = target;
    }
    for (int i = 1; i < NSIG; ++i) sigaction(i, nullptr, &actions[i]);
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  }
};

void handler(int) {}

bool same_action(const struct sigaction &a, const struct sigaction &b) {
  return a.sa_handler == b.sa_handler && a.sa_flags == b.sa_flags &&
         std::memcmp(&a.sa_mask, &b.sa_mask, sizeof(unsigned long)) == 0;
}

bool leaves_no_trace() {
  struct sigaction mine = {};
  mine.sa_handler = handler;
  for (int number : {SIGUSR1, SIGTERM, SIGSEGV}) sigaction(number, &mine, nullptr);
  mine.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &mine, nullptr);
  std::fesetround(FE_DOWNWARD);
  std::setlocale(LC_ALL, "C.UTF-8");
  HostState before;
  World world;
  world.load();
  world.create_client();
  world.compile();
  world.upload();
  world.execute();
  world.combine();
  world.wait();
  world.release();
  HostState after;
  for (int i = 1; i < NSIG; ++i) {
    if (same_action(before.actions[i], after.actions[i])) continue;
    std::fprintf(stderr, "the action of signal %d was changed\n", i);
    return false;
  }
  for (const auto &[number, file] : after.files)
    if (before.files.count(number) == 0)
      std::fprintf(stderr, "file descriptor %d is open: %s\n", number, file.c_str());
  STRESS_REQUIRE(before.files == after.files);
  STRESS_REQUIRE(before.rounding == after.rounding);
#ifdef __SSE__
  STRESS_REQUIRE(before.control == after.control);
#endif
  STRESS_REQUIRE(before.locale == after.locale);
  STRESS_REQUIRE(before.folder == after.folder);
  STRESS_REQUIRE(std::memcmp(&before.mask, &after.mask, sizeof(unsigned long)) == 0);
  return true;
}
const stress::RegisterPart trace_part("leaves no trace", leaves_no_trace);

TEST(Guest, FakePluginLeavesNoTrace) {
  stress::Outcome outcome = run_on(fake_path(), "leaves no trace", "");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}
class RealGuest : public testing::TestWithParam<const char *> {};
TEST_P(RealGuest, LeavesNoTrace) {
  stress::Outcome outcome = run_on(real_path(GetParam()), "leaves no trace", "");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}
INSTANTIATE_TEST_SUITE_P(, RealGuest, testing::ValuesIn(kRealPlugins),
                         [](const auto &chosen) { return without_marks(chosen.param); });

// Our threads take no signal from the host's, and are gone with the last client.
bool threads_are_silent() {
  size_t before = stress::num_threads_of_process();
  World world;
  world.load();
  world.create_client();
  pje_event *event = stress::promise();
  pje_event *out = nullptr;
  static bool all_blocked = true;
  auto look = [](void *) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    for (int number : {SIGINT, SIGTERM, SIGCHLD, SIGUSR1, SIGPROF, SIGWINCH})
      all_blocked = all_blocked && sigismember(&mask, number) == 1;
  };
  STRESS_OK(pje_event_then(event, look, nullptr, &out));
  STRESS_OK(pje_event_set(event, nullptr));
  STRESS_OK(pje_event_wait(out));
  pje_event_release(event);
  pje_event_release(out);
  STRESS_REQUIRE(all_blocked);
  STRESS_REQUIRE(stress::num_threads_of_process() > before);
  world.release();
  STRESS_REQUIRE(stress::threads_come_down_to(before));
  return true;
}
const stress::RegisterPart silent_part("threads are silent", threads_are_silent);
TEST(Guest, ThreadsBlockSignalsAndEnd) {
  stress::Outcome outcome = run_on(fake_path(), "threads are silent", "");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}

// What a plugin writes to stderr comes to the callback, and less of it with a higher level; kPoint is the
// level.
size_t num_lines = 0;
void count_line(void *, int32_t kind, pje_code, const char *, const char *) {
  if (kind == PJE_LOG_PLUGIN_OUTPUT) ++num_lines;
}
bool plugin_speaks() {
  int32_t level = std::atoi(std::getenv(kPoint));
  // Without it these plugins have nothing to say.
  setenv("TF_CPP_MAX_VLOG_LEVEL", "1", 1);
  STRESS_OK(pje_log_set_plugin_level(level));
  STRESS_OK(pje_log_set_callback(count_line, nullptr));
  STRESS_OK(pje_log_capture_stderr(true));
  World world;
  world.load();
  world.create_client();
  world.compile();
  world.release();
  STRESS_OK(pje_log_capture_stderr(false));
  STRESS_OK(pje_log_set_callback(nullptr, nullptr));
  std::fprintf(stderr, "%zu lines at level %d\n", num_lines, level);
  return level == 0 ? num_lines > 0 : num_lines == 0;
}
const stress::RegisterPart speaks_part("plugin speaks", plugin_speaks);
TEST_P(RealGuest, LogLinesAreCaptured) {
  stress::Outcome outcome = run_on(real_path(GetParam()), "plugin speaks", "0");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}
TEST_P(RealGuest, LogLevelIsObeyed) {
  stress::Outcome outcome = run_on(real_path(GetParam()), "plugin speaks", "1");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}

// A program that loads the library by itself, and closes it while a callback is pending.
TEST(Guest, DlcloseWithACallbackPending) {
  setenv("PJRT_FAKE", "delay=PJRT_Client_BufferFromHostBuffer:200ms", 1);
  std::string command =
      std::string("timeout 20 ") + PJE_TEST_DLCLOSE + " " + PJE_TEST_LIBRARY + " " + fake_path();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace process
