#include "harness.h"

static pje_topology *create(const char *name) {
  pje_plugin *plugin = load_fake();
  pje_topology *topology = NULL;
  expect_ok(pje_topology_create(plugin, name, NULL, &topology));
  pje_plugin_release(plugin);
  assert_non_null(topology);
  return topology;
}
static pje_topology *make(void) { return create("fake:3"); }
static bool is_alive(pje_topology *topology) { return pje_topology_num_devices(topology) == 3; }
RETAIN_RELEASE_TESTS(pje_topology, make(), is_alive)

static pje_topology *of_shared_client(void) {
  pje_topology *topology = NULL;
  expect_ok(pje_client_topology(shared_client(), &topology));
  return topology;
}

OK(pje_topology_create, name_and_options_reach_the_plugin) {
  pje_plugin *plugin = load_fake();
  pje_named_values *options = NULL;
  pje_topology *topology = NULL;
  expect_ok(pje_topology_create(plugin, NULL, NULL, &topology));
  assert_int_equal(pje_topology_num_devices(topology), 4);
  pje_topology_release(topology);
  expect_ok(pje_named_values_create(&options));
  expect_ok(pje_named_values_set_int64(options, "devices", 7));
  expect_ok(pje_topology_create(plugin, "", options, &topology));
  assert_int_equal(pje_topology_num_devices(topology), 7);
  pje_topology_release(topology);
  expect_ok(pje_topology_create(plugin, "v5e:2x2x4", NULL, &topology));
  assert_int_equal(pje_topology_num_devices(topology), 16);
  pje_topology_release(topology);
  pje_named_values_release(options);
  pje_plugin_release(plugin);
}
FAILS(pje_topology_create, no_such_name_or_option) {
  pje_plugin *plugin = load_fake();
  pje_named_values *options = NULL;
  pje_topology *topology = (pje_topology *)plugin;
  expect_invalid(pje_topology_create(plugin, "v5e", NULL, &topology), "PJRT_TopologyDescription_Create",
                 "no topology named 'v5e'");
  expect_invalid(pje_topology_create(plugin, "v5e:2xtwo", NULL, &topology), "PJRT_TopologyDescription_Create",
                 "'two'");
  assert_null(topology);
  expect_ok(pje_named_values_create(&options));
  expect_ok(pje_named_values_set_string(options, "colour", "red"));
  expect_invalid(pje_topology_create(plugin, "fake:2", options, &topology), "PJRT_TopologyDescription_Create",
                 "colour");
  expect_invalid(pje_topology_create(plugin, "fake:2", NULL, NULL), "pje_topology_create", "out");
  pje_named_values_release(options);
  pje_plugin_release(plugin);
}
FAILS(pje_topology_create, what_comes_after_it_fails) {
  pje_plugin *plugin = load_fake();
  pje_topology *topology = NULL;
  expect_error(pje_topology_create(plugin, "fake:2", NULL, &topology), PJE_INTERNAL,
               "PJRT_TopologyDescription_GetDeviceDescriptions", "injected");
  assert_null(topology);
  pje_plugin_release(plugin);
}
FAILS(pje_topology_create, what_cannot_be_destroyed_is_not_made) {
  pje_plugin *plugin = load_fake();
  expect_error(pje_topology_create(plugin, "fake:2", NULL, &(pje_topology *){NULL}), PJE_UNIMPLEMENTED,
               "pje_topology_create", "PJRT_TopologyDescription_Destroy");
  pje_plugin_release(plugin);
}
REFUSES_WRONG_HANDLE(pje_topology_create, wrong_plugin, pje_plugin, "plugin",
                     pje_topology_create(h, "", NULL, &(pje_topology *){NULL}))

