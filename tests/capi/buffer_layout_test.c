/* Layouts on upload and on read-back, on plugins that obey them and on plugins that do not. */
#include "harness.h"

static const int64_t kMatrix[] = {2, 3};
static const float kRows[] = {1, 2, 3, 4, 5, 6};
static const float kColumns[] = {1, 4, 2, 5, 3, 6};
static const char kTransposes[] =
    "module @transposes {\n"
    "  func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {\n"
    "    %0 = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>\n"
    "    return %0 : tensor<2x3xf32>\n"
    "  }\n"
    "}\n";

static pje_layout *parse(const char *text) {
  pje_layout *layout = NULL;
  expect_ok(pje_layout_from_text(text, &layout));
  return layout;
}

static pje_buffer *upload_in(const char *text, const int64_t *strides, int32_t semantics) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_layout *layout = text == NULL ? NULL : parse(text);
  pje_buffer *buffer = NULL;
  options.layout = layout;
  options.semantics = semantics;
  options.byte_strides = strides;
  options.num_byte_strides = strides == NULL ? 0 : 2;
  expect_ok(
      pje_buffer_from_host(shared_client(), kRows, sizeof kRows, PJE_F32, kMatrix, 2, &options, &buffer));
  pje_layout_release(layout);
  return buffer;
}
static pje_buffer *make(void) { return upload_in(NULL, NULL, 0); }

static void expect_values(const float *got, const float *wanted, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (got[i] != wanted[i]) fail_msg("element %zu is %g, expected %g", i, (double)got[i], (double)wanted[i]);
}

/* Both twins give the same. */
static void expect_in(pje_buffer *buffer, const char *text, const float *wanted, size_t count) {
  pje_layout *layout = parse(text);
  pje_event *done = NULL;
  float got[64];
  for (size_t i = 0; i < COUNT(got); ++i) got[i] = -1;
  expect_ok(pje_buffer_to_host_layout(buffer, layout, got, count * 4));
  expect_values(got, wanted, count);
  assert_true(got[count] == -1);
  for (size_t i = 0; i < COUNT(got); ++i) got[i] = -1;
  expect_ok(pje_buffer_to_host_layout_async(buffer, layout, got, count * 4, &done));
  pje_layout_release(layout);
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  expect_values(got, wanted, count);
  assert_true(got[count] == -1);
}

static void expect_layout(pje_buffer *buffer, const char *text) {
  pje_layout *layout = NULL;
  expect_ok(pje_buffer_memory_layout(buffer, &layout));
  assert_string_equal(pje_layout_to_text(layout), text);
  pje_layout_release(layout);
}

static void expect_rows(pje_buffer *buffer, const float *wanted) {
  float got[6] = {0};
  pje_event *done = NULL;
  expect_ok(pje_buffer_to_host(buffer, got, sizeof got));
  expect_values(got, wanted, 6);
  memset(got, 0, sizeof got);
  expect_ok(pje_buffer_to_host_async(buffer, got, sizeof got, &done));
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  expect_values(got, wanted, 6);
}

OK(pje_buffer_memory_layout, of_an_upload) {
  pje_buffer *buffer = make();
  expect_layout(buffer, "{1,0}");
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_memory_layout, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_memory_layout(h, &(pje_layout *){NULL}))
FAILS(pje_buffer_memory_layout, not_in_the_plugin) {
  pje_buffer *buffer = make();
  pje_layout *layout = (pje_layout *)buffer;
  expect_error(pje_buffer_memory_layout(buffer, &layout), PJE_UNIMPLEMENTED, "pje_buffer_memory_layout",
               "PJRT_Buffer_GetMemoryLayout");
  assert_null(layout);
  expect_invalid(pje_buffer_memory_layout(buffer, NULL), "pje_buffer_memory_layout", "out");
  expect_rows(buffer, kRows);
  pje_buffer_release(buffer);
}

