/* With PJE_VALIDATE=1, which main() sets: no handle is ever used a second time, and what is held is reported.
 */
#define _POSIX_C_SOURCE 200809L

#include "harness.h"

static char leaks[64][512];
static size_t num_leaks;

static void note(void *user_data UNUSED, int32_t kind, pje_code code UNUSED, const char *function UNUSED,
                 const char *message) {
  if (kind == PJE_LOG_LEAK && num_leaks < COUNT(leaks))
    snprintf(leaks[num_leaks++], sizeof leaks[0], "%s", message);
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

int main(void) {
  setenv("PJE_VALIDATE", "1", 1);
  const struct CMUnitTest validate[] = {
      cmocka_unit_test(pje_leak_report__ok_tells_who_made_it),
      WITH_FAKE("", pje_leak_report__ok_comes_by_itself_after_the_last_client),
      cmocka_unit_test(pje_leak_report__fails_a_released_handle_stays_wrong),
  };
  return RUN(validate);
}
