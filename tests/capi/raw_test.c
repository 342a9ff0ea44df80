/* The plugin's own pointers, used as a caller would: through its table, past the library. */
#include "raw_support.h"
#include "transfer_support.h"

OK(pje_plugin_raw_api, the_table_and_its_size) {
  pje_plugin *plugin = load_fake();
  size_t size = 0, in_table = 0;
  const void *table = pje_plugin_raw_api(plugin, &size);
  assert_ptr_equal(table, pje_plugin_api(plugin));
  assert_ptr_equal(table, pje_plugin_raw_api(plugin, NULL));
  memcpy(&in_table, table, sizeof in_table);
  assert_int_equal(size, in_table);
  pje_plugin_release(plugin);
}
FAILS(pje_plugin_raw_api, wrong_handle) {
  FOR_WRONG_HANDLES(pje_plugin, h) {
    size_t size = 7;
    assert_null(pje_plugin_raw_api(h, &size));
    assert_int_equal(size, 0);
  }
}
OK(pje_function_args_size, of_known_structs) {
  assert_int_equal(pje_function_args_size(index_of("PJRT_Error_Destroy")), 24);
  assert_int_equal(pje_function_args_size(index_of("PJRT_Client_Compile")), 56);
}
FAILS(pje_function_args_size, no_such_function) {
  assert_int_equal(pje_function_args_size(pje_num_functions()), 0);
  assert_int_equal(pje_function_args_size(SIZE_MAX), 0);
}
OK(pje_function_offset, in_the_order_of_the_table) {
  assert_int_equal(pje_function_offset(0), 40);
  for (size_t i = 1; i < pje_num_functions(); ++i)
    assert_int_equal(pje_function_offset(i), 40 + i * sizeof(void *));
}
FAILS(pje_function_offset, no_such_function) {
  assert_int_equal(pje_function_offset(pje_num_functions()), 0);
}

static pje_device *device(void) { return pje_client_device(shared_client(), 2); }

