// Arrays of the host through the C API.
#include "core/array.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/thread_context.hpp"
#include "host_support.hpp"

namespace {

using host_test::expect_ok;
using host_test::expect_refused;
using Owned = host_test::Owned<pje_array>;

Owned created(pje_dtype dtype, const std::vector<int64_t> &dims) {
  pje_array *array = nullptr;
  expect_ok(pje_array_create(dtype, dims.data(), dims.size(), &array));
  return Owned(array);
}

struct Released {
  int count = 0;
  bool in_callback = false;
};

void note_release(void *data) {
  auto *released = static_cast<Released *>(data);
  ++released->count;
  released->in_callback = pje::in_callback();
}

TEST(Array, StartsAsAlignedZeros) {
  // Small ones come from the heap, the last one has pages of its own.
  for (int64_t n : {int64_t{0}, int64_t{1}, int64_t{1000}, int64_t{3} << 20}) {
    Owned array = created(PJE_F32, {n});
    const auto *bytes = static_cast<const char *>(pje_array_const_data(array.get()));
    size_t size = pje_array_size(array.get());
    ASSERT_EQ(size, static_cast<size_t>(n) * 4);
    ASSERT_NE(bytes, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes) % 64, 0U);
    EXPECT_TRUE(std::all_of(bytes, bytes + size, [](char c) { return c == 0; }));
    std::memset(pje_array_data(array.get()), 0xFF, size);
  }
}

TEST(Array, AnswersWhatItWasMadeWith) {
  Owned array = created(PJE_BF16, {2, 5});
  EXPECT_EQ(pje_array_dtype(array.get()), PJE_BF16);
  ASSERT_EQ(pje_array_rank(array.get()), 2U);
  EXPECT_EQ(pje_array_dims(array.get())[0], 2);
  EXPECT_EQ(pje_array_dims(array.get())[1], 5);
  EXPECT_EQ(pje_array_size(array.get()), 20U);
  EXPECT_EQ(pje_array_data(array.get()), pje_array_const_data(array.get()));
}

TEST(Array, BadTypesAreRefused) {
  pje_array *out = reinterpret_cast<pje_array *>(8);
  const std::array<int64_t, 2> dims = {-1, 2};
  expect_refused(pje_array_create(PJE_F32, dims.data(), 2, &out), PJE_INVALID_ARGUMENT, "pje_array_create",
                 "\"dims\"[0] is -1");
  EXPECT_EQ(out, nullptr);
  expect_refused(pje_array_create(PJE_TOKEN, nullptr, 0, &out), PJE_INVALID_ARGUMENT, "pje_array_create",
                 "\"dtype\" is token");
  expect_refused(pje_array_create(PJE_DTYPE_INVALID, nullptr, 0, &out), PJE_INVALID_ARGUMENT,
                 "pje_array_create", "\"dtype\" is 0");
  expect_refused(pje_array_create(PJE_F32, nullptr, 1, &out), PJE_INVALID_ARGUMENT, "pje_array_create",
                 "\"dims\" is NULL");
  expect_refused(pje_array_create(PJE_F32, nullptr, 0, nullptr), PJE_INVALID_ARGUMENT, "pje_array_create",
                 "\"out\" is NULL");
}

TEST(Array, NoMemoryIsAnError) {
  pje_array *out = nullptr;
  const int64_t huge = int64_t{1} << 60;
  expect_refused(pje_array_create(PJE_U8, &huge, 1, &out), PJE_RESOURCE_EXHAUSTED, "pje_array_create",
                 "no memory for u8[1152921504606846976]");
  EXPECT_EQ(out, nullptr);
}

TEST(Array, WrapUsesTheCallersMemoryAndGivesItBackOnce) {
  Released released;
  std::array<int32_t, 6> memory = {1, 2, 3, 4, 5, 6};
  const std::array<int64_t, 2> dims = {2, 3};
  pje_array *array = nullptr;
  expect_ok(pje_array_wrap(memory.data(), sizeof(memory), PJE_S32, dims.data(), 2, note_release, &released,
                           &array));
  EXPECT_EQ(pje_array_data(array), memory.data());
  pje_array_release(pje_array_retain(array));
  EXPECT_EQ(released.count, 0);
  pje_array_release(array);
  EXPECT_EQ(released.count, 1);
  EXPECT_TRUE(released.in_callback);
  EXPECT_FALSE(pje::in_callback());
}

TEST(Array, AFailedWrapNeverReleases) {
  Released released;
  std::array<int32_t, 6> memory{};
  const std::array<int64_t, 2> dims = {2, 4};
  pje_array *array = nullptr;
  expect_refused(
      pje_array_wrap(memory.data(), sizeof(memory), PJE_S32, dims.data(), 2, note_release, &released, &array),
      PJE_INVALID_ARGUMENT, "pje_array_wrap", "\"size\" is 24 bytes: expected at least 32 for s32[2,4]");
  expect_refused(pje_array_wrap(nullptr, 99, PJE_S32, dims.data(), 2, note_release, &released, &array),
                 PJE_INVALID_ARGUMENT, "pje_array_wrap", "\"data\" is NULL");
  expect_refused(pje_array_wrap(memory.data(), 24, PJE_TOKEN, nullptr, 0, note_release, &released, &array),
                 PJE_INVALID_ARGUMENT, "pje_array_wrap", "token");
  expect_refused(pje_array_wrap(memory.data(), 24, PJE_S32, nullptr, 0, note_release, &released, nullptr),
                 PJE_INVALID_ARGUMENT, "pje_array_wrap", "\"out\"");
  EXPECT_EQ(released.count, 0);
  const int64_t none = 0;
  expect_ok(pje_array_wrap(nullptr, 0, PJE_S32, &none, 1, note_release, &released, &array));
  pje_array_release(array);
  EXPECT_EQ(released.count, 1);
}

TEST(Array, ReinterpretSharesTheMemoryAndKeepsItAlive) {
  Released released;
  std::array<uint16_t, 2> memory = {0x3F80, 0x4000};
  const int64_t dim = 2;
  pje_array *array = nullptr;
  expect_ok(pje_array_wrap(memory.data(), 4, PJE_U16, &dim, 1, note_release, &released, &array));
  pje_array *other = nullptr;
  expect_ok(pje_array_reinterpret(array, PJE_BF16, &other));
  pje_array_release(array);
  EXPECT_EQ(released.count, 0);
  EXPECT_EQ(pje_array_data(other), memory.data());
  EXPECT_EQ(pje_array_dtype(other), PJE_BF16);
  expect_refused(pje_array_reinterpret(other, PJE_F32, &array), PJE_INVALID_ARGUMENT, "pje_array_reinterpret",
                 "f32 with 4 bytes an element: expected 2 as in bf16[2]");
  expect_refused(pje_array_reinterpret(other, PJE_TOKEN, &array), PJE_INVALID_ARGUMENT,
                 "pje_array_reinterpret", "token");
  expect_refused(pje_array_reinterpret(nullptr, PJE_F16, &array), PJE_INVALID_ARGUMENT,
                 "pje_array_reinterpret", "\"array\" is NULL");
  pje_array_release(other);
  EXPECT_EQ(released.count, 1);
}

TEST(Array, NotToBeMadeInsideACallback) {
  pje::CallbackScope scope;
  pje_array *out = nullptr;
  expect_refused(pje_array_create(PJE_F32, nullptr, 0, &out), PJE_FAILED_PRECONDITION, "pje_array_create",
                 "inside a callback");
}

}  // namespace
