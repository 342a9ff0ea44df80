// Text from plugins and for messages.
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/checked.hpp"

namespace {

using pje::utf8_from;
const std::string kBad = "\xEF\xBF\xBD";

TEST(Utf8From, NullAndEmptyAreEmpty) {
  EXPECT_EQ(utf8_from(nullptr, 0), "");
  EXPECT_EQ(utf8_from(nullptr, 7), "");
  EXPECT_EQ(utf8_from("abc", 0), "");
}

TEST(Utf8From, TakesWhatTheSizeSaysNotTheTerminator) {
  EXPECT_EQ(utf8_from("abcdef", 3), "abc");
  const std::array<char, 2> without_nul = {'h', 'i'};
  EXPECT_EQ(utf8_from(without_nul.data(), 2), "hi");
}

TEST(Utf8From, KeepsEveryLengthOfCharacter) {
  std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF";
  EXPECT_EQ(utf8_from(text.data(), text.size()), text);
}

TEST(Utf8From, ReplacesEachInvalidByte) {
  struct Case {
    std::string given, wanted;
  };
  const std::array cases = {
      Case{"a\xFFz", "a" + kBad + "z"},
      Case{"\x80", kBad},
      Case{"\xC3", kBad},                                   // cut short
      Case{"\xC0\xAF", kBad + kBad},                        // overlong
      Case{"\xE0\x80\x80", kBad + kBad + kBad},             // overlong
      Case{"\xED\xA0\x80", kBad + kBad + kBad},             // surrogate
      Case{"\xF4\x90\x80\x80", kBad + kBad + kBad + kBad},  // above U+10FFFF
      Case{"\xE2\x82z", kBad + kBad + "z"},
      Case{std::string("a\0b", 3), "a" + kBad + "b"},  // would end a C string
  };
  for (const Case &c : cases) EXPECT_EQ(utf8_from(c.given.data(), c.given.size()), c.wanted);
}

TEST(Printable, KeepsLinesWholeAndTerminalsPlain) {
  EXPECT_EQ(pje::printable("a\nb\tc\x1B[31md\x7F"), "a b c [31md ");
  EXPECT_EQ(pje::printable("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
}

TEST(TruncateUtf8, NeverCutsThroughACharacter) {
  std::string text = "ab\xE2\x82\xACz";
  for (size_t limit = 0; limit <= text.size(); ++limit) {
    std::string cut = text;
    pje::truncate_utf8(cut, limit);
    EXPECT_LE(cut.size(), limit);
    EXPECT_EQ(utf8_from(cut.data(), cut.size()), cut) << limit;
    EXPECT_EQ(text.substr(0, cut.size()), cut);
  }
  pje::truncate_utf8(text, 5);
  EXPECT_EQ(text, "ab\xE2\x82\xAC");
}

TEST(Text, ConcatAndDims) {
  EXPECT_EQ(pje::concat("a", 'b', std::string("c"), -3, size_t{4}), "abc-34");
  const std::array<int64_t, 3> dims = {2, 0, 30};
  EXPECT_EQ(pje::dims_text(dims), "[2,0,30]");
  EXPECT_EQ(pje::dims_text({}), "[]");
}

TEST(Checked, TellsWhatDoesNotFit) {
  int64_t signed_result = 0;
  EXPECT_TRUE(pje::checked_mul<int64_t>(INT64_MAX, 1, &signed_result));
  EXPECT_EQ(signed_result, INT64_MAX);
  EXPECT_FALSE(pje::checked_mul<int64_t>(INT64_MAX, 2, &signed_result));
  EXPECT_FALSE(pje::checked_add<int64_t>(INT64_MIN, -1, &signed_result));
  size_t size = 0;
  EXPECT_TRUE(pje::checked_add<size_t>(SIZE_MAX - 1, 1, &size));
  EXPECT_EQ(size, SIZE_MAX);
  EXPECT_FALSE(pje::checked_add<size_t>(SIZE_MAX, 1, &size));
}

}  // namespace
