// Handles that release themselves, and the checks that the tests of the compile options share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pjrt_easy.h"

namespace options_test {

struct Release {
  void operator()(pje_error *error) const { pje_error_release(error); }
  void operator()(pje_bytes *bytes) const { pje_bytes_release(bytes); }
  void operator()(pje_compile_options *options) const { pje_compile_options_release(options); }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;
using Options = Owned<pje_compile_options>;

inline void expect_ok(pje_error *error, const std::string &what = "") {
  Owned<pje_error> owned(error);
  EXPECT_EQ(error, nullptr) << what << ": " << pje_error_message(error);
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

inline Options create() {
  pje_compile_options *options = nullptr;
  expect_ok(pje_compile_options_create(&options));
  return Options(options);
}

inline std::string taken(pje_error *error, pje_bytes *&bytes) {
  expect_ok(error);
  Owned<pje_bytes> owned(bytes);
  if (bytes == nullptr) return "";
  return {static_cast<const char *>(pje_bytes_data(bytes)), pje_bytes_size(bytes)};
}

inline std::string serialized(const Options &options) {
  pje_bytes *bytes = nullptr;
  return taken(pje_compile_options_serialize(options.get(), &bytes), bytes);
}

inline Options parsed(const std::string &bytes) {
  pje_compile_options *options = nullptr;
  expect_ok(pje_compile_options_from_bytes(bytes.data(), bytes.size(), &options));
  return Options(options);
}

// What protoc makes of a message in text form.
std::string encoded_by_protoc(const std::string &message, const std::string &text);

}  // namespace options_test
