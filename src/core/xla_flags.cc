#include "core/xla_flags.hpp"

#include <cstdlib>

#include "base/file.hpp"
#include "base/flag_words.hpp"
#include "base/loaded_image.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

constexpr std::string_view kWayOut =
    ", and the plugin would end the process over it: correct XLA_FLAGS, or set PJE_CHECK_XLA_FLAGS=0 to pass "
    "it "
    "on";

// The names of flags are strings of the plugin's own, each with its NUL.
bool holds_string(const abi::Api &api, std::string text) {
  text.push_back('\0');
  return object_holds(api.raw(), text);
}

Result<std::string> text_of(const std::string &given) {
  size_t begin = given.find_first_not_of(" \t\r\n");
  if (begin != std::string::npos && given[begin] == '-') return given;
  Result<std::string> file = read_file(given);
  if (file.ok()) return file;
  return invalid_argument(
      concat("XLA_FLAGS is \"", given,
             "\", which does not begin with \"--\" and so names a file of flags; it cannot "
             "be read",
             kWayOut));
}

}  // namespace

Status check_xla_flags(const abi::Api &api) {
  const char *given = secure_getenv("XLA_FLAGS");
  if (given == nullptr || *given == '\0') return {};
  const char *wanted = secure_getenv("PJE_CHECK_XLA_FLAGS");
  if (wanted != nullptr && std::string_view(wanted) == "0") return {};
  if (!holds_string(api, "XLA_FLAGS")) return {};
  PJE_ASSIGN(std::string text, text_of(given));
  for (const std::string &flag : flag_words(text)) {
    std::string name(flag_name(flag));
    if (name.empty() || !holds_string(api, name))
      return invalid_argument(
          concat("XLA_FLAGS holds \"", flag, "\", a flag that ", api.path(), " does not know", kWayOut));
  }
  return {};
}

}  // namespace pje
