/* What devices report and do, host memory that they reach, and the processes of a client. */
#include "harness.h"

static pje_device *first_device(void) { return pje_client_addressable_device(shared_client(), 0); }

static int64_t figure(const pje_named_values *values, const char *name) {
  int64_t value = -1;
  size_t index = pje_named_values_find(values, name);
  if (index != SIZE_MAX) expect_ok(pje_named_values_get_int64(values, index, &value));
  return value;
}

OK(pje_device_current_attributes, of_the_device) {
  pje_named_values *values = NULL;
  expect_ok(pje_device_current_attributes(pje_client_addressable_device(shared_client(), 2), &values));
  assert_int_equal(figure(values, "core_on_chip"), 2);
  pje_named_values_release(values);
}
/* Those of the description stay as they are. */
OK(pje_device_current_attributes, change_with_time) {
  pje_client *client = open_fake(NULL);
  pje_named_values *before = NULL, *after = NULL;
  expect_ok(pje_device_current_attributes(pje_client_addressable_device(client, 0), &before));
  pje_buffer *buffer = upload_ramp(client, 4);
  expect_ok(pje_device_current_attributes(pje_client_addressable_device(client, 0), &after));
  assert_int_equal(figure(before, "bytes_in_use"), 0);
  assert_int_equal(figure(after, "bytes_in_use"), 16);
  pje_buffer_release(buffer);
  pje_named_values_release(before);
  pje_named_values_release(after);
  pje_client_release(client);
}
OK(pje_device_current_attributes, of_the_description_before_0_92) {
  pje_named_values *values = NULL;
  expect_ok(pje_device_current_attributes(first_device(), &values));
  assert_int_equal(pje_named_values_count(values),
                   pje_named_values_count(pje_device_attributes(first_device())));
  assert_int_equal(figure(values, "core_on_chip"), 0);
  pje_named_values_release(values);
}
REFUSES_WRONG_HANDLE(pje_device_current_attributes, wrong_handle, pje_device, "device",
                     pje_device_current_attributes(h, &(pje_named_values *){NULL}))
FAILS(pje_device_current_attributes, of_the_plugin) {
  pje_named_values *values = NULL;
  expect_error(pje_device_current_attributes(first_device(), &values), PJE_INTERNAL,
               "PJRT_Device_GetAttributes", "no attributes");
  assert_null(values);
  expect_invalid(pje_device_current_attributes(first_device(), NULL), "pje_device_current_attributes", "out");
}

static pje_named_values *stats(void) {
  pje_named_values *values = NULL;
  expect_ok(pje_device_memory_stats(first_device(), &values));
  return values;
}
OK(pje_device_memory_stats, follow_the_buffers) {
  pje_named_values *before = stats();
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  pje_named_values *after = stats();
  assert_int_equal(figure(after, "bytes_in_use") - figure(before, "bytes_in_use"), 16);
  assert_int_equal(figure(after, "num_allocs") - figure(before, "num_allocs"), 1);
  assert_true(figure(after, "peak_bytes_in_use") >= 16);
  /* What the plugin does not tell is not there. */
  assert_true(pje_named_values_find(after, "pool_bytes") == SIZE_MAX);
  pje_named_values_release(before);
  pje_named_values_release(after);
  pje_buffer_release(buffer);
}
OK(pje_device_memory_stats, newer_plugin_has_more) {
  pje_named_values *values = stats();
  assert_true(figure(values, "peak_allocated_bytes") >= 0);
  pje_named_values_release(values);
}
OK(pje_device_memory_stats, older_plugin_has_fewer) {
  pje_named_values *values = stats();
  assert_true(figure(values, "peak_bytes_in_use") >= 0);
  assert_true(pje_named_values_find(values, "peak_allocated_bytes") == SIZE_MAX);
  pje_named_values_release(values);
}
REFUSES_WRONG_HANDLE(pje_device_memory_stats, wrong_handle, pje_device, "device",
                     pje_device_memory_stats(h, &(pje_named_values *){NULL}))

OK(pje_device_clear_memory_stats, begins_anew) {
  pje_buffer_release(upload_ramp(shared_client(), 64));
  expect_ok(pje_device_clear_memory_stats(first_device()));
  pje_named_values *values = stats();
  assert_int_equal(figure(values, "num_allocs"), 0);
  assert_int_equal(figure(values, "peak_bytes_in_use"), figure(values, "bytes_in_use"));
  pje_named_values_release(values);
}
REFUSES_WRONG_HANDLE(pje_device_clear_memory_stats, wrong_handle, pje_device, "device",
                     pje_device_clear_memory_stats(h))
