// Layouts: text, message, equality, and what they mean for an array.
#include "core/layout.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "host_support.hpp"

namespace {

using host_test::expect_failure;
using pje::ArrayType;
using pje::Layout;
using pje::LayoutData;
using pje::Ref;
using Dims = std::vector<int64_t>;

const ArrayType &type_of(pje_dtype dtype, const Dims &dims) {
  auto type = pje::intern_array_type(dtype, dims.data(), dims.size());
  if (!type.ok()) throw std::runtime_error(std::move(type).status().error()->message());
  return *type.value();
}

Ref<Layout> made(pje::Result<Ref<Layout>> result) {
  if (!result.ok()) throw std::runtime_error(std::move(result).status().error()->message());
  return std::move(result).value();
}

Ref<Layout> from_text(const char *text) { return made(Layout::parse_text(text)); }

Ref<Layout> strided(Dims strides) {
  LayoutData data;
  data.strided = true;
  data.byte_strides = std::move(strides);
  return made(Layout::create(std::move(data)));
}

TEST(Layout, TextOfAnOrder) {
  EXPECT_EQ(from_text("{1,0}")->data().minor_to_major, (Dims{1, 0}));
  EXPECT_EQ(from_text("{1,0}")->text(), "{1,0}");
  EXPECT_EQ(from_text("{}")->text(), "{}");
  EXPECT_EQ(from_text("{}")->rank(), 0U);
}

TEST(Layout, TextWithTiles) {
  Ref<Layout> layout = from_text("{1,0:T(8,128)(2,1)}");
  EXPECT_EQ(layout->data().tiles, (std::vector<Dims>{{8, 128}, {2, 1}}));
  EXPECT_EQ(layout->text(), "{1,0:T(8,128)(2,1)}");
  EXPECT_EQ(from_text("{:T(128)}")->text(), "{:T(128)}");
}

TEST(Layout, TextWithEveryProperty) {
  Ref<Layout> layout = from_text("{2,1,0:T(8,*,128)L(1024)E(4)S(5)}");
  EXPECT_EQ(layout->data().tiles[0][1], pje::kCombineDimension);
  EXPECT_EQ(layout->data().tail_padding, 1024);
  EXPECT_EQ(layout->data().element_size_in_bits, 4);
  EXPECT_EQ(layout->data().memory_space, 5);
  EXPECT_EQ(layout->text(), "{2,1,0:T(8,*,128)L(1024)E(4)S(5)}");
}

TEST(Layout, TextOfStrides) {
  EXPECT_EQ(from_text("strides(8,-4)")->data().byte_strides, (Dims{8, -4}));
  EXPECT_EQ(strided({8, -4, 0})->text(), "strides(8,-4,0)");
  EXPECT_EQ(from_text("strides()")->rank(), 0U);
}

TEST(Layout, WrongTextSaysWhere) {
  for (const char *wrong : {"", "1,0", "{1,0", "{1,0}x", "{1,0:}x", "{1,,0}", "{1 ,0}", "{1,0:T}", "{1,0:T(8",
                            "{1,0:T(8,)}", "{1,0:Q(1)}", "{1,0:S()}", "{1,0:S(x)}", "strides(1",
                            "strides(1)x", "strides 1", "{99999999999999999999}"})
    expect_failure(Layout::parse_text(wrong).status(), PJE_INVALID_ARGUMENT, "expected");
  expect_failure(Layout::parse_text("{1,0:T(8,128)Q}").status(), PJE_INVALID_ARGUMENT, "at byte 13");
}

TEST(Layout, RefusedWhateverItCameFrom) {
  expect_failure(Layout::parse_text("{0,0}").status(), PJE_INVALID_ARGUMENT, "[0,0]");
  expect_failure(Layout::parse_text("{2,0}").status(), PJE_INVALID_ARGUMENT, "once");
  expect_failure(Layout::parse_text("{-1}").status(), PJE_INVALID_ARGUMENT, "[-1]");
  expect_failure(Layout::parse_text("{1,0:T(0,8)}").status(), PJE_INVALID_ARGUMENT, "[0,8]");
  expect_failure(Layout::parse_text("{1,0:T()}").status(), PJE_INVALID_ARGUMENT, "[]");
  expect_failure(Layout::parse_text("{1,0:S(-1)}").status(), PJE_INVALID_ARGUMENT, "negative");
  expect_failure(Layout::parse_text("{1,0:T(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)(1)}").status(),
                 PJE_INVALID_ARGUMENT, "17 tiles");
  LayoutData large;
  large.strided = true;
  large.byte_strides.resize(65);
  expect_failure(Layout::create(large).status(), PJE_INVALID_ARGUMENT, "65");
}

TEST(Layout, EqualAndHash) {
  const char *texts[] = {
      "{1,0}",        "{0,1}",           "{0}",        "{1,0:T(8,128)}", "{1,0:T(8,128)(2,1)}",
      "{1,0:T(128)}", "{1,0:T(8)(128)}", "{1,0:S(5)}", "{1,0:E(4)}",     "{1,0:L(4)}",
      "strides(1,0)", "strides(0,1)",    "strides(1)"};
  for (const char *a : texts) {
    for (const char *b : texts) {
      EXPECT_EQ(from_text(a)->data() == from_text(b)->data(), a == b) << a << " " << b;
      EXPECT_EQ(from_text(a)->hash() == from_text(b)->hash(), a == b) << a << " " << b;
    }
  }
}

TEST(Layout, MessageThereAndBack) {
  for (const char *text :
       {"{}", "{0}", "{1,0}", "{1,0:T(8,128)(2,1)}", "{2,1,0:T(8,*,128)L(1024)E(4)S(5)}"}) {
    auto bytes = from_text(text)->message();
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(made(Layout::parse_message(bytes.value()))->text(), text);
  }
}

// Bytes as protobuf itself writes them.
TEST(Layout, MessageAsProtobufWritesIt) {
  const std::string packed("\x0a\x02\x01\x00\x32\x05\x0a\x03\x08\x80\x01\x38\x04\x40\x05", 15);
  EXPECT_EQ(from_text("{1,0:T(8,128)E(4)S(5)}")->message().value(), packed);
  EXPECT_EQ(made(Layout::parse_message(packed))->text(), "{1,0:T(8,128)E(4)S(5)}");
  EXPECT_EQ(made(Layout::parse_message(std::string("\x08\x01\x08\x00", 4)))->text(), "{1,0}");
}

TEST(Layout, MessageSaysWhatIsDefault) {
  // dim_level_types DENSE, dim_unique and dim_ordered true, tail padding 1: an ordinary array, spelled out.
  const std::string spelled("\x0a\x01\x00\x4a\x01\x00\x6a\x01\x01\x72\x01\x01\x80\x01\x01", 15);
  EXPECT_EQ(made(Layout::parse_message(spelled))->text(), "{0}");
}

TEST(Layout, MessageRefused) {
  auto refused = [](const char *bytes, size_t size) {
    return Layout::parse_message(std::string(bytes, size)).status();
  };
  expect_failure(refused("\xff", 1), PJE_INVALID_ARGUMENT, "no LayoutProto");
  expect_failure(refused("\x0a\x05\x01", 3), PJE_INVALID_ARGUMENT, "no LayoutProto");
  expect_failure(refused("\x0a\x01\x80", 3), PJE_INVALID_ARGUMENT, "field 1");
  expect_failure(refused("\x32\x02\x10\x01", 4), PJE_INVALID_ARGUMENT, "field 6");
  expect_failure(refused("\x3a\x00", 2), PJE_INVALID_ARGUMENT, "field 7");
  expect_failure(refused("\x0a\x02\x05\x00", 4), PJE_INVALID_ARGUMENT, "once");
  expect_failure(refused("\x4a\x01\x01", 3), PJE_UNIMPLEMENTED, "field 9");
  expect_failure(refused("\x52\x00", 2), PJE_UNIMPLEMENTED, "field 10");
  expect_failure(strided({4})->message().status(), PJE_FAILED_PRECONDITION, "strides(4)");
}

TEST(Layout, ByteStrides) {
  EXPECT_EQ(from_text("{1,0}")->byte_strides(type_of(PJE_F32, {2, 3})).value(), (Dims{12, 4}));
  EXPECT_EQ(from_text("{0,1}")->byte_strides(type_of(PJE_F32, {2, 3})).value(), (Dims{4, 8}));
  EXPECT_EQ(strided({-8, 0})->byte_strides(type_of(PJE_F32, {2, 3})).value(), (Dims{-8, 0}));
  expect_failure(from_text("{0}")->byte_strides(type_of(PJE_F32, {2, 3})).status(), PJE_INVALID_ARGUMENT,
                 "expected 2");
  expect_failure(from_text("{1,0:T(2,2)}")->byte_strides(type_of(PJE_F32, {2, 3})).status(),
                 PJE_FAILED_PRECONDITION, "tiles");
}

TEST(Layout, OfDenseStrides) {
  Ref<Layout> layout = made(Layout::of_dense_strides(type_of(PJE_S16, {2, 3}), Dims{2, 4}));
  EXPECT_EQ(layout->text(), "{0,1}");
  expect_failure(Layout::of_dense_strides(type_of(PJE_S16, {2, 3}), Dims{2, 6}).status(),
                 PJE_INVALID_ARGUMENT, "[2,6]");
}

TEST(Layout, DenseOrder) {
  Dims order;
  const ArrayType &type = type_of(PJE_F32, {2, 3});
  EXPECT_TRUE(strided({4, 8})->dense_order(type, &order));
  EXPECT_EQ(order, (Dims{0, 1}));
  EXPECT_TRUE(from_text("{0,1}")->dense_order(type, &order));
  EXPECT_FALSE(from_text("{0,1:T(2,2)}")->dense_order(type, &order));
  EXPECT_FALSE(strided({16, 4})->dense_order(type, &order));
  EXPECT_FALSE(from_text("{0}")->dense_order(type, &order));
}

TEST(Layout, PlacementFitsTheType) {
  const ArrayType &type = type_of(PJE_BF16, {3, 130});
  EXPECT_EQ(from_text("{1,0:T(8,128)(2,1)}")->placement(type).value().size(), 8U * 256 * 2);
  expect_failure(from_text("{0}")->placement(type).status(), PJE_INVALID_ARGUMENT, "{0}");
  expect_failure(strided({0, 2})->placement(type).status(), PJE_INVALID_ARGUMENT, "step over");
}

TEST(Layout, AsThePluginHasIt) {
  const int64_t order[] = {1, 0}, dims[] = {8, 128, 2, 1};
  const size_t sizes[] = {2, 2};
  auto given = pje::abi::zeroed<PJRT_Buffer_MemoryLayout>();
  // The size inside an answer is not to be relied on.
  given.struct_size = 9;
  given.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
  given.tiled.minor_to_major = order;
  given.tiled.minor_to_major_size = 2;
  given.tiled.tile_dims = dims;
  given.tiled.tile_dim_sizes = sizes;
  given.tiled.num_tiles = 2;
  EXPECT_EQ(made(Layout::from_abi(given))->text(), "{1,0:T(8,128)(2,1)}");
  auto strides = pje::abi::zeroed<PJRT_Buffer_MemoryLayout>();
  strides.type = PJRT_Buffer_MemoryLayout_Type_Strides;
  strides.strides.byte_strides = dims;
  strides.strides.num_byte_strides = 2;
  EXPECT_EQ(made(Layout::from_abi(strides))->text(), "strides(8,128)");
  given.type = static_cast<PJRT_Buffer_MemoryLayout_Type>(7);
  expect_failure(Layout::from_abi(given).status(), PJE_INTERNAL, "kind 7");
}

}  // namespace
