#include "harness.h"

static pje_named_values *make(void) {
  pje_named_values *values = NULL;
  expect_ok(pje_named_values_create(&values));
  return values;
}
static pje_named_values *make_with_one(void) {
  pje_named_values *values = make();
  expect_ok(pje_named_values_set_bool(values, "flag", true));
  return values;
}
static bool is_alive(pje_named_values *values) { return pje_named_values_count(values) == 1; }
RETAIN_RELEASE_TESTS(pje_named_values, make_with_one(), is_alive)

static const int64_t kList[] = {1, -2, INT64_MAX};

/* One value of each kind, in the order of pje_value_kind. */
static pje_named_values *make_full(void) {
  pje_named_values *values = make();
  expect_ok(pje_named_values_set_string(values, "string", "hello"));
  expect_ok(pje_named_values_set_int64(values, "int64", INT64_MIN));
  expect_ok(pje_named_values_set_int64_list(values, "list", kList, 3));
  expect_ok(pje_named_values_set_float(values, "float", 1.5F));
  expect_ok(pje_named_values_set_bool(values, "bool", true));
  return values;
}

OK(pje_named_values_create, is_empty) {
  pje_named_values *values = make();
  assert_int_equal(pje_named_values_count(values), 0);
  pje_named_values_release(values);
}
FAILS(pje_named_values_create, out_is_null) {
  expect_invalid(pje_named_values_create(NULL), "pje_named_values_create", "out");
}

OK(pje_named_values_copy, changes_alone) {
  pje_named_values *values = make_full(), *copy = NULL;
  const char *text = NULL;
  expect_ok(pje_named_values_copy(values, &copy));
  for (size_t i = 0; i < 5; ++i) {
    assert_string_equal(pje_named_values_name(copy, i), pje_named_values_name(values, i));
    assert_int_equal(pje_named_values_kind(copy, i), pje_named_values_kind(values, i));
  }
  expect_ok(pje_named_values_set_string(copy, "string", "bye"));
  expect_ok(pje_named_values_get_string(values, 0, &text));
  assert_string_equal(text, "hello");
  pje_named_values_release(values);
  expect_ok(pje_named_values_get_string(copy, 0, &text));
  assert_string_equal(text, "bye");
  assert_int_equal(pje_named_values_count(copy), 5);
  pje_named_values_release(copy);
}
OK(pje_named_values_copy, of_a_lent_set_can_change) {
  pje_plugin *plugin = load_fake();
  const pje_named_values *lent = pje_plugin_attributes(plugin);
  pje_named_values *copy = NULL;
  expect_ok(pje_named_values_copy(lent, &copy));
  expect_ok(pje_named_values_set_int64(copy, "one more", 1));
  assert_int_equal(pje_named_values_count(copy), pje_named_values_count(lent) + 1);
  pje_named_values_release(copy);
  pje_plugin_release(plugin);
}
REFUSES_WRONG_HANDLE(pje_named_values_copy, wrong_handle, pje_named_values, "values",
                     pje_named_values_copy(h, &(pje_named_values *){NULL}))
FAILS(pje_named_values_copy, out_is_null) {
  pje_named_values *values = make();
  expect_invalid(pje_named_values_copy(values, NULL), "pje_named_values_copy", "out");
  pje_named_values_release(values);
}

