/* Runs a program 10,000 times from one libuv loop. A uv_async_t carries the queue's wake-ups, which merge,
 * into the loop: no code of this program runs on a thread of the plugin but uv_async_send. cc libuv.c
 * $(pkg-config --cflags --libs pjrt_easy libuv) -o libuv && ./libuv cpu */
#define _POSIX_C_SOURCE 200809L

#include <uv.h>

#include "common.h"

static void wake_loop(void *async) { uv_async_send(async); }

static void on_completions(uv_async_t *async) {
  struct runs *runs = async->data;
  take_completions(runs);
  if (runs->finished < runs->wanted) return;
  /* The callback that told of the last completion may still be inside uv_async_send: this waits for it. */
  check(pje_completion_queue_on_nonempty(runs->queue, NULL, NULL));
  uv_close((uv_handle_t *)async, NULL);
}

int main(int argc, char **argv) {
  struct runs runs;
  uv_async_t async;
  open_runs(&runs, argc, argv);
  if (uv_async_init(uv_default_loop(), &async, on_completions) != 0) return 1;
  async.data = &runs;
  check(pje_completion_queue_on_nonempty(runs.queue, wake_loop, &async));
  start_first_runs(&runs);
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  close_runs(&runs);
  uv_loop_close(uv_default_loop());
  return 0;
}
