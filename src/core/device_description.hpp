// What is known of a device without using it.
#pragma once

#include <memory>
#include <string>

#include "abi/call.hpp"
#include "base/object.hpp"
#include "core/named_values.hpp"

namespace pje {

// Lent by the client or topology that owns the plugin's description; the caller's first reference holds that.
class DeviceDescription final : public Object {
 public:
  using Handle = pje_device_description;
  static constexpr ObjectType kType = ObjectType::kDeviceDescription;

  DeviceDescription(const Object &owner, PJRT_DeviceDescription *raw)
      : owner_(&owner), raw_(raw), data_(new Data) {}
  ~DeviceDescription() override;
  // Reads all of it: nothing ever changes.
  Status read(const abi::Api &api);

  void on_first_public_reference() const noexcept override { owner_->retain(); }
  void on_last_public_reference() const noexcept override { owner_->release(); }

  PJRT_DeviceDescription *raw() const noexcept { return raw_; }
  int32_t id() const noexcept { return data_->id; }
  int32_t process_index() const noexcept { return data_->process_index; }
  const std::string &kind() const noexcept { return data_->kind; }
  const std::string &debug_string() const noexcept { return data_->debug_string; }
  const std::string &to_string() const noexcept { return data_->to_string; }
  const NamedValues &attributes() const noexcept { return *data_->attributes; }

 private:
  struct Data {
    int32_t id = -1;
    int32_t process_index = 0;
    std::string kind, debug_string, to_string;
    Ref<NamedValues> attributes;
  };

  const Object *owner_;
  PJRT_DeviceDescription *raw_;
  std::unique_ptr<Data> data_;
};

}  // namespace pje
