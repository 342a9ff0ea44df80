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

void add_event_cases(Session &session, std::vector<Case> &cases) {
  pje_buffer *buffer = session.upload(4);
  PJRT_Buffer *raw_buffer = session.raw_upload(4);
  const Raw &raw = session.raw();
  auto calls = std::make_shared<std::atomic<size_t>>(0);
  auto event_of = [buffer] {
    pje_event *event = nullptr;
    expect_ok(pje_buffer_ready(buffer, &event));
    return event;
  };
  cases.push_back({"event wait", kShown, times([event_of] {
                     pje_event *event = event_of();
                     expect_ok(pje_event_wait(event));
                     pje_event_release(event);
                   }),
                   times([&raw, raw_buffer] { raw.await_and_destroy(raw.ready(raw_buffer)); })});
  cases.push_back({"event callback", kShown, times([event_of, calls] {
                     pje_event *event = event_of();
                     size_t before = calls->load();
                     expect_ok(pje_event_on_ready(event, count, calls.get()));
                     wait_until(*calls, before + 1);
                     pje_event_release(event);
                   }),
                   times([&raw, raw_buffer, calls] { raw_callback(raw, raw_buffer, *calls); })});
  pje_completion_queue *created = nullptr;
  expect_ok(pje_completion_queue_create(&created));
  std::shared_ptr<pje_completion_queue> queue(created, pje_completion_queue_release);
  // Raw C has no queue: its twin counts completions in a callback.
  cases.push_back({"event queue", kShown, times([event_of, queue] {
                     pje_event *event = event_of();
                     expect_ok(pje_completion_queue_add(queue.get(), event, 7));
                     pje_event_release(event);
                     uint64_t tag = 0;
                     pje_error *error = nullptr;
                     size_t taken = 0;
                     expect_ok(pje_completion_queue_next(queue.get(), -1, 1, &tag, &error, &taken));
                     expect_ok(error);
                   }),
                   times([&raw, raw_buffer, calls] { raw_callback(raw, raw_buffer, *calls); })});
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

}  // namespace

void add_small_cases(Session &cpu, std::vector<Case> &cases) {
  add_event_cases(cpu, cases);
  const Raw &raw = cpu.raw();
  cases.push_back({"error of the plugin", kShown, times([client = cpu.client()] {
                     pje_device *device = nullptr;
                     pje_error_release(pje_client_lookup_device(client, kNoSuchId, &device));
                   }),
                   times([&raw, client = cpu.raw_client()] { raw_error(raw, client); })});
  auto sum = std::make_shared<size_t>(0);
  cases.push_back({"accessors of a buffer", 1, times([sum, buffer = cpu.upload(4)] {
                     *sum += static_cast<size_t>(pje_buffer_dtype(buffer)) + pje_buffer_rank(buffer) +
                             static_cast<size_t>(pje_buffer_dims(buffer)[0]);
                   }),
                   times([&raw, buffer = cpu.raw_upload(4)] { raw_type(raw, buffer); })});
}

void add_slow_cases(Session &cpu, std::vector<Case> &cases) {
  auto text = std::make_shared<std::string>(add_one(4));
  cpu.compile(*text);
  cases.push_back({"compile", kShown, times([text, client = cpu.client()] { compile_ours(client, *text); }),
                   times([text, &cpu, options = cpu.compile_options()] {
                     compile_raw(cpu.raw(), cpu.raw_client(), *text, options);
                   })});
  cases.push_back({"client creation", kSlowGoal, times([plugin = cpu.plugin()] {
                     pje_client *client = nullptr;
                     expect_ok(pje_client_create(plugin, nullptr, &client));
                     pje_client_release(client);
                   }),
                   times([&raw = cpu.raw()] {
                     auto args = make_args<PJRT_Client_Create_Args>();
                     raw.check(raw.table().PJRT_Client_Create(&args));
                     auto destroy = make_args<PJRT_Client_Destroy_Args>();
                     destroy.client = args.client;
                     raw.check(raw.table().PJRT_Client_Destroy(&destroy));
                   })});
}

}  // namespace bench
