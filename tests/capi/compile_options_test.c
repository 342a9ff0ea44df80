/* The compile options as a whole, and what compiling makes of them. */
#define _POSIX_C_SOURCE 200809L

#include "compile_options_support.h"

#include <unistd.h>

static bool is_alive(pje_compile_options *options) {
  return pje_compile_options_get_num_replicas(options) == 1;
}
RETAIN_RELEASE_TESTS(pje_compile_options, make_options(), is_alive)

/* What real plugins are known to take: device_ordinal -1, num_replicas 1, num_partitions 1. */
static const char kDefaults[] = "\x1a\x0f\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x20\x01\x28\x01";
enum { kDefaultsSize = sizeof kDefaults - 1 };

OK(pje_compile_options_create, one_replica_and_nothing_else) {
  pje_compile_options *options = make_options();
  assert_true(pje_compile_options_get_num_replicas(options) == 1);
  assert_true(pje_compile_options_get_num_partitions(options) == 1);
  assert_true(pje_compile_options_get_device_ordinal(options) == -1);
  assert_true(pje_compile_options_get_check_arguments(options));
  assert_null(pje_compile_options_get_device_assignment(options, NULL, NULL));
  assert_int_equal(pje_compile_options_num_argument_layouts(options), 0);
  assert_int_equal(pje_compile_options_num_overrides(options), 0);
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_create, out_is_null) {
  expect_invalid(pje_compile_options_create(NULL), "pje_compile_options_create", "out");
}

OK(pje_compile_options_copy, is_independent) {
  pje_compile_options *options = make_options(), *copy = NULL;
  expect_ok(pje_compile_options_set_num_replicas(options, 2));
  expect_ok(pje_compile_options_set_check_arguments(options, false));
  expect_ok(pje_compile_options_copy(options, &copy));
  expect_ok(pje_compile_options_set_num_replicas(options, 3));
  pje_compile_options_release(options);
  assert_true(pje_compile_options_get_num_replicas(copy) == 2);
  assert_false(pje_compile_options_get_check_arguments(copy));
  pje_compile_options_release(copy);
}
REFUSES_WRONG_HANDLE(pje_compile_options_copy, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_copy(h, &(pje_compile_options *){NULL}))
FAILS(pje_compile_options_copy, out_is_null) {
  pje_compile_options *options = make_options();
  expect_invalid(pje_compile_options_copy(options, NULL), "pje_compile_options_copy", "out");
  pje_compile_options_release(options);
}

static pje_error *parse(const char *data, size_t size) {
  pje_compile_options *options = (pje_compile_options *)(uintptr_t)data;
  pje_error *error = pje_compile_options_from_bytes(data, size, &options);
  assert_true((error == NULL) != (options == NULL));
  pje_compile_options_release(options);
  return error;
}

OK(pje_compile_options_from_bytes, keeps_unknown_fields) {
  char data[kDefaultsSize + 3];
  memcpy(data, kDefaults, kDefaultsSize);
  /* Field 2000, the number 5. */
  memcpy(data + kDefaultsSize, "\x80\x7d\x05", 3);
  pje_compile_options *options = NULL;
  expect_ok(pje_compile_options_from_bytes(data, sizeof data, &options));
  pje_bytes *bytes = bytes_of(options);
  assert_int_equal(pje_bytes_size(bytes), sizeof data);
  assert_memory_equal(pje_bytes_data(bytes), data, sizeof data);
  pje_bytes_release(bytes);
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_from_bytes, garbage_or_cut_short) {
  const char *function = "pje_compile_options_from_bytes";
  static const char kText[] = "num_replicas: 1", kFile[] = "PK\003\004 a whole other file";
  expect_invalid(parse(kText, sizeof kText), function, "not a serialized CompileOptionsProto");
  expect_invalid(parse(kFile, sizeof kFile), function, "not a serialized CompileOptionsProto");
  expect_invalid(parse("\xff\xff\xff", 3), function, "3 bytes");
  for (size_t size = 1; size < kDefaultsSize; ++size) expect_invalid(parse(kDefaults, size), function, "");
  expect_invalid(parse(NULL, 0), function, "data");
  expect_invalid(pje_compile_options_from_bytes(kDefaults, kDefaultsSize, NULL), function, "out");
}
FAILS(pje_compile_options_from_bytes, counts_that_plugins_abort_on) {
  const char *function = "pje_compile_options_from_bytes";
  /* executable_build_options with num_replicas and num_partitions. */
  expect_invalid(parse("", 0), function, "num_replicas is 0");
  expect_invalid(parse("\x1a\x04\x20\x00\x28\x01", 6), function, "num_replicas is 0");
  expect_invalid(parse("\x1a\x04\x20\x01\x28\x00", 6), function, "num_partitions is 0");
  expect_invalid(parse("\x1a\x0d\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x28\x01", 15), function,
                 "num_replicas is -1");
}

