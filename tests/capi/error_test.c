#include "harness.h"

static pje_error *make(void) { return pje_error_create(PJE_ABORTED, "stopped by the test"); }
static bool is_alive(pje_error *error) { return pje_error_code(error) == PJE_ABORTED; }
RETAIN_RELEASE_TESTS(pje_error, make(), is_alive)

OK(pje_version, agrees_with_number) {
  char expected[32];
  snprintf(expected, sizeof expected, "%d.%d.%d", PJE_VERSION_MAJOR, PJE_VERSION_MINOR, PJE_VERSION_PATCH);
  assert_string_equal(pje_version(), expected);
}
FAILS(pje_version, nothing_can_go_wrong_same_pointer) { assert_ptr_equal(pje_version(), pje_version()); }

OK(pje_version_number, is_the_headers) { assert_int_equal(pje_version_number(), PJE_VERSION_NUMBER); }
FAILS(pje_version_number, nothing_can_go_wrong_not_zero) { assert_true(pje_version_number() > 0); }

OK(pje_misuse_count, stays_for_right_calls) {
  uint64_t before = pje_misuse_count();
  pje_error_release(make());
  pje_error_release(NULL);
  assert_int_equal(pje_misuse_count(), before);
}
FAILS(pje_misuse_count, grows_by_one_for_each_wrong_handle) {
  uint64_t before = pje_misuse_count();
  (void)pje_buffer_rank(NULL);
  assert_int_equal(pje_misuse_count() - before, 1);
  (void)pje_buffer_rank(NULL);
  assert_int_equal(pje_misuse_count() - before, 2);
}

OK(pje_code_name, every_code) {
  static const char *const kNames[] = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  for (int code = 0; code <= PJE_UNAUTHENTICATED; ++code)
    assert_string_equal(pje_code_name((pje_code)code), kNames[code]);
}
FAILS(pje_code_name, unknown_number) {
  assert_string_equal(pje_code_name((pje_code)17), "UNKNOWN");
  assert_string_equal(pje_code_name((pje_code)-1), "UNKNOWN");
  assert_string_equal(pje_code_name(PJE_CODE_MAX_), "UNKNOWN");
}

OK(pje_error_create, keeps_code_and_text) {
  for (int code = PJE_CANCELLED; code <= PJE_UNAUTHENTICATED; ++code) {
    pje_error *error = pje_error_create((pje_code)code, "first line\nsecond line");
    assert_int_equal(pje_error_code(error), code);
    assert_string_equal(pje_error_detail(error), "first line\nsecond line");
    assert_non_null(strstr(pje_error_message(error), "first line"));
    assert_null(strstr(pje_error_message(error), "second line"));
    pje_error_release(error);
  }
}
FAILS(pje_error_create, ok_and_unknown_numbers_become_unknown) {
  int codes[] = {PJE_OK, 17, -1, PJE_CODE_MAX_};
  for (size_t i = 0; i < COUNT(codes); ++i) {
    pje_error *error = pje_error_create((pje_code)codes[i], NULL);
    assert_non_null(error);
    assert_int_equal(pje_error_code(error), PJE_UNKNOWN);
    assert_string_equal(pje_error_detail(error), "");
    pje_error_release(error);
  }
}

