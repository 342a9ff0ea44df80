/* Executables as bytes: what is written, and what loading refuses. */
#include "harness.h"

static const float kRamp[] = {0, 1, 2, 3}, kRampPlus1[] = {1, 2, 3, 4};
static const pje_deserialize_options kTrusted = {sizeof(pje_deserialize_options), NULL, NULL, 0, NULL, 1, 0};

typedef pje_error *serialize_function(const pje_executable *, pje_bytes **);
typedef pje_error *load_function(pje_client *, const void *, size_t, const pje_deserialize_options *,
                                 pje_loaded_executable **);

static pje_bytes *bytes_of(pje_loaded_executable *loaded, serialize_function *serialize) {
  pje_executable *executable = NULL;
  pje_bytes *bytes = NULL;
  expect_ok(pje_loaded_executable_executable(loaded, &executable));
  expect_ok(serialize(executable, &bytes));
  pje_executable_release(executable);
  return bytes;
}
static pje_bytes *serialized_add1(void) { return bytes_of(shared_add1(), pje_executable_serialize); }

static void expect_add1(pje_loaded_executable *loaded) {
  static const int64_t kDims[1] = {4};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *input = NULL, *output = NULL;
  options.device = pje_loaded_executable_addressable_device(loaded, 0);
  expect_ok(pje_buffer_from_host(pje_loaded_executable_client(loaded), kRamp, sizeof kRamp, PJE_F32, kDims, 1,
                                 &options, &input));
  expect_ok(pje_loaded_executable_execute(loaded, &input, 1, NULL, &output, 1));
  expect_f32(output, kRampPlus1, 4);
  pje_buffer_release(input);
  pje_buffer_release(output);
}

static void round_trip(serialize_function *serialize, load_function *load) {
  pje_client *client = open_fake(NULL);
  pje_bytes *bytes = bytes_of(shared_add1(), serialize);
  char *copy = malloc(pje_bytes_size(bytes));
  pje_loaded_executable *loaded = NULL;
  memcpy(copy, pje_bytes_data(bytes), pje_bytes_size(bytes));
  expect_ok(load(client, copy, pje_bytes_size(bytes), &kTrusted, &loaded));
  memset(copy, 0, pje_bytes_size(bytes));
  free(copy);
  pje_bytes_release(bytes);
  pje_client_release(client);
  assert_string_equal(pje_loaded_executable_name(loaded), "add1");
  assert_int_equal(pje_loaded_executable_num_args(loaded), 1);
  expect_add1(loaded);
  pje_loaded_executable_release(loaded);
}
OK(pje_client_deserialize_and_load, runs_as_before) {
  round_trip(pje_executable_serialize, pje_client_deserialize_and_load);
}
OK(pje_client_deserialize_and_load_raw, runs_as_before) {
  round_trip(pje_executable_serialize_raw, pje_client_deserialize_and_load_raw);
}

