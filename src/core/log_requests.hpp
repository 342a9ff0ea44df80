// Lines of the log as requests that nobody waits for: for languages whose code cannot run on a foreign
// thread.
#pragma once

#include "core/request_queue.hpp"

namespace pje {

void log_to_queue(const RequestQueue &queue);

}  // namespace pje
