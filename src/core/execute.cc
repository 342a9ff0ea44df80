// Running an executable: every check and every allocation before the one call of the plugin.

#include <algorithm>

#include "base/small_array.hpp"
#include "base/text.hpp"
#include "core/execute_options.hpp"
#include "core/loaded_executable.hpp"

namespace pje {

namespace {

constexpr const char *kExecute = "PJRT_LoadedExecutable_Execute";
// Argument lists up to this long cost no allocation.
constexpr size_t kSmall = 64;
constexpr size_t kSmallDevices = 8;

std::string where(size_t device, size_t num_devices, size_t i) {
  return num_devices == 1 ? concat("argument ", i) : concat("argument ", i, " of device ", device);
}

}  // namespace

struct LoadedExecutable::Launch {
  Launch(const abi::Api &plugin_api, const char *function_name, size_t devices, size_t args, size_t outputs)
      : api(plugin_api),
        function(function_name),
        num_devices(devices),
        num_args(args),
        num_outputs(outputs),
        num_buffers(devices * args),
        num_results(devices * outputs) {
    if (num_buffers <= kSmall && num_results <= kSmall && devices <= kSmallDevices) [[likely]]
      place();
    else
      allocate();
    for (size_t d = 0; d < devices; ++d) {
      arg_lists[d] = raw_args + d * args;
      output_lists[d] = raw_outputs + d * outputs;
      events[d] = nullptr;
    }
  }
  ~Launch() {
    for (size_t at = 0; at < num_made; ++at) made[at]->release();
    for (size_t d = 0; d < num_devices; ++d)
      if (events[d] != nullptr) [[unlikely]]
        (void)take_event(d);
  }
  RawEvent take_event(size_t device) noexcept {
    return RawEvent(api, std::exchange(events[device], nullptr));
  }
  // For a plugin that did not tell the types of outputs.
  Status read_types() {
    Buffer *const *objects = made;
    for (size_t at = 0, count = num_made; at < count; ++at)
      if (objects[at]->type() == nullptr) [[unlikely]]
        PJE_TRY(objects[at]->read_type());
    return {};
  }
  // Nobody else has heard of the outputs yet.
  void give_outputs(pje_buffer **outputs) noexcept {
    Buffer *const *objects = made;
    for (size_t at = 0, count = std::exchange(num_made, 0); at < count; ++at)
      outputs[at] = reinterpret_cast<pje_buffer *>(objects[at]->make_public_unshared());
  }
  Launch(const Launch &) = delete;
  Launch &operator=(const Launch &) = delete;

  const abi::Api &api;
  const char *function;
  size_t num_devices;
  size_t num_args;
  size_t num_outputs;
  bool wants_events = true;
  // How many of `made` are ours to release.
  size_t num_made = 0;
  size_t num_buffers;
  size_t num_results;
  Buffer **buffers;
  Buffer **made;
  PJRT_Buffer **raw_args;
  PJRT_Buffer **raw_outputs;
  PJRT_Buffer *const **arg_lists;
  PJRT_Buffer ***output_lists;
  PJRT_Event **events;

 private:
  void place() noexcept {
    buffers = small.buffers;
    made = small.made;
    raw_args = small.raw_args;
    raw_outputs = small.raw_outputs;
    arg_lists = small.arg_lists;
    output_lists = small.output_lists;
    events = small.events;
  }
  // One block for all lists when one of them is long: they are pointers, all alike in size.
  [[gnu::cold]] void allocate() {
    large = std::make_unique<void *[]>(2 * (num_buffers + num_results) + 3 * num_devices);
    void **at = large.get();
    auto next = [&at](size_t count) { return static_cast<void *>(std::exchange(at, at + count)); };
    buffers = static_cast<Buffer **>(next(num_buffers));
    made = static_cast<Buffer **>(next(num_results));
    raw_args = static_cast<PJRT_Buffer **>(next(num_buffers));
    raw_outputs = static_cast<PJRT_Buffer **>(next(num_results));
    arg_lists = static_cast<PJRT_Buffer *const **>(next(num_devices));
    output_lists = static_cast<PJRT_Buffer ***>(next(num_devices));
    events = static_cast<PJRT_Event **>(next(num_devices));
  }