/* An output that lies column-major, on a plugin that answers as its device lies, whatever it is asked. */
OK(pje_buffer_to_host, row_major_although_the_plugin_ignores_it) {
  static const float twice[] = {2, 4, 6, 8, 10, 12};
  pje_loaded_executable *executable = compile_text(shared_client(), kTransposes);
  pje_buffer *argument = make(), *output = NULL;
  expect_ok(pje_loaded_executable_execute(executable, &argument, 1, NULL, &output, 1));
  expect_layout(output, "{0,1}");
  expect_rows(output, twice);
  expect_in(output, "{1,0}", twice, 6);
  expect_in(output, "{0,1}", (const float[]){2, 8, 4, 10, 6, 12}, 6);
  pje_buffer_release(argument);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}

/* What is uploaded column-major lies so, says so, and comes back row-major. */
static void check_upload(int32_t semantics) {
  static const int64_t transposed[] = {4, 8};
  static const float strided[] = {1, 3, 5, 2, 4, 6};
  pje_buffer *columns = upload_in("{0,1}", NULL, semantics);
  expect_layout(columns, "{0,1}");
  expect_rows(columns, kRows);
  expect_in(columns, "{0,1}", kColumns, 6);
  pje_buffer_release(columns);
  pje_buffer *as_strides = upload_in("strides(4,8)", NULL, semantics);
  expect_layout(as_strides, "{0,1}");
  expect_rows(as_strides, kRows);
  pje_buffer_release(as_strides);
  pje_buffer *both = upload_in("{0,1}", transposed, semantics);
  expect_layout(both, "{0,1}");
  expect_rows(both, strided);
  pje_buffer_release(both);
  pje_buffer *rows = upload_in("{1,0}", NULL, semantics);
  expect_rows(rows, kRows);
  pje_buffer_release(rows);
}
OK(pje_buffer_from_host, in_a_layout) {
  for (int32_t semantics = 0; semantics <= PJE_HOST_MUTABLE_ZERO_COPY; ++semantics) check_upload(semantics);
}
OK(pje_buffer_from_host, in_a_layout_that_the_plugin_only_notes) {
  for (int32_t semantics = 0; semantics <= PJE_HOST_MUTABLE_ZERO_COPY; ++semantics) check_upload(semantics);
}
/* As XLA's CPU plugin 0.81. */
OK(pje_buffer_from_host, in_a_layout_noted_and_read_back_as_it_lies) { check_upload(0); }
OK(pje_buffer_from_host, in_a_layout_read_back_as_it_lies) { check_upload(0); }
OK(pje_buffer_from_host, in_a_layout_without_raw_copies) { check_upload(0); }
OK(pje_buffer_from_host, release_runs_once_for_a_rearranged_copy) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_layout *layout = parse("{0,1}");
  struct calls calls = {0};
  pje_buffer *buffer = NULL;
  options.layout = layout;
  options.release = count_call;
  options.release_data = &calls;
  for (int32_t semantics = 0; semantics <= PJE_HOST_MUTABLE_ZERO_COPY; ++semantics) {
    options.semantics = semantics;
    calls.count = 0;
    expect_ok(pje_buffer_from_host(shared_client(), kRows, 24, PJE_F32, kMatrix, 2, &options, &buffer));
    wait_for_calls(&calls, 1);
    expect_rows(buffer, kRows);
    pje_buffer_release(buffer);
    assert_int_equal(calls_so_far(&calls), 1);
  }
  pje_layout_release(layout);
}

