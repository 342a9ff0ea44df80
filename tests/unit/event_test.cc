#include "core/event.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/async_call.hpp"
#include "core/bytes.hpp"

namespace pje {
namespace {

constexpr int64_t kLong = int64_t{20} * 1000 * 1000 * 1000;

uint64_t references(const Event &event) {
  return event.slot()->word.load() & (SlotWord::kInternalMask | SlotWord::kPublicMask);
}

// Ends each event given to it, as a plugin's thread would.
class Finisher {
 public:
  explicit Finisher(int rounds) : thread_([this, rounds] { work(rounds); }) {}
  ~Finisher() { thread_.join(); }
  void finish(Ref<Event> event) {
    event_ = std::move(event);
    turn_.store(1, std::memory_order_release);
  }

 private:
  void work(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      while (turn_.load(std::memory_order_acquire) == 0) std::this_thread::yield();
      turn_.store(0, std::memory_order_relaxed);
      Event::finish(std::move(event_), {});
    }
  }
  std::atomic<int> turn_{0};
  Ref<Event> event_;
  std::thread thread_;
};

// Whoever has waited is the last to hold the event, so that what it releases next is over when it is
// released.
TEST(Event, AWaiterIsTheLastToHoldIt) {
  constexpr int kRounds = 20000;
  Finisher finisher(kRounds);
  for (int i = 0; i < kRounds; ++i) {
    Ref<Event> event = Event::make_unsettable();
    finisher.finish(event);
    Status status = i % 2 == 0 ? event->wait_for(kLong) : event->wait();
    ASSERT_TRUE(status.ok());
    ASSERT_EQ(references(*event), SlotWord::kInternalOne) << "round " << i;
  }
}

TEST(Event, WorkGivesItsResult) {
  Result<Ref<Event>> started =
      start_call<Bytes>("pje_test", {nullptr, [] { return make<Bytes>("made"); }}, nullptr);
  ASSERT_TRUE(started.ok());
  Ref<Event> event = std::move(started).value();
  ASSERT_TRUE(event->wait_for(kLong).ok());
  Result<Ref<Bytes>> bytes = result_of<Bytes>(*event);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(bytes.value()->data(), "made");
  Result<Ref<Event>> wrong = result_of<Event>(*event);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(std::move(wrong).status().error()->code(), PJE_INVALID_ARGUMENT);
}

TEST(Event, WorkThatThrowsIsAnError) {
  Result<Ref<Event>> started =
      start_call("pje_test", Work<void>{nullptr, []() -> Status { throw std::bad_alloc(); }});
  ASSERT_TRUE(started.ok());
  Status status = started.value()->wait_for(kLong);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error()->code(), PJE_RESOURCE_EXHAUSTED);
}

TEST(Event, WorkIsDestroyedBeforeTheEventIsReady) {
  for (int i = 0; i < 500; ++i) {
    auto held = std::make_shared<int>(0);
    Result<Ref<Event>> started = start_call("pje_test", Work<void>{nullptr, [held] { return Status(); }});
    ASSERT_TRUE(started.ok());
    ASSERT_TRUE(started.value()->wait_for(kLong).ok());
    ASSERT_EQ(held.use_count(), 1);
  }
}

}  // namespace
}  // namespace pje