FAILS(pje_device_clear_memory_stats, before_0_106) {
  expect_error(pje_device_clear_memory_stats(first_device()), PJE_UNIMPLEMENTED,
               "pje_device_clear_memory_stats", "PJRT_Device_ClearMemoryStats");
}

OK(pje_device_poison_execution, no_such_run) {
  pje_error *error = pje_error_create(PJE_ABORTED, "enough");
  bool poisoned = true;
  expect_ok(pje_device_poison_execution(first_device(), 7, error, &poisoned));
  assert_false(poisoned);
  pje_error_release(error);
}
/* A run that waits for its argument cannot have ended. The error's payload goes with it; the fake adds one of
 * its own to every error. */
OK(pje_device_poison_execution, of_a_run_in_flight) {
  static const int64_t dims[] = {4};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  pje_error *error = pje_client_lookup_device(shared_client(), 1234, &(pje_device *){NULL});
  pje_fulfilment *fulfilment = NULL;
  pje_buffer *pending = NULL, *output = NULL;
  pje_event *done = NULL;
  bool poisoned = false;
  options.launch_id = 7;
  expect_ok(pje_buffer_create_alias(shared_client(), PJE_F32, dims, 1, NULL, &pending, &fulfilment));
  expect_ok(pje_loaded_executable_execute_async(shared_add1(), &pending, 1, &options, &output, 1, &done));
  expect_ok(pje_device_poison_execution(first_device(), 8, error, &poisoned));
  assert_false(poisoned);
  expect_ok(pje_device_poison_execution(first_device(), 7, error, &poisoned));
  assert_true(poisoned);
  pje_error_release(error);
  error = pje_event_wait(done);
  assert_int_equal(pje_error_num_payloads(error), 2);
  expect_error(error, PJE_INVALID_ARGUMENT, "PJRT_LoadedExecutable_Execute", "1234");
  pje_fulfilment_release(fulfilment);
  pje_event_release(done);
  pje_buffer_release(output);
  pje_buffer_release(pending);
}
REFUSES_WRONG_HANDLE(pje_device_poison_execution, wrong_handle, pje_device, "device",
                     pje_device_poison_execution(h, 0, NULL, &(bool){false}))
FAILS(pje_device_poison_execution, null_or_the_plugin) {
  const char *function = "pje_device_poison_execution";
  pje_error *error = pje_error_create(PJE_ABORTED, "enough");
  bool poisoned = true;
  expect_invalid(pje_device_poison_execution(first_device(), 7, NULL, &poisoned), function, "error");
  expect_invalid(pje_device_poison_execution(first_device(), 7, error, NULL), function, "poisoned");
  expect_error(pje_device_poison_execution(first_device(), 7, error, &poisoned), PJE_INTERNAL,
               "PJRT_Device_PoisonExecution", "not now");
  assert_false(poisoned);
  pje_error_release(error);
}

static pje_tracking_event *make_tracking(void) {
  pje_tracking_event *event = NULL;
  expect_ok(pje_tracking_event_create(first_device(), "a span", &event));
  return event;
}
/* Nothing can be asked of one, so a reference more and less says it: wrong handles are counted. */
static bool is_tracking(pje_tracking_event *event) {
  uint64_t before = pje_misuse_count();
  pje_tracking_event_retain(event);
  if (pje_misuse_count() != before) return false;
  pje_tracking_event_release(event);
  return true;
}
RETAIN_RELEASE_TESTS(pje_tracking_event, make_tracking(), is_tracking)
OK(pje_tracking_event_create, outlives_the_client_s_handle) {
  pje_client *client = open_fake(NULL);
  pje_tracking_event *event = NULL;
  expect_ok(pje_tracking_event_create(pje_client_addressable_device(client, 1), "", &event));
  pje_client_release(client);
  pje_tracking_event_release(event);
}
OK(pje_tracking_event_create, description_reaches_the_plugin) {
  const char *log = temporary_path("spans.log");
  pje_client *client = open_logging_fake(log);
  pje_tracking_event *event = NULL;
  expect_ok(pje_tracking_event_create(pje_client_addressable_device(client, 1), "a 100% span", &event));
  assert_true(file_has(log, "SPAN device=1 a 100% span"));
  pje_tracking_event_release(event);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_tracking_event_create, wrong_handle, pje_device, "device",
                     pje_tracking_event_create(h, "a span", &(pje_tracking_event *){NULL}))
