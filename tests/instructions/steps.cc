#include "steps.hpp"

namespace {

using bench::Executable;
using bench::expect_ok;
using bench::make_args;
using bench::Raw;
using bench::Session;

constexpr long kPerExecute = 250;
constexpr long kPerItem = 30;
constexpr long kPerCallback = 600;
constexpr long kPerError = 2000;
constexpr long kNoGoal = 0;
constexpr size_t kMaxItems = 64;

class Execute final : public Step {
 public:
  Execute(Session &session, size_t num_args, size_t num_outputs, long reached)
      : Step("execute " + std::to_string(num_args) + " in " + std::to_string(num_outputs) + " out",
             kPerExecute + kPerItem * static_cast<long>(num_args + num_outputs), reached),
        session_(session),
        executable_(session.compile(bench::noop(num_args, num_outputs))),
        num_outputs_(num_outputs) {
    for (size_t i = 0; i < num_args; ++i) {
      args_.push_back(session.upload(0));
      raw_args_.push_back(session.raw_upload(0));
    }
  }
  pje_loaded_executable *executable() const { return executable_.ours; }
  const std::vector<pje_buffer *> &args() const { return args_; }
  void ours() override {
    pje_buffer *outputs[kMaxItems];
    expect_ok(pje_loaded_executable_execute(executable_.ours, args_.data(), args_.size(), nullptr, outputs,
                                            num_outputs_));
    pje_buffers_release(outputs, num_outputs_);
  }
  void raw() override {
    PJRT_Buffer *outputs[kMaxItems];
    PJRT_Buffer **output_list = outputs;
    PJRT_Buffer *const *arg_list = raw_args_.data();
    PJRT_Event *done = nullptr;
    session_.raw().execute(executable_.raw, 1, &arg_list, raw_args_.size(), &output_list, &done);
    session_.raw().await_and_destroy(done);
    for (size_t i = 0; i < num_outputs_; ++i) session_.raw().destroy(outputs[i]);
  }

 private:
  Session &session_;
  Executable executable_;
  size_t num_outputs_;
  std::vector<pje_buffer *> args_;
  std::vector<PJRT_Buffer *> raw_args_;
};

class Prepared final : public Step {
 public:
  Prepared(Session &session, size_t num_args, size_t num_outputs, long reached)
      : Step("prepared " + std::to_string(num_args) + " in " + std::to_string(num_outputs) + " out",
             kPerExecute + kPerItem * static_cast<long>(num_args + num_outputs), reached),
        twin_(session, num_args, num_outputs, reached) {
    expect_ok(pje_prepared_call_create(twin_.executable(), nullptr, &call_));
    for (size_t i = 0; i < num_args; ++i) expect_ok(pje_prepared_call_set_arg(call_, i, twin_.args()[i]));
    // The outputs of a run are released by the next one: this is the one before the first.
    in_order = false;
    ours();
  }
  void ours() override { expect_ok(pje_prepared_call_run(call_)); }
  void raw() override { twin_.raw(); }

 private:
  Execute twin_;
  pje_prepared_call *call_ = nullptr;
};

class ExecuteAsync final : public Step {
 public:
  ExecuteAsync(Session &session, size_t num_args, size_t num_outputs, long reached)
      : Step("execute async " + std::to_string(num_args) + " in " + std::to_string(num_outputs) + " out",
             kNoGoal, reached),
        twin_(session, num_args, num_outputs, reached),
        num_outputs_(num_outputs) {}
  void ours() override {
    pje_buffer *outputs[kMaxItems];
    pje_event *done = nullptr;
    expect_ok(pje_loaded_executable_execute_async(
        twin_.executable(), twin_.args().data(), twin_.args().size(), nullptr, outputs, num_outputs_, &done));
    expect_ok(pje_event_wait(done));
    pje_event_release(done);
    pje_buffers_release(outputs, num_outputs_);
  }
  void raw() override { twin_.raw(); }

