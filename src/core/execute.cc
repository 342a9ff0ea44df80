// Running an executable: every check and every allocation before the one call of the plugin.

#include <algorithm>

#include "base/small_array.hpp"
#include "base/text.hpp"
#include "core/execute_options.hpp"
#include "core/launch.hpp"
#include "core/loaded_executable.hpp"

namespace pje {

namespace {

constexpr size_t kSmallDevices = 8;

std::string where(size_t device, size_t num_devices, size_t i) {
  return num_devices == 1 ? concat("argument ", i) : concat("argument ", i, " of device ", device);
}

}  // namespace

void destroy_all(const abi::Api &api, PJRT_Buffer *const *raw, size_t count) noexcept {
  abi::Api::Repeated<PJRT_Buffer_Destroy_Args> destroy(api);
  for (size_t at = 0; at < count; ++at) {
    destroy.args.buffer = raw[at];
    destroy.call_and_log();
  }
}

struct LoadedExecutable::Launch {
  // `num_objects` handles can be made after the plugin's call without failing.
  Launch(const LoadedExecutable &run, const char *function_name, size_t devices, size_t args, size_t outputs,
         size_t num_objects)
      : executable(run),
        api(run.client_->api()),
        function(function_name),
        num_devices(devices),
        num_args(args),
        num_outputs(outputs),
        num_buffers(devices * args),
        num_results(devices * outputs),
        slots(num_objects) {
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
    if (has_results) [[unlikely]]
      destroy_all(api, raw_outputs, num_results);
    for (size_t d = 0; d < num_devices; ++d)
      if (events[d] != nullptr) [[unlikely]]
        (void)take_event(d);
  }
  RawEvent take_event(size_t device) noexcept {
    return RawEvent(api, std::exchange(events[device], nullptr));
  }
  // The last thing that can fail: a plugin may not tell the types of outputs before there are some.
  Status find_types() {
    types = executable.signature_.outputs;
    return executable.signature_.knows_outputs ? Status() : ask_types();
  }
  void give_outputs(pje_buffer **outputs) noexcept {
    has_results = false;
    if (num_results == 0) return;
    for (size_t d = 0, at = 0; d < num_devices; ++d, at += num_outputs)
      make_outputs(slots, *executable.client_, raw_outputs + at, types, outputs + at, num_outputs);
  }
  Launch(const Launch &) = delete;
  Launch &operator=(const Launch &) = delete;

  const LoadedExecutable &executable;
  const abi::Api &api;
  const char *function;
  size_t num_devices;
  size_t num_args;
  size_t num_outputs;
  bool wants_events = true;
  // Whether raw_outputs are ours to destroy.
  bool has_results = false;
  size_t num_buffers;
  size_t num_results;
  const ArrayType *const *types = nullptr;
  SlotReservation slots;
  Buffer **buffers;
  PJRT_Buffer **raw_args;
  PJRT_Buffer **raw_outputs;
  PJRT_Buffer *const **arg_lists;
  PJRT_Buffer ***output_lists;
  PJRT_Event **events;

 private:
  void place() noexcept {
    buffers = small.buffers;
    raw_args = small.raw_args;
    raw_outputs = small.raw_outputs;
    arg_lists = small.arg_lists;
    output_lists = small.output_lists;
    events = small.events;
  }
  // One block for all lists when one of them is long: they are pointers, all alike in size.
  [[gnu::cold]] void allocate() {
    large = std::make_unique<void *[]>(2 * num_buffers + num_results + 3 * num_devices);
    void **at = large.get();
    auto next = [&at](size_t count) { return static_cast<void *>(std::exchange(at, at + count)); };
    buffers = static_cast<Buffer **>(next(num_buffers));
    raw_args = static_cast<PJRT_Buffer **>(next(num_buffers));
    raw_outputs = static_cast<PJRT_Buffer **>(next(num_results));
    arg_lists = static_cast<PJRT_Buffer *const **>(next(num_devices));
    output_lists = static_cast<PJRT_Buffer ***>(next(num_devices));
    events = static_cast<PJRT_Event **>(next(num_devices));
  }
  // Every device gives the same types.
  [[gnu::cold]] Status ask_types() {
    asked_types.assign(types, types + num_outputs);
    for (size_t i = 0; i < num_outputs && num_devices > 0; ++i)
      if (asked_types[i] == nullptr) {
        PJE_ASSIGN(asked_types[i], Buffer::read_type(api, raw_outputs[i]));
      }
    types = asked_types.data();
    return {};
  }

