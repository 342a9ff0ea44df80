// Types of arrays, and how arrays lie in memory.
#include "base/array_type.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <thread>
#include <vector>

#include "base/strides.hpp"
#include "host_support.hpp"

namespace {

using host_test::expect_failure;
using pje::ArrayType;
using pje::check_strides;
using pje::intern_array_type;
using Dims = std::vector<int64_t>;

const ArrayType &type_of(pje_dtype dtype, const Dims &dims) {
  auto type = intern_array_type(dtype, dims.data(), dims.size());
  if (!type.ok()) throw std::runtime_error(std::move(type).status().error()->message());
  return *type.value();
}

pje::Status refusal(pje_dtype dtype, const Dims &dims) {
  return intern_array_type(dtype, dims.data(), dims.size()).status();
}

TEST(ArrayType, EqualTypesAreOne) {
  EXPECT_EQ(&type_of(PJE_F32, {2, 3}), &type_of(PJE_F32, {2, 3}));
  EXPECT_NE(&type_of(PJE_F32, {2, 3}), &type_of(PJE_F32, {3, 2}));
  EXPECT_NE(&type_of(PJE_F32, {2, 3}), &type_of(PJE_S32, {2, 3}));
  EXPECT_NE(&type_of(PJE_F32, {}), &type_of(PJE_F32, {1}));
  EXPECT_NE(&type_of(PJE_F32, {1}), &type_of(PJE_F32, {1, 1}));
}

TEST(ArrayType, SizesAndText) {
  const ArrayType &type = type_of(PJE_F32, {2, 3});
  EXPECT_EQ(type.num_elements, 6U);
  EXPECT_EQ(type.host_size, 24U);
  EXPECT_EQ(type.text(), "f32[2,3]");
  EXPECT_EQ(type_of(PJE_C128, {}).host_size, 16U);
  EXPECT_EQ(type_of(PJE_C128, {}).text(), "c128[]");
  EXPECT_EQ(type_of(PJE_S4, {5}).host_size, 5U);
  EXPECT_EQ(type_of(PJE_F64, {7, 0, 2}).num_elements, 0U);
  EXPECT_EQ(type_of(PJE_F64, {7, 0, 2}).host_size, 0U);
  EXPECT_EQ(type_of(PJE_TOKEN, {}).host_size, 0U);
}

TEST(ArrayType, OneForEachOrder) {
  const ArrayType &plain = type_of(PJE_F32, {2, 3});
  const ArrayType &columns = *array_type_in_order(plain, Dims{0, 1});
  EXPECT_NE(&columns, &plain);
  EXPECT_EQ(&columns, array_type_in_order(plain, Dims{0, 1}));
  EXPECT_EQ(&columns, array_type_in_order(columns, Dims{0, 1}));
  EXPECT_EQ(&plain, array_type_in_order(columns, Dims{1, 0}));
  EXPECT_EQ(columns.plain, &plain);
  EXPECT_EQ(plain.plain, &plain);
  EXPECT_EQ(columns.host_size, 24U);
  EXPECT_EQ(columns.text(), "f32[2,3]{0,1}");
  EXPECT_EQ(plain.text_in_order(), "f32[2,3]{1,0}");
  EXPECT_EQ(&type_of(PJE_F32, {2, 3}), &plain);
  EXPECT_NE(array_type_in_order(type_of(PJE_S32, {2, 3}), Dims{0, 1}), &columns);
  const ArrayType &cube = type_of(PJE_F32, {2, 3, 4});
  EXPECT_NE(array_type_in_order(cube, Dims{0, 1, 2}), array_type_in_order(cube, Dims{0, 2, 1}));
  const ArrayType *unknown = array_type_in_order(cube, {});
  EXPECT_EQ(unknown, array_type_in_order(*unknown, {}));
  EXPECT_NE(unknown, &cube);
  EXPECT_EQ(unknown->plain, &cube);
  EXPECT_EQ(unknown->minor_to_major, nullptr);
  EXPECT_EQ(unknown->text(), "f32[2,3,4]");
}

TEST(ArrayType, DimensionsOfSizeOneHaveNoOrder) {
  const ArrayType &row = type_of(PJE_F32, {1, 3});
  EXPECT_EQ(array_type_in_order(row, Dims{0, 1}), &row);
  const ArrayType &plain = type_of(PJE_F32, {2, 1, 3, 1});
  const ArrayType *order = array_type_in_order(plain, Dims{0, 2, 3, 1});
  EXPECT_EQ(order->text(), "f32[2,1,3,1]{0,2,1,3}");
  for (const Dims &same : {Dims{1, 3, 0, 2}, Dims{0, 1, 3, 2}, Dims{3, 0, 2, 1}})
    EXPECT_EQ(array_type_in_order(plain, same), order);
  EXPECT_EQ(array_type_in_order(plain, Dims{2, 3, 0, 1}), &plain);
  EXPECT_EQ(array_type_in_order(row, {}), &row);
  const ArrayType &empty = type_of(PJE_F32, {2, 0});
  EXPECT_EQ(array_type_in_order(empty, Dims{0, 1}), &empty);
}

// Threads that meet at a new order agree on one type.
TEST(ArrayType, OneOrderForAllThreads) {
  const ArrayType &plain = type_of(PJE_F32, {7, 11, 13, 17});
  Dims order{0, 1, 2, 3};
  do {
    std::array<const ArrayType *, 4> found{};
    {
      std::vector<std::jthread> threads;
      for (const ArrayType *&type : found)
        threads.emplace_back([&] { type = array_type_in_order(plain, order); });
    }
    EXPECT_EQ(std::ranges::count(found, found[0]), 4);
    EXPECT_EQ(array_type_in_order(plain, order), found[0]);
  } while (std::ranges::next_permutation(order).found);
}

TEST(ArrayType, DimsAreCopied) {
  Dims dims = {4, 5};
  auto type = intern_array_type(PJE_U8, dims.data(), dims.size());
  ASSERT_TRUE(type.ok());
  dims = {9, 9};
  EXPECT_EQ(type.value()->dims[0], 4);
  EXPECT_EQ(type.value()->dims[1], 5);
}

TEST(ArrayType, RefusalsSayWhatIsWrong) {
  expect_failure(refusal(PJE_DTYPE_INVALID, {2}), PJE_INVALID_ARGUMENT, "argument \"dtype\" is 0");
  expect_failure(refusal(static_cast<pje_dtype>(99), {2}), PJE_INVALID_ARGUMENT, "argument \"dtype\" is 99");
  expect_failure(refusal(PJE_F32, {2, -1}), PJE_INVALID_ARGUMENT, "argument \"dims\"[1] is -1");
  expect_failure(refusal(PJE_F32, Dims(65, 1)), PJE_INVALID_ARGUMENT, "argument \"rank\" is 65");
  expect_failure(intern_array_type(PJE_F32, nullptr, 2).status(), PJE_INVALID_ARGUMENT,
                 "argument \"dims\" is NULL: expected 2");
  EXPECT_TRUE(intern_array_type(PJE_F32, nullptr, 0).ok());
  EXPECT_TRUE(refusal(PJE_F32, Dims(64, 1)).ok());
}

TEST(ArrayType, SizesThatOverflowAreRefused) {
  constexpr int64_t kHalf = int64_t{1} << 32;
  expect_failure(refusal(PJE_U8, {kHalf, kHalf}), PJE_INVALID_ARGUMENT, "overflows");
  expect_failure(refusal(PJE_U16, {int64_t{1} << 62}), PJE_INVALID_ARGUMENT, "u16 overflows");
  expect_failure(refusal(PJE_TOKEN, {kHalf, kHalf}), PJE_INVALID_ARGUMENT, "overflows");
  // An empty dimension must not hide it.
  expect_failure(refusal(PJE_U8, {0, kHalf, kHalf}), PJE_INVALID_ARGUMENT, "overflows");
  EXPECT_EQ(type_of(PJE_U8, {INT64_MAX}).host_size, static_cast<size_t>(INT64_MAX));
}

TEST(ArrayType, ThreadsAgreeOnTheOne) {
  constexpr size_t kThreads = 4;
  constexpr int64_t kTypes = 3000;
  std::array<std::vector<const ArrayType *>, kThreads> found;
  std::vector<std::thread> threads;
  for (auto &own : found)
    threads.emplace_back([&own] {
      for (int64_t i = 0; i < kTypes; ++i) own.push_back(&type_of(PJE_S16, {i, 977}));
    });
  for (std::thread &thread : threads) thread.join();
  for (auto &own : found) EXPECT_EQ(own, found[0]);
  EXPECT_EQ(found[0][5]->dims[0], 5);
}

TEST(Strides, DenseOnesForEveryWidth) {
  EXPECT_EQ(pje::dense_byte_strides(type_of(PJE_F32, {2, 3, 4})), (Dims{48, 16, 4}));
  EXPECT_EQ(pje::dense_byte_strides(type_of(PJE_C128, {2, 3})), (Dims{48, 16}));
  EXPECT_EQ(pje::dense_byte_strides(type_of(PJE_U4, {2, 3})), (Dims{3, 1}));
  EXPECT_EQ(pje::dense_byte_strides(type_of(PJE_F64, {})), Dims{});
  EXPECT_EQ(pje::dense_byte_strides(type_of(PJE_F64, {2, 0, 3})), (Dims{0, 24, 8}));
}

TEST(Strides, BoundsCountFromTheFirstElement) {
  pje::StrideBounds bounds;
  ASSERT_TRUE(pje::stride_bounds(type_of(PJE_F32, {2, 3}), Dims{12, 4}, &bounds));
  EXPECT_EQ(bounds.min, 0);
  EXPECT_EQ(bounds.max, 24);
  ASSERT_TRUE(pje::stride_bounds(type_of(PJE_F32, {2, 3}), Dims{-12, 4}, &bounds));
  EXPECT_EQ(bounds.min, -12);
  EXPECT_EQ(bounds.max, 12);
  ASSERT_TRUE(pje::stride_bounds(type_of(PJE_F32, {0, 3}), Dims{INT64_MIN, INT64_MAX}, &bounds));
  EXPECT_EQ(bounds.max, 0);
  EXPECT_FALSE(pje::stride_bounds(type_of(PJE_F32, {3}), Dims{INT64_MAX}, &bounds));
  EXPECT_FALSE(pje::stride_bounds(type_of(PJE_U8, {INT64_MAX}), Dims{INT64_MIN}, &bounds));
  // Each reach is fine, their sum is not.
  EXPECT_FALSE(pje::stride_bounds(type_of(PJE_U8, {2, 2}), Dims{INT64_MAX, INT64_MAX}, &bounds));
  ASSERT_TRUE(pje::stride_bounds(type_of(PJE_U8, {2, 2}), Dims{INT64_MAX - 1, INT64_MIN}, &bounds));
  EXPECT_EQ(bounds.max, INT64_MAX);
  EXPECT_EQ(bounds.min, INT64_MIN);
}

TEST(Strides, EveryAddressMustLieWithinTheSize) {
  const ArrayType &type = type_of(PJE_F32, {2, 3});
  EXPECT_TRUE(check_strides(type, 24, Dims{12, 4}).ok());
  expect_failure(check_strides(type, 23, Dims{12, 4}), PJE_INVALID_ARGUMENT, "reach bytes 0 to 24");
  EXPECT_TRUE(check_strides(type, 4, Dims{0, 0}).ok());
  expect_failure(check_strides(type, 3, Dims{0, 0}), PJE_INVALID_ARGUMENT, "byte strides [0,0] of f32[2,3]");
  // Backwards: less than `size` bytes on either side.
  EXPECT_TRUE(check_strides(type, 24, Dims{-12, -4}).ok());
  EXPECT_TRUE(check_strides(type, 21, Dims{-12, -4}).ok());
  expect_failure(check_strides(type, 20, Dims{-12, -4}), PJE_INVALID_ARGUMENT, "reach bytes -20 to 4");
  EXPECT_TRUE(check_strides(type, 13, Dims{-12, 4}).ok());
  expect_failure(check_strides(type, 12, Dims{-12, 4}), PJE_INVALID_ARGUMENT, "");
  EXPECT_TRUE(check_strides(type_of(PJE_F32, {0}), 0, Dims{INT64_MAX}).ok());
  expect_failure(check_strides(type, 24, Dims{12}), PJE_INVALID_ARGUMENT, "got 1, expected 2");
  expect_failure(check_strides(type, SIZE_MAX, Dims{INT64_MAX, INT64_MAX}), PJE_INVALID_ARGUMENT, "overflow");
  EXPECT_TRUE(check_strides(type_of(PJE_U8, {2}), SIZE_MAX, Dims{INT64_MIN}).ok());
}

TEST(Strides, RaggedListsAreSplit) {
  const std::array<int64_t, 4> dims = {1, 2, 3, 4};
  const std::array<size_t, 4> sizes = {2, 0, 1, 1};
  auto lists = pje::split_ragged(dims.data(), sizes.data(), sizes.size());
  ASSERT_EQ(lists.size(), 4U);
  EXPECT_EQ(Dims(lists[0].begin(), lists[0].end()), (Dims{1, 2}));
  EXPECT_TRUE(lists[1].empty());
  EXPECT_EQ(Dims(lists[2].begin(), lists[2].end()), Dims{3});
  EXPECT_EQ(Dims(lists[3].begin(), lists[3].end()), Dims{4});
  EXPECT_TRUE(pje::split_ragged(nullptr, nullptr, 0).empty());
  const std::array<size_t, 2> scalars = {0, 0};
  EXPECT_EQ(pje::split_ragged(nullptr, scalars.data(), 2).size(), 2U);
}

// The row-major value at an index, found the slow way.
std::vector<unsigned char> reordered_slowly(const std::vector<unsigned char> &src, size_t element,
                                            const Dims &dims, const Dims &minor_to_major) {
  Dims stride(dims.size());
  int64_t step = 1;
  for (int64_t d : minor_to_major) {
    stride[static_cast<size_t>(d)] = step;
    step *= dims[static_cast<size_t>(d)];
  }
  std::vector<unsigned char> out;
  for (int64_t linear = 0; linear < step; ++linear) {
    int64_t rest = linear, from = 0;
    for (size_t d = dims.size(); d-- > 0; rest /= dims[d]) from += rest % dims[d] * stride[d];
    for (size_t b = 0; b < element; ++b) out.push_back(src[static_cast<size_t>(from) * element + b]);
  }
  return out;
}

TEST(Reorder, EveryOrderAndWidth) {
  const Dims dims = {2, 3, 4};
  for (size_t element : {1U, 2U, 3U, 4U, 8U, 16U}) {
    std::vector<unsigned char> src(24 * element);
    std::iota(src.begin(), src.end(), static_cast<unsigned char>(1));
    Dims order = {0, 1, 2};
    do {
      std::vector<unsigned char> dst(src.size());
      ASSERT_TRUE(pje::reorder_to_row_major(src.data(), dst.data(), element, dims, order).ok());
      EXPECT_EQ(dst, reordered_slowly(src, element, dims, order)) << element;
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST(Reorder, ScalarsAndEmptyArrays) {
  const int value = 7;
  int copy = 0;
  ASSERT_TRUE(pje::reorder_to_row_major(&value, &copy, sizeof(int), {}, {}).ok());
  EXPECT_EQ(copy, 7);
  EXPECT_TRUE(pje::reorder_to_row_major(nullptr, nullptr, 4, Dims{3, 0}, Dims{0, 1}).ok());
}

TEST(Reorder, WhatIsNoPermutationIsRefused) {
  int src = 0, dst = 0;
  for (const Dims &order : {Dims{0}, Dims{0, 0}, Dims{1, 2}, Dims{-1, 0}, Dims{0, 1, 2}})
    expect_failure(pje::reorder_to_row_major(&src, &dst, 4, Dims{1, 1}, order), PJE_INVALID_ARGUMENT,
                   "expected a permutation of 2");
}

}  // namespace
