#include "cases.hpp"

namespace bench {

namespace {

struct Start {
  double library_ns;
  double plugin_ns;
  double peak_kib;
};

Start start_once(const std::string &helper, const char *side, const std::string &library,
                 const std::string &plugin) {
  std::string command = "'" + helper + "' " + side + " '" + library + "' '" + plugin + "'";
  FILE *output = popen(command.c_str(), "r");
  Start start{};
  bool read = output != nullptr &&
              std::fscanf(output, "%lf %lf %lf", &start.library_ns, &start.plugin_ns, &start.peak_kib) == 3;
  if (output == nullptr || pclose(output) != 0 || !read) {
    std::fprintf(stderr, "pje_bench: %s failed\n", command.c_str());
    std::exit(1);
  }
  return start;
}

struct Sides {
  std::vector<double> ours;
  std::vector<double> raw;
  std::vector<double> again;
};

Row row_of(const std::string &name, const Sides &sides, double goal) {
  Row row;
  row.name = name;
  row.goal = goal;
  row.num_rounds = sides.ours.size();
  std::vector<double> ratios;
  for (size_t i = 0; i < sides.ours.size(); ++i)
    ratios.push_back(sides.ours[i] / (0.5 * (sides.raw[i] + sides.again[i])));
  std::vector<double> all_raw = sides.raw;
  all_raw.insert(all_raw.end(), sides.again.begin(), sides.again.end());
  row.ours_ns = spread_of(sides.ours).median;
  row.raw_ns = spread_of(all_raw).median;
  row.ratio = row.ours_ns / row.raw_ns;
  row.rounds = spread_of(ratios);
  row.control = spread_of(sides.again).median / spread_of(sides.raw).median;
  row.ok = row.rounds.p10 <= goal;
  return row;
}

constexpr const char *kLibraryLoad = "library load";
constexpr const char *kPluginLoad = "plugin load and client";
constexpr const char *kPeakMemory = "peak memory in KiB";

}  // namespace

const std::vector<std::string> start_names = {kLibraryLoad, kPluginLoad, kPeakMemory};

std::vector<Row> measure_starts(const std::string &helper, const std::string &library,
                                const std::string &plugin, size_t rounds) {
  constexpr double kLoadGoalNs = 3e6;
  constexpr double kMemoryAllowedKib = 3 * 1024;
  std::vector<double> loads;
  Sides opened;
  Sides peaks;
  for (size_t round = 0; round < rounds; ++round) {
    Start raw = start_once(helper, "raw", library, plugin);
    Start ours = start_once(helper, "ours", library, plugin);
    Start again = start_once(helper, "raw", library, plugin);
    loads.push_back(ours.library_ns);
    opened.ours.push_back(ours.plugin_ns);
    opened.raw.push_back(raw.plugin_ns);
    opened.again.push_back(again.plugin_ns);
    peaks.ours.push_back(ours.peak_kib);
    peaks.raw.push_back(raw.peak_kib);
    peaks.again.push_back(again.peak_kib);
  }
  Row load;
  load.name = kLibraryLoad;
  load.goal = 1;
  load.goal_ns = kLoadGoalNs;
  load.num_rounds = rounds;
  Spread spread = spread_of(loads);
  load.ours_ns = spread.median;
  // Nothing to compare with: the ratio is to the goal.
  load.raw_ns = kLoadGoalNs;
  load.ratio = spread.median / kLoadGoalNs;
  load.rounds = {load.ratio, spread.low / kLoadGoalNs, spread.high / kLoadGoalNs, spread.p10 / kLoadGoalNs,
                 spread.p90 / kLoadGoalNs};
  load.control = 1;
  load.ok = spread.p10 <= kLoadGoalNs;
  double raw_peak = spread_of(peaks.raw).median;
  Row peak = row_of(kPeakMemory, peaks, (raw_peak + kMemoryAllowedKib) / raw_peak);
  // Of the medians: no processor time is involved, so noise is no excuse.
  peak.ok = peak.ratio <= peak.goal;
  return {load, row_of(kPluginLoad, opened, 1.02), peak};
}

}  // namespace bench
