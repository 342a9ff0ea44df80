#include "core/client.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"
#include "base/validate.hpp"
#include "base/workers.hpp"
#include "core/kv_store.hpp"
#include "core/launch_queue.hpp"
#include "core/named_values_abi.hpp"
#include "core/topology.hpp"
#include "core/xla_flags.hpp"

namespace pje {

namespace {

uint64_t next_stamp_base() noexcept {
  static std::atomic<uint64_t> last{0};
  return (last.fetch_add(1, std::memory_order_relaxed) + 1) << 8;
}

Status tolerate_unimplemented(Status status) {
  if (!status.ok() && status.error()->code() == PJE_UNIMPLEMENTED) return {};
  return status;
}

bool can_read_memory(const abi::Api &api) noexcept {
  return api.has<PJRT_Buffer_ReadyEvent_Args>() && api.has<PJRT_Event_IsReady_Args>() &&
         api.has<PJRT_Event_Error_Args>() && api.has<PJRT_Buffer_OnDeviceSizeInBytes_Args>() &&
         api.has<PJRT_Buffer_GetMemoryLayout_Args>() && api.has<PJRT_Buffer_UnsafePointer_Args>() &&
         api.has<PJRT_Buffer_IncreaseExternalReferenceCount_Args>() &&
         api.has<PJRT_Buffer_DecreaseExternalReferenceCount_Args>();
}

// Real plugins end the process when an option has another type than they expect, so what is known is checked.
Status check_options(const NamedValues *options) {
  if (options == nullptr) return {};
  size_t index = options->find("cpu_device_count");
  if (index == SIZE_MAX) return {};
  int64_t count = 0;
  if (options->kind(index) != PJE_VALUE_INT64 || !options->get_int64(index, &count).ok())
    return invalid_argument("option \"cpu_device_count\": expected an int64");
  if (count < 1 || count > INT32_MAX)
    return invalid_argument(concat("option \"cpu_device_count\" is ", count, ": expected at least 1"));
  return {};
}

// XLA's CPU plugins up to this minor take any option and ignore what they do not know.
constexpr int kLastIgnoringCpuMinor = 106;

Status check_ignored_options(const Client &client, const NamedValues *options) {
  bool ignores = client.platform_name() == "cpu" && client.api().minor() <= kLastIgnoringCpuMinor;
  if (!ignores || options == nullptr) return {};
  for (size_t i = 0; i < options->count(); ++i)
    if (std::string_view(options->name(i)) != "cpu_device_count")
      return invalid_argument(concat("option \"", options->name(i), "\": plugin ", client.api().path(),
                                     " would ignore it: expected cpu_device_count"));
  return {};
}

}  // namespace

Client::Data::Data(const abi::Api &plugin_api)
    : api(plugin_api), launches(new LaunchQueue), stamp_base(next_stamp_base()) {}

Client::Data::~Data() = default;

size_t Client::find_line() noexcept {
  static std::atomic<size_t> next{0};
  return line_of_this_thread = next.fetch_add(1, std::memory_order_relaxed) % kNumLines;
}

Client::Client(Plugin &plugin, PJRT_Client *raw)
    : plugin_(&plugin), raw_(raw), data_(new Data(plugin.api())) {
  data_->out_of_memory = std::make_unique<OutOfMemory>(*this);
  data_->api.set_memory_watch(data_->out_of_memory.get());
  plugin_->retain();
  Workers::client_created();
}

Client::~Client() {
  for (Device *device : data_->devices) {
    device->end_lending();
    device->release();
  }
  for (Memory *memory : data_->memories) {
    memory->end_lending();
    memory->release();
  }
  if (Topology *topology = data_->topology.load(std::memory_order_acquire)) {
    topology->end_lending();
    topology->release();
  }
  if (raw_ != nullptr) {
    auto args = abi::zeroed<PJRT_Client_Destroy_Args>();
    args.client = raw_;
    api().call_and_log(args);
    // One that a child has from its parent was not counted there.
    if (api().usable()) report_after_last_client(Workers::client_destroyed());
  }
  plugin_->release();
}

void Client::on_unreferenced() noexcept {
  // Destroying a client on a thread of its plugin makes that thread wait for itself; on one that answers the
  // questions of its store, for an answer that nobody gives.
  const auto *store = static_cast<const KvStore *>(data_->kv_store.get());
  bool elsewhere = in_callback() || (store != nullptr && store->backend().answered_by_program());
  if (elsewhere && api().usable() && Workers::dispatcher().post([this] { destroy(); })) return;
  if (in_callback() && api().usable()) {
    log_line("pje_client_release: no thread to destroy the client on: it is left to the end of the process");
    return;
  }
  destroy();
}

Result<Ref<Client>> Client::create(Plugin &plugin, const NamedValues *options, KvStore *kv_store) {
  PJE_TRY(check_options(options));
  PJE_TRY(check_xla_flags(plugin.api()));
  // A client must outlive its children: what cannot be destroyed is not made.
  PJE_TRY((plugin.api()
               .require<PJRT_Client_Destroy_Args, PJRT_Event_Destroy_Args, PJRT_Buffer_Destroy_Args,
                        PJRT_Executable_Destroy_Args, PJRT_LoadedExecutable_Destroy_Args>()));
  NamedValueArray array(options, plugin.api());
  auto args = abi::zeroed<PJRT_Client_Create_Args>();
  args.create_options = array.data();
  args.num_options = array.size();
  if (kv_store != nullptr) kv_store->fill(args);
  plugin.note_client();
  PJE_TRY(plugin.call_long(plugin.api(), args));
  if (args.client == nullptr)
    return failure_of("PJRT_Client_Create", PJE_INTERNAL, "the plugin answered OK without a client");
  Ref<Client> client;
  try {
    client = make<Client>(plugin, args.client);
  } catch (...) {
    auto destroy = abi::zeroed<PJRT_Client_Destroy_Args>();
    destroy.client = args.client;
    plugin.api().call_and_log(destroy);
    throw;
  }
  client->data_->kv_store = Ref<Object>::share(kv_store);
  PJE_TRY(client->read_identity());
  PJE_TRY(check_ignored_options(*client, options));
  PJE_TRY(client->read_devices());
  PJE_TRY(client->read_memories());
  return client;
}

Status Client::read_identity() {
  auto name = abi::zeroed<PJRT_Client_PlatformName_Args>();
  name.client = raw_;
  PJE_TRY(api().call(name));
  data_->platform_name = utf8_from(name.platform_name, name.platform_name_size);
  data_->has_host_memory = data_->platform_name == "cpu" && can_read_memory(api());
  auto version = abi::zeroed<PJRT_Client_PlatformVersion_Args>();
  version.client = raw_;
  PJE_TRY(tolerate_unimplemented(api().call(version)));
  data_->platform_version = utf8_from(version.platform_version, version.platform_version_size);
  auto index = abi::zeroed<PJRT_Client_ProcessIndex_Args>();
  index.client = raw_;
  PJE_TRY(tolerate_unimplemented(api().call(index)));
  data_->process_index = index.process_index;
  return {};
}

Status Client::read_devices() {
  auto all = abi::zeroed<PJRT_Client_Devices_Args>();
  all.client = raw_;
  PJE_TRY(api().call(all));
  for (size_t i = 0; i < all.num_devices; ++i) {
    Ref<Device> device = make<Device>(*this, all.devices[i]);
    PJE_TRY(device->read());
    data_->device_of.emplace(all.devices[i], device.get());
    data_->devices.push_back(device.get());
    std::move(device).leak()->make_lent();
  }
  auto usable = abi::zeroed<PJRT_Client_AddressableDevices_Args>();
  usable.client = raw_;
  PJE_TRY(api().call(usable));
  for (size_t i = 0; i < usable.num_addressable_devices; ++i)
    if (Device *device = device_of(usable.addressable_devices[i]))
      data_->addressable_devices.push_back(device);
  return {};
}

Result<Memory *> Client::add_memory(PJRT_Memory *raw) {
  if (Memory *known = memory_of(raw)) return known;
  Ref<Memory> memory = make<Memory>(*this, raw);
  PJE_TRY(memory->read());
  data_->memory_of.emplace(raw, memory.get());
  data_->memories.push_back(memory.get());
  Memory *added = std::move(memory).leak();
  added->make_lent();
  return added;
}

Status Client::read_memories() {
  auto list = abi::zeroed<PJRT_Client_AddressableMemories_Args>();
  list.client = raw_;
  PJE_TRY(tolerate_unimplemented(api().call(list)));
  for (size_t i = 0; i < list.num_addressable_memories; ++i) {
    PJE_ASSIGN(Memory * memory, add_memory(list.addressable_memories[i]));
    data_->addressable_memories.push_back(memory);
  }
  for (Device *device : data_->addressable_devices) {
    auto of_device = abi::zeroed<PJRT_Device_AddressableMemories_Args>();
    of_device.device = device->raw();
    PJE_TRY(tolerate_unimplemented(api().call(of_device)));
    std::vector<Memory *> memories;
    for (size_t i = 0; i < of_device.num_memories; ++i) {
      PJE_ASSIGN(Memory * memory, add_memory(of_device.memories[i]));
      memories.push_back(memory);
    }
    auto main = abi::zeroed<PJRT_Device_DefaultMemory_Args>();
    main.device = device->raw();
    PJE_TRY(tolerate_unimplemented(api().call(main)));
    Memory *default_memory = nullptr;
    if (main.memory != nullptr) {
      PJE_ASSIGN(default_memory, add_memory(main.memory));
    }
    device->set_memories(std::move(memories), default_memory);
  }
  return {};
}

Result<Device *> Client::lookup_device(int32_t id) {
  auto args = abi::zeroed<PJRT_Client_LookupDevice_Args>();
  args.client = raw_;
  args.id = id;
  PJE_TRY(api().call(args));
  Device *device = device_of(args.device);
  if (device == nullptr)
    return failure_of("PJRT_Client_LookupDevice", PJE_INTERNAL,
                      "the plugin answered a device that it does not list");
  return device;
}

Result<Topology *> Client::topology() {
  Topology *known = data_->topology.load(std::memory_order_acquire);
  if (known != nullptr) return known;
  PJE_ASSIGN(Ref<Topology> read, Topology::of_client(*this));
  read->make_lent();
  // Of two threads that read it at once, the slower one takes the other's.
  if (data_->topology.compare_exchange_strong(known, read.get(), std::memory_order_acq_rel))
    return std::move(read).leak();
  read->end_lending();
  return known;
}

Result<LayoutHabits> Client::layout_habits() {
  if (data_->knows_layout_habits.load(std::memory_order_acquire)) return data_->layout_habits.load();
  if (addressable_devices().empty()) return LayoutHabits();
  // Two threads may both find out, and find the same.
  PJE_ASSIGN(LayoutHabits found, find_layout_habits(api(), raw_, addressable_devices()[0]->raw()));
  data_->layout_habits.store(found);
  data_->knows_layout_habits.store(true, std::memory_order_release);
  return found;
}

Device *Client::device_of(PJRT_Device *raw) const noexcept {
  auto found = data_->device_of.find(raw);
  return found == data_->device_of.end() ? nullptr : found->second;
}

Memory *Client::memory_of(PJRT_Memory *raw) const noexcept {
  auto found = data_->memory_of.find(raw);
  return found == data_->memory_of.end() ? nullptr : found->second;
}

}  // namespace pje
