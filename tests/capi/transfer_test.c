/* A transfer manager: what the caller orders itself, range by range. */
#include "transfer_support.h"

static bool is_alive(pje_transfer_manager *manager) { return pje_transfer_manager_num_buffers(manager) == 2; }
RETAIN_RELEASE_TESTS(pje_transfer_manager, make_two(), is_alive)

OK(pje_transfer_manager_create, to_a_memory_with_layouts) {
  pje_layout *columns = NULL;
  expect_ok(pje_layout_create_tiled((const int64_t[]){0, 1}, 2, NULL, NULL, 0, &columns));
  const pje_layout *layouts[] = {NULL, columns};
  pje_transfer_manager *manager = make_transfer_manager(shared_client(), layouts);
  pje_buffer *buffer = retrieve(manager, 1);
  /* The bytes of the device are columns; the host's are rows. */
  expect_ok(pje_transfer_manager_transfer_data(manager, 1, (const float[]){1, 4, 2, 5, 3, 6}, 24, 0, true));
  expect_contents(buffer, kSix, 6);
  pje_transfer_manager_release(manager);
  static const pje_dtype kType[] = {PJE_F32};
  static const size_t kRank[] = {1};
  const int64_t *const dims[] = {kRow};
  pje_memory *memory = pje_client_addressable_memory(shared_client(), 4);
  expect_ok(pje_transfer_manager_create(shared_client(), 1, kType, dims, kRank, NULL, memory, &manager));
  buffer = retrieve(manager, 0);
  assert_ptr_equal(pje_buffer_memory(buffer), memory);
  pje_buffer_release(buffer);
  pje_transfer_manager_release(manager);
  pje_layout_release(columns);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_create, wrong_handle, pje_client, "client",
                     pje_transfer_manager_create(h, 1, (const pje_dtype[]){PJE_F32},
                                                 (const int64_t *const[]){kRow}, (const size_t[]){1}, NULL,
                                                 NULL, &(pje_transfer_manager *){NULL}))
