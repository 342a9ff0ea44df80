#include <pthread.h>

#include "harness.h"

#define MS ((int64_t)1000000)

static pje_event *promise(void) {
  pje_event *event = NULL;
  expect_ok(pje_event_create(&event));
  assert_non_null(event);
  return event;
}

static pje_event *plugin_event(pje_client *client) {
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_event *event = NULL;
  expect_ok(pje_buffer_ready(buffer, &event));
  pje_buffer_release(buffer);
  return event;
}

static void set_error(pje_event *event, pje_code code, const char *text) {
  pje_error *error = pje_error_create(code, text);
  expect_ok(pje_event_set(event, error));
  pje_error_release(error);
}

static pje_event *all_of(pje_event **members, size_t n) {
  pje_event *out = NULL;
  expect_ok(pje_event_all(members, n, &out));
  assert_non_null(out);
  return out;
}

static void release_all(pje_event **events, size_t n) {
  for (size_t i = 0; i < n; ++i) pje_event_release(events[i]);
}

OK(pje_event_create, pending_without_any_plugin) {
  pje_event *event = promise();
  assert_false(pje_event_is_ready(event));
  expect_error(pje_event_wait_for(event, 5 * MS), PJE_DEADLINE_EXCEEDED, "pje_event_wait_for", "");
  expect_error(pje_event_error(event), PJE_FAILED_PRECONDITION, "pje_event_error", "not ready");
  pje_event_release(event);
}
OK(pje_event_create, dropped_unset_cancels_its_dependents) {
  pje_event *event = promise();
  pje_event *out = all_of(&event, 1);
  struct calls ran = {0};
  expect_ok(pje_event_on_ready(event, count_call, &ran));
  pje_event_release(event);
  assert_int_equal(calls_so_far(&ran), 1);
  expect_error(pje_event_wait(out), PJE_CANCELLED, "pje_event_release", "before it was set");
  pje_event_release(out);
}
FAILS(pje_event_create, no_out) { expect_invalid(pje_event_create(NULL), "pje_event_create", "out"); }

static void *set_later(void *event) {
  sleep_ms(30);
  expect_ok(pje_event_set(event, NULL));
  return NULL;
}
OK(pje_event_set, wakes_a_wait) {
  pje_event *event = promise();
  pthread_t setter;
  assert_int_equal(pthread_create(&setter, NULL, set_later, event), 0);
  int64_t start = now_ms();
  expect_ok(pje_event_wait(event));
  assert_true(now_ms() - start >= 20);
  assert_int_equal(pthread_join(setter, NULL), 0);
  pje_event_release(event);
}
OK(pje_event_set, wakes_a_timed_wait) {
  pje_event *event = promise();
  pthread_t setter;
  assert_int_equal(pthread_create(&setter, NULL, set_later, event), 0);
  expect_ok(pje_event_wait_for(event, 20000 * MS));
  assert_int_equal(pthread_join(setter, NULL), 0);
  pje_event_release(event);
}
OK(pje_event_set, gives_its_error_to_everyone) {
  pje_event *event = promise();
  struct calls ran = {0};
  expect_ok(pje_event_on_ready(event, count_call, &ran));
  set_error(event, PJE_DATA_LOSS, "torn");
  assert_int_equal(calls_so_far(&ran), 1);
  assert_true(pje_event_is_ready(event));
  for (int i = 0; i < 2; ++i) {
    pje_error *errors[] = {pje_event_wait(event), pje_event_wait_for(event, 0), pje_event_error(event)};
    for (size_t j = 0; j < COUNT(errors); ++j) {
      assert_int_equal(pje_error_code(errors[j]), PJE_DATA_LOSS);
      assert_string_equal(pje_error_detail(errors[j]), "torn");
      pje_error_release(errors[j]);
    }
  }
  pje_event_release(event);
}
static pje_event *event_to_set;
static void set_it(void) { expect_ok(pje_event_set(event_to_set, NULL)); }
OK(pje_event_set, inside_a_callback) {
  event_to_set = promise();
  run_in_callback(set_it);
  expect_ok(pje_event_wait(event_to_set));
  pje_event_release(event_to_set);
}
OK(pje_event_set, leaves_the_callers_error_as_it_is) {
  pje_event *event = promise();
  pje_error *error = pje_error_create(PJE_ABORTED, "given up");
  expect_ok(pje_event_set(event, error));
  expect_error(pje_event_wait(event), PJE_ABORTED, "pje_event_set", "given up");
  assert_string_equal(pje_error_message(error), "ABORTED: given up");
  assert_string_equal(pje_error_function(error), "");
  pje_error_release(error);
  pje_event_release(event);
}
REFUSES_WRONG_HANDLE(pje_event_set, wrong_handle, pje_event, "event", pje_event_set(h, NULL))
FAILS(pje_event_set, wrong_error) {
  pje_event *event = promise();
  FOR_WRONG_HANDLES(pje_error, h) {
    if (h != NULL) expect_invalid(pje_event_set(event, h), "pje_event_set", "error");
  }
  assert_false(pje_event_is_ready(event));
  pje_event_release(event);
}
FAILS(pje_event_set, twice) {
  pje_event *event = promise();
  expect_ok(pje_event_set(event, NULL));
  pje_error *late = pje_error_create(PJE_INTERNAL, "too late");
  expect_error(pje_event_set(event, late), PJE_FAILED_PRECONDITION, "pje_event_set", "set already");
  expect_ok(pje_event_wait(event));
  pje_error_release(late);
  pje_event_release(event);
}
FAILS(pje_event_set, not_a_promise) {
  pje_event *members[] = {promise(), plugin_event(shared_client())};
  pje_event *made[] = {members[1], all_of(members, 2), NULL, NULL};
  struct calls ran = {0};
  expect_ok(pje_event_any(members, 1, &made[2], NULL));
  expect_ok(pje_event_then(members[0], count_call, &ran, &made[3]));
  for (size_t i = 0; i < COUNT(made); ++i)
    expect_error(pje_event_set(made[i], NULL), PJE_FAILED_PRECONDITION, "pje_event_set",
                 "not one made by pje_event_create");
  expect_ok(pje_event_set(members[0], NULL));
  for (size_t i = 0; i < COUNT(made); ++i) expect_ok(pje_event_wait(made[i]));
  pje_event_release(members[0]);
  release_all(made, COUNT(made));
}

