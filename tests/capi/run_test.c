/* Donation, several devices, one named device, and the calls that take arrays of the host. */
#include "harness.h"

static const float kRamp[] = {0, 1, 2, 3}, kRampPlus1[] = {1, 2, 3, 4}, kSum[] = {0, 2, 4, 6};
static const char kExecute[] = "pje_loaded_executable_execute";

OK(pje_loaded_executable_execute, donated_argument_is_gone) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_buffer *inputs[2] = {upload_ramp(shared_client(), 4), upload_ramp(shared_client(), 4)}, *output = NULL,
             *never = NULL;
  pje_array *array = NULL;
  float got[4];
  expect_ok(pje_loaded_executable_execute(executable, inputs, 2, NULL, &output, 1));
  assert_true(pje_buffer_is_deleted(inputs[0]));
  assert_false(pje_buffer_is_deleted(inputs[1]));
  expect_f32(output, kSum, 4);
  expect_f32(inputs[1], kRamp, 4);
  /* Every use of it names the call that took it. */
  expect_error(pje_buffer_to_host(inputs[0], got, 16), PJE_FAILED_PRECONDITION, "pje_buffer_to_host",
               kExecute);
  expect_error(pje_buffer_to_array(inputs[0], &array), PJE_FAILED_PRECONDITION, "pje_buffer_to_array",
               kExecute);
  expect_invalid(pje_loaded_executable_execute(executable, inputs, 2, NULL, &never, 1), kExecute,
                 "donated to pje_loaded_executable_execute");
  assert_int_equal(pje_buffer_dtype(inputs[0]), PJE_F32);
  pje_buffers_release(inputs, 2);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute_async, donated_argument_is_gone) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_buffer *inputs[2] = {upload_ramp(shared_client(), 4), upload_ramp(shared_client(), 4)}, *output = NULL;
  float got[4];
  expect_ok(pje_loaded_executable_execute_async(executable, inputs, 2, NULL, &output, 1, NULL));
  expect_error(pje_buffer_to_host(inputs[0], got, 16), PJE_FAILED_PRECONDITION, "pje_buffer_to_host",
               "pje_loaded_executable_execute_async");
  pje_buffers_release(inputs, 2);
  expect_f32(output, kSum, 4);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute, not_donated_on_request) {
  static const int64_t kFirst[] = {0};
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_buffer *inputs[2] = {upload_ramp(shared_client(), 4), upload_ramp(shared_client(), 4)}, *output = NULL;
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.non_donatable = kFirst;
  options.num_non_donatable = 1;
  for (int i = 0; i < 2; ++i) {
    expect_ok(pje_loaded_executable_execute(executable, inputs, 2, &options, &output, 1));
    expect_f32(output, kSum, 4);
    pje_buffer_release(output);
  }
  expect_f32(inputs[0], kRamp, 4);
  pje_buffer *twice[2] = {inputs[0], inputs[0]};
  expect_ok(pje_loaded_executable_execute(executable, twice, 2, &options, &output, 1));
  pje_buffer_release(output);
  pje_buffers_release(inputs, 2);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_execute, same_buffer_donated_and_used_again) {
  const char *programs[] = {kDonates, kDonatesBoth};
  for (size_t i = 0; i < COUNT(programs); ++i) {
    pje_loaded_executable *executable = compile_text(shared_client(), programs[i]);
    pje_buffer *input = upload_ramp(shared_client(), 4), *output = NULL;
    pje_buffer *twice[2] = {input, input};
    expect_invalid(pje_loaded_executable_execute(executable, twice, 2, NULL, &output, 1), kExecute,
                   "same buffer");
    assert_null(output);
    assert_false(pje_buffer_is_deleted(input));
    expect_f32(input, kRamp, 4);
    pje_buffer_release(input);
    pje_loaded_executable_release(executable);
  }
}
FAILS(pje_loaded_executable_execute, refused_call_consumed_nothing) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_buffer *inputs[2] = {upload_ramp(shared_client(), 4), upload_ramp(shared_client(), 5)}, *output = NULL;
  expect_invalid(pje_loaded_executable_execute(executable, inputs, 2, NULL, &output, 1), kExecute,
                 "argument 1");
  expect_invalid(pje_loaded_executable_execute(executable, inputs, 1, NULL, &output, 1), kExecute,
                 "num_args");
  assert_false(pje_buffer_is_deleted(inputs[0]));
  expect_f32(inputs[0], kRamp, 4);
  pje_buffers_release(inputs, 2);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_execute, donated_is_gone_although_the_run_failed) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_buffer *inputs[2] = {upload_ramp(shared_client(), 4), upload_ramp(shared_client(), 4)}, *output = NULL;
  expect_error(pje_loaded_executable_execute(executable, inputs, 2, NULL, &output, 1), PJE_DATA_LOSS,
               "PJRT_LoadedExecutable_Execute", "lost");
  assert_true(pje_buffer_is_deleted(inputs[0]));
  assert_false(pje_buffer_is_deleted(inputs[1]));
  pje_buffers_release(inputs, 2);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute, donated_zero_copy_memory_is_released_once) {
  static float memory[64];
  float *aligned = (float *)(((uintptr_t)memory + 63) & ~(uintptr_t)63);
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  struct calls released = {0};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *inputs[2] = {NULL, upload_ramp(shared_client(), 4)}, *output = NULL;
  memcpy(aligned, kRamp, sizeof kRamp);
  options.semantics = PJE_HOST_MUTABLE_ZERO_COPY;
  options.release = count_call;
  options.release_data = &released;
  expect_ok(
      pje_buffer_from_host(shared_client(), aligned, 16, PJE_F32, (int64_t[]){4}, 1, &options, &inputs[0]));
  expect_ok(pje_loaded_executable_execute(executable, inputs, 2, NULL, &output, 1));
  pje_buffers_release(inputs, 2);
  /* The output may be that memory. */
  expect_f32(output, kSum, 4);
  pje_buffer_release(output);
  wait_for_calls(&released, 1);
  pje_loaded_executable_release(executable);
  assert_int_equal(calls_so_far(&released), 1);
}

