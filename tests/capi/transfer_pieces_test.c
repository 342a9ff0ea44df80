/* Transfers whose last piece and order the library knows: writes in any order, and whole arrays at once. */
#include <pthread.h>

#include "transfer_support.h"

static void expect_progress(pje_transfer_manager *manager, size_t index, size_t done, size_t total) {
  size_t bytes_done = 1, bytes_total = 1;
  for (int i = 0; i < 2000; ++i) {
    expect_ok(pje_transfer_manager_progress(manager, index, &bytes_done, &bytes_total));
    if (bytes_done == done) break;
    sleep_ms(1);
  }
  assert_int_equal(bytes_done, done);
  assert_int_equal(bytes_total, total);
}
static void write_in_three(void) {
  pje_transfer_manager *manager = make_two();
  pje_buffer *buffer = retrieve(manager, 1);
  expect_ok(pje_transfer_manager_write(manager, 1, kSix + 4, 8, 16));
  expect_ok(pje_transfer_manager_write(manager, 1, kSix, 8, 0));
  assert_false(pje_buffer_is_deleted(buffer));
  expect_ok(pje_transfer_manager_write(manager, 1, kSix + 2, 8, 8));
  expect_progress(manager, 1, 24, 24);
  expect_contents(buffer, kSix, 6);
  pje_transfer_manager_release(manager);
}
OK(pje_transfer_manager_write, in_any_order) { write_in_three(); }
/* The device keeps another order: the pieces go together. */
OK(pje_transfer_manager_write, to_columns) {
  pje_layout *columns = NULL;
  expect_ok(pje_layout_create_tiled((const int64_t[]){0, 1}, 2, NULL, NULL, 0, &columns));
  const pje_layout *layouts[] = {NULL, columns};
  pje_transfer_manager *manager = make_transfer_manager(shared_client(), layouts);
  expect_ok(pje_transfer_manager_write(manager, 1, kSix + 3, 12, 12));
  expect_progress(manager, 1, 0, 24);
  expect_ok(pje_transfer_manager_write(manager, 1, kSix, 12, 0));
  expect_progress(manager, 1, 24, 24);
  expect_contents(retrieve(manager, 1), kSix, 6);
  pje_layout_release(columns);
  pje_transfer_manager_release(manager);
}
/* One element a byte on the host, two in a byte on the device. */
OK(pje_transfer_manager_write, of_narrow_elements) {
  static const pje_dtype kTypes[] = {PJE_S4, PJE_F32};
  static const int64_t kSome[] = {5}, kNone[] = {0};
  const int64_t *const dims[] = {kSome, kNone};
  static const size_t kRanks[] = {1, 1};
  static const signed char kValues[] = {1, -2, 3, -4, 5};
  pje_transfer_manager *manager = NULL;
  signed char got[5] = {0};
  expect_ok(pje_transfer_manager_create(shared_client(), 2, kTypes, dims, kRanks, NULL, NULL, &manager));
  expect_ok(pje_transfer_manager_write(manager, 0, kValues, 3, 0));
  expect_ok(pje_transfer_manager_write(manager, 0, kValues + 3, 2, 3));
  pje_buffer *buffer = retrieve(manager, 0);
  expect_ok(pje_buffer_to_host(buffer, got, 5));
  for (size_t i = 0; i < 5; ++i) assert_int_equal(got[i] & 15, kValues[i] & 15);
  pje_buffer_release(buffer);
  expect_ok(pje_transfer_manager_write(manager, 1, NULL, 0, 0));
  buffer = retrieve(manager, 1);
  expect_ok(pje_buffer_to_host(buffer, NULL, 0));
  pje_buffer_release(buffer);
  pje_transfer_manager_release(manager);
}
struct writer {
  pje_transfer_manager *manager;
  const char *data;
  size_t offset;
};
static void *write_some(void *user_data) {
  struct writer *writer = user_data;
  for (size_t at = writer->offset; at < 4096; at += 4 * 64)
    expect_ok(pje_transfer_manager_write(writer->manager, 0, writer->data + at, 64, at));
  return NULL;
}
OK(pje_transfer_manager_write, from_four_threads) {
  static const pje_dtype kType[] = {PJE_U8};
  static const int64_t kMany[] = {4096};
  static const size_t kRank[] = {1};
  const int64_t *const dims[] = {kMany};
  char data[4096], got[4096];
  for (int round = 0; round < 20; ++round) {
    pje_transfer_manager *manager = NULL;
    pthread_t threads[4];
    struct writer writers[4];
    for (size_t i = 0; i < sizeof data; ++i) data[i] = (char)(7 * i + (size_t)round);
    expect_ok(pje_transfer_manager_create(shared_client(), 1, kType, dims, kRank, NULL, NULL, &manager));
    /* A plugin too old for it fails here, not in a thread. */
    expect_ok(pje_transfer_manager_buffer_size(manager, 0, &(size_t){0}));
    for (size_t t = 0; t < 4; ++t) {
      writers[t] = (struct writer){manager, data, 64 * t};
      pthread_create(&threads[t], NULL, write_some, &writers[t]);
    }
    pje_buffer *buffer = retrieve(manager, 0);
    for (size_t t = 0; t < 4; ++t) pthread_join(threads[t], NULL);
    expect_ok(pje_buffer_to_host(buffer, got, sizeof got));
    assert_memory_equal(got, data, sizeof data);
    pje_buffer_release(buffer);
    pje_transfer_manager_release(manager);
  }
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_write, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_write(h, 0, kFour, 16, 0))
FAILS(pje_transfer_manager_write, bad_bounds_or_twice) {
  const char *const write = "pje_transfer_manager_write";
  pje_transfer_manager *manager = make_two();
  expect_invalid(pje_transfer_manager_write(manager, 1, kSix, 24, 4), write, "beyond");
  expect_invalid(pje_transfer_manager_write(manager, 1, kSix, 4, SIZE_MAX - 1), write, "beyond");
  expect_invalid(pje_transfer_manager_write(manager, 1, NULL, 4, 0), write, "data");
  expect_invalid(pje_transfer_manager_write(manager, 1, kSix, 0, 0), write, "size");
  expect_invalid(pje_transfer_manager_write(manager, 2, kSix, 4, 0), write, "index");
  expect_ok(pje_transfer_manager_write(manager, 1, kSix + 2, 8, 8));
  expect_invalid(pje_transfer_manager_write(manager, 1, kSix, 12, 0), write, "written before");
  expect_invalid(pje_transfer_manager_write(manager, 1, kSix + 3, 4, 12), write, "written before");
  expect_invalid(pje_transfer_manager_write(manager, 1, kSix, 24, 0), write, "written before");
  expect_ok(pje_transfer_manager_write(manager, 1, kSix, 8, 0));
  expect_ok(pje_transfer_manager_write(manager, 1, kSix + 4, 8, 16));
  expect_error(pje_transfer_manager_write(manager, 1, kSix, 4, 0), PJE_FAILED_PRECONDITION, write,
               "complete");
  pje_transfer_manager_release(manager);
}
/* A piece that the plugin refused may be written again, and is then the last. */
FAILS(pje_transfer_manager_write, refused_once) {
  pje_transfer_manager *manager = make_two();
  expect_ok(pje_transfer_manager_write(manager, 0, kFour, 8, 0));
  expect_error(pje_transfer_manager_write(manager, 0, kFour + 2, 8, 8), PJE_UNAVAILABLE,
               "PJRT_AsyncHostToDeviceTransferManager_TransferData", "injected");
  expect_ok(pje_transfer_manager_write(manager, 0, kFour + 2, 8, 8));
  expect_contents(retrieve(manager, 0), kFour, 4);
  pje_transfer_manager_release(manager);
}
OK(pje_transfer_manager_write_async, ready_later) {
  pje_transfer_manager *manager = make_two();
  pje_event *done[2] = {NULL, NULL};
  expect_ok(pje_transfer_manager_write_async(manager, 0, kFour, 8, 0, &done[0]));
  expect_ok(pje_transfer_manager_write_async(manager, 0, kFour + 2, 8, 8, &done[1]));
  expect_progress(manager, 0, 16, 16);
  for (size_t i = 0; i < 2; ++i) {
    expect_ok(pje_event_wait(done[i]));
    pje_event_release(done[i]);
  }
  expect_contents(retrieve(manager, 0), kFour, 4);
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_write_async, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_write_async(h, 0, kFour, 16, 0, &(pje_event *){NULL}))
FAILS(pje_transfer_manager_write_async, done_is_null) {
  pje_transfer_manager *manager = make_two();
  expect_invalid(pje_transfer_manager_write_async(manager, 0, kFour, 16, 0, NULL),
                 "pje_transfer_manager_write_async", "done");
  pje_transfer_manager_release(manager);
}
OK(pje_transfer_manager_progress, counts_what_arrived) {
  pje_transfer_manager *manager = make_two();
  expect_progress(manager, 0, 0, 16);
  expect_ok(pje_transfer_manager_write(manager, 0, kFour, 8, 0));
  expect_progress(manager, 0, 8, 16);
  pje_transfer_manager_release(manager);
}
REFUSES_WRONG_HANDLE(pje_transfer_manager_progress, wrong_handle, pje_transfer_manager, "manager",
                     pje_transfer_manager_progress(h, 0, &(size_t){0}, &(size_t){0}))
