/* What both examples share: a program on a plugin, and runs of it in flight, each with a slot. */
#ifndef PJRT_EASY_EXAMPLES_COMMON_H_
#define PJRT_EASY_EXAMPLES_COMMON_H_

#include <pjrt_easy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static inline void check(pje_error *error) {
  if (error == NULL) return;
  fprintf(stderr, "%s\n", pje_error_message(error));
  exit(1);
}

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
  static const char text[] =
      "module @add1 {\n"
      "  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
      "    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>\n"
      "    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>\n"
      "    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>\n"
      "    return %1 : tensor<4xf32>\n"
      "  }\n"
      "}\n";
  const float values[4] = {1, 2, 3, 4};
  const int64_t dims[1] = {4};
  pje_program *program = NULL;
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
  check(pje_program_from_bytes(PJE_PROGRAM_AUTO, text, strlen(text), &program));
  check(pje_client_compile(runs->client, program, NULL, &runs->executable));
  check(pje_buffer_from_host(runs->client, values, sizeof values, PJE_F32, dims, 1, NULL, &runs->argument));
  check(pje_completion_queue_create(&runs->queue));
  pje_program_release(program);
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
