/* Nobody can receive an error of a release: each reaches the log, once, and nothing else comes of it. */
#include "log_support.h"
#include "talks_support.h"
#include "transfer_support.h"

static void expect_logged(const char *function) {
  size_t found = 0;
  for (size_t i = 0; i < num_records && i < COUNT(records); ++i) {
    if (strcmp(records[i].function, function) != 0) continue;
    assert_int_equal(records[i].kind, PJE_LOG_PLUGIN_ERROR);
    assert_int_equal(records[i].code, PJE_INTERNAL);
    assert_non_null(strstr(records[i].message, "it sticks"));
    ++found;
  }
  assert_int_equal(found, 1);
}

/* What the plugin would not let go of keeps its client from ending: this one is left as it is. */
static pje_client *lost_client(void) {
  static pje_client *client;
  if (client == NULL) client = open_fake(NULL);
  return client;
}

/* Makes an object and releases it, with the notes taken from right before the release on. */
#define RELEASE(type, object) \
  start_notes();              \
  type##_release(object);     \
  end_notes()

static void end_client(void) {
  pje_client *client = open_fake(NULL);
  RELEASE(pje_client, client);
}
static void end_buffer(void) {
  pje_buffer *buffer = upload_ramp(lost_client(), 4);
  RELEASE(pje_buffer, buffer);
}
static void end_buffers(void) {
  pje_buffer *buffer = upload_ramp(lost_client(), 4);
  start_notes();
  pje_buffers_release(&buffer, 1);
  end_notes();
}
static void end_loaded_executable(void) {
  pje_loaded_executable *executable = compile_text(lost_client(), kAdd1);
  RELEASE(pje_loaded_executable, executable);
}
static void end_executable(void) {
  pje_executable *executable = NULL;
  pje_topology *topology = NULL;
  pje_program *program = program_from_text(kAdd1);
  expect_ok(pje_client_topology(lost_client(), &topology));
  expect_ok(pje_compile(pje_client_plugin(lost_client()), topology, program, NULL, NULL, &executable));
  pje_program_release(program);
  RELEASE(pje_executable, executable);
}
/* Of a buffer that no upload made, whose events would come between. */
static void end_event(void) {
  static const int64_t kDims[] = {4};
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_create_uninitialized(lost_client(), PJE_F32, kDims, 1, NULL, &buffer));
  pje_event *event = NULL;
  expect_ok(pje_buffer_ready(buffer, &event));
  RELEASE(pje_event, event);
}
static void end_topology(void) {
  pje_topology *topology = NULL;
  expect_ok(pje_topology_create(pje_client_plugin(lost_client()), "fake:3", NULL, &topology));
  RELEASE(pje_topology, topology);
}
static void end_transfer_manager(void) {
  pje_transfer_manager *manager = make_transfer_manager(lost_client(), NULL);
  RELEASE(pje_transfer_manager, manager);
}
static void end_copy_stream(void) {
  struct host host = {.answer = kAnswer, .piece = 8};
  pje_buffer *output = NULL;
  start_notes();
  expect_ok(run_talks(&host, 0, &output));
  end_notes();
  pje_chunk_release(host.kept);
  pje_buffer_release(output);
}
static void end_execute_context(void) {
  pje_execute_context *context = NULL;
  expect_ok(pje_execute_context_create(pje_client_plugin(lost_client()), &context));
  RELEASE(pje_execute_context, context);
}
static void end_tracking_event(void) {
  pje_tracking_event *event = NULL;
  expect_ok(pje_tracking_event_create(pje_client_device(lost_client(), 0), "a span", &event));
  RELEASE(pje_tracking_event, event);
}
static void end_dma_mapping(void) {
  static char room[64];
  pje_dma_mapping *mapping = NULL;
  expect_ok(pje_dma_mapping_create(lost_client(), room, sizeof room, &mapping));
  RELEASE(pje_dma_mapping, mapping);
}
static void end_buffer_reference(void) {
  pje_buffer *buffer = upload_ramp(lost_client(), 4);
  pje_buffer_reference *reference = NULL;
  expect_ok(pje_buffer_reference_create(buffer, &reference));
  RELEASE(pje_buffer_reference, reference);
}
static void end_host_view(void) {
  pje_buffer *buffer = upload_ramp(lost_client(), 4);
  pje_host_view *view = NULL;
  expect_ok(pje_buffer_host_view(buffer, &view));
  RELEASE(pje_host_view, view);
}

#define FOR_EACH_RELEASE(X)                                                                              \
  X(pje_client_release, end_client, "PJRT_Client_Destroy")                                               \
  X(pje_buffer_release, end_buffer, "PJRT_Buffer_Destroy")                                               \
  X(pje_buffers_release, end_buffers, "PJRT_Buffer_Destroy")                                             \
  X(pje_loaded_executable_release, end_loaded_executable, "PJRT_LoadedExecutable_Destroy")               \
  X(pje_executable_release, end_executable, "PJRT_Executable_Destroy")                                   \
  X(pje_event_release, end_event, "PJRT_Event_Destroy")                                                  \
  X(pje_topology_release, end_topology, "PJRT_TopologyDescription_Destroy")                              \
  X(pje_transfer_manager_release, end_transfer_manager, "PJRT_AsyncHostToDeviceTransferManager_Destroy") \
  X(pje_copy_stream_release, end_copy_stream, "PJRT_CopyToDeviceStream_Destroy")                         \
  X(pje_execute_context_release, end_execute_context, "PJRT_ExecuteContext_Destroy")                     \
  X(pje_tracking_event_release, end_tracking_event, "PJRT_AsyncTrackingEvent_Destroy")                   \
  X(pje_dma_mapping_release, end_dma_mapping, "PJRT_Client_DmaUnmap")                                    \
  X(pje_buffer_reference_release, end_buffer_reference, "PJRT_Buffer_DecreaseExternalReferenceCount")    \
  X(pje_host_view_release, end_host_view, "PJRT_Buffer_DecreaseExternalReferenceCount")

#define TEST_OF(release, end, function)       \
  FAILS(release, error_of_plugin_is_logged) { \
    end();                                    \
    expect_logged(function);                  \
  }
FOR_EACH_RELEASE(TEST_OF)

#define ROW_OF(release, end, function)                                        \
  WITH_FAKE("leaks=log;platform=cpu;fail=" function ":1+:INTERNAL:it sticks", \
            release##__fails_error_of_plugin_is_logged),

int main(void) {
  const struct CMUnitTest release_errors[] = {FOR_EACH_RELEASE(ROW_OF)};
  return RUN(release_errors);
}
