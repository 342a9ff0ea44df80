// The command pjrt-easy: exit 0 done, 1 failed with one line on stderr, 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "cli/handles.hpp"
#include "cli/options.hpp"

namespace pje::cli {

namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr int kMaxDevices = 1 << 20;

constexpr const char *kRunFooter =
    "SPEC is FILE[:DTYPE], or a comma list of these with one file for each device; %d in a name is the "
    "device;\n"
    "a single file goes to every device. Bits that NumPy has no type for are taken by the program's types: "
    "bf16\n"
    "from uint16, f8 and types below 8 bits from uint8. :DTYPE takes the bits of any file of the same "
    "element size.\n"
    "'-' stands for an output that is not written, or an expectation that is not checked.\n"
    "The value of --option tells its type; KEY:TYPE=VALUE says it: string, int, float, bool, ints.\n"
    "\n"
    "Example:\n"
    "  pjrt-easy run model.mlir --input x.npy --output y.npy --repeat 10\n"
    "  pjrt-easy run --replicas 4 model.mlirbc --input x0.npy,x1.npy,x2.npy,x3.npy --output 'y%d.npy'\n";

constexpr const char *kInfoFooter =
    "Example:\n"
    "  pjrt-easy info --plugin cpu --json\n";

constexpr const char *kConformFooter =
    "Each check calls the plugin's table as it is, in a process of its own: PASS, FAIL, UNSUPPORTED (the "
    "plugin says\n"
    "UNIMPLEMENTED), CRASHED or TIMEOUT. Exit status 0: none failed, crashed or ran out of time.\n"
    "\n"
    "Example:\n"
    "  pjrt-easy conform --plugin ./my_plugin.so --json >report.json\n"
    "  pjrt-easy conform --plugin ./my_plugin.so --compare report.json\n";

constexpr const char *kMainFooter =
    "A plugin is a path, or a name looked up in the folder plugins/ beside this command, then in "
    "PJE_PLUGIN_PATH\n"
    "and PJRT_NAMES_AND_LIBRARY_PATHS. Exit status: 0 done, 1 failed (one line on stderr), 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  pjrt-easy run model.mlir --input x.npy --output y.npy\n";

std::string check_tolerance(const std::string &text) {
  char *end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool is_number = end != text.c_str() && *end == '\0';
  return is_number && value >= 0 ? "" : fmt::format("'{}' is not a number from 0", text);
}

// Each use takes one value: without this an option would swallow PROGRAM and whatever else follows.
CLI::Option *add_list(CLI::App *command, const char *name, std::vector<std::string> &target,
                      const char *text) {
  return command->add_option(name, target, text)->allow_extra_args(false);
}

void add_plugin_options(CLI::App *command, PluginChoice &choice) {
  command->add_option("--plugin", choice.name_or_path, "Plugin, by name or path")
      ->option_text("NAME|PATH [cpu]");
  add_list(command, "--option", choice.options,
           "Option of the plugin, such as cpu_device_count=8; may be repeated")
      ->option_text("KEY=VALUE");
}

void add_run(CLI::App &app, RunOptions &options) {
  CLI::App *run = app.add_subcommand("run", "Compile a program and run it");
  run->footer(kRunFooter);
  run->add_option("PROGRAM", options.program, "StableHLO text or bytecode, or a serialized HloModuleProto")
      ->required()
      ->option_text("FILE");
  add_plugin_options(run, options.plugin);
  const auto add_count = [run](const char *name, int &target, const char *text) {
    run->add_option(name, target, text)->check(CLI::Range(1, kMaxDevices))->option_text("N");
  };
  add_count("--replicas", options.replicas, "Replicas of the program [1]");
  add_count("--partitions", options.partitions, "Partitions of the program [1]");
  add_count("--devices", options.devices,
            "Devices to ask the plugin for [as many as it makes, more where the program needs them]");
  run->add_flag("--spmd", options.spmd, "Partition the program (use_spmd_partitioning)");
  run->add_flag("--shardy", options.shardy, "Partition with Shardy (use_shardy_partitioner)");
  add_list(run, "--input", options.inputs, "Argument as .npy, in argument order")->option_text("SPEC");
  add_list(run, "--output", options.outputs, "Where to write a result as .npy, in result order")
      ->option_text("FILE");
  add_list(
      run, "--expect", options.expected,
      "What a result must be, in result order: |got - want| <= atol + rtol * |want|, NaN only where NaN is "
      "expected")
      ->option_text("SPEC");
  run->add_option("--rtol", options.tolerance.relative, "Relative tolerance [1e-5; integers 0]")
      ->check(check_tolerance)
      ->option_text("X");
  run->add_option("--atol", options.tolerance.absolute, "Absolute tolerance [1e-8; integers 0]")
      ->check(check_tolerance)
      ->option_text("X");
  add_count("--repeat", options.repeat, "Run N times; results are of the last run [1]");
  run->add_flag("--json", options.json, "Print one JSON object");
  run->callback([&options] { run_program(options); });
}

void add_info(CLI::App &app, InfoOptions &options) {
  CLI::App *info = app.add_subcommand("info", "Show what a plugin is and has");
  info->footer(kInfoFooter);
  add_plugin_options(info, options.plugin);
  info->add_flag(
      "--functions", options.functions,
      "List every function of the newest PJRT table and whether the plugin has it; needs no device");
  info->add_flag("--json", options.json, "Print one JSON object");
  info->callback([&options] { show_info(options); });
}

void add_conform(CLI::App &app, ConformOptions &options) {
  CLI::App *conform = app.add_subcommand("conform", "Check how a plugin keeps the rules of PJRT");
  conform->footer(kConformFooter);
  add_plugin_options(conform, options.plugin);
  add_list(conform, "--only", options.only, "Run this check, or those of this area; may be repeated")
      ->option_text("NAME|AREA");
  conform
      ->add_option("--compare", options.compare,
                   "Fail where a verdict differs from this report's or plugin's")
      ->option_text("FILE.json|PLUGIN");
  conform->add_option("--timeout", options.timeout, "Time limit of each check, in seconds [60]")
      ->check(CLI::Range(1, 3600))
      ->option_text("S");
  conform->add_flag("--list", options.list, "List the checks");
  conform->add_flag("--json", options.json, "Print one JSON object");
  conform->callback([&options] { check_conformance(options); });
}

int fail(int status, std::string text) {
  for (char &c : text)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  fmt::print(stderr, "pjrt-easy: {}\n", text);
  return status;
}

int run_command_line(int argc, char **argv) {
  CLI::App app("Runs StableHLO and HLO programs through PJRT plugins.", "pjrt-easy");
  app.set_version_flag("--version", fmt::format("pjrt-easy {}", pje_version()));
  app.set_help_flag("-h,--help", "Show this help");
  app.footer(kMainFooter);
  // None at all is an unexpected argument, which the message then names.
  app.require_subcommand(0, 1);
  RunOptions run_options;
  InfoOptions info_options;
  ConformOptions conform_options;
  add_run(app, run_options);
  add_info(app, info_options);
  add_conform(app, conform_options);
  if (argc < 2) {
    fmt::print(stderr, "{}", app.help());
    return kWrongUsage;
  }
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return fail(kWrongUsage, fmt::format("{}; see pjrt-easy --help", error.what()));
  } catch (const UsageFailure &error) {
    return fail(kWrongUsage, fmt::format("{}; see pjrt-easy --help", error.what()));
  }
}

}  // namespace

}  // namespace pje::cli

int main(int argc, char **argv) {
  // Plugins log to stderr, where a failure is one line of ours: errors only, unless the user asks for more.
  setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0);
  try {
    return pje::cli::run_command_line(argc, argv);
  } catch (const std::bad_alloc &) {
    return pje::cli::fail(pje::cli::kFailed, "out of memory");
  } catch (const std::exception &error) {
    return pje::cli::fail(pje::cli::kFailed, error.what());
  }
}
