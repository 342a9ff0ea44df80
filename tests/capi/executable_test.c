#include "harness.h"

static const float kRamp[] = {0, 1, 2, 3}, kRampPlus1[] = {1, 2, 3, 4}, kSum[] = {0, 2, 4, 6},
                   kProduct[] = {0, 1, 4, 9};

static pje_loaded_executable *make(void) { return compile_text(shared_client(), kAdd1); }
static bool is_alive(pje_loaded_executable *executable) {
  return pje_loaded_executable_num_outputs(executable) == 1;
}
RETAIN_RELEASE_TESTS(pje_loaded_executable, make(), is_alive)

OK(pje_client_compile, with_options_for_four_replicas) {
  pje_loaded_executable *executable = compile_replicas(shared_client(), kAllReduce, 4);
  assert_int_equal(pje_loaded_executable_num_replicas(executable), 4);
  assert_int_equal(pje_loaded_executable_num_addressable_devices(executable), 4);
  pje_loaded_executable_release(executable);
}
REFUSES_WRONG_HANDLE(pje_client_compile, wrong_client, pje_client, "client",
                     pje_client_compile(h, NULL, NULL, &(pje_loaded_executable *){NULL}))
REFUSES_WRONG_HANDLE(pje_client_compile, wrong_program, pje_program, "program",
                     pje_client_compile(shared_client(), h, NULL, &(pje_loaded_executable *){NULL}))
FAILS(pje_client_compile, wrong_options) {
  pje_program *program = program_from_text(kAdd1);
  pje_loaded_executable *executable = (pje_loaded_executable *)program;
  FOR_WRONG_HANDLES(pje_compile_options, h) {
    if (h == NULL) continue;
    expect_invalid(pje_client_compile(shared_client(), program, h, &executable), "pje_client_compile",
                   "options");
    assert_null(executable);
  }
  expect_invalid(pje_client_compile(shared_client(), program, NULL, NULL), "pje_client_compile", "out");
  pje_program_release(program);
}
FAILS(pje_client_compile, bad_programs) {
  static const char *const kBad[] = {
      "module @x { func.func @main( }", "module @x { func.func public @other() { return } }", "hello",
      ("module @x {\n  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
       "    %0 = nosuch.op %arg0 : tensor<4xf32>\n    return %0 : tensor<4xf32>\n  }\n}\n")};
  for (size_t i = 0; i < COUNT(kBad); ++i) {
    pje_program *program = program_from_text(kBad[i]);
    pje_loaded_executable *executable = (pje_loaded_executable *)program;
    pje_error *error = pje_client_compile(shared_client(), program, NULL, &executable);
    pje_code code = pje_error_code(error);
    if (code != PJE_UNKNOWN && code != PJE_INVALID_ARGUMENT)
      fail_msg("%s: %s", kBad[i], pje_error_message(error));
    expect_error(error, code, "PJRT_Client_Compile", "");
    assert_null(executable);
    pje_program_release(program);
  }
}
FAILS(pje_client_compile, more_replicas_than_devices) {
  pje_program *program = program_from_text(kAdd1);
  pje_compile_options *options = NULL;
  pje_loaded_executable *executable = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_set_num_replicas(options, 99));
  expect_invalid(pje_client_compile(shared_client(), program, options, &executable), "PJRT_Client_Compile",
                 "");
  assert_null(executable);
  pje_compile_options_release(options);
  pje_program_release(program);
}
FAILS(pje_client_compile, what_comes_after_it_fails) {
  /* The executable that the plugin made must be destroyed: the fake plugin reports what is left. */
  pje_client *client = open_fake(NULL);
  pje_program *program = program_from_text(kAdd1);
  pje_loaded_executable *executable = NULL;
  expect_error(pje_client_compile(client, program, NULL, &executable), PJE_INTERNAL,
               "PJRT_Executable_NumOutputs", "injected");
  assert_null(executable);
  pje_program_release(program);
  pje_client_release(client);
}

