#include "harness.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>

extern char **environ;

namespace stress {

namespace {

constexpr const char *kPart = "PJE_STRESS_PART";
constexpr const char *kWatchdog = "PJE_STRESS_WATCHDOG";

std::map<std::string, Part> &parts() {
  static std::map<std::string, Part> instance;
  return instance;
}

constexpr char kAdd1[] =
    "module @add1 {\n"
    "  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
    "    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>\n"
    "    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>\n"
    "    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>\n"
    "    return %1 : tensor<4xf32>\n"
    "  }\n"
    "}\n";

std::string describe(int status) {
  if (WIFSIGNALED(status)) {
    int number = WTERMSIG(status);
    std::string why = number == SIGALRM ? " (the watchdog: it hangs)" : "";
    return "killed by signal " + std::to_string(number) + why;
  }
  return "exit " + std::to_string(WEXITSTATUS(status));
}

// Takes in the plugin's log as it is written, through a pipe: that of a long run would fill the disk.
class LogReader {
 public:
  LogReader() {
    unlink(path_.c_str());
    require(mkfifo(path_.c_str(), 0600) == 0, "a pipe for the log");
    read_end_ = open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    // Held by us, so that the end of the log is ours to tell, also when nobody ever writes.
    write_end_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    require(read_end_ >= 0 && write_end_ >= 0 && fcntl(read_end_, F_SETFL, 0) == 0, "both ends of the log");
    thread_ = std::thread([this] { read_lines(); });
  }
  LogReader(const LogReader &) = delete;
  LogReader &operator=(const LogReader &) = delete;
  ~LogReader() {
    finish();
    close(read_end_);
    unlink(path_.c_str());
  }
  const std::string &path() const { return path_; }
  // Once the writer has ended: what it wrote.
  const Outcome &finish() {
    if (write_end_ >= 0) close(std::exchange(write_end_, -1));
    if (thread_.joinable()) thread_.join();
    for (const auto &[event, balance] : balances_) seen_.unbalanced += balance != 0 ? 1 : 0;
    balances_.clear();
    return seen_;
  }

