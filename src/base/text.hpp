// Building and cleaning text.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pje {

inline void append_text(std::string &out, std::string_view text) { out += text; }
inline void append_text(std::string &out, const char *text) { out += text; }
inline void append_text(std::string &out, char c) { out += c; }
template <std::integral T>
void append_text(std::string &out, T number) {
  out += std::to_string(number);
}

template <class... Parts>
std::string concat(const Parts &...parts) {
  std::string out;
  (append_text(out, parts), ...);
  return out;
}

// A plugin's string: pointer and size, possibly NULL, possibly not UTF-8. Invalid bytes become U+FFFD.
std::string utf8_from(const char *data, size_t size);

// Control characters, which would break a line or colour a terminal, become spaces.
std::string printable(std::string_view text);
void make_printable(std::span<char> text) noexcept;
// Whether there are none; quicker than looking for the first.
bool is_printable(std::string_view text) noexcept;

// Cuts to at most `limit` bytes without cutting through a character.
void truncate_utf8(std::string &text, size_t limit);

// "[2,3]", for messages.
std::string dims_text(std::span<const int64_t> dims);

}  // namespace pje
