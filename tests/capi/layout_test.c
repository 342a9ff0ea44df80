#include "harness.h"

static pje_layout *parse(const char *text) {
  pje_layout *layout = NULL;
  expect_ok(pje_layout_from_text(text, &layout));
  assert_non_null(layout);
  return layout;
}
static pje_layout *make(void) { return parse("{1,0:T(8,128)(2,1)}"); }
static bool is_alive(pje_layout *layout) { return pje_layout_rank(layout) == 2; }
RETAIN_RELEASE_TESTS(pje_layout, make(), is_alive)

static const int64_t kMatrix[] = {2, 3};

OK(pje_layout_create_tiled, order_and_tiles) {
  const int64_t order[] = {0, 1}, tiles[] = {8, 128, 4};
  const size_t ranks[] = {2, 1};
  pje_layout *layout = NULL;
  expect_ok(pje_layout_create_tiled(order, 2, tiles, ranks, 2, &layout));
  assert_string_equal(pje_layout_to_text(layout), "{0,1:T(8,128)(4)}");
  pje_layout_release(layout);
  expect_ok(pje_layout_create_tiled(NULL, 3, NULL, NULL, 0, &layout));
  assert_string_equal(pje_layout_to_text(layout), "{2,1,0}");
  pje_layout_release(layout);
}
FAILS(pje_layout_create_tiled, bad_arguments) {
  const char *function = "pje_layout_create_tiled";
  const int64_t twice[] = {0, 0}, zero[] = {0};
  const size_t one[] = {1}, many[] = {65};
  pje_layout *layout = (pje_layout *)shared_client();
  expect_invalid(pje_layout_create_tiled(twice, 2, NULL, NULL, 0, &layout), function, "[0,0]");
  assert_null(layout);
  expect_invalid(pje_layout_create_tiled(twice, 65, NULL, NULL, 0, &layout), function, "65");
  expect_invalid(pje_layout_create_tiled(NULL, 1, NULL, one, 1, &layout), function, "tile_dims");
  expect_invalid(pje_layout_create_tiled(NULL, 1, zero, NULL, 1, &layout), function, "tile_ranks");
  expect_invalid(pje_layout_create_tiled(NULL, 1, zero, one, 1, &layout), function, "[0]");
  expect_invalid(pje_layout_create_tiled(NULL, 1, zero, many, 1, &layout), function, "65");
  expect_invalid(pje_layout_create_tiled(NULL, 1, zero, one, SIZE_MAX, &layout), function, "num_tiles");
  expect_invalid(pje_layout_create_tiled(NULL, 1, NULL, NULL, 0, NULL), function, "out");
}

OK(pje_layout_create_strided, any_numbers) {
  const int64_t strides[] = {-12, 0};
  pje_layout *layout = NULL;
  expect_ok(pje_layout_create_strided(strides, 2, &layout));
  assert_true(pje_layout_is_strided(layout));
  assert_string_equal(pje_layout_to_text(layout), "strides(-12,0)");
  pje_layout_release(layout);
  expect_ok(pje_layout_create_strided(NULL, 0, &layout));
  assert_int_equal(pje_layout_rank(layout), 0);
  pje_layout_release(layout);
}
FAILS(pje_layout_create_strided, bad_arguments) {
  const char *function = "pje_layout_create_strided";
  const int64_t strides[1] = {4};
  pje_layout *layout = NULL;
  expect_invalid(pje_layout_create_strided(NULL, 1, &layout), function, "byte_strides");
  expect_invalid(pje_layout_create_strided(strides, 65, &layout), function, "65");
  expect_invalid(pje_layout_create_strided(strides, 1, NULL), function, "out");
}

OK(pje_layout_from_byte_strides, of_a_transposed_matrix) {
  const int64_t strides[] = {4, 8};
  pje_layout *layout = NULL;
  expect_ok(pje_layout_from_byte_strides(PJE_F32, kMatrix, 2, strides, &layout));
  assert_string_equal(pje_layout_to_text(layout), "{0,1}");
  pje_layout_release(layout);
}
FAILS(pje_layout_from_byte_strides, bad_arguments) {
  const char *function = "pje_layout_from_byte_strides";
  const int64_t gaps[] = {16, 4}, negative[] = {-1, 3};
  pje_layout *layout = NULL;
  expect_invalid(pje_layout_from_byte_strides(PJE_F32, kMatrix, 2, gaps, &layout), function, "[16,4]");
  expect_invalid(pje_layout_from_byte_strides(PJE_F32, kMatrix, 2, NULL, &layout), function, "byte_strides");
  expect_invalid(pje_layout_from_byte_strides(PJE_F32, negative, 2, gaps, &layout), function, "-1");
  expect_invalid(pje_layout_from_byte_strides((pje_dtype)99, kMatrix, 2, gaps, &layout), function, "99");
  expect_invalid(pje_layout_from_byte_strides(PJE_F32, kMatrix, 2, gaps, NULL), function, "out");
}

