#include "harness.h"

struct row {
  pje_dtype dtype;
  const char *name;
  size_t bits;
  size_t host_size;
  size_t alignment;
  pje_dtype_kind kind;
};

static const struct row kRows[] = {
    {PJE_PRED, "pred", 8, 1, 1, PJE_KIND_BOOL},
    {PJE_S1, "s1", 1, 1, 1, PJE_KIND_SIGNED},
    {PJE_S2, "s2", 2, 1, 1, PJE_KIND_SIGNED},
    {PJE_S4, "s4", 4, 1, 1, PJE_KIND_SIGNED},
    {PJE_S8, "s8", 8, 1, 1, PJE_KIND_SIGNED},
    {PJE_S16, "s16", 16, 2, 2, PJE_KIND_SIGNED},
    {PJE_S32, "s32", 32, 4, 4, PJE_KIND_SIGNED},
    {PJE_S64, "s64", 64, 8, 8, PJE_KIND_SIGNED},
    {PJE_U1, "u1", 1, 1, 1, PJE_KIND_UNSIGNED},
    {PJE_U2, "u2", 2, 1, 1, PJE_KIND_UNSIGNED},
    {PJE_U4, "u4", 4, 1, 1, PJE_KIND_UNSIGNED},
    {PJE_U8, "u8", 8, 1, 1, PJE_KIND_UNSIGNED},
    {PJE_U16, "u16", 16, 2, 2, PJE_KIND_UNSIGNED},
    {PJE_U32, "u32", 32, 4, 4, PJE_KIND_UNSIGNED},
    {PJE_U64, "u64", 64, 8, 8, PJE_KIND_UNSIGNED},
    {PJE_F16, "f16", 16, 2, 2, PJE_KIND_FLOAT},
    {PJE_BF16, "bf16", 16, 2, 2, PJE_KIND_FLOAT},
    {PJE_F32, "f32", 32, 4, 4, PJE_KIND_FLOAT},
    {PJE_F64, "f64", 64, 8, 8, PJE_KIND_FLOAT},
    {PJE_F8E5M2, "f8e5m2", 8, 1, 1, PJE_KIND_FLOAT},
    {PJE_F8E4M3, "f8e4m3", 8, 1, 1, PJE_KIND_FLOAT},
    {PJE_F8E4M3FN, "f8e4m3fn", 8, 1, 1, PJE_KIND_FLOAT},
    {PJE_F8E4M3B11FNUZ, "f8e4m3b11fnuz", 8, 1, 1, PJE_KIND_FLOAT},
    {PJE_F8E5M2FNUZ, "f8e5m2fnuz", 8, 1, 1, PJE_KIND_FLOAT},
    {PJE_F8E4M3FNUZ, "f8e4m3fnuz", 8, 1, 1, PJE_KIND_FLOAT},
    {PJE_F8E3M4, "f8e3m4", 8, 1, 1, PJE_KIND_FLOAT},
    {PJE_F8E8M0FNU, "f8e8m0fnu", 8, 1, 1, PJE_KIND_FLOAT},
    {PJE_F4E2M1FN, "f4e2m1fn", 4, 1, 1, PJE_KIND_FLOAT},
    {PJE_F6E2M3FN, "f6e2m3fn", 6, 1, 1, PJE_KIND_FLOAT},
    {PJE_F6E3M2FN, "f6e3m2fn", 6, 1, 1, PJE_KIND_FLOAT},
    {PJE_C64, "c64", 64, 8, 4, PJE_KIND_COMPLEX},
    {PJE_C128, "c128", 128, 16, 8, PJE_KIND_COMPLEX},
    {PJE_TOKEN, "token", 0, 0, 1, PJE_KIND_TOKEN},
};
static const int kUnknown[] = {PJE_DTYPE_INVALID, 34, -1, PJE_DTYPE_MAX_};

