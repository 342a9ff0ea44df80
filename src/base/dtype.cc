#include "base/dtype.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pje {

namespace {

// Indexed by number. Aliases are NumPy's (with ml_dtypes) and MLIR's names where they differ from XLA's.
constexpr std::array<DtypeInfo, 34> kDtypes = {{
    {PJE_DTYPE_INVALID, "invalid", 0, 0, 1, PJE_KIND_INVALID, 0, ""},
    {PJE_PRED, "pred", 8, 1, 1, PJE_KIND_BOOL, 0, "bool i1"},
    {PJE_S8, "s8", 8, 1, 1, PJE_KIND_SIGNED, 0, "int8 i8 si8"},
    {PJE_S16, "s16", 16, 2, 2, PJE_KIND_SIGNED, 0, "int16 i16 si16"},
    {PJE_S32, "s32", 32, 4, 4, PJE_KIND_SIGNED, 0, "int32 i32 si32"},
    {PJE_S64, "s64", 64, 8, 8, PJE_KIND_SIGNED, 0, "int64 i64 si64"},
    {PJE_U8, "u8", 8, 1, 1, PJE_KIND_UNSIGNED, 0, "uint8 ui8"},
    {PJE_U16, "u16", 16, 2, 2, PJE_KIND_UNSIGNED, 0, "uint16 ui16"},
    {PJE_U32, "u32", 32, 4, 4, PJE_KIND_UNSIGNED, 0, "uint32 ui32"},
    {PJE_U64, "u64", 64, 8, 8, PJE_KIND_UNSIGNED, 0, "uint64 ui64"},
    {PJE_F16, "f16", 16, 2, 2, PJE_KIND_FLOAT, 0, "float16"},
    {PJE_F32, "f32", 32, 4, 4, PJE_KIND_FLOAT, 0, "float32"},
    {PJE_F64, "f64", 64, 8, 8, PJE_KIND_FLOAT, 0, "float64"},
    {PJE_BF16, "bf16", 16, 2, 2, PJE_KIND_FLOAT, 0, "bfloat16"},
    {PJE_C64, "c64", 64, 8, 4, PJE_KIND_COMPLEX, 0, "complex64 complex<f32>"},
    {PJE_C128, "c128", 128, 16, 8, PJE_KIND_COMPLEX, 0, "complex128 complex<f64>"},
    {PJE_F8E5M2, "f8e5m2", 8, 1, 1, PJE_KIND_FLOAT, 0, "float8_e5m2"},
    {PJE_F8E4M3FN, "f8e4m3fn", 8, 1, 1, PJE_KIND_FLOAT, 0, "float8_e4m3fn"},
    {PJE_F8E4M3B11FNUZ, "f8e4m3b11fnuz", 8, 1, 1, PJE_KIND_FLOAT, 0, "float8_e4m3b11fnuz"},
    {PJE_F8E5M2FNUZ, "f8e5m2fnuz", 8, 1, 1, PJE_KIND_FLOAT, 0, "float8_e5m2fnuz"},
    {PJE_F8E4M3FNUZ, "f8e4m3fnuz", 8, 1, 1, PJE_KIND_FLOAT, 0, "float8_e4m3fnuz"},
    {PJE_S4, "s4", 4, 1, 1, PJE_KIND_SIGNED, 0, "int4 i4 si4"},
    {PJE_U4, "u4", 4, 1, 1, PJE_KIND_UNSIGNED, 0, "uint4 ui4"},
    {PJE_TOKEN, "token", 0, 0, 1, PJE_KIND_TOKEN, 50, ""},
    {PJE_S2, "s2", 2, 1, 1, PJE_KIND_SIGNED, 54, "int2 i2 si2"},
    {PJE_U2, "u2", 2, 1, 1, PJE_KIND_UNSIGNED, 54, "uint2 ui2"},
    {PJE_F8E4M3, "f8e4m3", 8, 1, 1, PJE_KIND_FLOAT, 55, "float8_e4m3"},
    {PJE_F8E3M4, "f8e3m4", 8, 1, 1, PJE_KIND_FLOAT, 55, "float8_e3m4"},
    {PJE_F8E8M0FNU, "f8e8m0fnu", 8, 1, 1, PJE_KIND_FLOAT, 63, "float8_e8m0fnu"},
    {PJE_F4E2M1FN, "f4e2m1fn", 4, 1, 1, PJE_KIND_FLOAT, 63, "float4_e2m1fn"},
    {PJE_S1, "s1", 1, 1, 1, PJE_KIND_SIGNED, 94, "int1 si1"},
    {PJE_U1, "u1", 1, 1, 1, PJE_KIND_UNSIGNED, 94, "uint1 ui1"},
    {PJE_F6E2M3FN, "f6e2m3fn", 6, 1, 1, PJE_KIND_FLOAT, 114, "float6_e2m3fn"},
    {PJE_F6E3M2FN, "f6e3m2fn", 6, 1, 1, PJE_KIND_FLOAT, 114, "float6_e3m2fn"},
}};

constexpr bool numbers_are_indices() {
  for (size_t i = 0; i < kDtypes.size(); ++i)
    if (static_cast<size_t>(kDtypes[i].dtype) != i) return false;
  return true;
}
static_assert(numbers_are_indices());

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// `word` is in lower case.
bool same_word(std::string_view name, std::string_view word) noexcept {
  return std::equal(name.begin(), name.end(), word.begin(), word.end(),
                    [](char a, char b) { return lower(a) == b; });
}

bool among(std::string_view name, std::string_view words) noexcept {
  while (!words.empty()) {
    size_t end = std::min(words.find(' '), words.size());
    if (same_word(name, words.substr(0, end))) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

const DtypeInfo *dtype_info(pje_dtype dtype) noexcept {
  auto number = static_cast<uint32_t>(dtype);
  return number > 0 && number < kDtypes.size() ? &kDtypes[number] : nullptr;
}

pje_dtype dtype_from_name(std::string_view name) noexcept {
  for (const DtypeInfo &info : kDtypes)
    if (info.dtype != PJE_DTYPE_INVALID && (same_word(name, info.name) || among(name, info.aliases)))
      return info.dtype;
  return PJE_DTYPE_INVALID;
}

}  // namespace pje
