#include "measure.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace bench {

namespace {

double time_ns(const Body &body, size_t repetitions) {
  auto start = std::chrono::steady_clock::now();
  body(repetitions);
  std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  return took.count();
}

// How often the body has to run for a block to be long against the clock and the start of the loop.
size_t repetitions_for(const Body &body, double block_ns) {
  for (size_t repetitions = 1;; repetitions *= 2) {
    double took = time_ns(body, repetitions);
    if (took >= block_ns || repetitions >= (size_t{1} << 24)) {
      double scale = block_ns / std::max(took, 1.0);
      return std::max<size_t>(1,
                              static_cast<size_t>(static_cast<double>(repetitions) * std::min(scale, 1.0)));
    }
  }
}

double quantile(const std::vector<double> &sorted, double q) {
  double at = q * static_cast<double>(sorted.size() - 1);
  auto below = static_cast<size_t>(at);
  size_t above = std::min(below + 1, sorted.size() - 1);
  double part = at - static_cast<double>(below);
  return sorted[below] * (1 - part) + sorted[above] * part;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {quantile(values, 0.5), values.front(), values.back(), quantile(values, 0.1), quantile(values, 0.9)};
}

Row measure(const Planned &planned, const Effort &effort) {
  Case measured = planned.make();
  measured.ours(1);
  size_t repetitions = repetitions_for(measured.raw, effort.block_ms * 1e6);
  double block_ns = time_ns(measured.raw, repetitions) + 2 * time_ns(measured.ours, repetitions);
  double wanted = effort.case_ms * 1e6 / std::max(block_ns, 1.0);
  size_t num_rounds = std::max(effort.min_rounds, static_cast<size_t>(std::min(wanted, 200.0)));
  std::vector<double> ours;
  std::vector<double> raw;
  std::vector<double> again;
  std::vector<double> ratios;
  for (size_t round = 0; round < num_rounds; ++round) {
    // Each of the three comes first, second and third equally often, so that none profits from its neighbour.
    double times[3];
    for (size_t turn = 0; turn < 3; ++turn) {
      size_t which = (round + turn) % 3;
      times[which] = time_ns(which == 0 ? measured.ours : measured.raw, repetitions);
    }
    ours.push_back(times[0]);
    raw.push_back(times[1]);
    again.push_back(times[2]);
    ratios.push_back(times[0] / (0.5 * (times[1] + times[2])));
  }
  std::vector<double> all_raw = raw;
  all_raw.insert(all_raw.end(), again.begin(), again.end());
  Row row;
  row.name = planned.name;
  row.goal = measured.goal;
  row.goal_ns = measured.goal_ns;
  row.num_rounds = num_rounds;
  auto count = static_cast<double>(repetitions);
  Spread own = spread_of(ours);
  row.ours_ns = own.median / count;
  row.raw_ns = spread_of(all_raw).median / count;
  row.ratio = row.ours_ns / row.raw_ns;
  row.rounds = spread_of(ratios);
  row.control = spread_of(again).median / spread_of(raw).median;
  row.ok = row.goal_ns > 0 ? own.p10 / count <= row.goal_ns : row.rounds.p10 <= row.goal;
  return row;
}

}  // namespace bench
