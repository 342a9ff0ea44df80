// Finding a plugin, reading its options from the command line, and making a client with enough devices.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/handles.hpp"

namespace pje::cli {

// Looks up names in the folder `plugins` beside the command first.
Plugin load_plugin(const std::string &name_or_path);

// Reads KEY=VALUE or KEY:TYPE=VALUE, TYPE one of string, int, float, bool, ints. Without TYPE the value
// tells. Throws UsageFailure.
NamedValues parse_plugin_options(const std::vector<std::string> &options);

// `num_devices` 0 takes what the plugin makes and asks for more only where that is below `num_needed`.
Client create_client(pje_plugin *plugin, pje_named_values *options, size_t num_devices, size_t num_needed);

// "0.115"
std::string api_version(const pje_plugin *plugin);

}  // namespace pje::cli
