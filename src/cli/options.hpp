// What the command line asks for.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/comparison.hpp"

namespace pje::cli {

struct PluginChoice {
  std::string name_or_path = "cpu";
  std::vector<std::string> options;  // KEY=VALUE each
};

struct RunOptions {
  PluginChoice plugin;
  std::string program;
  int replicas = 1;
  int partitions = 1;
  int devices = 0;  // 0: as many as the plugin makes, more where the program needs them
  bool spmd = false;
  bool shardy = false;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<std::string> expected;
  Tolerance tolerance;
  int repeat = 1;
  bool json = false;
};

struct InfoOptions {
  PluginChoice plugin;
  bool json = false;
  bool functions = false;
};

struct ConformOptions {
  PluginChoice plugin;
  std::vector<std::string> only;
  std::string compare;
  int timeout = 60;  // seconds for each check
  bool json = false;
  bool list = false;
};

// Each throws Failure or UsageFailure, and writes nothing but its result to stdout.
void run_program(const RunOptions &options);
void show_info(const InfoOptions &options);
void check_conformance(const ConformOptions &options);

}  // namespace pje::cli
