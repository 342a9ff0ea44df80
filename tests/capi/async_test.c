/* Calls that run on the library's own threads. */
#include <dirent.h>
#include <unistd.h>

#include "harness.h"

#define MS ((int64_t)1000000)
#define LONG (20000 * MS)

/* Threads of this process whose name begins with `prefix`. */
static int threads_named(const char *prefix) {
  DIR *folder = opendir("/proc/self/task");
  assert_non_null(folder);
  int count = 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    char path[300];
    char name[32] = "";
    snprintf(path, sizeof(path), "/proc/self/task/%s/comm", entry->d_name);
    FILE *file = fopen(path, "r");
    if (file == NULL) continue;
    if (fgets(name, sizeof(name), file) != NULL && strncmp(name, prefix, strlen(prefix)) == 0) ++count;
    fclose(file);
  }
  closedir(folder);
  return count;
}

static int wait_for_threads(const char *prefix, int count) {
  int64_t end = now_ms() + 20000;
  while (threads_named(prefix) != count && now_ms() < end) sleep_ms(1);
  return threads_named(prefix);
}

static pje_event *compile_later(pje_client *client, const char *text, pje_loaded_executable **out) {
  pje_program *program = program_from_text(text);
  pje_event *done = NULL;
  expect_ok(pje_client_compile_async(client, program, NULL, out, &done));
  assert_non_null(done);
  pje_program_release(program);
  return done;
}

static void run_add1(pje_loaded_executable *executable) {
  const float values[] = {1, 2, 3, 4};
  const float expected[] = {2, 3, 4, 5};
  pje_buffer *in = upload_f32(pje_loaded_executable_client(executable), values, 4);
  pje_buffer *out = NULL;
  expect_ok(pje_loaded_executable_execute(executable, &in, 1, NULL, &out, 1));
  expect_f32(out, expected, 4);
  pje_buffer_release(in);
  pje_buffer_release(out);
}

OK(pje_client_compile_async, in_the_slot) {
  pje_loaded_executable *executable = NULL;
  pje_event *done = compile_later(shared_client(), kAdd1, &executable);
  expect_ok(pje_event_wait_for(done, LONG));
  assert_non_null(executable);
  pje_event_release(done);
  run_add1(executable);
  pje_loaded_executable_release(executable);
}
OK(pje_client_compile_async, from_the_event) {
  pje_loaded_executable *executable = NULL;
  pje_event *done = compile_later(shared_client(), kAdd1, NULL);
  expect_ok(pje_event_wait_for(done, LONG));
  expect_ok(pje_event_get_loaded_executable(done, &executable));
  pje_event_release(done);
  run_add1(executable);
  pje_loaded_executable_release(executable);
}
OK(pje_client_compile_async, waiting_given_up) {
  pje_client *client = open_fake("delay=PJRT_Client_Compile:50ms");
  pje_event *done = compile_later(client, kAdd1, NULL);
  expect_error(pje_event_wait_for(done, MS), PJE_DEADLINE_EXCEEDED, "pje_event_wait_for", "not ready");
  pje_event_release(done);
  pje_client_release(client);
  /* The call that nobody waits for keeps the client until it ends. */
  assert_int_equal(wait_for_threads("pje-pool", 0), 0);
}
OK(pje_client_compile_async, several_at_a_time) {
  pje_client *client = open_fake("delay=PJRT_Client_Compile:100ms");
  pje_event *done[4];
  pje_loaded_executable *executables[4];
  int64_t began = now_ms();
  for (size_t i = 0; i < COUNT(done); ++i) done[i] = compile_later(client, kAdd1, &executables[i]);
  assert_true(now_ms() - began < 100);
  for (size_t i = 0; i < COUNT(done); ++i) {
    expect_ok(pje_event_wait_for(done[i], LONG));
    pje_event_release(done[i]);
    run_add1(executables[i]);
    pje_loaded_executable_release(executables[i]);
  }
  assert_true(now_ms() - began < 4 * 100);
  pje_client_release(client);
}
OK(pje_client_compile_async, threads_end_with_the_last_client) {
  assert_int_equal(threads_named("pje-"), 0);
  pje_client *client = open_fake(NULL);
  pje_event *done = compile_later(client, kAdd1, NULL);
  expect_ok(pje_event_wait_for(done, LONG));
  assert_int_equal(threads_named("pje-pool"), 1);
  pje_event_release(done);
  pje_client_release(client);
  assert_int_equal(wait_for_threads("pje-", 0), 0);
}
FAILS(pje_client_compile_async, bad_program) {
  pje_loaded_executable *executable = (pje_loaded_executable *)&executable;
  pje_program *program = program_from_text("module { func.func @main() { nonsense } }");
  pje_event *done = NULL;
  expect_ok(pje_client_compile_async(shared_client(), program, NULL, &executable, &done));
  expect_error(pje_event_wait_for(done, LONG), PJE_UNKNOWN, "PJRT_Client_Compile", "");
  assert_null(executable);
  pje_event_release(done);
  pje_program_release(program);
}
FAILS(pje_client_compile_async, no_event) {
  pje_program *program = program_from_text(kAdd1);
  expect_invalid(pje_client_compile_async(shared_client(), program, NULL, NULL, NULL),
                 "pje_client_compile_async", "done");
  pje_program_release(program);
}
FAILS(pje_client_compile_async, wrong_program) {
  FOR_WRONG_HANDLES(pje_program, h) {
    pje_event *done = (pje_event *)&done;
    expect_invalid(pje_client_compile_async(shared_client(), h, NULL, NULL, &done),
                   "pje_client_compile_async", "program");
    assert_null(done);
  }
}
static pje_client *client_of_callback;
static void compile_inside(void) {
  pje_event *done = NULL;
  pje_program *program = NULL;
  expect_error(pje_client_compile_async(client_of_callback, program, NULL, NULL, &done),
               PJE_FAILED_PRECONDITION, "pje_client_compile_async", "inside a callback");
}
FAILS(pje_client_compile_async, inside_a_callback) {
  client_of_callback = shared_client();
  run_in_callback(compile_inside);
}

