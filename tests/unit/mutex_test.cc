#include "base/mutex.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "abi/call.hpp"
#include "base/thread_context.hpp"

namespace pje {
namespace {

TEST(Mutex, LetsOneInAtATime) {
  constexpr int kThreads = 8;
  constexpr int kTimes = 20'000;
  Mutex mutex;
  int plain = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < kTimes; ++n) {
        Lock lock(mutex);
        ++plain;
      }
    });
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(plain, kThreads * kTimes);
}

TEST(Mutex, WakesWhoWaitsForACondition) {
  Mutex mutex;
  Condition changed;
  int turn = 0;
  constexpr int kTurns = 2'000;
  auto play = [&](int parity) {
    for (int n = parity; n < kTurns; n += 2) {
      Lock lock(mutex);
      changed.wait(lock, [&] { return turn == n; });
      ++turn;
      changed.notify_all();
    }
  };
  std::thread other(play, 1);
  play(0);
  other.join();
  EXPECT_EQ(turn, kTurns);
}

#ifdef PJE_CHECK_LOCKS

PJRT_Error *answer_ok(PJRT_Plugin_Initialize_Args *) { return nullptr; }

Status call_plugin() {
  auto table = abi::zeroed<PJRT_Api>();
  table.struct_size = sizeof(table);
  table.pjrt_api_version.minor_version = 100;
  table.PJRT_Plugin_Initialize = answer_ok;
  abi::Api api(&table, "test");
  auto args = abi::zeroed<PJRT_Plugin_Initialize_Args>();
  return api.call(args);
}

TEST(HeldLock, IsReportedWhereAPluginIsCalled) {
  EXPECT_TRUE(call_plugin().ok());
  Mutex mutex;
  Lock lock(mutex);
  EXPECT_DEATH((void)call_plugin(), "a lock of ours is held");
  lock.unlock();
  EXPECT_TRUE(call_plugin().ok());
}

TEST(HeldLock, IsReportedWhereACallbackBegins) {
  { CallbackScope scope; }
  Mutex mutex;
  Lock lock(mutex);
  EXPECT_DEATH(CallbackScope scope, "a lock of ours is held");
}

TEST(HeldLock, IsTheThreadsOwn) {
  Mutex mutex;
  Lock lock(mutex);
  std::thread([] { CallbackScope scope; }).join();
}

#endif

}  // namespace
}  // namespace pje
