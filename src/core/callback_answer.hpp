// What callbacks that must answer have in common: the user's answer comes in, the plugin's form goes out.
#pragma once

#include "abi/core/error.h"
#include "base/status.hpp"

namespace pje {

// Takes over the error that a callback of the user returned; NULL is success. `callback` names it in
// messages.
Status take_answer(pje_error *answer, const char *callback) noexcept;

// The plugin's own form of an error, NULL for success.
PJRT_Error *to_plugin(const Status &status, PJRT_CallbackError *make_error) noexcept;

}  // namespace pje
