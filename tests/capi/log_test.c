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

static int64_t int_of(const pje_named_values *values, const char *name) {
  int64_t value = -1;
  expect_ok(pje_named_values_get_int64(values, pje_named_values_find(values, name), &value));
  return value;
}

static pje_request_queue *log_to_a_queue(void) {
  pje_request_queue *queue = NULL;
  expect_ok(pje_request_queue_create(&queue));
  expect_ok(pje_log_set_queue(queue));
  return queue;
}

OK(pje_log_set_queue, lines_become_requests) {
  pje_request_queue *queue = log_to_a_queue();
  (void)pje_buffer_rank(NULL);
  uint64_t ids[3];
  size_t count = 0, size = 0;
  expect_ok(pje_request_queue_next(queue, -1, COUNT(ids), ids, &count));
  assert_int_equal(count, 1);
  assert_int_equal(pje_request_queue_kind(queue, ids[0]), PJE_REQUEST_LOG);
  assert_int_equal(pje_request_queue_time_left(queue, ids[0]), -1);
  const pje_named_values *values = pje_request_queue_values(queue, ids[0]);
  assert_int_equal(int_of(values, "kind"), PJE_LOG_MISUSE);
  assert_int_equal(int_of(values, "code"), PJE_INVALID_ARGUMENT);
  const char *function = NULL;
  expect_ok(pje_named_values_get_string(values, pje_named_values_find(values, "function"), &function));
  assert_string_equal(function, "pje_buffer_rank");
  const char *line = pje_request_queue_data(queue, ids[0], &size);
  static const char kLine[] = "pje_buffer_rank: argument \"buffer\" is NULL: expected a pje_buffer";
  assert_int_equal(size, sizeof kLine - 1);
  assert_memory_equal(line, kLine, size);
  expect_ok(pje_request_queue_answer(queue, ids[0], NULL, 0, NULL));
  expect_ok(pje_log_set_queue(NULL));
  pje_request_queue_release(queue);
}

static void misuse_a_closed_queue(void) {
  pje_request_queue *queue = log_to_a_queue();
  pje_request_queue_close(queue);
  (void)pje_buffer_rank(NULL);
  pje_request_queue_release(queue);
  (void)pje_buffer_dtype(NULL);
}

OK(pje_log_set_queue, lines_for_a_closed_queue_go_to_stderr) {
  const char *text = stderr_of(misuse_a_closed_queue);
  assert_non_null(strstr(text, "pjrt_easy: pje_buffer_rank: "));
  assert_non_null(strstr(text, "pjrt_easy: pje_buffer_dtype: "));
}

static void misuse_very_often(void) {
  pje_request_queue *queue = log_to_a_queue();
  for (int i = 0; i < 10000; ++i) (void)pje_buffer_rank(NULL);
  (void)pje_buffer_dtype(NULL);
  uint64_t id;
  size_t count;
  expect_ok(pje_request_queue_next(queue, 0, 1, &id, &count));
  expect_ok(pje_request_queue_answer(queue, id, NULL, 0, NULL));
  (void)pje_buffer_host_size(NULL);
  pje_request_queue_release(queue);
}

OK(pje_log_set_queue, lines_that_nobody_takes_go_to_stderr) {
  const char *text = stderr_of(misuse_very_often);
  assert_null(strstr(text, "pje_buffer_rank"));
  assert_non_null(strstr(text, "pjrt_easy: pje_buffer_dtype: "));
  assert_null(strstr(text, "pje_buffer_host_size"));
}

static void misuse_in_a_child(void) {
  pje_request_queue *queue = log_to_a_queue();
  pid_t child = fork();
  if (child == 0) {
    (void)pje_buffer_rank(NULL);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  pje_request_queue_release(queue);
}

OK(pje_log_set_queue, a_forked_child_writes_to_stderr) {
  assert_non_null(strstr(stderr_of(misuse_in_a_child), "pjrt_easy: pje_buffer_rank: "));
}

FAILS(pje_log_set_queue, wrong_handle) {
  expect_invalid(pje_log_set_queue((pje_request_queue *)&num_records), "pje_log_set_queue", "queue");
}

static void replace_the_queue(void) {
  expect_error(pje_log_set_queue(NULL), PJE_FAILED_PRECONDITION, "pje_log_set_queue", "callback");
}

FAILS(pje_log_set_queue, inside_a_callback) { run_in_callback(replace_the_queue); }

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
      cmocka_unit_test(pje_log_set_queue__ok_lines_become_requests),
      cmocka_unit_test(pje_log_set_queue__ok_lines_for_a_closed_queue_go_to_stderr),
      WITH_FAKE("", pje_log_set_queue__ok_lines_that_nobody_takes_go_to_stderr),
      cmocka_unit_test(pje_log_set_queue__ok_a_forked_child_writes_to_stderr),
      cmocka_unit_test(pje_log_set_queue__fails_wrong_handle),
      cmocka_unit_test(pje_log_set_queue__fails_inside_a_callback),
  };
  return RUN(log);
}
