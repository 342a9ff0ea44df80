/* The fields of the compile options that have a setter and a getter of the same form. Each table below names
 * the fields of one kind; its tests are written once. */
#include "compile_options_support.h"

#define SET(field) pje_compile_options_set_##field
#define GET(field) pje_compile_options_get_##field

/* X(field, type, value while unset, another value, its text) */
#define SCALARS(X)                                                                                   \
  X(parameter_is_tupled_arguments, bool, false, true, "true")                                        \
  X(compile_portable_executable, bool, false, true, "true")                                          \
  X(allow_in_place_mlir_modification, bool, false, true, "true")                                     \
  X(use_spmd_partitioning, bool, false, true, "true")                                                \
  X(use_auto_spmd_partitioning, bool, false, true, "true")                                           \
  X(use_shardy_partitioner, bool, false, true, "true")                                               \
  X(deduplicate_hlo, bool, false, true, "true")                                                      \
  X(alias_passthrough_params, bool, false, true, "true")                                             \
  X(run_backend_only, bool, false, true, "true")                                                     \
  X(profile_version, int64_t, 0, INT64_MIN, "-9223372036854775808")                                  \
  X(device_ordinal, int64_t, -1, 7, "7")                                                             \
  X(num_replicas, int64_t, 1, 300, "300")                                                            \
  X(num_partitions, int64_t, 1, 301, "301")                                                          \
  X(device_memory_size, int64_t, 0, INT64_C(1) << 40, "1099511627776")                               \
  X(process_index, int64_t, 0, 3, "3")                                                               \
  X(process_count, int64_t, 0, 4, "4")                                                               \
  X(matrix_unit_operand_precision, pje_precision, PJE_PRECISION_DEFAULT, PJE_PRECISION_HIGH, "HIGH") \
  X(optimization_level, pje_effort, PJE_EFFORT_UNKNOWN, PJE_EFFORT_O2, "EFFORT_O2")                  \
  X(memory_fitting_level, pje_effort, PJE_EFFORT_UNKNOWN, PJE_EFFORT_O1, "EFFORT_O1")

