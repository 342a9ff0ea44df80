/* Key-value stores: the library's own, and one that a thread of this program answers for. */
#include <pthread.h>

#include "support.h"

static void kv_store(void) {
  pje_kv_store *store = NULL;
  pje_bytes *value = NULL;
  pje_client *client = NULL;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  const char *key = input("key"), *given = input("value");
  ok(pje_kv_store_create(&store));
  put_code("before", pje_kv_store_try_get(store, key, strlen(key), &value));
  put_code("late", pje_kv_store_get(store, key, strlen(key), 1000000, &value));
  ok(pje_kv_store_put(store, key, strlen(key), given, strlen(given)));
  ok(pje_kv_store_get(store, key, strlen(key), -1, &value));
  put_text("after", pje_bytes_data(value));
  pje_bytes_release(value);
  options.kv_store = store;
  ok(pje_client_open(plugin_path, &options, &client));
  pje_kv_store_release(store);
  put_run("y", client, compile(client, NULL));
  pje_client_release(client);
}

#define MAX_ENTRIES 16

struct entry {
  char key[128];
  char value[4096];
  size_t size;
};

/* What the thread that answers knows. A question whose value is not there yet waits its turn. */
struct table {
  pje_request_queue *queue;
  struct entry entries[MAX_ENTRIES];
  size_t num_entries;
  uint64_t waiting[MAX_ENTRIES];
  size_t num_waiting;
};

static const char *key_of(struct table *table, uint64_t id) {
  const pje_named_values *values = pje_request_queue_values(table->queue, id);
  const char *key = "";
  pje_error_release(pje_named_values_get_string(values, pje_named_values_find(values, "key"), &key));
  return key;
}

static void keep(struct table *table, uint64_t id) {
  size_t size = 0;
  const void *data = pje_request_queue_data(table->queue, id, &size);
  struct entry *entry = &table->entries[table->num_entries];
  if (table->num_entries == MAX_ENTRIES || size > sizeof entry->value) return;
  snprintf(entry->key, sizeof entry->key, "%s", key_of(table, id));
  memcpy(entry->value, data, size);
  entry->size = size;
  ++table->num_entries;
  pje_error_release(pje_request_queue_answer(table->queue, id, NULL, 0, NULL));
}

static bool answered(struct table *table, uint64_t id) {
  for (size_t i = 0; i < table->num_entries; ++i) {
    struct entry *entry = &table->entries[i];
    if (strcmp(entry->key, key_of(table, id)) != 0) continue;
    pje_error_release(pje_request_queue_answer(table->queue, id, entry->value, entry->size, NULL));
    return true;
  }
  if (pje_request_queue_kind(table->queue, id) != PJE_REQUEST_KV_TRY_GET) return false;
  pje_error *none = pje_error_create(PJE_NOT_FOUND, "no value yet");
  pje_error_release(pje_request_queue_answer(table->queue, id, NULL, 0, none));
  pje_error_release(none);
  return true;
}

static void *serve_table(void *data) {
  struct table *table = data;
  uint64_t id = 0;
  size_t count = 0;
  pje_error *error = NULL;
  while ((error = pje_request_queue_next(table->queue, -1, 1, &id, &count)) == NULL) {
    if (count == 0) continue;
    if (pje_request_queue_kind(table->queue, id) == PJE_REQUEST_KV_PUT) {
      keep(table, id);
    } else if (!answered(table, id) && table->num_waiting < MAX_ENTRIES) {
      table->waiting[table->num_waiting++] = id;
    }
    for (size_t i = 0; i < table->num_waiting;) {
      if (!answered(table, table->waiting[i])) {
        ++i;
        continue;
      }
      table->waiting[i] = table->waiting[--table->num_waiting];
    }
  }
  pje_error_release(error);
  return NULL;
}

struct process {
  int64_t number, count;
  pje_kv_store *store;
  pje_client *client;
  pje_error *error;
};

static void *open_process(void *data) {
  struct process *process = data;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_named_values *values = NULL;
  process->error = pje_named_values_create(&values);
  if (process->error == NULL) process->error = pje_named_values_set_int64(values, "cpu_device_count", 2);
  if (process->error == NULL) process->error = pje_named_values_set_int64(values, "process", process->number);
  if (process->error == NULL)
    process->error = pje_named_values_set_int64(values, "processes", process->count);
  options.options = values;
  options.kv_store = process->store;
  if (process->error == NULL) process->error = pje_client_open(plugin_path, &options, &process->client);
  pje_named_values_release(values);
  return NULL;
}

static void kv_store_served(void) {
  struct table *table = calloc(1, sizeof *table);
  size_t n = (size_t)input_int("processes");
  pje_kv_store *store = NULL;
  struct process processes[MAX_ENTRIES];
  pthread_t server, threads[MAX_ENTRIES];
  int64_t numbers[MAX_ENTRIES], devices[MAX_ENTRIES];
  if (table == NULL) failed("no memory");
  ok(pje_request_queue_create(&table->queue));
  ok(pje_kv_store_from_request_queue(table->queue, &store));
  if (pthread_create(&server, NULL, serve_table, table) != 0) failed("no thread");
  for (size_t i = 0; i < n; ++i) {
    processes[i] = (struct process){(int64_t)i, (int64_t)n, store, NULL, NULL};
    if (pthread_create(&threads[i], NULL, open_process, &processes[i]) != 0) failed("no thread");
  }
  for (size_t i = 0; i < n; ++i) pthread_join(threads[i], NULL);
  pje_request_queue_close(table->queue);
  pthread_join(server, NULL);
  for (size_t i = 0; i < n; ++i) {
    ok(processes[i].error);
    numbers[i] = pje_client_process_index(processes[i].client);
    devices[i] = (int64_t)pje_client_num_devices(processes[i].client);
    pje_client_release(processes[i].client);
  }
  put_ints("processes", numbers, n);
  put_ints("devices", devices, n);
  pje_kv_store_release(store);
  pje_request_queue_release(table->queue);
  free(table);
}

const scenario kv_store_scenarios[] = {
    {"kv_store", kv_store}, {"kv_store_served", kv_store_served}, {NULL, NULL}};
