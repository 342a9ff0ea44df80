/* Chunks, streams, and the handlers of a program's sends, receives and results. */
#include <pthread.h>

#include "harness.h"

/* Sends 2 x and returns what it receives, plus x. */
static const char kTalks[] =
    "module @talks {\n"
    "  func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {\n"
    "    %0 = stablehlo.create_token : !stablehlo.token\n"
    "    %1 = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>\n"
    "    %2 = \"stablehlo.send\"(%1, %0) <{channel_handle = #stablehlo.channel_handle<handle = 5, type = 2>, "
    "is_host_transfer = true}> : (tensor<2x3xf32>, !stablehlo.token) -> !stablehlo.token\n"
    "    %3:2 = \"stablehlo.recv\"(%2) <{channel_handle = #stablehlo.channel_handle<handle = 6, type = 3>, "
    "is_host_transfer = true}> : (!stablehlo.token) -> (tensor<2x3xf32>, !stablehlo.token)\n"
    "    %4 = stablehlo.add %3#0, %arg0 : tensor<2x3xf32>\n"
    "    return %4 : tensor<2x3xf32>\n"
    "  }\n"
    "}\n";

static const char kTagged[] =
    "module @tagged {\n"
    "  func.func public @main(%arg0: tensor<2xi32>) -> tensor<2xi32> {\n"
    "    %0 = stablehlo.add %arg0, %arg0 {mhlo.frontend_attributes = {_xla_tag = \"42\"}} : tensor<2xi32>\n"
    "    return %0 : tensor<2xi32>\n"
    "  }\n"
    "}\n";

/* What the handlers of a test have seen and are to do. */
struct host {
  float sent[6];
  size_t sent_bytes;
  int chunks;
  int last;
  const float *answer;
  size_t piece;
  const char *refuse;
  pje_chunk *kept;
  pje_copy_stream *stream;
  pthread_t thread;
  bool in_a_thread;
  bool ends_early;
  struct calls released;
  struct calls ended;
};

static pje_error *take_chunk(void *user_data, const pje_transfer_info *info, pje_chunk *chunk) {
  struct host *host = user_data;
  const char *data = pje_chunk_data(chunk);
  if (host->refuse != NULL) return pje_error_create(PJE_DATA_LOSS, host->refuse);
  if (info->struct_size < sizeof *info || info->channel_id != 5 || info->total_bytes != 24 ||
      pje_device_id(info->device) != 0 || info->device_index != 0)
    return pje_error_create(PJE_INTERNAL, "another transfer than this test's");
  if (host->sent_bytes + pje_chunk_size(chunk) > sizeof host->sent)
    return pje_error_create(PJE_INTERNAL, "more than the program has");
  memcpy((char *)host->sent + host->sent_bytes, data, pje_chunk_size(chunk));
  host->sent_bytes += pje_chunk_size(chunk);
  host->chunks += 1;
  host->last += info->is_last != 0;
  if (host->kept == NULL) host->kept = pje_chunk_retain(chunk);
  return NULL;
}

static pje_error *feed(struct host *host) {
  size_t total = pje_copy_stream_total_bytes(host->stream), current = 1;
  for (size_t done = 0; done < total; done += host->piece) {
    pje_chunk *chunk = NULL;
    pje_error *error = pje_copy_stream_current_bytes(host->stream, &current);
    if (error == NULL && current != done) error = pje_error_create(PJE_INTERNAL, "another number of bytes");
    if (error == NULL)
      error = pje_chunk_create((char *)host->answer + done, host->piece, count_call, &host->released, &chunk);
    if (error == NULL) error = pje_copy_stream_add_chunk_async(host->stream, chunk, NULL);
    pje_chunk_release(chunk);
    if (error != NULL) return error;
    if (host->ends_early) return NULL;
  }
  return NULL;
}

