// Runs launched from threads of ours: the caller runs no code of the plugin and never waits for it.
//
// Everything of our own is checked at once, and the outputs are handed over as buffers that are still to be
// filled in. A run is dispatched, by the same code as any other, once the runs before it on its devices and
// those that make its arguments have been: that keeps the order of the calls on each device, and no thread
// waits for another.

#include <algorithm>

#include "base/text.hpp"
#include "base/workers.hpp"
#include "core/event_combine.hpp"
#include "core/launch.hpp"
#include "core/launch_queue.hpp"
#include "core/loaded_executable.hpp"

namespace pje {

// A run that is still to be dispatched, with all it needs.
struct LoadedExecutable::PoolLaunch {
  const char *function;
  bool is_sharded;
  Ref<LoadedExecutable> executable;
  std::vector<Ref<Buffer>> args;
  std::vector<Ref<Buffer>> outputs;
  // One per device, or none.
  std::vector<Ref<Event>> done;
  Ref<Event> dispatched;
  KeptExecuteOptions options;

  Status execute(std::span<pje_buffer *> results, std::span<pje_event *> ends) {
    std::vector<pje_buffer *> handles;
    handles.reserve(args.size());
    for (const Ref<Buffer> &arg : args) {
      // An argument that never came to be is this run's failure too.
      if (Event *launch = arg->launch()) PJE_TRY(launch->error());
      handles.push_back(borrow(arg.get()));
    }
    if (!is_sharded) return executable->execute_async(function, handles, options, results, ends);
    return executable->execute_sharded_async(function, executable->devices().size(), handles, options,
                                             results, ends);
  }

  void dispatch() noexcept {
    std::vector<Ref<Event>> ends;
    Status status;
    try {
      std::vector<pje_buffer *> results(outputs.size());
      std::vector<pje_event *> raw_ends(done.size());
      ends.reserve(done.size());
      status = with_function(execute(results, raw_ends), function);
      for (size_t i = 0; i < results.size() && status.ok(); ++i)
        outputs[i]->take_over(*take_back<Buffer>(results[i]));
      for (size_t d = 0; d < raw_ends.size() && status.ok(); ++d)
        ends.push_back(take_back<Event>(raw_ends[d]));
    } catch (...) {
      status = with_function(current_exception_status(), function);
    }
    finish(status, std::move(ends));
  }

