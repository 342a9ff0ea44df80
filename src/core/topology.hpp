// The shape of a system of devices: a client's own, or one made without hardware.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/client.hpp"
#include "core/device_description.hpp"
#include "core/plugin.hpp"

namespace pje {

class Topology final : public Object {
 public:
  using Handle = pje_topology;
  static constexpr ObjectType kType = ObjectType::kTopology;

  static Result<Ref<Topology>> create(Plugin &plugin, std::string_view name, const NamedValues *options);
  static Result<Ref<Topology>> deserialize(Plugin &plugin, std::string_view bytes);
  // The client's own, for the client to lend.
  static Result<Ref<Topology>> of_client(Client &client);

  // `lender` is the client whose own it is, NULL for one that is ours to destroy.
  Topology(Plugin &plugin, PJRT_TopologyDescription *raw, Client *lender);
  ~Topology() override;
  const Object *owner() const noexcept override { return lender_; }
  void on_first_public_reference() const noexcept override { lender_->retain(); }
  void on_last_public_reference() const noexcept override { lender_->release(); }

  PJRT_TopologyDescription *raw() const noexcept { return raw_; }
  Plugin &plugin() const noexcept { return *plugin_; }
  const abi::Api &api() const noexcept { return lender_ != nullptr ? lender_->api() : plugin_->api(); }
  // What to hold while the topology is in use.
  Ref<Object> keep() noexcept {
    return Ref<Object>::share(lender_ != nullptr ? static_cast<Object *>(lender_) : this);
  }
  const std::string &platform_name() const noexcept { return data_->platform_name; }
  const std::string &platform_version() const noexcept { return data_->platform_version; }
  const NamedValues &attributes() const noexcept { return *data_->attributes; }
  std::span<DeviceDescription *const> devices() const noexcept { return data_->devices; }

  Result<std::string> serialized() const;
  Result<uint64_t> fingerprint() const;
  Result<std::span<const int>> memory_kind_ids() const;
  // A serialized xla.ShapeProto; `minor_to_major` may be NULL.
  Result<std::string> canonical_shape(int32_t memory_kind_id, pje_dtype dtype, std::span<const int64_t> dims,
                                      const int64_t *minor_to_major) const;

 private:
  struct Data {
    std::string platform_name;
    std::string platform_version;
    Ref<NamedValues> attributes;
    std::vector<DeviceDescription *> devices;
  };
  static Result<Ref<Topology>> adopt(Plugin &plugin, PJRT_TopologyDescription *raw, Client *lender);
  Status read();

  Plugin *plugin_;
  PJRT_TopologyDescription *raw_;
  Client *lender_;
  std::unique_ptr<Data> data_;
};

}  // namespace pje