FAILS(pje_transfer_manager_progress, no_such_buffer) {
  pje_transfer_manager *manager = make_two();
  size_t done, total;
  expect_invalid(pje_transfer_manager_progress(manager, 2, &done, &total), "pje_transfer_manager_progress",
                 "index");
  expect_invalid(pje_transfer_manager_progress(manager, 0, NULL, &total), "pje_transfer_manager_progress",
                 "bytes_done");
  expect_invalid(pje_transfer_manager_progress(manager, 0, &done, NULL), "pje_transfer_manager_progress",
                 "bytes_total");
  pje_transfer_manager_release(manager);
}

struct watched {
  int calls;
  uint64_t last;
  bool backwards;
  pje_transfer_state state;
};
static void watch(void *user_data, const pje_transfer_state *state) {
  struct watched *watched = user_data;
  watched->calls += 1;
  watched->backwards |= state->bytes_done < watched->last;
  watched->last = state->bytes_done;
  watched->state = *state;
}
static void expect_moved(pje_buffer **buffers, const struct watched *watched) {
  expect_contents(buffers[0], kFour, 4);
  expect_contents(buffers[1], kSix, 6);
  assert_int_equal(watched->calls, 5);
  assert_false(watched->backwards);
  assert_true(watched->state.bytes_done == 40 && watched->state.bytes_total == 40);
  assert_true(watched->state.buffers_done == 2 && watched->state.num_buffers == 2);
  assert_true(watched->state.bytes_per_second > 0);
}
static void make_arrays(pje_array **arrays) {
  arrays[0] = array_f32(kFour, 4);
  arrays[1] = array_f32(kSix, 6);
}
static void release_arrays(pje_array **arrays) {
  pje_array_release(arrays[0]);
  pje_array_release(arrays[1]);
}
OK(pje_client_transfer_all, two_arrays_in_pieces) {
  struct watched watched = {.calls = 0};
  pje_array *arrays[2];
  pje_buffer *buffers[2] = {NULL, NULL};
  make_arrays(arrays);
  pje_transfer_options options = PJE_TRANSFER_OPTIONS_INIT;
  options.device = pje_client_device(shared_client(), 1);
  options.piece_size = 8;
  options.progress = watch;
  options.progress_data = &watched;
  expect_ok(pje_client_transfer_all(shared_client(), arrays, 2, &options, buffers));
  assert_ptr_equal(pje_buffer_device(buffers[1]), options.device);
  expect_moved(buffers, &watched);
  expect_ok(pje_client_transfer_all(shared_client(), arrays, 2, NULL, buffers));
  expect_contents(buffers[0], kFour, 4);
  expect_contents(buffers[1], kSix, 6);
  release_arrays(arrays);
}
REFUSES_WRONG_HANDLE(pje_client_transfer_all, wrong_handle, pje_client, "client",
                     pje_client_transfer_all(h, &(pje_array *){NULL}, 1, NULL, &(pje_buffer *){NULL}))
