/* Layouts, device assignments, topologies, executables as such, requests, and what the library says of its
 * objects. */
#include <pthread.h>
#include <stdatomic.h>

#include "support.h"

static pje_layout *parse_layout(void) {
  pje_layout *layout = NULL;
  ok(pje_layout_from_text(input("layout"), &layout));
  return layout;
}

static void layout_text(void) {
  pje_layout *layout = parse_layout(), *copy = NULL, *wrong = NULL;
  ok(pje_layout_copy(layout, &copy));
  put_text("text", pje_layout_to_text(layout));
  put_dims("order", pje_layout_minor_to_major(layout), pje_layout_rank(layout));
  put_int("tiles", (int64_t)pje_layout_num_tiles(layout));
  put_bool("equal", pje_layout_equal(layout, copy) && pje_layout_hash(layout) == pje_layout_hash(copy));
  put_code("wrong", pje_layout_from_text(input("wrong"), &wrong));
  pje_layout_release(copy);
  pje_layout_release(layout);
}

static void layout_upload(void) {
  pje_client *client = open_client();
  pje_layout *layout = parse_layout(), *of = NULL;
  float x[MAX_VALUES];
  int64_t dims[MAX_VALUES];
  size_t n = input_floats("x", x), rank = input_ints("dims", dims);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.layout = layout;
  pje_buffer *buffer = NULL;
  ok(pje_buffer_from_host(client, x, n * sizeof *x, PJE_F32, dims, rank, &options, &buffer));
  ok(pje_buffer_memory_layout(buffer, &of));
  put_text("layout", pje_layout_to_text(of));
  put_contents("y", buffer);
  ok(pje_buffer_to_host_layout(buffer, layout, x, n * sizeof *x));
  put_floats("columns", x, n);
  pje_layout_release(of);
  pje_buffer_release(buffer);
  pje_layout_release(layout);
  pje_client_release(client);
}

static void put_ids(const char *key, const pje_device_assignment *assignment) {
  int64_t count =
      pje_device_assignment_num_replicas(assignment) * pje_device_assignment_num_partitions(assignment);
  put_ints(key, pje_device_assignment_device_ids(assignment), (size_t)count);
}

static void device_assignment(void) {
  pje_client *client = open_client();
  int64_t ids[MAX_VALUES];
  size_t n = input_ints("ids", ids);
  pje_device_assignment *assignment = NULL, *of = NULL, *wrong = NULL;
  ok(pje_device_assignment_create((int64_t)n, 1, ids, n, &assignment));
  pje_compile_options *options = replica_options(1);
  ok(pje_compile_options_set_assignment(options, assignment));
  pje_loaded_executable *executable = compile(client, options);
  ok(pje_loaded_executable_device_assignment(executable, &of));
  put_ids("ids", of);
  pje_buffer *args[MAX_VALUES] = {NULL}, *outputs[MAX_VALUES] = {NULL};
  int64_t on[MAX_VALUES];
  for (size_t d = 0; d < n; ++d) {
    float x[MAX_VALUES];
    size_t size = input_floats("x", x);
    args[d] = upload_to(client, x, size, pje_loaded_executable_addressable_device(executable, d));
  }
  ok(pje_loaded_executable_execute_sharded(executable, n, args, 1, NULL, outputs, 1));
  for (size_t d = 0; d < n; ++d) on[d] = pje_device_id(pje_buffer_device(outputs[d]));
  put_ints("outputs_on", on, n);
  ids[1] = ids[0];
  put_code("twice", pje_device_assignment_create((int64_t)n, 1, ids, n, &wrong));
  pje_buffers_release(outputs, n);
  pje_buffers_release(args, n);
  pje_device_assignment_release(of);
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
  pje_device_assignment_release(assignment);
  pje_client_release(client);
}

static void default_device_assignment(void) {
  pje_client *client = open_client();
  pje_device_assignment *assignment = NULL;
  ok(pje_client_default_device_assignment(client, 2, 2, &assignment));
  put_ids("ids", assignment);
  pje_device_assignment_release(assignment);
  pje_client_release(client);
}

