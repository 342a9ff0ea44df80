#include "cli/execution.hpp"

#include <fmt/format.h>

#include <chrono>

#include "cli/spinner.hpp"

namespace pje::cli {

namespace {

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Argument i of device d at [d * inputs.size() + i].
class Arguments {
 public:
  Arguments(pje_loaded_executable *executable, const std::vector<Tensor> &inputs, size_t num_devices)
      : executable_(executable), inputs_(inputs), owners_(inputs.size() * num_devices) {}

  // Uploads what no device holds: everything before the first run, donated arguments before each later one.
  std::vector<pje_buffer *> fill() {
    std::vector<pje_buffer *> raw;
    for (size_t position = 0; position < owners_.size(); ++position) {
      Buffer &owner = owners_[position];
      if (!owner || pje_buffer_is_deleted(owner.get())) owner = upload(position);
      raw.push_back(owner.get());
    }
    return raw;
  }

 private:
  Buffer upload(size_t position) {
    const size_t device = position / inputs_.size();
    pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
    options.device = pje_loaded_executable_addressable_device(executable_, device);
    pje_array *array = inputs_[position % inputs_.size()].of_device(device);
    return make<Buffer>(pje_buffer_from_array, pje_loaded_executable_client(executable_), array, &options);
  }

  pje_loaded_executable *executable_;
  const std::vector<Tensor> &inputs_;
  std::vector<Buffer> owners_;
};

std::vector<Buffer> run_once(pje_loaded_executable *executable, const std::vector<pje_buffer *> &arguments,
                             const Results &shape) {
  std::vector<pje_buffer *> raw(shape.num_devices * shape.num_outputs, nullptr);
  if (shape.num_devices == 1) {
    check(pje_loaded_executable_execute(executable, arguments.data(), arguments.size(), nullptr, raw.data(),
                                        raw.size()));
  } else {
    check(pje_loaded_executable_execute_sharded(executable, shape.num_devices, arguments.data(),
                                                arguments.size() / shape.num_devices, nullptr, raw.data(),
                                                shape.num_outputs));
  }
  std::vector<Buffer> outputs;
  outputs.reserve(raw.size());
  for (pje_buffer *buffer : raw) outputs.emplace_back(buffer);
  return outputs;
}

CompileOptions compile_options(const RunOptions &options) {
  CompileOptions result = make<CompileOptions>(pje_compile_options_create);
  check(pje_compile_options_set_num_replicas(result.get(), options.replicas));
  check(pje_compile_options_set_num_partitions(result.get(), options.partitions));
  if (options.spmd) check(pje_compile_options_set_use_spmd_partitioning(result.get(), true));
  if (options.shardy) check(pje_compile_options_set_use_shardy_partitioner(result.get(), true));
  return result;
}

}  // namespace

Compiled compile(pje_client *client, const pje_program *program, const RunOptions &options) {
  const CompileOptions settings = compile_options(options);
  const Spinner spinner(fmt::format("compiling {}", options.program));
  const Stopwatch watch;
  Compiled result;
  result.executable = make<LoadedExecutable>(pje_client_compile, client, program, settings.get());
  result.milliseconds = watch.milliseconds();
  return result;
}

Results execute(pje_loaded_executable *executable, const std::vector<Tensor> &inputs, size_t num_runs) {
  Results results;
  results.num_devices = pje_loaded_executable_num_addressable_devices(executable);
  results.num_outputs = pje_loaded_executable_num_outputs(executable);
  Arguments arguments(executable, inputs, results.num_devices);
  std::vector<Buffer> outputs;
  for (size_t run = 0; run < num_runs; ++run) {
    // Before the next run, so that two sets of outputs never fill the device.
    outputs.clear();
    const std::vector<pje_buffer *> raw = arguments.fill();
    const Stopwatch watch;
    outputs = run_once(executable, raw, results);
    results.run_milliseconds.push_back(watch.milliseconds());
  }
  for (const Buffer &output : outputs)
    results.arrays.push_back(make<Array>(pje_buffer_to_array, output.get()));
  return results;
}

}  // namespace pje::cli
