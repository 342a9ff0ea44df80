/* The main job: load, compile, run. */
#include <pthread.h>

#include "support.h"

static void version(void) {
  put_bool("version_matches",
           pje_version_number() == PJE_VERSION_NUMBER && strcmp(pje_version(), "0.1.0") == 0);
  json names = {.size = 0};
  for (int code = 0; code <= 16; ++code)
    json_add(&names, "%s\"%s\"", code == 0 ? "[" : ",", pje_code_name((pje_code)code));
  json_add(&names, "]");
  put_raw("codes", names.text);
}

static void plugin_load(void) {
  pje_plugin *plugin = NULL, *again = NULL;
  ok(pje_plugin_load(plugin_path, NULL, &plugin));
  ok(pje_plugin_load(plugin_path, NULL, &again));
  put_int("major", pje_plugin_api_major(plugin));
  put_bool("minor_known", pje_plugin_api_minor(plugin) >= 57);
  put_bool("has", pje_plugin_has_function(plugin, input("has")));
  put_bool("has_not", pje_plugin_has_function(plugin, input("has_not")));
  put_bool("same_path", strcmp(pje_plugin_path(plugin), pje_plugin_path(again)) == 0);
  const pje_named_values *attributes = pje_plugin_attributes(plugin);
  put_bool("attribute", pje_named_values_find(attributes, input("attribute")) != SIZE_MAX);
  pje_plugin_release(again);
  pje_plugin_release(plugin);
}

static void client_open(void) {
  pje_client *client = open_client();
  size_t n = pje_client_num_devices(client);
  put_int("devices", (int64_t)n);
  put_int("addressable", (int64_t)pje_client_num_addressable_devices(client));
  put_int("process", pje_client_process_index(client));
  int64_t ids[MAX_VALUES];
  for (size_t i = 0; i < n && i < MAX_VALUES; ++i) ids[i] = pje_device_id(pje_client_device(client, i));
  put_ints("ids", ids, n);
  pje_client_release(client);
}

