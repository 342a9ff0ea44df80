#include "harness.h"

static const char kClosed[] = "client closed";

/* One of everything that belongs to a client. */
struct things {
  pje_client *client;
  pje_loaded_executable *executable;
  pje_buffer *argument, *output;
  pje_event *ready, *done;
};

static struct things make_things(const char *controls) {
  struct things t = {open_fake(controls), NULL, NULL, NULL, NULL, NULL};
  t.executable = compile_text(t.client, kAdd1);
  t.argument = upload_ramp(t.client, 4);
  expect_ok(pje_loaded_executable_execute_async(t.executable, &t.argument, 1, NULL, &t.output, 1, &t.done));
  expect_ok(pje_buffer_ready(t.output, &t.ready));
  return t;
}

static void release_things(struct things *t) {
  pje_client_release(t->client);
  pje_loaded_executable_release(t->executable);
  pje_buffer_release(t->argument);
  pje_buffer_release(t->output);
  pje_event_release(t->ready);
  pje_event_release(t->done);
}

#define REFUSED(call, function) expect_error(call, PJE_FAILED_PRECONDITION, function, kClosed)

static void expect_closed(struct things *t) {
  static const float values[4];
  const int64_t dims[1] = {4};
  float data[4];
  pje_device *device;
  pje_buffer *buffer = (pje_buffer *)t;
  pje_event *event;
  pje_loaded_executable *executable;
  pje_completion_queue *queue;
  struct calls calls = {0};
  REFUSED(pje_client_close(t->client, -1), "pje_client_close");
  REFUSED(pje_client_lookup_device(t->client, 0, &device), "pje_client_lookup_device");
  REFUSED(pje_buffer_from_host(t->client, values, sizeof values, PJE_F32, dims, 1, NULL, &buffer),
          "pje_buffer_from_host");
  assert_null(buffer);
  pje_program *program = program_from_text(kAdd1);
  REFUSED(pje_client_compile(t->client, program, NULL, &executable), "pje_client_compile");
  pje_program_release(program);
  REFUSED(pje_buffer_to_host(t->output, data, sizeof data), "pje_buffer_to_host");
  REFUSED(pje_buffer_to_host_async(t->output, data, sizeof data, &event), "pje_buffer_to_host_async");
  REFUSED(pje_buffer_ready(t->argument, &event), "pje_buffer_ready");
  REFUSED(pje_buffer_delete(t->argument), "pje_buffer_delete");
  REFUSED(pje_loaded_executable_execute(t->executable, &t->argument, 1, NULL, &buffer, 1),
          "pje_loaded_executable_execute");
  REFUSED(pje_event_wait(t->done), "pje_event_wait");
  REFUSED(pje_event_wait_for(t->ready, 0), "pje_event_wait_for");
  REFUSED(pje_event_error(t->done), "pje_event_error");
  REFUSED(pje_event_on_ready(t->done, count_call, &calls), "pje_event_on_ready");
  REFUSED(pje_event_all(&t->done, 1, &event), "pje_event_all");
  assert_true(pje_event_is_ready(t->done));
  expect_ok(pje_completion_queue_create(&queue));
  REFUSED(pje_completion_queue_add(queue, t->done, 1), "pje_completion_queue_add");
  pje_completion_queue_release(queue);
  assert_int_equal(calls_so_far(&calls), 0);
}

static void expect_known_facts(struct things *t) {
  uint64_t misuse = pje_misuse_count();
  assert_string_equal(pje_client_platform_name(t->client), "fake");
  assert_true(pje_client_num_devices(t->client) > 0);
  assert_int_equal(pje_device_id(pje_client_device(t->client, 0)), 0);
  assert_int_equal(pje_buffer_dtype(t->output), PJE_F32);
  assert_int_equal(pje_buffer_host_size(t->output), 16);
  assert_null(pje_buffer_device(t->output));
  assert_int_equal(pje_loaded_executable_num_args(t->executable), 1);
  assert_ptr_equal(pje_buffer_client(t->output), t->client);
  assert_int_equal(pje_misuse_count(), misuse);
}

