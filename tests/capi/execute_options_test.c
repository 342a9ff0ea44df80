/* Contexts, and the options of a run that few callers set. */
#include "harness.h"

static pje_execute_context *make(void) {
  pje_plugin *plugin = load_fake();
  pje_execute_context *context = NULL;
  expect_ok(pje_execute_context_create(plugin, &context));
  pje_plugin_release(plugin);
  return context;
}
static bool is_alive(pje_execute_context *context) { return pje_execute_context_plugin(context) != NULL; }
RETAIN_RELEASE_TESTS(pje_execute_context, make(), is_alive)

OK(pje_execute_context_create, of_a_plugin) {
  pje_execute_context *context = make();
  assert_non_null(context);
  pje_execute_context_release(context);
}
REFUSES_WRONG_HANDLE(pje_execute_context_create, wrong_handle, pje_plugin, "plugin",
                     pje_execute_context_create(h, &(pje_execute_context *){NULL}))
FAILS(pje_execute_context_create, out_is_null_or_the_plugin_refuses) {
  pje_plugin *plugin = load_fake();
  pje_execute_context *context = (pje_execute_context *)plugin;
  expect_invalid(pje_execute_context_create(plugin, NULL), "pje_execute_context_create", "out");
  expect_error(pje_execute_context_create(plugin, &context), PJE_UNAVAILABLE, "PJRT_ExecuteContext_Create",
               "not now");
  assert_null(context);
  pje_plugin_release(plugin);
}

OK(pje_execute_context_plugin, is_the_one_given) {
  pje_plugin *plugin = load_fake();
  pje_execute_context *context = make();
  assert_ptr_equal(pje_execute_context_plugin(context), plugin);
  pje_execute_context_release(context);
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_execute_context_plugin, pje_execute_context,
                     assert_null(pje_execute_context_plugin(h)))

/* One run of x + 1 under the given options; answers the error of the blocking form. */
static pje_error *run_add1(const pje_execute_options *options) {
  pje_buffer *arg = upload_ramp(shared_client(), 4), *output = NULL;
  pje_error *error = pje_loaded_executable_execute(shared_add1(), &arg, 1, options, &output, 1);
  if (error == NULL) expect_f32(output, (float[]){1, 2, 3, 4}, 4);
  pje_buffer_release(output);
  pje_buffer_release(arg);
  return error;
}

/* What cannot be had of the executable is asked of its outputs. */
OK(pje_loaded_executable_execute, types_from_the_outputs) {
  pje_buffer *arg = upload_ramp(shared_client(), 4), *output = NULL;
  expect_ok(pje_loaded_executable_execute(shared_add1(), &arg, 1, NULL, &output, 1));
  assert_int_equal(pje_buffer_dtype(output), PJE_F32);
  assert_int_equal(pje_buffer_rank(output), 1);
  assert_int_equal(pje_buffer_dims(output)[0], 4);
  expect_f32(output, (float[]){1, 2, 3, 4}, 4);
  pje_buffer_release(output);
  pje_buffer_release(arg);
}
OK(pje_loaded_executable_execute, with_a_context) {
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.context = make();
  expect_ok(run_add1(&options));
  expect_ok(run_add1(&options));
  pje_execute_context_release(options.context);
}
/* The run keeps the context: the fake ends the process when it is destroyed before. */
OK(pje_loaded_executable_execute_async, keeps_the_context) {
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_execute_context *context = make();
  options.context = context;
  pje_buffer *arg = upload_ramp(shared_client(), 4), *output = NULL;
  pje_loaded_executable *executable = shared_add1();
  expect_ok(pje_loaded_executable_execute_async(executable, &arg, 1, &options, &output, 1, NULL));
  pje_execute_context_release(context);
  assert_true(is_alive(context));
  expect_f32(output, (float[]){1, 2, 3, 4}, 4);
  for (int i = 0; i < 2000 && is_alive(context); ++i) sleep_ms(1);
  assert_false(is_alive(context));
  pje_buffer_release(output);
  pje_buffer_release(arg);
}
FAILS(pje_loaded_executable_execute, context_of_another_plugin_or_none) {
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  FOR_WRONG_HANDLES(pje_execute_context, h) {
    if (h == NULL) continue;
    options.context = h;
    expect_invalid(run_add1(&options), "pje_loaded_executable_execute", "context");
  }
  options.context = NULL;
  FOR_WRONG_HANDLES(pje_execute_handlers, h) {
    if (h == NULL) continue;
    options.handlers = h;
    expect_invalid(run_add1(&options), "pje_loaded_executable_execute", "handlers");
  }
}

