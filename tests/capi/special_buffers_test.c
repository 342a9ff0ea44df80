/* Buffers that no upload and no program makes, and fulfilments. */
#include "harness.h"

static const int64_t kFour[] = {4};
static const float kRamp[] = {0, 1, 2, 3};
static pje_buffer *make(void) { return upload_ramp(shared_client(), 4); }
static pje_error *the_error(void) { return pje_error_create(PJE_DATA_LOSS, "gone for good"); }

OK(pje_buffer_create_uninitialized, in_any_place) {
  pje_buffer_options options = PJE_BUFFER_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  float got[4];
  expect_ok(pje_buffer_create_uninitialized(shared_client(), PJE_F32, kFour, 1, NULL, &buffer));
  expect_ok(pje_buffer_to_host(buffer, got, 16));
  pje_buffer_release(buffer);
  options.device = pje_client_addressable_device(shared_client(), 2);
  expect_ok(pje_buffer_create_uninitialized(shared_client(), PJE_F32, kFour, 1, &options, &buffer));
  assert_ptr_equal(pje_buffer_device(buffer), options.device);
  pje_buffer_release(buffer);
  options.device = NULL;
  options.memory = pje_client_addressable_memory(shared_client(), 1);
  expect_ok(pje_buffer_create_uninitialized(shared_client(), PJE_S8, kFour, 1, &options, &buffer));
  assert_ptr_equal(pje_buffer_memory(buffer), options.memory);
  assert_int_equal(pje_buffer_dtype(buffer), PJE_S8);
  pje_buffer_release(buffer);
}
OK(pje_buffer_create_uninitialized, in_a_layout) {
  static const int64_t dims[] = {2, 3};
  pje_buffer_options options = PJE_BUFFER_OPTIONS_INIT;
  pje_layout *columns = NULL, *got = NULL;
  pje_buffer *buffer = NULL;
  expect_ok(pje_layout_from_text("{0,1}", &columns));
  options.layout = columns;
  expect_ok(pje_buffer_create_uninitialized(shared_client(), PJE_F32, dims, 2, &options, &buffer));
  expect_ok(pje_buffer_memory_layout(buffer, &got));
  assert_true(pje_layout_equal(got, columns));
  pje_layout_release(columns);
  pje_layout_release(got);
  pje_buffer_release(buffer);
}
/* Strides with room between the elements are none of the orders that every plugin knows: it decides. */
FAILS(pje_buffer_create_uninitialized, strides_that_the_plugin_refuses) {
  static const int64_t strides[] = {48, 12}, dims[] = {2, 3};
  pje_buffer_options options = PJE_BUFFER_OPTIONS_INIT;
  pje_layout *layout = NULL;
  pje_buffer *buffer = NULL;
  expect_ok(pje_layout_create_strided(strides, 2, &layout));
  options.layout = layout;
  expect_invalid(pje_buffer_create_uninitialized(shared_client(), PJE_F32, dims, 2, &options, &buffer),
                 "PJRT_Client_CreateUninitializedBuffer", "not byte strides 48, 12");
  assert_null(buffer);
  pje_layout_release(layout);
}
FAILS(pje_buffer_create_uninitialized, larger_than_memory) {
  static const int64_t dims[] = {1 << 20};
  pje_buffer *buffer = NULL;
  expect_error(pje_buffer_create_uninitialized(shared_client(), PJE_F32, dims, 1, NULL, &buffer),
               PJE_RESOURCE_EXHAUSTED, "PJRT_Client_CreateUninitializedBuffer", "memory");
}

