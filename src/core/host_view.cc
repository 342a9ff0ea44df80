#include "core/host_view.hpp"

#include "base/text.hpp"

namespace pje {

Result<Ref<HostView>> HostView::create(Buffer &buffer) {
  Ref<HostView> view = make<HostView>(buffer);
  PJE_TRY(buffer.await_contents());
  PJE_ASSIGN(view->data_, buffer.begin_view());
  return view;
}

// What is true while the gate is held stays true for the view: takers come in only behind it, and see it.
Result<const void *> Buffer::begin_view() {
  PJE_TRY(check_usable());
  uint32_t before = gate_.fetch_add(1, std::memory_order_acquire);
  const void *data = nullptr;
  if (before < kTaker && consumed_by() == nullptr && may_copy_directly()) data = refer_to_memory();
  if (data != nullptr) num_views_.fetch_add(1, std::memory_order_relaxed);
  gate_.fetch_sub(1, std::memory_order_release);
  if (data != nullptr) return data;
  PJE_TRY(check_usable());
  if (before >= kTaker) return failure(PJE_FAILED_PRECONDITION, "the buffer is being donated or deleted");
  return failure(PJE_UNIMPLEMENTED, concat("the memory of ", type_->text(), " on ", client().platform_name(),
                                           " cannot be looked at in place: use pje_buffer_to_host"));
}

const void *Buffer::refer_to_memory() const noexcept {
  auto hold = abi::zeroed<PJRT_Buffer_IncreaseExternalReferenceCount_Args>();
  hold.buffer = raw_;
  if (!api_->call(hold).ok()) return nullptr;
  auto where = abi::zeroed<PJRT_Buffer_UnsafePointer_Args>();
  where.buffer = raw_;
  if (api_->call(where).ok() && where.buffer_pointer != 0)
    return reinterpret_cast<const void *>(where.buffer_pointer);
  end_reference();
  return nullptr;
}

void Buffer::end_reference() const noexcept {
  if (raw_ == nullptr) return;
  auto drop = abi::zeroed<PJRT_Buffer_DecreaseExternalReferenceCount_Args>();
  drop.buffer = raw_;
  api_->call_and_log(drop);
}

void Buffer::end_view() noexcept {
  end_reference();
  num_views_.fetch_sub(1, std::memory_order_release);
}

}  // namespace pje