static void *feed_and_wait(void *user_data) {
  struct host *host = user_data;
  size_t total = pje_copy_stream_total_bytes(host->stream);
  for (size_t done = 0; done < total; done += host->piece) {
    pje_chunk *chunk = NULL;
    expect_ok(pje_chunk_copy((const char *)host->answer + done, host->piece, &chunk));
    expect_ok(pje_copy_stream_add_chunk(host->stream, chunk));
    pje_chunk_release(chunk);
  }
  pje_copy_stream_release(host->stream);
  return NULL;
}

static pje_error *give_stream(void *user_data, const pje_transfer_info *info, pje_copy_stream *stream) {
  struct host *host = user_data;
  if (info->channel_id != 6 || info->total_bytes != 24)
    return pje_error_create(PJE_INTERNAL, "another transfer than this test's");
  if (host->answer == NULL) return pje_error_create(PJE_UNAVAILABLE, "nothing to receive today");
  host->stream = stream;
  if (!host->in_a_thread) return feed(host);
  pje_copy_stream_retain(stream);
  pthread_create(&host->thread, NULL, feed_and_wait, host);
  return NULL;
}

static pje_execute_handlers *handlers_of(struct host *host) {
  pje_execute_handlers *handlers = NULL;
  expect_ok(pje_execute_handlers_create(count_call, &host->ended, &handlers));
  expect_ok(pje_execute_handlers_add_send(handlers, 5, take_chunk, host));
  expect_ok(pje_execute_handlers_add_receive(handlers, 6, give_stream, host));
  return handlers;
}

static const float kAnswer[6] = {10, 20, 30, 40, 50, 60};

static pje_buffer *upload_2x3(void) {
  static const int64_t kDims[] = {2, 3};
  static const float kValues[] = {1, 2, 3, 4, 5, 6};
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_host(shared_client(), kValues, 24, PJE_F32, kDims, 2, NULL, &buffer));
  return buffer;
}

static pje_error *run_talks(struct host *host, uint64_t flags, pje_buffer **output) {
  pje_loaded_executable *executable = compile_text(shared_client(), kTalks);
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_buffer *arg = upload_2x3();
  options.handlers = handlers_of(host);
  options.flags = flags;
  pje_error *error = pje_loaded_executable_execute(executable, &arg, 1, &options, output, 1);
  pje_execute_handlers_release(options.handlers);
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
  return error;
}

static void expect_talked(struct host *host, int chunks) {
  static const float kSent[] = {2, 4, 6, 8, 10, 12};
  pje_buffer *output = NULL;
  expect_ok(run_talks(host, 0, &output));
  expect_f32(output, (float[]){11, 22, 33, 44, 55, 66}, 6);
  assert_int_equal(host->sent_bytes, 24);
  assert_memory_equal(host->sent, kSent, 24);
  assert_int_equal(host->chunks, chunks);
  assert_int_equal(host->last, 1);
  /* A chunk that was kept is there after the run. */
  assert_memory_equal(pje_chunk_data(host->kept), kSent, pje_chunk_size(host->kept));
  pje_chunk_release(host->kept);
  wait_for_calls(&host->ended, 1);
  pje_buffer_release(output);
}

OK(pje_execute_handlers_add_send, whole_array) {
  struct host host = {.answer = kAnswer, .piece = 24};
  expect_talked(&host, 1);
}
OK(pje_execute_handlers_add_send, in_chunks) {
  struct host host = {.answer = kAnswer, .piece = 8};
  expect_talked(&host, 3);
  wait_for_calls(&host.released, 3);
}
OK(pje_execute_handlers_add_receive, from_another_thread) {
  struct host host = {.answer = kAnswer, .piece = 4, .in_a_thread = true};
  expect_talked(&host, 1);
  pthread_join(host.thread, NULL);
}
OK(pje_execute_handlers_add_receive, inside_the_call) {
  struct host host = {.answer = kAnswer, .piece = 12};
  expect_talked(&host, 1);
}
/* On a device that keeps columns together, handlers get and give rows unless they ask for the device's own.
 */