OK(pje_topology_serialize, is_read_back_the_same) {
  pje_topology *topology = make(), *copy = NULL;
  pje_bytes *bytes = NULL;
  expect_ok(pje_topology_serialize(topology, &bytes));
  expect_ok(pje_topology_deserialize(pje_topology_plugin(topology), pje_bytes_data(bytes),
                                     pje_bytes_size(bytes), &copy));
  pje_bytes_release(bytes);
  assert_int_equal(pje_topology_num_devices(copy), 3);
  uint64_t first = 0, second = 1;
  expect_ok(pje_topology_fingerprint(topology, &first));
  expect_ok(pje_topology_fingerprint(copy, &second));
  assert_true(first == second && first != 0);
  pje_topology_release(topology);
  pje_topology_release(copy);
}
OK(pje_topology_serialize, of_a_client) {
  pje_bytes *bytes = NULL;
  expect_ok(pje_topology_serialize(of_shared_client(), &bytes));
  assert_true(pje_bytes_size(bytes) > 0);
  pje_bytes_release(bytes);
}
FAILS(pje_topology_serialize, the_plugin_refuses) {
  pje_topology *topology = make();
  pje_bytes *bytes = NULL;
  expect_error(pje_topology_serialize(topology, &bytes), PJE_INTERNAL, "PJRT_TopologyDescription_Serialize",
               "injected");
  assert_null(bytes);
  pje_topology_release(topology);
}
REFUSES_WRONG_HANDLE(pje_topology_serialize, wrong_handle, pje_topology, "topology",
                     pje_topology_serialize(h, &(pje_bytes *){NULL}))

OK(pje_topology_deserialize, twice_from_the_same_bytes) {
  static const char kBytes[] = "PJRTFAKE topology 1 2";
  pje_plugin *plugin = load_fake();
  pje_topology *topologies[2];
  for (int i = 0; i < 2; ++i)
    expect_ok(pje_topology_deserialize(plugin, kBytes, sizeof kBytes - 1, &topologies[i]));
  assert_ptr_not_equal(topologies[0], topologies[1]);
  pje_topology_release(topologies[0]);
  assert_int_equal(pje_topology_num_devices(topologies[1]), 2);
  pje_topology_release(topologies[1]);
  pje_plugin_release(plugin);
}
FAILS(pje_topology_deserialize, bytes_of_something_else) {
  pje_plugin *plugin = load_fake();
  pje_topology *topology = (pje_topology *)plugin;
  expect_invalid(pje_topology_deserialize(plugin, "hello", 5, &topology),
                 "PJRT_TopologyDescription_Deserialize", "not a topology");
  assert_null(topology);
  expect_invalid(pje_topology_deserialize(plugin, "", 0, &topology), "pje_topology_deserialize", "size");
  expect_invalid(pje_topology_deserialize(plugin, NULL, 5, &topology), "pje_topology_deserialize", "data");
  pje_plugin_release(plugin);
}
REFUSES_WRONG_HANDLE(pje_topology_deserialize, wrong_plugin, pje_plugin, "plugin",
                     pje_topology_deserialize(h, "x", 1, &(pje_topology *){NULL}))

/* Lent, and never destroyed: the fake plugin ends the process for that. */
OK(pje_client_topology, is_lent_and_keeps_the_client_once_retained) {
  pje_client *client = open_fake(NULL);
  pje_topology *topology = NULL, *again = NULL;
  expect_ok(pje_client_topology(client, &topology));
  expect_ok(pje_client_topology(client, &again));
  assert_ptr_equal(topology, again);
  assert_ptr_equal(pje_topology_retain(topology), topology);
  pje_client_release(client);
  assert_int_equal(pje_topology_num_devices(topology), 4);
  pje_device_description *description = pje_device_description_retain(pje_topology_device(topology, 1));
  pje_topology_release(topology);
  assert_int_equal(pje_device_description_id(description), 1);
  pje_device_description_release(description);
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_topology_num_devices(topology), 0);
  assert_true(pje_misuse_count() > before);
}
FAILS(pje_client_topology, the_plugin_refuses) {
  pje_topology *topology = NULL;
  expect_error(pje_client_topology(shared_client(), &topology), PJE_INTERNAL,
               "PJRT_Client_TopologyDescription", "injected");
  assert_null(topology);
  /* The next one is asked for again. */
  expect_ok(pje_client_topology(shared_client(), &topology));
  uint64_t before = pje_misuse_count();
  pje_topology_release(topology);
  assert_int_equal(pje_misuse_count() - before, 1);
  assert_int_equal(pje_topology_num_devices(topology), 4);
}
REFUSES_WRONG_HANDLE(pje_client_topology, wrong_client, pje_client, "client",
                     pje_client_topology(h, &(pje_topology *){NULL}))

