/* What the examples of loops share: a program on a plugin, and runs of it in flight, each with a slot. */
#ifndef PJRT_EASY_EXAMPLES_COMMON_H_
#define PJRT_EASY_EXAMPLES_COMMON_H_

#include <time.h>

#include "example.h"

#define IN_FLIGHT 16

struct runs {
  pje_client *client;
  pje_loaded_executable *executable;
  pje_buffer *argument;
  pje_completion_queue *queue;
  pje_buffer *outputs[IN_FLIGHT];
  size_t wanted;
  size_t started;
  size_t finished;
  double start;
};

static inline double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Starts one run; its completion comes through the queue with the slot as its tag. */
static inline void start_run(struct runs *runs, uint64_t slot) {
  pje_event *done = NULL;
  check(pje_loaded_executable_execute_async(runs->executable, &runs->argument, 1, NULL, &runs->outputs[slot],
                                            1, &done));
  check(pje_completion_queue_add(runs->queue, done, slot));
  pje_event_release(done);
  ++runs->started;
}

/* Takes what has completed, and starts as much again. */
static inline void take_completions(struct runs *runs) {
  uint64_t tags[IN_FLIGHT];
  pje_error *errors[IN_FLIGHT];
  size_t count = 0;
  do {
    check(pje_completion_queue_next(runs->queue, 0, IN_FLIGHT, tags, errors, &count));
    for (size_t i = 0; i < count; ++i) {
      check(errors[i]);
      pje_buffer_release(runs->outputs[tags[i]]);
      ++runs->finished;
      if (runs->started < runs->wanted) start_run(runs, tags[i]);
    }
  } while (count > 0);
}

/* usage: PROGRAM PLUGIN [RUNS] */
static inline void open_runs(struct runs *runs, int argc, char **argv) {
  const float values[4] = {1, 2, 3, 4};
  if (argc < 2 || argc > 3) {
    fprintf(stderr, "usage: %s PLUGIN [RUNS]\n", argv[0]);
    exit(2);
  }
  memset(runs, 0, sizeof *runs);
  runs->wanted = argc == 3 ? strtoull(argv[2], NULL, 10) : 10000;
  if (runs->wanted == 0) {
    fprintf(stderr, "RUNS is %s: expected at least 1\n", argv[2]);
    exit(2);
  }
  check(pje_client_open(argv[1], NULL, &runs->client));
  runs->executable = compile(runs->client, add_one, NULL);
  runs->argument = upload(runs->client, NULL, values, 4);
  check(pje_completion_queue_create(&runs->queue));
}

static inline void start_first_runs(struct runs *runs) {
  runs->start = now();
  for (uint64_t slot = 0; slot < IN_FLIGHT && runs->started < runs->wanted; ++slot) start_run(runs, slot);
}

static inline void close_runs(struct runs *runs) {
  double seconds = now() - runs->start;
  printf("%zu runs in %.3f s: %.0f a second\n", runs->finished, seconds, (double)runs->finished / seconds);
  pje_completion_queue_release(runs->queue);
  pje_buffer_release(runs->argument);
  pje_loaded_executable_release(runs->executable);
  pje_client_release(runs->client);
}

#endif
