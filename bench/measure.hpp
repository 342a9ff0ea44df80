// Timing two ways of doing the same thing in one process, in alternating blocks.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bench {

using Body = std::function<void(size_t repetitions)>;

struct Case {
  // What our time may be, as a multiple of the raw time.
  double goal;
  // Each does the work `repetitions` times.
  Body ours;
  Body raw;
  // What our time may be in nanoseconds, where the goal is no ratio; 0: none.
  double goal_ns = 0;
};

// A case by its name; made only when it is wanted, since programs are compiled and memory is taken for it.
struct Planned {
  std::string name;
  std::function<Case()> make;
};
using Plan = std::vector<Planned>;

struct Spread {
  double median = 0;
  double low = 0;
  double high = 0;
  double p10 = 0;
  double p90 = 0;
};
Spread spread_of(std::vector<double> values);

struct Row {
  std::string name;
  double goal = 0;
  double goal_ns = 0;
  // Nanoseconds per repetition, medians over the rounds.
  double ours_ns = 0;
  double raw_ns = 0;
  // Of the medians; low to p90 are of the rounds.
  double ratio = 0;
  Spread rounds;
  // Raw against raw, measured the same way: how far from 1 it is is the noise.
  double control = 0;
  size_t num_rounds = 0;
  bool ok = false;
};

struct Effort {
  double block_ms = 1;
  size_t min_rounds = 12;
  double case_ms = 400;
};

Row measure(const Planned &planned, const Effort &effort);

}  // namespace bench
