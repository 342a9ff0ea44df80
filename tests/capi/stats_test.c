#include "harness.h"

static pje_client_statistics stats_of(pje_client *client) {
  pje_client_statistics stats = PJE_CLIENT_STATISTICS_INIT;
  expect_ok(pje_client_stats(client, &stats));
  return stats;
}

static pje_buffer *upload_bytes(pje_client *client, int64_t size) {
  char *data = calloc(1, (size_t)size);
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_host(client, data, (size_t)size, PJE_U8, &size, 1, NULL, &buffer));
  free(data);
  return buffer;
}

OK(pje_client_stats, counts_what_is_held) {
  pje_client *client = open_fake(NULL);
  pje_client *other = open_fake(NULL);
  pje_buffer *elsewhere = upload_bytes(other, 7);
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *buffers[3] = {upload_bytes(client, 1000), upload_bytes(client, 24), NULL};
  pje_event *event = NULL;
  expect_ok(pje_buffer_ready(buffers[0], &event));
  pje_device *device = pje_device_retain(pje_client_device(client, 0));
  pje_client_statistics stats = stats_of(client);
  assert_int_equal(stats.num_buffers, 2);
  assert_int_equal(stats.num_events, 1);
  assert_int_equal(stats.num_loaded_executables, 1);
  assert_int_equal(stats.num_others, 1);
  assert_int_equal(stats.live_bytes, 1024);
  assert_int_equal(stats.peak_bytes, 1024);
  /* Another reference is not another object. */
  buffers[2] = pje_buffer_retain(buffers[0]);
  assert_int_equal(stats_of(client).num_buffers, 2);
  expect_ok(pje_buffer_delete(buffers[0]));
  stats = stats_of(client);
  assert_int_equal(stats.num_buffers, 2);
  assert_int_equal(stats.live_bytes, 24);
  assert_int_equal(stats.peak_bytes, 1024);
  pje_buffers_release(buffers, 3);
  pje_event_release(event);
  pje_loaded_executable_release(executable);
  pje_device_release(device);
  stats = stats_of(client);
  assert_int_equal(stats.num_buffers + stats.num_events + stats.num_loaded_executables + stats.num_others, 0);
  assert_int_equal(stats.live_bytes, 0);
  assert_int_equal(stats_of(other).live_bytes, 7);
  pje_buffer_release(elsewhere);
  pje_client_release(other);
  pje_client_release(client);
}

OK(pje_client_stats, structs_of_other_sizes) {
  struct {
    pje_client_statistics known;
    uint64_t more[2];
  } larger = {PJE_CLIENT_STATISTICS_INIT, {7, 7}};
  larger.known.struct_size = sizeof larger;
  pje_buffer *buffer = upload_bytes(shared_client(), 10);
  expect_ok(pje_client_stats(shared_client(), &larger.known));
  assert_true(larger.known.live_bytes >= 10);
  assert_int_equal(larger.known.struct_size, sizeof larger);
  assert_int_equal(larger.more[0] + larger.more[1], 0);
  pje_client_statistics smaller = PJE_CLIENT_STATISTICS_INIT;
  smaller.struct_size = offsetof(pje_client_statistics, num_events);
  smaller.live_bytes = 5;
  expect_ok(pje_client_stats(shared_client(), &smaller));
  assert_true(smaller.num_buffers >= 1);
  assert_int_equal(smaller.live_bytes, 5);
  pje_buffer_release(buffer);
}

FAILS(pje_client_stats, wrong_struct_size) {
  pje_client_statistics stats = PJE_CLIENT_STATISTICS_INIT;
  stats.struct_size = 0;
  expect_invalid(pje_client_stats(shared_client(), &stats), "pje_client_stats", "struct_size is 0");
  expect_invalid(pje_client_stats(shared_client(), NULL), "pje_client_stats", "\"out\" is NULL");
}

static pje_client_statistics any_stats = PJE_CLIENT_STATISTICS_INIT;
REFUSES_WRONG_HANDLE(pje_client_stats, wrong_handle, pje_client, "client", pje_client_stats(h, &any_stats))

OK(pje_live_objects, counts_by_type) {
  uint64_t all = pje_live_objects(NULL), buffers = pje_live_objects("pje_buffer");
  pje_buffer *buffer = upload_bytes(shared_client(), 10);
  assert_int_equal(pje_live_objects("pje_buffer"), buffers + 1);
  assert_true(pje_live_objects(NULL) > all);
  pje_buffer_release(buffer);
  assert_int_equal(pje_live_objects("pje_buffer"), buffers);
}

FAILS(pje_live_objects, unknown_type) { assert_int_equal(pje_live_objects("pje_unicorn"), 0); }

struct frees {
  pje_buffer *buffer;
  int calls;
  bool answer;
};

static bool free_something(void *user_data) {
  struct frees *frees = user_data;
  ++frees->calls;
  pje_buffer_release(frees->buffer);
  frees->buffer = NULL;
  return frees->answer;
}

/* A device holds two of these. */
enum { kBig = 400 };

