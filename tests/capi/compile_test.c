/* Compiling ahead of time, and the ways of executables to their devices. */
#include "harness.h"

static const float kRamp[] = {0, 1, 2, 3}, kRampPlus1[] = {1, 2, 3, 4};

static pje_topology *topology_of(const char *name) {
  pje_plugin *plugin = load_fake();
  pje_topology *topology = NULL;
  expect_ok(pje_topology_create(plugin, name, NULL, &topology));
  pje_plugin_release(plugin);
  return topology;
}
static pje_error *try_compile(pje_topology *topology, const char *text, const pje_compile_options *options,
                              pje_client *client, pje_executable **out) {
  pje_plugin *plugin = load_fake();
  pje_program *program = program_from_text(text);
  pje_error *error = pje_compile(plugin, topology, program, options, client, out);
  pje_program_release(program);
  pje_plugin_release(plugin);
  return error;
}
static pje_executable *compile_for(const char *name, const char *text) {
  pje_topology *topology = topology_of(name);
  pje_executable *executable = NULL;
  expect_ok(try_compile(topology, text, NULL, NULL, &executable));
  pje_topology_release(topology);
  return executable;
}
static pje_executable *behind(pje_loaded_executable *loaded) {
  pje_executable *executable = NULL;
  expect_ok(pje_loaded_executable_executable(loaded, &executable));
  return executable;
}
static void expect_add1(pje_loaded_executable *loaded) {
  pje_buffer *input = upload_f32(pje_loaded_executable_client(loaded), kRamp, 4), *output = NULL;
  expect_ok(pje_loaded_executable_execute(loaded, &input, 1, NULL, &output, 1));
  expect_f32(output, kRampPlus1, 4);
  pje_buffer_release(input);
  pje_buffer_release(output);
}
static pje_compile_options *options_of(int64_t replicas) {
  pje_compile_options *options = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_set_num_replicas(options, replicas));
  return options;
}

OK(pje_compile, without_a_client) {
  pje_executable *executable = compile_for("fake:2", kAdd1);
  assert_string_equal(pje_executable_name(executable), "add1");
  assert_int_equal(pje_executable_num_outputs(executable), 1);
  pje_executable_release(executable);
}
OK(pje_compile, with_a_client_and_its_topology) {
  pje_client *client = open_fake(NULL);
  pje_topology *topology = NULL;
  pje_executable *executable = NULL;
  expect_ok(pje_client_topology(client, &topology));
  pje_compile_options *options = options_of(4);
  expect_ok(try_compile(topology, kAllReduce, options, client, &executable));
  pje_compile_options_release(options);
  pje_client_release(client);
  assert_int_equal(pje_executable_num_replicas(executable), 4);
  assert_int_equal(pje_client_num_devices(client), 4);
  pje_executable_release(executable);
}
FAILS(pje_compile, more_replicas_than_the_topology_has_devices) {
  pje_topology *topology = topology_of("fake:2");
  pje_compile_options *options = options_of(4);
  pje_executable *executable = (pje_executable *)topology;
  expect_invalid(try_compile(topology, kAllReduce, options, NULL, &executable), "PJRT_Compile",
                 "topology's 2");
  assert_null(executable);
  expect_error(try_compile(topology, "nonsense", NULL, NULL, &executable), PJE_UNKNOWN, "PJRT_Compile", "");
  pje_compile_options_release(options);
  pje_topology_release(topology);
}
FAILS(pje_compile, what_comes_after_it_fails) {
  pje_topology *topology = topology_of("fake:2");
  pje_executable *executable = NULL;
  expect_error(try_compile(topology, kAdd1, NULL, NULL, &executable), PJE_INTERNAL,
               "PJRT_Executable_NumOutputs", "injected");
  assert_null(executable);
  pje_topology_release(topology);
}
FAILS(pje_compile, wrong_handles) {
  pje_plugin *plugin = load_fake();
  pje_topology *topology = topology_of("fake:2");
  pje_program *program = program_from_text(kAdd1);
  pje_executable *executable = NULL;
  FOR_WRONG_HANDLES(pje_plugin, h) {
    expect_invalid(pje_compile(h, topology, program, NULL, NULL, &executable), "pje_compile", "plugin");
  }
  FOR_WRONG_HANDLES(pje_topology, h) {
    expect_invalid(pje_compile(plugin, h, program, NULL, NULL, &executable), "pje_compile", "topology");
  }
  FOR_WRONG_HANDLES(pje_program, h) {
    expect_invalid(pje_compile(plugin, topology, h, NULL, NULL, &executable), "pje_compile", "program");
  }
  FOR_WRONG_HANDLES(pje_client, h) {
    if (h != NULL)
      expect_invalid(pje_compile(plugin, topology, program, NULL, h, &executable), "pje_compile", "client");
  }
  expect_invalid(pje_compile(plugin, topology, program, NULL, NULL, NULL), "pje_compile", "out");
  pje_program_release(program);
  pje_topology_release(topology);
  pje_plugin_release(plugin);
}