OK(pje_dtype_host_size, every_type) {
  assert_int_equal(COUNT(kRows), PJE_F6E3M2FN);
  for (size_t i = 0; i < COUNT(kRows); ++i)
    assert_int_equal(pje_dtype_host_size(kRows[i].dtype), kRows[i].host_size);
}
OK(pje_dtype_bits, every_type) {
  for (size_t i = 0; i < COUNT(kRows); ++i) assert_int_equal(pje_dtype_bits(kRows[i].dtype), kRows[i].bits);
}
OK(pje_dtype_alignment, every_type) {
  for (size_t i = 0; i < COUNT(kRows); ++i)
    assert_int_equal(pje_dtype_alignment(kRows[i].dtype), kRows[i].alignment);
}
OK(pje_dtype_kind_of, every_type) {
  for (size_t i = 0; i < COUNT(kRows); ++i)
    assert_int_equal(pje_dtype_kind_of(kRows[i].dtype), kRows[i].kind);
}
OK(pje_dtype_name, every_type) {
  for (size_t i = 0; i < COUNT(kRows); ++i)
    assert_string_equal(pje_dtype_name(kRows[i].dtype), kRows[i].name);
}
FAILS(pje_dtype_host_size, unknown_number) {
  for (size_t i = 0; i < COUNT(kUnknown); ++i)
    assert_int_equal(pje_dtype_host_size((pje_dtype)kUnknown[i]), 0);
}
FAILS(pje_dtype_bits, unknown_number) {
  for (size_t i = 0; i < COUNT(kUnknown); ++i) assert_int_equal(pje_dtype_bits((pje_dtype)kUnknown[i]), 0);
}
FAILS(pje_dtype_alignment, unknown_number) {
  for (size_t i = 0; i < COUNT(kUnknown); ++i)
    assert_int_equal(pje_dtype_alignment((pje_dtype)kUnknown[i]), 1);
}
FAILS(pje_dtype_kind_of, unknown_number) {
  for (size_t i = 0; i < COUNT(kUnknown); ++i)
    assert_int_equal(pje_dtype_kind_of((pje_dtype)kUnknown[i]), PJE_KIND_INVALID);
}
FAILS(pje_dtype_name, unknown_number) {
  for (size_t i = 0; i < COUNT(kUnknown); ++i)
    assert_string_equal(pje_dtype_name((pje_dtype)kUnknown[i]), "invalid");
}

static void expect_dtype(const char *name, pje_dtype expected) {
  pje_dtype got = PJE_F64;
  if (!pje_dtype_from_name(name, &got) || got != expected)
    fail_msg("\"%s\" reads as %s, expected %s", name, pje_dtype_name(got), pje_dtype_name(expected));
}

OK(pje_dtype_from_name, lower_and_upper_case) {
  for (size_t i = 0; i < COUNT(kRows); ++i) {
    char upper[32] = "";
    for (size_t k = 0; kRows[i].name[k] != '\0'; ++k)
      upper[k] = (char)(kRows[i].name[k] >= 'a' ? kRows[i].name[k] - 'a' + 'A' : kRows[i].name[k]);
    expect_dtype(kRows[i].name, kRows[i].dtype);
    expect_dtype(upper, kRows[i].dtype);
  }
}
OK(pje_dtype_from_name, names_of_numpy_and_mlir) {
  static const struct {
    const char *name;
    pje_dtype dtype;
  } kNames[] = {{"float32", PJE_F32},     {"float64", PJE_F64}, {"float16", PJE_F16},
                {"bfloat16", PJE_BF16},   {"int8", PJE_S8},     {"int64", PJE_S64},
                {"uint16", PJE_U16},      {"bool", PJE_PRED},   {"complex64", PJE_C64},
                {"complex128", PJE_C128}, {"i1", PJE_PRED},     {"i32", PJE_S32},
                {"ui8", PJE_U8},          {"ui64", PJE_U64}};
  for (size_t i = 0; i < COUNT(kNames); ++i) expect_dtype(kNames[i].name, kNames[i].dtype);
}
FAILS(pje_dtype_from_name, unknown_or_null) {
  static const char *const kNames[] = {"", "f", "f33", "float", "f32 ", " f32", "s128", "f32f32"};
  for (size_t i = 0; i < COUNT(kNames); ++i) {
    pje_dtype dtype = PJE_F64;
    assert_false(pje_dtype_from_name(kNames[i], &dtype));
    assert_int_equal(dtype, PJE_DTYPE_INVALID);
  }
  pje_dtype dtype = PJE_F64;
  assert_false(pje_dtype_from_name(NULL, &dtype));
  assert_int_equal(dtype, PJE_DTYPE_INVALID);
  assert_false(pje_dtype_from_name("f32", NULL));
}

int main(void) {
  const struct CMUnitTest dtype[] = {
      cmocka_unit_test(pje_dtype_host_size__ok_every_type),
      cmocka_unit_test(pje_dtype_bits__ok_every_type),
      cmocka_unit_test(pje_dtype_alignment__ok_every_type),
      cmocka_unit_test(pje_dtype_kind_of__ok_every_type),
      cmocka_unit_test(pje_dtype_name__ok_every_type),
      cmocka_unit_test(pje_dtype_host_size__fails_unknown_number),
      cmocka_unit_test(pje_dtype_bits__fails_unknown_number),
      cmocka_unit_test(pje_dtype_alignment__fails_unknown_number),
      cmocka_unit_test(pje_dtype_kind_of__fails_unknown_number),
      cmocka_unit_test(pje_dtype_name__fails_unknown_number),
      cmocka_unit_test(pje_dtype_from_name__ok_lower_and_upper_case),
      cmocka_unit_test(pje_dtype_from_name__ok_names_of_numpy_and_mlir),
      cmocka_unit_test(pje_dtype_from_name__fails_unknown_or_null),
  };
  return RUN(dtype);
}
