#include "core/dma_mapping.hpp"

namespace pje {

Result<Ref<DmaMapping>> DmaMapping::create(Client &client, void *data, size_t size) {
  if (data == nullptr) return invalid_argument("argument \"data\" is NULL");
  if (size == 0) return invalid_argument("argument \"size\" is 0: expected the bytes at \"data\"");
  PJE_TRY(client.api().require<PJRT_Client_DmaUnmap_Args>());
  Ref<DmaMapping> mapping = make<DmaMapping>();
  auto args = abi::zeroed<PJRT_Client_DmaMap_Args>();
  args.client = client.raw();
  args.data = data;
  args.size = size;
  PJE_TRY(client.api().call(args));
  mapping->hold_ = client.hold();
  mapping->data_ = data;
  mapping->size_ = size;
  mapping->mapped_ = true;
  return mapping;
}

void DmaMapping::unmap() noexcept {
  if (!std::exchange(mapped_, false)) return;
  auto args = abi::zeroed<PJRT_Client_DmaUnmap_Args>();
  args.client = hold_->raw();
  args.data = data_;
  hold_->api().call_and_log(args);
}

void DmaMapping::on_client_close() noexcept {
  unmap();
  hold_.become_leftover();
}

}  // namespace pje
