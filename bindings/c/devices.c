/* Devices, memories, several clients and several plugins. */
#include "support.h"

static void put_bools(const char *key, const bool *values, size_t n) {
  json out = {.size = 0};
  json_add(&out, "[");
  for (size_t i = 0; i < n; ++i) json_add(&out, "%s%s", i == 0 ? "" : ",", values[i] ? "true" : "false");
  json_add(&out, "]");
  put_raw(key, out.text);
}

static void devices(void) {
  pje_client *client = open_client();
  size_t n = pje_client_num_devices(client);
  int64_t ids[MAX_VALUES], local[MAX_VALUES], process[MAX_VALUES];
  bool addressable[MAX_VALUES], kind = true;
  for (size_t i = 0; i < n; ++i) {
    pje_device *device = pje_client_device(client, i);
    ids[i] = pje_device_id(device);
    local[i] = pje_device_local_hardware_id(device);
    process[i] = pje_device_process_index(device);
    addressable[i] = pje_device_is_addressable(device);
    kind = kind && pje_device_kind(device)[0] != '\0';
  }
  put_ints("ids", ids, n);
  put_ints("local", local, n);
  put_ints("process", process, n);
  put_bools("addressable", addressable, n);
  put_bool("kind", kind);
  pje_client_release(client);
}

static int by_id(const void *a, const void *b) {
  int32_t left = pje_memory_id(*(pje_memory *const *)a), right = pje_memory_id(*(pje_memory *const *)b);
  return (left > right) - (left < right);
}

static void memories(void) {
  pje_client *client = open_client();
  pje_device *device = pje_client_addressable_device(client, 0);
  pje_memory *all[MAX_VALUES];
  size_t n = pje_device_num_addressable_memories(device);
  for (size_t i = 0; i < n; ++i) all[i] = pje_device_addressable_memory(device, i);
  qsort(all, n, sizeof *all, by_id);
  json kinds = {.size = 0};
  for (size_t i = 0; i < n; ++i) json_add(&kinds, "%s\"%s\"", i == 0 ? "[" : ",", pje_memory_kind(all[i]));
  json_add(&kinds, "]");
  put_raw("kinds", kinds.text);
  put_text("default", pje_memory_kind(pje_device_default_memory(device)));
  bool distinct = true;
  n = pje_client_num_addressable_memories(client);
  for (size_t i = 0; i < n; ++i) all[i] = pje_client_addressable_memory(client, i);
  qsort(all, n, sizeof *all, by_id);
  for (size_t i = 1; i < n; ++i) distinct = distinct && pje_memory_id(all[i - 1]) != pje_memory_id(all[i]);
  put_bool("distinct", distinct);
  pje_client_release(client);
}

static void all_reduce(void) {
  pje_client *client = open_client();
  pje_compile_options *options = replica_options(input_int("replicas"));
  pje_loaded_executable *executable = compile(client, options);
  size_t n = pje_loaded_executable_num_addressable_devices(executable);
  pje_buffer *args[MAX_VALUES] = {NULL}, *outputs[MAX_VALUES] = {NULL};
  for (size_t d = 0; d < n; ++d) {
    const float values[] = {(float)d, 1};
    args[d] = upload_to(client, values, 2, pje_loaded_executable_addressable_device(executable, d));
  }
  ok(pje_loaded_executable_execute_sharded(executable, n, args, 1, NULL, outputs, 2));
  json sums = {.size = 0};
  int64_t replicas[MAX_VALUES];
  for (size_t d = 0; d < n; ++d) {
    float values[MAX_VALUES];
    uint32_t replica = 0;
    json_add(&sums, d == 0 ? "[" : ",");
    json_add_floats(&sums, values, read_floats(outputs[2 * d], values));
    ok(pje_buffer_to_host(outputs[2 * d + 1], &replica, sizeof replica));
    replicas[d] = replica;
  }
  json_add(&sums, "]");
  put_raw("sum", sums.text);
  put_ints("replica", replicas, n);
  pje_buffers_release(outputs, 2 * n);
  pje_buffers_release(args, n);
  pje_loaded_executable_release(executable);
  pje_compile_options_release(options);
  pje_client_release(client);
}

static void other_process(void) {
  pje_client *client = open_plain_client();
  int64_t ids[MAX_VALUES];
  size_t n = pje_client_num_devices(client);
  for (size_t i = 0; i < n; ++i) ids[i] = pje_device_id(pje_client_device(client, i));
  put_ints("ids", ids, n);
  n = pje_client_num_addressable_devices(client);
  for (size_t i = 0; i < n; ++i) ids[i] = pje_device_id(pje_client_addressable_device(client, i));
  put_ints("addressable", ids, n);
  put_int("process", pje_client_process_index(client));
  pje_client_release(client);
}

static void no_devices(void) {
  pje_client *client = open_plain_client();
  put_int("devices", (int64_t)pje_client_num_devices(client));
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_buffer *buffer = NULL;
  pje_error *error =
      pje_buffer_from_host(client, x, (size_t)dims[0] * sizeof *x, PJE_F32, dims, 1, NULL, &buffer);
  put_bool("refused", error != NULL);
  pje_error_release(error);
  pje_client_release(client);
}

/* Runs the program `times` times on a client, which it releases. */
static void put_runs(const char *key, pje_client *client, int times) {
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x");
  for (; times > 0; --times) {
    pje_buffer *y = execute(executable, x);
    pje_buffer_release(x);
    x = y;
  }
  put_contents(key, x);
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void two_clients(void) {
  pje_client *first = open_client(), *second = open_client();
  put_runs("first", first, 1);
  put_runs("second", second, 2);
}

static void two_plugins(void) {
  pje_client *first = open_client(), *second = NULL;
  ok(pje_client_open(input("other"), NULL, &second));
  put_bool("same", strcmp(pje_plugin_path(pje_client_plugin(first)),
                          pje_plugin_path(pje_client_plugin(second))) == 0);
  put_runs("first", first, 1);
  put_runs("second", second, 2);
}

static void old_plugin(void) {
  pje_client *client = open_client();
  pje_plugin *plugin = pje_client_plugin(client);
  put_int("minor", pje_plugin_api_minor(plugin));
  put_bool("has", pje_plugin_has_function(plugin, "PJRT_Buffer_Bitcast"));
  put_runs("y", client, 1);
}

static void new_plugin(void) {
  pje_client *client = open_client();
  put_bool("newer", pje_plugin_api_minor(pje_client_plugin(client)) >= 120);
  put_runs("y", client, 1);
}

const scenario device_scenarios[] = {{"devices", devices},         {"memories", memories},
                                     {"all_reduce", all_reduce},   {"other_process", other_process},
                                     {"no_devices", no_devices},   {"two_clients", two_clients},
                                     {"two_plugins", two_plugins}, {"old_plugin", old_plugin},
                                     {"new_plugin", new_plugin},   {NULL, NULL}};
