/* Prepared calls: slots, repeated runs, donation, errors. */
#include "harness.h"

static const float kRampPlus1[] = {1, 2, 3, 4};
static const float kRampPlus2[] = {2, 3, 4, 5};
static const float kFours[] = {4, 4, 4, 4};

static pje_prepared_call *prepare_text(const char *text) {
  pje_loaded_executable *executable = compile_text(shared_client(), text);
  pje_prepared_call *call = NULL;
  expect_ok(pje_prepared_call_create(executable, NULL, &call));
  pje_loaded_executable_release(executable);
  return call;
}
static pje_prepared_call *prepare_add1(void) {
  pje_prepared_call *call = NULL;
  expect_ok(pje_prepared_call_create(shared_add1(), NULL, &call));
  return call;
}
static void set_ramp(pje_prepared_call *call, size_t index) {
  pje_buffer *input = upload_ramp(shared_client(), 4);
  expect_ok(pje_prepared_call_set_arg(call, index, input));
  pje_buffer_release(input);
}
static bool is_alive(pje_prepared_call *call) { return pje_prepared_call_num_args(call) == 1; }
RETAIN_RELEASE_TESTS(pje_prepared_call, prepare_add1(), is_alive)

OK(pje_prepared_call_create, keeps_the_executable_and_copies_options) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  int64_t first = 0;
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.non_donatable = &first;
  options.num_non_donatable = 1;
  pje_prepared_call *call = NULL;
  expect_ok(pje_prepared_call_create(executable, &options, &call));
  first = 77;
  pje_loaded_executable_release(executable);
  set_ramp(call, 0);
  set_ramp(call, 1);
  for (int i = 0; i < 3; ++i) expect_ok(pje_prepared_call_run(call));
  assert_false(pje_buffer_is_deleted(pje_prepared_call_arg(call, 0)));
  pje_prepared_call_release(call);
}
REFUSES_WRONG_HANDLE(pje_prepared_call_create, wrong_executable, pje_loaded_executable, "executable",
                     pje_prepared_call_create(h, NULL, &(pje_prepared_call *){NULL}))
FAILS(pje_prepared_call_create, options_and_several_devices) {
  pje_prepared_call *call = (pje_prepared_call *)1;
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.flags = UINT64_C(1) << 63;
  expect_error(pje_prepared_call_create(shared_add1(), &options, &call), PJE_UNIMPLEMENTED,
               "pje_prepared_call_create", "flags");
  assert_null(call);
  options.flags = 0;
  options.launch = PJE_LAUNCH_POOL;
  expect_error(pje_prepared_call_create(shared_add1(), &options, &call), PJE_UNIMPLEMENTED,
               "pje_prepared_call_create", "a prepared call takes");
  expect_invalid(pje_prepared_call_create(shared_add1(), NULL, NULL), "pje_prepared_call_create", "\"out\"");
  pje_client *client = open_fake("devices=4");
  pje_loaded_executable *replicas = compile_replicas(client, kAllReduce, 4);
  expect_invalid(pje_prepared_call_create(replicas, NULL, &call), "pje_prepared_call_create", "devices");
  pje_loaded_executable_release(replicas);
  pje_client_release(client);
}

OK(pje_prepared_call_executable, the_one_it_was_made_of) {
  pje_prepared_call *call = prepare_add1();
  assert_ptr_equal(pje_prepared_call_executable(call), shared_add1());
  pje_prepared_call_release(call);
}
ANSWERS_WRONG_HANDLE(pje_prepared_call_executable, pje_prepared_call,
                     assert_null(pje_prepared_call_executable(h)))
OK(pje_prepared_call_num_args, of_add1) {
  pje_prepared_call *call = prepare_add1();
  assert_int_equal(pje_prepared_call_num_args(call), 1);
  pje_prepared_call_release(call);
}
OK(pje_prepared_call_num_args, grows_when_the_plugin_does_not_tell) {
  pje_prepared_call *call = prepare_add1();
  assert_int_equal(pje_prepared_call_num_args(call), 0);
  set_ramp(call, 0);
  assert_int_equal(pje_prepared_call_num_args(call), 1);
  expect_ok(pje_prepared_call_run(call));
  expect_f32(pje_prepared_call_output(call, 0), kRampPlus1, 4);
  pje_prepared_call_release(call);
}
ANSWERS_WRONG_HANDLE(pje_prepared_call_num_args, pje_prepared_call,
                     assert_int_equal(pje_prepared_call_num_args(h), 0))