static void override_device(serialize_function *serialize, load_function *load) {
  static const int64_t kFourth = 3;
  pje_bytes *bytes = bytes_of(shared_add1(), serialize);
  pje_deserialize_options options = kTrusted;
  pje_compile_options *overrides = NULL;
  pje_loaded_executable *loaded = NULL;
  expect_ok(pje_compile_options_create(&overrides));
  expect_ok(pje_compile_options_set_device_assignment(overrides, 1, 1, &kFourth, 1));
  options.compile_options = overrides;
  expect_ok(load(shared_client(), pje_bytes_data(bytes), pje_bytes_size(bytes), &options, &loaded));
  assert_int_equal(pje_device_id(pje_loaded_executable_addressable_device(loaded, 0)), 3);
  expect_add1(loaded);
  pje_loaded_executable_release(loaded);
  pje_compile_options_release(overrides);
  pje_bytes_release(bytes);
}
OK(pje_client_deserialize_and_load, with_other_options) {
  override_device(pje_executable_serialize, pje_client_deserialize_and_load);
}
OK(pje_client_deserialize_and_load_raw, with_other_options) {
  override_device(pje_executable_serialize_raw, pje_client_deserialize_and_load_raw);
}
OK(pje_client_deserialize_and_load, with_load_options) {
  static const int32_t kOrigin[3] = {1, 2, 3};
  pje_bytes *bytes = serialized_add1();
  pje_deserialize_options options = kTrusted;
  pje_loaded_executable *loaded = NULL;
  options.computation_origin = kOrigin;
  options.num_computation_origin = 3;
  expect_ok(pje_client_deserialize_and_load(shared_client(), pje_bytes_data(bytes), pje_bytes_size(bytes),
                                            &options, &loaded));
  pje_loaded_executable_release(loaded);
  pje_bytes_release(bytes);
}
FAILS(pje_client_deserialize_and_load, slices_that_are_not_there) {
  struct {
    char mark[8];
    int64_t num_slices;
  } slices = {"fakemsc", 0};
  pje_bytes *bytes = serialized_add1();
  pje_deserialize_options options = kTrusted;
  pje_loaded_executable *loaded = NULL;
  options.multi_slice_config = &slices;
  expect_invalid(pje_client_deserialize_and_load(shared_client(), pje_bytes_data(bytes),
                                                 pje_bytes_size(bytes), &options, &loaded),
                 "PJRT_Executable_DeserializeAndLoad", "0 slices");
  slices.num_slices = 2;
  expect_ok(pje_client_deserialize_and_load(shared_client(), pje_bytes_data(bytes), pje_bytes_size(bytes),
                                            &options, &loaded));
  pje_loaded_executable_release(loaded);
  pje_bytes_release(bytes);
}
FAILS(pje_client_deserialize_and_load, options_that_the_plugin_would_ignore) {
  static const int32_t kOrigin[1] = {0};
  pje_bytes *bytes = serialized_add1();
  pje_deserialize_options options = kTrusted;
  pje_loaded_executable *loaded = NULL;
  options.computation_origin = kOrigin;
  options.num_computation_origin = 1;
  expect_error(pje_client_deserialize_and_load(shared_client(), pje_bytes_data(bytes), pje_bytes_size(bytes),
                                               &options, &loaded),
               PJE_UNIMPLEMENTED, "pje_client_deserialize_and_load", "added in 0.111");
  options = kTrusted;
  pje_compile_options *overrides = NULL;
  expect_ok(pje_compile_options_create(&overrides));
  options.compile_options = overrides;
  expect_error(pje_client_deserialize_and_load(shared_client(), pje_bytes_data(bytes), pje_bytes_size(bytes),
                                               &options, &loaded),
               PJE_UNIMPLEMENTED, "pje_client_deserialize_and_load", "added in 0.71");
  pje_compile_options_release(overrides);
  pje_bytes_release(bytes);
}

/* Both loaders refuse alike. */
static void expect_refusals(load_function *load, const char *function, pje_bytes *bytes) {
  const void *data = pje_bytes_data(bytes);
  size_t size = pje_bytes_size(bytes);
  pje_loaded_executable *loaded = (pje_loaded_executable *)bytes;
  pje_deserialize_options options = PJE_DESERIALIZE_OPTIONS_INIT;
  expect_error(load(shared_client(), data, size, &options, &loaded), PJE_PERMISSION_DENIED, function,
               "options.trusted");
  assert_null(loaded);
  expect_invalid(load(shared_client(), data, size, NULL, &loaded), function, "options");
  expect_invalid(load(shared_client(), NULL, size, &kTrusted, &loaded), function, "data");
  expect_invalid(load(shared_client(), data, 0, &kTrusted, &loaded), function, "size");
  expect_invalid(load(shared_client(), data, size, &kTrusted, NULL), function, "out");
  options.trusted = 2;
  expect_invalid(load(shared_client(), data, size, &options, &loaded), function, "trusted");
  options = kTrusted;
  options.num_computation_origin = 1;
  expect_invalid(load(shared_client(), data, size, &options, &loaded), function, "computation_origin");
  options = kTrusted;
  options.struct_size = 0;
  expect_invalid(load(shared_client(), data, size, &options, &loaded), function, "struct_size");
  FOR_WRONG_HANDLES(pje_client, h) {
    expect_invalid(load(h, data, size, &kTrusted, &loaded), function, "client");
  }
  options = kTrusted;
  FOR_WRONG_HANDLES(pje_compile_options, h) {
    options.compile_options = h;
    if (h != NULL)
      expect_invalid(load(shared_client(), data, size, &options, &loaded), function, "compile_options");
  }
  pje_bytes_release(bytes);
}
FAILS(pje_client_deserialize_and_load, what_is_not_trusted_or_wrong) {
  expect_refusals(pje_client_deserialize_and_load, "pje_client_deserialize_and_load", serialized_add1());
}
FAILS(pje_client_deserialize_and_load_raw, what_is_not_trusted_or_wrong) {
  expect_refusals(pje_client_deserialize_and_load_raw, "pje_client_deserialize_and_load_raw",
                  bytes_of(shared_add1(), pje_executable_serialize_raw));
}

