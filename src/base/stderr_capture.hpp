// What the process writes to file descriptor 2, given to the log line by line. Plugins know no other way to
// speak.
#pragma once

#include "base/status.hpp"

namespace pje {

// FAILED_PRECONDITION when it is on already, RESOURCE_EXHAUSTED without descriptors or threads.
Status start_stderr_capture();
// Puts the former stderr back and gives out every line written before; nothing when it is off.
void stop_stderr_capture() noexcept;

}  // namespace pje
