#include "harness.h"

static pje_client *make(void) { return open_fake(NULL); }
static bool is_alive(pje_client *client) { return pje_client_num_devices(client) == 4; }
RETAIN_RELEASE_TESTS(pje_client, make(), is_alive)

OK(pje_client_create, options_reach_the_plugin) {
  pje_plugin *plugin = load_fake();
  pje_named_values *values = NULL;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_client *client = NULL;
  expect_ok(pje_named_values_create(&values));
  expect_ok(pje_named_values_set_int64(values, "cpu_device_count", 7));
  options.options = values;
  expect_ok(pje_client_create(plugin, &options, &client));
  pje_named_values_release(values);
  pje_plugin_release(plugin);
  assert_int_equal(pje_client_num_devices(client), 7);
  pje_client_release(client);
}
OK(pje_client_create, two_clients_of_one_plugin) {
  pje_plugin *plugin = load_fake();
  pje_client *first = NULL, *second = NULL;
  expect_ok(pje_client_create(plugin, NULL, &first));
  expect_ok(pje_client_create(plugin, NULL, &second));
  assert_ptr_not_equal(first, second);
  pje_client_release(first);
  pje_buffer *buffer = upload_ramp(second, 4);
  pje_client_release(second);
  pje_buffer_release(buffer);
  pje_plugin_release(plugin);
}
REFUSES_WRONG_HANDLE(pje_client_create, wrong_plugin, pje_plugin, "plugin",
                     pje_client_create(h, NULL, &(pje_client *){NULL}))
FAILS(pje_client_create, the_plugin_refuses) {
  pje_plugin *plugin = load_fake();
  pje_client *client = (pje_client *)plugin;
  expect_error(pje_client_create(plugin, NULL, &client), PJE_RESOURCE_EXHAUSTED, "PJRT_Client_Create",
               "full");
  assert_null(client);
  expect_ok(pje_client_create(plugin, NULL, &client));
  pje_client_release(client);
  pje_plugin_release(plugin);
}
FAILS(pje_client_create, what_comes_after_the_creation_fails) {
  /* The half-made client must be destroyed: the fake plugin reports what is left at the end. */
  pje_plugin *plugin = load_fake();
  pje_client *client = NULL;
  expect_error(pje_client_create(plugin, NULL, &client), PJE_INTERNAL, "PJRT_Client_Devices", "injected");
  assert_null(client);
  pje_plugin_release(plugin);
}
FAILS(pje_client_create, children_could_not_be_destroyed) {
  pje_client *client = NULL;
  expect_error(pje_client_open(fake_path(), NULL, &client), PJE_UNIMPLEMENTED, "pje_client_open",
               "PJRT_Buffer_Destroy: not in plugin");
  assert_null(client);
}
FAILS(pje_client_create, unknown_option) {
  pje_plugin *plugin = load_fake();
  pje_named_values *values = NULL;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_client *client = NULL;
  expect_ok(pje_named_values_create(&values));
  expect_ok(pje_named_values_set_int64(values, "no_such_option", 7));
  options.options = values;
  expect_invalid(pje_client_create(plugin, &options, &client), "PJRT_Client_Create", "no_such_option");
  pje_named_values_release(values);
  pje_plugin_release(plugin);
}
FAILS(pje_client_create, options_of_kinds_that_the_plugin_refuses) {
  static const int64_t list[] = {2, 2};
  pje_plugin *plugin = load_fake();
  pje_client *client = NULL;
  for (int kind = 0; kind < 2; ++kind) {
    pje_named_values *values = NULL;
    pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
    expect_ok(pje_named_values_create(&values));
    if (kind == 0)
      expect_ok(pje_named_values_set_int64_list(values, "devices", list, 2));
    else
      expect_ok(pje_named_values_set_float(values, "devices", 2.5F));
    options.options = values;
    expect_invalid(pje_client_create(plugin, &options, &client), "PJRT_Client_Create",
                   kind == 0 ? "'devices' has type 2" : "'devices' has type 3");
    pje_named_values_release(values);
  }
  pje_plugin_release(plugin);
}
FAILS(pje_client_create, option_that_ends_real_plugins) {
  pje_plugin *plugin = load_fake();
  for (int kind = 0; kind < 3; ++kind) {
    pje_named_values *values = NULL;
    pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
    pje_client *client = NULL;
    expect_ok(pje_named_values_create(&values));
    if (kind == 0) expect_ok(pje_named_values_set_string(values, "cpu_device_count", "4"));
    if (kind == 1) expect_ok(pje_named_values_set_int64(values, "cpu_device_count", -1));
    if (kind == 2) expect_ok(pje_named_values_set_bool(values, "cpu_device_count", true));
    options.options = values;
    expect_invalid(pje_client_create(plugin, &options, &client), "pje_client_create", "cpu_device_count");
    pje_named_values_release(values);
  }
  pje_plugin_release(plugin);
}
FAILS(pje_client_create, options) {
  struct {
    pje_client_options known;
    uint64_t newer;
  } options = {PJE_CLIENT_OPTIONS_INIT, 0};
  const char *function = "pje_client_create";
  pje_plugin *plugin = load_fake();
  pje_client *client = (pje_client *)plugin;
  options.known.struct_size = sizeof options;
  options.newer = 1;
  expect_error(pje_client_create(plugin, &options.known, &client), PJE_UNIMPLEMENTED, function,
               "pje_client_options");
  options.known.struct_size = 0;
  expect_invalid(pje_client_create(plugin, &options.known, &client), function, "struct_size");
  options.known.struct_size = sizeof options.known;
  options.known.flags = 1;
  expect_error(pje_client_create(plugin, &options.known, &client), PJE_UNIMPLEMENTED, function, "flags");
  options.known.flags = 0;
  options.known.options = (pje_named_values *)plugin;
  expect_invalid(pje_client_create(plugin, &options.known, &client), function, "options");
  options.known.options = NULL;
  options.known.kv_store = (pje_kv_store *)plugin;
  expect_error(pje_client_create(plugin, &options.known, &client), PJE_INVALID_ARGUMENT, function,
               "kv_store");
  expect_invalid(pje_client_create(plugin, NULL, NULL), function, "out");
  assert_null(client);
  pje_plugin_release(plugin);
}

