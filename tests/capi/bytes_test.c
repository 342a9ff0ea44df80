#include "harness.h"

static pje_bytes *make(void) {
  pje_compile_options *options = NULL;
  pje_bytes *bytes = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_to_text(options, &bytes));
  pje_compile_options_release(options);
  return bytes;
}
static bool is_alive(pje_bytes *bytes) { return pje_bytes_size(bytes) > 0; }
RETAIN_RELEASE_TESTS(pje_bytes, make(), is_alive)

OK(pje_bytes_data, ends_with_nul) {
  pje_bytes *bytes = make();
  const char *text = pje_bytes_data(bytes);
  assert_int_equal(text[pje_bytes_size(bytes)], '\0');
  assert_non_null(strstr(text, "num_replicas: 1"));
  pje_bytes_release(bytes);
}
OK(pje_bytes_size, is_the_texts) {
  pje_bytes *bytes = make();
  assert_int_equal(pje_bytes_size(bytes), strlen(pje_bytes_data(bytes)));
  pje_bytes_release(bytes);
}
ANSWERS_WRONG_HANDLE(pje_bytes_data, pje_bytes, assert_null(pje_bytes_data(h)))
ANSWERS_WRONG_HANDLE(pje_bytes_size, pje_bytes, assert_int_equal(pje_bytes_size(h), 0))

int main(void) {
  const struct CMUnitTest bytes[] = {
      RETAIN_RELEASE_LIST(pje_bytes),
      cmocka_unit_test(pje_bytes_data__ok_ends_with_nul),
      cmocka_unit_test(pje_bytes_size__ok_is_the_texts),
      cmocka_unit_test(pje_bytes_data__fails_wrong_handle),
      cmocka_unit_test(pje_bytes_size__fails_wrong_handle),
  };
  return RUN(bytes);
}