OK(pje_prepared_call_num_outputs, of_add1) {
  pje_prepared_call *call = prepare_add1();
  assert_int_equal(pje_prepared_call_num_outputs(call), 1);
  pje_prepared_call_release(call);
}
ANSWERS_WRONG_HANDLE(pje_prepared_call_num_outputs, pje_prepared_call,
                     assert_int_equal(pje_prepared_call_num_outputs(h), 0))

OK(pje_prepared_call_set_arg, keeps_the_buffer_until_it_is_replaced) {
  pje_prepared_call *call = prepare_add1();
  pje_buffer *input = upload_ramp(shared_client(), 4);
  expect_ok(pje_prepared_call_set_arg(call, 0, input));
  pje_buffer_release(input);
  assert_int_equal(pje_buffer_rank(input), 1);
  expect_ok(pje_prepared_call_set_arg(call, 0, NULL));
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_buffer_rank(input), 0);
  assert_int_equal(pje_misuse_count() - before, 1);
  pje_prepared_call_release(call);
}
OK(pje_prepared_call_set_arg, an_output_is_fed_back) {
  pje_prepared_call *call = prepare_add1();
  set_ramp(call, 0);
  expect_ok(pje_prepared_call_run(call));
  expect_ok(pje_prepared_call_set_arg(call, 0, pje_prepared_call_output(call, 0)));
  expect_ok(pje_prepared_call_run(call));
  expect_f32(pje_prepared_call_arg(call, 0), kRampPlus1, 4);
  expect_f32(pje_prepared_call_output(call, 0), kRampPlus2, 4);
  pje_prepared_call_release(call);
}
REFUSES_WRONG_HANDLE(pje_prepared_call_set_arg, wrong_handle, pje_prepared_call, "call",
                     pje_prepared_call_set_arg(h, 0, NULL))
FAILS(pje_prepared_call_set_arg, wrong_slot_or_buffer) {
  pje_prepared_call *call = prepare_add1();
  pje_buffer *input = upload_ramp(shared_client(), 4);
  pje_buffer *longer = upload_ramp(shared_client(), 5);
  expect_invalid(pje_prepared_call_set_arg(call, 1, input), "pje_prepared_call_set_arg", "\"index\" is 1");
  expect_invalid(pje_prepared_call_set_arg(call, 0, longer), "pje_prepared_call_set_arg", "expects f32[4]");
  pje_client *other = open_fake(NULL);
  pje_buffer *foreign = upload_ramp(other, 4);
  expect_invalid(pje_prepared_call_set_arg(call, 0, foreign), "pje_prepared_call_set_arg", "another client");
  expect_ok(pje_buffer_delete(input));
  expect_invalid(pje_prepared_call_set_arg(call, 0, input), "pje_prepared_call_set_arg", "deleted");
  pje_buffer_release(input);
  expect_invalid(pje_prepared_call_set_arg(call, 0, input), "pje_prepared_call_set_arg", "released");
  assert_null(pje_prepared_call_arg(call, 0));
  pje_buffer_release(longer);
  pje_buffer_release(foreign);
  pje_client_release(other);
  pje_prepared_call_release(call);
}

OK(pje_prepared_call_arg, what_was_set) {
  pje_prepared_call *call = prepare_add1();
  pje_buffer *input = upload_ramp(shared_client(), 4);
  assert_null(pje_prepared_call_arg(call, 0));
  expect_ok(pje_prepared_call_set_arg(call, 0, input));
  assert_ptr_equal(pje_prepared_call_arg(call, 0), input);
  assert_null(pje_prepared_call_arg(call, 1));
  pje_buffer_release(input);
  pje_prepared_call_release(call);
}
ANSWERS_WRONG_HANDLE(pje_prepared_call_arg, pje_prepared_call, assert_null(pje_prepared_call_arg(h, 0)))

