// Runs checks, each in a process of its own with a time limit, so that what ends a process is a finding.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "conform/checks.hpp"

namespace pje::conform {

enum class Verdict : uint8_t { kPass, kFail, kUnsupported, kCrashed, kTimeout };

const char *verdict_name(Verdict verdict);

struct Report {
  std::string name;
  std::string what;
  Verdict verdict = Verdict::kPass;
  std::string text;  // empty for PASS
};

// `progress` is told each report as it comes.
std::vector<Report> run_checks(const Target &target, const std::vector<Check> &checks,
                               std::chrono::seconds limit,
                               const std::function<void(const Report &)> &progress);

}  // namespace pje::conform
