#include "harness.h"

static pje_device *first_device(void) { return pje_client_device(shared_client(), 0); }
static pje_memory *first_memory(void) { return pje_client_addressable_memory(shared_client(), 0); }

/* A retained device keeps its client; the lent pointer itself needs no release. */
OK(pje_device_retain, keeps_the_client) {
  pje_client *client = open_fake(NULL);
  pje_device *device = pje_device_retain(pje_client_device(client, 1));
  pje_client_release(client);
  assert_int_equal(pje_device_id(device), 1);
  assert_int_equal(pje_client_num_devices(pje_device_client(device)), 4);
  pje_device_release(device);
}
OK(pje_device_release, ends_the_client_of_the_last_one) {
  pje_client *client = open_fake(NULL);
  pje_device *device = pje_device_retain(pje_client_device(client, 1));
  assert_ptr_equal(pje_device_retain(device), device);
  pje_client_release(client);
  pje_device_release(device);
  assert_int_equal(pje_device_id(device), 1);
  pje_device_release(device);
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_client_num_devices(client), 0);
  assert_true(pje_misuse_count() > before);
  pje_device_release(NULL);
}
OK(pje_memory_retain, keeps_the_client) {
  pje_client *client = open_fake(NULL);
  pje_memory *memory = pje_memory_retain(pje_client_addressable_memory(client, 1));
  pje_client_release(client);
  assert_int_equal(pje_memory_id(memory), 1);
  assert_int_equal(pje_client_num_devices(pje_memory_client(memory)), 4);
  pje_memory_release(memory);
}
OK(pje_memory_release, ends_the_client_of_the_last_one) {
  pje_client *client = open_fake(NULL);
  pje_memory *memory = pje_memory_retain(pje_client_addressable_memory(client, 1));
  pje_client_release(client);
  pje_memory_release(memory);
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_client_num_devices(client), 0);
  assert_true(pje_misuse_count() > before);
  pje_memory_release(NULL);
}
/* Releasing what was only lent is a mistake, and harmless. */
#define LENT_FAILS(type, lent)                                          \
  FAILS(type##_retain, wrong_handle) {                                  \
    FOR_WRONG_HANDLES(type, h) {                                        \
      uint64_t before = pje_misuse_count();                             \
      type##_retain(h);                                                 \
      assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1); \
    }                                                                   \
  }                                                                     \
  FAILS(type##_release, wrong_handle_or_only_lent) {                    \
    FOR_WRONG_HANDLES(type, h) {                                        \
      uint64_t before = pje_misuse_count();                             \
      type##_release(h);                                                \
      assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1); \
    }                                                                   \
    uint64_t before = pje_misuse_count();                               \
    type##_release(lent);                                               \
    assert_int_equal(pje_misuse_count() - before, 1);                   \
    assert_int_equal(type##_id(lent), 0);                               \
  }
LENT_FAILS(pje_device, first_device())
LENT_FAILS(pje_memory, first_memory())

OK(pje_device_id, counts) {
  for (int i = 0; i < 4; ++i)
    assert_int_equal(pje_device_id(pje_client_device(shared_client(), (size_t)i)), i);
}
ANSWERS_WRONG_HANDLE(pje_device_id, pje_device, (void)pje_device_id(h))
OK(pje_device_process_index, of_another_process) {
  pje_client *client = open_fake(NULL);
  assert_int_equal(pje_device_process_index(pje_client_device(client, 0)), 0);
  assert_int_equal(pje_device_process_index(pje_client_device(client, 4)), 1);
  assert_false(pje_device_is_addressable(pje_client_device(client, 4)));
  assert_int_equal(pje_device_local_hardware_id(pje_client_device(client, 4)), -1);
  assert_null(pje_device_default_memory(pje_client_device(client, 4)));
  assert_int_equal(pje_device_num_addressable_memories(pje_client_device(client, 4)), 0);
  pje_client_release(client);
}
ANSWERS_WRONG_HANDLE(pje_device_process_index, pje_device, (void)pje_device_process_index(h))
OK(pje_device_local_hardware_id, counts) {
  for (int i = 0; i < 4; ++i)
    assert_int_equal(pje_device_local_hardware_id(pje_client_device(shared_client(), (size_t)i)), i);
}
ANSWERS_WRONG_HANDLE(pje_device_local_hardware_id, pje_device, (void)pje_device_local_hardware_id(h))
OK(pje_device_is_addressable, own_device) { assert_true(pje_device_is_addressable(first_device())); }
ANSWERS_WRONG_HANDLE(pje_device_is_addressable, pje_device, assert_false(pje_device_is_addressable(h)))