/* Four devices. */
static pje_buffer *on_device(size_t device, const float *values, size_t count) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  options.device = pje_client_addressable_device(shared_client(), device);
  expect_ok(pje_buffer_from_host(shared_client(), values, count * 4, PJE_F32, (int64_t[]){(int64_t)count}, 1,
                                 &options, &buffer));
  return buffer;
}
static void upload_to_all(pje_buffer *args[4]) {
  for (size_t d = 0; d < 4; ++d) {
    float values[5];
    for (size_t i = 0; i < 5; ++i) values[i] = (float)(10 * d + i);
    args[d] = on_device(d, values, 5);
  }
}
static const float kReduced[] = {60, 64, 68, 72, 76};
static void expect_all_reduced(pje_buffer *outputs[8]) {
  for (uint32_t d = 0; d < 4; ++d) {
    uint32_t id = 99;
    expect_f32(outputs[2 * d], kReduced, 5);
    expect_ok(pje_buffer_to_host(outputs[2 * d + 1], &id, 4));
    assert_int_equal(id, d);
    assert_ptr_equal(pje_buffer_device(outputs[2 * d]), pje_client_addressable_device(shared_client(), d));
  }
}
OK(pje_loaded_executable_execute_sharded, all_reduce_over_four) {
  pje_loaded_executable *executable = compile_replicas(shared_client(), kAllReduce, 4);
  pje_buffer *args[4], *outputs[8] = {NULL};
  upload_to_all(args);
  expect_ok(pje_loaded_executable_execute_sharded(executable, 4, args, 1, NULL, outputs, 2));
  expect_all_reduced(outputs);
  pje_buffers_release(outputs, 8);
  pje_buffers_release(args, 4);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute_sharded_async, all_reduce_over_four) {
  pje_loaded_executable *executable = compile_replicas(shared_client(), kAllReduce, 4);
  pje_buffer *args[4], *outputs[8] = {NULL};
  pje_event *done[4] = {NULL};
  upload_to_all(args);
  expect_ok(pje_loaded_executable_execute_sharded_async(executable, 4, args, 1, NULL, outputs, 2, done));
  for (size_t d = 0; d < 4; ++d) {
    expect_ok(pje_event_wait(done[d]));
    pje_event_release(done[d]);
  }
  expect_all_reduced(outputs);
  pje_buffers_release(outputs, 8);
  expect_ok(pje_loaded_executable_execute_sharded_async(executable, 4, args, 1, NULL, outputs, 2, NULL));
  expect_all_reduced(outputs);
  pje_buffers_release(outputs, 8);
  pje_buffers_release(args, 4);
  pje_loaded_executable_release(executable);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_execute_sharded, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_execute_sharded(h, 0, NULL, 0, NULL, NULL, 0))
REFUSES_WRONG_HANDLE(pje_loaded_executable_execute_sharded_async, wrong_handle, pje_loaded_executable,
                     "executable",
                     pje_loaded_executable_execute_sharded_async(h, 0, NULL, 0, NULL, NULL, 0, NULL))
