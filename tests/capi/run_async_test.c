/* The calls that take arrays of the host, without the wait: what is kept, and where errors come out. */
#include "harness.h"

static const float kRamp[] = {0, 1, 2, 3}, kRampPlus1[] = {1, 2, 3, 4}, kSum[] = {0, 2, 4, 6};

static void wait_and_release(pje_event *event) {
  expect_ok(pje_event_wait(event));
  pje_event_release(event);
}

/* An array over memory of the test's; `released` counts its end. */
static pje_array *wrapped(void *memory, struct calls *released) {
  pje_array *array = NULL;
  expect_ok(pje_array_wrap(memory, 16, PJE_F32, (int64_t[]){4}, 1, count_call, released, &array));
  return array;
}
static float aligned_memory[16] __attribute__((aligned(64)));

OK(pje_loaded_executable_run_async, new_arrays) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd2);
  pje_array *args[2] = {array_f32(kRamp, 4), array_f32(kRamp, 4)}, *outputs[2] = {NULL, NULL};
  pje_event *done = NULL;
  expect_ok(pje_loaded_executable_run_async(executable, args, 2, outputs, 2, &done));
  pje_loaded_executable_release(executable);
  pje_array_release(args[1]);
  wait_and_release(done);
  assert_memory_equal(pje_array_data(outputs[0]), kSum, 16);
  assert_memory_equal(pje_array_data(args[0]), kRamp, 16);
  pje_array_release(args[0]);
  pje_array_release(outputs[0]);
  pje_array_release(outputs[1]);
}
OK(pje_loaded_executable_run_async, donated_argument_is_not_changed) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_array *args[2] = {array_f32(kRamp, 4), array_f32(kRamp, 4)}, *output = NULL;
  for (int i = 0; i < 2; ++i) {
    pje_event *done = NULL;
    expect_ok(pje_loaded_executable_run_async(executable, args, 2, &output, 1, &done));
    wait_and_release(done);
    assert_memory_equal(pje_array_data(output), kSum, 16);
    assert_memory_equal(pje_array_data(args[0]), kRamp, 16);
    pje_array_release(output);
  }
  pje_array_release(args[0]);
  pje_array_release(args[1]);
  pje_loaded_executable_release(executable);
}
/* Aligned memory is used in place, other memory is copied by the plugin: both are kept until then. */
OK(pje_loaded_executable_run_async, keeps_what_it_uses) {
  float values[5];
  void *const kMemory[] = {aligned_memory, values + 1};
  for (size_t i = 0; i < COUNT(kMemory); ++i) {
    struct calls released = {0};
    pje_array *arg = wrapped(memcpy(kMemory[i], kRamp, 16), &released), *output = NULL;
    pje_event *done = NULL;
    expect_ok(pje_loaded_executable_run_async(shared_add1(), &arg, 1, &output, 1, &done));
    pje_array_release(arg);
    int so_far = calls_so_far(&released);
    if (kMemory[i] == aligned_memory && !pje_event_is_ready(done)) assert_int_equal(so_far, 0);
    expect_ok(pje_event_wait(done));
    /* The event came last: the memory is the caller's again. */
    assert_int_equal(calls_so_far(&released), 1);
    assert_memory_equal(pje_array_data(output), kRampPlus1, 16);
    pje_event_release(done);
    pje_array_release(output);
  }
}
OK(pje_loaded_executable_run_async, given_up) {
  struct calls released = {0};
  pje_array *arg = wrapped(memcpy(aligned_memory, kRamp, 16), &released), *output = NULL;
  pje_event *done = NULL;
  expect_ok(pje_loaded_executable_run_async(shared_add1(), &arg, 1, &output, 1, &done));
  pje_event_release(done);
  pje_array_release(output);
  pje_array_release(arg);
  wait_for_calls(&released, 1);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_run_async, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_run_async(h, NULL, 0, NULL, 0, &(pje_event *){NULL}))
