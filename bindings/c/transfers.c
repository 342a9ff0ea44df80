/* Runs that are set up once, views, transfers in pieces, and what a program and a plugin ask of their host.
 */
#include <pthread.h>

#include "support.h"

/* Device d gets x + d from the host and the same factor. */
static void execute_per_device_mixed(void) {
  pje_client *client = open_client();
  size_t n = (size_t)input_int("replicas");
  pje_compile_options *options = replica_options((int64_t)n);
  pje_loaded_executable *executable = compile(client, options);
  float x[MAX_VALUES], factor[1];
  size_t size = input_floats("x", x);
  input_floats("factor", factor);
  pje_buffer *args[2 * MAX_VALUES] = {NULL}, *outputs[MAX_VALUES] = {NULL};
  for (size_t d = 0; d < n; ++d) {
    pje_device *device = pje_loaded_executable_addressable_device(executable, d);
    pje_from_host_options to = PJE_FROM_HOST_OPTIONS_INIT;
    to.device = device;
    args[2 * d] = upload_to(client, x, size, device);
    ok(pje_buffer_from_host(client, factor, sizeof *factor, PJE_F32, NULL, 0, &to, &args[2 * d + 1]));
    for (size_t i = 0; i < size; ++i) x[i] += 1;
  }
  ok(pje_loaded_executable_execute_sharded(executable, n, args, 2, NULL, outputs, 1));
  json y = {.size = 0};
  for (size_t d = 0; d < n; ++d) {
    float got[MAX_VALUES];
    json_add(&y, d == 0 ? "[" : ",");
    json_add_floats(&y, got, read_floats(outputs[d], got));
  }
  json_add(&y, "]");
  put_raw("y", y.text);
  pje_buffers_release(outputs, n);
  pje_buffers_release(args, 2 * n);
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
  pje_client_release(client);
}

