/* Facts about buffers, copies to devices and memories, raw bytes, and holding a buffer's memory. */
#include "harness.h"

static pje_buffer *make(void) { return upload_ramp(shared_client(), 4); }
static const float kRamp[] = {0, 1, 2, 3};
static const int64_t kFour[] = {4};

OK(pje_buffer_on_device_size, packs_small_elements) {
  static const uint8_t nibbles[] = {1, 2, 3, 4};
  pje_buffer *buffer = make(), *small = NULL;
  size_t size = 0;
  expect_ok(pje_buffer_on_device_size(buffer, &size));
  assert_int_equal(size, 16);
  expect_ok(pje_buffer_from_host(shared_client(), nibbles, 4, PJE_U4, kFour, 1, NULL, &small));
  expect_ok(pje_buffer_on_device_size(small, &size));
  assert_int_equal(size, 2);
  pje_buffer_release(buffer);
  pje_buffer_release(small);
}
REFUSES_WRONG_HANDLE(pje_buffer_on_device_size, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_on_device_size(h, &(size_t){0}))
FAILS(pje_buffer_on_device_size, of_the_plugin) {
  pje_buffer *buffer = make();
  size_t size = 9;
  expect_error(pje_buffer_on_device_size(buffer, &size), PJE_INTERNAL, "PJRT_Buffer_OnDeviceSizeInBytes",
               "no size");
  assert_int_equal(size, 0);
  expect_invalid(pje_buffer_on_device_size(buffer, NULL), "pje_buffer_on_device_size", "size");
  pje_buffer_release(buffer);
}

OK(pje_buffer_is_on_cpu, the_fake_is) {
  pje_buffer *buffer = make();
  assert_true(pje_buffer_is_on_cpu(buffer));
  pje_buffer_release(buffer);
}
ANSWERS_WRONG_HANDLE(pje_buffer_is_on_cpu, pje_buffer, assert_false(pje_buffer_is_on_cpu(h)))

OK(pje_buffer_unpadded_dims, of_a_vector_and_a_scalar) {
  pje_buffer *buffer = make(), *scalar = NULL;
  int64_t dims[1] = {0};
  expect_ok(pje_buffer_unpadded_dims(buffer, dims));
  assert_int_equal(dims[0], 4);
  expect_ok(pje_buffer_from_host(shared_client(), kRamp, 4, PJE_F32, NULL, 0, NULL, &scalar));
  expect_ok(pje_buffer_unpadded_dims(scalar, NULL));
  pje_buffer_release(buffer);
  pje_buffer_release(scalar);
}
OK(pje_buffer_unpadded_dims, of_a_dynamic_dimension) {
  pje_buffer *buffer = make();
  int64_t dims[1] = {0};
  expect_ok(pje_buffer_unpadded_dims(buffer, dims));
  assert_int_equal(dims[0], 2);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_unpadded_dims, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_unpadded_dims(h, (int64_t[8]){0}))
FAILS(pje_buffer_unpadded_dims, null_or_the_plugin) {
  pje_buffer *buffer = make();
  expect_invalid(pje_buffer_unpadded_dims(buffer, NULL), "pje_buffer_unpadded_dims", "dims");
  expect_error(pje_buffer_unpadded_dims(buffer, (int64_t[1]){0}), PJE_INTERNAL,
               "PJRT_Buffer_UnpaddedDimensions", "no dims");
  pje_buffer_release(buffer);
}

OK(pje_buffer_dynamic_dims, none) {
  pje_buffer *buffer = make();
  size_t count = 9;
  expect_ok(pje_buffer_dynamic_dims(buffer, 0, NULL, &count));
  assert_int_equal(count, 0);
  pje_buffer_release(buffer);
}
OK(pje_buffer_dynamic_dims, the_second) {
  static const int64_t dims[] = {2, 2};
  pje_buffer *buffer = NULL;
  size_t count = 9, indices[2] = {9, 9};
  expect_ok(pje_buffer_from_host(shared_client(), kRamp, 16, PJE_F32, dims, 2, NULL, &buffer));
  expect_ok(pje_buffer_dynamic_dims(buffer, 2, indices, &count));
  assert_int_equal(count, 1);
  assert_int_equal(indices[0], 1);
  assert_int_equal(indices[1], 9);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_dynamic_dims, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_dynamic_dims(h, 0, NULL, &(size_t){0}))