/* Texts are cached: the same pointer at every call. */
#define TEXT(function, type, object)                      \
  OK(function, is_cached) {                               \
    assert_true(strlen(function(object)) > 0);            \
    assert_ptr_equal(function(object), function(object)); \
  }                                                       \
  ANSWERS_WRONG_HANDLE(function, type, assert_string_equal(function(h), ""))
TEXT(pje_device_kind, pje_device, first_device())
TEXT(pje_device_debug_string, pje_device, first_device())
TEXT(pje_device_to_string, pje_device, first_device())
TEXT(pje_memory_kind, pje_memory, first_memory())
TEXT(pje_memory_debug_string, pje_memory, first_memory())
TEXT(pje_memory_to_string, pje_memory, first_memory())

OK(pje_device_debug_string, empty_when_the_plugin_does_not_tell) {
  assert_string_equal(pje_device_debug_string(first_device()), "");
  assert_string_equal(pje_device_to_string(first_device()), "");
  assert_string_equal(pje_device_kind(first_device()), "");
  assert_string_equal(pje_memory_to_string(first_memory()), "");
  assert_int_equal(pje_memory_kind_id(first_memory()), 0);
  assert_int_equal(pje_device_local_hardware_id(first_device()), -1);
  assert_int_equal(pje_named_values_count(pje_device_attributes(first_device())), 0);
}

OK(pje_device_attributes, of_every_kind) {
  const pje_named_values *attributes = pje_device_attributes(pje_client_device(shared_client(), 2));
  const int64_t *coordinates = NULL;
  size_t count = 0;
  expect_ok(pje_named_values_get_int64_list(attributes, pje_named_values_find(attributes, "coords"),
                                            &coordinates, &count));
  assert_int_equal(count, 3);
  assert_int_equal(coordinates[0], 2);
}
ANSWERS_WRONG_HANDLE(pje_device_attributes, pje_device, assert_null(pje_device_attributes(h)))
OK(pje_device_client, is_the_client) { assert_ptr_equal(pje_device_client(first_device()), shared_client()); }
ANSWERS_WRONG_HANDLE(pje_device_client, pje_device, assert_null(pje_device_client(h)))
OK(pje_device_default_memory, is_of_kind_device) {
  assert_string_equal(pje_memory_kind(pje_device_default_memory(first_device())), "device");
}
ANSWERS_WRONG_HANDLE(pje_device_default_memory, pje_device, assert_null(pje_device_default_memory(h)))
OK(pje_device_num_addressable_memories, three) {
  assert_int_equal(pje_device_num_addressable_memories(first_device()), 3);
}
ANSWERS_WRONG_HANDLE(pje_device_num_addressable_memories, pje_device,
                     assert_int_equal(pje_device_num_addressable_memories(h), 0))
OK(pje_device_addressable_memory, kinds) {
  const char *const kinds[] = {"device", "pinned_host", "unpinned_host"};
  for (size_t i = 0; i < 3; ++i)
    assert_string_equal(pje_memory_kind(pje_device_addressable_memory(first_device(), i)), kinds[i]);
}
FAILS(pje_device_addressable_memory, no_such_index) {
  assert_null(pje_device_addressable_memory(first_device(), 3));
}
ANSWERS_WRONG_HANDLE(pje_device_addressable_memory, pje_device,
                     assert_null(pje_device_addressable_memory(h, 0)))

