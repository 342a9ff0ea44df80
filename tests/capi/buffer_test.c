#include <pthread.h>

#include "harness.h"

static pje_buffer *make(void) { return upload_ramp(shared_client(), 4); }
static bool is_alive(pje_buffer *buffer) { return pje_buffer_rank(buffer) == 1; }
RETAIN_RELEASE_TESTS(pje_buffer, make(), is_alive)

OK(pje_buffers_release, clears_the_slots) {
  pje_buffer *buffers[3] = {make(), NULL, make()};
  pje_buffer *first = buffers[0];
  uint64_t before = pje_misuse_count();
  pje_buffers_release(buffers, 3);
  for (size_t i = 0; i < 3; ++i) assert_null(buffers[i]);
  pje_buffers_release(NULL, 0);
  assert_int_equal(pje_misuse_count(), before);
  assert_false(is_alive(first));
}
FAILS(pje_buffers_release, wrong_handles_are_counted) {
  pje_buffer *buffers[2] = {(pje_buffer *)shared_client(), make()};
  uint64_t before = pje_misuse_count();
  pje_buffers_release(buffers, 2);
  assert_int_equal(pje_misuse_count() - before, 1);
  assert_null(buffers[1]);
  assert_int_equal(pje_client_num_devices(shared_client()), 4);
}

OK(pje_buffer_to_host, larger_memory_is_left_alone) {
  pje_buffer *buffer = make();
  float got[6] = {9, 9, 9, 9, 9, 9};
  expect_ok(pje_buffer_to_host(buffer, got, sizeof got));
  assert_true(got[0] == 0 && got[3] == 3 && got[4] == 9 && got[5] == 9);
  pje_buffer_release(buffer);
}
/* Row-major comes out whatever the plugin keeps. */
OK(pje_buffer_to_host, row_major_from_a_column_major_plugin) {
  static const int64_t kDims[] = {2, 3};
  static const float values[] = {1, 2, 3, 4, 5, 6};
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_host(shared_client(), values, 24, PJE_F32, kDims, 2, NULL, &buffer));
  expect_f32(buffer, values, 6);
  pje_buffer_release(buffer);
}
static void expect_row_major_output(void) {
  pje_loaded_executable *executable =
      compile_text(shared_client(),
                   "module @iota {\n  func.func public @main() -> tensor<2x3xf32> {\n"
                   "    %0 = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>\n"
                   "    return %0 : tensor<2x3xf32>\n  }\n}\n");
  static const float values[] = {1, 2, 3, 4, 5, 6};
  pje_buffer *output = NULL;
  expect_ok(pje_loaded_executable_execute(executable, NULL, 0, NULL, &output, 1));
  expect_f32(output, values, 6);
  pje_array *array = NULL;
  expect_ok(pje_buffer_to_array(output, &array));
  assert_memory_equal(pje_array_data(array), values, sizeof values);
  pje_array_release(array);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}
OK(pje_buffer_to_host, row_major_of_an_output) { expect_row_major_output(); }
OK(pje_buffer_to_host, row_major_of_an_output_on_the_cpu) { expect_row_major_output(); }
OK(pje_buffer_to_host, pointer_refused_on_the_cpu) { expect_row_major_output(); }
OK(pje_buffer_to_host, reference_refused_on_the_cpu) { expect_row_major_output(); }
/* Read by pointer where the platform is cpu: the error of the plugin's own read-back does not show. */
OK(pje_buffer_to_host, by_pointer_on_the_cpu) {
  pje_buffer *buffer = make();
  pje_event *ready = NULL;
  expect_ok(pje_buffer_ready(buffer, &ready));
  expect_ok(pje_event_wait(ready));
  pje_event_release(ready);
  for (int i = 0; i < 3; ++i) expect_f32(buffer, (float[]){0, 1, 2, 3}, 4);
  expect_ok(pje_buffer_delete(buffer));
  float got[4];
  expect_error(pje_buffer_to_host(buffer, got, 16), PJE_FAILED_PRECONDITION, "pje_buffer_to_host", "deleted");
  pje_buffer_release(buffer);
}
/* A pending buffer has a pointer too, and nothing behind it yet. */
OK(pje_buffer_to_host, pending_on_the_cpu) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *arg = make();
  for (int i = 0; i < 3; ++i) {
    pje_buffer *output = NULL;
    expect_ok(pje_loaded_executable_execute_async(executable, &arg, 1, NULL, &output, 1, NULL));
    for (int k = 0; k < 2; ++k) expect_f32(output, (float[]){1, 2, 3, 4}, 4);
    pje_buffer_release(output);
  }
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
}
FAILS(pje_buffer_to_host, failed_run_on_the_cpu) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *arg = make();
  pje_buffer *output = NULL;
  pje_event *done = NULL;
  expect_ok(pje_loaded_executable_execute_async(executable, &arg, 1, NULL, &output, 1, &done));
  for (int k = 0; k < 2; ++k) {
    float got[4];
    expect_error(pje_buffer_to_host(output, got, 16), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer",
                 "lost on the way");
    expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_LoadedExecutable_Execute", "lost on the way");
  }
  pje_event_release(done);
  pje_buffer_release(output);
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
}
/* Reading never stands in the way of a run that takes the buffer over. */
OK(pje_buffer_to_host, then_donated_on_the_cpu) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_buffer *args[2] = {make(), make()};
  pje_buffer *output = NULL;
  expect_f32(args[0], (float[]){0, 1, 2, 3}, 4);
  expect_f32(args[0], (float[]){0, 1, 2, 3}, 4);
  expect_ok(pje_loaded_executable_execute(executable, args, 2, NULL, &output, 1));
  assert_true(pje_buffer_is_deleted(args[0]));
  float got[4];
  expect_error(pje_buffer_to_host(args[0], got, 16), PJE_FAILED_PRECONDITION, "pje_buffer_to_host",
               "donated");
  expect_f32(output, (float[]){0, 2, 4, 6}, 4);
  pje_buffers_release(args, 2);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}