OK(pje_named_values_set_string, copies_and_replaces) {
  pje_named_values *values = make();
  char text[] = "first";
  char name[] = "key";
  expect_ok(pje_named_values_set_string(values, name, text));
  text[0] = name[0] = 'X';
  const char *got = NULL;
  expect_ok(pje_named_values_get_string(values, 0, &got));
  assert_string_equal(got, "first");
  assert_string_equal(pje_named_values_name(values, 0), "key");
  expect_ok(pje_named_values_set_string(values, "key", ""));
  assert_int_equal(pje_named_values_count(values), 1);
  expect_ok(pje_named_values_get_string(values, 0, &got));
  assert_string_equal(got, "");
  pje_named_values_release(values);
}
OK(pje_named_values_set_int64, replaces_another_kind) {
  pje_named_values *values = make_full();
  expect_ok(pje_named_values_set_int64(values, "string", 7));
  assert_int_equal(pje_named_values_count(values), 5);
  int64_t got = 0;
  expect_ok(pje_named_values_get_int64(values, pje_named_values_find(values, "string"), &got));
  assert_int_equal(got, 7);
  pje_named_values_release(values);
}
OK(pje_named_values_set_int64_list, empty_list_from_null) {
  pje_named_values *values = make();
  expect_ok(pje_named_values_set_int64_list(values, "list", NULL, 0));
  const int64_t *got = kList;
  size_t count = 9;
  expect_ok(pje_named_values_get_int64_list(values, 0, &got, &count));
  assert_int_equal(count, 0);
  pje_named_values_release(values);
}
OK(pje_named_values_set_float, keeps_the_value) {
  pje_named_values *values = make();
  float got = 0;
  expect_ok(pje_named_values_set_float(values, "f", -0.25F));
  expect_ok(pje_named_values_get_float(values, 0, &got));
  assert_true(got == -0.25F);
  pje_named_values_release(values);
}
OK(pje_named_values_set_bool, keeps_the_value) {
  pje_named_values *values = make();
  bool got = true;
  expect_ok(pje_named_values_set_bool(values, "b", false));
  expect_ok(pje_named_values_get_bool(values, 0, &got));
  assert_false(got);
  pje_named_values_release(values);
}

