#include "harness.h"

static const int64_t kIds[6] = {5, 0, 3, 1, 4, 2};

static pje_device_assignment *make(void) {
  pje_device_assignment *assignment = NULL;
  expect_ok(pje_device_assignment_create(3, 2, kIds, 6, &assignment));
  return assignment;
}
static bool is_alive(pje_device_assignment *assignment) {
  return pje_device_assignment_num_replicas(assignment) == 3;
}
RETAIN_RELEASE_TESTS(pje_device_assignment, make(), is_alive)

OK(pje_device_assignment_create, copies_the_ids) {
  int64_t ids[6];
  memcpy(ids, kIds, sizeof ids);
  pje_device_assignment *assignment = NULL;
  expect_ok(pje_device_assignment_create(3, 2, ids, 6, &assignment));
  memset(ids, 0, sizeof ids);
  assert_memory_equal(pje_device_assignment_device_ids(assignment), kIds, sizeof kIds);
  pje_device_assignment_release(assignment);
}
FAILS(pje_device_assignment_create, what_is_no_assignment) {
  static const struct {
    int64_t replicas, partitions, ids[6];
    size_t count;
    const char *part;
  } kBad[] = {{3, 2, {5, 0, 3, 1, 4, 5}, 6, "device id 5 stands there twice"},
              {3, 2, {5, 0, 3, 1, 4, -2}, 6, "device id -2"},
              {3, 3, {5, 0, 3, 1, 4, 2}, 6, "6 device ids for num_replicas 3 and num_partitions 3"},
              {0, 2, {0}, 0, "num_replicas 0"},
              {2, -3, {5, 0, 3, 1, 4, 2}, 6, "num_partitions -3"},
              {-2, -3, {5, 0, 3, 1, 4, 2}, 6, "num_replicas -2"},
              {INT64_MAX, INT64_MAX, {5}, 1, "num_replicas"}};
  for (size_t i = 0; i < COUNT(kBad); ++i) {
    pje_device_assignment *assignment = (pje_device_assignment *)&assignment;
    expect_invalid(pje_device_assignment_create(kBad[i].replicas, kBad[i].partitions, kBad[i].ids,
                                                kBad[i].count, &assignment),
                   "pje_device_assignment_create", kBad[i].part);
    assert_null(assignment);
  }
  pje_device_assignment *assignment = NULL;
  expect_invalid(pje_device_assignment_create(1, 1, NULL, 1, &assignment), "pje_device_assignment_create",
                 "device_ids");
  expect_invalid(pje_device_assignment_create(1, 1, kIds, 1, NULL), "pje_device_assignment_create", "out");
}

OK(pje_client_default_device_assignment, of_two_replicas_and_partitions) {
  static const int64_t kExpected[4] = {0, 2, 1, 3};
  pje_device_assignment *assignment = NULL;
  expect_ok(pje_client_default_device_assignment(shared_client(), 2, 2, &assignment));
  assert_int_equal(pje_device_assignment_num_replicas(assignment), 2);
  assert_int_equal(pje_device_assignment_num_partitions(assignment), 2);
  assert_memory_equal(pje_device_assignment_device_ids(assignment), kExpected, sizeof kExpected);
  pje_device_assignment_release(assignment);
}
FAILS(pje_client_default_device_assignment, more_places_than_devices) {
  static const int64_t kBad[][2] = {{2, 4}, {5, 1}, {1, 5}, {0, 1}, {1, 0}, {-1, -1}, {INT64_MAX, INT64_MAX}};
  for (size_t i = 0; i < COUNT(kBad); ++i) {
    pje_device_assignment *assignment = NULL;
    expect_invalid(pje_client_default_device_assignment(shared_client(), kBad[i][0], kBad[i][1], &assignment),
                   "pje_client_default_device_assignment", "number of the client's devices");
    assert_null(assignment);
  }
}
REFUSES_WRONG_HANDLE(pje_client_default_device_assignment, wrong_client, pje_client, "client",
                     pje_client_default_device_assignment(h, 1, 1, &(pje_device_assignment *){NULL}))

OK(pje_device_assignment_serialize, is_read_back_the_same) {
  pje_device_assignment *assignment = make(), *copy = NULL;
  pje_bytes *bytes = NULL;
  expect_ok(pje_device_assignment_serialize(assignment, &bytes));
  /* replica_count 3, computation_count 2, one list of replicas for each of two partitions. */
  static const unsigned char kBytes[] = {8, 3, 16, 2, 26, 5, 10, 3, 5, 3, 4, 26, 5, 10, 3, 0, 1, 2};
  assert_int_equal(pje_bytes_size(bytes), sizeof kBytes);
  assert_memory_equal(pje_bytes_data(bytes), kBytes, sizeof kBytes);
  expect_ok(pje_device_assignment_from_bytes(pje_bytes_data(bytes), pje_bytes_size(bytes), &copy));
  assert_memory_equal(pje_device_assignment_device_ids(copy), kIds, sizeof kIds);
  pje_bytes_release(bytes);
  pje_device_assignment_release(copy);
  pje_device_assignment_release(assignment);
}
REFUSES_WRONG_HANDLE(pje_device_assignment_serialize, wrong_handle, pje_device_assignment, "assignment",
                     pje_device_assignment_serialize(h, &(pje_bytes *){NULL}))

