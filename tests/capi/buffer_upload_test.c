#include "harness.h"

static const char kFromHost[] = "pje_buffer_from_host";

OK(pje_buffer_from_host, every_dtype_and_back) {
  static const int64_t kDims[] = {2, 3};
  for (int number = PJE_PRED; number <= PJE_F6E3M2FN; ++number) {
    if (number == PJE_TOKEN) continue;
    pje_dtype dtype = (pje_dtype)number;
    unsigned char data[96], got[97];
    size_t size = 6 * pje_dtype_host_size(dtype);
    /* Below 8 bits one element a byte, and only its bits count. */
    unsigned mask = pje_dtype_bits(dtype) < 8 ? (1U << pje_dtype_bits(dtype)) - 1 : 255;
    if (dtype == PJE_PRED) mask = 1;
    for (size_t i = 0; i < size; ++i) data[i] = (unsigned char)((7 * i + 3) & mask);
    /* Signed values below 8 bits come back with their sign. */
    if (pje_dtype_kind_of(dtype) == PJE_KIND_SIGNED && pje_dtype_bits(dtype) < 8)
      for (size_t i = 0; i < size; ++i)
        if (data[i] >> (pje_dtype_bits(dtype) - 1) != 0) data[i] = (unsigned char)(data[i] | (255 & ~mask));
    pje_buffer *buffer = NULL;
    expect_ok(pje_buffer_from_host(shared_client(), data, size, dtype, kDims, 2, NULL, &buffer));
    assert_int_equal(pje_buffer_dtype(buffer), dtype);
    assert_int_equal(pje_buffer_host_size(buffer), size);
    memset(got, 0xee, sizeof got);
    expect_ok(pje_buffer_to_host(buffer, got, size));
    for (size_t i = 0; i < size; ++i)
      if ((got[i] & mask) != (data[i] & mask))
        fail_msg("%s: byte %zu is %d, sent %d", pje_dtype_name(dtype), i, got[i], data[i]);
    assert_int_equal(got[size], 0xee);
    pje_buffer_release(buffer);
  }
}
OK(pje_buffer_from_host, scalar_and_empty) {
  double value = 2.5, got = 0;
  pje_buffer *buffer = NULL;
  static const int64_t empty[] = {3, 0};
  expect_ok(pje_buffer_from_host(shared_client(), &value, 8, PJE_F64, NULL, 0, NULL, &buffer));
  assert_int_equal(pje_buffer_rank(buffer), 0);
  expect_ok(pje_buffer_to_host(buffer, &got, 8));
  assert_true(got == 2.5);
  pje_buffer_release(buffer);
  expect_ok(pje_buffer_from_host(shared_client(), NULL, 0, PJE_F64, empty, 2, NULL, &buffer));
  assert_int_equal(pje_buffer_host_size(buffer), 0);
  expect_ok(pje_buffer_to_host(buffer, NULL, 0));
  pje_buffer_release(buffer);
}