OK(pje_execute_handlers_add_send, in_the_layout_of_the_device) {
  static const float kColumns[] = {2, 8, 4, 10, 6, 12}, kAnswerColumns[] = {10, 40, 20, 50, 30, 60};
  struct host rows = {.answer = kAnswer, .piece = 24};
  expect_talked(&rows, 1);
  struct host host = {.answer = kAnswerColumns, .piece = 24};
  pje_buffer *output = NULL;
  expect_ok(run_talks(&host, PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT, &output));
  assert_memory_equal(host.sent, kColumns, 24);
  expect_f32(output, (float[]){11, 22, 33, 44, 55, 66}, 6);
  pje_chunk_release(host.kept);
  pje_buffer_release(output);
}
/* Nobody but the run holds the handlers and the client. */
OK(pje_execute_handlers_release, before_the_run_has_ended) {
  struct host host = {.answer = kAnswer, .piece = 24};
  pje_client *client = open_fake("delay=PJRT_LoadedExecutable_Execute:50ms");
  pje_loaded_executable *executable = compile_text(client, kTalks);
  static const int64_t kDims[] = {2, 3};
  pje_buffer *arg = NULL, *output = NULL;
  expect_ok(pje_buffer_from_host(client, kAnswer, 24, PJE_F32, kDims, 2, NULL, &arg));
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.handlers = handlers_of(&host);
  expect_ok(pje_loaded_executable_execute_async(executable, &arg, 1, &options, &output, 1, NULL));
  pje_execute_handlers_release(options.handlers);
  pje_buffer_release(output);
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  wait_for_calls(&host.ended, 1);
  assert_int_equal(host.sent_bytes, 24);
  wait_for_calls(&host.released, 1);
  pje_chunk_release(host.kept);
}

FAILS(pje_execute_handlers_add_send, refused_chunk_ends_the_run) {
  struct host host = {.answer = kAnswer, .piece = 24, .refuse = "no room for it"};
  pje_buffer *output = NULL;
  expect_error(run_talks(&host, 0, &output), PJE_DATA_LOSS, "PJRT_LoadedExecutable_Execute",
               "no room for it");
  assert_null(output);
}
FAILS(pje_execute_handlers_add_receive, handler_has_nothing) {
  struct host host = {.piece = 24};
  pje_buffer *output = NULL;
  expect_error(run_talks(&host, 0, &output), PJE_INTERNAL, "PJRT_LoadedExecutable_Execute",
               "ended after 0 of 24 bytes");
  pje_chunk_release(host.kept);
}
FAILS(pje_execute_handlers_add_receive, stream_ends_early) {
  struct host host = {.answer = kAnswer, .piece = 8, .ends_early = true};
  pje_buffer *output = NULL;
  expect_error(run_talks(&host, 0, &output), PJE_INTERNAL, "PJRT_LoadedExecutable_Execute",
               "ended after 8 of 24 bytes");
  wait_for_calls(&host.released, 1);
  pje_chunk_release(host.kept);
}
FAILS(pje_execute_handlers_add_send, channel_without_a_handler) {
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_loaded_executable *executable = compile_text(shared_client(), kTalks);
  pje_buffer *arg = upload_2x3(), *output = NULL;
  expect_ok(pje_execute_handlers_create(NULL, NULL, &options.handlers));
  expect_invalid(pje_loaded_executable_execute(executable, &arg, 1, &options, &output, 1),
                 "PJRT_LoadedExecutable_Execute", "channel 5");
  pje_execute_handlers_release(options.handlers);
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
}

static pje_execute_handlers *make_handlers(void) {
  pje_execute_handlers *handlers = NULL;
  expect_ok(pje_execute_handlers_create(NULL, NULL, &handlers));
  return handlers;
}
static void ignore_output(void *user_data UNUSED, const pje_output_info *info UNUSED) {}
static bool handlers_alive(pje_execute_handlers *handlers) {
  pje_error *error = pje_execute_handlers_add_output(handlers, 1, 1, NULL, NULL);
  bool alive = strstr(pje_error_detail(error), "handlers") == NULL;
  pje_error_release(error);
  return alive;
}
RETAIN_RELEASE_TESTS(pje_execute_handlers, make_handlers(), handlers_alive)

