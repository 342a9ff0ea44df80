/* The handlers of a program's sends, receives and results. */
#include "talks_support.h"

static const char kTagged[] =
    "module @tagged {\n"
    "  func.func public @main(%arg0: tensor<2xi32>) -> tensor<2xi32> {\n"
    "    %0 = stablehlo.add %arg0, %arg0 {mhlo.frontend_attributes = {_xla_tag = \"42\"}} : tensor<2xi32>\n"
    "    return %0 : tensor<2xi32>\n"
    "  }\n"
    "}\n";

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
static pje_error *run_tagged_with(pje_execute_handlers *handlers) {
  static const int64_t kDims[] = {2};
  static const int32_t kValues[] = {3, 4};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_loaded_executable *executable = compile_text(shared_client(), kTagged);
  pje_buffer *arg = NULL, *output = NULL;
  expect_ok(pje_buffer_from_host(shared_client(), kValues, 8, PJE_S32, kDims, 1, NULL, &arg));
  options.handlers = handlers;
  pje_error *error = pje_loaded_executable_execute(executable, &arg, 1, &options, &output, 1);
  pje_execute_handlers_release(handlers);
  pje_buffer_release(output);
  pje_buffer_release(arg);
  pje_loaded_executable_release(executable);
  return error;
}
static pje_error *run_tagged(pje_output_handler handler, struct seen *seen) {
  pje_execute_handlers *handlers = make_handlers();
  expect_ok(pje_execute_handlers_add_output(handlers, 41, 1, handler, seen));
  expect_ok(pje_execute_handlers_add_output(handlers, 42, 1, handler, seen));
  return run_tagged_with(handlers);
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

/* A thread of the program looks at the results. */
struct looker {
  pje_request_queue *queue;
  pje_error *answer;
  struct seen seen;
  int64_t dims;
};
static int64_t int_of(const pje_named_values *values, const char *name) {
  int64_t value = -1;
  expect_ok(pje_named_values_get_int64(values, pje_named_values_find(values, name), &value));
  return value;
}
static void look_at(struct looker *looker, uint64_t id) {
  const pje_named_values *values = pje_request_queue_values(looker->queue, id);
  const int64_t *dims = NULL;
  pje_output_info info = {.callback_id = int_of(values, "callback_id"),
                          .replica = int_of(values, "replica"),
                          .partition = int_of(values, "partition"),
                          .operand_index = int_of(values, "operand_index"),
                          .dtype = (int32_t)int_of(values, "dtype")};
  assert_int_equal(pje_request_queue_kind(looker->queue, id), PJE_REQUEST_OUTPUT);
  info.data = pje_request_queue_data(looker->queue, id, &info.size);
  expect_ok(
      pje_named_values_get_int64_list(values, pje_named_values_find(values, "dims"), &dims, &info.rank));
  looker->dims = dims[0];
  see_output(&looker->seen, &info);
}
static void *look(void *user_data) {
  struct looker *looker = user_data;
  uint64_t id;
  size_t count;
  pje_error *error;
  while ((error = pje_request_queue_next(looker->queue, -1, 1, &id, &count)) == NULL) {
    if (count == 0) continue;
    look_at(looker, id);
    expect_ok(pje_request_queue_answer(looker->queue, id, NULL, 0, looker->answer));
  }
  pje_error_release(error);
  return NULL;
}
static void run_looked_at(struct looker *looker) {
  pthread_t thread;
  pje_execute_handlers *handlers = make_handlers();
  expect_ok(pje_request_queue_create(&looker->queue));
  expect_ok(pje_execute_handlers_add_output_requests(handlers, 42, 1, looker->queue));
  pthread_create(&thread, NULL, look, looker);
  expect_ok(run_tagged_with(handlers));
  pje_request_queue_close(looker->queue);
  pthread_join(thread, NULL);
  pje_request_queue_release(looker->queue);
  const struct seen *seen = &looker->seen;
  assert_true(seen->count == 1 && seen->values[0] == 6 && seen->values[1] == 8);
  assert_true(seen->info.callback_id == 42 && seen->info.replica == 0 && seen->info.partition == 0);
  assert_true(seen->info.dtype == PJE_S32 && seen->info.rank == 1 && seen->info.operand_index == 0);
  assert_int_equal(looker->dims, 2);
}
OK(pje_execute_handlers_add_output_requests, a_thread_sees_the_result) {
  struct looker looker = {.answer = NULL};
  run_looked_at(&looker);
}
static char logged[256];
static void keep_line(void *user_data UNUSED, int32_t kind UNUSED, pje_code code UNUSED,
                      const char *function UNUSED, const char *message) {
  snprintf(logged, sizeof logged, "%s", message);
}
/* The plugin takes no error: it is in the log. */
FAILS(pje_execute_handlers_add_output_requests, answer_is_an_error) {
  struct looker looker = {.answer = pje_error_create(PJE_ABORTED, "not like this")};
  expect_ok(pje_log_set_callback(keep_line, NULL));
  run_looked_at(&looker);
  expect_ok(pje_log_set_callback(NULL, NULL));
  pje_error_release(looker.answer);
  assert_non_null(strstr(logged, "the result 42 was not seen: "));
  assert_non_null(strstr(logged, "not like this"));
}
FAILS(pje_execute_handlers_add_output_requests, no_queue_or_a_handler_before) {
  pje_execute_handlers *handlers = make_handlers();
  pje_request_queue *queue = NULL;
  expect_ok(pje_request_queue_create(&queue));
  expect_invalid(pje_execute_handlers_add_output_requests(handlers, 5, 1, NULL),
                 "pje_execute_handlers_add_output_requests", "queue");
  expect_ok(pje_execute_handlers_add_output_requests(handlers, 5, 1, queue));
  expect_invalid(pje_execute_handlers_add_output_requests(handlers, 5, 1, queue),
                 "pje_execute_handlers_add_output_requests", "callback_id");
  pje_execute_handlers_release(handlers);
  pje_request_queue_release(queue);
}
REFUSES_WRONG_HANDLE(pje_execute_handlers_add_output_requests, wrong_handle, pje_execute_handlers, "handlers",
                     pje_execute_handlers_add_output_requests(h, 5, 1, NULL))

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
      cmocka_unit_test(pje_execute_handlers_add_output_requests__ok_a_thread_sees_the_result),
      cmocka_unit_test(pje_execute_handlers_add_output_requests__fails_answer_is_an_error),
      cmocka_unit_test(pje_execute_handlers_add_output_requests__fails_no_queue_or_a_handler_before),
      cmocka_unit_test(pje_execute_handlers_add_output_requests__fails_wrong_handle),
      cmocka_unit_test(pje_execute_handlers_add_send_requests__ok_a_thread_takes_the_chunks),
      cmocka_unit_test(pje_execute_handlers_add_send_requests__fails_no_queue_or_a_handler_before),
      cmocka_unit_test(pje_execute_handlers_add_send_requests__fails_wrong_handle),
      cmocka_unit_test(pje_execute_handlers_add_receive_requests__ok_a_thread_answers),
      cmocka_unit_test(pje_execute_handlers_add_receive_requests__fails_answer_of_another_size),
      cmocka_unit_test(pje_execute_handlers_add_receive_requests__fails_wrong_handle),
  };
  return RUN(execute_handlers);
}
