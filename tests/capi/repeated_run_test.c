/* Runs after many others on the same thread: their handles come from what earlier ones left behind. */
#include "harness.h"

enum { kRuns = 300 };

static pje_buffer *run_add1(pje_loaded_executable *executable, pje_buffer *input) {
  pje_buffer *output = NULL;
  expect_ok(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1));
  return output;
}

static void run_often(pje_loaded_executable *executable, pje_buffer *input) {
  for (int i = 0; i < kRuns; ++i) pje_buffer_release(run_add1(executable, input));
}

/* What can happen to an output before it is released. */
static void leave_as_it_is(pje_buffer *output) { assert_false(pje_buffer_is_deleted(output)); }
static void read_it(pje_buffer *output) {
  float values[4];
  expect_ok(pje_buffer_to_host(output, values, sizeof values));
}
static void delete_it(pje_buffer *output) {
  expect_ok(pje_buffer_delete(output));
  assert_true(pje_buffer_is_deleted(output));
}
static void hold_it_twice(pje_buffer *output) { pje_buffer_release(pje_buffer_retain(output)); }
static void refer_to_it(pje_buffer *output) {
  pje_buffer_reference *reference = NULL;
  expect_ok(pje_buffer_reference_create(output, &reference));
  pje_buffer_reference_release(reference);
}
static void wait_for_it(pje_buffer *output) {
  pje_event *ready = NULL;
  expect_ok(pje_buffer_ready(output, &ready));
  expect_ok(pje_event_wait(ready));
  pje_event_release(ready);
}
static void (*const kPasts[])(pje_buffer *) = {leave_as_it_is, read_it,     delete_it,
                                               hold_it_twice,  refer_to_it, wait_for_it};

OK(pje_loaded_executable_execute, outputs_begin_without_a_past) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  for (int i = 0; i < kRuns; ++i) {
    const float values[] = {(float)i, 1, 2, 3}, sums[] = {(float)i + 1, 2, 3, 4};
    pje_buffer *input = upload_f32(shared_client(), values, 4);
    pje_buffer *output = run_add1(executable, input);
    assert_false(pje_buffer_is_deleted(output));
    kPasts[(size_t)i % COUNT(kPasts)](output);
    if (!pje_buffer_is_deleted(output)) expect_f32(output, sums, 4);
    pje_buffer_release(output);
    pje_buffer_release(input);
  }
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute, clients_take_turns) {
  pje_client *clients[2] = {open_fake(NULL), open_fake(NULL)};
  pje_loaded_executable *executables[2];
  pje_buffer *inputs[2];
  for (int c = 0; c < 2; ++c) {
    executables[c] = compile_text(clients[c], kAdd1);
    inputs[c] = upload_ramp(clients[c], 4);
  }
  for (int i = 0; i < kRuns; ++i) {
    pje_buffer *output = run_add1(executables[i % 2], inputs[i % 2]);
    assert_ptr_equal(pje_buffer_client(output), clients[i % 2]);
    pje_buffer_release(output);
  }
  for (int c = 0; c < 2; ++c) {
    pje_buffer_release(inputs[c]);
    pje_loaded_executable_release(executables[c]);
    pje_client_release(clients[c]);
  }
}
OK(pje_loaded_executable_execute_async, outputs_and_events) {
  static const float kRampPlus1[] = {1, 2, 3, 4};
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *input = upload_ramp(shared_client(), 4);
  for (int i = 0; i < kRuns; ++i) {
    pje_buffer *output = NULL;
    pje_event *done = NULL;
    expect_ok(pje_loaded_executable_execute_async(executable, &input, 1, NULL, &output, 1,
                                                  i % 3 == 0 ? NULL : &done));
    if (done != NULL) expect_ok(pje_event_wait(done));
    if (i % 2 == 0) expect_f32(output, kRampPlus1, 4);
    pje_event_release(done);
    pje_buffer_release(output);
  }
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
}