OK(pje_client_open, loads_and_creates) {
  pje_plugin_options plugin_options = PJE_PLUGIN_OPTIONS_INIT;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_client *client = NULL;
  options.plugin = &plugin_options;
  expect_ok(pje_client_open(fake_path(), &options, &client));
  assert_int_equal(pje_client_num_devices(client), 4);
  pje_client_release(client);
}
FAILS(pje_client_open, bad_arguments) {
  pje_plugin_options plugin_options = PJE_PLUGIN_OPTIONS_INIT;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_client *client = (pje_client *)&options;
  const char *function = "pje_client_open";
  expect_error(pje_client_open("/nowhere/x.so", NULL, &client), PJE_NOT_FOUND, function, "/nowhere");
  assert_null(client);
  expect_invalid(pje_client_open(NULL, NULL, &client), function, "name_or_path");
  expect_invalid(pje_client_open(fake_path(), NULL, NULL), function, "out");
  plugin_options.struct_size = 0;
  options.plugin = &plugin_options;
  expect_invalid(pje_client_open(fake_path(), &options, &client), function, "pje_plugin_options");
}

#define LONG INT64_C(20000000000)
/* What the options hold counts at the call, whatever becomes of them while the plugin is still at work. */
OK(pje_client_create_async, options_of_the_time_of_the_call) {
  pje_plugin *plugin = load_fake();
  pje_named_values *values = NULL;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_client *client = NULL;
  pje_event *done = NULL;
  expect_ok(pje_named_values_create(&values));
  expect_ok(pje_named_values_set_int64(values, "cpu_device_count", 7));
  options.options = values;
  expect_ok(pje_client_create_async(plugin, &options, &client, &done));
  expect_ok(pje_named_values_set_int64(values, "cpu_device_count", 3));
  pje_named_values_release(values);
  pje_plugin_release(plugin);
  expect_ok(pje_event_wait_for(done, LONG));
  pje_event_release(done);
  assert_int_equal(pje_client_num_devices(client), 7);
  pje_client_release(client);
}
OK(pje_client_open_async, waiting_given_up) {
  pje_event *done = NULL;
  expect_ok(pje_client_open_async(fake_path(), NULL, NULL, &done));
  pje_event_release(done);
}
OK(pje_client_open_async, used_like_any_other) {
  static const float kRamp[] = {0, 1, 2, 3};
  pje_client *client = NULL;
  pje_event *done = NULL;
  expect_ok(pje_client_open_async(fake_path(), NULL, &client, &done));
  expect_ok(pje_event_wait_for(done, LONG));
  pje_event_release(done);
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_client_release(client);
  expect_f32(buffer, kRamp, 4);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_client_create_async, wrong_plugin, pje_plugin, "plugin",
                     pje_client_create_async(h, NULL, NULL, &(pje_event *){NULL}))