#define SCALAR_TESTS(field, type, unset, other, text)                                                 \
  OK(pje_compile_options_set_##field, is_kept_everywhere) {                                           \
    pje_compile_options *options = make_options();                                                    \
    expect_ok(SET(field)(options, other));                                                            \
    assert_true(field_is_set(options, #field));                                                       \
    assert_true(text_has(options, #field ": " text "\n"));                                            \
    IN_EVERY_COPY(options, copy) assert_true(GET(field)(copy) == (type)(other));                      \
    pje_compile_options_release(options);                                                             \
  }                                                                                                   \
  OK(pje_compile_options_get_##field, default_before_and_after) {                                     \
    pje_compile_options *options = make_options();                                                    \
    CHANGES_NOTHING(options) {                                                                        \
      assert_true(GET(field)(options) == (type)(unset));                                              \
      assert_false(field_is_set(options, #field));                                                    \
      expect_ok(SET(field)(options, other));                                                          \
      assert_true(GET(field)(options) == (type)(other));                                              \
      clear_field(options, #field);                                                                   \
      assert_true(GET(field)(options) == (type)(unset));                                              \
    }                                                                                                 \
    pje_compile_options_release(options);                                                             \
  }                                                                                                   \
  REFUSES_WRONG_HANDLE(pje_compile_options_set_##field, wrong_handle, pje_compile_options, "options", \
                       SET(field)(h, other))                                                          \
  ANSWERS_WRONG_HANDLE(pje_compile_options_get_##field, pje_compile_options,                          \
                       assert_true(GET(field)(h) == (type)0))
SCALARS(SCALAR_TESTS)

/* X(field, lowest, highest) */
#define RANGES(X)                     \
  X(device_ordinal, -1, INT32_MAX)    \
  X(num_replicas, 1, INT32_MAX)       \
  X(num_partitions, 1, INT32_MAX)     \
  X(device_memory_size, 0, INT64_MAX) \
  X(process_index, 0, INT32_MAX)      \
  X(process_count, 0, INT32_MAX)

#define RANGE_TESTS(field, lowest, highest)                                                                 \
  OK(pje_compile_options_set_##field, lowest_and_highest) {                                                 \
    pje_compile_options *options = make_options();                                                          \
    expect_ok(SET(field)(options, lowest));                                                                 \
    IN_EVERY_COPY(options, copy) assert_true(GET(field)(copy) == lowest);                                   \
    expect_ok(SET(field)(options, highest));                                                                \
    IN_EVERY_COPY(options, copy) assert_true(GET(field)(copy) == highest);                                  \
    pje_compile_options_release(options);                                                                   \
  }                                                                                                         \
  FAILS(pje_compile_options_set_##field, outside_the_range) {                                               \
    pje_compile_options *options = make_options();                                                          \
    refuse_outside(options, SET(field), "pje_compile_options_set_" #field, #field " is ", lowest, highest); \
    pje_compile_options_release(options);                                                                   \
  }

static void refuse_outside(pje_compile_options *options, pje_error *(*set)(pje_compile_options *, int64_t),
                           const char *function, const char *part, int64_t lowest, int64_t highest) {
  CHANGES_NOTHING(options) {
    expect_invalid(set(options, lowest - 1), function, part);
    expect_invalid(set(options, INT64_MIN), function, part);
    if (highest < INT64_MAX) {
      expect_invalid(set(options, highest + 1), function, part);
      expect_invalid(set(options, INT64_MAX), function, part);
    }
  }
}
RANGES(RANGE_TESTS)

static const pje_effort kEfforts[] = {PJE_EFFORT_UNKNOWN, PJE_EFFORT_O0, PJE_EFFORT_O1, PJE_EFFORT_O2,
                                      PJE_EFFORT_O3};
static const int kNotEfforts[] = {-1, 1, 38, 40, PJE_EFFORT_MAX_};
static const pje_precision kPrecisions[] = {PJE_PRECISION_DEFAULT, PJE_PRECISION_HIGH, PJE_PRECISION_HIGHEST};
static const int kNotPrecisions[] = {-1, 3, 19, PJE_PRECISION_MAX_};

/* X(field, type, its values, numbers that are none, one of the choices that a refusal names) */
#define ENUMS(X)                                                                              \
  X(matrix_unit_operand_precision, pje_precision, kPrecisions, kNotPrecisions, "2 (HIGHEST)") \
  X(optimization_level, pje_effort, kEfforts, kNotEfforts, "39 (EFFORT_O3)")                  \
  X(memory_fitting_level, pje_effort, kEfforts, kNotEfforts, "39 (EFFORT_O3)")

#define ENUM_TESTS(field, type, values, others, choice)                                                  \
  OK(pje_compile_options_set_##field, each_value) {                                                      \
    pje_compile_options *options = make_options();                                                       \
    for (size_t i = 0; i < COUNT(values); ++i) {                                                         \
      expect_ok(SET(field)(options, values[i]));                                                         \
      IN_EVERY_COPY(options, copy) assert_int_equal(GET(field)(copy), values[i]);                        \
    }                                                                                                    \
    pje_compile_options_release(options);                                                                \
  }                                                                                                      \
  FAILS(pje_compile_options_set_##field, no_such_value) {                                                \
    pje_compile_options *options = make_options();                                                       \
    CHANGES_NOTHING(options) {                                                                           \
      for (size_t i = 0; i < COUNT(others); ++i)                                                         \
        expect_invalid(SET(field)(options, (type)others[i]), "pje_compile_options_set_" #field, choice); \
    }                                                                                                    \
    pje_compile_options_release(options);                                                                \
  }
ENUMS(ENUM_TESTS)

/* X(field, type, first value, second value) */
#define LISTS(X)                                                      \
  X(individually_defined_output_indices, int32_t, 0, 2147483647)      \
  X(allow_spmd_sharding_propagation_to_parameters, bool, true, false) \
  X(allow_spmd_sharding_propagation_to_output, bool, false, true)     \
  X(auto_spmd_partitioning_mesh_shape, int64_t, 1, 4294967296)        \
  X(auto_spmd_partitioning_mesh_ids, int64_t, 0, 4294967297)

#define LIST_TESTS(field, type, first, second)                                                        \
  static void expect_##field(const pje_compile_options *options) {                                    \
    size_t count = 9;                                                                                 \
    const type *got = GET(field)(options, &count);                                                    \
    assert_int_equal(count, 2);                                                                       \
    assert_true(got[0] == (type)first && got[1] == (type)second);                                     \
  }                                                                                                   \
  static void set_##field(pje_compile_options *options) {                                             \
    type values[] = {(type)first, (type)second};                                                      \
    expect_ok(SET(field)(options, values, 2));                                                        \
    values[0] = values[1];                                                                            \
  }                                                                                                   \
  OK(pje_compile_options_set_##field, is_kept_everywhere) {                                           \
    pje_compile_options *options = make_options();                                                    \
    set_##field(options);                                                                             \
    assert_true(text_has(options, #field ": " #first "\n"));                                          \
    assert_true(text_has(options, #field ": " #second "\n"));                                         \
    IN_EVERY_COPY(options, copy) expect_##field(copy);                                                \
    set_##field(options);                                                                             \
    expect_##field(options);                                                                          \
    expect_ok(SET(field)(options, NULL, 0));                                                          \
    assert_false(field_is_set(options, #field));                                                      \
    pje_compile_options_release(options);                                                             \
  }                                                                                                   \
  OK(pje_compile_options_get_##field, nothing_before_and_after) {                                     \
    pje_compile_options *options = make_options();                                                    \
    size_t count = 9;                                                                                 \
    assert_null(GET(field)(options, &count));                                                         \
    assert_int_equal(count, 0);                                                                       \
    set_##field(options);                                                                             \
    assert_true(GET(field)(options, NULL)[1] == (type)second);                                        \
    clear_field(options, #field);                                                                     \
    assert_null(GET(field)(options, NULL));                                                           \
    pje_compile_options_release(options);                                                             \
  }                                                                                                   \
  FAILS(pje_compile_options_set_##field, null_with_a_count) {                                         \
    pje_compile_options *options = make_options();                                                    \
    set_##field(options);                                                                             \
    expect_invalid(SET(field)(options, NULL, 2), "pje_compile_options_set_" #field, "values");        \
    expect_##field(options);                                                                          \
    pje_compile_options_release(options);                                                             \
  }                                                                                                   \
  REFUSES_WRONG_HANDLE(pje_compile_options_set_##field, wrong_handle, pje_compile_options, "options", \
                       SET(field)(h, &(const type){(type)first}, 1))                                  \
  FAILS(pje_compile_options_get_##field, wrong_handle) {                                              \
    FOR_WRONG_HANDLES(pje_compile_options, h) {                                                       \
      size_t count = 9;                                                                               \
      uint64_t misuse_before = pje_misuse_count();                                                    \
      assert_null(GET(field)(h, &count));                                                             \
      assert_int_equal(count, 0);                                                                     \
      assert_int_equal(pje_misuse_count() - misuse_before, 1);                                        \
    }                                                                                                 \
  }
LISTS(LIST_TESTS)

/* X(field, type, highest element that is refused) */
#define NUMBER_LISTS(X)                               \
  X(individually_defined_output_indices, int32_t, -1) \
  X(auto_spmd_partitioning_mesh_shape, int64_t, 0)    \
  X(auto_spmd_partitioning_mesh_ids, int64_t, -1)

#define NUMBER_LIST_TESTS(field, type, refused)                                                             \
  FAILS(pje_compile_options_set_##field, element_out_of_range) {                                            \
    pje_compile_options *options = make_options();                                                          \
    const type last[] = {1, 2, refused}, first[] = {INT32_MIN, 1};                                          \
    set_##field(options);                                                                                   \
    expect_invalid(SET(field)(options, last, 3), "pje_compile_options_set_" #field, "[2] is " #refused);    \
    expect_invalid(SET(field)(options, first, 2), "pje_compile_options_set_" #field, "[0] is -2147483648"); \
    expect_##field(options);                                                                                \
    pje_compile_options_release(options);                                                                   \
  }
NUMBER_LISTS(NUMBER_LIST_TESTS)

/* X(field) */
#define BLOBS(X) X(serialized_multi_slice_config) X(fdo_profile)

static const char kBlob[] = {'a', '\0', '\xff', 'b'};

static void expect_blob(const void *data, size_t size) {
  assert_int_equal(size, sizeof kBlob);
  assert_memory_equal(data, kBlob, sizeof kBlob);
}

#define BLOB_TESTS(field)                                                                             \
  OK(pje_compile_options_set_##field, is_kept_everywhere) {                                           \
    pje_compile_options *options = make_options();                                                    \
    expect_ok(SET(field)(options, kBlob, sizeof kBlob));                                              \
    assert_true(text_has(options, #field ": \"a\\000\\377b\"\n"));                                    \
    IN_EVERY_COPY(options, copy) {                                                                    \
      size_t size = 9;                                                                                \
      const void *data = GET(field)(copy, &size);                                                     \
      expect_blob(data, size);                                                                        \
    }                                                                                                 \
    expect_ok(SET(field)(options, NULL, 0));                                                          \
    assert_null(GET(field)(options, NULL));                                                           \
    pje_compile_options_release(options);                                                             \
  }                                                                                                   \
  OK(pje_compile_options_get_##field, nothing_before_and_after) {                                     \
    pje_compile_options *options = make_options();                                                    \
    size_t size = 9;                                                                                  \
    assert_null(GET(field)(options, &size));                                                          \
    assert_int_equal(size, 0);                                                                        \
    expect_ok(SET(field)(options, kBlob, sizeof kBlob));                                              \
    expect_blob(GET(field)(options, NULL), sizeof kBlob);                                             \
    clear_field(options, #field);                                                                     \
    assert_null(GET(field)(options, NULL));                                                           \
    pje_compile_options_release(options);                                                             \
  }                                                                                                   \
  FAILS(pje_compile_options_set_##field, null_with_a_size) {                                          \
    pje_compile_options *options = make_options();                                                    \
    CHANGES_NOTHING(options)                                                                          \
    expect_invalid(SET(field)(options, NULL, 9), "pje_compile_options_set_" #field, "data");          \
    pje_compile_options_release(options);                                                             \
  }                                                                                                   \
  REFUSES_WRONG_HANDLE(pje_compile_options_set_##field, wrong_handle, pje_compile_options, "options", \
                       SET(field)(h, kBlob, sizeof kBlob))                                            \
  FAILS(pje_compile_options_get_##field, wrong_handle) {                                              \
    FOR_WRONG_HANDLES(pje_compile_options, h) {                                                       \
      size_t size = 9;                                                                                \
      uint64_t misuse_before = pje_misuse_count();                                                    \
      assert_null(GET(field)(h, &size));                                                              \
      assert_int_equal(size, 0);                                                                      \
      assert_int_equal(pje_misuse_count() - misuse_before, 1);                                        \
    }                                                                                                 \
  }
BLOBS(BLOB_TESTS)

/* X(field, name of the message, its text form, the same as the text dump has it, text that is not UTF-8) */
#define MESSAGES(X)                                                                                      \
  X(target_config, "GpuTargetConfigProto", "platform_name: 'CUDA' runtime_version { major: 12 }",        \
    "platform_name: \"CUDA\"\n", "platform_name: '\\377'")                                               \
  X(gpu_topology, "GpuTopologyProto", "platform_version: 'x' num_partitions: 1 num_devices_per_host: 8", \
    "num_devices_per_host: 8\n", "platform_version: '\\377'")                                            \
  X(debug_options, "DebugOptions", "xla_dump_to: '/dump' xla_disable_hlo_passes: ['a', 'b']",            \
    "xla_disable_hlo_passes: \"b\"\n", "xla_dump_to: '\\377'")

#define MESSAGE_TESTS(field, message, text, dumped, not_utf8)                                                \
  static pje_compile_options *make_with_##field(void) {                                                      \
    pje_compile_options *options = make_options();                                                           \
    expect_ok(SET(field##_text)(options, text));                                                             \
    return options;                                                                                          \
  }                                                                                                          \
  static pje_bytes *bytes_of_##field(const pje_compile_options *options) {                                   \
    pje_bytes *bytes = NULL;                                                                                 \
    expect_ok(GET(field)(options, &bytes));                                                                  \
    return bytes;                                                                                            \
  }                                                                                                          \
  OK(pje_compile_options_set_##field##_text, is_in_the_dump) {                                               \
    pje_compile_options *options = make_with_##field();                                                      \
    assert_true(field_is_set(options, #field));                                                              \
    assert_true(text_has(options, #field " {\n"));                                                           \
    assert_true(text_has(options, dumped));                                                                  \
    pje_compile_options_release(options);                                                                    \
  }                                                                                                          \
  OK(pje_compile_options_set_##field, same_as_from_text) {                                                   \
    pje_compile_options *from_text = make_with_##field(), *from_bytes = make_options();                      \
    pje_bytes *bytes = bytes_of_##field(from_text), *expected = bytes_of(from_text);                         \
    expect_ok(SET(field)(from_bytes, pje_bytes_data(bytes), pje_bytes_size(bytes)));                         \
    pje_bytes *got = bytes_of(from_bytes);                                                                   \
    assert_true(same_bytes(expected, got));                                                                  \
    pje_bytes_release(bytes);                                                                                \
    pje_bytes_release(expected);                                                                             \
    pje_bytes_release(got);                                                                                  \
    pje_compile_options_release(from_text);                                                                  \
    pje_compile_options_release(from_bytes);                                                                 \
  }                                                                                                          \
  OK(pje_compile_options_get_##field, same_in_every_copy) {                                                  \
    pje_compile_options *options = make_with_##field();                                                      \
    pje_bytes *expected = bytes_of_##field(options);                                                         \
    assert_true(pje_bytes_size(expected) > 4);                                                               \
    IN_EVERY_COPY(options, copy) {                                                                           \
      pje_bytes *got = bytes_of_##field(copy);                                                               \
      assert_true(same_bytes(expected, got));                                                                \
      pje_bytes_release(got);                                                                                \
    }                                                                                                        \
    pje_bytes_release(expected);                                                                             \
    pje_compile_options_release(options);                                                                    \
  }                                                                                                          \
  FAILS(pje_compile_options_set_##field, null_or_garbage) {                                                  \
    const char *function = "pje_compile_options_set_" #field;                                                \
    pje_compile_options *options = make_with_##field();                                                      \
    CHANGES_NOTHING(options) {                                                                               \
      expect_invalid(SET(field)(options, NULL, 9), function, "data");                                        \
      expect_invalid(SET(field)(options, "\x0a\xff\xff", 3), function, "not a serialized " message);         \
    }                                                                                                        \
    pje_compile_options_release(options);                                                                    \
  }                                                                                                          \
  FAILS(pje_compile_options_set_##field##_text, null_or_no_such_message) {                                   \
    const char *function = "pje_compile_options_set_" #field "_text";                                        \
    pje_compile_options *options = make_with_##field();                                                      \
    CHANGES_NOTHING(options) {                                                                               \
      expect_invalid(SET(field##_text)(options, NULL), function, "text");                                    \
      expect_invalid(SET(field##_text)(options, text "\n  no_such_field: 1"), function, "line 2, column ");  \
      expect_invalid(SET(field##_text)(options, "{"), function, "not a " message);                           \
      expect_invalid(SET(field##_text)(options, not_utf8), function, "UTF-8");                               \
    }                                                                                                        \
    pje_compile_options_release(options);                                                                    \
  }                                                                                                          \
  FAILS(pje_compile_options_get_##field, unset_or_no_output) {                                               \
    const char *function = "pje_compile_options_get_" #field;                                                \
    pje_compile_options *options = make_options();                                                           \
    pje_bytes *bytes = (pje_bytes *)options;                                                                 \
    expect_error(GET(field)(options, &bytes), PJE_NOT_FOUND, function, #field " is not set");                \
    assert_null(bytes);                                                                                      \
    expect_invalid(GET(field)(options, NULL), function, "out");                                              \
    pje_compile_options_release(options);                                                                    \
  }                                                                                                          \
  REFUSES_WRONG_HANDLE(pje_compile_options_set_##field, wrong_handle, pje_compile_options, "options",        \
                       SET(field)(h, "", 0))                                                                 \
  REFUSES_WRONG_HANDLE(pje_compile_options_set_##field##_text, wrong_handle, pje_compile_options, "options", \
                       SET(field##_text)(h, text))                                                           \
  REFUSES_WRONG_HANDLE(pje_compile_options_get_##field, wrong_handle, pje_compile_options, "options",        \
                       GET(field)(h, &(pje_bytes *){NULL}))
MESSAGES(MESSAGE_TESTS)

OK(pje_compile_options_set_compiler_variant, is_kept_everywhere) {
  pje_compile_options *options = make_options();
  char variant[] = "experimental";
  expect_ok(pje_compile_options_set_compiler_variant(options, variant));
  variant[0] = 'X';
  assert_true(text_has(options, "compiler_variant: \"experimental\"\n"));
  IN_EVERY_COPY(options, copy)
  assert_string_equal(pje_compile_options_get_compiler_variant(copy), "experimental");
  expect_ok(pje_compile_options_set_compiler_variant(options, NULL));
  assert_false(field_is_set(options, "compiler_variant"));
  pje_compile_options_release(options);
}
OK(pje_compile_options_get_compiler_variant, empty_when_unset) {
  pje_compile_options *options = make_options();
  assert_string_equal(pje_compile_options_get_compiler_variant(options), "");
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_set_compiler_variant, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_set_compiler_variant(h, "x"))
FAILS(pje_compile_options_set_compiler_variant, not_utf8) {
  pje_compile_options *options = make_options();
  CHANGES_NOTHING(options)
  expect_invalid(pje_compile_options_set_compiler_variant(options, "\xff"),
                 "pje_compile_options_set_compiler_variant", "UTF-8");
  pje_compile_options_release(options);
}
ANSWERS_WRONG_HANDLE(pje_compile_options_get_compiler_variant, pje_compile_options,
                     assert_string_equal(pje_compile_options_get_compiler_variant(h), ""))

#define REGISTERED(function, case) cmocka_unit_test(pje_compile_options_##function##__##case),
#define SCALAR_LIST(field, type, unset, other, text)   \
  REGISTERED(set_##field, ok_is_kept_everywhere)       \
  REGISTERED(get_##field, ok_default_before_and_after) \
  REGISTERED(set_##field, fails_wrong_handle) REGISTERED(get_##field, fails_wrong_handle)
#define RANGE_LIST(field, lowest, highest) \
  REGISTERED(set_##field, ok_lowest_and_highest) REGISTERED(set_##field, fails_outside_the_range)
#define ENUM_LIST(field, type, values, others, choice) \
  REGISTERED(set_##field, ok_each_value) REGISTERED(set_##field, fails_no_such_value)
#define LIST_LIST(field, type, first, second)          \
  REGISTERED(set_##field, ok_is_kept_everywhere)       \
  REGISTERED(get_##field, ok_nothing_before_and_after) \
  REGISTERED(set_##field, fails_null_with_a_count)     \
  REGISTERED(set_##field, fails_wrong_handle) REGISTERED(get_##field, fails_wrong_handle)
#define NUMBER_LIST_LIST(field, type, refused) REGISTERED(set_##field, fails_element_out_of_range)
#define BLOB_LIST(field)                               \
  REGISTERED(set_##field, ok_is_kept_everywhere)       \
  REGISTERED(get_##field, ok_nothing_before_and_after) \
  REGISTERED(set_##field, fails_null_with_a_size)      \
  REGISTERED(set_##field, fails_wrong_handle) REGISTERED(get_##field, fails_wrong_handle)
/* clang-format 16 changes its mind about this one each time. */
/* clang-format off */
#define MESSAGE_LIST(field, message, text, dumped, not_utf8)                                     \
  REGISTERED(set_##field##_text, ok_is_in_the_dump)                                              \
  REGISTERED(set_##field, ok_same_as_from_text)                                                  \
  REGISTERED(get_##field, ok_same_in_every_copy)                                                 \
  REGISTERED(set_##field, fails_null_or_garbage)                                                 \
  REGISTERED(set_##field##_text, fails_null_or_no_such_message)                                  \
  REGISTERED(get_##field, fails_unset_or_no_output)                                              \
  REGISTERED(set_##field, fails_wrong_handle) REGISTERED(set_##field##_text, fails_wrong_handle) \
      REGISTERED(get_##field, fails_wrong_handle)
/* clang-format on */

static const struct CMUnitTest compile_options_fields[] = {
    SCALARS(SCALAR_LIST) RANGES(RANGE_LIST) ENUMS(ENUM_LIST) LISTS(LIST_LIST) NUMBER_LISTS(NUMBER_LIST_LIST)
        BLOBS(BLOB_LIST) MESSAGES(MESSAGE_LIST)
            cmocka_unit_test(pje_compile_options_set_compiler_variant__ok_is_kept_everywhere),
    cmocka_unit_test(pje_compile_options_set_compiler_variant__fails_wrong_handle),
    cmocka_unit_test(pje_compile_options_set_compiler_variant__fails_not_utf8),
    cmocka_unit_test(pje_compile_options_get_compiler_variant__ok_empty_when_unset),
    cmocka_unit_test(pje_compile_options_get_compiler_variant__fails_wrong_handle),
};

int main(void) { return RUN(compile_options_fields); }
