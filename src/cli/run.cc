#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "cli/execution.hpp"
#include "cli/handles.hpp"
#include "cli/options.hpp"
#include "cli/plugin_access.hpp"
#include "cli/report.hpp"
#include "cli/tensor_files.hpp"

namespace pje::cli {

namespace {

using OptionalTensors = std::vector<std::optional<Tensor>>;

OptionalTensors load_expected(const RunOptions &options, size_t num_devices) {
  OptionalTensors tensors;
  for (size_t i = 0; i < options.expected.size(); ++i) {
    tensors.emplace_back();
    if (options.expected[i] != kNotWanted)
      tensors.back().emplace("--expect", i, options.expected[i], num_devices);
  }
  return tensors;
}

void check_count(const char *option, size_t num_given, size_t num_outputs) {
  if (num_given == 0 || num_given == num_outputs) return;
  throw Failure(
      fmt::format("{} is given {} times, the program has {} results; use '{}' for one that is not wanted",
                  option, num_given, num_outputs, kNotWanted));
}

bool same_contents(const pje_array *a, const pje_array *b) {
  const size_t size = pje_array_size(a);
  if (size != pje_array_size(b)) return false;
  return size == 0 || std::memcmp(pje_array_const_data(a), pje_array_const_data(b), size) == 0;
}

// One file can stand for several devices only where all of them hold the same.
void check_names(const RunOptions &options, const Results &results) {
  for (size_t output = 0; output < options.outputs.size(); ++output) {
    const std::string &name = options.outputs[output];
    if (name == kNotWanted || has_device_number(name)) continue;
    for (size_t device = 1; device < results.num_devices; ++device)
      if (!same_contents(results.of(0, output), results.of(device, output)))
        throw Failure(
            fmt::format("--output {} ({}): devices 0 and {} hold different results; put %d in the name for "
                        "one file for each device",
                        output, name, device));
  }
}

Comparison judge(Tensor &expected, size_t device, const pje_array *got, const Tolerance &tolerance) {
  expected.settle_dtype(pje_array_dtype(got));
  const pje_array *want = expected.of_device(device);
  if (pje_array_dtype(got) != pje_array_dtype(want) || !same_dims(got, want))
    throw Failure(
        fmt::format("{}: holds {}, the result is {}", expected.label(), type_text(want), type_text(got)));
  return compare(got, want, tolerance);
}

std::vector<OutputReport> finish_outputs(const RunOptions &options, const Results &results,
                                         OptionalTensors &expected) {
  check_names(options, results);
  std::vector<OutputReport> reports;
  for (size_t output = 0; output < results.num_outputs; ++output) {
    for (size_t device = 0; device < results.num_devices; ++device) {
      OutputReport report{output, device, results.of(device, output), "", std::nullopt};
      if (!options.outputs.empty() && options.outputs[output] != kNotWanted) {
        const std::string &name = options.outputs[output];
        report.file = with_device_number(name, device);
        if (device == 0 || has_device_number(name))
          check(pje_array_save_npy(report.array, report.file.c_str()));
      }
      reports.push_back(std::move(report));
    }
  }
  for (OutputReport &report : reports) {
    if (expected.empty() || !expected[report.index]) continue;
    report.comparison = judge(*expected[report.index], report.device, report.array, options.tolerance);
  }
  return reports;
}

void fail_on_mismatch(const std::vector<OutputReport> &reports, size_t num_devices) {
  const auto differs = [](const OutputReport &report) {
    return report.comparison && !report.comparison->equal;
  };
  const auto first = std::ranges::find_if(reports, differs);
  if (first == reports.end()) return;
  const auto num_others = std::ranges::count_if(reports, differs) - 1;
  throw Failure(fmt::format("output {}{} is not as expected {}{}", first->index,
                            num_devices > 1 ? fmt::format(" of device {}", first->device) : "",
                            first->comparison->text,
                            num_others > 0 ? fmt::format("; {} more results differ", num_others) : ""));
}

// A type that the program does not take is left for the library to refuse.
void settle_inputs(std::vector<Tensor> &inputs, const pje_loaded_executable *executable) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    pje_dtype dtype = PJE_DTYPE_INVALID;
    if (pje_loaded_executable_arg_type(executable, i, &dtype, nullptr, nullptr))
      inputs[i].settle_dtype(dtype);
  }
}

}  // namespace

void run_program(const RunOptions &options) {
  const size_t num_devices = static_cast<size_t>(options.replicas) * static_cast<size_t>(options.partitions);
  const NamedValues plugin_options = parse_plugin_options(options.plugin.options);

  const Program program = make<Program>(pje_program_from_file, options.program.c_str());
  std::vector<Tensor> inputs;
  for (size_t i = 0; i < options.inputs.size(); ++i)
    inputs.emplace_back("--input", i, options.inputs[i], num_devices);
  OptionalTensors expected = load_expected(options, num_devices);
  for (const std::string &file : options.outputs) check_output_folder(file);

  const Plugin plugin = load_plugin(options.plugin.name_or_path);
  const Client client =
      create_client(plugin.get(), plugin_options.get(), static_cast<size_t>(options.devices), num_devices);
  const Compiled compiled = compile(client.get(), program.get(), options);
  const size_t num_outputs = pje_loaded_executable_num_outputs(compiled.executable.get());
  check_count("--output", options.outputs.size(), num_outputs);
  check_count("--expect", options.expected.size(), num_outputs);

  settle_inputs(inputs, compiled.executable.get());
  const Results results = execute(compiled.executable.get(), inputs, static_cast<size_t>(options.repeat));
  const std::vector<OutputReport> reports = finish_outputs(options, results, expected);
  RunReport report{client.get(), plugin.get(), options.program, compiled.milliseconds, results, reports};
  print_run(report, options.json);
  fail_on_mismatch(reports, results.num_devices);
}

}  // namespace pje::cli
