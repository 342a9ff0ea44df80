#include "core/buffer_facts.hpp"

namespace pje {

Result<size_t> on_device_size(const Buffer &buffer) {
  auto args = abi::zeroed<PJRT_Buffer_OnDeviceSizeInBytes_Args>();
  args.buffer = buffer.raw();
  PJE_TRY(buffer.client().api().call(args));
  return args.on_device_size_in_bytes;
}

bool is_on_cpu(const Buffer &buffer) noexcept {
  // The plugin may not know the buffer yet, or never come to.
  if (buffer.launch() != nullptr && (!buffer.settle().ok() || buffer.raw() == nullptr)) return false;
  auto args = abi::zeroed<PJRT_Buffer_IsOnCpu_Args>();
  args.buffer = buffer.raw();
  return buffer.client().api().call(args).ok() && args.is_on_cpu;
}

Result<std::vector<int64_t>> unpadded_dims(const Buffer &buffer) {
  auto args = abi::zeroed<PJRT_Buffer_UnpaddedDimensions_Args>();
  args.buffer = buffer.raw();
  PJE_TRY(buffer.client().api().call(args));
  return std::vector<int64_t>(args.unpadded_dims, args.unpadded_dims + args.num_dims);
}

Result<std::vector<size_t>> dynamic_dims(const Buffer &buffer) {
  auto args = abi::zeroed<PJRT_Buffer_DynamicDimensionIndices_Args>();
  args.buffer = buffer.raw();
  PJE_TRY(buffer.client().api().call(args));
  return std::vector<size_t>(args.dynamic_dim_indices, args.dynamic_dim_indices + args.num_dynamic_dims);
}

}  // namespace pje
