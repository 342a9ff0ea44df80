/* Layouts, the device assignment and compilation environments: fields of more than one value. */
#include "compile_options_support.h"

static const int64_t kDims[] = {2, 3, 4}, kOrder[] = {1, 0, 2}, kRowMajor[] = {2, 1, 0};
/* A ShapeProto: a TUPLE of one F32. */
static const char kTuple[] = "\x10\x0d\x22\x02\x10\x0b";

typedef pje_error *(*add_layout)(pje_compile_options *, pje_dtype, const int64_t *, size_t, const int64_t *);
typedef pje_error *(*add_layout_bytes)(pje_compile_options *, const void *, size_t);
typedef pje_error *(*get_layout)(const pje_compile_options *, pje_dtype *, const int64_t **, size_t *,
                                 const int64_t **);
typedef pje_error *(*get_layout_bytes)(const pje_compile_options *, pje_bytes **);

static pje_error *get_first(const pje_compile_options *options, pje_dtype *dtype, const int64_t **dims,
                            size_t *rank, const int64_t **order) {
  return pje_compile_options_get_argument_layout(options, 0, dtype, dims, rank, order);
}
static pje_error *get_first_bytes(const pje_compile_options *options, pje_bytes **out) {
  return pje_compile_options_get_argument_layout_bytes(options, 0, out);
}

