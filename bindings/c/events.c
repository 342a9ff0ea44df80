/* Asynchrony: events, promises, completion queues. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "support.h"

#define MS INT64_C(1000000)

/* One run that has been started and not waited for. */
typedef struct started {
  pje_client *client;
  pje_loaded_executable *executable;
  pje_buffer *x, *y;
  pje_event *done;
} started;

static started start(void) {
  started run = {.client = open_client()};
  run.executable = compile(run.client, NULL);
  run.x = upload_input(run.client, "x");
  ok(pje_loaded_executable_execute_async(run.executable, &run.x, 1, NULL, &run.y, 1, &run.done));
  return run;
}

static void finish(started *run) {
  pje_event_release(run->done);
  pje_buffer_release(run->y);
  pje_buffer_release(run->x);
  pje_loaded_executable_release(run->executable);
  pje_client_release(run->client);
}

static void wait_for_run(void) {
  started run = start();
  put_code("done", pje_event_wait(run.done));
  put_contents("y", run.y);
  finish(&run);
}

static void wait_for_buffer(void) {
  started run = start();
  pje_event *ready = NULL;
  ok(pje_buffer_ready(run.y, &ready));
  put_code("ready", pje_event_wait(ready));
  put_contents("y", run.y);
  pje_event_release(ready);
  finish(&run);
}

static void poll(void) {
  started run = start();
  put_bool("before", pje_event_is_ready(run.done));
  put_code("done", pje_event_wait(run.done));
  put_bool("after", pje_event_is_ready(run.done));
  finish(&run);
}

static void wait_with_timeout(void) {
  started run = start();
  put_code("first", pje_event_wait_for(run.done, input_int("timeout_ms") * MS));
  put_code("second", pje_event_wait(run.done));
  put_contents("y", run.y);
  finish(&run);
}

static void wait_given_up(void) {
  started run = start();
  pje_error *error = pje_event_wait_for(run.done, input_int("timeout_ms") * MS);
  put_text("first", pje_error_code(error) == PJE_DEADLINE_EXCEEDED ? "stopped" : "went on");
  pje_error_release(error);
  put_code("second", pje_event_wait(run.done));
  put_contents("y", run.y);
  finish(&run);
}

static void promise(void) {
  pje_event *event = NULL, *failing = NULL;
  ok(pje_event_create(&event));
  put_bool("before", pje_event_is_ready(event));
  ok(pje_event_set(event, NULL));
  put_bool("after", pje_event_is_ready(event));
  put_code("wait", pje_event_wait(event));
  put_code("again", pje_event_set(event, NULL));
  ok(pje_event_create(&failing));
  pje_error *error = pje_error_create(PJE_NOT_FOUND, "nothing there");
  ok(pje_event_set(failing, error));
  pje_error_release(error);
  put_code("error", pje_event_wait(failing));
  pje_event_release(failing);
  pje_event_release(event);
}

static void *set_soon(void *event) {
  usleep(20000);
  pje_error_release(pje_event_set(event, NULL));
  return NULL;
}

static void promise_from_another_thread(void) {
  pje_event *event = NULL;
  ok(pje_event_create(&event));
  pthread_t thread;
  if (pthread_create(&thread, NULL, set_soon, event) != 0) failed("no thread");
  put_code("wait", pje_event_wait(event));
  pthread_join(thread, NULL);
  pje_event_release(event);
}

static void set_with(pje_event *event, pje_code code) {
  pje_error *error = code == PJE_OK ? NULL : pje_error_create(code, "as asked");
  ok(pje_event_set(event, error));
  pje_error_release(error);
}

static void event_all(void) {
  pje_event *members[3] = {NULL}, *all = NULL;
  for (size_t i = 0; i < 3; ++i) ok(pje_event_create(&members[i]));
  ok(pje_event_all(members, 3, &all));
  set_with(members[2], PJE_INTERNAL);
  set_with(members[1], PJE_ABORTED);
  put_bool("before", pje_event_is_ready(all));
  set_with(members[0], PJE_OK);
  put_code("code", pje_event_wait(all));
  pje_event_release(all);
  for (size_t i = 0; i < 3; ++i) pje_event_release(members[i]);
}

static void event_any(void) {
  pje_event *members[3] = {NULL}, *any = NULL;
  size_t index = SIZE_MAX;
  for (size_t i = 0; i < 3; ++i) ok(pje_event_create(&members[i]));
  ok(pje_event_any(members, 3, &any, &index));
  set_with(members[1], PJE_OK);
  put_code("code", pje_event_wait(any));
  put_int("index", (int64_t)index);
  set_with(members[0], PJE_OK);
  set_with(members[2], PJE_OK);
  pje_event_release(any);
  for (size_t i = 0; i < 3; ++i) pje_event_release(members[i]);
}