#define ACCESSOR(function, check, wrong)        \
  OK(function, of_add1) {                       \
    pje_loaded_executable *executable = make(); \
    assert_true(check);                         \
    pje_loaded_executable_release(executable);  \
  }                                             \
  ANSWERS_WRONG_HANDLE(function, pje_loaded_executable, wrong)
ACCESSOR(pje_loaded_executable_client, pje_loaded_executable_client(executable) == shared_client(),
         assert_null(pje_loaded_executable_client(h)))
ACCESSOR(pje_loaded_executable_name, strcmp(pje_loaded_executable_name(executable), "add1") == 0,
         assert_string_equal(pje_loaded_executable_name(h), ""))
ACCESSOR(pje_loaded_executable_num_replicas, pje_loaded_executable_num_replicas(executable) == 1,
         assert_int_equal(pje_loaded_executable_num_replicas(h), 0))
ACCESSOR(pje_loaded_executable_num_partitions, pje_loaded_executable_num_partitions(executable) == 1,
         assert_int_equal(pje_loaded_executable_num_partitions(h), 0))
ACCESSOR(pje_loaded_executable_num_addressable_devices,
         pje_loaded_executable_num_addressable_devices(executable) == 1,
         assert_int_equal(pje_loaded_executable_num_addressable_devices(h), 0))
ACCESSOR(pje_loaded_executable_addressable_device,
         pje_loaded_executable_addressable_device(executable, 0) ==
                 pje_client_addressable_device(shared_client(), 0) &&
             pje_loaded_executable_addressable_device(executable, 1) == NULL,
         assert_null(pje_loaded_executable_addressable_device(h, 0)))
ACCESSOR(pje_loaded_executable_num_args, pje_loaded_executable_num_args(executable) == 1,
         (void)pje_loaded_executable_num_args(h))
ACCESSOR(pje_loaded_executable_num_outputs, pje_loaded_executable_num_outputs(executable) == 1,
         assert_int_equal(pje_loaded_executable_num_outputs(h), 0))
ACCESSOR(pje_loaded_executable_arg_is_donated, !pje_loaded_executable_arg_is_donated(executable, 0),
         assert_false(pje_loaded_executable_arg_is_donated(h, 0)))

OK(pje_loaded_executable_num_args, unknown_when_the_plugin_does_not_tell) {
  pje_loaded_executable *executable = make();
  pje_dtype dtype = PJE_F64;
  assert_true(pje_loaded_executable_num_args(executable) == SIZE_MAX);
  assert_false(pje_loaded_executable_arg_type(executable, 0, &dtype, NULL, NULL));
  assert_int_equal(dtype, PJE_F64);
  pje_buffer *input = upload_ramp(shared_client(), 4), *output = NULL;
  expect_ok(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1));
  expect_f32(output, kRampPlus1, 4);
  pje_buffer_release(input);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_arg_is_donated, the_aliased_one) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  assert_true(pje_loaded_executable_arg_is_donated(executable, 0));
  assert_false(pje_loaded_executable_arg_is_donated(executable, 1));
  assert_false(pje_loaded_executable_arg_is_donated(executable, 2));
  pje_loaded_executable_release(executable);
}