OK(pje_prepared_call_output, is_lent_until_the_next_run_and_retained_for_longer) {
  pje_prepared_call *call = prepare_add1();
  set_ramp(call, 0);
  assert_null(pje_prepared_call_output(call, 0));
  expect_ok(pje_prepared_call_run(call));
  pje_buffer *lent = pje_prepared_call_output(call, 0);
  expect_ok(pje_prepared_call_run(call));
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_buffer_rank(lent), 0);
  assert_int_equal(pje_misuse_count() - before, 1);
  pje_buffer *kept = pje_buffer_retain(pje_prepared_call_output(call, 0));
  expect_ok(pje_prepared_call_run(call));
  assert_ptr_not_equal(pje_prepared_call_output(call, 0), kept);
  pje_prepared_call_release(call);
  expect_f32(kept, kRampPlus1, 4);
  pje_buffer_release(kept);
}
ANSWERS_WRONG_HANDLE(pje_prepared_call_output, pje_prepared_call, assert_null(pje_prepared_call_output(h, 0)))

OK(pje_prepared_call_run, many_times_with_changing_arguments) {
  pje_prepared_call *call = prepare_text(kAdd2);
  for (int round = 0; round < 300; ++round) {
    float values[] = {(float)round, 1, 2, 3};
    float sums[] = {(float)(2 * round), 2, 4, 6}, products[] = {(float)(round * round), 1, 4, 9};
    pje_buffer *input = upload_f32(shared_client(), values, 4);
    expect_ok(pje_prepared_call_set_arg(call, 0, input));
    expect_ok(pje_prepared_call_set_arg(call, 1, input));
    pje_buffer_release(input);
    expect_ok(pje_prepared_call_run(call));
    expect_f32(pje_prepared_call_output(call, 0), sums, 4);
    expect_f32(pje_prepared_call_output(call, 1), products, 4);
  }
  pje_prepared_call_release(call);
}
OK(pje_prepared_call_run, no_arguments) {
  pje_prepared_call *call = prepare_text(kNothing);
  for (int i = 0; i < 3; ++i) expect_ok(pje_prepared_call_run(call));
  int32_t sevens[4] = {0};
  expect_ok(pje_buffer_to_host(pje_prepared_call_output(call, 0), sevens, sizeof(sevens)));
  assert_int_equal(sevens[3], 7);
  pje_prepared_call_release(call);
}
OK(pje_prepared_call_run, a_step_that_takes_its_state_over) {
  pje_prepared_call *call = prepare_text(kDonates);
  const float zeros[4] = {0}, ones[] = {1, 1, 1, 1};
  pje_buffer *start = upload_f32(shared_client(), zeros, 4);
  pje_buffer *one = upload_f32(shared_client(), ones, 4);
  expect_ok(pje_prepared_call_set_arg(call, 0, start));
  expect_ok(pje_prepared_call_set_arg(call, 1, one));
  for (int step = 0; step < 4; ++step) {
    expect_ok(pje_prepared_call_run(call));
    assert_true(pje_buffer_is_deleted(pje_prepared_call_arg(call, 0)));
    expect_ok(pje_prepared_call_set_arg(call, 0, pje_prepared_call_output(call, 0)));
  }
  expect_f32(pje_prepared_call_output(call, 0), kFours, 4);
  pje_buffer_release(start);
  pje_buffer_release(one);
  pje_prepared_call_release(call);
}
REFUSES_WRONG_HANDLE(pje_prepared_call_run, wrong_handle, pje_prepared_call, "call", pje_prepared_call_run(h))
FAILS(pje_prepared_call_run, empty_slot) {
  pje_prepared_call *call = prepare_text(kAdd2);
  set_ramp(call, 0);
  expect_error(pje_prepared_call_run(call), PJE_FAILED_PRECONDITION, "pje_prepared_call_run",
               "argument 1 of the call is not set");
  pje_prepared_call_release(call);
}
FAILS(pje_prepared_call_run, argument_gone_since_keeps_the_outputs) {
  pje_prepared_call *call = prepare_add1();
  set_ramp(call, 0);
  expect_ok(pje_prepared_call_run(call));
  expect_ok(pje_buffer_delete(pje_prepared_call_arg(call, 0)));
  expect_invalid(pje_prepared_call_run(call), "pje_prepared_call_run", "deleted");
  expect_f32(pje_prepared_call_output(call, 0), kRampPlus1, 4);
  pje_prepared_call_release(call);
}
FAILS(pje_prepared_call_run, same_buffer_donated_twice) {
  pje_prepared_call *call = prepare_text(kDonates);
  pje_buffer *both = upload_ramp(shared_client(), 4);
  expect_ok(pje_prepared_call_set_arg(call, 0, both));
  expect_ok(pje_prepared_call_set_arg(call, 1, both));
  expect_invalid(pje_prepared_call_run(call), "pje_prepared_call_run", "the same buffer");
  assert_false(pje_buffer_is_deleted(both));
  pje_buffer_release(both);
  pje_prepared_call_release(call);
}
FAILS(pje_prepared_call_run, the_runs_own_error_leaves_no_output) {
  pje_prepared_call *call = prepare_add1();
  set_ramp(call, 0);
  expect_error(pje_prepared_call_run(call), PJE_DATA_LOSS, "PJRT_LoadedExecutable_Execute", "on the way");
  assert_null(pje_prepared_call_output(call, 0));
  pje_prepared_call_release(call);
}
FAILS(pje_prepared_call_run, the_plugin_refuses) {
  pje_prepared_call *call = prepare_add1();
  set_ramp(call, 0);
  expect_error(pje_prepared_call_run(call), PJE_RESOURCE_EXHAUSTED, "PJRT_LoadedExecutable_Execute",
               "no room");
  assert_null(pje_prepared_call_output(call, 0));
  expect_ok(pje_prepared_call_run(call));
  expect_f32(pje_prepared_call_output(call, 0), kRampPlus1, 4);
  pje_prepared_call_release(call);
}
static pje_prepared_call *call_of_callback;
static void run_inside(void) {
  expect_error(pje_prepared_call_run(call_of_callback), PJE_FAILED_PRECONDITION, "pje_prepared_call_run",
               "callback");
  expect_error(pje_prepared_call_run_async(call_of_callback, NULL), PJE_FAILED_PRECONDITION,
               "pje_prepared_call_run_async", "callback");
}
FAILS(pje_prepared_call_run, inside_a_callback) {
  call_of_callback = prepare_add1();
  set_ramp(call_of_callback, 0);
  run_in_callback(run_inside);
  pje_prepared_call_release(call_of_callback);
}