static void expect_layout(const pje_compile_options *options, get_layout get, const int64_t *expected_order) {
  pje_dtype dtype = PJE_DTYPE_INVALID;
  const int64_t *dims = NULL, *order = NULL;
  size_t rank = 0;
  expect_ok(get(options, &dtype, &dims, &rank, &order));
  assert_int_equal(dtype, PJE_BF16);
  assert_int_equal(rank, 3);
  assert_memory_equal(dims, kDims, sizeof kDims);
  assert_memory_equal(order, expected_order, sizeof kOrder);
}
static void check_layout(add_layout add, const char *field, get_layout get) {
  pje_compile_options *options = make_options();
  int64_t dims[3], order[3];
  memcpy(dims, kDims, sizeof kDims);
  memcpy(order, kOrder, sizeof kOrder);
  expect_ok(add(options, PJE_BF16, dims, 3, order));
  dims[0] = order[0] = 9;
  assert_true(field_is_set(options, field));
  assert_true(text_has(options, "element_type: BF16\n"));
  IN_EVERY_COPY(options, copy) expect_layout(copy, get, kOrder);
  clear_field(options, field);
  expect_ok(add(options, PJE_BF16, kDims, 3, NULL));
  IN_EVERY_COPY(options, copy) expect_layout(copy, get, kRowMajor);
  clear_field(options, field);
  pje_compile_options_release(options);
}
static void check_layout_bytes(add_layout_bytes add, const char *field, get_layout_bytes get) {
  pje_compile_options *options = make_options();
  expect_ok(add(options, kTuple, sizeof kTuple - 1));
  assert_true(field_is_set(options, field));
  IN_EVERY_COPY(options, copy) {
    pje_bytes *bytes = NULL;
    expect_ok(get(copy, &bytes));
    assert_int_equal(pje_bytes_size(bytes), sizeof kTuple - 1);
    assert_memory_equal(pje_bytes_data(bytes), kTuple, sizeof kTuple - 1);
    pje_bytes_release(bytes);
  }
  pje_compile_options_release(options);
}
static void refuse_layouts(add_layout add, const char *function) {
  pje_compile_options *options = make_options();
  const int64_t negative[] = {2, -3}, twice[] = {1, 1}, outside[] = {0, 2}, many[65] = {0};
  CHANGES_NOTHING(options) {
    expect_invalid(add(options, PJE_DTYPE_INVALID, kDims, 3, NULL), function, "dtype 0");
    expect_invalid(add(options, (pje_dtype)9999, kDims, 3, NULL), function, "dtype 9999");
    expect_invalid(add(options, PJE_F32, NULL, 2, NULL), function, "dims");
    expect_invalid(add(options, PJE_F32, negative, 2, NULL), function, "[2,-3]");
    expect_invalid(add(options, PJE_F32, kDims, 2, twice), function, "minor_to_major is [1,1]");
    expect_invalid(add(options, PJE_F32, kDims, 2, outside), function, "minor_to_major is [0,2]");
    expect_invalid(add(options, PJE_F32, many, 65, NULL), function, "rank is 65");
  }
  pje_compile_options_release(options);
}
static void refuse_layout_bytes(add_layout_bytes add, const char *function) {
  pje_compile_options *options = make_options();
  CHANGES_NOTHING(options) {
    expect_invalid(add(options, NULL, 0), function, "data");
    expect_invalid(add(options, "\xff\xff", 2), function, "not a serialized ShapeProto");
    expect_invalid(add(options, "", 0), function, "without a type");
  }
  pje_compile_options_release(options);
}
static void refuse_reading(get_layout get, add_layout_bytes add, pje_code unset, const char *function) {
  pje_compile_options *options = make_options();
  pje_dtype dtype = PJE_F32;
  const int64_t *dims = kDims, *order = kOrder;
  size_t rank = 9;
  expect_error(get(options, &dtype, &dims, &rank, &order), unset, function, "");
  assert_true(dtype == PJE_DTYPE_INVALID && dims == NULL && rank == 0 && order == NULL);
  expect_invalid(get(options, NULL, &dims, &rank, &order), function, "dtype");
  expect_invalid(get(options, &dtype, NULL, &rank, &order), function, "dims");
  expect_invalid(get(options, &dtype, &dims, NULL, &order), function, "rank");
  expect_invalid(get(options, &dtype, &dims, &rank, NULL), function, "minor_to_major");
  expect_ok(add(options, kTuple, sizeof kTuple - 1));
  expect_error(get(options, &dtype, &dims, &rank, &order), PJE_FAILED_PRECONDITION, function, "TUPLE");
  pje_compile_options_release(options);
}
static void refuse_reading_bytes(get_layout_bytes get, pje_code unset, const char *function) {
  pje_compile_options *options = make_options();
  pje_bytes *bytes = (pje_bytes *)options;
  expect_error(get(options, &bytes), unset, function, "");
  assert_null(bytes);
  expect_invalid(get(options, NULL), function, "out");
  pje_compile_options_release(options);
}
static void refuse_wrong_handles(get_layout get, const char *function) {
  FOR_WRONG_HANDLES(pje_compile_options, h) {
    pje_dtype dtype = PJE_F32;
    const int64_t *dims = kDims, *order = kOrder;
    size_t rank = 9;
    expect_invalid(get(h, &dtype, &dims, &rank, &order), function, "options");
    assert_true(dims == NULL && rank == 0 && order == NULL);
  }
}

static void check_scalar_layout(add_layout add, get_layout get) {
  pje_compile_options *options = make_options();
  expect_ok(add(options, PJE_F32, NULL, 0, NULL));
  IN_EVERY_COPY(options, copy) {
    pje_dtype dtype = PJE_DTYPE_INVALID;
    const int64_t *dims = NULL, *order = NULL;
    size_t rank = 9;
    expect_ok(get(copy, &dtype, &dims, &rank, &order));
    assert_int_equal(dtype, PJE_F32);
    assert_int_equal(rank, 0);
  }
  pje_compile_options_release(options);
}
static void check_bytes_of_layout(add_layout add, add_layout_bytes add_bytes, get_layout get,
                                  get_layout_bytes get_bytes) {
  pje_compile_options *options = make_options(), *other = make_options();
  pje_bytes *bytes = NULL;
  expect_ok(add(options, PJE_BF16, kDims, 3, kOrder));
  expect_ok(get_bytes(options, &bytes));
  expect_ok(add_bytes(other, pje_bytes_data(bytes), pje_bytes_size(bytes)));
  expect_layout(other, get, kOrder);
  pje_bytes_release(bytes);
  pje_compile_options_release(options);
  pje_compile_options_release(other);
}