OK(pje_event_all, of_none_is_ready) {
  pje_event *out = all_of(NULL, 0);
  assert_true(pje_event_is_ready(out));
  expect_ok(pje_event_wait(out));
  pje_event_release(out);
}
OK(pje_event_all, waits_for_the_last) {
  pje_event *members[40];
  for (size_t i = 0; i < COUNT(members); ++i) members[i] = promise();
  pje_event *out = all_of(members, COUNT(members));
  for (size_t i = 0; i < COUNT(members); ++i) {
    assert_false(pje_event_is_ready(out));
    expect_ok(pje_event_set(members[(i * 7) % COUNT(members)], NULL));
  }
  assert_true(pje_event_is_ready(out));
  expect_ok(pje_event_wait(out));
  release_all(members, COUNT(members));
  pje_event_release(out);
}
OK(pje_event_all, the_same_event_often) {
  pje_event *event = promise();
  pje_event *members[] = {event, event, event};
  pje_event *out = all_of(members, COUNT(members));
  expect_ok(pje_event_set(event, NULL));
  expect_ok(pje_event_wait(out));
  pje_event_release(event);
  pje_event_release(out);
}
OK(pje_event_all, of_plugin_events_and_promises) {
  pje_client *client = open_fake(NULL);
  pje_event *members[] = {plugin_event(client), promise(), plugin_event(client)};
  pje_event *out = all_of(members, COUNT(members));
  expect_ok(pje_event_set(members[1], NULL));
  assert_false(pje_event_is_ready(out));
  release_all(members, COUNT(members));
  expect_ok(pje_event_wait(out));
  pje_event_release(out);
  pje_client_release(client);
}
FAILS(pje_event_all, error_of_the_lowest_index_after_all_ended) {
  pje_event *members[] = {promise(), promise(), promise(), promise()};
  pje_event *out = all_of(members, COUNT(members));
  set_error(members[3], PJE_DATA_LOSS, "the third");
  expect_ok(pje_event_set(members[0], NULL));
  set_error(members[1], PJE_ABORTED, "the first");
  assert_false(pje_event_is_ready(out));
  expect_ok(pje_event_set(members[2], NULL));
  expect_error(pje_event_wait(out), PJE_ABORTED, "pje_event_set", "the first");
  release_all(members, COUNT(members));
  pje_event_release(out);
}
/* What failed first does not end the wait for what still writes: the memory may be freed afterwards. */
FAILS(pje_event_all, early_failure_and_late_writer) {
  static const float kRamp[] = {0, 1, 2, 3};
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  for (int last = 0; last < 2; ++last) {
    float *memory = calloc(4, sizeof *memory);
    pje_event *members[2] = {NULL, NULL}, **failed = &members[last], **writes = &members[1 - last];
    expect_ok(pje_buffer_to_host_async(buffer, memory, sizeof kRamp, writes));
    *failed = promise();
    set_error(*failed, PJE_ABORTED, "early");
    pje_event *out = all_of(members, COUNT(members));
    release_all(members, COUNT(members));
    expect_error(pje_event_wait(out), PJE_ABORTED, "pje_event_set", "early");
    pje_event_release(out);
    assert_memory_equal(memory, kRamp, sizeof kRamp);
    free(memory);
  }
  pje_buffer_release(buffer);
}
FAILS(pje_event_all, error_of_a_member_that_was_ready) {
  pje_event *member = plugin_event(shared_client());
  while (!pje_event_is_ready(member)) sleep_ms(1);
  pje_event *out = all_of(&member, 1);
  expect_error(pje_event_wait(out), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "lost on the way");
  pje_event_release(member);
  pje_event_release(out);
}
FAILS(pje_event_all, wrong_arguments) {
  pje_event *out = (pje_event *)&out;
  pje_event *member = promise();
  expect_invalid(pje_event_all(&member, 1, NULL), "pje_event_all", "out");
  expect_invalid(pje_event_all(NULL, 1, &out), "pje_event_all", "events");
  assert_null(out);
  FOR_WRONG_HANDLES(pje_event, h) {
    pje_event *members[] = {member, h};
    expect_invalid(pje_event_all(members, 2, &out), "pje_event_all", "events[1]");
    assert_null(out);
  }
  pje_event_release(member);
}

