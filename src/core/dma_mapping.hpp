// Host memory that devices may reach on their own, for as long as the object lives.
#pragma once

#include "core/client.hpp"

namespace pje {

class DmaMapping final : public Object {
 public:
  using Handle = pje_dma_mapping;
  static constexpr ObjectType kType = ObjectType::kDmaMapping;

  static Result<Ref<DmaMapping>> create(Client &client, void *data, size_t size);
  DmaMapping() noexcept = default;
  ~DmaMapping() override { unmap(); }

  void *data() const noexcept { return data_; }
  size_t size() const noexcept { return size_; }
  const Object *owner() const noexcept override { return hold_.get(); }
  void on_client_close() noexcept override;

 private:
  void unmap() noexcept;

  ClientHold hold_;
  void *data_ = nullptr;
  size_t size_ = 0;
  bool mapped_ = false;
};

}  // namespace pje