OK(pje_client_raw, gives_its_platform) {
  assert_int_equal(call("PJRT_Client_ProcessIndex", pje_client_raw(shared_client())).answer.number, 0);
}
OK(pje_client_raw, gone_with_a_closed_client) {
  pje_client *client = open_fake(NULL);
  assert_non_null(pje_client_raw(client));
  expect_ok(pje_client_close(client, -1));
  assert_null(pje_client_raw(client));
  pje_client_release(client);
}
OK(pje_device_raw, gives_its_number) {
  assert_int_equal(call("PJRT_Device_LocalHardwareId", pje_device_raw(device())).answer.number, 2);
}
OK(pje_memory_raw, gives_its_number) {
  pje_memory *memory = pje_client_addressable_memory(shared_client(), 5);
  assert_int_equal(call("PJRT_Memory_Id", pje_memory_raw(memory)).answer.number, 5);
}
OK(pje_topology_raw, gives_its_fingerprint) {
  pje_topology *topology = NULL;
  uint64_t fingerprint = 0;
  expect_ok(pje_client_topology(shared_client(), &topology));
  expect_ok(pje_topology_fingerprint(topology, &fingerprint));
  struct args args = call("PJRT_TopologyDescription_Fingerprint", pje_topology_raw(topology));
  assert_memory_equal(&args.answer, &fingerprint, sizeof fingerprint);
}
OK(pje_device_description_raw, gives_its_number) {
  pje_device_description *description = pje_device_get_description(device());
  assert_int_equal(call("PJRT_DeviceDescription_Id", pje_device_description_raw(description)).answer.number,
                   2);
}
OK(pje_executable_raw, gives_its_name) {
  pje_executable *executable = NULL;
  expect_ok(pje_loaded_executable_executable(shared_add1(), &executable));
  struct args args = call("PJRT_Executable_Name", pje_executable_raw(executable));
  assert_memory_equal(args.answer.pointer, "add1", 4);
  pje_executable_release(executable);
}
/* What is deleted behind the library's back is seen where the plugin says so. */
OK(pje_loaded_executable_raw, deletes_it) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  void *raw = pje_loaded_executable_raw(executable);
  assert_false(pje_loaded_executable_is_deleted(executable));
  (void)call("PJRT_LoadedExecutable_Delete", raw);
  assert_true(pje_loaded_executable_is_deleted(executable));
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_is_deleted, asks_the_plugin) {
  pje_loaded_executable_raw__ok_deletes_it_body(state);
}
OK(pje_buffer_raw, gives_its_type) {
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  assert_int_equal(call("PJRT_Buffer_ElementType", pje_buffer_raw(buffer)).answer.number, PJE_F32);
  pje_buffer_release(buffer);
}
OK(pje_execute_context_raw, of_its_own) {
  pje_plugin *plugin = load_fake();
  pje_execute_context *context = NULL, *other = NULL;
  expect_ok(pje_execute_context_create(plugin, &context));
  expect_ok(pje_execute_context_create(plugin, &other));
  assert_non_null(pje_execute_context_raw(context));
  assert_ptr_not_equal(pje_execute_context_raw(context), pje_execute_context_raw(other));
  pje_execute_context_release(other);
  pje_execute_context_release(context);
  pje_plugin_release(plugin);
}
OK(pje_transfer_manager_raw, gives_its_count) {
  pje_transfer_manager *manager = make_two();
  struct args args =
      call("PJRT_AsyncHostToDeviceTransferManager_BufferCount", pje_transfer_manager_raw(manager));
  assert_int_equal(args.answer.number, 2);
  pje_transfer_manager_release(manager);
}
OK(pje_tracking_event_raw, gone_with_a_closed_client) {
  pje_client *client = open_fake(NULL);
  pje_tracking_event *event = NULL;
  expect_ok(pje_tracking_event_create(pje_client_addressable_device(client, 1), "a span", &event));
  assert_non_null(pje_tracking_event_raw(event));
  expect_ok(pje_client_close(client, -1));
  assert_null(pje_tracking_event_raw(event));
  pje_tracking_event_release(event);
  pje_client_release(client);
}
ANSWERS_WRONG_HANDLE(pje_client_raw, pje_client, assert_null(pje_client_raw(h)))
ANSWERS_WRONG_HANDLE(pje_device_raw, pje_device, assert_null(pje_device_raw(h)))
ANSWERS_WRONG_HANDLE(pje_memory_raw, pje_memory, assert_null(pje_memory_raw(h)))
ANSWERS_WRONG_HANDLE(pje_topology_raw, pje_topology, assert_null(pje_topology_raw(h)))
ANSWERS_WRONG_HANDLE(pje_device_description_raw, pje_device_description,
                     assert_null(pje_device_description_raw(h)))
ANSWERS_WRONG_HANDLE(pje_executable_raw, pje_executable, assert_null(pje_executable_raw(h)))
ANSWERS_WRONG_HANDLE(pje_loaded_executable_raw, pje_loaded_executable,
                     assert_null(pje_loaded_executable_raw(h)))
ANSWERS_WRONG_HANDLE(pje_buffer_raw, pje_buffer, assert_null(pje_buffer_raw(h)))
ANSWERS_WRONG_HANDLE(pje_execute_context_raw, pje_execute_context, assert_null(pje_execute_context_raw(h)))
ANSWERS_WRONG_HANDLE(pje_transfer_manager_raw, pje_transfer_manager, assert_null(pje_transfer_manager_raw(h)))
ANSWERS_WRONG_HANDLE(pje_tracking_event_raw, pje_tracking_event, assert_null(pje_tracking_event_raw(h)))

