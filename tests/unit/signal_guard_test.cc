#include "base/signal_guard.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace {

using pje::LoadedObjects;
using pje::SignalGuard;

void (*disposition(int number))(int) {
  struct sigaction action {};
  sigaction(number, nullptr, &action);
  return action.sa_handler;
}

void own_handler(int) {}

// What a plugin does to a signal while it is guarded.
void (*after(int number, void (*before)(int), void (*plugin)(int)))(int) {
  auto former = signal(number, before);
  {
    LoadedObjects objects = LoadedObjects::now();
    SignalGuard guard(objects);
    signal(number, plugin);
  }
  auto result = disposition(number);
  signal(number, former);
  return result;
}

TEST(SignalGuard, WhatWasIgnoredOrResetComesBack) {
  EXPECT_EQ(after(SIGHUP, SIG_DFL, SIG_IGN), SIG_DFL);
  EXPECT_EQ(after(SIGPIPE, SIG_IGN, SIG_DFL), SIG_IGN);
  EXPECT_EQ(after(SIGHUP, own_handler, SIG_IGN), own_handler);
}

// libtpu's own timers raise it: the default action would end the process.
TEST(SignalGuard, TimersThatAPluginMadeHarmlessStaySo) {
  for (int number : {SIGPROF, SIGVTALRM, SIGALRM}) EXPECT_EQ(after(number, SIG_DFL, SIG_IGN), SIG_IGN);
}

TEST(SignalGuard, ATimerThatTheHostUsesComesBack) {
  EXPECT_EQ(after(SIGPROF, own_handler, SIG_IGN), own_handler);
  EXPECT_EQ(after(SIGPROF, SIG_IGN, SIG_DFL), SIG_IGN);
}

}  // namespace
