/* Arguments that lie in another order on their device than the program reads them: plugins compare sizes
 * only. */
#include "harness.h"

static const int64_t kMatrix[] = {2, 3}, kByRows[] = {1, 0}, kByColumns[] = {0, 1};
static const float kValues[] = {1, 2, 3, 4, 5, 6}, kTwice[] = {2, 4, 6, 8, 10, 12};
static const float kFourTimes[] = {4, 8, 12, 16, 20, 24};
static const char kExecute[] = "pje_loaded_executable_execute";
static const char kColumnsGiven[] = "argument 0 lies as f32[2,3]{0,1}: doubles expects f32[2,3]{1,0}";
static const char kRowsGiven[] = "argument 0 lies as f32[2,3]{1,0}: doubles expects f32[2,3]{0,1}";
static const char kDoubles[] =
    "module @doubles {\n"
    "  func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {\n"
    "    %0 = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>\n"
    "    return %0 : tensor<2x3xf32>\n"
    "  }\n"
    "}\n";

static pje_loaded_executable *compile_with(const int64_t *argument, const int64_t *result, bool checks) {
  pje_compile_options *options = NULL;
  pje_loaded_executable *executable = NULL;
  pje_program *program = program_from_text(kDoubles);
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_add_argument_layout(options, PJE_F32, kMatrix, 2, argument));
  expect_ok(pje_compile_options_set_result_layout(options, PJE_F32, kMatrix, 2, result));
  expect_ok(pje_compile_options_set_check_arguments(options, checks));
  expect_ok(pje_client_compile(shared_client(), program, options, &executable));
  pje_program_release(program);
  pje_compile_options_release(options);
  return executable;
}
static pje_loaded_executable *compile_in(const int64_t *order) { return compile_with(order, order, true); }

static pje_layout *layout_of(const int64_t *order) {
  pje_layout *layout = NULL;
  expect_ok(pje_layout_create_tiled(order, 2, NULL, NULL, 0, &layout));
  return layout;
}
static pje_buffer *upload_in(const int64_t *order) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_layout *layout = layout_of(order);
  pje_buffer *buffer = NULL;
  options.layout = layout;
  expect_ok(pje_buffer_from_host(shared_client(), kValues, 24, PJE_F32, kMatrix, 2, &options, &buffer));
  pje_layout_release(layout);
  return buffer;
}

/* Releases both. */
static void expect_run(pje_loaded_executable *executable, pje_buffer *argument, const float *values) {
  pje_buffer *output = NULL;
  float got[6] = {0};
  expect_ok(pje_loaded_executable_execute(executable, &argument, 1, NULL, &output, 1));
  expect_ok(pje_buffer_to_host(output, got, sizeof got));
  assert_memory_equal(got, values, sizeof got);
  pje_buffer_release(output);
  pje_buffer_release(argument);
  pje_loaded_executable_release(executable);
}
static void expect_refused(pje_loaded_executable *executable, pje_buffer *argument, const char *part) {
  pje_buffer *output = argument;
  expect_invalid(pje_loaded_executable_execute(executable, &argument, 1, NULL, &output, 1), kExecute, part);
  assert_null(output);
  pje_buffer_release(argument);
  pje_loaded_executable_release(executable);
}

