#define _POSIX_C_SOURCE 200809L

#include "log_support.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

OK(pje_log_set_callback, misuse) {
  start_notes();
  pje_buffer_release((pje_buffer *)&records);
  end_notes();
  const struct record *record = find_record(PJE_LOG_MISUSE, "is not a handle");
  assert_non_null(record);
  assert_int_equal(record->code, PJE_INVALID_ARGUMENT);
  assert_string_equal(record->function, "pje_buffer_release");
}

/* Not cut at a hundred, as the lines on stderr are. */
OK(pje_log_set_callback, every_misuse) {
  start_notes();
  for (int i = 0; i < 250; ++i) (void)pje_buffer_rank(NULL);
  end_notes();
  assert_int_equal(num_records, 250);
}

OK(pje_log_set_callback, plugin_errors_in_releases) {
  pje_client *client = open_fake("fail=PJRT_Client_Destroy:1:INTERNAL:it sticks");
  start_notes();
  pje_client_release(client);
  end_notes();
  const struct record *record = find_record(PJE_LOG_PLUGIN_ERROR, "it sticks");
  assert_non_null(record);
  assert_int_equal(record->code, PJE_INTERNAL);
  assert_string_equal(record->function, "PJRT_Client_Destroy");
}

static void misuse_inside(void *user_data, int32_t kind, pje_code code, const char *function,
                          const char *message) {
  (void)kind;
  (void)code;
  (void)function;
  (void)message;
  ++*(int *)user_data;
  (void)pje_buffer_rank(NULL);
  expect_error(pje_log_set_callback(NULL, NULL), PJE_FAILED_PRECONDITION, "pje_log_set_callback", "callback");
}

FAILS(pje_log_set_callback, inside_itself) {
  int calls = 0;
  expect_ok(pje_log_set_callback(misuse_inside, &calls));
  (void)pje_buffer_rank(NULL);
  end_notes();
  (void)pje_buffer_rank(NULL);
  assert_int_equal(calls, 1);
}

static size_t num_descriptors(void) {
  size_t count = 0;
  for (int fd = 0; fd < 256; ++fd) count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

static void say(const char *text) { assert_int_equal(write(2, text, strlen(text)), (ssize_t)strlen(text)); }

OK(pje_log_capture_stderr, lines_come_out_whole) {
  size_t descriptors = num_descriptors();
  start_notes();
  expect_ok(pje_log_capture_stderr(true));
  say("one li");
  say("ne\nand another\nunfinished");
  (void)pje_buffer_rank(NULL);
  expect_ok(pje_log_capture_stderr(false));
  end_notes();
  assert_int_equal(num_descriptors(), descriptors);
  assert_int_equal(num_records, 4);
  assert_string_equal(find_record(PJE_LOG_PLUGIN_OUTPUT, "one")->message, "one line");
  assert_string_equal(find_record(PJE_LOG_PLUGIN_OUTPUT, "and")->message, "and another");
  assert_string_equal(find_record(PJE_LOG_PLUGIN_OUTPUT, "unf")->message, "unfinished");
  assert_non_null(find_record(PJE_LOG_MISUSE, "is NULL"));
  /* Off twice is fine. */
  expect_ok(pje_log_capture_stderr(false));
}

/* Runs in a process of its own, whose stderr is a file. */
static char *stderr_of(void (*body)(void)) {
  static char text[4096];
  const char *path = temporary_path("stderr");
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, 2);
    alarm(20);
    body();
    exit(0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

static void capture_without_callback(void) {
  if (pje_log_capture_stderr(true) != NULL) exit(1);
  say("before\n");
  (void)pje_buffer_rank(NULL);
  if (pje_log_capture_stderr(false) != NULL) exit(1);
  say("after\n");
}

static void capture_and_exit(void) {
  if (pje_log_capture_stderr(true) != NULL) exit(1);
  say("last words\n");
  exit(0);
}

static void capture_and_fork(void) {
  if (pje_log_set_callback(note, &records) != NULL) exit(1);
  if (pje_log_capture_stderr(true) != NULL) exit(1);
  pid_t child = fork();
  if (child == 0) {
    say("from the child\n");
    /* May capture its own. ThreadSanitizer ends a child that starts a second reader. */
#ifndef __SANITIZE_THREAD__
    if (pje_log_capture_stderr(true) != NULL) _exit(1);
    if (pje_log_capture_stderr(false) != NULL) _exit(1);
#endif
    _exit(0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  if (status != 0) exit(1);
  say("from the parent\n");
  if (pje_log_capture_stderr(false) != NULL) exit(1);
  if (find_record(PJE_LOG_PLUGIN_OUTPUT, "from the parent") == NULL) exit(1);
}

OK(pje_log_capture_stderr, without_a_callback) {
  const char *text = stderr_of(capture_without_callback);
  assert_non_null(strstr(text, "before\n"));
  assert_non_null(strstr(text, "pjrt_easy: pje_buffer_rank"));
  assert_non_null(strstr(text, "after\n"));
}

OK(pje_log_capture_stderr, nothing_is_lost_at_exit) {
  assert_string_equal(stderr_of(capture_and_exit), "last words\n");
}

OK(pje_log_capture_stderr, a_forked_child_has_the_former_stderr) {
  assert_string_equal(stderr_of(capture_and_fork), "from the child\n");
}

FAILS(pje_log_capture_stderr, twice) {
  start_notes();
  expect_ok(pje_log_capture_stderr(true));
  pje_error *error = pje_log_capture_stderr(true);
  expect_ok(pje_log_capture_stderr(false));
  end_notes();
  expect_error(error, PJE_FAILED_PRECONDITION, "pje_log_capture_stderr", "already");
}

OK(pje_log_set_plugin_level, sets_the_environment) {
  expect_ok(pje_log_set_plugin_level(2));
  assert_string_equal(getenv("TF_CPP_MIN_LOG_LEVEL"), "2");
  expect_ok(pje_log_set_plugin_level(0));
  assert_string_equal(getenv("TF_CPP_MIN_LOG_LEVEL"), "0");
}

FAILS(pje_log_set_plugin_level, out_of_range) {
  expect_invalid(pje_log_set_plugin_level(-1), "pje_log_set_plugin_level", "level");
  expect_invalid(pje_log_set_plugin_level(4), "pje_log_set_plugin_level", "expected 0 to 3");
}

int main(void) {
  const struct CMUnitTest log[] = {
      cmocka_unit_test(pje_log_set_callback__ok_misuse),
      WITH_FAKE("", pje_log_set_callback__ok_every_misuse),
      WITH_FAKE("leaks=log", pje_log_set_callback__ok_plugin_errors_in_releases),
      cmocka_unit_test(pje_log_set_callback__fails_inside_itself),
      cmocka_unit_test(pje_log_capture_stderr__ok_lines_come_out_whole),
      cmocka_unit_test(pje_log_capture_stderr__ok_without_a_callback),
      cmocka_unit_test(pje_log_capture_stderr__ok_nothing_is_lost_at_exit),
      cmocka_unit_test(pje_log_capture_stderr__ok_a_forked_child_has_the_former_stderr),
      cmocka_unit_test(pje_log_capture_stderr__fails_twice),
      cmocka_unit_test(pje_log_set_plugin_level__ok_sets_the_environment),
      cmocka_unit_test(pje_log_set_plugin_level__fails_out_of_range),
  };
  return RUN(log);
}