/* Every setter refuses wrong handles, NULL and empty names, and a set that another object lends. */
#define SETTER_FAILS(function, part, ...)                                                        \
  FAILS(function, wrong_handle_name_or_lent) {                                                   \
    FOR_WRONG_HANDLES(pje_named_values, h)                                                       \
    expect_invalid(function(h, "name", __VA_ARGS__), #function, "values");                       \
    pje_named_values *values = make();                                                           \
    expect_invalid(function(values, NULL, __VA_ARGS__), #function, "name");                      \
    expect_invalid(function(values, "", __VA_ARGS__), #function, "name");                        \
    assert_int_equal(pje_named_values_count(values), 0);                                         \
    pje_named_values_release(values);                                                            \
    pje_plugin *plugin = load_fake();                                                            \
    pje_named_values *lent = (pje_named_values *)(uintptr_t)pje_plugin_attributes(plugin);       \
    size_t before = pje_named_values_count(lent);                                                \
    expect_error(function(lent, "name", __VA_ARGS__), PJE_FAILED_PRECONDITION, #function, part); \
    assert_int_equal(pje_named_values_count(lent), before);                                      \
    pje_plugin_release(plugin);                                                                  \
  }
SETTER_FAILS(pje_named_values_set_string, "", "value")
SETTER_FAILS(pje_named_values_set_int64, "", 1)
SETTER_FAILS(pje_named_values_set_int64_list, "", kList, 3)
SETTER_FAILS(pje_named_values_set_float, "", 1.0F)
SETTER_FAILS(pje_named_values_set_bool, "", true)

FAILS(pje_named_values_set_string, value_is_null) {
  pje_named_values *values = make();
  expect_invalid(pje_named_values_set_string(values, "key", NULL), "pje_named_values_set_string", "value");
  expect_invalid(pje_named_values_set_int64_list(values, "key", NULL, 1), "pje_named_values_set_int64_list",
                 "value");
  assert_int_equal(pje_named_values_count(values), 0);
  pje_named_values_release(values);
}

OK(pje_named_values_count, counts_names) {
  pje_named_values *values = make_full();
  assert_int_equal(pje_named_values_count(values), 5);
  pje_named_values_release(values);
}
ANSWERS_WRONG_HANDLE(pje_named_values_count, pje_named_values, assert_int_equal(pje_named_values_count(h), 0))

OK(pje_named_values_name, each) {
  pje_named_values *values = make_full();
  const char *const names[] = {"string", "int64", "list", "float", "bool"};
  for (size_t i = 0; i < 5; ++i)
    assert_true(pje_named_values_find(values, names[i]) < 5 &&
                strcmp(pje_named_values_name(values, pje_named_values_find(values, names[i])), names[i]) ==
                    0);
  pje_named_values_release(values);
}
ANSWERS_WRONG_HANDLE(pje_named_values_name, pje_named_values,
                     assert_string_equal(pje_named_values_name(h, 0), ""))
FAILS(pje_named_values_name, no_such_index) {
  pje_named_values *values = make_full();
  assert_string_equal(pje_named_values_name(values, 5), "");
  assert_string_equal(pje_named_values_name(values, SIZE_MAX), "");
  pje_named_values_release(values);
}

OK(pje_named_values_kind, each) {
  pje_named_values *values = make_full();
  const char *const names[] = {"string", "int64", "list", "float", "bool"};
  for (int kind = 0; kind < 5; ++kind)
    assert_int_equal(pje_named_values_kind(values, pje_named_values_find(values, names[kind])), kind);
  pje_named_values_release(values);
}
ANSWERS_WRONG_HANDLE(pje_named_values_kind, pje_named_values, (void)pje_named_values_kind(h, 0))
FAILS(pje_named_values_kind, no_such_index) {
  pje_named_values *values = make_full();
  assert_int_equal(pje_named_values_kind(values, 5), PJE_VALUE_KIND_MAX_);
  pje_named_values_release(values);
}

OK(pje_named_values_find, first_and_last) {
  pje_named_values *values = make_full();
  assert_true(pje_named_values_find(values, "string") != pje_named_values_find(values, "bool"));
  pje_named_values_release(values);
}
ANSWERS_WRONG_HANDLE(pje_named_values_find, pje_named_values, (void)pje_named_values_find(h, "x"))
FAILS(pje_named_values_find, no_such_name) {
  pje_named_values *values = make_full();
  assert_true(pje_named_values_find(values, "strin") == SIZE_MAX);
  assert_true(pje_named_values_find(values, "stringx") == SIZE_MAX);
  assert_true(pje_named_values_find(values, "") == SIZE_MAX);
  assert_true(pje_named_values_find(values, NULL) == SIZE_MAX);
  pje_named_values_release(values);
}

/* Every getter reads its kind, and refuses wrong handles, indices, kinds and a NULL output. */
#define GETTER(function, name, other, type, wrong_kind, check)                                          \
  OK(function, reads_its_kind) {                                                                        \
    pje_named_values *values = make_full();                                                             \
    type got;                                                                                           \
    memset(&got, 0x55, sizeof got);                                                                     \
    expect_ok(function(values, pje_named_values_find(values, name), &got));                             \
    assert_true(check);                                                                                 \
    pje_named_values_release(values);                                                                   \
  }                                                                                                     \
  FAILS(function, wrong_handle_index_kind_or_out) {                                                     \
    type got;                                                                                           \
    FOR_WRONG_HANDLES(pje_named_values, h) expect_invalid(function(h, 0, &got), #function, "values");   \
    pje_named_values *values = make_full();                                                             \
    expect_error(function(values, 5, &got), PJE_OUT_OF_RANGE, #function, "5");                          \
    expect_error(function(values, SIZE_MAX, &got), PJE_OUT_OF_RANGE, #function, "");                    \
    expect_error(function(values, pje_named_values_find(values, other), &got), PJE_FAILED_PRECONDITION, \
                 #function, wrong_kind);                                                                \
    expect_invalid(function(values, pje_named_values_find(values, name), NULL), #function, "out");      \
    pje_named_values_release(values);                                                                   \
  }
GETTER(pje_named_values_get_string, "string", "int64", const char *, "int64", strcmp(got, "hello") == 0)
GETTER(pje_named_values_get_int64, "int64", "string", int64_t, "string", got == INT64_MIN)
GETTER(pje_named_values_get_float, "float", "bool", float, "bool", got == 1.5F)
GETTER(pje_named_values_get_bool, "bool", "float", bool, "float", got == true)

OK(pje_named_values_get_int64_list, reads_its_kind) {
  pje_named_values *values = make_full();
  const int64_t *got = NULL;
  size_t count = 0;
  expect_ok(pje_named_values_get_int64_list(values, pje_named_values_find(values, "list"), &got, &count));
  assert_int_equal(count, 3);
  assert_memory_equal(got, kList, sizeof kList);
  pje_named_values_release(values);
}
FAILS(pje_named_values_get_int64_list, wrong_handle_index_kind_or_out) {
  const char *function = "pje_named_values_get_int64_list";
  const int64_t *got = kList;
  size_t count = 9;
  FOR_WRONG_HANDLES(pje_named_values, h)
  expect_invalid(pje_named_values_get_int64_list(h, 0, &got, &count), function, "values");
  pje_named_values *values = make_full();
  size_t list = pje_named_values_find(values, "list");
  expect_error(pje_named_values_get_int64_list(values, 5, &got, &count), PJE_OUT_OF_RANGE, function, "5");
  expect_error(pje_named_values_get_int64_list(values, pje_named_values_find(values, "bool"), &got, &count),
               PJE_FAILED_PRECONDITION, function, "bool");
  assert_null(got);
  assert_int_equal(count, 0);
  expect_invalid(pje_named_values_get_int64_list(values, list, NULL, &count), function, "out");
  expect_invalid(pje_named_values_get_int64_list(values, list, &got, NULL), function, "count");
  pje_named_values_release(values);
}

#define GETTER_LIST(function)                      \
  cmocka_unit_test(function##__ok_reads_its_kind), \
      cmocka_unit_test(function##__fails_wrong_handle_index_kind_or_out)

int main(void) {
  const struct CMUnitTest named_values[] = {
      RETAIN_RELEASE_LIST(pje_named_values),
      cmocka_unit_test(pje_named_values_create__ok_is_empty),
      cmocka_unit_test(pje_named_values_create__fails_out_is_null),
      cmocka_unit_test(pje_named_values_copy__ok_changes_alone),
      cmocka_unit_test(pje_named_values_copy__ok_of_a_lent_set_can_change),
      cmocka_unit_test(pje_named_values_copy__fails_wrong_handle),
      cmocka_unit_test(pje_named_values_copy__fails_out_is_null),
      cmocka_unit_test(pje_named_values_set_string__ok_copies_and_replaces),
      cmocka_unit_test(pje_named_values_set_int64__ok_replaces_another_kind),
      cmocka_unit_test(pje_named_values_set_int64_list__ok_empty_list_from_null),
      cmocka_unit_test(pje_named_values_set_float__ok_keeps_the_value),
      cmocka_unit_test(pje_named_values_set_bool__ok_keeps_the_value),
      cmocka_unit_test(pje_named_values_set_string__fails_wrong_handle_name_or_lent),
      cmocka_unit_test(pje_named_values_set_int64__fails_wrong_handle_name_or_lent),
      cmocka_unit_test(pje_named_values_set_int64_list__fails_wrong_handle_name_or_lent),
      cmocka_unit_test(pje_named_values_set_float__fails_wrong_handle_name_or_lent),
      cmocka_unit_test(pje_named_values_set_bool__fails_wrong_handle_name_or_lent),
      cmocka_unit_test(pje_named_values_set_string__fails_value_is_null),
      cmocka_unit_test(pje_named_values_count__ok_counts_names),
      cmocka_unit_test(pje_named_values_count__fails_wrong_handle),
      cmocka_unit_test(pje_named_values_name__ok_each),
      cmocka_unit_test(pje_named_values_name__fails_wrong_handle),
      cmocka_unit_test(pje_named_values_name__fails_no_such_index),
      cmocka_unit_test(pje_named_values_kind__ok_each),
      cmocka_unit_test(pje_named_values_kind__fails_wrong_handle),
      cmocka_unit_test(pje_named_values_kind__fails_no_such_index),
      cmocka_unit_test(pje_named_values_find__ok_first_and_last),
      cmocka_unit_test(pje_named_values_find__fails_wrong_handle),
      cmocka_unit_test(pje_named_values_find__fails_no_such_name),
      GETTER_LIST(pje_named_values_get_string),
      GETTER_LIST(pje_named_values_get_int64),
      GETTER_LIST(pje_named_values_get_int64_list),
      GETTER_LIST(pje_named_values_get_float),
      GETTER_LIST(pje_named_values_get_bool),
  };
  return RUN(named_values);
}
