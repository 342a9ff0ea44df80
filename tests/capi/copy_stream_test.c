/* Chunks, and the streams that carry them to a program. */
#include "raw_support.h"
#include "talks_support.h"

static pje_chunk *make_chunk(void) {
  pje_chunk *chunk = NULL;
  expect_ok(pje_chunk_copy("abc", 3, &chunk));
  return chunk;
}
static bool chunk_alive(pje_chunk *chunk) { return pje_chunk_size(chunk) == 3; }
RETAIN_RELEASE_TESTS(pje_chunk, make_chunk(), chunk_alive)

OK(pje_chunk_create, borrows_and_gives_back_once) {
  struct calls calls = {0};
  char data[4] = "xyz";
  pje_chunk *chunk = NULL;
  expect_ok(pje_chunk_create(data, 4, count_call, &calls, &chunk));
  assert_ptr_equal(pje_chunk_data(chunk), data);
  pje_chunk_retain(chunk);
  pje_chunk_release(chunk);
  assert_int_equal(calls_so_far(&calls), 0);
  pje_chunk_release(chunk);
  assert_int_equal(calls_so_far(&calls), 1);
  expect_ok(pje_chunk_create(NULL, 0, NULL, NULL, &chunk));
  pje_chunk_release(chunk);
}
FAILS(pje_chunk_create, null_data_or_out) {
  struct calls calls = {0};
  pje_chunk *chunk = NULL;
  expect_invalid(pje_chunk_create(NULL, 1, count_call, &calls, &chunk), "pje_chunk_create", "data");
  expect_invalid(pje_chunk_create(&calls, 1, count_call, &calls, NULL), "pje_chunk_create", "out");
  assert_int_equal(calls_so_far(&calls), 0);
}
OK(pje_chunk_copy, is_a_copy) {
  char data[4] = "xyz";
  pje_chunk *chunk = NULL;
  expect_ok(pje_chunk_copy(data, 4, &chunk));
  data[0] = 'a';
  assert_string_equal(pje_chunk_data(chunk), "xyz");
  pje_chunk_release(chunk);
}
FAILS(pje_chunk_copy, null_data_or_no_memory) {
  pje_chunk *chunk = NULL;
  expect_invalid(pje_chunk_copy(NULL, 1, &chunk), "pje_chunk_copy", "data");
  expect_error(pje_chunk_copy(&chunk, SIZE_MAX / 4, &chunk), PJE_RESOURCE_EXHAUSTED, "pje_chunk_copy",
               "no memory");
}
OK(pje_chunk_data, of_an_empty_chunk_too) {
  pje_chunk *chunk = NULL;
  expect_ok(pje_chunk_copy("", 0, &chunk));
  assert_non_null(pje_chunk_data(chunk));
  pje_chunk_release(chunk);
}
OK(pje_chunk_size, in_bytes) {
  pje_chunk *chunk = make_chunk();
  assert_int_equal(pje_chunk_size(chunk), 3);
  pje_chunk_release(chunk);
}
ANSWERS_WRONG_HANDLE(pje_chunk_data, pje_chunk, assert_null(pje_chunk_data(h)))
ANSWERS_WRONG_HANDLE(pje_chunk_size, pje_chunk, assert_int_equal(pje_chunk_size(h), 0))

/* Has `inside` run in the handler of a receive, which then feeds the stream. */
static void (*inside_receive)(pje_copy_stream *stream);
static struct calls refused;
static pje_error *call_inside_receive(void *user_data, const pje_transfer_info *info,
                                      pje_copy_stream *stream) {
  inside_receive(stream);
  return give_stream(user_data, info, stream);
}
static void in_receive(void (*inside)(pje_copy_stream *stream)) {
  struct host host = {.answer = kAnswer, .piece = 8};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_loaded_executable *executable = compile_text(shared_client(), kTalks);
  pje_buffer *arg = upload_2x3(), *output = NULL;
  inside_receive = inside;
  refused.count = 0;
  expect_ok(pje_execute_handlers_create(NULL, NULL, &options.handlers));
  expect_ok(pje_execute_handlers_add_send(options.handlers, 5, take_chunk, &host));
  expect_ok(pje_execute_handlers_add_receive(options.handlers, 6, call_inside_receive, &host));
  expect_ok(pje_loaded_executable_execute(executable, &arg, 1, &options, &output, 1));
  expect_f32(output, (float[]){11, 22, 33, 44, 55, 66}, 6);
  pje_execute_handlers_release(options.handlers);
  pje_chunk_release(host.kept);
  pje_buffer_release(output);
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
}