OK(pje_layout_from_text, every_part) {
  pje_layout *layout = parse("{2,1,0:T(8,*,128)L(2)E(4)S(5)}");
  assert_string_equal(pje_layout_to_text(layout), "{2,1,0:T(8,*,128)L(2)E(4)S(5)}");
  pje_layout_release(layout);
}
FAILS(pje_layout_from_text, bad_arguments) {
  const char *function = "pje_layout_from_text";
  pje_layout *layout = NULL;
  expect_invalid(pje_layout_from_text("{1,0:Q}", &layout), function, "at byte 5");
  expect_invalid(pje_layout_from_text("", &layout), function, "at byte 0");
  expect_invalid(pje_layout_from_text(NULL, &layout), function, "text");
  expect_invalid(pje_layout_from_text("{0}", NULL), function, "out");
}

OK(pje_layout_from_bytes, what_serialize_wrote) {
  pje_layout *layout = make(), *again = NULL;
  pje_bytes *bytes = NULL;
  expect_ok(pje_layout_serialize(layout, &bytes));
  expect_ok(pje_layout_from_bytes(pje_bytes_data(bytes), pje_bytes_size(bytes), &again));
  assert_true(pje_layout_equal(layout, again));
  pje_bytes_release(bytes);
  pje_layout_release(again);
  pje_layout_release(layout);
  expect_ok(pje_layout_from_bytes(NULL, 0, &layout));
  assert_string_equal(pje_layout_to_text(layout), "{}");
  pje_layout_release(layout);
}
FAILS(pje_layout_from_bytes, bad_arguments) {
  const char *function = "pje_layout_from_bytes";
  pje_layout *layout = NULL;
  expect_invalid(pje_layout_from_bytes("\xff", 1, &layout), function, "LayoutProto");
  expect_error(pje_layout_from_bytes("\x4a\x01\x01", 3, &layout), PJE_UNIMPLEMENTED, function, "field 9");
  expect_invalid(pje_layout_from_bytes(NULL, 1, &layout), function, "data");
  expect_invalid(pje_layout_from_bytes("", 0, NULL), function, "out");
}

OK(pje_layout_copy, is_equal_and_another) {
  pje_layout *layout = make(), *copy = NULL;
  expect_ok(pje_layout_copy(layout, &copy));
  assert_ptr_not_equal(copy, layout);
  pje_layout_release(layout);
  assert_string_equal(pje_layout_to_text(copy), "{1,0:T(8,128)(2,1)}");
  pje_layout_release(copy);
}
REFUSES_WRONG_HANDLE(pje_layout_copy, wrong_handle, pje_layout, "layout",
                     pje_layout_copy(h, &(pje_layout *){NULL}))

OK(pje_layout_equal, tells_apart) {
  pje_layout *a = make(), *b = make(), *c = parse("{1,0}"), *d = parse("strides(1,0)");
  assert_true(pje_layout_equal(a, b));
  assert_false(pje_layout_equal(a, c));
  assert_false(pje_layout_equal(c, d));
  pje_layout *all[] = {a, b, c, d};
  for (size_t i = 0; i < COUNT(all); ++i) pje_layout_release(all[i]);
}
FAILS(pje_layout_equal, wrong_handle) {
  pje_layout *layout = make();
  FOR_WRONG_HANDLES(pje_layout, h) {
    uint64_t before = pje_misuse_count();
    assert_false(pje_layout_equal(layout, h));
    assert_false(pje_layout_equal(h, layout));
    assert_int_equal(pje_misuse_count() - before, 2);
  }
  pje_layout_release(layout);
}

OK(pje_layout_hash, same_for_equal_ones) {
  pje_layout *a = make(), *b = make(), *c = parse("{0,1}");
  assert_true(pje_layout_hash(a) == pje_layout_hash(b));
  assert_true(pje_layout_hash(a) != pje_layout_hash(c));
  pje_layout_release(a);
  pje_layout_release(b);
  pje_layout_release(c);
}
ANSWERS_WRONG_HANDLE(pje_layout_hash, pje_layout, assert_true(pje_layout_hash(h) == 0))

