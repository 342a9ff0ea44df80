// exit at every point of a client's life; and fork: the child of a process that has a client is refused
// whatever would reach a plugin, at once, at every point of the client's life; its releases do nothing, and
// it exits.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

#include "world.hpp"

namespace process {
namespace {

using stress::code_of;

void never(void *) { stress::require(false, "a callback ran in the child"); }

#define REFUSED(call) stress::require(code_of(call) == PJE_FAILED_PRECONDITION, #call)

void refuse_client(World &world) {
  pje_buffer *buffer = nullptr;
  pje_device *device = nullptr;
  pje_loaded_executable *executable = nullptr;
  float values[4] = {};
  int64_t dims[1] = {4};
  REFUSED(pje_buffer_from_host(world.client, values, sizeof(values), PJE_F32, dims, 1, nullptr, &buffer));
  REFUSED(pje_client_lookup_device(world.client, 0, &device));
  stress::require(pje_client_platform_name(world.client)[0] != '\0', "platform_name");
  stress::require(pje_client_num_addressable_devices(world.client) > 0, "num_addressable_devices");
  if (world.program != nullptr)
    REFUSED(pje_client_compile(world.client, world.program, nullptr, &executable));
  if (world.plugin != nullptr) {
    pje_client *second = nullptr;
    REFUSED(pje_client_create(world.plugin, nullptr, &second));
  }
}

void refuse_buffers(World &world) {
  pje_buffer *output = nullptr;
  pje_event *event = nullptr;
  pje_array *array = nullptr;
  float values[4] = {};
  for (pje_buffer *buffer : {world.argument, world.output}) {
    if (buffer == nullptr) continue;
    REFUSED(pje_buffer_to_host(buffer, values, sizeof(values)));
    REFUSED(pje_buffer_to_host_async(buffer, values, sizeof(values), &event));
    REFUSED(pje_buffer_to_array(buffer, &array));
    REFUSED(pje_buffer_ready(buffer, &event));
    REFUSED(pje_buffer_delete(buffer));
    pje_buffer_dims(buffer);
    pje_buffer_dtype(buffer);
    pje_buffer_is_deleted(buffer);
  }
  if (world.executable == nullptr || world.argument == nullptr) return;
  REFUSED(pje_loaded_executable_execute(world.executable, &world.argument, 1, nullptr, &output, 1));
  REFUSED(
      pje_loaded_executable_execute_async(world.executable, &world.argument, 1, nullptr, &output, 1, &event));
  REFUSED(pje_loaded_executable_run(world.executable, &world.array, 1, &array, 1));
}

void refuse_events(World &world) {
  pje_event *out = nullptr;
  for (pje_event *event : {world.event, world.dependent, world.promise}) {
    if (event == nullptr) continue;
    REFUSED(pje_event_wait(event));
    REFUSED(pje_event_wait_for(event, -1));
    REFUSED(pje_event_wait_for(event, 1'000'000));
    REFUSED(pje_event_error(event));
    REFUSED(pje_event_on_ready(event, never, nullptr));
    REFUSED(pje_event_then(event, never, nullptr, &out));
    REFUSED(pje_event_all(&event, 1, &out));
    REFUSED(pje_event_any(&event, 1, &out, nullptr));
    REFUSED(pje_event_set(event, nullptr));
    pje_event_is_ready(event);
  }
  if (world.queue == nullptr) return;
  uint64_t tag;
  pje_error *error;
  size_t count;
  REFUSED(pje_completion_queue_next(world.queue, -1, 1, &tag, &error, &count));
  REFUSED(pje_completion_queue_add(world.queue, world.event, 1));
  REFUSED(pje_completion_queue_on_nonempty(world.queue, never, nullptr));
  REFUSED(pje_completion_queue_wake(world.queue));
  pje_completion_queue_close(world.queue);
}

[[noreturn]] void be_refused(World &world) {
  if (world.client != nullptr) refuse_client(world);
  refuse_buffers(world);
  refuse_events(world);
  world.release();
  std::exit(pje_misuse_count() == 0 ? 0 : 1);
}

// Before there is a client, a child may do all that its parent may.
[[noreturn]] void do_everything(World &world) {
  if (world.plugin == nullptr) world.load();
  world.create_client();
  world.compile();
  world.upload();
  world.execute();
  world.combine();
  world.wait();
  world.release();
  std::exit(0);
}

bool is_exit_wanted() { return std::getenv(kExits) != nullptr; }

void fork_here(World &world, void (*child)(World &)) {
  if (is_exit_wanted()) std::exit(0);
  for (size_t i = stress::scaled(20); i > 0; --i) {
    // What stdio holds would be written twice.
    std::fflush(nullptr);
    pid_t process = fork();
    stress::require(process >= 0, "fork");
    if (process == 0) {
      alarm(20);
      child(world);
    }
    int status = 0;
    waitpid(process, &status, 0);
    if (WIFSIGNALED(status)) std::fprintf(stderr, "the child was ended by signal %d\n", WTERMSIG(status));
    stress::require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child exits with 0");
    stress::note_progress();
  }
}

void fork_before_load(World &world) { fork_here(world, do_everything); }

void fork_loaded(World &world) {
  world.load();
  fork_here(world, do_everything);
}

void fork_with_client(World &world) {
  world.load();
  world.create_client();
  fork_here(world, be_refused);
}

void fork_while_compiling(World &world) {
  world.load();
  world.create_client();
  world.program = stress::add1_program();
  World others = world;
  std::atomic<bool> started{false};
  std::atomic<bool> ended{false};
  // Not joined: of the processes that begin and end here, only one could.
  std::thread([&] {
    started.store(true);
    // A process that exits lets no compilation begin; one that runs already, it waits for.
    pje_error *error = pje_client_compile(world.client, world.program, nullptr, &world.executable);
    bool is_refused = error != nullptr && pje_error_code(error) == PJE_FAILED_PRECONDITION;
    pje_error_release(error);
    stress::require(error == nullptr || (is_refused && is_exit_wanted()), "compile");
    ended.store(true);
    ended.notify_one();
  }).detach();
  while (!started.load()) std::this_thread::yield();
  // Some exits come before the plugin is called, most come while it compiles, and a few afterwards.
  if (is_exit_wanted()) std::this_thread::sleep_for(std::chrono::microseconds(getpid() % 8 * 500));
  fork_here(others, be_refused);
  ended.wait(false);
}

void fork_compiled(World &world) {
  world.load();
  world.create_client();
  world.compile();
  fork_here(world, be_refused);
}

void fork_transfer_pending(World &world) {
  world.load();
  world.create_client();
  world.compile();
  world.upload();
  STRESS_OK(pje_buffer_ready(world.argument, &world.event));
  world.combine();
  fork_here(world, be_refused);
  pje_event_release(std::exchange(world.event, nullptr));
  pje_event_release(std::exchange(world.dependent, nullptr));
  pje_event_release(std::exchange(world.promise, nullptr));
  pje_completion_queue_release(std::exchange(world.queue, nullptr));
}

void prepare_execution(World &world) {
  world.load();
  world.create_client();
  world.compile();
  world.upload();
  world.execute();
}

void fork_execute_pending(World &world) {
  prepare_execution(world);
  world.combine();
  fork_here(world, be_refused);
}

void fork_ready(World &world) {
  prepare_execution(world);
  world.combine();
  world.wait();
  fork_here(world, be_refused);
}

struct InCallback {
  World *world;
  std::atomic<bool> done{false};
};

void fork_in_callback(World &world) {
  prepare_execution(world);
  world.combine();
  InCallback here{&world};
  auto callback = [](void *user_data) {
    auto *mine = static_cast<InCallback *>(user_data);
    fork_here(*mine->world, be_refused);
    mine->done.store(true);
  };
  STRESS_OK(pje_event_on_ready(world.event, callback, &here));
  while (!here.done.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void fork_while_waiting(World &world) {
  prepare_execution(world);
  world.combine();
  std::vector<std::thread> waiting;
  waiting.emplace_back([&] { STRESS_OK(pje_event_wait(world.event)); });
  waiting.emplace_back([&] { STRESS_OK(pje_event_wait_for(world.event, 20'000'000'000)); });
  waiting.emplace_back([&] { STRESS_OK(pje_event_wait(world.dependent)); });
  for (std::thread &thread : waiting)
    if (is_exit_wanted()) thread.detach();
  fork_here(world, be_refused);
  STRESS_OK(pje_event_set(world.promise, nullptr));
  for (std::thread &thread : waiting) thread.join();
}

void fork_half_released(World &world) {
  prepare_execution(world);
  world.combine();
  world.release_half();
  fork_here(world, be_refused);
}

void fork_released(World &world) {
  prepare_execution(world);
  world.combine();
  world.release();
  fork_here(world, be_refused);
}

struct Point {
  const char *name;
  void (*run)(World &);
};
constexpr Point kPoints[] = {
    {"BeforeLoad", fork_before_load},
    {"Loaded", fork_loaded},
    {"Client", fork_with_client},
    {"Compiling", fork_while_compiling},
    {"Compiled", fork_compiled},
    {"TransferPending", fork_transfer_pending},
    {"ExecutePending", fork_execute_pending},
    {"Ready", fork_ready},
    {"InACallback", fork_in_callback},
    {"WhileWaiting", fork_while_waiting},
    {"HalfReleased", fork_half_released},
    {"Released", fork_released},
};

bool run_point() {
  std::string name = std::getenv(kPoint);
  for (const Point &point : kPoints) {
    if (name != point.name) continue;
    World world;
    point.run(world);
    world.release();
    return true;
  }
  return false;
}
const stress::RegisterPart fork_part("fork", run_point);

class Fork : public testing::TestWithParam<Point> {};

TEST_P(Fork, FakePlugin) {
  stress::Outcome outcome = run_on(fake_path(), "fork", GetParam().name,
                                   "delay=PJRT_LoadedExecutable_Execute:40ms;delay=PJRT_Client_Compile:40ms;"
                                   "delay=PJRT_Client_BufferFromHostBuffer:20ms");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
  EXPECT_EQ(outcome.misuses, 0u);
}

INSTANTIATE_TEST_SUITE_P(, Fork, testing::ValuesIn(kPoints),
                         [](const auto &point) { return std::string(point.param.name); });

// PJE_STRESS=200 makes 1,000 exits on the fake, and 200 on each real plugin.
TEST_P(Fork, ExitOnTheFakePlugin) {
  setenv(kExits, "1", 1);
  for (size_t i = stress::scaled(5); i > 0; --i) {
    stress::Outcome outcome =
        run_on(fake_path(), "fork", GetParam().name,
               "delay=PJRT_LoadedExecutable_Execute:20ms;delay=PJRT_Client_Compile:20ms;"
               "delay=PJRT_Client_BufferFromHostBuffer:10ms");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
    EXPECT_EQ(outcome.misuses, 0u);
  }
  unsetenv(kExits);
}

class ForkOnReal : public testing::TestWithParam<std::tuple<const char *, Point>> {};

TEST_P(ForkOnReal, Forks) {
  std::string runs = std::to_string(0.1 * stress::scale());
  const char *given = std::getenv("PJE_STRESS");
  std::string former = given == nullptr ? "" : given;
  setenv("PJE_STRESS", runs.c_str(), 1);
  stress::Outcome outcome = run_on(real_path(std::get<0>(GetParam())), "fork", std::get<1>(GetParam()).name);
  former.empty() ? unsetenv("PJE_STRESS") : setenv("PJE_STRESS", former.c_str(), 1);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
}

TEST_P(ForkOnReal, Exits) {
  setenv(kExits, "1", 1);
  for (size_t i = stress::scaled(1); i > 0; --i) {
    stress::Outcome outcome =
        run_on(real_path(std::get<0>(GetParam())), "fork", std::get<1>(GetParam()).name);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.how;
  }
  unsetenv(kExits);
}

INSTANTIATE_TEST_SUITE_P(, ForkOnReal,
                         testing::Combine(testing::ValuesIn(kRealPlugins), testing::ValuesIn(kPoints)),
                         [](const auto &chosen) {
                           return without_marks(std::string(std::get<0>(chosen.param)) + "_" +
                                                std::get<1>(chosen.param).name);
                         });

}  // namespace
}  // namespace process
