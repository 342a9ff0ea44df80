#include <poll.h>
#include <pthread.h>

#include "harness.h"

#define MS ((int64_t)1000000)
#define LONG (20000 * MS)

static pje_request_queue *make_queue(void) {
  pje_request_queue *queue = NULL;
  expect_ok(pje_request_queue_create(&queue));
  assert_non_null(queue);
  return queue;
}
static bool is_alive(const pje_request_queue *queue) { return pje_request_queue_fd(queue) >= 0; }

/* A thread that asks and keeps what it was told. */
struct asker {
  pje_request_queue *queue;
  const char *question;
  int64_t timeout_ns;
  int32_t kind;
  pthread_t thread;
  pje_bytes *answer;
  pje_error *error;
};
static void *ask(void *data) {
  struct asker *asker = data;
  pje_named_values *values = NULL;
  asker->error = pje_named_values_create(&values);
  if (asker->error == NULL) asker->error = pje_named_values_set_string(values, "key", asker->question);
  if (asker->error == NULL)
    asker->error = pje_request_queue_ask(asker->queue, asker->kind, values, asker->question,
                                         strlen(asker->question), asker->timeout_ns, &asker->answer);
  pje_named_values_release(values);
  return NULL;
}
static void start(struct asker *asker, pje_request_queue *queue, const char *question, int64_t timeout_ns) {
  *asker = (struct asker){queue, question, timeout_ns, PJE_REQUEST_USER + 7, 0, NULL, NULL};
  assert_int_equal(pthread_create(&asker->thread, NULL, ask, asker), 0);
}
static void expect_answer(struct asker *asker, const char *answer) {
  pthread_join(asker->thread, NULL);
  expect_ok(asker->error);
  assert_int_equal(pje_bytes_size(asker->answer), strlen(answer));
  assert_memory_equal(pje_bytes_data(asker->answer), answer, strlen(answer));
  pje_bytes_release(asker->answer);
}

static uint64_t take_one(pje_request_queue *queue) {
  uint64_t id = 0;
  size_t count = 0;
  expect_ok(pje_request_queue_next(queue, LONG, 1, &id, &count));
  assert_int_equal(count, 1);
  assert_true(id != 0);
  return id;
}
static void answer(pje_request_queue *queue, uint64_t id, const char *text) {
  expect_ok(pje_request_queue_answer(queue, id, text, strlen(text), NULL));
}
static bool readable(const pje_request_queue *queue) {
  struct pollfd entry = {pje_request_queue_fd(queue), POLLIN, 0};
  return poll(&entry, 1, 0) == 1 && (entry.revents & POLLIN) != 0;
}
static void wait_readable(const pje_request_queue *queue) {
  struct pollfd entry = {pje_request_queue_fd(queue), POLLIN, 0};
  assert_int_equal(poll(&entry, 1, 20000), 1);
}

OK(pje_request_queue_create, empty_and_not_readable) {
  pje_request_queue *queue = make_queue();
  uint64_t id = 5;
  size_t count = 5;
  expect_ok(pje_request_queue_next(queue, 0, 1, &id, &count));
  assert_int_equal(count, 0);
  assert_false(readable(queue));
  pje_request_queue_release(queue);
}
FAILS(pje_request_queue_create, no_out) {
  expect_invalid(pje_request_queue_create(NULL), "pje_request_queue_create", "out");
}
RETAIN_RELEASE_TESTS(pje_request_queue, make_queue(), is_alive)

OK(pje_request_queue_release, cancels_those_who_wait) {
  pje_request_queue *queue = make_queue();
  struct asker asker;
  start(&asker, queue, "who answers?", -1);
  wait_readable(queue);
  pje_request_queue_release(queue);
  pthread_join(asker.thread, NULL);
  expect_error(asker.error, PJE_CANCELLED, "pje_request_queue_ask", "closed");
}