OK(pje_layout_serialize, a_layout_proto) {
  pje_layout *layout = parse("{1,0:T(8,128)}");
  pje_bytes *bytes = NULL;
  expect_ok(pje_layout_serialize(layout, &bytes));
  assert_int_equal(pje_bytes_size(bytes), 11);
  assert_memory_equal(pje_bytes_data(bytes), "\x0a\x02\x01\x00\x32\x05\x0a\x03\x08\x80\x01", 11);
  pje_bytes_release(bytes);
  pje_layout_release(layout);
}
REFUSES_WRONG_HANDLE(pje_layout_serialize, wrong_handle, pje_layout, "layout",
                     pje_layout_serialize(h, &(pje_bytes *){NULL}))
FAILS(pje_layout_serialize, strides) {
  pje_layout *layout = parse("strides(4)");
  pje_bytes *bytes = NULL;
  expect_error(pje_layout_serialize(layout, &bytes), PJE_FAILED_PRECONDITION, "pje_layout_serialize",
               "strides(4)");
  expect_invalid(pje_layout_serialize(layout, NULL), "pje_layout_serialize", "out");
  pje_layout_release(layout);
}

#define ACCESSOR(function, check, wrong) \
  OK(function, of_a_tiled_one) {         \
    pje_layout *layout = make();         \
    assert_true(check);                  \
    pje_layout_release(layout);          \
  }                                      \
  ANSWERS_WRONG_HANDLE(function, pje_layout, wrong)
ACCESSOR(pje_layout_to_text, strcmp(pje_layout_to_text(layout), "{1,0:T(8,128)(2,1)}") == 0,
         assert_string_equal(pje_layout_to_text(h), ""))
ACCESSOR(pje_layout_rank, pje_layout_rank(layout) == 2, assert_int_equal(pje_layout_rank(h), 0))
ACCESSOR(pje_layout_is_strided, !pje_layout_is_strided(layout), assert_false(pje_layout_is_strided(h)))
ACCESSOR(pje_layout_minor_to_major, pje_layout_minor_to_major(layout)[0] == 1,
         assert_null(pje_layout_minor_to_major(h)))
ACCESSOR(pje_layout_byte_strides, pje_layout_byte_strides(layout) == NULL,
         assert_null(pje_layout_byte_strides(h)))
ACCESSOR(pje_layout_num_tiles, pje_layout_num_tiles(layout) == 2,
         assert_int_equal(pje_layout_num_tiles(h), 0))

OK(pje_layout_byte_strides, of_a_strided_one) {
  pje_layout *layout = parse("strides(8,-4)");
  assert_int_equal(pje_layout_byte_strides(layout)[1], -4);
  assert_null(pje_layout_minor_to_major(layout));
  assert_int_equal(pje_layout_num_tiles(layout), 0);
  pje_layout_release(layout);
}

OK(pje_layout_tile, each_in_turn) {
  pje_layout *layout = make();
  size_t rank = 99;
  assert_int_equal(pje_layout_tile(layout, 0, &rank)[1], 128);
  assert_int_equal(rank, 2);
  assert_int_equal(pje_layout_tile(layout, 1, NULL)[0], 2);
  pje_layout_release(layout);
}
FAILS(pje_layout_tile, no_such_tile) {
  pje_layout *layout = make();
  size_t rank = 99;
  assert_null(pje_layout_tile(layout, 2, &rank));
  assert_int_equal(rank, 99);
  FOR_WRONG_HANDLES(pje_layout, h) assert_null(pje_layout_tile(h, 0, &rank));
  pje_layout_release(layout);
}

OK(pje_layout_to_byte_strides, of_both_orders) {
  pje_layout *rows = parse("{1,0}"), *columns = parse("{0,1}");
  int64_t strides[2];
  expect_ok(pje_layout_to_byte_strides(rows, PJE_F32, kMatrix, 2, strides));
  assert_true(strides[0] == 12 && strides[1] == 4);
  expect_ok(pje_layout_to_byte_strides(columns, PJE_F32, kMatrix, 2, strides));
  assert_true(strides[0] == 4 && strides[1] == 8);
  pje_layout_release(rows);
  pje_layout_release(columns);
}
REFUSES_WRONG_HANDLE(pje_layout_to_byte_strides, wrong_handle, pje_layout, "layout",
                     pje_layout_to_byte_strides(h, PJE_F32, kMatrix, 2, (int64_t[2]){0}))
