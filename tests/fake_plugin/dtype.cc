#include "dtype.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace fake {
namespace {

using Special = FloatFormat::Special;

constexpr FloatFormat kNoFormat{0, 0, 0, Special::kNone};

constexpr TypeInfo kTypes[] = {
    {PJRT_Buffer_Type_PRED, "i1", Family::kBool, 8, 1, 0, kNoFormat},
    {PJRT_Buffer_Type_S8, "i8", Family::kSigned, 8, 2, 0, kNoFormat},
    {PJRT_Buffer_Type_S16, "i16", Family::kSigned, 16, 3, 0, kNoFormat},
    {PJRT_Buffer_Type_S32, "i32", Family::kSigned, 32, 4, 0, kNoFormat},
    {PJRT_Buffer_Type_S64, "i64", Family::kSigned, 64, 5, 0, kNoFormat},
    {PJRT_Buffer_Type_U8, "ui8", Family::kUnsigned, 8, 6, 0, kNoFormat},
    {PJRT_Buffer_Type_U16, "ui16", Family::kUnsigned, 16, 7, 0, kNoFormat},
    {PJRT_Buffer_Type_U32, "ui32", Family::kUnsigned, 32, 8, 0, kNoFormat},
    {PJRT_Buffer_Type_U64, "ui64", Family::kUnsigned, 64, 9, 0, kNoFormat},
    {PJRT_Buffer_Type_F16, "f16", Family::kFloat, 16, 10, 0, {5, 10, 15, Special::kIeee}},
    {PJRT_Buffer_Type_F32, "f32", Family::kFloat, 32, 11, 0, {8, 23, 127, Special::kIeee}},
    {PJRT_Buffer_Type_F64, "f64", Family::kFloat, 64, 12, 0, kNoFormat},
    {PJRT_Buffer_Type_BF16, "bf16", Family::kFloat, 16, 16, 0, {8, 7, 127, Special::kIeee}},
    {PJRT_Buffer_Type_C64, "complex<f32>", Family::kComplex, 64, 15, 0, kNoFormat},
    {PJRT_Buffer_Type_C128, "complex<f64>", Family::kComplex, 128, 18, 0, kNoFormat},
    {PJRT_Buffer_Type_F8E5M2, "f8E5M2", Family::kFloat, 8, 19, 0, {5, 2, 15, Special::kIeee}},
    {PJRT_Buffer_Type_F8E4M3FN, "f8E4M3FN", Family::kFloat, 8, 20, 0, {4, 3, 7, Special::kNanOnly}},
    {PJRT_Buffer_Type_F8E4M3B11FNUZ,
     "f8E4M3B11FNUZ",
     Family::kFloat,
     8,
     23,
     0,
     {4, 3, 11, Special::kNoMinusZero}},
    {PJRT_Buffer_Type_F8E5M2FNUZ, "f8E5M2FNUZ", Family::kFloat, 8, 24, 0, {5, 2, 16, Special::kNoMinusZero}},
    {PJRT_Buffer_Type_F8E4M3FNUZ, "f8E4M3FNUZ", Family::kFloat, 8, 25, 0, {4, 3, 8, Special::kNoMinusZero}},
    {PJRT_Buffer_Type_S4, "i4", Family::kSigned, 4, 21, 0, kNoFormat},
    {PJRT_Buffer_Type_U4, "ui4", Family::kUnsigned, 4, 22, 0, kNoFormat},
    {PJRT_Buffer_Type_S2, "i2", Family::kSigned, 2, 26, 0, kNoFormat},
    {PJRT_Buffer_Type_U2, "ui2", Family::kUnsigned, 2, 27, 0, kNoFormat},
    {PJRT_Buffer_Type_F8E4M3, "f8E4M3", Family::kFloat, 8, 28, 0, {4, 3, 7, Special::kIeee}},
    {PJRT_Buffer_Type_F8E3M4, "f8E3M4", Family::kFloat, 8, 29, 0, {3, 4, 3, Special::kIeee}},
    {PJRT_Buffer_Type_F8E8M0FNU, "f8E8M0FNU", Family::kScale, 8, 33, 63, kNoFormat},
    {PJRT_Buffer_Type_F4E2M1FN, "f4E2M1FN", Family::kFloat, 4, 32, 63, {2, 1, 1, Special::kNone}},
    {PJRT_Buffer_Type_S1, "si1", Family::kSigned, 1, 30, 94, kNoFormat},
    {PJRT_Buffer_Type_U1, "ui1", Family::kUnsigned, 1, 31, 94, kNoFormat},
    {PJRT_Buffer_Type_F6E2M3FN, "f6E2M3FN", Family::kFloat, 8, 36, 114, {2, 3, 1, Special::kNone}},
    {PJRT_Buffer_Type_F6E3M2FN, "f6E3M2FN", Family::kFloat, 8, 35, 114, {3, 2, 3, Special::kNone}},
};

}  // namespace

