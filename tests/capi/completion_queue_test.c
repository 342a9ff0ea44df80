#include <poll.h>
#include <pthread.h>

#include "harness.h"

#define MS ((int64_t)1000000)

static pje_completion_queue *make_queue(void) {
  pje_completion_queue *queue = NULL;
  expect_ok(pje_completion_queue_create(&queue));
  assert_non_null(queue);
  return queue;
}
static bool is_alive(const pje_completion_queue *queue) { return pje_completion_queue_fd(queue) >= 0; }

static pje_event *promise(void) {
  pje_event *event = NULL;
  expect_ok(pje_event_create(&event));
  return event;
}

/* Queues one completion under a tag. */
static void complete(pje_completion_queue *queue, uint64_t tag) {
  pje_event *event = promise();
  expect_ok(pje_completion_queue_add(queue, event, tag));
  expect_ok(pje_event_set(event, NULL));
  pje_event_release(event);
}

static size_t take(pje_completion_queue *queue, int64_t timeout_ns, uint64_t *tags, size_t capacity) {
  pje_error *errors[16];
  size_t count = 99;
  assert_true(capacity <= COUNT(errors));
  expect_ok(pje_completion_queue_next(queue, timeout_ns, capacity, tags, errors, &count));
  assert_true(count <= capacity);
  for (size_t i = 0; i < count; ++i) expect_ok(errors[i]);
  return count;
}

static bool readable(const pje_completion_queue *queue) {
  struct pollfd entry = {pje_completion_queue_fd(queue), POLLIN, 0};
  return poll(&entry, 1, 0) == 1 && (entry.revents & POLLIN) != 0;
}

OK(pje_completion_queue_create, empty_and_not_readable) {
  pje_completion_queue *queue = make_queue();
  uint64_t tag;
  assert_int_equal(take(queue, 0, &tag, 1), 0);
  assert_false(readable(queue));
  pje_completion_queue_release(queue);
}
FAILS(pje_completion_queue_create, no_out) {
  expect_invalid(pje_completion_queue_create(NULL), "pje_completion_queue_create", "out");
}
RETAIN_RELEASE_TESTS(pje_completion_queue, make_queue(), is_alive)

OK(pje_completion_queue_release, with_events_outstanding) {
  pje_completion_queue *queue = make_queue();
  pje_event *event = promise();
  expect_ok(pje_completion_queue_add(queue, event, 1));
  pje_completion_queue_release(queue);
  expect_ok(pje_event_set(event, NULL));
  pje_event_release(event);
}

OK(pje_completion_queue_add, oldest_first_with_tags) {
  pje_completion_queue *queue = make_queue();
  uint64_t tags[16];
  for (uint64_t i = 0; i < 10; ++i) complete(queue, UINT64_MAX - i);
  assert_int_equal(take(queue, 0, tags, 4), 4);
  assert_true(readable(queue));
  assert_int_equal(take(queue, -1, tags + 4, 12), 6);
  for (uint64_t i = 0; i < 10; ++i) assert_true(tags[i] == UINT64_MAX - i);
  assert_false(readable(queue));
  pje_completion_queue_release(queue);
}
OK(pje_completion_queue_add, ready_event_and_released_event) {
  pje_client *client = open_fake(NULL);
  pje_completion_queue *queue = make_queue();
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_event *event = NULL;
  uint64_t tag = 0;
  expect_ok(pje_buffer_ready(buffer, &event));
  expect_ok(pje_completion_queue_add(queue, event, 7));
  pje_event_release(event);
  pje_buffer_release(buffer);
  assert_int_equal(take(queue, 20000 * MS, &tag, 1), 1);
  assert_int_equal(tag, 7);
  pje_event *ready = promise();
  expect_ok(pje_event_set(ready, NULL));
  expect_ok(pje_completion_queue_add(queue, ready, 8));
  assert_int_equal(take(queue, 0, &tag, 1), 1);
  assert_int_equal(tag, 8);
  pje_event_release(ready);
  pje_completion_queue_release(queue);
  pje_client_release(client);
}
static pje_completion_queue *queue_of_callback;
static pje_event *event_of_callback;
static void add_and_wake_inside(void) {
  expect_ok(pje_completion_queue_add(queue_of_callback, event_of_callback, 5));
  expect_ok(pje_completion_queue_wake(queue_of_callback));
  assert_true(pje_completion_queue_fd(queue_of_callback) >= 0);
}
OK(pje_completion_queue_add, inside_a_callback) {
  uint64_t tag = 0;
  queue_of_callback = make_queue();
  event_of_callback = promise();
  run_in_callback(add_and_wake_inside);
  expect_ok(pje_event_set(event_of_callback, NULL));
  assert_int_equal(take(queue_of_callback, -1, &tag, 1), 1);
  assert_int_equal(tag, 5);
  pje_event_release(event_of_callback);
  pje_completion_queue_release(queue_of_callback);
}
REFUSES_WRONG_HANDLE(pje_completion_queue_add, wrong_queue, pje_completion_queue, "queue",
                     pje_completion_queue_add(h, NULL, 0))