FAILS(pje_layout_to_byte_strides, bad_arguments) {
  const char *function = "pje_layout_to_byte_strides";
  pje_layout *layout = make(), *vector = parse("{0}");
  int64_t strides[2] = {9, 9};
  expect_error(pje_layout_to_byte_strides(layout, PJE_F32, kMatrix, 2, strides), PJE_FAILED_PRECONDITION,
               function, "tiles");
  expect_invalid(pje_layout_to_byte_strides(vector, PJE_F32, kMatrix, 2, strides), function, "expected 2");
  expect_invalid(pje_layout_to_byte_strides(vector, PJE_F32, kMatrix, 1, NULL), function, "byte_strides");
  expect_invalid(pje_layout_to_byte_strides(vector, PJE_F32, NULL, 1, strides), function, "dims");
  assert_int_equal(strides[0], 9);
  pje_layout_release(layout);
  pje_layout_release(vector);
}

OK(pje_layout_host_size, counts_padding_and_gaps) {
  static const struct {
    const char *text;
    size_t size;
  } cases[] = {{"{1,0}", 24},         {"{0,1:T(2,2)}", 32},   {"{1,0:T(8,128)}", 4096},
               {"strides(12,4)", 24}, {"strides(-16,4)", 28}, {"strides(32,4)", 44}};
  for (size_t i = 0; i < COUNT(cases); ++i) {
    pje_layout *layout = parse(cases[i].text);
    size_t size = 0;
    expect_ok(pje_layout_host_size(layout, PJE_F32, kMatrix, 2, &size));
    assert_int_equal(size, cases[i].size);
    pje_layout_release(layout);
  }
}
REFUSES_WRONG_HANDLE(pje_layout_host_size, wrong_handle, pje_layout, "layout",
                     pje_layout_host_size(h, PJE_F32, kMatrix, 2, &(size_t){0}))
FAILS(pje_layout_host_size, bad_arguments) {
  const char *function = "pje_layout_host_size";
  static const struct {
    const char *text, *part;
    pje_code code;
  } cases[] = {{"{0}", "expected 2", PJE_INVALID_ARGUMENT},
               {"strides(0,4)", "step over", PJE_INVALID_ARGUMENT},
               {"strides(9223372036854775807,4)", "63 bits", PJE_INVALID_ARGUMENT},
               {"{1,0:T(*,4)}", "merges", PJE_UNIMPLEMENTED}};
  for (size_t i = 0; i < COUNT(cases); ++i) {
    pje_layout *layout = parse(cases[i].text);
    size_t size = 9;
    expect_error(pje_layout_host_size(layout, PJE_F32, kMatrix, 2, &size), cases[i].code, function,
                 cases[i].part);
    assert_int_equal(size, 0);
    expect_invalid(pje_layout_host_size(layout, PJE_F32, kMatrix, 2, NULL), function, "size");
    pje_layout_release(layout);
  }
}

