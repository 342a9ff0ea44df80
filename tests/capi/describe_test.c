#include "harness.h"

static char line[1024];

/* One line without addresses; `text` stands in it. */
static void expect_line(size_t length, const char *text) {
  assert_int_equal(length, strlen(line));
  assert_true(length > 0);
  assert_null(strchr(line, '\n'));
  assert_null(strstr(line, "0x"));
  if (strstr(line, text) == NULL) fail_msg("expected \"%s\" in \"%s\"", text, line);
}

#define DESCRIBED(type, object, text) expect_line(pje_##type##_describe(object, line, sizeof line), text)

/* NULL and wrong handles; no room; too little room, without cutting through a character. */
#define FAILING(type)                                                   \
  FAILS(pje_##type##_describe, wrong_handle) {                          \
    FOR_WRONG_HANDLES(pje_##type, h) {                                  \
      uint64_t before = pje_misuse_count();                             \
      line[0] = 'x';                                                    \
      assert_int_equal(pje_##type##_describe(h, line, sizeof line), 0); \
      assert_string_equal(line, "");                                    \
      assert_int_equal(pje_misuse_count(), before + 1);                 \
    }                                                                   \
  }

OK(pje_array_describe, type_and_size) {
  pje_array *array = array_f32(NULL, 4);
  DESCRIBED(array, array, "array f32[4]: 16 bytes");
  assert_int_equal(pje_array_describe(array, NULL, 0), strlen(line));
  char small[8] = "dirtyyy";
  assert_int_equal(pje_array_describe(array, small, sizeof small), strlen(line));
  assert_string_equal(small, "array f");
  pje_array_release(array);
}

OK(pje_buffer_describe, states) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *donates = compile_text(client, kDonates);
  pje_buffer *args[2] = {upload_ramp(client, 4), upload_ramp(client, 4)}, *out = NULL;
  expect_f32(args[0], (const float[]){0, 1, 2, 3}, 4);
  DESCRIBED(buffer, args[0], "buffer f32[4]: ready, on device 0 of fake, memory ");
  expect_ok(pje_loaded_executable_execute(donates, args, 2, NULL, &out, 1));
  DESCRIBED(buffer, args[0], "donated to pje_loaded_executable_execute");
  expect_ok(pje_buffer_delete(out));
  DESCRIBED(buffer, out, "deleted");
  expect_ok(pje_client_close(client, -1));
  DESCRIBED(buffer, args[1], "client closed");
  pje_buffers_release(args, 2);
  pje_buffer_release(out);
  pje_loaded_executable_release(donates);
  pje_client_release(client);
}

OK(pje_buffer_describe, pending_and_failed) {
  pje_client *client = open_fake(
      "delay=PJRT_LoadedExecutable_Execute:100ms;late_error=PJRT_LoadedExecutable_Execute:ABORTED:went "
      "astray");
  pje_loaded_executable *add1 = compile_text(client, kAdd1);
  pje_buffer *argument = upload_ramp(client, 4), *out = NULL;
  pje_event *done = NULL;
  expect_ok(pje_loaded_executable_execute_async(add1, &argument, 1, NULL, &out, 1, &done));
  DESCRIBED(buffer, out, "f32[4]: pending");
  DESCRIBED(event, done, "event of PJRT_LoadedExecutable_Execute: pending");
  pje_error_release(pje_event_wait(done));
  DESCRIBED(event, done, "failed: PJRT_LoadedExecutable_Execute: ABORTED: went astray");
  pje_event_release(done);
  expect_ok(pje_buffer_ready(out, &done));
  pje_error_release(pje_event_wait(done));
  DESCRIBED(buffer, out, "f32[4]: failed: ");
  pje_event_release(done);
  pje_buffer_release(out);
  pje_buffer_release(argument);
  pje_loaded_executable_release(add1);
  pje_client_release(client);
}

OK(pje_bytes_describe, size) {
  pje_compile_options *options = NULL;
  pje_bytes *bytes = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_serialize(options, &bytes));
  DESCRIBED(bytes, bytes, " bytes");
  pje_bytes_release(bytes);
  pje_compile_options_release(options);
}