FAILS(pje_tracking_event_create, null_or_the_plugin) {
  pje_tracking_event *event = NULL;
  expect_invalid(pje_tracking_event_create(first_device(), NULL, &event), "pje_tracking_event_create",
                 "description");
  expect_invalid(pje_tracking_event_create(first_device(), "a span", NULL), "pje_tracking_event_create",
                 "out");
  expect_error(pje_tracking_event_create(first_device(), "a span", &event), PJE_INTERNAL,
               "PJRT_Device_CreateAsyncTrackingEvent", "no span");
}

OK(pje_client_lookup_addressable_device, each) {
  for (int32_t i = 0; i < 4; ++i) {
    pje_device *device = NULL;
    expect_ok(pje_client_lookup_addressable_device(shared_client(), i, &device));
    assert_ptr_equal(device, pje_client_addressable_device(shared_client(), (size_t)i));
    assert_int_equal(pje_device_local_hardware_id(device), i);
  }
}
REFUSES_WRONG_HANDLE(pje_client_lookup_addressable_device, wrong_handle, pje_client, "client",
                     pje_client_lookup_addressable_device(h, 0, &(pje_device *){NULL}))
FAILS(pje_client_lookup_addressable_device, no_such_device) {
  pje_device *device = first_device();
  expect_invalid(pje_client_lookup_addressable_device(shared_client(), 99, &device),
                 "PJRT_Client_LookupAddressableDevice", "99");
  assert_null(device);
  expect_invalid(pje_client_lookup_addressable_device(shared_client(), 0, NULL),
                 "pje_client_lookup_addressable_device", "out");
}

static const int32_t kTasks[] = {0, 1}, kStates[] = {PJE_PROCESS_CONNECTED, PJE_PROCESS_ERROR};
static const uint64_t kIncarnations[] = {11, 12};
OK(pje_client_update_global_process_info, with_and_without_errors) {
  pje_error *error = pje_error_create(PJE_UNAVAILABLE, "it went away");
  const pje_error *errors[] = {NULL, error};
  expect_ok(
      pje_client_update_global_process_info(shared_client(), kTasks, kIncarnations, kStates, errors, 2));
  expect_ok(pje_client_update_global_process_info(shared_client(), kTasks, kIncarnations, kStates, NULL, 2));
  expect_ok(pje_client_update_global_process_info(shared_client(), NULL, NULL, NULL, NULL, 0));
  pje_error_release(error);
}
OK(pje_client_update_global_process_info, every_state_reaches_the_plugin) {
  const char *log = temporary_path("processes.log");
  pje_client *client = open_logging_fake(log);
  pje_error *error = pje_error_create(PJE_UNAVAILABLE, "it went away");
  const pje_error *errors[] = {NULL, NULL, NULL, NULL, error};
  const int32_t tasks[] = {0, 1, 2, 3, 4};
  const int32_t states[] = {PJE_PROCESS_UNSPECIFIED, PJE_PROCESS_UNINITIALIZED, PJE_PROCESS_DISCONNECTED,
                            PJE_PROCESS_CONNECTED, PJE_PROCESS_ERROR};
  const uint64_t incarnations[] = {11, 12, 13, 14, UINT64_MAX};
  expect_ok(pje_client_update_global_process_info(client, tasks, incarnations, states, errors, 5));
  assert_true(file_has(log, "PROCESS task=0 incarnation=11 state=0 error=OK"));
  assert_true(file_has(log, "PROCESS task=1 incarnation=12 state=1 error=OK"));
  assert_true(file_has(log, "PROCESS task=2 incarnation=13 state=2 error=OK"));
  assert_true(file_has(log, "PROCESS task=3 incarnation=14 state=3 error=OK"));
  assert_true(file_has(
      log, "PROCESS task=4 incarnation=18446744073709551615 state=4 error=UNAVAILABLE it went away"));
  pje_error_release(error);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_client_update_global_process_info, wrong_handle, pje_client, "client",
                     pje_client_update_global_process_info(h, NULL, NULL, NULL, NULL, 0))