const TypeInfo *FindType(uint32_t type) {
  constexpr size_t kNumbers = 64;
  // By number, since every size of every argument of every run comes through here.
  static constexpr auto kByNumber = [] {
    std::array<const TypeInfo *, kNumbers> table{};
    for (const TypeInfo &info : kTypes) table[info.type] = &info;
    return table;
  }();
  return type < kNumbers ? kByNumber[type] : nullptr;
}

const TypeInfo *FindTypeByName(std::string_view mlir_name) {
  for (const TypeInfo &info : kTypes) {
    if (info.mlir_name == mlir_name) return &info;
  }
  return nullptr;
}

size_t HostBytes(const TypeInfo &info) { return static_cast<size_t>(std::max(info.bits, 8)) / 8; }

size_t DeviceBytes(const TypeInfo &info, size_t elements) {
  return (elements * static_cast<size_t>(info.bits) + 7) / 8;
}

float DecodeFloat(const FloatFormat &format, uint32_t bits) {
  int mantissa_bits = format.mantissa_bits;
  uint32_t magnitude_bits = static_cast<uint32_t>(format.exponent_bits + mantissa_bits);
  uint32_t magnitude = bits & ((1U << magnitude_bits) - 1);
  bool negative = ((bits >> magnitude_bits) & 1) != 0;
  uint32_t exponent = magnitude >> mantissa_bits;
  uint32_t mantissa = magnitude & ((1U << mantissa_bits) - 1);
  uint32_t top_exponent = (1U << format.exponent_bits) - 1;
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  if (format.special == Special::kIeee && exponent == top_exponent) {
    if (mantissa != 0) return kNan;
    return negative ? -std::numeric_limits<float>::infinity() : std::numeric_limits<float>::infinity();
  }
  if (format.special == Special::kNanOnly && magnitude == (1U << magnitude_bits) - 1) return kNan;
  if (format.special == Special::kNoMinusZero && negative && magnitude == 0) return kNan;
  uint32_t significand = exponent == 0 ? mantissa : mantissa | (1U << mantissa_bits);
  int power = std::max(static_cast<int>(exponent), 1) - format.bias - mantissa_bits;
  float value = std::ldexp(static_cast<float>(significand), power);
  return negative ? -value : value;
}

uint32_t EncodeFloat(const FloatFormat &format, double value) {
  int mantissa_bits = format.mantissa_bits;
  uint32_t magnitude_bits = static_cast<uint32_t>(format.exponent_bits + mantissa_bits);
  uint32_t all_ones = (1U << magnitude_bits) - 1;
  uint32_t sign = std::signbit(value) ? 1U << magnitude_bits : 0;
  uint32_t infinity = ((1U << format.exponent_bits) - 1) << mantissa_bits;
  uint32_t largest = all_ones;
  uint32_t overflow = all_ones;
  uint32_t nan = all_ones;
  switch (format.special) {
    case Special::kIeee:
      largest = infinity - 1;
      overflow = sign | infinity;
      nan = sign | infinity | (1U << (mantissa_bits - 1));
      break;
    case Special::kNanOnly:
      largest = all_ones - 1;
      overflow = nan = sign | all_ones;
      break;
    case Special::kNoMinusZero:
      overflow = nan = 1U << magnitude_bits;
      break;
    case Special::kNone:
      overflow = sign | all_ones;
      nan = sign;
      break;
  }
  if (std::isnan(value)) return nan;
  if (std::isinf(value)) return overflow;
  double magnitude = std::fabs(value);
  int exponent = magnitude == 0 ? 1 - format.bias : std::max(std::ilogb(magnitude), 1 - format.bias);
  double significand = std::nearbyint(std::ldexp(magnitude, mantissa_bits - exponent));
  // A significand that rounds up to the next power of two carries into the exponent by itself.
  int64_t coded =
      (static_cast<int64_t>(exponent + format.bias - 1) << mantissa_bits) + static_cast<int64_t>(significand);
  if (coded > static_cast<int64_t>(largest)) return overflow;
  if (coded == 0 && format.special == Special::kNoMinusZero) return 0;
  return sign | static_cast<uint32_t>(coded);
}

}  // namespace fake
