/* Several buffers read in one call, and views of a buffer's memory. */
#include "harness.h"

static const float kRamp[] = {0, 1, 2, 3};

enum { kMany = 5 };
struct many {
  pje_buffer *buffers[kMany];
  float values[kMany][6];
  void *data[kMany];
  size_t sizes[kMany];
};
static void fill(struct many *m) {
  for (size_t i = 0; i < kMany; ++i) {
    m->buffers[i] = upload_ramp(shared_client(), i + 1);
    m->data[i] = m->values[i];
    m->sizes[i] = (i + 1) * sizeof(float);
    for (size_t k = 0; k < 6; ++k) m->values[i][k] = -1;
  }
}
static void check(struct many *m) {
  for (size_t i = 0; i < kMany; ++i)
    for (size_t k = 0; k < 6; ++k) assert_true(m->values[i][k] == (k <= i ? (float)k : -1));
}

OK(pje_buffers_to_host, several_sizes) {
  struct many m;
  fill(&m);
  expect_ok(pje_buffers_to_host(m.buffers, kMany, m.data, m.sizes));
  check(&m);
  expect_ok(pje_buffers_to_host(NULL, 0, NULL, NULL));
  pje_buffers_release(m.buffers, kMany);
}
OK(pje_buffers_to_host, outputs_that_are_still_pending) {
  pje_buffer *input = upload_ramp(shared_client(), 4), *outputs[3] = {NULL};
  float read[3][4];
  void *data[] = {read[0], read[1], read[2]};
  const size_t sizes[] = {16, 16, 16};
  for (size_t i = 0; i < 3; ++i)
    expect_ok(pje_loaded_executable_execute_async(shared_add1(), i == 0 ? &input : &outputs[i - 1], 1, NULL,
                                                  &outputs[i], 1, NULL));
  expect_ok(pje_buffers_to_host(outputs, 3, data, sizes));
  for (size_t i = 0; i < 3; ++i) assert_true(read[i][3] == (float)(4 + i));
  pje_buffer_release(input);
  pje_buffers_release(outputs, 3);
}
OK(pje_buffers_to_host, copied_directly) {
  struct many m;
  fill(&m);
  for (int round = 0; round < 2; ++round) expect_ok(pje_buffers_to_host(m.buffers, kMany, m.data, m.sizes));
  check(&m);
  pje_buffers_release(m.buffers, kMany);
}
FAILS(pje_buffers_to_host, lists_handles_and_sizes) {
  struct many m;
  fill(&m);
  const char *function = "pje_buffers_to_host";
  expect_invalid(pje_buffers_to_host(NULL, 1, m.data, m.sizes), function, "\"buffers\" is NULL");
  expect_invalid(pje_buffers_to_host(m.buffers, 1, NULL, m.sizes), function, "\"data\" is NULL");
  expect_invalid(pje_buffers_to_host(m.buffers, 1, m.data, NULL), function, "\"sizes\" is NULL");
  m.sizes[3] = 15;
  expect_invalid(pje_buffers_to_host(m.buffers, kMany, m.data, m.sizes), function, "buffer 3: ");
  assert_true(m.values[0][0] == -1);
  m.sizes[3] = 16;
  m.data[2] = NULL;
  expect_invalid(pje_buffers_to_host(m.buffers, kMany, m.data, m.sizes), function, "buffer 2: ");
  pje_buffer_release(m.buffers[4]);
  expect_invalid(pje_buffers_to_host(m.buffers, kMany, m.data, m.sizes), function, "buffer 4 (\"buffers\")");
  pje_buffers_release(m.buffers, kMany - 1);
}