#define ACCESSOR(function, check, wrong) \
  OK(function, of_three_devices) {       \
    pje_topology *t = make();            \
    assert_true(check);                  \
    pje_topology_release(t);             \
  }                                      \
  ANSWERS_WRONG_HANDLE(function, pje_topology, wrong)
static bool is_the_fake(pje_plugin *plugin) { return pje_plugin_has_function(plugin, "PJRT_Client_Create"); }
static bool has_shape(const pje_named_values *values, const char *expected) {
  const char *shape = "";
  expect_ok(pje_named_values_get_string(values, pje_named_values_find(values, "shape"), &shape));
  return strcmp(shape, expected) == 0;
}
ACCESSOR(pje_topology_plugin, is_the_fake(pje_topology_plugin(t)), assert_null(pje_topology_plugin(h)))
ACCESSOR(pje_topology_platform_name, strcmp(pje_topology_platform_name(t), "fake") == 0,
         assert_string_equal(pje_topology_platform_name(h), ""))
ACCESSOR(pje_topology_platform_version,
         strcmp(pje_topology_platform_version(t), pje_client_platform_version(shared_client())) == 0,
         assert_string_equal(pje_topology_platform_version(h), ""))
ACCESSOR(pje_topology_attributes, has_shape(pje_topology_attributes(t), "3x1"),
         assert_null(pje_topology_attributes(h)))
ACCESSOR(pje_topology_num_devices, pje_topology_num_devices(t) == 3,
         assert_int_equal(pje_topology_num_devices(h), 0))
ACCESSOR(pje_topology_device,
         pje_device_description_id(pje_topology_device(t, 2)) == 2 && pje_topology_device(t, 3) == NULL,
         assert_null(pje_topology_device(h, 0)))

OK(pje_topology_fingerprint, tells_topologies_apart) {
  pje_topology *three = make(), *two = create("fake:2");
  uint64_t of_three = 0, of_two = 0;
  expect_ok(pje_topology_fingerprint(three, &of_three));
  expect_ok(pje_topology_fingerprint(two, &of_two));
  assert_true(of_three != of_two);
  pje_topology_release(three);
  pje_topology_release(two);
}
FAILS(pje_topology_fingerprint, not_in_the_plugin) {
  pje_topology *topology = make();
  uint64_t fingerprint = 7;
  expect_error(pje_topology_fingerprint(topology, &fingerprint), PJE_UNIMPLEMENTED,
               "pje_topology_fingerprint", "added in 0.101");
  assert_true(fingerprint == 0);
  pje_topology_release(topology);
}
REFUSES_WRONG_HANDLE(pje_topology_fingerprint, wrong_handle, pje_topology, "topology",
                     pje_topology_fingerprint(h, &(uint64_t){0}))

OK(pje_topology_memory_kind_ids, at_most_what_fits) {
  pje_topology *topology = make();
  int32_t ids[4] = {-7, -7, -7, -7};
  size_t count = 0;
  expect_ok(pje_topology_memory_kind_ids(topology, 0, NULL, &count));
  assert_int_equal(count, 3);
  expect_ok(pje_topology_memory_kind_ids(topology, 2, ids, &count));
  assert_int_equal(count, 3);
  assert_int_equal(ids[1], 1);
  assert_int_equal(ids[2], -7);
  expect_ok(pje_topology_memory_kind_ids(topology, 4, ids, &count));
  assert_int_equal(ids[2], 2);
  assert_int_equal(ids[3], -7);
  pje_topology_release(topology);
}
FAILS(pje_topology_memory_kind_ids, nowhere_to_write) {
  pje_topology *topology = make();
  size_t count = 9;
  expect_invalid(pje_topology_memory_kind_ids(topology, 2, NULL, &count), "pje_topology_memory_kind_ids",
                 "kind_ids");
  assert_int_equal(count, 0);
  expect_invalid(pje_topology_memory_kind_ids(topology, 0, NULL, NULL), "pje_topology_memory_kind_ids",
                 "count");
  pje_topology_release(topology);
}
REFUSES_WRONG_HANDLE(pje_topology_memory_kind_ids, wrong_handle, pje_topology, "topology",
                     pje_topology_memory_kind_ids(h, 0, NULL, &(size_t){0}))