FAILS(pje_loaded_executable_execute_sharded, counts_and_arguments) {
  const char *function = "pje_loaded_executable_execute_sharded";
  pje_loaded_executable *executable = compile_replicas(shared_client(), kAllReduce, 4);
  pje_buffer *args[4], *outputs[8], *third;
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  upload_to_all(args);
  for (size_t i = 0; i < 8; ++i) outputs[i] = args[0];
#define RUN_SHARDED(devices, n, given, m) \
  pje_loaded_executable_execute_sharded(executable, devices, args, n, given, outputs, m)
  expect_invalid(RUN_SHARDED(3, 1, NULL, 2), function, "num_devices");
  expect_invalid(RUN_SHARDED(0, 1, NULL, 2), function, "num_devices");
  expect_invalid(RUN_SHARDED(SIZE_MAX, 2, NULL, 2), function, "");
  expect_invalid(RUN_SHARDED(4, 0, NULL, 2), function, "num_args");
  expect_invalid(RUN_SHARDED(4, 1, NULL, 1), function, "num_outputs");
  options.device = pje_client_addressable_device(shared_client(), 0);
  expect_invalid(RUN_SHARDED(4, 1, &options, 2), function, "device");
  third = args[2];
  args[2] = NULL;
  expect_invalid(RUN_SHARDED(4, 1, NULL, 2), function, "argument 0 of device 2");
  args[2] = upload_ramp(shared_client(), 4);
  expect_invalid(RUN_SHARDED(4, 1, NULL, 2), function, "argument 0 of device 2");
  pje_buffer_release(args[2]);
  args[2] = third;
#undef RUN_SHARDED
  for (size_t i = 0; i < 8; ++i) assert_null(outputs[i]);
  expect_invalid(pje_loaded_executable_execute_sharded(executable, 4, args, 1, NULL, args, 2), function, "");
  assert_ptr_equal(args[2], third);
  pje_buffers_release(args, 4);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_execute_sharded_async, late_error_in_every_output) {
  pje_loaded_executable *executable = compile_replicas(shared_client(), kAllReduce, 4);
  pje_buffer *args[4], *outputs[8] = {NULL};
  pje_event *done[4] = {NULL};
  float got[5];
  upload_to_all(args);
  expect_ok(pje_loaded_executable_execute_sharded_async(executable, 4, args, 1, NULL, outputs, 2, done));
  for (size_t d = 0; d < 4; ++d) {
    expect_error(pje_event_wait(done[d]), PJE_DATA_LOSS, "PJRT_LoadedExecutable_Execute", "lost");
    expect_error(pje_buffer_to_host(outputs[2 * d], got, 20), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer",
                 "lost");
    pje_event_release(done[d]);
  }
  pje_buffers_release(outputs, 8);
  expect_error(pje_loaded_executable_execute_sharded(executable, 4, args, 1, NULL, outputs, 2), PJE_DATA_LOSS,
               "PJRT_LoadedExecutable_Execute", "lost");
  for (size_t i = 0; i < 8; ++i) assert_null(outputs[i]);
  pje_buffers_release(args, 4);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute, on_the_device_of_the_options) {
  pje_program *program = program_from_text(kAdd1);
  pje_compile_options *options = NULL;
  pje_loaded_executable *executable = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_set_compile_portable_executable(options, true));
  expect_ok(pje_client_compile(shared_client(), program, options, &executable));
  for (size_t d = 0; d < 4; ++d) {
    pje_execute_options run = PJE_EXECUTE_OPTIONS_INIT;
    pje_buffer *input = on_device(d, kRamp, 4), *output = NULL;
    run.device = pje_client_addressable_device(shared_client(), d);
    expect_ok(pje_loaded_executable_execute(executable, &input, 1, &run, &output, 1));
    assert_ptr_equal(pje_buffer_device(output), run.device);
    expect_f32(output, kRampPlus1, 4);
    pje_buffer_release(input);
    pje_buffer_release(output);
  }
  pje_compile_options_release(options);
  pje_program_release(program);
  pje_loaded_executable_release(executable);
}