static void event_all_of_nothing(void) {
  pje_event *all = NULL;
  ok(pje_event_all(NULL, 0, &all));
  put_bool("ready", pje_event_is_ready(all));
  pje_event_release(all);
}

static void event_of_dropped_promise(void) {
  pje_event *promise = NULL, *all = NULL;
  ok(pje_event_create(&promise));
  ok(pje_event_all(&promise, 1, &all));
  pje_event_release(promise);
  put_code("code", pje_event_wait(all));
  pje_event_release(all);
}

struct second_run {
  started *first;
  pje_buffer *z;
  pje_error *error;
  atomic_int calls;
};

static void run_again(void *data) {
  struct second_run *second = data;
  second->error = pje_loaded_executable_execute_async(second->first->executable, &second->first->y, 1, NULL,
                                                      &second->z, 1, NULL);
  atomic_fetch_add(&second->calls, 1);
}

static void continuation(void) {
  started run = start();
  struct second_run second = {.first = &run};
  pje_event *then = NULL;
  ok(pje_event_then(run.done, run_again, &second, &then));
  ok(pje_event_wait(then));
  ok(second.error);
  put_int("calls", atomic_load(&second.calls));
  put_contents("y", second.z);
  pje_event_release(then);
  pje_buffer_release(second.z);
  finish(&run);
}

/* `n` runs in a queue under the tags 0 to n-1; takes them all, and counts how often each came back well. */
static void queued_runs(size_t n, int *good) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x");
  pje_completion_queue *queue = NULL;
  ok(pje_completion_queue_create(&queue));
  for (size_t i = 0; i < n; ++i) {
    pje_buffer *y = NULL;
    pje_event *done = NULL;
    ok(pje_loaded_executable_execute_async(executable, &x, 1, NULL, &y, 1, &done));
    ok(pje_completion_queue_add(queue, done, i));
    pje_event_release(done);
    pje_buffer_release(y);
  }
  uint64_t tags[16];
  pje_error *errors[16];
  size_t count = 0;
  for (size_t taken = 0; taken < n; taken += count) {
    ok(pje_completion_queue_next(queue, -1, COUNT(tags), tags, errors, &count));
    for (size_t i = 0; i < count; ++i) {
      if (tags[i] < n && errors[i] == NULL) ++good[tags[i]];
      pje_error_release(errors[i]);
    }
  }
  ok(pje_completion_queue_next(queue, 0, COUNT(tags), tags, errors, &count));
  if (count != 0) failed("more completions than runs");
  pje_completion_queue_release(queue);
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void completion_queue(void) {
  int good[MAX_VALUES] = {0};
  int64_t tags[MAX_VALUES];
  size_t n = (size_t)input_int("n"), num_tags = 0;
  if (n > MAX_VALUES) failed("n");
  queued_runs(n, good);
  for (size_t i = 0; i < n; ++i)
    if (good[i] == 1) tags[num_tags++] = (int64_t)i;
  put_ints("tags", tags, num_tags);
}

static void many_pending_waits(void) {
  int good[1024] = {0};
  size_t n = (size_t)input_int("n"), once = 0;
  if (n > COUNT(good)) failed("n");
  queued_runs(n, good);
  for (size_t i = 0; i < n; ++i) once += good[i] == 1;
  put_int("good", (int64_t)once);
}

static void completion_queue_error(void) {
  pje_event *event = NULL;
  pje_completion_queue *queue = NULL;
  ok(pje_event_create(&event));
  ok(pje_completion_queue_create(&queue));
  ok(pje_completion_queue_add(queue, event, 7));
  set_with(event, PJE_UNAVAILABLE);
  uint64_t tag = 0;
  pje_error *error = NULL;
  size_t count = 0;
  ok(pje_completion_queue_next(queue, -1, 1, &tag, &error, &count));
  put_int("tag", count == 1 ? (int64_t)tag : -1);
  put_code("code", error);
  pje_completion_queue_release(queue);
  pje_event_release(event);
}

const scenario event_scenarios[] = {{"wait_for_run", wait_for_run},
                                    {"wait_for_buffer", wait_for_buffer},
                                    {"poll", poll},
                                    {"wait_with_timeout", wait_with_timeout},
                                    {"wait_given_up", wait_given_up},
                                    {"promise", promise},
                                    {"promise_from_another_thread", promise_from_another_thread},
                                    {"event_all", event_all},
                                    {"event_any", event_any},
                                    {"event_all_of_nothing", event_all_of_nothing},
                                    {"event_of_dropped_promise", event_of_dropped_promise},
                                    {"continuation", continuation},
                                    {"completion_queue", completion_queue},
                                    {"completion_queue_error", completion_queue_error},
                                    {"many_pending_waits", many_pending_waits},
                                    {"completes_inside", wait_for_run},
                                    {NULL, NULL}};