/* Uploads i16[2,3] with these strides from `first` and compares what comes back. */
static void expect_strided(const int16_t *first, size_t size, int64_t stride0, int64_t stride1,
                           const int16_t expected[6]) {
  static const int64_t kDims[] = {2, 3};
  int64_t strides[2] = {stride0, stride1};
  int16_t got[6] = {0};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  options.byte_strides = strides;
  options.num_byte_strides = 2;
  expect_ok(pje_buffer_from_host(shared_client(), first, size, PJE_S16, kDims, 2, &options, &buffer));
  expect_ok(pje_buffer_to_host(buffer, got, sizeof got));
  assert_memory_equal(got, expected, sizeof got);
  pje_buffer_release(buffer);
}
OK(pje_buffer_from_host, strides_transposed_negative_and_zero) {
  static const int16_t values[] = {1, 2, 3, 4, 5, 6};
  static const int16_t transposed[] = {1, 3, 5, 2, 4, 6};
  static const int16_t reversed[] = {6, 5, 4, 3, 2, 1};
  static const int16_t columns_reversed[] = {3, 2, 1, 6, 5, 4};
  static const int16_t broadcast[] = {1, 2, 3, 1, 2, 3};
  static const int16_t one[] = {4, 4, 4, 4, 4, 4};
  static const int16_t every_other[] = {1, 3, 5, 2, 4, 6};
  expect_strided(values, sizeof values, 2, 4, transposed);
  expect_strided(values + 5, sizeof values, -6, -2, reversed);
  expect_strided(values + 2, 8, 6, -2, columns_reversed);
  expect_strided(values, 6, 0, 2, broadcast);
  expect_strided(values + 3, 2, 0, 0, one);
  expect_strided(values, sizeof values, 2, 4, every_other);
}
FAILS(pje_buffer_from_host, strides_out_of_bounds) {
  static const int64_t kDims[] = {2, 3}, huge[] = {INT64_MAX, INT64_MAX};
  static const struct {
    int64_t strides[2];
    size_t size;
    const char *part;
  } kCases[] = {{{6, 2}, 11, "11"},
                {{2, 4}, 11, "11"},
                {{100, 2}, 12, "12"},
                {{-6, -2}, 10, "10"},
                {{INT64_MAX, 2}, 12, "12"},
                {{INT64_MIN, 2}, 12, "12"},
                {{INT64_MAX, INT64_MAX}, SIZE_MAX, "strides"}};
  int16_t values[6] = {0};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = (pje_buffer *)values;
  options.num_byte_strides = 2;
  for (size_t i = 0; i < COUNT(kCases); ++i) {
    options.byte_strides = kCases[i].strides;
    expect_invalid(
        pje_buffer_from_host(shared_client(), values, kCases[i].size, PJE_S16, kDims, 2, &options, &buffer),
        kFromHost, "");
    assert_null(buffer);
  }
  options.byte_strides = huge;
  options.num_byte_strides = 1;
  expect_invalid(pje_buffer_from_host(shared_client(), values, 12, PJE_S16, kDims, 2, &options, &buffer),
                 kFromHost, "strides");
  options.byte_strides = NULL;
  options.num_byte_strides = 2;
  expect_invalid(pje_buffer_from_host(shared_client(), values, 12, PJE_S16, kDims, 2, &options, &buffer),
                 kFromHost, "byte_strides");
}

