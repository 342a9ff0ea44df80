#include "report.hpp"

#include <cstdio>

namespace bench {

namespace {

// A band so wide reaches any goal: on a busy machine `ok` says little, and the table says so.
const char *verdict(const Row &row) {
  constexpr double kNoisy = 1.5;
  bool noisy = row.goal_ns == 0 && row.rounds.p90 > kNoisy * row.rounds.p10;
  if (row.ok) return noisy ? "ok, but noisy" : "ok";
  return noisy ? "MISSED, noisy" : "MISSED";
}

}  // namespace

void print_header() {
  std::printf("%-38s %12s %12s %7s %15s %15s %8s %6s  %s\n", "case", "ours ns", "raw ns", "ratio", "10%..90%",
              "min..max", "control", "goal", "");
}

void print_row(const Row &row) {
  char band[32];
  char range[32];
  char goal[32];
  std::snprintf(band, sizeof band, "%.3f..%.3f", row.rounds.p10, row.rounds.p90);
  std::snprintf(range, sizeof range, "%.2f..%.2f", row.rounds.low, row.rounds.high);
  if (row.goal_ns > 0)
    std::snprintf(goal, sizeof goal, "%.0fns", row.goal_ns);
  else if (row.goal >= 100)
    std::snprintf(goal, sizeof goal, "shown");
  else
    std::snprintf(goal, sizeof goal, "%.3f", row.goal);
  std::printf("%-38s %12.0f %12.0f %7.3f %15s %15s %8.3f %6s  %s\n", row.name.c_str(), row.ours_ns,
              row.raw_ns, row.ratio, band, range, row.control, goal, verdict(row));
  std::fflush(stdout);
}

bool write_json(const std::string &path, const std::vector<Row> &rows) {
  FILE *file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return false;
  std::fprintf(file, "[\n");
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row &row = rows[i];
    std::fprintf(file,
                 "  {\"case\": \"%s\", \"ratio\": %.4f, \"control\": %.4f, \"goal\": %.4f, \"ok\": %s, "
                 "\"goal_ns\": %.0f, \"ours_ns\": %.1f, \"raw_ns\": %.1f, \"p10\": %.4f, \"p90\": %.4f, "
                 "\"min\": %.4f, \"max\": %.4f, \"rounds\": %zu}%s\n",
                 row.name.c_str(), row.ratio, row.control, row.goal, row.ok ? "true" : "false", row.goal_ns,
                 row.ours_ns, row.raw_ns, row.rounds.p10, row.rounds.p90, row.rounds.low, row.rounds.high,
                 row.num_rounds, i + 1 < rows.size() ? "," : "");
  }
  std::fprintf(file, "]\n");
  return std::fclose(file) == 0;
}

}  // namespace bench
