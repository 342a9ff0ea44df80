/* Fulfilments: what a plugin was promised is given exactly once, or CANCELLED in the end. */
#include "harness.h"

static const int64_t kFour[] = {4};
static const float kRamp[] = {0, 1, 2, 3};
static pje_buffer *make(void) { return upload_ramp(shared_client(), 4); }
static pje_error *the_error(void) { return pje_error_create(PJE_DATA_LOSS, "gone for good"); }
static pje_buffer *alias(pje_fulfilment **fulfilment) {
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_create_alias(shared_client(), PJE_F32, kFour, 1, NULL, &buffer, fulfilment));
  assert_non_null(buffer);
  assert_non_null(*fulfilment);
  return buffer;
}
OK(pje_buffer_donate_with_dependency, ready_after_the_dependency) {
  pje_buffer *buffer = make(), *taken = NULL;
  pje_fulfilment *dependency = NULL;
  pje_event *ready = NULL;
  float got[4];
  expect_ok(pje_buffer_donate_with_dependency(buffer, &taken, &dependency));
  expect_ok(pje_buffer_ready(taken, &ready));
  assert_true(pje_buffer_is_deleted(buffer));
  expect_error(pje_buffer_to_host(buffer, got, 16), PJE_FAILED_PRECONDITION, "pje_buffer_to_host",
               "pje_buffer_donate_with_dependency");
  sleep_ms(20);
  assert_false(pje_event_is_ready(ready));
  expect_ok(pje_fulfilment_set_done(dependency));
  expect_ok(pje_event_wait(ready));
  expect_f32(taken, kRamp, 4);
  pje_event_release(ready);
  pje_fulfilment_release(dependency);
  pje_buffer_release(taken);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_donate_with_dependency, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_donate_with_dependency(h, &(pje_buffer *){NULL}, &(pje_fulfilment *){NULL}))
FAILS(pje_buffer_donate_with_dependency, held_deleted_or_never_done) {
  const char *function = "pje_buffer_donate_with_dependency";
  pje_buffer *buffer = make(), *taken = NULL;
  pje_fulfilment *dependency = NULL;
  pje_buffer_reference *reference = NULL;
  float got[4];
  expect_invalid(pje_buffer_donate_with_dependency(buffer, NULL, &dependency), function, "out");
  expect_invalid(pje_buffer_donate_with_dependency(buffer, &taken, NULL), function, "fulfilment");
  expect_ok(pje_buffer_reference_create(buffer, &reference));
  expect_error(pje_buffer_donate_with_dependency(buffer, &taken, &dependency), PJE_FAILED_PRECONDITION,
               "PJRT_Buffer_DonateWithControlDependency", "external");
  expect_f32(buffer, kRamp, 4);
  pje_buffer_reference_release(reference);
  expect_ok(pje_buffer_donate_with_dependency(buffer, &taken, &dependency));
  pje_fulfilment_release(dependency);
  expect_error(pje_buffer_to_host(taken, got, 16), PJE_CANCELLED, "PJRT_Buffer_ToHostBuffer", "released");
  pje_buffer_release(taken);
  expect_error(pje_buffer_donate_with_dependency(buffer, &taken, &dependency), PJE_FAILED_PRECONDITION,
               function, "donated");
  pje_buffer_release(buffer);
}

static pje_fulfilment *make_fulfilment(void) {
  pje_fulfilment *fulfilment = NULL;
  pje_buffer_release(alias(&fulfilment));
  return fulfilment;
}
static bool is_alive(pje_fulfilment *fulfilment) {
  uint64_t before = pje_misuse_count();
  /* Not that of a donation: nothing is given. */
  pje_error_release(pje_fulfilment_set_done(fulfilment));
  return pje_misuse_count() == before;
}
RETAIN_RELEASE_TESTS(pje_fulfilment, make_fulfilment(), is_alive)

OK(pje_fulfilment_set_buffer, exactly_once) {
  pje_fulfilment *fulfilment = NULL;
  pje_buffer *pending = alias(&fulfilment), *source = make();
  expect_ok(pje_fulfilment_set_buffer(fulfilment, source));
  expect_error(pje_fulfilment_set_buffer(fulfilment, source), PJE_FAILED_PRECONDITION,
               "pje_fulfilment_set_buffer", "before");
  expect_f32(pending, kRamp, 4);
  pje_fulfilment_release(fulfilment);
  pje_buffer_release(source);
  pje_buffer_release(pending);
}
REFUSES_WRONG_HANDLE(pje_fulfilment_set_buffer, wrong_handle, pje_fulfilment, "fulfilment",
                     pje_fulfilment_set_buffer(h, NULL))
