#include "talks_support.h"

const char kTalks[] =
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

const float kAnswer[6] = {10, 20, 30, 40, 50, 60};

pje_error *take_chunk(void *user_data, const pje_transfer_info *info, pje_chunk *chunk) {
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

pje_error *give_stream(void *user_data, const pje_transfer_info *info, pje_copy_stream *stream) {
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

pje_execute_handlers *handlers_of(struct host *host) {
  pje_execute_handlers *handlers = NULL;
  expect_ok(pje_execute_handlers_create(count_call, &host->ended, &handlers));
  expect_ok(pje_execute_handlers_add_send(handlers, 5, take_chunk, host));
  expect_ok(pje_execute_handlers_add_receive(handlers, 6, give_stream, host));
  return handlers;
}

pje_buffer *upload_2x3(void) {
  static const int64_t kDims[] = {2, 3};
  static const float kValues[] = {1, 2, 3, 4, 5, 6};
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_host(shared_client(), kValues, 24, PJE_F32, kDims, 2, NULL, &buffer));
  return buffer;
}

pje_error *run_talks(struct host *host, uint64_t flags, pje_buffer **output) {
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

void expect_talked(struct host *host, int chunks) {
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
