// From a device to host memory: by the plugin, or, where the device's memory is the host's, by copying.

#include <array>
#include <cstring>
#include <thread>

#include "base/big_copy.hpp"
#include "base/dtype.hpp"
#include "base/text.hpp"
#include "core/buffer.hpp"
#include "core/event_combine.hpp"

namespace pje {

namespace {

constexpr const char *kReadBack = "PJRT_Buffer_ToHostBuffer";

// Dense and row-major: without it a plugin may answer in the layout of the device.
class RowMajor {
 public:
  RowMajor(const abi::Api &api, uint32_t rank) : layout_(api.sized<PJRT_Buffer_MemoryLayout>()) {
    if (rank > order_.size()) large_.resize(rank);
    int64_t *order = rank > order_.size() ? large_.data() : order_.data();
    for (uint32_t i = 0; i < rank; ++i) order[i] = int64_t{rank} - 1 - i;
    layout_.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
    layout_.tiled.struct_size = api.size_of<PJRT_Buffer_MemoryLayout_Tiled>();
    layout_.tiled.minor_to_major = order;
    layout_.tiled.minor_to_major_size = rank;
  }
  RowMajor(const RowMajor &) = delete;
  RowMajor &operator=(const RowMajor &) = delete;
  PJRT_Buffer_MemoryLayout *get() noexcept { return &layout_; }

 private:
  PJRT_Buffer_MemoryLayout layout_;
  std::array<int64_t, 8> order_;
  std::vector<int64_t> large_;
};

}  // namespace

Status Buffer::begin_taking() noexcept {
  uint32_t state = gate_.fetch_add(kTaker, std::memory_order_acquire);
  // Whoever is inside only copies, and calls nothing that could wait for us.
  while (state % kTaker != 0) {
    std::this_thread::yield();
    state = gate_.load(std::memory_order_acquire);
  }
  if (num_views_.load(std::memory_order_acquire) == 0) [[likely]]
    return {};
  end_taking();
  return failure(PJE_FAILED_PRECONDITION,
                 "the buffer is looked at through a pje_host_view: release that first");
}

bool Buffer::has_arrived() const noexcept {
  auto ready = abi::zeroed<PJRT_Buffer_ReadyEvent_Args>();
  ready.buffer = raw_;
  if (!api_->call(ready).ok()) return false;
  RawEvent event(*api_, ready.event);
  auto asked = abi::zeroed<PJRT_Event_IsReady_Args>();
  asked.event = ready.event;
  if (!api_->call(asked).ok() || !asked.is_ready) return false;
  auto outcome = abi::zeroed<PJRT_Event_Error_Args>();
  outcome.event = ready.event;
  return api_->call(outcome).ok();
}

bool Buffer::is_plain_memory() const noexcept {
  auto size = abi::zeroed<PJRT_Buffer_OnDeviceSizeInBytes_Args>();
  size.buffer = raw_;
  if (!api_->call(size).ok() || size.on_device_size_in_bytes != type_->host_size) return false;
  if (type_->rank < 2) return true;
  auto asked = abi::zeroed<PJRT_Buffer_GetMemoryLayout_Args>();
  asked.buffer = raw_;
  if (!api_->call(asked).ok() || asked.layout.type != PJRT_Buffer_MemoryLayout_Type_Tiled) return false;
  const PJRT_Buffer_MemoryLayout_Tiled &tiled = asked.layout.tiled;
  if (tiled.num_tiles != 0 || tiled.minor_to_major_size != type_->rank) return false;
  for (uint32_t i = 0; i < type_->rank; ++i)
    if (tiled.minor_to_major[i] != int64_t{type_->rank} - 1 - i) return false;
  return true;
}

bool Buffer::may_copy_directly() noexcept {
  DirectRead known = direct_read_.load(std::memory_order_acquire);
  if (known != DirectRead::kUnknown) return known == DirectRead::kPossible;
  const DtypeInfo *dtype = dtype_info(type_->dtype);
  bool possible = client().has_host_memory() && type_->host_size > 0 && dtype != nullptr && dtype->bits >= 8;
  // A pending buffer, and one whose computation failed, hand out a valid address too. Only what was seen to
  // have arrived is settled for good.
  if (possible && !has_arrived()) return false;
  possible = possible && is_plain_memory();
  drop_stamp();
  direct_read_.store(possible ? DirectRead::kPossible : DirectRead::kImpossible, std::memory_order_release);
  return possible;
}

bool Buffer::copy_directly(void *data) noexcept {
  if (direct_read_.load(std::memory_order_relaxed) == DirectRead::kImpossible) return false;
  uint32_t before = gate_.fetch_add(1, std::memory_order_acquire);
  bool copied = false;
  if (before < kTaker && consumed_by() == nullptr && may_copy_directly()) {
    if (const void *memory = refer_to_memory()) {
      copy_big(data, memory, type_->host_size);
      copied = true;
      end_reference();
    }
  }
  gate_.fetch_sub(1, std::memory_order_release);
  return copied;
}

Status Buffer::check_read(const void *data, size_t size) const {
  PJE_TRY(check_usable());
  if (size < type_->host_size)
    return invalid_argument(concat("argument \"size\" is ", size, " bytes: expected at least ",
                                   type_->host_size, " for ", type_->text()));
  if (data == nullptr && type_->host_size > 0) return invalid_argument("argument \"data\" is NULL");
  return {};
}

Result<RawEvent> Buffer::start_read(void *data, PJRT_Buffer_MemoryLayout *layout) {
  auto args = abi::zeroed<PJRT_Buffer_ToHostBuffer_Args>();
  args.src = raw_;
  args.host_layout = layout;
  args.dst = data;
  args.dst_size = type_->host_size;
  PJE_TRY(api_->call(args));
  return RawEvent(*api_, args.event);
}

Result<RawEvent> Buffer::start_row_major_read(void *data) {
  if (type_->host_size == 0) {
    // With nothing to copy a plugin takes the call for a question about the size; the error of what was to
    // fill the buffer still has to come out.
    auto args = abi::zeroed<PJRT_Buffer_ReadyEvent_Args>();
    args.buffer = raw_;
    PJE_TRY(api_->call(args));
    return RawEvent(*api_, args.event);
  }
  RowMajor layout(*api_, type_->rank);
  return start_read(data, layout.get());
}

Status Buffer::to_host(void *data, size_t size) {
  if (size >= type_->host_size && data != nullptr && copy_directly(data)) return {};
  PJE_TRY(check_read(data, size));
  PJE_ASSIGN(Arrange repair, repair_of_read());
  if (repair) return read_and_repair(data, repair);
  PJE_ASSIGN(RawEvent done, start_row_major_read(data));
  return done ? done.await(kReadBack) : Status();
}

Result<Ref<Event>> Buffer::to_host_async(void *data, size_t size) {
  PJE_TRY(check_read(data, size));
  if (is_pending())
    return event_after(*launch_, &client(), [buffer = Ref<Buffer>::share(this), data, size] {
      return buffer->to_host_async(data, size);
    });
  PJE_ASSIGN(Arrange repair, repair_of_read());
  if (repair) return read_and_repair_async(data, std::move(repair));
  PJE_ASSIGN(RawEvent done, start_row_major_read(data));
  if (!done) return make<Event>(client(), Status());
  return make<Event>(client(), std::move(done), kReadBack);
}

}  // namespace pje