FAILS(pje_fulfilment_set_buffer, buffer_that_does_not_fit) {
  const char *function = "pje_fulfilment_set_buffer";
  pje_client *other = open_fake(NULL);
  pje_fulfilment *fulfilment = NULL;
  pje_buffer *pending = alias(&fulfilment), *five = upload_ramp(shared_client(), 5), *gone = make();
  pje_buffer *foreign = upload_ramp(other, 4), *source = make();
  expect_ok(pje_buffer_delete(gone));
  expect_invalid(pje_fulfilment_set_buffer(fulfilment, five), function, "f32[5]");
  expect_invalid(pje_fulfilment_set_buffer(fulfilment, foreign), function, "another client");
  expect_error(pje_fulfilment_set_buffer(fulfilment, gone), PJE_FAILED_PRECONDITION, function, "deleted");
  FOR_WRONG_HANDLES(pje_buffer, h)
  expect_invalid(pje_fulfilment_set_buffer(fulfilment, h), function, "buffer");
  expect_ok(pje_fulfilment_set_buffer(fulfilment, source));
  expect_f32(pending, kRamp, 4);
  pje_buffer *all[] = {pending, five, gone, foreign, source};
  pje_buffers_release(all, COUNT(all));
  pje_fulfilment_release(fulfilment);
  pje_client_release(other);
}

static pje_fulfilment *destination(pje_event **done) {
  pje_buffer *buffer = make();
  pje_fulfilment *later = NULL;
  expect_ok(pje_buffer_copy_raw_to_host_later(buffer, 0, 16, &later, done));
  pje_buffer_release(buffer);
  return later;
}
OK(pje_fulfilment_set_data, larger_memory) {
  pje_event *done = NULL;
  pje_fulfilment *later = destination(&done);
  float got[6] = {9, 9, 9, 9, 9, 9};
  expect_ok(pje_fulfilment_set_data(later, got, sizeof got));
  expect_ok(pje_event_wait(done));
  assert_memory_equal(got, kRamp, 16);
  assert_true(got[4] == 9);
  pje_event_release(done);
  pje_fulfilment_release(later);
}
REFUSES_WRONG_HANDLE(pje_fulfilment_set_data, wrong_handle, pje_fulfilment, "fulfilment",
                     pje_fulfilment_set_data(h, (char[4]){0}, 4))
FAILS(pje_fulfilment_set_data, too_small_null_or_of_another_kind) {
  const char *function = "pje_fulfilment_set_data";
  pje_event *done = NULL;
  pje_fulfilment *later = destination(&done), *other = make_fulfilment();
  float got[4];
  expect_invalid(pje_fulfilment_set_data(later, got, 15), function, "15");
  expect_invalid(pje_fulfilment_set_data(later, NULL, 16), function, "data");
  expect_invalid(pje_fulfilment_set_data(other, got, 16), function, "raw copy");
  expect_invalid(pje_fulfilment_set_buffer(later, (pje_buffer *)done), "pje_fulfilment_set_buffer", "buffer");
  expect_ok(pje_fulfilment_set_data(later, got, 16));
  expect_error(pje_fulfilment_set_data(later, got, 16), PJE_FAILED_PRECONDITION, function, "before");
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  pje_fulfilment_release(other);
  pje_fulfilment_release(later);
}

OK(pje_fulfilment_set_done, once) {
  pje_buffer *buffer = make(), *taken = NULL;
  pje_fulfilment *dependency = NULL;
  expect_ok(pje_buffer_donate_with_dependency(buffer, &taken, &dependency));
  expect_ok(pje_fulfilment_set_done(dependency));
  expect_error(pje_fulfilment_set_done(dependency), PJE_FAILED_PRECONDITION, "pje_fulfilment_set_done",
               "before");
  expect_f32(taken, kRamp, 4);
  pje_fulfilment_release(dependency);
  pje_buffer_release(taken);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_fulfilment_set_done, wrong_handle, pje_fulfilment, "fulfilment",
                     pje_fulfilment_set_done(h))
