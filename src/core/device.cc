#include "core/device.hpp"

#include "base/text.hpp"
#include "core/client.hpp"
#include "core/facts.hpp"

namespace pje {

template <class T>
const Object *LentByClient<T>::owner() const noexcept {
  return client_;
}

template <class T>
void LentByClient<T>::on_first_public_reference() const noexcept {
  client_->retain();
}

template <class T>
void LentByClient<T>::on_last_public_reference() const noexcept {
  client_->release();
}

template class LentByClient<Device>;
template class LentByClient<Memory>;

Device::~Device() {
  if (data_->description) data_->description->end_lending();
}

Status Device::read() {
  const abi::Api &api = client().api();
  auto description = abi::zeroed<PJRT_Device_GetDescription_Args>();
  description.device = raw_;
  PJE_TRY(api.call(description));
  data_->description = make<DeviceDescription>(client(), description.device_description);
  PJE_TRY(data_->description->read(api));
  data_->description->make_lent();
  PJE_TRY(read_fact(api, &PJRT_Device_IsAddressable_Args::device, raw_,
                    [&](PJRT_Device_IsAddressable_Args &a) { data_->is_addressable = a.is_addressable; }));
  return read_fact(
      api, &PJRT_Device_LocalHardwareId_Args::device, raw_,
      [&](PJRT_Device_LocalHardwareId_Args &a) { data_->local_hardware_id = a.local_hardware_id; });
}

Status Memory::read() {
  const abi::Api &api = client().api();
  PJE_TRY(
      read_fact(api, &PJRT_Memory_Id_Args::memory, raw_, [&](PJRT_Memory_Id_Args &a) { data_->id = a.id; }));
  PJE_TRY(read_fact(api, &PJRT_Memory_Kind_Args::memory, raw_,
                    [&](PJRT_Memory_Kind_Args &a) { data_->kind = utf8_from(a.kind, a.kind_size); }));
  PJE_TRY(read_fact(api, &PJRT_Memory_Kind_Id_Args::memory, raw_,
                    [&](PJRT_Memory_Kind_Id_Args &a) { data_->kind_id = a.kind_id; }));
  PJE_TRY(read_fact(api, &PJRT_Memory_DebugString_Args::memory, raw_, [&](PJRT_Memory_DebugString_Args &a) {
    data_->debug_string = utf8_from(a.debug_string, a.debug_string_size);
  }));
  PJE_TRY(read_fact(api, &PJRT_Memory_ToString_Args::memory, raw_, [&](PJRT_Memory_ToString_Args &a) {
    data_->to_string = utf8_from(a.to_string, a.to_string_size);
  }));
  return read_fact(api, &PJRT_Memory_AddressableByDevices_Args::memory, raw_,
                   [&](PJRT_Memory_AddressableByDevices_Args &a) {
                     for (size_t i = 0; i < a.num_devices; ++i)
                       if (Device *device = client().device_of(a.devices[i]))
                         data_->devices.push_back(device);
                   });
}

}  // namespace pje
