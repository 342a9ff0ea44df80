/* The contents of a buffer, waited for by an event and without one. */
#include "harness.h"

#define RUN_LATE "late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:lost on the way"

static pje_buffer *make(void) { return upload_ramp(shared_client(), 4); }

OK(pje_buffer_ready, becomes_ready) {
  pje_buffer *buffer = make();
  pje_event *event = NULL;
  expect_ok(pje_buffer_ready(buffer, &event));
  pje_buffer_release(buffer);
  expect_ok(pje_event_wait(event));
  pje_event_release(event);
}
REFUSES_WRONG_HANDLE(pje_buffer_ready, wrong_handle, pje_buffer, "buffer",
                     pje_buffer_ready(h, &(pje_event *){NULL}))
FAILS(pje_buffer_ready, out_is_null_or_the_plugin_refuses) {
  pje_buffer *buffer = make();
  pje_event *event = (pje_event *)buffer;
  expect_invalid(pje_buffer_ready(buffer, NULL), "pje_buffer_ready", "out");
  expect_error(pje_buffer_ready(buffer, &event), PJE_UNIMPLEMENTED, "pje_buffer_ready",
               "PJRT_Buffer_ReadyEvent: not in plugin");
  assert_null(event);
  pje_buffer_release(buffer);
}

OK(pje_buffer_wait, contents_are_there) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *input = make(), *output = NULL;
  pje_event *ready = NULL;
  expect_ok(pje_loaded_executable_execute_async(executable, &input, 1, NULL, &output, 1, NULL));
  expect_ok(pje_buffer_wait(output));
  expect_ok(pje_buffer_ready(output, &ready));
  assert_true(pje_event_is_ready(ready));
  pje_event_release(ready);
  pje_buffer_release(output);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
}
REFUSES_WRONG_HANDLE(pje_buffer_wait, wrong_handle, pje_buffer, "buffer", pje_buffer_wait(h))
FAILS(pje_buffer_wait, deleted_or_the_plugin_refuses) {
  pje_buffer *buffer = make();
  expect_error(pje_buffer_wait(buffer), PJE_UNIMPLEMENTED, "pje_buffer_wait",
               "PJRT_Buffer_ReadyEvent: not in plugin");
  expect_ok(pje_buffer_delete(buffer));
  expect_error(pje_buffer_wait(buffer), PJE_FAILED_PRECONDITION, "pje_buffer_wait", "deleted");
  pje_buffer_release(buffer);
}
FAILS(pje_buffer_wait, error_of_the_run) {
  pje_loaded_executable *executable = compile_text(shared_client(), kAdd1);
  pje_buffer *input = make(), *output = NULL;
  expect_ok(pje_loaded_executable_execute_async(executable, &input, 1, NULL, &output, 1, NULL));
  for (int again = 0; again < 2; ++again)
    expect_error(pje_buffer_wait(output), PJE_DATA_LOSS, "PJRT_Buffer_ReadyEvent", "lost on the way");
  pje_buffer_release(output);
  pje_buffer_release(input);
  pje_loaded_executable_release(executable);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pje_buffer_ready__ok_becomes_ready),
      cmocka_unit_test(pje_buffer_ready__fails_wrong_handle),
      WITH_FAKE("null=PJRT_Buffer_ReadyEvent", pje_buffer_ready__fails_out_is_null_or_the_plugin_refuses),
      WITH_FAKE("delay=PJRT_LoadedExecutable_Execute:20ms", pje_buffer_wait__ok_contents_are_there),
      cmocka_unit_test(pje_buffer_wait__fails_wrong_handle),
      WITH_FAKE("null=PJRT_Buffer_ReadyEvent", pje_buffer_wait__fails_deleted_or_the_plugin_refuses),
      WITH_FAKE(RUN_LATE, pje_buffer_wait__fails_error_of_the_run),
  };
  return RUN(tests);
}