/* A thread that reads while another gives the buffer away: the read is right or refused, the run never copies
 * because of it. */
struct reading {
  pje_buffer *buffer;
  int wrong;
};
static void *read_until_gone(void *argument) {
  struct reading *reading = (struct reading *)argument;
  static const float values[] = {0, 1, 2, 3};
  for (;;) {
    float got[4] = {9, 9, 9, 9};
    pje_error *error = pje_buffer_to_host(reading->buffer, got, sizeof got);
    if (error == NULL) {
      reading->wrong += memcmp(got, values, sizeof got) != 0;
      continue;
    }
    pje_error_release(error);
    return NULL;
  }
}
OK(pje_buffer_to_host, while_donated_on_the_cpu) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_buffer *other = make();
  for (int i = 0; i < 600; ++i) {
    pje_buffer *args[2] = {make(), other};
    struct reading reading = {args[0], 0};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, read_until_gone, &reading), 0);
    pje_buffer *output = NULL;
    expect_ok(pje_loaded_executable_execute(executable, args, 2, NULL, &output, 1));
    assert_true(pje_buffer_is_deleted(args[0]));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(reading.wrong, 0);
    pje_buffer_release(args[0]);
    pje_buffer_release(output);
  }
  pje_buffer_release(other);
  pje_loaded_executable_release(executable);
}
REFUSES_WRONG_HANDLE(pje_buffer_to_host, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_to_host(h, (char[64]){0}, 64))
FAILS(pje_buffer_to_host, size_too_small_or_data_null) {
  pje_buffer *buffer = make();
  float got[4] = {9, 9, 9, 9};
  expect_invalid(pje_buffer_to_host(buffer, got, 15), "pje_buffer_to_host", "16");
  expect_invalid(pje_buffer_to_host(buffer, got, 0), "pje_buffer_to_host", "16");
  expect_invalid(pje_buffer_to_host(buffer, NULL, 16), "pje_buffer_to_host", "data");
  assert_true(got[0] == 9);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_to_host, late_error) {
  pje_buffer *buffer = make();
  float got[4];
  expect_error(pje_buffer_to_host(buffer, got, 16), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer",
               "lost on the way");
  expect_error(pje_buffer_to_host(buffer, got, 16), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer",
               "lost on the way");
  pje_array *array = (pje_array *)buffer;
  expect_error(pje_buffer_to_array(buffer, &array), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer",
               "lost on the way");
  assert_null(array);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_to_host, error_of_the_upload) {
  pje_buffer *buffer = make();
  float got[4];
  expect_error(pje_buffer_to_host(buffer, got, 16), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer",
               "lost on the way");
  pje_buffer_release(buffer);
  /* An empty buffer has nothing to copy, and its error all the same. */
  expect_ok(pje_buffer_from_host(shared_client(), NULL, 0, PJE_F32, (int64_t[]){0}, 1, NULL, &buffer));
  pje_error *error = pje_buffer_to_host(buffer, NULL, 0);
  assert_int_equal(pje_error_code(error), PJE_DATA_LOSS);
  pje_error_release(error);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_to_host, deleted_buffer) {
  pje_buffer *buffer = make();
  float got[4];
  expect_ok(pje_buffer_delete(buffer));
  expect_error(pje_buffer_to_host(buffer, got, 16), PJE_FAILED_PRECONDITION, "pje_buffer_to_host",
               "pje_buffer_delete");
  pje_buffer_release(buffer);
}