/* What became of an event of the plugin: the error belongs to the callback. */
struct outcome {
  struct calls calls;
  int code;
};
static void note_outcome(void *error, void *user_data) {
  struct outcome *outcome = user_data;
  if (error != NULL) {
    outcome->code = call("PJRT_Error_GetCode", error).answer.number;
    pje_plugin *plugin = load_fake();
    struct args args;
    memset(&args, 0, sizeof args);
    args.object = error;
    void (*destroy)(struct args *);
    size_t index = index_of("PJRT_Error_Destroy");
    args.struct_size = pje_function_args_size(index);
    memcpy(&destroy, (const char *)pje_plugin_raw_api(plugin, NULL) + pje_function_offset(index),
           sizeof destroy);
    destroy(&args);
    pje_plugin_release(plugin);
  }
  count_call(&outcome->calls);
}
static void watch(void *event, struct outcome *outcome) {
  void (*callback)(void *, void *) = note_outcome;
  struct args args;
  memset(&args, 0, sizeof args);
  args.object = event;
  memcpy(&args.answer, &callback, sizeof callback);
  memcpy(&args.more[0], &outcome, sizeof outcome);
  outcome->code = 0;
  outcome->calls.count = 0;
  assert_null(call_with("PJRT_Event_OnReady", &args));
}

OK(pje_event_create_raw, both_become_ready) {
  pje_event *event = NULL;
  void *raw = NULL;
  expect_ok(pje_event_create_raw(shared_client(), &raw, &event));
  assert_false(call("PJRT_Event_IsReady", raw).answer.flag);
  expect_error(pje_event_wait_for(event, 0), PJE_DEADLINE_EXCEEDED, "pje_event_wait_for", "");
  expect_ok(pje_event_set(event, NULL));
  assert_true(call("PJRT_Event_IsReady", raw).answer.flag);
  expect_ok(pje_event_wait(event));
  /* A plugin would end the process. */
  expect_error(pje_event_set(event, NULL), PJE_FAILED_PRECONDITION, "pje_event_set", "set already");
  pje_event_release(event);
}
OK(pje_event_create_raw, never_set_is_cancelled) {
  pje_event *event = NULL, *all = NULL;
  void *raw = NULL;
  struct outcome outcome;
  expect_ok(pje_event_create_raw(shared_client(), &raw, &event));
  watch(raw, &outcome);
  expect_ok(pje_event_all(&event, 1, &all));
  pje_event_release(event);
  expect_error(pje_event_wait(all), PJE_CANCELLED, "pje_event_release", "before it was set");
  wait_for_calls(&outcome.calls, 1);
  assert_int_equal(outcome.code, PJE_CANCELLED);
  pje_event_release(all);
}
OK(pje_event_create_raw, closing_does_not_wait) {
  pje_client *client = open_fake(NULL);
  pje_event *event = NULL;
  void *raw = NULL;
  struct outcome outcome;
  expect_ok(pje_event_create_raw(client, &raw, &event));
  watch(raw, &outcome);
  expect_ok(pje_client_close(client, -1));
  wait_for_calls(&outcome.calls, 1);
  assert_int_equal(outcome.code, PJE_FAILED_PRECONDITION);
  expect_error(pje_event_set(event, NULL), PJE_FAILED_PRECONDITION, "pje_event_set", "client closed");
  pje_event_release(event);
  pje_client_release(client);
}
OK(pje_event_set, error_reaches_the_plugin) {
  pje_event *event = NULL;
  pje_error *error = pje_error_create(PJE_DATA_LOSS, "it is gone");
  void *raw = NULL;
  struct outcome outcome;
  expect_ok(pje_event_create_raw(shared_client(), &raw, &event));
  watch(raw, &outcome);
  expect_ok(pje_event_set(event, error));
  wait_for_calls(&outcome.calls, 1);
  assert_int_equal(outcome.code, PJE_DATA_LOSS);
  expect_error(pje_event_wait(event), PJE_DATA_LOSS, "pje_event_set", "it is gone");
  pje_error_release(error);
  pje_event_release(event);
}
FAILS(pje_event_set, the_plugin_refuses_once) {
  pje_event *event = NULL;
  void *raw = NULL;
  expect_ok(pje_event_create_raw(shared_client(), &raw, &event));
  expect_error(pje_event_set(event, NULL), PJE_UNAVAILABLE, "PJRT_Event_Set", "later");
  assert_false(pje_event_is_ready(event));
  expect_ok(pje_event_set(event, NULL));
  assert_true(pje_event_is_ready(event));
  pje_event_release(event);
}
FAILS(pje_event_create_raw, outputs_are_null_or_the_plugin_refuses) {
  const char *function = "pje_event_create_raw";
  pje_event *event = (pje_event *)shared_client();
  void *raw = event;
  expect_invalid(pje_event_create_raw(shared_client(), NULL, &event), function, "raw");
  assert_null(event);
  expect_invalid(pje_event_create_raw(shared_client(), &raw, NULL), function, "out");
  assert_null(raw);
  expect_error(pje_event_create_raw(shared_client(), &raw, &event), PJE_INTERNAL, "PJRT_Event_Create",
               "no event");
  assert_null(event);
  assert_null(raw);
}
FAILS(pje_event_create_raw, before_0_89) {
  pje_event *event = NULL;
  void *raw = NULL;
  expect_error(pje_event_create_raw(shared_client(), &raw, &event), PJE_UNIMPLEMENTED, "pje_event_create_raw",
               "added in 0.89");
}
REFUSES_WRONG_HANDLE(pje_event_create_raw, wrong_handle, pje_client, "client",
                     pje_event_create_raw(h, &(void *){NULL}, &(pje_event *){NULL}))