OK(pje_client_load, what_was_compiled_ahead_of_time) {
  pje_executable *executable = compile_for("fake:2", kAdd1);
  pje_loaded_executable *loaded = NULL;
  expect_ok(pje_client_load(shared_client(), executable, NULL, &loaded));
  pje_executable_release(executable);
  assert_int_equal(pje_loaded_executable_num_args(loaded), 1);
  expect_add1(loaded);
  pje_loaded_executable_release(loaded);
}
OK(pje_client_load, with_other_options) {
  static const int64_t kThird = 2;
  pje_executable *executable = compile_for("fake:2", kAdd1);
  pje_loaded_executable *loaded = NULL;
  pje_compile_options *options = options_of(1);
  expect_ok(pje_compile_options_set_device_assignment(options, 1, 1, &kThird, 1));
  expect_ok(pje_client_load(shared_client(), executable, options, &loaded));
  pje_compile_options_release(options);
  assert_int_equal(pje_device_id(pje_loaded_executable_addressable_device(loaded, 0)), 2);
  pje_loaded_executable_release(loaded);
  pje_executable_release(executable);
}
FAILS(pje_client_load, what_was_loaded_before) {
  pje_executable *executable = compile_for("fake:2", kAdd1);
  pje_loaded_executable *loaded = NULL, *second = NULL;
  pje_bytes *bytes = NULL;
  expect_ok(pje_client_load(shared_client(), executable, NULL, &loaded));
  expect_error(pje_client_load(shared_client(), executable, NULL, &second), PJE_FAILED_PRECONDITION,
               "pje_client_load", "used up");
  assert_null(second);
  expect_error(pje_executable_serialize(executable, &bytes), PJE_FAILED_PRECONDITION,
               "pje_executable_serialize", "used up by pje_client_load");
  assert_string_equal(pje_executable_name(executable), "add1");
  pje_executable *again = behind(loaded);
  expect_ok(pje_executable_serialize(again, &bytes));
  pje_bytes_release(bytes);
  pje_executable_release(again);
  pje_executable_release(executable);
  pje_loaded_executable_release(loaded);
}
FAILS(pje_client_load, not_in_the_plugin) {
  pje_executable *executable = compile_for("fake:2", kAdd1);
  pje_loaded_executable *loaded = NULL;
  expect_error(pje_client_load(shared_client(), executable, NULL, &loaded), PJE_UNIMPLEMENTED,
               "pje_client_load", "added in 0.95");
  /* Nothing was used up. */
  int64_t size = 0;
  expect_ok(pje_executable_code_size(executable, &size));
  pje_executable_release(executable);
}
FAILS(pje_client_load, more_replicas_than_devices) {
  pje_client *client = open_fake("devices=2");
  pje_topology *topology = topology_of("fake:4");
  pje_compile_options *options = options_of(4);
  pje_executable *executable = NULL;
  pje_loaded_executable *loaded = (pje_loaded_executable *)options;
  expect_ok(try_compile(topology, kAllReduce, options, NULL, &executable));
  expect_invalid(pje_client_load(client, executable, NULL, &loaded), "PJRT_Client_Load", "2");
  assert_null(loaded);
  pje_executable_release(executable);
  pje_compile_options_release(options);
  pje_topology_release(topology);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_client_load, wrong_client, pje_client, "client",
                     pje_client_load(h, NULL, NULL, &(pje_loaded_executable *){NULL}))
REFUSES_WRONG_HANDLE(pje_client_load, wrong_executable, pje_executable, "executable",
                     pje_client_load(shared_client(), h, NULL, &(pje_loaded_executable *){NULL}))

OK(pje_loaded_executable_delete, no_use_afterwards) {
  pje_loaded_executable *loaded = compile_text(shared_client(), kAdd1);
  assert_false(pje_loaded_executable_is_deleted(loaded));
  expect_add1(loaded);
  expect_ok(pje_loaded_executable_delete(loaded));
  assert_true(pje_loaded_executable_is_deleted(loaded));
  expect_ok(pje_loaded_executable_delete(loaded));
  pje_buffer *input = upload_f32(shared_client(), kRamp, 4), *output = (pje_buffer *)input;
  expect_error(pje_loaded_executable_execute(loaded, &input, 1, NULL, &output, 1), PJE_FAILED_PRECONDITION,
               "pje_loaded_executable_execute", "deleted");
  assert_null(output);
  expect_error(pje_loaded_executable_execute_async(loaded, &input, 1, NULL, &output, 1, NULL),
               PJE_FAILED_PRECONDITION, "pje_loaded_executable_execute_async", "deleted");
  expect_error(pje_loaded_executable_executable(loaded, &(pje_executable *){NULL}), PJE_FAILED_PRECONDITION,
               "pje_loaded_executable_executable", "deleted");
  expect_error(pje_loaded_executable_fingerprint(loaded, &(pje_bytes *){NULL}), PJE_FAILED_PRECONDITION,
               "pje_loaded_executable_fingerprint", "deleted");
  expect_error(pje_loaded_executable_device_assignment(loaded, &(pje_device_assignment *){NULL}),
               PJE_FAILED_PRECONDITION, "pje_loaded_executable_device_assignment", "deleted");
  assert_false(pje_buffer_is_deleted(input));
  pje_buffer_release(input);
  pje_loaded_executable_release(loaded);
}
FAILS(pje_loaded_executable_delete, the_plugin_refuses) {
  pje_loaded_executable *loaded = compile_text(shared_client(), kAdd1);
  expect_error(pje_loaded_executable_delete(loaded), PJE_INTERNAL, "PJRT_LoadedExecutable_Delete",
               "injected");
  assert_false(pje_loaded_executable_is_deleted(loaded));
  expect_add1(loaded);
  pje_loaded_executable_release(loaded);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_delete, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_delete(h))

