#include "calls.hpp"
#include "client.hpp"
#include "config.hpp"
#include "log.hpp"

namespace fake {
namespace {

struct DeviceAttributes {
  using Handle = PJRT_Device_Attributes;
  static constexpr Kind kKind = Kind::kDeviceAttributes;
  NamedValues values;
};

void DeleteAttributes(PJRT_Device_Attributes *attributes) {
  FunctionScope scope("attributes_deleter");
  Retire<DeviceAttributes>(attributes);
}

struct TrackingEvent {
  using Handle = PJRT_AsyncTrackingEvent;
  static constexpr Kind kKind = Kind::kTrackingEvent;
  std::string description;
};

void AddAttributes(NamedValues *values, int id, int local_id) {
  values->AddInt("core_on_chip", local_id);
  values->AddInts("coords", {id, 0, 0});
  values->AddString("vendor", "pjrt_easy");
  values->AddFloat("clock_ghz", 1.5F);
  values->AddBool("simulated", true);
}

void SetStat(int64_t *figure, bool *is_set, int64_t value) {
  Out(figure, value);
  Out(is_set, true);
}

}  // namespace

bool DeviceStats::Take(int64_t bytes, int64_t limit) {
  std::lock_guard lock(mutex);
  if (bytes > limit - in_use) return false;
  in_use += bytes;
  peak = std::max(peak, in_use);
  largest = std::max(largest, bytes);
  ++allocations;
  return true;
}

void DeviceStats::Give(int64_t bytes) {
  std::lock_guard lock(mutex);
  in_use -= bytes;
}

std::unique_ptr<Description> MakeDescription(int process, int local_id) {
  auto description = std::make_unique<Description>();
  description->id = process * kIdsPerProcess + local_id;
  description->process = process;
  description->debug = Text("fake:", description->id);
  description->text = Text("FakeDevice(id=", description->id, ")");
  AddAttributes(&description->attributes, description->id, local_id);
  return description;
}

Status Call(PJRT_DeviceDescription_Id_Args &args) {
  Out(&args.id, Use<Description>(args.device_description).id);
  return nullptr;
}

Status Call(PJRT_DeviceDescription_ProcessIndex_Args &args) {
  Out(&args.process_index, Use<Description>(args.device_description).process);
  return nullptr;
}

Status Call(PJRT_DeviceDescription_Attributes_Args &args) {
  const Description &description = Use<Description>(args.device_description);
  Out(&args.num_attributes, description.attributes.size());
  Out(&args.attributes, description.attributes.data());
  return nullptr;
}

Status Call(PJRT_DeviceDescription_Kind_Args &args) {
  OutString(&args.device_kind, &args.device_kind_size, Use<Description>(args.device_description).kind);
  return nullptr;
}

Status Call(PJRT_DeviceDescription_DebugString_Args &args) {
  OutString(&args.debug_string, &args.debug_string_size, Use<Description>(args.device_description).debug);
  return nullptr;
}

Status Call(PJRT_DeviceDescription_ToString_Args &args) {
  OutString(&args.to_string, &args.to_string_size, Use<Description>(args.device_description).text);
  return nullptr;
}

Status Call(PJRT_Device_GetDescription_Args &args) {
  Out(&args.device_description, Use<Device>(args.device).description);
  return nullptr;
}

Status Call(PJRT_Device_IsAddressable_Args &args) {
  Out(&args.is_addressable, Use<Device>(args.device).addressable);
  return nullptr;
}

Status Call(PJRT_Device_LocalHardwareId_Args &args) {
  Out(&args.local_hardware_id, Use<Device>(args.device).local_id);
  return nullptr;
}

Status Call(PJRT_Device_AddressableMemories_Args &args) {
  const Device &device = Use<Device>(args.device);
  Out(&args.memories, device.memories.data());
  Out(&args.num_memories, device.memories.size());
  return nullptr;
}

Status Call(PJRT_Device_DefaultMemory_Args &args) {
  const Device &device = Use<Device>(args.device);
  if (!device.addressable) return Unimplemented("device ", device.id, " is not addressable");
  Out(&args.memory, DefaultMemory(args.device));
  return nullptr;
}

Status Call(PJRT_Device_MemoryStats_Args &args) {
  DeviceStats &stats = *Use<Device>(args.device).stats;
  std::lock_guard lock(stats.mutex);
  Out(&args.bytes_in_use, stats.in_use);
  SetStat(&args.peak_bytes_in_use, &args.peak_bytes_in_use_is_set, stats.peak);
  SetStat(&args.num_allocs, &args.num_allocs_is_set, stats.allocations);
  SetStat(&args.largest_alloc_size, &args.largest_alloc_size_is_set, stats.largest);
  SetStat(&args.bytes_limit, &args.bytes_limit_is_set, Current().memory_limit);
  SetStat(&args.peak_allocated_bytes, &args.peak_allocated_bytes_is_set, stats.peak);
  return nullptr;
}

Status Call(PJRT_Device_ClearMemoryStats_Args &args) {
  DeviceStats &stats = *Use<Device>(args.device).stats;
  std::lock_guard lock(stats.mutex);
  stats.peak = stats.in_use;
  stats.allocations = 0;
  stats.largest = 0;
  return nullptr;
}

Status Call(PJRT_Device_GetAttributes_Args &args) {
  const Device &device = Use<Device>(args.device);
  auto attributes = std::make_unique<DeviceAttributes>();
  AddAttributes(&attributes->values, device.id, device.local_id);
  {
    std::lock_guard lock(device.stats->mutex);
    attributes->values.AddInt("bytes_in_use", device.stats->in_use);
  }
  Out(&args.attributes, attributes->values.data());
  Out(&args.num_attributes, attributes->values.size());
  Out(&args.device_attributes, Publish(std::move(attributes)));
  args.attributes_deleter = DeleteAttributes;
  return nullptr;
}

Status Call(PJRT_Device_PoisonExecution_Args &args) {
  Device &device = Use<Device>(args.device);
  if (args.error_code == PJRT_Error_Code_OK) return Invalid("a run is poisoned with an error");
  Failure failure{args.error_code, std::string(args.error_message, args.error_message_size), {}};
  if (Status bad = ReadPayload(args.payload, args.num_payload, &failure)) return bad;
  std::vector<CompletionPtr> running;
  {
    std::lock_guard lock(device.mutex);
    for (const LaunchedRun &run : device.runs) {
      if (CompletionPtr done = run.launch_id == args.launch_id ? run.done.lock() : nullptr)
        running.push_back(std::move(done));
    }
  }
  Status status = std::make_shared<const Failure>(std::move(failure));
  bool poisoned = false;
  for (const CompletionPtr &done : running) poisoned = done->Set(status) || poisoned;
  Out(&args.poisoned, poisoned);
  return nullptr;
}

Status Call(PJRT_Device_CreateAsyncTrackingEvent_Args &args) {
  const Device &device = Use<Device>(args.device);
  auto event = std::make_unique<TrackingEvent>();
  event->description.assign(args.description, args.description_size);
  if (LogIsOpen()) LogLine(Text("SPAN device=", device.id, " ", event->description));
  Out(&args.event, Publish(std::move(event)));
  return nullptr;
}

Status Call(PJRT_AsyncTrackingEvent_Destroy_Args &args) {
  Retire<TrackingEvent>(args.event);
  return nullptr;
}

}  // namespace fake