OK(pje_buffer_to_host_async, ready_when_complete) {
  pje_buffer *buffer = make();
  float got[4] = {9, 9, 9, 9};
  pje_event *done = NULL;
  expect_ok(pje_buffer_to_host_async(buffer, got, sizeof got, &done));
  pje_buffer_release(buffer);
  assert_false(pje_event_is_ready(done));
  expect_ok(pje_event_wait(done));
  assert_true(got[3] == 3);
  pje_event_release(done);
}
REFUSES_WRONG_HANDLE(pje_buffer_to_host_async, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_to_host_async(h, (char[64]){0}, 64, &(pje_event *){NULL}))
FAILS(pje_buffer_to_host_async, bad_arguments) {
  const char *function = "pje_buffer_to_host_async";
  pje_buffer *buffer = make();
  float got[4];
  pje_event *done = (pje_event *)buffer;
  expect_invalid(pje_buffer_to_host_async(buffer, got, 15, &done), function, "16");
  assert_null(done);
  expect_invalid(pje_buffer_to_host_async(buffer, NULL, 16, &done), function, "data");
  expect_invalid(pje_buffer_to_host_async(buffer, got, 16, NULL), function, "done");
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_to_host_async, late_error_is_in_the_event) {
  pje_buffer *buffer = make();
  float got[4];
  pje_event *done = NULL;
  expect_ok(pje_buffer_to_host_async(buffer, got, 16, &done));
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer", "lost on the way");
  expect_error(pje_event_error(done), PJE_DATA_LOSS, "PJRT_Buffer_ToHostBuffer", "lost on the way");
  pje_event_release(done);
  pje_buffer_release(buffer);
}

OK(pje_buffer_to_array, new_array) {
  pje_buffer *buffer = make();
  pje_array *array = NULL;
  expect_ok(pje_buffer_to_array(buffer, &array));
  pje_buffer_release(buffer);
  assert_int_equal(pje_array_dtype(array), PJE_F32);
  assert_int_equal(pje_array_dims(array)[0], 4);
  assert_true(((float *)pje_array_data(array))[3] == 3);
  pje_array_release(array);
}
REFUSES_WRONG_HANDLE(pje_buffer_to_array, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_to_array(h, &(pje_array *){NULL}))
FAILS(pje_buffer_to_array, deleted_or_out_null) {
  pje_buffer *buffer = make();
  pje_array *array = (pje_array *)buffer;
  expect_invalid(pje_buffer_to_array(buffer, NULL), "pje_buffer_to_array", "out");
  expect_ok(pje_buffer_delete(buffer));
  expect_error(pje_buffer_to_array(buffer, &array), PJE_FAILED_PRECONDITION, "pje_buffer_to_array",
               "deleted");
  assert_null(array);
  pje_buffer_release(buffer);
}

OK(pje_buffer_to_array_async, waiting_may_be_given_up) {
  pje_client *client = open_fake(NULL);
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_array *array = NULL;
  pje_event *done = NULL;
  expect_ok(pje_buffer_to_array_async(buffer, &array, &done));
  pje_array_release(array);
  pje_event_release(done);
  expect_ok(pje_buffer_to_array_async(buffer, &array, &done));
  pje_buffer_release(buffer);
  expect_ok(pje_event_wait(done));
  assert_true(((float *)pje_array_data(array))[3] == 3);
  pje_event_release(done);
  pje_array_release(array);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_buffer_to_array_async, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_to_array_async(h, &(pje_array *){NULL}, &(pje_event *){NULL}))
FAILS(pje_buffer_to_array_async, bad_arguments) {
  const char *function = "pje_buffer_to_array_async";
  pje_buffer *buffer = make();
  pje_array *array = (pje_array *)buffer;
  pje_event *done = (pje_event *)buffer;
  expect_ok(pje_buffer_delete(buffer));
  expect_error(pje_buffer_to_array_async(buffer, &array, &done), PJE_FAILED_PRECONDITION, function,
               "deleted");
  assert_null(array);
  assert_null(done);
  expect_invalid(pje_buffer_to_array_async(buffer, NULL, &done), function, "out");
  expect_invalid(pje_buffer_to_array_async(buffer, &array, NULL), function, "done");
  pje_buffer_release(buffer);
}

#define ACCESSOR(function, check, wrong) \
  OK(function, of_a_vector) {            \
    pje_buffer *buffer = make();         \
    assert_true(check);                  \
    pje_buffer_release(buffer);          \
  }                                      \
  ANSWERS_WRONG_HANDLE(function, pje_buffer, wrong)
