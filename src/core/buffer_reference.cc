#include "core/buffer_reference.hpp"

namespace pje {

Result<Ref<BufferReference>> BufferReference::create(Buffer &buffer) {
  // XLA's CPU plugins (0.81, 0.106, 0.115) end the process when asked for the memory of what failed.
  PJE_TRY(buffer.await_contents());
  Ref<BufferReference> made = make<BufferReference>();
  PJE_TRY(buffer.client().api().require<PJRT_Buffer_DecreaseExternalReferenceCount_Args>());
  PJE_TRY(buffer.add_external_reference());
  made->buffer_ = Ref<Buffer>::share(&buffer);
  return made;
}

BufferReference::~BufferReference() {
  if (buffer_) buffer_->drop_external_reference();
}

Result<uintptr_t> BufferReference::unsafe_pointer() const {
  auto args = abi::zeroed<PJRT_Buffer_UnsafePointer_Args>();
  args.buffer = buffer_->raw();
  PJE_TRY(buffer_->client().api().call(args));
  return args.buffer_pointer;
}

Result<void *> BufferReference::opaque_pointer() const {
  auto args = abi::zeroed<PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args>();
  args.buffer = buffer_->raw();
  PJE_TRY(buffer_->client().api().call(args));
  return args.device_memory_ptr;
}

}  // namespace pje