OK(pje_request_queue_next, several_at_once_and_oldest_first) {
  pje_request_queue *queue = make_queue();
  struct asker askers[3];
  uint64_t ids[4];
  size_t count = 0;
  for (size_t i = 0; i < COUNT(askers); ++i) {
    static const char *const questions[] = {"a", "b", "c"};
    start(&askers[i], queue, questions[i], -1);
    sleep_ms(30);
  }
  wait_readable(queue);
  expect_ok(pje_request_queue_next(queue, LONG, COUNT(ids), ids, &count));
  assert_int_equal(count, 3);
  assert_false(readable(queue));
  assert_true(ids[0] < ids[1] && ids[1] < ids[2]);
  static const char *const answers[] = {"1", "2", "3"};
  for (size_t i = count; i-- > 0;) answer(queue, ids[i], answers[i]);
  for (size_t i = 0; i < count; ++i) expect_answer(&askers[i], answers[i]);
  pje_request_queue_release(queue);
}
OK(pje_request_queue_next, times_out) {
  pje_request_queue *queue = make_queue();
  uint64_t id;
  size_t count = 1;
  int64_t began = now_ms();
  expect_ok(pje_request_queue_next(queue, 20 * MS, 1, &id, &count));
  assert_int_equal(count, 0);
  assert_true(now_ms() - began >= 19);
  pje_request_queue_release(queue);
}
REFUSES_WRONG_HANDLE(pje_request_queue_next, wrong_queue, pje_request_queue, "queue",
                     pje_request_queue_next(h, 0, 1, &(uint64_t){0}, &(size_t){0}))
FAILS(pje_request_queue_next, no_room) {
  pje_request_queue *queue = make_queue();
  uint64_t id;
  size_t count;
  expect_invalid(pje_request_queue_next(queue, 0, 0, &id, &count), "pje_request_queue_next", "capacity");
  expect_invalid(pje_request_queue_next(queue, 0, 1, NULL, &count), "pje_request_queue_next", "ids");
  expect_invalid(pje_request_queue_next(queue, 0, 1, &id, NULL), "pje_request_queue_next", "count");
  pje_request_queue_close(queue);
  expect_error(pje_request_queue_next(queue, -1, 1, &id, &count), PJE_FAILED_PRECONDITION,
               "pje_request_queue_next", "closed");
  pje_request_queue_release(queue);
}

static pje_request_queue *queue_of_callback;
static void next_inside(void) {
  expect_error(pje_request_queue_next(queue_of_callback, 0, 1, &(uint64_t){0}, &(size_t){0}),
               PJE_FAILED_PRECONDITION, "pje_request_queue_next", "inside a callback");
}
FAILS(pje_request_queue_next, inside_a_callback) {
  queue_of_callback = make_queue();
  run_in_callback(next_inside);
  pje_request_queue_release(queue_of_callback);
}

/* What every accessor of a request is tried on. */
static void with_request(void (*check)(pje_request_queue *, uint64_t)) {
  pje_request_queue *queue = make_queue();
  struct asker asker;
  start(&asker, queue, "colour", LONG);
  uint64_t id = take_one(queue);
  check(queue, id);
  answer(queue, id, "blue");
  assert_int_equal(pje_request_queue_kind(queue, id), PJE_REQUEST_INVALID);
  expect_answer(&asker, "blue");
  pje_request_queue_release(queue);
}
static void check_kind(pje_request_queue *queue, uint64_t id) {
  assert_int_equal(pje_request_queue_kind(queue, id), PJE_REQUEST_USER + 7);
  assert_int_equal(pje_request_queue_kind(queue, id + 1), PJE_REQUEST_INVALID);
}
OK(pje_request_queue_kind, of_a_request) { with_request(check_kind); }
ANSWERS_WRONG_HANDLE(pje_request_queue_kind, pje_request_queue,
                     assert_int_equal(pje_request_queue_kind(h, 1), PJE_REQUEST_INVALID))
static void check_time_left(pje_request_queue *queue, uint64_t id) {
  int64_t left = pje_request_queue_time_left(queue, id);
  assert_true(left > 0 && left <= LONG);
  assert_int_equal(pje_request_queue_time_left(queue, id + 1), 0);
}
OK(pje_request_queue_time_left, of_a_request) { with_request(check_time_left); }
ANSWERS_WRONG_HANDLE(pje_request_queue_time_left, pje_request_queue,
                     assert_int_equal(pje_request_queue_time_left(h, 1), 0))
