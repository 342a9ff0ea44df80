/* The asynchronous forms of compiling ahead of time, saving and loading. */
#include "harness.h"

#define LONG INT64_C(20000000000)
static const pje_deserialize_options kTrusted = {sizeof(pje_deserialize_options), NULL, NULL, 0, NULL, 1, 0};

static pje_topology *topology_of(const char *name) {
  pje_plugin *plugin = load_fake();
  pje_topology *topology = NULL;
  expect_ok(pje_topology_create(plugin, name, NULL, &topology));
  pje_plugin_release(plugin);
  return topology;
}
static pje_error *compile_later(const char *text, pje_executable **out, pje_event **done) {
  pje_topology *topology = topology_of("fake:2");
  pje_program *program = program_from_text(text);
  pje_error *error =
      pje_compile_async(pje_topology_plugin(topology), topology, program, NULL, NULL, out, done);
  pje_program_release(program);
  pje_topology_release(topology);
  return error;
}
static void finish(pje_event *done) {
  expect_ok(pje_event_wait_for(done, LONG));
  pje_event_release(done);
}
static pje_executable *compiled(void) {
  pje_executable *executable = NULL;
  pje_event *done = NULL;
  expect_ok(compile_later(kAdd1, &executable, &done));
  finish(done);
  return executable;
}
static pje_executable *behind_add1(void) {
  pje_executable *executable = NULL;
  expect_ok(pje_loaded_executable_executable(shared_add1(), &executable));
  return executable;
}
static void expect_add1_and_release(pje_loaded_executable *loaded) {
  static const float kPlus1[] = {1, 2, 3, 4};
  pje_buffer *input = upload_ramp(pje_loaded_executable_client(loaded), 4), *output = NULL;
  expect_ok(pje_loaded_executable_execute(loaded, &input, 1, NULL, &output, 1));
  expect_f32(output, kPlus1, 4);
  pje_buffer_release(input);
  pje_buffer_release(output);
  pje_loaded_executable_release(loaded);
}

OK(pje_compile_async, in_the_slot) {
  pje_executable *executable = compiled();
  assert_string_equal(pje_executable_name(executable), "add1");
  pje_executable_release(executable);
}
/* Who gives the waiting up leaves nothing behind. */
OK(pje_compile_async, waiting_given_up) {
  pje_client *client = open_fake("delay=PJRT_Compile:50ms");
  pje_topology *topology = NULL;
  pje_program *program = program_from_text(kAdd1);
  pje_event *done = NULL;
  expect_ok(pje_client_topology(client, &topology));
  expect_ok(pje_compile_async(pje_client_plugin(client), topology, program, NULL, client, NULL, &done));
  pje_event_release(done);
  pje_program_release(program);
  pje_client_release(client);
}
FAILS(pje_compile_async, bad_program) {
  pje_executable *executable = (pje_executable *)&kTrusted;
  pje_event *done = NULL;
  expect_ok(compile_later("nonsense", &executable, &done));
  expect_error(pje_event_wait_for(done, LONG), PJE_UNKNOWN, "PJRT_Compile", "");
  assert_null(executable);
  pje_event_release(done);
}
FAILS(pje_compile_async, wrong_handle_or_no_event) {
  pje_executable *executable = NULL;
  FOR_WRONG_HANDLES(pje_plugin, h) {
    pje_event *done = (pje_event *)&kTrusted;
    expect_invalid(pje_compile_async(h, NULL, NULL, NULL, NULL, &executable, &done), "pje_compile_async",
                   "plugin");
    assert_null(done);
  }
  expect_invalid(compile_later(kAdd1, &executable, NULL), "pje_compile_async", "done");
}

OK(pje_event_get_executable, several_times) {
  pje_executable *first = NULL, *second = NULL;
  pje_event *done = NULL;
  expect_ok(compile_later(kAdd1, NULL, &done));
  expect_ok(pje_event_wait_for(done, LONG));
  expect_ok(pje_event_get_executable(done, &first));
  expect_ok(pje_event_get_executable(done, &second));
  pje_event_release(done);
  assert_ptr_equal(first, second);
  assert_string_equal(pje_executable_name(first), "add1");
  pje_executable_release(first);
  pje_executable_release(second);
}
FAILS(pje_event_get_executable, an_event_of_something_else) {
  pje_executable *executable = behind_add1(), *none = executable;
  pje_event *done = NULL;
  expect_ok(pje_executable_serialize_async(executable, NULL, &done));
  expect_ok(pje_event_wait_for(done, LONG));
  expect_invalid(pje_event_get_executable(done, &none), "pje_event_get_executable", "pje_bytes");
  assert_null(none);
  pje_event_release(done);
  pje_executable_release(executable);
}
REFUSES_WRONG_HANDLE(pje_event_get_executable, wrong_event, pje_event, "event",
                     pje_event_get_executable(h, &(pje_executable *){NULL}))
