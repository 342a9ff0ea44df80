// The examples of FIPS 180-4 and its companions.
#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include "host_support.hpp"

namespace {

using pje::Sha256;

std::string digest(std::string_view text) {
  Sha256 hash;
  hash.update(text.data(), text.size());
  return hash.finish();
}

TEST(Sha256, PublishedExamples) {
  EXPECT_EQ(digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(digest(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesGiveWhatTheWholeGives) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i);
  for (size_t length = 0; length <= text.size(); ++length) {
    std::string whole = digest(std::string_view(text).substr(0, length));
    for (size_t piece : {1U, 7U, 63U, 64U, 65U}) {
      Sha256 hash;
      for (size_t at = 0; at < length; at += piece)
        hash.update(text.data() + at, std::min(piece, length - at));
      ASSERT_EQ(hash.finish(), whole) << length << " in pieces of " << piece;
    }
  }
}

TEST(Sha256, OfAFile) {
  host_test::TempFolder folder;
  auto hash = pje::sha256_of_file(folder.write("x", std::string(1000000, 'a')));
  ASSERT_TRUE(hash.ok());
  EXPECT_EQ(hash.value(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  std::string larger = folder.write("y", std::string((size_t{1} << 20) * 2, 'b'));
  auto exact = pje::sha256_of_file(larger);
  ASSERT_TRUE(exact.ok());
  EXPECT_EQ(exact.value(), digest(std::string((size_t{1} << 20) * 2, 'b')));
  host_test::expect_failure(pje::sha256_of_file(folder.file("z")).status(), PJE_NOT_FOUND,
                            "/z: No such file");
}

}  // namespace
