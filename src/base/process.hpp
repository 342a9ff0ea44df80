// Whether this is still the process that an object was made in.
#pragma once

#include <atomic>
#include <cstdint>

namespace pje {

// Counts the forks that left their child without a plugin's threads and devices. What was made before has
// locks that nobody may ever unlock, and waits that nobody may ever end.
inline constinit std::atomic<uint32_t> lost_processes{0};

class MadeIn {
 public:
  bool this_process() const noexcept { return lost_ == lost_processes.load(std::memory_order_relaxed); }

 private:
  uint32_t lost_ = lost_processes.load(std::memory_order_relaxed);
};

}  // namespace pje
