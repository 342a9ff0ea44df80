// Facts about element types.
#include "base/dtype.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>

#include "pjrt_easy.h"

namespace {

constexpr int kNumDtypes = 34;

pje_dtype from_name(const char *name) {
  pje_dtype dtype = PJE_F64;
  bool known = pje_dtype_from_name(name, &dtype);
  EXPECT_EQ(known, dtype != PJE_DTYPE_INVALID) << name;
  return dtype;
}

TEST(Dtype, NamesComeBackInEitherCase) {
  std::set<std::string> names;
  for (int i = 1; i < kNumDtypes; ++i) {
    auto dtype = static_cast<pje_dtype>(i);
    std::string name = pje_dtype_name(dtype);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(from_name(name.c_str()), dtype);
    for (char &c : name) c = static_cast<char>(std::toupper(c));
    EXPECT_EQ(from_name(name.c_str()), dtype);
  }
}

TEST(Dtype, NamesOfNumPyAndMlir) {
  const std::map<std::string, pje_dtype> names = {
      {"bool", PJE_PRED},
      {"i1", PJE_PRED},
      {"int8", PJE_S8},
      {"i8", PJE_S8},
      {"ui8", PJE_U8},
      {"uint64", PJE_U64},
      {"float16", PJE_F16},
      {"float32", PJE_F32},
      {"bfloat16", PJE_BF16},
      {"complex64", PJE_C64},
      {"complex<f64>", PJE_C128},
      {"int4", PJE_S4},
      {"uint2", PJE_U2},
      {"int1", PJE_S1},
      {"ui1", PJE_U1},
      {"float8_e4m3b11fnuz", PJE_F8E4M3B11FNUZ},
      {"f8E4M3FN", PJE_F8E4M3FN},
      {"float8_e8m0fnu", PJE_F8E8M0FNU},
      {"float6_e2m3fn", PJE_F6E2M3FN},
      {"f6E3M2FN", PJE_F6E3M2FN},
      {"float4_e2m1fn", PJE_F4E2M1FN},
  };
  for (const auto &[name, dtype] : names) EXPECT_EQ(from_name(name.c_str()), dtype) << name;
}

TEST(Dtype, WhatIsNoNameIsRefused) {
  for (const char *name : {"", " ", "f33", "f32 ", "int8 i8", "invalid", "f3", "f322"})
    EXPECT_EQ(from_name(name), PJE_DTYPE_INVALID) << name;
  EXPECT_EQ(from_name(nullptr), PJE_DTYPE_INVALID);
  EXPECT_FALSE(pje_dtype_from_name("f32", nullptr));
}

TEST(Dtype, NumbersThatAreNoTypeHaveHarmlessFacts) {
  for (int64_t number : {int64_t{0}, int64_t{34}, int64_t{INT32_MAX}}) {
    auto dtype = static_cast<pje_dtype>(number);
    EXPECT_EQ(pje::dtype_info(dtype), nullptr);
    EXPECT_EQ(pje_dtype_host_size(dtype), 0U);
    EXPECT_EQ(pje_dtype_bits(dtype), 0U);
    EXPECT_EQ(pje_dtype_alignment(dtype), 1U);
    EXPECT_EQ(pje_dtype_kind_of(dtype), PJE_KIND_INVALID);
    EXPECT_STREQ(pje_dtype_name(dtype), "invalid");
  }
}

struct Facts {
  pje_dtype dtype;
  size_t bits, host_size, alignment;
  pje_dtype_kind kind;
};

TEST(Dtype, SizesAlignmentsAndKinds) {
  const std::array facts = {
      Facts{PJE_PRED, 8, 1, 1, PJE_KIND_BOOL},       Facts{PJE_S1, 1, 1, 1, PJE_KIND_SIGNED},
      Facts{PJE_S4, 4, 1, 1, PJE_KIND_SIGNED},       Facts{PJE_U2, 2, 1, 1, PJE_KIND_UNSIGNED},
      Facts{PJE_S64, 64, 8, 8, PJE_KIND_SIGNED},     Facts{PJE_U16, 16, 2, 2, PJE_KIND_UNSIGNED},
      Facts{PJE_BF16, 16, 2, 2, PJE_KIND_FLOAT},     Facts{PJE_F64, 64, 8, 8, PJE_KIND_FLOAT},
      Facts{PJE_F8E8M0FNU, 8, 1, 1, PJE_KIND_FLOAT}, Facts{PJE_F6E3M2FN, 6, 1, 1, PJE_KIND_FLOAT},
      Facts{PJE_F4E2M1FN, 4, 1, 1, PJE_KIND_FLOAT},  Facts{PJE_C64, 64, 8, 4, PJE_KIND_COMPLEX},
      Facts{PJE_C128, 128, 16, 8, PJE_KIND_COMPLEX}, Facts{PJE_TOKEN, 0, 0, 1, PJE_KIND_TOKEN},
  };
  for (const Facts &f : facts) {
    EXPECT_EQ(pje_dtype_bits(f.dtype), f.bits) << pje_dtype_name(f.dtype);
    EXPECT_EQ(pje_dtype_host_size(f.dtype), f.host_size) << pje_dtype_name(f.dtype);
    EXPECT_EQ(pje_dtype_alignment(f.dtype), f.alignment) << pje_dtype_name(f.dtype);
    EXPECT_EQ(pje_dtype_kind_of(f.dtype), f.kind) << pje_dtype_name(f.dtype);
  }
}

TEST(Dtype, ElementsBelowAByteTakeOne) {
  for (int i = 1; i < kNumDtypes; ++i) {
    auto dtype = static_cast<pje_dtype>(i);
    if (dtype == PJE_TOKEN) continue;
    EXPECT_EQ(pje_dtype_host_size(dtype), (pje_dtype_bits(dtype) + 7) / 8) << pje_dtype_name(dtype);
  }
}

}  // namespace
