#include "base/text.hpp"

#include <cstring>

namespace pje {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the well-formed character at the start of `text`, or 0. Follows the table of well-formed
// sequences of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF.
size_t character_length(std::string_view text) {
  auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  auto within = [](unsigned value, unsigned low, unsigned high) { return value >= low && value <= high; };
  unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (within(first, 0xC2, 0xDF)) return within(byte(1), 0x80, 0xBF) ? 2 : 0;
  if (within(first, 0xE0, 0xEF)) {
    unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    unsigned high = first == 0xED ? 0x9F : 0xBF;
    return within(byte(1), low, high) && within(byte(2), 0x80, 0xBF) ? 3 : 0;
  }
  if (within(first, 0xF0, 0xF4)) {
    unsigned low = first == 0xF0 ? 0x90 : 0x80;
    unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    bool rest = within(byte(2), 0x80, 0xBF) && within(byte(3), 0x80, 0xBF);
    return within(byte(1), low, high) && rest ? 4 : 0;
  }
  return 0;
}

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x8080808080808080;

// Whether `word_is_good` holds for all bytes of the text, eight at a time; the last eight may overlap those
// before them.
template <class Test>
bool all_words(std::string_view text, Test &&word_is_good) {
  constexpr size_t kWord = sizeof(uint64_t);
  auto good_at = [&](size_t at, size_t size) {
    // What is missing of a word is filled up with something that no test minds.
    uint64_t word = kOnes * ' ';
    std::memcpy(&word, text.data() + at, size);
    return word_is_good(word);
  };
  if (text.size() < kWord) return good_at(0, text.size());
  for (size_t at = 0; at + kWord < text.size(); at += kWord)
    if (!good_at(at, kWord)) return false;
  return good_at(text.size() - kWord, kWord);
}

// Most text is ASCII without NUL. Set where a byte is above 127 or, by the borrow, zero.
bool is_plain(std::string_view text) {
  return all_words(text, [](uint64_t word) { return ((word | (word - kOnes)) & kHighs) == 0; });
}

}  // namespace

std::string utf8_from(const char *data, size_t size) {
  std::string out;
  if (data == nullptr) return out;
  std::string_view rest(data, size);
  if (is_plain(rest)) {
    out = rest;
    return out;
  }
  out.reserve(size);
  while (!rest.empty()) {
    size_t length = rest[0] == '\0' ? 0 : character_length(rest);
    out += length > 0 ? rest.substr(0, length) : kReplacement;
    rest.remove_prefix(length > 0 ? length : 1);
  }
  return out;
}

bool is_printable(std::string_view text) noexcept {
  // Exact for what is below the highest byte that matches; that is enough to tell whether there is any.
  return all_words(text, [](uint64_t word) {
    uint64_t below_space = (word - kOnes * 0x20) & ~word;
    uint64_t without_delete = word ^ kOnes * 0x7F;
    uint64_t is_delete = (without_delete - kOnes) & ~without_delete;
    return ((below_space | is_delete) & kHighs) == 0;
  });
}

void make_printable(std::span<char> text) noexcept {
  for (char &c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
}

std::string printable(std::string_view text) {
  std::string out(text);
  make_printable(out);
  return out;
}

void truncate_utf8(std::string &text, size_t limit) {
  if (text.size() <= limit) return;
  size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
}

std::string dims_text(std::span<const int64_t> dims) {
  std::string out = "[";
  for (size_t i = 0; i < dims.size(); ++i) out += concat(i == 0 ? "" : ",", dims[i]);
  return out + "]";
}

}  // namespace pje
