#include "cli/element_values.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace pje::cli {

namespace {

// What the largest codes of a small float mean.
enum class Special {
  kIeee,          // the top exponent holds infinities and NaNs
  kTopCodeNan,    // only all ones is NaN, no infinity
  kMinusZeroNan,  // only minus zero is NaN, no infinity
  kNone,          // every code is a number
  kPowersOnly,    // no sign and no mantissa: a power of two, all ones is NaN
};

struct SmallFloat {
  pje_dtype dtype;
  int exponent_bits;
  int mantissa_bits;
  int bias;
  Special special;
};

constexpr SmallFloat kSmallFloats[] = {
    {PJE_F16, 5, 10, 15, Special::kIeee},
    {PJE_BF16, 8, 7, 127, Special::kIeee},
    {PJE_F8E5M2, 5, 2, 15, Special::kIeee},
    {PJE_F8E4M3, 4, 3, 7, Special::kIeee},
    {PJE_F8E3M4, 3, 4, 3, Special::kIeee},
    {PJE_F8E4M3FN, 4, 3, 7, Special::kTopCodeNan},
    {PJE_F8E4M3B11FNUZ, 4, 3, 11, Special::kMinusZeroNan},
    {PJE_F8E5M2FNUZ, 5, 2, 16, Special::kMinusZeroNan},
    {PJE_F8E4M3FNUZ, 4, 3, 8, Special::kMinusZeroNan},
    {PJE_F8E8M0FNU, 8, 0, 127, Special::kPowersOnly},
    {PJE_F6E2M3FN, 2, 3, 1, Special::kNone},
    {PJE_F6E3M2FN, 3, 2, 3, Special::kNone},
    {PJE_F4E2M1FN, 2, 1, 1, Special::kNone},
};

const SmallFloat *find_small_float(pje_dtype dtype) {
  for (const SmallFloat &format : kSmallFloats)
    if (format.dtype == dtype) return &format;
  return nullptr;
}

Real small_float_value(const SmallFloat &format, uint32_t code) {
  const uint32_t mantissa_mask = (1U << format.mantissa_bits) - 1U;
  const uint32_t exponent_mask = (1U << format.exponent_bits) - 1U;
  const uint32_t mantissa = code & mantissa_mask;
  const uint32_t exponent = (code >> format.mantissa_bits) & exponent_mask;
  const bool negative = ((code >> (format.mantissa_bits + format.exponent_bits)) & 1U) != 0;
  const Real nan = std::numeric_limits<Real>::quiet_NaN();

  switch (format.special) {
    case Special::kPowersOnly:
      return exponent == exponent_mask ? nan : std::ldexp(Real(1), static_cast<int>(exponent) - format.bias);
    case Special::kMinusZeroNan:
      if (negative && exponent == 0 && mantissa == 0) return nan;
      break;
    case Special::kTopCodeNan:
      if (exponent == exponent_mask && mantissa == mantissa_mask) return nan;
      break;
    case Special::kIeee:
      if (exponent == exponent_mask) {
        const Real infinity = std::numeric_limits<Real>::infinity();
        return mantissa != 0 ? nan : negative ? -infinity : infinity;
      }
      break;
    case Special::kNone:
      break;
  }
  // A zero exponent field means the smallest exponent without the implied one.
  const uint32_t significand = exponent == 0 ? mantissa : mantissa + mantissa_mask + 1U;
  const int scale = static_cast<int>(exponent == 0 ? 1U : exponent) - format.bias - format.mantissa_bits;
  const Real magnitude = std::ldexp(static_cast<Real>(significand), scale);
  return negative ? -magnitude : magnitude;
}

template <class Number>
Number read(const void *data, size_t index) {
  Number number;
  std::memcpy(&number, static_cast<const char *>(data) + index * sizeof(Number), sizeof(Number));
  return number;
}

// Only the low bits count: the rest of the byte is not part of the element.
Real narrow_integer_value(uint8_t byte, size_t bits, bool is_signed) {
  const int range = 1 << bits;
  const int value = byte & (range - 1);
  return is_signed && value >= range / 2 ? value - range : value;
}

template <class Part>
ElementValue complex_value(const void *data, size_t index) {
  return {read<Part>(data, 2 * index), read<Part>(data, 2 * index + 1)};
}

// As many digits as tell the value from its neighbours.
std::string real_text(pje_dtype dtype, Real value) {
  if (std::isnan(value)) return "nan";
  const bool is_wide = dtype == PJE_F64 || dtype == PJE_C128;
  return is_wide ? fmt::format("{}", static_cast<double>(value))
                 : fmt::format("{}", static_cast<float>(value));
}

}  // namespace

ElementValue element_value(pje_dtype dtype, const void *data, size_t index) {
  switch (dtype) {
    case PJE_S8:
      return {Real(read<int8_t>(data, index))};
    case PJE_S16:
      return {Real(read<int16_t>(data, index))};
    case PJE_S32:
      return {Real(read<int32_t>(data, index))};
    case PJE_S64:
      return {Real(read<int64_t>(data, index))};
    case PJE_PRED:
    case PJE_U8:
      return {Real(read<uint8_t>(data, index))};
    case PJE_U16:
      return {Real(read<uint16_t>(data, index))};
    case PJE_U32:
      return {Real(read<uint32_t>(data, index))};
    case PJE_U64:
      return {Real(read<uint64_t>(data, index))};
    case PJE_F32:
      return {Real(read<float>(data, index))};
    case PJE_F64:
      return {Real(read<double>(data, index))};
    case PJE_C64:
      return complex_value<float>(data, index);
    case PJE_C128:
      return complex_value<double>(data, index);
    default:
      break;
  }
  const size_t bits = pje_dtype_bits(dtype);
  if (const SmallFloat *format = find_small_float(dtype))
    return {small_float_value(*format, bits > 8 ? read<uint16_t>(data, index) : read<uint8_t>(data, index))};
  const bool is_signed = pje_dtype_kind_of(dtype) == PJE_KIND_SIGNED;
  return {narrow_integer_value(read<uint8_t>(data, index), bits, is_signed)};
}

std::string element_text(pje_dtype dtype, const ElementValue &value) {
  switch (pje_dtype_kind_of(dtype)) {
    case PJE_KIND_BOOL:
      return value.real != 0 ? "true" : "false";
    case PJE_KIND_SIGNED:
    case PJE_KIND_UNSIGNED:
      return fmt::format("{:.0f}", value.real);
    case PJE_KIND_COMPLEX: {
      const std::string sign = std::signbit(value.imaginary) ? "" : "+";
      return real_text(dtype, value.real) + sign + real_text(dtype, value.imaginary) + "i";
    }
    default:
      return real_text(dtype, value.real);
  }
}

}  // namespace pje::cli