FAILS(pje_completion_queue_add, wrong_event) {
  pje_completion_queue *queue = make_queue();
  FOR_WRONG_HANDLES(pje_event, h) {
    expect_invalid(pje_completion_queue_add(queue, h, 0), "pje_completion_queue_add", "event");
  }
  pje_completion_queue_release(queue);
}
FAILS(pje_completion_queue_add, closed) {
  pje_completion_queue *queue = make_queue();
  pje_event *event = promise();
  pje_completion_queue_close(queue);
  expect_error(pje_completion_queue_add(queue, event, 1), PJE_FAILED_PRECONDITION, "pje_completion_queue_add",
               "closed");
  pje_event_release(event);
  pje_completion_queue_release(queue);
}
FAILS(pje_completion_queue_add, the_plugin_refuses) {
  pje_client *client = open_fake(NULL);
  pje_completion_queue *queue = make_queue();
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_event *event = NULL;
  uint64_t tag;
  expect_ok(pje_buffer_ready(buffer, &event));
  expect_error(pje_completion_queue_add(queue, event, 1), PJE_INTERNAL, "PJRT_Event_OnReady", "");
  expect_ok(pje_event_wait(event));
  assert_int_equal(take(queue, 50 * MS, &tag, 1), 0);
  pje_event_release(event);
  pje_buffer_release(buffer);
  pje_completion_queue_release(queue);
  pje_client_release(client);
}

static void *complete_later(void *queue) {
  sleep_ms(30);
  complete(queue, 77);
  return NULL;
}
OK(pje_completion_queue_next, waits_until_something_comes) {
  pje_completion_queue *queue = make_queue();
  int64_t timeouts[] = {-1, 20000 * MS, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < COUNT(timeouts); ++i) {
    pthread_t thread;
    uint64_t tag = 0;
    assert_int_equal(pthread_create(&thread, NULL, complete_later, queue), 0);
    assert_int_equal(take(queue, timeouts[i], &tag, 1), 1);
    assert_int_equal(tag, 77);
    assert_int_equal(pthread_join(thread, NULL), 0);
  }
  pje_completion_queue_release(queue);
}
OK(pje_completion_queue_next, timeout_is_a_success_with_nothing) {
  pje_completion_queue *queue = make_queue();
  uint64_t tag;
  int64_t start = now_ms();
  assert_int_equal(take(queue, 40 * MS, &tag, 1), 0);
  assert_true(now_ms() - start >= 40);
  pje_completion_queue_release(queue);
}
OK(pje_completion_queue_next, errors_are_the_callers) {
  pje_completion_queue *queue = make_queue();
  pje_event *events[] = {promise(), promise()};
  pje_error *error = pje_error_create(PJE_DATA_LOSS, "half of it");
  pje_error *errors[2] = {error, error};
  uint64_t tags[2];
  size_t count = 0;
  for (size_t i = 0; i < 2; ++i) expect_ok(pje_completion_queue_add(queue, events[i], i));
  expect_ok(pje_event_set(events[1], error));
  expect_ok(pje_event_set(events[0], NULL));
  pje_error_release(error);
  for (size_t i = 0; i < 2; ++i) pje_event_release(events[i]);
  expect_ok(pje_completion_queue_next(queue, -1, 2, tags, errors, &count));
  pje_completion_queue_release(queue);
  assert_int_equal(count, 2);
  assert_int_equal(tags[0], 1);
  assert_int_equal(pje_error_code(errors[0]), PJE_DATA_LOSS);
  assert_string_equal(pje_error_detail(errors[0]), "half of it");
  assert_null(errors[1]);
  pje_error_release(errors[0]);
}
REFUSES_WRONG_HANDLE(pje_completion_queue_next, wrong_handle, pje_completion_queue, "queue",
                     pje_completion_queue_next(h, 0, 1, &(uint64_t){0}, &(pje_error *){NULL}, &(size_t){0}))
