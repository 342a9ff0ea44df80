#include "base/workers.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>
#include <vector>

namespace {

std::atomic<int> failing_starts{0};

using Start = void *(*)(void *);
using Create = int (*)(pthread_t *, const pthread_attr_t *, Start, void *);

}  // namespace

// Takes the place of the C library's, so that starting a thread can be made to fail.
extern "C" int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, Start start,
                              void *argument) {
  static auto real = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  if (failing_starts.load() > 0 && failing_starts.fetch_sub(1) > 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    return EAGAIN;
  }
  return real(thread, attributes, start, argument);
}

namespace pje {
namespace {

bool within(std::chrono::milliseconds time, const auto &condition) {
  auto end = std::chrono::steady_clock::now() + time;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  return true;
}

TEST(Workers, RunWhatTheyAccept) {
  Workers::client_created();
  std::atomic<int> ran{0};
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(Workers::pool().post([&] { ran.fetch_add(1); }));
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return ran.load() == 1000; }));
  EXPECT_LE(Workers::pool().num_threads(), Workers::pool().max_threads());
  Workers::client_destroyed();
  EXPECT_TRUE(within(std::chrono::seconds(20), [] { return Workers::pool().num_threads() == 0; }));
}

TEST(Workers, RefuseWhenNoThreadStarts) {
  failing_starts = 1 << 20;
  bool ran = false;
  EXPECT_FALSE(Workers::pool().post([&] { ran = true; }));
  failing_starts = 0;
  std::atomic<bool> next{false};
  EXPECT_TRUE(Workers::pool().post([&] { next = true; }));
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return next.load(); }));
  EXPECT_TRUE(within(std::chrono::seconds(20), [] { return Workers::pool().num_threads() == 0; }));
  EXPECT_FALSE(ran);
}

// A caller whose thread does not start must not take away what another one has queued.
TEST(Workers, AcceptedTasksRunThoughThreadsDoNotStart) {
  constexpr int kPosters = 4;
  for (int round = 0; round < 300; ++round) {
    std::atomic<int> accepted{0};
    std::atomic<int> ran{0};
    failing_starts = 1 + round % kPosters;
    std::vector<std::thread> posters;
    std::atomic<bool> go{false};
    int failing = failing_starts.exchange(0);
    for (int i = 0; i < kPosters; ++i)
      posters.emplace_back([&] {
        while (!go.load()) std::this_thread::yield();
        if (Workers::pool().post([&] { ran.fetch_add(1); })) accepted.fetch_add(1);
      });
    failing_starts = failing;
    go = true;
    for (std::thread &poster : posters) poster.join();
    failing_starts = 0;
    ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return ran.load() == accepted.load(); }))
        << "round " << round << ": " << ran.load() << " of " << accepted.load() << " ran";
    ASSERT_TRUE(within(std::chrono::seconds(5), [] { return Workers::pool().num_threads() == 0; }));
  }
}

TEST(Workers, BlockEverySignal) {
  sigset_t mask;
  std::atomic<bool> known{false};
  ASSERT_TRUE(Workers::launcher().post([&] {
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    known = true;
  }));
  ASSERT_TRUE(within(std::chrono::seconds(20), [&] { return known.load(); }));
  for (int signal : {SIGINT, SIGTERM, SIGUSR1, SIGCHLD, SIGPROF}) EXPECT_EQ(sigismember(&mask, signal), 1);
  sigset_t own;
  pthread_sigmask(SIG_SETMASK, nullptr, &own);
  EXPECT_EQ(sigismember(&own, SIGUSR1), 0);
}

TEST(Workers, FewerThreadsAreKeptAtOnce) {
  Workers::client_created();
  Workers &workers = Workers::pool();
  size_t before = workers.max_threads();
  workers.set_max_threads(8);
  std::atomic<int> waiting{0};
  std::atomic<bool> go{false};
  for (int i = 0; i < 8; ++i)
    ASSERT_TRUE(workers.post([&] {
      waiting.fetch_add(1);
      while (!go.load()) std::this_thread::yield();
    }));
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return waiting.load() == 8; }));
  EXPECT_EQ(workers.num_threads(), 8U);
  workers.set_max_threads(2);
  go = true;
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return workers.num_threads() == 2; }));
  workers.set_max_threads(before);
  Workers::client_destroyed();
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return workers.num_threads() == 0; }));
}

}  // namespace
}  // namespace pje
