// Whole files, read and replaced.
#include "base/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <thread>

#include "host_support.hpp"

namespace {

using host_test::contents_of;
using host_test::expect_failure;
using host_test::TempFolder;
using pje::read_file;
using pje::replace_file;

pje::Status replace(const std::string &path, std::string_view text) {
  const std::array parts = {text.substr(0, 1), text.substr(1)};
  return replace_file(path, parts);
}

TEST(ReadFile, AnySize) {
  TempFolder folder;
  for (size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{65537}, size_t{3000000}}) {
    std::string text(size, 'x');
    if (size > 0) text.back() = '\0';
    auto read = read_file(folder.write("f", text));
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read.value() == text) << size;
  }
}

TEST(ReadFile, FromAPipe) {
  TempFolder folder;
  std::string path = folder.file("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::string text(200000, 'p');
  std::thread writer([&] { std::ofstream(path) << text; });
  auto read = read_file(path);
  writer.join();
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read.value() == text);
}

TEST(ReadFile, FailuresNameTheFileAndTheReason) {
  TempFolder folder;
  expect_failure(read_file(folder.file("none")).status(), PJE_NOT_FOUND, "/none: No such file or directory");
  expect_failure(read_file(folder.file("")).status(), PJE_INVALID_ARGUMENT, "/: Is a directory");
  expect_failure(read_file("").status(), PJE_NOT_FOUND, "\"\": No such file");
  folder.write("f", "x");
  expect_failure(read_file(folder.file("f/g")).status(), PJE_NOT_FOUND, "/f/g: Not a directory");
  expect_failure(read_file(folder.file(std::string(300, 'n'))).status(), PJE_INVALID_ARGUMENT,
                 "name too long");
  expect_failure(pje::file_failure(EACCES, "p"), PJE_PERMISSION_DENIED, "p: Permission denied");
  expect_failure(pje::file_failure(EMFILE, "p"), PJE_RESOURCE_EXHAUSTED, "p: Too many open files");
  expect_failure(pje::file_failure(ENOSPC, "p"), PJE_UNAVAILABLE, "p: No space left");
}

TEST(ReplaceFile, WritesAllPartsAndLeavesNothingBeside) {
  TempFolder folder;
  std::string path = folder.file("f");
  ASSERT_TRUE(replace(path, "first").ok());
  EXPECT_EQ(contents_of(path), "first");
  ASSERT_TRUE(replace(path, "second text").ok());
  EXPECT_EQ(contents_of(path), "second text");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"f"});
}

TEST(ReplaceFile, ModeFollowsTheUmask) {
  TempFolder folder;
  mode_t before = umask(027);
  pje::Status status = replace(folder.file("f"), "x");
  umask(before);
  ASSERT_TRUE(status.ok());
  struct stat info {};
  ASSERT_EQ(stat(folder.file("f").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640U);
}

TEST(ReplaceFile, FollowsLinks) {
  TempFolder folder;
  folder.write("target", "old");
  ASSERT_EQ(symlink("target", folder.file("link").c_str()), 0);
  ASSERT_TRUE(replace(folder.file("link"), "new").ok());
  EXPECT_EQ(contents_of(folder.file("target")), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link")));
}

TEST(ReplaceFile, WritesIntoDevicesAndReportsThatTheyAreFull) {
  EXPECT_TRUE(replace("/dev/null", "gone").ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  expect_failure(replace("/dev/full", "never"), PJE_UNAVAILABLE, "/dev/full: No space left on device");
}

TEST(ReplaceFile, FailuresNameTheTarget) {
  TempFolder folder;
  expect_failure(replace(folder.file("no/f"), "x"), PJE_NOT_FOUND, "/no/f: No such file or directory");
  expect_failure(replace(folder.file(""), "x"), PJE_INVALID_ARGUMENT, "Is a directory");
  EXPECT_TRUE(folder.names().empty());
}

}  // namespace