static float *aligned_ramp(size_t count) {
  static float memory[64 + 16];
  float *aligned = (float *)(((uintptr_t)memory + 63) & ~(uintptr_t)63);
  for (size_t i = 0; i < count; ++i) aligned[i] = (float)i;
  return aligned;
}
/* Uploads with a semantics and demands that the release callback runs once, in the end. */
static void upload_with(pje_client *client, int32_t semantics, bool async) {
  static const int64_t kDims[] = {16};
  float *values = aligned_ramp(16), copy[16];
  struct calls released = {0};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  pje_event *done = NULL;
  memcpy(copy, values, sizeof copy);
  options.semantics = semantics;
  options.release = count_call;
  options.release_data = &released;
  if (async)
    expect_ok(pje_buffer_from_host_async(client, values, 64, PJE_F32, kDims, 1, &options, &buffer, &done));
  else
    expect_ok(pje_buffer_from_host(client, values, 64, PJE_F32, kDims, 1, &options, &buffer));
  bool zero_copy = semantics >= PJE_HOST_IMMUTABLE_ZERO_COPY;
  if (!zero_copy) {
    if (async) expect_ok(pje_event_wait(done));
    wait_for_calls(&released, 1);
    memset(values, 0, 64);
  } else {
    assert_int_equal(calls_so_far(&released), 0);
  }
  expect_f32(buffer, copy, 16);
  pje_event_release(done);
  pje_buffer_release(buffer);
  wait_for_calls(&released, 1);
}
OK(pje_buffer_from_host, every_semantics_releases_once) {
  for (int32_t semantics = PJE_HOST_DEFAULT; semantics <= PJE_HOST_MUTABLE_ZERO_COPY; ++semantics)
    upload_with(shared_client(), semantics, false);
}
OK(pje_buffer_from_host_async, every_semantics_releases_once) {
  for (int32_t semantics = PJE_HOST_DEFAULT; semantics <= PJE_HOST_MUTABLE_ZERO_COPY; ++semantics)
    upload_with(shared_client(), semantics, true);
}
OK(pje_buffer_from_host_async, completed_inside_the_call) {
  for (int32_t semantics = PJE_HOST_DEFAULT; semantics <= PJE_HOST_MUTABLE_ZERO_COPY; ++semantics)
    upload_with(shared_client(), semantics, true);
}
OK(pje_buffer_from_host_async, event_not_wanted) {
  static const int64_t kDims[] = {4};
  float values[4] = {1, 2, 3, 4};
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_host_async(shared_client(), values, 16, PJE_F32, kDims, 1, NULL, &buffer, NULL));
  expect_f32(buffer, values, 4);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_from_host_async, release_never_runs) {
  static const int64_t kDims[] = {4};
  float values[4] = {0};
  struct calls released = {0};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = (pje_buffer *)values;
  pje_event *done = (pje_event *)values;
  options.release = count_call;
  options.release_data = &released;
  for (int32_t semantics = 0; semantics <= 4; ++semantics) {
    options.semantics = semantics;
    expect_error(
        pje_buffer_from_host_async(shared_client(), values, 16, PJE_F32, kDims, 1, &options, &buffer, &done),
        PJE_INTERNAL, "PJRT_Client_BufferFromHostBuffer", "injected");
    expect_error(pje_buffer_from_host(shared_client(), values, 16, PJE_F32, kDims, 1, &options, &buffer),
                 PJE_INTERNAL, "PJRT_Client_BufferFromHostBuffer", "injected");
  }
  expect_invalid(pje_buffer_from_host(shared_client(), values, 15, PJE_F32, kDims, 1, &options, &buffer),
                 kFromHost, "15");
  sleep_ms(20);
  assert_int_equal(calls_so_far(&released), 0);
  assert_null(buffer);
  assert_null(done);
}
FAILS(pje_buffer_from_host_async, registering_the_release_fails) {
  /* The plugin takes the data and then refuses the callback: the call fails, so the release must not run. */
  static const int64_t kDims[] = {16};
  struct calls released = {0};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  options.release = count_call;
  options.release_data = &released;
  options.semantics = PJE_HOST_IMMUTABLE_ZERO_COPY;
  expect_error(
      pje_buffer_from_host(shared_client(), aligned_ramp(16), 64, PJE_F32, kDims, 1, &options, &buffer),
      PJE_INTERNAL, "PJRT_Event_OnReady", "");
  assert_null(buffer);
  sleep_ms(20);
  assert_int_equal(calls_so_far(&released), 0);
}

