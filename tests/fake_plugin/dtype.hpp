// Element types: sizes on host and device, names in programs, and how narrow floats are coded.
#pragma once

#include <string_view>

#include "abi/pjrt_abi.h"

namespace fake {

struct FloatFormat {
  int exponent_bits;
  int mantissa_bits;
  int bias;
  // How the format ends: infinities and NaNs, one NaN per sign, a NaN in place of minus zero, or neither.
  enum class Special { kIeee, kNanOnly, kNoMinusZero, kNone } special;
};

enum class Family { kBool, kSigned, kUnsigned, kFloat, kComplex, kScale };

struct TypeInfo {
  PJRT_Buffer_Type type;
  const char *mlir_name;
  Family family;
  int bits;
  // xla.PrimitiveType numbers the types differently.
  int primitive_type;
  int since_minor;
  FloatFormat format;
};

// Null for numbers that are no element type with data (INVALID, TOKEN, unknown).
const TypeInfo *FindType(uint32_t type);
const TypeInfo *FindTypeByName(std::string_view mlir_name);

// Sub-byte elements take a byte each on the host and are packed on the device.
size_t HostBytes(const TypeInfo &info);
size_t DeviceBytes(const TypeInfo &info, size_t elements);

float DecodeFloat(const FloatFormat &format, uint32_t bits);
uint32_t EncodeFloat(const FloatFormat &format, double value);

}  // namespace fake