static pje_error *create_of(pje_dtype dtype, const int64_t *dims, size_t rank, pje_memory *memory) {
  pje_transfer_manager *manager = NULL;
  const int64_t *lists[] = {dims};
  pje_error *error =
      pje_transfer_manager_create(shared_client(), 1, &dtype, lists, &rank, NULL, memory, &manager);
  assert_true((error == NULL) == (manager != NULL));
  pje_transfer_manager_release(manager);
  return error;
}
FAILS(pje_transfer_manager_create, bad_arguments) {
  const char *const create = "pje_transfer_manager_create";
  static const int64_t kNegative[] = {-1};
  pje_transfer_manager *manager = NULL;
  expect_ok(create_of(PJE_F32, NULL, 0, NULL));
  expect_invalid(create_of(PJE_TOKEN, NULL, 0, NULL), create, "token");
  expect_invalid(create_of((pje_dtype)77, kRow, 1, NULL), create, "77");
  expect_invalid(create_of(PJE_F32, kNegative, 1, NULL), create, "-1");
  pje_client *other = open_fake(NULL);
  expect_invalid(create_of(PJE_F32, kRow, 1, pje_client_addressable_memory(other, 0)), create,
                 "another client");
  pje_client_release(other);
  static const pje_dtype kType[] = {PJE_F32};
  static const size_t kRank[] = {1};
  const int64_t *const dims[] = {kRow};
  pje_layout *matrix = NULL;
  expect_ok(pje_layout_create_tiled(NULL, 2, NULL, NULL, 0, &matrix));
  const pje_layout *layouts[] = {matrix};
  expect_invalid(pje_transfer_manager_create(shared_client(), 1, kType, dims, kRank, layouts, NULL, &manager),
                 create, "2 dimensions");
  pje_layout_release(matrix);
  expect_invalid(pje_transfer_manager_create(shared_client(), 1, kType, dims, kRank, layouts, NULL, &manager),
                 create, "layouts[0]");
  expect_invalid(pje_transfer_manager_create(shared_client(), 0, kType, dims, kRank, NULL, NULL, &manager),
                 create, "num_buffers");
  expect_invalid(pje_transfer_manager_create(shared_client(), 1, NULL, dims, kRank, NULL, NULL, &manager),
                 create, "dtypes");
  expect_invalid(pje_transfer_manager_create(shared_client(), 1, kType, NULL, kRank, NULL, NULL, &manager),
                 create, "dims");
  expect_invalid(pje_transfer_manager_create(shared_client(), 1, kType, dims, NULL, NULL, NULL, &manager),
                 create, "ranks");
  expect_invalid(pje_transfer_manager_create(shared_client(), 1, kType, dims, kRank, NULL, NULL, NULL),
                 create, "out");
}
FAILS(pje_transfer_manager_create, dtype_or_function_newer_than_the_plugin) {
  expect_error(create_of(PJE_F6E2M3FN, kRow, 1, NULL), PJE_UNIMPLEMENTED, "pje_transfer_manager_create",
               "added in 0.114");
}
FAILS(pje_transfer_manager_create, plugin_has_none) {
  expect_error(create_of(PJE_F32, kRow, 1, NULL), PJE_UNIMPLEMENTED, "pje_transfer_manager_create",
               "added in 0.60");
}
/* What is not complete when the manager goes holds an error. */
OK(pje_transfer_manager_release, unfinished_buffers_are_cancelled) {
  pje_transfer_manager *manager = make_two();
  pje_buffer *whole = retrieve(manager, 0), *half = retrieve(manager, 1);
  expect_ok(pje_transfer_manager_write(manager, 0, kFour, 16, 0));
  expect_ok(pje_transfer_manager_write(manager, 1, kSix, 12, 0));
  pje_transfer_manager_release(manager);
  expect_contents(whole, kFour, 4);
  expect_pending_error(half, PJE_CANCELLED, "released before the buffer was complete");
}
OK(pje_transfer_manager_release, after_the_client_was_closed) {
  pje_client *client = open_fake(NULL);
  pje_transfer_manager *manager = make_transfer_manager(client, NULL);
  size_t size = 0;
  expect_ok(pje_client_close(client, -1));
  expect_error(pje_transfer_manager_buffer_size(manager, 0, &size), PJE_FAILED_PRECONDITION,
               "pje_transfer_manager_buffer_size", "closed");
  expect_error(pje_transfer_manager_write(manager, 0, kFour, 16, 0), PJE_FAILED_PRECONDITION,
               "pje_transfer_manager_write", "closed");
  pje_transfer_manager_release(manager);
  pje_client_release(client);
}

OK(pje_transfer_manager_device, of_the_memory) {
  pje_transfer_manager *manager = make_two();
  assert_ptr_equal(pje_transfer_manager_device(manager), pje_client_addressable_device(shared_client(), 0));
  pje_transfer_manager_release(manager);
}
ANSWERS_WRONG_HANDLE(pje_transfer_manager_device, pje_transfer_manager,
                     assert_null(pje_transfer_manager_device(h)))
OK(pje_transfer_manager_num_buffers, as_created) {
  pje_transfer_manager *manager = make_two();
  assert_int_equal(pje_transfer_manager_num_buffers(manager), 2);
  pje_transfer_manager_release(manager);
}
ANSWERS_WRONG_HANDLE(pje_transfer_manager_num_buffers, pje_transfer_manager,
                     assert_int_equal(pje_transfer_manager_num_buffers(h), 0))

OK(pje_transfer_manager_buffer_size, on_the_device) {
  pje_transfer_manager *manager = make_two();
  size_t size = 0;
  expect_ok(pje_transfer_manager_buffer_size(manager, 1, &size));
  assert_int_equal(size, 24);
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_buffer_size, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_buffer_size(h, 0, &(size_t){0}))
FAILS(pje_transfer_manager_buffer_size, no_such_buffer) {
  pje_transfer_manager *manager = make_two();
  size_t size = 1;
  expect_invalid(pje_transfer_manager_buffer_size(manager, 2, &size), "pje_transfer_manager_buffer_size",
                 "index");
  assert_int_equal(size, 0);
  expect_invalid(pje_transfer_manager_buffer_size(manager, 0, NULL), "pje_transfer_manager_buffer_size",
                 "out");
  pje_transfer_manager_release(manager);
}

