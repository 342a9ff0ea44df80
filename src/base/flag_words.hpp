// Flags in the text of an environment variable, as XLA reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pje {

// Words between white space that begin with a dash, up to the first that does not. A value in quotes right
// after the `=` may hold white space and, in double ones, characters behind a backslash.
std::vector<std::string> flag_words(std::string_view text);

// `name` of `--name` and `--name=value`; empty when there are not just two dashes.
std::string_view flag_name(std::string_view flag) noexcept;

}  // namespace pje