/* How many bytes a call writes to stderr. */
static long stderr_bytes_of(void (*call)(void)) {
  FILE *file = fopen(temporary_path("stderr.txt"), "w+");
  assert_non_null(file);
  fflush(stderr);
  int kept = dup(STDERR_FILENO);
  assert_true(kept >= 0 && dup2(fileno(file), STDERR_FILENO) == STDERR_FILENO);
  call();
  fflush(stderr);
  dup2(kept, STDERR_FILENO);
  close(kept);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  fclose(file);
  return size;
}
static pje_error *silent_errors[3];
static void give_strings_that_are_not_utf8(void) {
  char data[kDefaultsSize + 3];
  memcpy(data, kDefaults, kDefaultsSize);
  /* compiler_variant */
  memcpy(data + kDefaultsSize, "\x5a\x01\xff", 3);
  silent_errors[0] = parse(data, sizeof data);
  pje_compile_options *options = make_options();
  silent_errors[1] = pje_compile_options_set_debug_options_text(options, "xla_dump_to: '\\377'");
  silent_errors[2] = pje_compile_options_set_target_config_text(options, "nothing: 1");
  pje_compile_options_release(options);
}
static void misuse(void) { (void)pje_compile_options_get_num_replicas(NULL); }
FAILS(pje_compile_options_from_bytes, not_utf8_is_in_the_error_and_not_on_stderr) {
  long by_us = stderr_bytes_of(misuse), by_protobuf = stderr_bytes_of(give_strings_that_are_not_utf8);
  expect_invalid(silent_errors[0], "pje_compile_options_from_bytes", "not a serialized");
  expect_invalid(silent_errors[1], "pje_compile_options_set_debug_options_text", "UTF-8");
  expect_invalid(silent_errors[2], "pje_compile_options_set_target_config_text", "nothing");
  assert_true(by_us > 0);
  assert_int_equal(by_protobuf, 0);
}

OK(pje_compile_options_serialize, same_bytes_for_same_options) {
  pje_compile_options *a = make_options(), *b = make_options();
  expect_ok(pje_compile_options_set_override_bool(a, "one", true));
  expect_ok(pje_compile_options_set_override_int64(a, "two", 2));
  expect_ok(pje_compile_options_set_fdo_profile(a, "x", 1));
  expect_ok(pje_compile_options_set_fdo_profile(b, "x", 1));
  expect_ok(pje_compile_options_set_override_int64(b, "two", 2));
  expect_ok(pje_compile_options_set_override_bool(b, "one", true));
  pje_bytes *of_a = bytes_of(a), *of_b = bytes_of(b);
  assert_true(same_bytes(of_a, of_b));
  pje_bytes_release(of_a);
  pje_bytes_release(of_b);
  pje_compile_options_release(a);
  pje_compile_options_release(b);
}
REFUSES_WRONG_HANDLE(pje_compile_options_serialize, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_serialize(h, &(pje_bytes *){NULL}))
FAILS(pje_compile_options_serialize, assignment_for_other_counts) {
  pje_compile_options *options = make_options();
  const int64_t ids[] = {0, 1};
  pje_bytes *bytes = NULL;
  pje_program *program = program_from_text(kAdd1);
  pje_loaded_executable *executable = NULL;
  expect_invalid(pje_compile_options_serialize(options, NULL), "pje_compile_options_serialize", "out");
  expect_ok(pje_compile_options_set_device_assignment(options, 1, 2, ids, 2));
  expect_ok(pje_compile_options_set_num_replicas(options, 2));
  expect_invalid(pje_compile_options_serialize(options, &bytes), "pje_compile_options_serialize",
                 "1 replicas and 2 partitions");
  assert_null(bytes);
  expect_invalid(pje_client_compile(shared_client(), program, options, &executable), "pje_client_compile",
                 "1 replicas and 2 partitions");
  assert_null(executable);
  pje_program_release(program);
  pje_compile_options_release(options);
}