OK(pje_execute_handlers_create, release_runs_once) {
  struct calls calls = {0};
  pje_execute_handlers *handlers = NULL;
  expect_ok(pje_execute_handlers_create(count_call, &calls, &handlers));
  assert_int_equal(calls_so_far(&calls), 0);
  pje_execute_handlers_release(handlers);
  assert_int_equal(calls_so_far(&calls), 1);
}
FAILS(pje_execute_handlers_create, out_is_null) {
  struct calls calls = {0};
  expect_invalid(pje_execute_handlers_create(count_call, &calls, NULL), "pje_execute_handlers_create", "out");
  assert_int_equal(calls_so_far(&calls), 0);
}
REFUSES_WRONG_HANDLE(pje_execute_handlers_add_send, wrong_handle, pje_execute_handlers, "handlers",
                     pje_execute_handlers_add_send(h, 1, take_chunk, NULL))
REFUSES_WRONG_HANDLE(pje_execute_handlers_add_receive, wrong_handle, pje_execute_handlers, "handlers",
                     pje_execute_handlers_add_receive(h, 1, give_stream, NULL))
REFUSES_WRONG_HANDLE(pje_execute_handlers_add_output, wrong_handle, pje_execute_handlers, "handlers",
                     pje_execute_handlers_add_output(h, 1, 1, ignore_output, NULL))
FAILS(pje_execute_handlers_add_output, no_handler_or_two) {
  pje_execute_handlers *handlers = make_handlers();
  expect_invalid(pje_execute_handlers_add_send(handlers, 1, NULL, NULL), "pje_execute_handlers_add_send",
                 "handler");
  expect_invalid(pje_execute_handlers_add_receive(handlers, 1, NULL, NULL),
                 "pje_execute_handlers_add_receive", "handler");
  expect_ok(pje_execute_handlers_add_send(handlers, 1, take_chunk, NULL));
  expect_ok(pje_execute_handlers_add_receive(handlers, 1, give_stream, NULL));
  expect_ok(pje_execute_handlers_add_output(handlers, 1, 1, ignore_output, NULL));
  expect_invalid(pje_execute_handlers_add_send(handlers, 1, take_chunk, NULL),
                 "pje_execute_handlers_add_send", "channel_id");
  expect_invalid(pje_execute_handlers_add_receive(handlers, 1, give_stream, NULL),
                 "pje_execute_handlers_add_receive", "channel_id");
  expect_invalid(pje_execute_handlers_add_output(handlers, 1, 1, ignore_output, NULL),
                 "pje_execute_handlers_add_output", "callback_id");
  pje_execute_handlers_release(handlers);
}

