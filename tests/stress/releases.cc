// Any order of release is right, on any thread, in any callback.
#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "harness.hpp"

namespace stress {
namespace {

constexpr size_t kObjects = 7;

// One of each, all from one client.
struct Seven {
  pje_client *client = nullptr;
  pje_program *program = nullptr;
  pje_loaded_executable *executable = nullptr;
  pje_buffer *argument = nullptr;
  pje_buffer *output = nullptr;
  pje_event *event = nullptr;
  pje_array *array = nullptr;

  explicit Seven(bool wait) {
    int64_t dims[1] = {4};
    client = open_fake();
    program = add1_program();
    executable = compile(client, program);
    argument = upload(client);
    STRESS_OK(pje_loaded_executable_execute_async(executable, &argument, 1, nullptr, &output, 1, &event));
    STRESS_OK(pje_array_create(PJE_F32, dims, 1, &array));
    if (wait) {
      STRESS_OK(pje_event_wait(event));
      STRESS_OK(pje_buffer_to_host(output, pje_array_data(array), 4 * sizeof(float)));
    }
  }

  void release(size_t which) {
    switch (which) {
      case 0:
        return pje_client_release(client);
      case 1:
        return pje_program_release(program);
      case 2:
        return pje_loaded_executable_release(executable);
      case 3:
        return pje_buffer_release(argument);
      case 4:
        return pje_buffer_release(output);
      case 5:
        return pje_event_release(event);
      default:
        return pje_array_release(array);
    }
  }
};

template <class Visit>
size_t for_every_order(Visit visit) {
  std::array<size_t, kObjects> order{0, 1, 2, 3, 4, 5, 6};
  size_t count = 0;
  do {
    visit(order);
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  return count;
}

bool every_order(bool wait) {
  uint64_t misuses = pje_misuse_count();
  size_t count = for_every_order([&](const auto &order) {
    Seven seven(wait);
    for (size_t which : order) seven.release(which);
    note_progress();
  });
  STRESS_REQUIRE(count == 5040);
  return pje_misuse_count() == misuses;
}
bool every_order_ready() { return every_order(true); }
bool every_order_pending() { return every_order(false); }
const RegisterPart ready_part("every order, ready", every_order_ready);
const RegisterPart pending_part("every order, pending", every_order_pending);

constexpr const char *kShortRun = "workers=1;delay=PJRT_LoadedExecutable_Execute:20us";

TEST(Releases, EveryOrderAfterReady) { expect_clean(run_part("every order, ready", "workers=1")); }
TEST(Releases, EveryOrderBeforeReady) { expect_clean(run_part("every order, pending", kShortRun)); }

// Everything goes inside one function of the caller: the order is random, the last one ends the client.
struct Leaving {
  Seven *seven;
  std::array<size_t, kObjects> order;
  std::atomic<bool> done{false};
};

void release_everything(void *user_data) {
  auto *leaving = static_cast<Leaving *>(user_data);
  for (size_t which : leaving->order) leaving->seven->release(which);
  leaving->done.store(true);
}

template <class Register>
bool leave_inside(Register register_callback) {
  size_t threads_before = num_threads_of_process();
  std::mt19937_64 random = random_source(7);
  for (size_t round = scaled(400); round > 0; --round) {
    Seven seven(random() % 2 == 0);
    Leaving leaving{&seven, {0, 1, 2, 3, 4, 5, 6}};
    std::shuffle(leaving.order.begin(), leaving.order.end(), random);
    register_callback(seven.event, &leaving);
    note_progress();
    while (!leaving.done.load()) std::this_thread::yield();
  }
  // The dispatcher destroys the clients one by one, and ends with the last.
  return threads_come_down_to(threads_before);
}

bool leave_in_callback() {
  return leave_inside([](pje_event *event, Leaving *leaving) {
    STRESS_OK(pje_event_on_ready(event, release_everything, leaving));
  });
}
const RegisterPart callback_part("leave in a callback", leave_in_callback);

bool leave_in_then() {
  return leave_inside([](pje_event *event, Leaving *leaving) {
    pje_event *out = nullptr;
    STRESS_OK(pje_event_then(event, release_everything, leaving, &out));
    pje_event_release(out);
  });
}
const RegisterPart then_part("leave in then", leave_in_then);

TEST(Releases, LastOneInsideACallback) { expect_clean(run_part("leave in a callback", kShortRun)); }
TEST(Releases, LastOneInsideACallbackOfThePlugin) {
  expect_clean(run_part("leave in a callback", "workers=1;delay=PJRT_LoadedExecutable_Execute:2ms", 60));
}
TEST(Releases, LastOneOnTheDispatcher) { expect_clean(run_part("leave in then", kShortRun)); }

// References of one object dropped by many threads at once.
bool shared_references() {
  constexpr size_t kThreads = 8;
  for (size_t round = scaled(200); round > 0; --round) {
    Seven seven(round % 2 == 0);
    for (size_t i = 1; i < kThreads; ++i) {
      pje_client_retain(seven.client);
      pje_loaded_executable_retain(seven.executable);
      pje_buffer_retain(seven.argument);
      pje_buffer_retain(seven.output);
      pje_event_retain(seven.event);
      pje_array_retain(seven.array);
      pje_program_retain(seven.program);
    }
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kThreads; ++i)
      threads.emplace_back([&seven, i] {
        for (size_t which = 0; which < kObjects; ++which) seven.release((which + i) % kObjects);
      });
    for (std::thread &thread : threads) thread.join();
    note_progress();
  }
  return pje_misuse_count() == 0;
}
const RegisterPart shared_part("shared references", shared_references);
TEST(Releases, ByManyThreads) { expect_clean(run_part("shared references", kShortRun)); }

}  // namespace
}  // namespace stress
