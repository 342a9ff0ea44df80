#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/handles.hpp"
#include "cli/options.hpp"
#include "cli/plugin_access.hpp"
#include "cli/report.hpp"
#include "conform/runner.hpp"

namespace pje::cli {

namespace {

using conform::Report;
using conform::Verdict;
using Json = nlohmann::ordered_json;

constexpr Verdict kVerdicts[] = {Verdict::kPass, Verdict::kFail, Verdict::kUnsupported, Verdict::kCrashed,
                                 Verdict::kTimeout};

// {path, version}, found out in another process: some plugins start threads when they are loaded, and the
// processes of the checks are made from this one.
std::pair<std::string, std::string> find_plugin(const std::string &name_or_path) {
  int ends[2];
  if (pipe(ends) != 0) throw Failure("no pipe");
  const pid_t process = fork();
  if (process < 0) throw Failure("no process to look the plugin up in");
  if (process == 0) {
    std::string text;
    try {
      const Plugin plugin = load_plugin(name_or_path);
      text = fmt::format("+{}\n{}", pje_plugin_path(plugin.get()), api_version(plugin.get()));
    } catch (const std::exception &error) {
      // What the library refuses can still be checked.
      const bool is_file =
          name_or_path.find('/') != std::string::npos && access(name_or_path.c_str(), R_OK) == 0;
      text = is_file ? fmt::format("+{}\nunknown", name_or_path) : fmt::format("-{}", error.what());
    }
    const ssize_t written = write(ends[1], text.data(), text.size());
    _exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string text;
  char part[1024];
  for (ssize_t size = 0; (size = read(ends[0], part, sizeof part)) > 0;)
    text.append(part, static_cast<size_t>(size));
  close(ends[0]);
  waitpid(process, nullptr, 0);
  if (text.empty()) throw Failure(fmt::format("{}: loading it ended the process", name_or_path));
  if (text[0] == '-') throw Failure(text.substr(1));
  const size_t end = text.find('\n');
  return {text.substr(1, end - 1), text.substr(end + 1)};
}

conform::Target target_of(const ConformOptions &options, const std::string &path) {
  conform::Target target{path, {}};
  for (const std::string &option : options.plugin.options) {
    const size_t equals = option.find('=');
    char *end = nullptr;
    const int64_t number =
        equals == std::string::npos ? 0 : std::strtoll(option.c_str() + equals + 1, &end, 10);
    if (end == nullptr || end == option.c_str() + equals + 1 || *end != '\0')
      throw UsageFailure(fmt::format("--option {}: checks take KEY=NUMBER", option));
    target.options.emplace_back(option.substr(0, equals), number);
  }
  return target;
}

// `only` holds names and areas; none means all.
std::vector<conform::Check> choose(const std::vector<std::string> &only) {
  std::vector<conform::Check> chosen;
  std::vector<bool> used(only.size());
  for (conform::Check &check : conform::all_checks()) {
    bool wanted = only.empty();
    for (size_t i = 0; i < only.size(); ++i) {
      if (check.name != only[i] && check.name.substr(0, check.name.find('.')) != only[i]) continue;
      wanted = used[i] = true;
    }
    if (wanted) chosen.push_back(std::move(check));
  }
  for (size_t i = 0; i < only.size(); ++i)
    if (!used[i])
      throw UsageFailure(fmt::format("--only {}: no such check or area; see conform --list", only[i]));
  return chosen;
}

Json to_json(const std::vector<Report> &reports, const std::string &path, const std::string &version) {
  Json json;
  json["plugin"] = {{"path", path}, {"api_version", version}};
  Json &summary = json["summary"] = Json::object();
  for (const Verdict verdict : kVerdicts) summary[verdict_name(verdict)] = 0;
  for (const Report &report : reports) {
    Json &count = summary[verdict_name(report.verdict)];
    count = count.get<int>() + 1;
  }
  Json &checks = json["checks"] = Json::array();
  for (const Report &report : reports)
    checks.push_back({{"name", report.name},
                      {"what", report.what},
                      {"verdict", verdict_name(report.verdict)},
                      {"text", report.text}});
  return json;
}

void print_report(const Report &report) {
  fmt::print("{:<12}{:<40}{}\n", verdict_name(report.verdict), report.name, report.text);
  std::fflush(stdout);
}

std::map<std::string, std::string> verdicts_of(const Json &json) {
  std::map<std::string, std::string> verdicts;
  for (const Json &check : json.at("checks")) verdicts[check.at("name")] = check.at("verdict");
  return verdicts;
}

Json read_report(const std::string &path) {
  std::ifstream file(path);
  if (!file) throw Failure(fmt::format("{}: cannot be read", path));
  try {
    return Json::parse(file);
  } catch (const Json::exception &error) {
    throw Failure(fmt::format("{}: not a report of conform --json: {}", path, error.what()));
  }
}

// Prints each check whose verdict differs, and answers how many do.
int compare(const std::vector<Report> &reports, const Json &other) {
  std::map<std::string, std::string> former = verdicts_of(other);
  int differences = 0;
  for (const Report &report : reports) {
    const auto found = former.find(report.name);
    const std::string there = found == former.end() ? "absent" : found->second;
    if (there == verdict_name(report.verdict)) continue;
    ++differences;
    fmt::print(stderr, "{}: {} here, {} there: {}\n", report.name, verdict_name(report.verdict), there,
               report.text);
  }
  return differences;
}

bool is_bad(const Report &report) {
  return report.verdict != Verdict::kPass && report.verdict != Verdict::kUnsupported;
}

std::vector<Report> run_on(const ConformOptions &options, const std::string &path, bool show) {
  return conform::run_checks(target_of(options, path), choose(options.only),
                             std::chrono::seconds(options.timeout), [show](const Report &report) {
                               if (show) print_report(report);
                             });
}

}  // namespace

void check_conformance(const ConformOptions &options) {
  if (options.list) {
    for (const conform::Check &check : choose(options.only)) fmt::print("{:<40}{}\n", check.name, check.what);
    return;
  }
  const auto [path, version] = find_plugin(options.plugin.name_or_path);
  const std::vector<Report> reports = run_on(options, path, !options.json);
  const Json json = to_json(reports, path, version);
  if (options.json) fmt::print("{}\n", json.dump(1));
  std::string counts;
  for (const auto &[name, count] : json["summary"].items())
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count.get<int>(), name);
  if (!options.json) fmt::print("{}: PJRT {}: {}\n", path, version, counts);
  if (!options.compare.empty()) {
    const bool is_report = options.compare.ends_with(".json");
    const std::string other_path = is_report ? "" : find_plugin(options.compare).first;
    const Json other = is_report ? read_report(options.compare)
                                 : to_json(run_on(options, other_path, false), other_path, "");
    if (const int differences = compare(reports, other); differences > 0)
      throw Failure(fmt::format("{} checks differ from {}", differences, options.compare));
    return;
  }
  const auto bad = std::count_if(reports.begin(), reports.end(), is_bad);
  if (bad > 0) throw Failure(fmt::format("{} of {} checks failed: {}", bad, reports.size(), counts));
}

}  // namespace pje::cli