OK(pje_error_code, null_is_ok) {
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_error_code(NULL), PJE_OK);
  assert_int_equal(pje_misuse_count(), before);
}
FAILS(pje_error_code, wrong_handle) {
  FOR_WRONG_HANDLES(pje_error, h) {
    uint64_t before = pje_misuse_count();
    (void)pje_error_code(h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
}

/* The texts answer a wrong handle with "", and NULL without complaint. */
#define TEXT_FAILS(function)                                            \
  FAILS(function, wrong_handle) {                                       \
    FOR_WRONG_HANDLES(pje_error, h) {                                   \
      uint64_t before = pje_misuse_count();                             \
      assert_string_equal(function(h), "");                             \
      assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1); \
    }                                                                   \
  }
TEXT_FAILS(pje_error_message)
TEXT_FAILS(pje_error_detail)
TEXT_FAILS(pje_error_function)

OK(pje_error_message, one_line_of_512_bytes_whatever_the_text) {
  char text[3000];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  pje_error *error = pje_error_create(PJE_INTERNAL, text);
  assert_true(strlen(pje_error_message(error)) <= 512);
  assert_int_equal(strlen(pje_error_detail(error)), sizeof text - 1);
  pje_error_release(error);
  /* A cut inside a character of several bytes would not be UTF-8. */
  for (size_t shift = 0; shift < 4; ++shift) {
    memset(text, 'y', shift);
    for (size_t i = shift; i + 4 < 1200; i += 4) memcpy(text + i, "\xf0\x9f\x98\x80", 5);
    error = pje_error_create(PJE_INTERNAL, text);
    const char *message = pje_error_message(error);
    size_t end = strlen(message);
    assert_true(end <= 512);
    for (const char *at = strstr(message, "\xf0"); at != NULL; at = strstr(at + 1, "\xf0"))
      assert_memory_equal(at, "\xf0\x9f\x98\x80", 4);
    pje_error_release(error);
  }
}

OK(pje_error_detail, keeps_every_line) {
  pje_error *error = pje_error_create(PJE_INTERNAL, "a\nb\nc");
  assert_string_equal(pje_error_detail(error), "a\nb\nc");
  pje_error_release(error);
  assert_string_equal(pje_error_detail(NULL), "");
}

OK(pje_error_function, is_ours_or_the_plugins) {
  pje_buffer *buffer = NULL;
  pje_error *error = pje_buffer_from_host(shared_client(), NULL, 0, PJE_F32, NULL, 0, NULL, &buffer);
  assert_string_equal(pje_error_function(error), "pje_buffer_from_host");
  pje_error_release(error);
  pje_device *device = NULL;
  error = pje_client_lookup_device(shared_client(), 999, &device);
  assert_string_equal(pje_error_function(error), "PJRT_Client_LookupDevice");
  pje_error_release(error);
  assert_string_equal(pje_error_function(NULL), "");
}

static pje_error *error_with_payloads(void) {
  pje_client *client = open_fake(NULL);
  pje_device *device = NULL;
  pje_error *error = pje_client_lookup_device(client, 999, &device);
  assert_non_null(error);
  /* The error does not need its client any more. */
  pje_client_release(client);
  return error;
}

OK(pje_error_num_payloads, as_the_plugin_attached) {
  pje_error *error = error_with_payloads();
  assert_int_equal(pje_error_num_payloads(error), 2);
  pje_error_release(error);
  error = make();
  assert_int_equal(pje_error_num_payloads(error), 0);
  pje_error_release(error);
}
OK(pje_error_num_payloads, none_before_0_99) {
  pje_error *error = error_with_payloads();
  assert_int_equal(pje_error_num_payloads(error), 0);
  pje_error_release(error);
}
FAILS(pje_error_num_payloads, wrong_handle) {
  FOR_WRONG_HANDLES(pje_error, h) {
    uint64_t before = pje_misuse_count();
    assert_int_equal(pje_error_num_payloads(h), 0);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
}

OK(pje_error_payload, nul_in_the_key) {
  pje_error *error = error_with_payloads();
  const char *key = NULL;
  const void *data = NULL;
  size_t size = 0;
  assert_true(pje_error_payload(error, 0, &key, &data, &size));
  assert_string_equal(key,
                      "a\xEF\xBF\xBD"
                      "b");
  assert_memory_equal(data, "c", 1);
  pje_error_release(error);
}
OK(pje_error_payload, key_and_bytes) {
  pje_error *error = error_with_payloads();
  const char *key = NULL;
  const void *data = NULL;
  size_t size = 0;
  assert_true(pje_error_payload(error, 0, &key, &data, &size));
  assert_string_equal(key, "type.test/first");
  assert_int_equal(size, 5);
  assert_memory_equal(data, "hello", 5);
  assert_true(pje_error_payload(error, 1, &key, NULL, &size));
  assert_string_equal(key, "second");
  assert_int_equal(size, 2);
  assert_true(pje_error_payload(error, 0, NULL, NULL, NULL));
  pje_error_release(error);
}
FAILS(pje_error_payload, no_such_index_or_handle_leaves_outputs) {
  pje_error *error = error_with_payloads();
  const char *key = "untouched";
  const void *data = &key;
  size_t size = 77;
  assert_false(pje_error_payload(error, 2, &key, &data, &size));
  assert_false(pje_error_payload(error, SIZE_MAX, &key, &data, &size));
  FOR_WRONG_HANDLES(pje_error, h) assert_false(pje_error_payload(h, 0, &key, &data, &size));
  assert_string_equal(key, "untouched");
  assert_ptr_equal(data, &key);
  assert_int_equal(size, 77);
  pje_error_release(error);
}

/* What plugins put into an error's text, and the codes they invent. */
static pje_error *error_of_plugin(void) {
  pje_device *device = NULL;
  pje_error *error = pje_client_lookup_device(shared_client(), 999, &device);
  assert_non_null(error);
  assert_true(strlen(pje_error_message(error)) <= 512);
  assert_null(strchr(pje_error_message(error), '\n'));
  return error;
}
OK(pje_error_message, text_of_plugin_is_null) {
  pje_error *error = error_of_plugin();
  assert_string_equal(pje_error_detail(error), "");
  assert_non_null(strstr(pje_error_message(error), "PJRT_Client_LookupDevice: INVALID_ARGUMENT"));
  pje_error_release(error);
}
OK(pje_error_message, text_of_plugin_is_not_utf8) {
  pje_error *error = error_of_plugin();
  assert_null(strchr(pje_error_detail(error), '\xff'));
  assert_non_null(strstr(pje_error_detail(error), "bad "));
  pje_error_release(error);
}
OK(pje_error_message, text_of_plugin_is_long) {
  pje_error *error = error_of_plugin();
  assert_int_equal(strlen(pje_error_detail(error)), 100000);
  pje_error_release(error);
}
OK(pje_error_message, text_of_plugin_has_percent) {
  pje_error *error = error_of_plugin();
  assert_non_null(strchr(pje_error_message(error), '%'));
  pje_error_release(error);
}
OK(pje_error_code, unknown_number_of_plugin_is_in_the_text) {
  pje_error *error = error_of_plugin();
  assert_int_equal(pje_error_code(error), PJE_UNKNOWN);
  assert_non_null(strstr(pje_error_detail(error), "99"));
  pje_error_release(error);
}

OK(pje_error_code, every_code_of_the_plugin_arrives) {
  for (int code = PJE_CANCELLED; code <= PJE_UNAUTHENTICATED; ++code) {
    char rule[128];
    snprintf(rule, sizeof rule, "fail=PJRT_Client_LookupDevice:1:%s:as told", pje_code_name((pje_code)code));
    pje_client *client = open_fake(rule);
    pje_device *device = NULL;
    expect_error(pje_client_lookup_device(client, 0, &device), (pje_code)code, "PJRT_Client_LookupDevice",
                 "as told");
    pje_client_release(client);
  }
}

int main(void) {
  const struct CMUnitTest error[] = {
      RETAIN_RELEASE_LIST(pje_error),
      cmocka_unit_test(pje_version__ok_agrees_with_number),
      cmocka_unit_test(pje_version__fails_nothing_can_go_wrong_same_pointer),
      cmocka_unit_test(pje_version_number__ok_is_the_headers),
      cmocka_unit_test(pje_version_number__fails_nothing_can_go_wrong_not_zero),
      cmocka_unit_test(pje_misuse_count__ok_stays_for_right_calls),
      cmocka_unit_test(pje_misuse_count__fails_grows_by_one_for_each_wrong_handle),
      cmocka_unit_test(pje_code_name__ok_every_code),
      cmocka_unit_test(pje_code_name__fails_unknown_number),
      cmocka_unit_test(pje_error_create__ok_keeps_code_and_text),
      cmocka_unit_test(pje_error_create__fails_ok_and_unknown_numbers_become_unknown),
      cmocka_unit_test(pje_error_code__ok_null_is_ok),
      cmocka_unit_test(pje_error_code__fails_wrong_handle),
      WITH_FAKE("devices=1", pje_error_code__ok_every_code_of_the_plugin_arrives),
      WITH_FAKE("error_code=99", pje_error_code__ok_unknown_number_of_plugin_is_in_the_text),
      cmocka_unit_test(pje_error_message__ok_one_line_of_512_bytes_whatever_the_text),
      cmocka_unit_test(pje_error_message__fails_wrong_handle),
      WITH_FAKE("error_message=null", pje_error_message__ok_text_of_plugin_is_null),
      WITH_FAKE("error_message=nonutf8", pje_error_message__ok_text_of_plugin_is_not_utf8),
      WITH_FAKE("error_message=long", pje_error_message__ok_text_of_plugin_is_long),
      WITH_FAKE("error_message=percent", pje_error_message__ok_text_of_plugin_has_percent),
      cmocka_unit_test(pje_error_detail__ok_keeps_every_line),
      cmocka_unit_test(pje_error_detail__fails_wrong_handle),
      cmocka_unit_test(pje_error_function__ok_is_ours_or_the_plugins),
      cmocka_unit_test(pje_error_function__fails_wrong_handle),
      WITH_FAKE("payload=type.test/first:hello;payload=second:ab",
                pje_error_num_payloads__ok_as_the_plugin_attached),
      WITH_FAKE("minor=81;payload=first:hello", pje_error_num_payloads__ok_none_before_0_99),
      cmocka_unit_test(pje_error_num_payloads__fails_wrong_handle),
      WITH_FAKE("payload=type.test/first:hello;payload=second:ab", pje_error_payload__ok_key_and_bytes),
      WITH_FAKE("payload=a\\0b:c", pje_error_payload__ok_nul_in_the_key),
      WITH_FAKE("payload=a:b;payload=c:d", pje_error_payload__fails_no_such_index_or_handle_leaves_outputs),
  };
  return RUN(error);
}