OK(pje_memory_id, counts) {
  for (int i = 0; i < 12; ++i)
    assert_int_equal(pje_memory_id(pje_client_addressable_memory(shared_client(), (size_t)i)), i);
}
ANSWERS_WRONG_HANDLE(pje_memory_id, pje_memory, (void)pje_memory_id(h))
OK(pje_memory_kind_id, differs_by_kind) {
  for (int i = 0; i < 3; ++i)
    assert_int_equal(pje_memory_kind_id(pje_client_addressable_memory(shared_client(), (size_t)i)), i);
}
ANSWERS_WRONG_HANDLE(pje_memory_kind_id, pje_memory, assert_int_equal(pje_memory_kind_id(h), 0))
OK(pje_memory_client, is_the_client) { assert_ptr_equal(pje_memory_client(first_memory()), shared_client()); }
ANSWERS_WRONG_HANDLE(pje_memory_client, pje_memory, assert_null(pje_memory_client(h)))
OK(pje_memory_num_devices, one) { assert_int_equal(pje_memory_num_devices(first_memory()), 1); }
ANSWERS_WRONG_HANDLE(pje_memory_num_devices, pje_memory, assert_int_equal(pje_memory_num_devices(h), 0))
OK(pje_memory_device, the_other_way_round) {
  assert_ptr_equal(pje_memory_device(first_memory(), 0), first_device());
}
FAILS(pje_memory_device, no_such_index) { assert_null(pje_memory_device(first_memory(), 1)); }
ANSWERS_WRONG_HANDLE(pje_memory_device, pje_memory, assert_null(pje_memory_device(h, 0)))

#define PAIR(ok, function) \
  cmocka_unit_test(function##__ok_##ok), cmocka_unit_test(function##__fails_wrong_handle)

int main(void) {
  const struct CMUnitTest device[] = {
      PAIR(keeps_the_client, pje_device_retain),
      cmocka_unit_test(pje_device_release__ok_ends_the_client_of_the_last_one),
      cmocka_unit_test(pje_device_release__fails_wrong_handle_or_only_lent),
      PAIR(keeps_the_client, pje_memory_retain),
      cmocka_unit_test(pje_memory_release__ok_ends_the_client_of_the_last_one),
      cmocka_unit_test(pje_memory_release__fails_wrong_handle_or_only_lent),
      PAIR(counts, pje_device_id),
      WITH_FAKE("processes=2", pje_device_process_index__ok_of_another_process),
      cmocka_unit_test(pje_device_process_index__fails_wrong_handle),
      PAIR(counts, pje_device_local_hardware_id),
      PAIR(own_device, pje_device_is_addressable),
      PAIR(is_cached, pje_device_kind),
      PAIR(is_cached, pje_device_debug_string),
      WITH_FAKE("null=PJRT_DeviceDescription_DebugString;null=PJRT_DeviceDescription_ToString;"
                "null=PJRT_DeviceDescription_Kind;null=PJRT_Memory_ToString;null=PJRT_Memory_Kind_Id;"
                "null=PJRT_Device_LocalHardwareId;null=PJRT_DeviceDescription_Attributes",
                pje_device_debug_string__ok_empty_when_the_plugin_does_not_tell),
      PAIR(is_cached, pje_device_to_string),
      PAIR(of_every_kind, pje_device_attributes),
      PAIR(is_the_client, pje_device_client),
      PAIR(is_of_kind_device, pje_device_default_memory),
      PAIR(three, pje_device_num_addressable_memories),
      PAIR(kinds, pje_device_addressable_memory),
      cmocka_unit_test(pje_device_addressable_memory__fails_no_such_index),
      PAIR(counts, pje_memory_id),
      PAIR(is_cached, pje_memory_kind),
      PAIR(differs_by_kind, pje_memory_kind_id),
      PAIR(is_cached, pje_memory_debug_string),
      PAIR(is_cached, pje_memory_to_string),
      PAIR(is_the_client, pje_memory_client),
      PAIR(one, pje_memory_num_devices),
      PAIR(the_other_way_round, pje_memory_device),
      cmocka_unit_test(pje_memory_device__fails_no_such_index),
  };
  return RUN(device);
}