FAILS(pje_buffer_dynamic_dims, null_or_the_plugin) {
  pje_buffer *buffer = make();
  size_t count = 9;
  expect_invalid(pje_buffer_dynamic_dims(buffer, 1, NULL, &count), "pje_buffer_dynamic_dims", "indices");
  expect_invalid(pje_buffer_dynamic_dims(buffer, 0, NULL, NULL), "pje_buffer_dynamic_dims", "count");
  expect_error(pje_buffer_dynamic_dims(buffer, 0, NULL, &count), PJE_INTERNAL,
               "PJRT_Buffer_DynamicDimensionIndices", "no dims");
  pje_buffer_release(buffer);
}

static void expect_device(pje_buffer *buffer, pje_device *device) {
  assert_ptr_equal(pje_buffer_device(buffer), device);
  expect_f32(buffer, kRamp, 4);
  pje_buffer_release(buffer);
}
OK(pje_buffer_copy_to_device, to_every_device) {
  pje_buffer *buffer = make(), *copy = NULL;
  for (size_t i = 0; i < 4; ++i) {
    pje_device *device = pje_client_addressable_device(shared_client(), i);
    expect_ok(pje_buffer_copy_to_device(buffer, device, &copy));
    expect_device(copy, device);
  }
  pje_buffer_release(buffer);
}
/* The copy is the other client's, and lives as long as that. */
OK(pje_buffer_copy_to_device, of_another_client) {
  pje_client *other = open_fake(NULL);
  pje_buffer *buffer = make(), *copy = NULL;
  expect_ok(pje_buffer_copy_to_device(buffer, pje_client_addressable_device(other, 1), &copy));
  assert_ptr_equal(pje_buffer_client(copy), other);
  pje_client_release(other);
  expect_f32(copy, kRamp, 4);
  pje_buffer_release(copy);
  pje_buffer_release(buffer);
}
OK(pje_buffer_copy_to_device_async, ready_when_complete) {
  pje_buffer *buffer = make(), *copy = NULL;
  pje_event *done = NULL;
  pje_device *device = pje_client_addressable_device(shared_client(), 2);
  expect_ok(pje_buffer_copy_to_device_async(buffer, device, &copy, &done));
  pje_buffer_release(buffer);
  assert_false(pje_event_is_ready(done));
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  expect_device(copy, device);
}
OK(pje_buffer_copy_to_memory, to_every_memory) {
  pje_buffer *buffer = make(), *copy = NULL;
  for (size_t i = 0; i < pje_client_num_addressable_memories(shared_client()); ++i) {
    pje_memory *memory = pje_client_addressable_memory(shared_client(), i);
    expect_ok(pje_buffer_copy_to_memory(buffer, memory, &copy));
    assert_ptr_equal(pje_buffer_memory(copy), memory);
    expect_f32(copy, kRamp, 4);
    pje_buffer_release(copy);
  }
  pje_buffer_release(buffer);
}
OK(pje_buffer_copy_to_memory_async, without_an_event) {
  pje_buffer *buffer = make(), *copy = NULL;
  pje_memory *memory = pje_client_addressable_memory(shared_client(), 1);
  expect_ok(pje_buffer_copy_to_memory_async(buffer, memory, &copy, NULL));
  assert_ptr_equal(pje_buffer_memory(copy), memory);
  expect_f32(copy, kRamp, 4);
  pje_buffer_release(copy);
  pje_buffer_release(buffer);
}

