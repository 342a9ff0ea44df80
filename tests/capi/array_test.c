#include "harness.h"

static const int64_t kDims[] = {2, 3};

static pje_array *make(void) {
  pje_array *array = NULL;
  expect_ok(pje_array_create(PJE_F32, kDims, 2, &array));
  return array;
}
static bool is_alive(pje_array *array) { return pje_array_size(array) == 24; }
RETAIN_RELEASE_TESTS(pje_array, make(), is_alive)

OK(pje_array_create, zeros_aligned_of_every_dtype) {
  static const unsigned char zeros[16 * 6];
  for (int dtype = PJE_PRED; dtype <= PJE_F6E3M2FN; ++dtype) {
    if (dtype == PJE_TOKEN) continue;
    pje_array *array = NULL;
    expect_ok(pje_array_create((pje_dtype)dtype, kDims, 2, &array));
    assert_int_equal(pje_array_size(array), 6 * pje_dtype_host_size((pje_dtype)dtype));
    assert_int_equal((uintptr_t)pje_array_data(array) % 64, 0);
    assert_memory_equal(pje_array_data(array), zeros, pje_array_size(array));
    assert_int_equal(pje_array_dtype(array), dtype);
    pje_array_release(array);
  }
}
OK(pje_array_create, scalar_and_empty) {
  pje_array *array = NULL;
  static const int64_t empty[] = {3, 0, 5};
  expect_ok(pje_array_create(PJE_C128, NULL, 0, &array));
  assert_int_equal(pje_array_rank(array), 0);
  assert_int_equal(pje_array_size(array), 16);
  pje_array_release(array);
  expect_ok(pje_array_create(PJE_F64, empty, 3, &array));
  assert_int_equal(pje_array_size(array), 0);
  assert_int_equal(pje_array_dims(array)[2], 5);
  pje_array_release(array);
}
FAILS(pje_array_create, bad_arguments) {
  const char *function = "pje_array_create";
  static const int64_t negative[] = {2, -1}, huge[] = {INT64_MAX, 16}, too_many[65] = {0};
  pje_array *array = (pje_array *)&array;
  expect_invalid(pje_array_create(PJE_TOKEN, kDims, 2, &array), function, "");
  assert_null(array);
  expect_invalid(pje_array_create(PJE_DTYPE_INVALID, kDims, 2, &array), function, "dtype");
  expect_invalid(pje_array_create((pje_dtype)34, kDims, 2, &array), function, "dtype");
  expect_invalid(pje_array_create(PJE_F32, NULL, 1, &array), function, "dims");
  expect_invalid(pje_array_create(PJE_F32, negative, 2, &array), function, "-1");
  expect_invalid(pje_array_create(PJE_F32, huge, 2, &array), function, "");
  expect_invalid(pje_array_create(PJE_F32, too_many, 65, &array), function, "64");
  expect_invalid(pje_array_create(PJE_F32, kDims, 2, NULL), function, "out");
}
FAILS(pje_array_create, more_than_there_is) {
  static const int64_t big[] = {(int64_t)1 << 45};
  pje_array *array = (pje_array *)&array;
  expect_error(pje_array_create(PJE_U8, big, 1, &array), PJE_RESOURCE_EXHAUSTED, "pje_array_create", "");
  assert_null(array);
}

OK(pje_array_wrap, is_the_callers_memory_and_released_once) {
  float values[6] = {1, 2, 3, 4, 5, 6};
  struct calls released = {0};
  pje_array *array = NULL;
  expect_ok(pje_array_wrap(values, sizeof values, PJE_F32, kDims, 2, count_call, &released, &array));
  assert_ptr_equal(pje_array_data(array), values);
  assert_ptr_equal(pje_array_retain(array), array);
  pje_array_release(array);
  assert_int_equal(calls_so_far(&released), 0);
  pje_array_release(array);
  assert_int_equal(calls_so_far(&released), 1);
  expect_ok(pje_array_wrap(NULL, 0, PJE_F32, (int64_t[]){0}, 1, NULL, NULL, &array));
  pje_array_release(array);
}
FAILS(pje_array_wrap, bad_arguments_do_not_run_the_release) {
  const char *function = "pje_array_wrap";
  float values[6];
  struct calls released = {0};
  pje_array *array = (pje_array *)&array;
  expect_invalid(pje_array_wrap(values, 23, PJE_F32, kDims, 2, count_call, &released, &array), function,
                 "24");
  assert_null(array);
  expect_invalid(pje_array_wrap(NULL, 24, PJE_F32, kDims, 2, count_call, &released, &array), function,
                 "data");
  expect_invalid(pje_array_wrap(values, 24, PJE_TOKEN, kDims, 2, count_call, &released, &array), function,
                 "");
  expect_invalid(pje_array_wrap(values, 24, PJE_F32, NULL, 2, count_call, &released, &array), function,
                 "dims");
  expect_invalid(pje_array_wrap(values, 24, PJE_F32, kDims, 2, count_call, &released, NULL), function, "out");
  assert_int_equal(calls_so_far(&released), 0);
}

