#include "core/prepared_call.hpp"

#include "base/text.hpp"
#include "core/execute_options.hpp"
#include "core/launch.hpp"

namespace pje {

namespace {

// For programs whose plugin does not tell how many arguments they take.
constexpr size_t kMaxUnknownArgs = 1 << 16;

}  // namespace

Result<Ref<PreparedCall>> PreparedCall::create(LoadedExecutable &executable, const ExecuteOptions &options) {
  if (options.on_pool || options.extras)
    return failure(
        PJE_UNIMPLEMENTED,
        "pje_execute_options: a prepared call takes device, non_donatable, call_location and launch_id");
  if (options.has_rare()) {
    PJRT_ExecuteOptions unused{};
    PJE_TRY(apply_rare_options(executable.client(), {}, options, unused));
  }
  bool knows_args = executable.num_args() != SIZE_MAX;
  size_t num_args = knows_args ? executable.num_args() : 0;
  PJE_TRY(executable.check_one_device(options, num_args, executable.num_outputs()));
  Ref<PreparedCall> call = make<PreparedCall>(executable);
  Data &data = *call->data_;
  data.options.keep(options);
  data.args.resize(num_args);
  data.raw_args.resize(num_args);
  data.outputs.resize(executable.num_outputs());
  data.raw_outputs.resize(executable.num_outputs());
  call->fill_in();
  return call;
}

void PreparedCall::fill_in() {
  Data &data = *data_;
  data.raw_options = executable_->raw_options(data.options);
  data.arg_list = data.raw_args.data();
  data.output_list = data.raw_outputs.data();
  data.call = abi::zeroed<PJRT_LoadedExecutable_Execute_Args>();
  data.call.executable = executable_->raw();
  data.call.options = &data.raw_options;
  data.call.argument_lists = &data.arg_list;
  data.call.num_devices = 1;
  data.call.num_args = data.raw_args.size();
  data.call.output_lists = &data.output_list;
  data.call.execute_device = data.options.device == nullptr ? nullptr : data.options.device->raw();
  const LoadedExecutable::Signature &signature = executable_->signature_;
  data.is_plain = !signature.takes && signature.knows_outputs && data.options.non_donatable.empty();
}

Status PreparedCall::set_arg(size_t i, Buffer *buffer) {
  Data &data = *data_;
  bool knows_args = executable_->num_args() != SIZE_MAX;
  size_t limit = knows_args ? num_args() : kMaxUnknownArgs;
  if (i >= limit)
    return invalid_argument(
        concat("argument \"index\" is ", i, ": ", executable_->name(), " takes ", limit, " arguments"));
  if (buffer != nullptr) {
    PJE_TRY(buffer->settle());
    PJE_TRY(executable_->check_arg(0, i, borrow(buffer), buffer));
  }
  if (i >= num_args()) {
    data.args.resize(i + 1);
    data.raw_args.resize(i + 1);
    fill_in();
  }
  data.args[i] = Ref<Buffer>::share(buffer);
  data.raw_args[i] = buffer == nullptr ? nullptr : buffer->raw();
  return {};
}

inline Status PreparedCall::check_args() const {
  const Data &data = *data_;
  if (executable_->client().has_launches()) [[unlikely]]
    for (const Ref<Buffer> &arg : data.args)
      if (arg) PJE_TRY(arg->settle());
  const Client *client = &executable_->client();
  for (size_t i = 0; i < data.args.size(); ++i) {
    const Buffer *buffer = data.args[i].get();
    if (buffer != nullptr && buffer->is_usable_by(client)) [[likely]]
      continue;
    if (buffer == nullptr)
      return failure(PJE_FAILED_PRECONDITION, concat("argument ", i, " of the call is not set"));
    PJE_TRY(executable_->check_arg(0, i, borrow(buffer), buffer));
  }
  return {};
}

inline void PreparedCall::release_outputs() noexcept {
  data_->has_outputs = false;
  Buffer::release_all(data_->outputs.data(), data_->outputs.size(), [](pje_buffer *shared) {
    if (shared != nullptr) release_handle(shared, ObjectType::kBuffer);
  });
}

PreparedCall::~PreparedCall() { release_outputs(); }

// Nothing of ours but the check before, and the handles of the outputs after.
inline Status PreparedCall::dispatch(const char *function) {
  Data &data = *data_;
  if (executable_->deleted_.load(std::memory_order_relaxed)) [[unlikely]]
    return executable_->check_not_deleted();
  data.event = nullptr;
  if (!executable_->signature_.takes && data.options.non_donatable.empty()) [[likely]]
    return executable_->client().api().call(data.call);
  std::vector<Buffer *> buffers;
  buffers.reserve(data.args.size());
  for (const Ref<Buffer> &arg : data.args) buffers.push_back(arg.get());
  PJE_TRY(executable_->check_donation(buffers, buffers.size(), data.options));
  return executable_->call_taking(buffers, buffers.size(), function, data.call);
}

Status PreparedCall::give_unknown_outputs(SlotReservation &slots) {
  Data &data = *data_;
  LoadedExecutable &run = *executable_;
  std::vector<const ArrayType *> types(run.signature_.outputs, run.signature_.outputs + num_outputs());
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] != nullptr) continue;
    auto type = Buffer::read_type(run.client().api(), data.raw_outputs[i]);
    if (!type.ok()) {
      destroy_all(run.client().api(), data.raw_outputs.data(), data.raw_outputs.size());
      return std::move(type).status();
    }
    types[i] = type.value();
  }
  make_outputs(slots, run.client(), data.raw_outputs.data(), types.data(), data.outputs.data(),
               data.outputs.size());
  data.has_outputs = true;
  return {};
}

