#include "conform/runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace pje::conform {
namespace {

struct Outcome {
  Verdict verdict;
  std::string text;
};

Outcome judge(const Target &target, const Check &check) {
  try {
    Session session(target);
    check.run(session);
    return {Verdict::kPass, ""};
  } catch (const Failed &failed) {
    return {Verdict::kFail, failed.text};
  } catch (const Unsupported &unsupported) {
    return {Verdict::kUnsupported, unsupported.text};
  } catch (const std::exception &error) {
    return {Verdict::kFail, error.what()};
  }
}

// Ends without destructors and exit handlers: what a plugin does at exit is no part of a check.
[[noreturn]] void child(const Target &target, const Check &check, int to, int noise) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(noise, STDERR_FILENO);
  dup2(noise, STDOUT_FILENO);
  Outcome outcome = judge(target, check);
  std::string line = concat(static_cast<int>(outcome.verdict), outcome.text);
  ssize_t written = write(to, line.data(), line.size());
  _exit(written == static_cast<ssize_t>(line.size()) ? 0 : 1);
}

// Reads until the end of the pipe; false when the time is over first.
bool read_all(int from, std::chrono::steady_clock::time_point deadline, std::string *text) {
  for (;;) {
    auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd ready{from, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(left.count())) <= 0) continue;
    char part[4096];
    ssize_t size = read(from, part, sizeof part);
    if (size <= 0) return true;
    text->append(part, static_cast<size_t>(size));
  }
}

// The last line that the process wrote, which most often says why it died.
std::string last_line(int noise) {
  constexpr off_t kMost = 4096;
  off_t size = lseek(noise, 0, SEEK_END);
  off_t begin = std::max<off_t>(0, size - kMost);
  std::string text(static_cast<size_t>(size - begin), '\0');
  ssize_t got = pread(noise, text.data(), text.size(), begin);
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return printable(text.substr(text.rfind('\n') + 1));
}

Outcome outcome_of(int status, const std::string &text, int noise) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !text.empty())
    return {static_cast<Verdict>(text[0] - '0'), text.substr(1)};
  std::string how =
      WIFSIGNALED(status) ? concat("signal ", WTERMSIG(status)) : concat("exit ", WEXITSTATUS(status));
  std::string line = last_line(noise);
  return {Verdict::kCrashed, line.empty() ? how : concat(how, ": ", line)};
}

Outcome run_check(const Target &target, const Check &check, std::chrono::seconds limit) {
  int ends[2];
  int noise = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (noise < 0 || pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error("no file or pipe for a check's process");
  pid_t process = fork();
  if (process < 0) throw std::runtime_error("no process for a check");
  if (process == 0) child(target, check, ends[1], noise);
  close(ends[1]);
  std::string text;
  bool ended = read_all(ends[0], std::chrono::steady_clock::now() + limit, &text);
  close(ends[0]);
  if (!ended) kill(process, SIGKILL);
  int status = 0;
  waitpid(process, &status, 0);
  Outcome outcome = ended ? outcome_of(status, text, noise)
                          : Outcome{Verdict::kTimeout, concat("no end after ", limit.count(), " s")};
  close(noise);
  return outcome;
}

}  // namespace

const char *verdict_name(Verdict verdict) {
  static constexpr const char *kNames[] = {"PASS", "FAIL", "UNSUPPORTED", "CRASHED", "TIMEOUT"};
  return kNames[static_cast<size_t>(verdict)];
}

std::vector<Check> all_checks() {
  std::vector<Check> all;
  for (auto area : {table_checks, error_checks, client_checks, device_checks, topology_checks, compile_checks,
                    buffer_checks, transfer_checks, execute_checks, event_checks})
    for (Check &check : area()) all.push_back(std::move(check));
  return all;
}

std::vector<Report> run_checks(const Target &target, const std::vector<Check> &checks,
                               std::chrono::seconds limit,
                               const std::function<void(const Report &)> &progress) {
  std::vector<Report> reports;
  for (const Check &check : checks) {
    Outcome outcome = run_check(target, check, limit);
    reports.push_back({check.name, check.what, outcome.verdict, outcome.text});
    progress(reports.back());
  }
  return reports;
}

}  // namespace pje::conform
