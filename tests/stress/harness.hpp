// Stress tests run in processes of their own: one that hangs is ended by its watchdog, and what the fake
// plugin has written by the end of the process tells whether anything was left alive.
#pragma once

#include <gtest/gtest.h>
#include <pjrt_easy.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#if defined(__SANITIZE_THREAD__)
#define STRESS_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define STRESS_TSAN 1
#endif
#endif

namespace stress {

// PJE_STRESS scales every count; 1 is what `make check` runs.
double scale();
size_t scaled(size_t count);

// PJE_SEED repeats a run.
uint64_t seed();
std::mt19937_64 random_source(uint64_t stream);

// What a process of ours did.
struct Outcome {
  int exit_code = -1;
  std::string how;           // "exit 0", "killed by signal 14 ..."
  std::string live;          // the plugin's last line, about what is alive
  size_t registrations = 0;  // PJRT_Event_OnReady answered OK
  size_t callbacks = 0;      // callbacks that the plugin ran
  size_t unbalanced = 0;     // events with another number of callbacks than of registrations
  size_t misuses = 0;
};

// A part that runs in a process of its own: true when all is well.
using Part = bool (*)();
struct RegisterPart {
  RegisterPart(const char *name, Part part);
};

Outcome run_part(const std::string &name, const std::string &controls, unsigned watchdog_seconds = 30);

// Nothing of the plugin's is left, and no rule of its was broken.
void expect_clean(const Outcome &outcome);

// Inside a part. The watchdog ends a process in which nothing goes on; a part of many steps notes each.
void start_watchdog();
void note_progress();
// Errors end the part's process with a message.
void ok(pje_error *error, const char *what);
#define STRESS_OK(call) ::stress::ok((call), #call)
void require(bool condition, const char *what);
#define STRESS_REQUIRE(condition) ::stress::require((condition), #condition)

// The code of an error, which is released.
pje_code code_of(pje_error *error);

pje_client *open_fake();
pje_program *add1_program();
pje_loaded_executable *compile(pje_client *client, pje_program *program);
pje_buffer *upload(pje_client *client);
// An event of the plugin, ready or pending as the controls say.
pje_event *plugin_event(pje_client *client);
pje_event *promise();

size_t num_threads_of_process();
// Waits for threads that are ending; false when there still are more.
bool threads_come_down_to(size_t count);

}  // namespace stress