static void read_sizes(pje_copy_stream *stream) {
  size_t current = 1;
  assert_int_equal(pje_copy_stream_total_bytes(stream), 24);
  assert_int_equal(pje_copy_stream_granule_bytes(stream), 8);
  expect_ok(pje_copy_stream_current_bytes(stream, &current));
  assert_int_equal(current, 0);
  expect_invalid(pje_copy_stream_current_bytes(stream, NULL), "pje_copy_stream_current_bytes", "out");
  assert_ptr_equal(pje_copy_stream_retain(stream), stream);
  pje_copy_stream_release(stream);
}
static void read_line(pje_copy_stream *stream) {
  char line[64];
  assert_true(pje_copy_stream_describe(stream, line, sizeof line) > 0);
  assert_string_equal(line, "copy stream: 24 bytes in steps of 8");
}
static void read_raw(pje_copy_stream *stream) {
  struct args args = call("PJRT_CopyToDeviceStream_TotalBytes", pje_copy_stream_raw(stream));
  assert_int_equal(args.answer.number, 24);
}
OK(pje_copy_stream_raw, gives_its_size) { in_receive(read_raw); }
OK(pje_copy_stream_describe, in_a_handler) { in_receive(read_line); }
OK(pje_copy_stream_total_bytes, in_a_handler) { in_receive(read_sizes); }
OK(pje_copy_stream_granule_bytes, in_a_handler) { in_receive(read_sizes); }
OK(pje_copy_stream_current_bytes, in_a_handler) { in_receive(read_sizes); }
OK(pje_copy_stream_retain, in_a_handler) { in_receive(read_sizes); }
OK(pje_copy_stream_release, in_a_handler) { in_receive(read_sizes); }
ANSWERS_WRONG_HANDLE(pje_copy_stream_total_bytes, pje_copy_stream,
                     assert_int_equal(pje_copy_stream_total_bytes(h), 0))
ANSWERS_WRONG_HANDLE(pje_copy_stream_granule_bytes, pje_copy_stream,
                     assert_int_equal(pje_copy_stream_granule_bytes(h), 0))
ANSWERS_WRONG_HANDLE(pje_copy_stream_raw, pje_copy_stream, assert_null(pje_copy_stream_raw(h)))
REFUSES_WRONG_HANDLE(pje_copy_stream_current_bytes, wrong_handle, pje_copy_stream, "stream",
                     pje_copy_stream_current_bytes(h, &(size_t){0}))
ANSWERS_WRONG_HANDLE(pje_copy_stream_retain, pje_copy_stream, {
  assert_ptr_equal(pje_copy_stream_retain(h), h);
  misuse_before -= h == NULL;
})
ANSWERS_WRONG_HANDLE(pje_copy_stream_release, pje_copy_stream, {
  pje_copy_stream_release(h);
  misuse_before -= h == NULL;
})

/* Whatever becomes of a chunk, its release runs once. */
static void add_what_is_refused(pje_copy_stream *stream) {
  char data[48] = {0};
  static const size_t kSizes[] = {7, 32};
  for (size_t i = 0; i < COUNT(kSizes); ++i) {
    pje_chunk *chunk = NULL;
    pje_event *done = (pje_event *)data;
    expect_ok(pje_chunk_create(data, kSizes[i], count_call, &refused, &chunk));
    expect_invalid(pje_copy_stream_add_chunk_async(stream, chunk, &done), "pje_copy_stream_add_chunk_async",
                   "chunk");
    assert_null(done);
    pje_chunk_release(chunk);
    assert_int_equal(calls_so_far(&refused), i + 1);
  }
  pje_chunk *chunk = NULL;
  expect_ok(pje_chunk_create(data, 8, count_call, &refused, &chunk));
  expect_error(pje_copy_stream_add_chunk(stream, chunk), PJE_FAILED_PRECONDITION, "pje_copy_stream_add_chunk",
               "callback");
  /* This plugin fails once. */
  expect_error(pje_copy_stream_add_chunk_async(stream, chunk, NULL), PJE_RESOURCE_EXHAUSTED,
               "PJRT_CopyToDeviceStream_AddChunk", "injected");
  assert_int_equal(calls_so_far(&refused), 2);
  pje_chunk_release(chunk);
  assert_int_equal(calls_so_far(&refused), 3);
}
FAILS(pje_copy_stream_add_chunk_async, refused_chunks_are_given_back) { in_receive(add_what_is_refused); }
FAILS(pje_copy_stream_add_chunk, inside_a_handler) { in_receive(add_what_is_refused); }
OK(pje_copy_stream_add_chunk, from_another_thread) {
  struct host host = {.answer = kAnswer, .piece = 8, .in_a_thread = true};
  expect_talked(&host, 1);
  pthread_join(host.thread, NULL);
}
static void add_and_watch(pje_copy_stream *stream UNUSED) {}
OK(pje_copy_stream_add_chunk_async, inside_a_handler) { in_receive(add_and_watch); }
REFUSES_WRONG_HANDLE(pje_copy_stream_add_chunk, wrong_handle, pje_copy_stream, "stream",
                     pje_copy_stream_add_chunk(h, NULL))
