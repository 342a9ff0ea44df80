/* With PJE_VALIDATE=1, which main() sets: no handle is ever used a second time, and what is held is reported.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "harness.h"

static char leaks[64][512];
static size_t num_leaks;
static char misuse[512];

static void note(void *user_data UNUSED, int32_t kind, pje_code code UNUSED, const char *function UNUSED,
                 const char *message) {
  if (kind == PJE_LOG_LEAK && num_leaks < COUNT(leaks))
    snprintf(leaks[num_leaks++], sizeof leaks[0], "%s", message);
  if (kind == PJE_LOG_MISUSE) snprintf(misuse, sizeof misuse, "%s", message);
}

static void start_notes(void) {
  num_leaks = 0;
  expect_ok(pje_log_set_callback(note, NULL));
}

static bool reported(const char *start) {
  for (size_t i = 0; i < num_leaks; ++i)
    if (strncmp(leaks[i], start, strlen(start)) == 0) return true;
  return false;
}

OK(pje_leak_report, tells_who_made_it) {
  pje_event *event = NULL;
  expect_ok(pje_event_create(&event));
  pje_event *again = pje_event_retain(event);
  start_notes();
  uint64_t count = pje_leak_report();
  expect_ok(pje_log_set_callback(NULL, NULL));
  assert_int_equal(count, num_leaks);
  assert_true(reported("pje_event held 2 times now, made by pje_event_create, called from "));
  pje_event_release(again);
  pje_event_release(event);
  start_notes();
  pje_leak_report();
  expect_ok(pje_log_set_callback(NULL, NULL));
  assert_false(reported("pje_event"));
}

OK(pje_leak_report, comes_by_itself_after_the_last_client) {
  pje_client *client = open_fake(NULL);
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_program *program = program_from_text(kAdd1);
  start_notes();
  expect_ok(pje_client_close(client, -1));
  expect_ok(pje_log_set_callback(NULL, NULL));
  assert_true(
      reported("pje_buffer held 1 time after the last client, made by pje_buffer_from_host, called from "));
  assert_true(reported("pje_program held 1 time after the last client, made by pje_program_from_bytes"));
  assert_true(reported("pje_client held 1 time after the last client, made by pje_client_open"));
  pje_buffer_release(buffer);
  pje_program_release(program);
  pje_client_release(client);
}

/* A handle of 7 bits of generation would be right again by then. */
FAILS(pje_leak_report, a_released_handle_stays_wrong) {
  pje_event *first = NULL;
  expect_ok(pje_event_create(&first));
  pje_event_release(first);
  uint64_t misuse = pje_misuse_count();
  for (int i = 0; i < 200000; ++i) {
    pje_event *event = NULL;
    expect_ok(pje_event_create(&event));
    if (event == first) fail_msg("handle %d is the first one again", i);
    pje_event_release(event);
  }
  assert_int_equal(pje_misuse_count(), misuse);
  assert_true(pje_event_is_ready(first));
  assert_int_equal(pje_misuse_count(), misuse + 1);
  expect_invalid(pje_event_wait(first), "pje_event_wait", "was released before");
}

/* A call of another thread that is held up inside, where the device has no memory left. */
static struct {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  bool inside, go_on;
  pje_buffer *source, *copy;
  pje_error *error;
} held = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static bool wait_for_memory(void *user_data UNUSED) {
  pthread_mutex_lock(&held.mutex);
  held.inside = true;
  pthread_cond_broadcast(&held.changed);
  while (!held.go_on) pthread_cond_wait(&held.changed, &held.mutex);
  pthread_mutex_unlock(&held.mutex);
  return true;
}
static void *copy_to_full_device(void *device) {
  held.error = pje_buffer_copy_to_device(held.source, device, &held.copy);
  return NULL;
}
FAILS(pje_buffer_release, in_use_by_another_thread) {
  static const float kRamp[] = {0, 1, 2, 3};
  pje_client *client = shared_client();
  pje_from_host_options there = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *in_the_way = NULL;
  pthread_t thread;
  there.device = pje_client_device(client, 1);
  held.source = upload_ramp(client, 4);
  expect_ok(pje_buffer_from_host(client, kRamp, 16, PJE_F32, (int64_t[]){4}, 1, &there, &in_the_way));
  expect_ok(pje_client_set_out_of_memory_callback(client, wait_for_memory, NULL));
  assert_int_equal(pthread_create(&thread, NULL, copy_to_full_device, there.device), 0);
  pthread_mutex_lock(&held.mutex);
  while (!held.inside) pthread_cond_wait(&held.changed, &held.mutex);
  start_notes();
  uint64_t before = pje_misuse_count();
  pje_buffer_release(in_the_way);
  assert_int_equal(pje_misuse_count(), before);
  pje_buffer_release(held.source);
  assert_int_equal(pje_misuse_count(), before + 1);
  expect_ok(pje_log_set_callback(NULL, NULL));
  assert_non_null(strstr(misuse, "pje_buffer_release"));
  assert_non_null(strstr(misuse, "is in use by pje_buffer_copy_to_device on another thread"));
  held.go_on = true;
  pthread_cond_broadcast(&held.changed);
  pthread_mutex_unlock(&held.mutex);
  pthread_join(thread, NULL);
  /* It lived until the call ended, and not longer. */
  expect_ok(held.error);
  expect_f32(held.copy, kRamp, 4);
  assert_int_equal(pje_live_objects("pje_buffer"), 1);
  expect_invalid(pje_buffer_delete(held.source), "pje_buffer_delete", "was released before");
  pje_buffer_release(held.copy);
  expect_ok(pje_client_set_out_of_memory_callback(client, NULL, NULL));
}

/* Whoever waits for what only the last release ends is not left waiting. */
static void *ask(void *queue) {
  pje_bytes *answer = NULL;
  pje_request_queue *asked = queue;
  pje_error *error = pje_request_queue_ask(asked, PJE_REQUEST_USER, NULL, "", 0, -1, &answer);
  pje_bytes_release(answer);
  return error;
}
FAILS(pje_request_queue_release, in_use_by_another_thread) {
  pje_request_queue *queue = NULL;
  pthread_t thread;
  uint64_t id = 0;
  size_t count = 0;
  void *error = NULL;
  expect_ok(pje_request_queue_create(&queue));
  assert_int_equal(pthread_create(&thread, NULL, ask, queue), 0);
  expect_ok(pje_request_queue_next(queue, -1, 1, &id, &count));
  uint64_t before = pje_misuse_count();
  pje_request_queue_release(queue);
  assert_int_equal(pje_misuse_count(), before + 1);
  pthread_join(thread, &error);
  expect_error(error, PJE_CANCELLED, "pje_request_queue_ask", "");
}

int main(void) {
  setenv("PJE_VALIDATE", "1", 1);
  const struct CMUnitTest validate[] = {
      cmocka_unit_test(pje_leak_report__ok_tells_who_made_it),
      WITH_FAKE("", pje_leak_report__ok_comes_by_itself_after_the_last_client),
      cmocka_unit_test(pje_leak_report__fails_a_released_handle_stays_wrong),
      WITH_FAKE("memory=24;devices=2", pje_buffer_release__fails_in_use_by_another_thread),
      cmocka_unit_test(pje_request_queue_release__fails_in_use_by_another_thread),
  };
  return RUN(validate);
}
