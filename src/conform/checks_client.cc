// Clients, devices, memories, and the client's own topology.
#include <algorithm>
#include <set>

#include "conform/checks.hpp"

namespace pje::conform {
namespace {

template <class Range, class Value>
bool contains(const Range &range, const Value &value) {
  return std::find(range.begin(), range.end(), value) != range.end();
}

std::span<PJRT_Memory *const> memories_of(Session &s, PJRT_Device *device) {
  auto got = s.call(PJRT_Device_AddressableMemories_Args{.device = device});
  return {got.memories, got.num_memories};
}

std::span<PJRT_Memory *const> client_memories(Session &s) {
  auto got = s.call(PJRT_Client_AddressableMemories_Args{.client = s.client()});
  return {got.addressable_memories, got.num_addressable_memories};
}

void expect_text(const char *text, size_t size, const char *what) {
  expect(text != nullptr && size > 0, what, " is empty");
}

void create_and_destroy(Session &s) { s.call(PJRT_Client_Destroy_Args{.client = s.new_client()}); }

void two_clients(Session &s) {
  PJRT_Client *first = s.client(), *second = s.new_client();
  expect(first != second, "the second client is the first");
  s.call(PJRT_Client_Destroy_Args{.client = second});
  expect(!s.addressable_devices().empty(), "the first client lost its devices with the second one's end");
}

void again_after_destroy(Session &s) {
  for (int i = 0; i < 3; ++i) s.call(PJRT_Client_Destroy_Args{.client = s.new_client()});
}

void unknown_option(Session &s) {
  PJRT_NamedValue value{};
  value.struct_size = abi::struct_size<PJRT_NamedValue>;
  value.name = "no_such_option_exists";
  value.name_size = 21;
  value.type = PJRT_NamedValue_kBool;
  value.bool_value = true;
  value.value_size = 1;
  s.refuse(PJRT_Client_Create_Args{.create_options = &value, .num_options = 1},
           "an option that does not exist");
}

void platform_name(Session &s) {
  auto got = s.call(PJRT_Client_PlatformName_Args{.client = s.client()});
  expect_text(got.platform_name, got.platform_name_size, "the platform's name");
  auto again = s.call(PJRT_Client_PlatformName_Args{.client = s.client()});
  expect(std::string_view(got.platform_name, got.platform_name_size) ==
             std::string_view(again.platform_name, again.platform_name_size),
         "the platform's name changes");
}

void platform_version(Session &s) {
  auto got = s.call(PJRT_Client_PlatformVersion_Args{.client = s.client()});
  expect_text(got.platform_version, got.platform_version_size, "the platform's version");
}

void process_index(Session &s) {
  int index = s.call(PJRT_Client_ProcessIndex_Args{.client = s.client()}).process_index;
  expect(index >= 0, "the process index is ", index);
}

void some_device(Session &s) {
  expect(!s.devices().empty(), "the client has no device");
  expect(!s.addressable_devices().empty(), "the client has no addressable device");
}

void same_devices(Session &s) {
  auto first = s.devices(), second = s.devices();
  expect(std::equal(first.begin(), first.end(), second.begin(), second.end()),
         "devices change between calls");
}

void addressable_are_devices(Session &s) {
  auto all = s.devices();
  for (PJRT_Device *device : s.addressable_devices())
    expect(contains(all, device), "an addressable device is not among the devices");
}

void addressable_say_so(Session &s) {
  auto addressable = s.addressable_devices();
  for (PJRT_Device *device : s.devices())
    expect(s.call(PJRT_Device_IsAddressable_Args{.device = device}).is_addressable ==
               contains(addressable, device),
           "PJRT_Device_IsAddressable disagrees with the list of addressable devices");
}

void ids_once(Session &s) {
  std::set<int> ids;
  for (PJRT_Device *device : s.devices())
    expect(ids.insert(s.device_id(device)).second, "two devices have id ", s.device_id(device));
}

void lookup_each(Session &s) {
  for (PJRT_Device *device : s.devices()) {
    int id = s.device_id(device);
    auto got = s.call(PJRT_Client_LookupDevice_Args{.client = s.client(), .id = id});
    expect(got.device == device, "looking up id ", id, " gives another device");
  }
}

void lookup_unknown(Session &s) {
  s.refuse(PJRT_Client_LookupDevice_Args{.client = s.client(), .id = 123456789}, "an id that no device has");
}

void lookup_hardware(Session &s) {
  for (PJRT_Device *device : s.addressable_devices()) {
    int id = s.call(PJRT_Device_LocalHardwareId_Args{.device = device}).local_hardware_id;
    if (id < 0) continue;
    auto got =
        s.call(PJRT_Client_LookupAddressableDevice_Args{.client = s.client(), .local_hardware_id = id});
    expect(got.addressable_device == device, "looking up local hardware id ", id, " gives another device");
  }
}

void lookup_unknown_hardware(Session &s) {
  s.refuse(PJRT_Client_LookupAddressableDevice_Args{.client = s.client(), .local_hardware_id = 123456789},
           "a local hardware id that no device has");
}

void default_assignment(Session &s) {
  int count = static_cast<int>(s.addressable_devices().size());
  std::vector<int> ids(static_cast<size_t>(count), -1);
  s.call(PJRT_Client_DefaultDeviceAssignment_Args{.client = s.client(),
                                                  .num_replicas = count,
                                                  .num_partitions = 1,
                                                  .default_assignment_size = ids.size(),
                                                  .default_assignment = ids.data()});
  std::set<int> known;
  for (PJRT_Device *device : s.devices()) known.insert(s.device_id(device));
  for (int id : ids)
    expect(known.count(id) == 1, "the default assignment names device ", id, ", which is none");
  expect(std::set<int>(ids.begin(), ids.end()).size() == ids.size(),
         "the default assignment names a device twice");
}

void assignment_too_small(Session &s) {
  int one = 0;
  s.refuse(PJRT_Client_DefaultDeviceAssignment_Args{.client = s.client(),
                                                    .num_replicas = 2,
                                                    .num_partitions = 2,
                                                    .default_assignment_size = 1,
                                                    .default_assignment = &one},
           "a list with room for one of four");
}

void memories_once(Session &s) {
  std::set<int> ids;
  for (PJRT_Memory *memory : client_memories(s)) {
    int id = s.call(PJRT_Memory_Id_Args{.memory = memory}).id;
    expect(ids.insert(id).second, "two memories have id ", id);
  }
}

void memories_of_devices(Session &s) {
  auto all = client_memories(s);
  for (PJRT_Device *device : s.addressable_devices())
    for (PJRT_Memory *memory : memories_of(s, device))
      expect(contains(all, memory), "a device's memory is not among the client's");
}

void process_infos(Session &s) {
  if (s.minor() < 78) throw Unsupported{"PJRT_ProcessInfo has another form before 0.78"};
  PJRT_ProcessInfo info{.task_id = 0, .incarnation_id = 1, .state = PJRT_ProcessState_kConnected};
  info.struct_size = abi::struct_size<PJRT_ProcessInfo>;
  s.call(PJRT_Client_UpdateGlobalProcessInfo_Args{
      .client = s.client(), .process_infos = &info, .num_process_infos = 1});
}

void description_texts(Session &s) {
  for (PJRT_Device *device : s.devices()) {
    PJRT_DeviceDescription *description = s.description(device);
    auto kind = s.call(PJRT_DeviceDescription_Kind_Args{.device_description = description});
    expect_text(kind.device_kind, kind.device_kind_size, "a device's kind");
    auto debug = s.call(PJRT_DeviceDescription_DebugString_Args{.device_description = description});
    expect_text(debug.debug_string, debug.debug_string_size, "a device's debug string");
    auto text = s.call(PJRT_DeviceDescription_ToString_Args{.device_description = description});
    expect_text(text.to_string, text.to_string_size, "a device's text");
  }
}

void description_stays(Session &s) {
  expect(s.description(s.device()) == s.description(s.device()),
         "a device's description changes between calls");
}

void description_process(Session &s) {
  int mine = s.call(PJRT_Client_ProcessIndex_Args{.client = s.client()}).process_index;
  for (PJRT_Device *device : s.addressable_devices()) {
    int index = s.call(PJRT_DeviceDescription_ProcessIndex_Args{.device_description = s.description(device)})
                    .process_index;
    expect(index == mine, "an addressable device belongs to process ", index, ", the client to ", mine);
  }
}

void expect_values(const PJRT_NamedValue *values, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    expect(values[i].name != nullptr && values[i].name_size > 0, "attribute ", i, " has no name");
    expect(values[i].type <= PJRT_NamedValue_kBool, "attribute ", i, " has kind ",
           static_cast<int>(values[i].type));
  }
}

void description_attributes(Session &s) {
  for (PJRT_Device *device : s.devices()) {
    auto got = s.call(PJRT_DeviceDescription_Attributes_Args{.device_description = s.description(device)});
    expect_values(got.attributes, got.num_attributes);
  }
}

void device_attributes(Session &s) {
  auto got = s.call(PJRT_Device_GetAttributes_Args{.device = s.device()});
  expect_values(got.attributes, got.num_attributes);
  if (got.device_attributes == nullptr) return;
  expect(got.attributes_deleter != nullptr, "attributes that are the caller's come without a deleter");
  got.attributes_deleter(got.device_attributes);
}

void default_memory(Session &s) {
  for (PJRT_Device *device : s.addressable_devices()) {
    PJRT_Memory *memory = s.call(PJRT_Device_DefaultMemory_Args{.device = device}).memory;
    expect(contains(memories_of(s, device), memory), "a device's default memory is not among its memories");
  }
}

void memory_devices(Session &s) {
  for (PJRT_Device *device : s.addressable_devices()) {
    for (PJRT_Memory *memory : memories_of(s, device)) {
      auto got = s.call(PJRT_Memory_AddressableByDevices_Args{.memory = memory});
      expect(contains(std::span(got.devices, got.num_devices), device),
             "a device's memory does not name the device among those that reach it");
    }
  }
}

void memory_texts(Session &s) {
  for (PJRT_Memory *memory : client_memories(s)) {
    auto kind = s.call(PJRT_Memory_Kind_Args{.memory = memory});
    expect_text(kind.kind, kind.kind_size, "a memory's kind");
    auto debug = s.call(PJRT_Memory_DebugString_Args{.memory = memory});
    expect_text(debug.debug_string, debug.debug_string_size, "a memory's debug string");
    auto text = s.call(PJRT_Memory_ToString_Args{.memory = memory});
    expect_text(text.to_string, text.to_string_size, "a memory's text");
  }
}

void memory_kind_ids(Session &s) {
  auto kind_of = [&s](PJRT_Memory *memory) {
    auto got = s.call(PJRT_Memory_Kind_Args{.memory = memory});
    return std::string(got.kind, got.kind_size);
  };
  for (PJRT_Memory *one : client_memories(s))
    for (PJRT_Memory *other : client_memories(s))
      expect((kind_of(one) == kind_of(other)) == (s.call(PJRT_Memory_Kind_Id_Args{.memory = one}).kind_id ==
                                                  s.call(PJRT_Memory_Kind_Id_Args{.memory = other}).kind_id),
             "kind ids do not follow kinds");
}

void memory_stats(Session &s) {
  auto before = s.call(PJRT_Device_MemoryStats_Args{.device = s.device()});
  expect(before.bytes_in_use >= 0, "bytes_in_use is ", before.bytes_in_use);
  std::vector<float> values(1 << 18);
  s.upload(values);
  auto after = s.call(PJRT_Device_MemoryStats_Args{.device = s.device()});
  expect(after.bytes_in_use >= before.bytes_in_use + (1 << 20),
         "an upload of 1 MiB changed bytes_in_use from ", before.bytes_in_use, " to ", after.bytes_in_use);
}

void clear_stats(Session &s) { s.call(PJRT_Device_ClearMemoryStats_Args{.device = s.device()}); }

void poison_nothing(Session &s) {
  auto got = s.call(PJRT_Device_PoisonExecution_Args{.device = s.device(),
                                                     .launch_id = 77,
                                                     .error_code = PJRT_Error_Code_ABORTED,
                                                     .error_message = "none",
                                                     .error_message_size = 4});
  expect(!got.poisoned, "a launch that does not run was poisoned");
}

void tracking_event(Session &s) {
  auto got = s.call(PJRT_Device_CreateAsyncTrackingEvent_Args{
      .device = s.device(), .description = "check", .description_size = 5});
  if (got.event != nullptr) s.call(PJRT_AsyncTrackingEvent_Destroy_Args{.event = got.event});
}

PJRT_TopologyDescription *topology_of(Session &s) {
  auto got = s.call(PJRT_Client_TopologyDescription_Args{.client = s.client()});
  expect(got.topology != nullptr, "the client has no topology");
  return got.topology;
}

void topology_devices(Session &s) {
  auto got = s.call(PJRT_TopologyDescription_GetDeviceDescriptions_Args{.topology = topology_of(s)});
  expect(got.num_descriptions == s.devices().size(), "the topology has ", got.num_descriptions,
         " devices, the client ", s.devices().size());
}

void topology_platform(Session &s) {
  auto got = s.call(PJRT_TopologyDescription_PlatformName_Args{.topology = topology_of(s)});
  auto want = s.call(PJRT_Client_PlatformName_Args{.client = s.client()});
  expect(std::string_view(got.platform_name, got.platform_name_size) ==
             std::string_view(want.platform_name, want.platform_name_size),
         "the topology's platform is another than the client's");
  auto version = s.call(PJRT_TopologyDescription_PlatformVersion_Args{.topology = topology_of(s)});
  expect_text(version.platform_version, version.platform_version_size,
              "the version of the topology's platform");
}

void topology_attributes(Session &s) {
  auto got = s.call(PJRT_TopologyDescription_Attributes_Args{.topology = topology_of(s)});
  expect_values(got.attributes, got.num_attributes);
}

void topology_fingerprint(Session &s) {
  auto first = s.call(PJRT_TopologyDescription_Fingerprint_Args{.topology = topology_of(s)});
  auto second = s.call(PJRT_TopologyDescription_Fingerprint_Args{.topology = topology_of(s)});
  expect(first.fingerprint == second.fingerprint, "the topology's fingerprint changes");
}

void topology_serialize(Session &s) {
  auto bytes = s.call(PJRT_TopologyDescription_Serialize_Args{.topology = topology_of(s)});
  expect(bytes.serialized_bytes_size > 0, "a serialized topology is empty");
  auto copy = s.call(
      PJRT_TopologyDescription_Deserialize_Args{.serialized_topology = bytes.serialized_bytes,
                                                .serialized_topology_size = bytes.serialized_bytes_size});
  auto got = s.call(PJRT_TopologyDescription_GetDeviceDescriptions_Args{.topology = copy.topology});
  expect(got.num_descriptions == s.devices().size(), "a topology that was written and read has ",
         got.num_descriptions, " devices, the client ", s.devices().size());
  expect(bytes.serialized_topology_deleter != nullptr, "a serialized topology comes without a deleter");
  bytes.serialized_topology_deleter(bytes.serialized_topology);
  s.call(PJRT_TopologyDescription_Destroy_Args{.topology = copy.topology});
}

void topology_damaged(Session &s) {
  s.refuse(PJRT_TopologyDescription_Deserialize_Args{.serialized_topology = "\xff\xff\xff\xff",
                                                     .serialized_topology_size = 4},
           "bytes that are no topology");
}

void topology_memory_kinds(Session &s) {
  auto got = s.call(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args{.topology = topology_of(s)});
  std::set<int> kinds;
  for (size_t i = 0; i < got.num_memory_space_kind_ids; ++i)
    expect(kinds.insert(got.memory_space_kind_ids[i]).second, "a memory kind is listed twice");
}

}  // namespace