OK(pje_buffer_create_error, whoever_reads_it_gets_the_error) {
  pje_error *error = the_error();
  pje_buffer *buffer = NULL, *output = NULL;
  pje_event *ready = NULL;
  float got[4];
  expect_ok(pje_buffer_create_error(shared_client(), error, PJE_F32, kFour, 1, NULL, &buffer));
  pje_error_release(error);
  expect_ok(pje_buffer_ready(buffer, &ready));
  expect_error(pje_event_wait(ready), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "gone for good");
  expect_error(pje_buffer_to_host(buffer, got, 16), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer",
               "gone for good");
  expect_ok(pje_loaded_executable_execute_async(shared_add1(), &buffer, 1, NULL, &output, 1, NULL));
  pje_error *late = pje_buffer_to_host(output, got, 16);
  assert_non_null(late);
  pje_error_release(late);
  pje_event_release(ready);
  pje_buffer_release(output);
  pje_buffer_release(buffer);
}
/* An error with payloads is one that a plugin made: here the first of PJRT_Client_Devices' successors. */
OK(pje_buffer_create_error, payloads_go_with_it) {
  pje_device *device = NULL;
  pje_error *error = pje_client_lookup_device(shared_client(), 1234, &device);
  pje_buffer *buffer = NULL;
  pje_event *ready = NULL;
  const char *key = NULL;
  const void *data = NULL;
  size_t size = 0;
  bool found = false;
  assert_int_equal(pje_error_num_payloads(error), 1);
  expect_ok(pje_buffer_create_error(shared_client(), error, PJE_F32, kFour, 1, NULL, &buffer));
  pje_error_release(error);
  expect_ok(pje_buffer_ready(buffer, &ready));
  error = pje_event_wait(ready);
  for (size_t i = 0; pje_error_payload(error, i, &key, &data, &size); ++i)
    found = found || (strcmp(key, "url") == 0 && size == 4 && memcmp(data, "here", 4) == 0);
  assert_true(found);
  pje_error_release(error);
  pje_event_release(ready);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_create_error, without_an_error) {
  pje_buffer *buffer = NULL;
  FOR_WRONG_HANDLES(pje_error, h) {
    expect_invalid(pje_buffer_create_error(shared_client(), h, PJE_F32, kFour, 1, NULL, &buffer),
                   "pje_buffer_create_error", "error");
  }
}

static pje_buffer *alias(pje_fulfilment **fulfilment) {
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_create_alias(shared_client(), PJE_F32, kFour, 1, NULL, &buffer, fulfilment));
  assert_non_null(buffer);
  assert_non_null(*fulfilment);
  return buffer;
}
OK(pje_buffer_create_alias, programs_run_on_it_at_once) {
  pje_fulfilment *fulfilment = NULL;
  pje_buffer *pending = alias(&fulfilment), *source = make(), *output = NULL;
  pje_event *done = NULL;
  expect_ok(pje_loaded_executable_execute_async(shared_add1(), &pending, 1, NULL, &output, 1, &done));
  assert_false(pje_event_is_ready(done));
  expect_ok(pje_fulfilment_set_buffer(fulfilment, source));
  pje_fulfilment_release(fulfilment);
  expect_f32(output, (float[]){1, 2, 3, 4}, 4);
  expect_f32(pending, kRamp, 4);
  pje_event_release(done);
  pje_buffer_release(source);
  pje_buffer_release(pending);
  pje_buffer_release(output);
}
FAILS(pje_buffer_create_alias, never_fulfilled) {
  pje_fulfilment *fulfilment = NULL;
  pje_buffer *pending = alias(&fulfilment);
  float got[4];
  pje_fulfilment_release(fulfilment);
  expect_error(pje_buffer_to_host(pending, got, 16), PJE_CANCELLED, "PJRT_Buffer_ToHostBuffer", "released");
  pje_buffer_release(pending);
}
/* Closing waits for nobody's promise for ever. */
FAILS(pje_buffer_create_alias, client_closed_before) {
  pje_client *client = open_fake(NULL);
  pje_fulfilment *fulfilment = NULL;
  pje_buffer *pending = NULL, *source = make();
  expect_ok(pje_buffer_create_alias(client, PJE_F32, kFour, 1, NULL, &pending, &fulfilment));
  expect_error(pje_client_close(client, 1000000), PJE_DEADLINE_EXCEEDED, "pje_client_close", "running");
  pje_error *error = the_error();
  expect_ok(pje_fulfilment_set_error(fulfilment, error));
  pje_error_release(error);
  expect_ok(pje_client_close(client, -1));
  pje_buffer_release(pending);
  pje_fulfilment_release(fulfilment);
  pje_client_release(client);
  pje_buffer_release(source);
}

