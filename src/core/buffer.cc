#include "core/buffer.hpp"

#include "base/text.hpp"
#include "core/event_combine.hpp"

namespace pje {

namespace {

constexpr const char *kDeleted = "pje_buffer_delete";

void release_array(void *array) { Ref<Array>::adopt(static_cast<Array *>(array)); }

}  // namespace

pje_buffer *Buffer::begin_anew(Slot *slot, uint64_t stamp, Client &client, uint8_t line, PJRT_Buffer *raw,
                               const ArrayType *type) noexcept {
  pje_buffer *handle = make_for_caller<Buffer>(slot, ClientHold(&client, line), client.api(), raw, type);
  slot->stamp.store(stamp, std::memory_order_relaxed);
  return handle;
}

void Buffer::end_life() noexcept {
  Slot *slot = this->slot();
  this->~Buffer();
  slot->stamp.store(0, std::memory_order_relaxed);
}

void Buffer::destroy_raw() noexcept {
  auto args = abi::zeroed<PJRT_Buffer_Destroy_Args>();
  args.buffer = raw_;
  api_->call_and_log(args);
}

Status Buffer::add_external_reference() noexcept {
  auto args = abi::zeroed<PJRT_Buffer_IncreaseExternalReferenceCount_Args>();
  args.buffer = raw_;
  PJE_TRY(api_->call(args));
  external_references_.fetch_add(1);
  return {};
}

void Buffer::drop_external_reference() noexcept {
  // The end of the client may have given them all back.
  uint32_t count = external_references_.load();
  while (count > 0 && !external_references_.compare_exchange_weak(count, count - 1)) {
  }
  if (count == 0) return;
  auto args = abi::zeroed<PJRT_Buffer_DecreaseExternalReferenceCount_Args>();
  args.buffer = raw_;
  api_->call_and_log(args);
}

void Buffer::on_client_close() noexcept {
  drop_stamp();
  while (raw_ != nullptr && external_references_.load() > 0) drop_external_reference();
  auto args = abi::zeroed<PJRT_Buffer_Destroy_Args>();
  args.buffer = std::exchange(raw_, nullptr);
  if (args.buffer != nullptr) api_->call_and_log(args);
  hold_.become_leftover();
}

Result<const ArrayType *> Buffer::read_type(const abi::Api &api, PJRT_Buffer *raw) {
  auto element = abi::zeroed<PJRT_Buffer_ElementType_Args>();
  element.buffer = raw;
  PJE_TRY(api.call(element));
  auto dims = abi::zeroed<PJRT_Buffer_Dimensions_Args>();
  dims.buffer = raw;
  PJE_TRY(api.call(dims));
  PJE_ASSIGN(const ArrayType *type,
             intern_array_type(static_cast<pje_dtype>(element.type), dims.dims, dims.num_dims));
  if (type->rank < 2) return type;
  // Who does not tell is taken to lay out by rows.
  Result<Ref<Layout>> told = memory_layout(api, raw);
  return told.ok() ? told.value()->type_of(*type) : type;
}

Device *Buffer::device() const noexcept {
  if (!has_raw()) return nullptr;
  auto args = abi::zeroed<PJRT_Buffer_Device_Args>();
  args.buffer = raw_;
  return api_->call(args).ok() ? client().device_of(args.device) : nullptr;
}

Memory *Buffer::memory() const noexcept {
  if (!has_raw()) return nullptr;
  auto args = abi::zeroed<PJRT_Buffer_Memory_Args>();
  args.buffer = raw_;
  return api_->call(args).ok() ? client().memory_of(args.memory) : nullptr;
}

Status Buffer::check_usable() const {
  const char *by = consumed_by();
  if (by == nullptr) [[likely]]
    return {};
  // Never filled: who says so is about to make the launch ready.
  if (launch_) PJE_TRY(launch_->wait());
  if (by == kDeleted) return failure(PJE_FAILED_PRECONDITION, "the buffer was deleted by pje_buffer_delete");
  return failure(PJE_FAILED_PRECONDITION, concat("the buffer was donated to ", by, " and is gone"));
}

Result<Ref<Event>> Buffer::ready() {
  if (is_pending())
    return event_after(*launch_, &client(), [buffer = Ref<Buffer>::share(this)] { return buffer->ready(); });
  if (launch_) PJE_TRY(launch_->error());
  auto args = abi::zeroed<PJRT_Buffer_ReadyEvent_Args>();
  args.buffer = raw_;
  PJE_TRY(api_->call(args));
  return make<Event>(client(), RawEvent(*api_, args.event), "PJRT_Buffer_ReadyEvent");
}

Status Buffer::await_contents() {
  PJE_TRY(settle());
  PJE_TRY(check_usable());
  auto args = abi::zeroed<PJRT_Buffer_ReadyEvent_Args>();
  args.buffer = raw_;
  PJE_TRY(api_->call(args));
  RawEvent event(*api_, args.event);
  return event ? event.finish("PJRT_Buffer_ReadyEvent") : Status();
}

[[gnu::flatten]] Status Buffer::ready(pje_event **out) {
  if (launch_) [[unlikely]] {
    PJE_ASSIGN(Ref<Event> event, ready());
    *out = std::move(event).to_public();
    return {};
  }
  SlotReservation slots(1);
  auto args = abi::zeroed<PJRT_Buffer_ReadyEvent_Args>();
  args.buffer = raw_;
  PJE_TRY(api_->call(args));
  *out = Event::give(slots, client().hold(), args.event, "PJRT_Buffer_ReadyEvent");
  return {};
}

Result<Ref<Array>> Buffer::to_array() {
  PJE_TRY(check_usable());
  PJE_ASSIGN(Ref<Array> array, Array::create(type_));
  PJE_TRY(to_host(array->data(), array->size()));
  return array;
}

Result<Ref<Event>> Buffer::to_kept_array_async(Array &target) {
  PJE_TRY(check_usable());
  PJE_ASSIGN(Ref<Event> event, to_host_async(target.data(), target.size()));
  // The plugin writes until the event is ready, whoever lets go of the array before.
  Array *kept = Ref<Array>::share(&target).leak();
  Status registered = event->on_ready(release_array, kept);
  if (!registered.ok()) {
    (void)event->wait();
    release_array(kept);
    return registered;
  }
  return event;
}

Status Buffer::to_array_async(Ref<Array> *array, Ref<Event> *done) {
  PJE_TRY(check_usable());
  PJE_ASSIGN(Ref<Array> target, Array::create(type_));
  PJE_ASSIGN(*done, to_kept_array_async(*target));
  *array = std::move(target);
  return {};
}

Status Buffer::delete_contents() {
  PJE_TRY(settle_uses());
  auto args = abi::zeroed<PJRT_Buffer_Delete_Args>();
  args.buffer = raw_;
  PJE_TRY(begin_taking());
  Status status = api_->call(args);
  if (status.ok()) note_consumed(kDeleted);
  end_taking();
  return status;
}

bool Buffer::is_deleted() const noexcept {
  // What is still to come, or never will, was not deleted.
  if (is_pending() || (launch_ && raw_ == nullptr)) return false;
  if (consumed_by() != nullptr) return true;
  auto args = abi::zeroed<PJRT_Buffer_IsDeleted_Args>();
  args.buffer = raw_;
  return api_->call(args).ok() && args.is_deleted;
}

void Buffer::note_donation(const char *function) noexcept {
  auto args = abi::zeroed<PJRT_Buffer_IsDeleted_Args>();
  args.buffer = raw_;
  // The plugin decides: it keeps the contents while somebody else refers to them.
  if (!api_->call(args).ok() || !args.is_deleted) return;
  note_consumed(function);
}

}  // namespace pje