FAILS(pje_client_transfer_all, bad_arguments) {
  const char *const all = "pje_client_transfer_all";
  pje_array *arrays[2];
  pje_buffer *buffers[2] = {NULL, NULL};
  pje_transfer_options options = PJE_TRANSFER_OPTIONS_INIT;
  make_arrays(arrays);
  expect_invalid(pje_client_transfer_all(shared_client(), NULL, 2, NULL, buffers), all, "arrays");
  expect_invalid(pje_client_transfer_all(shared_client(), arrays, 0, NULL, buffers), all, "num_arrays");
  expect_invalid(pje_client_transfer_all(shared_client(), arrays, 2, NULL, NULL), all, "buffers");
  pje_client *other = open_fake(NULL);
  options.device = pje_client_device(other, 0);
  expect_invalid(pje_client_transfer_all(shared_client(), arrays, 2, &options, buffers), all,
                 "another client");
  pje_client_release(other);
  options.device = pje_client_device(shared_client(), 0);
  options.memory = pje_client_addressable_memory(shared_client(), 0);
  expect_invalid(pje_client_transfer_all(shared_client(), arrays, 2, &options, buffers), all, "at most one");
  options = (pje_transfer_options)PJE_TRANSFER_OPTIONS_INIT;
  options.flags = 1;
  expect_error(pje_client_transfer_all(shared_client(), arrays, 2, &options, buffers), PJE_UNIMPLEMENTED, all,
               "flags");
  pje_array *released = arrays[1];
  pje_array_release(arrays[1]);
  expect_invalid(pje_client_transfer_all(shared_client(), arrays, 2, NULL, buffers), all, "arrays[1]");
  arrays[1] = NULL;
  (void)released;
  release_arrays(arrays);
}
FAILS(pje_client_transfer_all, piece_is_lost) {
  pje_array *arrays[2];
  pje_buffer *buffers[2] = {NULL, NULL};
  make_arrays(arrays);
  expect_error(pje_client_transfer_all(shared_client(), arrays, 2, NULL, buffers), PJE_DATA_LOSS,
               "PJRT_AsyncHostToDeviceTransferManager_TransferData", "lost");
  assert_true(buffers[0] == NULL && buffers[1] == NULL);
  release_arrays(arrays);
}
OK(pje_client_transfer_all_async, buffers_at_once) {
  struct watched watched = {.calls = 0};
  pje_array *arrays[2];
  pje_buffer *buffers[2] = {NULL, NULL};
  pje_event *done = NULL;
  make_arrays(arrays);
  pje_transfer_options options = PJE_TRANSFER_OPTIONS_INIT;
  options.piece_size = 8;
  options.progress = watch;
  options.progress_data = &watched;
  expect_ok(pje_client_transfer_all_async(shared_client(), arrays, 2, &options, buffers, &done));
  release_arrays(arrays);
  assert_true(buffers[0] != NULL && buffers[1] != NULL);
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
  expect_moved(buffers, &watched);
}
REFUSES_WRONG_HANDLE(pje_client_transfer_all_async, wrong_handle, pje_client, "client",
                     pje_client_transfer_all_async(h, &(pje_array *){NULL}, 1, NULL, &(pje_buffer *){NULL},
                                                   &(pje_event *){NULL}))