struct memory {
  struct calls released;
  float *data;
};
static struct memory *aligned_memory(void) {
  static struct memory memory;
  static char room[64 + 64];
  memory.data = (float *)((((uintptr_t)room) + 63) & ~(uintptr_t)63);
  memory.released.count = 0;
  memcpy(memory.data, kRamp, sizeof kRamp);
  return &memory;
}
OK(pje_buffer_create_view, released_once_when_the_last_user_is_gone) {
  struct memory *memory = aligned_memory();
  pje_view_options options = PJE_VIEW_OPTIONS_INIT;
  pje_buffer *buffer = NULL, *output = NULL;
  options.release = count_call;
  options.release_data = &memory->released;
  options.device = pje_client_addressable_device(shared_client(), 1);
  expect_ok(pje_buffer_create_view(shared_client(), memory->data, 16, PJE_F32, kFour, 1, &options, &buffer));
  assert_ptr_equal(pje_buffer_device(buffer), options.device);
  memory->data[0] = 7;
  expect_f32(buffer, (float[]){7, 1, 2, 3}, 4);
  assert_int_equal(calls_so_far(&memory->released), 0);
  pje_buffer_release(buffer);
  wait_for_calls(&memory->released, 1);
  expect_ok(pje_buffer_create_view(shared_client(), memory->data, 16, PJE_F32, kFour, 1, NULL, &buffer));
  expect_ok(pje_loaded_executable_execute(shared_add1(), &buffer, 1, NULL, &output, 1));
  expect_f32(output, (float[]){8, 2, 3, 4}, 4);
  pje_buffer_release(buffer);
  pje_buffer_release(output);
  assert_int_equal(calls_so_far(&memory->released), 1);
}
OK(pje_buffer_create_view, of_a_memory_after_a_stream) {
  const char *log = temporary_path("views.log");
  pje_client *client = open_logging_fake(log);
  pje_view_options options = PJE_VIEW_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  options.memory = pje_client_addressable_memory(client, 4);
  options.stream = 4711;
  expect_ok(pje_buffer_create_view(client, aligned_memory()->data, 16, PJE_F32, kFour, 1, &options, &buffer));
  assert_ptr_equal(pje_buffer_memory(buffer), options.memory);
  assert_true(file_has(log, "VIEW stream=4711"));
  pje_buffer_release(buffer);
  pje_client_release(client);
}
FAILS(pje_buffer_create_view, not_released_on_an_error) {
  const char *function = "pje_buffer_create_view";
  struct memory *memory = aligned_memory();
  pje_view_options options = PJE_VIEW_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  pje_client *client = shared_client();
  options.release = count_call;
  options.release_data = &memory->released;
  expect_invalid(pje_buffer_create_view(client, memory->data, 15, PJE_F32, kFour, 1, &options, &buffer),
                 function, "16");
  expect_invalid(pje_buffer_create_view(client, NULL, 16, PJE_F32, kFour, 1, &options, &buffer), function,
                 "data");
  expect_invalid(pje_buffer_create_view(client, memory->data + 1, 16, PJE_F32, kFour, 1, &options, &buffer),
                 "PJRT_Client_CreateViewOfDeviceBuffer", "64");
  assert_null(buffer);
  assert_int_equal(calls_so_far(&memory->released), 0);
}
FAILS(pje_buffer_create_view, memory_of_an_old_plugin) {
  struct memory *memory = aligned_memory();
  pje_view_options options = PJE_VIEW_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  options.memory = pje_client_addressable_memory(shared_client(), 1);
  expect_error(
      pje_buffer_create_view(shared_client(), memory->data, 16, PJE_F32, kFour, 1, &options, &buffer),
      PJE_UNIMPLEMENTED, "pje_buffer_create_view", "0.66");
}

/* What all four refuse alike. */
typedef pje_error *make_special(pje_client *, pje_dtype, const int64_t *, size_t, const pje_buffer_options *,
                                pje_buffer **);