OK(pje_client_close, leaves_handles_to_release) {
  struct things t = make_things(NULL);
  expect_ok(pje_client_close(t.client, -1));
  expect_closed(&t);
  expect_known_facts(&t);
  release_things(&t);
}

/* Every order of release, the client's own handle first and last among them. */
OK(pje_client_close, then_any_order_of_release) {
  for (int first = 0; first < 6; ++first) {
    struct things t = make_things(NULL);
    expect_ok(pje_client_close(t.client, -1));
    void *handles[6] = {t.client, t.executable, t.argument, t.output, t.ready, t.done};
    for (int i = 0; i < 6; ++i) {
      int at = (first + i) % 6;
      if (at == 0) pje_client_release(handles[0]);
      if (at == 1) pje_loaded_executable_release(handles[1]);
      if (at == 2 || at == 3) pje_buffer_release(handles[at]);
      if (at == 4 || at == 5) pje_event_release(handles[at]);
    }
  }
}

OK(pje_client_close, held_by_its_children_alone) {
  struct things t = make_things(NULL);
  pje_client *client = t.client;
  pje_device *device = pje_device_retain(pje_client_device(client, 0));
  expect_ok(pje_client_close(client, 0x7fffffffffffffff));
  release_things(&t);
  assert_int_equal(pje_device_id(device), 0);
  assert_true(pje_device_is_addressable(device));
  pje_device_release(device);
}

OK(pje_client_close, waits_for_running_work) {
  struct things t = make_things("delay=PJRT_LoadedExecutable_Execute:60ms");
  struct calls calls = {0};
  expect_ok(pje_event_on_ready(t.done, count_call, &calls));
  pje_event_release(t.done);
  t.done = NULL;
  int64_t start = now_ms();
  expect_ok(pje_client_close(t.client, -1));
  assert_true(now_ms() - start >= 40);
  assert_int_equal(calls_so_far(&calls), 1);
  release_things(&t);
}

/* What was made and not fetched, and what is still being made. */
OK(pje_client_close, waits_for_calls_on_the_pool) {
  pje_client *client = open_fake("delay=PJRT_Client_Compile:50ms");
  pje_program *program = program_from_text(kAdd1);
  pje_event *made = NULL, *making = NULL;
  expect_ok(pje_client_compile_async(client, program, NULL, NULL, &made));
  expect_ok(pje_event_wait(made));
  expect_ok(pje_client_compile_async(client, program, NULL, NULL, &making));
  expect_error(pje_client_close(client, 0), PJE_DEADLINE_EXCEEDED, "pje_client_close", "still running");
  expect_ok(pje_client_close(client, -1));
  REFUSED(pje_event_wait(made), "pje_event_wait");
  pje_event_release(making);
  pje_program_release(program);
  pje_client_release(client);
  pje_event_release(made);
}

OK(pje_client_close, other_clients_go_on) {
  struct things t = make_things(NULL);
  struct things other = make_things(NULL);
  const float expected[4] = {1, 2, 3, 4};
  expect_ok(pje_client_close(t.client, -1));
  expect_f32(other.output, expected, 4);
  REFUSED(pje_buffer_delete(t.output), "pje_buffer_delete");
  release_things(&t);
  expect_f32(other.argument, (const float[]){0, 1, 2, 3}, 4);
  release_things(&other);
}

/* Its memory is in use until the buffer goes, which is when it is closed at the latest. */
OK(pje_client_close, zero_copy_memory_is_given_back) {
  static float values[64] __attribute__((aligned(64)));
  const int64_t dims[1] = {64};
  struct calls calls = {0};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.semantics = PJE_HOST_IMMUTABLE_ZERO_COPY;
  options.release = count_call;
  options.release_data = &calls;
  pje_client *client = open_fake(NULL);
  pje_buffer *buffer = NULL, *second = NULL;
  pje_event *host_done = NULL;
  expect_ok(pje_buffer_from_host(client, values, sizeof values, PJE_F32, dims, 1, &options, &buffer));
  options.release = NULL;
  expect_ok(pje_buffer_from_host_async(client, values, sizeof values, PJE_F32, dims, 1, &options, &second,
                                       &host_done));
  assert_int_equal(calls_so_far(&calls), 0);
  expect_ok(pje_client_close(client, -1));
  assert_int_equal(calls_so_far(&calls), 1);
  pje_client_release(client);
  pje_buffer_release(buffer);
  pje_buffer_release(second);
  pje_event_release(host_done);
}