FAILS(pje_fulfilment_set_done, of_another_kind) {
  pje_fulfilment *fulfilment = make_fulfilment();
  expect_invalid(pje_fulfilment_set_done(fulfilment), "pje_fulfilment_set_done", "donation");
  pje_fulfilment_release(fulfilment);
}

OK(pje_fulfilment_set_error, reaches_whoever_waits) {
  pje_error *error = the_error();
  pje_fulfilment *fulfilment = NULL, *dependency = NULL;
  pje_event *done = NULL;
  pje_buffer *pending = alias(&fulfilment), *buffer = make(), *taken = NULL;
  pje_fulfilment *later = destination(&done);
  float got[4];
  expect_ok(pje_buffer_donate_with_dependency(buffer, &taken, &dependency));
  expect_ok(pje_fulfilment_set_error(fulfilment, error));
  expect_ok(pje_fulfilment_set_error(later, error));
  expect_ok(pje_fulfilment_set_error(dependency, error));
  expect_error(pje_buffer_to_host(pending, got, 16), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer", "for good");
  expect_error(pje_buffer_to_host(taken, got, 16), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer", "for good");
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_Buffer_CopyRawToHostFuture", "for good");
  pje_error_release(error);
  pje_fulfilment_release(fulfilment);
  pje_fulfilment_release(dependency);
  pje_fulfilment_release(later);
  pje_event_release(done);
  pje_buffer_release(pending);
  pje_buffer_release(buffer);
  pje_buffer_release(taken);
}
REFUSES_WRONG_HANDLE(pje_fulfilment_set_error, wrong_handle, pje_fulfilment, "fulfilment",
                     pje_fulfilment_set_error(h, NULL))
FAILS(pje_fulfilment_set_error, twice_or_without_an_error) {
  pje_fulfilment *fulfilment = make_fulfilment();
  pje_error *error = the_error();
  expect_invalid(pje_fulfilment_set_error(fulfilment, NULL), "pje_fulfilment_set_error", "error");
  expect_ok(pje_fulfilment_set_error(fulfilment, error));
  expect_error(pje_fulfilment_set_error(fulfilment, error), PJE_FAILED_PRECONDITION,
               "pje_fulfilment_set_error", "before");
  pje_error_release(error);
  pje_fulfilment_release(fulfilment);
}

OK(pje_fulfilment_describe, in_one_line) {
  pje_fulfilment *object = make_fulfilment();
  char line[256];
  size_t length = pje_fulfilment_describe(object, line, sizeof line);
  assert_int_equal(length, strlen(line));
  assert_non_null(strstr(line, "an alias buffer: open"));
  pje_fulfilment_release(object);
}
ANSWERS_WRONG_HANDLE(pje_fulfilment_describe, pje_fulfilment,
                     assert_int_equal(pje_fulfilment_describe(h, (char[8]){0}, 8), 0))

#define REFUSED(function) cmocka_unit_test(function##__fails_wrong_handle)

int main(void) {
  const struct CMUnitTest fulfilment[] = {
      cmocka_unit_test(pje_buffer_donate_with_dependency__ok_ready_after_the_dependency),
      REFUSED(pje_buffer_donate_with_dependency),
      cmocka_unit_test(pje_buffer_donate_with_dependency__fails_held_deleted_or_never_done),
      RETAIN_RELEASE_LIST(pje_fulfilment),
      cmocka_unit_test(pje_fulfilment_set_buffer__ok_exactly_once),
      REFUSED(pje_fulfilment_set_buffer),
      cmocka_unit_test(pje_fulfilment_set_buffer__fails_buffer_that_does_not_fit),
      cmocka_unit_test(pje_fulfilment_set_data__ok_larger_memory),
      REFUSED(pje_fulfilment_set_data),
      cmocka_unit_test(pje_fulfilment_set_data__fails_too_small_null_or_of_another_kind),
      cmocka_unit_test(pje_fulfilment_set_done__ok_once),
      REFUSED(pje_fulfilment_set_done),
      cmocka_unit_test(pje_fulfilment_set_done__fails_of_another_kind),
      cmocka_unit_test(pje_fulfilment_set_error__ok_reaches_whoever_waits),
      REFUSED(pje_fulfilment_set_error),
      cmocka_unit_test(pje_fulfilment_set_error__fails_twice_or_without_an_error),
      cmocka_unit_test(pje_fulfilment_describe__ok_in_one_line),
      cmocka_unit_test(pje_fulfilment_describe__fails_wrong_handle),
  };
  return RUN(fulfilment);
}