OK(pje_loaded_executable_execute, argument_in_the_order_of_the_program) {
  expect_run(compile_in(kByRows), upload_in(kByRows), kTwice);
  expect_run(compile_in(kByColumns), upload_in(kByColumns), kTwice);
}
FAILS(pje_loaded_executable_execute, argument_in_another_order) {
  expect_refused(compile_in(kByRows), upload_in(kByColumns), kColumnsGiven);
  expect_refused(compile_in(kByColumns), upload_in(kByRows), kRowsGiven);
}
FAILS(pje_loaded_executable_execute_async, argument_in_another_order) {
  pje_loaded_executable *executable = compile_in(kByRows);
  pje_buffer *argument = upload_in(kByColumns), *output = NULL;
  expect_invalid(pje_loaded_executable_execute_async(executable, &argument, 1, NULL, &output, 1, NULL),
                 "pje_loaded_executable_execute_async", kColumnsGiven);
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.launch = PJE_LAUNCH_POOL;
  expect_invalid(pje_loaded_executable_execute_async(executable, &argument, 1, &options, &output, 1, NULL),
                 "pje_loaded_executable_execute_async", kColumnsGiven);
  pje_buffer_release(argument);
  pje_loaded_executable_release(executable);
}
FAILS(pje_prepared_call_set_arg, argument_in_another_order) {
  pje_loaded_executable *executable = compile_in(kByRows);
  pje_buffer *argument = upload_in(kByColumns);
  pje_prepared_call *call = NULL;
  expect_ok(pje_prepared_call_create(executable, NULL, &call));
  expect_invalid(pje_prepared_call_set_arg(call, 0, argument), "pje_prepared_call_set_arg", kColumnsGiven);
  pje_prepared_call_release(call);
  pje_buffer_release(argument);
  pje_loaded_executable_release(executable);
}

/* Results carry the order that their program gave them, launched from the pool or not. */
static pje_buffer *result_in(const int64_t *order, int32_t launch, bool checks) {
  pje_loaded_executable *executable = compile_with(kByRows, order, checks);
  pje_buffer *argument = upload_in(kByRows), *output = NULL;
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.launch = launch;
  expect_ok(pje_loaded_executable_execute_async(executable, &argument, 1, &options, &output, 1, NULL));
  pje_buffer_release(argument);
  pje_loaded_executable_release(executable);
  return output;
}
OK(pje_loaded_executable_execute_async, result_as_argument) {
  expect_run(compile_in(kByColumns), result_in(kByColumns, PJE_LAUNCH_POOL, true), kFourTimes);
  expect_run(compile_in(kByColumns), result_in(kByColumns, PJE_LAUNCH_CALLER, true), kFourTimes);
  /* Of a program whose results' order is not known, the device is asked. */
  expect_run(compile_in(kByColumns), result_in(kByColumns, PJE_LAUNCH_CALLER, false), kFourTimes);
}
FAILS(pje_loaded_executable_execute_async, result_as_argument_in_another_order) {
  expect_refused(compile_in(kByRows), result_in(kByColumns, PJE_LAUNCH_POOL, true), kColumnsGiven);
  expect_refused(compile_in(kByRows), result_in(kByColumns, PJE_LAUNCH_CALLER, true), kColumnsGiven);
  expect_refused(compile_in(kByColumns), result_in(kByRows, PJE_LAUNCH_CALLER, true), kRowsGiven);
  expect_refused(compile_in(kByRows), result_in(kByColumns, PJE_LAUNCH_CALLER, false), kColumnsGiven);
}

/* Arrays of the host go up in the order that the program wants. */
OK(pje_loaded_executable_run, array_in_the_order_of_the_program) {
  pje_loaded_executable *executable = compile_in(kByColumns);
  pje_array *argument = NULL, *result = NULL;
  expect_ok(pje_array_create(PJE_F32, kMatrix, 2, &argument));
  memcpy(pje_array_data(argument), kValues, sizeof kValues);
  expect_ok(pje_loaded_executable_run(executable, &argument, 1, &result, 1));
  assert_memory_equal(pje_array_const_data(result), kTwice, sizeof kTwice);
  memset(pje_array_data(result), 0, sizeof kTwice);
  expect_ok(pje_loaded_executable_run_into(executable, &argument, 1, NULL, &result, 1));
  assert_memory_equal(pje_array_const_data(result), kTwice, sizeof kTwice);
  pje_array_release(argument);
  pje_array_release(result);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_run, order_that_the_plugin_cannot_upload) {
  pje_loaded_executable *executable = compile_in(kByColumns);
  pje_array *argument = NULL, *result = NULL;
  expect_ok(pje_array_create(PJE_F32, kMatrix, 2, &argument));
  expect_error(pje_loaded_executable_run(executable, &argument, 1, &result, 1), PJE_UNIMPLEMENTED,
               "pje_loaded_executable_run", "ignores the layout {0,1}");
  assert_null(result);
  pje_array_release(argument);
  pje_loaded_executable_release(executable);
}