static void check_values(pje_request_queue *queue, uint64_t id) {
  const pje_named_values *values = pje_request_queue_values(queue, id);
  assert_int_equal(pje_named_values_count(values), 1);
  assert_null(pje_request_queue_values(queue, id + 1));
}
OK(pje_request_queue_values, of_a_request) { with_request(check_values); }
ANSWERS_WRONG_HANDLE(pje_request_queue_values, pje_request_queue, assert_null(pje_request_queue_values(h, 1)))
static void check_data(pje_request_queue *queue, uint64_t id) {
  size_t size = 0;
  assert_memory_equal(pje_request_queue_data(queue, id, &size), "colour", 6);
  assert_int_equal(size, 6);
  assert_null(pje_request_queue_data(queue, id + 1, &size));
  assert_int_equal(size, 0);
}
OK(pje_request_queue_data, of_a_request) { with_request(check_data); }
ANSWERS_WRONG_HANDLE(pje_request_queue_data, pje_request_queue,
                     assert_null(pje_request_queue_data(h, 1, NULL)))

OK(pje_request_queue_answer, with_an_error) {
  pje_request_queue *queue = make_queue();
  struct asker asker;
  start(&asker, queue, "nothing", -1);
  uint64_t id = take_one(queue);
  assert_int_equal(pje_request_queue_time_left(queue, id), -1);
  pje_error *reason = pje_error_create(PJE_NOT_FOUND, "no such key");
  expect_ok(pje_request_queue_answer(queue, id, NULL, 0, reason));
  pje_error_release(reason);
  pthread_join(asker.thread, NULL);
  assert_int_equal(pje_error_code(asker.error), PJE_NOT_FOUND);
  assert_non_null(strstr(pje_error_message(asker.error), "no such key"));
  pje_error_release(asker.error);
  pje_request_queue_release(queue);
}
static uint64_t id_of_callback;
static void answer_inside(void) { answer(queue_of_callback, id_of_callback, "here"); }
OK(pje_request_queue_answer, inside_a_callback) {
  struct asker asker;
  queue_of_callback = make_queue();
  start(&asker, queue_of_callback, "where?", -1);
  id_of_callback = take_one(queue_of_callback);
  run_in_callback(answer_inside);
  expect_answer(&asker, "here");
  pje_request_queue_release(queue_of_callback);
}
REFUSES_WRONG_HANDLE(pje_request_queue_answer, wrong_queue, pje_request_queue, "queue",
                     pje_request_queue_answer(h, 1, NULL, 0, NULL))
FAILS(pje_request_queue_answer, unknown_or_twice) {
  pje_request_queue *queue = make_queue();
  struct asker asker;
  start(&asker, queue, "once", -1);
  wait_readable(queue);
  expect_error(pje_request_queue_answer(queue, 1, NULL, 0, NULL), PJE_NOT_FOUND, "pje_request_queue_answer",
               "no request taken");
  uint64_t id = take_one(queue);
  expect_invalid(pje_request_queue_answer(queue, id, NULL, 1, NULL), "pje_request_queue_answer", "data");
  answer(queue, id, "yes");
  expect_error(pje_request_queue_answer(queue, id, NULL, 0, NULL), PJE_NOT_FOUND, "pje_request_queue_answer",
               "not yet answered");
  expect_answer(&asker, "yes");
  pje_request_queue_release(queue);
}
FAILS(pje_request_queue_answer, too_late) {
  pje_request_queue *queue = make_queue();
  struct asker asker;
  start(&asker, queue, "quick", 30 * MS);
  uint64_t id = take_one(queue);
  pthread_join(asker.thread, NULL);
  expect_error(asker.error, PJE_DEADLINE_EXCEEDED, "pje_request_queue_ask", "in time");
  /* What was asked can be read as long as it is not answered. */
  size_t size = 0;
  assert_memory_equal(pje_request_queue_data(queue, id, &size), "quick", 5);
  assert_int_equal(pje_request_queue_time_left(queue, id), 0);
  expect_error(pje_request_queue_answer(queue, id, NULL, 0, NULL), PJE_FAILED_PRECONDITION,
               "pje_request_queue_answer", "too late");
  assert_int_equal(pje_request_queue_kind(queue, id), PJE_REQUEST_INVALID);
  pje_request_queue_release(queue);
}