static void expect_refused_upload(const char *text, pje_code code, const char *function, const char *part) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_layout *layout = parse(text);
  struct calls calls = {0};
  pje_buffer *buffer = NULL;
  options.layout = layout;
  options.semantics = PJE_HOST_IMMUTABLE_ZERO_COPY;
  options.release = count_call;
  options.release_data = &calls;
  expect_error(pje_buffer_from_host(shared_client(), kRows, 24, PJE_F32, kMatrix, 2, &options, &buffer), code,
               function, part);
  assert_null(buffer);
  assert_int_equal(calls_so_far(&calls), 0);
  pje_layout_release(layout);
}
FAILS(pje_buffer_from_host, layout_that_does_not_fit) {
  const char *plugin = "PJRT_Client_BufferFromHostBuffer";
  expect_refused_upload("{0}", PJE_INVALID_ARGUMENT, "pje_buffer_from_host", "{0}");
  expect_refused_upload("{1,0:T(8,128)}", PJE_UNIMPLEMENTED, plugin, "tiles");
  expect_refused_upload("strides(64,4)", PJE_INVALID_ARGUMENT, plugin, "tiled");
}
FAILS(pje_buffer_from_host, layout_that_the_plugin_ignores) {
  expect_refused_upload("{0,1}", PJE_UNIMPLEMENTED, "pje_buffer_from_host", "ignores");
  pje_buffer *rows = upload_in("{1,0}", NULL, 0);
  expect_rows(rows, kRows);
  pje_buffer_release(rows);
}
FAILS(pje_buffer_from_host, layout_that_the_plugin_refuses) {
  expect_refused_upload("{0,1}", PJE_UNIMPLEMENTED, "PJRT_Client_BufferFromHostBuffer", "not supported");
}

