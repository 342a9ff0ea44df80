#include "client.hpp"

#include "calls.hpp"
#include "config.hpp"
#include "log.hpp"
#include "table.hpp"

namespace fake {
namespace {

Status ApplyOption(const PJRT_NamedValue &option) {
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_NamedValue, &option)) return bad;
  std::string name(option.name, option.name_size);
  if (!IsKey(name)) return Invalid("Unknown option name passed to PJRT_Client_Create: ", name);
  switch (option.type) {
    case PJRT_NamedValue_kString:
      return Apply(name, std::string_view(option.string_value, option.value_size));
    case PJRT_NamedValue_kInt64:
      return Apply(name, Text(option.int64_value));
    case PJRT_NamedValue_kBool:
      return Apply(name, option.bool_value ? "1" : "0");
    case PJRT_NamedValue_kInt64List:
    case PJRT_NamedValue_kFloat:
      break;
  }
  return Invalid("option '", name, "' has type ", option.type, ", expected string, int64 or bool");
}

constexpr const char *kMemoryKinds[kMemoriesPerDevice] = {"device", "pinned_host", "unpinned_host"};

void AddMemories(Client *client, PJRT_Device *handle) {
  Device &device = Use<Device>(handle);
  for (int kind = 0; kind < kMemoriesPerDevice; ++kind) {
    auto memory = std::make_unique<Memory>();
    memory->client = client;
    memory->device = handle;
    memory->id = static_cast<int>(client->memories.size());
    memory->kind = kMemoryKinds[kind];
    memory->kind_id = kind;
    memory->debug = Text("fake memory ", memory->id, " ", memory->kind, " of device ", device.id);
    memory->text = Text("FakeMemory(id=", memory->id, ", kind=", memory->kind, ")");
    device.memories.push_back(Publish(std::move(memory), MemoryTable()));
    client->memories.push_back(device.memories.back());
  }
}

void AddDevices(Client *client) {
  int processes = Current().processes;
  int per_process = Current().devices;
  for (int process = 0; process < processes; ++process) {
    for (int local = 0; local < per_process; ++local) {
      auto device = std::make_unique<Device>();
      std::unique_ptr<Description> description = MakeDescription(process, local);
      device->client = client;
      device->id = description->id;
      device->addressable = process == client->process;
      if (device->addressable) device->local_id = local;
      device->description = Publish(std::move(description));
      bool addressable = device->addressable;
      PJRT_Device *handle = Publish(std::move(device));
      client->devices.push_back(handle);
      if (!addressable) continue;
      client->addressable.push_back(handle);
      AddMemories(client, handle);
    }
  }
}

std::string LiveChildren(const Client &client) {
  std::string list;
  for (size_t kind = 0; kind < kNumKinds; ++kind) {
    int64_t count = client.children[kind].load();
    if (count > 0)
      list += Text(list.empty() ? "" : ", ", count, " ", KindName(static_cast<Kind>(kind)), "(s)");
  }
  return list;
}

}  // namespace

ChildHold::ChildHold(Client *client, Kind kind) : client_(client), kind_(kind) {
  client_->children[static_cast<size_t>(kind_)].fetch_add(1);
}
ChildHold::~ChildHold() { client_->children[static_cast<size_t>(kind_)].fetch_sub(1); }

Status PickMemory(Client *client, PJRT_Device *device, PJRT_Memory *memory, PJRT_Memory **picked) {
  if (memory == nullptr && device == nullptr) {
    if (client->addressable.empty()) return Invalid("the client has no addressable device");
    device = client->addressable[0];
  }
  if (memory == nullptr) {
    Device &body = Use<Device>(device);
    if (!body.addressable) return Invalid("device ", body.id, " is not addressable");
    memory = DefaultMemory(device);
  }
  if (Use<Memory>(memory).client != client) return Invalid("the destination belongs to another client");
  *picked = memory;
  return nullptr;
}