static struct asker asker_of_callback;
static void ask_inside(void) { ask(&asker_of_callback); }
static void *answer_next(void *queue) {
  answer(queue, take_one(queue), "from elsewhere");
  return NULL;
}
OK(pje_request_queue_ask, inside_a_callback) {
  pje_request_queue *queue = make_queue();
  pthread_t thread;
  asker_of_callback = (struct asker){queue, "inside", LONG, PJE_REQUEST_USER, 0, NULL, NULL};
  assert_int_equal(pthread_create(&thread, NULL, answer_next, queue), 0);
  run_in_callback(ask_inside);
  pthread_join(thread, NULL);
  expect_ok(asker_of_callback.error);
  assert_memory_equal(pje_bytes_data(asker_of_callback.answer), "from elsewhere", 14);
  pje_bytes_release(asker_of_callback.answer);
  pje_request_queue_release(queue);
}
REFUSES_WRONG_HANDLE(pje_request_queue_ask, wrong_queue, pje_request_queue, "queue",
                     pje_request_queue_ask(h, PJE_REQUEST_USER, NULL, NULL, 0, 0, &(pje_bytes *){NULL}))
FAILS(pje_request_queue_ask, nobody_answers) {
  pje_request_queue *queue = make_queue();
  pje_bytes *out = NULL;
  expect_error(pje_request_queue_ask(queue, PJE_REQUEST_USER, NULL, "x", 1, 10 * MS, &out),
               PJE_DEADLINE_EXCEEDED, "pje_request_queue_ask", "in time");
  /* One that was never taken is gone. */
  assert_false(readable(queue));
  expect_invalid(pje_request_queue_ask(queue, PJE_REQUEST_KV_GET, NULL, NULL, 0, 0, &out),
                 "pje_request_queue_ask", "kind");
  expect_invalid(pje_request_queue_ask(queue, PJE_REQUEST_USER, NULL, NULL, 1, 0, &out),
                 "pje_request_queue_ask", "data");
  pje_request_queue_close(queue);
  expect_error(pje_request_queue_ask(queue, PJE_REQUEST_USER, NULL, NULL, 0, -1, &out), PJE_CANCELLED,
               "pje_request_queue_ask", "closed");
  pje_request_queue_release(queue);
}

OK(pje_request_queue_on_request, one_wake_up_while_queued) {
  pje_request_queue *queue = make_queue();
  struct calls calls = {0};
  struct asker askers[2];
  expect_ok(pje_request_queue_on_request(queue, count_call, &calls));
  start(&askers[0], queue, "1", -1);
  wait_for_calls(&calls, 1);
  start(&askers[1], queue, "2", -1);
  sleep_ms(30);
  assert_int_equal(calls_so_far(&calls), 1);
  answer(queue, take_one(queue), "a");
  answer(queue, take_one(queue), "a");
  for (size_t i = 0; i < 2; ++i) expect_answer(&askers[i], "a");
  expect_ok(pje_request_queue_on_request(queue, NULL, NULL));
  pje_request_queue_release(queue);
}
REFUSES_WRONG_HANDLE(pje_request_queue_on_request, wrong_queue, pje_request_queue, "queue",
                     pje_request_queue_on_request(h, NULL, NULL))

OK(pje_request_queue_fd, readable_while_queued) {
  pje_request_queue *queue = make_queue();
  struct asker asker;
  start(&asker, queue, "?", -1);
  wait_readable(queue);
  uint64_t id = take_one(queue);
  assert_false(readable(queue));
  answer(queue, id, "!");
  expect_answer(&asker, "!");
  pje_request_queue_release(queue);
}
ANSWERS_WRONG_HANDLE(pje_request_queue_fd, pje_request_queue, assert_int_equal(pje_request_queue_fd(h), -1))