OK(pje_buffer_from_host, destinations) {
  static const int64_t kDims[] = {4};
  float values[4] = {1, 2, 3, 4};
  pje_client *client = shared_client();
  for (size_t d = 0; d < pje_client_num_devices(client); ++d) {
    pje_device *device = pje_client_device(client, d);
    pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
    pje_buffer *buffer = NULL;
    options.device = device;
    expect_ok(pje_buffer_from_host(client, values, 16, PJE_F32, kDims, 1, &options, &buffer));
    assert_ptr_equal(pje_buffer_device(buffer), device);
    assert_ptr_equal(pje_buffer_memory(buffer), pje_device_default_memory(device));
    pje_buffer_release(buffer);
    options.device = NULL;
    for (size_t m = 0; m < pje_device_num_addressable_memories(device); ++m) {
      options.memory = pje_device_addressable_memory(device, m);
      expect_ok(pje_buffer_from_host(client, values, 16, PJE_F32, kDims, 1, &options, &buffer));
      assert_ptr_equal(pje_buffer_memory(buffer), options.memory);
      assert_ptr_equal(pje_buffer_device(buffer), device);
      expect_f32(buffer, values, 4);
      pje_buffer_release(buffer);
    }
  }
}
FAILS(pje_buffer_from_host, destinations) {
  static const int64_t kDims[] = {4};
  float values[4] = {0};
  pje_client *client = shared_client(), *other = open_fake(NULL);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  options.device = pje_client_device(client, 0);
  options.memory = pje_client_addressable_memory(client, 0);
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_F32, kDims, 1, &options, &buffer), kFromHost,
                 "memory");
  options.memory = NULL;
  options.device = pje_client_device(other, 0);
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_F32, kDims, 1, &options, &buffer), kFromHost,
                 "device");
  options.device = (pje_device *)client;
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_F32, kDims, 1, &options, &buffer), kFromHost,
                 "device");
  options.device = NULL;
  options.memory = pje_client_addressable_memory(other, 0);
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_F32, kDims, 1, &options, &buffer), kFromHost,
                 "memory");
  pje_client_release(other);
}
FAILS(pje_buffer_from_host, options) {
  static const int64_t kDims[] = {4};
  float values[4] = {0};
  struct {
    pje_from_host_options known;
    uint64_t newer;
  } options = {PJE_FROM_HOST_OPTIONS_INIT, 0};
  pje_buffer *buffer = NULL;
#define UPLOAD pje_buffer_from_host(shared_client(), values, 16, PJE_F32, kDims, 1, &options.known, &buffer)
  options.known.struct_size = sizeof options;
  expect_ok(UPLOAD);
  pje_buffer_release(buffer);
  options.newer = 1;
  expect_error(UPLOAD, PJE_UNIMPLEMENTED, kFromHost, "pje_from_host_options");
  options.known.struct_size = 0;
  expect_invalid(UPLOAD, kFromHost, "struct_size");
  /* Only what the caller's header had is read: semantics lies behind these bytes. */
  options.known.struct_size = offsetof(pje_from_host_options, semantics);
  options.known.semantics = 99;
  expect_ok(UPLOAD);
  pje_buffer_release(buffer);
  options.known.struct_size = sizeof options.known;
  expect_invalid(UPLOAD, kFromHost, "semantics");
  options.known.semantics = -1;
  expect_invalid(UPLOAD, kFromHost, "semantics");
  options.known.semantics = 0;
  options.known.reserved = 1;
  expect_error(UPLOAD, PJE_UNIMPLEMENTED, kFromHost, "reserved");
  options.known.reserved = 0;
  options.known.layout = (const pje_layout *)values;
  expect_invalid(UPLOAD, kFromHost, "layout");
#undef UPLOAD
  assert_null(buffer);
}
FAILS(pje_buffer_from_host, bad_arguments) {
  static const int64_t kDims[] = {4}, negative[] = {-4}, huge[] = {INT64_MAX, INT64_MAX};
  float values[4] = {0};
  pje_client *client = shared_client();
  pje_buffer *buffer = (pje_buffer *)values;
  expect_invalid(pje_buffer_from_host(client, values, 15, PJE_F32, kDims, 1, NULL, &buffer), kFromHost, "16");
  assert_null(buffer);
  expect_invalid(pje_buffer_from_host(client, NULL, 16, PJE_F32, kDims, 1, NULL, &buffer), kFromHost, "data");
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_F32, NULL, 1, NULL, &buffer), kFromHost,
                 "dims");
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_F32, negative, 1, NULL, &buffer), kFromHost,
                 "-4");
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_F32, huge, 2, NULL, &buffer), kFromHost, "");
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_TOKEN, kDims, 1, NULL, &buffer), kFromHost, "");
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_DTYPE_INVALID, kDims, 1, NULL, &buffer),
                 kFromHost, "dtype");
  expect_invalid(pje_buffer_from_host(client, values, 16, (pje_dtype)77, kDims, 1, NULL, &buffer), kFromHost,
                 "77");
  expect_invalid(pje_buffer_from_host(client, values, 16, PJE_F32, kDims, 1, NULL, NULL), kFromHost, "out");
  assert_null(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_from_host, wrong_handle, pje_client, "client",
                     pje_buffer_from_host(h, "", 1, PJE_U8, NULL, 0, NULL, &(pje_buffer *){NULL}))