REFUSES_WRONG_HANDLE(pje_copy_stream_add_chunk_async, wrong_handle, pje_copy_stream, "stream",
                     pje_copy_stream_add_chunk_async(h, NULL, NULL))
static void add_no_chunk(pje_copy_stream *stream) {
  FOR_WRONG_HANDLES(pje_chunk, h)
  expect_invalid(pje_copy_stream_add_chunk_async(stream, h, NULL), "pje_copy_stream_add_chunk_async",
                 "chunk");
}
FAILS(pje_copy_stream_add_chunk_async, no_chunk) { in_receive(add_no_chunk); }

#define REFUSE_ONCE "granule=8;fail=PJRT_CopyToDeviceStream_AddChunk:1:RESOURCE_EXHAUSTED"

int main(void) {
  const struct CMUnitTest copy_stream[] = {
      RETAIN_RELEASE_LIST(pje_chunk),
      cmocka_unit_test(pje_chunk_create__ok_borrows_and_gives_back_once),
      cmocka_unit_test(pje_chunk_create__fails_null_data_or_out),
      cmocka_unit_test(pje_chunk_copy__ok_is_a_copy),
      cmocka_unit_test(pje_chunk_copy__fails_null_data_or_no_memory),
      cmocka_unit_test(pje_chunk_data__ok_of_an_empty_chunk_too),
      cmocka_unit_test(pje_chunk_data__fails_wrong_handle),
      cmocka_unit_test(pje_chunk_size__ok_in_bytes),
      cmocka_unit_test(pje_chunk_size__fails_wrong_handle),
      WITH_FAKE("granule=8", pje_copy_stream_total_bytes__ok_in_a_handler),
      WITH_FAKE("granule=8", pje_copy_stream_describe__ok_in_a_handler),
      WITH_FAKE("granule=8", pje_copy_stream_granule_bytes__ok_in_a_handler),
      WITH_FAKE("granule=8", pje_copy_stream_current_bytes__ok_in_a_handler),
      WITH_FAKE("granule=8", pje_copy_stream_retain__ok_in_a_handler),
      WITH_FAKE("granule=8", pje_copy_stream_release__ok_in_a_handler),
      WITH_FAKE("granule=8", pje_copy_stream_raw__ok_gives_its_size),
      cmocka_unit_test(pje_copy_stream_raw__fails_wrong_handle),
      cmocka_unit_test(pje_copy_stream_total_bytes__fails_wrong_handle),
      cmocka_unit_test(pje_copy_stream_granule_bytes__fails_wrong_handle),
      cmocka_unit_test(pje_copy_stream_current_bytes__fails_wrong_handle),
      cmocka_unit_test(pje_copy_stream_retain__fails_wrong_handle),
      cmocka_unit_test(pje_copy_stream_release__fails_wrong_handle),
      cmocka_unit_test(pje_copy_stream_add_chunk__ok_from_another_thread),
      cmocka_unit_test(pje_copy_stream_add_chunk__fails_wrong_handle),
      WITH_FAKE(REFUSE_ONCE, pje_copy_stream_add_chunk__fails_inside_a_handler),
      cmocka_unit_test(pje_copy_stream_add_chunk_async__ok_inside_a_handler),
      WITH_FAKE(REFUSE_ONCE, pje_copy_stream_add_chunk_async__fails_refused_chunks_are_given_back),
      cmocka_unit_test(pje_copy_stream_add_chunk_async__fails_wrong_handle),
      cmocka_unit_test(pje_copy_stream_add_chunk_async__fails_no_chunk),
  };
  return RUN(copy_stream);
}
