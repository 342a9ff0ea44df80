/* Several calls of the library in one crossing from Go, and options structs that are built on C's side:
 * memory of Go that is given to C must not hold pointers to other memory of Go. None of these calls back into
 * Go. */
#ifndef PJRT_EASY_GO_BRIDGE_H_
#define PJRT_EASY_GO_BRIDGE_H_

#include <pjrt_easy.h>
#include <stdlib.h>

/* Quick calls are those that cgo is told not to expect calls of Go from (`#cgo nocallback`), which saves
 * their arguments from the heap. They may log and run out of memory all the same: callbacks.c looks at this
 * number. */
extern __thread int bridge_quick;
#define QUICK_CALL(call) \
  do {                   \
    ++bridge_quick;      \
    call;                \
    --bridge_quick;      \
  } while (0)

static inline void quick_release(uintptr_t buffer) { pje_buffer_release((pje_buffer *)buffer); }

static inline void quick_release_buffers(pje_buffer **buffers, size_t n) {
  QUICK_CALL(pje_buffers_release(buffers, n));
}

/* The outcome of an event that is ready, which is released then; else it is handed back in `pending`. */
static inline pje_error *bridge_settle(pje_event *event, pje_event **pending) {
  *pending = NULL;
  if (!pje_event_is_ready(event)) {
    *pending = event;
    return NULL;
  }
  pje_error *error = pje_event_error(event);
  pje_event_release(event);
  return error;
}

/* Options in memory of C, all defaults. */
static inline pje_execute_options *bridge_new_execute_options(void) {
  pje_execute_options *options = malloc(sizeof *options);
  if (options != NULL) *options = (pje_execute_options)PJE_EXECUTE_OPTIONS_INIT;
  return options;
}

/* How a call ended: an error, or an event that is still to come, or neither when all went well. */
struct ended {
  pje_error *error;
  pje_event *pending;
};

/* What is known of an executable's runs. Those that are over before a thread could do anything else may block
 * the caller's thread, a few at a time, which saves an event. */
struct habits {
  bool quick;
  uint32_t runs;
};
enum { RUNS_BETWEEN_LOOKS = 64, MAX_BLOCKED_THREADS = 4 };
extern int bridge_blocked;

/* Every so often an event is asked for, to see whether the runs are still quick. Two threads that count a run
 * as one only put that off. */
static inline bool may_block(struct habits *habits) {
  if (!__atomic_load_n(&habits->quick, __ATOMIC_RELAXED)) return false;
  uint32_t runs = __atomic_load_n(&habits->runs, __ATOMIC_RELAXED) + 1;
  __atomic_store_n(&habits->runs, runs, __ATOMIC_RELAXED);
  if (runs % RUNS_BETWEEN_LOOKS == 0) return false;
  if (__atomic_fetch_add(&bridge_blocked, 1, __ATOMIC_RELAXED) < MAX_BLOCKED_THREADS) return true;
  __atomic_fetch_sub(&bridge_blocked, 1, __ATOMIC_RELAXED);
  return false;
}

/* Without options; all numbers but the counts are pointers. A run that is known to have failed hands over no
 * outputs, as the blocking call does. */
static inline struct ended quick_execute(uintptr_t loaded, uintptr_t *arguments, size_t num_args,
                                         uintptr_t *results, size_t num_outputs, struct habits *habits,
                                         bool waits_for_ever) {
  struct ended ended = {NULL, NULL};
  pje_loaded_executable *executable = (pje_loaded_executable *)loaded;
  pje_buffer **args = (pje_buffer **)arguments, **outputs = (pje_buffer **)results;
  if (waits_for_ever && may_block(habits)) {
    QUICK_CALL(ended.error =
                   pje_loaded_executable_execute(executable, args, num_args, NULL, outputs, num_outputs));
    __atomic_fetch_sub(&bridge_blocked, 1, __ATOMIC_RELAXED);
    return ended;
  }
  pje_event *done = NULL;
  QUICK_CALL({
    ended.error =
        pje_loaded_executable_execute_async(executable, args, num_args, NULL, outputs, num_outputs, &done);
    if (ended.error == NULL) ended.error = bridge_settle(done, &ended.pending);
    if (ended.error != NULL) pje_buffers_release(outputs, num_outputs);
  });
  __atomic_store_n(&habits->quick, ended.error == NULL && ended.pending == NULL, __ATOMIC_RELAXED);
  return ended;
}