OK(pje_client_describe, platform_and_state) {
  pje_client *client = open_fake("devices=2");
  DESCRIBED(client, client, "client of fake: 2 devices, 2 addressable, process 0");
  expect_ok(pje_client_close(client, -1));
  DESCRIBED(client, client, "client of fake (closed)");
  pje_client_release(client);
}

OK(pje_compile_options_describe, counts) {
  pje_compile_options *options = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_set_num_replicas(options, 2));
  DESCRIBED(compile_options, options, "compile options: 2 replicas, 1 partition, 0 overrides");
  pje_compile_options_release(options);
}

OK(pje_completion_queue_describe, queued) {
  pje_completion_queue *queue = NULL;
  pje_event *event = NULL;
  uint64_t tag;
  pje_error *error = NULL;
  size_t count = 0;
  expect_ok(pje_completion_queue_create(&queue));
  expect_ok(pje_event_create(&event));
  expect_ok(pje_event_set(event, NULL));
  expect_ok(pje_completion_queue_add(queue, event, 1));
  DESCRIBED(completion_queue, queue, "completion queue: 1 queued, open");
  expect_ok(pje_completion_queue_next(queue, -1, 1, &tag, &error, &count));
  pje_completion_queue_close(queue);
  DESCRIBED(completion_queue, queue, "completion queue: 0 queued, closed");
  pje_event_release(event);
  pje_completion_queue_release(queue);
}

OK(pje_device_describe, id_and_kind) {
  DESCRIBED(device, pje_client_device(shared_client(), 0), "device 0 of fake: kind ");
}

OK(pje_device_assignment_describe, ids) {
  const int64_t ids[4] = {3, 1, 2, 0};
  pje_device_assignment *assignment = NULL;
  expect_ok(pje_device_assignment_create(2, 2, ids, 4, &assignment));
  DESCRIBED(device_assignment, assignment, "2 replicas, 2 partitions, devices 3, 1, 2, 0");
  pje_device_assignment_release(assignment);
}

OK(pje_error_describe, message) {
  pje_error *error = pje_error_create(PJE_NOT_FOUND, "no such \xc3\xa9t\xc3\xa9\nand more");
  DESCRIBED(error, error, "error: NOT_FOUND: no such \xc3\xa9t\xc3\xa9");
  /* Half a character is left out. */
  size_t length = (size_t)(strstr(line, "\xc3") - line);
  char cut[64];
  pje_error_describe(error, cut, length + 2);
  assert_int_equal(strlen(cut), length);
  pje_error_release(error);
}

OK(pje_event_describe, promise) {
  pje_event *event = NULL;
  expect_ok(pje_event_create(&event));
  DESCRIBED(event, event, "event: pending");
  expect_ok(pje_event_set(event, NULL));
  DESCRIBED(event, event, "event: ready");
  pje_event_release(event);
}

OK(pje_loaded_executable_describe, signature) {
  pje_loaded_executable *donates = compile_text(shared_client(), kDonates);
  DESCRIBED(loaded_executable, donates,
            "(f32[4] donated, f32[4]) -> (f32[4]), 1 replica, 1 partition, on device 0");
  pje_loaded_executable_release(donates);
}

OK(pje_memory_describe, kind_and_devices) {
  DESCRIBED(memory, pje_client_addressable_memory(shared_client(), 0), " of fake: kind ");
  assert_non_null(strstr(line, "device"));
}

OK(pje_named_values_describe, names_and_kinds) {
  pje_named_values *values = NULL;
  expect_ok(pje_named_values_create(&values));
  DESCRIBED(named_values, values, "named values {}");
  expect_ok(pje_named_values_set_int64(values, "count", 3));
  expect_ok(pje_named_values_set_string(values, "mode", "fast"));
  DESCRIBED(named_values, values, "named values {count: int64, mode: string}");
  char name[] = "n00";
  for (int i = 0; i < 40; ++i) {
    name[1] = (char)('0' + i / 10);
    name[2] = (char)('0' + i % 10);
    expect_ok(pje_named_values_set_int64(values, name, i));
  }
  DESCRIBED(named_values, values, "\xe2\x80\xa6 of 42}");
  pje_named_values_release(values);
}

