/* The plugin's own pointers, used as a caller would: through its table, past the library. */
#include "harness.h"

/* What every argument struct begins with. */
struct args {
  size_t struct_size;
  void *extension;
  void *object;
  union {
    const void *pointer;
    int number;
    bool flag;
  } answer;
  size_t more[8];
};
typedef void *function(struct args *);

static size_t index_of(const char *name) {
  size_t index = 0;
  while (index < pje_num_functions() && strcmp(pje_function_name(index), name) != 0) ++index;
  assert_true(index < pje_num_functions());
  return index;
}
/* Calls PJRT_`name` on an object; its answer is the member after that. */
static struct args call(const char *name, void *object) {
  pje_plugin *plugin = load_fake();
  struct args args;
  function *slot;
  size_t index = index_of(name), size = 0;
  const char *table = pje_plugin_raw_api(plugin, &size);
  memset(&args, 0, sizeof args);
  args.struct_size = pje_function_args_size(index);
  args.object = object;
  assert_true(args.struct_size >= 24 && args.struct_size <= sizeof args);
  assert_true(pje_function_offset(index) + sizeof slot <= size);
  memcpy(&slot, table + pje_function_offset(index), sizeof slot);
  assert_null(slot(&args));
  pje_plugin_release(plugin);
  return args;
}

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

int main(void) {
  const struct CMUnitTest raw[] = {
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
