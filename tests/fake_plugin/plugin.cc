#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "calls.hpp"
#include "config.hpp"
#include "log.hpp"
#include "named_values.hpp"
#include "table.hpp"

namespace fake {
namespace {

// What was wrong with PJRT_FAKE; reported by PJRT_Plugin_Initialize, the first call that can.
Status &EnvironmentError() {
  static Status *error = new Status;
  return *error;
}

const NamedValues &PluginAttributes() {
  static const NamedValues *values = [] {
    auto *made = new NamedValues;
    made->AddInt("xla_version", 2);
    made->AddInts("stablehlo_current_version", {1, 20, 0});
    made->AddInts("stablehlo_minimum_version", {0, 9, 0});
    made->AddString("plugin", "pjrt_easy fake");
    made->AddFloat("fake_float", 0.5F);
    made->AddBool("fake_bool", true);
    return made;
  }();
  return *values;
}

pid_t starting_process = 0;

// A client whose last reference went in a callback is destroyed on another thread, which may be about to.
void LetOthersFinish() {
  constexpr int kMilliseconds = 3000;
  for (int i = 0; i < kMilliseconds && LiveTotal() > 0; ++i) usleep(1000);
}

// Not in a forked child: it owns none of the objects it can see.
void AtExit() {
  if (getpid() != starting_process) return;
  if (Current().abort_on_leaks) LetOthersFinish();
  LogLine(LiveLine());
  if (!Current().abort_on_leaks || LiveTotal() == 0) return;
  fprintf(stderr, "fake plugin: objects are still live at exit: %s\n", LiveLine().c_str());
  fflush(stderr);
  abort();
}

void Start() {
  starting_process = getpid();
  const char *environment = getenv("PJRT_FAKE");
  if (environment != nullptr) {
    Status bad = ApplyList(environment);
    if (bad) EnvironmentError() = Fail(bad->code, "PJRT_FAKE: " + bad->message);
  }
  RebuildTable();
  atexit(AtExit);
}

}  // namespace

Status Call(PJRT_Plugin_Initialize_Args &) { return EnvironmentError(); }

Status Call(PJRT_Plugin_Attributes_Args &args) {
  for (size_t i = 0; i < PluginAttributes().size(); ++i)
    TraceStruct("PJRT_NamedValue", &PluginAttributes().data()[i], sizeof(PJRT_NamedValue));
  Out(&args.attributes, PluginAttributes().data());
  Out(&args.num_attributes, PluginAttributes().size());
  return nullptr;
}

}  // namespace fake

extern "C" __attribute__((visibility("default"))) const PJRT_Api *GetPjrtApi() {
  static std::once_flag once;
  std::call_once(once, fake::Start);
  return fake::TheTable();
}
