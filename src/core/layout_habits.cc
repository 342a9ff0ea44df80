#include "core/layout_habits.hpp"

#include <array>
#include <optional>

#include "core/event.hpp"
#include "core/layout.hpp"

namespace pje {

namespace {

using Matrix = std::array<float, 4>;
constexpr Matrix kByRows = {1, 2, 3, 4};
constexpr Matrix kByColumns = {1, 3, 2, 4};
constexpr int64_t kDims[] = {2, 2};

class Probe {
 public:
  Probe(const abi::Api &api, PJRT_Client *client, PJRT_Device *device)
      : api_(api), client_(client), device_(device) {}
  Probe(const Probe &) = delete;
  Probe &operator=(const Probe &) = delete;
  ~Probe() {
    if (buffer_ == nullptr) return;
    auto args = abi::zeroed<PJRT_Buffer_Destroy_Args>();
    args.buffer = buffer_;
    api_.call_and_log(args);
  }

  Status upload(PJRT_Buffer_MemoryLayout *layout) {
    auto args = abi::zeroed<PJRT_Client_BufferFromHostBuffer_Args>();
    args.client = client_;
    args.data = kByRows.data();
    args.type = PJRT_Buffer_Type_F32;
    args.dims = kDims;
    args.num_dims = 2;
    args.host_buffer_semantics = PJRT_HostBufferSemantics_kImmutableOnlyDuringCall;
    args.device = device_;
    args.device_layout = layout;
    PJE_TRY(api_.call(args));
    buffer_ = args.buffer;
    RawEvent done(api_, args.done_with_host_buffer);
    return done ? done.await("PJRT_Client_BufferFromHostBuffer") : Status();
  }

  // Whether the plugin itself calls the matrix column-major.
  bool labelled_by_columns() const {
    auto args = abi::zeroed<PJRT_Buffer_GetMemoryLayout_Args>();
    args.buffer = buffer_;
    if (!api_.call(args).ok() || args.layout.type != PJRT_Buffer_MemoryLayout_Type_Tiled) return false;
    return args.layout.tiled.minor_to_major_size == 2 && args.layout.tiled.minor_to_major[0] == 0;
  }

  Status read(std::vector<int64_t> minor_to_major, Matrix *out) const {
    AbiLayout layout(api_, std::move(minor_to_major));
    auto args = abi::zeroed<PJRT_Buffer_ToHostBuffer_Args>();
    args.src = buffer_;
    args.host_layout = layout.get();
    args.dst = out->data();
    args.dst_size = sizeof(*out);
    PJE_TRY(api_.call(args));
    RawEvent done(api_, args.event);
    return done ? done.await("PJRT_Buffer_ToHostBuffer") : Status();
  }

  // The bytes as they lie on the device; nothing when they cannot be had, or are more than the elements.
  std::optional<Matrix> raw() const {
    auto size = abi::zeroed<PJRT_Buffer_OnDeviceSizeInBytes_Args>();
    size.buffer = buffer_;
    if (!api_.call(size).ok() || size.on_device_size_in_bytes != sizeof(Matrix)) return {};
    Matrix out{};
    auto args = abi::zeroed<PJRT_Buffer_CopyRawToHost_Args>();
    args.buffer = buffer_;
    args.dst = out.data();
    args.transfer_size = sizeof(out);
    if (!api_.call(args).ok()) return {};
    RawEvent done(api_, args.event);
    if (done && !done.await("PJRT_Buffer_CopyRawToHost").ok()) return {};
    return out;
  }

 private:
  const abi::Api &api_;
  PJRT_Client *client_;
  PJRT_Device *device_;
  PJRT_Buffer *buffer_ = nullptr;
};

// Both read-backs gave the same. Either the bytes of the device, or always row-major.
LayoutHabits habits_of_one_answer(const Matrix &answer, bool by_columns, std::optional<Matrix> raw) {
  using Host = LayoutHabits::Host;
  using Device = LayoutHabits::Device;
  if (!by_columns) return {Host::kOfDevice, Device::kIgnores};
  // XLA's CPU plugin 0.81: the label says columns, the bytes lie by rows, and they come back as they lie.
  bool lie_by_columns = raw.has_value() ? *raw == kByColumns : answer == kByColumns;
  bool as_they_lie = !raw.has_value() || answer == *raw;
  return {as_they_lie ? Host::kOfDevice : Host::kRowMajor,
          lie_by_columns ? Device::kObeys : Device::kOnlyLabels};
}

}  // namespace

Result<LayoutHabits> find_layout_habits(const abi::Api &api, PJRT_Client *client, PJRT_Device *device) {
  Probe probe(api, client, device);
  AbiLayout columns(api, std::vector<int64_t>{0, 1});
  bool refused = !probe.upload(columns.get()).ok();
  if (refused) PJE_TRY(probe.upload(nullptr));
  Matrix rows_asked{}, columns_asked{};
  PJE_TRY(probe.read({1, 0}, &rows_asked));
  // A plugin that refuses the other order says so to whoever asks for it.
  bool one_answer = probe.read({0, 1}, &columns_asked).ok() && rows_asked == columns_asked;
  bool by_columns = probe.labelled_by_columns();
  LayoutHabits habits;
  if (one_answer)
    habits = habits_of_one_answer(rows_asked, by_columns, probe.raw());
  else if (rows_asked == kByColumns)
    // XLA's CPU plugin 0.106: the label says columns, the bytes lie by rows, and read-backs believe the
    // label.
    habits.device = LayoutHabits::Device::kOnlyLabels;
  else if (!by_columns)
    habits.device = LayoutHabits::Device::kIgnores;
  if (refused) habits.device = LayoutHabits::Device::kRefuses;
  return habits;
}

}  // namespace pje
