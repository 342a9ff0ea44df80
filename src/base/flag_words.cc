#include "base/flag_words.hpp"

#include <algorithm>

namespace pje {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

// Where the flag that begins at `begin` ends.
size_t end_of_flag(std::string_view text, size_t begin) noexcept {
  size_t sign = text.find_first_of("= \t\r\n", begin);
  if (sign != std::string_view::npos && text[sign] == '=' && sign + 1 < text.size()) {
    char quote = text[sign + 1];
    if (quote == '"' || quote == '\'') {
      size_t end = sign + 2;
      while (end < text.size() && text[end] != quote) end += quote == '"' && text[end] == '\\' ? 2 : 1;
      return std::min(end + 1, text.size());
    }
  }
  return std::min(text.find_first_of(kSpace, begin), text.size());
}

}  // namespace

std::vector<std::string> flag_words(std::string_view text) {
  std::vector<std::string> flags;
  size_t begin = text.find_first_not_of(kSpace);
  while (begin != std::string_view::npos && text[begin] == '-') {
    size_t end = end_of_flag(text, begin);
    flags.emplace_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kSpace, end);
  }
  return flags;
}

std::string_view flag_name(std::string_view flag) noexcept {
  if (!flag.starts_with("--")) return {};
  return flag.substr(2, flag.find('=') - 2);
}

}  // namespace pje
