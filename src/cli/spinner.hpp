// A moving line with the elapsed time, where a person watches.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace pje::cli {

// Shows `label` on stderr until destroyed; does nothing unless stderr is a terminal.
class Spinner {
 public:
  explicit Spinner(std::string label);
  ~Spinner();
  Spinner(const Spinner &) = delete;
  Spinner &operator=(const Spinner &) = delete;

 private:
  void draw_until_stopped();

  std::string label_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace pje::cli