/* Refused in the name of the function, with nothing touched but outputs that are NULL. */
static void expect_refused(pje_loaded_executable *executable, pje_buffer *arg, pje_code code,
                           const char *part) {
  pje_buffer *output = arg;
  pje_event *done = (pje_event *)arg;
  expect_error(pje_loaded_executable_execute(executable, &arg, 1, NULL, &output, 1), code,
               "pje_loaded_executable_execute", part);
  assert_null(output);
  expect_error(pje_loaded_executable_execute_async(executable, &arg, 1, NULL, &output, 1, &done), code,
               "pje_loaded_executable_execute_async", part);
  assert_null(output);
  assert_null(done);
}
FAILS(pje_loaded_executable_execute, wrong_arguments_after_many_runs) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *input = upload_ramp(shared_client(), 4), *longer = upload_ramp(shared_client(), 5);
  run_often(executable, input);
  pje_buffer *released = run_add1(executable, input);
  pje_buffer_release(released);
  expect_refused(executable, NULL, PJE_INVALID_ARGUMENT, "argument 0");
  expect_refused(executable, released, PJE_INVALID_ARGUMENT, "released");
  expect_refused(executable, (pje_buffer *)executable, PJE_INVALID_ARGUMENT, "pje_loaded_executable");
  expect_refused(executable, longer, PJE_INVALID_ARGUMENT, "expects f32[4]");
  pje_client *other = open_fake(NULL);
  pje_buffer *foreign = upload_ramp(other, 4);
  expect_refused(executable, foreign, PJE_INVALID_ARGUMENT, "another client");
  pje_buffer *same[1] = {input};
  expect_invalid(pje_loaded_executable_execute(executable, same, 1, NULL, same, 1),
                 "pje_loaded_executable_execute", "overlap");
  assert_ptr_equal(same[0], input);
  expect_ok(pje_buffer_delete(input));
  expect_refused(executable, input, PJE_INVALID_ARGUMENT, "deleted");
  pje_buffer_release(input);
  pje_buffer_release(longer);
  pje_buffer_release(foreign);
  pje_client_release(other);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_execute, the_client_was_closed_after_many_runs) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *input = upload_ramp(client, 4);
  run_often(executable, input);
  pje_buffer *kept = run_add1(executable, input);
  expect_ok(pje_client_close(client, -1));
  expect_refused(executable, input, PJE_FAILED_PRECONDITION, "client closed");
  pje_buffer_release(kept);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
/* The fake's report at exit tells what would be left behind. */
static void fail_after_many_runs(pje_code code, const char *part) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *input = upload_ramp(client, 4);
  int failed = 0;
  for (int i = 0; i < kRuns + 1; ++i) {
    pje_buffer *output = input;
    pje_error *error = pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1);
    if (error != NULL) {
      ++failed;
      assert_null(output);
      expect_error(error, code, "PJRT_LoadedExecutable_Execute", part);
    }
    pje_buffer_release(output);
  }
  assert_int_equal(failed, 1);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
FAILS(pje_loaded_executable_execute, the_plugin_refuses_after_many_runs) {
  fail_after_many_runs(PJE_RESOURCE_EXHAUSTED, "no more");
}
FAILS(pje_loaded_executable_execute, the_run_fails_after_many_runs) {
  fail_after_many_runs(PJE_DATA_LOSS, "gone");
}
FAILS(pje_loaded_executable_execute_async, the_plugin_refuses_after_many_runs) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *input = upload_ramp(client, 4);
  int failed = 0;
  for (int i = 0; i < kRuns + 1; ++i) {
    pje_buffer *output = input;
    pje_event *done = (pje_event *)input;
    pje_error *error = pje_loaded_executable_execute_async(executable, &input, 1, NULL, &output, 1, &done);
    if (error != NULL) {
      ++failed;
      assert_null(output);
      assert_null(done);
      expect_error(error, PJE_RESOURCE_EXHAUSTED, "PJRT_LoadedExecutable_Execute", "no more");
    }
    pje_buffer_release(output);
    pje_event_release(done);
  }
  assert_int_equal(failed, 1);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static pje_prepared_call *prepare(pje_loaded_executable *executable, pje_buffer *input) {
  pje_prepared_call *call = NULL;
  expect_ok(pje_prepared_call_create(executable, NULL, &call));
  expect_ok(pje_prepared_call_set_arg(call, 0, input));
  return call;
}
static void expect_gone(pje_buffer *lent) {
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_buffer_rank(lent), 0);
  assert_int_equal(pje_misuse_count() - before, 1);
}
OK(pje_prepared_call_run, outputs_begin_without_a_past) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *input = upload_ramp(shared_client(), 4);
  pje_prepared_call *call = prepare(executable, input);
  pje_buffer *lent = NULL;
  for (int i = 0; i < kRuns; ++i) {
    const float values[] = {(float)i, 1, 2, 3}, sums[] = {(float)i + 1, 2, 3, 4};
    pje_buffer *changed = upload_f32(shared_client(), values, 4);
    expect_ok(pje_prepared_call_set_arg(call, 0, changed));
    pje_buffer_release(changed);
    for (int again = 0; again < 3; ++again) {
      expect_ok(pje_prepared_call_run(call));
      if (lent != NULL) expect_gone(lent);
      lent = pje_prepared_call_output(call, 0);
      assert_false(pje_buffer_is_deleted(lent));
    }
    kPasts[(size_t)i % COUNT(kPasts)](lent);
    if (!pje_buffer_is_deleted(lent)) expect_f32(lent, sums, 4);
  }
  pje_prepared_call_release(call);
  expect_gone(lent);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
}
OK(pje_prepared_call_run, outputs_that_somebody_keeps_stay) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *input = upload_ramp(shared_client(), 4), *kept[8];
  pje_prepared_call *call = prepare(executable, input);
  for (size_t i = 0; i < COUNT(kept); ++i) {
    for (int again = 0; again < 3; ++again) expect_ok(pje_prepared_call_run(call));
    kept[i] = pje_buffer_retain(pje_prepared_call_output(call, 0));
    expect_ok(pje_prepared_call_set_arg(call, 0, kept[i]));
  }
  pje_prepared_call_release(call);
  for (size_t i = 0; i < COUNT(kept); ++i) {
    const float values[] = {(float)i + 1, (float)i + 2, (float)i + 3, (float)i + 4};
    expect_f32(kept[i], values, 4);
    pje_buffer_release(kept[i]);
  }
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
}
OK(pje_prepared_call_run, handles_of_former_outputs_stay_stale) {
  enum { kLives = 4000 };
  static pje_buffer *former[kLives];
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *input = upload_ramp(shared_client(), 4);
  pje_prepared_call *call = prepare(executable, input);
  for (int i = 0; i < kLives; ++i) {
    expect_ok(pje_prepared_call_run(call));
    former[i] = pje_prepared_call_output(call, 0);
  }
  for (int i = 0; i < kLives - 1; ++i) assert_ptr_not_equal(former[i], former[kLives - 1]);
  pje_buffer_release(input);
  pje_prepared_call_release(call);
  pje_loaded_executable_release(executable);
}
static void prepared_fails_after_many_runs(pje_code code, const char *part) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *input = upload_ramp(client, 4);
  pje_prepared_call *call = prepare(executable, input);
  int failed = 0;
  for (int i = 0; i < kRuns; ++i) {
    pje_buffer *lent = pje_prepared_call_output(call, 0);
    pje_error *error = pje_prepared_call_run(call);
    if (error == NULL) continue;
    ++failed;
    expect_error(error, code, "PJRT_LoadedExecutable_Execute", part);
    assert_null(pje_prepared_call_output(call, 0));
    expect_gone(lent);
  }
  assert_int_equal(failed, 1);
  expect_f32(pje_prepared_call_output(call, 0), (const float[]){1, 2, 3, 4}, 4);
  pje_buffer_release(input);
  pje_prepared_call_release(call);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}