OK(pje_event_any, first_wins_and_tells_its_index) {
  for (size_t first = 0; first < 3; ++first) {
    pje_event *members[] = {promise(), promise(), promise()};
    pje_event *out = NULL;
    size_t index = 99;
    expect_ok(pje_event_any(members, COUNT(members), &out, &index));
    assert_false(pje_event_is_ready(out));
    assert_int_equal(index, 99);
    expect_ok(pje_event_set(members[first], NULL));
    expect_ok(pje_event_wait(out));
    assert_int_equal(index, first);
    for (size_t i = 0; i < COUNT(members); ++i)
      if (i != first) set_error(members[i], PJE_INTERNAL, "a loser");
    expect_ok(pje_event_wait(out));
    assert_int_equal(index, first);
    release_all(members, COUNT(members));
    pje_event_release(out);
  }
}
OK(pje_event_any, index_not_wanted_and_one_was_ready) {
  pje_event *members[] = {promise(), promise()};
  pje_event *out = NULL;
  expect_ok(pje_event_set(members[1], NULL));
  expect_ok(pje_event_any(members, COUNT(members), &out, NULL));
  assert_true(pje_event_is_ready(out));
  release_all(members, COUNT(members));
  expect_ok(pje_event_wait(out));
  pje_event_release(out);
}
FAILS(pje_event_any, outcome_of_the_first) {
  pje_event *members[] = {promise(), promise()};
  pje_event *out = NULL;
  size_t index = 99;
  expect_ok(pje_event_any(members, COUNT(members), &out, &index));
  set_error(members[1], PJE_UNAVAILABLE, "gone first");
  expect_ok(pje_event_set(members[0], NULL));
  expect_error(pje_event_wait(out), PJE_UNAVAILABLE, "pje_event_set", "gone first");
  assert_int_equal(index, 1);
  release_all(members, COUNT(members));
  pje_event_release(out);
}
FAILS(pje_event_any, no_events_and_wrong_arguments) {
  pje_event *out = (pje_event *)&out;
  pje_event *member = promise();
  expect_invalid(pje_event_any(&member, 0, &out, NULL), "pje_event_any", "at least one");
  assert_null(out);
  expect_invalid(pje_event_any(NULL, 2, &out, NULL), "pje_event_any", "events");
  expect_invalid(pje_event_any(&member, 1, NULL, NULL), "pje_event_any", "out");
  FOR_WRONG_HANDLES(pje_event, h) {
    pje_event *members[] = {h, member};
    expect_invalid(pje_event_any(members, 2, &out, NULL), "pje_event_any", "events[0]");
  }
  pje_event_release(member);
}