OK(pje_plugin_describe, path_and_version) {
  pje_plugin *plugin = load_fake();
  DESCRIBED(plugin, plugin, "libpjrt_fake.so: PJRT 0.");
  pje_plugin_release(plugin);
}

OK(pje_program_describe, format_and_size) {
  pje_program *program = program_from_text(kAdd1);
  DESCRIBED(program, program, "program: mlir, ");
  pje_program_release(program);
}

OK(pje_topology_describe, platform_and_devices) {
  pje_topology *topology = NULL;
  expect_ok(pje_client_topology(shared_client(), &topology));
  DESCRIBED(topology, topology, "topology of fake (a client's own): ");
}

OK(pje_device_description_describe, id_and_kind) {
  pje_topology *topology = NULL;
  expect_ok(pje_client_topology(shared_client(), &topology));
  DESCRIBED(device_description, pje_topology_device(topology, 0), "device description 0: kind ");
}

OK(pje_layout_describe, text) {
  pje_layout *layout = NULL;
  expect_ok(pje_layout_from_text("{0,1:T(8,128)}", &layout));
  DESCRIBED(layout, layout, "layout {0,1:T(8,128)}");
  pje_layout_release(layout);
}

OK(pje_request_queue_describe, open_requests) {
  pje_request_queue *queue = NULL;
  expect_ok(pje_request_queue_create(&queue));
  DESCRIBED(request_queue, queue, "request queue: 0 open requests");
  pje_request_queue_release(queue);
}

OK(pje_executable_describe, outputs) {
  pje_executable *executable = NULL;
  expect_ok(pje_loaded_executable_executable(shared_add1(), &executable));
  DESCRIBED(executable, executable, ": 1 output (f32[4]), 1 replica, 1 partition");
  pje_executable_release(executable);
}

static void in_callback(void) { DESCRIBED(client, shared_client(), "client of fake"); }
OK(pje_client_describe, in_a_callback) {
  (void)shared_client();
  run_in_callback(in_callback);
}

FAILING(array)
FAILING(buffer)
FAILING(bytes)
FAILING(client)
FAILING(compile_options)
FAILING(completion_queue)
FAILING(device)
FAILING(device_assignment)
FAILING(device_description)
FAILING(error)
FAILING(event)
FAILING(executable)
FAILING(layout)
FAILING(request_queue)
FAILING(loaded_executable)
FAILING(memory)
FAILING(named_values)
FAILING(plugin)
FAILING(program)
FAILING(topology)
FAILING(chunk)
FAILING(copy_stream)
FAILING(execute_context)
FAILING(execute_handlers)
FAILING(kv_store)
FAILING(transfer_manager)

OK(pje_chunk_describe, size) {
  pje_chunk *chunk = NULL;
  expect_ok(pje_chunk_copy("four", 4, &chunk));
  DESCRIBED(chunk, chunk, "chunk: 4 bytes");
  pje_chunk_release(chunk);
}

OK(pje_execute_context_describe, plugin) {
  pje_execute_context *context = NULL;
  pje_plugin *plugin = load_fake();
  expect_ok(pje_execute_context_create(plugin, &context));
  DESCRIBED(execute_context, context, "libpjrt_fake.so");
  pje_execute_context_release(context);
  pje_plugin_release(plugin);
}

OK(pje_execute_handlers_describe, counts) {
  pje_execute_handlers *handlers = NULL;
  expect_ok(pje_execute_handlers_create(NULL, NULL, &handlers));
  DESCRIBED(execute_handlers, handlers, "0 for sends, 0 for receives, 0 for outputs");
  pje_execute_handlers_release(handlers);
}

OK(pje_kv_store_describe, in_memory) {
  pje_kv_store *store = NULL;
  expect_ok(pje_kv_store_create(&store));
  DESCRIBED(kv_store, store, "key-value store");
  pje_kv_store_release(store);
}

OK(pje_transfer_manager_describe, buffers) {
  const pje_dtype dtypes[] = {PJE_F32, PJE_S8};
  const int64_t four[] = {4}, *dims[] = {four, four};
  const size_t ranks[] = {1, 1};
  pje_transfer_manager *manager = NULL;
  expect_ok(pje_transfer_manager_create(shared_client(), 2, dtypes, dims, ranks, NULL, NULL, &manager));
  DESCRIBED(transfer_manager, manager, "transfer manager: 2 buffers");
  pje_transfer_manager_release(manager);
}

