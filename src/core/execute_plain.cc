// The commonest runs, with nothing on their way that only others need.

#include <algorithm>

#include "base/small_array.hpp"
#include "core/launch.hpp"
#include "core/loaded_executable.hpp"

namespace pje {

namespace {

// Whether a pointer points at none of a list's elements.
bool is_apart(const void *pointer, const void *list, size_t size) noexcept {
  return reinterpret_cast<uintptr_t>(pointer) - reinterpret_cast<uintptr_t>(list) >= size * sizeof(void *);
}

// Whether both lists are there, and neither is part of the other.
bool lists_are_apart(pje_buffer *const *args, size_t num_args, pje_buffer *const *outputs,
                     size_t num_outputs) noexcept {
  return (args != nullptr || num_args == 0) && (outputs != nullptr || num_outputs == 0) &&
         is_apart(args, outputs, num_outputs) && is_apart(outputs, args, num_args);
}

[[gnu::cold]] pje_error *give_failure(Status failed, size_t num_promised, pje_buffer **outputs,
                                      size_t num_outputs) noexcept {
  SlotPool::withdraw(num_promised);
  std::fill_n(outputs, num_outputs, nullptr);
  return std::move(failed).take().to_public();
}

}  // namespace

// What plain runs have in common is inlined, and what is found wrong is looked at again by those who can say
// it: a quarter of the instructions of a run with a Launch.
[[gnu::always_inline]] inline const LoadedExecutable *LoadedExecutable::resolve_plain(
    pje_loaded_executable *handle, pje_buffer *const *args, size_t num_args, pje_buffer *const *outputs,
    size_t num_outputs, PJRT_Buffer **raw_args) noexcept {
  const SlotRange range = SlotPool::range();
  if (!range.contains(reinterpret_cast<uintptr_t>(handle))) [[unlikely]]
    return nullptr;
  const auto *run = static_cast<LoadedExecutable *>(resolve_in(range, handle, kType));
  if (run == nullptr) [[unlikely]]
    return nullptr;
  const Client *client = run->client_;
  bool is_plain = num_args == run->signature_.num_plain_args &&
                  num_outputs == run->signature_.num_plain_outputs && !client->has_launches() &&
                  !run->deleted_.load(std::memory_order_relaxed) && client->api().usable();
  if (!is_plain || !lists_are_apart(args, num_args, outputs, num_outputs)) [[unlikely]]
    return nullptr;
  const ArrayType *const *expected = run->signature_.args;
  for (size_t i = 0; i < num_args; ++i) {
    auto bits = reinterpret_cast<uintptr_t>(args[i]);
    if (!range.contains(bits)) [[unlikely]]
      return nullptr;
    const auto *buffer = static_cast<const Buffer *>(Slot::storage_at(bits));
    bool fits = SlotWord::names(Slot::of(bits)->word.load(std::memory_order_acquire), bits, Buffer::kType) &&
                buffer->is_usable_by(client) && buffer->type() == expected[i];
    if (!fits) [[unlikely]]
      return nullptr;
    raw_args[i] = buffer->raw();
  }
  return run;
}

[[gnu::always_inline]] inline Status LoadedExecutable::call_plain(PJRT_Buffer *const *raw_args,
                                                                  size_t num_args, PJRT_Buffer **raw_outputs,
                                                                  PJRT_Event **event) const noexcept {
  auto call = abi::zeroed<PJRT_LoadedExecutable_Execute_Args>();
  call.executable = raw_;
  call.options = &data_->no_options;
  call.argument_lists = &raw_args;
  call.num_devices = 1;
  call.num_args = num_args;
  call.output_lists = &raw_outputs;
  call.device_complete_events = event;
  return client_->api().call_known(call);
}

pje_error *LoadedExecutable::execute_plain(pje_loaded_executable *handle, pje_buffer *const *args,
                                           size_t num_args, pje_buffer **outputs, size_t num_outputs,
                                           Execute &otherwise) noexcept {
  PJE_UNINITIALIZED PJRT_Buffer *raw_args[kSmall];
  PJE_UNINITIALIZED PJRT_Buffer *raw_outputs[kSmall];
  const LoadedExecutable *run = resolve_plain(handle, args, num_args, outputs, num_outputs, raw_args);
  if (run == nullptr) [[unlikely]]
    return otherwise(handle, args, num_args, outputs, num_outputs);
  if (!SlotPool::promise(num_outputs)) [[unlikely]]
    return otherwise(handle, args, num_args, outputs, num_outputs);
  PJRT_Event *event = nullptr;
  Client &client = *run->client_;
  if (Status failed = run->call_plain(raw_args, num_args, raw_outputs, &event); !failed.ok()) [[unlikely]]
    return give_failure(std::move(failed), num_outputs, outputs, num_outputs);
  if (event != nullptr) [[likely]] {
    if (Status failed = RawEvent::finish_known(client.api(), event, kExecute); !failed.ok()) [[unlikely]] {
      destroy_all(client.api(), raw_outputs, num_outputs);
      return give_failure(std::move(failed), num_outputs, outputs, num_outputs);
    }
  }
  if (num_outputs != 0)
    make_outputs(PromisedSlots(), client, raw_outputs, run->signature_.outputs, outputs, num_outputs);
  return nullptr;
}

pje_error *LoadedExecutable::execute_plain_async(pje_loaded_executable *handle, pje_buffer *const *args,
                                                 size_t num_args, pje_buffer **outputs, size_t num_outputs,
                                                 pje_event **done, ExecuteAsync &otherwise) noexcept {
  PJE_UNINITIALIZED PJRT_Buffer *raw_args[kSmall];
  PJE_UNINITIALIZED PJRT_Buffer *raw_outputs[kSmall];
  const LoadedExecutable *run = resolve_plain(handle, args, num_args, outputs, num_outputs, raw_args);
  if (run == nullptr || !is_apart(done, args, num_args)) [[unlikely]]
    return otherwise(handle, args, num_args, outputs, num_outputs, done);
  size_t num_slots = num_outputs + (done == nullptr ? 0 : 1);
  if (!SlotPool::promise(num_slots)) [[unlikely]]
    return otherwise(handle, args, num_args, outputs, num_outputs, done);
  PJRT_Event *event = nullptr;
  Status failed = run->call_plain(raw_args, num_args, raw_outputs, done == nullptr ? nullptr : &event);
  if (!failed.ok()) [[unlikely]] {
    if (done != nullptr) *done = nullptr;
    return give_failure(std::move(failed), num_slots, outputs, num_outputs);
  }
  Client &client = *run->client_;
  if (num_slots == 0) return nullptr;
  uint8_t line = client.take_holds(num_slots);
  if (done != nullptr) *done = Event::give(PromisedSlots(), ClientHold(&client, line), event, kExecute);
  make_outputs(PromisedSlots(), client, line, raw_outputs, run->signature_.outputs, outputs, num_outputs);
  return nullptr;
}

}  // namespace pje