struct thread_seen {
  pthread_t thread;
  pje_event *waits_for;
  pje_buffer *uploaded;
  struct calls done;
};
static void look_around(void *user_data) {
  struct thread_seen *seen = user_data;
  seen->thread = pthread_self();
  /* Not a callback: everything but waiting works. */
  seen->uploaded = upload_ramp(shared_client(), 4);
  if (seen->waits_for != NULL) {
    expect_error(pje_event_wait(seen->waits_for), PJE_FAILED_PRECONDITION, "pje_event_wait",
                 "pje_event_then");
    expect_error(pje_event_wait_for(seen->waits_for, 1), PJE_FAILED_PRECONDITION, "pje_event_wait_for",
                 "pje_event_then");
  }
  count_call(&seen->done);
}
OK(pje_event_then, runs_once_on_the_dispatcher) {
  shared_client();
  struct thread_seen seen[2] = {{0}, {0}};
  pje_event *event = promise();
  pje_event *out[2] = {NULL, NULL};
  for (int i = 0; i < 2; ++i) expect_ok(pje_event_then(event, look_around, &seen[i], &out[i]));
  assert_false(pje_event_is_ready(out[0]));
  expect_ok(pje_event_set(event, NULL));
  for (int i = 0; i < 2; ++i) {
    expect_ok(pje_event_wait(out[i]));
    assert_int_equal(calls_so_far(&seen[i].done), 1);
    assert_false(pthread_equal(seen[i].thread, pthread_self()));
    pje_buffer_release(seen[i].uploaded);
    pje_event_release(out[i]);
  }
  assert_true(pthread_equal(seen[0].thread, seen[1].thread));
  pje_event_release(event);
}
OK(pje_event_then, at_once_when_ready_and_out_may_be_dropped) {
  pje_event *event = plugin_event(shared_client());
  expect_ok(pje_event_wait(event));
  struct calls ran = {0};
  pje_event *out = NULL;
  expect_ok(pje_event_then(event, count_call, &ran, &out));
  pje_event_release(event);
  pje_event_release(out);
  wait_for_calls(&ran, 1);
}
FAILS(pje_event_then, runs_after_an_error_and_passes_it_on) {
  pje_event *event = promise();
  struct calls ran = {0};
  pje_event *out = NULL;
  expect_ok(pje_event_then(event, count_call, &ran, &out));
  set_error(event, PJE_OUT_OF_RANGE, "beyond");
  expect_error(pje_event_wait(out), PJE_OUT_OF_RANGE, "pje_event_set", "beyond");
  assert_int_equal(calls_so_far(&ran), 1);
  pje_event_release(event);
  pje_event_release(out);
}
FAILS(pje_event_then, waiting_in_the_function) {
  shared_client();
  struct thread_seen seen = {0};
  pje_event *event = promise();
  pje_event *out = NULL;
  seen.waits_for = promise();
  expect_ok(pje_event_then(event, look_around, &seen, &out));
  expect_ok(pje_event_set(event, NULL));
  expect_ok(pje_event_wait(out));
  assert_int_equal(calls_so_far(&seen.done), 1);
  pje_buffer_release(seen.uploaded);
  pje_event_release(seen.waits_for);
  pje_event_release(event);
  pje_event_release(out);
}
REFUSES_WRONG_HANDLE(pje_event_then, wrong_handle, pje_event, "event",
                     pje_event_then(h, count_call, &(struct calls){0}, &(pje_event *){NULL}))
FAILS(pje_event_then, wrong_arguments) {
  pje_event *event = promise();
  pje_event *out = (pje_event *)&out;
  expect_invalid(pje_event_then(event, NULL, NULL, &out), "pje_event_then", "callback");
  assert_null(out);
  expect_invalid(pje_event_then(event, count_call, NULL, NULL), "pje_event_then", "out");
  pje_event_release(event);
}

struct registration {
  pje_event *event;
  struct calls never;
};
static void *register_and_be_refused(void *user_data) {
  struct registration *mine = user_data;
  expect_error(pje_event_on_ready(mine->event, count_call, &mine->never), PJE_INTERNAL, "PJRT_Event_OnReady",
               "");
  return NULL;
}
/* The plugin takes 100 ms to refuse the first registration; the second comes in that time. */
OK(pje_event_on_ready, also_when_a_registration_under_way_is_refused) {
  pje_client *client = open_fake(NULL);
  struct registration first = {plugin_event(client), {0}};
  struct calls second = {0};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, register_and_be_refused, &first), 0);
  sleep_ms(40);
  expect_ok(pje_event_on_ready(first.event, count_call, &second));
  assert_int_equal(pthread_join(thread, NULL), 0);
  wait_for_calls(&second, 1);
  assert_int_equal(calls_so_far(&first.never), 0);
  pje_event_release(first.event);
  pje_client_release(client);
  assert_int_equal(calls_so_far(&second), 1);
}