/* The third piece is refused: the first array is there, the second holds the error. */
FAILS(pje_client_transfer_all_async, unfinished_buffers_hold_the_error) {
  pje_array *arrays[2];
  pje_buffer *buffers[2] = {NULL, NULL};
  pje_event *done = NULL;
  make_arrays(arrays);
  pje_transfer_options options = PJE_TRANSFER_OPTIONS_INIT;
  options.piece_size = 8;
  expect_ok(pje_client_transfer_all_async(shared_client(), arrays, 2, &options, buffers, &done));
  expect_error(pje_event_wait(done), PJE_RESOURCE_EXHAUSTED,
               "PJRT_AsyncHostToDeviceTransferManager_TransferData", "injected");
  pje_event_release(done);
  expect_contents(buffers[0], kFour, 4);
  expect_pending_error(buffers[1], PJE_RESOURCE_EXHAUSTED, "injected");
  expect_invalid(pje_client_transfer_all_async(shared_client(), arrays, 2, &options, buffers, NULL),
                 "pje_client_transfer_all_async", "done");
  release_arrays(arrays);
}

int main(void) {
  const struct CMUnitTest transfer_pieces[] = {
      cmocka_unit_test(pje_transfer_manager_write__ok_in_any_order),
      cmocka_unit_test(pje_transfer_manager_write__ok_to_columns),
      cmocka_unit_test(pje_transfer_manager_write__ok_of_narrow_elements),
      cmocka_unit_test(pje_transfer_manager_write__ok_from_four_threads),
      cmocka_unit_test(pje_transfer_manager_write__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_write__fails_bad_bounds_or_twice),
      WITH_FAKE("fail=" TRANSFER_DATA ":2:UNAVAILABLE", pje_transfer_manager_write__fails_refused_once),
      cmocka_unit_test(pje_transfer_manager_write_async__ok_ready_later),
      cmocka_unit_test(pje_transfer_manager_write_async__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_write_async__fails_done_is_null),
      cmocka_unit_test(pje_transfer_manager_progress__ok_counts_what_arrived),
      cmocka_unit_test(pje_transfer_manager_progress__fails_wrong_handle),
      cmocka_unit_test(pje_transfer_manager_progress__fails_no_such_buffer),
      cmocka_unit_test(pje_client_transfer_all__ok_two_arrays_in_pieces),
      cmocka_unit_test(pje_client_transfer_all__fails_wrong_handle),
      cmocka_unit_test(pje_client_transfer_all__fails_bad_arguments),
      WITH_FAKE("late_error=" TRANSFER_DATA ":DATA_LOSS:lost", pje_client_transfer_all__fails_piece_is_lost),
      cmocka_unit_test(pje_client_transfer_all_async__ok_buffers_at_once),
      cmocka_unit_test(pje_client_transfer_all_async__fails_wrong_handle),
      WITH_FAKE("fail=" TRANSFER_DATA ":3:RESOURCE_EXHAUSTED",
                pje_client_transfer_all_async__fails_unfinished_buffers_hold_the_error),
  };
  return RUN(transfer_pieces);
}