/* In compile options a layout is kept as the LayoutProto of the shape. */
typedef pje_error *set_layout(pje_compile_options *, pje_dtype, const int64_t *, size_t, const pje_layout *);
static void check_kept(set_layout *set, const char *text, bool result, const char *kept) {
  pje_compile_options *options = NULL;
  pje_layout *layout = parse(text), *expected = parse(kept);
  pje_bytes *shape = NULL, *message = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(set(options, PJE_F32, kMatrix, 2, layout));
  if (result)
    expect_ok(pje_compile_options_get_result_layout_bytes(options, &shape));
  else
    expect_ok(pje_compile_options_get_argument_layout_bytes(options, 0, &shape));
  expect_ok(pje_layout_serialize(expected, &message));
  const char *data = pje_bytes_data(shape);
  size_t size = pje_bytes_size(message);
  bool found = false;
  for (size_t at = 0; at + size <= pje_bytes_size(shape); ++at)
    found = found || memcmp(data + at, pje_bytes_data(message), size) == 0;
  assert_true(found);
  pje_bytes_release(shape);
  pje_bytes_release(message);
  pje_layout_release(expected);
  pje_layout_release(layout);
  pje_compile_options_release(options);
}
static void check_refused(set_layout *set, const char *function) {
  const int64_t negative[] = {-1, 2};
  pje_compile_options *options = NULL;
  pje_layout *vector = parse("{0}"), *gaps = parse("strides(64,4)"), *rows = parse("{1,0}");
  expect_ok(pje_compile_options_create(&options));
  expect_invalid(set(options, PJE_F32, kMatrix, 2, vector), function, "{0}");
  expect_invalid(set(options, PJE_F32, kMatrix, 2, gaps), function, "[64,4]");
  expect_invalid(set(options, PJE_F32, negative, 2, rows), function, "-1");
  expect_invalid(set(options, PJE_F32, NULL, 2, rows), function, "dims");
  expect_invalid(set(options, (pje_dtype)99, kMatrix, 2, rows), function, "99");
  FOR_WRONG_HANDLES(pje_layout, h) expect_invalid(set(options, PJE_F32, kMatrix, 2, h), function, "layout");
  FOR_WRONG_HANDLES(pje_compile_options, h)
  expect_invalid(set(h, PJE_F32, kMatrix, 2, rows), function, "options");
  assert_int_equal(pje_compile_options_num_argument_layouts(options), 0);
  pje_layout_release(vector);
  pje_layout_release(gaps);
  pje_layout_release(rows);
  pje_compile_options_release(options);
}
OK(pje_compile_options_add_argument_with_layout, is_kept) {
  check_kept(pje_compile_options_add_argument_with_layout, "{0,1:T(8,128)S(1)}", false, "{0,1:T(8,128)S(1)}");
  check_kept(pje_compile_options_add_argument_with_layout, "strides(4,8)", false, "{0,1}");
}
FAILS(pje_compile_options_add_argument_with_layout, bad_arguments) {
  check_refused(pje_compile_options_add_argument_with_layout, "pje_compile_options_add_argument_with_layout");
}
OK(pje_compile_options_set_result_with_layout, is_kept) {
  check_kept(pje_compile_options_set_result_with_layout, "{0,1:T(8,128)}", true, "{0,1:T(8,128)}");
}
FAILS(pje_compile_options_set_result_with_layout, bad_arguments) {
  check_refused(pje_compile_options_set_result_with_layout, "pje_compile_options_set_result_with_layout");
}

#define BOTH(function, ok, fails) \
  cmocka_unit_test(function##__ok_##ok), cmocka_unit_test(function##__fails_##fails)
#define ACCESSOR_LIST(function) BOTH(function, of_a_tiled_one, wrong_handle)

int main(void) {
  const struct CMUnitTest layout[] = {
      RETAIN_RELEASE_LIST(pje_layout),
      BOTH(pje_layout_create_tiled, order_and_tiles, bad_arguments),
      BOTH(pje_layout_create_strided, any_numbers, bad_arguments),
      BOTH(pje_layout_from_byte_strides, of_a_transposed_matrix, bad_arguments),
      BOTH(pje_layout_from_text, every_part, bad_arguments),
      BOTH(pje_layout_from_bytes, what_serialize_wrote, bad_arguments),
      BOTH(pje_layout_copy, is_equal_and_another, wrong_handle),
      BOTH(pje_layout_equal, tells_apart, wrong_handle),
      BOTH(pje_layout_hash, same_for_equal_ones, wrong_handle),
      BOTH(pje_layout_serialize, a_layout_proto, wrong_handle),
      cmocka_unit_test(pje_layout_serialize__fails_strides),
      ACCESSOR_LIST(pje_layout_to_text),
      ACCESSOR_LIST(pje_layout_rank),
      ACCESSOR_LIST(pje_layout_is_strided),
      ACCESSOR_LIST(pje_layout_minor_to_major),
      ACCESSOR_LIST(pje_layout_byte_strides),
      ACCESSOR_LIST(pje_layout_num_tiles),
      cmocka_unit_test(pje_layout_byte_strides__ok_of_a_strided_one),
      BOTH(pje_layout_tile, each_in_turn, no_such_tile),
      BOTH(pje_layout_to_byte_strides, of_both_orders, wrong_handle),
      cmocka_unit_test(pje_layout_to_byte_strides__fails_bad_arguments),
      BOTH(pje_layout_host_size, counts_padding_and_gaps, wrong_handle),
      cmocka_unit_test(pje_layout_host_size__fails_bad_arguments),
      BOTH(pje_compile_options_add_argument_with_layout, is_kept, bad_arguments),
      BOTH(pje_compile_options_set_result_with_layout, is_kept, bad_arguments),
  };
  return RUN(layout);
}
