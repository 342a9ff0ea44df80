#include "calls.hpp"
#include "client.hpp"
#include "config.hpp"

namespace fake {
namespace {

void *GetUserData(PJRT_Memory *handle, const void *key) {
  FunctionScope scope("PJRT_Memory_FunctionTable.get_user_data");
  Memory &memory = Use<Memory>(handle);
  std::lock_guard lock(memory.mutex);
  auto found = memory.user_data.find(key);
  return found == memory.user_data.end() ? nullptr : found->second.data;
}

void SetUserData(PJRT_Memory *handle, const void *key, void *data, void (*destroy)(void *)) {
  FunctionScope scope("PJRT_Memory_FunctionTable.set_user_data");
  Memory &memory = Use<Memory>(handle);
  Memory::UserData former{nullptr, nullptr};
  {
    std::lock_guard lock(memory.mutex);
    Memory::UserData &entry = memory.user_data[key];
    former = std::exchange(entry, Memory::UserData{data, destroy});
  }
  if (former.destroy != nullptr) former.destroy(former.data);
}

}  // namespace

Memory::~Memory() {
  for (const auto &[key, entry] : user_data) {
    if (entry.destroy != nullptr) entry.destroy(entry.data);
  }
}

const PJRT_Memory_FunctionTable *MemoryTable() {
  static constexpr PJRT_Memory_FunctionTable kTable = {pje::abi::struct_size<PJRT_Memory_FunctionTable>,
                                                       nullptr, sizeof(PJRT_Memory), GetUserData,
                                                       SetUserData};
  return CurrentMinor() >= 105 ? &kTable : nullptr;
}

PJRT_Memory *DefaultMemory(PJRT_Device *device) { return Use<Device>(device).memories.at(0); }

Status Call(PJRT_Memory_Id_Args &args) {
  Out(&args.id, Use<Memory>(args.memory).id);
  return nullptr;
}

Status Call(PJRT_Memory_Kind_Args &args) {
  OutString(&args.kind, &args.kind_size, Use<Memory>(args.memory).kind);
  return nullptr;
}

Status Call(PJRT_Memory_Kind_Id_Args &args) {
  Out(&args.kind_id, Use<Memory>(args.memory).kind_id);
  return nullptr;
}

Status Call(PJRT_Memory_DebugString_Args &args) {
  OutString(&args.debug_string, &args.debug_string_size, Use<Memory>(args.memory).debug);
  return nullptr;
}

Status Call(PJRT_Memory_ToString_Args &args) {
  OutString(&args.to_string, &args.to_string_size, Use<Memory>(args.memory).text);
  return nullptr;
}

Status Call(PJRT_Memory_AddressableByDevices_Args &args) {
  const Memory &memory = Use<Memory>(args.memory);
  Out(&args.devices, &memory.device);
  Out(&args.num_devices, size_t{1});
  return nullptr;
}

}  // namespace fake