OK(pje_transfer_manager_retrieve_buffer, before_its_contents) {
  pje_transfer_manager *manager = make_two();
  pje_buffer *buffer = retrieve(manager, 0), *output = NULL;
  pje_loaded_executable *executable = shared_add1();
  expect_ok(pje_loaded_executable_execute_async(executable, &buffer, 1, NULL, &output, 1, NULL));
  expect_ok(pje_transfer_manager_transfer_data(manager, 0, kFour, 16, 0, true));
  expect_contents(output, (float[]){2, 3, 4, 5}, 4);
  expect_contents(buffer, kFour, 4);
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_retrieve_buffer, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_retrieve_buffer(h, 0, &(pje_buffer *){NULL}))
FAILS(pje_transfer_manager_retrieve_buffer, twice_or_no_such_buffer) {
  pje_transfer_manager *manager = make_two();
  pje_buffer *buffer = retrieve(manager, 0), *again = NULL;
  expect_error(pje_transfer_manager_retrieve_buffer(manager, 0, &again), PJE_FAILED_PRECONDITION,
               "pje_transfer_manager_retrieve_buffer", "retrieved before");
  expect_invalid(pje_transfer_manager_retrieve_buffer(manager, 9, &again),
                 "pje_transfer_manager_retrieve_buffer", "index");
  expect_invalid(pje_transfer_manager_retrieve_buffer(manager, 1, NULL),
                 "pje_transfer_manager_retrieve_buffer", "out");
  pje_buffer_release(buffer);
  pje_transfer_manager_release(manager);
}

OK(pje_transfer_manager_transfer_data, in_two_transfers) {
  pje_transfer_manager *manager = make_two();
  pje_buffer *buffer = retrieve(manager, 0);
  expect_ok(pje_transfer_manager_transfer_data(manager, 0, kFour + 2, 8, 8, false));
  expect_ok(pje_transfer_manager_transfer_data(manager, 0, kFour, 8, 0, true));
  expect_contents(buffer, kFour, 4);
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_transfer_data, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_transfer_data(h, 0, kFour, 16, 0, true))
FAILS(pje_transfer_manager_transfer_data, bad_bounds_or_after_the_last) {
  const char *const transfer = "pje_transfer_manager_transfer_data";
  pje_transfer_manager *manager = make_two();
  expect_invalid(pje_transfer_manager_transfer_data(manager, 0, kFour, 16, 4, true), transfer, "beyond");
  expect_invalid(pje_transfer_manager_transfer_data(manager, 0, kFour, 4, SIZE_MAX, true), transfer,
                 "beyond");
  expect_invalid(pje_transfer_manager_transfer_data(manager, 0, NULL, 4, 0, true), transfer, "data");
  expect_invalid(pje_transfer_manager_transfer_data(manager, 2, kFour, 4, 0, true), transfer, "index");
  expect_error(pje_transfer_manager_transfer_data(manager, 0, kFour, 16, 0, true), PJE_INTERNAL,
               "PJRT_AsyncHostToDeviceTransferManager_TransferData", "injected");
  expect_ok(pje_transfer_manager_transfer_data(manager, 0, kFour, 16, 0, true));
  expect_error(pje_transfer_manager_transfer_data(manager, 0, kFour, 16, 0, true), PJE_FAILED_PRECONDITION,
               transfer, "last transfer");
  expect_error(pje_transfer_manager_transfer_data(manager, 0, kFour, 4, 0, false), PJE_FAILED_PRECONDITION,
               transfer, "last transfer");
  pje_transfer_manager_release(manager);
}

