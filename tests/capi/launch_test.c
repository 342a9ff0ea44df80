/* Runs launched from threads of the library. */
#include "harness.h"

#define MS ((int64_t)1000000)
#define LONG (20000 * MS)

static const pje_execute_options kPool = {.struct_size = sizeof(pje_execute_options),
                                          .launch = PJE_LAUNCH_POOL};

static pje_buffer *launch_one(pje_loaded_executable *executable, pje_buffer *in, pje_event **done) {
  pje_buffer *out = NULL;
  expect_ok(pje_loaded_executable_execute_async(executable, &in, 1, &kPool, &out, 1, done));
  assert_non_null(out);
  return out;
}

static void expect_ramp(pje_buffer *buffer, float first) {
  float values[4] = {0};
  expect_ok(pje_buffer_to_host(buffer, values, sizeof(values)));
  for (int i = 0; i < 4; ++i) assert_true(values[i] == first + (float)i);
}

/* Each run takes 5 ms of its dispatcher: the plugin computes inside the call. */
#define SLOW "complete=inside;delay=PJRT_LoadedExecutable_Execute:5ms"

OK(pje_loaded_executable_execute_async, pending_outputs_are_read_without_waiting) {
  pje_client *client = open_fake(SLOW);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  const float values[] = {1, 2, 3, 4};
  pje_buffer *in = upload_f32(client, values, 4);
  pje_buffer *first = launch_one(executable, in, NULL);
  pje_buffer *second = launch_one(executable, first, NULL);
  float read[4] = {0};
  pje_array *array = NULL;
  pje_event *events[3] = {NULL, NULL, NULL};
  expect_ok(pje_buffer_ready(second, &events[0]));
  expect_ok(pje_buffer_to_host_async(second, read, sizeof(read), &events[1]));
  expect_ok(pje_buffer_to_array_async(second, &array, &events[2]));
  assert_false(pje_event_is_ready(events[0]));
  assert_false(pje_buffer_is_deleted(second));
  pje_buffer_release(in);
  pje_buffer_release(first);
  pje_buffer_release(second);
  for (int i = 0; i < 3; ++i) {
    expect_ok(pje_event_wait_for(events[i], LONG));
    pje_event_release(events[i]);
  }
  for (int i = 0; i < 4; ++i) {
    assert_true(read[i] == values[i] + 2);
    assert_true(((const float *)pje_array_const_data(array))[i] == values[i] + 2);
  }
  pje_array_release(array);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
OK(pje_loaded_executable_execute_async, by_the_caller_after_the_pool) {
  pje_client *client = open_fake(SLOW);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  const float values[] = {1, 2, 3, 4};
  pje_buffer *in = upload_f32(client, values, 4);
  pje_buffer *first = launch_one(executable, in, NULL);
  pje_buffer *second = NULL;
  expect_ok(pje_loaded_executable_execute(executable, &first, 1, NULL, &second, 1));
  expect_ramp(second, 3);
  assert_non_null(pje_buffer_device(first));
  pje_buffer_release(in);
  pje_buffer_release(first);
  pje_buffer_release(second);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
OK(pje_loaded_executable_execute_async, everything_released_before_the_dispatch) {
  pje_client *client = open_fake(SLOW);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *in = upload_ramp(client, 4);
  pje_event *done = NULL;
  for (int i = 0; i < 3; ++i) pje_buffer_release(launch_one(executable, in, i < 2 ? NULL : &done));
  pje_buffer_release(in);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  expect_ok(pje_event_wait_for(done, LONG));
  pje_event_release(done);
}
OK(pje_loaded_executable_execute_async, donated_to_the_pool) {
  pje_client *client = open_fake(SLOW);
  pje_loaded_executable *executable = compile_text(client, kDonates);
  pje_buffer *args[2] = {upload_ramp(client, 4), upload_ramp(client, 4)};
  pje_buffer *out = NULL;
  pje_buffer *again = NULL;
  float values[4];
  expect_ok(pje_loaded_executable_execute_async(executable, args, 2, &kPool, &out, 1, NULL));
  expect_invalid(pje_loaded_executable_execute_async(executable, args, 2, &kPool, &again, 1, NULL),
                 "pje_loaded_executable_execute_async", "argument 0 is taken over");
  /* Waits for the dispatch, and then the contents are gone. */
  expect_error(pje_buffer_to_host(args[0], values, sizeof(values)), PJE_FAILED_PRECONDITION,
               "pje_buffer_to_host", "donated");
  expect_ok(pje_buffer_to_host(out, values, sizeof(values)));
  pje_buffers_release(args, 2);
  pje_buffer_release(out);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
OK(pje_buffer_delete, waits_for_launches_that_use_it) {
  pje_client *client = open_fake(SLOW);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  const float values[] = {1, 2, 3, 4};
  pje_buffer *in = upload_f32(client, values, 4);
  pje_buffer *outs[4];
  for (int i = 0; i < 4; ++i) outs[i] = launch_one(executable, in, NULL);
  expect_ok(pje_buffer_delete(in));
  assert_true(pje_buffer_is_deleted(in));
  for (int i = 0; i < 4; ++i) expect_ramp(outs[i], 2);
  pje_buffer_release(in);
  pje_buffers_release(outs, 4);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
OK(pje_loaded_executable_execute, from_the_pool) {
  pje_buffer *in = upload_ramp(shared_client(), 4);
  pje_buffer *out = NULL;
  expect_ok(pje_loaded_executable_execute(shared_add1(), &in, 1, &kPool, &out, 1));
  assert_non_null(out);
  pje_buffer_release(in);
  pje_buffer_release(out);
}
OK(pje_loaded_executable_execute_sharded, from_the_pool) {
  pje_client *client = open_fake("devices=4");
  pje_loaded_executable *executable = compile_replicas(client, kAllReduce, 4);
  pje_buffer *args[4];
  pje_buffer *blocking[8] = {NULL};
  pje_buffer *outs[8] = {NULL};
  pje_event *done[4] = {NULL};
  for (size_t d = 0; d < 4; ++d) {
    pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
    const float values[5] = {(float)d, 1, 2, 3, 4};
    const int64_t dims[] = {5};
    options.device = pje_loaded_executable_addressable_device(executable, d);
    expect_ok(pje_buffer_from_host(client, values, sizeof(values), PJE_F32, dims, 1, &options, &args[d]));
  }
  expect_ok(pje_loaded_executable_execute_sharded_async(executable, 4, args, 1, &kPool, outs, 2, done));
  expect_ok(pje_loaded_executable_execute_sharded(executable, 4, args, 1, &kPool, blocking, 2));
  for (size_t d = 0; d < 4; ++d) {
    const float expected[] = {6, 4, 8, 12, 16};
    expect_ok(pje_event_wait_for(done[d], LONG));
    pje_event_release(done[d]);
    expect_f32(outs[2 * d], expected, 5);
    expect_f32(blocking[2 * d], expected, 5);
  }
  pje_buffers_release(args, 4);
  pje_buffers_release(outs, 8);
  pje_buffers_release(blocking, 8);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
FAILS(pje_loaded_executable_execute_sharded, number_of_devices_from_the_pool) {
  pje_client *client = open_fake("devices=4");
  pje_loaded_executable *executable = compile_replicas(client, kAllReduce, 4);
  pje_buffer *in = upload_ramp(client, 5);
  pje_buffer *args[2] = {in, in};
  pje_buffer *outs[4] = {NULL};
  expect_invalid(pje_loaded_executable_execute_sharded(executable, 2, args, 1, &kPool, outs, 2),
                 "pje_loaded_executable_execute_sharded", "num_devices");
  pje_buffer_release(in);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
FAILS(pje_loaded_executable_execute_async, refused_by_the_plugin_on_the_pool) {
  pje_client *client = open_fake("fail=PJRT_LoadedExecutable_Execute:1:INTERNAL:boom");
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *in = upload_ramp(client, 4);
  pje_event *done[2] = {NULL, NULL};
  pje_event *ready = NULL;
  pje_buffer *first = launch_one(executable, in, &done[0]);
  pje_buffer *second = launch_one(executable, first, &done[1]);
  float values[4];
  for (int i = 0; i < 2; ++i) {
    expect_error(pje_event_wait_for(done[i], LONG), PJE_INTERNAL, "PJRT_LoadedExecutable_Execute", "boom");
    pje_event_release(done[i]);
  }
  expect_error(pje_buffer_to_host(second, values, sizeof(values)), PJE_INTERNAL,
               "PJRT_LoadedExecutable_Execute", "boom");
  expect_error(pje_buffer_to_host_async(first, values, sizeof(values), &ready), PJE_INTERNAL,
               "PJRT_LoadedExecutable_Execute", "boom");
  expect_error(pje_buffer_ready(first, &ready), PJE_INTERNAL, "PJRT_LoadedExecutable_Execute", "boom");
  expect_error(pje_buffer_delete(first), PJE_INTERNAL, "PJRT_LoadedExecutable_Execute", "boom");
  assert_false(pje_buffer_is_deleted(first));
  assert_null(pje_buffer_device(first));
  assert_int_equal(pje_buffer_rank(first), 1);
  /* The argument was not consumed, and the next run is no one's failure. */
  pje_buffer *third = launch_one(executable, in, &done[0]);
  expect_ok(pje_event_wait_for(done[0], LONG));
  pje_event_release(done[0]);
  pje_buffer_release(in);
  pje_buffer_release(first);
  pje_buffer_release(second);
  pje_buffer_release(third);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
FAILS(pje_loaded_executable_execute_async, late_error_on_the_pool) {
  pje_client *client = open_fake("late_error=PJRT_LoadedExecutable_Execute:INTERNAL:late");
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *in = upload_ramp(client, 4);
  pje_event *done = NULL;
  pje_buffer *out = launch_one(executable, in, &done);
  expect_error(pje_event_wait_for(done, LONG), PJE_INTERNAL, "PJRT_LoadedExecutable_Execute", "late");
  pje_event_release(done);
  pje_buffer_release(in);
  pje_buffer_release(out);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
FAILS(pje_loaded_executable_execute_async, checked_before_the_pool) {
  pje_buffer *in = upload_ramp(shared_client(), 5);
  pje_buffer *out = NULL;
  pje_event *done = NULL;
  pje_execute_options options = kPool;
  expect_invalid(pje_loaded_executable_execute_async(shared_add1(), &in, 1, &kPool, &out, 1, &done),
                 "pje_loaded_executable_execute_async", "argument 0 is f32[5]");
  options.launch = 2;
  expect_invalid(pje_loaded_executable_execute_async(shared_add1(), &in, 1, &options, &out, 1, &done),
                 "pje_loaded_executable_execute_async", "launch is 2");
  assert_null(out);
  assert_null(done);
  pje_buffer_release(in);
}

int main(void) {
  const struct CMUnitTest launch_tests[] = {
      WITH_FAKE("", pje_loaded_executable_execute_async__ok_pending_outputs_are_read_without_waiting),
      WITH_FAKE("", pje_loaded_executable_execute_async__ok_by_the_caller_after_the_pool),
      WITH_FAKE("", pje_loaded_executable_execute_async__ok_everything_released_before_the_dispatch),
      WITH_FAKE("", pje_loaded_executable_execute_async__ok_donated_to_the_pool),
      WITH_FAKE("", pje_buffer_delete__ok_waits_for_launches_that_use_it),
      cmocka_unit_test(pje_loaded_executable_execute__ok_from_the_pool),
      WITH_FAKE("", pje_loaded_executable_execute_sharded__ok_from_the_pool),
      WITH_FAKE("", pje_loaded_executable_execute_sharded__fails_number_of_devices_from_the_pool),
      WITH_FAKE("", pje_loaded_executable_execute_async__fails_refused_by_the_plugin_on_the_pool),
      WITH_FAKE("", pje_loaded_executable_execute_async__fails_late_error_on_the_pool),
      cmocka_unit_test(pje_loaded_executable_execute_async__fails_checked_before_the_pool),
  };
  return RUN(launch_tests);
}
