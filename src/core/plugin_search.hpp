// From a plugin's name to its file.
#pragma once

#include <string>
#include <vector>

#include "base/status.hpp"

namespace pje {

// Looks in the given folders, then in those of the environment. The error of a failed search tells every
// place.
Result<std::string> find_plugin(const std::string &name, const std::vector<std::string> &search_paths);

}  // namespace pje