FAILS(pje_client_create_async, the_plugin_refuses) {
  pje_plugin *plugin = load_fake();
  pje_client *client = (pje_client *)plugin;
  pje_event *done = NULL;
  expect_ok(pje_client_create_async(plugin, NULL, &client, &done));
  expect_error(pje_event_wait_for(done, LONG), PJE_RESOURCE_EXHAUSTED, "PJRT_Client_Create", "full");
  assert_null(client);
  pje_event_release(done);
  pje_plugin_release(plugin);
}
FAILS(pje_client_open_async, bad_arguments) {
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_client *client = (pje_client *)&options;
  pje_event *done = (pje_event *)&options;
  const char *function = "pje_client_open_async";
  expect_invalid(pje_client_open_async(NULL, NULL, &client, &done), function, "name_or_path");
  assert_null(client);
  assert_null(done);
  expect_invalid(pje_client_open_async(fake_path(), NULL, &client, NULL), function, "done");
  expect_ok(pje_client_open_async("/nowhere/x.so", NULL, &client, &done));
  expect_error(pje_event_wait_for(done, LONG), PJE_NOT_FOUND, function, "/nowhere");
  assert_null(client);
  pje_event_release(done);
  options.struct_size = 0;
  expect_invalid(pje_client_open_async(fake_path(), &options, &client, &done), function,
                 "pje_client_options");
}
OK(pje_event_get_client, several_times) {
  pje_client *first = NULL, *second = NULL;
  pje_event *done = NULL;
  expect_ok(pje_client_open_async(fake_path(), NULL, NULL, &done));
  expect_ok(pje_event_wait_for(done, LONG));
  expect_ok(pje_event_get_client(done, &first));
  expect_ok(pje_event_get_client(done, &second));
  pje_event_release(done);
  assert_ptr_equal(first, second);
  pje_client_release(first);
  assert_int_equal(pje_client_num_devices(second), 4);
  pje_client_release(second);
}
FAILS(pje_event_get_client, an_event_of_something_else) {
  pje_client *none = shared_client();
  pje_event *promise = NULL;
  expect_ok(pje_event_create(&promise));
  expect_ok(pje_event_set(promise, NULL));
  expect_invalid(pje_event_get_client(promise, &none), "pje_event_get_client", "expected an event of");
  assert_null(none);
  pje_event_release(promise);
}
REFUSES_WRONG_HANDLE(pje_event_get_client, wrong_event, pje_event, "event",
                     pje_event_get_client(h, &(pje_client *){NULL}))

OK(pje_client_plugin, is_the_plugin) {
  pje_plugin *plugin = load_fake();
  assert_ptr_equal(pje_client_plugin(shared_client()), plugin);
  pje_plugin_release(plugin);
}
ANSWERS_WRONG_HANDLE(pje_client_plugin, pje_client, assert_null(pje_client_plugin(h)))

