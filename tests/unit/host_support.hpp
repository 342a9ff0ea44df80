// What the tests of the host-side parts share.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "pjrt_easy.h"

namespace host_test {

struct Release {
  void operator()(pje_error *error) const { pje_error_release(error); }
  void operator()(pje_bytes *bytes) const { pje_bytes_release(bytes); }
  void operator()(pje_array *array) const { pje_array_release(array); }
  void operator()(pje_program *program) const { pje_program_release(program); }
  void operator()(pje_named_values *values) const { pje_named_values_release(values); }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;

inline void expect_ok(pje_error *error) {
  Owned<pje_error> owned(error);
  EXPECT_EQ(error, nullptr) << pje_error_message(error);
}

// Every refusal is one line that names the function and says what was wrong.
inline void expect_refused(pje_error *error, pje_code code, const std::string &function,
                           const std::string &fragment) {
  Owned<pje_error> owned(error);
  ASSERT_NE(error, nullptr) << function << " succeeded";
  std::string message = pje_error_message(error);
  EXPECT_EQ(pje_error_code(error), code) << message;
  EXPECT_EQ(pje_error_function(error), function) << message;
  EXPECT_NE(message.find(fragment), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

inline void expect_failure(const pje::Status &status, pje_code code, const std::string &fragment) {
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error()->code(), code) << status.error()->message();
  EXPECT_NE(status.error()->message().find(fragment), std::string::npos) << status.error()->message();
  EXPECT_EQ(status.error()->detail().find('\n'), std::string::npos) << status.error()->detail();
}

// A folder that goes away with everything in it.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "pje-unit-XXXXXX").string();
    const char *made = mkdtemp(pattern.data());
    EXPECT_NE(made, nullptr);
    path_ = made == nullptr ? "" : made;
  }
  ~TempFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder &) = delete;
  TempFolder &operator=(const TempFolder &) = delete;

  std::string file(const std::string &name) const { return path_ + "/" + name; }
  std::string write(const std::string &name, std::string_view contents) const {
    std::ofstream out(file(name), std::ios::binary);
    out.write(contents.data(), static_cast<std::streamsize>(contents.size()));
    return file(name);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto &entry : std::filesystem::directory_iterator(path_))
      found.push_back(entry.path().filename().string());
    return found;
  }

 private:
  std::string path_;
};

inline std::string contents_of(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

inline const std::string kPrograms = PJE_TEST_DIR "/programs";

}  // namespace host_test