/* set, get: the functions' names; read, read_bytes: the getters for the first layout; unset: their answer
 * while there is none. */
#define LAYOUT_TESTS(set, get, field, read, read_bytes, unset)                                             \
  OK(pje_compile_options_##set, is_kept_everywhere) {                                                      \
    check_layout(pje_compile_options_##set, field, read);                                                  \
  }                                                                                                        \
  OK(pje_compile_options_##get, reads_a_scalar) { check_scalar_layout(pje_compile_options_##set, read); }  \
  OK(pje_compile_options_##set##_bytes, is_kept_everywhere) {                                              \
    check_layout_bytes(pje_compile_options_##set##_bytes, field, read_bytes);                              \
  }                                                                                                        \
  OK(pje_compile_options_##get##_bytes, given_back_are_the_same_layout) {                                  \
    check_bytes_of_layout(pje_compile_options_##set, pje_compile_options_##set##_bytes, read, read_bytes); \
  }                                                                                                        \
  FAILS(pje_compile_options_##set, no_layout) {                                                            \
    refuse_layouts(pje_compile_options_##set, "pje_compile_options_" #set);                                \
  }                                                                                                        \
  FAILS(pje_compile_options_##set##_bytes, no_shape) {                                                     \
    refuse_layout_bytes(pje_compile_options_##set##_bytes, "pje_compile_options_" #set "_bytes");          \
  }                                                                                                        \
  FAILS(pje_compile_options_##get, none_or_no_output) {                                                    \
    refuse_reading(read, pje_compile_options_##set##_bytes, unset, "pje_compile_options_" #get);           \
  }                                                                                                        \
  FAILS(pje_compile_options_##get##_bytes, none_or_no_output) {                                            \
    refuse_reading_bytes(read_bytes, unset, "pje_compile_options_" #get "_bytes");                         \
  }                                                                                                        \
  REFUSES_WRONG_HANDLE(pje_compile_options_##set, wrong_handle, pje_compile_options, "options",            \
                       pje_compile_options_##set(h, PJE_F32, kDims, 3, NULL))                              \
  REFUSES_WRONG_HANDLE(pje_compile_options_##set##_bytes, wrong_handle, pje_compile_options, "options",    \
                       pje_compile_options_##set##_bytes(h, kTuple, sizeof kTuple - 1))                    \
  FAILS(pje_compile_options_##get, wrong_handle) {                                                         \
    refuse_wrong_handles(read, "pje_compile_options_" #get);                                               \
  }                                                                                                        \
  REFUSES_WRONG_HANDLE(pje_compile_options_##get##_bytes, wrong_handle, pje_compile_options, "options",    \
                       read_bytes(h, &(pje_bytes *){NULL}))

#define LAYOUTS(X)                                                                                \
  X(add_argument_layout, get_argument_layout, "argument_layouts", get_first, get_first_bytes,     \
    PJE_OUT_OF_RANGE)                                                                             \
  X(set_result_layout, get_result_layout, "result_layout", pje_compile_options_get_result_layout, \
    pje_compile_options_get_result_layout_bytes, PJE_NOT_FOUND)
LAYOUTS(LAYOUT_TESTS)

static void add_three(pje_compile_options *options) {
  expect_ok(pje_compile_options_add_argument_layout(options, PJE_F32, kDims, 1, NULL));
  expect_ok(pje_compile_options_add_argument_layout_bytes(options, kTuple, sizeof kTuple - 1));
  expect_ok(pje_compile_options_add_argument_layout(options, PJE_BF16, kDims, 3, kOrder));
}
OK(pje_compile_options_num_argument_layouts, counts_until_cleared) {
  pje_compile_options *options = make_options();
  assert_int_equal(pje_compile_options_num_argument_layouts(options), 0);
  add_three(options);
  IN_EVERY_COPY(options, copy) assert_int_equal(pje_compile_options_num_argument_layouts(copy), 3);
  clear_field(options, "argument_layouts");
  assert_int_equal(pje_compile_options_num_argument_layouts(options), 0);
  pje_compile_options_release(options);
}
ANSWERS_WRONG_HANDLE(pje_compile_options_num_argument_layouts, pje_compile_options,
                     assert_int_equal(pje_compile_options_num_argument_layouts(h), 0))
OK(pje_compile_options_get_argument_layout, by_index) {
  pje_compile_options *options = make_options();
  pje_dtype dtype = PJE_DTYPE_INVALID;
  const int64_t *dims = NULL, *order = NULL;
  size_t rank = 0;
  add_three(options);
  expect_ok(pje_compile_options_get_argument_layout(options, 2, &dtype, &dims, &rank, &order));
  assert_int_equal(dtype, PJE_BF16);
  assert_memory_equal(order, kOrder, sizeof kOrder);
  expect_error(pje_compile_options_get_argument_layout(options, 3, &dtype, &dims, &rank, &order),
               PJE_OUT_OF_RANGE, "pje_compile_options_get_argument_layout", "3 of 3");
  expect_error(pje_compile_options_get_argument_layout(options, SIZE_MAX, &dtype, &dims, &rank, &order),
               PJE_OUT_OF_RANGE, "pje_compile_options_get_argument_layout", "of 3");
  pje_compile_options_release(options);
}

static const int64_t kIds[] = {5, 0, 4, 1, 3, 2};
static void expect_assignment(const pje_compile_options *options) {
  size_t replicas = 9, partitions = 9;
  const int64_t *ids = pje_compile_options_get_device_assignment(options, &replicas, &partitions);
  assert_int_equal(replicas, 3);
  assert_int_equal(partitions, 2);
  assert_memory_equal(ids, kIds, sizeof kIds);
}
OK(pje_compile_options_set_device_assignment, sets_the_counts_too) {
  pje_compile_options *options = make_options();
  expect_ok(pje_compile_options_set_device_assignment(options, 3, 2, kIds, COUNT(kIds)));
  assert_true(text_has(options, "computation_count: 2\n"));
  IN_EVERY_COPY(options, copy) {
    expect_assignment(copy);
    assert_true(pje_compile_options_get_num_replicas(copy) == 3);
    assert_true(pje_compile_options_get_num_partitions(copy) == 2);
  }
  pje_compile_options_release(options);
}
OK(pje_compile_options_get_device_assignment, none_before_and_after) {
  pje_compile_options *options = make_options();
  size_t replicas = 9, partitions = 9;
  assert_null(pje_compile_options_get_device_assignment(options, &replicas, &partitions));
  assert_int_equal(replicas + partitions, 0);
  expect_ok(pje_compile_options_set_device_assignment(options, 3, 2, kIds, COUNT(kIds)));
  assert_memory_equal(pje_compile_options_get_device_assignment(options, NULL, NULL), kIds, sizeof kIds);
  clear_field(options, "device_assignment");
  assert_null(pje_compile_options_get_device_assignment(options, NULL, NULL));
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_set_device_assignment, ids_or_counts) {
  static const char function[] = "pje_compile_options_set_device_assignment";
  static const int64_t kTwice[] = {0, 1, 2, 1}, kNegative[] = {0, -1};
  pje_compile_options *options = make_options();
  expect_ok(pje_compile_options_set_device_assignment(options, 3, 2, kIds, COUNT(kIds)));
  CHANGES_NOTHING(options) {
    expect_invalid(pje_compile_options_set_device_assignment(options, 2, 2, kTwice, 4), function,
                   "device id 1 stands there twice");
    expect_invalid(pje_compile_options_set_device_assignment(options, 2, 1, kNegative, 2), function,
                   "device id -1");
    expect_invalid(pje_compile_options_set_device_assignment(options, 2, 2, kIds, 3), function,
                   "3 device ids");
    expect_invalid(pje_compile_options_set_device_assignment(options, 0, 2, kIds, 0), function,
                   "num_replicas 0");
    expect_invalid(pje_compile_options_set_device_assignment(options, -1, -2, kIds, 2), function,
                   "num_replicas -1");
    expect_invalid(pje_compile_options_set_device_assignment(options, INT64_MAX, 2, kIds, 2), function, "");
    expect_invalid(pje_compile_options_set_device_assignment(options, 1, 1, NULL, 1), function, "device_ids");
  }
  expect_assignment(options);
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_set_device_assignment, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_set_device_assignment(h, 3, 2, kIds, COUNT(kIds)))
FAILS(pje_compile_options_get_device_assignment, wrong_handle) {
  FOR_WRONG_HANDLES(pje_compile_options, h) {
    size_t replicas = 9, partitions = 9;
    uint64_t misuse_before = pje_misuse_count();
    assert_null(pje_compile_options_get_device_assignment(h, &replicas, &partitions));
    assert_int_equal(replicas + partitions, 0);
    assert_int_equal(pje_misuse_count() - misuse_before, 1);
  }
}

static const char kType[] = "type.googleapis.com/xla.TpuCompilationEnvironment";
static pje_compile_options *make_with_environments(void) {
  pje_compile_options *options = make_options();
  expect_ok(pje_compile_options_add_compilation_environment(options, kType, "a\0b", 3));
  expect_ok(pje_compile_options_add_compilation_environment(options, "other", NULL, 0));
  return options;
}
OK(pje_compile_options_add_compilation_environment, appends) {
  pje_compile_options *options = make_with_environments();
  assert_true(field_is_set(options, "comp_envs"));
  assert_true(text_has(options, "type.googleapis.com/xla.TpuCompilationEnvironment"));
  expect_ok(pje_compile_options_add_compilation_environment(options, kType, "c", 1));
  assert_int_equal(pje_compile_options_num_compilation_environments(options), 3);
  pje_compile_options_release(options);
}
OK(pje_compile_options_num_compilation_environments, counts_until_cleared) {
  pje_compile_options *options = make_with_environments();
  IN_EVERY_COPY(options, copy) assert_int_equal(pje_compile_options_num_compilation_environments(copy), 2);
  clear_field(options, "comp_envs");
  assert_int_equal(pje_compile_options_num_compilation_environments(options), 0);
  pje_compile_options_release(options);
}
OK(pje_compile_options_compilation_environment_type_url, in_order) {
  pje_compile_options *options = make_with_environments();
  IN_EVERY_COPY(options, copy) {
    assert_string_equal(pje_compile_options_compilation_environment_type_url(copy, 0), kType);
    assert_string_equal(pje_compile_options_compilation_environment_type_url(copy, 1), "other");
  }
  pje_compile_options_release(options);
}
OK(pje_compile_options_compilation_environment_data, in_order) {
  pje_compile_options *options = make_with_environments();
  IN_EVERY_COPY(options, copy) {
    size_t size = 9;
    assert_memory_equal(pje_compile_options_compilation_environment_data(copy, 0, &size), "a\0b", 3);
    assert_int_equal(size, 3);
    (void)pje_compile_options_compilation_environment_data(copy, 1, &size);
    assert_int_equal(size, 0);
  }
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_add_compilation_environment, type_or_data) {
  static const char function[] = "pje_compile_options_add_compilation_environment";
  pje_compile_options *options = make_with_environments();
  CHANGES_NOTHING(options) {
    expect_invalid(pje_compile_options_add_compilation_environment(options, NULL, "x", 1), function,
                   "type_url");
    expect_invalid(pje_compile_options_add_compilation_environment(options, "", "x", 1), function,
                   "type_url");
    expect_invalid(pje_compile_options_add_compilation_environment(options, "\xff", "x", 1), function,
                   "UTF-8");
    expect_invalid(pje_compile_options_add_compilation_environment(options, kType, NULL, 1), function,
                   "data");
  }
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_compilation_environment_type_url, no_such_index) {
  pje_compile_options *options = make_with_environments();
  assert_string_equal(pje_compile_options_compilation_environment_type_url(options, 2), "");
  assert_string_equal(pje_compile_options_compilation_environment_type_url(options, SIZE_MAX), "");
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_compilation_environment_data, no_such_index) {
  pje_compile_options *options = make_with_environments();
  size_t size = 9;
  assert_null(pje_compile_options_compilation_environment_data(options, 2, &size));
  assert_int_equal(size, 0);
  assert_null(pje_compile_options_compilation_environment_data(options, SIZE_MAX, NULL));
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_add_compilation_environment, wrong_handle, pje_compile_options,
                     "options", pje_compile_options_add_compilation_environment(h, kType, "x", 1))
ANSWERS_WRONG_HANDLE(pje_compile_options_num_compilation_environments, pje_compile_options,
                     assert_int_equal(pje_compile_options_num_compilation_environments(h), 0))
ANSWERS_WRONG_HANDLE(pje_compile_options_compilation_environment_type_url, pje_compile_options,
                     assert_string_equal(pje_compile_options_compilation_environment_type_url(h, 0), ""))
ANSWERS_WRONG_HANDLE(pje_compile_options_compilation_environment_data, pje_compile_options,
                     assert_null(pje_compile_options_compilation_environment_data(h, 0, NULL)))

#define REGISTERED(function, case) cmocka_unit_test(pje_compile_options_##function##__##case)
#define LAYOUT_LIST(set, get, field, read, read_bytes, unset)                                       \
  REGISTERED(set, ok_is_kept_everywhere), REGISTERED(get, ok_reads_a_scalar),                       \
      REGISTERED(set##_bytes, ok_is_kept_everywhere),                                               \
      REGISTERED(get##_bytes, ok_given_back_are_the_same_layout), REGISTERED(set, fails_no_layout), \
      REGISTERED(set##_bytes, fails_no_shape), REGISTERED(get, fails_none_or_no_output),            \
      REGISTERED(get##_bytes, fails_none_or_no_output), REGISTERED(set, fails_wrong_handle),        \
      REGISTERED(set##_bytes, fails_wrong_handle), REGISTERED(get, fails_wrong_handle),             \
      REGISTERED(get##_bytes, fails_wrong_handle),

int main(void) {
  const struct CMUnitTest compile_options_layouts[] = {
      LAYOUTS(LAYOUT_LIST) REGISTERED(num_argument_layouts, ok_counts_until_cleared),
      REGISTERED(num_argument_layouts, fails_wrong_handle),
      REGISTERED(get_argument_layout, ok_by_index),
      REGISTERED(set_device_assignment, ok_sets_the_counts_too),
      REGISTERED(get_device_assignment, ok_none_before_and_after),
      REGISTERED(set_device_assignment, fails_ids_or_counts),
      REGISTERED(set_device_assignment, fails_wrong_handle),
      REGISTERED(get_device_assignment, fails_wrong_handle),
      REGISTERED(add_compilation_environment, ok_appends),
      REGISTERED(num_compilation_environments, ok_counts_until_cleared),
      REGISTERED(compilation_environment_type_url, ok_in_order),
      REGISTERED(compilation_environment_data, ok_in_order),
      REGISTERED(add_compilation_environment, fails_type_or_data),
      REGISTERED(compilation_environment_type_url, fails_no_such_index),
      REGISTERED(compilation_environment_data, fails_no_such_index),
      REGISTERED(add_compilation_environment, fails_wrong_handle),
      REGISTERED(num_compilation_environments, fails_wrong_handle),
      REGISTERED(compilation_environment_type_url, fails_wrong_handle),
      REGISTERED(compilation_environment_data, fails_wrong_handle),
  };
  return RUN(compile_options_layouts);
}