OK(pje_client_set_out_of_memory_callback, frees_and_repeats) {
  pje_client *client = open_fake("devices=1;memory=1000");
  struct frees frees = {upload_bytes(client, kBig), 0, true};
  pje_buffer *kept = upload_bytes(client, kBig);
  expect_ok(pje_client_set_out_of_memory_callback(client, free_something, &frees));
  pje_buffer *buffer = upload_bytes(client, kBig);
  assert_int_equal(frees.calls, 1);
  assert_null(frees.buffer);
  pje_buffer_release(buffer);
  pje_buffer_release(kept);
  expect_ok(pje_client_set_out_of_memory_callback(client, NULL, NULL));
  pje_client_release(client);
}

static pje_error *upload_too_much(pje_client *client) {
  static const char data[kBig];
  const int64_t dims[1] = {kBig};
  pje_buffer *buffer = NULL;
  pje_error *error = pje_buffer_from_host(client, data, kBig, PJE_U8, dims, 1, NULL, &buffer);
  assert_null(buffer);
  return error;
}

FAILS(pje_client_set_out_of_memory_callback, repeats_once_only) {
  pje_client *client = open_fake("devices=1;memory=1000");
  pje_buffer *kept[2] = {upload_bytes(client, kBig), upload_bytes(client, kBig)};
  struct frees frees = {NULL, 0, true};
  expect_ok(pje_client_set_out_of_memory_callback(client, free_something, &frees));
  expect_error(upload_too_much(client), PJE_RESOURCE_EXHAUSTED, "PJRT_Client_BufferFromHostBuffer", "");
  assert_int_equal(frees.calls, 1);
  frees.answer = false;
  expect_error(upload_too_much(client), PJE_RESOURCE_EXHAUSTED, "PJRT_Client_BufferFromHostBuffer", "");
  assert_int_equal(frees.calls, 2);
  expect_ok(pje_client_set_out_of_memory_callback(client, NULL, NULL));
  pje_error *error = upload_too_much(client);
  assert_int_equal(frees.calls, 2);
  const char *detail = pje_error_detail(error);
  assert_non_null(strstr(detail, "device 0 of fake: 800 bytes in use"));
  assert_non_null(strstr(detail, "limit 1000"));
  assert_non_null(strstr(detail, "live buffers: 2, 800 bytes"));
  assert_non_null(strstr(detail, "u8[400]: 400 bytes"));
  pje_error_release(error);
  pje_buffers_release(kept, 2);
  pje_client_release(client);
}

/* The run is repeated, and gives its outputs as if nothing had happened. */
OK(pje_client_set_out_of_memory_callback, repeats_a_run) {
  const float expected[4] = {1, 2, 3, 4};
  pje_client *client = open_fake("fail=PJRT_LoadedExecutable_Execute:1:RESOURCE_EXHAUSTED:full");
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *argument = upload_ramp(client, 4), *output = NULL;
  struct frees frees = {NULL, 0, true};
  expect_ok(pje_client_set_out_of_memory_callback(client, free_something, &frees));
  expect_ok(pje_loaded_executable_execute(executable, &argument, 1, NULL, &output, 1));
  assert_int_equal(frees.calls, 1);
  expect_f32(output, expected, 4);
  pje_buffer_release(output);
  pje_buffer_release(argument);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static bool calls_inside(void *user_data) {
  pje_client *client = user_data;
  expect_error(pje_client_set_out_of_memory_callback(client, NULL, NULL), PJE_FAILED_PRECONDITION,
               "pje_client_set_out_of_memory_callback", "callback");
  return false;
}

FAILS(pje_client_set_out_of_memory_callback, inside_itself) {
  pje_client *client = open_fake("fail=PJRT_Client_BufferFromHostBuffer:1:RESOURCE_EXHAUSTED");
  expect_ok(pje_client_set_out_of_memory_callback(client, calls_inside, client));
  expect_error(upload_too_much(client), PJE_RESOURCE_EXHAUSTED, "PJRT_Client_BufferFromHostBuffer", "");
  pje_client_release(client);
}

REFUSES_WRONG_HANDLE(pje_client_set_out_of_memory_callback, wrong_handle, pje_client, "client",
                     pje_client_set_out_of_memory_callback(h, NULL, NULL))

int main(void) {
  const struct CMUnitTest stats[] = {
      cmocka_unit_test(pje_client_stats__ok_counts_what_is_held),
      cmocka_unit_test(pje_client_stats__ok_structs_of_other_sizes),
      cmocka_unit_test(pje_client_stats__fails_wrong_struct_size),
      cmocka_unit_test(pje_client_stats__fails_wrong_handle),
      cmocka_unit_test(pje_live_objects__ok_counts_by_type),
      cmocka_unit_test(pje_live_objects__fails_unknown_type),
      WITH_FAKE("", pje_client_set_out_of_memory_callback__ok_frees_and_repeats),
      WITH_FAKE("", pje_client_set_out_of_memory_callback__fails_repeats_once_only),
      WITH_FAKE("", pje_client_set_out_of_memory_callback__ok_repeats_a_run),
      WITH_FAKE("", pje_client_set_out_of_memory_callback__fails_inside_itself),
      cmocka_unit_test(pje_client_set_out_of_memory_callback__fails_wrong_handle),
  };
  return RUN(stats);
}