std::vector<Check> client_checks() {
  return {
      {"client.create_and_destroy", "a client can be made and ended", create_and_destroy},
      {"client.two_at_once", "two clients live beside each other", two_clients},
      {"client.again_after_destroy", "clients can be made after others ended", again_after_destroy},
      {"client.unknown_option_refused", "an option that does not exist is an error", unknown_option},
      {"client.platform_name", "the platform has a name that stays", platform_name},
      {"client.platform_version", "the platform has a version", platform_version},
      {"client.process_index", "the process index is not negative", process_index},
      {"client.some_device", "there is a device", some_device},
      {"client.same_devices", "the devices are the same at each call", same_devices},
      {"client.addressable_are_devices", "addressable devices are devices", addressable_are_devices},
      {"client.lookup_each", "every device is found by its id", lookup_each},
      {"client.lookup_unknown", "an unknown id is an error", lookup_unknown},
      {"client.lookup_hardware", "every device is found by its local hardware id", lookup_hardware},
      {"client.lookup_unknown_hardware", "an unknown local hardware id is an error", lookup_unknown_hardware},
      {"client.default_assignment", "the default assignment names each device once", default_assignment},
      {"client.assignment_too_small", "a list too small for the assignment is an error",
       assignment_too_small},
      {"client.memories_once", "memories have ids of their own", memories_once},
      {"client.memories_of_devices", "memories of devices are the client's", memories_of_devices},
      {"client.process_infos", "process states are taken", process_infos},
  };
}