#define ACCESSOR(function, check, wrong) \
  OK(function, of_a_matrix) {            \
    pje_array *array = make();           \
    assert_true(check);                  \
    pje_array_release(array);            \
  }                                      \
  ANSWERS_WRONG_HANDLE(function, pje_array, wrong)
ACCESSOR(pje_array_data, pje_array_data(array) == pje_array_const_data(array), assert_null(pje_array_data(h)))
ACCESSOR(pje_array_const_data, pje_array_const_data(array) != NULL, assert_null(pje_array_const_data(h)))
ACCESSOR(pje_array_size, pje_array_size(array) == 24, assert_int_equal(pje_array_size(h), 0))
ACCESSOR(pje_array_dtype, pje_array_dtype(array) == PJE_F32,
         assert_int_equal(pje_array_dtype(h), PJE_DTYPE_INVALID))
ACCESSOR(pje_array_rank, pje_array_rank(array) == 2, assert_int_equal(pje_array_rank(h), 0))
ACCESSOR(pje_array_dims, pje_array_dims(array)[0] == 2 && pje_array_dims(array)[1] == 3,
         assert_null(pje_array_dims(h)))

OK(pje_array_reinterpret, same_memory_kept_alive) {
  pje_array *array = NULL, *other = NULL;
  expect_ok(pje_array_create(PJE_U16, kDims, 2, &array));
  expect_ok(pje_array_reinterpret(array, PJE_BF16, &other));
  assert_ptr_equal(pje_array_data(array), pje_array_data(other));
  assert_int_equal(pje_array_dtype(other), PJE_BF16);
  assert_int_equal(pje_array_dtype(array), PJE_U16);
  pje_array_release(array);
  ((uint16_t *)pje_array_data(other))[5] = 0x3f80;
  pje_array_release(other);
}
REFUSES_WRONG_HANDLE(pje_array_reinterpret, wrong_handle, pje_array, "array",
                     pje_array_reinterpret(h, PJE_F32, &(pje_array *){NULL}))
FAILS(pje_array_reinterpret, another_size) {
  pje_array *array = make(), *other = array;
  expect_invalid(pje_array_reinterpret(array, PJE_F64, &other), "pje_array_reinterpret", "f64");
  assert_null(other);
  expect_invalid(pje_array_reinterpret(array, PJE_TOKEN, &other), "pje_array_reinterpret", "");
  expect_invalid(pje_array_reinterpret(array, PJE_S32, NULL), "pje_array_reinterpret", "out");
  pje_array_release(array);
}

static pje_array *save_and_load(pje_array *array) {
  const char *path = temporary_path("saved.npy");
  pje_array *loaded = NULL;
  expect_ok(pje_array_save_npy(array, path));
  expect_ok(pje_array_load_npy(path, &loaded));
  assert_int_equal(pje_array_size(loaded), pje_array_size(array));
  assert_memory_equal(pje_array_data(loaded), pje_array_data(array), pje_array_size(array));
  assert_int_equal(pje_array_rank(loaded), pje_array_rank(array));
  return loaded;
}

OK(pje_array_save_npy, every_dtype_and_shape) {
  static const int64_t empty[] = {3, 0}, cube[] = {2, 3, 5};
  static const struct {
    const int64_t *dims;
    size_t rank;
  } kShapes[] = {{NULL, 0}, {cube, 1}, {cube, 3}, {empty, 2}};
  for (int dtype = PJE_PRED; dtype <= PJE_F6E3M2FN; ++dtype) {
    if (dtype == PJE_TOKEN) continue;
    for (size_t i = 0; i < COUNT(kShapes); ++i) {
      pje_array *array = NULL;
      expect_ok(pje_array_create((pje_dtype)dtype, kShapes[i].dims, kShapes[i].rank, &array));
      unsigned char *bytes = pje_array_data(array);
      for (size_t k = 0; k < pje_array_size(array); ++k)
        bytes[k] = (unsigned char)(dtype == PJE_PRED ? k % 2 : k + 1);
      pje_array *loaded = save_and_load(array);
      /* What NumPy lacks travels as integers of the same size. */
      assert_int_equal(pje_dtype_host_size(pje_array_dtype(loaded)), pje_dtype_host_size((pje_dtype)dtype));
      if (dtype == PJE_BF16) assert_int_equal(pje_array_dtype(loaded), PJE_U16);
      if (dtype == PJE_F8E5M2 || dtype == PJE_S4) assert_int_equal(pje_array_dtype(loaded), PJE_U8);
      if (dtype == PJE_F32 || dtype == PJE_C64 || dtype == PJE_S64 || dtype == PJE_PRED || dtype == PJE_F16)
        assert_int_equal(pje_array_dtype(loaded), dtype);
      pje_array_release(loaded);
      pje_array_release(array);
    }
  }
}
REFUSES_WRONG_HANDLE(pje_array_save_npy, wrong_handle, pje_array, "array",
                     pje_array_save_npy(h, temporary_path("never.npy")))
