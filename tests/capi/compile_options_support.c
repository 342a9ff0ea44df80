#include "compile_options_support.h"

pje_compile_options *make_options(void) {
  pje_compile_options *options = NULL;
  expect_ok(pje_compile_options_create(&options));
  assert_non_null(options);
  return options;
}

pje_bytes *bytes_of(const pje_compile_options *options) {
  pje_bytes *bytes = NULL;
  expect_ok(pje_compile_options_serialize(options, &bytes));
  assert_non_null(bytes);
  return bytes;
}

bool same_bytes(const pje_bytes *a, const pje_bytes *b) {
  return pje_bytes_size(a) == pje_bytes_size(b) &&
         memcmp(pje_bytes_data(a), pje_bytes_data(b), pje_bytes_size(a)) == 0;
}

bool field_is_set(const pje_compile_options *options, const char *field) {
  bool set = false;
  expect_ok(pje_compile_options_is_set(options, field, &set));
  return set;
}

void clear_field(pje_compile_options *options, const char *field) {
  expect_ok(pje_compile_options_clear(options, field));
  assert_false(field_is_set(options, field));
}

bool text_has(const pje_compile_options *options, const char *part) {
  pje_bytes *text = NULL;
  expect_ok(pje_compile_options_to_text(options, &text));
  bool found = strstr((const char *)pje_bytes_data(text), part) != NULL;
  if (!found) print_error("no \"%s\" in\n%s\n", part, (const char *)pje_bytes_data(text));
  pje_bytes_release(text);
  return found;
}

static pje_compile_options *through_bytes(const pje_compile_options *options) {
  pje_bytes *bytes = bytes_of(options);
  pje_compile_options *back = NULL;
  expect_ok(pje_compile_options_from_bytes(pje_bytes_data(bytes), pje_bytes_size(bytes), &back));
  pje_bytes_release(bytes);
  assert_non_null(back);
  return back;
}

pje_compile_options *nth_copy(const pje_compile_options *options, size_t index) {
  pje_compile_options *copy = NULL;
  if (index == 0) return pje_compile_options_retain(options);
  if (index == 2) return through_bytes(options);
  expect_ok(pje_compile_options_copy(options, &copy));
  assert_non_null(copy);
  assert_ptr_not_equal(copy, options);
  return copy;
}

void expect_unchanged_(const pje_compile_options *options, pje_bytes *before, const char *file, int line) {
  pje_bytes *now = bytes_of(options);
  bool same = same_bytes(before, now);
  pje_bytes_release(before);
  pje_bytes_release(now);
  if (same) return;
  print_error("the options have changed\n");
  _fail(file, line);
}