OK(pje_buffers_to_host_async, several_sizes) {
  struct many m;
  pje_event *done = NULL;
  fill(&m);
  expect_ok(pje_buffers_to_host_async(m.buffers, kMany, m.data, m.sizes, &done));
  pje_buffers_release(m.buffers, kMany);
  expect_ok(pje_event_wait(done));
  check(&m);
  pje_event_release(done);
  expect_ok(pje_buffers_to_host_async(NULL, 0, NULL, NULL, &done));
  expect_ok(pje_event_wait(done));
  pje_event_release(done);
}
FAILS(pje_buffers_to_host_async, lists_handles_and_sizes) {
  struct many m;
  fill(&m);
  pje_event *done = (pje_event *)1;
  const char *function = "pje_buffers_to_host_async";
  expect_invalid(pje_buffers_to_host_async(m.buffers, 1, NULL, m.sizes, &done), function, "\"data\" is NULL");
  assert_null(done);
  expect_invalid(pje_buffers_to_host_async(m.buffers, 1, m.data, m.sizes, NULL), function, "\"done\"");
  m.sizes[1] = 7;
  expect_invalid(pje_buffers_to_host_async(m.buffers, kMany, m.data, m.sizes, &done), function, "buffer 1: ");
  pje_buffers_release(m.buffers, kMany);
}

static pje_host_view *view_ramp(void) {
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  pje_host_view *view = NULL;
  expect_ok(pje_buffer_host_view(buffer, &view));
  pje_buffer_release(buffer);
  return view;
}
static bool is_alive(pje_host_view *view) { return pje_host_view_size(view) == 16; }
RETAIN_RELEASE_TESTS(pje_host_view, view_ramp(), is_alive)

OK(pje_buffer_host_view, shows_the_contents_and_keeps_the_buffer) {
  pje_host_view *view = view_ramp();
  assert_memory_equal(pje_host_view_data(view), kRamp, sizeof(kRamp));
  expect_f32(pje_host_view_buffer(view), kRamp, 4);
  pje_host_view_release(view);
}
OK(pje_buffer_host_view, waits_for_a_result) {
  pje_buffer *input = upload_ramp(shared_client(), 4), *output = NULL;
  pje_host_view *view = NULL;
  const float expected[] = {1, 2, 3, 4};
  expect_ok(pje_loaded_executable_execute_async(shared_add1(), &input, 1, NULL, &output, 1, NULL));
  expect_ok(pje_buffer_host_view(output, &view));
  assert_memory_equal(pje_host_view_data(view), expected, sizeof(expected));
  pje_host_view_release(view);
  pje_buffer_release(input);
  pje_buffer_release(output);
}
REFUSES_WRONG_HANDLE(pje_buffer_host_view, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_host_view(h, &(pje_host_view *){NULL}))
FAILS(pje_buffer_host_view, deleted) {
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  pje_host_view *view = NULL;
  expect_invalid(pje_buffer_host_view(buffer, NULL), "pje_buffer_host_view", "\"out\"");
  expect_ok(pje_buffer_delete(buffer));
  pje_error *error = pje_buffer_host_view(buffer, &view);
  assert_int_not_equal(pje_error_code(error), PJE_OK);
  pje_error_release(error);
  assert_null(view);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_host_view, memory_that_is_not_the_hosts) {
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  pje_host_view *view = NULL;
  expect_error(pje_buffer_host_view(buffer, &view), PJE_UNIMPLEMENTED, "pje_buffer_host_view", "in place");
  assert_null(view);
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_delete, while_looked_at) {
  pje_host_view *view = view_ramp();
  pje_buffer *buffer = pje_buffer_retain(pje_host_view_buffer(view));
  expect_error(pje_buffer_delete(buffer), PJE_FAILED_PRECONDITION, "pje_buffer_delete", "pje_host_view");
  assert_memory_equal(pje_host_view_data(view), kRamp, sizeof(kRamp));
  pje_host_view_release(view);
  expect_ok(pje_buffer_delete(buffer));
  pje_buffer_release(buffer);
}
FAILS(pje_loaded_executable_execute, donates_what_is_looked_at) {
  pje_loaded_executable *executable = compile_text(shared_client(), kDonates);
  pje_host_view *view = view_ramp();
  pje_buffer *args[] = {pje_buffer_retain(pje_host_view_buffer(view)), upload_ramp(shared_client(), 4)};
  pje_buffer *output = NULL;
  expect_error(pje_loaded_executable_execute(executable, args, 2, NULL, &output, 1), PJE_FAILED_PRECONDITION,
               "pje_loaded_executable_execute", "pje_host_view");
  assert_null(output);
  pje_host_view_release(view);
  expect_ok(pje_loaded_executable_execute(executable, args, 2, NULL, &output, 1));
  assert_true(pje_buffer_is_deleted(args[0]));
  pje_buffers_release(args, 2);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}