OK(pje_client_platform_name, of_the_fake) {
  assert_string_equal(pje_client_platform_name(shared_client()), "fake");
  assert_ptr_equal(pje_client_platform_name(shared_client()), pje_client_platform_name(shared_client()));
}
ANSWERS_WRONG_HANDLE(pje_client_platform_name, pje_client,
                     assert_string_equal(pje_client_platform_name(h), ""))
OK(pje_client_platform_version, is_not_empty) {
  assert_true(strlen(pje_client_platform_version(shared_client())) > 0);
}
ANSWERS_WRONG_HANDLE(pje_client_platform_version, pje_client,
                     assert_string_equal(pje_client_platform_version(h), ""))
OK(pje_client_process_index, second_of_two) {
  pje_client *client = open_fake(NULL);
  assert_int_equal(pje_client_process_index(client), 1);
  pje_client_release(client);
}
ANSWERS_WRONG_HANDLE(pje_client_process_index, pje_client, (void)pje_client_process_index(h))

OK(pje_client_num_devices, of_all_processes) {
  pje_client *client = open_fake(NULL);
  assert_int_equal(pje_client_num_devices(client), 6);
  assert_int_equal(pje_client_num_addressable_devices(client), 3);
  pje_client_release(client);
}
ANSWERS_WRONG_HANDLE(pje_client_num_devices, pje_client, assert_int_equal(pje_client_num_devices(h), 0))
OK(pje_client_num_addressable_devices, none) {
  pje_client *client = open_fake(NULL);
  assert_int_equal(pje_client_num_addressable_devices(client), 0);
  assert_null(pje_client_addressable_device(client, 0));
  pje_buffer *buffer = NULL;
  float one = 1;
  expect_error(pje_buffer_from_host(client, &one, 4, PJE_F32, NULL, 0, NULL, &buffer),
               PJE_FAILED_PRECONDITION, "pje_buffer_from_host", "device");
  pje_client_release(client);
}
ANSWERS_WRONG_HANDLE(pje_client_num_addressable_devices, pje_client,
                     assert_int_equal(pje_client_num_addressable_devices(h), 0))
OK(pje_client_device, each_is_another) {
  pje_client *client = shared_client();
  for (size_t i = 0; i < 4; ++i) {
    assert_non_null(pje_client_device(client, i));
    assert_ptr_equal(pje_client_device(client, i), pje_client_device(client, i));
    for (size_t k = 0; k < i; ++k)
      assert_ptr_not_equal(pje_client_device(client, i), pje_client_device(client, k));
  }
}
FAILS(pje_client_device, no_such_index) {
  assert_null(pje_client_device(shared_client(), 4));
  assert_null(pje_client_device(shared_client(), SIZE_MAX));
}
ANSWERS_WRONG_HANDLE(pje_client_device, pje_client, assert_null(pje_client_device(h, 0)))
OK(pje_client_addressable_device, only_of_this_process) {
  pje_client *client = open_fake(NULL);
  assert_int_equal(pje_client_num_addressable_devices(client), 3);
  for (size_t i = 0; i < 3; ++i)
    assert_int_equal(pje_device_process_index(pje_client_addressable_device(client, i)), 1);
  pje_client_release(client);
}
FAILS(pje_client_addressable_device, no_such_index) {
  assert_null(pje_client_addressable_device(shared_client(), 4));
}
ANSWERS_WRONG_HANDLE(pje_client_addressable_device, pje_client,
                     assert_null(pje_client_addressable_device(h, 0)))