 private:
  Execute twin_;
  size_t num_outputs_;
};

// One number, in memory that the plugin uses in place.
class ZeroCopyUpload final : public Step {
 public:
  ZeroCopyUpload(Session &session, long reached)
      : Step("zero-copy upload", kNoGoal, reached), session_(session) {}
  void ours() override {
    pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
    options.semantics = PJE_HOST_IMMUTABLE_ZERO_COPY;
    pje_buffer *buffer = nullptr;
    pje_event *host_done = nullptr;
    expect_ok(pje_buffer_from_host_async(session_.client(), &value_, sizeof value_, PJE_F32, nullptr, 0,
                                         &options, &buffer, &host_done));
    expect_ok(pje_buffer_wait(buffer));
    pje_buffer_release(buffer);
    expect_ok(pje_event_wait(host_done));
    pje_event_release(host_done);
  }
  void raw() override {
    const Raw &raw = session_.raw();
    PJRT_Event *host_done = nullptr;
    PJRT_Buffer *buffer = raw.upload({session_.raw_client(), session_.raw_devices()[0], &value_, nullptr, 0,
                                      nullptr, PJRT_HostBufferSemantics_kImmutableZeroCopy},
                                     &host_done);
    raw.await_and_destroy(raw.ready(buffer));
    raw.destroy(buffer);
    raw.await_and_destroy(host_done);
  }

 private:
  Session &session_;
  alignas(64) float value_ = 1;
};

void count(void *counter) { ++*static_cast<long *>(counter); }

void count_raw(PJRT_Error *, void *counter) { ++*static_cast<long *>(counter); }

class Callback final : public Step {
 public:
  explicit Callback(Session &session)
      : Step("event callback", kPerCallback, 587),
        session_(session),
        buffer_(session.upload(0)),
        raw_buffer_(session.raw_upload(0)) {}
  void ours() override {
    pje_event *event = nullptr;
    expect_ok(pje_buffer_ready(buffer_, &event));
    expect_ok(pje_event_on_ready(event, count, &calls_));
    pje_event_release(event);
  }
  void raw() override {
    const Raw &raw = session_.raw();
    auto args = make_args<PJRT_Event_OnReady_Args>();
    args.event = raw.ready(raw_buffer_);
    args.callback = count_raw;
    args.user_arg = &calls_;
    raw.check(raw.table().PJRT_Event_OnReady(&args));
    raw.destroy(args.event);
  }

 private:
  Session &session_;
  pje_buffer *buffer_;
  PJRT_Buffer *raw_buffer_;
  long calls_ = 0;
};

class ErrorPath final : public Step {
 public:
  explicit ErrorPath(Session &session) : Step("error path", kPerError, 1899), session_(session) {}
  void ours() override {
    pje_device *device = nullptr;
    pje_error *error = pje_client_lookup_device(session_.client(), kNoSuchId, &device);
    seen_ += static_cast<long>(pje_error_code(error));
    pje_error_release(error);
  }
  void raw() override {
    const PJRT_Api &table = session_.raw().table();
    auto args = make_args<PJRT_Client_LookupDevice_Args>();
    args.client = session_.raw_client();
    args.id = kNoSuchId;
    PJRT_Error *error = table.PJRT_Client_LookupDevice(&args);
    auto message = make_args<PJRT_Error_Message_Args>();
    message.error = error;
    table.PJRT_Error_Message(&message);
    auto code = make_args<PJRT_Error_GetCode_Args>();
    code.error = error;
    session_.raw().check(table.PJRT_Error_GetCode(&code));
    auto payloads = make_args<PJRT_Error_ForEachPayload_Args>();
    payloads.error = error;
    payloads.visitor = [](const char *, size_t, const char *, size_t, void *) {};
    session_.raw().check(table.PJRT_Error_ForEachPayload(&payloads));
    seen_ += static_cast<long>(code.code);
    auto destroy = make_args<PJRT_Error_Destroy_Args>();
    destroy.error = error;
    table.PJRT_Error_Destroy(&destroy);
  }

 private:
  static constexpr int32_t kNoSuchId = 123456;
  Session &session_;
  long seen_ = 0;
};

}  // namespace

std::vector<std::unique_ptr<Step>> make_steps(Session &session) {
  std::vector<std::unique_ptr<Step>> steps;
  steps.push_back(std::make_unique<Execute>(session, 0, 0, 177));
  steps.push_back(std::make_unique<Execute>(session, 1, 1, 323));
  steps.push_back(std::make_unique<Execute>(session, 8, 8, 875));
  steps.push_back(std::make_unique<Execute>(session, 64, 1, 1898));
  steps.push_back(std::make_unique<Execute>(session, 1, 64, 3444));
  steps.push_back(std::make_unique<Execute>(session, 64, 64, 5019));
  steps.push_back(std::make_unique<Prepared>(session, 1, 1, 257));
  steps.push_back(std::make_unique<Prepared>(session, 64, 64, 3103));
  steps.push_back(std::make_unique<ExecuteAsync>(session, 1, 1, 596));
  steps.push_back(std::make_unique<ZeroCopyUpload>(session, 1029));
  steps.push_back(std::make_unique<Callback>(session));
  steps.push_back(std::make_unique<ErrorPath>(session));
  return steps;
}