static void combine_inside(void) {
  pje_event *out = NULL;
  pje_event *member = event_to_set;
  struct calls never = {0};
  expect_error(pje_event_create(&out), PJE_FAILED_PRECONDITION, "pje_event_create", "callback");
  expect_error(pje_event_all(&member, 1, &out), PJE_FAILED_PRECONDITION, "pje_event_all", "callback");
  expect_error(pje_event_any(&member, 1, &out, NULL), PJE_FAILED_PRECONDITION, "pje_event_any", "callback");
  expect_error(pje_event_then(member, count_call, &never, &out), PJE_FAILED_PRECONDITION, "pje_event_then",
               "callback");
  assert_null(out);
}
FAILS(pje_event_create, inside_a_callback) {
  event_to_set = promise();
  run_in_callback(combine_inside);
  pje_event_release(event_to_set);
}

#define SLOW "delay=PJRT_Client_BufferFromHostBuffer:100ms"
#define REFUSE_LATE                                                    \
  "fail=PJRT_Event_OnReady:1:INTERNAL;delay=PJRT_Event_OnReady:100ms;" \
  "delay=PJRT_Client_BufferFromHostBuffer:300ms"
#define LATE "late_error=PJRT_Client_BufferFromHostBuffer:DATA_LOSS:lost on the way"

int main(void) {
  const struct CMUnitTest event_combine[] = {
      cmocka_unit_test(pje_event_create__ok_pending_without_any_plugin),
      cmocka_unit_test(pje_event_create__ok_dropped_unset_cancels_its_dependents),
      cmocka_unit_test(pje_event_create__fails_no_out),
      cmocka_unit_test(pje_event_create__fails_inside_a_callback),
      cmocka_unit_test(pje_event_set__ok_wakes_a_wait),
      cmocka_unit_test(pje_event_set__ok_wakes_a_timed_wait),
      cmocka_unit_test(pje_event_set__ok_gives_its_error_to_everyone),
      cmocka_unit_test(pje_event_set__ok_inside_a_callback),
      cmocka_unit_test(pje_event_set__ok_leaves_the_callers_error_as_it_is),
      cmocka_unit_test(pje_event_set__fails_wrong_handle),
      cmocka_unit_test(pje_event_set__fails_wrong_error),
      cmocka_unit_test(pje_event_set__fails_twice),
      cmocka_unit_test(pje_event_set__fails_not_a_promise),
      cmocka_unit_test(pje_event_all__ok_of_none_is_ready),
      cmocka_unit_test(pje_event_all__ok_waits_for_the_last),
      cmocka_unit_test(pje_event_all__ok_the_same_event_often),
      WITH_FAKE(SLOW, pje_event_all__ok_of_plugin_events_and_promises),
      WITH_FAKE("delay=PJRT_Buffer_ToHostBuffer:100ms", pje_event_all__fails_early_failure_and_late_writer),
      cmocka_unit_test(pje_event_all__fails_error_of_the_lowest_index_after_all_ended),
      WITH_FAKE(LATE, pje_event_all__fails_error_of_a_member_that_was_ready),
      cmocka_unit_test(pje_event_all__fails_wrong_arguments),
      cmocka_unit_test(pje_event_any__ok_first_wins_and_tells_its_index),
      cmocka_unit_test(pje_event_any__ok_index_not_wanted_and_one_was_ready),
      cmocka_unit_test(pje_event_any__fails_outcome_of_the_first),
      cmocka_unit_test(pje_event_any__fails_no_events_and_wrong_arguments),
      cmocka_unit_test(pje_event_then__ok_runs_once_on_the_dispatcher),
      cmocka_unit_test(pje_event_then__ok_at_once_when_ready_and_out_may_be_dropped),
      cmocka_unit_test(pje_event_then__fails_runs_after_an_error_and_passes_it_on),
      cmocka_unit_test(pje_event_then__fails_waiting_in_the_function),
      cmocka_unit_test(pje_event_then__fails_wrong_handle),
      cmocka_unit_test(pje_event_then__fails_wrong_arguments),
      WITH_FAKE(REFUSE_LATE, pje_event_on_ready__ok_also_when_a_registration_under_way_is_refused),
  };
  return RUN(event_combine);
}