OK(pje_prepared_call_run_async, outputs_are_pending_and_runs_follow_each_other) {
  pje_prepared_call *call = prepare_add1();
  set_ramp(call, 0);
  pje_event *done[8] = {NULL};
  pje_buffer *kept = NULL;
  for (size_t i = 0; i < COUNT(done); ++i) {
    expect_ok(pje_prepared_call_run_async(call, &done[i]));
    if (i == 3) kept = pje_buffer_retain(pje_prepared_call_output(call, 0));
  }
  expect_ok(pje_prepared_call_run_async(call, NULL));
  expect_f32(pje_prepared_call_output(call, 0), kRampPlus1, 4);
  pje_prepared_call_release(call);
  for (size_t i = 0; i < COUNT(done); ++i) {
    expect_ok(pje_event_wait(done[i]));
    pje_event_release(done[i]);
  }
  expect_f32(kept, kRampPlus1, 4);
  pje_buffer_release(kept);
}
REFUSES_WRONG_HANDLE(pje_prepared_call_run_async, wrong_handle, pje_prepared_call, "call",
                     pje_prepared_call_run_async(h, NULL))
FAILS(pje_prepared_call_run_async, the_error_is_in_event_and_outputs) {
  pje_prepared_call *call = prepare_add1();
  set_ramp(call, 0);
  pje_event *done = NULL;
  float read[4];
  expect_ok(pje_prepared_call_run_async(call, &done));
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_LoadedExecutable_Execute", "on the way");
  pje_error *error = pje_buffer_to_host(pje_prepared_call_output(call, 0), read, sizeof(read));
  assert_int_equal(pje_error_code(error), PJE_DATA_LOSS);
  pje_error_release(error);
  pje_event_release(done);
  pje_prepared_call_release(call);
}

