/* One thread that serves an event loop: nothing that it calls may hold it up. */
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

#define MS ((int64_t)1000000)
enum { kRuns = 40, kRounds = 11 };

static int64_t clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000 * MS + now.tv_nsec;
}

/* A call holds the thread up by computing, or by giving the core away to wait. What the machine's other work
 * takes from it in between, the call cannot help: without a wait, only its computing counts. */
struct stopwatch {
  int64_t wall;
  int64_t cpu;
  long waits;
};
static struct stopwatch now(void) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return (struct stopwatch){clock_ns(CLOCK_MONOTONIC), clock_ns(CLOCK_THREAD_CPUTIME_ID), usage.ru_nvcsw};
}
static void stop(struct stopwatch began, int64_t *longest) {
  struct stopwatch ended = now();
  int64_t held_up = ended.waits == began.waits ? ended.cpu - began.cpu : ended.wall - began.wall;
  if (held_up > *longest) *longest = held_up;
}

struct loop {
  int epoll;
  pje_completion_queue *queue;
};
static struct loop open_loop(void) {
  struct loop loop = {epoll_create1(EPOLL_CLOEXEC), NULL};
  struct epoll_event interest = {.events = EPOLLIN};
  expect_ok(pje_completion_queue_create(&loop.queue));
  assert_int_equal(epoll_ctl(loop.epoll, EPOLL_CTL_ADD, pje_completion_queue_fd(loop.queue), &interest), 0);
  return loop;
}

/* Starts forty runs, each on the result of the one before, and takes their completions as they come. */
static int64_t forty_runs(struct loop *loop, pje_loaded_executable *executable, pje_buffer *input) {
  pje_execute_options pool = PJE_EXECUTE_OPTIONS_INIT;
  pje_buffer *chain[kRuns + 1] = {pje_buffer_retain(input)};
  int64_t longest = 0;
  pool.launch = PJE_LAUNCH_POOL;
  for (int i = 0; i < kRuns; ++i) {
    pje_event *done = NULL;
    struct stopwatch watch = now();
    expect_ok(pje_loaded_executable_execute_async(executable, &chain[i], 1, &pool, &chain[i + 1], 1, &done));
    expect_ok(pje_completion_queue_add(loop->queue, done, (uint64_t)i));
    pje_event_release(done);
    stop(watch, &longest);
  }
  assert_int_equal(pje_buffer_dtype(chain[kRuns]), PJE_F32);
  assert_int_equal(pje_buffer_host_size(chain[kRuns]), 16);
  for (int finished = 0; finished < kRuns;) {
    struct epoll_event ready;
    uint64_t tags[kRuns];
    pje_error *errors[kRuns];
    size_t count = 0;
    assert_int_equal(epoll_wait(loop->epoll, &ready, 1, 60000), 1);
    struct stopwatch watch = now();
    expect_ok(pje_completion_queue_next(loop->queue, 0, kRuns, tags, errors, &count));
    stop(watch, &longest);
    for (size_t i = 0; i < count; ++i) expect_ok(errors[i]);
    finished += (int)count;
  }
  static const float kFortyMore[] = {40, 41, 42, 43};
  expect_f32(chain[kRuns], kFortyMore, 4);
  pje_buffers_release(chain, kRuns + 1);
  return longest;
}

static int by_size(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}
/* Who waits for a lock may wait for a holder that lost its core; what a call itself does, it does in every
 * round. */
static int64_t low_quartile(int64_t *values) {
  qsort(values, kRounds, sizeof *values, by_size);
  return values[kRounds / 4];
}

/* Inside each run the plugin computes for 5 ms: a thread that ran it, or waited for it, would be held up that
 * long in every round. */
OK(pje_loaded_executable_execute_async, forty_from_the_pool_without_a_stall) {
  pje_client *client = open_fake("complete=inside;delay=PJRT_LoadedExecutable_Execute:5ms");
  pje_loaded_executable *executable = compile_text(client, kAdd1);
  pje_buffer *input = upload_ramp(client, 4);
  struct loop loop = open_loop();
  int64_t longest[kRounds];
  /* The first use starts the thread. */
  forty_runs(&loop, executable, input);
  for (int round = 0; round < kRounds; ++round) longest[round] = forty_runs(&loop, executable, input);
  int64_t worst = low_quartile(longest);
  print_message("longest of %d runs' calls, low quartile of %d rounds: %" PRId64 " us\n", kRuns, kRounds,
                worst / 1000);
  assert_true(worst < MS);
  close(loop.epoll);
  pje_completion_queue_release(loop.queue);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

int main(void) {
  const struct CMUnitTest launch_stall[] = {
      WITH_FAKE("", pje_loaded_executable_execute_async__ok_forty_from_the_pool_without_a_stall),
  };
  return RUN(launch_stall);
}