// What a create option sets of these holds for the new client only.
class OwnCounts {
 public:
  OwnCounts() : devices_(Current().devices), processes_(Current().processes), process_(Current().process) {}
  ~OwnCounts() {
    Current().devices = devices_;
    Current().processes = processes_;
    Current().process = process_;
  }
  OwnCounts(const OwnCounts &) = delete;
  OwnCounts &operator=(const OwnCounts &) = delete;

 private:
  int devices_;
  int processes_;
  int process_;
};

Status MakeClient(const PJRT_Client_Create_Args &args, PJRT_Client **made, int *num_devices) {
  static std::mutex one_at_a_time;
  std::lock_guard lock(one_at_a_time);
  OwnCounts own_counts;
  bool table_changed = false;
  for (size_t i = 0; i < args.num_options; ++i) {
    const PJRT_NamedValue &option = args.create_options[i];
    if (Status bad = ApplyOption(option)) return bad;
    table_changed |= ShapesTable(std::string_view(option.name, option.name_size));
  }
  // Controls of the table itself take effect in place: callers read its size and slots at each call.
  if (table_changed) RebuildTable();
  if (Current().process >= Current().processes) return Invalid("process: must be below processes");
  auto client = std::make_unique<Client>();
  client->process = Current().process;
  client->num_processes = Current().processes;
  client->kv = ReadKvCallbacks(args);
  *num_devices = Current().devices;
  AddDevices(client.get());
  std::vector<PJRT_DeviceDescription *> descriptions;
  for (PJRT_Device *device : client->devices) descriptions.push_back(Use<Device>(device).description);
  client->topology = MakeTopology(std::move(descriptions), true);
  *made = Publish(std::move(client));
  return nullptr;
}

void DestroyClient(PJRT_Client *destroyed) {
  Client &live = Use<Client>(destroyed);
  if (Scheduler::OnPluginThread()) Misuse("a client is destroyed on a thread of the plugin");
  if (std::string children = LiveChildren(live); !children.empty()) {
    Misuse("the client is destroyed before its children: " + children);
  }
  live.scheduler->Stop();
  std::unique_ptr<Client> client = Retire<Client>(destroyed);
  Retire<Topology>(client->topology);
  for (PJRT_Memory *memory : client->memories) Retire<Memory>(memory);
  for (PJRT_Device *handle : client->devices) {
    std::unique_ptr<Device> device = Retire<Device>(handle);
    Retire<Description>(device->description);
  }
  client.reset();
  if (LogIsOpen() && LiveCount(Kind::kClient) == 0) LogLine(LiveLine());
}

Status Call(PJRT_Client_Create_Args &args) {
  PJRT_Client *client = nullptr;
  int num_devices = 0;
  if (Status bad = MakeClient(args, &client, &num_devices)) return bad;
  const Client &made = Use<Client>(client);
  // Outside the lock: the other processes may be clients that other threads are making.
  if (Status bad = MeetProcesses(made.kv, made.process, made.num_processes, num_devices)) {
    DestroyClient(client);
    return bad;
  }
  Out(&args.client, client);
  return nullptr;
}

Status Call(PJRT_Client_Destroy_Args &args) {
  if (args.client != nullptr) DestroyClient(args.client);
  return nullptr;
}

Status Call(PJRT_Client_PlatformName_Args &args) {
  Use<Client>(args.client);
  OutString(&args.platform_name, &args.platform_name_size,
            Current().cpu_platform ? std::string_view("cpu") : kPlatformName);
  return nullptr;
}

Status Call(PJRT_Client_PlatformVersion_Args &args) {
  Use<Client>(args.client);
  OutString(&args.platform_version, &args.platform_version_size, kPlatformVersion);
  return nullptr;
}

Status Call(PJRT_Client_ProcessIndex_Args &args) {
  Out(&args.process_index, Use<Client>(args.client).process);
  return nullptr;
}

Status Call(PJRT_Client_Devices_Args &args) {
  const Client &client = Use<Client>(args.client);
  Out(&args.devices, client.devices.data());
  Out(&args.num_devices, client.devices.size());
  return nullptr;
}