/* Both kinds of signature, alike. */
#define TYPE_TESTS(function, last, last_rank)                                                       \
  OK(function, dtype_and_dims) {                                                                    \
    pje_loaded_executable *executable = compile_replicas(shared_client(), kAllReduce, 4);           \
    pje_dtype dtype = PJE_DTYPE_INVALID;                                                            \
    const int64_t *dims = NULL;                                                                     \
    size_t rank = 99;                                                                               \
    assert_true(function(executable, 0, &dtype, &dims, &rank));                                     \
    assert_int_equal(dtype, PJE_F32);                                                               \
    assert_int_equal(rank, 1);                                                                      \
    assert_int_equal(dims[0], 5);                                                                   \
    assert_true(function(executable, last, &dtype, NULL, &rank));                                   \
    assert_int_equal(rank, last_rank);                                                              \
    assert_true(function(executable, 0, NULL, NULL, NULL));                                         \
    pje_loaded_executable_release(executable);                                                      \
    assert_int_equal(dims[0], 5);                                                                   \
  }                                                                                                 \
  FAILS(function, no_such_index_leaves_outputs) {                                                   \
    pje_loaded_executable *executable = make();                                                     \
    pje_dtype dtype = PJE_F64;                                                                      \
    const int64_t *dims = (const int64_t *)&dtype;                                                  \
    size_t rank = 99;                                                                               \
    assert_false(function(executable, 1, &dtype, &dims, &rank));                                    \
    assert_false(function(executable, SIZE_MAX, &dtype, &dims, &rank));                             \
    FOR_WRONG_HANDLES(pje_loaded_executable, h) assert_false(function(h, 0, &dtype, &dims, &rank)); \
    assert_int_equal(dtype, PJE_F64);                                                               \
    assert_ptr_equal(dims, &dtype);                                                                 \
    assert_int_equal(rank, 99);                                                                     \
    pje_loaded_executable_release(executable);                                                      \
  }
TYPE_TESTS(pje_loaded_executable_arg_type, 0, 1)
TYPE_TESTS(pje_loaded_executable_output_type, 1, 0)

OK(pje_loaded_executable_execute, two_in_two_out) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd2);
  pje_buffer *inputs[2] = {upload_ramp(shared_client(), 4), upload_ramp(shared_client(), 4)};
  pje_buffer *outputs[2] = {NULL, NULL};
  expect_ok(pje_loaded_executable_execute(executable, inputs, 2, NULL, outputs, 2));
  expect_f32(outputs[0], kSum, 4);
  expect_f32(outputs[1], kProduct, 4);
  /* The same buffer twice is fine when none is taken over. */
  pje_buffer *twice[2] = {inputs[0], inputs[0]};
  pje_buffers_release(outputs, 2);
  expect_ok(pje_loaded_executable_execute(executable, twice, 2, NULL, outputs, 2));
  expect_f32(outputs[0], kSum, 4);
  pje_buffers_release(outputs, 2);
  pje_buffers_release(inputs, 2);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute, no_arguments) {
  pje_loaded_executable *executable = compile_text(shared_client(), kNothing);
  pje_buffer *output = NULL;
  int32_t got[4] = {0};
  expect_ok(pje_loaded_executable_execute(executable, NULL, 0, NULL, &output, 1));
  expect_ok(pje_buffer_to_host(output, got, sizeof got));
  assert_int_equal(got[3], 7);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute, completed_inside_the_call) {
  pje_loaded_executable *executable = make();
  pje_buffer *input = upload_ramp(shared_client(), 4), *output = NULL;
  expect_ok(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1));
  expect_f32(output, kRampPlus1, 4);
  pje_event *done = NULL;
  pje_buffer_release(output);
  expect_ok(pje_loaded_executable_execute_async(executable, &input, 1, NULL, &output, 1, &done));
  struct calls ran = {0};
  expect_ok(pje_event_on_ready(done, count_call, &ran));
  assert_int_equal(calls_so_far(&ran), 1);
  pje_event_release(done);
  pje_buffer_release(input);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}