OK(pje_transfer_manager_transfer_data_async, ready_later) {
  pje_transfer_manager *manager = make_two();
  pje_event *done = NULL;
  expect_ok(pje_transfer_manager_transfer_data_async(manager, 0, kFour, 16, 0, true, &done));
  assert_false(pje_event_is_ready(done));
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  expect_contents(retrieve(manager, 0), kFour, 4);
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_transfer_data_async, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_transfer_data_async(h, 0, kFour, 16, 0, true, &(pje_event *){NULL}))
FAILS(pje_transfer_manager_transfer_data_async, late_error) {
  pje_transfer_manager *manager = make_two();
  pje_event *done = NULL;
  pje_buffer *buffer = retrieve(manager, 0);
  expect_invalid(pje_transfer_manager_transfer_data_async(manager, 0, kFour, 16, 0, true, NULL),
                 "pje_transfer_manager_transfer_data_async", "done");
  expect_ok(pje_transfer_manager_transfer_data_async(manager, 0, kFour, 16, 0, true, &done));
  expect_error(pje_event_wait(done), PJE_DATA_LOSS, "PJRT_AsyncHostToDeviceTransferManager_TransferData",
               "lost");
  pje_event_release(done);
  expect_pending_error(buffer, PJE_DATA_LOSS, "lost");
  pje_transfer_manager_release(manager);
}

OK(pje_transfer_manager_transfer_literal, in_rows_and_in_columns) {
  pje_transfer_manager *manager = make_two();
  expect_ok(pje_transfer_manager_transfer_literal(manager, 0, kFour, 16, NULL));
  expect_contents(retrieve(manager, 0), kFour, 4);
  pje_layout *columns = NULL;
  expect_ok(pje_layout_create_tiled((const int64_t[]){0, 1}, 2, NULL, NULL, 0, &columns));
  expect_ok(
      pje_transfer_manager_transfer_literal(manager, 1, (const float[]){1, 4, 2, 5, 3, 6}, 24, columns));
  expect_contents(retrieve(manager, 1), kSix, 6);
  pje_layout_release(columns);
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_transfer_literal, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_transfer_literal(h, 0, kFour, 16, NULL))
FAILS(pje_transfer_manager_transfer_literal, bad_arguments) {
  const char *const transfer = "pje_transfer_manager_transfer_literal";
  pje_transfer_manager *manager = make_two();
  pje_layout *tiled = NULL;
  expect_ok(pje_layout_create_tiled(NULL, 2, (const int64_t[]){2, 2}, (const size_t[]){2}, 1, &tiled));
  expect_invalid(pje_transfer_manager_transfer_literal(manager, 0, kFour, 15, NULL), transfer, "size");
  expect_invalid(pje_transfer_manager_transfer_literal(manager, 0, NULL, 16, NULL), transfer, "data");
  expect_invalid(pje_transfer_manager_transfer_literal(manager, 5, kFour, 16, NULL), transfer, "index");
  expect_invalid(pje_transfer_manager_transfer_literal(manager, 0, kFour, 16, tiled), transfer,
                 "2 dimensions");
  expect_invalid(pje_transfer_manager_transfer_literal(manager, 1, kSix, 24, tiled), transfer, "layout");
  pje_layout_release(tiled);
  expect_invalid(pje_transfer_manager_transfer_literal(manager, 1, kSix, 24, tiled), transfer, "layout");
  expect_ok(pje_transfer_manager_transfer_literal(manager, 0, kFour, 16, NULL));
  expect_error(pje_transfer_manager_transfer_literal(manager, 0, kFour, 16, NULL), PJE_FAILED_PRECONDITION,
               transfer, "last transfer");
  pje_transfer_manager_release(manager);
}
FAILS(pje_transfer_manager_transfer_literal, plugin_too_old) {
  pje_transfer_manager *manager = make_two();
  expect_error(pje_transfer_manager_transfer_literal(manager, 0, kFour, 16, NULL), PJE_UNIMPLEMENTED,
               "pje_transfer_manager_transfer_literal", "added in 0.83");
  expect_ok(pje_transfer_manager_write(manager, 0, kFour, 16, 0));
  expect_contents(retrieve(manager, 0), kFour, 4);
  pje_transfer_manager_release(manager);
}
OK(pje_transfer_manager_transfer_literal_async, ready_later) {
  pje_transfer_manager *manager = make_two();
  pje_event *done = NULL;
  expect_ok(pje_transfer_manager_transfer_literal_async(manager, 0, kFour, 16, NULL, &done));
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  expect_contents(retrieve(manager, 0), kFour, 4);
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_transfer_literal_async, wrong_handle, pje_transfer_manager,
                     "manager",
                     pje_transfer_manager_transfer_literal_async(h, 0, kFour, 16, NULL, &(pje_event *){NULL}))