OK(pje_client_close, deleted_and_donated_buffers) {
  struct things t = make_things(NULL);
  pje_loaded_executable *donates = compile_text(t.client, kDonates);
  pje_buffer *args[2] = {upload_ramp(t.client, 4), t.argument}, *out = NULL;
  expect_ok(pje_loaded_executable_execute(donates, args, 2, NULL, &out, 1));
  expect_ok(pje_buffer_delete(t.output));
  expect_ok(pje_client_close(t.client, 1000000000));
  assert_true(pje_buffer_is_deleted(args[0]));
  release_things(&t);
  pje_buffer_release(args[0]);
  pje_buffer_release(out);
  pje_loaded_executable_release(donates);
}

FAILS(pje_client_close, deadline_leaves_it_open) {
  struct things t = make_things("delay=PJRT_LoadedExecutable_Execute:150ms");
  const float expected[4] = {1, 2, 3, 4};
  expect_error(pje_client_close(t.client, 0), PJE_DEADLINE_EXCEEDED, "pje_client_close", "still running");
  expect_error(pje_client_close(t.client, 5000000), PJE_DEADLINE_EXCEEDED, "pje_client_close", "stays open");
  expect_f32(t.output, expected, 4);
  expect_ok(pje_client_close(t.client, 20000000000));
  expect_closed(&t);
  release_things(&t);
}

static struct things inside;
static void close_inside(void) {
  expect_error(pje_client_close(inside.client, -1), PJE_FAILED_PRECONDITION, "pje_client_close", "callback");
}
FAILS(pje_client_close, in_a_callback) {
  inside = make_things(NULL);
  run_in_callback(close_inside);
  expect_ok(pje_client_close(inside.client, -1));
  release_things(&inside);
}

static void close_in_then(void *client) {
  expect_error(pje_client_close(client, -1), PJE_FAILED_PRECONDITION, "pje_client_close", "pje_event_then");
}
FAILS(pje_client_close, in_a_function_of_then) {
  struct things t = make_things(NULL);
  pje_event *out = NULL;
  expect_ok(pje_event_then(t.done, close_in_then, t.client, &out));
  expect_ok(pje_event_wait(out));
  pje_event_release(out);
  release_things(&t);
}

FAILS(pje_client_close, plugin_error) {
  struct things t = make_things(NULL);
  pje_client *second = open_fake("fail=PJRT_Client_Destroy:1:INTERNAL:the end went wrong");
  expect_error(pje_client_close(t.client, -1), PJE_INTERNAL, "PJRT_Client_Destroy", "the end went wrong");
  expect_closed(&t);
  release_things(&t);
  pje_client_release(second);
}

REFUSES_WRONG_HANDLE(pje_client_close, wrong_handle, pje_client, "client", pje_client_close(h, 0))

int main(void) {
  const struct CMUnitTest client_close[] = {
      cmocka_unit_test(pje_client_close__ok_leaves_handles_to_release),
      cmocka_unit_test(pje_client_close__ok_then_any_order_of_release),
      cmocka_unit_test(pje_client_close__ok_held_by_its_children_alone),
      WITH_FAKE("", pje_client_close__ok_waits_for_running_work),
      WITH_FAKE("", pje_client_close__ok_waits_for_calls_on_the_pool),
      cmocka_unit_test(pje_client_close__ok_other_clients_go_on),
      cmocka_unit_test(pje_client_close__ok_zero_copy_memory_is_given_back),
      cmocka_unit_test(pje_client_close__ok_deleted_and_donated_buffers),
      WITH_FAKE("", pje_client_close__fails_deadline_leaves_it_open),
      cmocka_unit_test(pje_client_close__fails_in_a_callback),
      cmocka_unit_test(pje_client_close__fails_in_a_function_of_then),
      WITH_FAKE("leaks=log", pje_client_close__fails_plugin_error),
      cmocka_unit_test(pje_client_close__fails_wrong_handle),
  };
  return RUN(client_close);
}