static void main_job(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_array *in = array_of(x, dims, 1), *out = NULL;
  ok(pje_loaded_executable_run(executable, &in, 1, &out, 1));
  put_array("y", out);
  pje_array_release(out);
  pje_array_release(in);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void program_from_text(void) {
  FILE *file = fopen(input("program"), "rb");
  if (file == NULL) failed("the program cannot be read");
  char text[4096];
  size_t size = fread(text, 1, sizeof text, file);
  fclose(file);
  pje_program *program = NULL;
  ok(pje_program_from_bytes(PJE_PROGRAM_AUTO, text, size, &program));
  put_text("format", pje_program_get_format(program) == PJE_PROGRAM_MLIR ? "mlir" : "other");
  pje_client *client = open_client();
  pje_loaded_executable *executable = NULL;
  ok(pje_client_compile(client, program, NULL, &executable));
  put_run("y", client, executable);
  pje_client_release(client);
  pje_program_release(program);
}

static void execute_one(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  put_int("outputs", (int64_t)pje_loaded_executable_num_outputs(executable));
  put_run("y", client, executable);
  pje_client_release(client);
}

static void execute_host_array(void) {
  pje_client *client = open_client();
  put_run("y", client, compile(client, NULL));
  pje_client_release(client);
}

static void execute_nothing(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *output = NULL;
  ok(pje_loaded_executable_execute(executable, NULL, 0, NULL, &output, 1));
  int32_t values[4] = {0};
  ok(pje_buffer_to_host(output, values, sizeof values));
  const int64_t wide[] = {values[0], values[1], values[2], values[3]};
  put_ints("y", wide, 4);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void execute_list(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *args[] = {upload_input(client, "a"), upload_input(client, "b")}, *outputs[2] = {NULL};
  ok(pje_loaded_executable_execute(executable, args, 2, NULL, outputs, 2));
  put_contents("sum", outputs[0]);
  put_contents("product", outputs[1]);
  pje_buffers_release(outputs, 2);
  pje_buffers_release(args, 2);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static pje_buffer *upload_scalar(pje_client *client, const char *key) {
  float value[MAX_VALUES];
  if (input_floats(key, value) != 1) failed(key);
  pje_buffer *buffer = NULL;
  ok(pje_buffer_from_host(client, value, sizeof *value, PJE_F32, NULL, 0, NULL, &buffer));
  return buffer;
}

static void execute_mixed(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *args[] = {upload_input(client, "x"), upload_scalar(client, "factor")}, *output = NULL;
  ok(pje_loaded_executable_execute(executable, args, 2, NULL, &output, 1));
  put_contents("y", output);
  pje_buffer_release(output);
  pje_buffers_release(args, 2);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void execute_scalars(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *args[] = {upload_scalar(client, "a"), upload_scalar(client, "b")}, *output = NULL;
  ok(pje_loaded_executable_execute(executable, args, 2, NULL, &output, 1));
  float y = 0;
  ok(pje_buffer_to_host(output, &y, sizeof y));
  json value = {.size = 0};
  json_add(&value, "%.9g", (double)y);
  put_raw("y", value.text);
  put_int("rank", (int64_t)pje_buffer_rank(output));
  pje_buffer_release(output);
  pje_buffers_release(args, 2);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void execute_chained(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *state = upload_input(client, "x");
  for (int64_t i = input_int("n"); i > 0; --i) {
    pje_buffer *next = NULL;
    ok(pje_loaded_executable_execute_async(executable, &state, 1, NULL, &next, 1, NULL));
    pje_buffer_release(state);
    state = next;
  }
  put_contents("y", state);
  pje_buffer_release(state);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void execute_per_device(void) {
  pje_client *client = open_client();
  pje_compile_options *options = replica_options(input_int("replicas"));
  pje_loaded_executable *executable = compile(client, options);
  size_t devices = pje_loaded_executable_num_addressable_devices(executable);
  pje_buffer *args[MAX_VALUES] = {NULL}, *outputs[MAX_VALUES] = {NULL};
  for (size_t d = 0; d < devices && d < MAX_VALUES; ++d) {
    float x[MAX_VALUES];
    size_t n = input_floats("x", x);
    for (size_t i = 0; i < n; ++i) x[i] += (float)d;
    args[d] = upload_to(client, x, n, pje_loaded_executable_addressable_device(executable, d));
  }
  ok(pje_loaded_executable_execute_sharded(executable, devices, args, 1, NULL, outputs, 1));
  json lists = {.size = 0};
  for (size_t d = 0; d < devices; ++d) {
    float y[MAX_VALUES];
    size_t n = read_floats(outputs[d], y);
    json_add(&lists, d == 0 ? "[" : ",");
    json_add_floats(&lists, y, n);
  }
  json_add(&lists, "]");
  put_raw("y", lists.text);
  pje_buffers_release(outputs, devices);
  pje_buffers_release(args, devices);
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
  pje_client_release(client);
}

static void execute_on_device(void) {
  pje_client *client = open_client();
  pje_compile_options *options = replica_options(1);
  ok(pje_compile_options_set_compile_portable_executable(options, true));
  pje_loaded_executable *executable = compile(client, options);
  pje_execute_options where = PJE_EXECUTE_OPTIONS_INIT;
  where.device = pje_client_addressable_device(client, (size_t)input_int("device"));
  float x[MAX_VALUES];
  size_t n = input_floats("x", x);
  pje_buffer *in = upload_to(client, x, n, where.device), *out = NULL;
  ok(pje_loaded_executable_execute(executable, &in, 1, &where, &out, 1));
  put_contents("y", out);
  put_int("device", pje_device_id(pje_buffer_device(out)));
  pje_buffer_release(out);
  pje_buffer_release(in);
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
  pje_client_release(client);
}

static void run_repeated(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_array *state = array_of(x, dims, 1);
  for (int64_t i = input_int("n"); i > 0; --i) {
    pje_array *next = NULL;
    ok(pje_loaded_executable_run(executable, &state, 1, &next, 1));
    pje_array_release(state);
    state = next;
  }
  put_array("y", state);
  pje_array_release(state);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void run_into(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_array *in = array_of(x, dims, 1), *out = NULL;
  ok(pje_array_create(PJE_F32, dims, 1, &out));
  ok(pje_loaded_executable_run_into(executable, &in, 1, NULL, &out, 1));
  put_array("y", out);
  pje_array_release(out);
  pje_array_release(in);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

typedef bool (*type_function)(const pje_loaded_executable *, size_t, pje_dtype *, const int64_t **, size_t *);

static void put_types(const pje_loaded_executable *executable, size_t n, type_function type_of,
                      const char *types_key, const char *dims_key) {
  json types = {.size = 0}, all = {.size = 0};
  for (size_t i = 0; i < n; ++i) {
    pje_dtype dtype = PJE_DTYPE_INVALID;
    const int64_t *dims = NULL;
    size_t rank = 0;
    if (!type_of(executable, i, &dtype, &dims, &rank)) failed(types_key);
    json_add(&types, "%s\"%s\"", i == 0 ? "[" : ",", pje_dtype_name(dtype));
    json_add(&all, "%s[", i == 0 ? "[" : ",");
    for (size_t d = 0; d < rank; ++d) json_add(&all, "%s%lld", d == 0 ? "" : ",", (long long)dims[d]);
    json_add(&all, "]");
  }
  json_add(&types, "]");
  json_add(&all, "]");
  put_raw(types_key, types.text);
  put_raw(dims_key, all.text);
}

static void signature(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  size_t args = pje_loaded_executable_num_args(executable);
  size_t outputs = pje_loaded_executable_num_outputs(executable);
  put_text("name", pje_loaded_executable_name(executable));
  put_int("args", (int64_t)args);
  put_int("outputs", (int64_t)outputs);
  put_int("replicas", (int64_t)pje_loaded_executable_num_replicas(executable));
  put_int("partitions", (int64_t)pje_loaded_executable_num_partitions(executable));
  put_types(executable, args, pje_loaded_executable_arg_type, "arg_types", "arg_dims");
  put_types(executable, outputs, pje_loaded_executable_output_type, "output_types", "output_dims");
  json donated = {.size = 0};
  for (size_t i = 0; i < args; ++i)
    json_add(&donated, "%s%s", i == 0 ? "[" : ",",
             pje_loaded_executable_arg_is_donated(executable, i) ? "true" : "false");
  json_add(&donated, "]");
  put_raw("donated", donated.text);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void compile_options(void) {
  pje_client *client = open_client();
  pje_compile_options *options = replica_options(input_int("replicas"));
  put_int("replicas", pje_compile_options_get_num_replicas(options));
  put_int("partitions", pje_compile_options_get_num_partitions(options));
  pje_bytes *bytes = NULL;
  ok(pje_compile_options_serialize(options, &bytes));
  put_bool("serialized", pje_bytes_size(bytes) > 0);
  pje_bytes_release(bytes);
  pje_loaded_executable *executable = compile(client, options);
  put_int("executable_replicas", (int64_t)pje_loaded_executable_num_replicas(executable));
  put_int("devices", (int64_t)pje_loaded_executable_num_addressable_devices(executable));
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
  pje_client_release(client);
}

struct worker {
  pje_client *client;
  pje_loaded_executable *executable;
  const float *x;
  size_t size;
  int64_t runs;
  int64_t wanted;
  double sum;
  pje_error *error;
};

static void *work(void *argument) {
  struct worker *worker = argument;
  const int64_t dims[] = {(int64_t)worker->size};
  pje_buffer *x = NULL;
  worker->error = pje_buffer_from_host(worker->client, worker->x, worker->size * sizeof(float), PJE_F32, dims,
                                       1, NULL, &x);
  while (worker->error == NULL && worker->runs < worker->wanted) {
    pje_buffer *y = NULL;
    float values[MAX_VALUES] = {0};
    worker->error = pje_loaded_executable_execute(worker->executable, &x, 1, NULL, &y, 1);
    if (worker->error == NULL) worker->error = pje_buffer_to_host(y, values, sizeof values);
    pje_buffer_release(y);
    worker->sum += (double)values[0];
    ++worker->runs;
  }
  pje_buffer_release(x);
  return NULL;
}

static void threads(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  float x[MAX_VALUES];
  size_t size = input_floats("x", x), n = (size_t)input_int("threads");
  struct worker workers[MAX_VALUES];
  pthread_t handles[MAX_VALUES];
  for (size_t i = 0; i < n; ++i) {
    workers[i] = (struct worker){client, executable, x, size, 0, input_int("n"), 0, NULL};
    if (pthread_create(&handles[i], NULL, work, &workers[i]) != 0) failed("no thread");
  }
  int64_t runs = 0;
  double sum = 0;
  for (size_t i = 0; i < n; ++i) {
    pthread_join(handles[i], NULL);
    runs += workers[i].runs;
    sum += workers[i].sum;
  }
  for (size_t i = 0; i < n; ++i) ok(workers[i].error);
  put_int("runs", runs);
  put_int("sum", (int64_t)sum);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

const scenario main_scenarios[] = {{"version", version},
                                   {"plugin_load", plugin_load},
                                   {"client_open", client_open},
                                   {"main_job", main_job},
                                   {"program_from_text", program_from_text},
                                   {"execute_one", execute_one},
                                   {"execute_nothing", execute_nothing},
                                   {"execute_list", execute_list},
                                   {"execute_mixed", execute_mixed},
                                   {"execute_host_array", execute_host_array},
                                   {"execute_scalars", execute_scalars},
                                   {"execute_chained", execute_chained},
                                   {"execute_per_device", execute_per_device},
                                   {"execute_on_device", execute_on_device},
                                   {"run_repeated", run_repeated},
                                   {"run_into", run_into},
                                   {"signature", signature},
                                   {"compile_options", compile_options},
                                   {"threads", threads},
                                   {NULL, NULL}};