FAILS(pje_loaded_executable_run_async, wrong_arguments) {
  const char *function = "pje_loaded_executable_run_async";
  pje_array *right = array_f32(kRamp, 4), *longer = array_f32(NULL, 5), *output = right;
  pje_event *done = (pje_event *)right;
#define RUN_ONE(arg) pje_loaded_executable_run_async(shared_add1(), &arg, 1, &output, 1, &done)
  expect_invalid(RUN_ONE(longer), function, "f32[5]");
  assert_null(output);
  assert_null(done);
  FOR_WRONG_HANDLES(pje_array, h) expect_invalid(RUN_ONE(h), function, "argument 0");
#undef RUN_ONE
  expect_invalid(pje_loaded_executable_run_async(shared_add1(), NULL, 1, &output, 1, &done), function,
                 "args");
  expect_invalid(pje_loaded_executable_run_async(shared_add1(), &right, 1, NULL, 1, &done), function,
                 "outputs");
  expect_invalid(pje_loaded_executable_run_async(shared_add1(), &right, 1, &output, 0, &done), function,
                 "num_outputs");
  expect_invalid(pje_loaded_executable_run_async(shared_add1(), &right, 1, &output, 1, NULL), function,
                 "done");
  pje_array *same = right;
  expect_invalid(pje_loaded_executable_run_async(shared_add1(), &same, 1, &same, 1, &done), function,
                 "overlap");
  assert_ptr_equal(same, right);
  pje_array_release(longer);
  pje_array_release(right);
}
FAILS(pje_loaded_executable_run_async, each_step_may_fail) {
  static const char *const kFunctions[] = {"PJRT_Client_BufferFromHostBuffer",
                                           "PJRT_LoadedExecutable_Execute", "PJRT_Buffer_ToHostBuffer"};
  (void)shared_add1();
  for (size_t i = 0; i < COUNT(kFunctions); ++i) {
    struct calls released = {0};
    pje_array *arg = wrapped(memcpy(aligned_memory, kRamp, 16), &released), *output = arg;
    pje_event *done = (pje_event *)arg;
    expect_error(pje_loaded_executable_run_async(shared_add1(), &arg, 1, &output, 1, &done), PJE_INTERNAL,
                 kFunctions[i], "injected");
    assert_null(output);
    assert_null(done);
    assert_int_equal(calls_so_far(&released), 0);
    pje_array_release(arg);
    wait_for_calls(&released, 1);
  }
}
FAILS(pje_loaded_executable_run_async, late_error) {
  struct calls released = {0};
  pje_array *arg = wrapped(memcpy(aligned_memory, kRamp, 16), &released), *output = NULL;
  pje_event *done = NULL;
  expect_ok(pje_loaded_executable_run_async(shared_add1(), &arg, 1, &output, 1, &done));
  pje_array_release(arg);
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_LoadedExecutable_Execute", "lost");
  assert_int_equal(calls_so_far(&released), 1);
  assert_int_equal(pje_array_size(output), 16);
  pje_array_release(output);
  pje_event_release(done);
}
FAILS(pje_loaded_executable_run_async, plugin_takes_no_callbacks) {
  struct calls released = {0};
  pje_array *arg = wrapped(memcpy(aligned_memory, kRamp, 16), &released), *output = arg;
  pje_event *done = NULL;
  expect_error(pje_loaded_executable_run_async(shared_add1(), &arg, 1, &output, 1, &done), PJE_INTERNAL,
               "PJRT_Event_OnReady", "");
  assert_null(output);
  assert_null(done);
  pje_array_release(arg);
  wait_for_calls(&released, 1);
}

OK(pje_loaded_executable_run_into_async, arrays_of_the_caller) {
  const int32_t kLaunch[] = {PJE_LAUNCH_CALLER, PJE_LAUNCH_POOL};
  for (size_t i = 0; i < COUNT(kLaunch); ++i) {
    pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
    pje_array *arg = array_f32(kRamp, 4), *output = array_f32(NULL, 4);
    pje_event *done = NULL;
    options.launch = kLaunch[i];
    expect_ok(pje_loaded_executable_run_into_async(shared_add1(), &arg, 1, i == 0 ? NULL : &options, &output,
                                                   1, &done));
    pje_array_release(arg);
    wait_and_release(done);
    assert_memory_equal(pje_array_data(output), kRampPlus1, 16);
    pje_array_release(output);
  }
}
OK(pje_loaded_executable_run_into_async, keeps_what_it_writes) {
  static float memory[4];
  struct calls released = {0};
  pje_array *arg = array_f32(kRamp, 4), *output = wrapped(memory, &released);
  pje_event *done = NULL;
  expect_ok(pje_loaded_executable_run_into_async(shared_add1(), &arg, 1, NULL, &output, 1, &done));
  pje_array_release(output);
  pje_array_release(arg);
  int so_far = calls_so_far(&released);
  if (!pje_event_is_ready(done)) assert_int_equal(so_far, 0);
  wait_and_release(done);
  assert_int_equal(calls_so_far(&released), 1);
  assert_memory_equal(memory, kRampPlus1, 16);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_run_into_async, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_run_into_async(h, NULL, 0, NULL, NULL, 0, &(pje_event *){NULL}))
