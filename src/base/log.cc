#include "base/log.hpp"

#include <unistd.h>

#include <atomic>
#include <string>

#include "base/text.hpp"

namespace pje {

namespace {

std::atomic<uint64_t> num_misuses{0};
constexpr uint64_t kMaxLogged = 100;

}  // namespace

void log_line(std::string_view text) noexcept {
  try {
    // One write, so that lines of several threads do not mix.
    std::string line = concat("pjrt_easy: ", printable(text), "\n");
    (void)!write(STDERR_FILENO, line.data(), line.size());
  } catch (...) {
    // Out of memory while logging: the line is lost, the program goes on.
  }
}

void report_misuse(std::string_view function, std::string_view argument, std::string_view what) noexcept {
  uint64_t before = num_misuses.fetch_add(1, std::memory_order_relaxed);
  if (before >= kMaxLogged) return;
  try {
    log_line(concat(function, ": argument \"", argument, "\" ", what));
  } catch (...) {
    // As above.
  }
}

uint64_t misuse_count() noexcept { return num_misuses.load(std::memory_order_relaxed); }

}  // namespace pje