/* A thread of the program answers: it takes the chunks and gives the array that is received. */
struct server {
  pje_request_queue *queue;
  float sent[6];
  size_t sent_bytes;
  bool too_little;
};
static void *serve(void *user_data) {
  struct server *server = user_data;
  uint64_t id;
  size_t count;
  pje_error *error;
  while ((error = pje_request_queue_next(server->queue, -1, 1, &id, &count)) == NULL) {
    if (count == 0) continue;
    size_t size = 0;
    int64_t channel = 0;
    const pje_named_values *values = pje_request_queue_values(server->queue, id);
    const void *data = pje_request_queue_data(server->queue, id, &size);
    expect_ok(pje_named_values_get_int64(values, pje_named_values_find(values, "channel_id"), &channel));
    if (pje_request_queue_kind(server->queue, id) == PJE_REQUEST_SEND && channel == 5) {
      memcpy((char *)server->sent + server->sent_bytes, data, size);
      server->sent_bytes += size;
      expect_ok(pje_request_queue_answer(server->queue, id, NULL, 0, NULL));
    } else {
      expect_ok(pje_request_queue_answer(server->queue, id, kAnswer, server->too_little ? 20 : 24, NULL));
    }
  }
  pje_error_release(error);
  return NULL;
}
static pje_error *run_served(struct server *server, pje_buffer **output) {
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_loaded_executable *executable = compile_text(shared_client(), kTalks);
  pje_buffer *arg = upload_2x3();
  pthread_t thread;
  expect_ok(pje_request_queue_create(&server->queue));
  options.handlers = make_handlers();
  expect_ok(pje_execute_handlers_add_send_requests(options.handlers, 5, server->queue));
  expect_ok(pje_execute_handlers_add_receive_requests(options.handlers, 6, server->queue));
  pthread_create(&thread, NULL, serve, server);
  pje_error *error = pje_loaded_executable_execute(executable, &arg, 1, &options, output, 1);
  pje_request_queue_close(server->queue);
  pthread_join(thread, NULL);
  pje_request_queue_release(server->queue);
  pje_execute_handlers_release(options.handlers);
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
  return error;
}
static void expect_served(void) {
  static const float kSent[] = {2, 4, 6, 8, 10, 12};
  struct server server = {.sent_bytes = 0};
  pje_buffer *output = NULL;
  expect_ok(run_served(&server, &output));
  expect_f32(output, (float[]){11, 22, 33, 44, 55, 66}, 6);
  assert_memory_equal(server.sent, kSent, 24);
  pje_buffer_release(output);
}
OK(pje_execute_handlers_add_send_requests, a_thread_takes_the_chunks) { expect_served(); }
OK(pje_execute_handlers_add_receive_requests, a_thread_answers) { expect_served(); }
FAILS(pje_execute_handlers_add_receive_requests, answer_of_another_size) {
  struct server server = {.too_little = true};
  pje_buffer *output = NULL;
  expect_error(run_served(&server, &output), PJE_INTERNAL, "PJRT_LoadedExecutable_Execute",
               "ended after 0 of 24 bytes");
}
FAILS(pje_execute_handlers_add_send_requests, no_queue_or_a_handler_before) {
  pje_execute_handlers *handlers = make_handlers();
  pje_request_queue *queue = NULL;
  expect_ok(pje_request_queue_create(&queue));
  expect_invalid(pje_execute_handlers_add_send_requests(handlers, 5, NULL),
                 "pje_execute_handlers_add_send_requests", "queue");
  expect_invalid(pje_execute_handlers_add_receive_requests(handlers, 5, NULL),
                 "pje_execute_handlers_add_receive_requests", "queue");
  expect_ok(pje_execute_handlers_add_send_requests(handlers, 5, queue));
  expect_ok(pje_execute_handlers_add_receive_requests(handlers, 5, queue));
  expect_invalid(pje_execute_handlers_add_send_requests(handlers, 5, queue),
                 "pje_execute_handlers_add_send_requests", "channel_id");
  expect_invalid(pje_execute_handlers_add_receive_requests(handlers, 5, queue),
                 "pje_execute_handlers_add_receive_requests", "channel_id");
  pje_execute_handlers_release(handlers);
  pje_request_queue_release(queue);
}
REFUSES_WRONG_HANDLE(pje_execute_handlers_add_send_requests, wrong_handle, pje_execute_handlers, "handlers",
                     pje_execute_handlers_add_send_requests(h, 5, NULL))
REFUSES_WRONG_HANDLE(pje_execute_handlers_add_receive_requests, wrong_handle, pje_execute_handlers,
                     "handlers", pje_execute_handlers_add_receive_requests(h, 5, NULL))