FAILS(pje_completion_queue_next, wrong_arguments) {
  const char *function = "pje_completion_queue_next";
  pje_completion_queue *queue = make_queue();
  uint64_t tag;
  pje_error *error;
  size_t count = 99;
  expect_invalid(pje_completion_queue_next(queue, 0, 0, &tag, &error, &count), function, "capacity");
  assert_int_equal(count, 0);
  expect_invalid(pje_completion_queue_next(queue, 0, 1, NULL, &error, &count), function, "tags");
  expect_invalid(pje_completion_queue_next(queue, 0, 1, &tag, NULL, &count), function, "errors");
  expect_invalid(pje_completion_queue_next(queue, 0, 1, &tag, &error, NULL), function, "count");
  pje_completion_queue_release(queue);
}
static void next_inside(void) {
  uint64_t tag;
  pje_error *error;
  size_t count;
  struct calls never = {0};
  pje_completion_queue *out = NULL;
  expect_error(pje_completion_queue_next(queue_of_callback, 0, 1, &tag, &error, &count),
               PJE_FAILED_PRECONDITION, "pje_completion_queue_next", "callback");
  expect_error(pje_completion_queue_on_nonempty(queue_of_callback, count_call, &never),
               PJE_FAILED_PRECONDITION, "pje_completion_queue_on_nonempty", "callback");
  expect_error(pje_completion_queue_create(&out), PJE_FAILED_PRECONDITION, "pje_completion_queue_create",
               "callback");
}
FAILS(pje_completion_queue_next, inside_a_callback) {
  queue_of_callback = make_queue();
  run_in_callback(next_inside);
  pje_completion_queue_release(queue_of_callback);
}
static void next_on_the_dispatcher(void *queue) {
  uint64_t tag;
  pje_error *error;
  size_t count;
  expect_error(pje_completion_queue_next(queue, -1, 1, &tag, &error, &count), PJE_FAILED_PRECONDITION,
               "pje_completion_queue_next", "pje_event_then");
  expect_ok(pje_completion_queue_next(queue, 0, 1, &tag, &error, &count));
  assert_int_equal(count, 0);
}
FAILS(pje_completion_queue_next, waiting_on_the_dispatcher) {
  pje_completion_queue *queue = make_queue();
  pje_event *event = promise();
  pje_event *out = NULL;
  expect_ok(pje_event_then(event, next_on_the_dispatcher, queue, &out));
  expect_ok(pje_event_set(event, NULL));
  expect_ok(pje_event_wait(out));
  pje_event_release(out);
  pje_event_release(event);
  pje_completion_queue_release(queue);
}

OK(pje_completion_queue_on_nonempty, wake_ups_merge) {
  pje_completion_queue *queue = make_queue();
  struct calls ran = {0};
  uint64_t tags[16];
  expect_ok(pje_completion_queue_on_nonempty(queue, count_call, &ran));
  for (uint64_t i = 0; i < 3; ++i) complete(queue, i);
  assert_int_equal(calls_so_far(&ran), 1);
  assert_int_equal(take(queue, 0, tags, 2), 2);
  complete(queue, 3);
  assert_int_equal(calls_so_far(&ran), 1);
  assert_int_equal(take(queue, 0, tags, 16), 2);
  complete(queue, 4);
  assert_int_equal(calls_so_far(&ran), 2);
  pje_completion_queue_release(queue);
}
OK(pje_completion_queue_on_nonempty, at_once_and_ended_by_null) {
  pje_completion_queue *queue = make_queue();
  struct calls ran = {0};
  uint64_t tags[16];
  complete(queue, 0);
  expect_ok(pje_completion_queue_on_nonempty(queue, count_call, &ran));
  assert_int_equal(calls_so_far(&ran), 1);
  expect_ok(pje_completion_queue_on_nonempty(queue, NULL, NULL));
  assert_int_equal(take(queue, 0, tags, 16), 1);
  complete(queue, 1);
  assert_int_equal(calls_so_far(&ran), 1);
  pje_completion_queue_release(queue);
}
static struct calls slow_started;
static void take_long(void *ended) {
  count_call(&slow_started);
  sleep_ms(60);
  count_call(ended);
}
OK(pje_completion_queue_on_nonempty, ended_by_null_waits_for_the_callback) {
  pje_completion_queue *queue = make_queue();
  struct calls ended = {0};
  pthread_t thread;
  expect_ok(pje_completion_queue_on_nonempty(queue, take_long, &ended));
  assert_int_equal(pthread_create(&thread, NULL, complete_later, queue), 0);
  wait_for_calls(&slow_started, 1);
  expect_ok(pje_completion_queue_on_nonempty(queue, NULL, NULL));
  assert_int_equal(calls_so_far(&ended), 1);
  assert_int_equal(pthread_join(thread, NULL), 0);
  pje_completion_queue_release(queue);
}
REFUSES_WRONG_HANDLE(pje_completion_queue_on_nonempty, wrong_handle, pje_completion_queue, "queue",
                     pje_completion_queue_on_nonempty(h, count_call, &(struct calls){0}))

