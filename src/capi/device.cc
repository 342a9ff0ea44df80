#include "pjrt_easy/device.h"

#include "capi/guard.hpp"
#include "core/client.hpp"

using pje::Device;
using pje::Memory;
using pje::capi::answered;

namespace {

template <class T>
T *none() {
  return nullptr;
}

template <class List>
auto item(const List &list, size_t index) {
  return index < list.size() ? pje::borrow(list[index]) : nullptr;
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(Device, pje_device)
PJE_RETAIN_RELEASE(Memory, pje_memory)

int32_t pje_device_id(const pje_device *device) noexcept {
  return answered<Device>("pje_device_id", "device", device, -1, [](Device &d) { return d.id(); });
}

int32_t pje_device_process_index(const pje_device *device) noexcept {
  return answered<Device>("pje_device_process_index", "device", device, 0,
                          [](Device &d) { return d.process_index(); });
}

int32_t pje_device_local_hardware_id(const pje_device *device) noexcept {
  return answered<Device>("pje_device_local_hardware_id", "device", device, -1,
                          [](Device &d) { return d.local_hardware_id(); });
}

bool pje_device_is_addressable(const pje_device *device) noexcept {
  return answered<Device>("pje_device_is_addressable", "device", device, false,
                          [](Device &d) { return d.is_addressable(); });
}

const char *pje_device_kind(const pje_device *device) noexcept {
  return answered<Device>("pje_device_kind", "device", device, "",
                          [](Device &d) { return d.kind().c_str(); });
}

const char *pje_device_debug_string(const pje_device *device) noexcept {
  return answered<Device>("pje_device_debug_string", "device", device, "",
                          [](Device &d) { return d.debug_string().c_str(); });
}

const char *pje_device_to_string(const pje_device *device) noexcept {
  return answered<Device>("pje_device_to_string", "device", device, "",
                          [](Device &d) { return d.to_string().c_str(); });
}

const pje_named_values *pje_device_attributes(const pje_device *device) noexcept {
  return answered<Device>("pje_device_attributes", "device", device, none<const pje_named_values>(),
                          [](Device &d) { return pje::borrow(&d.attributes()); });
}

pje_client *pje_device_client(const pje_device *device) noexcept {
  return answered<Device>("pje_device_client", "device", device, none<pje_client>(),
                          [](Device &d) { return pje::borrow(&d.client()); });
}

pje_memory *pje_device_default_memory(const pje_device *device) noexcept {
  return answered<Device>("pje_device_default_memory", "device", device, none<pje_memory>(),
                          [](Device &d) { return pje::borrow(d.default_memory()); });
}

size_t pje_device_num_addressable_memories(const pje_device *device) noexcept {
  return answered<Device>("pje_device_num_addressable_memories", "device", device, size_t{0},
                          [](Device &d) { return d.memories().size(); });
}

pje_memory *pje_device_addressable_memory(const pje_device *device, size_t index) noexcept {
  return answered<Device>("pje_device_addressable_memory", "device", device, none<pje_memory>(),
                          [&](Device &d) { return item(d.memories(), index); });
}

int32_t pje_memory_id(const pje_memory *memory) noexcept {
  return answered<Memory>("pje_memory_id", "memory", memory, -1, [](Memory &m) { return m.id(); });
}

const char *pje_memory_kind(const pje_memory *memory) noexcept {
  return answered<Memory>("pje_memory_kind", "memory", memory, "",
                          [](Memory &m) { return m.kind().c_str(); });
}

int32_t pje_memory_kind_id(const pje_memory *memory) noexcept {
  return answered<Memory>("pje_memory_kind_id", "memory", memory, 0, [](Memory &m) { return m.kind_id(); });
}

const char *pje_memory_debug_string(const pje_memory *memory) noexcept {
  return answered<Memory>("pje_memory_debug_string", "memory", memory, "",
                          [](Memory &m) { return m.debug_string().c_str(); });
}

const char *pje_memory_to_string(const pje_memory *memory) noexcept {
  return answered<Memory>("pje_memory_to_string", "memory", memory, "",
                          [](Memory &m) { return m.to_string().c_str(); });
}

pje_client *pje_memory_client(const pje_memory *memory) noexcept {
  return answered<Memory>("pje_memory_client", "memory", memory, none<pje_client>(),
                          [](Memory &m) { return pje::borrow(&m.client()); });
}

size_t pje_memory_num_devices(const pje_memory *memory) noexcept {
  return answered<Memory>("pje_memory_num_devices", "memory", memory, size_t{0},
                          [](Memory &m) { return m.devices().size(); });
}

pje_device *pje_memory_device(const pje_memory *memory, size_t index) noexcept {
  return answered<Memory>("pje_memory_device", "memory", memory, none<pje_device>(),
                          [&](Memory &m) { return item(m.devices(), index); });
}

}  // extern "C"
