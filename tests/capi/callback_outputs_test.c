/* A call that is refused inside a callback clears its outputs all the same. */
#include "harness.h"

static void *const kDirty = (void *)0x55;

#define REFUSED(call, function, output)                                                \
  do {                                                                                 \
    expect_error(call, PJE_FAILED_PRECONDITION, function, "called inside a callback"); \
    assert_null(output);                                                               \
  } while (0)

static pje_buffer *buffer;
static pje_event *event;

static void refused_calls(void) {
  const float values[4] = {0};
  const int64_t dims[1] = {4};
  pje_buffer *outputs[2] = {kDirty, kDirty};
  pje_event *done = kDirty;
  pje_array *array = kDirty;
  pje_client *client = kDirty;
  pje_plugin *plugin = kDirty;
  pje_device *device = kDirty;
  pje_program *program = kDirty;
  pje_loaded_executable *executable = kDirty;
  size_t count = 7;
  uint64_t tag;
  pje_error *error;
  pje_completion_queue *queue = kDirty;
  REFUSED(pje_buffer_from_host(shared_client(), values, sizeof values, PJE_F32, dims, 1, NULL, &outputs[0]),
          "pje_buffer_from_host", outputs[0]);
  outputs[0] = kDirty;
  REFUSED(pje_buffer_from_host_async(shared_client(), values, sizeof values, PJE_F32, dims, 1, NULL,
                                     &outputs[0], &done),
          "pje_buffer_from_host_async", outputs[0]);
  assert_null(done);
  done = kDirty;
  outputs[0] = kDirty;
  REFUSED(pje_loaded_executable_execute_async(shared_add1(), &buffer, 1, NULL, outputs, 2, &done),
          "pje_loaded_executable_execute_async", outputs[0]);
  assert_null(outputs[1]);
  assert_null(done);
  done = kDirty;
  outputs[0] = outputs[1] = kDirty;
  REFUSED(pje_loaded_executable_execute_sharded_async(shared_add1(), 1, &buffer, 1, NULL, outputs, 2, &done),
          "pje_loaded_executable_execute_sharded_async", outputs[1]);
  assert_null(outputs[0]);
  assert_null(done);
  /* Overlapping lists are inputs too: left alone. */
  pje_buffer *both[1] = {buffer};
  expect_error(pje_loaded_executable_execute(shared_add1(), both, 1, NULL, both, 1), PJE_FAILED_PRECONDITION,
               "pje_loaded_executable_execute", "called inside a callback");
  assert_ptr_equal(both[0], buffer);
  REFUSED(pje_buffer_to_array(buffer, &array), "pje_buffer_to_array", array);
  array = kDirty;
  done = kDirty;
  REFUSED(pje_buffer_to_array_async(buffer, &array, &done), "pje_buffer_to_array_async", array);
  assert_null(done);
  done = kDirty;
  REFUSED(pje_event_all(&event, 1, &done), "pje_event_all", done);
  REFUSED(pje_client_open("fake", NULL, &client), "pje_client_open", client);
  REFUSED(pje_plugin_load(fake_path(), NULL, &plugin), "pje_plugin_load", plugin);
  REFUSED(pje_client_lookup_device(shared_client(), 0, &device), "pje_client_lookup_device", device);
  REFUSED(pje_program_from_file("none", &program), "pje_program_from_file", program);
  REFUSED(pje_client_compile(shared_client(), NULL, NULL, &executable), "pje_client_compile", executable);
  REFUSED(pje_completion_queue_create(&queue), "pje_completion_queue_create", queue);
  expect_error(pje_completion_queue_next(NULL, 0, 1, &tag, &error, &count), PJE_FAILED_PRECONDITION,
               "pje_completion_queue_next", "called inside a callback");
  assert_int_equal(count, 0);
  /* No place for an output is no reason to write somewhere. */
  expect_error(pje_buffer_ready(buffer, NULL), PJE_FAILED_PRECONDITION, "pje_buffer_ready", "callback");
}

FAILS(pje_buffer_ready, in_a_callback_with_outputs_cleared) {
  buffer = upload_ramp(shared_client(), 4);
  expect_ok(pje_buffer_ready(buffer, &event));
  (void)shared_add1();
  run_in_callback(refused_calls);
  pje_event_release(event);
  pje_buffer_release(buffer);
}

int main(void) {
  const struct CMUnitTest callback_outputs[] = {
      cmocka_unit_test(pje_buffer_ready__fails_in_a_callback_with_outputs_cleared),
  };
  return RUN(callback_outputs);
}
