// A scoped hold on the memory behind a buffer.
#pragma once

#include "core/buffer.hpp"

namespace pje {

class BufferReference final : public Object {
 public:
  using Handle = pje_buffer_reference;
  static constexpr ObjectType kType = ObjectType::kBufferReference;

  static Result<Ref<BufferReference>> create(Buffer &buffer);
  BufferReference() noexcept = default;
  ~BufferReference() override;

  Result<uintptr_t> unsafe_pointer() const;
  Result<void *> opaque_pointer() const;
  // NULL only while it is being made.
  Buffer *buffer() const noexcept { return buffer_.get(); }

 private:
  Ref<Buffer> buffer_;
};

}  // namespace pje