static pje_error *error_buffer(pje_client *client, pje_dtype dtype, const int64_t *dims, size_t rank,
                               const pje_buffer_options *options, pje_buffer **out) {
  pje_error *carried = the_error();
  pje_error *error = pje_buffer_create_error(client, carried, dtype, dims, rank, options, out);
  pje_error_release(carried);
  return error;
}
static pje_error *alias_buffer(pje_client *client, pje_dtype dtype, const int64_t *dims, size_t rank,
                               const pje_buffer_options *options, pje_buffer **out) {
  pje_fulfilment *fulfilment = NULL;
  return pje_buffer_create_alias(client, dtype, dims, rank, options, out, &fulfilment);
}
static pje_error *view_buffer(pje_client *client, pje_dtype dtype, const int64_t *dims, size_t rank,
                              const pje_buffer_options *options, pje_buffer **out) {
  pje_view_options view = PJE_VIEW_OPTIONS_INIT;
  if (options != NULL) {
    view.struct_size = options->struct_size == 0 ? 0 : sizeof view;
    view.device = options->device;
    view.memory = options->memory;
    view.layout = options->layout;
  }
  return pje_buffer_create_view(client, aligned_memory()->data, 16, dtype, dims, rank, &view, out);
}
static void check_refused(make_special *create, const char *function) {
  static const int64_t negative[] = {-1}, huge[] = {INT64_MAX, INT64_MAX};
  pje_buffer_options options = PJE_BUFFER_OPTIONS_INIT;
  pje_client *client = shared_client(), *other = open_fake(NULL);
  pje_buffer *buffer = (pje_buffer *)client;
  pje_layout *matrix = NULL;
  FOR_WRONG_HANDLES(pje_client, h)
  expect_invalid(create(h, PJE_F32, kFour, 1, NULL, &buffer), function, "client");
  assert_null(buffer);
  expect_invalid(create(client, PJE_F32, kFour, 1, NULL, NULL), function, "out");
  expect_invalid(create(client, PJE_F32, NULL, 1, NULL, &buffer), function, "dims");
  expect_invalid(create(client, PJE_F32, negative, 1, NULL, &buffer), function, "-1");
  expect_invalid(create(client, PJE_F32, huge, 2, NULL, &buffer), function, "overflow");
  expect_invalid(create(client, PJE_F32, kFour, 65, NULL, &buffer), function, "65");
  expect_invalid(create(client, PJE_TOKEN, NULL, 0, NULL, &buffer), function, "token");
  expect_invalid(create(client, PJE_DTYPE_INVALID, kFour, 1, NULL, &buffer), function, "dtype");
  expect_invalid(create(client, (pje_dtype)99, kFour, 1, NULL, &buffer), function, "99");
  options.struct_size = 0;
  expect_invalid(create(client, PJE_F32, kFour, 1, &options, &buffer), function, "struct_size");
  options.struct_size = sizeof options;
  options.device = pje_client_addressable_device(other, 0);
  expect_invalid(create(client, PJE_F32, kFour, 1, &options, &buffer), function, "another client");
  options.memory = pje_client_addressable_memory(client, 0);
  expect_invalid(create(client, PJE_F32, kFour, 1, &options, &buffer), function, "at most one");
  options.device = NULL;
  options.memory = pje_client_addressable_memory(other, 0);
  expect_invalid(create(client, PJE_F32, kFour, 1, &options, &buffer), function, "another client");
  options.memory = NULL;
  expect_ok(pje_layout_from_text("{1,0}", &matrix));
  options.layout = matrix;
  expect_invalid(create(client, PJE_F32, kFour, 1, &options, &buffer), function, "{1,0}");
  options.layout = (const pje_layout *)client;
  expect_invalid(create(client, PJE_F32, kFour, 1, &options, &buffer), function, "layout");
  assert_null(buffer);
  pje_layout_release(matrix);
  pje_client_release(other);
}
FAILS(pje_buffer_create_uninitialized, bad_arguments) {
  check_refused(pje_buffer_create_uninitialized, "pje_buffer_create_uninitialized");
}
FAILS(pje_buffer_create_error, bad_arguments) { check_refused(error_buffer, "pje_buffer_create_error"); }
FAILS(pje_buffer_create_alias, bad_arguments) { check_refused(alias_buffer, "pje_buffer_create_alias"); }
FAILS(pje_buffer_create_view, bad_arguments) { check_refused(view_buffer, "pje_buffer_create_view"); }
FAILS(pje_buffer_create_uninitialized, dtype_newer_than_the_plugin) {
  pje_buffer *buffer = NULL;
  expect_error(pje_buffer_create_uninitialized(shared_client(), PJE_S1, kFour, 1, NULL, &buffer),
               PJE_UNIMPLEMENTED, "pje_buffer_create_uninitialized", "0.94");
}

