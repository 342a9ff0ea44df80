/* The library's callbacks, as functions of C that call those of Go. */
#include "_cgo_export.h"

#include <pthread.h>
#include <stdio.h>

__thread int bridge_quick = 0;
int bridge_blocked = 0;

/* Runs a function that calls Go. Inside a quick call (see bridge.h) it runs on a thread of its own, which is
 * waited for. */
static bool call_go(void *(*run)(void *), void *task) {
  pthread_t thread;
  if (bridge_quick == 0) {
    run(task);
    return true;
  }
  if (pthread_create(&thread, NULL, run, task) != 0) return false;
  pthread_join(thread, NULL);
  return true;
}

struct line {
  int32_t kind;
  pje_code code;
  const char *function;
  const char *message;
};

static void *write_line(void *task) {
  struct line *line = task;
  goLogLine(line->kind, (int32_t)line->code, (char *)line->function, (char *)line->message);
  return NULL;
}

static void on_line(void *user_data, int32_t kind, pje_code code, const char *function, const char *message) {
  struct line line = {kind, code, function, message};
  (void)user_data;
  if (!call_go(write_line, &line)) fprintf(stderr, "%s: %s\n", function, message);
}

pje_error *bridge_log_to_go(bool on) { return pje_log_set_callback(on ? on_line : NULL, NULL); }

struct question {
  uintptr_t handle;
  bool answer;
};

static void *ask(void *task) {
  struct question *question = task;
  question->answer = goOutOfMemory(question->handle);
  return NULL;
}

static bool on_out_of_memory(void *handle) {
  struct question question = {(uintptr_t)handle, false};
  return call_go(ask, &question) && question.answer;
}

pje_error *bridge_out_of_memory_to_go(pje_client *client, uintptr_t handle) {
  return pje_client_set_out_of_memory_callback(client, handle != 0 ? on_out_of_memory : NULL, (void *)handle);
}

static void *end_handlers(void *handle) {
  goHandlersEnded((uintptr_t)handle);
  return NULL;
}

static void on_handlers_ended(void *handle) { call_go(end_handlers, handle); }

pje_error *bridge_new_handlers(uintptr_t handle, pje_execute_handlers **out) {
  return pje_execute_handlers_create(on_handlers_ended, (void *)handle, out);
}

struct receive {
  uintptr_t handle;
  const pje_transfer_info *info;
  pje_copy_stream *stream;
};

static void *begin_receive(void *task) {
  struct receive *receive = task;
  goReceive(receive->handle, (pje_transfer_info *)receive->info, receive->stream);
  return NULL;
}

static pje_error *on_receive(void *handle, const pje_transfer_info *info, pje_copy_stream *stream) {
  struct receive receive = {(uintptr_t)handle, info, pje_copy_stream_retain(stream)};
  if (call_go(begin_receive, &receive)) return NULL;
  pje_copy_stream_release(stream);
  return pje_error_create(PJE_RESOURCE_EXHAUSTED, "no thread for the handler of a receive");
}

pje_error *bridge_add_receive(pje_execute_handlers *handlers, int64_t channel_id, uintptr_t handle) {
  return pje_execute_handlers_add_receive(handlers, channel_id, on_receive, (void *)handle);
}

struct output {
  uintptr_t handle;
  const pje_output_info *info;
};

static void *show_output(void *task) {
  struct output *output = task;
  goOutput(output->handle, (pje_output_info *)output->info);
  return NULL;
}

static void on_output(void *handle, const pje_output_info *info) {
  struct output output = {(uintptr_t)handle, info};
  if (!call_go(show_output, &output))
    fprintf(stderr, "pjrt: no thread for the handler of output %lld\n", (long long)info->callback_id);
}

pje_error *bridge_add_output(pje_execute_handlers *handlers, int64_t callback_id, size_t num_operands,
                             uintptr_t handle) {
  return pje_execute_handlers_add_output(handlers, callback_id, num_operands, on_output, (void *)handle);
}

struct progress {
  uintptr_t handle;
  const pje_transfer_state *state;
};

static void *tell_progress(void *task) {
  struct progress *progress = task;
  goTransferProgress(progress->handle, (pje_transfer_state *)progress->state);
  return NULL;
}

static void on_progress(void *handle, const pje_transfer_state *state) {
  struct progress progress = {(uintptr_t)handle, state};
  call_go(tell_progress, &progress);
}

pje_error *bridge_transfer_all(pje_client *client, pje_array **arrays, size_t num_arrays, pje_device *device,
                               pje_memory *memory, size_t piece_size, uintptr_t handle, pje_buffer **buffers,
                               pje_event **done) {
  pje_transfer_options options = PJE_TRANSFER_OPTIONS_INIT;
  options.device = device;
  options.memory = memory;
  options.piece_size = piece_size;
  options.progress = handle != 0 ? on_progress : NULL;
  options.progress_data = (void *)handle;
  return pje_client_transfer_all_async(client, arrays, num_arrays, &options, buffers, done);
}