struct seen {
  int32_t values[2];
  pje_output_info info;
  int count;
};
static void see_output(void *user_data, const pje_output_info *info) {
  struct seen *seen = user_data;
  seen->info = *info;
  seen->count += 1;
  if (info->size == sizeof seen->values) memcpy(seen->values, info->data, info->size);
}
static pje_error *run_tagged(pje_output_handler handler, struct seen *seen) {
  static const int64_t kDims[] = {2};
  static const int32_t kValues[] = {3, 4};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_loaded_executable *executable = compile_text(shared_client(), kTagged);
  pje_buffer *arg = NULL, *output = NULL;
  expect_ok(pje_buffer_from_host(shared_client(), kValues, 8, PJE_S32, kDims, 1, NULL, &arg));
  options.handlers = make_handlers();
  expect_ok(pje_execute_handlers_add_output(options.handlers, 41, 1, handler, seen));
  expect_ok(pje_execute_handlers_add_output(options.handlers, 42, 1, handler, seen));
  pje_error *error = pje_loaded_executable_execute(executable, &arg, 1, &options, &output, 1);
  pje_execute_handlers_release(options.handlers);
  pje_buffer_release(output);
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
  return error;
}
OK(pje_execute_handlers_add_output, sees_the_result) {
  struct seen seen = {.count = 0};
  expect_ok(run_tagged(see_output, &seen));
  assert_int_equal(seen.count, 1);
  assert_true(seen.values[0] == 6 && seen.values[1] == 8);
  assert_true(seen.info.callback_id == 42 && seen.info.replica == 0 && seen.info.partition == 0);
  assert_true(seen.info.dtype == PJE_S32 && seen.info.rank == 1 && seen.info.operand_index == 0);
}
FAILS(pje_execute_handlers_add_output, plugin_too_old) {
  struct seen seen = {.count = 0};
  expect_error(run_tagged(see_output, &seen), PJE_UNIMPLEMENTED, "pje_loaded_executable_execute",
               "added in 0.112");
}

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
  const struct CMUnitTest execute_handlers[] = {
      RETAIN_RELEASE_LIST(pje_execute_handlers),
      cmocka_unit_test(pje_execute_handlers_create__ok_release_runs_once),
      cmocka_unit_test(pje_execute_handlers_create__fails_out_is_null),
      cmocka_unit_test(pje_execute_handlers_add_send__ok_whole_array),
      WITH_FAKE("chunk=8;granule=8", pje_execute_handlers_add_send__ok_in_chunks),
      WITH_FAKE("column_major=1", pje_execute_handlers_add_send__ok_in_the_layout_of_the_device),
      cmocka_unit_test(pje_execute_handlers_add_receive__ok_from_another_thread),
      WITH_FAKE("complete=inside", pje_execute_handlers_add_receive__ok_inside_the_call),
      cmocka_unit_test(pje_execute_handlers_release__ok_before_the_run_has_ended),
      cmocka_unit_test(pje_execute_handlers_add_send__fails_refused_chunk_ends_the_run),
      cmocka_unit_test(pje_execute_handlers_add_send__fails_channel_without_a_handler),
      cmocka_unit_test(pje_execute_handlers_add_send__fails_wrong_handle),
      cmocka_unit_test(pje_execute_handlers_add_receive__fails_handler_has_nothing),
      cmocka_unit_test(pje_execute_handlers_add_receive__fails_stream_ends_early),
      cmocka_unit_test(pje_execute_handlers_add_receive__fails_wrong_handle),
      cmocka_unit_test(pje_execute_handlers_add_output__ok_sees_the_result),
      WITH_FAKE("minor=111", pje_execute_handlers_add_output__fails_plugin_too_old),
      cmocka_unit_test(pje_execute_handlers_add_output__fails_wrong_handle),
      cmocka_unit_test(pje_execute_handlers_add_output__fails_no_handler_or_two),
      cmocka_unit_test(pje_execute_handlers_add_send_requests__ok_a_thread_takes_the_chunks),
      cmocka_unit_test(pje_execute_handlers_add_send_requests__fails_no_queue_or_a_handler_before),
      cmocka_unit_test(pje_execute_handlers_add_send_requests__fails_wrong_handle),
      cmocka_unit_test(pje_execute_handlers_add_receive_requests__ok_a_thread_answers),
      cmocka_unit_test(pje_execute_handlers_add_receive_requests__fails_answer_of_another_size),
      cmocka_unit_test(pje_execute_handlers_add_receive_requests__fails_wrong_handle),
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
  return RUN(execute_handlers);
}