OK(pje_request_queue_wake, ends_one_wait) {
  pje_request_queue *queue = make_queue();
  uint64_t id;
  size_t count = 1;
  expect_ok(pje_request_queue_wake(queue));
  assert_true(readable(queue));
  expect_ok(pje_request_queue_next(queue, -1, 1, &id, &count));
  assert_int_equal(count, 0);
  assert_false(readable(queue));
  pje_request_queue_release(queue);
}
REFUSES_WRONG_HANDLE(pje_request_queue_wake, wrong_queue, pje_request_queue, "queue",
                     pje_request_queue_wake(h))

OK(pje_request_queue_close, answers_those_taken_too) {
  pje_request_queue *queue = make_queue();
  struct asker asker;
  start(&asker, queue, "taken", -1);
  uint64_t id = take_one(queue);
  pje_request_queue_close(queue);
  pje_request_queue_close(NULL);
  pthread_join(asker.thread, NULL);
  expect_error(asker.error, PJE_CANCELLED, "pje_request_queue_ask", "closed");
  assert_true(readable(queue));
  expect_error(pje_request_queue_answer(queue, id, NULL, 0, NULL), PJE_FAILED_PRECONDITION,
               "pje_request_queue_answer", "too late");
  pje_request_queue_release(queue);
}
FAILS(pje_request_queue_close, wrong_handle) {
  FOR_WRONG_HANDLES(pje_request_queue, h) {
    uint64_t before = pje_misuse_count();
    pje_request_queue_close(h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
}

int main(void) {
  const struct CMUnitTest request_queue_tests[] = {
      cmocka_unit_test(pje_request_queue_create__ok_empty_and_not_readable),
      cmocka_unit_test(pje_request_queue_create__fails_no_out),
      RETAIN_RELEASE_LIST(pje_request_queue),
      cmocka_unit_test(pje_request_queue_release__ok_cancels_those_who_wait),
      cmocka_unit_test(pje_request_queue_next__ok_several_at_once_and_oldest_first),
      cmocka_unit_test(pje_request_queue_next__ok_times_out),
      cmocka_unit_test(pje_request_queue_next__fails_wrong_queue),
      cmocka_unit_test(pje_request_queue_next__fails_no_room),
      cmocka_unit_test(pje_request_queue_next__fails_inside_a_callback),
      cmocka_unit_test(pje_request_queue_kind__ok_of_a_request),
      cmocka_unit_test(pje_request_queue_kind__fails_wrong_handle),
      cmocka_unit_test(pje_request_queue_time_left__ok_of_a_request),
      cmocka_unit_test(pje_request_queue_time_left__fails_wrong_handle),
      cmocka_unit_test(pje_request_queue_values__ok_of_a_request),
      cmocka_unit_test(pje_request_queue_values__fails_wrong_handle),
      cmocka_unit_test(pje_request_queue_data__ok_of_a_request),
      cmocka_unit_test(pje_request_queue_data__fails_wrong_handle),
      cmocka_unit_test(pje_request_queue_answer__ok_with_an_error),
      cmocka_unit_test(pje_request_queue_answer__ok_inside_a_callback),
      cmocka_unit_test(pje_request_queue_answer__fails_wrong_queue),
      cmocka_unit_test(pje_request_queue_answer__fails_unknown_or_twice),
      cmocka_unit_test(pje_request_queue_answer__fails_too_late),
      cmocka_unit_test(pje_request_queue_ask__ok_inside_a_callback),
      cmocka_unit_test(pje_request_queue_ask__fails_wrong_queue),
      cmocka_unit_test(pje_request_queue_ask__fails_nobody_answers),
      cmocka_unit_test(pje_request_queue_on_request__ok_one_wake_up_while_queued),
      cmocka_unit_test(pje_request_queue_on_request__fails_wrong_queue),
      cmocka_unit_test(pje_request_queue_fd__ok_readable_while_queued),
      cmocka_unit_test(pje_request_queue_fd__fails_wrong_handle),
      cmocka_unit_test(pje_request_queue_wake__ok_ends_one_wait),
      cmocka_unit_test(pje_request_queue_wake__fails_wrong_queue),
      cmocka_unit_test(pje_request_queue_close__ok_answers_those_taken_too),
      cmocka_unit_test(pje_request_queue_close__fails_wrong_handle),
  };
  return RUN(request_queue_tests);
}