OK(pje_buffer_bitcast, shows_the_same_memory) {
  static const int64_t dims[] = {2, 2}, bytes[] = {16};
  pje_buffer *buffer = make(), *words = NULL, *octets = NULL;
  uint32_t got[4];
  expect_ok(pje_buffer_bitcast(buffer, PJE_U32, dims, 2, NULL, &words));
  assert_int_equal(pje_buffer_rank(words), 2);
  expect_ok(pje_buffer_to_host(words, got, sizeof got));
  assert_memory_equal(got, kRamp, 16);
  expect_ok(pje_buffer_bitcast(words, PJE_U8, bytes, 1, NULL, &octets));
  pje_buffer_release(buffer);
  pje_buffer_release(words);
  assert_int_equal(pje_buffer_host_size(octets), 16);
  pje_buffer_release(octets);
}
OK(pje_buffer_bitcast, in_a_layout) {
  static const int64_t dims[] = {2, 2};
  pje_buffer *buffer = make(), *columns = NULL;
  pje_layout *layout = NULL;
  expect_ok(pje_layout_from_text("{0,1}", &layout));
  expect_ok(pje_buffer_bitcast(buffer, PJE_F32, dims, 2, layout, &columns));
  expect_f32(columns, (float[]){0, 2, 1, 3}, 4);
  pje_layout_release(layout);
  pje_buffer_release(columns);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_bitcast, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_bitcast(h, PJE_U32, kFour, 1, NULL, &(pje_buffer *){NULL}))
FAILS(pje_buffer_bitcast, bad_arguments) {
  const char *function = "pje_buffer_bitcast";
  pje_buffer *buffer = make(), *cast = buffer;
  pje_layout *matrix = NULL;
  expect_ok(pje_layout_from_text("{1,0}", &matrix));
  expect_invalid(pje_buffer_bitcast(buffer, PJE_F64, kFour, 1, NULL, &cast), function, "bits");
  assert_null(cast);
  expect_invalid(pje_buffer_bitcast(buffer, PJE_TOKEN, kFour, 1, NULL, &cast), function, "token");
  expect_invalid(pje_buffer_bitcast(buffer, PJE_U32, NULL, 1, NULL, &cast), function, "dims");
  expect_invalid(pje_buffer_bitcast(buffer, PJE_U32, kFour, 1, matrix, &cast), function, "{1,0}");
  expect_invalid(pje_buffer_bitcast(buffer, PJE_U32, kFour, 1, NULL, NULL), function, "out");
  expect_ok(pje_buffer_delete(buffer));
  expect_error(pje_buffer_bitcast(buffer, PJE_U32, kFour, 1, NULL, &cast), PJE_FAILED_PRECONDITION, function,
               "deleted");
  pje_layout_release(matrix);
  pje_buffer_release(buffer);
}

#define REFUSED(function) cmocka_unit_test(function##__fails_wrong_handle)

int main(void) {
  const struct CMUnitTest special_buffers[] = {
      cmocka_unit_test(pje_buffer_create_uninitialized__ok_in_any_place),
      cmocka_unit_test(pje_buffer_create_uninitialized__ok_in_a_layout),
      cmocka_unit_test(pje_buffer_create_uninitialized__fails_strides_that_the_plugin_refuses),
      WITH_FAKE("memory=65536", pje_buffer_create_uninitialized__fails_larger_than_memory),
      cmocka_unit_test(pje_buffer_create_uninitialized__fails_bad_arguments),
      WITH_FAKE("minor=81", pje_buffer_create_uninitialized__fails_dtype_newer_than_the_plugin),
      cmocka_unit_test(pje_buffer_create_error__ok_whoever_reads_it_gets_the_error),
      WITH_FAKE("payload=url:here", pje_buffer_create_error__ok_payloads_go_with_it),
      cmocka_unit_test(pje_buffer_create_error__fails_without_an_error),
      cmocka_unit_test(pje_buffer_create_error__fails_bad_arguments),
      cmocka_unit_test(pje_buffer_create_alias__ok_programs_run_on_it_at_once),
      cmocka_unit_test(pje_buffer_create_alias__fails_never_fulfilled),
      cmocka_unit_test(pje_buffer_create_alias__fails_client_closed_before),
      cmocka_unit_test(pje_buffer_create_alias__fails_bad_arguments),
      cmocka_unit_test(pje_buffer_create_view__ok_released_once_when_the_last_user_is_gone),
      cmocka_unit_test(pje_buffer_create_view__ok_of_a_memory_after_a_stream),
      cmocka_unit_test(pje_buffer_create_view__fails_not_released_on_an_error),
      cmocka_unit_test(pje_buffer_create_view__fails_bad_arguments),
      WITH_FAKE("minor=65", pje_buffer_create_view__fails_memory_of_an_old_plugin),
      cmocka_unit_test(pje_buffer_bitcast__ok_shows_the_same_memory),
      cmocka_unit_test(pje_buffer_bitcast__ok_in_a_layout),
      REFUSED(pje_buffer_bitcast),
      cmocka_unit_test(pje_buffer_bitcast__fails_bad_arguments),
  };
  return RUN(special_buffers);
}