OK(pje_compile_options_to_text, has_the_fields) {
  pje_compile_options *options = make_options();
  expect_ok(pje_compile_options_set_num_replicas(options, 4));
  assert_true(text_has(options, "executable_build_options {\n"));
  assert_true(text_has(options, "  device_ordinal: -1\n"));
  assert_true(text_has(options, "  num_replicas: 4\n"));
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_to_text, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_to_text(h, &(pje_bytes *){NULL}))

OK(pje_compile_options_is_set, lists_and_messages) {
  pje_compile_options *options = make_options();
  static const char *const kUnset[] = {"num_replicas", "device_ordinal",       "argument_layouts",
                                       "comp_envs",    "env_option_overrides", "device_assignment"};
  for (size_t i = 0; i < COUNT(kUnset); ++i) assert_false(field_is_set(options, kUnset[i]));
  assert_true(field_is_set(options, "executable_build_options"));
  expect_ok(pje_compile_options_set_override_bool(options, "any", true));
  assert_true(field_is_set(options, "env_option_overrides"));
  pje_compile_options_release(options);
}
OK(pje_compile_options_clear, whole_part_at_once) {
  pje_compile_options *options = make_options();
  const int64_t ids[] = {0, 1};
  CHANGES_NOTHING(options) {
    expect_ok(pje_compile_options_set_device_assignment(options, 2, 1, ids, 2));
    expect_ok(pje_compile_options_set_use_spmd_partitioning(options, true));
    expect_ok(pje_compile_options_clear(options, "executable_build_options"));
    assert_null(pje_compile_options_get_device_assignment(options, NULL, NULL));
  }
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_is_set, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_is_set(h, "num_replicas", &(bool){false}))
REFUSES_WRONG_HANDLE(pje_compile_options_clear, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_clear(h, "num_replicas"))
FAILS(pje_compile_options_is_set, no_such_field) {
  pje_compile_options *options = make_options();
  const char *function = "pje_compile_options_is_set";
  bool set = true;
  expect_invalid(pje_compile_options_is_set(options, "num_replica", &set), function,
                 "did you mean \"num_replicas\"?");
  assert_false(set);
  expect_invalid(pje_compile_options_is_set(options, "colour", &set), function, "CompileOptionsProto");
  expect_invalid(pje_compile_options_is_set(options, NULL, &set), function, "field");
  expect_invalid(pje_compile_options_is_set(options, "num_replicas", NULL), function, "out");
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_clear, no_such_field) {
  pje_compile_options *options = make_options();
  const char *function = "pje_compile_options_clear";
  expect_ok(pje_compile_options_set_num_replicas(options, 2));
  CHANGES_NOTHING(options) {
    expect_invalid(pje_compile_options_clear(options, "num_replica"), function,
                   "did you mean \"num_replicas\"?");
    expect_invalid(pje_compile_options_clear(options, ""), function, "field");
    expect_invalid(pje_compile_options_clear(options, NULL), function, "field");
  }
  pje_compile_options_release(options);
}

static pje_loaded_executable *compile_add1(pje_client *client, const pje_compile_options *options) {
  pje_program *program = program_from_text(kAdd1);
  pje_loaded_executable *executable = NULL;
  expect_ok(pje_client_compile(client, program, options, &executable));
  pje_program_release(program);
  assert_non_null(executable);
  return executable;
}

