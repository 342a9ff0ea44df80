// Times the library against raw C on the same client of the same plugin.
#include <unistd.h>

#include <algorithm>
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
  std::string exactly;
  bool list = false;
  bench::Effort effort;
};

[[noreturn]] void usage() {
  std::fprintf(stderr,
               "usage: pje_bench --build FOLDER --plugin PLUGIN.so [--json FILE] [--only PART_OF_NAME] "
               "[--case NAME] [--rounds N] [--case-ms MS] [--block-ms MS] [--list]\n");
  std::exit(2);
}

Options read_options(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string_view name = argv[i];
    if (name == "--list") {
      options.list = true;
      continue;
    }
    if (++i == argc) usage();
    std::string value = argv[i];
    if (name == "--build")
      options.build = value;
    else if (name == "--plugin")
      options.plugin = value;
    else if (name == "--json")
      options.json = value;
    else if (name == "--only")
      options.only = value;
    else if (name == "--case")
      options.exactly = value;
    else if (name == "--rounds")
      options.effort.min_rounds = std::max<size_t>(1, std::strtoul(value.c_str(), nullptr, 10));
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
    if (!options_.exactly.empty()) return name == options_.exactly;
    return options_.only.empty() || name.find(options_.only) != std::string::npos;
  }
  void cases(const bench::Plan &plan) {
    for (const bench::Planned &planned : plan)
      if (wanted(planned.name))
        options_.list ? list(planned.name) : row(bench::measure(planned, options_.effort));
  }
  void list(const std::string &name) {
    std::printf("%s\n", name.c_str());
    ++num_listed_;
  }
  void row(const bench::Row &row) {
    bench::print_row(row);
    rows_.push_back(row);
  }
  const std::vector<bench::Row> &rows() const { return rows_; }
  size_t num_listed() const { return num_listed_; }

 private:
  const Options &options_;
  std::vector<bench::Row> rows_;
  size_t num_listed_ = 0;
};

void run_starts(const Options &options, Run &run) {
  bool any = false;
  for (const std::string &name : bench::start_names) {
    any = any || run.wanted(name);
    if (options.list && run.wanted(name)) run.list(name);
  }
  if (options.list || !any) return;
  for (const bench::Row &row :
       bench::measure_starts(options.build + "/pje_bench_start", options.build + "/libpjrt_easy.so",
                             options.plugin, options.effort.min_rounds))
    if (run.wanted(row.name)) run.row(row);
}

void run_all(const Options &options, Run &run) {
  run_starts(options, run);
  {
    bench::Session cpu(options.plugin, 0);
    bench::Plan plan;
    bench::add_execute_cases(cpu, plan);
    bench::add_sharded_case(cpu, 1, plan);
    bench::add_upload_cases(cpu, plan);
    bench::add_read_cases(cpu, plan);
    bench::add_small_cases(cpu, plan);
    bench::add_slow_cases(cpu, plan);
    run.cases(plan);
  }
  {
    bench::Session four(options.plugin, 4);
    bench::Plan plan;
    bench::add_sharded_case(four, 4, plan);
    run.cases(plan);
  }
  bench::Session fake(options.build + "/libpjrt_fake.so", 0);
  bench::Plan plan;
  bench::add_thread_cases(fake, plan);
  run.cases(plan);
}

}  // namespace

int main(int argc, char **argv) {
  Options options = read_options(argc, argv);
  Run run(options);
  if (options.list) {
    run_all(options, run);
    return run.num_listed() > 0 ? 0 : 1;
  }
  double load[1] = {0};
  if (getloadavg(load, 1) == 1)
    std::printf("%ld processors, load %.1f before the run\n", sysconf(_SC_NPROCESSORS_ONLN), load[0]);
  bench::print_header();
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