static void check_read_back(void) {
  pje_buffer *buffer = make();
  expect_in(buffer, "{1,0}", kRows, 6);
  expect_in(buffer, "{0,1}", kColumns, 6);
  expect_in(buffer, "strides(12,4)", kRows, 6);
  expect_in(buffer, "strides(4,8)", kColumns, 6);
  expect_in(buffer, "strides(16,4)", (const float[]){1, 2, 3, -1, 4, 5, 6}, 7);
  expect_in(buffer, "{1,0:T(2,2)}", (const float[]){1, 2, 4, 5, 3, -1, 6, -1}, 8);
  expect_in(buffer, "{0,1:T(2)}", kColumns, 6);
  pje_buffer_release(buffer);
}
OK(pje_buffer_to_host_layout, every_kind) { check_read_back(); }
OK(pje_buffer_to_host_layout, on_the_cpu) { check_read_back(); }
OK(pje_buffer_to_host_layout, where_the_plugin_ignores_it) { check_read_back(); }
OK(pje_buffer_to_host_layout_async, completed_inside_the_call) { check_read_back(); }
OK(pje_buffer_to_host_layout, backwards) {
  pje_buffer *buffer = make();
  pje_layout *layout = parse("strides(-12,-4)");
  float got[6] = {0};
  expect_ok(pje_buffer_to_host_layout(buffer, layout, &got[5], 24));
  expect_values(got, (const float[]){6, 5, 4, 3, 2, 1}, 6);
  pje_layout_release(layout);
  pje_buffer_release(buffer);
}
/* Elements of fewer than 8 bits take a byte each on the host, in every order. */
OK(pje_buffer_to_host_layout, of_small_elements) {
  static const uint8_t values[] = {1, 2, 3, 4, 5, 6};
  uint8_t got[6] = {0};
  pje_buffer *buffer = NULL;
  pje_layout *layout = parse("{0,1}");
  expect_ok(pje_buffer_from_host(shared_client(), values, 6, PJE_U4, kMatrix, 2, NULL, &buffer));
  expect_ok(pje_buffer_to_host_layout(buffer, layout, got, 6));
  assert_memory_equal(got, ((const uint8_t[]){1, 4, 2, 5, 3, 6}), 6);
  pje_layout_release(layout);
  pje_buffer_release(buffer);
}
OK(pje_buffer_to_host_layout, of_nothing) {
  static const int64_t kEmpty[] = {0, 3};
  pje_buffer *buffer = NULL;
  pje_layout *layout = parse("{0,1:T(8,128)}");
  pje_event *done = NULL;
  expect_ok(pje_buffer_from_host(shared_client(), NULL, 0, PJE_F32, kEmpty, 2, NULL, &buffer));
  expect_ok(pje_buffer_to_host_layout(buffer, layout, NULL, 0));
  expect_ok(pje_buffer_to_host_layout_async(buffer, layout, NULL, 0, &done));
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  pje_layout_release(layout);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_to_host_layout, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_to_host_layout(h, NULL, (char[64]){0}, 64))
REFUSES_WRONG_HANDLE(pje_buffer_to_host_layout_async, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_to_host_layout_async(h, NULL, (char[64]){0}, 64, &(pje_event *){NULL}))
FAILS(pje_buffer_to_host_layout, wrong_layout) {
  pje_buffer *buffer = make();
  FOR_WRONG_HANDLES(pje_layout, h) {
    expect_invalid(pje_buffer_to_host_layout(buffer, h, (char[24]){0}, 24), "pje_buffer_to_host_layout",
                   "layout");
  }
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_to_host_layout, bad_arguments) {
  static const struct {
    const char *text;
    size_t size, from;
    pje_code code;
    const char *part;
  } cases[] = {{"{0}", 24, 0, PJE_INVALID_ARGUMENT, "dimensions"},
               {"{0,1}", 23, 0, PJE_INVALID_ARGUMENT, "23"},
               {"{1,0}", 23, 0, PJE_INVALID_ARGUMENT, "23"},
               {"{1,0:T(2,2)}", 31, 0, PJE_INVALID_ARGUMENT, "31"},
               {"strides(16,4)", 27, 0, PJE_INVALID_ARGUMENT, "27"},
               {"strides(-12,4)", 12, 3, PJE_INVALID_ARGUMENT, "12 bytes below"},
               {"strides(0,4)", 24, 0, PJE_INVALID_ARGUMENT, "step over"},
               {"{1,0:T(*,2)}", 24, 0, PJE_UNIMPLEMENTED, "merges"}};
  pje_buffer *buffer = make();
  for (size_t i = 0; i < COUNT(cases); ++i) {
    pje_layout *layout = parse(cases[i].text);
    pje_event *done = (pje_event *)buffer;
    float got[16] = {9};
    expect_error(pje_buffer_to_host_layout(buffer, layout, got + cases[i].from, cases[i].size), cases[i].code,
                 "pje_buffer_to_host_layout", cases[i].part);
    expect_error(pje_buffer_to_host_layout_async(buffer, layout, got + cases[i].from, cases[i].size, &done),
                 cases[i].code, "pje_buffer_to_host_layout_async", cases[i].part);
    assert_null(done);
    assert_true(got[0] == 9);
    pje_layout_release(layout);
  }
  pje_layout *layout = parse("{0,1}");
  expect_invalid(pje_buffer_to_host_layout(buffer, layout, NULL, 24), "pje_buffer_to_host_layout", "data");
  expect_invalid(pje_buffer_to_host_layout_async(buffer, layout, (char[24]){0}, 24, NULL),
                 "pje_buffer_to_host_layout_async", "done");
  expect_ok(pje_buffer_delete(buffer));
  expect_error(pje_buffer_to_host_layout(buffer, layout, (char[24]){0}, 24), PJE_FAILED_PRECONDITION,
               "pje_buffer_to_host_layout", "deleted");
  pje_layout_release(layout);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_to_host_layout_async, late_error) {
  pje_buffer *buffer = make();
  pje_layout *layout = parse("{1,0:T(2,2)}");
  pje_event *done = NULL;
  float got[8];
  expect_ok(pje_buffer_to_host_layout_async(buffer, layout, got, sizeof got, &done));
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer", "lost");
  expect_error(pje_buffer_to_host_layout(buffer, layout, got, sizeof got), PJE_DATA_LOSS,
               "PJRT_Buffer_ToHostBuffer", "lost");
  pje_event_release(done);
  pje_layout_release(layout);
  pje_buffer_release(buffer);
}
/* The buffer, the layout and the event may go before the data have come. */
OK(pje_buffer_to_host_layout_async, everything_released_meanwhile) {
  pje_client *client = open_fake(NULL);
  float *got = (float *)calloc(8, sizeof(float));
  pje_buffer *buffer = NULL;
  pje_layout *layout = parse("{1,0:T(2,2)}");
  pje_event *done = NULL;
  struct calls calls = {0};
  expect_ok(pje_buffer_from_host(client, kRows, 24, PJE_F32, kMatrix, 2, NULL, &buffer));
  expect_ok(pje_buffer_to_host_layout_async(buffer, layout, got, 32, &done));
  expect_ok(pje_event_on_ready(done, count_call, &calls));
  pje_layout_release(layout);
  pje_event_release(done);
  pje_buffer_release(buffer);
  pje_client_release(client);
  wait_for_calls(&calls, 1);
  expect_values(got, (const float[]){1, 2, 4, 5, 3, 0, 6, 0}, 8);
  free(got);
}

