/* Compile options by name: overrides of each kind, and debug options, whose names and kinds are checked. */
#include "compile_options_support.h"

/* One override of each kind, set in another order than that of the names. */
static pje_compile_options *make_full(void) {
  pje_compile_options *options = make_options();
  expect_ok(pje_compile_options_set_override_string(options, "a string", "text"));
  expect_ok(pje_compile_options_set_override_double(options, "a double", 0.25));
  expect_ok(pje_compile_options_set_override_bool(options, "a bool", true));
  expect_ok(pje_compile_options_set_override_int64(options, "a int64", INT64_MIN));
  return options;
}
static const char *const kNames[] = {"a bool", "a double", "a int64", "a string"};
static const pje_override_kind kKinds[] = {PJE_OVERRIDE_BOOL, PJE_OVERRIDE_DOUBLE, PJE_OVERRIDE_INT64,
                                           PJE_OVERRIDE_STRING};

/* X(kind, number, C type, a value, whether `got` is the one of make_full, the value in the text dump,
 * a debug option of the kind, one of another kind, how the value of the debug option reads) */
#define OVERRIDES(X)                                                                                         \
  X(string, PJE_OVERRIDE_STRING, const char *, "text", strcmp(got, "text") == 0, "string_field: \"text\"\n", \
    "xla_dump_to", "xla_cpu_enable_fast_math", "text")                                                       \
  X(bool, PJE_OVERRIDE_BOOL, bool, true, got == true, "bool_field: true\n", "xla_cpu_enable_fast_math",      \
    "xla_disable_hlo_passes", "true")                                                                        \
  X(int64, PJE_OVERRIDE_INT64, int64_t, 512, got == INT64_MIN, "int_field: 512\n",                           \
    "xla_cpu_prefer_vector_width", "xla_gpu_autotune_gemm_rtol", "512")                                      \
  X(double, PJE_OVERRIDE_DOUBLE, double, 0.25, got == 0.25, "double_field: 0.25\n",                          \
    "xla_gpu_autotune_gemm_rtol", "xla_cpu_prefer_vector_width", "0.25")

static void expect_debug_option(const pje_compile_options *options, const char *name, const char *value) {
  pje_bytes *text = NULL;
  expect_ok(pje_compile_options_get_debug_option(options, name, &text));
  assert_string_equal(pje_bytes_data(text), value);
  pje_bytes_release(text);
}