FAILS(pje_transfer_manager_transfer_literal_async, done_is_null) {
  pje_transfer_manager *manager = make_two();
  expect_invalid(pje_transfer_manager_transfer_literal_async(manager, 0, kFour, 16, NULL, NULL),
                 "pje_transfer_manager_transfer_literal_async", "done");
  pje_transfer_manager_release(manager);
}

OK(pje_transfer_manager_set_buffer_error, the_buffer_holds_it) {
  pje_transfer_manager *manager = make_two();
  pje_error *reason = pje_error_create(PJE_DATA_LOSS, "the file ended early");
  pje_buffer *buffer = retrieve(manager, 0);
  expect_ok(pje_transfer_manager_set_buffer_error(manager, 0, reason));
  pje_error_release(reason);
  expect_pending_error(buffer, PJE_DATA_LOSS, "the file ended early");
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_set_buffer_error, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_set_buffer_error(h, 0, NULL))
FAILS(pje_transfer_manager_set_buffer_error, after_the_last_or_no_error) {
  const char *const set = "pje_transfer_manager_set_buffer_error";
  pje_transfer_manager *manager = make_two();
  pje_error *reason = pje_error_create(PJE_DATA_LOSS, "too late");
  expect_invalid(pje_transfer_manager_set_buffer_error(manager, 0, NULL), set, "reason");
  expect_invalid(pje_transfer_manager_set_buffer_error(manager, 2, reason), set, "index");
  expect_ok(pje_transfer_manager_write(manager, 0, kFour, 16, 0));
  expect_error(pje_transfer_manager_set_buffer_error(manager, 0, reason), PJE_FAILED_PRECONDITION, set,
               "last transfer");
  expect_ok(pje_transfer_manager_set_buffer_error(manager, 1, reason));
  expect_error(pje_transfer_manager_write(manager, 1, kSix, 24, 0), PJE_FAILED_PRECONDITION,
               "pje_transfer_manager_write", "error");
  pje_error_release(reason);
  pje_transfer_manager_release(manager);
}

OK(pje_transfer_manager_add_metadata, two_values) {
  const char *log = temporary_path("metadata.log");
  pje_client *client = open_logging_fake(log);
  pje_transfer_manager *manager = make_two();
  pje_named_values *values = NULL;
  expect_ok(pje_named_values_create(&values));
  expect_ok(pje_named_values_set_string(values, "origin", "a file"));
  expect_ok(pje_named_values_set_string(values, "shard", "3"));
  expect_ok(pje_transfer_manager_add_metadata(manager, values));
  assert_true(file_has(log, "METADATA origin=a file"));
  assert_true(file_has(log, "METADATA shard=3"));
  pje_named_values_release(values);
  pje_transfer_manager_release(manager);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_add_metadata, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_add_metadata(h, NULL))