ACCESSOR(pje_buffer_dtype, pje_buffer_dtype(buffer) == PJE_F32,
         assert_int_equal(pje_buffer_dtype(h), PJE_DTYPE_INVALID))
ACCESSOR(pje_buffer_rank, pje_buffer_rank(buffer) == 1, assert_int_equal(pje_buffer_rank(h), 0))
ACCESSOR(pje_buffer_dims, pje_buffer_dims(buffer)[0] == 4, assert_null(pje_buffer_dims(h)))
ACCESSOR(pje_buffer_host_size, pje_buffer_host_size(buffer) == 16,
         assert_int_equal(pje_buffer_host_size(h), 0))
ACCESSOR(pje_buffer_client, pje_buffer_client(buffer) == shared_client(), assert_null(pje_buffer_client(h)))
ACCESSOR(pje_buffer_device, pje_buffer_device(buffer) == pje_client_addressable_device(shared_client(), 0),
         assert_null(pje_buffer_device(h)))
ACCESSOR(pje_buffer_memory, pje_buffer_memory(buffer) == pje_client_addressable_memory(shared_client(), 0),
         assert_null(pje_buffer_memory(h)))
ACCESSOR(pje_buffer_is_deleted, !pje_buffer_is_deleted(buffer), (void)pje_buffer_is_deleted(h))

OK(pje_buffer_dims, outlives_the_buffer) {
  pje_buffer *buffer = make();
  const int64_t *dims = pje_buffer_dims(buffer);
  pje_buffer_release(buffer);
  assert_int_equal(dims[0], 4);
}

OK(pje_buffer_delete, twice_is_fine) {
  pje_buffer *buffer = make();
  expect_ok(pje_buffer_delete(buffer));
  assert_true(pje_buffer_is_deleted(buffer));
  expect_ok(pje_buffer_delete(buffer));
  assert_int_equal(pje_buffer_dtype(buffer), PJE_F32);
  pje_buffer_release(buffer);
}
static int64_t bytes_in_use(pje_client *client) {
  pje_named_values *stats = NULL;
  int64_t bytes = -1;
  expect_ok(pje_device_memory_stats(pje_client_addressable_device(client, 0), &stats));
  expect_ok(pje_named_values_get_int64(stats, pje_named_values_find(stats, "bytes_in_use"), &bytes));
  pje_named_values_release(stats);
  return bytes;
}
OK(pje_buffer_delete, frees_the_memory) {
  static const int64_t dims[] = {4};
  pje_client *client = open_fake(NULL);
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_create_uninitialized(client, PJE_F32, dims, 1, NULL, &buffer));
  assert_int_equal(bytes_in_use(client), 16);
  expect_ok(pje_buffer_delete(buffer));
  assert_int_equal(bytes_in_use(client), 0);
  pje_buffer_release(buffer);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_buffer_delete, wrong_handle, pje_buffer, "buffer", pje_buffer_delete(h))

static pje_buffer *buffer_of_callback;
static void use_inside(void) {
  pje_buffer *buffer = NULL;
  pje_array *array = NULL;
  pje_event *event = NULL;
  float got[4];
  const pje_code code = PJE_FAILED_PRECONDITION;
  expect_error(pje_buffer_from_host(shared_client(), got, 16, PJE_F32, NULL, 0, NULL, &buffer), code,
               "pje_buffer_from_host", "callback");
  expect_error(pje_buffer_to_host(buffer_of_callback, got, 16), code, "pje_buffer_to_host", "callback");
  expect_error(pje_buffer_to_host_async(buffer_of_callback, got, 16, &event), code,
               "pje_buffer_to_host_async", "callback");
  expect_error(pje_buffer_to_array(buffer_of_callback, &array), code, "pje_buffer_to_array", "callback");
  expect_error(pje_buffer_ready(buffer_of_callback, &event), code, "pje_buffer_ready", "callback");
  expect_error(pje_buffer_wait(buffer_of_callback), code, "pje_buffer_wait", "callback");
  expect_error(pje_buffer_delete(buffer_of_callback), code, "pje_buffer_delete", "callback");
  assert_int_equal(pje_buffer_rank(buffer_of_callback), 1);
  assert_int_equal(pje_buffer_host_size(buffer_of_callback), 16);
  assert_false(pje_buffer_is_deleted(buffer_of_callback));
  pje_buffer_release(pje_buffer_retain(buffer_of_callback));
  pje_buffers_release(&buffer_of_callback, 1);
}
FAILS(pje_buffer_to_host, inside_a_callback) {
  buffer_of_callback = make();
  run_in_callback(use_inside);
  assert_null(buffer_of_callback);
}

