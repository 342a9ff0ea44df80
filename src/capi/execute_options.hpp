// Reading pje_execute_options, for every function that takes them.
#pragma once

#include "core/execute_options.hpp"
#include "core/loaded_executable.hpp"
#include "pjrt_easy/executable.h"

namespace pje::capi {

Status read_given_options(const char *function, const pje_execute_options *given, ExecuteOptions *out);

inline Status read_execute_options(const char *function, const pje_execute_options *given,
                                   ExecuteOptions *out) {
  return given == nullptr ? Status() : read_given_options(function, given, out);
}

// The options of a run that few callers set. Leaves `out` empty when none is set.
Status read_execute_extras(const char *function, const pje_execute_options &given,
                           std::shared_ptr<RunExtras> *out);

}  // namespace pje::capi