REFUSES_WRONG_HANDLE(pje_buffer_from_host_async, wrong_handle, pje_client, "client",
                     pje_buffer_from_host_async(h, "", 1, PJE_U8, NULL, 0, NULL, &(pje_buffer *){NULL}, NULL))
FAILS(pje_buffer_from_host, dtype_newer_than_the_plugin) {
  /* A plugin of 0.81 that is given S1 crashes. */
  unsigned char bit = 1;
  pje_buffer *buffer = NULL;
  expect_error(pje_buffer_from_host(shared_client(), &bit, 1, PJE_S1, NULL, 0, NULL, &buffer),
               PJE_UNIMPLEMENTED, kFromHost, "0.81");
  assert_null(buffer);
}
FAILS(pje_buffer_from_host, out_of_device_memory) {
  static unsigned char data[4096];
  static const int64_t kDims[] = {4096};
  pje_buffer *buffer = NULL;
  expect_error(pje_buffer_from_host(shared_client(), data, 4096, PJE_U8, kDims, 1, NULL, &buffer),
               PJE_RESOURCE_EXHAUSTED, "PJRT_Client_BufferFromHostBuffer", "");
  assert_null(buffer);
}

OK(pje_buffer_from_array, copies) {
  float values[4] = {1, 2, 3, 4};
  pje_array *array = array_f32(values, 4);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  options.device = pje_client_device(shared_client(), 3);
  expect_ok(pje_buffer_from_array(shared_client(), array, &options, &buffer));
  memset(pje_array_data(array), 0, 16);
  pje_array_release(array);
  expect_f32(buffer, values, 4);
  assert_ptr_equal(pje_buffer_device(buffer), options.device);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_from_array, wrong_array, pje_array, "array",
                     pje_buffer_from_array(shared_client(), h, NULL, &(pje_buffer *){NULL}))
FAILS(pje_buffer_from_array, options_that_belong_to_memory) {
  static const int64_t kStrides[] = {4};
  pje_array *array = array_f32(NULL, 4);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = (pje_buffer *)array;
  options.semantics = PJE_HOST_IMMUTABLE_ZERO_COPY;
  expect_invalid(pje_buffer_from_array(shared_client(), array, &options, &buffer), "pje_buffer_from_array",
                 "semantics");
  options.semantics = 0;
  options.release = count_call;
  expect_invalid(pje_buffer_from_array(shared_client(), array, &options, &buffer), "pje_buffer_from_array",
                 "release");
  options.release = NULL;
  options.byte_strides = kStrides;
  options.num_byte_strides = 1;
  expect_invalid(pje_buffer_from_array(shared_client(), array, &options, &buffer), "pje_buffer_from_array",
                 "strides");
  assert_null(buffer);
  FOR_WRONG_HANDLES(pje_client, h)
  expect_invalid(pje_buffer_from_array(h, array, NULL, &buffer), "pje_buffer_from_array", "client");
  expect_invalid(pje_buffer_from_array(shared_client(), array, NULL, NULL), "pje_buffer_from_array", "out");
  pje_array_release(array);
}