static const int64_t kDims[2] = {2, 3}, kColumns[2] = {0, 1};

OK(pje_topology_canonical_shape, with_and_without_a_layout) {
  /* S32, dimensions 2 and 3, the layout with its order and memory space, nothing dynamic. */
  static const unsigned char kColumnMajor[] = {16, 4, 26, 2, 2, 3, 42, 6, 10, 2, 0, 1, 64, 1, 50, 2, 0, 0};
  pje_topology *topology = make();
  pje_bytes *shape = NULL;
  expect_ok(pje_topology_canonical_shape(topology, 1, PJE_S32, kDims, 2, kColumns, &shape));
  assert_int_equal(pje_bytes_size(shape), sizeof kColumnMajor);
  assert_memory_equal(pje_bytes_data(shape), kColumnMajor, sizeof kColumnMajor);
  pje_bytes_release(shape);
  expect_ok(pje_topology_canonical_shape(topology, 0, PJE_S32, kDims, 2, NULL, &shape));
  assert_int_equal(pje_bytes_size(shape), sizeof kColumnMajor - 2);
  pje_bytes_release(shape);
  expect_ok(pje_topology_canonical_shape(topology, 2, PJE_BF16, NULL, 0, NULL, &shape));
  pje_bytes_release(shape);
  pje_topology_release(topology);
}
FAILS(pje_topology_canonical_shape, what_no_array_has) {
  static const int64_t kNegative[2] = {2, -3}, kTwice[2] = {1, 1}, kOutside[2] = {1, 2};
  pje_topology *topology = make();
  pje_bytes *shape = (pje_bytes *)topology;
  const char *function = "pje_topology_canonical_shape";
  expect_invalid(pje_topology_canonical_shape(topology, 0, (pje_dtype)99, kDims, 2, NULL, &shape), function,
                 "dtype");
  assert_null(shape);
  expect_invalid(pje_topology_canonical_shape(topology, 0, PJE_F32, kNegative, 2, NULL, &shape), function,
                 "-3");
  expect_invalid(pje_topology_canonical_shape(topology, 0, PJE_F32, kDims, 2, kTwice, &shape), function,
                 "minor_to_major");
  expect_invalid(pje_topology_canonical_shape(topology, 0, PJE_F32, kDims, 2, kOutside, &shape), function,
                 "minor_to_major");
  expect_invalid(pje_topology_canonical_shape(topology, 0, PJE_F32, NULL, 2, NULL, &shape), function, "dims");
  expect_invalid(pje_topology_canonical_shape(topology, 9, PJE_F32, kDims, 2, NULL, &shape),
                 "PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace", "kind 9");
  pje_topology_release(topology);
}
FAILS(pje_topology_canonical_shape, a_dtype_newer_than_the_plugin) {
  pje_topology *topology = make();
  expect_error(pje_topology_canonical_shape(topology, 0, PJE_F6E2M3FN, kDims, 2, NULL, &(pje_bytes *){NULL}),
               PJE_UNIMPLEMENTED, "pje_topology_canonical_shape", "added in 0.114");
  pje_topology_release(topology);
}
REFUSES_WRONG_HANDLE(pje_topology_canonical_shape, wrong_handle, pje_topology, "topology",
                     pje_topology_canonical_shape(h, 0, PJE_F32, NULL, 0, NULL, &(pje_bytes *){NULL}))

/* Descriptions: of a topology, and of a device. */
static pje_device_description *description_of(size_t index) {
  return pje_device_get_description(pje_client_device(shared_client(), index));
}
OK(pje_device_get_description, says_what_the_device_says) {
  pje_device *device = pje_client_device(shared_client(), 2);
  pje_device_description *description = pje_device_get_description(device);
  assert_int_equal(pje_device_description_id(description), pje_device_id(device));
  assert_ptr_equal(pje_device_description_kind(description), pje_device_kind(device));
  assert_ptr_equal(pje_device_description_attributes(description), pje_device_attributes(device));
}
ANSWERS_WRONG_HANDLE(pje_device_get_description, pje_device, assert_null(pje_device_get_description(h)))