  std::unique_ptr<void *[]> large;
  // Only what is in use is ever written or read.
  struct Small {
    Buffer *buffers[kSmall];
    Buffer *made[kSmall];
    PJRT_Buffer *raw_args[kSmall];
    PJRT_Buffer *raw_outputs[kSmall];
    PJRT_Buffer *const *arg_lists[kSmallDevices];
    PJRT_Buffer **output_lists[kSmallDevices];
    PJRT_Event *events[kSmallDevices];
  } small;
};

Status LoadedExecutable::check_counts(size_t num_args, size_t num_outputs) const {
  if (data_->knows_args && num_args != data_->args.size())
    return invalid_argument(
        concat("argument \"num_args\" is ", num_args, ": ", name(), " takes ", data_->args.size()));
  if (num_outputs != data_->outputs.size())
    return invalid_argument(
        concat("argument \"num_outputs\" is ", num_outputs, ": ", name(), " gives ", data_->outputs.size()));
  return {};
}

// The questions of check_one_device without the words, for the calls that go well.
bool LoadedExecutable::fits_one_device(const ExecuteOptions &options, size_t num_args,
                                       size_t num_outputs) const noexcept {
  bool device_fits =
      options.device == nullptr ? data_->devices.size() == 1 : &options.device->client() == client_;
  return device_fits && num_outputs == data_->outputs.size() &&
         (!data_->knows_args || num_args == data_->args.size());
}

Status LoadedExecutable::check_one_device(const ExecuteOptions &options, size_t num_args,
                                          size_t num_outputs) const {
  if (options.device == nullptr && data_->devices.size() != 1)
    return invalid_argument(
        concat(name(), " runs on ", data_->devices.size(),
               " devices: use pje_loaded_executable_execute_sharded, or name one in options.device"));
  if (options.device != nullptr && &options.device->client() != client_)
    return invalid_argument("options.device belongs to another client");
  return check_counts(num_args, num_outputs);
}

Status LoadedExecutable::check_sharded(size_t num_devices, const ExecuteOptions &options, size_t num_args,
                                       size_t num_outputs) const {
  if (options.device != nullptr)
    return invalid_argument("options.device is set: a sharded run takes every device of the executable");
  if (num_devices != data_->devices.size())
    return invalid_argument(concat("argument \"num_devices\" is ", num_devices, ": ", name(), " runs on ",
                                   data_->devices.size()));
  return check_counts(num_args, num_outputs);
}

Status LoadedExecutable::check_arg(size_t device, size_t i, const pje_buffer *handle,
                                   const Buffer *buffer) const {
  size_t num_devices = data_->devices.size();
  if (buffer == nullptr)
    return invalid_argument(concat(where(device, num_devices, i), " (\"args\") ",
                                   describe_wrong_handle(handle, ObjectType::kBuffer),
                                   ": expected a pje_buffer"));
  if (&buffer->client() != client_)
    return invalid_argument(concat(where(device, num_devices, i), " is a buffer of another client"));
  if (Status usable = buffer->check_usable(); !usable.ok())
    return failure(PJE_INVALID_ARGUMENT,
                   concat(where(device, num_devices, i), ": ", usable.error()->detail()));
  const ArrayType *expected = arg_type(i);
  if (expected != nullptr && buffer->type() != expected)
    return invalid_argument(concat(where(device, num_devices, i), " is ", buffer->type()->text(), ": ",
                                   name(), " expects ", expected->text()));
  return {};
}

[[gnu::always_inline]] inline Status LoadedExecutable::resolve_args(Launch &launch,
                                                                    std::span<pje_buffer *const> args) const {
  const ArrayType *const *expected = data_->knows_args ? data_->args.data() : nullptr;
  Buffer **buffers = launch.buffers;
  PJRT_Buffer **raw_args = launch.raw_args;
  pje_buffer *const *handles = args.data();
  const size_t num_args = launch.num_args;
  const Client *client = client_;
  for (size_t d = 0, at = 0; d < launch.num_devices; ++d) {
    for (size_t i = 0; i < num_args; ++i, ++at) {
      Buffer *buffer = resolve<Buffer>(handles[at]);
      bool right = buffer != nullptr && &buffer->client() == client && buffer->consumed_by() == nullptr &&
                   (expected == nullptr || expected[i] == nullptr || buffer->type() == expected[i]);
      if (!right) [[unlikely]]
        PJE_TRY(check_arg(d, i, handles[at], buffer));
      buffers[at] = buffer;
      raw_args[at] = buffer->raw();
    }
  }
  return {};
}

Status LoadedExecutable::check_donation(const Launch &launch, const ExecuteOptions &options) const {
  for (int64_t index : options.non_donatable)
    if (index < 0 || static_cast<size_t>(index) >= launch.num_args)
      return invalid_argument(
          concat("options.non_donatable holds ", index, ": expected 0 to ", launch.num_args, " - 1"));
  if (data_->num_donated == 0) return {};
  // A buffer that is taken over must not be needed a second time in the same run.
  std::vector<std::pair<const Buffer *, size_t>> order(launch.num_devices * launch.num_args);
  for (size_t at = 0; at < order.size(); ++at) order[at] = {launch.buffers[at], at};
  std::sort(order.begin(), order.end());
  auto is_donated = [&](size_t at) {
    size_t i = at % launch.num_args;
    auto end = options.non_donatable.end();
    return data_->donated[i] && std::find(options.non_donatable.begin(), end, static_cast<int64_t>(i)) == end;
  };
  for (size_t k = 1; k < order.size(); ++k)
    if (order[k].first == order[k - 1].first &&
        (is_donated(order[k].second) || is_donated(order[k - 1].second)))
      return invalid_argument(concat("arguments ", order[k - 1].second % launch.num_args, " and ",
                                     order[k].second % launch.num_args,
                                     " are the same buffer, which this run takes over: expected it once"));
  return {};
}

[[gnu::always_inline]] inline Status LoadedExecutable::prepare(Launch &launch,
                                                               std::span<pje_buffer *const> args,
                                                               const ExecuteOptions &options) {
  PJE_TRY(resolve_args(launch, args));
  if (data_->num_donated > 0 || !options.non_donatable.empty()) PJE_TRY(check_donation(launch, options));
  const ArrayType *const *types = data_->outputs.data();
  Buffer **made = launch.made;
  for (size_t d = 0; d < launch.num_devices; ++d)
    for (size_t i = 0; i < launch.num_outputs; ++i) made[launch.num_made++] = make<Buffer>(types[i]).leak();
  return {};
}

Status LoadedExecutable::call_taking(Launch &launch,
                                     PJRT_LoadedExecutable_Execute_Args &args) const noexcept {
  auto for_each_taken = [&](auto &&action) {
    for (size_t d = 0, at = 0; d < launch.num_devices; ++d)
      for (size_t i = 0; i < launch.num_args; ++i, ++at)
        if (!data_->knows_args || data_->donated[i]) action(*launch.buffers[at]);
  };
  for_each_taken([](Buffer &buffer) { buffer.begin_taking(); });
  Status status = client_->api().call(args);
  for_each_taken([&](Buffer &buffer) {
    if (status.ok()) buffer.note_donation(launch.function);
    buffer.end_taking();
  });
  return status;
}

[[gnu::always_inline]] inline Status LoadedExecutable::dispatch(Launch &launch,
                                                                const ExecuteOptions &options) {
  if (deleted_.load(std::memory_order_relaxed)) [[unlikely]]
    return check_not_deleted();
  const abi::Api &api = client_->api();
  auto raw_options = api.sized<PJRT_ExecuteOptions>();
  raw_options.launch_id = options.launch_id;
  raw_options.non_donatable_input_indices = options.non_donatable.data();
  raw_options.num_non_donatable_input_indices = options.non_donatable.size();
  raw_options.call_location = options.call_location;
  raw_options.use_major_to_minor_data_layout_for_callbacks = true;
  if (options.has_rare()) [[unlikely]]
    PJE_TRY(apply_rare_options(*client_, devices_of(options), options, raw_options));
  auto args = abi::zeroed<PJRT_LoadedExecutable_Execute_Args>();
  args.executable = raw_;
  args.options = &raw_options;
  args.argument_lists = launch.arg_lists;
  args.num_devices = launch.num_devices;
  args.num_args = launch.num_args;
  args.output_lists = launch.output_lists;
  args.device_complete_events = launch.wants_events ? launch.events : nullptr;
  args.execute_device = options.device == nullptr ? nullptr : options.device->raw();
  bool takes = data_->num_donated > 0 || !data_->knows_args;
  PJE_TRY(takes ? call_taking(launch, args) : api.call(args));
  if (launch.num_made > 0) {
    uint8_t line = client_->take_holds(launch.num_made);
    Buffer *const *made = launch.made;
    PJRT_Buffer *const *raw_outputs = launch.raw_outputs;
    for (size_t at = 0, count = launch.num_made; at < count; ++at)
      made[at]->adopt(ClientHold(client_, line), api, raw_outputs[at]);
  }
  return {};
}

Status LoadedExecutable::launch_blocking(Launch &launch, std::span<pje_buffer *const> args,
                                         const ExecuteOptions &options, std::span<pje_buffer *> outputs) {
  PJE_TRY(prepare(launch, args, options));
  PJE_TRY(dispatch(launch, options));
  // Every device is waited for, also after a failure: the caller's memory must not be in use when the call
  // returns.
  Status first;
  for (size_t d = 0; d < launch.num_devices; ++d) {
    RawEvent event = launch.take_event(d);
    if (!event) continue;
    Status status = event.finish(kExecute);
    if (first.ok()) first = std::move(status);
  }
  if (!first.ok()) [[unlikely]]
    return first;
  PJE_TRY(launch.read_types());
  launch.give_outputs(outputs.data());
  return {};
}

Status LoadedExecutable::launch_async(Launch &launch, std::span<pje_buffer *const> args,
                                      const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                                      std::span<pje_event *> done) {
  if (options.extras != nullptr) [[unlikely]]
    return launch_keeping_extras(launch, args, options, outputs, done);
  launch.wants_events = !done.empty();
  PJE_TRY(prepare(launch, args, options));
  PJE_TRY(dispatch(launch, options));
  PJE_TRY(launch.read_types());
  for (size_t d = 0; d < done.size(); ++d) {
    RawEvent raw = launch.take_event(d);
    Ref<Event> event =
        raw ? make<Event>(*client_, std::move(raw), kExecute) : make<Event>(*client_, Status());
    done[d] = std::move(event).to_public();
  }
  launch.give_outputs(outputs.data());
  return {};
}

std::span<Device *const> LoadedExecutable::devices_of(const ExecuteOptions &options) const noexcept {
  if (options.device != nullptr) return {&options.device, 1};
  return data_->devices;
}

Status LoadedExecutable::launch_keeping_extras(Launch &launch, std::span<pje_buffer *const> args,
                                               const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                                               std::span<pje_event *> done) {
  launch.wants_events = true;
  PJE_TRY(prepare(launch, args, options));
  std::vector<Ref<Event>> events(launch.num_devices);
  PJE_TRY(dispatch(launch, options));
  for (size_t d = 0; d < launch.num_devices; ++d) {
    RawEvent raw = launch.take_event(d);
    events[d] = raw ? make<Event>(*client_, std::move(raw), kExecute) : make<Event>(*client_, Status());
    keep_until_ready(*events[d], options.extras);
  }
  PJE_TRY(launch.read_types());
  for (size_t d = 0; d < done.size(); ++d) done[d] = std::move(events[d]).to_public();
  launch.give_outputs(outputs.data());
  return {};
}

Status LoadedExecutable::execute(const char *function, std::span<pje_buffer *const> args,
                                 const ExecuteOptions &options, std::span<pje_buffer *> outputs) {
  if (!fits_one_device(options, args.size(), outputs.size())) [[unlikely]]
    if (!fits_one_device(options, args.size(), outputs.size())) [[unlikely]]
      PJE_TRY(check_one_device(options, args.size(), outputs.size()));
  PJE_UNINITIALIZED Launch launch(client_->api(), function, 1, args.size(), outputs.size());
  return launch_blocking(launch, args, options, outputs);
}

Status LoadedExecutable::execute_async(const char *function, std::span<pje_buffer *const> args,
                                       const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                                       std::span<pje_event *> done) {
  PJE_TRY(check_one_device(options, args.size(), outputs.size()));
  PJE_UNINITIALIZED Launch launch(client_->api(), function, 1, args.size(), outputs.size());
  return launch_async(launch, args, options, outputs, done);
}

Status LoadedExecutable::execute_sharded(const char *function, size_t num_devices,
                                         std::span<pje_buffer *const> args, const ExecuteOptions &options,
                                         std::span<pje_buffer *> outputs) {
  size_t divisor = std::max<size_t>(num_devices, 1);
  PJE_TRY(check_sharded(num_devices, options, args.size() / divisor, outputs.size() / divisor));
  PJE_UNINITIALIZED Launch launch(client_->api(), function, num_devices, args.size() / divisor,
                                  outputs.size() / divisor);
  return launch_blocking(launch, args, options, outputs);
}

Status LoadedExecutable::execute_sharded_async(const char *function, size_t num_devices,
                                               std::span<pje_buffer *const> args,
                                               const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                                               std::span<pje_event *> done) {
  size_t divisor = std::max<size_t>(num_devices, 1);
  PJE_TRY(check_sharded(num_devices, options, args.size() / divisor, outputs.size() / divisor));
  PJE_UNINITIALIZED Launch launch(client_->api(), function, num_devices, args.size() / divisor,
                                  outputs.size() / divisor);
  return launch_async(launch, args, options, outputs, done);
}

}  // namespace pje