FAILS(pje_array_save_npy, bad_place_leaves_nothing) {
  pje_array *array = make();
  expect_error(pje_array_save_npy(array, "/nowhere/x.npy"), PJE_NOT_FOUND, "pje_array_save_npy",
               "/nowhere/x.npy");
  expect_invalid(pje_array_save_npy(array, NULL), "pje_array_save_npy", "path");
  pje_error *error = pje_array_save_npy(array, "/tmp");
  assert_non_null(error);
  pje_error_release(error);
  pje_array_release(array);
}
FAILS(pje_array_save_npy, full_disk_keeps_the_old_file) {
  pje_array *array = make();
  expect_error(pje_array_save_npy(array, "/dev/full"), PJE_UNAVAILABLE, "pje_array_save_npy", "/dev/full");
  pje_array_release(array);
}

/* Writes a .npy of version 1 with this header and these data. */
static const char *npy(const char *header, const void *data, size_t size) {
  const char *path = temporary_path("made.npy");
  unsigned char bytes[1024] = "\x93NUMPY\x01\x00";
  size_t length = strlen(header);
  bytes[8] = (unsigned char)(length & 255);
  bytes[9] = (unsigned char)(length >> 8);
  memcpy(bytes + 10, header, length);
  if (size > 0) memcpy(bytes + 10 + length, data, size);
  write_file(path, bytes, 10 + length + size);
  return path;
}
static void expect_no_npy(const char *path, const char *part) {
  pje_array *array = (pje_array *)&array;
  pje_error *error = pje_array_load_npy(path, &array);
  assert_non_null(strstr(pje_error_message(error), path));
  expect_invalid(error, "pje_array_load_npy", part);
  assert_null(array);
}

OK(pje_array_load_npy, fortran_order_is_read_right) {
  /* [[1, 2, 3], [4, 5, 6]] column by column. */
  static const float columns[] = {1, 4, 2, 5, 3, 6}, rows[] = {1, 2, 3, 4, 5, 6};
  pje_array *array = NULL;
  expect_ok(pje_array_load_npy(
      npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n", columns, sizeof columns), &array));
  assert_memory_equal(pje_array_data(array), rows, sizeof rows);
  assert_int_equal(pje_array_dims(array)[0], 2);
  assert_int_equal(pje_array_dims(array)[1], 3);
  pje_array_release(array);
}
OK(pje_array_load_npy, names_of_ml_dtypes) {
  static const unsigned char bits[] = {1, 2, 3, 4};
  pje_array *array = NULL;
  expect_ok(pje_array_load_npy(
      npy("{'descr': 'bfloat16', 'fortran_order': False, 'shape': (2,), }\n", bits, 4), &array));
  assert_int_equal(pje_array_dtype(array), PJE_BF16);
  pje_array_release(array);
  expect_ok(
      pje_array_load_npy(npy("{'descr': '|i1', 'fortran_order': False, 'shape': (4,), }", bits, 4), &array));
  assert_int_equal(pje_array_dtype(array), PJE_S8);
  pje_array_release(array);
}
OK(pje_array_load_npy, versions_2_and_3) {
  static const char header[] = "{'descr': '<i4', 'fortran_order': False, 'shape': (), }\n";
  for (unsigned char version = 2; version <= 3; ++version) {
    unsigned char bytes[256] = "\x93NUMPY";
    bytes[6] = version;
    bytes[8] = sizeof header - 1;
    memcpy(bytes + 12, header, sizeof header - 1);
    memcpy(bytes + 12 + sizeof header - 1, "\x07\x00\x00\x00", 4);
    const char *path = temporary_path("version.npy");
    write_file(path, bytes, 12 + sizeof header - 1 + 4);
    pje_array *array = NULL;
    expect_ok(pje_array_load_npy(path, &array));
    assert_int_equal(*(int32_t *)pje_array_data(array), 7);
    assert_int_equal(pje_array_rank(array), 0);
    pje_array_release(array);
  }
}
FAILS(pje_array_load_npy, no_file) {
  pje_array *array = (pje_array *)&array;
  expect_error(pje_array_load_npy("/nowhere/x.npy", &array), PJE_NOT_FOUND, "pje_array_load_npy",
               "/nowhere/x.npy");
  assert_null(array);
  expect_invalid(pje_array_load_npy("/tmp", &array), "pje_array_load_npy", "/tmp");
  expect_invalid(pje_array_load_npy(NULL, &array), "pje_array_load_npy", "path");
  expect_invalid(pje_array_load_npy("/nowhere/x.npy", NULL), "pje_array_load_npy", "out");
}
FAILS(pje_array_load_npy, wrong_magic) {
  const char *path = temporary_path("magic.npy");
  write_file(path, "\x93NUMPX\x01\x00", 8);
  expect_no_npy(path, "");
  write_file(path, "PK\x03\x04 a zip file, as .npz is", 27);
  expect_no_npy(path, "");
  write_file(path, "", 0);
  expect_no_npy(path, "");
  write_file(path, "\x93NUMPY\x09\x00\x10\x00", 10);
  expect_no_npy(path, "version");
}
FAILS(pje_array_load_npy, element_type) {
  static const char *const kTypes[] = {"'>f4'", "'|O'", "'<U4'", "'<M8[ns]'",     "'<f16'",
                                       "'|V3'", "'x'",  "''",    "[('a', '<f4')]"};
  for (size_t i = 0; i < COUNT(kTypes); ++i) {
    char header[128];
    snprintf(header, sizeof header, "{'descr': %s, 'fortran_order': False, 'shape': (2,), }\n", kTypes[i]);
    expect_no_npy(npy(header, "0123456789abcdef0123456789abcdef", 32), "");
  }
  expect_no_npy(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }\n", "0123", 4), "endian");
  expect_no_npy(npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", "01234567", 8), "object");
}
FAILS(pje_array_load_npy, short_or_long_data) {
  expect_no_npy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }\n", "0123456789abcde", 15),
                "16");
  expect_no_npy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }\n", "0123456789abcdefg", 17),
                "");
}
FAILS(pje_array_load_npy, malformed_header) {
  static const char *const kHeaders[] = {
      "",
      "{",
      "{'descr': '<f4', 'fortran_order': False}",
      "{'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,",
      "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
      "not a dictionary"};
  for (size_t i = 0; i < COUNT(kHeaders); ++i) expect_no_npy(npy(kHeaders[i], "0123", 4), "");
  /* The header is said to be longer than the file. */
  const char *path = temporary_path("cut.npy");
  write_file(path, "\x93NUMPY\x01\x00\xff\xff{", 11);
  expect_no_npy(path, "");
}