/* Buffers that come into being otherwise. */
FAILS(pje_buffer_create_view, as_an_argument_in_another_order) {
  pje_array *memory = array_f32(kValues, 6);
  pje_layout *columns = layout_of(kByColumns);
  pje_view_options options = PJE_VIEW_OPTIONS_INIT;
  pje_buffer *view = NULL;
  options.layout = columns;
  expect_ok(pje_buffer_create_view(shared_client(), pje_array_data(memory), 24, PJE_F32, kMatrix, 2, &options,
                                   &view));
  pje_layout_release(columns);
  expect_refused(compile_in(kByRows), view, kColumnsGiven);
  pje_array_release(memory);
}
OK(pje_buffer_copy_to_device, keeps_the_order) {
  pje_buffer *columns = upload_in(kByColumns), *copy = NULL, *second = NULL;
  expect_ok(pje_buffer_copy_to_device(columns, pje_buffer_device(columns), &copy));
  expect_ok(pje_buffer_copy_to_device(columns, pje_buffer_device(columns), &second));
  pje_buffer_release(columns);
  expect_run(compile_in(kByColumns), copy, kTwice);
  expect_refused(compile_in(kByRows), second, kColumnsGiven);
}
OK(pje_transfer_manager_retrieve_buffer, in_the_order_asked_for) {
  pje_layout *columns = layout_of(kByColumns);
  const pje_dtype dtype = PJE_F32;
  const int64_t *dims = kMatrix;
  const size_t rank = 2;
  for (int right = 0; right < 2; ++right) {
    pje_transfer_manager *manager = NULL;
    pje_event *done = NULL;
    pje_buffer *buffer = NULL;
    expect_ok(pje_transfer_manager_create(shared_client(), 1, &dtype, &dims, &rank,
                                          (const pje_layout *const *)&columns, NULL, &manager));
    expect_ok(pje_transfer_manager_retrieve_buffer(manager, 0, &buffer));
    expect_ok(pje_transfer_manager_write_async(manager, 0, kValues, sizeof kValues, 0, &done));
    expect_ok(pje_event_wait(done));
    pje_event_release(done);
    pje_transfer_manager_release(manager);
    if (right)
      expect_run(compile_in(kByColumns), buffer, kTwice);
    else
      expect_refused(compile_in(kByRows), buffer, kColumnsGiven);
  }
  pje_layout_release(columns);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pje_loaded_executable_execute__ok_argument_in_the_order_of_the_program),
      cmocka_unit_test(pje_loaded_executable_execute__fails_argument_in_another_order),
      cmocka_unit_test(pje_loaded_executable_execute_async__fails_argument_in_another_order),
      cmocka_unit_test(pje_prepared_call_set_arg__fails_argument_in_another_order),
      cmocka_unit_test(pje_loaded_executable_execute_async__ok_result_as_argument),
      cmocka_unit_test(pje_loaded_executable_execute_async__fails_result_as_argument_in_another_order),
      cmocka_unit_test(pje_loaded_executable_run__ok_array_in_the_order_of_the_program),
      WITH_FAKE("device_layout=ignore", pje_loaded_executable_run__fails_order_that_the_plugin_cannot_upload),
      cmocka_unit_test(pje_buffer_create_view__fails_as_an_argument_in_another_order),
      cmocka_unit_test(pje_buffer_copy_to_device__ok_keeps_the_order),
      cmocka_unit_test(pje_transfer_manager_retrieve_buffer__ok_in_the_order_asked_for)};
  return RUN(tests);
}