 private:
  void read_lines() {
    std::string text;
    std::array<char, 1 << 16> piece;
    for (ssize_t got; (got = read(read_end_, piece.data(), piece.size())) > 0;) {
      text.append(piece.data(), static_cast<size_t>(got));
      size_t start = 0;
      for (size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
        note(std::string_view(text).substr(start, end - start));
      text.erase(0, start);
    }
  }
  void note(std::string_view line) {
    if (line.starts_with("CALLBACK OnReady")) {
      ++seen_.callbacks;
      --balances_[number_after(line, " event=")];
    } else if (line.starts_with("PJRT_Event_OnReady ok")) {
      ++seen_.registrations;
      ++balances_[number_after(line, " arg=")];
    } else if (line.starts_with("LIVE ")) {
      seen_.live = line;
    } else if (line.find(" ABORT ") != std::string_view::npos) {
      ++seen_.misuses;
    }
  }
  static uint64_t number_after(std::string_view line, std::string_view name) {
    size_t at = line.find(name);
    return at == std::string_view::npos ? 0 : std::strtoull(line.data() + at + name.size(), nullptr, 16);
  }

  std::string path_ = "/tmp/pje_stress_" + std::to_string(getpid()) + ".log";
  int read_end_ = -1;
  int write_end_ = -1;
  Outcome seen_;
  // Registrations that await their callback, by the address of the event.
  std::unordered_map<uint64_t, int64_t> balances_;
  std::thread thread_;
};

}  // namespace

double scale() {
  const char *given = std::getenv("PJE_STRESS");
  return given == nullptr ? 1.0 : std::strtod(given, nullptr);
}

size_t scaled(size_t count) {
  auto result = static_cast<size_t>(static_cast<double>(count) * scale());
  return result == 0 ? 1 : result;
}

uint64_t seed() {
  static const uint64_t value = [] {
    const char *given = std::getenv("PJE_SEED");
    uint64_t chosen = given == nullptr ? std::random_device()() : std::strtoull(given, nullptr, 10);
    setenv("PJE_SEED", std::to_string(chosen).c_str(), 1);
    return chosen;
  }();
  return value;
}

std::mt19937_64 random_source(uint64_t stream) {
  std::seed_seq sequence{seed(), seed() >> 32, stream};
  return std::mt19937_64(sequence);
}

RegisterPart::RegisterPart(const char *name, Part part) { parts().emplace(name, part); }

Outcome run_part(const std::string &name, const std::string &controls, unsigned watchdog_seconds) {
  LogReader log;
  setenv(kPart, name.c_str(), 1);
  setenv(kWatchdog, std::to_string(watchdog_seconds).c_str(), 1);
  setenv("PJRT_FAKE", ("log=" + log.path() + (controls.empty() ? "" : ";" + controls)).c_str(), 1);
  std::string program = name;
  char *arguments[] = {program.data(), nullptr};
  pid_t child = 0;
  int status = 0;
  int failed = posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments, environ);
  unsetenv(kPart);
  require(failed == 0, "a process of its own");
  waitpid(child, &status, 0);
  Outcome outcome = log.finish();
  outcome.how = describe(status);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

void expect_clean(const Outcome &outcome) {
  EXPECT_EQ(outcome.exit_code, 0) << outcome.how << "; PJE_SEED=" << seed() << " repeats it";
  EXPECT_EQ(outcome.misuses, 0u);
  ASSERT_TRUE(outcome.live.starts_with("LIVE clients=")) << outcome.live;
  EXPECT_EQ(outcome.live.find_first_of("123456789"), std::string::npos) << outcome.live;
}

void ok(pje_error *error, const char *what) {
  if (error == nullptr) return;
  std::fprintf(stderr, "%s\n  gave: %s\n", what, pje_error_message(error));
  _exit(1);
}

void require(bool condition, const char *what) {
  if (condition) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  _exit(1);
}

void start_watchdog() {
  static const unsigned seconds = [] {
    const char *given = std::getenv(kWatchdog);
    return given == nullptr ? 30 : static_cast<unsigned>(std::atoi(given));
  }();
  alarm(seconds);
}

void note_progress() {
  static std::atomic<int64_t> noted{0};
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (noted.exchange(second, std::memory_order_relaxed) != second) start_watchdog();
}

pje_code code_of(pje_error *error) {
  pje_code code = pje_error_code(error);
  pje_error_release(error);
  return code;
}

pje_client *open_fake() {
  pje_client *client = nullptr;
  STRESS_OK(pje_client_open(PJE_TEST_FAKE_PLUGIN, nullptr, &client));
  return client;
}

pje_program *add1_program() {
  pje_program *program = nullptr;
  STRESS_OK(pje_program_from_bytes(PJE_PROGRAM_AUTO, kAdd1, std::strlen(kAdd1), &program));
  return program;
}

pje_loaded_executable *compile(pje_client *client, pje_program *program) {
  pje_loaded_executable *executable = nullptr;
  STRESS_OK(pje_client_compile(client, program, nullptr, &executable));
  return executable;
}

pje_buffer *upload(pje_client *client) {
  static const float values[4] = {1, 2, 3, 4};
  int64_t dims[1] = {4};
  pje_buffer *buffer = nullptr;
  STRESS_OK(pje_buffer_from_host(client, values, sizeof(values), PJE_F32, dims, 1, nullptr, &buffer));
  return buffer;
}

pje_event *plugin_event(pje_client *client) {
  pje_buffer *buffer = upload(client);
  pje_event *event = nullptr;
  STRESS_OK(pje_buffer_ready(buffer, &event));
  pje_buffer_release(buffer);
  return event;
}

pje_event *promise() {
  pje_event *event = nullptr;
  STRESS_OK(pje_event_create(&event));
  return event;
}

size_t num_threads_of_process() {
  size_t count = 0;
  DIR *folder = opendir("/proc/self/task");
  while (dirent *entry = readdir(folder)) count += entry->d_name[0] != '.' ? 1 : 0;
  closedir(folder);
  return count;
}

bool threads_come_down_to(size_t count) {
  for (int i = 0; i < 5000; ++i) {
    if (num_threads_of_process() <= count) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

}  // namespace stress

int main(int argc, char **argv) {
  if (const char *name = std::getenv("PJE_STRESS_PART")) {
    stress::start_watchdog();
    // Sanitizers have a thread of their own that starts with the first of ours.
    std::thread([] {}).join();
    return stress::parts().at(name)() ? 0 : 1;
  }
  testing::InitGoogleTest(&argc, argv);
  std::printf("seed %llu\n", static_cast<unsigned long long>(stress::seed()));
  return RUN_ALL_TESTS();
}