  // Lets go of everything before anybody learns of the end.
  void finish(const Status &status, std::vector<Ref<Event>> ends) noexcept {
    if (!status.ok())
      for (const Ref<Buffer> &output : outputs) output->note_never_filled();
    args.clear();
    outputs.clear();
    // Kept by its event until that is finished.
    Client &client = executable->client();
    executable = nullptr;
    client.launches().leave(*dispatched);
    client.forget_launch();
    Event::finish(std::move(dispatched), status.copy());
    for (size_t d = 0; d < done.size(); ++d) {
      if (status.ok())
        Event::follow(std::move(done[d]), *ends[d]);
      else
        Event::finish(std::move(done[d]), status.copy());
    }
  }
};

Status LoadedExecutable::follow_launches(std::span<pje_buffer *const> args, const ExecuteOptions &options) {
  for (pje_buffer *handle : args)
    if (Buffer *buffer = resolve<Buffer>(handle)) (void)buffer->settle();
  // Whether those runs go well is not this call's matter.
  wait_for_all(client_->launches().last_on(devices_of(options)));
  if (data_->num_donated == 0 && data_->knows_args) return {};
  for (pje_buffer *handle : args)
    if (Buffer *buffer = resolve<Buffer>(handle)) wait_for_all(client_->launches().users_of(*buffer, false));
  return {};
}

Status LoadedExecutable::check_launch(std::span<pje_buffer *const> args, const ExecuteOptions &options,
                                      size_t num_devices, std::vector<LaunchQueue::Use> &uses) const {
  size_t num_args = args.size() / std::max<size_t>(num_devices, 1);
  auto keeps = [&](size_t i) {
    auto end = options.non_donatable.end();
    return std::find(options.non_donatable.begin(), end, static_cast<int64_t>(i)) != end;
  };
  for (size_t at = 0; at < args.size(); ++at) {
    size_t i = at % num_args;
    Buffer *buffer = resolve<Buffer>(args[at]);
    Status refused = check_arg(at / num_args, i, args[at], buffer);
    // What an earlier launch failed to give is this one's error too, and no refusal, however early it is
    // known.
    bool never_filled = !refused.ok() && buffer != nullptr && buffer->launch() != nullptr &&
                        &buffer->client() == client_ && buffer->consumed_by() != nullptr &&
                        !buffer->launch()->wait().ok() &&
                        (arg_type(i) == nullptr || arg_type(i)->plain == buffer->type()->plain);
    if (!refused.ok() && !never_filled) return refused;
    if (!client_->launches().users_of(*buffer, true).empty())
      return invalid_argument(concat("argument ", i, " is taken over by a run that was launched before"));
    uses.push_back({buffer, arg_is_donated(i) && !keeps(i)});
  }
  for (size_t a = 0; a < uses.size(); ++a)
    for (size_t b = 0; uses[a].is_taken && b < uses.size(); ++b)
      if (a != b && uses[a].buffer == uses[b].buffer)
        return taken_twice(std::min(a, b) % num_args, std::max(a, b) % num_args);
  return {};
}

Status LoadedExecutable::start_launch(const std::shared_ptr<PoolLaunch> &launch,
                                      std::vector<LaunchQueue::Use> uses) {
  client_->count_launch();
  LaunchQueue::Events before =
      client_->launches().enter(launch->dispatched, devices_of(launch->options), std::move(uses));
  auto post = [launch]() noexcept {
    if (!Workers::launcher().post([launch] { launch->dispatch(); }))
      launch->finish(
          failure_of(launch->function, PJE_RESOURCE_EXHAUSTED, "no thread could be started for the run"), {});
  };
  auto start = [&]() -> Status {
    for (const Ref<Buffer> &arg : launch->args)
      if (arg->launch() != nullptr && !arg->launch()->is_ready())
        before.push_back(Ref<Event>::share(arg->launch()));
    if (before.empty()) {
      post();
      return {};
    }
    struct Start final : Event::Continuation {
      std::function<void()> post;
    };
    std::vector<Event *> members;
    for (const Ref<Event> &event : before) members.push_back(event.get());
    PJE_ASSIGN(Ref<Event> gate, event_all(members));
    auto posting = std::make_unique<Start>();
    posting->post = post;
    posting->run = [](const Status &, Event::Continuation &self) noexcept {
      static_cast<Start &>(self).post();
    };
    return gate->then(std::move(posting));
  };
  Status status;
  try {
    status = start();
  } catch (...) {
    status = current_exception_status();
  }
  if (!status.ok()) {
    client_->launches().leave(*launch->dispatched);
    client_->forget_launch();
  }
  return status;
}

Status LoadedExecutable::launch_on_pool(const char *function, size_t num_devices,
                                        std::span<pje_buffer *const> args, const ExecuteOptions &options,
                                        std::span<pje_buffer *> outputs, std::span<pje_event *> done) {
  if (!client_->api().usable()) return client_->api().unusable();
  bool is_sharded = num_devices != kOneDevice;
  size_t divisor = is_sharded ? std::max<size_t>(num_devices, 1) : 1;
  PJE_TRY(is_sharded ? check_sharded(num_devices, options, args.size() / divisor, outputs.size() / divisor)
                     : check_one_device(options, args.size(), outputs.size()));
  PJE_TRY(check_non_donatable(options, args.size() / divisor));
  std::vector<LaunchQueue::Use> uses;
  PJE_TRY(check_launch(args, options, divisor, uses));
  for (const ArrayType *type : data_->outputs)
    if (type == nullptr)
      return failure(PJE_UNIMPLEMENTED,
                     "the plugin does not tell the types of outputs: launch from the caller's thread");
  auto launch = std::make_shared<PoolLaunch>();
  launch->function = function;
  launch->is_sharded = is_sharded;
  launch->executable = Ref<LoadedExecutable>::share(this);
  launch->options.keep(options);
  launch->dispatched = Event::make_unsettable(client_);
  for (pje_buffer *handle : args) launch->args.push_back(Ref<Buffer>::share(resolve<Buffer>(handle)));
  for (size_t at = 0; at < outputs.size(); ++at)
    launch->outputs.push_back(
        Buffer::make_pending(*client_, data_->outputs[at % data_->outputs.size()], launch->dispatched));
  for (size_t d = 0; d < done.size(); ++d) launch->done.push_back(Event::make_unsettable(client_));
  // The run may be over before start_launch returns.
  std::vector<Ref<Buffer>> made = launch->outputs;
  std::vector<Ref<Event>> ends = launch->done;
  PJE_TRY(start_launch(launch, std::move(uses)));
  for (size_t at = 0; at < outputs.size(); ++at) outputs[at] = std::move(made[at]).to_public();
  for (size_t d = 0; d < done.size(); ++d) done[d] = std::move(ends[d]).to_public();
  return {};
}

Status LoadedExecutable::execute_on_pool(const char *function, size_t num_devices,
                                         std::span<pje_buffer *const> args, const ExecuteOptions &options,
                                         std::span<pje_buffer *> outputs) {
  std::vector<pje_event *> done(num_devices == kOneDevice ? 1 : num_devices);
  PJE_TRY(launch_on_pool(function, num_devices, args, options, outputs, done));
  Status first;
  for (pje_event *handle : done) {
    Status status = resolve<Event>(handle)->wait();
    if (first.ok()) first = std::move(status);
    release_handle(handle, ObjectType::kEvent);
  }
  for (pje_buffer *&output : outputs)
    if (!first.ok()) release_handle(std::exchange(output, nullptr), ObjectType::kBuffer);
  return first;
}

}  // namespace pje
