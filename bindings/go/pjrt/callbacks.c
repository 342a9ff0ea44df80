/* The library's callbacks, as functions of C that call those of Go. */
#include "_cgo_export.h"

#include <pthread.h>
#include <stdio.h>

__thread int bridge_quick = 0;

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