static inline pje_error *bridge_from_host(pje_client *client, const void *data, size_t size, pje_dtype dtype,
                                          const int64_t *dims, size_t rank, pje_device *device,
                                          pje_memory *memory, const int64_t *strides, size_t num_strides,
                                          const pje_layout *layout, pje_buffer **out) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.device = device;
  options.memory = memory;
  options.byte_strides = strides;
  options.num_byte_strides = num_strides;
  options.layout = layout;
  return pje_buffer_from_host(client, data, size, dtype, dims, rank, &options, out);
}

static inline pje_error *bridge_from_host_async(pje_client *client, const void *data, size_t size,
                                                pje_dtype dtype, const int64_t *dims, size_t rank,
                                                pje_device *device, pje_memory *memory,
                                                const int64_t *strides, size_t num_strides,
                                                const pje_layout *layout, int32_t semantics, pje_buffer **out,
                                                pje_event **host_done) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.device = device;
  options.memory = memory;
  options.byte_strides = strides;
  options.num_byte_strides = num_strides;
  options.layout = layout;
  options.semantics = semantics;
  return pje_buffer_from_host_async(client, data, size, dtype, dims, rank, &options, out, host_done);
}

static inline pje_error *bridge_from_array(pje_client *client, pje_array **array, bool consume,
                                           pje_device *device, pje_memory *memory, pje_buffer **out) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.device = device;
  options.memory = memory;
  return consume ? pje_buffer_from_array_consume(client, array, &options, out)
                 : pje_buffer_from_array(client, *array, &options, out);
}

static inline pje_error *bridge_from_array_async(pje_client *client, pje_array *array, pje_device *device,
                                                 pje_buffer **out, pje_event **host_done) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.device = device;
  return pje_buffer_from_array_async(client, array, &options, out, host_done);
}

static inline pje_error *quick_to_host(pje_buffer *buffer, void *data, size_t size, pje_event **pending) {
  pje_event *done = NULL;
  pje_error *error = NULL;
  *pending = NULL;
  QUICK_CALL({
    error = pje_buffer_to_host_async(buffer, data, size, &done);
    if (error == NULL) error = bridge_settle(done, pending);
  });
  return error;
}

static inline pje_error *quick_run_prepared(pje_prepared_call *call, pje_event **pending) {
  pje_event *done = NULL;
  pje_error *error = NULL;
  *pending = NULL;
  QUICK_CALL({
    error = pje_prepared_call_run_async(call, &done);
    if (error == NULL) error = bridge_settle(done, pending);
  });
  return error;
}

static inline pje_error *quick_wait(pje_event *event, bool *ready) {
  pje_error *error = NULL;
  QUICK_CALL({
    *ready = pje_event_is_ready(event);
    if (*ready) error = pje_event_error(event);
  });
  return error;
}

static inline pje_error *bridge_plugin_load(const char *name, const char *sha256, const char *const *paths,
                                            size_t num_paths, pje_plugin **out) {
  pje_plugin_options options = PJE_PLUGIN_OPTIONS_INIT;
  options.sha256 = sha256;
  options.search_paths = paths;
  options.num_search_paths = num_paths;
  return pje_plugin_load(name, &options, out);
}

static inline pje_error *bridge_client_create(pje_plugin *plugin, const pje_named_values *values,
                                              pje_kv_store *store, pje_client **out) {
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  options.options = values;
  options.kv_store = store;
  return pje_client_create(plugin, &options, out);
}

#endif /* PJRT_EASY_GO_BRIDGE_H_ */