Status Call(PJRT_Client_AddressableDevices_Args &args) {
  const Client &client = Use<Client>(args.client);
  Out(&args.addressable_devices, client.addressable.data());
  Out(&args.num_addressable_devices, client.addressable.size());
  return nullptr;
}

Status Call(PJRT_Client_AddressableMemories_Args &args) {
  const Client &client = Use<Client>(args.client);
  Out(&args.addressable_memories, client.memories.data());
  Out(&args.num_addressable_memories, client.memories.size());
  return nullptr;
}

Status Call(PJRT_Client_LookupDevice_Args &args) {
  for (PJRT_Device *device : Use<Client>(args.client).devices) {
    if (Use<Device>(device).id != args.id) continue;
    Out(&args.device, device);
    return nullptr;
  }
  return Invalid("No matching device found for device_id ", args.id);
}

Status Call(PJRT_Client_LookupAddressableDevice_Args &args) {
  for (PJRT_Device *device : Use<Client>(args.client).addressable) {
    if (Use<Device>(device).local_id != args.local_hardware_id) continue;
    Out(&args.addressable_device, device);
    return nullptr;
  }
  return Invalid("No matching device found for local_hardware_id ", args.local_hardware_id);
}

Status Call(PJRT_Client_TopologyDescription_Args &args) {
  Out(&args.topology, Use<Client>(args.client).topology);
  return nullptr;
}

Status Call(PJRT_Client_DefaultDeviceAssignment_Args &args) {
  const Client &client = Use<Client>(args.client);
  if (args.num_replicas < 1 || args.num_partitions < 1)
    return Invalid("replicas and partitions must be at least 1");
  size_t replicas = static_cast<size_t>(args.num_replicas);
  size_t partitions = static_cast<size_t>(args.num_partitions);
  if (args.default_assignment_size < replicas * partitions) {
    return Invalid("default_assignment_size ", args.default_assignment_size, " is below ",
                   replicas * partitions);
  }
  if (replicas * partitions > client.devices.size()) {
    return Invalid(replicas * partitions, " devices are needed, the client has ", client.devices.size());
  }
  for (size_t replica = 0; replica < replicas; ++replica) {
    for (size_t partition = 0; partition < partitions; ++partition) {
      // Partition after partition, as XLA numbers them; the array itself is replica-major.
      PJRT_Device *device = client.devices[partition * replicas + replica];
      args.default_assignment[replica * partitions + partition] = Use<Device>(device).id;
    }
  }
  return nullptr;
}

Status Call(PJRT_Client_UpdateGlobalProcessInfo_Args &args) {
  Use<Client>(args.client);
  for (size_t i = 0; i < args.num_process_infos; ++i) {
    const PJRT_ProcessInfo &info = args.process_infos[i];
    if (Status bad = FAKE_CHECK_STRUCT(PJRT_ProcessInfo, &info)) return bad;
    if (LogIsOpen())
      LogLine(Text("PROCESS task=", info.task_id, " incarnation=", info.incarnation_id, " state=", info.state,
                   " error=", CodeName(static_cast<uint32_t>(info.error_code)), " ",
                   std::string_view(info.error_message, info.error_message_size)));
  }
  return nullptr;
}

Status Call(PJRT_Client_DmaMap_Args &args) {
  Client &client = Use<Client>(args.client);
  if (args.data == nullptr || args.size == 0) return Invalid("data and size must not be empty");
  std::lock_guard lock(client.dma_mutex);
  bool added = client.dma.emplace(args.data, args.size).second;
  return added ? nullptr : Fail(PJRT_Error_Code_ALREADY_EXISTS, "the memory is mapped already");
}

Status Call(PJRT_Client_DmaUnmap_Args &args) {
  Client &client = Use<Client>(args.client);
  std::lock_guard lock(client.dma_mutex);
  return client.dma.erase(args.data) == 1 ? nullptr : Invalid("the memory is not mapped");
}

}  // namespace fake