FAILS(pje_loaded_executable_run_into_async, wrong_arrays) {
  const char *function = "pje_loaded_executable_run_into_async";
  pje_array *arg = array_f32(kRamp, 4), *output = array_f32(NULL, 4), *longer = array_f32(NULL, 5);
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_event *done = (pje_event *)arg;
#define RUN_INTO(in, options, out) \
  pje_loaded_executable_run_into_async(shared_add1(), &in, 1, options, &out, 1, &done)
  expect_invalid(RUN_INTO(arg, NULL, longer), function, "output 0 is f32[5]");
  assert_null(done);
  expect_invalid(RUN_INTO(longer, NULL, output), function, "argument 0 is f32[5]");
  expect_invalid(RUN_INTO(arg, NULL, arg), function, "memory");
  FOR_WRONG_HANDLES(pje_array, h) expect_invalid(RUN_INTO(arg, NULL, h), function, "output 0");
  options.struct_size = 0;
  expect_invalid(RUN_INTO(arg, &options, output), function, "struct_size");
#undef RUN_INTO
  expect_invalid(pje_loaded_executable_run_into_async(shared_add1(), &arg, 1, NULL, NULL, 1, &done), function,
                 "outputs");
  expect_invalid(pje_loaded_executable_run_into_async(shared_add1(), &arg, 1, NULL, &output, 1, NULL),
                 function, "done");
  pje_array_release(longer);
  pje_array_release(output);
  pje_array_release(arg);
}
/* A thread of the library dispatches the run: the plugin's refusal is the event's. */
FAILS(pje_loaded_executable_run_into_async, refused_after_the_call) {
  pje_array *arg = array_f32(kRamp, 4), *output = array_f32(NULL, 4);
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_event *done = NULL;
  options.launch = PJE_LAUNCH_POOL;
  expect_ok(pje_loaded_executable_run_into_async(shared_add1(), &arg, 1, &options, &output, 1, &done));
  expect_error(pje_event_wait(done), PJE_INTERNAL, "PJRT_LoadedExecutable_Execute", "injected");
  pje_event_release(done);
  pje_array_release(output);
  pje_array_release(arg);
}

OK(pje_buffer_from_array_async, keeps_the_array) {
  struct calls released = {0};
  pje_array *array = wrapped(memcpy(aligned_memory, kRamp, 16), &released);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  pje_event *host_done = NULL;
  options.device = pje_client_device(shared_client(), 3);
  expect_ok(pje_buffer_from_array_async(shared_client(), array, &options, &buffer, &host_done));
  pje_array_release(array);
  int so_far = calls_so_far(&released);
  if (!pje_event_is_ready(host_done)) assert_int_equal(so_far, 0);
  wait_and_release(host_done);
  /* Whoever waits may go on before the last reference to the array is given back. */
  wait_for_calls(&released, 1);
  memset(aligned_memory, 0, sizeof aligned_memory);
  expect_f32(buffer, kRamp, 4);
  assert_ptr_equal(pje_buffer_device(buffer), options.device);
  pje_buffer_release(buffer);
}
OK(pje_buffer_from_array_async, event_not_wanted) {
  struct calls released = {0};
  pje_array *array = wrapped(memcpy(aligned_memory, kRamp, 16), &released);
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_array_async(shared_client(), array, NULL, &buffer, NULL));
  pje_array_release(array);
  wait_for_calls(&released, 1);
  expect_f32(buffer, kRamp, 4);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_from_array_async, wrong_array, pje_array, "array",
                     pje_buffer_from_array_async(shared_client(), h, NULL, &(pje_buffer *){NULL}, NULL))