static void topology(void) {
  pje_client *client = open_client();
  pje_topology *of = NULL;
  pje_bytes *bytes = NULL;
  ok(pje_client_topology(client, &of));
  size_t n = pje_topology_num_devices(of);
  int64_t ids[MAX_VALUES];
  for (size_t i = 0; i < n; ++i) ids[i] = pje_device_description_id(pje_topology_device(of, i));
  put_ints("ids", ids, n);
  put_bool("same_platform", strcmp(pje_topology_platform_name(of), pje_client_platform_name(client)) == 0);
  ok(pje_topology_serialize(of, &bytes));
  put_bool("serialized", pje_bytes_size(bytes) > 0);
  pje_bytes_release(bytes);
  pje_client_release(client);
}

static void ahead_of_time(void) {
  pje_client *client = open_client();
  pje_topology *of = NULL;
  pje_executable *compiled = NULL;
  pje_loaded_executable *loaded = NULL, *again = NULL;
  ok(pje_client_topology(client, &of));
  pje_program *program = load_program();
  ok(pje_compile(pje_client_plugin(client), of, program, NULL, NULL, &compiled));
  ok(pje_client_load(client, compiled, NULL, &loaded));
  put_run("y", client, loaded);
  put_code("again", pje_client_load(client, compiled, NULL, &again));
  pje_program_release(program);
  pje_executable_release(compiled);
  pje_client_release(client);
}

static void serialized_executable(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL), *loaded = NULL;
  pje_executable *compiled = NULL;
  pje_bytes *bytes = NULL;
  ok(pje_loaded_executable_executable(executable, &compiled));
  ok(pje_executable_serialize(compiled, &bytes));
  pje_executable_release(compiled);
  pje_loaded_executable_release(executable);
  const void *data = pje_bytes_data(bytes);
  size_t size = pje_bytes_size(bytes);
  pje_deserialize_options options = PJE_DESERIALIZE_OPTIONS_INIT;
  put_code("not_trusted", pje_client_deserialize_and_load(client, data, size, &options, &loaded));
  options.trusted = 1;
  put_code("cut", pje_client_deserialize_and_load(client, data, size - 1, &options, &loaded));
  ok(pje_client_deserialize_and_load(client, data, size, &options, &loaded));
  put_run("y", client, loaded);
  pje_bytes_release(bytes);
  pje_client_release(client);
}