/* Runs add1 and demands a refusal that names the function and touches nothing. */
static void expect_refused(pje_buffer *const *args, size_t num_args, const pje_execute_options *options,
                           size_t num_outputs, pje_code code, const char *part) {
  pje_buffer *outputs[2] = {(pje_buffer *)outputs, (pje_buffer *)outputs};
  pje_event *done = (pje_event *)outputs;
  expect_error(pje_loaded_executable_execute(shared_add1(), args, num_args, options, outputs, num_outputs),
               code, "pje_loaded_executable_execute", part);
  for (size_t i = 0; i < num_outputs; ++i) assert_null(outputs[i]);
  expect_error(pje_loaded_executable_execute_async(shared_add1(), args, num_args, options, outputs,
                                                   num_outputs, &done),
               code, "pje_loaded_executable_execute_async", part);
  assert_null(done);
}
FAILS(pje_loaded_executable_execute, counts) {
  pje_buffer *args[2] = {upload_ramp(shared_client(), 4), NULL};
  expect_refused(args, 0, NULL, 1, PJE_INVALID_ARGUMENT, "num_args");
  expect_refused(args, 2, NULL, 1, PJE_INVALID_ARGUMENT, "num_args");
  expect_refused(args, 1, NULL, 0, PJE_INVALID_ARGUMENT, "num_outputs");
  expect_refused(args, 1, NULL, 2, PJE_INVALID_ARGUMENT, "num_outputs");
  expect_refused(NULL, 1, NULL, 1, PJE_INVALID_ARGUMENT, "args");
  expect_invalid(pje_loaded_executable_execute(shared_add1(), args, 1, NULL, NULL, 1),
                 "pje_loaded_executable_execute", "outputs");
  pje_buffer_release(args[0]);
}
FAILS(pje_loaded_executable_execute, wrong_dtype_of_the_right_size) {
  int32_t values[4] = {0};
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_host(shared_client(), values, 16, PJE_S32, (int64_t[]){4}, 1, NULL, &buffer));
  expect_refused(&buffer, 1, NULL, 1, PJE_INVALID_ARGUMENT, "argument 0 is s32[4]");
  expect_refused(&buffer, 1, NULL, 1, PJE_INVALID_ARGUMENT, "expects f32[4]");
  pje_buffer_release(buffer);
}
FAILS(pje_loaded_executable_execute, wrong_dims_of_the_right_size) {
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_host(shared_client(), kRamp, 16, PJE_F32, (int64_t[]){2, 2}, 2, NULL, &buffer));
  expect_refused(&buffer, 1, NULL, 1, PJE_INVALID_ARGUMENT, "f32[2,2]");
  pje_buffer_release(buffer);
  buffer = upload_ramp(shared_client(), 5);
  expect_refused(&buffer, 1, NULL, 1, PJE_INVALID_ARGUMENT, "f32[5]");
  pje_buffer_release(buffer);
}
FAILS(pje_loaded_executable_execute, wrong_argument_handles) {
  FOR_WRONG_HANDLES(pje_buffer, h) expect_refused(&h, 1, NULL, 1, PJE_INVALID_ARGUMENT, "argument 0");
}
FAILS(pje_loaded_executable_execute, buffer_of_another_client) {
  pje_client *other = open_fake(NULL);
  pje_buffer *buffer = upload_ramp(other, 4);
  expect_refused(&buffer, 1, NULL, 1, PJE_INVALID_ARGUMENT, "another client");
  expect_f32(buffer, kRamp, 4);
  pje_buffer_release(buffer);
  pje_client_release(other);
}
FAILS(pje_loaded_executable_execute, deleted_argument) {
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  expect_ok(pje_buffer_delete(buffer));
  expect_refused(&buffer, 1, NULL, 1, PJE_INVALID_ARGUMENT, "pje_buffer_delete");
  pje_buffer_release(buffer);
}
FAILS(pje_loaded_executable_execute, lists_overlap) {
  pje_buffer *list[3] = {upload_ramp(shared_client(), 4), NULL, NULL}, *first = list[0];
  expect_invalid(pje_loaded_executable_execute(shared_add1(), list, 1, NULL, list, 1),
                 "pje_loaded_executable_execute", "overlap");
  assert_ptr_equal(list[0], first);
  pje_event *done = (pje_event *)first;
  expect_invalid(pje_loaded_executable_execute_async(shared_add1(), list, 1, NULL, list, 1, &done),
                 "pje_loaded_executable_execute_async", "overlap");
  assert_ptr_equal(list[0], first);
  pje_loaded_executable *two = compile_text(shared_client(), kAdd2);
  pje_buffer *shifted[3] = {first, first, (pje_buffer *)&done};
  expect_invalid(pje_loaded_executable_execute(two, shifted, 2, NULL, shifted + 1, 2),
                 "pje_loaded_executable_execute", "overlap");
  assert_ptr_equal(shifted[1], first);
  assert_ptr_equal(shifted[2], &done);
  pje_loaded_executable_release(two);
  pje_buffer_release(first);
}
FAILS(pje_loaded_executable_execute, options) {
  static const int64_t kOutside[] = {1}, kNegative[] = {-1};
  struct {
    pje_execute_options known;
    uint64_t newer;
  } options = {PJE_EXECUTE_OPTIONS_INIT, 1};
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  options.known.struct_size = sizeof options;
  expect_refused(&buffer, 1, &options.known, 1, PJE_UNIMPLEMENTED, "pje_execute_options");
  options.known.struct_size = 0;
  expect_refused(&buffer, 1, &options.known, 1, PJE_INVALID_ARGUMENT, "struct_size");
  options.known.struct_size = sizeof options.known;
  options.known.flags = 1u << 20;
  expect_refused(&buffer, 1, &options.known, 1, PJE_UNIMPLEMENTED, "flags");
  options.known.flags = 0;
  options.known.non_donatable = kOutside;
  options.known.num_non_donatable = 1;
  expect_refused(&buffer, 1, &options.known, 1, PJE_INVALID_ARGUMENT, "non_donatable");
  options.known.non_donatable = kNegative;
  expect_refused(&buffer, 1, &options.known, 1, PJE_INVALID_ARGUMENT, "-1");
  options.known.non_donatable = NULL;
  expect_refused(&buffer, 1, &options.known, 1, PJE_INVALID_ARGUMENT, "non_donatable");
  options.known.num_non_donatable = 0;
  options.known.device = (pje_device *)buffer;
  expect_refused(&buffer, 1, &options.known, 1, PJE_INVALID_ARGUMENT, "device");
  pje_client *other = open_fake(NULL);
  options.known.device = pje_client_device(other, 0);
  expect_refused(&buffer, 1, &options.known, 1, PJE_INVALID_ARGUMENT, "another client");
  pje_client_release(other);
  options.known.device = NULL;
  pje_buffer *output = NULL;
  options.known.call_location = "here";
  options.known.launch_id = 7;
  expect_ok(pje_loaded_executable_execute(shared_add1(), &buffer, 1, &options.known, &output, 1));
  pje_buffer_release(output);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_execute, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_execute(h, NULL, 0, NULL, NULL, 0))