inline Status PreparedCall::give_outputs(SlotReservation &slots) {
  Data &data = *data_;
  LoadedExecutable &run = *executable_;
  data.has_outputs = true;
  if (data.outputs.empty()) return {};
  if (!run.signature_.knows_outputs) [[unlikely]]
    return give_unknown_outputs(slots);
  make_outputs(slots, run.client(), data.raw_outputs.data(), run.signature_.outputs, data.outputs.data(),
               data.outputs.size());
  return {};
}

Status PreparedCall::run(const char *function) {
  PJE_TRY(check_args());
  data_->call.device_complete_events = &data_->event;
  release_outputs();
  SlotReservation slots(data_->outputs.size());
  PJE_TRY(dispatch_and_wait(function));
  return give_outputs(slots);
}

inline Status PreparedCall::dispatch_and_wait(const char *function) {
  Data &data = *data_;
  PJE_TRY(dispatch(function));
  if (data.event == nullptr) return {};
  const abi::Api &api = executable_->client().api();
  Status status = RawEvent(api, data.event).finish(kExecute);
  if (!status.ok()) [[unlikely]]
    destroy_all(api, data.raw_outputs.data(), data.raw_outputs.size());
  return status;
}

inline bool PreparedCall::can_run_again(const Data &data) const noexcept {
  const LoadedExecutable &run = *executable_;
  const Client *client = run.client_;
  if (!data.is_plain || !data.has_outputs || client->has_launches() ||
      run.deleted_.load(std::memory_order_relaxed) || !client->api().usable()) [[unlikely]]
    return false;
  for (const Ref<Buffer> &arg : data.args)
    if (!arg || !arg->is_usable_by(client)) [[unlikely]]
      return false;
  return true;
}

inline Buffer *PreparedCall::place_of(const pje_buffer *output) noexcept {
  return static_cast<Buffer *>(Slot::storage_at(reinterpret_cast<uintptr_t>(output)));
}

// For outputs that were emptied, and are not filled again.
[[gnu::cold, gnu::noinline]] void PreparedCall::drop_emptied(size_t count) noexcept {
  for (size_t i = 0; i < count; ++i) place_of(data_->outputs[i])->drop_stamp();
  release_outputs();
}

