// Options structs that more than one section of the header takes.
#pragma once

#include "core/plugin.hpp"
#include "pjrt_easy/plugin.h"

namespace pje::capi {

Status read_plugin_options(const pje_plugin_options *given, PluginOptions *out);

}  // namespace pje::capi