#define COPY_FAILS(place)                                                                                   \
  REFUSES_WRONG_HANDLE(pje_buffer_copy_to_##place, wrong_handle, pje_buffer, "buffer",                      \
                       pje_buffer_copy_to_##place(h, NULL, &(pje_buffer *){NULL}))                          \
  REFUSES_WRONG_HANDLE(pje_buffer_copy_to_##place##_async, wrong_handle, pje_buffer, "buffer",              \
                       pje_buffer_copy_to_##place##_async(h, NULL, &(pje_buffer *){NULL}, NULL))            \
  FAILS(pje_buffer_copy_to_##place, bad_arguments) {                                                        \
    const char *function = "pje_buffer_copy_to_" #place, *async = "pje_buffer_copy_to_" #place "_async";    \
    pje_##place *destination = pje_client_addressable_##place(shared_client(), 0);                          \
    pje_buffer *buffer = make(), *copy = buffer;                                                            \
    pje_event *done = (pje_event *)buffer;                                                                  \
    FOR_WRONG_HANDLES(pje_##place, h) {                                                                     \
      expect_invalid(pje_buffer_copy_to_##place(buffer, h, &copy), function, #place);                       \
      expect_invalid(pje_buffer_copy_to_##place##_async(buffer, h, &copy, &done), async, #place);           \
    }                                                                                                       \
    assert_null(copy);                                                                                      \
    assert_null(done);                                                                                      \
    expect_invalid(pje_buffer_copy_to_##place(buffer, destination, NULL), function, "out");                 \
    expect_invalid(pje_buffer_copy_to_##place##_async(buffer, destination, NULL, &done), async, "out");     \
    expect_ok(pje_buffer_delete(buffer));                                                                   \
    expect_error(pje_buffer_copy_to_##place(buffer, destination, &copy), PJE_FAILED_PRECONDITION, function, \
                 "deleted");                                                                                \
    expect_error(pje_buffer_copy_to_##place##_async(buffer, destination, &copy, &done),                     \
                 PJE_FAILED_PRECONDITION, async, "deleted");                                                \
    pje_buffer_release(buffer);                                                                             \
  }
COPY_FAILS(device)
COPY_FAILS(memory)
FAILS(pje_buffer_copy_to_device, of_another_process) {
  pje_client *client = open_fake(NULL);
  pje_buffer *buffer = upload_ramp(client, 4), *copy = NULL;
  expect_invalid(pje_buffer_copy_to_device(buffer, pje_client_device(client, 4), &copy),
                 "pje_buffer_copy_to_device", "another process");
  pje_buffer_release(buffer);
  pje_client_release(client);
}
FAILS(pje_buffer_copy_to_memory, late_error) {
  pje_buffer *buffer = make(), *copy = buffer;
  pje_event *done = NULL;
  pje_memory *memory = pje_client_addressable_memory(shared_client(), 1);
  expect_error(pje_buffer_copy_to_memory(buffer, memory, &copy), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent",
               "lost");
  assert_null(copy);
  expect_ok(pje_buffer_copy_to_memory_async(buffer, memory, &copy, &done));
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "lost");
  pje_event_release(done);
  pje_buffer_release(copy);
  pje_buffer_release(buffer);
}

OK(pje_buffer_copy_raw_to_host, part_of_the_bytes) {
  pje_buffer *buffer = make();
  float got[4] = {9, 9, 9, 9};
  expect_ok(pje_buffer_copy_raw_to_host(buffer, got, 4, 8));
  assert_true(got[0] == 1 && got[1] == 2 && got[2] == 9);
  expect_ok(pje_buffer_copy_raw_to_host(buffer, got, 0, 16));
  assert_memory_equal(got, kRamp, 16);
  expect_ok(pje_buffer_copy_raw_to_host(buffer, NULL, 16, 0));
  pje_buffer_release(buffer);
}
OK(pje_buffer_copy_raw_to_host_async, ready_when_complete) {
  pje_buffer *buffer = make();
  pje_event *done = NULL;
  float got[2] = {9, 9};
  expect_ok(pje_buffer_copy_raw_to_host_async(buffer, got, 8, 8, &done));
  expect_ok(pje_event_wait(done));
  assert_true(got[0] == 2 && got[1] == 3);
  pje_event_release(done);
  pje_buffer_release(buffer);
}
REFUSES_WRONG_HANDLE(pje_buffer_copy_raw_to_host, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_copy_raw_to_host(h, (char[4]){0}, 0, 4))
REFUSES_WRONG_HANDLE(pje_buffer_copy_raw_to_host_async, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_copy_raw_to_host_async(h, (char[4]){0}, 0, 4, &(pje_event *){NULL}))
REFUSES_WRONG_HANDLE(pje_buffer_copy_raw_to_host_later, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_copy_raw_to_host_later(h, 0, 4, &(pje_fulfilment *){NULL},
                                                       &(pje_event *){NULL}))
FAILS(pje_buffer_copy_raw_to_host, outside_the_buffer) {
  static const size_t ranges[][2] = {{17, 0},       {16, 1},       {0, 17},
                                     {SIZE_MAX, 4}, {4, SIZE_MAX}, {8, SIZE_MAX - 3}};
  pje_buffer *buffer = make();
  pje_event *done = (pje_event *)buffer;
  pje_fulfilment *later = (pje_fulfilment *)buffer;
  float got[4] = {9, 9, 9, 9};
  for (size_t i = 0; i < COUNT(ranges); ++i) {
    size_t offset = ranges[i][0], size = ranges[i][1];
    expect_invalid(pje_buffer_copy_raw_to_host(buffer, got, offset, size), "pje_buffer_copy_raw_to_host",
                   "16 bytes");
    expect_invalid(pje_buffer_copy_raw_to_host_async(buffer, got, offset, size, &done),
                   "pje_buffer_copy_raw_to_host_async", "16 bytes");
    expect_invalid(pje_buffer_copy_raw_to_host_later(buffer, offset, size, &later, &done),
                   "pje_buffer_copy_raw_to_host_later", "16 bytes");
  }
  assert_null(done);
  assert_null(later);
  expect_invalid(pje_buffer_copy_raw_to_host(buffer, NULL, 0, 1), "pje_buffer_copy_raw_to_host", "data");
  expect_invalid(pje_buffer_copy_raw_to_host_async(buffer, got, 0, 1, NULL),
                 "pje_buffer_copy_raw_to_host_async", "done");
  assert_true(got[0] == 9);
  expect_ok(pje_buffer_delete(buffer));
  expect_error(pje_buffer_copy_raw_to_host(buffer, got, 0, 4), PJE_FAILED_PRECONDITION,
               "pje_buffer_copy_raw_to_host", "deleted");
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_copy_raw_to_host_async, late_error) {
  pje_buffer *buffer = make();
  pje_event *done = NULL;
  float got[4];
  expect_error(pje_buffer_copy_raw_to_host(buffer, got, 0, 16), PJE_DATA_LOSS, "PJRT_Buffer_CopyRawToHost",
               "lost");
  expect_ok(pje_buffer_copy_raw_to_host_async(buffer, got, 0, 16, &done));
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_Buffer_CopyRawToHost", "lost");
  pje_event_release(done);
  pje_buffer_release(buffer);
}

OK(pje_buffer_copy_raw_to_host_later, begins_when_the_memory_is_named) {
  pje_buffer *buffer = make();
  pje_fulfilment *later = NULL;
  pje_event *done = NULL;
  float got[2] = {9, 9};
  expect_ok(pje_buffer_copy_raw_to_host_later(buffer, 4, 8, &later, &done));
  assert_false(pje_event_is_ready(done));
  expect_ok(pje_fulfilment_set_data(later, got, sizeof got));
  expect_ok(pje_event_wait(done));
  assert_true(got[0] == 1 && got[1] == 2);
  pje_fulfilment_release(later);
  pje_event_release(done);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_copy_raw_to_host_later, memory_never_named) {
  pje_buffer *buffer = make();
  pje_fulfilment *later = NULL;
  pje_event *done = NULL;
  expect_ok(pje_buffer_copy_raw_to_host_later(buffer, 0, 16, &later, &done));
  pje_fulfilment_release(later);
  expect_error(pje_event_wait(done), PJE_CANCELLED, "PJRT_Buffer_CopyRawToHostFuture", "released");
  pje_event_release(done);
  pje_buffer_release(buffer);
}

static pje_buffer_reference *make_reference(void) {
  pje_buffer *buffer = make();
  pje_buffer_reference *reference = NULL;
  expect_ok(pje_buffer_reference_create(buffer, &reference));
  pje_buffer_release(buffer);
  return reference;
}
static bool is_alive(pje_buffer_reference *reference) {
  uint64_t address = 0;
  uint64_t before = pje_misuse_count();
  pje_error_release(pje_buffer_reference_unsafe_pointer(reference, &address));
  return pje_misuse_count() == before;
}
RETAIN_RELEASE_TESTS(pje_buffer_reference, make_reference(), is_alive)
OK(pje_buffer_reference_create, keeps_the_buffer_and_its_memory) {
  pje_buffer *buffer = make();
  pje_buffer_reference *reference = NULL;
  uint64_t address = 0;
  expect_ok(pje_buffer_reference_create(buffer, &reference));
  expect_ok(pje_buffer_delete(buffer));
  pje_buffer_release(buffer);
  expect_ok(pje_buffer_reference_unsafe_pointer(reference, &address));
  assert_memory_equal((const void *)(uintptr_t)address, kRamp, 16);
  pje_buffer_reference_release(reference);
}
/* A run that was to take the buffer over copies it instead, and the buffer stays. */
OK(pje_buffer_reference_create, keeps_a_donated_buffer) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_buffer *args[2] = {make(), make()}, *output = NULL;
  pje_buffer_reference *reference = NULL;
  expect_ok(pje_buffer_reference_create(args[0], &reference));
  expect_ok(pje_loaded_executable_execute(executable, args, 2, NULL, &output, 1));
  assert_false(pje_buffer_is_deleted(args[0]));
  expect_f32(args[0], kRamp, 4);
  expect_f32(output, (float[]){0, 2, 4, 6}, 4);
  pje_buffer_reference_release(reference);
  pje_buffers_release(args, 2);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}
/* The end of the client gives back what is still held; the handles stay to be released. */
OK(pje_buffer_reference_release, after_the_client_was_closed) {
  pje_client *client = open_fake(NULL);
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_buffer_reference *reference = NULL, *second = NULL;
  uint64_t address = 0;
  expect_ok(pje_buffer_reference_create(buffer, &reference));
  expect_ok(pje_buffer_reference_create(buffer, &second));
  expect_ok(pje_client_close(client, -1));
  expect_error(pje_buffer_reference_unsafe_pointer(reference, &address), PJE_FAILED_PRECONDITION,
               "pje_buffer_reference_unsafe_pointer", "client closed");
  pje_buffer_reference_release(reference);
  pje_buffer_release(buffer);
  pje_buffer_reference_release(second);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_buffer_reference_create, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_reference_create(h, &(pje_buffer_reference *){NULL}))
FAILS(pje_buffer_reference_create, deleted_or_out_null) {
  pje_buffer *buffer = make();
  pje_buffer_reference *reference = NULL;
  expect_invalid(pje_buffer_reference_create(buffer, NULL), "pje_buffer_reference_create", "out");
  expect_ok(pje_buffer_delete(buffer));
  expect_error(pje_buffer_reference_create(buffer, &reference), PJE_FAILED_PRECONDITION,
               "pje_buffer_reference_create", "deleted");
  pje_buffer_release(buffer);
}
/* Real plugins end the process over these: neither reaches the plugin. */
FAILS(pje_buffer_reference_create, contents_that_failed) {
  static const int64_t kFour[] = {4};
  pje_error *error = pje_error_create(PJE_DATA_LOSS, "gone for good");
  pje_buffer *buffer = NULL;
  pje_buffer_reference *reference = NULL;
  expect_ok(pje_buffer_create_error(shared_client(), error, PJE_F32, kFour, 1, NULL, &buffer));
  pje_error_release(error);
  expect_error(pje_buffer_reference_create(buffer, &reference), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent",
               "gone for good");
  assert_null(reference);
  pje_buffer_release(buffer);
}
OK(pje_buffer_copy_raw_to_host_async, old_plugin_is_asked_once_the_contents_are_there) {
  static const int64_t kFour[] = {4};
  float got[4] = {0};
  pje_buffer *source = make(), *pending = NULL;
  pje_fulfilment *fulfilment = NULL;
  pje_event *done = NULL;
  expect_ok(pje_buffer_create_alias(shared_client(), PJE_F32, kFour, 1, NULL, &pending, &fulfilment));
  expect_ok(pje_buffer_copy_raw_to_host_async(pending, got, 0, 16, &done));
  pje_buffer_release(pending);
  expect_error(pje_event_wait_for(done, 0), PJE_DEADLINE_EXCEEDED, "pje_event_wait_for", "");
  expect_ok(pje_fulfilment_set_buffer(fulfilment, source));
  expect_ok(pje_event_wait(done));
  expect_f32(source, got, 4);
  pje_event_release(done);
  pje_fulfilment_release(fulfilment);
  pje_buffer_release(source);
}
OK(pje_buffer_reference_unsafe_pointer, is_aligned) {
  pje_buffer_reference *reference = make_reference();
  uint64_t address = 0;
  expect_ok(pje_buffer_reference_unsafe_pointer(reference, &address));
  assert_true(address != 0 && address % 64 == 0);
  pje_buffer_reference_release(reference);
}
OK(pje_buffer_reference_device_pointer, where_the_contents_are) {
  pje_buffer_reference *reference = make_reference();
  void *pointer = NULL;
  expect_ok(pje_buffer_reference_device_pointer(reference, &pointer));
  assert_memory_equal(pointer, kRamp, 16);
  pje_buffer_reference_release(reference);
}
REFUSES_WRONG_HANDLE(pje_buffer_reference_unsafe_pointer, wrong_handle, pje_buffer_reference, "reference",
                     pje_buffer_reference_unsafe_pointer(h, &(uint64_t){0}))
REFUSES_WRONG_HANDLE(pje_buffer_reference_device_pointer, wrong_handle, pje_buffer_reference, "reference",
                     pje_buffer_reference_device_pointer(h, &(void *){NULL}))

OK(pje_buffer_reference_describe, in_one_line) {
  pje_buffer_reference *object = make_reference();
  char line[256];
  size_t length = pje_buffer_reference_describe(object, line, sizeof line);
  assert_int_equal(length, strlen(line));
  assert_non_null(strstr(line, "reference to buffer f32[4]"));
  pje_buffer_reference_release(object);
}
ANSWERS_WRONG_HANDLE(pje_buffer_reference_describe, pje_buffer_reference,
                     assert_int_equal(pje_buffer_reference_describe(h, (char[8]){0}, 8), 0))

#define LOSES(function) "late_error=" function ":DATA_LOSS:lost on the way"
#define REFUSED(function) cmocka_unit_test(function##__fails_wrong_handle)

int main(void) {
  const struct CMUnitTest buffer_copies[] = {
      cmocka_unit_test(pje_buffer_on_device_size__ok_packs_small_elements),
      REFUSED(pje_buffer_on_device_size),
      WITH_FAKE("fail=PJRT_Buffer_OnDeviceSizeInBytes:1+:INTERNAL:no size",
                pje_buffer_on_device_size__fails_of_the_plugin),
      cmocka_unit_test(pje_buffer_is_on_cpu__ok_the_fake_is),
      REFUSED(pje_buffer_is_on_cpu),
      cmocka_unit_test(pje_buffer_unpadded_dims__ok_of_a_vector_and_a_scalar),
      WITH_FAKE("dynamic=0", pje_buffer_unpadded_dims__ok_of_a_dynamic_dimension),
      REFUSED(pje_buffer_unpadded_dims),
      WITH_FAKE("fail=PJRT_Buffer_UnpaddedDimensions:1+:INTERNAL:no dims",
                pje_buffer_unpadded_dims__fails_null_or_the_plugin),
      cmocka_unit_test(pje_buffer_dynamic_dims__ok_none),
      WITH_FAKE("dynamic=1", pje_buffer_dynamic_dims__ok_the_second),
      REFUSED(pje_buffer_dynamic_dims),
      WITH_FAKE("fail=PJRT_Buffer_DynamicDimensionIndices:1+:INTERNAL:no dims",
                pje_buffer_dynamic_dims__fails_null_or_the_plugin),
      cmocka_unit_test(pje_buffer_copy_to_device__ok_to_every_device),
      cmocka_unit_test(pje_buffer_copy_to_device__ok_of_another_client),
      WITH_FAKE("delay=PJRT_Buffer_CopyToDevice:300ms",
                pje_buffer_copy_to_device_async__ok_ready_when_complete),
      cmocka_unit_test(pje_buffer_copy_to_memory__ok_to_every_memory),
      cmocka_unit_test(pje_buffer_copy_to_memory_async__ok_without_an_event),
      REFUSED(pje_buffer_copy_to_device),
      REFUSED(pje_buffer_copy_to_device_async),
      REFUSED(pje_buffer_copy_to_memory),
      REFUSED(pje_buffer_copy_to_memory_async),
      cmocka_unit_test(pje_buffer_copy_to_device__fails_bad_arguments),
      cmocka_unit_test(pje_buffer_copy_to_memory__fails_bad_arguments),
      WITH_FAKE("processes=2", pje_buffer_copy_to_device__fails_of_another_process),
      WITH_FAKE(LOSES("PJRT_Buffer_CopyToMemory"), pje_buffer_copy_to_memory__fails_late_error),
      cmocka_unit_test(pje_buffer_copy_raw_to_host__ok_part_of_the_bytes),
      cmocka_unit_test(pje_buffer_copy_raw_to_host_async__ok_ready_when_complete),
      REFUSED(pje_buffer_copy_raw_to_host),
      REFUSED(pje_buffer_copy_raw_to_host_async),
      REFUSED(pje_buffer_copy_raw_to_host_later),
      cmocka_unit_test(pje_buffer_copy_raw_to_host__fails_outside_the_buffer),
      WITH_FAKE(LOSES("PJRT_Buffer_CopyRawToHost"), pje_buffer_copy_raw_to_host_async__fails_late_error),
      WITH_FAKE("minor=81",
                pje_buffer_copy_raw_to_host_async__ok_old_plugin_is_asked_once_the_contents_are_there),
      cmocka_unit_test(pje_buffer_reference_create__fails_contents_that_failed),
      cmocka_unit_test(pje_buffer_copy_raw_to_host_later__ok_begins_when_the_memory_is_named),
      cmocka_unit_test(pje_buffer_copy_raw_to_host_later__fails_memory_never_named),
      RETAIN_RELEASE_LIST(pje_buffer_reference),
      cmocka_unit_test(pje_buffer_reference_create__ok_keeps_the_buffer_and_its_memory),
      cmocka_unit_test(pje_buffer_reference_create__ok_keeps_a_donated_buffer),
      cmocka_unit_test(pje_buffer_reference_release__ok_after_the_client_was_closed),
      REFUSED(pje_buffer_reference_create),
      cmocka_unit_test(pje_buffer_reference_create__fails_deleted_or_out_null),
      cmocka_unit_test(pje_buffer_reference_unsafe_pointer__ok_is_aligned),
      cmocka_unit_test(pje_buffer_reference_device_pointer__ok_where_the_contents_are),
      REFUSED(pje_buffer_reference_unsafe_pointer),
      REFUSED(pje_buffer_reference_device_pointer),
      cmocka_unit_test(pje_buffer_reference_describe__ok_in_one_line),
      cmocka_unit_test(pje_buffer_reference_describe__fails_wrong_handle),
  };
  return RUN(buffer_copies);
}