/* No changed byte reaches the plugin. */
FAILS(pje_client_deserialize_and_load, every_cut_and_every_flipped_bit) {
  pje_bytes *bytes = serialized_add1();
  size_t size = pje_bytes_size(bytes);
  unsigned char *copy = malloc(size + 1);
  pje_loaded_executable *loaded = NULL;
  memcpy(copy, pje_bytes_data(bytes), size);
  copy[size] = 0;
  for (size_t cut = 1; cut <= size + 1; cut += cut < 200 ? 1 : 37) {
    if (cut == size) continue;
    expect_error(pje_client_deserialize_and_load(shared_client(), copy, cut, &kTrusted, &loaded),
                 PJE_DATA_LOSS, "pje_client_deserialize_and_load", "cut short");
  }
  for (size_t at = 0; at < size; at += at < 200 ? 1 : 41) {
    copy[at] = (unsigned char)(copy[at] ^ (1u << (at % 8)));
    pje_error *error = pje_client_deserialize_and_load(shared_client(), copy, size, &kTrusted, &loaded);
    pje_code code = pje_error_code(error);
    assert_string_equal(pje_error_function(error), "pje_client_deserialize_and_load");
    if (at < 8)
      assert_int_equal(code, PJE_INVALID_ARGUMENT);
    else if (at < 12)
      assert_int_equal(code, PJE_UNIMPLEMENTED);
    else
      assert_int_equal(code, PJE_DATA_LOSS);
    pje_error_release(error);
    assert_null(loaded);
    copy[at] = (unsigned char)(copy[at] ^ (1u << (at % 8)));
  }
  free(copy);
  pje_bytes_release(bytes);
}
FAILS(pje_client_deserialize_and_load, bytes_without_a_header) {
  pje_bytes *bytes = bytes_of(shared_add1(), pje_executable_serialize_raw);
  expect_invalid(
      pje_client_deserialize_and_load(shared_client(), pje_bytes_data(bytes), pje_bytes_size(bytes),
                                      &kTrusted, &(pje_loaded_executable *){NULL}),
      "pje_client_deserialize_and_load", "pje_client_deserialize_and_load_raw");
  pje_bytes_release(bytes);
}
FAILS(pje_client_deserialize_and_load, another_plugins_bytes) {
  /* The same plugin under another platform's name. */
  pje_client *other = open_fake("platform=cpu");
  pje_loaded_executable *loaded = compile_text(other, kAdd1), *refused = NULL;
  pje_bytes *bytes = bytes_of(loaded, pje_executable_serialize);
  pje_client *client = open_fake("platform=fake");
  expect_error(pje_client_deserialize_and_load(client, pje_bytes_data(bytes), pje_bytes_size(bytes),
                                               &kTrusted, &refused),
               PJE_FAILED_PRECONDITION, "pje_client_deserialize_and_load", "platform cpu");
  assert_null(refused);
  expect_ok(pje_client_deserialize_and_load(other, pje_bytes_data(bytes), pje_bytes_size(bytes), &kTrusted,
                                            &refused));
  pje_loaded_executable_release(refused);
  pje_bytes_release(bytes);
  pje_loaded_executable_release(loaded);
  pje_client_release(client);
  pje_client_release(other);
}
FAILS(pje_client_deserialize_and_load_raw, what_the_plugin_refuses) {
  expect_invalid(pje_client_deserialize_and_load_raw(shared_client(), "hello", 5, &kTrusted,
                                                     &(pje_loaded_executable *){NULL}),
                 "PJRT_Executable_DeserializeAndLoad", "not a whole executable");
}
FAILS(pje_client_deserialize_and_load, what_comes_after_it_fails) {
  pje_bytes *bytes = serialized_add1();
  pje_loaded_executable *loaded = NULL;
  expect_error(pje_client_deserialize_and_load(shared_client(), pje_bytes_data(bytes), pje_bytes_size(bytes),
                                               &kTrusted, &loaded),
               PJE_INTERNAL, "PJRT_LoadedExecutable_AddressableDevices", "injected");
  assert_null(loaded);
  pje_bytes_release(bytes);
}

