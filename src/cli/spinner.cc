#include "cli/spinner.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace pje::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kFrameTime = std::chrono::milliseconds(100);
constexpr std::string_view kFrames = "|/-\\";
constexpr const char *kClearLine = "\r\033[K";

bool is_watched() {
  const char *terminal = secure_getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

Spinner::Spinner(std::string label) : label_(std::move(label)) {
  if (is_watched()) thread_ = std::thread([this] { draw_until_stopped(); });
}

Spinner::~Spinner() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Spinner::draw_until_stopped() {
  const Clock::time_point start = Clock::now();
  size_t frame = 0;
  std::unique_lock lock(mutex_);
  // What ends within the first frame leaves the terminal alone.
  while (!wake_.wait_for(lock, kFrameTime, [this] { return stopped_; })) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    fmt::print(stderr, "{}{} {} {:.1f} s", kClearLine, kFrames[frame++ % kFrames.size()], label_, seconds);
    std::fflush(stderr);
  }
  if (frame == 0) return;
  fmt::print(stderr, "{}", kClearLine);
  std::fflush(stderr);
}

}  // namespace pje::cli