OK(pje_prepared_call_describe, executable_and_arguments) {
  pje_prepared_call *call = prepare_add1();
  char text[64];
  const size_t length = pje_prepared_call_describe(call, text, sizeof(text));
  assert_int_equal(length, strlen(text));
  assert_string_equal(text, "prepared call of add1: 0 of 1 arguments set");
  pje_prepared_call_release(call);
}
ANSWERS_WRONG_HANDLE(pje_prepared_call_describe, pje_prepared_call,
                     assert_int_equal(pje_prepared_call_describe(h, NULL, 0), 0))

#define LATE "late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:lost on the way"

int main(void) {
  const struct CMUnitTest prepared_call[] = {
      RETAIN_RELEASE_LIST(pje_prepared_call),
      cmocka_unit_test(pje_prepared_call_create__ok_keeps_the_executable_and_copies_options),
      cmocka_unit_test(pje_prepared_call_create__fails_wrong_executable),
      cmocka_unit_test(pje_prepared_call_create__fails_options_and_several_devices),
      cmocka_unit_test(pje_prepared_call_executable__ok_the_one_it_was_made_of),
      cmocka_unit_test(pje_prepared_call_executable__fails_wrong_handle),
      cmocka_unit_test(pje_prepared_call_describe__ok_executable_and_arguments),
      cmocka_unit_test(pje_prepared_call_describe__fails_wrong_handle),
      cmocka_unit_test(pje_prepared_call_num_args__ok_of_add1),
      WITH_FAKE("optimized_program=unimplemented",
                pje_prepared_call_num_args__ok_grows_when_the_plugin_does_not_tell),
      cmocka_unit_test(pje_prepared_call_num_args__fails_wrong_handle),
      cmocka_unit_test(pje_prepared_call_num_outputs__ok_of_add1),
      cmocka_unit_test(pje_prepared_call_num_outputs__fails_wrong_handle),
      cmocka_unit_test(pje_prepared_call_set_arg__ok_keeps_the_buffer_until_it_is_replaced),
      cmocka_unit_test(pje_prepared_call_set_arg__ok_an_output_is_fed_back),
      cmocka_unit_test(pje_prepared_call_set_arg__fails_wrong_handle),
      cmocka_unit_test(pje_prepared_call_set_arg__fails_wrong_slot_or_buffer),
      cmocka_unit_test(pje_prepared_call_arg__ok_what_was_set),
      cmocka_unit_test(pje_prepared_call_arg__fails_wrong_handle),
      cmocka_unit_test(pje_prepared_call_output__ok_is_lent_until_the_next_run_and_retained_for_longer),
      cmocka_unit_test(pje_prepared_call_output__fails_wrong_handle),
      cmocka_unit_test(pje_prepared_call_run__ok_many_times_with_changing_arguments),
      cmocka_unit_test(pje_prepared_call_run__ok_no_arguments),
      cmocka_unit_test(pje_prepared_call_run__ok_a_step_that_takes_its_state_over),
      cmocka_unit_test(pje_prepared_call_run__fails_wrong_handle),
      cmocka_unit_test(pje_prepared_call_run__fails_empty_slot),
      cmocka_unit_test(pje_prepared_call_run__fails_argument_gone_since_keeps_the_outputs),
      cmocka_unit_test(pje_prepared_call_run__fails_same_buffer_donated_twice),
      WITH_FAKE(LATE, pje_prepared_call_run__fails_the_runs_own_error_leaves_no_output),
      WITH_FAKE("fail=PJRT_LoadedExecutable_Execute:1:RESOURCE_EXHAUSTED:no room",
                pje_prepared_call_run__fails_the_plugin_refuses),
      WITH_FAKE("complete=inside", pje_prepared_call_run__fails_inside_a_callback),
      cmocka_unit_test(pje_prepared_call_run_async__ok_outputs_are_pending_and_runs_follow_each_other),
      cmocka_unit_test(pje_prepared_call_run_async__fails_wrong_handle),
      WITH_FAKE(LATE, pje_prepared_call_run_async__fails_the_error_is_in_event_and_outputs),
  };
  return RUN(prepared_call);
}
