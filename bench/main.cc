// Times the library against raw C on the same client of the same plugin.
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "cases.hpp"
#include "report.hpp"

namespace {

struct Options {
  std::string build;
  std::string plugin;
  std::string json;
  std::string only;
  bench::Effort effort;
};

[[noreturn]] void usage() {
  std::fprintf(stderr,
               "usage: pje_bench --build FOLDER --plugin PLUGIN.so [--json FILE] [--only PART_OF_NAME] "
               "[--case-ms MS] [--block-ms MS]\n");
  std::exit(2);
}

Options read_options(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc) usage();
    std::string_view name = argv[i];
    std::string value = argv[i + 1];
    if (name == "--build")
      options.build = value;
    else if (name == "--plugin")
      options.plugin = value;
    else if (name == "--json")
      options.json = value;
    else if (name == "--only")
      options.only = value;
    else if (name == "--case-ms")
      options.effort.case_ms = std::atof(value.c_str());
    else if (name == "--block-ms")
      options.effort.block_ms = std::atof(value.c_str());
    else
      usage();
  }
  if (options.build.empty() || options.plugin.empty()) usage();
  return options;
}

class Run {
 public:
  explicit Run(const Options &options) : options_(options) {}

  bool wanted(const std::string &name) const {
    return options_.only.empty() || name.find(options_.only) != std::string::npos;
  }
  void cases(const std::vector<bench::Case> &cases) {
    for (const bench::Case &one : cases)
      if (wanted(one.name)) row(bench::measure(one, options_.effort));
  }
  void row(const bench::Row &row) {
    bench::print_row(row);
    rows_.push_back(row);
  }
  const std::vector<bench::Row> &rows() const { return rows_; }

 private:
  const Options &options_;
  std::vector<bench::Row> rows_;
};

constexpr size_t kStarts = 12;

void run_all(const Options &options, Run &run) {
  if (run.wanted("library load") || run.wanted("plugin load and client") || run.wanted("peak memory in KiB"))
    for (const bench::Row &row : bench::measure_starts(
             options.build + "/pje_bench_start", options.build + "/libpjrt_easy.so", options.plugin, kStarts))
      if (run.wanted(row.name)) run.row(row);
  std::vector<bench::Case> cases;
  {
    bench::Session cpu(options.plugin, 0);
    bench::add_execute_cases(cpu, cases);
    bench::add_transfer_cases(cpu, cases);
    bench::add_small_cases(cpu, cases);
    bench::add_slow_cases(cpu, cases);
    run.cases(cases);
    cases.clear();
  }
  {
    bench::Session four(options.plugin, 4);
    bench::add_sharded_cases(four, cases);
    run.cases(cases);
    cases.clear();
  }
  bench::Session fake(options.build + "/libpjrt_fake.so", 0);
  bench::add_thread_cases(fake, cases);
  run.cases(cases);
}

}  // namespace

int main(int argc, char **argv) {
  Options options = read_options(argc, argv);
  double load[1] = {0};
  if (getloadavg(load, 1) == 1)
    std::printf("%ld processors, load %.1f before the run\n", sysconf(_SC_NPROCESSORS_ONLN), load[0]);
  bench::print_header();
  Run run(options);
  run_all(options, run);
  if (!options.json.empty() && !bench::write_json(options.json, run.rows())) {
    std::fprintf(stderr, "pje_bench: cannot write %s\n", options.json.c_str());
    return 1;
  }
  size_t reached = 0;
  for (const bench::Row &row : run.rows()) reached += row.ok ? 1 : 0;
  std::printf("%zu of %zu cases reach their goal\n", reached, run.rows().size());
  return run.rows().empty() ? 1 : 0;
}