#define READ_LATE "late_error=PJRT_Buffer_ToHostBuffer:DATA_LOSS:lost on the way"

int main(void) {
  const struct CMUnitTest buffer_layout[] = {
      cmocka_unit_test(pje_buffer_memory_layout__ok_of_an_upload),
      cmocka_unit_test(pje_buffer_memory_layout__fails_wrong_handle),
      WITH_FAKE("null=PJRT_Buffer_GetMemoryLayout", pje_buffer_memory_layout__fails_not_in_the_plugin),
      WITH_FAKE("column_major=1;layout=ignore",
                pje_buffer_to_host__ok_row_major_although_the_plugin_ignores_it),
      cmocka_unit_test(pje_buffer_from_host__ok_in_a_layout),
      WITH_FAKE("device_layout=label", pje_buffer_from_host__ok_in_a_layout_that_the_plugin_only_notes),
      WITH_FAKE("device_layout=label;layout=ignore",
                pje_buffer_from_host__ok_in_a_layout_noted_and_read_back_as_it_lies),
      WITH_FAKE("layout=ignore", pje_buffer_from_host__ok_in_a_layout_read_back_as_it_lies),
      WITH_FAKE("device_layout=label;layout=ignore;null=PJRT_Buffer_CopyRawToHost",
                pje_buffer_from_host__ok_in_a_layout_without_raw_copies),
      WITH_FAKE("device_layout=label", pje_buffer_from_host__ok_release_runs_once_for_a_rearranged_copy),
      cmocka_unit_test(pje_buffer_from_host__fails_layout_that_does_not_fit),
      WITH_FAKE("device_layout=ignore", pje_buffer_from_host__fails_layout_that_the_plugin_ignores),
      WITH_FAKE("device_layout=refuse", pje_buffer_from_host__fails_layout_that_the_plugin_refuses),
      cmocka_unit_test(pje_buffer_to_host_layout__ok_every_kind),
      WITH_FAKE("platform=cpu", pje_buffer_to_host_layout__ok_on_the_cpu),
      WITH_FAKE("layout=ignore", pje_buffer_to_host_layout__ok_where_the_plugin_ignores_it),
      WITH_FAKE("complete=inside", pje_buffer_to_host_layout_async__ok_completed_inside_the_call),
      cmocka_unit_test(pje_buffer_to_host_layout__ok_backwards),
      cmocka_unit_test(pje_buffer_to_host_layout__ok_of_small_elements),
      cmocka_unit_test(pje_buffer_to_host_layout__ok_of_nothing),
      cmocka_unit_test(pje_buffer_to_host_layout__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_to_host_layout_async__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_to_host_layout__fails_wrong_layout),
      cmocka_unit_test(pje_buffer_to_host_layout__fails_bad_arguments),
      WITH_FAKE(READ_LATE, pje_buffer_to_host_layout_async__fails_late_error),
      WITH_FAKE("delay=PJRT_Buffer_ToHostBuffer:100ms",
                pje_buffer_to_host_layout_async__ok_everything_released_meanwhile),
  };
  return RUN(buffer_layout);
}