OK(pje_device_assignment_from_bytes, unpacked_numbers) {
  static const unsigned char kBytes[] = {8, 1, 16, 2, 26, 2, 8, 7, 26, 2, 8, 9};
  pje_device_assignment *assignment = NULL;
  expect_ok(pje_device_assignment_from_bytes(kBytes, sizeof kBytes, &assignment));
  assert_int_equal(pje_device_assignment_device_id(assignment, 0, 0), 7);
  assert_int_equal(pje_device_assignment_device_id(assignment, 0, 1), 9);
  pje_device_assignment_release(assignment);
}
FAILS(pje_device_assignment_from_bytes, bytes_that_are_none) {
  static const unsigned char kBytes[] = {8, 3, 16, 2, 26, 5, 10, 3, 5, 3, 4, 26, 5, 10, 3, 0, 1, 2};
  /* Cut anywhere, it is a broken message or one whose lists do not fit. */
  for (size_t size = 0; size < sizeof kBytes; ++size) {
    pje_device_assignment *assignment = NULL;
    expect_invalid(pje_device_assignment_from_bytes(kBytes, size, &assignment),
                   "pje_device_assignment_from_bytes", "");
    assert_null(assignment);
  }
  static const unsigned char kTwice[] = {8, 2, 16, 1, 26, 4, 10, 2, 5, 5};
  expect_invalid(pje_device_assignment_from_bytes(kTwice, sizeof kTwice, &(pje_device_assignment *){NULL}),
                 "pje_device_assignment_from_bytes", "twice");
  expect_invalid(pje_device_assignment_from_bytes(NULL, 4, &(pje_device_assignment *){NULL}),
                 "pje_device_assignment_from_bytes", "data");
}

#define ACCESSOR(function, check, wrong) \
  OK(function, of_three_times_two) {     \
    pje_device_assignment *a = make();   \
    assert_true(check);                  \
    pje_device_assignment_release(a);    \
  }                                      \
  ANSWERS_WRONG_HANDLE(function, pje_device_assignment, wrong)
ACCESSOR(pje_device_assignment_num_replicas, pje_device_assignment_num_replicas(a) == 3,
         assert_int_equal(pje_device_assignment_num_replicas(h), 0))
ACCESSOR(pje_device_assignment_num_partitions, pje_device_assignment_num_partitions(a) == 2,
         assert_int_equal(pje_device_assignment_num_partitions(h), 0))
ACCESSOR(pje_device_assignment_device_ids, pje_device_assignment_device_ids(a)[5] == 2,
         assert_null(pje_device_assignment_device_ids(h)))
ACCESSOR(pje_device_assignment_device_id,
         pje_device_assignment_device_id(a, 1, 0) == 3 && pje_device_assignment_device_id(a, 2, 1) == 2 &&
             pje_device_assignment_device_id(a, 0, 2) == -1 &&
             pje_device_assignment_device_id(a, 3, 0) == -1 &&
             pje_device_assignment_device_id(a, -1, 0) == -1 &&
             pje_device_assignment_device_id(a, 1, -1) == -1,
         assert_int_equal(pje_device_assignment_device_id(h, 0, 0), -1))

OK(pje_device_assignment_find, every_device) {
  pje_device_assignment *assignment = make();
  for (int64_t i = 0; i < 6; ++i) {
    int64_t replica = -1, partition = -1;
    assert_true(pje_device_assignment_find(assignment, kIds[i], &replica, &partition));
    assert_int_equal(replica, i / 2);
    assert_int_equal(partition, i % 2);
  }
  assert_true(pje_device_assignment_find(assignment, 5, NULL, NULL));
  int64_t untouched = 77;
  assert_false(pje_device_assignment_find(assignment, 6, &untouched, &untouched));
  assert_int_equal(untouched, 77);
  pje_device_assignment_release(assignment);
}
ANSWERS_WRONG_HANDLE(pje_device_assignment_find, pje_device_assignment,
                     assert_false(pje_device_assignment_find(h, 0, NULL, NULL)))

static pje_compile_options *options_with(int64_t replicas, int64_t partitions, const int64_t *ids) {
  pje_compile_options *options = NULL;
  pje_device_assignment *assignment = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(
      pje_device_assignment_create(replicas, partitions, ids, (size_t)(replicas * partitions), &assignment));
  expect_ok(pje_compile_options_set_assignment(options, assignment));
  pje_device_assignment_release(assignment);
  return options;
}

