/* What the tests of the C API share. A test is named FUNCTION__ok_CASE or FUNCTION__fails_CASE: from these
 * names tests/coverage_table.py proves that every exported function has both kinds. */
#ifndef PJE_TESTS_CAPI_HARNESS_H_
#define PJE_TESTS_CAPI_HARNESS_H_

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pjrt_easy.h>

#define UNUSED __attribute__((unused))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEST_(name)                      \
  static void name##_body(void **state); \
  static void name(void **state) {       \
    begin_test(#name);                   \
    name##_body(state);                  \
  }                                      \
  static void name##_body(void **state UNUSED)
#define OK(function, name) TEST_(function##__ok_##name)
#define FAILS(function, name) TEST_(function##__fails_##name)
/* Names the test in the trace of the fake plugin, where PJE_TEST_TRACE asks for one. */
void begin_test(const char *name);

/* A test that needs the fake plugin under other controls runs in a process of its own. */
struct child_test {
  const char *name;
  const char *controls;
  CMUnitTestFunction test;
};
void run_in_child(void **state);
#define WITH_FAKE(controls, test)                                                           \
  {                                                                                         \
    #test, run_in_child, NULL, NULL, (void *)&(struct child_test) { #test, controls, test } \
  }

/* Runs a group, or, in such a process, its one test. */
#define RUN(group) \
  (choose_tests(), _cmocka_run_group_tests(#group, group, COUNT(group), NULL, close_shared_client))
void choose_tests(void);
int close_shared_client(void **state);

/* Demands success; says what the error was. */
void expect_ok_(pje_error *error, const char *expression, const char *file, int line);
#define expect_ok(expression) expect_ok_((expression), #expression, __FILE__, __LINE__)

/* Demands an error with a well-formed message; `part` must stand in the whole text. Releases it. */
void expect_error_(pje_error *error, pje_code code, const char *function, const char *part,
                   const char *expression, const char *file, int line);
#define expect_error(expression, code, function, part) \
  expect_error_((expression), code, function, part, #expression, __FILE__, __LINE__)
#define expect_invalid(expression, function, part) \
  expect_error(expression, PJE_INVALID_ARGUMENT, function, part)

/* Wrong handles for an argument of a type: NULL, released, of another type, not ours. */
#define WRONG_HANDLES 7
void *wrong_handle(size_t index, const char *type);
#define FOR_WRONG_HANDLES(type, h)                          \
  for (size_t wrong_ = 0; wrong_ < WRONG_HANDLES; ++wrong_) \
    for (type *h = (type *)wrong_handle(wrong_, #type), **once_##h = &h; once_##h != NULL; once_##h = NULL)

/* An accessor answers a wrong handle `h` with a fallback, and each use is counted. */
#define ANSWERS_WRONG_HANDLE(function, type, check)    \
  FAILS(function, wrong_handle) {                      \
    FOR_WRONG_HANDLES(type, h) {                       \
      uint64_t misuse_before = pje_misuse_count();     \
      check;                                           \
      assert_true(pje_misuse_count() > misuse_before); \
    }                                                  \
  }

/* A call refuses a wrong handle `h` for one of its arguments with INVALID_ARGUMENT in its own name. */
#define REFUSES_WRONG_HANDLE(function, case, type, part, call) \
  FAILS(function, case) {                                      \
    FOR_WRONG_HANDLES(type, h) {                               \
      uint64_t misuse_before = pje_misuse_count();             \
      expect_invalid(call, #function, part);                   \
      assert_true(pje_misuse_count() > misuse_before);         \
    }                                                          \
  }

/* retain and release: NULL is accepted; a count above one keeps the object alive; wrong handles are counted.
 */
#define RETAIN_RELEASE_TESTS(type, make, is_alive)                      \
  OK(type##_retain, counts_up) {                                        \
    type *object = make;                                                \
    assert_ptr_equal(type##_retain(object), object);                    \
    type##_release(object);                                             \
    assert_true(is_alive(object));                                      \
    type##_release(object);                                             \
    assert_null(type##_retain(NULL));                                   \
  }                                                                     \
  OK(type##_release, ends_the_object) {                                 \
    type *object = make;                                                \
    uint64_t before = pje_misuse_count();                               \
    type##_release(object);                                             \
    type##_release(NULL);                                               \
    assert_int_equal(pje_misuse_count(), before);                       \
    assert_false(is_alive(object));                                     \
    assert_true(pje_misuse_count() > before);                           \
  }                                                                     \
  FAILS(type##_retain, wrong_handle) {                                  \
    FOR_WRONG_HANDLES(type, h) {                                        \
      uint64_t before = pje_misuse_count();                             \
      assert_ptr_equal(type##_retain(h), h);                            \
      assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1); \
    }                                                                   \
  }                                                                     \
  FAILS(type##_release, wrong_or_twice) {                               \
    FOR_WRONG_HANDLES(type, h) {                                        \
      uint64_t before = pje_misuse_count();                             \
      type##_release(h);                                                \
      assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1); \
    }                                                                   \
    type *object = make;                                                \
    type##_release(object);                                             \
    uint64_t before = pje_misuse_count();                               \
    type##_release(object);                                             \
    assert_int_equal(pje_misuse_count() - before, 1);                   \
  }
#define RETAIN_RELEASE_LIST(type)                                                                      \
  cmocka_unit_test(type##_retain__ok_counts_up), cmocka_unit_test(type##_release__ok_ends_the_object), \
      cmocka_unit_test(type##_retain__fails_wrong_handle),                                             \
      cmocka_unit_test(type##_release__fails_wrong_or_twice)

/* The fake plugin. */
const char *fake_path(void);
pje_plugin *load_fake(void);
/* A new client of the fake; `controls` are those of PJRT_FAKE, or NULL. */
pje_client *open_fake(const char *controls);
/* One that writes its log to `path`. */
pje_client *open_logging_fake(const char *path);
/* One client for all tests of a group that do not end it. */
pje_client *shared_client(void);
/* Does something to every test's client inside a call. */
pje_program *program_from_text(const char *text);
pje_loaded_executable *compile_text(pje_client *client, const char *text);
pje_loaded_executable *compile_replicas(pje_client *client, const char *text, int64_t replicas);
pje_loaded_executable *shared_add1(void);
pje_buffer *upload_f32(pje_client *client, const float *values, size_t count);
pje_buffer *upload_ramp(pje_client *client, size_t count);
void expect_f32(pje_buffer *buffer, const float *values, size_t count);
pje_array *array_f32(const float *values, size_t count);

/* Programs. */
extern const char kAdd1[];        /* f32[4] -> f32[4], x + 1 */
extern const char kAdd2[];        /* f32[4], f32[4] -> f32[4], sum and, second, product */
extern const char kDonates[];     /* f32[4] donated, f32[4] -> f32[4] */
extern const char kDonatesBoth[]; /* both donated */
extern const char kNothing[];     /* () -> s32[4] */
extern const char kAllReduce[];   /* f32[5] -> f32[5], u32[], over 4 replicas */

/* Callbacks. */
struct calls {
  volatile int count;
};
void count_call(void *calls); /* adds 1, atomically */
void wait_for_calls(const struct calls *calls, int count);
int calls_so_far(const struct calls *calls);

/* Calls `inside` from a callback of the library and returns once it has run. */
void run_in_callback(void (*inside)(void));

/* A path in a folder of this process's own, which is deleted at its end. */
const char *temporary_path(const char *name);
/* Whether a line of the file has the text: such a file is the log of the fake plugin. */
bool file_has(const char *path, const char *text);
void write_file(const char *path, const void *data, size_t size);

void sleep_ms(int milliseconds);
int64_t now_ms(void);

#endif /* PJE_TESTS_CAPI_HARNESS_H_ */
