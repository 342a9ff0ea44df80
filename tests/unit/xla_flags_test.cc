// What the check of XLA_FLAGS is made of.
#include <gnu/libc-version.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/flag_words.hpp"
#include "base/loaded_image.hpp"

namespace {

using Words = std::vector<std::string>;

TEST(FlagWords, EndAtWhiteSpace) {
  EXPECT_EQ(pje::flag_words("--a=1 --b\t--c=x,y\n --d="), (Words{"--a=1", "--b", "--c=x,y", "--d="}));
  EXPECT_EQ(pje::flag_words("  -a"), Words{"-a"});
  EXPECT_EQ(pje::flag_words(""), Words{});
  EXPECT_EQ(pje::flag_words(" \n"), Words{});
}

TEST(FlagWords, EndAtAWordThatIsNone) {
  EXPECT_EQ(pje::flag_words("--a word --b"), Words{"--a"});
  EXPECT_EQ(pje::flag_words("word --b"), Words{});
}

TEST(FlagWords, QuotesHoldWhiteSpace) {
  EXPECT_EQ(pje::flag_words("--a='x --y' --b"), (Words{"--a='x --y'", "--b"}));
  EXPECT_EQ(pje::flag_words(R"(--a="x \" --y" --b)"), (Words{R"(--a="x \" --y")", "--b"}));
  EXPECT_EQ(pje::flag_words(R"(--a='x \' --b)"), (Words{R"(--a='x \')", "--b"}));
  EXPECT_EQ(pje::flag_words("--a='x --b"), Words{"--a='x --b"});
  EXPECT_EQ(pje::flag_words(R"(--a="x\)"), Words{R"(--a="x\)"});
}

TEST(FlagWords, NameIsBetweenDashesAndSign) {
  EXPECT_EQ(pje::flag_name("--name=value=more"), "name");
  EXPECT_EQ(pje::flag_name("--name"), "name");
  EXPECT_EQ(pje::flag_name("--"), "");
  EXPECT_EQ(pje::flag_name("--=x"), "");
  EXPECT_EQ(pje::flag_name("-name"), "");
}

// Long enough that no compiler builds it from numbers in the code.
constexpr const char *kHeld = "a string that only this program holds, for the search in its own image";

TEST(LoadedImage, HoldsItsStrings) {
  std::string held = kHeld;
  held.push_back('\0');
  EXPECT_TRUE(pje::object_holds(kHeld, held));
  // Put together here, so that the image does not hold it.
  std::string other(held.rbegin() + 1, held.rend());
  EXPECT_FALSE(pje::object_holds(kHeld, other));
}

TEST(LoadedImage, OnlyOfTheObjectAsked) {
  std::string on_the_heap = kHeld;
  EXPECT_FALSE(pje::object_holds(on_the_heap.data(), on_the_heap));
  EXPECT_FALSE(pje::object_holds(nullptr, on_the_heap));
  EXPECT_FALSE(pje::object_holds(reinterpret_cast<const void *>(&gnu_get_libc_version), on_the_heap));
}

}  // namespace
