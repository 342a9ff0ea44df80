// Where elements lie: orders, strides and tiles, each against offsets worked out by hand.
#include "base/placement.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "host_support.hpp"

namespace {

using host_test::expect_failure;
using pje::ArrayType;
using pje::Placement;
using Dims = std::vector<int64_t>;
using Tiles = std::vector<Dims>;
using Bytes = std::vector<uint8_t>;

const ArrayType &type_of(pje_dtype dtype, const Dims &dims) {
  auto type = pje::intern_array_type(dtype, dims.data(), dims.size());
  if (!type.ok()) throw std::runtime_error(std::move(type).status().error()->message());
  return *type.value();
}

Placement tiled(const ArrayType &type, const Dims &order, const Tiles &tiles) {
  auto made = Placement::tiled(type, order, tiles);
  if (!made.ok()) throw std::runtime_error(std::move(made).status().error()->message());
  return std::move(made).value();
}

Placement strided(const ArrayType &type, const Dims &strides) {
  auto made = Placement::strided(type, strides);
  if (!made.ok()) throw std::runtime_error(std::move(made).status().error()->message());
  return std::move(made).value();
}

// Elements 1, 2, 3 ... of one byte, scattered; 0 is padding. They must also come back.
Bytes placed(const Placement &placement, size_t count) {
  Bytes dense(count), back(count), out(placement.size());
  std::iota(dense.begin(), dense.end(), 1);
  placement.scatter(dense.data(), out.data() + placement.first());
  placement.gather(out.data() + placement.first(), back.data());
  EXPECT_EQ(back, dense);
  return out;
}

TEST(Placement, OrderOfDimensions) {
  const ArrayType &matrix = type_of(PJE_U8, {2, 3});
  EXPECT_EQ(placed(tiled(matrix, {1, 0}, {}), 6), (Bytes{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(placed(tiled(matrix, {0, 1}, {}), 6), (Bytes{1, 4, 2, 5, 3, 6}));
  const ArrayType &cube = type_of(PJE_U8, {2, 2, 2});
  EXPECT_EQ(placed(tiled(cube, {1, 2, 0}, {}), 8), (Bytes{1, 3, 2, 4, 5, 7, 6, 8}));
}

// A matrix of 3 x 5 in tiles of 2 x 4: four tiles, padded to 4 x 8.
TEST(Placement, TilesArePadded) {
  Bytes got = placed(tiled(type_of(PJE_U8, {3, 5}), {1, 0}, {{2, 4}}), 15);
  EXPECT_EQ(got, (Bytes{1,  2,  3,  4,  6, 7, 8, 9, 5,  0, 0, 0, 10, 0, 0, 0,
                        11, 12, 13, 14, 0, 0, 0, 0, 15, 0, 0, 0, 0,  0, 0, 0}));
}

// The second tile cuts the first one: rows of a tile in pairs, element by element, as bf16 on a TPU.
TEST(Placement, TilesOfTiles) {
  Bytes got = placed(tiled(type_of(PJE_U8, {4, 2}), {1, 0}, {{4, 2}, {2, 1}}), 8);
  EXPECT_EQ(got, (Bytes{1, 3, 2, 4, 5, 7, 6, 8}));
}

TEST(Placement, TilesFollowTheOrder) {
  Bytes got = placed(tiled(type_of(PJE_U8, {2, 4}), {0, 1}, {{2, 2}}), 8);
  // The fast dimension is the first, so a tile holds two of its indices and two of the second's.
  EXPECT_EQ(got, (Bytes{1, 5, 2, 6, 3, 7, 4, 8}));
  Bytes wide = placed(tiled(type_of(PJE_U8, {4, 2}), {0, 1}, {{2, 2}}), 8);
  EXPECT_EQ(wide, (Bytes{1, 3, 2, 4, 5, 7, 6, 8}));
}

TEST(Placement, TilesOfMoreDimensionsThanTheArray) {
  EXPECT_EQ(placed(tiled(type_of(PJE_U8, {3}), {0}, {{2, 2}}), 3), (Bytes{1, 2, 0, 0, 3, 0, 0, 0}));
  EXPECT_EQ(placed(tiled(type_of(PJE_U8, {}), {}, {{4}}), 1), (Bytes{1, 0, 0, 0}));
}

TEST(Placement, TilesThatDoNotDivideEachOther) {
  EXPECT_EQ(placed(tiled(type_of(PJE_U8, {4}), {0}, {{3}, {2}}), 4), (Bytes{1, 2, 3, 0, 4, 0, 0, 0}));
}

TEST(Placement, Strides) {
  const ArrayType &matrix = type_of(PJE_U8, {2, 3});
  EXPECT_EQ(placed(strided(matrix, {1, 2}), 6), (Bytes{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(placed(strided(matrix, {4, 1}), 6), (Bytes{1, 2, 3, 0, 4, 5, 6}));
  Placement backwards = strided(matrix, {-3, -1});
  EXPECT_EQ(backwards.first(), 5U);
  EXPECT_EQ(placed(backwards, 6), (Bytes{6, 5, 4, 3, 2, 1}));
}

TEST(Placement, WiderElements) {
  Placement placement = tiled(type_of(PJE_S16, {2, 2}), {0, 1}, {});
  const int16_t dense[] = {1, 2, 3, 4};
  int16_t out[4];
  placement.scatter(dense, out);
  EXPECT_EQ(std::vector<int16_t>(out, out + 4), (std::vector<int16_t>{1, 3, 2, 4}));
  // An element of fewer than 8 bits takes a whole byte of host memory.
  EXPECT_EQ(tiled(type_of(PJE_U4, {8}), {0}, {}).size(), 8U);
}

TEST(Placement, NothingToPlace) {
  EXPECT_EQ(placed(tiled(type_of(PJE_U8, {3, 0}), {0, 1}, {{2, 2}}), 0), Bytes{});
  EXPECT_EQ(placed(strided(type_of(PJE_U8, {0, 3}), {INT64_MAX, INT64_MIN}), 0), Bytes{});
}

TEST(Placement, Refused) {
  const ArrayType &matrix = type_of(PJE_F32, {2, 3});
  auto refused_order = [&](const Dims &order, const Tiles &tiles) {
    return Placement::tiled(matrix, order, tiles).status();
  };
  auto refused_strides = [&](const Dims &strides) { return Placement::strided(matrix, strides).status(); };
  expect_failure(refused_order({0}, {}), PJE_INVALID_ARGUMENT, "permutation of the 2");
  expect_failure(refused_order({0, 0}, {}), PJE_INVALID_ARGUMENT, "[0,0]");
  expect_failure(refused_order({1, 0}, {{0, 4}}), PJE_INVALID_ARGUMENT, "tile size is 0");
  expect_failure(refused_order({1, 0}, {{pje::kCombineDimension, 4}}), PJE_UNIMPLEMENTED, "merges");
  expect_failure(refused_order({1, 0}, {{INT64_MAX, INT64_MAX}}), PJE_INVALID_ARGUMENT, "63 bits");
  expect_failure(refused_strides({4}), PJE_INVALID_ARGUMENT, "expected 2");
  expect_failure(refused_strides({INT64_MAX, 4}), PJE_INVALID_ARGUMENT, "63 bits");
  expect_failure(refused_strides({INT64_MIN, INT64_MAX / 2}), PJE_INVALID_ARGUMENT, "63 bits");
  expect_failure(refused_strides({0, 4}), PJE_INVALID_ARGUMENT, "step over");
  expect_failure(refused_strides({8, 4}), PJE_INVALID_ARGUMENT, "step over");
  expect_failure(refused_strides({12, 2}), PJE_INVALID_ARGUMENT, "step over");
  expect_failure(refused_strides({-8, 4}), PJE_INVALID_ARGUMENT, "step over");
}

TEST(Placement, OrderOfDenseStrides) {
  Dims order;
  EXPECT_TRUE(pje::order_of_dense_strides(type_of(PJE_F32, {2, 3}), Dims{4, 8}, &order));
  EXPECT_EQ(order, (Dims{0, 1}));
  EXPECT_TRUE(pje::order_of_dense_strides(type_of(PJE_F32, {2, 3}), Dims{12, 4}, &order));
  EXPECT_EQ(order, (Dims{1, 0}));
  // A stride along a dimension of size 1 is never walked.
  EXPECT_TRUE(pje::order_of_dense_strides(type_of(PJE_F32, {2, 1, 3}), Dims{4, 999, 8}, &order));
  EXPECT_EQ(order, (Dims{0, 1, 2}));
  for (const Dims &wrong : {Dims{4, 12}, Dims{-12, 4}, Dims{12, 0}, Dims{12}, Dims{24, 8}})
    EXPECT_FALSE(pje::order_of_dense_strides(type_of(PJE_F32, {2, 3}), wrong, &order));
  EXPECT_FALSE(pje::order_of_dense_strides(type_of(PJE_F32, {0, 3}), Dims{12, 4}, &order));
}

}  // namespace
