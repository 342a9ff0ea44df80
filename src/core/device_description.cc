#include "core/device_description.hpp"

#include "base/text.hpp"
#include "core/facts.hpp"
#include "core/named_values_abi.hpp"

namespace pje {

DeviceDescription::~DeviceDescription() {
  if (data_->attributes) data_->attributes->end_lending();
}

Status DeviceDescription::read(const abi::Api &api) {
  PJE_TRY(read_fact(api, &PJRT_DeviceDescription_Id_Args::device_description, raw_,
                    [&](PJRT_DeviceDescription_Id_Args &a) { data_->id = a.id; }));
  PJE_TRY(read_fact(
      api, &PJRT_DeviceDescription_ProcessIndex_Args::device_description, raw_,
      [&](PJRT_DeviceDescription_ProcessIndex_Args &a) { data_->process_index = a.process_index; }));
  PJE_TRY(read_fact(api, &PJRT_DeviceDescription_Kind_Args::device_description, raw_,
                    [&](PJRT_DeviceDescription_Kind_Args &a) {
                      data_->kind = utf8_from(a.device_kind, a.device_kind_size);
                    }));
  PJE_TRY(read_fact(api, &PJRT_DeviceDescription_DebugString_Args::device_description, raw_,
                    [&](PJRT_DeviceDescription_DebugString_Args &a) {
                      data_->debug_string = utf8_from(a.debug_string, a.debug_string_size);
                    }));
  PJE_TRY(read_fact(api, &PJRT_DeviceDescription_ToString_Args::device_description, raw_,
                    [&](PJRT_DeviceDescription_ToString_Args &a) {
                      data_->to_string = utf8_from(a.to_string, a.to_string_size);
                    }));
  data_->attributes = make<NamedValues>();
  PJE_TRY(read_fact(api, &PJRT_DeviceDescription_Attributes_Args::device_description, raw_,
                    [&](PJRT_DeviceDescription_Attributes_Args &a) {
                      data_->attributes = named_values_from(a.attributes, a.num_attributes);
                    }));
  data_->attributes->lock();
  data_->attributes->make_lent();
  return {};
}

}  // namespace pje
