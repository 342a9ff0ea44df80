// Many threads, many events: every callback exactly once, every wait ends.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <thread>

#include "harness.hpp"

namespace stress {
namespace {

using Counter = std::atomic<uint32_t>;

constexpr size_t kThreads = 64;

bool planted(const char *what) {
  const char *fault = std::getenv("PJE_STRESS_PLANT");
  return fault != nullptr && std::strcmp(fault, what) == 0;
}

// Whether the plugin refuses every registration.
bool refusing() { return std::strstr(std::getenv("PJRT_FAKE"), "onready_fails") != nullptr; }

void count_one(void *counter) {
  static std::atomic<size_t> calls{0};
  size_t call = calls.fetch_add(1);
  if (planted("lost") && call == 77) return;
  static_cast<Counter *>(counter)->fetch_add(planted("double") && call == 77 ? 2 : 1);
}

void run_threads(size_t count, const std::function<void(size_t)> &body) {
  std::vector<std::thread> threads;
  for (size_t i = 0; i < count; ++i) threads.emplace_back(body, i);
  for (std::thread &thread : threads) thread.join();
}

// What one thread registered, and what must have been counted in the end.
struct Ledger {
  explicit Ledger(size_t n) : seen(n), expected(n) {}
  std::vector<Counter> seen;
  std::vector<uint32_t> expected;
};

// The code of a timed wait; a plugin may refuse to report the event, and then so does the wait.
void check_timed(pje_code code) {
  STRESS_REQUIRE(code == PJE_OK || code == PJE_DEADLINE_EXCEEDED || (refusing() && code == PJE_INTERNAL));
}

void wait_somehow(pje_event *event, std::mt19937_64 &random) {
  switch (random() % 4) {
    case 0:
      STRESS_OK(pje_event_wait(event));
      return;
    case 1: {
      pje_code code = code_of(pje_event_wait_for(event, 20'000'000'000));
      STRESS_REQUIRE(code != PJE_DEADLINE_EXCEEDED);
      check_timed(code);
      return;
    }
    case 2:
      // Runs out at about the time of the event.
      check_timed(code_of(pje_event_wait_for(event, static_cast<int64_t>(random() % 150'000))));
      return;
    default:
      return;
  }
}

// What the threads work on together.
struct Shared {
  pje_client *client = nullptr;
  pje_completion_queue *queue = nullptr;
  std::atomic<size_t> queued{0};
};

void drive_event(Shared &shared, pje_event *event, std::mt19937_64 &random, Counter &seen,
                 uint32_t &expected) {
  if (random() % 8 == 0) {
    pje_code code = code_of(pje_completion_queue_add(shared.queue, event, 0));
    STRESS_REQUIRE(code == PJE_OK || (refusing() && code == PJE_INTERNAL));
    if (code == PJE_OK) shared.queued.fetch_add(1);
  }
  for (size_t n = 1 + random() % 3; n > 0; --n) {
    // A plugin that refuses must not call back; one that accepts must, once.
    pje_code code = code_of(pje_event_on_ready(event, count_one, &seen));
    STRESS_REQUIRE(code == PJE_OK || (refusing() && code == PJE_INTERNAL));
    if (code == PJE_OK) ++expected;
    if (n == 2) wait_somehow(event, random);
  }
  wait_somehow(event, random);
  pje_event_release(event);
  note_progress();
}

void drive_events(Shared &shared, size_t thread, Ledger &ledger) {
  // One upload has several: uploading is what costs most, and not what is tested.
  constexpr size_t kEventsOfOne = 4;
  std::mt19937_64 random = random_source(thread);
  std::array<pje_event *, kEventsOfOne> events;
  for (size_t i = 0; i < ledger.expected.size(); ++i) {
    if (i % kEventsOfOne == 0) {
      pje_buffer *buffer = upload(shared.client);
      for (pje_event *&event : events) STRESS_OK(pje_buffer_ready(buffer, &event));
      pje_buffer_release(buffer);
    }
    drive_event(shared, events[i % kEventsOfOne], random, ledger.seen[i], ledger.expected[i]);
  }
  for (size_t i = ledger.expected.size(); i % kEventsOfOne != 0; ++i)
    pje_event_release(events[i % kEventsOfOne]);
}

// Until nothing comes within the time.
size_t drain(pje_completion_queue *queue, int64_t timeout_ns) {
  uint64_t tags[64];
  pje_error *errors[64];
  size_t total = 0;
  for (size_t count = 64; count > 0;) {
    STRESS_OK(pje_completion_queue_next(queue, timeout_ns, 64, tags, errors, &count));
    for (size_t i = 0; i < count; ++i) STRESS_OK(errors[i]);
    total += count;
  }
  return total;
}

bool events_exactly_once() {
  size_t threads_before = num_threads_of_process();
  Shared shared;
  shared.client = open_fake();
  STRESS_OK(pje_completion_queue_create(&shared.queue));
  size_t per_thread = scaled(100'000) / kThreads + 1;
  if (const char *part = std::getenv("PJE_STRESS_SHARE"))
    per_thread = per_thread / std::strtoull(part, nullptr, 10) + 1;
  std::vector<std::unique_ptr<Ledger>> ledgers;
  for (size_t i = 0; i < kThreads; ++i) ledgers.push_back(std::make_unique<Ledger>(per_thread));
  std::atomic<bool> done{false};
  size_t taken = 0;
  std::thread consumer([&] {
    while (!done.load()) taken += drain(shared.queue, 1'000'000);
  });
  run_threads(kThreads, [&](size_t i) { drive_events(shared, i, *ledgers[i]); });
  done.store(true);
  consumer.join();
  // Ends what is pending, and with it the last callbacks.
  pje_client_release(shared.client);
  STRESS_REQUIRE(threads_come_down_to(threads_before));
  taken += drain(shared.queue, 0);
  pje_completion_queue_release(shared.queue);
  size_t wrong = 0;
  for (const auto &ledger : ledgers)
    for (size_t i = 0; i < ledger->expected.size(); ++i)
      wrong += ledger->seen[i].load() != ledger->expected[i] ? 1 : 0;
  std::printf("  %zu events, %zu through the queue, %zu counted wrongly\n", per_thread * kThreads, taken,
              wrong);
  return wrong == 0 && taken == shared.queued.load();
}
const RegisterPart events_part("events", events_exactly_once);

TEST(Events, ExactlyOnce) {
  Outcome outcome = run_part("events", "workers=4;delay=PJRT_Client_BufferFromHostBuffer:50us");
  expect_clean(outcome);
  EXPECT_GT(outcome.callbacks, 0u);
  EXPECT_EQ(outcome.callbacks, outcome.registrations);
  EXPECT_EQ(outcome.unbalanced, 0u);
}

struct Variant {
  const char *name;
  const char *controls;
};
class EventsUnder : public testing::TestWithParam<Variant> {};

TEST_P(EventsUnder, ExactlyOnce) {
  setenv("PJE_STRESS_SHARE", "10", 1);
  Outcome outcome =
      run_part("events", std::string(GetParam().controls) + ";delay=PJRT_Client_BufferFromHostBuffer:50us");
  unsetenv("PJE_STRESS_SHARE");
  expect_clean(outcome);
  EXPECT_GT(outcome.callbacks, 0u);
}
INSTANTIATE_TEST_SUITE_P(, EventsUnder,
                         testing::Values(Variant{"CompletionInside", "complete=inside"},
                                         Variant{"DoubleCallbacks", "double_callback=1"},
                                         Variant{"RefusedRegistrations", "onready_fails=1"}),
                         [](const auto &chosen) { return chosen.param.name; });

// A count that can be wrong must come out wrong when it is.
class Planted : public testing::TestWithParam<const char *> {};
TEST_P(Planted, IsReported) {
  setenv("PJE_STRESS_SHARE", "50", 1);
  setenv("PJE_STRESS_PLANT", GetParam(), 1);
  Outcome outcome = run_part("events", "");
  unsetenv("PJE_STRESS_SHARE");
  unsetenv("PJE_STRESS_PLANT");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.how;
}
INSTANTIATE_TEST_SUITE_P(, Planted, testing::Values("double", "lost"),
                         [](const auto &chosen) { return std::string(chosen.param); });

#ifdef STRESS_TSAN
bool plain_counter() {
  pje_client *client = open_fake();
  volatile uint32_t counter = 0;
  auto count = [](void *at) { *static_cast<volatile uint32_t *>(at) = 1; };
  for (int i = 0; i < 10; ++i) {
    pje_event *event = plugin_event(client);
    STRESS_OK(pje_event_on_ready(event, count, const_cast<uint32_t *>(&counter)));
    // Writes while the callback does, with no call between that would order the two.
    auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(10);
    while (std::chrono::steady_clock::now() < end) counter = 2;
    pje_event_release(event);
  }
  pje_client_release(client);
  return true;
}
const RegisterPart plain_counter_part("plain counter", plain_counter);
TEST(PlantedRace, IsReported) {
  EXPECT_EQ(run_part("plain counter", "delay=PJRT_Client_BufferFromHostBuffer:2ms").exit_code, 66);
}
#endif

// Every way of asking about one event, from a thread each, while it fires.
bool many_waiters() {
  pje_client *client = open_fake();
  for (size_t round = scaled(300); round > 0; --round) {
    pje_event *event = plugin_event(client);
    Counter called{0};
    run_threads(7, [&](size_t role) {
      std::mt19937_64 random = random_source(round * 8 + role);
      if (role < 2) STRESS_OK(pje_event_wait(event));
      if (role == 2) STRESS_OK(pje_event_wait_for(event, 20'000'000'000));
      if (role == 3) STRESS_OK(pje_event_on_ready(event, count_one, &called));
      if (role == 4) {
        while (!pje_event_is_ready(event)) std::this_thread::yield();
        STRESS_OK(pje_event_error(event));
      }
      for (int i = 0; role > 4 && i < 20; ++i) {
        pje_code code = code_of(pje_event_wait_for(event, static_cast<int64_t>(random() % 300'000)));
        STRESS_REQUIRE(code == PJE_OK || code == PJE_DEADLINE_EXCEEDED);
        if (code == PJE_OK) break;
      }
    });
    pje_event_release(event);
    while (called.load() == 0) std::this_thread::yield();
    STRESS_REQUIRE(called.load() == 1);
    note_progress();
  }
  pje_client_release(client);
  return true;
}
const RegisterPart many_waiters_part("many waiters", many_waiters);
TEST(Events, ManyWaitersOnOne) {
  expect_clean(run_part("many waiters", "delay=PJRT_Client_BufferFromHostBuffer:500us"));
}

// An error that one thread fetches while others read it: nobody has registered anything.
bool waiters_of_a_failure() {
  pje_client *client = open_fake();
  for (size_t round = scaled(300); round > 0; --round) {
    pje_event *event = plugin_event(client);
    run_threads(4, [&](size_t role) {
      if (role < 2) STRESS_REQUIRE(code_of(pje_event_wait(event)) == PJE_DATA_LOSS);
      while (!pje_event_is_ready(event)) std::this_thread::yield();
      for (int again = 0; again < 3; ++again)
        STRESS_REQUIRE(code_of(pje_event_error(event)) == PJE_DATA_LOSS);
    });
    pje_event_release(event);
    note_progress();
  }
  pje_client_release(client);
  return true;
}
const RegisterPart waiters_of_a_failure_part("waiters of a failure", waiters_of_a_failure);
TEST(Events, ManyWaitersOnOneThatFails) {
  expect_clean(run_part("waiters of a failure",
                        "delay=PJRT_Client_BufferFromHostBuffer:500us;"
                        "late_error=PJRT_Client_BufferFromHostBuffer:DATA_LOSS:lost on the way"));
}

// The handle goes while callbacks and timed waits that ran out are still registered somewhere.
bool released_while_pending() {
  size_t threads_before = num_threads_of_process();
  pje_client *client = open_fake();
  std::vector<Counter> called(scaled(5'000));
  for (Counter &each : called) {
    pje_event *event = plugin_event(client);
    pje_event *out = nullptr;
    STRESS_REQUIRE(code_of(pje_event_wait_for(event, 1)) != PJE_INTERNAL);
    STRESS_OK(pje_event_on_ready(event, count_one, &each));
    STRESS_OK(pje_event_then(event, count_one, &each, &out));
    pje_event_release(event);
    STRESS_OK(pje_event_on_ready(out, count_one, &each));
    pje_event_release(out);
    note_progress();
  }
  pje_client_release(client);
  STRESS_REQUIRE(threads_come_down_to(threads_before));
  size_t wrong = 0;
  for (const Counter &each : called) wrong += each.load() != 3 ? 1 : 0;
  return wrong == 0;
}
const RegisterPart released_part("released while pending", released_while_pending);
TEST(Events, ReleasedWhileCallbacksArePending) {
  expect_clean(run_part("released while pending", "delay=PJRT_Client_BufferFromHostBuffer:300us"));
}

}  // namespace
}  // namespace stress