std::vector<Check> device_checks() {
  return {
      {"device.ids_once", "devices have ids of their own", ids_once},
      {"device.addressable_says_so", "a device knows whether it is addressable", addressable_say_so},
      {"device.texts", "a device has a kind and texts", description_texts},
      {"device.description_stays", "a device keeps its description", description_stays},
      {"device.process", "an addressable device belongs to the client's process", description_process},
      {"device.description_attributes", "attributes of descriptions are sound", description_attributes},
      {"device.attributes", "attributes of devices are sound and can be freed", device_attributes},
      {"device.default_memory", "the default memory is one of the device's", default_memory},
      {"device.memory_devices", "a memory knows the devices that reach it", memory_devices},
      {"device.memory_stats", "memory statistics follow an upload", memory_stats},
      {"device.clear_memory_stats", "memory statistics can be cleared", clear_stats},
      {"device.poison_nothing", "poisoning a launch that is not there hits nothing", poison_nothing},
      {"device.tracking_event", "a tracking event can be made and ended", tracking_event},
      {"memory.texts", "a memory has a kind and texts", memory_texts},
      {"memory.kind_ids", "kind ids follow kinds", memory_kind_ids},
  };
}

std::vector<Check> topology_checks() {
  return {
      {"topology.devices", "the client's topology has its devices", topology_devices},
      {"topology.platform", "the topology has the client's platform", topology_platform},
      {"topology.attributes", "attributes of the topology are sound", topology_attributes},
      {"topology.fingerprint", "the fingerprint stays", topology_fingerprint},
      {"topology.serialize", "a topology can be written and read", topology_serialize},
      {"topology.damaged_refused", "bytes that are no topology are an error", topology_damaged},
      {"topology.memory_kinds", "memory kinds are listed once", topology_memory_kinds},
  };
}

}  // namespace pje::conform