FAILS(pje_client_update_global_process_info, bad_lists_or_the_plugin) {
  const char *function = "pje_client_update_global_process_info";
  const int32_t unknown[] = {0, 5};
  const pje_error *errors[] = {NULL, (const pje_error *)shared_client()};
  pje_client *client = shared_client();
  expect_invalid(pje_client_update_global_process_info(client, NULL, kIncarnations, kStates, NULL, 2),
                 function, "task_ids");
  expect_invalid(pje_client_update_global_process_info(client, kTasks, NULL, kStates, NULL, 2), function,
                 "incarnation_ids");
  expect_invalid(pje_client_update_global_process_info(client, kTasks, kIncarnations, NULL, NULL, 2),
                 function, "states");
  expect_invalid(pje_client_update_global_process_info(client, kTasks, kIncarnations, unknown, NULL, 2),
                 function, "state 1 is 5");
  expect_invalid(pje_client_update_global_process_info(client, kTasks, kIncarnations, kStates, errors, 2),
                 function, "given");
  expect_error(pje_client_update_global_process_info(client, kTasks, kIncarnations, kStates, NULL, 2),
               PJE_INTERNAL, "PJRT_Client_UpdateGlobalProcessInfo", "not now");
}
FAILS(pje_client_update_global_process_info, before_0_78) {
  expect_error(
      pje_client_update_global_process_info(shared_client(), kTasks, kIncarnations, kStates, NULL, 2),
      PJE_UNIMPLEMENTED, "pje_client_update_global_process_info", "0.78");
}

static char room[64];
static pje_dma_mapping *make_mapping(void) {
  pje_dma_mapping *mapping = NULL;
  expect_ok(pje_dma_mapping_create(shared_client(), room, sizeof room, &mapping));
  return mapping;
}
static bool is_mapping(pje_dma_mapping *mapping) { return pje_dma_mapping_size(mapping) == sizeof room; }
RETAIN_RELEASE_TESTS(pje_dma_mapping, make_mapping(), is_mapping)
OK(pje_dma_mapping_create, ends_with_the_last_reference) {
  pje_dma_mapping *mapping = make_mapping(), *again = NULL;
  expect_error(pje_dma_mapping_create(shared_client(), room, sizeof room, &again), PJE_ALREADY_EXISTS,
               "PJRT_Client_DmaMap", "already");
  pje_dma_mapping_release(mapping);
  mapping = make_mapping();
  pje_dma_mapping_release(mapping);
}
OK(pje_dma_mapping_release, after_the_client_was_closed) {
  pje_client *client = open_fake(NULL);
  pje_dma_mapping *mapping = NULL;
  expect_ok(pje_dma_mapping_create(client, room, sizeof room, &mapping));
  expect_ok(pje_client_close(client, -1));
  assert_ptr_equal(pje_dma_mapping_data(mapping), room);
  pje_dma_mapping_release(mapping);
  pje_client_release(client);
}
REFUSES_WRONG_HANDLE(pje_dma_mapping_create, wrong_handle, pje_client, "client",
                     pje_dma_mapping_create(h, room, 1, &(pje_dma_mapping *){NULL}))
FAILS(pje_dma_mapping_create, bad_arguments) {
  const char *function = "pje_dma_mapping_create";
  pje_dma_mapping *mapping = (pje_dma_mapping *)room;
  expect_invalid(pje_dma_mapping_create(shared_client(), NULL, 1, &mapping), function, "data");
  assert_null(mapping);
  expect_invalid(pje_dma_mapping_create(shared_client(), room, 0, &mapping), function, "size");
  expect_invalid(pje_dma_mapping_create(shared_client(), room, 1, NULL), function, "out");
}
OK(pje_dma_mapping_data, and_size) {
  pje_dma_mapping *mapping = make_mapping();
  assert_ptr_equal(pje_dma_mapping_data(mapping), room);
  pje_dma_mapping_release(mapping);
}
OK(pje_dma_mapping_size, in_bytes) {
  pje_dma_mapping *mapping = make_mapping();
  assert_int_equal(pje_dma_mapping_size(mapping), sizeof room);
  pje_dma_mapping_release(mapping);
}
ANSWERS_WRONG_HANDLE(pje_dma_mapping_data, pje_dma_mapping, assert_null(pje_dma_mapping_data(h)))
ANSWERS_WRONG_HANDLE(pje_dma_mapping_size, pje_dma_mapping, assert_int_equal(pje_dma_mapping_size(h), 0))

OK(pje_dma_mapping_describe, in_one_line) {
  pje_dma_mapping *object = make_mapping();
  char line[256];
  size_t length = pje_dma_mapping_describe(object, line, sizeof line);
  assert_int_equal(length, strlen(line));
  assert_non_null(strstr(line, "64 bytes"));
  pje_dma_mapping_release(object);
}
ANSWERS_WRONG_HANDLE(pje_dma_mapping_describe, pje_dma_mapping,
                     assert_int_equal(pje_dma_mapping_describe(h, (char[8]){0}, 8), 0))

