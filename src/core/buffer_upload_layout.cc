// Uploads in a layout of the caller's, also to plugins that ignore it.

#include <algorithm>
#include <cstring>

#include "base/dtype.hpp"
#include "base/strides.hpp"
#include "base/text.hpp"
#include "core/buffer.hpp"

namespace pje {

namespace {

constexpr const char *kUpload = "PJRT_Client_BufferFromHostBuffer";

// The elements of the caller's memory in the order that they shall have on the device.
std::unique_ptr<std::byte[]> in_device_order(const Upload &upload, std::span<const int64_t> order) {
  const ArrayType &type = *upload.type;
  size_t element = dtype_info(type.dtype)->host_size;
  std::vector<int64_t> dense = dense_byte_strides(type);
  std::span<const int64_t> strides = upload.byte_strides.empty() ? dense : upload.byte_strides;
  std::unique_ptr<std::byte[]> out(new std::byte[type.host_size]);
  std::array<int64_t, kMaxRank> index{};
  const auto *from = static_cast<const std::byte *>(upload.data);
  for (std::byte *to = out.get(); to != out.get() + type.host_size; to += element) {
    std::memcpy(to, from, element);
    for (int64_t axis : order) {
      auto dim = static_cast<size_t>(axis);
      from += strides[dim];
      if (++index[dim] < type.dims[dim]) break;
      from -= strides[dim] * type.dims[dim];
      index[dim] = 0;
    }
  }
  return out;
}

}  // namespace

Status Buffer::check_layout(const Layout &layout) const {
  Result<Ref<Layout>> answered = memory_layout();
  // A plugin that does not tell is believed.
  if (!answered.ok()) return {};
  const LayoutData &got = answered.value()->data();
  const LayoutData &wanted = layout.data();
  bool kept = got.strided == wanted.strided && got.minor_to_major == wanted.minor_to_major &&
              got.byte_strides == wanted.byte_strides;
  // A device may cut into tiles of its own what asks for none.
  if (!wanted.tiles.empty()) kept = kept && got.tiles == wanted.tiles;
  if (kept) return {};
  return failure(PJE_UNIMPLEMENTED, concat("the plugin ignores the layout ", layout.text(),
                                           " of an upload: it made ", answered.value()->text()));
}

Result<Ref<Buffer>> Buffer::from_host_in_layout(Client &client, const Upload &given, RawEvent *host_done) {
  Upload upload = given;
  LayoutData wanted = given.layout->data();
  std::vector<int64_t> order;
  // Strides that only name an order go as that, which plugins know better.
  if (given.layout->dense_order(*given.type, &order)) {
    wanted = {};
    wanted.minor_to_major = order;
  }
  std::unique_ptr<std::byte[]> arranged;
  if (!order.empty() && !is_row_major(order) && given.type->host_size > 0) {
    PJE_ASSIGN(LayoutHabits habits, client.layout_habits());
    if (habits.device == LayoutHabits::Device::kIgnores)
      return failure(PJE_UNIMPLEMENTED,
                     concat("the plugin ignores the layout ", given.layout->text(), " of an upload"));
    if (habits.device == LayoutHabits::Device::kOnlyLabels) {
      arranged = in_device_order(given, order);
      upload.data = arranged.get();
      upload.byte_strides = {};
      upload.semantics = PJRT_HostBufferSemantics_kImmutableOnlyDuringCall;
    }
  }
  AbiLayout layout(client.api(), wanted);
  PJE_ASSIGN(Ref<Buffer> buffer, start_upload(client, upload, layout.get(), host_done));
  // Some plugins read the memory until their event even under this promise.
  if (arranged && *host_done) PJE_TRY(host_done->await(kUpload));
  PJE_ASSIGN(Ref<Layout> asked, Layout::create(std::move(wanted)));
  Status kept = buffer->check_layout(*asked);
  buffer->type_ = asked->type_of(*upload.type);
  if (kept.ok()) return buffer;
  // The memory is the caller's again once the plugin has let go of it.
  buffer = nullptr;
  if (*host_done) (void)host_done->await(kUpload);
  return kept;
}

}  // namespace pje
