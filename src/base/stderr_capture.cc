#include "base/stderr_capture.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

// A line longer than this is given out in parts.
constexpr size_t kMaxLine = size_t{1} << 16;

struct Capture {
  int saved = -1;
  int read_end = -1;
  int stop = -1;
  std::thread reader;
};

Mutex switching;
Capture *current = nullptr;
// For a child made by fork, which may only look at what needs no lock.
std::atomic<int> saved_for_child{-1};

void close_all(const Capture &capture) noexcept {
  for (int fd : {capture.saved, capture.read_end, capture.stop})
    if (fd >= 0) close(fd);
}

void give_out_lines(std::string &text, bool also_the_last) noexcept {
  size_t start = 0;
  for (size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
    log_record(LogKind::kPluginOutput, PJE_OK, "", std::string_view(text).substr(start, end - start));
  text.erase(0, start);
  if (text.empty() || (!also_the_last && text.size() < kMaxLine)) return;
  log_record(LogKind::kPluginOutput, PJE_OK, "", text);
  text.clear();
}

// Answers whether there may be more. The descriptor does not block.
bool read_some(int fd, std::string &text) noexcept {
  char chunk[4096];
  ssize_t got = read(fd, chunk, sizeof(chunk));
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) return false;
  try {
    text.append(chunk, static_cast<size_t>(got));
  } catch (...) {
    // No memory for the line: it is lost, the program goes on.
  }
  give_out_lines(text, false);
  return true;
}

void read_until_stopped(const Capture &capture) noexcept {
  std::string text;
  pollfd watched[2] = {{capture.read_end, POLLIN, 0}, {capture.stop, POLLIN, 0}};
  while ((watched[1].revents & POLLIN) == 0) {
    if (poll(watched, 2, -1) < 0 && errno != EINTR) break;
    bool goes_on =
        (watched[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0 || read_some(capture.read_end, text);
    // The program has closed its stderr: nothing more can come.
    if (!goes_on && (watched[0].revents & POLLIN) == 0) watched[0].fd = -1;
  }
  while (read_some(capture.read_end, text)) {
  }
  give_out_lines(text, true);
}

Status no_resource(const char *what) {
  return failure(PJE_RESOURCE_EXHAUSTED,
                 concat("no ", what, " for the capture of stderr: ", std::strerror(errno)));
}

// The child has stderr as it was; the pipe and its reader are the parent's.
void restore_in_child() noexcept {
  int saved = saved_for_child.exchange(-1);
  if (saved < 0) return;
  dup2(saved, STDERR_FILENO);
  set_log_descriptor(STDERR_FILENO);
  close_all(*current);
  // Its thread does not exist here, so that the record can neither be joined nor destroyed.
  current = nullptr;
}

// What is still in the pipe must not be lost with the process; callbacks may be gone by now.
void restore_at_exit() noexcept {
  set_log_callback(nullptr, nullptr);
  stop_stderr_capture();
}

void register_once() {
  static const bool registered = [] {
    pthread_atfork([] { switching.lock(); }, [] { switching.unlock(); },
                   [] {
                     restore_in_child();
                     switching.unlock();
                   });
    return std::atexit(restore_at_exit) == 0;
  }();
  (void)registered;
}

Status open_descriptors(Capture &capture, int *write_end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return no_resource("pipe");
  capture.read_end = ends[0];
  *write_end = ends[1];
  if (fcntl(capture.read_end, F_SETFL, O_NONBLOCK) != 0) return no_resource("non-blocking pipe");
  capture.saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (capture.saved < 0) return no_resource("second stderr");
  capture.stop = eventfd(0, EFD_CLOEXEC);
  if (capture.stop < 0) return no_resource("event descriptor");
  return {};
}

void start_reader(Capture &capture) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    capture.reader = std::thread([&capture] { read_until_stopped(capture); });
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

Status start_stderr_capture() {
  register_once();
  Lock lock(switching);
  if (current != nullptr) return failure(PJE_FAILED_PRECONDITION, "stderr is captured already");
  auto capture = std::make_unique<Capture>();
  int write_end = -1;
  Status opened = open_descriptors(*capture, &write_end);
  try {
    if (opened.ok()) start_reader(*capture);
  } catch (...) {
    opened = failure(PJE_RESOURCE_EXHAUSTED, "no thread could be started for the capture of stderr");
  }
  if (!opened.ok()) {
    if (write_end >= 0) close(write_end);
    close_all(*capture);
    return opened;
  }
  set_log_descriptor(capture->saved);
  saved_for_child.store(capture->saved);
  current = capture.release();
  dup2(write_end, STDERR_FILENO);
  close(write_end);
  return {};
}

void stop_stderr_capture() noexcept {
  Lock lock(switching);
  std::unique_ptr<Capture> capture(std::exchange(current, nullptr));
  if (capture == nullptr) return;
  saved_for_child.store(-1);
  dup2(capture->saved, STDERR_FILENO);
  set_log_descriptor(STDERR_FILENO);
  uint64_t one = 1;
  (void)!write(capture->stop, &one, sizeof(one));
  // The reader calls the host's callback: no lock of ours may be held meanwhile.
  lock.unlock();
  capture->reader.join();
  close_all(*capture);
}

}  // namespace pje