/* Stands in a copy of the fake's table before its PJRT_Client_Compile and keeps the options it is given. */
enum { kTableWords = 128, kClientCompile = 200 / 8, kOptions = 32 / 8, kOptionsSize = 40 / 8 };
static char sent[64];
static size_t sent_size;
static void *(*fake_compile)(uintptr_t *);
static void *keep_options(uintptr_t *args) {
  sent_size = args[kOptionsSize];
  if (sent_size <= sizeof sent) memcpy(sent, (const void *)args[kOptions], sent_size);
  return fake_compile(args);
}
static pje_client *open_with_kept_options(void) {
  static uintptr_t table[kTableWords];
  pje_plugin *fake = load_fake(), *plugin = NULL;
  pje_client *client = NULL;
  const uintptr_t *real = pje_plugin_api(fake);
  memcpy(table, real, real[0] < sizeof table ? real[0] : sizeof table);
  if (table[0] > sizeof table) table[0] = sizeof table;
  fake_compile = (void *(*)(uintptr_t *))table[kClientCompile];
  table[kClientCompile] = (uintptr_t)keep_options;
  expect_ok(pje_plugin_from_api(table, &plugin));
  expect_ok(pje_client_create(plugin, NULL, &client));
  pje_plugin_release(plugin);
  pje_plugin_release(fake);
  return client;
}
OK(pje_compile_options_serialize, defaults_are_what_null_sends) {
  pje_client *client = open_with_kept_options();
  pje_compile_options *options = make_options();
  pje_bytes *bytes = bytes_of(options);
  assert_int_equal(pje_bytes_size(bytes), kDefaultsSize);
  assert_memory_equal(pje_bytes_data(bytes), kDefaults, kDefaultsSize);
  const pje_compile_options *const each[] = {NULL, options};
  for (size_t i = 0; i < COUNT(each); ++i) {
    sent_size = 0;
    pje_loaded_executable *executable = compile_add1(client, each[i]);
    assert_int_equal(sent_size, kDefaultsSize);
    assert_memory_equal(sent, kDefaults, kDefaultsSize);
    assert_int_equal(pje_loaded_executable_num_args(executable), 1);
    assert_int_equal(pje_loaded_executable_num_addressable_devices(executable), 1);
    pje_loaded_executable_release(executable);
  }
  pje_bytes_release(bytes);
  pje_compile_options_release(options);
  pje_client_release(client);
}

OK(pje_compile_options_set_num_replicas, is_what_is_compiled_for) {
  pje_compile_options *options = make_options();
  expect_ok(pje_compile_options_set_num_replicas(options, 3));
  pje_loaded_executable *executable = compile_add1(shared_client(), options);
  assert_int_equal(pje_loaded_executable_num_replicas(executable), 3);
  assert_int_equal(pje_loaded_executable_num_addressable_devices(executable), 3);
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
}
FAILS(pje_compile_options_set_num_replicas, zero_or_negative_and_still_compiles) {
  pje_compile_options *options = make_options();
  const char *function = "pje_compile_options_set_num_replicas";
  expect_invalid(pje_compile_options_set_num_replicas(options, 0), function, "num_replicas is 0");
  expect_invalid(pje_compile_options_set_num_replicas(options, -1), function, "num_replicas is -1");
  pje_loaded_executable *executable = compile_add1(shared_client(), options);
  assert_int_equal(pje_loaded_executable_num_replicas(executable), 1);
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
}

OK(pje_compile_options_set_device_assignment, is_where_it_runs) {
  pje_compile_options *options = make_options();
  int64_t ids[2];
  for (size_t i = 0; i < 2; ++i) ids[i] = pje_device_id(pje_client_device(shared_client(), 3 - 2 * i));
  expect_ok(pje_compile_options_set_device_assignment(options, 2, 1, ids, 2));
  pje_loaded_executable *executable = compile_add1(shared_client(), options);
  assert_int_equal(pje_loaded_executable_num_addressable_devices(executable), 2);
  for (size_t i = 0; i < 2; ++i)
    assert_int_equal(pje_device_id(pje_loaded_executable_addressable_device(executable, i)), ids[i]);
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
}

OK(pje_compile_options_get_check_arguments, ours_alone) {
  pje_compile_options *options = make_options();
  CHANGES_NOTHING(options) {
    assert_true(pje_compile_options_get_check_arguments(options));
    expect_ok(pje_compile_options_set_check_arguments(options, false));
    assert_false(pje_compile_options_get_check_arguments(options));
  }
  pje_compile_options_release(options);
}
OK(pje_compile_options_set_check_arguments, off_leaves_the_signature_unread) {
  pje_compile_options *options = make_options();
  for (int check = 1; check >= 0; --check) {
    expect_ok(pje_compile_options_set_check_arguments(options, check != 0));
    pje_loaded_executable *executable = compile_add1(shared_client(), options);
    assert_true(pje_loaded_executable_num_args(executable) == (check ? 1 : SIZE_MAX));
    pje_loaded_executable_release(executable);
  }
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_set_check_arguments, wrong_handle, pje_compile_options, "options",
                     pje_compile_options_set_check_arguments(h, true))
