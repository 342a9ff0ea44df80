// Errors and how they travel.
#include "base/status.hpp"

#include <gtest/gtest.h>

#include <array>

#include "host_support.hpp"

namespace {

using pje::failure;
using pje::failure_of;
using pje::Result;
using pje::Status;

TEST(Status, SuccessHasNoError) {
  Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.error(), nullptr);
  EXPECT_TRUE(pje::with_function(Status(), "pje_x").ok());
}

TEST(Status, MessageIsOneLineFromFunctionCodeAndText) {
  Status status = failure_of("PJRT_Client_Compile", PJE_INVALID_ARGUMENT, "first\nsecond");
  EXPECT_EQ(status.error()->message(), "PJRT_Client_Compile: INVALID_ARGUMENT: first");
  EXPECT_EQ(status.error()->detail(), "first\nsecond");
  EXPECT_EQ(status.error()->function(), "PJRT_Client_Compile");
  EXPECT_EQ(failure(PJE_INTERNAL, "").error()->message(), "INTERNAL");
}

TEST(Status, MessageStaysBelow512BytesAndKeepsCharactersWhole) {
  std::string text;
  while (text.size() < 2000) text += "\xE2\x82\xAC";
  for (int shift = 0; shift < 3; ++shift) {
    Status status = failure(PJE_UNKNOWN, std::string(static_cast<size_t>(shift), 'x') + text);
    const std::string &message = status.error()->message();
    EXPECT_LT(message.size(), 512U);
    EXPECT_GT(message.size(), 505U);
    EXPECT_EQ(pje::code_name(status.error()->code()), std::string("UNKNOWN"));
    EXPECT_EQ(static_cast<unsigned char>(message.back()), 0xAC) << shift;
  }
}

TEST(Status, NameIsGivenOnceOnly) {
  Status ours = pje::with_function(failure(PJE_NOT_FOUND, "x"), "pje_a");
  ours = pje::with_function(std::move(ours), "pje_b");
  EXPECT_EQ(ours.error()->function(), "pje_a");
  EXPECT_EQ(ours.error()->message(), "pje_a: NOT_FOUND: x");
}

TEST(Status, CodeNames) {
  EXPECT_STREQ(pje::code_name(PJE_OK), "OK");
  EXPECT_STREQ(pje::code_name(PJE_UNAUTHENTICATED), "UNAUTHENTICATED");
  EXPECT_STREQ(pje::code_name(static_cast<pje_code>(17)), "UNKNOWN");
  EXPECT_STREQ(pje::code_name(PJE_CODE_MAX_), "UNKNOWN");
}

TEST(Status, OutOfMemoryIsOneErrorThatOutlivesEveryRelease) {
  pje_error *first = pje::out_of_memory().take().to_public();
  pje_error *second = pje::out_of_memory().take().to_public();
  EXPECT_EQ(first, second);
  EXPECT_EQ(pje_error_code(first), PJE_RESOURCE_EXHAUSTED);
  EXPECT_STREQ(pje_error_message(first), "RESOURCE_EXHAUSTED: out of memory");
  pje_error_release(first);
  pje_error_release(second);
  EXPECT_STREQ(pje_error_detail(first), "out of memory");
  // Naming a function would change what another caller sees.
  Status named = pje::with_function(pje::out_of_memory(), "pje_x");
  EXPECT_EQ(named.error()->function(), "");
}

Result<int> half(int number) {
  if (number % 2 != 0) return pje::invalid_argument("odd");
  return number / 2;
}

Status quarter(int number, int *out) {
  PJE_ASSIGN(int once, half(number));
  PJE_ASSIGN(*out, half(once));
  return {};
}

TEST(Result, CarriesAValueOrAnError) {
  int out = 0;
  EXPECT_TRUE(quarter(12, &out).ok());
  EXPECT_EQ(out, 3);
  host_test::expect_failure(quarter(6, &out), PJE_INVALID_ARGUMENT, "odd");
  EXPECT_EQ(out, 3);
}

TEST(ErrorApi, CreateKeepsCodeAndText) {
  host_test::Owned<pje_error> error(pje_error_create(PJE_ABORTED, "stop\nnow"));
  EXPECT_EQ(pje_error_code(error.get()), PJE_ABORTED);
  EXPECT_STREQ(pje_error_message(error.get()), "ABORTED: stop");
  EXPECT_STREQ(pje_error_detail(error.get()), "stop\nnow");
  EXPECT_STREQ(pje_error_function(error.get()), "");
  EXPECT_EQ(pje_error_num_payloads(error.get()), 0U);
  EXPECT_FALSE(pje_error_payload(error.get(), 0, nullptr, nullptr, nullptr));
}

TEST(ErrorApi, CreateTurnsWhatIsNoErrorCodeIntoUnknown) {
  for (int code : {0, 17, 1000}) {
    host_test::Owned<pje_error> error(pje_error_create(static_cast<pje_code>(code), nullptr));
    EXPECT_EQ(pje_error_code(error.get()), PJE_UNKNOWN) << code;
    EXPECT_STREQ(pje_error_message(error.get()), "UNKNOWN");
  }
}

TEST(ErrorApi, NullIsSuccess) {
  EXPECT_EQ(pje_error_code(nullptr), PJE_OK);
  EXPECT_STREQ(pje_error_message(nullptr), "");
  EXPECT_STREQ(pje_error_detail(nullptr), "");
  EXPECT_STREQ(pje_error_function(nullptr), "");
  pje_error_release(nullptr);
  EXPECT_EQ(pje_error_retain(nullptr), nullptr);
}

TEST(ErrorApi, PayloadsAreReadByIndex) {
  Status status = failure_of("PJRT_X", PJE_INTERNAL, "t", {{"key", std::string("\0v", 2)}});
  host_test::Owned<pje_error> error(std::move(status).take().to_public());
  const char *key = nullptr;
  const void *data = nullptr;
  size_t size = 0;
  ASSERT_EQ(pje_error_num_payloads(error.get()), 1U);
  ASSERT_TRUE(pje_error_payload(error.get(), 0, &key, &data, &size));
  EXPECT_STREQ(key, "key");
  EXPECT_EQ(std::string(static_cast<const char *>(data), size), std::string("\0v", 2));
  EXPECT_FALSE(pje_error_payload(error.get(), 1, &key, &data, &size));
}

}  // namespace