#define VIEW_ACCESSOR(function, check, wrong) \
  OK(function, of_a_ramp) {                   \
    pje_host_view *view = view_ramp();        \
    assert_true(check);                       \
    pje_host_view_release(view);              \
  }                                           \
  ANSWERS_WRONG_HANDLE(function, pje_host_view, wrong)
VIEW_ACCESSOR(pje_host_view_data, pje_host_view_data(view) != NULL, assert_null(pje_host_view_data(h)))
VIEW_ACCESSOR(pje_host_view_size, pje_host_view_size(view) == 16, assert_int_equal(pje_host_view_size(h), 0))
VIEW_ACCESSOR(pje_host_view_buffer, pje_buffer_rank(pje_host_view_buffer(view)) == 1,
              assert_null(pje_host_view_buffer(h)))
FAILS(pje_host_view_data, after_the_client_was_closed) {
  pje_client *client = open_fake(NULL);
  pje_buffer *buffer = upload_ramp(client, 4);
  pje_host_view *view = NULL;
  expect_ok(pje_buffer_host_view(buffer, &view));
  expect_ok(pje_client_close(client, -1));
  assert_null(pje_host_view_data(view));
  assert_int_equal(pje_host_view_size(view), 0);
  pje_host_view_release(view);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

OK(pje_host_view_describe, what_is_looked_at) {
  pje_host_view *view = view_ramp();
  char text[64];
  const size_t length = pje_host_view_describe(view, text, sizeof(text));
  assert_int_equal(length, strlen(text));
  assert_string_equal(text, "view of f32[4]");
  pje_host_view_release(view);
}
ANSWERS_WRONG_HANDLE(pje_host_view_describe, pje_host_view,
                     assert_int_equal(pje_host_view_describe(h, NULL, 0), 0))

/* Memory is looked at on the platform "cpu" alone. */
#define ON_CPU(test) WITH_FAKE("platform=cpu", test)
#define LISTED(function) ON_CPU(function##__ok_of_a_ramp), cmocka_unit_test(function##__fails_wrong_handle)

int main(void) {
  const struct CMUnitTest host_access[] = {
      cmocka_unit_test(pje_buffers_to_host__ok_several_sizes),
      cmocka_unit_test(pje_buffers_to_host__ok_outputs_that_are_still_pending),
      ON_CPU(pje_buffers_to_host__ok_copied_directly),
      cmocka_unit_test(pje_buffers_to_host__fails_lists_handles_and_sizes),
      cmocka_unit_test(pje_buffers_to_host_async__ok_several_sizes),
      cmocka_unit_test(pje_buffers_to_host_async__fails_lists_handles_and_sizes),
      ON_CPU(pje_host_view_retain__ok_counts_up),
      ON_CPU(pje_host_view_release__ok_ends_the_object),
      cmocka_unit_test(pje_host_view_retain__fails_wrong_handle),
      ON_CPU(pje_host_view_release__fails_wrong_or_twice),
      ON_CPU(pje_buffer_host_view__ok_shows_the_contents_and_keeps_the_buffer),
      ON_CPU(pje_buffer_host_view__ok_waits_for_a_result),
      cmocka_unit_test(pje_buffer_host_view__fails_wrong_handle),
      cmocka_unit_test(pje_buffer_host_view__fails_deleted),
      cmocka_unit_test(pje_buffer_host_view__fails_memory_that_is_not_the_hosts),
      ON_CPU(pje_buffer_delete__fails_while_looked_at),
      ON_CPU(pje_loaded_executable_execute__fails_donates_what_is_looked_at),
      ON_CPU(pje_host_view_describe__ok_what_is_looked_at),
      cmocka_unit_test(pje_host_view_describe__fails_wrong_handle),
      LISTED(pje_host_view_data),
      LISTED(pje_host_view_size),
      LISTED(pje_host_view_buffer),
      ON_CPU(pje_host_view_data__fails_after_the_client_was_closed),
  };
  return RUN(host_access);
}