ANSWERS_WRONG_HANDLE(pje_compile_options_get_check_arguments, pje_compile_options,
                     assert_false(pje_compile_options_get_check_arguments(h)))

static pje_compile_options *in_callback;
static pje_error *refused[4];
static int64_t answered;
static void use_in_callback(void) {
  pje_bytes *bytes = NULL;
  bool set = false;
  refused[0] = pje_compile_options_set_num_replicas(in_callback, 2);
  refused[1] = pje_compile_options_is_set(in_callback, "num_replicas", &set);
  refused[2] = pje_compile_options_serialize(in_callback, &bytes);
  refused[3] = pje_compile_options_get_override_bool(in_callback, "flag", &set);
  answered = pje_compile_options_get_num_replicas(in_callback);
  pje_compile_options_release(pje_compile_options_retain(in_callback));
}
FAILS(pje_compile_options_set_num_replicas, inside_a_callback) {
  static const char *const kFunctions[] = {"set_num_replicas", "is_set", "serialize", "get_override_bool"};
  in_callback = make_options();
  expect_ok(pje_compile_options_set_override_bool(in_callback, "flag", true));
  CHANGES_NOTHING(in_callback) run_in_callback(use_in_callback);
  assert_true(answered == 1);
  for (size_t i = 0; i < COUNT(refused); ++i) {
    char function[64];
    snprintf(function, sizeof function, "pje_compile_options_%s", kFunctions[i]);
    expect_error(refused[i], PJE_FAILED_PRECONDITION, function, "callback");
  }
  pje_compile_options_release(in_callback);
}

#define REGISTERED(function, case) cmocka_unit_test(pje_compile_options_##function##__##case)

int main(void) {
  const struct CMUnitTest compile_options[] = {
      RETAIN_RELEASE_LIST(pje_compile_options),
      REGISTERED(create, ok_one_replica_and_nothing_else),
      REGISTERED(create, fails_out_is_null),
      REGISTERED(copy, ok_is_independent),
      REGISTERED(copy, fails_wrong_handle),
      REGISTERED(copy, fails_out_is_null),
      REGISTERED(from_bytes, ok_keeps_unknown_fields),
      REGISTERED(from_bytes, fails_garbage_or_cut_short),
      REGISTERED(from_bytes, fails_counts_that_plugins_abort_on),
      REGISTERED(from_bytes, fails_not_utf8_is_in_the_error_and_not_on_stderr),
      REGISTERED(serialize, ok_same_bytes_for_same_options),
      REGISTERED(serialize, fails_wrong_handle),
      REGISTERED(serialize, fails_assignment_for_other_counts),
      REGISTERED(to_text, ok_has_the_fields),
      REGISTERED(to_text, fails_wrong_handle),
      REGISTERED(is_set, ok_lists_and_messages),
      REGISTERED(clear, ok_whole_part_at_once),
      REGISTERED(is_set, fails_wrong_handle),
      REGISTERED(clear, fails_wrong_handle),
      REGISTERED(is_set, fails_no_such_field),
      REGISTERED(clear, fails_no_such_field),
      REGISTERED(serialize, ok_defaults_are_what_null_sends),
      REGISTERED(set_num_replicas, ok_is_what_is_compiled_for),
      REGISTERED(set_num_replicas, fails_zero_or_negative_and_still_compiles),
      REGISTERED(set_device_assignment, ok_is_where_it_runs),
      REGISTERED(get_check_arguments, ok_ours_alone),
      REGISTERED(set_check_arguments, ok_off_leaves_the_signature_unread),
      REGISTERED(set_check_arguments, fails_wrong_handle),
      REGISTERED(get_check_arguments, fails_wrong_handle),
      REGISTERED(set_num_replicas, fails_inside_a_callback),
  };
  return RUN(compile_options);
}