OK(pje_event_get_bytes, what_was_serialized) {
  pje_executable *executable = behind_add1();
  pje_bytes *now = NULL, *later = NULL;
  pje_event *done = NULL;
  expect_ok(pje_executable_serialize(executable, &now));
  expect_ok(pje_executable_serialize_async(executable, NULL, &done));
  pje_executable_release(executable);
  expect_ok(pje_event_wait_for(done, LONG));
  expect_ok(pje_event_get_bytes(done, &later));
  pje_event_release(done);
  assert_int_equal(pje_bytes_size(now), pje_bytes_size(later));
  assert_memory_equal(pje_bytes_data(now), pje_bytes_data(later), pje_bytes_size(now));
  pje_bytes_release(now);
  pje_bytes_release(later);
}
FAILS(pje_event_get_bytes, an_event_of_something_else) {
  pje_event *done = NULL;
  expect_ok(compile_later(kAdd1, NULL, &done));
  expect_ok(pje_event_wait_for(done, LONG));
  expect_invalid(pje_event_get_bytes(done, &(pje_bytes *){NULL}), "pje_event_get_bytes", "pje_executable");
  pje_event_release(done);
}
REFUSES_WRONG_HANDLE(pje_event_get_bytes, wrong_event, pje_event, "event",
                     pje_event_get_bytes(h, &(pje_bytes *){NULL}))

