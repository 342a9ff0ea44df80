#include "core/device_calls.hpp"

#include <memory>

#include "base/text.hpp"
#include "core/error_abi.hpp"
#include "core/named_values_abi.hpp"

namespace pje {

namespace {

using Stats = PJRT_Device_MemoryStats_Args;

struct StatRow {
  const char *name;
  int64_t Stats::*value;
  bool Stats::*is_set;
};

#define PJE_STAT(name) \
  StatRow { #name, &Stats::name, &Stats::name##_is_set }
constexpr StatRow kStats[] = {PJE_STAT(peak_bytes_in_use),
                              PJE_STAT(num_allocs),
                              PJE_STAT(largest_alloc_size),
                              PJE_STAT(bytes_limit),
                              PJE_STAT(bytes_reserved),
                              PJE_STAT(peak_bytes_reserved),
                              PJE_STAT(bytes_reservable_limit),
                              PJE_STAT(largest_free_block_bytes),
                              PJE_STAT(pool_bytes),
                              PJE_STAT(peak_pool_bytes),
                              PJE_STAT(peak_allocated_bytes)};
#undef PJE_STAT

// The struct got its size in this minor without a change of name: older plugins read other members.
constexpr int kProcessInfoHasSize = 78;

}  // namespace

Result<Ref<NamedValues>> device_attributes(const Device &device) {
  auto args = abi::zeroed<PJRT_Device_GetAttributes_Args>();
  args.device = device.raw();
  Status status = device.client().api().call(args);
  if (!status.ok() && status.error()->code() != PJE_UNIMPLEMENTED) return status;
  Ref<NamedValues> own;
  if (status.ok()) {
    auto give_back = [&args](void *) {
      if (args.attributes_deleter != nullptr) args.attributes_deleter(args.device_attributes);
    };
    std::unique_ptr<void, decltype(give_back)> owner(&args, give_back);
    own = named_values_from(args.attributes, args.num_attributes);
  }
  if (!own) own = make<NamedValues>();
  const NamedValues &described = device.attributes();
  for (size_t i = 0; i < described.count(); ++i)
    if (own->find(described.name(i)) == SIZE_MAX) PJE_TRY(own->set(described.name(i), *described.value(i)));
  own->lock();
  return own;
}

Result<Ref<NamedValues>> memory_stats(const Device &device) {
  auto args = abi::zeroed<Stats>();
  args.device = device.raw();
  PJE_TRY(device.client().api().call(args));
  Ref<NamedValues> stats = make<NamedValues>();
  PJE_TRY(stats->set("bytes_in_use", args.bytes_in_use));
  for (const StatRow &row : kStats)
    if (args.*row.is_set) PJE_TRY(stats->set(row.name, args.*row.value));
  stats->lock();
  return stats;
}

Status clear_memory_stats(const Device &device) {
  auto args = abi::zeroed<PJRT_Device_ClearMemoryStats_Args>();
  args.device = device.raw();
  return device.client().api().call(args);
}

Result<bool> poison_execution(const Device &device, int32_t launch_id, const Error &error) {
  PayloadArray payload(error, device.client().api());
  auto args = abi::zeroed<PJRT_Device_PoisonExecution_Args>();
  args.device = device.raw();
  args.launch_id = launch_id;
  args.error_code = static_cast<PJRT_Error_Code>(error.code());
  args.error_message = error.detail().data();
  args.error_message_size = error.detail().size();
  args.payload = payload.data();
  args.num_payload = payload.size();
  PJE_TRY(device.client().api().call(args));
  return args.poisoned;
}

Status update_process_info(Client &client, std::span<const ProcessInfo> processes) {
  const abi::Api &api = client.api();
  if (api.minor() < kProcessInfoHasSize)
    return failure(PJE_UNIMPLEMENTED, concat("the plugin (PJRT 0.", api.minor(),
                                             ") takes another form of process information: ", "expected 0.",
                                             kProcessInfoHasSize, " or newer"));
  std::vector<PJRT_ProcessInfo> infos;
  for (const ProcessInfo &process : processes) {
    auto info = api.sized<PJRT_ProcessInfo>();
    info.task_id = process.task_id;
    info.incarnation_id = process.incarnation_id;
    info.state = static_cast<PJRT_ProcessState>(process.state);
    if (process.error != nullptr) {
      info.error_code = process.error->code();
      info.error_message = process.error->detail().data();
      info.error_message_size = process.error->detail().size();
    }
    infos.push_back(info);
  }
  auto args = abi::zeroed<PJRT_Client_UpdateGlobalProcessInfo_Args>();
  args.client = client.raw();
  args.process_infos = infos.data();
  args.num_process_infos = infos.size();
  return api.call(args);
}

Result<Device *> lookup_addressable_device(Client &client, int32_t local_hardware_id) {
  auto args = abi::zeroed<PJRT_Client_LookupAddressableDevice_Args>();
  args.client = client.raw();
  args.local_hardware_id = local_hardware_id;
  PJE_TRY(client.api().call(args));
  Device *device = client.device_of(args.addressable_device);
  if (device != nullptr) return device;
  return failure_of("PJRT_Client_LookupAddressableDevice", PJE_INTERNAL,
                    "the plugin answered a device that it does not list");
}

Result<Ref<TrackingEvent>> TrackingEvent::create(Device &device, std::string_view description) {
  const abi::Api &api = device.client().api();
  PJE_TRY(api.require<PJRT_AsyncTrackingEvent_Destroy_Args>());
  Ref<TrackingEvent> made = make<TrackingEvent>(description);
  auto args = abi::zeroed<PJRT_Device_CreateAsyncTrackingEvent_Args>();
  args.device = device.raw();
  args.description = description.data();
  args.description_size = description.size();
  PJE_TRY(api.call(args));
  made->hold_ = device.client().hold();
  made->raw_ = args.event;
  return made;
}

// XLA's CPU plugins answer no event at all, which must not be given back.
void TrackingEvent::end() noexcept {
  if (raw_ == nullptr) return;
  auto args = abi::zeroed<PJRT_AsyncTrackingEvent_Destroy_Args>();
  args.event = std::exchange(raw_, nullptr);
  hold_->api().call_and_log(args);
}

void TrackingEvent::on_client_close() noexcept {
  end();
  hold_.become_leftover();
}

}  // namespace pje
