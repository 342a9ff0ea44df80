// What `run` tells on stdout.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/comparison.hpp"
#include "cli/execution.hpp"

namespace pje::cli {

struct OutputReport {
  size_t index = 0;
  size_t device = 0;
  const pje_array *array = nullptr;
  std::string file;  // empty: not written
  std::optional<Comparison> comparison;
};

struct RunReport {
  const pje_client *client;
  const pje_plugin *plugin;
  const std::string &program;
  double compile_milliseconds;
  const Results &results;
  const std::vector<OutputReport> &outputs;
};

void print_run(const RunReport &report, bool json);

// Writes one line; throws when stdout does not take it.
void print_line(const std::string &line);

}  // namespace pje::cli