#define ACCESSOR_LIST(function) \
  cmocka_unit_test(function##__ok_of_a_vector), cmocka_unit_test(function##__fails_wrong_handle)
#define UPLOAD_LATE "late_error=PJRT_Client_BufferFromHostBuffer:DATA_LOSS:lost on the way"
#define RUN_LATE "late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:lost on the way"
#define READ_LATE "late_error=PJRT_Buffer_ToHostBuffer:DATA_LOSS:lost on the way"

int main(void) {
  const struct CMUnitTest buffer[] = {
      RETAIN_RELEASE_LIST(pje_buffer),
      cmocka_unit_test(pje_buffers_release__ok_clears_the_slots),
      cmocka_unit_test(pje_buffers_release__fails_wrong_handles_are_counted),
      cmocka_unit_test(pje_buffer_to_host__ok_larger_memory_is_left_alone),
      WITH_FAKE("column_major=1", pje_buffer_to_host__ok_row_major_from_a_column_major_plugin),
      WITH_FAKE("column_major=1", pje_buffer_to_host__ok_row_major_of_an_output),
      cmocka_unit_test(pje_buffer_to_host__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_to_host__fails_size_too_small_or_data_null),
      WITH_FAKE(READ_LATE, pje_buffer_to_host__fails_late_error),
      WITH_FAKE(UPLOAD_LATE, pje_buffer_to_host__fails_error_of_the_upload),
      WITH_FAKE("platform=cpu;" READ_LATE, pje_buffer_to_host__ok_by_pointer_on_the_cpu),
      WITH_FAKE("platform=cpu;delay=PJRT_LoadedExecutable_Execute:50ms",
                pje_buffer_to_host__ok_pending_on_the_cpu),
      WITH_FAKE("platform=cpu;" RUN_LATE, pje_buffer_to_host__fails_failed_run_on_the_cpu),
      WITH_FAKE("platform=cpu;column_major=1", pje_buffer_to_host__ok_row_major_of_an_output_on_the_cpu),
      WITH_FAKE("platform=cpu;fail=PJRT_Buffer_UnsafePointer:1+:INTERNAL",
                pje_buffer_to_host__ok_pointer_refused_on_the_cpu),
      WITH_FAKE("platform=cpu;fail=PJRT_Buffer_IncreaseExternalReferenceCount:1+:INTERNAL",
                pje_buffer_to_host__ok_reference_refused_on_the_cpu),
      WITH_FAKE("platform=cpu", pje_buffer_to_host__ok_then_donated_on_the_cpu),
      WITH_FAKE("platform=cpu", pje_buffer_to_host__ok_while_donated_on_the_cpu),
      cmocka_unit_test(pje_buffer_to_host__fails_deleted_buffer),
      WITH_FAKE("complete=inside", pje_buffer_to_host__fails_inside_a_callback),
      WITH_FAKE("delay=PJRT_Buffer_ToHostBuffer:1500ms", pje_buffer_to_host_async__ok_ready_when_complete),
      cmocka_unit_test(pje_buffer_to_host_async__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_to_host_async__fails_bad_arguments),
      WITH_FAKE(READ_LATE, pje_buffer_to_host_async__fails_late_error_is_in_the_event),
      cmocka_unit_test(pje_buffer_to_array__ok_new_array),
      cmocka_unit_test(pje_buffer_to_array__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_to_array__fails_deleted_or_out_null),
      WITH_FAKE("delay=PJRT_Buffer_ToHostBuffer:100ms",
                pje_buffer_to_array_async__ok_waiting_may_be_given_up),
      cmocka_unit_test(pje_buffer_to_array_async__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_to_array_async__fails_bad_arguments),
      ACCESSOR_LIST(pje_buffer_dtype),
      ACCESSOR_LIST(pje_buffer_rank),
      ACCESSOR_LIST(pje_buffer_dims),
      ACCESSOR_LIST(pje_buffer_host_size),
      ACCESSOR_LIST(pje_buffer_client),
      ACCESSOR_LIST(pje_buffer_device),
      ACCESSOR_LIST(pje_buffer_memory),
      ACCESSOR_LIST(pje_buffer_is_deleted),
      cmocka_unit_test(pje_buffer_dims__ok_outlives_the_buffer),
      cmocka_unit_test(pje_buffer_delete__ok_twice_is_fine),
      cmocka_unit_test(pje_buffer_delete__ok_frees_the_memory),
      cmocka_unit_test(pje_buffer_delete__fails_wrong_handle),
  };
  return RUN(buffer);
}