int main(void) {
  const struct CMUnitTest describe[] = {
      cmocka_unit_test(pje_array_describe__ok_type_and_size),
      cmocka_unit_test(pje_buffer_describe__ok_states),
      WITH_FAKE("", pje_buffer_describe__ok_pending_and_failed),
      cmocka_unit_test(pje_bytes_describe__ok_size),
      cmocka_unit_test(pje_client_describe__ok_platform_and_state),
      cmocka_unit_test(pje_client_describe__ok_in_a_callback),
      cmocka_unit_test(pje_compile_options_describe__ok_counts),
      cmocka_unit_test(pje_completion_queue_describe__ok_queued),
      cmocka_unit_test(pje_device_describe__ok_id_and_kind),
      cmocka_unit_test(pje_device_assignment_describe__ok_ids),
      cmocka_unit_test(pje_error_describe__ok_message),
      cmocka_unit_test(pje_event_describe__ok_promise),
      cmocka_unit_test(pje_loaded_executable_describe__ok_signature),
      cmocka_unit_test(pje_memory_describe__ok_kind_and_devices),
      cmocka_unit_test(pje_named_values_describe__ok_names_and_kinds),
      cmocka_unit_test(pje_plugin_describe__ok_path_and_version),
      cmocka_unit_test(pje_program_describe__ok_format_and_size),
      cmocka_unit_test(pje_topology_describe__ok_platform_and_devices),
      cmocka_unit_test(pje_device_description_describe__ok_id_and_kind),
      cmocka_unit_test(pje_topology_describe__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_describe__fails_wrong_handle),
      cmocka_unit_test(pje_layout_describe__ok_text),
      cmocka_unit_test(pje_request_queue_describe__ok_open_requests),
      cmocka_unit_test(pje_layout_describe__fails_wrong_handle),
      cmocka_unit_test(pje_request_queue_describe__fails_wrong_handle),
      cmocka_unit_test(pje_executable_describe__ok_outputs),
      cmocka_unit_test(pje_executable_describe__fails_wrong_handle),
      cmocka_unit_test(pje_array_describe__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_describe__fails_wrong_handle),
      cmocka_unit_test(pje_bytes_describe__fails_wrong_handle),
      cmocka_unit_test(pje_client_describe__fails_wrong_handle),
      cmocka_unit_test(pje_compile_options_describe__fails_wrong_handle),
      cmocka_unit_test(pje_completion_queue_describe__fails_wrong_handle),
      cmocka_unit_test(pje_device_describe__fails_wrong_handle),
      cmocka_unit_test(pje_device_assignment_describe__fails_wrong_handle),
      cmocka_unit_test(pje_error_describe__fails_wrong_handle),
      cmocka_unit_test(pje_event_describe__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_describe__fails_wrong_handle),
      cmocka_unit_test(pje_memory_describe__fails_wrong_handle),
      cmocka_unit_test(pje_named_values_describe__fails_wrong_handle),
      cmocka_unit_test(pje_plugin_describe__fails_wrong_handle),
      cmocka_unit_test(pje_program_describe__fails_wrong_handle),
      cmocka_unit_test(pje_chunk_describe__ok_size),
      cmocka_unit_test(pje_chunk_describe__fails_wrong_handle),
      cmocka_unit_test(pje_copy_stream_describe__fails_wrong_handle),
      cmocka_unit_test(pje_execute_context_describe__ok_plugin),
      cmocka_unit_test(pje_execute_context_describe__fails_wrong_handle),
      cmocka_unit_test(pje_execute_handlers_describe__ok_counts),
      cmocka_unit_test(pje_execute_handlers_describe__fails_wrong_handle),
      cmocka_unit_test(pje_kv_store_describe__ok_in_memory),
      cmocka_unit_test(pje_kv_store_describe__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_describe__ok_buffers),
      cmocka_unit_test(pje_transfer_manager_describe__fails_wrong_handle),
  };
  return RUN(describe);
}