OK(pje_compile_options_set_assignment, sets_the_counts_too) {
  pje_compile_options *options = options_with(3, 2, kIds);
  assert_int_equal(pje_compile_options_get_num_replicas(options), 3);
  assert_int_equal(pje_compile_options_get_num_partitions(options), 2);
  pje_compile_options_release(options);
}
REFUSES_WRONG_HANDLE(pje_compile_options_set_assignment, wrong_options, pje_compile_options, "options",
                     pje_compile_options_set_assignment(h, NULL))
FAILS(pje_compile_options_set_assignment, wrong_assignment) {
  pje_compile_options *options = NULL;
  expect_ok(pje_compile_options_create(&options));
  FOR_WRONG_HANDLES(pje_device_assignment, h) {
    expect_invalid(pje_compile_options_set_assignment(options, h), "pje_compile_options_set_assignment",
                   "assignment");
  }
  pje_compile_options_release(options);
}

OK(pje_compile_options_get_assignment, what_was_set) {
  pje_compile_options *options = options_with(3, 2, kIds);
  pje_device_assignment *assignment = NULL;
  expect_ok(pje_compile_options_get_assignment(options, &assignment));
  pje_compile_options_release(options);
  assert_memory_equal(pje_device_assignment_device_ids(assignment), kIds, sizeof kIds);
  pje_device_assignment_release(assignment);
}
FAILS(pje_compile_options_get_assignment, none_is_set) {
  pje_compile_options *options = NULL;
  pje_device_assignment *assignment = (pje_device_assignment *)&options;
  expect_ok(pje_compile_options_create(&options));
  expect_error(pje_compile_options_get_assignment(options, &assignment), PJE_NOT_FOUND,
               "pje_compile_options_get_assignment", "not set");
  assert_null(assignment);
  pje_compile_options_release(options);
}

static pje_loaded_executable *compile_on(const int64_t *ids) {
  pje_compile_options *options = options_with(4, 1, ids);
  pje_program *program = program_from_text(kAllReduce);
  pje_loaded_executable *executable = NULL;
  expect_ok(pje_client_compile(shared_client(), program, options, &executable));
  pje_program_release(program);
  pje_compile_options_release(options);
  return executable;
}

static const int64_t kOrder[4] = {2, 0, 3, 1};

OK(pje_loaded_executable_device_assignment, what_the_options_said) {
  pje_loaded_executable *executable = compile_on(kOrder);
  pje_device_assignment *assignment = NULL;
  expect_ok(pje_loaded_executable_device_assignment(executable, &assignment));
  pje_loaded_executable_release(executable);
  assert_int_equal(pje_device_assignment_num_replicas(assignment), 4);
  assert_int_equal(pje_device_assignment_num_partitions(assignment), 1);
  assert_memory_equal(pje_device_assignment_device_ids(assignment), kOrder, sizeof kOrder);
  pje_device_assignment_release(assignment);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_device_assignment, wrong_handle, pje_loaded_executable,
                     "executable",
                     pje_loaded_executable_device_assignment(h, &(pje_device_assignment *){NULL}))
FAILS(pje_loaded_executable_device_assignment, not_in_the_plugin) {
  pje_loaded_executable *executable = shared_add1();
  expect_error(pje_loaded_executable_device_assignment(executable, &(pje_device_assignment *){NULL}),
               PJE_UNIMPLEMENTED, "pje_loaded_executable_device_assignment", "added in 0.79");
}