OK(pje_tracking_event_describe, in_one_line) {
  pje_tracking_event *object = make_tracking();
  char line[256];
  size_t length = pje_tracking_event_describe(object, line, sizeof line);
  assert_int_equal(length, strlen(line));
  assert_non_null(strstr(line, "a span"));
  pje_tracking_event_release(object);
}
ANSWERS_WRONG_HANDLE(pje_tracking_event_describe, pje_tracking_event,
                     assert_int_equal(pje_tracking_event_describe(h, (char[8]){0}, 8), 0))

#define REFUSED(function) cmocka_unit_test(function##__fails_wrong_handle)

int main(void) {
  const struct CMUnitTest device_calls[] = {
      cmocka_unit_test(pje_device_current_attributes__ok_of_the_device),
      cmocka_unit_test(pje_device_current_attributes__ok_change_with_time),
      WITH_FAKE("minor=91", pje_device_current_attributes__ok_of_the_description_before_0_92),
      REFUSED(pje_device_current_attributes),
      WITH_FAKE("fail=PJRT_Device_GetAttributes:1+:INTERNAL:no attributes",
                pje_device_current_attributes__fails_of_the_plugin),
      cmocka_unit_test(pje_device_memory_stats__ok_follow_the_buffers),
      WITH_FAKE("minor=113", pje_device_memory_stats__ok_newer_plugin_has_more),
      WITH_FAKE("minor=106", pje_device_memory_stats__ok_older_plugin_has_fewer),
      REFUSED(pje_device_memory_stats),
      cmocka_unit_test(pje_device_clear_memory_stats__ok_begins_anew),
      REFUSED(pje_device_clear_memory_stats),
      WITH_FAKE("minor=105", pje_device_clear_memory_stats__fails_before_0_106),
      cmocka_unit_test(pje_device_poison_execution__ok_no_such_run),
      WITH_FAKE("payload=url:here", pje_device_poison_execution__ok_of_a_run_in_flight),
      REFUSED(pje_device_poison_execution),
      WITH_FAKE("fail=PJRT_Device_PoisonExecution:1+:INTERNAL:not now",
                pje_device_poison_execution__fails_null_or_the_plugin),
      RETAIN_RELEASE_LIST(pje_tracking_event),
      cmocka_unit_test(pje_tracking_event_create__ok_outlives_the_client_s_handle),
      cmocka_unit_test(pje_tracking_event_create__ok_description_reaches_the_plugin),
      REFUSED(pje_tracking_event_create),
      WITH_FAKE("fail=PJRT_Device_CreateAsyncTrackingEvent:1+:INTERNAL:no span",
                pje_tracking_event_create__fails_null_or_the_plugin),
      cmocka_unit_test(pje_client_lookup_addressable_device__ok_each),
      REFUSED(pje_client_lookup_addressable_device),
      cmocka_unit_test(pje_client_lookup_addressable_device__fails_no_such_device),
      cmocka_unit_test(pje_client_update_global_process_info__ok_with_and_without_errors),
      cmocka_unit_test(pje_client_update_global_process_info__ok_every_state_reaches_the_plugin),
      REFUSED(pje_client_update_global_process_info),
      WITH_FAKE("fail=PJRT_Client_UpdateGlobalProcessInfo:1+:INTERNAL:not now",
                pje_client_update_global_process_info__fails_bad_lists_or_the_plugin),
      WITH_FAKE("minor=77", pje_client_update_global_process_info__fails_before_0_78),
      RETAIN_RELEASE_LIST(pje_dma_mapping),
      cmocka_unit_test(pje_dma_mapping_create__ok_ends_with_the_last_reference),
      cmocka_unit_test(pje_dma_mapping_release__ok_after_the_client_was_closed),
      REFUSED(pje_dma_mapping_create),
      cmocka_unit_test(pje_dma_mapping_create__fails_bad_arguments),
      cmocka_unit_test(pje_dma_mapping_data__ok_and_size),
      cmocka_unit_test(pje_dma_mapping_size__ok_in_bytes),
      REFUSED(pje_dma_mapping_data),
      REFUSED(pje_dma_mapping_size),
      cmocka_unit_test(pje_dma_mapping_describe__ok_in_one_line),
      cmocka_unit_test(pje_dma_mapping_describe__fails_wrong_handle),
      cmocka_unit_test(pje_tracking_event_describe__ok_in_one_line),
      cmocka_unit_test(pje_tracking_event_describe__fails_wrong_handle),
  };
  return RUN(device_calls);
}