/* Host in, host out. */
OK(pje_loaded_executable_run, new_arrays) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd2);
  pje_array *args[2] = {array_f32(kRamp, 4), array_f32(kRamp, 4)}, *outputs[2] = {NULL, NULL};
  expect_ok(pje_loaded_executable_run(executable, args, 2, outputs, 2));
  assert_memory_equal(pje_array_data(outputs[0]), kSum, 16);
  assert_memory_equal(pje_array_data(args[0]), kRamp, 16);
  for (size_t i = 0; i < 2; ++i) {
    pje_array_release(args[i]);
    pje_array_release(outputs[i]);
  }
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_run, donated_argument_is_not_changed) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_array *args[2] = {array_f32(kRamp, 4), array_f32(kRamp, 4)}, *output = NULL;
  for (int i = 0; i < 2; ++i) {
    expect_ok(pje_loaded_executable_run(executable, args, 2, &output, 1));
    assert_memory_equal(pje_array_data(output), kSum, 16);
    assert_memory_equal(pje_array_data(args[0]), kRamp, 16);
    pje_array_release(output);
  }
  pje_array_release(args[0]);
  pje_array_release(args[1]);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_run, unaligned_memory_of_the_caller) {
  float values[5] = {9, 0, 1, 2, 3};
  pje_array *arg = NULL, *output = NULL;
  expect_ok(pje_array_wrap(values + 1, 16, PJE_F32, (int64_t[]){4}, 1, NULL, NULL, &arg));
  expect_ok(pje_loaded_executable_run(shared_add1(), &arg, 1, &output, 1));
  assert_memory_equal(pje_array_data(output), kRampPlus1, 16);
  pje_array_release(arg);
  pje_array_release(output);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_run, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_run(h, NULL, 0, NULL, 0))
FAILS(pje_loaded_executable_run, wrong_arguments) {
  const char *function = "pje_loaded_executable_run";
  pje_array *right = array_f32(kRamp, 4), *longer = array_f32(NULL, 5), *other = NULL, *output = right;
  expect_ok(pje_array_reinterpret(right, PJE_S32, &other));
#define RUN_ONE(arg) pje_loaded_executable_run(shared_add1(), &arg, 1, &output, 1)
  expect_invalid(RUN_ONE(longer), function, "f32[5]");
  assert_null(output);
  expect_invalid(RUN_ONE(other), function, "s32[4]");
  FOR_WRONG_HANDLES(pje_array, h) expect_invalid(RUN_ONE(h), function, "argument 0");
#undef RUN_ONE
  expect_invalid(pje_loaded_executable_run(shared_add1(), NULL, 1, &output, 1), function, "args");
  expect_invalid(pje_loaded_executable_run(shared_add1(), &right, 1, NULL, 1), function, "outputs");
  expect_invalid(pje_loaded_executable_run(shared_add1(), &right, 0, &output, 1), function, "num_args");
  expect_invalid(pje_loaded_executable_run(shared_add1(), &right, 1, &output, 0), function, "num_outputs");
  pje_array *same = right;
  expect_invalid(pje_loaded_executable_run(shared_add1(), &same, 1, &same, 1), function, "overlap");
  assert_ptr_equal(same, right);
  pje_array_release(other);
  pje_array_release(longer);
  pje_array_release(right);
}
FAILS(pje_loaded_executable_run, each_step_may_fail) {
  pje_array *arg = array_f32(kRamp, 4), *output = arg;
  static const char *const kFunctions[] = {"PJRT_Client_BufferFromHostBuffer",
                                           "PJRT_LoadedExecutable_Execute", "PJRT_Buffer_ToHostBuffer"};
  (void)shared_add1();
  for (size_t i = 0; i < COUNT(kFunctions); ++i) {
    expect_error(pje_loaded_executable_run(shared_add1(), &arg, 1, &output, 1), PJE_INTERNAL, kFunctions[i],
                 "injected");
    assert_null(output);
  }
  expect_ok(pje_loaded_executable_run(shared_add1(), &arg, 1, &output, 1));
  pje_array_release(output);
  pje_array_release(arg);
}
FAILS(pje_loaded_executable_run, late_error) {
  pje_array *arg = array_f32(kRamp, 4), *output = arg;
  expect_error(pje_loaded_executable_run(shared_add1(), &arg, 1, &output, 1), PJE_DATA_LOSS,
               "PJRT_LoadedExecutable_Execute", "lost");
  assert_null(output);
  pje_array_release(arg);
}

OK(pje_loaded_executable_run_into, arrays_of_the_caller) {
  pje_array *arg = array_f32(kRamp, 4), *output = array_f32(NULL, 4);
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  expect_ok(pje_loaded_executable_run_into(shared_add1(), &arg, 1, NULL, &output, 1));
  assert_memory_equal(pje_array_data(output), kRampPlus1, 16);
  memset(pje_array_data(output), 0, 16);
  expect_ok(pje_loaded_executable_run_into(shared_add1(), &arg, 1, &options, &output, 1));
  assert_memory_equal(pje_array_data(output), kRampPlus1, 16);
  pje_array_release(arg);
  pje_array_release(output);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_run_into, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_run_into(h, NULL, 0, NULL, NULL, 0))
