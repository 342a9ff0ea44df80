// The header in front of a serialized executable: whose bytes they are, and that they are whole. Plugins load
// each other's bytes and compute wrong numbers from them, so they never see any that are not theirs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/plugin.hpp"

namespace pje {

struct SerializedInfo {
  uint32_t format_version = 1;
  uint32_t api_major = 0;
  uint32_t api_minor = 0;
  std::string platform_name;
  // Empty when it was not known: compiled without a client.
  std::string platform_version;
  // The plugin's attributes as text.
  std::string plugin;
  // Empty when the plugin has none.
  std::string fingerprint;
};

SerializedInfo info_of_plugin(const Plugin &plugin, std::string platform_name, std::string platform_version);

std::string wrap_serialized(const SerializedInfo &info, std::string_view payload);

// Answers the payload, which stays in `bytes`. INVALID_ARGUMENT for what was not written by wrap_serialized,
// UNIMPLEMENTED for a later version of it, DATA_LOSS for bytes that are missing or have changed.
Result<std::string_view> unwrap_serialized(std::string_view bytes, SerializedInfo *info);

// What the header says, as named values. Errors: as unwrap_serialized.
Result<Ref<NamedValues>> describe_serialized(std::string_view bytes);

// FAILED_PRECONDITION unless both are of the same plugin.
Status check_same_plugin(const SerializedInfo &found, const SerializedInfo &ours);

}  // namespace pje