#define OVERRIDE_TESTS(kind, number, type, value, check, dumped, known, other, text)                       \
  OK(pje_compile_options_set_override_##kind, replaces_another_kind) {                                     \
    pje_compile_options *options = make_options();                                                         \
    expect_ok(pje_compile_options_set_override_string(options, "any name", "x"));                          \
    expect_ok(pje_compile_options_set_override_bool(options, "any name", false));                          \
    expect_ok(pje_compile_options_set_override_##kind(options, "any name", value));                        \
    assert_int_equal(pje_compile_options_num_overrides(options), 1);                                       \
    assert_true(text_has(options, "key: \"any name\"\n"));                                                 \
    assert_true(text_has(options, dumped));                                                                \
    IN_EVERY_COPY(options, copy)                                                                           \
    assert_int_equal(pje_compile_options_override_kind(copy, "any name"), number);                         \
    pje_compile_options_release(options);                                                                  \
  }                                                                                                        \
  OK(pje_compile_options_get_override_##kind, same_in_every_copy) {                                        \
    pje_compile_options *options = make_full();                                                            \
    IN_EVERY_COPY(options, copy) {                                                                         \
      type got;                                                                                            \
      memset(&got, 0, sizeof got);                                                                         \
      expect_ok(pje_compile_options_get_override_##kind(copy, "a " #kind, &got));                          \
      assert_true(check);                                                                                  \
    }                                                                                                      \
    pje_compile_options_release(options);                                                                  \
  }                                                                                                        \
  FAILS(pje_compile_options_set_override_##kind, name) {                                                   \
    const char *function = "pje_compile_options_set_override_" #kind;                                      \
    pje_compile_options *options = make_full();                                                            \
    CHANGES_NOTHING(options) {                                                                             \
      expect_invalid(pje_compile_options_set_override_##kind(options, NULL, value), function, "name");     \
      expect_invalid(pje_compile_options_set_override_##kind(options, "", value), function, "name");       \
      expect_invalid(pje_compile_options_set_override_##kind(options, "\xc0", value), function, "UTF-8");  \
    }                                                                                                      \
    pje_compile_options_release(options);                                                                  \
  }                                                                                                        \
  FAILS(pje_compile_options_get_override_##kind, absent_or_of_another_kind) {                              \
    const char *function = "pje_compile_options_get_override_" #kind;                                      \
    pje_compile_options *options = make_full();                                                            \
    type got;                                                                                              \
    expect_error(pje_compile_options_get_override_##kind(options, "none", &got), PJE_NOT_FOUND, function,  \
                 "\"none\"");                                                                              \
    for (size_t i = 0; i < COUNT(kNames); ++i) {                                                           \
      if (kKinds[i] == number) continue;                                                                   \
      expect_error(pje_compile_options_get_override_##kind(options, kNames[i], &got),                      \
                   PJE_FAILED_PRECONDITION, function, kNames[i] + strlen("a "));                           \
      assert_true(!got);                                                                                   \
    }                                                                                                      \
    expect_invalid(pje_compile_options_get_override_##kind(options, "a " #kind, NULL), function, "out");   \
    expect_invalid(pje_compile_options_get_override_##kind(options, NULL, &got), function, "name");        \
    pje_compile_options_release(options);                                                                  \
  }                                                                                                        \
  REFUSES_WRONG_HANDLE(pje_compile_options_set_override_##kind, wrong_handle, pje_compile_options,         \
                       "options", pje_compile_options_set_override_##kind(h, "name", value))               \
  FAILS(pje_compile_options_get_override_##kind, wrong_handle) {                                           \
    type got;                                                                                              \
    FOR_WRONG_HANDLES(pje_compile_options, h)                                                              \
    expect_invalid(pje_compile_options_get_override_##kind(h, "a " #kind, &got),                           \
                   "pje_compile_options_get_override_" #kind, "options");                                  \
  }                                                                                                        \
  OK(pje_compile_options_set_debug_option_##kind, is_an_override) {                                        \
    pje_compile_options *options = make_options();                                                         \
    expect_ok(pje_compile_options_set_debug_option_##kind(options, known, value));                         \
    expect_ok(pje_compile_options_set_debug_option_##kind(options, "xla_some_day_this_exists", value));    \
    IN_EVERY_COPY(options, copy) {                                                                         \
      assert_int_equal(pje_compile_options_override_kind(copy, known), number);                            \
      assert_int_equal(pje_compile_options_override_kind(copy, "xla_some_day_this_exists"), number);       \
      expect_debug_option(copy, known, text);                                                              \
    }                                                                                                      \
    pje_compile_options_release(options);                                                                  \
  }                                                                                                        \
  FAILS(pje_compile_options_set_debug_option_##kind, misspelt_or_of_another_kind) {                        \
    const char *function = "pje_compile_options_set_debug_option_" #kind;                                  \
    pje_compile_options *options = make_full();                                                            \
    CHANGES_NOTHING(options) {                                                                             \
      expect_invalid(pje_compile_options_set_debug_option_##kind(options, known "s", value), function,     \
                     "did you mean \"" known "\"?");                                                       \
      expect_invalid(pje_compile_options_set_debug_option_##kind(options, other, value), function,         \
                     ", not " #kind);                                                                      \
      expect_invalid(pje_compile_options_set_debug_option_##kind(options, NULL, value), function, "name"); \
      expect_invalid(pje_compile_options_set_debug_option_##kind(options, "", value), function, "name");   \
    }                                                                                                      \
    pje_compile_options_release(options);                                                                  \
  }                                                                                                        \
  REFUSES_WRONG_HANDLE(pje_compile_options_set_debug_option_##kind, wrong_handle, pje_compile_options,     \
                       "options", pje_compile_options_set_debug_option_##kind(h, known, value))
OVERRIDES(OVERRIDE_TESTS)

#define STRING_TESTS(setter, name)                                     \
  FAILS(setter, value_is_null_or_not_utf8) {                           \
    pje_compile_options *options = make_options();                     \
    CHANGES_NOTHING(options) {                                         \
      expect_invalid(setter(options, name, NULL), #setter, "value");   \
      expect_invalid(setter(options, name, "\xff"), #setter, "UTF-8"); \
    }                                                                  \
    pje_compile_options_release(options);                              \
  }
STRING_TESTS(pje_compile_options_set_override_string, "any")
STRING_TESTS(pje_compile_options_set_debug_option_string, "xla_dump_to")
STRING_TESTS(pje_compile_options_set_debug_option, "xla_dump_to")

struct text_case {
  const char *name, *text;
  pje_override_kind kind;
  const char *read;
};
static const struct text_case kTexts[] = {
    {"xla_cpu_enable_fast_math", "true", PJE_OVERRIDE_BOOL, "true"},
    {"xla_cpu_enable_fast_min_max", "0", PJE_OVERRIDE_BOOL, "false"},
    {"xla_backend_optimization_level", "2", PJE_OVERRIDE_INT64, "2"},
    {"xla_gpu_autotune_gemm_rtol", "0.5", PJE_OVERRIDE_DOUBLE, "0.5"},
    {"xla_dump_to", "/a folder", PJE_OVERRIDE_STRING, "/a folder"},
    {"xla_step_marker_location", "STEP_MARK_NONE", PJE_OVERRIDE_STRING, "STEP_MARK_NONE"},
    {"xla_disable_hlo_passes", "dce,algsimp", PJE_OVERRIDE_STRING, "dce,algsimp"},
    /* Names that a plugin newer than this library may have. */
    {"xla_some_day_this_exists", "true", PJE_OVERRIDE_BOOL, "true"},
    {"xla_some_day_this_counts", "-12", PJE_OVERRIDE_INT64, "-12"},
    {"xla_some_day_this_measures", "1e-3", PJE_OVERRIDE_DOUBLE, "0.001"},
    {"xla_some_day_this_says", "12 monkeys", PJE_OVERRIDE_STRING, "12 monkeys"},
};
OK(pje_compile_options_set_debug_option, is_read_by_its_kind) {
  pje_compile_options *options = make_options();
  for (size_t i = 0; i < COUNT(kTexts); ++i)
    expect_ok(pje_compile_options_set_debug_option(options, kTexts[i].name, kTexts[i].text));
  IN_EVERY_COPY(options, copy) {
    assert_int_equal(pje_compile_options_num_overrides(copy), COUNT(kTexts));
    for (size_t i = 0; i < COUNT(kTexts); ++i) {
      assert_int_equal(pje_compile_options_override_kind(copy, kTexts[i].name), kTexts[i].kind);
      expect_debug_option(copy, kTexts[i].name, kTexts[i].read);
    }
  }
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_set_debug_option, name_or_value) {
  static const char function[] = "pje_compile_options_set_debug_option";
  static const char *const kRefused[][3] = {
      {"xla_cpu_enable_fast_mth", "true", "did you mean \"xla_cpu_enable_fast_math\"?"},
      {"xla_cpu_enable_fast_math", "maybe", "\"maybe\": expected a bool"},
      {"xla_backend_optimization_level", "2x", "\"2x\": expected a int64"},
      {"xla_backend_optimization_level", "2147483648", "32 bits"},
      {"xla_gpu_autotune_gemm_rtol", "", "expected a double"},
      {"xla_step_marker_location", "HERE", "expected one of STEP_MARK_AT_ENTRY"},
      {"xla_gpu_enable_command_buffer", "FUSION,NONE", "\"NONE\": expected one of"},
      {"xla_backend_extra_options", "a=b", "is a message"},
      {"", "true", "name"},
      {NULL, "true", "name"},
  };
  pje_compile_options *options = make_full();
  CHANGES_NOTHING(options) {
    for (size_t i = 0; i < COUNT(kRefused); ++i)
      expect_invalid(pje_compile_options_set_debug_option(options, kRefused[i][0], kRefused[i][1]), function,
                     kRefused[i][2]);
  }
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_set_debug_option, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_set_debug_option(h, "xla_dump_to", "x"))

OK(pje_compile_options_get_debug_option, override_before_message) {
  pje_compile_options *options = make_options();
  expect_ok(pje_compile_options_set_debug_options_text(
      options, "xla_dump_to: '/whole' xla_disable_hlo_passes: ['a', 'b'] xla_cpu_enable_fast_math: true"));
  IN_EVERY_COPY(options, copy) {
    expect_debug_option(copy, "xla_dump_to", "/whole");
    expect_debug_option(copy, "xla_disable_hlo_passes", "a,b");
    expect_debug_option(copy, "xla_cpu_enable_fast_math", "true");
  }
  expect_ok(pje_compile_options_set_debug_option(options, "xla_cpu_enable_fast_math", "false"));
  expect_debug_option(options, "xla_cpu_enable_fast_math", "false");
  expect_ok(pje_compile_options_remove_override(options, "xla_cpu_enable_fast_math"));
  expect_debug_option(options, "xla_cpu_enable_fast_math", "true");
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_get_debug_option, nothing_has_it) {
  static const char function[] = "pje_compile_options_get_debug_option";
  pje_compile_options *options = make_full();
  pje_bytes *text = (pje_bytes *)options;
  expect_error(pje_compile_options_get_debug_option(options, "xla_dump_to", &text), PJE_NOT_FOUND, function,
               "\"xla_dump_to\" is not set");
  assert_null(text);
  expect_error(pje_compile_options_get_debug_option(options, "none", &text), PJE_NOT_FOUND, function, "none");
  expect_invalid(pje_compile_options_get_debug_option(options, NULL, &text), function, "name");
  expect_invalid(pje_compile_options_get_debug_option(options, "a bool", NULL), function, "out");
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_get_debug_option, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_get_debug_option(h, "xla_dump_to", &(pje_bytes *){NULL}))

OK(pje_compile_options_remove_override, others_stay) {
  pje_compile_options *options = make_full();
  expect_ok(pje_compile_options_remove_override(options, "a double"));
  IN_EVERY_COPY(options, copy) {
    assert_int_equal(pje_compile_options_num_overrides(copy), 3);
    assert_int_equal(pje_compile_options_override_kind(copy, "a double"), PJE_OVERRIDE_NONE);
    assert_int_equal(pje_compile_options_override_kind(copy, "a bool"), PJE_OVERRIDE_BOOL);
  }
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_remove_override, absent) {
  static const char function[] = "pje_compile_options_remove_override";
  pje_compile_options *options = make_full();
  CHANGES_NOTHING(options) {
    expect_error(pje_compile_options_remove_override(options, "none"), PJE_NOT_FOUND, function, "\"none\"");
    expect_invalid(pje_compile_options_remove_override(options, NULL), function, "name");
  }
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_remove_override, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_remove_override(h, "a bool"))

OK(pje_compile_options_num_overrides, counts_names) {
  pje_compile_options *options = make_full();
  expect_ok(pje_compile_options_set_override_bool(options, "a string", true));
  IN_EVERY_COPY(options, copy) assert_int_equal(pje_compile_options_num_overrides(copy), 4);
  clear_field(options, "env_option_overrides");
  assert_int_equal(pje_compile_options_num_overrides(options), 0);
  pje_compile_options_release(options);
}
ANSWERS_WRONG_HANDLE(pje_compile_options_num_overrides, pje_compile_options,
                     assert_int_equal(pje_compile_options_num_overrides(h), 0))

OK(pje_compile_options_override_name, in_order_of_names) {
  pje_compile_options *options = make_full();
  IN_EVERY_COPY(options, copy) {
    for (size_t i = 0; i < COUNT(kNames); ++i)
      assert_string_equal(pje_compile_options_override_name(copy, i), kNames[i]);
  }
  pje_compile_options_release(options);
}
ANSWERS_WRONG_HANDLE(pje_compile_options_override_name, pje_compile_options,
                     assert_string_equal(pje_compile_options_override_name(h, 0), ""))
FAILS(pje_compile_options_override_name, no_such_index) {
  pje_compile_options *options = make_full();
  assert_string_equal(pje_compile_options_override_name(options, COUNT(kNames)), "");
  assert_string_equal(pje_compile_options_override_name(options, SIZE_MAX), "");
  pje_compile_options_release(options);
}

OK(pje_compile_options_override_kind, of_each_name) {
  pje_compile_options *options = make_full();
  IN_EVERY_COPY(options, copy) {
    for (size_t i = 0; i < COUNT(kNames); ++i)
      assert_int_equal(pje_compile_options_override_kind(copy, kNames[i]), kKinds[i]);
  }
  pje_compile_options_release(options);
}
ANSWERS_WRONG_HANDLE(pje_compile_options_override_kind, pje_compile_options,
                     assert_int_equal(pje_compile_options_override_kind(h, "a bool"), PJE_OVERRIDE_NONE))
FAILS(pje_compile_options_override_kind, no_such_name) {
  pje_compile_options *options = make_full();
  assert_int_equal(pje_compile_options_override_kind(options, "a"), PJE_OVERRIDE_NONE);
  assert_int_equal(pje_compile_options_override_kind(options, ""), PJE_OVERRIDE_NONE);
  assert_int_equal(pje_compile_options_override_kind(options, NULL), PJE_OVERRIDE_NONE);
  pje_compile_options_release(options);
}

#define REGISTERED(function, case) cmocka_unit_test(pje_compile_options_##function##__##case)
#define OVERRIDE_LIST(kind, number, type, value, check, dumped, known, other, text)                        \
  REGISTERED(set_override_##kind, ok_replaces_another_kind),                                               \
      REGISTERED(get_override_##kind, ok_same_in_every_copy), REGISTERED(set_override_##kind, fails_name), \
      REGISTERED(get_override_##kind, fails_absent_or_of_another_kind),                                    \
      REGISTERED(set_override_##kind, fails_wrong_handle),                                                 \
      REGISTERED(get_override_##kind, fails_wrong_handle),                                                 \
      REGISTERED(set_debug_option_##kind, ok_is_an_override),                                              \
      REGISTERED(set_debug_option_##kind, fails_misspelt_or_of_another_kind),                              \
      REGISTERED(set_debug_option_##kind, fails_wrong_handle),

int main(void) {
  const struct CMUnitTest compile_overrides[] = {
      OVERRIDES(OVERRIDE_LIST) REGISTERED(set_override_string, fails_value_is_null_or_not_utf8),
      REGISTERED(set_debug_option_string, fails_value_is_null_or_not_utf8),
      REGISTERED(set_debug_option, fails_value_is_null_or_not_utf8),
      REGISTERED(set_debug_option, ok_is_read_by_its_kind),
      REGISTERED(set_debug_option, fails_name_or_value),
      REGISTERED(set_debug_option, fails_wrong_handle),
      REGISTERED(get_debug_option, ok_override_before_message),
      REGISTERED(get_debug_option, fails_nothing_has_it),
      REGISTERED(get_debug_option, fails_wrong_handle),
      REGISTERED(remove_override, ok_others_stay),
      REGISTERED(remove_override, fails_absent),
      REGISTERED(remove_override, fails_wrong_handle),
      REGISTERED(num_overrides, ok_counts_names),
      REGISTERED(num_overrides, fails_wrong_handle),
      REGISTERED(override_name, ok_in_order_of_names),
      REGISTERED(override_name, fails_wrong_handle),
      REGISTERED(override_name, fails_no_such_index),
      REGISTERED(override_kind, ok_of_each_name),
      REGISTERED(override_kind, fails_wrong_handle),
      REGISTERED(override_kind, fails_no_such_name),
  };
  return RUN(compile_overrides);
}