static void prepared_call(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x");
  pje_prepared_call *call = NULL;
  ok(pje_prepared_call_create(executable, NULL, &call));
  put_code("empty", pje_prepared_call_run(call));
  ok(pje_prepared_call_set_arg(call, 0, x));
  pje_buffer_release(x);
  for (int64_t i = 0; i < input_int("n"); ++i) {
    ok(pje_prepared_call_run(call));
    ok(pje_prepared_call_set_arg(call, 0, pje_prepared_call_output(call, 0)));
  }
  put_int("slots", (int64_t)(pje_prepared_call_num_args(call) + pje_prepared_call_num_outputs(call)));
  put_contents("y", pje_prepared_call_output(call, 0));
  pje_prepared_call_release(call);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void host_view(void) {
  pje_client *client = open_client();
  pje_buffer *x = upload_input(client, "x");
  pje_event *ready = NULL;
  pje_host_view *view = NULL;
  ok(pje_buffer_ready(x, &ready));
  ok(pje_event_wait(ready));
  pje_event_release(ready);
  ok(pje_buffer_host_view(x, &view));
  put_floats("y", pje_host_view_data(view), pje_host_view_size(view) / sizeof(float));
  put_code("delete", pje_buffer_delete(x));
  pje_host_view_release(view);
  put_code("delete_after", pje_buffer_delete(x));
  pje_buffer_release(x);
  pje_client_release(client);
}

static void read_many(void) {
  pje_client *client = open_client();
  pje_buffer *buffers[2] = {upload_input(client, "a"), upload_input(client, "b")};
  float a[MAX_VALUES], b[MAX_VALUES];
  void *const places[] = {a, b};
  size_t sizes[2];
  for (size_t i = 0; i < 2; ++i) sizes[i] = pje_buffer_host_size(buffers[i]);
  ok(pje_buffers_to_host(buffers, 2, places, sizes));
  put_floats("a", a, sizes[0] / sizeof *a);
  put_floats("b", b, sizes[1] / sizeof *b);
  pje_buffers_release(buffers, 2);
  pje_client_release(client);
}

static void transfer_pieces(void) {
  pje_client *client = open_client();
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  const int64_t *const lists[] = {dims};
  pje_transfer_manager *transfer = NULL;
  pje_buffer *buffer = NULL;
  size_t half = (size_t)dims[0] / 2 * sizeof *x, done = 0, total = 0;
  ok(pje_transfer_manager_create(client, 1, (const pje_dtype[]){PJE_F32}, lists, (const size_t[]){1}, NULL,
                                 NULL, &transfer));
  ok(pje_transfer_manager_retrieve_buffer(transfer, 0, &buffer));
  ok(pje_transfer_manager_write(transfer, 0, (char *)x + half, half, half));
  put_code("twice", pje_transfer_manager_write(transfer, 0, (char *)x + half, half, half));
  ok(pje_transfer_manager_write(transfer, 0, x, half, 0));
  put_contents("y", buffer);
  ok(pje_transfer_manager_progress(transfer, 0, &done, &total));
  put_ints("progress", (const int64_t[]){(int64_t)done, (int64_t)total}, 2);
  pje_buffer_release(buffer);
  pje_transfer_manager_release(transfer);
  pje_client_release(client);
}

struct report {
  int64_t calls;
  int64_t last;
};

static void on_progress(void *data, const pje_transfer_state *state) {
  struct report *report = data;
  ++report->calls;
  report->last = (int64_t)state->bytes_done;
}

static void transfer_all(void) {
  pje_client *client = open_client();
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_array *arrays[2] = {array_of(x, dims, 1), NULL};
  pje_buffer *buffers[2] = {NULL, NULL};
  struct report report = {0, 0};
  pje_transfer_options options = PJE_TRANSFER_OPTIONS_INIT;
  arrays[1] = pje_array_retain(arrays[0]);
  options.piece_size = (size_t)input_int("piece");
  options.progress = on_progress;
  options.progress_data = &report;
  ok(pje_client_transfer_all(client, arrays, 2, &options, buffers));
  put_contents("first", buffers[0]);
  put_contents("second", buffers[1]);
  put_int("calls", report.calls);
  put_int("bytes", report.last);
  pje_buffers_release(buffers, 2);
  pje_array_release(arrays[0]);
  pje_array_release(arrays[1]);
  pje_client_release(client);
}

static void copies(void) {
  pje_client *client = open_client();
  pje_buffer *x = upload_input(client, "x"), *there = NULL, *pinned = NULL;
  pje_device *device = pje_client_addressable_device(client, (size_t)input_int("device"));
  ok(pje_buffer_copy_to_device(x, device, &there));
  for (size_t i = 0; i < pje_device_num_addressable_memories(device); ++i) {
    pje_memory *memory = pje_device_addressable_memory(device, i);
    if (strcmp(pje_memory_kind(memory), input("kind")) == 0)
      ok(pje_buffer_copy_to_memory(there, memory, &pinned));
  }
  put_int("device", pje_device_id(pje_buffer_device(there)));
  put_text("memory", pje_memory_kind(pje_buffer_memory(pinned)));
  put_contents("y", pinned);
  pje_buffer_release(pinned);
  pje_buffer_release(there);
  pje_buffer_release(x);
  pje_client_release(client);
}

static void execute_context(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x"), *y = NULL;
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  ok(pje_execute_context_create(pje_client_plugin(client), &options.context));
  options.call_location = "a scenario";
  ok(pje_loaded_executable_execute(executable, &x, 1, &options, &y, 1));
  put_contents("y", y);
  pje_execute_context_release(options.context);
  pje_buffer_release(y);
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void run_async(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  float values[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", values)};
  pje_array *x = array_of(values, dims, 1), *y = NULL;
  pje_event *done = NULL;
  ok(pje_loaded_executable_run_async(executable, &x, 1, &y, 1, &done));
  put_code("done", pje_event_wait(done));
  put_array("y", y);
  pje_event_release(done);
  pje_array_release(x);
  pje_array_release(y);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

/* What a program sends is kept, what it receives is the input `answer`. */
struct host {
  pje_request_queue *queue;
  float answer[MAX_VALUES];
  size_t size;
  float sent[MAX_VALUES];
  size_t received;
  int64_t pieces;
};

static void *serve_program(void *data) {
  struct host *host = data;
  uint64_t id = 0;
  size_t count = 0, size = 0;
  pje_error *error = NULL;
  while ((error = pje_request_queue_next(host->queue, -1, 1, &id, &count)) == NULL) {
    if (count == 0) continue;
    const void *piece = pje_request_queue_data(host->queue, id, &size);
    if (pje_request_queue_kind(host->queue, id) == PJE_REQUEST_SEND) {
      if (host->received + size <= sizeof host->sent)
        memcpy((char *)host->sent + host->received, piece, size);
      host->received += size;
      ++host->pieces;
      size = 0;
    } else {
      size = host->size * sizeof(float);
    }
    pje_error_release(pje_request_queue_answer(host->queue, id, host->answer, size, NULL));
  }
  pje_error_release(error);
  return NULL;
}

static void send_and_receive(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  struct host host = {.received = 0};
  float x[MAX_VALUES];
  int64_t dims[MAX_VALUES];
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_buffer *argument = NULL, *y = NULL;
  pthread_t server;
  host.size = input_floats("answer", host.answer);
  ok(pje_buffer_from_host(client, x, input_floats("x", x) * sizeof *x, PJE_F32, dims,
                          input_ints("dims", dims), NULL, &argument));
  ok(pje_request_queue_create(&host.queue));
  ok(pje_execute_handlers_create(NULL, NULL, &options.handlers));
  ok(pje_execute_handlers_add_send_requests(options.handlers, 5, host.queue));
  ok(pje_execute_handlers_add_receive_requests(options.handlers, 6, host.queue));
  if (pthread_create(&server, NULL, serve_program, &host) != 0) failed("no thread");
  pje_error *error = pje_loaded_executable_execute(executable, &argument, 1, &options, &y, 1);
  pje_request_queue_close(host.queue);
  pthread_join(server, NULL);
  ok(error);
  put_contents("y", y);
  put_floats("sent", host.sent, host.received / sizeof *host.sent);
  put_int("pieces", host.pieces);
  pje_execute_handlers_release(options.handlers);
  pje_request_queue_release(host.queue);
  pje_buffer_release(argument);
  pje_buffer_release(y);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void see_output(void *data, const pje_output_info *info) {
  int64_t *seen = data;
  seen[0] = info->callback_id;
  for (size_t i = 0; i < 2; ++i) seen[i + 1] = ((const int32_t *)info->data)[i];
}

static void output_handler(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  int64_t x[MAX_VALUES], seen[3] = {0};
  size_t n = input_ints("x", x);
  int32_t narrow[MAX_VALUES];
  for (size_t i = 0; i < n; ++i) narrow[i] = (int32_t)x[i];
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_buffer *argument = NULL, *y = NULL;
  ok(pje_buffer_from_host(client, narrow, n * sizeof *narrow, PJE_S32, (const int64_t[]){(int64_t)n}, 1, NULL,
                          &argument));
  ok(pje_execute_handlers_create(NULL, NULL, &options.handlers));
  ok(pje_execute_handlers_add_output(options.handlers, input_int("callback"), 1, see_output, seen));
  ok(pje_loaded_executable_execute(executable, &argument, 1, &options, &y, 1));
  put_ints("seen", seen, 3);
  pje_execute_handlers_release(options.handlers);
  pje_buffer_release(argument);
  pje_buffer_release(y);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

const scenario transfer_scenarios[] = {{"execute_per_device_mixed", execute_per_device_mixed},
                                       {"prepared_call", prepared_call},
                                       {"host_view", host_view},
                                       {"read_many", read_many},
                                       {"transfer_pieces", transfer_pieces},
                                       {"transfer_all", transfer_all},
                                       {"copies", copies},
                                       {"execute_context", execute_context},
                                       {"run_async", run_async},
                                       {"send_and_receive", send_and_receive},
                                       {"output_handler", output_handler},
                                       {NULL, NULL}};