OK(pje_event_get_loaded_executable, several_times) {
  pje_loaded_executable *first = NULL;
  pje_loaded_executable *second = NULL;
  pje_event *done = compile_later(shared_client(), kAdd1, &first);
  expect_ok(pje_event_wait_for(done, LONG));
  expect_ok(pje_event_get_loaded_executable(done, &second));
  assert_ptr_equal(first, second);
  pje_event_release(done);
  pje_loaded_executable_release(first);
  run_add1(second);
  pje_loaded_executable_release(second);
}
FAILS(pje_event_get_loaded_executable, not_ready_or_of_another_call) {
  pje_loaded_executable *executable = NULL;
  pje_event *promise = NULL;
  expect_ok(pje_event_create(&promise));
  expect_error(pje_event_get_loaded_executable(promise, &executable), PJE_FAILED_PRECONDITION,
               "pje_event_get_loaded_executable", "not ready");
  expect_ok(pje_event_set(promise, NULL));
  expect_invalid(pje_event_get_loaded_executable(promise, &executable), "pje_event_get_loaded_executable",
                 "gives nothing");
  pje_event_release(promise);
}
FAILS(pje_event_get_loaded_executable, own_error) {
  pje_loaded_executable *executable = NULL;
  pje_event *done = compile_later(shared_client(), "nonsense", NULL);
  (void)pje_event_is_ready(done);
  pje_error *error = pje_event_wait_for(done, LONG);
  assert_non_null(error);
  pje_error_release(error);
  expect_error(pje_event_get_loaded_executable(done, &executable), PJE_UNKNOWN, "PJRT_Client_Compile", "");
  pje_event_release(done);
}
REFUSES_WRONG_HANDLE(pje_event_get_loaded_executable, wrong_handle, pje_event, "event",
                     pje_event_get_loaded_executable(h, &(pje_loaded_executable *){NULL}))