REFUSES_WRONG_HANDLE(pje_loaded_executable_execute_async, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_execute_async(h, NULL, 0, NULL, NULL, 0, NULL))
FAILS(pje_loaded_executable_execute, program_over_several_devices) {
  pje_loaded_executable *executable = compile_replicas(shared_client(), kAllReduce, 4);
  pje_buffer *input = upload_ramp(shared_client(), 5), *outputs[2] = {NULL, NULL};
  expect_invalid(pje_loaded_executable_execute(executable, &input, 1, NULL, outputs, 2),
                 "pje_loaded_executable_execute", "execute_sharded");
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_execute, the_plugin_refuses) {
  pje_loaded_executable *executable = make();
  pje_buffer *input = upload_ramp(shared_client(), 4), *output = (pje_buffer *)executable;
  expect_error(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1), PJE_RESOURCE_EXHAUSTED,
               "PJRT_LoadedExecutable_Execute", "no room");
  assert_null(output);
  expect_ok(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1));
  pje_buffer_release(input);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_execute, late_error_comes_out) {
  pje_loaded_executable *executable = make();
  pje_buffer *input = upload_ramp(shared_client(), 4), *output = (pje_buffer *)executable;
  expect_error(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1), PJE_DATA_LOSS,
               "PJRT_LoadedExecutable_Execute", "lost on the way");
  assert_null(output);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_execute_async, late_error_is_in_event_and_outputs) {
  pje_loaded_executable *executable = make();
  pje_buffer *input = upload_ramp(shared_client(), 4), *output = NULL, *next = NULL;
  pje_event *done = NULL, *ready = NULL;
  float got[4];
  expect_ok(pje_loaded_executable_execute_async(executable, &input, 1, NULL, &output, 1, &done));
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_LoadedExecutable_Execute", "lost on the way");
  expect_ok(pje_buffer_ready(output, &ready));
  expect_error(pje_event_wait(ready), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "lost on the way");
  expect_error(pje_buffer_to_host(output, got, 16), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer",
               "lost on the way");
  expect_error(pje_loaded_executable_execute(executable, &output, 1, NULL, &next, 1), PJE_DATA_LOSS,
               "PJRT_LoadedExecutable_Execute", "lost on the way");
  pje_event_release(ready);
  pje_event_release(done);
  pje_buffer_release(output);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
}