OK(pje_device_description_retain, keeps_its_topology) {
  pje_topology *topology = make();
  pje_device_description *description = pje_topology_device(topology, 1);
  assert_ptr_equal(pje_device_description_retain(description), description);
  pje_topology_release(topology);
  assert_int_equal(pje_topology_num_devices(topology), 3);
  assert_int_equal(pje_device_description_id(description), 1);
  pje_device_description_release(description);
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_device_description_id(description), -1);
  assert_true(pje_misuse_count() > before);
  assert_null(pje_device_description_retain(NULL));
}
FAILS(pje_device_description_retain, wrong_handle) {
  FOR_WRONG_HANDLES(pje_device_description, h) {
    uint64_t before = pje_misuse_count();
    assert_ptr_equal(pje_device_description_retain(h), h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
}
OK(pje_device_description_release, ends_the_client_of_the_last_one) {
  pje_client *client = open_fake(NULL);
  pje_device_description *description =
      pje_device_description_retain(pje_device_get_description(pje_client_device(client, 3)));
  pje_client_release(client);
  assert_int_equal(pje_device_description_id(description), 3);
  pje_device_description_release(description);
  pje_device_description_release(NULL);
  uint64_t before = pje_misuse_count();
  assert_int_equal(pje_client_num_devices(client), 0);
  assert_true(pje_misuse_count() > before);
}
FAILS(pje_device_description_release, wrong_handle_or_only_lent) {
  FOR_WRONG_HANDLES(pje_device_description, h) {
    uint64_t before = pje_misuse_count();
    pje_device_description_release(h);
    assert_int_equal(pje_misuse_count() - before, h == NULL ? 0 : 1);
  }
  uint64_t before = pje_misuse_count();
  pje_device_description_release(description_of(0));
  assert_int_equal(pje_misuse_count() - before, 1);
  assert_int_equal(pje_device_description_id(description_of(0)), 0);
}

#define DESCRIPTION(function, check, wrong)                                                     \
  OK(function, of_the_second_device) {                                                          \
    pje_topology *topology = make();                                                            \
    const pje_device_description *d[2] = {pje_topology_device(topology, 1), description_of(1)}; \
    for (size_t i = 0; i < 2; ++i) assert_true(check);                                          \
    pje_topology_release(topology);                                                             \
  }                                                                                             \
  ANSWERS_WRONG_HANDLE(function, pje_device_description, wrong)
DESCRIPTION(pje_device_description_id, pje_device_description_id(d[i]) == 1,
            assert_int_equal(pje_device_description_id(h), -1))
DESCRIPTION(pje_device_description_process_index, pje_device_description_process_index(d[i]) == 0,
            (void)pje_device_description_process_index(h))
DESCRIPTION(pje_device_description_kind, strcmp(pje_device_description_kind(d[i]), "fake device") == 0,
            assert_string_equal(pje_device_description_kind(h), ""))
DESCRIPTION(pje_device_description_debug_string,
            strcmp(pje_device_description_debug_string(d[i]), "fake:1") == 0,
            assert_string_equal(pje_device_description_debug_string(h), ""))
DESCRIPTION(pje_device_description_to_string,
            strcmp(pje_device_description_to_string(d[i]), "FakeDevice(id=1)") == 0,
            assert_string_equal(pje_device_description_to_string(h), ""))
DESCRIPTION(pje_device_description_attributes,
            pje_named_values_find(pje_device_description_attributes(d[i]), "coords") != SIZE_MAX,
            assert_null(pje_device_description_attributes(h)))
OK(pje_device_description_process_index, of_another_process) {
  assert_int_equal(pje_device_description_process_index(description_of(4)), 1);
}

int main(void) {
  const struct CMUnitTest topology[] = {
      RETAIN_RELEASE_LIST(pje_topology),
      cmocka_unit_test(pje_topology_create__ok_name_and_options_reach_the_plugin),
      cmocka_unit_test(pje_topology_create__fails_no_such_name_or_option),
      WITH_FAKE("fail=PJRT_TopologyDescription_GetDeviceDescriptions:1:INTERNAL:injected",
                pje_topology_create__fails_what_comes_after_it_fails),
      WITH_FAKE("null=PJRT_TopologyDescription_Destroy",
                pje_topology_create__fails_what_cannot_be_destroyed_is_not_made),
      cmocka_unit_test(pje_topology_create__fails_wrong_plugin),
      WITH_FAKE("", pje_topology_serialize__ok_is_read_back_the_same),
      cmocka_unit_test(pje_topology_serialize__ok_of_a_client),
      WITH_FAKE("fail=PJRT_TopologyDescription_Serialize:1:INTERNAL:injected",
                pje_topology_serialize__fails_the_plugin_refuses),
      cmocka_unit_test(pje_topology_serialize__fails_wrong_handle),
      WITH_FAKE("", pje_topology_deserialize__ok_twice_from_the_same_bytes),
      WITH_FAKE("minor=116", pje_topology_deserialize__fails_bytes_of_something_else),
      cmocka_unit_test(pje_topology_deserialize__fails_wrong_plugin),
      cmocka_unit_test(pje_client_topology__ok_is_lent_and_keeps_the_client_once_retained),
      WITH_FAKE("fail=PJRT_Client_TopologyDescription:1:INTERNAL:injected",
                pje_client_topology__fails_the_plugin_refuses),
      cmocka_unit_test(pje_client_topology__fails_wrong_client),
      cmocka_unit_test(pje_topology_plugin__ok_of_three_devices),
      cmocka_unit_test(pje_topology_plugin__fails_wrong_handle),
      cmocka_unit_test(pje_topology_platform_name__ok_of_three_devices),
      cmocka_unit_test(pje_topology_platform_name__fails_wrong_handle),
      cmocka_unit_test(pje_topology_platform_version__ok_of_three_devices),
      cmocka_unit_test(pje_topology_platform_version__fails_wrong_handle),
      cmocka_unit_test(pje_topology_attributes__ok_of_three_devices),
      cmocka_unit_test(pje_topology_attributes__fails_wrong_handle),
      cmocka_unit_test(pje_topology_num_devices__ok_of_three_devices),
      cmocka_unit_test(pje_topology_num_devices__fails_wrong_handle),
      cmocka_unit_test(pje_topology_device__ok_of_three_devices),
      cmocka_unit_test(pje_topology_device__fails_wrong_handle),
      WITH_FAKE("", pje_topology_fingerprint__ok_tells_topologies_apart),
      WITH_FAKE("minor=100", pje_topology_fingerprint__fails_not_in_the_plugin),
      cmocka_unit_test(pje_topology_fingerprint__fails_wrong_handle),
      WITH_FAKE("", pje_topology_memory_kind_ids__ok_at_most_what_fits),
      cmocka_unit_test(pje_topology_memory_kind_ids__fails_nowhere_to_write),
      cmocka_unit_test(pje_topology_memory_kind_ids__fails_wrong_handle),
      WITH_FAKE("", pje_topology_canonical_shape__ok_with_and_without_a_layout),
      WITH_FAKE("minor=116", pje_topology_canonical_shape__fails_what_no_array_has),
      WITH_FAKE("minor=113", pje_topology_canonical_shape__fails_a_dtype_newer_than_the_plugin),
      cmocka_unit_test(pje_topology_canonical_shape__fails_wrong_handle),
      cmocka_unit_test(pje_device_get_description__ok_says_what_the_device_says),
      cmocka_unit_test(pje_device_get_description__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_retain__ok_keeps_its_topology),
      cmocka_unit_test(pje_device_description_retain__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_release__ok_ends_the_client_of_the_last_one),
      cmocka_unit_test(pje_device_description_release__fails_wrong_handle_or_only_lent),
      cmocka_unit_test(pje_device_description_id__ok_of_the_second_device),
      cmocka_unit_test(pje_device_description_id__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_process_index__ok_of_the_second_device),
      cmocka_unit_test(pje_device_description_process_index__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_kind__ok_of_the_second_device),
      cmocka_unit_test(pje_device_description_kind__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_debug_string__ok_of_the_second_device),
      cmocka_unit_test(pje_device_description_debug_string__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_to_string__ok_of_the_second_device),
      cmocka_unit_test(pje_device_description_to_string__fails_wrong_handle),
      cmocka_unit_test(pje_device_description_attributes__ok_of_the_second_device),
      cmocka_unit_test(pje_device_description_attributes__fails_wrong_handle),
      WITH_FAKE("processes=2", pje_device_description_process_index__ok_of_another_process),
  };
  return RUN(topology);
}