OK(pje_pool_set_num_threads, limits_calls_at_a_time) {
  pje_client *client = open_fake("delay=PJRT_Client_Compile:30ms");
  pje_event *done[4];
  expect_ok(pje_pool_set_num_threads(1));
  int64_t began = now_ms();
  for (size_t i = 0; i < COUNT(done); ++i) done[i] = compile_later(client, kAdd1, NULL);
  for (size_t i = 0; i < COUNT(done); ++i) {
    expect_ok(pje_event_wait_for(done[i], LONG));
    pje_event_release(done[i]);
  }
  assert_true(now_ms() - began >= 4 * 30);
  assert_int_equal(threads_named("pje-pool"), 1);
  expect_ok(pje_pool_set_num_threads(4));
  pje_client_release(client);
}
FAILS(pje_pool_set_num_threads, none_or_too_many) {
  expect_invalid(pje_pool_set_num_threads(0), "pje_pool_set_num_threads", "expected 1 to");
  expect_invalid(pje_pool_set_num_threads(SIZE_MAX), "pje_pool_set_num_threads", "expected 1 to");
}
OK(pje_pool_num_threads, the_number_set) {
  assert_int_equal(pje_pool_num_threads(), 4);
  expect_ok(pje_pool_set_num_threads(2));
  assert_int_equal(pje_pool_num_threads(), 2);
  expect_ok(pje_pool_set_num_threads(4));
}
FAILS(pje_pool_num_threads, unchanged_by_a_refusal) {
  expect_invalid(pje_pool_set_num_threads(0), "pje_pool_set_num_threads", "n");
  assert_int_equal(pje_pool_num_threads(), 4);
}

/* The end of a client runs on the thread that lets go last: after a wait that must be the waiter's, never one
 * of the plugin's that still holds the event. */
OK(pje_event_wait_for, leaves_the_event_to_the_waiter) {
  for (int round = 0; round < 200; ++round) {
    pje_client *client = open_fake(NULL);
    pje_buffer *buffer = upload_ramp(client, 4);
    pje_event *ready = NULL;
    struct calls calls = {0};
    expect_ok(pje_buffer_ready(buffer, &ready));
    expect_ok(pje_event_on_ready(ready, count_call, &calls));
    expect_ok(pje_event_wait_for(ready, LONG));
    wait_for_calls(&calls, 1);
    pje_event_release(ready);
    pje_buffer_release(buffer);
    pje_client_release(client);
    assert_int_equal(threads_named("pje-dispatcher"), 0);
  }
}

int main(void) {
  const struct CMUnitTest async_tests[] = {
      WITH_FAKE("", pje_client_compile_async__ok_threads_end_with_the_last_client),
      cmocka_unit_test(pje_client_compile_async__ok_in_the_slot),
      cmocka_unit_test(pje_client_compile_async__ok_from_the_event),
      WITH_FAKE("", pje_client_compile_async__ok_waiting_given_up),
      WITH_FAKE("", pje_client_compile_async__ok_several_at_a_time),
      cmocka_unit_test(pje_client_compile_async__fails_bad_program),
      cmocka_unit_test(pje_client_compile_async__fails_no_event),
      cmocka_unit_test(pje_client_compile_async__fails_wrong_program),
      cmocka_unit_test(pje_client_compile_async__fails_inside_a_callback),
      cmocka_unit_test(pje_event_get_loaded_executable__ok_several_times),
      cmocka_unit_test(pje_event_get_loaded_executable__fails_not_ready_or_of_another_call),
      cmocka_unit_test(pje_event_get_loaded_executable__fails_own_error),
      cmocka_unit_test(pje_event_get_loaded_executable__fails_wrong_handle),
      WITH_FAKE("", pje_pool_set_num_threads__ok_limits_calls_at_a_time),
      cmocka_unit_test(pje_pool_set_num_threads__fails_none_or_too_many),
      cmocka_unit_test(pje_pool_num_threads__ok_the_number_set),
      cmocka_unit_test(pje_pool_num_threads__fails_unchanged_by_a_refusal),
      WITH_FAKE("", pje_event_wait_for__ok_leaves_the_event_to_the_waiter),
  };
  return RUN(async_tests);
}