OK(pje_loaded_executable_execute_async, pending_outputs_are_arguments) {
  pje_loaded_executable *executable = make();
  pje_buffer *chain[9] = {upload_ramp(shared_client(), 4)};
  static const float expected[] = {8, 9, 10, 11};
  for (size_t i = 0; i < 8; ++i)
    expect_ok(pje_loaded_executable_execute_async(executable, &chain[i], 1, NULL, &chain[i + 1], 1, NULL));
  expect_f32(chain[8], expected, 4);
  pje_buffers_release(chain, 9);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute_async, does_not_wait) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *input = upload_ramp(client, 4), *output = NULL;
  pje_event *done = NULL;
  int64_t start = now_ms();
  expect_ok(pje_loaded_executable_execute_async(executable, &input, 1, NULL, &output, 1, &done));
  assert_false(pje_event_is_ready(done));
  /* Everything may be released while it runs. */
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  expect_f32(output, kRampPlus1, 4);
  expect_ok(pje_event_wait(done));
  assert_true(now_ms() - start >= 1500);
  pje_buffer_release(output);
  pje_event_release(done);
}

static pje_buffer *input_of_callback;
static void execute_inside(void) {
  pje_buffer *output = NULL;
  pje_event *done = NULL;
  pje_loaded_executable *executable = shared_add1();
  const pje_code code = PJE_FAILED_PRECONDITION;
  expect_error(pje_loaded_executable_execute(executable, &input_of_callback, 1, NULL, &output, 1), code,
               "pje_loaded_executable_execute", "callback");
  expect_error(
      pje_loaded_executable_execute_async(executable, &input_of_callback, 1, NULL, &output, 1, &done), code,
      "pje_loaded_executable_execute_async", "callback");
  expect_error(pje_loaded_executable_run(executable, NULL, 0, NULL, 0), code, "pje_loaded_executable_run",
               "callback");
  expect_error(pje_client_compile(shared_client(), NULL, NULL, &executable), code, "pje_client_compile",
               "callback");
  assert_int_equal(pje_loaded_executable_num_args(shared_add1()), 1);
}
FAILS(pje_loaded_executable_execute, inside_a_callback) {
  (void)shared_add1();
  input_of_callback = upload_ramp(shared_client(), 4);
  run_in_callback(execute_inside);
  pje_buffer_release(input_of_callback);
}