ANSWERS_WRONG_HANDLE(pje_loaded_executable_is_deleted, pje_loaded_executable,
                     assert_false(pje_loaded_executable_is_deleted(h)))

OK(pje_loaded_executable_fingerprint, is_that_of_the_executable) {
  pje_executable *executable = behind(shared_add1());
  pje_bytes *first = NULL, *second = NULL;
  expect_ok(pje_executable_fingerprint(executable, &first));
  expect_ok(pje_loaded_executable_fingerprint(shared_add1(), &second));
  assert_string_equal(pje_bytes_data(first), pje_bytes_data(second));
  pje_bytes_release(first);
  pje_bytes_release(second);
  pje_executable_release(executable);
}
OK(pje_loaded_executable_fingerprint, of_the_older_function) {
  pje_bytes *bytes = NULL;
  expect_ok(pje_loaded_executable_fingerprint(shared_add1(), &bytes));
  assert_true(pje_bytes_size(bytes) > 0);
  pje_bytes_release(bytes);
}
FAILS(pje_loaded_executable_fingerprint, the_older_function_is_asked_last) {
  pje_bytes *bytes = (pje_bytes *)kRamp;
  expect_error(pje_loaded_executable_fingerprint(shared_add1(), &bytes), PJE_UNIMPLEMENTED,
               "PJRT_LoadedExecutable_Fingerprint", "deprecated");
  assert_null(bytes);
}
FAILS(pje_loaded_executable_fingerprint, an_error_is_no_reason_to_ask_on) {
  expect_error(pje_loaded_executable_fingerprint(shared_add1(), &(pje_bytes *){NULL}), PJE_INTERNAL,
               "PJRT_Executable_Fingerprint", "injected");
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_fingerprint, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_fingerprint(h, &(pje_bytes *){NULL}))

int main(void) {
  const struct CMUnitTest compile[] = {
      cmocka_unit_test(pje_compile__ok_without_a_client),
      cmocka_unit_test(pje_compile__ok_with_a_client_and_its_topology),
      cmocka_unit_test(pje_compile__fails_more_replicas_than_the_topology_has_devices),
      WITH_FAKE("fail=PJRT_Executable_NumOutputs:1:INTERNAL:injected",
                pje_compile__fails_what_comes_after_it_fails),
      cmocka_unit_test(pje_compile__fails_wrong_handles),
      WITH_FAKE("", pje_client_load__ok_what_was_compiled_ahead_of_time),
      WITH_FAKE("", pje_client_load__ok_with_other_options),
      WITH_FAKE("minor=116", pje_client_load__fails_what_was_loaded_before),
      WITH_FAKE("minor=94", pje_client_load__fails_not_in_the_plugin),
      WITH_FAKE("minor=116", pje_client_load__fails_more_replicas_than_devices),
      cmocka_unit_test(pje_client_load__fails_wrong_client),
      cmocka_unit_test(pje_client_load__fails_wrong_executable),
      cmocka_unit_test(pje_loaded_executable_delete__ok_no_use_afterwards),
      WITH_FAKE("fail=PJRT_LoadedExecutable_Delete:1:INTERNAL:injected",
                pje_loaded_executable_delete__fails_the_plugin_refuses),
      cmocka_unit_test(pje_loaded_executable_delete__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_is_deleted__fails_wrong_handle),
      cmocka_unit_test(pje_loaded_executable_fingerprint__ok_is_that_of_the_executable),
      WITH_FAKE("null=PJRT_Executable_Fingerprint;loaded_fingerprint=1",
                pje_loaded_executable_fingerprint__ok_of_the_older_function),
      WITH_FAKE("null=PJRT_Executable_Fingerprint",
                pje_loaded_executable_fingerprint__fails_the_older_function_is_asked_last),
      WITH_FAKE("fail=PJRT_Executable_Fingerprint:1:INTERNAL:injected",
                pje_loaded_executable_fingerprint__fails_an_error_is_no_reason_to_ask_on),
      cmocka_unit_test(pje_loaded_executable_fingerprint__fails_wrong_handle),
  };
  return RUN(compile);
}