OK(pje_loaded_executable_execute, with_tasks_and_slices) {
  static const int32_t tasks[] = {0};
  static const int64_t incarnations[] = {17};
  struct {
    char mark[8];
    int64_t num_slices;
  } slices = {"fakemsc", 2};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.task_ids = tasks;
  options.incarnation_ids = incarnations;
  options.num_tasks = 1;
  options.multi_slice_config = &slices;
  options.call_location = "here.c:1";
  options.launch_id = 3;
  options.flags = PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT;
  expect_ok(run_add1(&options));
}
/* The plugin sees what was given. */
FAILS(pje_loaded_executable_execute, tasks_and_slices_that_are_not_there) {
  static const int32_t tasks[] = {0, 7};
  static const int64_t incarnations[] = {17, 18};
  struct {
    char mark[8];
    int64_t num_slices;
  } slices = {"fakemsc", 0};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.task_ids = tasks;
  options.num_tasks = 2;
  expect_invalid(run_add1(&options), "pje_loaded_executable_execute", "incarnation_ids");
  options.incarnation_ids = incarnations;
  expect_invalid(run_add1(&options), "PJRT_LoadedExecutable_Execute", "task_ids[1] is 7");
  options.num_tasks = 0;
  options.multi_slice_config = &slices;
  expect_invalid(run_add1(&options), "PJRT_LoadedExecutable_Execute", "0 slices");
  options.multi_slice_config = NULL;
  options.flags = 2;
  expect_error(run_add1(&options), PJE_UNIMPLEMENTED, "pje_loaded_executable_execute", "flags is 2");
}

OK(pje_loaded_executable_execute, with_no_custom_option) {
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_named_values *values = NULL;
  expect_ok(pje_named_values_create(&values));
  options.custom_options = values;
  expect_ok(run_add1(&options));
  pje_named_values_release(values);
}
FAILS(pje_loaded_executable_execute, custom_option_of_the_plugin) {
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_named_values *values = NULL;
  expect_ok(pje_named_values_create(&values));
  expect_ok(pje_named_values_set_string(values, "answer", "as you wish"));
  options.custom_options = values;
  expect_error(run_add1(&options), PJE_ABORTED, "PJRT_LoadedExecutable_Execute", "as you wish");
  expect_ok(pje_named_values_set_int64(values, "answer", 1));
  expect_invalid(run_add1(&options), "PJRT_LoadedExecutable_Execute", "unknown execute option 'answer'");
  pje_named_values_release(values);
}

static void expect_too_old(const pje_execute_options *options, const char *member, const char *version) {
  expect_error(run_add1(options), PJE_UNIMPLEMENTED, "pje_loaded_executable_execute", member);
  expect_error(run_add1(options), PJE_UNIMPLEMENTED, "pje_loaded_executable_execute", version);
}
FAILS(pje_loaded_executable_execute, options_newer_than_the_plugin) {
  static const int32_t tasks[] = {0};
  static const int64_t incarnations[] = {1};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  expect_ok(run_add1(&options));
  options.context = make();
  expect_too_old(&options, "pje_execute_options.context", "added in 0.64");
  pje_execute_context_release(options.context);
  options.context = NULL;
  options.call_location = "here.c:1";
  expect_too_old(&options, "pje_execute_options.call_location", "added in 0.76");
  options.call_location = NULL;
  options.task_ids = tasks;
  options.incarnation_ids = incarnations;
  options.num_tasks = 1;
  expect_too_old(&options, "pje_execute_options.task_ids", "added in 0.78");
  options.num_tasks = 0;
  options.multi_slice_config = &options;
  expect_too_old(&options, "pje_execute_options.multi_slice_config", "added in 0.97");
  options.multi_slice_config = NULL;
  options.flags = PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT;
  expect_too_old(&options, "PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT", "added in 0.108");
  options.flags = 0;
  pje_named_values *values = NULL;
  expect_ok(pje_named_values_create(&values));
  expect_ok(pje_named_values_set_bool(values, "anything", true));
  options.custom_options = values;
  expect_too_old(&options, "pje_execute_options.custom_options", "added in 0.116");
  pje_named_values_release(values);
}

int main(void) {
  const struct CMUnitTest execute_options[] = {
      RETAIN_RELEASE_LIST(pje_execute_context),
      cmocka_unit_test(pje_execute_context_create__ok_of_a_plugin),
      cmocka_unit_test(pje_execute_context_create__fails_wrong_handle),
      WITH_FAKE("fail=PJRT_ExecuteContext_Create:1:UNAVAILABLE:not now",
                pje_execute_context_create__fails_out_is_null_or_the_plugin_refuses),
      cmocka_unit_test(pje_execute_context_plugin__ok_is_the_one_given),
      cmocka_unit_test(pje_execute_context_plugin__fails_wrong_handle),
      WITH_FAKE("null=PJRT_Executable_OutputDimensions;optimized_program=unimplemented",
                pje_loaded_executable_execute__ok_types_from_the_outputs),
      cmocka_unit_test(pje_loaded_executable_execute__ok_with_a_context),
      WITH_FAKE("delay=PJRT_LoadedExecutable_Execute:50ms",
                pje_loaded_executable_execute_async__ok_keeps_the_context),
      cmocka_unit_test(pje_loaded_executable_execute__fails_context_of_another_plugin_or_none),
      cmocka_unit_test(pje_loaded_executable_execute__ok_with_tasks_and_slices),
      cmocka_unit_test(pje_loaded_executable_execute__fails_tasks_and_slices_that_are_not_there),
      cmocka_unit_test(pje_loaded_executable_execute__ok_with_no_custom_option),
      cmocka_unit_test(pje_loaded_executable_execute__fails_custom_option_of_the_plugin),
      WITH_FAKE("minor=60", pje_loaded_executable_execute__fails_options_newer_than_the_plugin),
  };
  return RUN(execute_options);
}