FAILS(pje_buffer_from_array_async, options_that_belong_to_memory) {
  const char *function = "pje_buffer_from_array_async";
  pje_array *array = array_f32(NULL, 4);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = (pje_buffer *)array;
  pje_event *host_done = (pje_event *)array;
  options.semantics = PJE_HOST_IMMUTABLE_ZERO_COPY;
  expect_invalid(pje_buffer_from_array_async(shared_client(), array, &options, &buffer, &host_done), function,
                 "semantics");
  assert_null(buffer);
  assert_null(host_done);
  options.semantics = 0;
  options.release = count_call;
  expect_invalid(pje_buffer_from_array_async(shared_client(), array, &options, &buffer, NULL), function,
                 "release");
  expect_invalid(pje_buffer_from_array_async(shared_client(), array, NULL, NULL, NULL), function, "out");
  FOR_WRONG_HANDLES(pje_client, h)
  expect_invalid(pje_buffer_from_array_async(h, array, NULL, &buffer, NULL), function, "client");
  pje_array_release(array);
}
FAILS(pje_buffer_from_array_async, refused_by_the_plugin) {
  struct calls released = {0};
  pje_array *array = wrapped(memcpy(aligned_memory, kRamp, 16), &released);
  pje_buffer *buffer = (pje_buffer *)array;
  pje_event *host_done = (pje_event *)array;
  expect_error(pje_buffer_from_array_async(shared_client(), array, NULL, &buffer, &host_done), PJE_INTERNAL,
               "PJRT_Client_BufferFromHostBuffer", "injected");
  assert_null(buffer);
  assert_null(host_done);
  assert_int_equal(calls_so_far(&released), 0);
  pje_array_release(array);
  assert_int_equal(calls_so_far(&released), 1);
}

#define LATE "late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:lost on the way"
#define SLOW "delay=PJRT_LoadedExecutable_Execute:200ms;delay=PJRT_Client_BufferFromHostBuffer:100ms"

int main(void) {
  const struct CMUnitTest run_async[] = {
      cmocka_unit_test(pje_loaded_executable_run_async__ok_new_arrays),
      cmocka_unit_test(pje_loaded_executable_run_async__ok_donated_argument_is_not_changed),
      WITH_FAKE(SLOW, pje_loaded_executable_run_async__ok_keeps_what_it_uses),
      WITH_FAKE(SLOW, pje_loaded_executable_run_async__ok_given_up),
      cmocka_unit_test(pje_loaded_executable_run_async__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_run_async__fails_wrong_arguments),
      WITH_FAKE(
          "fail=PJRT_Client_BufferFromHostBuffer:1:INTERNAL;fail=PJRT_LoadedExecutable_Execute:1:INTERNAL;"
          "fail=PJRT_Buffer_ToHostBuffer:1:INTERNAL",
          pje_loaded_executable_run_async__fails_each_step_may_fail),
      WITH_FAKE(LATE, pje_loaded_executable_run_async__fails_late_error),
      WITH_FAKE("onready_fails=1", pje_loaded_executable_run_async__fails_plugin_takes_no_callbacks),
      cmocka_unit_test(pje_loaded_executable_run_into_async__ok_arrays_of_the_caller),
      WITH_FAKE(SLOW, pje_loaded_executable_run_into_async__ok_keeps_what_it_writes),
      cmocka_unit_test(pje_loaded_executable_run_into_async__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_run_into_async__fails_wrong_arrays),
      WITH_FAKE("fail=PJRT_LoadedExecutable_Execute:1:INTERNAL",
                pje_loaded_executable_run_into_async__fails_refused_after_the_call),
      WITH_FAKE(SLOW, pje_buffer_from_array_async__ok_keeps_the_array),
      cmocka_unit_test(pje_buffer_from_array_async__ok_event_not_wanted),
      cmocka_unit_test(pje_buffer_from_array_async__fails_wrong_array),
      cmocka_unit_test(pje_buffer_from_array_async__fails_options_that_belong_to_memory),
      WITH_FAKE("fail=PJRT_Client_BufferFromHostBuffer:1:INTERNAL",
                pje_buffer_from_array_async__fails_refused_by_the_plugin),
  };
  return RUN(run_async);
}