static void executable_delete(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x"), *y = NULL;
  put_bool("before", pje_loaded_executable_is_deleted(executable));
  ok(pje_loaded_executable_delete(executable));
  put_bool("after", pje_loaded_executable_is_deleted(executable));
  put_code("execute", pje_loaded_executable_execute(executable, &x, 1, NULL, &y, 1));
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void client_close(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x"), *y = NULL;
  put_code("close", pje_client_close(client, -1));
  put_code("execute", pje_loaded_executable_execute(executable, &x, 1, NULL, &y, 1));
  put_code("again", pje_client_close(client, -1));
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void compile_given_up(void) {
  pje_client *client = open_client();
  pje_program *program = load_program();
  pje_event *done = NULL;
  pje_loaded_executable *executable = NULL;
  ok(pje_client_compile_async(client, program, NULL, NULL, &done));
  put_code("first", pje_event_wait_for(done, input_int("timeout_ms") * 1000000));
  pje_event_release(done);
  ok(pje_client_compile_async(client, program, NULL, NULL, &done));
  ok(pje_event_wait(done));
  ok(pje_event_get_loaded_executable(done, &executable));
  pje_event_release(done);
  put_run("y", client, executable);
  pje_program_release(program);
  pje_client_release(client);
}

static void *serve(void *data) {
  pje_request_queue *queue = data;
  uint64_t id = 0;
  size_t count = 0;
  pje_error *error = NULL;
  while ((error = pje_request_queue_next(queue, -1, 1, &id, &count)) == NULL) {
    if (count == 0) continue;
    const pje_named_values *values = pje_request_queue_values(queue, id);
    const char *key = "";
    pje_error *none = pje_named_values_get_string(values, pje_named_values_find(values, "key"), &key);
    bool known = none == NULL && strcmp(key, "known") == 0;
    pje_error_release(none);
    pje_error *refusal = known ? NULL : pje_error_create(PJE_NOT_FOUND, "no such key");
    pje_error_release(pje_request_queue_answer(queue, id, "value", 5, refusal));
    pje_error_release(refusal);
  }
  pje_error_release(error);
  return NULL;
}

static pje_error *ask(pje_request_queue *queue, const char *key, pje_bytes **out) {
  pje_named_values *values = NULL;
  ok(pje_named_values_create(&values));
  ok(pje_named_values_set_string(values, "key", key));
  pje_error *error = pje_request_queue_ask(queue, PJE_REQUEST_USER, values, NULL, 0, -1, out);
  pje_named_values_release(values);
  return error;
}

static void request_queue(void) {
  pje_request_queue *queue = NULL;
  pje_bytes *answer = NULL;
  ok(pje_request_queue_create(&queue));
  pthread_t server;
  if (pthread_create(&server, NULL, serve, queue) != 0) failed("no thread");
  ok(ask(queue, "known", &answer));
  put_text("known", pje_bytes_data(answer));
  pje_bytes_release(answer);
  put_code("unknown", ask(queue, "unknown", &answer));
  pje_request_queue_close(queue);
  pthread_join(server, NULL);
  put_code("closed", ask(queue, "known", &answer));
  pje_request_queue_release(queue);
}

static void describe(void) {
  pje_client *client = open_client();
  pje_buffer *x = upload_input(client, "x");
  char text[512] = "";
  put_bool("buffer", pje_buffer_describe(x, text, sizeof text) > 0 && strstr(text, "f32") != NULL);
  put_bool("client", pje_client_describe(client, text, sizeof text) > 0);
  put_bool("device", pje_device_describe(pje_client_device(client, 0), text, sizeof text) > 0);
  pje_buffer_release(x);
  pje_client_release(client);
}

static void client_stats(void) {
  pje_client *client = open_client();
  pje_buffer *x = upload_input(client, "x");
  pje_client_statistics stats = PJE_CLIENT_STATISTICS_INIT;
  ok(pje_client_stats(client, &stats));
  put_int("buffers", (int64_t)stats.num_buffers);
  put_int("bytes", (int64_t)stats.live_bytes);
  pje_buffer_release(x);
  ok(pje_client_stats(client, &stats));
  put_int("buffers_after", (int64_t)stats.num_buffers);
  put_int("bytes_after", (int64_t)stats.live_bytes);
  pje_client_release(client);
}

struct held {
  pje_buffer *buffer;
  atomic_int calls;
};

static bool give_back(void *data) {
  struct held *held = data;
  pje_buffers_release(&held->buffer, 1);
  return atomic_fetch_add(&held->calls, 1) == 0;
}

static pje_error *upload_zeros(pje_client *client, pje_buffer **out) {
  static const float zeros[200];
  const int64_t dims[] = {COUNT(zeros)};
  return pje_buffer_from_host(client, zeros, sizeof zeros, PJE_F32, dims, 1, NULL, out);
}

static void out_of_memory_callback(void) {
  pje_client *client = open_client();
  struct held held = {NULL, 0};
  pje_buffer *second = NULL, *third = NULL;
  ok(upload_zeros(client, &held.buffer));
  ok(pje_client_set_out_of_memory_callback(client, give_back, &held));
  put_code("second", upload_zeros(client, &second));
  put_int("calls", atomic_load(&held.calls));
  ok(pje_client_set_out_of_memory_callback(client, NULL, NULL));
  put_code("third", upload_zeros(client, &third));
  pje_buffer_release(second);
  pje_client_release(client);
}

const scenario object_scenarios[] = {{"layout_text", layout_text},
                                     {"layout_upload", layout_upload},
                                     {"device_assignment", device_assignment},
                                     {"default_device_assignment", default_device_assignment},
                                     {"topology", topology},
                                     {"ahead_of_time", ahead_of_time},
                                     {"serialized_executable", serialized_executable},
                                     {"executable_delete", executable_delete},
                                     {"client_close", client_close},
                                     {"compile_given_up", compile_given_up},
                                     {"request_queue", request_queue},
                                     {"describe", describe},
                                     {"client_stats", client_stats},
                                     {"out_of_memory_callback", out_of_memory_callback},
                                     {NULL, NULL}};
