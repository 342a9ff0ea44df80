// Compiling and running a program on every device that it needs.
#pragma once

#include <cstddef>
#include <vector>

#include "cli/handles.hpp"
#include "cli/options.hpp"
#include "cli/tensor_files.hpp"

namespace pje::cli {

struct Compiled {
  LoadedExecutable executable;
  double milliseconds = 0;
};

Compiled compile(pje_client *client, const pje_program *program, const RunOptions &options);

// The results of the last run. Result i of device d is arrays[d * num_outputs + i].
struct Results {
  size_t num_devices = 0;
  size_t num_outputs = 0;
  std::vector<Array> arrays;
  std::vector<double> run_milliseconds;  // of every run, without uploads and read-back

  const pje_array *of(size_t device, size_t output) const {
    return arrays[device * num_outputs + output].get();
  }
};

Results execute(pje_loaded_executable *executable, const std::vector<Tensor> &inputs, size_t num_runs);

}  // namespace pje::cli