OK(pje_executable_serialize, the_same_bytes_each_time) {
  pje_bytes *first = serialized_add1(), *second = serialized_add1();
  assert_int_equal(pje_bytes_size(first), pje_bytes_size(second));
  assert_memory_equal(pje_bytes_data(first), pje_bytes_data(second), pje_bytes_size(first));
  pje_bytes_release(first);
  pje_bytes_release(second);
}
OK(pje_executable_serialize_raw, is_what_the_header_stands_before) {
  pje_bytes *raw = bytes_of(shared_add1(), pje_executable_serialize_raw), *whole = serialized_add1();
  size_t header = pje_bytes_size(whole) - pje_bytes_size(raw);
  assert_int_equal(header % 64, 0);
  assert_memory_equal((const char *)pje_bytes_data(whole) + header, pje_bytes_data(raw), pje_bytes_size(raw));
  pje_bytes_release(raw);
  pje_bytes_release(whole);
}

static const char *text_in(const pje_named_values *info, const char *name) {
  const char *text = NULL;
  expect_ok(pje_named_values_get_string(info, pje_named_values_find(info, name), &text));
  return text;
}
OK(pje_serialized_executable_info, what_the_header_says) {
  pje_bytes *bytes = serialized_add1(), *fingerprint = NULL;
  pje_named_values *info = NULL;
  int64_t minor = 0;
  expect_ok(pje_serialized_executable_info(pje_bytes_data(bytes), pje_bytes_size(bytes), &info));
  assert_string_equal(text_in(info, "platform_name"), "fake");
  assert_string_equal(text_in(info, "platform_version"), pje_client_platform_version(shared_client()));
  assert_non_null(strstr(text_in(info, "plugin"), "stablehlo_current_version="));
  expect_ok(pje_loaded_executable_fingerprint(shared_add1(), &fingerprint));
  assert_string_equal(text_in(info, "fingerprint"), pje_bytes_data(fingerprint));
  expect_ok(pje_named_values_get_int64(info, pje_named_values_find(info, "api_minor"), &minor));
  assert_int_equal(minor, pje_plugin_api_minor(pje_client_plugin(shared_client())));
  pje_bytes_release(fingerprint);
  pje_named_values_release(info);
  pje_bytes_release(bytes);
}
FAILS(pje_serialized_executable_info, bytes_of_something_else) {
  pje_named_values *info = (pje_named_values *)kRamp;
  expect_invalid(pje_serialized_executable_info("hello", 5, &info), "pje_serialized_executable_info",
                 "pje_executable_serialize");
  assert_null(info);
  expect_invalid(pje_serialized_executable_info("", 0, &info), "pje_serialized_executable_info", "");
  expect_invalid(pje_serialized_executable_info(NULL, 5, &info), "pje_serialized_executable_info", "data");
}

int main(void) {
  const struct CMUnitTest serialized[] = {
      cmocka_unit_test(pje_client_deserialize_and_load__ok_runs_as_before),
      cmocka_unit_test(pje_client_deserialize_and_load_raw__ok_runs_as_before),
      WITH_FAKE("minor=116", pje_client_deserialize_and_load__ok_with_other_options),
      WITH_FAKE("minor=71", pje_client_deserialize_and_load_raw__ok_with_other_options),
      WITH_FAKE("minor=111", pje_client_deserialize_and_load__ok_with_load_options),
      WITH_FAKE("minor=111", pje_client_deserialize_and_load__fails_slices_that_are_not_there),
      WITH_FAKE("minor=70", pje_client_deserialize_and_load__fails_options_that_the_plugin_would_ignore),
      cmocka_unit_test(pje_client_deserialize_and_load__fails_what_is_not_trusted_or_wrong),
      cmocka_unit_test(pje_client_deserialize_and_load_raw__fails_what_is_not_trusted_or_wrong),
      cmocka_unit_test(pje_client_deserialize_and_load__fails_every_cut_and_every_flipped_bit),
      cmocka_unit_test(pje_client_deserialize_and_load__fails_bytes_without_a_header),
      WITH_FAKE("minor=116", pje_client_deserialize_and_load__fails_another_plugins_bytes),
      cmocka_unit_test(pje_client_deserialize_and_load_raw__fails_what_the_plugin_refuses),
      WITH_FAKE("fail=PJRT_LoadedExecutable_AddressableDevices:2:INTERNAL:injected",
                pje_client_deserialize_and_load__fails_what_comes_after_it_fails),
      cmocka_unit_test(pje_executable_serialize__ok_the_same_bytes_each_time),
      cmocka_unit_test(pje_executable_serialize_raw__ok_is_what_the_header_stands_before),
      cmocka_unit_test(pje_serialized_executable_info__ok_what_the_header_says),
      cmocka_unit_test(pje_serialized_executable_info__fails_bytes_of_something_else),
  };
  return RUN(serialized);
}