#define ACCESSOR_LIST(function) \
  cmocka_unit_test(function##__ok_of_a_matrix), cmocka_unit_test(function##__fails_wrong_handle)

int main(void) {
  const struct CMUnitTest array[] = {
      RETAIN_RELEASE_LIST(pje_array),
      cmocka_unit_test(pje_array_create__ok_zeros_aligned_of_every_dtype),
      cmocka_unit_test(pje_array_create__ok_scalar_and_empty),
      cmocka_unit_test(pje_array_create__fails_bad_arguments),
      cmocka_unit_test(pje_array_create__fails_more_than_there_is),
      cmocka_unit_test(pje_array_wrap__ok_is_the_callers_memory_and_released_once),
      cmocka_unit_test(pje_array_wrap__fails_bad_arguments_do_not_run_the_release),
      ACCESSOR_LIST(pje_array_data),
      ACCESSOR_LIST(pje_array_const_data),
      ACCESSOR_LIST(pje_array_size),
      ACCESSOR_LIST(pje_array_dtype),
      ACCESSOR_LIST(pje_array_rank),
      ACCESSOR_LIST(pje_array_dims),
      cmocka_unit_test(pje_array_reinterpret__ok_same_memory_kept_alive),
      cmocka_unit_test(pje_array_reinterpret__fails_wrong_handle),
      cmocka_unit_test(pje_array_reinterpret__fails_another_size),
      cmocka_unit_test(pje_array_save_npy__ok_every_dtype_and_shape),
      cmocka_unit_test(pje_array_save_npy__fails_wrong_handle),
      cmocka_unit_test(pje_array_save_npy__fails_bad_place_leaves_nothing),
      cmocka_unit_test(pje_array_save_npy__fails_full_disk_keeps_the_old_file),
      cmocka_unit_test(pje_array_load_npy__ok_fortran_order_is_read_right),
      cmocka_unit_test(pje_array_load_npy__ok_names_of_ml_dtypes),
      cmocka_unit_test(pje_array_load_npy__ok_versions_2_and_3),
      cmocka_unit_test(pje_array_load_npy__fails_no_file),
      cmocka_unit_test(pje_array_load_npy__fails_wrong_magic),
      cmocka_unit_test(pje_array_load_npy__fails_element_type),
      cmocka_unit_test(pje_array_load_npy__fails_short_or_long_data),
      cmocka_unit_test(pje_array_load_npy__fails_malformed_header),
  };
  return RUN(array);
}