OK(pje_completion_queue_fd, readable_while_something_is_queued) {
  pje_completion_queue *queue = make_queue();
  uint64_t tags[2];
  assert_false(readable(queue));
  complete(queue, 1);
  complete(queue, 2);
  assert_true(readable(queue));
  assert_int_equal(take(queue, 0, tags, 1), 1);
  assert_true(readable(queue));
  assert_int_equal(take(queue, 0, tags, 1), 1);
  assert_false(readable(queue));
  pje_completion_queue_release(queue);
}
/* Nobody keeps a descriptor readable that was never asked for. */
OK(pje_completion_queue_fd, readable_for_what_came_before_it_was_asked_for) {
  pje_completion_queue *queues[] = {make_queue(), make_queue(), make_queue()};
  uint64_t tag;
  complete(queues[0], 1);
  complete(queues[0], 2);
  assert_int_equal(take(queues[0], 0, &tag, 1), 1);
  expect_ok(pje_completion_queue_wake(queues[1]));
  complete(queues[2], 3);
  assert_int_equal(take(queues[2], 0, &tag, 1), 1);
  assert_true(readable(queues[0]));
  assert_true(readable(queues[1]));
  assert_false(readable(queues[2]));
  assert_int_equal(take(queues[0], 0, &tag, 1), 1);
  assert_int_equal(take(queues[1], 0, &tag, 1), 0);
  for (size_t i = 0; i < COUNT(queues); ++i) {
    assert_false(readable(queues[i]));
    complete(queues[i], 4);
    assert_true(readable(queues[i]));
    pje_completion_queue_release(queues[i]);
  }
}
ANSWERS_WRONG_HANDLE(pje_completion_queue_fd, pje_completion_queue,
                     assert_int_equal(pje_completion_queue_fd(h), -1))