OK(pje_client_lookup_device, is_lent) {
  pje_device *device = NULL;
  expect_ok(pje_client_lookup_device(shared_client(), 2, &device));
  assert_ptr_equal(device, pje_client_device(shared_client(), 2));
  assert_int_equal(pje_device_id(device), 2);
}
FAILS(pje_client_lookup_device, no_such_id) {
  pje_device *device = pje_client_device(shared_client(), 0);
  expect_invalid(pje_client_lookup_device(shared_client(), 999, &device), "PJRT_Client_LookupDevice", "999");
  assert_null(device);
  expect_invalid(pje_client_lookup_device(shared_client(), 0, NULL), "pje_client_lookup_device", "out");
}
REFUSES_WRONG_HANDLE(pje_client_lookup_device, wrong_handle, pje_client, "client",
                     pje_client_lookup_device(h, 0, &(pje_device *){NULL}))

OK(pje_client_num_addressable_memories, three_each) {
  assert_int_equal(pje_client_num_addressable_memories(shared_client()), 12);
}
ANSWERS_WRONG_HANDLE(pje_client_num_addressable_memories, pje_client,
                     assert_int_equal(pje_client_num_addressable_memories(h), 0))
OK(pje_client_addressable_memory, ids_are_different) {
  pje_client *client = shared_client();
  for (size_t i = 0; i < 12; ++i)
    for (size_t k = 0; k < i; ++k)
      assert_int_not_equal(pje_memory_id(pje_client_addressable_memory(client, i)),
                           pje_memory_id(pje_client_addressable_memory(client, k)));
}
FAILS(pje_client_addressable_memory, no_such_index) {
  assert_null(pje_client_addressable_memory(shared_client(), 12));
}
ANSWERS_WRONG_HANDLE(pje_client_addressable_memory, pje_client,
                     assert_null(pje_client_addressable_memory(h, 0)))

static void do_nothing(void *unused UNUSED) {}
/* The dispatcher works in order: when this has run, so has all that was left to it before. */
static void wait_for_dispatcher(void) {
  pje_event *promise = NULL;
  pje_event *done = NULL;
  expect_ok(pje_event_create(&promise));
  expect_ok(pje_event_then(promise, do_nothing, NULL, &done));
  expect_ok(pje_event_set(promise, NULL));
  expect_ok(pje_event_wait(done));
  pje_event_release(promise);
  pje_event_release(done);
}

static pje_client *client_of_callback;
static void release_the_client(void) { pje_client_release(client_of_callback); }
OK(pje_client_release, last_reference_inside_a_callback) {
  /* Destroying a client on a thread of its plugin hangs real ones; the fake plugin aborts. */
  client_of_callback = open_fake(NULL);
  run_in_callback(release_the_client);
  wait_for_dispatcher();
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_client_num_devices(client_of_callback), 0);
  assert_true(pje_misuse_count() > before);
}

static void create_inside(void) {
  pje_client *client = NULL;
  pje_plugin *plugin = NULL;
  expect_error(pje_client_open(fake_path(), NULL, &client), PJE_FAILED_PRECONDITION, "pje_client_open",
               "callback");
  expect_error(pje_client_create(NULL, NULL, &client), PJE_FAILED_PRECONDITION, "pje_client_create",
               "callback");
  expect_error(pje_plugin_load(fake_path(), NULL, &plugin), PJE_FAILED_PRECONDITION, "pje_plugin_load",
               "callback");
  assert_int_equal(pje_client_num_devices(shared_client()), 4);
  assert_string_equal(pje_client_platform_name(shared_client()), "fake");
}
FAILS(pje_client_open, inside_a_callback) { run_in_callback(create_inside); }