/* Serialized in the background, loaded in the background. */
#define ROUND_TRIP(serialize, load)                                                                         \
  OK(serialize, in_the_slot) {                                                                              \
    pje_executable *executable = behind_add1();                                                             \
    pje_bytes *bytes = NULL;                                                                                \
    pje_event *done = NULL;                                                                                 \
    expect_ok(serialize(executable, &bytes, &done));                                                        \
    pje_executable_release(executable);                                                                     \
    finish(done);                                                                                           \
    assert_true(pje_bytes_size(bytes) > strlen(kAdd1));                                                     \
    pje_bytes_release(bytes);                                                                               \
  }                                                                                                         \
  FAILS(serialize, the_plugin_refuses) {                                                                    \
    pje_executable *executable = behind_add1();                                                             \
    pje_bytes *bytes = (pje_bytes *)executable;                                                             \
    pje_event *done = NULL;                                                                                 \
    expect_ok(serialize(executable, &bytes, &done));                                                        \
    expect_error(pje_event_wait_for(done, LONG), PJE_INTERNAL, "PJRT_Executable_Serialize", "injected");    \
    assert_null(bytes);                                                                                     \
    pje_event_release(done);                                                                                \
    expect_invalid(serialize(executable, NULL, NULL), #serialize, "done");                                  \
    pje_executable_release(executable);                                                                     \
  }                                                                                                         \
  REFUSES_WRONG_HANDLE(serialize, wrong_handle, pje_executable, "executable",                               \
                       serialize(h, NULL, &(pje_event *){NULL}))                                            \
  OK(load, bytes_may_go_at_once) {                                                                          \
    pje_executable *executable = behind_add1();                                                             \
    pje_bytes *bytes = NULL;                                                                                \
    pje_loaded_executable *loaded = NULL;                                                                   \
    pje_event *done = NULL;                                                                                 \
    expect_ok(serialize(executable, &bytes, &done));                                                        \
    finish(done);                                                                                           \
    expect_ok(load(shared_client(), pje_bytes_data(bytes), pje_bytes_size(bytes), &kTrusted, NULL, &done)); \
    pje_bytes_release(bytes);                                                                               \
    pje_executable_release(executable);                                                                     \
    expect_ok(pje_event_wait_for(done, LONG));                                                              \
    expect_ok(pje_event_get_loaded_executable(done, &loaded));                                              \
    pje_event_release(done);                                                                                \
    expect_add1_and_release(loaded);                                                                        \
  }                                                                                                         \
  FAILS(load, refused_before_anything_starts) {                                                             \
    pje_deserialize_options untrusted = PJE_DESERIALIZE_OPTIONS_INIT;                                       \
    pje_event *done = (pje_event *)&untrusted;                                                              \
    expect_error(load(shared_client(), "hello", 5, &untrusted, NULL, &done), PJE_PERMISSION_DENIED, #load,  \
                 "trusted");                                                                                \
    assert_null(done);                                                                                      \
    expect_invalid(load(shared_client(), "hello", 5, &kTrusted, NULL, NULL), #load, "done");                \
    FOR_WRONG_HANDLES(pje_client, h) {                                                                      \
      expect_invalid(load(h, "hello", 5, &kTrusted, NULL, &done), #load, "client");                         \
    }                                                                                                       \
  }
ROUND_TRIP(pje_executable_serialize_async, pje_client_deserialize_and_load_async)
ROUND_TRIP(pje_executable_serialize_raw_async, pje_client_deserialize_and_load_raw_async)
FAILS(pje_client_deserialize_and_load_raw_async, what_the_plugin_refuses) {
  pje_loaded_executable *loaded = NULL;
  pje_event *done = NULL;
  expect_ok(
      pje_client_deserialize_and_load_raw_async(shared_client(), "hello", 5, &kTrusted, &loaded, &done));
  expect_invalid(pje_event_wait_for(done, LONG), "PJRT_Executable_DeserializeAndLoad", "not a whole");
  assert_null(loaded);
  pje_event_release(done);
}

OK(pje_client_load_async, in_the_slot) {
  pje_executable *executable = compiled();
  pje_loaded_executable *loaded = NULL;
  pje_event *done = NULL;
  expect_ok(pje_client_load_async(shared_client(), executable, NULL, &loaded, &done));
  pje_executable_release(executable);
  finish(done);
  expect_add1_and_release(loaded);
}
FAILS(pje_client_load_async, used_up_as_soon_as_it_is_called) {
  pje_executable *executable = compiled();
  pje_event *done = NULL, *again = NULL;
  expect_ok(pje_client_load_async(shared_client(), executable, NULL, NULL, &done));
  expect_error(pje_client_load_async(shared_client(), executable, NULL, NULL, &again),
               PJE_FAILED_PRECONDITION, "pje_client_load_async", "used up");
  assert_null(again);
  finish(done);
  pje_executable_release(executable);
}
REFUSES_WRONG_HANDLE(pje_client_load_async, wrong_client, pje_client, "client",
                     pje_client_load_async(h, NULL, NULL, NULL, &(pje_event *){NULL}))

int main(void) {
  const struct CMUnitTest compile_async[] = {
      cmocka_unit_test(pje_compile_async__ok_in_the_slot),
      WITH_FAKE("", pje_compile_async__ok_waiting_given_up),
      cmocka_unit_test(pje_compile_async__fails_bad_program),
      cmocka_unit_test(pje_compile_async__fails_wrong_handle_or_no_event),
      cmocka_unit_test(pje_event_get_executable__ok_several_times),
      cmocka_unit_test(pje_event_get_executable__fails_an_event_of_something_else),
      cmocka_unit_test(pje_event_get_executable__fails_wrong_event),
      cmocka_unit_test(pje_event_get_bytes__ok_what_was_serialized),
      cmocka_unit_test(pje_event_get_bytes__fails_an_event_of_something_else),
      cmocka_unit_test(pje_event_get_bytes__fails_wrong_event),
      cmocka_unit_test(pje_executable_serialize_async__ok_in_the_slot),
      WITH_FAKE("fail=PJRT_Executable_Serialize:1:INTERNAL:injected",
                pje_executable_serialize_async__fails_the_plugin_refuses),
      cmocka_unit_test(pje_executable_serialize_async__fails_wrong_handle),
      cmocka_unit_test(pje_client_deserialize_and_load_async__ok_bytes_may_go_at_once),
      cmocka_unit_test(pje_client_deserialize_and_load_async__fails_refused_before_anything_starts),
      cmocka_unit_test(pje_executable_serialize_raw_async__ok_in_the_slot),
      WITH_FAKE("fail=PJRT_Executable_Serialize:1:INTERNAL:injected",
                pje_executable_serialize_raw_async__fails_the_plugin_refuses),
      cmocka_unit_test(pje_executable_serialize_raw_async__fails_wrong_handle),
      cmocka_unit_test(pje_client_deserialize_and_load_raw_async__ok_bytes_may_go_at_once),
      cmocka_unit_test(pje_client_deserialize_and_load_raw_async__fails_refused_before_anything_starts),
      cmocka_unit_test(pje_client_deserialize_and_load_raw_async__fails_what_the_plugin_refuses),
      WITH_FAKE("", pje_client_load_async__ok_in_the_slot),
      WITH_FAKE("minor=116", pje_client_load_async__fails_used_up_as_soon_as_it_is_called),
      cmocka_unit_test(pje_client_load_async__fails_wrong_client),
  };
  return RUN(compile_async);
}