OK(pje_buffer_from_array_consume, takes_the_reference) {
  float values[4] = {1, 2, 3, 4};
  pje_array *array = array_f32(values, 4), *same = array;
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_array_consume(shared_client(), &array, NULL, &buffer));
  assert_null(array);
  expect_f32(buffer, values, 4);
  pje_buffer_release(buffer);
  /* The array goes when the plugin lets go of it. */
  for (int i = 0; i < 1000 && pje_array_size(same) != 0; ++i) sleep_ms(1);
  assert_int_equal(pje_array_size(same), 0);
}
OK(pje_buffer_from_array_consume, released_memory_of_the_caller) {
  struct calls released = {0};
  pje_array *array = NULL;
  pje_buffer *buffer = NULL;
  expect_ok(pje_array_wrap(aligned_ramp(16), 64, PJE_F32, (int64_t[]){16}, 1, count_call, &released, &array));
  expect_ok(pje_buffer_from_array_consume(shared_client(), &array, NULL, &buffer));
  assert_int_equal(calls_so_far(&released), 0);
  pje_buffer_release(buffer);
  wait_for_calls(&released, 1);
}
FAILS(pje_buffer_from_array_consume, leaves_the_array) {
  const char *function = "pje_buffer_from_array_consume";
  float values[4] = {1, 2, 3, 4};
  pje_array *array = array_f32(values, 4), *before = array;
  pje_buffer *buffer = (pje_buffer *)array;
  expect_error(pje_buffer_from_array_consume(shared_client(), &array, NULL, &buffer), PJE_INTERNAL,
               "PJRT_Client_BufferFromHostBuffer", "injected");
  assert_ptr_equal(array, before);
  assert_null(buffer);
  expect_invalid(pje_buffer_from_array_consume(shared_client(), NULL, NULL, &buffer), function, "array");
  expect_invalid(pje_buffer_from_array_consume(NULL, &array, NULL, &buffer), function, "client");
  expect_invalid(pje_buffer_from_array_consume(shared_client(), &array, NULL, NULL), function, "out");
  FOR_WRONG_HANDLES(pje_array, h)
  expect_invalid(pje_buffer_from_array_consume(shared_client(), &h, NULL, &buffer), function, "array");
  assert_memory_equal(pje_array_data(array), values, 16);
  pje_array_release(array);
}

int main(void) {
  const struct CMUnitTest buffer_upload[] = {
      cmocka_unit_test(pje_buffer_from_host__ok_every_dtype_and_back),
      cmocka_unit_test(pje_buffer_from_host__ok_scalar_and_empty),
      cmocka_unit_test(pje_buffer_from_host__ok_strides_transposed_negative_and_zero),
      cmocka_unit_test(pje_buffer_from_host__fails_strides_out_of_bounds),
      cmocka_unit_test(pje_buffer_from_host__ok_every_semantics_releases_once),
      cmocka_unit_test(pje_buffer_from_host_async__ok_every_semantics_releases_once),
      WITH_FAKE("complete=inside", pje_buffer_from_host_async__ok_completed_inside_the_call),
      cmocka_unit_test(pje_buffer_from_host_async__ok_event_not_wanted),
      WITH_FAKE("fail=PJRT_Client_BufferFromHostBuffer:1+:INTERNAL",
                pje_buffer_from_host_async__fails_release_never_runs),
      WITH_FAKE("onready_fails=1;leaks=abort",
                pje_buffer_from_host_async__fails_registering_the_release_fails),
      cmocka_unit_test(pje_buffer_from_host__ok_destinations),
      cmocka_unit_test(pje_buffer_from_host__fails_destinations),
      cmocka_unit_test(pje_buffer_from_host__fails_options),
      cmocka_unit_test(pje_buffer_from_host__fails_bad_arguments),
      cmocka_unit_test(pje_buffer_from_host__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_from_host_async__fails_wrong_handle),
      WITH_FAKE("minor=81", pje_buffer_from_host__fails_dtype_newer_than_the_plugin),
      WITH_FAKE("memory=1024", pje_buffer_from_host__fails_out_of_device_memory),
      cmocka_unit_test(pje_buffer_from_array__ok_copies),
      cmocka_unit_test(pje_buffer_from_array__fails_wrong_array),
      cmocka_unit_test(pje_buffer_from_array__fails_options_that_belong_to_memory),
      cmocka_unit_test(pje_buffer_from_array_consume__ok_takes_the_reference),
      cmocka_unit_test(pje_buffer_from_array_consume__ok_released_memory_of_the_caller),
      WITH_FAKE("fail=PJRT_Client_BufferFromHostBuffer:1:INTERNAL",
                pje_buffer_from_array_consume__fails_leaves_the_array),
  };
  return RUN(buffer_upload);
}
