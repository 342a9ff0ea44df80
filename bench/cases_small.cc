#include <atomic>
#include <memory>

#include "cases.hpp"

namespace bench {

namespace {

// No goal of its own is set for these: what they cost is shown.
constexpr double kShown = 100;
constexpr double kSlowGoal = 1.02;
constexpr int32_t kNoSuchId = 123456;

void count(void *counter) { static_cast<std::atomic<size_t> *>(counter)->fetch_add(1); }

void count_raw(PJRT_Error *, void *counter) { count(counter); }

template <class Once>
Body times(Once once) {
  return [once](size_t n) {
    for (size_t k = 0; k < n; ++k) once();
  };
}

void wait_until(const std::atomic<size_t> &counter, size_t wanted) {
  while (counter.load() < wanted) {
  }
}

void raw_callback(const Raw &raw, PJRT_Buffer *buffer, std::atomic<size_t> &calls) {
  auto args = make_args<PJRT_Event_OnReady_Args>();
  args.event = raw.ready(buffer);
  args.callback = count_raw;
  args.user_arg = &calls;
  size_t before = calls.load();
  raw.check(raw.table().PJRT_Event_OnReady(&args));
  wait_until(calls, before + 1);
  raw.destroy(args.event);
}

pje_event *ready_event(pje_buffer *buffer) {
  pje_event *event = nullptr;
  expect_ok(pje_buffer_ready(buffer, &event));
  return event;
}

Case event_wait(Session &session) {
  return {kShown, times([buffer = session.upload(4)] {
            pje_event *event = ready_event(buffer);
            expect_ok(pje_event_wait(event));
            pje_event_release(event);
          }),
          times([&raw = session.raw(), buffer = session.raw_upload(4)] {
            raw.await_and_destroy(raw.ready(buffer));
          })};
}

Body raw_callbacks(Session &session, const std::shared_ptr<std::atomic<size_t>> &calls) {
  return times(
      [&raw = session.raw(), buffer = session.raw_upload(4), calls] { raw_callback(raw, buffer, *calls); });
}

Case event_callback(Session &session) {
  auto calls = std::make_shared<std::atomic<size_t>>(0);
  return {kShown, times([buffer = session.upload(4), calls] {
            pje_event *event = ready_event(buffer);
            size_t before = calls->load();
            expect_ok(pje_event_on_ready(event, count, calls.get()));
            wait_until(*calls, before + 1);
            pje_event_release(event);
          }),
          raw_callbacks(session, calls)};
}

// Raw C has no queue: its twin counts completions in a callback.
Case event_queue(Session &session) {
  pje_completion_queue *created = nullptr;
  expect_ok(pje_completion_queue_create(&created));
  std::shared_ptr<pje_completion_queue> queue(created, pje_completion_queue_release);
  return {kShown, times([buffer = session.upload(4), queue] {
            pje_event *event = ready_event(buffer);
            expect_ok(pje_completion_queue_add(queue.get(), event, 7));
            pje_event_release(event);
            uint64_t tag = 0;
            pje_error *error = nullptr;
            size_t taken = 0;
            expect_ok(pje_completion_queue_next(queue.get(), -1, 1, &tag, &error, &taken));
            expect_ok(error);
          }),
          raw_callbacks(session, std::make_shared<std::atomic<size_t>>(0))};
}

void raw_error(const Raw &raw, PJRT_Client *client) {
  const PJRT_Api &table = raw.table();
  auto args = make_args<PJRT_Client_LookupDevice_Args>();
  args.client = client;
  args.id = kNoSuchId;
  PJRT_Error *error = table.PJRT_Client_LookupDevice(&args);
  auto message = make_args<PJRT_Error_Message_Args>();
  message.error = error;
  table.PJRT_Error_Message(&message);
  auto code = make_args<PJRT_Error_GetCode_Args>();
  code.error = error;
  raw.check(table.PJRT_Error_GetCode(&code));
  auto destroy = make_args<PJRT_Error_Destroy_Args>();
  destroy.error = error;
  table.PJRT_Error_Destroy(&destroy);
}

void raw_type(const Raw &raw, PJRT_Buffer *buffer) {
  auto element = make_args<PJRT_Buffer_ElementType_Args>();
  element.buffer = buffer;
  raw.check(raw.table().PJRT_Buffer_ElementType(&element));
  auto dims = make_args<PJRT_Buffer_Dimensions_Args>();
  dims.buffer = buffer;
  raw.check(raw.table().PJRT_Buffer_Dimensions(&dims));
}

void raw_kind(const Raw &raw, PJRT_Device *device) {
  auto description = make_args<PJRT_Device_GetDescription_Args>();
  description.device = device;
  raw.check(raw.table().PJRT_Device_GetDescription(&description));
  auto id = make_args<PJRT_DeviceDescription_Id_Args>();
  id.device_description = description.device_description;
  raw.check(raw.table().PJRT_DeviceDescription_Id(&id));
  auto kind = make_args<PJRT_DeviceDescription_Kind_Args>();
  kind.device_description = description.device_description;
  raw.check(raw.table().PJRT_DeviceDescription_Kind(&kind));
}

void compile_ours(pje_client *client, const std::string &text) {
  pje_program *program = nullptr;
  pje_loaded_executable *executable = nullptr;
  expect_ok(pje_program_from_bytes(PJE_PROGRAM_AUTO, text.data(), text.size(), &program));
  expect_ok(pje_client_compile(client, program, nullptr, &executable));
  pje_loaded_executable_release(executable);
  pje_program_release(program);
}

void compile_raw(const Raw &raw, PJRT_Client *client, std::string &text, const std::string &options) {
  auto program = make_args<PJRT_Program>();
  program.code = text.data();
  program.code_size = text.size();
  program.format = "mlir";
  program.format_size = 4;
  auto args = make_args<PJRT_Client_Compile_Args>();
  args.client = client;
  args.program = &program;
  args.compile_options = options.data();
  args.compile_options_size = options.size();
  raw.check(raw.table().PJRT_Client_Compile(&args));
  raw.destroy(args.executable);
}

Case error_of_plugin(Session &session) {
  return {kShown, times([client = session.client()] {
            pje_device *device = nullptr;
            pje_error_release(pje_client_lookup_device(client, kNoSuchId, &device));
          }),
          times([&raw = session.raw(), client = session.raw_client()] { raw_error(raw, client); })};
}

Case buffer_accessors(Session &session) {
  auto sum = std::make_shared<size_t>(0);
  return {1, times([sum, buffer = session.upload(4)] {
            *sum += static_cast<size_t>(pje_buffer_dtype(buffer)) + pje_buffer_rank(buffer) +
                    static_cast<size_t>(pje_buffer_dims(buffer)[0]);
          }),
          times([&raw = session.raw(), buffer = session.raw_upload(4)] { raw_type(raw, buffer); })};
}

Case device_accessors(Session &session) {
  auto sum = std::make_shared<size_t>(0);
  return {1, times([sum, device = pje_client_addressable_device(session.client(), 0)] {
            *sum +=
                static_cast<size_t>(pje_device_id(device)) + static_cast<size_t>(pje_device_kind(device)[0]);
          }),
          times([&raw = session.raw(), device = session.raw_devices()[0]] { raw_kind(raw, device); })};
}

Case compile_case(Session &session) {
  auto text = std::make_shared<std::string>(add_one(4));
  session.compile(*text);
  return {kShown, times([text, client = session.client()] { compile_ours(client, *text); }),
          times([text, &session, options = session.compile_options()] {
            compile_raw(session.raw(), session.raw_client(), *text, options);
          })};
}

Case client_creation(Session &session) {
  return {kSlowGoal, times([plugin = session.plugin()] {
            pje_client *client = nullptr;
            expect_ok(pje_client_create(plugin, nullptr, &client));
            pje_client_release(client);
          }),
          times([&raw = session.raw()] {
            auto args = make_args<PJRT_Client_Create_Args>();
            raw.check(raw.table().PJRT_Client_Create(&args));
            auto destroy = make_args<PJRT_Client_Destroy_Args>();
            destroy.client = args.client;
            raw.check(raw.table().PJRT_Client_Destroy(&destroy));
          })};
}

}  // namespace

void add_small_cases(Session &cpu, Plan &plan) {
  plan.push_back({"event wait", [&cpu] { return event_wait(cpu); }});
  plan.push_back({"event callback", [&cpu] { return event_callback(cpu); }});
  plan.push_back({"event queue", [&cpu] { return event_queue(cpu); }});
  plan.push_back({"error of the plugin", [&cpu] { return error_of_plugin(cpu); }});
  plan.push_back({"accessors of a buffer", [&cpu] { return buffer_accessors(cpu); }});
  plan.push_back({"accessors of a device", [&cpu] { return device_accessors(cpu); }});
}

void add_slow_cases(Session &cpu, Plan &plan) {
  plan.push_back({"compile", [&cpu] { return compile_case(cpu); }});
  plan.push_back({"client creation", [&cpu] { return client_creation(cpu); }});
}

}  // namespace bench