FAILS(pje_prepared_call_run, the_plugin_refuses_after_many_runs) {
  prepared_fails_after_many_runs(PJE_RESOURCE_EXHAUSTED, "no more");
}
FAILS(pje_prepared_call_run, the_run_fails_after_many_runs) {
  prepared_fails_after_many_runs(PJE_DATA_LOSS, "gone");
}
FAILS(pje_prepared_call_run, the_client_was_closed_after_many_runs) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *input = upload_ramp(client, 4);
  pje_prepared_call *call = prepare(executable, input);
  for (int i = 0; i < kRuns; ++i) expect_ok(pje_prepared_call_run(call));
  expect_ok(pje_client_close(client, -1));
  expect_error(pje_prepared_call_run(call), PJE_FAILED_PRECONDITION, "pje_prepared_call_run",
               "client closed");
  pje_buffer_release(input);
  pje_prepared_call_release(call);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pje_prepared_call_run__ok_outputs_begin_without_a_past),
      cmocka_unit_test(pje_prepared_call_run__ok_outputs_that_somebody_keeps_stay),
      cmocka_unit_test(pje_prepared_call_run__ok_handles_of_former_outputs_stay_stale),
      cmocka_unit_test(pje_prepared_call_run__fails_the_client_was_closed_after_many_runs),
      WITH_FAKE("fail=PJRT_LoadedExecutable_Execute:250:RESOURCE_EXHAUSTED:no more",
                pje_prepared_call_run__fails_the_plugin_refuses_after_many_runs),
      WITH_FAKE("fail=PJRT_Event_Await:250:DATA_LOSS:gone",
                pje_prepared_call_run__fails_the_run_fails_after_many_runs),
      cmocka_unit_test(pje_loaded_executable_execute__ok_outputs_begin_without_a_past),
      cmocka_unit_test(pje_loaded_executable_execute__ok_clients_take_turns),
      cmocka_unit_test(pje_loaded_executable_execute_async__ok_outputs_and_events),
      cmocka_unit_test(pje_loaded_executable_execute__fails_wrong_arguments_after_many_runs),
      cmocka_unit_test(pje_loaded_executable_execute__fails_the_client_was_closed_after_many_runs),
      WITH_FAKE("fail=PJRT_LoadedExecutable_Execute:250:RESOURCE_EXHAUSTED:no more",
                pje_loaded_executable_execute__fails_the_plugin_refuses_after_many_runs),
      WITH_FAKE("fail=PJRT_Event_Await:250:DATA_LOSS:gone",
                pje_loaded_executable_execute__fails_the_run_fails_after_many_runs),
      WITH_FAKE("fail=PJRT_LoadedExecutable_Execute:250:RESOURCE_EXHAUSTED:no more",
                pje_loaded_executable_execute_async__fails_the_plugin_refuses_after_many_runs),
  };
  return RUN(tests);
}
