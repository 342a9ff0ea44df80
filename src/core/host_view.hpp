// A look at a buffer's contents where they are, without a copy.
#pragma once

#include "core/buffer.hpp"

namespace pje {

class HostView final : public Object {
 public:
  using Handle = pje_host_view;
  static constexpr ObjectType kType = ObjectType::kHostView;

  // Waits for the contents. UNIMPLEMENTED where they cannot be looked at.
  static Result<Ref<HostView>> create(Buffer &buffer);
  ~HostView() override { end(); }
  const Object *owner() const noexcept override { return buffer_->owner(); }
  // The memory goes with the client.
  void on_client_close() noexcept override { end(); }

  // NULL once the client was closed.
  const void *data() const noexcept { return data_; }
  size_t size() const noexcept { return data_ == nullptr ? 0 : buffer_->type()->host_size; }
  Buffer &buffer() const noexcept { return *buffer_; }

  explicit HostView(Buffer &buffer) noexcept : buffer_(Ref<Buffer>::share(&buffer)) {}

 private:
  void end() noexcept {
    if (std::exchange(data_, nullptr) != nullptr) buffer_->end_view();
  }

  Ref<Buffer> buffer_;
  const void *data_ = nullptr;
};

}  // namespace pje