static void expect_order(void) {
  pje_loaded_executable *executable = compile_on(kOrder);
  for (size_t i = 0; i < 4; ++i) {
    int64_t replica = -1, partition = -1;
    expect_ok(pje_loaded_executable_logical_ids(executable, i, &replica, &partition));
    assert_int_equal(partition, 0);
    assert_int_equal(pje_device_id(pje_loaded_executable_addressable_device(executable, i)), kOrder[replica]);
  }
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_logical_ids, of_every_device) { expect_order(); }
OK(pje_loaded_executable_logical_ids, from_the_assignment_of_an_old_plugin) { expect_order(); }
OK(pje_loaded_executable_logical_ids, of_two_partitions) {
  pje_program *program = program_from_text(kNothing);
  pje_compile_options *options = NULL;
  pje_loaded_executable *executable = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_set_num_replicas(options, 2));
  expect_ok(pje_compile_options_set_num_partitions(options, 2));
  expect_ok(pje_compile_options_set_use_spmd_partitioning(options, true));
  expect_ok(pje_client_compile(shared_client(), program, options, &executable));
  bool seen[2][2] = {{false}};
  for (size_t i = 0; i < 4; ++i) {
    int64_t replica = -1, partition = -1;
    expect_ok(pje_loaded_executable_logical_ids(executable, i, &replica, &partition));
    assert_in_range(replica, 0, 1);
    assert_in_range(partition, 0, 1);
    assert_false(seen[replica][partition]);
    seen[replica][partition] = true;
  }
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
  pje_program_release(program);
}
FAILS(pje_loaded_executable_logical_ids, no_such_device) {
  int64_t replica = 7, partition = 7;
  expect_error(pje_loaded_executable_logical_ids(shared_add1(), 1, &replica, &partition), PJE_OUT_OF_RANGE,
               "pje_loaded_executable_logical_ids", "1 addressable devices");
  assert_int_equal(replica, 0);
  expect_invalid(pje_loaded_executable_logical_ids(shared_add1(), 0, NULL, &partition),
                 "pje_loaded_executable_logical_ids", "replica");
}
FAILS(pje_loaded_executable_logical_ids, the_plugin_refuses) {
  int64_t replica, partition;
  expect_error(pje_loaded_executable_logical_ids(shared_add1(), 0, &replica, &partition), PJE_INTERNAL,
               "PJRT_LoadedExecutable_AddressableDeviceLogicalIds", "injected");
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_logical_ids, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_logical_ids(h, 0, &(int64_t){0}, &(int64_t){0}))

int main(void) {
  const struct CMUnitTest device_assignment[] = {
      RETAIN_RELEASE_LIST(pje_device_assignment),
      cmocka_unit_test(pje_device_assignment_create__ok_copies_the_ids),
      cmocka_unit_test(pje_device_assignment_create__fails_what_is_no_assignment),
      cmocka_unit_test(pje_client_default_device_assignment__ok_of_two_replicas_and_partitions),
      cmocka_unit_test(pje_client_default_device_assignment__fails_more_places_than_devices),
      cmocka_unit_test(pje_client_default_device_assignment__fails_wrong_client),
      cmocka_unit_test(pje_device_assignment_serialize__ok_is_read_back_the_same),
      cmocka_unit_test(pje_device_assignment_serialize__fails_wrong_handle),
      cmocka_unit_test(pje_device_assignment_from_bytes__ok_unpacked_numbers),
      cmocka_unit_test(pje_device_assignment_from_bytes__fails_bytes_that_are_none),
      cmocka_unit_test(pje_device_assignment_num_replicas__ok_of_three_times_two),
      cmocka_unit_test(pje_device_assignment_num_replicas__fails_wrong_handle),
      cmocka_unit_test(pje_device_assignment_num_partitions__ok_of_three_times_two),
      cmocka_unit_test(pje_device_assignment_num_partitions__fails_wrong_handle),
      cmocka_unit_test(pje_device_assignment_device_ids__ok_of_three_times_two),
      cmocka_unit_test(pje_device_assignment_device_ids__fails_wrong_handle),
      cmocka_unit_test(pje_device_assignment_device_id__ok_of_three_times_two),
      cmocka_unit_test(pje_device_assignment_device_id__fails_wrong_handle),
      cmocka_unit_test(pje_device_assignment_find__ok_every_device),
      cmocka_unit_test(pje_device_assignment_find__fails_wrong_handle),
      cmocka_unit_test(pje_compile_options_set_assignment__ok_sets_the_counts_too),
      cmocka_unit_test(pje_compile_options_set_assignment__fails_wrong_options),
      cmocka_unit_test(pje_compile_options_set_assignment__fails_wrong_assignment),
      cmocka_unit_test(pje_compile_options_get_assignment__ok_what_was_set),
      cmocka_unit_test(pje_compile_options_get_assignment__fails_none_is_set),
      WITH_FAKE("", pje_loaded_executable_device_assignment__ok_what_the_options_said),
      cmocka_unit_test(pje_loaded_executable_device_assignment__fails_wrong_handle),
      WITH_FAKE("minor=78", pje_loaded_executable_device_assignment__fails_not_in_the_plugin),
      WITH_FAKE("", pje_loaded_executable_logical_ids__ok_of_every_device),
      WITH_FAKE("minor=95", pje_loaded_executable_logical_ids__ok_from_the_assignment_of_an_old_plugin),
      cmocka_unit_test(pje_loaded_executable_logical_ids__ok_of_two_partitions),
      cmocka_unit_test(pje_loaded_executable_logical_ids__fails_no_such_device),
      WITH_FAKE("minor=116;fail=PJRT_LoadedExecutable_AddressableDeviceLogicalIds:1:INTERNAL:injected",
                pje_loaded_executable_logical_ids__fails_the_plugin_refuses),
      cmocka_unit_test(pje_loaded_executable_logical_ids__fails_wrong_handle),
  };
  return RUN(device_assignment);
}