FAILS(pje_transfer_manager_add_metadata, the_plugin_refuses) {
  pje_transfer_manager *manager = make_two();
  pje_named_values *values = NULL;
  expect_ok(pje_named_values_create(&values));
  expect_invalid(pje_transfer_manager_add_metadata(manager, NULL), "pje_transfer_manager_add_metadata",
                 "values");
  expect_error(pje_transfer_manager_add_metadata(manager, values), PJE_ABORTED,
               "PJRT_AsyncHostToDeviceTransferManager_AddMetadata", "injected");
  expect_ok(pje_named_values_set_int64(values, "shard", 3));
  expect_invalid(pje_transfer_manager_add_metadata(manager, values), "pje_transfer_manager_add_metadata",
                 "\"shard\" is int64");
  pje_named_values_release(values);
  pje_transfer_manager_release(manager);
}

int main(void) {
  const struct CMUnitTest transfer[] = {
      RETAIN_RELEASE_LIST(pje_transfer_manager),
      cmocka_unit_test(pje_transfer_manager_create__ok_to_a_memory_with_layouts),
      cmocka_unit_test(pje_transfer_manager_create__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_create__fails_bad_arguments),
      WITH_FAKE("minor=113", pje_transfer_manager_create__fails_dtype_or_function_newer_than_the_plugin),
      WITH_FAKE("minor=59", pje_transfer_manager_create__fails_plugin_has_none),
      cmocka_unit_test(pje_transfer_manager_release__ok_unfinished_buffers_are_cancelled),
      cmocka_unit_test(pje_transfer_manager_release__ok_after_the_client_was_closed),
      cmocka_unit_test(pje_transfer_manager_device__ok_of_the_memory),
      cmocka_unit_test(pje_transfer_manager_device__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_num_buffers__ok_as_created),
      cmocka_unit_test(pje_transfer_manager_num_buffers__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_buffer_size__ok_on_the_device),
      cmocka_unit_test(pje_transfer_manager_buffer_size__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_buffer_size__fails_no_such_buffer),
      cmocka_unit_test(pje_transfer_manager_retrieve_buffer__ok_before_its_contents),
      cmocka_unit_test(pje_transfer_manager_retrieve_buffer__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_retrieve_buffer__fails_twice_or_no_such_buffer),
      cmocka_unit_test(pje_transfer_manager_transfer_data__ok_in_two_transfers),
      cmocka_unit_test(pje_transfer_manager_transfer_data__fails_wrong_handle),
      WITH_FAKE("fail=" TRANSFER_DATA ":1:INTERNAL",
                pje_transfer_manager_transfer_data__fails_bad_bounds_or_after_the_last),
      WITH_FAKE("delay=" TRANSFER_DATA ":100ms", pje_transfer_manager_transfer_data_async__ok_ready_later),
      cmocka_unit_test(pje_transfer_manager_transfer_data_async__fails_wrong_handle),
      WITH_FAKE("late_error=" TRANSFER_DATA ":DATA_LOSS:lost",
                pje_transfer_manager_transfer_data_async__fails_late_error),
      cmocka_unit_test(pje_transfer_manager_transfer_literal__ok_in_rows_and_in_columns),
      cmocka_unit_test(pje_transfer_manager_transfer_literal__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_transfer_literal__fails_bad_arguments),
      WITH_FAKE("minor=82", pje_transfer_manager_transfer_literal__fails_plugin_too_old),
      cmocka_unit_test(pje_transfer_manager_transfer_literal_async__ok_ready_later),
      cmocka_unit_test(pje_transfer_manager_transfer_literal_async__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_transfer_literal_async__fails_done_is_null),
      cmocka_unit_test(pje_transfer_manager_set_buffer_error__ok_the_buffer_holds_it),
      cmocka_unit_test(pje_transfer_manager_set_buffer_error__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_set_buffer_error__fails_after_the_last_or_no_error),
      cmocka_unit_test(pje_transfer_manager_add_metadata__ok_two_values),
      cmocka_unit_test(pje_transfer_manager_add_metadata__fails_wrong_handle),
      WITH_FAKE("fail=PJRT_AsyncHostToDeviceTransferManager_AddMetadata:1:ABORTED",
                pje_transfer_manager_add_metadata__fails_the_plugin_refuses),
  };
  return RUN(transfer);
}
