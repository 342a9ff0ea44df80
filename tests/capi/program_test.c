#include "harness.h"

#define PROGRAMS PJE_TEST_DIR "/programs/"

static pje_program *make(void) { return program_from_text(kAdd1); }
static bool is_alive(pje_program *program) { return pje_program_size(program) == strlen(kAdd1); }
RETAIN_RELEASE_TESTS(pje_program, make(), is_alive)

static void expect_format(const char *file, pje_program_format format) {
  pje_program *program = NULL;
  expect_ok(pje_program_from_file(file, &program));
  if (pje_program_get_format(program) != format)
    fail_msg("%s is of format %d, expected %d", file, pje_program_get_format(program), format);
  assert_true(pje_program_size(program) > 0);
  pje_program_release(program);
}

OK(pje_program_from_file, detects_the_format) {
  expect_format(PROGRAMS "add1_f32/program.mlir", PJE_PROGRAM_MLIR);
  expect_format(PROGRAMS "add1_f32/generic.mlir", PJE_PROGRAM_MLIR);
  expect_format(PROGRAMS "add1_f32/program.mlirbc", PJE_PROGRAM_MLIR);
  expect_format(PROGRAMS "add1_f32/program.hlo.pb", PJE_PROGRAM_HLO);
}
static void expect_no_file(const char *path, pje_code code, const char *part) {
  pje_program *program = (pje_program *)&program;
  expect_error(pje_program_from_file(path, &program), code, "pje_program_from_file", part);
  assert_null(program);
}
FAILS(pje_program_from_file, missing) { expect_no_file("/nowhere/x.mlir", PJE_NOT_FOUND, "/nowhere/x.mlir"); }
FAILS(pje_program_from_file, folder) { expect_no_file("/tmp", PJE_INVALID_ARGUMENT, "/tmp"); }
FAILS(pje_program_from_file, null_arguments) {
  pje_program *program = NULL;
  expect_invalid(pje_program_from_file(NULL, &program), "pje_program_from_file", "path");
  expect_invalid(pje_program_from_file(PROGRAMS "add1_f32/program.mlir", NULL), "pje_program_from_file",
                 "out");
}
FAILS(pje_program_from_file, bad_contents) {
  expect_no_file(PROGRAMS "bad_empty/program.mlir", PJE_INVALID_ARGUMENT, "empty");
  expect_no_file(PROGRAMS "bad_text_nul/program.mlir", PJE_INVALID_ARGUMENT, "");
  expect_no_file(PROGRAMS "bad_bc_truncated/program.mlirbc", PJE_INVALID_ARGUMENT, "");
}

OK(pje_program_from_bytes, given_format_and_copy) {
  char text[4096];
  snprintf(text, sizeof text, "%s", kAdd1);
  pje_program *program = NULL;
  expect_ok(pje_program_from_bytes(PJE_PROGRAM_MLIR, text, strlen(text), &program));
  memset(text, 0, sizeof text);
  assert_int_equal(pje_program_get_format(program), PJE_PROGRAM_MLIR);
  assert_int_equal(pje_program_size(program), strlen(kAdd1));
  assert_memory_equal(pje_program_data(program), kAdd1, strlen(kAdd1));
  pje_program_release(program);
}
FAILS(pje_program_from_bytes, bad_arguments) {
  const char *function = "pje_program_from_bytes";
  pje_program *program = (pje_program *)&program;
  expect_invalid(pje_program_from_bytes(PJE_PROGRAM_AUTO, NULL, 4, &program), function, "data");
  assert_null(program);
  expect_invalid(pje_program_from_bytes(PJE_PROGRAM_AUTO, "x", 0, &program), function, "");
  expect_invalid(pje_program_from_bytes((pje_program_format)4, kAdd1, strlen(kAdd1), &program), function,
                 "4");
  expect_invalid(pje_program_from_bytes(PJE_PROGRAM_AUTO, kAdd1, strlen(kAdd1), NULL), function, "out");
  static const char zero_in_text[] = "module {\0}";
  expect_invalid(pje_program_from_bytes(PJE_PROGRAM_MLIR, zero_in_text, sizeof zero_in_text - 1, &program),
                 function, "NUL");
  /* The bytecode's magic and a version, and then nothing. */
  expect_invalid(pje_program_from_bytes(PJE_PROGRAM_AUTO, "ML\xefR\x0d", 5, &program), function, "");
  expect_invalid(pje_program_from_bytes(PJE_PROGRAM_AUTO, "\x00\x01\x02\x03", 4, &program), function, "");
}

FAILS(pje_program_from_bytes, no_exception_leaves_the_library) {
  pje_program *program = (pje_program *)&program;
  expect_error(pje_program_from_bytes(PJE_PROGRAM_MLIR, kAdd1, SIZE_MAX, &program), PJE_RESOURCE_EXHAUSTED,
               "pje_program_from_bytes", "larger than memory");
  assert_null(program);
}

OK(pje_program_get_format, detected) {
  pje_program *program = make();
  assert_int_equal(pje_program_get_format(program), PJE_PROGRAM_MLIR);
  pje_program_release(program);
}
ANSWERS_WRONG_HANDLE(pje_program_get_format, pje_program,
                     assert_int_equal(pje_program_get_format(h), PJE_PROGRAM_AUTO))
OK(pje_program_data, is_the_text) {
  pje_program *program = make();
  assert_memory_equal(pje_program_data(program), kAdd1, strlen(kAdd1));
  pje_program_release(program);
}
ANSWERS_WRONG_HANDLE(pje_program_data, pje_program, assert_null(pje_program_data(h)))
OK(pje_program_size, is_the_texts) {
  pje_program *program = make();
  assert_int_equal(pje_program_size(program), strlen(kAdd1));
  pje_program_release(program);
}
ANSWERS_WRONG_HANDLE(pje_program_size, pje_program, assert_int_equal(pje_program_size(h), 0))

int main(void) {
  const struct CMUnitTest program[] = {
      RETAIN_RELEASE_LIST(pje_program),
      cmocka_unit_test(pje_program_from_file__ok_detects_the_format),
      cmocka_unit_test(pje_program_from_file__fails_missing),
      cmocka_unit_test(pje_program_from_file__fails_folder),
      cmocka_unit_test(pje_program_from_file__fails_null_arguments),
      cmocka_unit_test(pje_program_from_file__fails_bad_contents),
      cmocka_unit_test(pje_program_from_bytes__ok_given_format_and_copy),
      cmocka_unit_test(pje_program_from_bytes__fails_bad_arguments),
      cmocka_unit_test(pje_program_from_bytes__fails_no_exception_leaves_the_library),
      cmocka_unit_test(pje_program_get_format__ok_detected),
      cmocka_unit_test(pje_program_get_format__fails_wrong_handle),
      cmocka_unit_test(pje_program_data__ok_is_the_text),
      cmocka_unit_test(pje_program_data__fails_wrong_handle),
      cmocka_unit_test(pje_program_size__ok_is_the_texts),
      cmocka_unit_test(pje_program_size__fails_wrong_handle),
  };
  return RUN(program);
}
