// One of everything, brought to a named point of its life, for tests of what a process may do there.
#pragma once

#include <string>

#include "../stress/harness.hpp"

namespace process {

constexpr const char *kPlugin = "PJE_PROCESS_PLUGIN";
constexpr const char *kPoint = "PJE_PROCESS_POINT";
// Set: the process exits at the point instead of making children there.
constexpr const char *kExits = "PJE_PROCESS_EXITS";

struct World {
  pje_plugin *plugin = nullptr;
  pje_client *client = nullptr;
  pje_program *program = nullptr;
  pje_loaded_executable *executable = nullptr;
  pje_buffer *argument = nullptr;
  pje_buffer *output = nullptr;
  pje_event *event = nullptr;
  pje_event *promise = nullptr;
  pje_event *dependent = nullptr;
  pje_completion_queue *queue = nullptr;
  pje_array *array = nullptr;

  void load();
  void create_client();
  void compile();
  void upload();
  void execute();
  // Promises, dependents and a queue, all with something outstanding.
  void combine();
  void wait();
  void release_half();
  void release();
};

std::string plugin_path();
// Runs a part of this program on a plugin.
stress::Outcome run_on(const std::string &plugin, const std::string &part, const std::string &point,
                       const std::string &controls = "");
std::string fake_path();
// "cpu-81" and so on.
constexpr const char *kRealPlugins[] = {"cpu-81", "cpu-106", "cpu-115"};
std::string real_path(const std::string &version = "cpu-115");
// For names of tests.
std::string without_marks(std::string name);

}  // namespace process
