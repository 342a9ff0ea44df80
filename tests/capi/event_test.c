#include "harness.h"

#define MS ((int64_t)1000000)

/* An event of the fake plugin, ready or pending as its controls say. */
static pje_event *event_of(pje_client *client) {
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_event *event = NULL;
  expect_ok(pje_buffer_ready(buffer, &event));
  pje_buffer_release(buffer);
  return event;
}
static pje_event *make(void) { return event_of(shared_client()); }

OK(pje_event_retain, counts_up) {
  pje_event *event = make();
  assert_ptr_equal(pje_event_retain(event), event);
  pje_event_release(event);
  expect_ok(pje_event_wait(event));
  pje_event_release(event);
  assert_null(pje_event_retain(NULL));
}
OK(pje_event_release, ends_the_event) {
  pje_event *event = make();
  expect_ok(pje_event_wait(event));
  pje_event_release(event);
  pje_event_release(NULL);
  expect_invalid(pje_event_wait(event), "pje_event_wait", "released");
}
FAILS(pje_event_retain, wrong_handle) {
  FOR_WRONG_HANDLES(pje_event, h) {
    uint64_t before = pje_misuse_count();
    pje_event_retain(h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
}
FAILS(pje_event_release, wrong_or_twice) {
  FOR_WRONG_HANDLES(pje_event, h) {
    uint64_t before = pje_misuse_count();
    pje_event_release(h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
  pje_event *event = make();
  expect_ok(pje_event_wait(event));
  pje_event_release(event);
  uint64_t before = pje_misuse_count();
  pje_event_release(event);
  assert_int_equal(pje_misuse_count() - before, 1);
}

OK(pje_event_release, never_waits_and_callbacks_still_run) {
  pje_client *client = open_fake(NULL);
  struct calls ran = {0};
  pje_event *event = event_of(client);
  expect_ok(pje_event_on_ready(event, count_call, &ran));
  pje_event_release(event);
  assert_int_equal(calls_so_far(&ran), 0);
  wait_for_calls(&ran, 1);
  pje_client_release(client);
  assert_int_equal(calls_so_far(&ran), 1);
}

OK(pje_event_is_ready, after_a_wait) {
  pje_event *event = make();
  expect_ok(pje_event_wait(event));
  assert_true(pje_event_is_ready(event));
  pje_event_release(event);
}
OK(pje_event_is_ready, not_before) {
  pje_client *client = open_fake(NULL);
  pje_event *event = event_of(client);
  assert_false(pje_event_is_ready(event));
  expect_ok(pje_event_wait(event));
  assert_true(pje_event_is_ready(event));
  pje_event_release(event);
  pje_client_release(client);
}
ANSWERS_WRONG_HANDLE(pje_event_is_ready, pje_event, assert_true(pje_event_is_ready(h)))

OK(pje_event_wait, again_and_again) {
  pje_event *event = make();
  for (int i = 0; i < 3; ++i) expect_ok(pje_event_wait(event));
  pje_event_release(event);
}
REFUSES_WRONG_HANDLE(pje_event_wait, wrong_handle, pje_event, "event", pje_event_wait(h))
FAILS(pje_event_wait, error_comes_again) {
  pje_event *event = event_of(shared_client());
  for (int i = 0; i < 3; ++i)
    expect_error(pje_event_wait(event), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "lost on the way");
  pje_event_release(event);
}

OK(pje_event_wait_for, for_ever_zero_and_long) {
  pje_event *event = make();
  expect_ok(pje_event_wait_for(event, -1));
  expect_ok(pje_event_wait_for(event, 0));
  expect_ok(pje_event_wait_for(event, INT64_MAX));
  expect_ok(pje_event_wait_for(event, INT64_MIN));
  pje_event_release(event);
}
OK(pje_event_wait_for, becomes_ready_in_time) {
  pje_client *client = open_fake(NULL);
  pje_event *event = event_of(client);
  expect_ok(pje_event_wait_for(event, INT64_MAX));
  pje_event_release(event);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_event_wait_for, wrong_handle, pje_event, "event", pje_event_wait_for(h, 0))
FAILS(pje_event_wait_for, time_runs_out) {
  const char *function = "pje_event_wait_for";
  pje_client *client = open_fake(NULL);
  pje_event *event = event_of(client);
  int64_t start = now_ms();
  expect_error(pje_event_wait_for(event, 0), PJE_DEADLINE_EXCEEDED, function, "");
  expect_error(pje_event_wait_for(event, 40 * MS), PJE_DEADLINE_EXCEEDED, function, "");
  assert_true(now_ms() - start >= 40);
  /* The event goes on. */
  expect_ok(pje_event_wait_for(event, 20000 * MS));
  assert_true(pje_event_is_ready(event));
  pje_event_release(event);
  pje_client_release(client);
}
FAILS(pje_event_wait_for, own_error_is_not_a_timeout) {
  pje_event *event = event_of(shared_client());
  expect_error(pje_event_wait_for(event, 20000 * MS), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent",
               "lost on the way");
  expect_error(pje_event_wait_for(event, 0), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "lost on the way");
  expect_error(pje_event_wait_for(event, -1), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "lost on the way");
  pje_event_release(event);
}
FAILS(pje_event_wait_for, never_ready) {
  pje_client *client = open_fake(NULL);
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_event *event = NULL;
  expect_ok(pje_buffer_ready(buffer, &event));
  expect_error(pje_event_wait_for(event, 20 * MS), PJE_DEADLINE_EXCEEDED, "pje_event_wait_for", "");
  assert_false(pje_event_is_ready(event));
  pje_event_release(event);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

OK(pje_event_on_ready, once_when_pending) {
  pje_client *client = open_fake(NULL);
  pje_event *event = event_of(client);
  struct calls ran[3] = {{0}, {0}, {0}};
  for (int i = 0; i < 3; ++i) expect_ok(pje_event_on_ready(event, count_call, &ran[i]));
  expect_ok(pje_event_wait(event));
  for (int i = 0; i < 3; ++i) wait_for_calls(&ran[i], 1);
  pje_event_release(event);
  pje_client_release(client);
  for (int i = 0; i < 3; ++i) assert_int_equal(calls_so_far(&ran[i]), 1);
}
OK(pje_event_on_ready, once_when_ready_already) {
  pje_event *event = make();
  expect_ok(pje_event_wait(event));
  for (int i = 0; i < 3; ++i) {
    struct calls ran = {0};
    expect_ok(pje_event_on_ready(event, count_call, &ran));
    wait_for_calls(&ran, 1);
  }
  pje_event_release(event);
}
OK(pje_event_on_ready, once_when_the_plugin_completes_inside) {
  pje_event *event = event_of(shared_client());
  struct calls ran = {0};
  expect_ok(pje_event_on_ready(event, count_call, &ran));
  wait_for_calls(&ran, 1);
  pje_event_release(event);
  sleep_ms(20);
  assert_int_equal(calls_so_far(&ran), 1);
}
OK(pje_event_on_ready, once_when_the_plugin_calls_twice) {
  pje_event *event = event_of(shared_client());
  struct calls ran = {0};
  expect_ok(pje_event_on_ready(event, count_call, &ran));
  wait_for_calls(&ran, 1);
  pje_event_release(event);
  sleep_ms(20);
  assert_int_equal(calls_so_far(&ran), 1);
}
static pje_event *seen_event;
static pje_code seen_code;
static void look_at_the_event(void *ran) {
  pje_error *error = pje_event_error(seen_event);
  assert_true(pje_event_is_ready(seen_event));
  seen_code = pje_error_code(error);
  pje_error_release(error);
  count_call(ran);
}
OK(pje_event_on_ready, outcome_is_read_with_event_error) {
  struct calls ran = {0};
  seen_event = event_of(shared_client());
  expect_ok(pje_event_on_ready(seen_event, look_at_the_event, &ran));
  wait_for_calls(&ran, 1);
  assert_int_equal(seen_code, PJE_DATA_LOSS);
  pje_event_release(seen_event);
}
REFUSES_WRONG_HANDLE(pje_event_on_ready, wrong_handle, pje_event, "event",
                     pje_event_on_ready(h, count_call, &(struct calls){0}))
FAILS(pje_event_on_ready, callback_is_null) {
  pje_event *event = make();
  expect_invalid(pje_event_on_ready(event, NULL, NULL), "pje_event_on_ready", "callback");
  expect_ok(pje_event_wait(event));
  pje_event_release(event);
}
FAILS(pje_event_on_ready, the_plugin_refuses_and_it_never_runs) {
  pje_client *client = open_fake(NULL);
  pje_event *event = event_of(client);
  struct calls ran = {0};
  expect_error(pje_event_on_ready(event, count_call, &ran), PJE_INTERNAL, "PJRT_Event_OnReady", "");
  expect_ok(pje_event_wait(event));
  sleep_ms(50);
  assert_int_equal(calls_so_far(&ran), 0);
  pje_event_release(event);
  pje_client_release(client);
  assert_int_equal(calls_so_far(&ran), 0);
}

OK(pje_event_error, null_when_it_went_well) {
  pje_event *event = make();
  expect_ok(pje_event_wait(event));
  expect_ok(pje_event_error(event));
  pje_event_release(event);
}
REFUSES_WRONG_HANDLE(pje_event_error, wrong_handle, pje_event, "event", pje_event_error(h))
FAILS(pje_event_error, not_ready_yet) {
  pje_client *client = open_fake(NULL);
  pje_event *event = event_of(client);
  expect_error(pje_event_error(event), PJE_FAILED_PRECONDITION, "pje_event_error", "not ready");
  expect_ok(pje_event_wait(event));
  pje_event_release(event);
  pje_client_release(client);
}
/* The error of an event that was ready before anybody asked must come out of each way of asking. */
static pje_event *failed_event(void) {
  pje_event *event = event_of(shared_client());
  while (!pje_event_is_ready(event)) sleep_ms(1);
  return event;
}
FAILS(pje_event_error, error_of_a_ready_event_is_not_lost) {
  const char *function = "PJRT_Buffer_ReadyEvent";
  pje_event *event = failed_event();
  expect_error(pje_event_error(event), PJE_DATA_LOSS, function, "lost on the way");
  expect_error(pje_event_error(event), PJE_DATA_LOSS, function, "lost on the way");
  pje_event_release(event);
  event = failed_event();
  expect_error(pje_event_wait(event), PJE_DATA_LOSS, function, "lost on the way");
  pje_event_release(event);
  event = failed_event();
  expect_error(pje_event_wait_for(event, 0), PJE_DATA_LOSS, function, "lost on the way");
  pje_event_release(event);
  event = failed_event();
  struct calls ran = {0};
  expect_ok(pje_event_on_ready(event, count_call, &ran));
  wait_for_calls(&ran, 1);
  expect_error(pje_event_error(event), PJE_DATA_LOSS, function, "lost on the way");
  pje_event_release(event);
}
FAILS(pje_event_wait, error_outlives_event_and_client) {
  pje_client *client = open_fake(NULL);
  pje_event *event = event_of(client);
  pje_error *error = pje_event_wait(event);
  pje_event_release(event);
  pje_client_release(client);
  expect_error(error, PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "lost on the way");
}

static pje_event *event_of_callback;
static void wait_inside(void) {
  expect_error(pje_event_wait(event_of_callback), PJE_FAILED_PRECONDITION, "pje_event_wait", "callback");
  expect_error(pje_event_wait_for(event_of_callback, 0), PJE_FAILED_PRECONDITION, "pje_event_wait_for",
               "callback");
  struct calls never = {0};
  expect_error(pje_event_on_ready(event_of_callback, count_call, &never), PJE_FAILED_PRECONDITION,
               "pje_event_on_ready", "callback");
  expect_ok(pje_event_error(event_of_callback));
  assert_true(pje_event_is_ready(event_of_callback));
  pje_event_release(pje_event_retain(event_of_callback));
  assert_int_equal(calls_so_far(&never), 0);
}
FAILS(pje_event_wait, inside_a_callback) {
  event_of_callback = make();
  expect_ok(pje_event_wait(event_of_callback));
  run_in_callback(wait_inside);
  pje_event_release(event_of_callback);
}

/* Longer than a loaded machine keeps a test from running. */
#define SLOW "delay=PJRT_Client_BufferFromHostBuffer:1500ms"
#define LATE "late_error=PJRT_Client_BufferFromHostBuffer:DATA_LOSS:lost on the way"

int main(void) {
  const struct CMUnitTest event[] = {
      cmocka_unit_test(pje_event_retain__ok_counts_up),
      cmocka_unit_test(pje_event_release__ok_ends_the_event),
      cmocka_unit_test(pje_event_retain__fails_wrong_handle),
      cmocka_unit_test(pje_event_release__fails_wrong_or_twice),
      WITH_FAKE(SLOW, pje_event_release__ok_never_waits_and_callbacks_still_run),
      cmocka_unit_test(pje_event_is_ready__ok_after_a_wait),
      WITH_FAKE(SLOW, pje_event_is_ready__ok_not_before),
      cmocka_unit_test(pje_event_is_ready__fails_wrong_handle),
      cmocka_unit_test(pje_event_wait__ok_again_and_again),
      cmocka_unit_test(pje_event_wait__fails_wrong_handle),
      WITH_FAKE(LATE, pje_event_wait__fails_error_comes_again),
      WITH_FAKE(LATE, pje_event_wait__fails_error_outlives_event_and_client),
      WITH_FAKE("complete=inside", pje_event_wait__fails_inside_a_callback),
      cmocka_unit_test(pje_event_wait_for__ok_for_ever_zero_and_long),
      WITH_FAKE(SLOW, pje_event_wait_for__ok_becomes_ready_in_time),
      cmocka_unit_test(pje_event_wait_for__fails_wrong_handle),
      WITH_FAKE(SLOW, pje_event_wait_for__fails_time_runs_out),
      WITH_FAKE(LATE, pje_event_wait_for__fails_own_error_is_not_a_timeout),
      WITH_FAKE("complete=never;leaks=log", pje_event_wait_for__fails_never_ready),
      WITH_FAKE(SLOW, pje_event_on_ready__ok_once_when_pending),
      cmocka_unit_test(pje_event_on_ready__ok_once_when_ready_already),
      WITH_FAKE("complete=inside", pje_event_on_ready__ok_once_when_the_plugin_completes_inside),
      WITH_FAKE("double_callback=1", pje_event_on_ready__ok_once_when_the_plugin_calls_twice),
      WITH_FAKE(LATE, pje_event_on_ready__ok_outcome_is_read_with_event_error),
      cmocka_unit_test(pje_event_on_ready__fails_wrong_handle),
      cmocka_unit_test(pje_event_on_ready__fails_callback_is_null),
      WITH_FAKE(SLOW ";onready_fails=1", pje_event_on_ready__fails_the_plugin_refuses_and_it_never_runs),
      cmocka_unit_test(pje_event_error__ok_null_when_it_went_well),
      cmocka_unit_test(pje_event_error__fails_wrong_handle),
      WITH_FAKE(SLOW, pje_event_error__fails_not_ready_yet),
      WITH_FAKE(LATE, pje_event_error__fails_error_of_a_ready_event_is_not_lost),
  };
  return RUN(event);
}