#define ACCESSOR_LIST(function) \
  cmocka_unit_test(function##__ok_of_add1), cmocka_unit_test(function##__fails_wrong_handle)
#define LATE "late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:lost on the way"

int main(void) {
  const struct CMUnitTest executable[] = {
      RETAIN_RELEASE_LIST(pje_loaded_executable),
      cmocka_unit_test(pje_client_compile__ok_with_options_for_four_replicas),
      cmocka_unit_test(pje_client_compile__fails_wrong_client),
      cmocka_unit_test(pje_client_compile__fails_wrong_program),
      cmocka_unit_test(pje_client_compile__fails_wrong_options),
      cmocka_unit_test(pje_client_compile__fails_bad_programs),
      cmocka_unit_test(pje_client_compile__fails_more_replicas_than_devices),
      WITH_FAKE("fail=PJRT_Executable_NumOutputs:1:INTERNAL;leaks=abort",
                pje_client_compile__fails_what_comes_after_it_fails),
      ACCESSOR_LIST(pje_loaded_executable_client),
      ACCESSOR_LIST(pje_loaded_executable_name),
      ACCESSOR_LIST(pje_loaded_executable_num_replicas),
      ACCESSOR_LIST(pje_loaded_executable_num_partitions),
      ACCESSOR_LIST(pje_loaded_executable_num_addressable_devices),
      ACCESSOR_LIST(pje_loaded_executable_addressable_device),
      ACCESSOR_LIST(pje_loaded_executable_num_args),
      ACCESSOR_LIST(pje_loaded_executable_num_outputs),
      ACCESSOR_LIST(pje_loaded_executable_arg_is_donated),
      WITH_FAKE("optimized_program=unimplemented",
                pje_loaded_executable_num_args__ok_unknown_when_the_plugin_does_not_tell),
      cmocka_unit_test(pje_loaded_executable_arg_is_donated__ok_the_aliased_one),
      cmocka_unit_test(pje_loaded_executable_arg_type__ok_dtype_and_dims),
      cmocka_unit_test(pje_loaded_executable_arg_type__fails_no_such_index_leaves_outputs),
      cmocka_unit_test(pje_loaded_executable_output_type__ok_dtype_and_dims),
      cmocka_unit_test(pje_loaded_executable_output_type__fails_no_such_index_leaves_outputs),
      cmocka_unit_test(pje_loaded_executable_execute__ok_two_in_two_out),
      cmocka_unit_test(pje_loaded_executable_execute__ok_no_arguments),
      WITH_FAKE("complete=inside", pje_loaded_executable_execute__ok_completed_inside_the_call),
      cmocka_unit_test(pje_loaded_executable_execute__fails_counts),
      cmocka_unit_test(pje_loaded_executable_execute__fails_wrong_dtype_of_the_right_size),
      cmocka_unit_test(pje_loaded_executable_execute__fails_wrong_dims_of_the_right_size),
      cmocka_unit_test(pje_loaded_executable_execute__fails_wrong_argument_handles),
      cmocka_unit_test(pje_loaded_executable_execute__fails_buffer_of_another_client),
      cmocka_unit_test(pje_loaded_executable_execute__fails_deleted_argument),
      cmocka_unit_test(pje_loaded_executable_execute__fails_lists_overlap),
      cmocka_unit_test(pje_loaded_executable_execute__fails_options),
      cmocka_unit_test(pje_loaded_executable_execute__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_execute_async__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_execute__fails_program_over_several_devices),
      WITH_FAKE("fail=PJRT_LoadedExecutable_Execute:1:RESOURCE_EXHAUSTED:no room",
                pje_loaded_executable_execute__fails_the_plugin_refuses),
      WITH_FAKE(LATE, pje_loaded_executable_execute__fails_late_error_comes_out),
      WITH_FAKE(LATE, pje_loaded_executable_execute_async__fails_late_error_is_in_event_and_outputs),
      cmocka_unit_test(pje_loaded_executable_execute_async__ok_pending_outputs_are_arguments),
      WITH_FAKE("delay=PJRT_LoadedExecutable_Execute:1500ms",
                pje_loaded_executable_execute_async__ok_does_not_wait),
      WITH_FAKE("complete=inside", pje_loaded_executable_execute__fails_inside_a_callback),
  };
  return RUN(executable);
}