int main(void) {
  const struct CMUnitTest raw[] = {
      cmocka_unit_test(pje_event_create_raw__ok_both_become_ready),
      cmocka_unit_test(pje_event_create_raw__ok_never_set_is_cancelled),
      cmocka_unit_test(pje_event_create_raw__ok_closing_does_not_wait),
      cmocka_unit_test(pje_event_set__ok_error_reaches_the_plugin),
      WITH_FAKE("fail=PJRT_Event_Set:1:UNAVAILABLE:later", pje_event_set__fails_the_plugin_refuses_once),
      WITH_FAKE("fail=PJRT_Event_Create:1:INTERNAL:no event",
                pje_event_create_raw__fails_outputs_are_null_or_the_plugin_refuses),
      WITH_FAKE("minor=88", pje_event_create_raw__fails_before_0_89),
      cmocka_unit_test(pje_event_create_raw__fails_wrong_handle),
      cmocka_unit_test(pje_plugin_raw_api__ok_the_table_and_its_size),
      cmocka_unit_test(pje_plugin_raw_api__fails_wrong_handle),
      cmocka_unit_test(pje_function_args_size__ok_of_known_structs),
      cmocka_unit_test(pje_function_args_size__fails_no_such_function),
      cmocka_unit_test(pje_function_offset__ok_in_the_order_of_the_table),
      cmocka_unit_test(pje_function_offset__fails_no_such_function),
      cmocka_unit_test(pje_client_raw__ok_gives_its_platform),
      cmocka_unit_test(pje_client_raw__ok_gone_with_a_closed_client),
      cmocka_unit_test(pje_device_raw__ok_gives_its_number),
      cmocka_unit_test(pje_memory_raw__ok_gives_its_number),
      WITH_FAKE("minor=116", pje_topology_raw__ok_gives_its_fingerprint),
      cmocka_unit_test(pje_device_description_raw__ok_gives_its_number),
      cmocka_unit_test(pje_executable_raw__ok_gives_its_name),
      cmocka_unit_test(pje_loaded_executable_raw__ok_deletes_it),
      cmocka_unit_test(pje_loaded_executable_is_deleted__ok_asks_the_plugin),
      cmocka_unit_test(pje_buffer_raw__ok_gives_its_type),
      cmocka_unit_test(pje_execute_context_raw__ok_of_its_own),
      cmocka_unit_test(pje_transfer_manager_raw__ok_gives_its_count),
      cmocka_unit_test(pje_tracking_event_raw__ok_gone_with_a_closed_client),
      cmocka_unit_test(pje_execute_context_raw__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_raw__fails_wrong_handle),
      cmocka_unit_test(pje_tracking_event_raw__fails_wrong_handle),
      cmocka_unit_test(pje_client_raw__fails_wrong_handle),
      cmocka_unit_test(pje_device_raw__fails_wrong_handle),
      cmocka_unit_test(pje_memory_raw__fails_wrong_handle),
      cmocka_unit_test(pje_topology_raw__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_raw__fails_wrong_handle),
      cmocka_unit_test(pje_executable_raw__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_raw__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_raw__fails_wrong_handle),
  };
  return RUN(raw);
}
