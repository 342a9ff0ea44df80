// The options of a run that few callers set.
#pragma once

#include "core/execute_options.hpp"
#include "pjrt_easy/executable.h"

namespace pje::capi {

// Leaves `out` empty when none is set.
Status read_execute_extras(const char *function, const pje_execute_options &given,
                           std::shared_ptr<RunExtras> *out);

}  // namespace pje::capi
