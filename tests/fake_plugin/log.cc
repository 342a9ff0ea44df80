#include "log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <functional>
#include <thread>

namespace fake {
namespace {

std::atomic<int> log_file{-1};
std::atomic<int> trace_file{-1};

bool Open(std::atomic<int> &into, const std::string &path) {
  int opened = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (opened < 0) return false;
  int former = into.exchange(opened);
  if (former >= 0) close(former);
  return true;
}

void Write(std::atomic<int> &into, std::string line) {
  int file = into.load();
  if (file < 0) return;
  line += '\n';
  // A single write: lines of processes that share the file must not mix.
  if (write(file, line.data(), line.size()) < 0) into.compare_exchange_strong(file, -1);
}

}  // namespace

bool OpenLog(const std::string &path) { return Open(log_file, path); }

bool LogIsOpen() { return log_file.load(std::memory_order_relaxed) >= 0; }

void LogLine(std::string line) { Write(log_file, std::move(line)); }

bool OpenTrace(const std::string &path) { return Open(trace_file, path); }

bool TraceIsOpen() { return trace_file.load(std::memory_order_relaxed) >= 0; }

void TraceLine(std::string line) { Write(trace_file, std::move(line)); }

std::string Hex(const void *data, size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * size);
  for (size_t i = 0; i < size; ++i) {
    unsigned char byte = static_cast<const unsigned char *>(data)[i];
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string ThreadColumn() {
  // Trivial: calls come from threads that have destroyed their objects already.
  thread_local char column[16] = "";
  if (column[0] == '\0') {
    size_t number = std::hash<std::thread::id>()(std::this_thread::get_id()) & 0xffffffU;
    snprintf(column, sizeof column, "tid=%zx", number);
  }
  return column;
}

}  // namespace fake