// Each object begins its next life where it is. One that is not as its run left it ends the attempt.
[[gnu::always_inline]] inline bool PreparedCall::empty_outputs(const abi::Api &api, pje_buffer **outputs,
                                                               size_t num_outputs) noexcept {
  if (num_outputs == 0) return true;
  abi::Api::Repeated<PJRT_Buffer_Destroy_Args> destroy(api);
  for (size_t i = 0; i < num_outputs; ++i) {
    auto bits = reinterpret_cast<uintptr_t>(outputs[i]);
    Slot *slot = Slot::of(bits);
    uint64_t sole = SlotWord::expected(bits, Buffer::kType) + SlotWord::kPublicOne;
    uint64_t next = SlotWord::begun(SlotWord::freed_by(bits), Buffer::kType, SlotWord::kPublicOne);
    // Half of its generations, then others come first: else a stale handle would fit after 128 runs.
    bool is_worn = SlotWord::generation(next) % 64 == 0;
    if (is_worn || slot->stamp.load(std::memory_order_relaxed) == 0 ||
        !slot->word.compare_exchange_strong(sole, next, std::memory_order_acq_rel, std::memory_order_relaxed))
        [[unlikely]] {
      drop_emptied(i);
      return false;
    }
    outputs[i] = reinterpret_cast<pje_buffer *>(slot->handle_of(next));
    destroy.args.buffer = std::exchange(static_cast<Buffer *>(Object::in(slot))->raw_, nullptr);
    destroy.call_and_log();
  }
  return true;
}

[[gnu::cold, gnu::noinline]] pje_error *PreparedCall::give_failure(Status failed) noexcept {
  drop_emptied(data_->outputs.size());
  return std::move(failed).take().to_public();
}

pje_error *PreparedCall::run_again(pje_prepared_call *handle, Run &otherwise) noexcept {
  const SlotRange range = SlotPool::range();
  if (!range.contains(reinterpret_cast<uintptr_t>(handle))) [[unlikely]]
    return otherwise(handle);
  auto *call = static_cast<PreparedCall *>(resolve_in(range, handle, kType));
  if (call == nullptr) [[unlikely]]
    return otherwise(handle);
  Data &data = *call->data_;
  const abi::Api &api = call->executable_->client_->api();
  pje_buffer **outputs = data.outputs.data();
  PJRT_Buffer **raw_outputs = data.raw_outputs.data();
  size_t num_outputs = data.outputs.size();
  if (!call->can_run_again(data) || !call->empty_outputs(api, outputs, num_outputs)) [[unlikely]]
    return otherwise(handle);
  PJRT_Event *event = nullptr;
  data.call.device_complete_events = &event;
  if (Status failed = api.call_known(data.call); !failed.ok()) [[unlikely]]
    return call->give_failure(std::move(failed));
  if (event != nullptr) [[likely]] {
    if (Status failed = RawEvent::finish_known(api, event, kExecute); !failed.ok()) [[unlikely]] {
      destroy_all(api, raw_outputs, num_outputs);
      return call->give_failure(std::move(failed));
    }
  }
  for (size_t i = 0; i < num_outputs; ++i) place_of(outputs[i])->raw_ = raw_outputs[i];
  return nullptr;
}

Status PreparedCall::run_async(const char *function, pje_event **done) {
  Data &data = *data_;
  PJE_TRY(check_args());
  release_outputs();
  SlotReservation slots(data.outputs.size() + (done == nullptr ? 0 : 1));
  data.call.device_complete_events = done == nullptr ? nullptr : &data.event;
  PJE_TRY(dispatch(function));
  Status given = give_outputs(slots);
  if (!given.ok()) [[unlikely]] {
    if (data.event != nullptr) (void)RawEvent(executable_->client().api(), data.event).finish(kExecute);
    return given;
  }
  if (done != nullptr) *done = Event::give(slots, executable_->client().hold(), data.event, kExecute);
  return {};
}

}  // namespace pje