FAILS(pje_loaded_executable_run_into, wrong_arrays) {
  const char *function = "pje_loaded_executable_run_into";
  pje_array *arg = array_f32(kRamp, 4), *output = array_f32(NULL, 4), *longer = array_f32(NULL, 5),
            *same = NULL;
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
#define RUN_INTO(in, options, out) pje_loaded_executable_run_into(shared_add1(), &in, 1, options, &out, 1)
  expect_invalid(RUN_INTO(arg, NULL, longer), function, "output 0 is f32[5]");
  expect_invalid(RUN_INTO(longer, NULL, output), function, "argument 0 is f32[5]");
  expect_invalid(RUN_INTO(arg, NULL, arg), function, "memory");
  expect_ok(pje_array_reinterpret(arg, PJE_F32, &same));
  expect_invalid(RUN_INTO(arg, NULL, same), function, "memory");
  FOR_WRONG_HANDLES(pje_array, h) expect_invalid(RUN_INTO(arg, NULL, h), function, "output 0");
  FOR_WRONG_HANDLES(pje_array, h) expect_invalid(RUN_INTO(h, NULL, output), function, "argument 0");
  options.struct_size = 0;
  expect_invalid(RUN_INTO(arg, &options, output), function, "struct_size");
#undef RUN_INTO
  expect_invalid(pje_loaded_executable_run_into(shared_add1(), &arg, 1, NULL, NULL, 1), function, "outputs");
  expect_invalid(pje_loaded_executable_run_into(shared_add1(), &arg, 1, NULL, &output, 0), function,
                 "num_outputs");
  assert_memory_equal(pje_array_data(arg), kRamp, 16);
  pje_array_release(same);
  pje_array_release(longer);
  pje_array_release(output);
  pje_array_release(arg);
}

#define LATE "late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:lost on the way"

int main(void) {
  const struct CMUnitTest run[] = {
      cmocka_unit_test(pje_loaded_executable_execute__ok_donated_argument_is_gone),
      cmocka_unit_test(pje_loaded_executable_execute_async__ok_donated_argument_is_gone),
      cmocka_unit_test(pje_loaded_executable_execute__ok_not_donated_on_request),
      cmocka_unit_test(pje_loaded_executable_execute__fails_same_buffer_donated_and_used_again),
      cmocka_unit_test(pje_loaded_executable_execute__fails_refused_call_consumed_nothing),
      WITH_FAKE(LATE, pje_loaded_executable_execute__fails_donated_is_gone_although_the_run_failed),
      cmocka_unit_test(pje_loaded_executable_execute__ok_donated_zero_copy_memory_is_released_once),
      cmocka_unit_test(pje_loaded_executable_execute_sharded__ok_all_reduce_over_four),
      cmocka_unit_test(pje_loaded_executable_execute_sharded_async__ok_all_reduce_over_four),
      cmocka_unit_test(pje_loaded_executable_execute_sharded__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_execute_sharded_async__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_execute_sharded__fails_counts_and_arguments),
      WITH_FAKE(LATE, pje_loaded_executable_execute_sharded_async__fails_late_error_in_every_output),
      cmocka_unit_test(pje_loaded_executable_execute__ok_on_the_device_of_the_options),
      cmocka_unit_test(pje_loaded_executable_run__ok_new_arrays),
      cmocka_unit_test(pje_loaded_executable_run__ok_donated_argument_is_not_changed),
      cmocka_unit_test(pje_loaded_executable_run__ok_unaligned_memory_of_the_caller),
      cmocka_unit_test(pje_loaded_executable_run__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_run__fails_wrong_arguments),
      WITH_FAKE(
          "fail=PJRT_Client_BufferFromHostBuffer:1:INTERNAL;fail=PJRT_LoadedExecutable_Execute:1:INTERNAL;"
          "fail=PJRT_Buffer_ToHostBuffer:1:INTERNAL",
          pje_loaded_executable_run__fails_each_step_may_fail),
      WITH_FAKE(LATE, pje_loaded_executable_run__fails_late_error),
      cmocka_unit_test(pje_loaded_executable_run_into__ok_arrays_of_the_caller),
      cmocka_unit_test(pje_loaded_executable_run_into__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_run_into__fails_wrong_arrays),
  };
  return RUN(run);
}
