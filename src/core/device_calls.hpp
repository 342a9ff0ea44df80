// What a device does and reports while it works.
#pragma once

#include <string_view>

#include "core/client.hpp"

namespace pje {

// What the device says of itself, completed from its description.
Result<Ref<NamedValues>> device_attributes(const Device &device);
// The figures that the plugin has, by PJRT's names for them.
Result<Ref<NamedValues>> memory_stats(const Device &device);
Status clear_memory_stats(const Device &device);
// Whether a run with that launch id was found and made to fail.
Result<bool> poison_execution(const Device &device, int32_t launch_id, const Error &error);

struct ProcessInfo {
  int32_t task_id;
  uint64_t incarnation_id;
  int32_t state;
  const Error *error;
};
Status update_process_info(Client &client, std::span<const ProcessInfo> processes);
Result<Device *> lookup_addressable_device(Client &client, int32_t local_hardware_id);

// A named span of time in which a profiler counts what happens on a device.
class TrackingEvent final : public Object {
 public:
  using Handle = pje_tracking_event;
  static constexpr ObjectType kType = ObjectType::kTrackingEvent;

  static Result<Ref<TrackingEvent>> create(Device &device, std::string_view description);
  explicit TrackingEvent(std::string_view description) : description_(description) {}
  ~TrackingEvent() override { end(); }
  PJRT_AsyncTrackingEvent *raw() const noexcept { return raw_; }
  const std::string &description() const noexcept { return description_; }
  const Object *owner() const noexcept override { return hold_.get(); }
  void on_client_close() noexcept override;

 private:
  void end() noexcept;

  ClientHold hold_;
  PJRT_AsyncTrackingEvent *raw_ = nullptr;
  std::string description_;
};

}  // namespace pje
