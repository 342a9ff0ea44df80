#include "log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <sstream>
#include <thread>

namespace fake {
namespace {

std::atomic<int> log_file{-1};

}  // namespace

bool OpenLog(const std::string &path) {
  int opened = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (opened < 0) return false;
  int former = log_file.exchange(opened);
  if (former >= 0) close(former);
  return true;
}

bool LogIsOpen() { return log_file.load(std::memory_order_relaxed) >= 0; }

void LogLine(std::string line) {
  int file = log_file.load();
  if (file < 0) return;
  line += '\n';
  // A single write: lines of processes that share the file must not mix.
  if (write(file, line.data(), line.size()) < 0) log_file.compare_exchange_strong(file, -1);
}

std::string ThreadColumn() {
  std::ostringstream out;
  out << "tid=" << std::hex << (std::hash<std::thread::id>()(std::this_thread::get_id()) & 0xffffffU);
  return out.str();
}

}  // namespace fake