  std::unique_ptr<void *[]> large;
  std::vector<const ArrayType *> asked_types;
  // Only what is in use is ever written or read.
  struct Small {
    Buffer *buffers[kSmall];
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
inline bool LoadedExecutable::fits_one_device(const ExecuteOptions &options, size_t num_args,
                                              size_t num_outputs) const noexcept {
  bool device_fits =
      options.device == nullptr ? signature_.num_devices == 1 : &options.device->client() == client_;
  return device_fits && num_outputs == signature_.num_outputs &&
         (signature_.args == nullptr || num_args == signature_.num_args);
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
  if (expected == nullptr || buffer->type() == expected) return {};
  if (buffer->type()->plain != expected->plain)
    return invalid_argument(concat(where(device, num_devices, i), " is ", buffer->type()->text(), ": ",
                                   name(), " expects ", expected->text()));
  // A device may prefer the order that the program wants.
  const ArrayType *given = buffer->type_as_it_lies();
  bool is_told = given->minor_to_major != nullptr || given == given->plain;
  if (given == expected || !is_told) return {};
  return invalid_argument(concat(where(device, num_devices, i), " lies as ", given->text_in_order(), ": ",
                                 name(), " expects ", expected->text_in_order()));
}

// The arguments of one device; `buffers` may be NULL.
[[gnu::always_inline]] inline Status LoadedExecutable::resolve_args(size_t device, pje_buffer *const *handles,
                                                                    size_t num_args, Buffer **buffers,
                                                                    PJRT_Buffer **raw_args) const {
  const SlotRange range = SlotPool::range();
  const ArrayType *const *expected = signature_.args;
  const Client *client = client_;
  for (size_t i = 0; i < num_args; ++i) {
    auto bits = reinterpret_cast<uintptr_t>(handles[i]);
    auto *slot = Slot::of(bits);
    // Nothing is read through it before the range is checked.
    auto *buffer = static_cast<Buffer *>(Slot::storage_at(bits));
    bool right = expected != nullptr && range.contains(bits) &&
                 SlotWord::matches(slot->word.load(std::memory_order_acquire), bits, Buffer::kType) &&
                 &buffer->client() == client && buffer->consumed_by() == nullptr &&
                 buffer->type() == expected[i];
    if (!right) [[unlikely]] {
      buffer = resolve<Buffer>(handles[i]);
      Status refused = check_arg(device, i, handles[i], buffer);
      if (!refused.ok() || buffer == nullptr) return refused;
    }
    if (buffers != nullptr) buffers[i] = buffer;
    raw_args[i] = buffer->raw();
  }
  return {};
}

Status taken_twice(size_t i, size_t other) {
  return invalid_argument(concat("arguments ", i, " and ", other,
                                 " are the same buffer, which this run takes over: expected it once"));
}

Status LoadedExecutable::check_non_donatable(const ExecuteOptions &options, size_t num_args) {
  for (int64_t index : options.non_donatable)
    if (index < 0 || static_cast<size_t>(index) >= num_args)
      return invalid_argument(
          concat("options.non_donatable holds ", index, ": expected 0 to ", num_args, " - 1"));
  return {};
}

Status LoadedExecutable::check_donation(std::span<Buffer *const> buffers, size_t num_args,
                                        const ExecuteOptions &options) const {
  PJE_TRY(check_non_donatable(options, num_args));
  if (data_->num_donated == 0) return {};
  // A buffer that is taken over must not be needed a second time in the same run.
  std::vector<std::pair<const Buffer *, size_t>> order(buffers.size());
  for (size_t at = 0; at < order.size(); ++at) order[at] = {buffers[at], at};
  std::sort(order.begin(), order.end());
  auto is_donated = [&](size_t at) {
    size_t i = at % num_args;
    auto end = options.non_donatable.end();
    return data_->donated[i] && std::find(options.non_donatable.begin(), end, static_cast<int64_t>(i)) == end;
  };
  for (size_t k = 1; k < order.size(); ++k)
    if (order[k].first == order[k - 1].first &&
        (is_donated(order[k].second) || is_donated(order[k - 1].second)))
      return taken_twice(order[k - 1].second % num_args, order[k].second % num_args);
  return {};
}

[[gnu::always_inline]] inline Status LoadedExecutable::prepare(Launch &launch,
                                                               std::span<pje_buffer *const> args,
                                                               const ExecuteOptions &options) const {
  for (size_t d = 0, at = 0; d < launch.num_devices; ++d, at += launch.num_args)
    PJE_TRY(resolve_args(d, args.data() + at, launch.num_args, launch.buffers + at, launch.raw_args + at));
  if (data_->num_donated > 0 || !options.non_donatable.empty())
    PJE_TRY(check_donation({launch.buffers, launch.num_buffers}, launch.num_args, options));
  return {};
}

Status LoadedExecutable::call_taking(std::span<Buffer *const> buffers, size_t num_args, const char *function,
                                     PJRT_LoadedExecutable_Execute_Args &args) const noexcept {
  auto is_taken = [&](size_t at) {
    return !data_->knows_args || data_->donated[at < num_args ? at : at % num_args];
  };
  auto end_taking = [&](size_t end) {
    for (size_t at = 0; at < end; ++at)
      if (is_taken(at)) buffers[at]->end_taking();
  };
  for (size_t at = 0; at < buffers.size(); ++at) {
    if (!is_taken(at)) continue;
    Status begun = buffers[at]->begin_taking();
    if (begun.ok()) [[likely]]
      continue;
    end_taking(at);
    return begun;
  }
  Status status = client_->api().call(args);
  for (size_t at = 0; at < buffers.size() && status.ok(); ++at)
    if (is_taken(at)) buffers[at]->note_donation(function);
  end_taking(buffers.size());
  return status;
}

PJRT_ExecuteOptions LoadedExecutable::raw_options(const ExecuteOptions &options) const noexcept {
  auto raw = client_->api().sized<PJRT_ExecuteOptions>();
  raw.launch_id = options.launch_id;
  raw.non_donatable_input_indices = options.non_donatable.data();
  raw.num_non_donatable_input_indices = options.non_donatable.size();
  raw.call_location = options.call_location;
  raw.use_major_to_minor_data_layout_for_callbacks = true;
  return raw;
}

[[gnu::always_inline]] inline Status LoadedExecutable::dispatch(Launch &launch,
                                                                const ExecuteOptions &options) const {
  if (deleted_.load(std::memory_order_relaxed)) [[unlikely]]
    return check_not_deleted();
  const abi::Api &api = launch.api;
  PJRT_ExecuteOptions raw = raw_options(options);
  if (options.has_rare()) [[unlikely]]
    PJE_TRY(apply_rare_options(*client_, devices_of(options), options, raw));
  auto args = abi::zeroed<PJRT_LoadedExecutable_Execute_Args>();
  args.executable = raw_;
  args.options = &raw;
  args.argument_lists = launch.arg_lists;
  args.num_devices = launch.num_devices;
  args.num_args = launch.num_args;
  args.output_lists = launch.output_lists;
  args.device_complete_events = launch.wants_events ? launch.events : nullptr;
  args.execute_device = options.device == nullptr ? nullptr : options.device->raw();
  PJE_TRY(signature_.takes
              ? call_taking({launch.buffers, launch.num_buffers}, launch.num_args, launch.function, args)
              : api.call(args));
  launch.has_results = true;
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
  PJE_TRY(launch.find_types());
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
  PJE_TRY(launch.find_types());
  for (size_t d = 0; d < done.size(); ++d)
    done[d] = Event::give(launch.slots, client_->hold(), std::exchange(launch.events[d], nullptr), kExecute);
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
  PJE_TRY(launch.find_types());
  for (size_t d = 0; d < done.size(); ++d) done[d] = std::move(events[d]).to_public();
  launch.give_outputs(outputs.data());
  return {};
}

Status LoadedExecutable::execute(const char *function, std::span<pje_buffer *const> args,
                                 const ExecuteOptions &options, std::span<pje_buffer *> outputs) {
  if (!fits_one_device(options, args.size(), outputs.size())) [[unlikely]]
    PJE_TRY(check_one_device(options, args.size(), outputs.size()));
  PJE_UNINITIALIZED Launch launch(*this, function, 1, args.size(), outputs.size(), outputs.size());
  return launch_blocking(launch, args, options, outputs);
}

Status LoadedExecutable::execute_async(const char *function, std::span<pje_buffer *const> args,
                                       const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                                       std::span<pje_event *> done) {
  if (!fits_one_device(options, args.size(), outputs.size())) [[unlikely]]
    PJE_TRY(check_one_device(options, args.size(), outputs.size()));
  PJE_UNINITIALIZED Launch launch(*this, function, 1, args.size(), outputs.size(),
                                  outputs.size() + done.size());
  return launch_async(launch, args, options, outputs, done);
}

Status LoadedExecutable::execute_sharded(const char *function, size_t num_devices,
                                         std::span<pje_buffer *const> args, const ExecuteOptions &options,
                                         std::span<pje_buffer *> outputs) {
  size_t divisor = std::max<size_t>(num_devices, 1);
  PJE_TRY(check_sharded(num_devices, options, args.size() / divisor, outputs.size() / divisor));
  PJE_UNINITIALIZED Launch launch(*this, function, num_devices, args.size() / divisor,
                                  outputs.size() / divisor, outputs.size());
  return launch_blocking(launch, args, options, outputs);
}

Status LoadedExecutable::execute_sharded_async(const char *function, size_t num_devices,
                                               std::span<pje_buffer *const> args,
                                               const ExecuteOptions &options, std::span<pje_buffer *> outputs,
                                               std::span<pje_event *> done) {
  size_t divisor = std::max<size_t>(num_devices, 1);
  PJE_TRY(check_sharded(num_devices, options, args.size() / divisor, outputs.size() / divisor));
  PJE_UNINITIALIZED Launch launch(*this, function, num_devices, args.size() / divisor,
                                  outputs.size() / divisor, outputs.size() + done.size());
  return launch_async(launch, args, options, outputs, done);
}

}  // namespace pje