static void *wake_later(void *queue) {
  sleep_ms(30);
  expect_ok(pje_completion_queue_wake(queue));
  return NULL;
}
OK(pje_completion_queue_wake, ends_one_wait_now_or_next) {
  pje_completion_queue *queue = make_queue();
  pthread_t thread;
  uint64_t tag;
  assert_int_equal(pthread_create(&thread, NULL, wake_later, queue), 0);
  assert_int_equal(take(queue, -1, &tag, 1), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  expect_ok(pje_completion_queue_wake(queue));
  assert_true(readable(queue));
  assert_int_equal(take(queue, -1, &tag, 1), 0);
  assert_false(readable(queue));
  assert_int_equal(take(queue, 20 * MS, &tag, 1), 0);
  pje_completion_queue_release(queue);
}
REFUSES_WRONG_HANDLE(pje_completion_queue_wake, wrong_handle, pje_completion_queue, "queue",
                     pje_completion_queue_wake(h))

static void *close_later(void *queue) {
  sleep_ms(30);
  pje_completion_queue_close(queue);
  return NULL;
}
OK(pje_completion_queue_close, what_is_queued_can_still_be_taken) {
  pje_completion_queue *queue = make_queue();
  pje_event *late = promise();
  uint64_t tags[4];
  expect_ok(pje_completion_queue_add(queue, late, 1));
  complete(queue, 2);
  pje_completion_queue_close(queue);
  pje_completion_queue_close(queue);
  pje_completion_queue_close(NULL);
  expect_ok(pje_event_set(late, NULL));
  assert_int_equal(take(queue, -1, tags, 4), 1);
  assert_int_equal(tags[0], 2);
  pje_event_release(late);
  pje_completion_queue_release(queue);
}
/* A loop that waits for the descriptor must learn that no completion will come. */
OK(pje_completion_queue_close, stays_readable) {
  pje_completion_queue *queue = make_queue();
  uint64_t tag;
  complete(queue, 2);
  pje_completion_queue_close(queue);
  assert_true(readable(queue));
  assert_int_equal(take(queue, 0, &tag, 1), 1);
  assert_true(readable(queue));
  pje_completion_queue_release(queue);
}
FAILS(pje_completion_queue_close, ends_waits_for_good) {
  pje_completion_queue *queue = make_queue();
  pthread_t thread;
  uint64_t tag;
  pje_error *error;
  size_t count = 99;
  assert_int_equal(pthread_create(&thread, NULL, close_later, queue), 0);
  for (int i = 0; i < 2; ++i)
    expect_error(pje_completion_queue_next(queue, -1, 1, &tag, &error, &count), PJE_FAILED_PRECONDITION,
                 "pje_completion_queue_next", "closed");
  assert_int_equal(count, 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  pje_completion_queue_release(queue);
}
FAILS(pje_completion_queue_close, wrong_handle) {
  FOR_WRONG_HANDLES(pje_completion_queue, h) {
    uint64_t before = pje_misuse_count();
    pje_completion_queue_close(h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
}

#define SLOW "delay=PJRT_Client_BufferFromHostBuffer:100ms"

int main(void) {
  const struct CMUnitTest completion_queue[] = {
      cmocka_unit_test(pje_completion_queue_create__ok_empty_and_not_readable),
      cmocka_unit_test(pje_completion_queue_create__fails_no_out),
      RETAIN_RELEASE_LIST(pje_completion_queue),
      cmocka_unit_test(pje_completion_queue_release__ok_with_events_outstanding),
      cmocka_unit_test(pje_completion_queue_add__ok_oldest_first_with_tags),
      WITH_FAKE(SLOW, pje_completion_queue_add__ok_ready_event_and_released_event),
      cmocka_unit_test(pje_completion_queue_add__ok_inside_a_callback),
      cmocka_unit_test(pje_completion_queue_add__fails_wrong_queue),
      cmocka_unit_test(pje_completion_queue_add__fails_wrong_event),
      cmocka_unit_test(pje_completion_queue_add__fails_closed),
      WITH_FAKE(SLOW ";onready_fails=1", pje_completion_queue_add__fails_the_plugin_refuses),
      cmocka_unit_test(pje_completion_queue_next__ok_waits_until_something_comes),
      cmocka_unit_test(pje_completion_queue_next__ok_timeout_is_a_success_with_nothing),
      cmocka_unit_test(pje_completion_queue_next__ok_errors_are_the_callers),
      cmocka_unit_test(pje_completion_queue_next__fails_wrong_handle),
      cmocka_unit_test(pje_completion_queue_next__fails_wrong_arguments),
      cmocka_unit_test(pje_completion_queue_next__fails_inside_a_callback),
      cmocka_unit_test(pje_completion_queue_next__fails_waiting_on_the_dispatcher),
      cmocka_unit_test(pje_completion_queue_on_nonempty__ok_wake_ups_merge),
      cmocka_unit_test(pje_completion_queue_on_nonempty__ok_at_once_and_ended_by_null),
      cmocka_unit_test(pje_completion_queue_on_nonempty__ok_ended_by_null_waits_for_the_callback),
      cmocka_unit_test(pje_completion_queue_on_nonempty__fails_wrong_handle),
      cmocka_unit_test(pje_completion_queue_fd__ok_readable_while_something_is_queued),
      cmocka_unit_test(pje_completion_queue_fd__ok_readable_for_what_came_before_it_was_asked_for),
      cmocka_unit_test(pje_completion_queue_fd__fails_wrong_handle),
      cmocka_unit_test(pje_completion_queue_wake__ok_ends_one_wait_now_or_next),
      cmocka_unit_test(pje_completion_queue_wake__fails_wrong_handle),
      cmocka_unit_test(pje_completion_queue_close__ok_what_is_queued_can_still_be_taken),
      cmocka_unit_test(pje_completion_queue_close__ok_stays_readable),
      cmocka_unit_test(pje_completion_queue_close__fails_ends_waits_for_good),
      cmocka_unit_test(pje_completion_queue_close__fails_wrong_handle),
  };
  return RUN(completion_queue);
}
