// XLA_FLAGS, which XLA reads when it is first used, and ends the process over what it does not know.
#pragma once

#include "abi/call.hpp"

namespace pje {

// INVALID_ARGUMENT for a flag that the plugin does not know, or a file of flags that cannot be read. Plugins
// that do not read XLA_FLAGS are left alone; so is everything with PJE_CHECK_XLA_FLAGS=0.
Status check_xla_flags(const abi::Api &api);

}  // namespace pje
