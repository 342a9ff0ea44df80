#include "cli/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "cli/plugin_access.hpp"

namespace pje::cli {

namespace {

// Results up to this many elements are shown whole.
constexpr size_t kMaxShownElements = 8;

std::string values_text(const pje_array *array) {
  const pje_dtype dtype = pje_array_dtype(array);
  std::vector<std::string> texts;
  for (size_t i = 0; i < num_elements(array); ++i)
    texts.push_back(element_text(dtype, element_value(dtype, pje_array_const_data(array), i)));
  return texts.empty() ? "empty" : fmt::format("{}", fmt::join(texts, " "));
}

std::string range_text(const pje_array *array) {
  const pje_dtype dtype = pje_array_dtype(array);
  const size_t count = num_elements(array);
  Real low = INFINITY, high = -INFINITY, sum = 0;
  size_t num_nan = 0;
  for (size_t i = 0; i < count; ++i) {
    const ElementValue value = element_value(dtype, pje_array_const_data(array), i);
    const Real number = value.imaginary == 0 ? value.real : std::hypot(value.real, value.imaginary);
    if (std::isnan(number)) {
      ++num_nan;
      continue;
    }
    low = std::min(low, number);
    high = std::max(high, number);
    sum += number;
  }
  if (num_nan == count) return fmt::format("all {} elements are nan", count);
  std::string text =
      fmt::format("min {:.6g} max {:.6g} mean {:.6g}", low, high, sum / static_cast<Real>(count - num_nan));
  if (num_nan > 0) text += fmt::format(", {} nan", num_nan);
  return pje_dtype_kind_of(dtype) == PJE_KIND_COMPLEX ? "magnitudes " + text : text;
}

std::string output_line(const OutputReport &output, bool names_device) {
  std::string line = fmt::format("output {}", output.index);
  if (names_device) line += fmt::format(" device {}", output.device);
  line += fmt::format(": {} ", type_text(output.array));
  line +=
      num_elements(output.array) <= kMaxShownElements ? values_text(output.array) : range_text(output.array);
  if (!output.file.empty()) line += fmt::format(" -> {}", output.file);
  if (output.comparison)
    line += fmt::format(" ({}, largest difference {:.3g})",
                        output.comparison->equal ? "as expected" : "NOT as expected",
                        output.comparison->max_abs_diff);
  return line;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void print_text(const RunReport &report) {
  const std::vector<double> &times = report.results.run_milliseconds;
  const size_t num_devices = report.results.num_devices;
  print_line(fmt::format("{} on {} (PJRT {}), {} {}", report.program, pje_client_platform_name(report.client),
                         api_version(report.plugin), num_devices, num_devices == 1 ? "device" : "devices"));
  std::string line =
      fmt::format("compile {:.1f} ms, run {:.3f} ms", report.compile_milliseconds, times.front());
  if (times.size() > 1) line += fmt::format(" first, {:.3f} ms median of {}", median(times), times.size());
  print_line(line);
  for (const OutputReport &output : report.outputs) print_line(output_line(output, num_devices > 1));
}

nlohmann::ordered_json output_json(const OutputReport &output) {
  nlohmann::ordered_json json;
  const int64_t *dims = pje_array_dims(output.array);
  json["index"] = output.index;
  json["device"] = output.device;
  json["dtype"] = pje_dtype_name(pje_array_dtype(output.array));
  json["dims"] = std::vector<int64_t>(dims, dims + pje_array_rank(output.array));
  json["file"] = nullptr;
  json["max_abs_diff"] = nullptr;
  json["ok"] = nullptr;
  if (!output.file.empty()) json["file"] = output.file;
  if (output.comparison) {
    json["max_abs_diff"] = static_cast<double>(output.comparison->max_abs_diff);
    json["ok"] = output.comparison->equal;
  }
  return json;
}

void print_json(const RunReport &report) {
  nlohmann::ordered_json json;
  json["program"] = report.program;
  json["platform"] = pje_client_platform_name(report.client);
  json["plugin"] = pje_plugin_path(report.plugin);
  json["api_version"] = api_version(report.plugin);
  json["num_devices"] = report.results.num_devices;
  json["compile_ms"] = report.compile_milliseconds;
  json["run_ms"] = report.results.run_milliseconds;
  json["outputs"] = nlohmann::ordered_json::array();
  for (const OutputReport &output : report.outputs) json["outputs"].push_back(output_json(output));
  print_line(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace

void print_line(const std::string &line) {
  if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fputc('\n', stdout) != EOF &&
      std::fflush(stdout) == 0)
    return;
  throw Failure(fmt::format("cannot write to stdout: {}", std::strerror(errno)));
}

void print_run(const RunReport &report, bool json) {
  if (json) {
    print_json(report);
  } else {
    print_text(report);
  }
}

}  // namespace pje::cli