int main(void) {
  const struct CMUnitTest client[] = {
      RETAIN_RELEASE_LIST(pje_client),
      cmocka_unit_test(pje_client_create__ok_options_reach_the_plugin),
      cmocka_unit_test(pje_client_create__ok_two_clients_of_one_plugin),
      cmocka_unit_test(pje_client_create__fails_wrong_plugin),
      WITH_FAKE("fail=PJRT_Client_Create:1:RESOURCE_EXHAUSTED:full",
                pje_client_create__fails_the_plugin_refuses),
      WITH_FAKE("null=PJRT_Buffer_Destroy", pje_client_create__fails_children_could_not_be_destroyed),
      WITH_FAKE("fail=PJRT_Client_Devices:1:INTERNAL;leaks=abort",
                pje_client_create__fails_what_comes_after_the_creation_fails),
      cmocka_unit_test(pje_client_create__fails_unknown_option),
      cmocka_unit_test(pje_client_create__fails_options_of_kinds_that_the_plugin_refuses),
      cmocka_unit_test(pje_client_create__fails_option_that_ends_real_plugins),
      cmocka_unit_test(pje_client_create__fails_options),
      cmocka_unit_test(pje_client_open__ok_loads_and_creates),
      cmocka_unit_test(pje_client_open__fails_bad_arguments),
      WITH_FAKE("complete=inside", pje_client_open__fails_inside_a_callback),
      WITH_FAKE("delay=PJRT_Client_Create:20ms", pje_client_create_async__ok_options_of_the_time_of_the_call),
      WITH_FAKE("delay=PJRT_Client_Create:20ms;leaks=abort", pje_client_open_async__ok_waiting_given_up),
      cmocka_unit_test(pje_client_open_async__ok_used_like_any_other),
      cmocka_unit_test(pje_client_create_async__fails_wrong_plugin),
      WITH_FAKE("fail=PJRT_Client_Create:1:RESOURCE_EXHAUSTED:full",
                pje_client_create_async__fails_the_plugin_refuses),
      cmocka_unit_test(pje_client_open_async__fails_bad_arguments),
      cmocka_unit_test(pje_event_get_client__ok_several_times),
      cmocka_unit_test(pje_event_get_client__fails_an_event_of_something_else),
      cmocka_unit_test(pje_event_get_client__fails_wrong_event),
      cmocka_unit_test(pje_client_plugin__ok_is_the_plugin),
      cmocka_unit_test(pje_client_plugin__fails_wrong_handle),
      cmocka_unit_test(pje_client_platform_name__ok_of_the_fake),
      cmocka_unit_test(pje_client_platform_name__fails_wrong_handle),
      cmocka_unit_test(pje_client_platform_version__ok_is_not_empty),
      cmocka_unit_test(pje_client_platform_version__fails_wrong_handle),
      WITH_FAKE("processes=2;process=1", pje_client_process_index__ok_second_of_two),
      cmocka_unit_test(pje_client_process_index__fails_wrong_handle),
      WITH_FAKE("processes=2;devices=3", pje_client_num_devices__ok_of_all_processes),
      cmocka_unit_test(pje_client_num_devices__fails_wrong_handle),
      WITH_FAKE("devices=0", pje_client_num_addressable_devices__ok_none),
      cmocka_unit_test(pje_client_num_addressable_devices__fails_wrong_handle),
      cmocka_unit_test(pje_client_device__ok_each_is_another),
      cmocka_unit_test(pje_client_device__fails_no_such_index),
      cmocka_unit_test(pje_client_device__fails_wrong_handle),
      WITH_FAKE("processes=2;devices=3;process=1", pje_client_addressable_device__ok_only_of_this_process),
      cmocka_unit_test(pje_client_addressable_device__fails_no_such_index),
      cmocka_unit_test(pje_client_addressable_device__fails_wrong_handle),
      cmocka_unit_test(pje_client_lookup_device__ok_is_lent),
      cmocka_unit_test(pje_client_lookup_device__fails_no_such_id),
      cmocka_unit_test(pje_client_lookup_device__fails_wrong_handle),
      cmocka_unit_test(pje_client_num_addressable_memories__ok_three_each),
      cmocka_unit_test(pje_client_num_addressable_memories__fails_wrong_handle),
      cmocka_unit_test(pje_client_addressable_memory__ok_ids_are_different),
      cmocka_unit_test(pje_client_addressable_memory__fails_no_such_index),
      cmocka_unit_test(pje_client_addressable_memory__fails_wrong_handle),
      cmocka_unit_test(pje_client_release__ok_last_reference_inside_a_callback),
  };
  return RUN(client);
}
