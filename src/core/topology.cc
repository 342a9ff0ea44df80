#include "core/topology.hpp"

#include <vector>

#include "base/array_type.hpp"
#include "base/dtype.hpp"
#include "base/text.hpp"
#include "core/facts.hpp"
#include "core/named_values_abi.hpp"

namespace pje {

namespace {

// Plugins crash on element types that they do not know.
Status check_dtype(pje_dtype dtype, const abi::Api &api) {
  const DtypeInfo *info = dtype_info(dtype);
  if (info == nullptr || info->since_minor <= api.minor()) return {};
  return failure(PJE_UNIMPLEMENTED, concat("dtype ", info->name, " is newer than the plugin (PJRT 0.",
                                           api.minor(), "; added in 0.", info->since_minor, ")"));
}

Status check_order(std::span<const int64_t> order) {
  std::vector<bool> seen(order.size());
  for (int64_t dimension : order) {
    bool right = dimension >= 0 && dimension < static_cast<int64_t>(order.size()) &&
                 !seen[static_cast<size_t>(dimension)];
    if (!right)
      return invalid_argument(concat("argument \"minor_to_major\" is ", dims_text(order),
                                     ": expected each of the dimensions 0 to ", order.size() - 1, " once"));
    seen[static_cast<size_t>(dimension)] = true;
  }
  return {};
}

}  // namespace

Topology::Topology(Plugin &plugin, PJRT_TopologyDescription *raw, Client *lender)
    : plugin_(&plugin), raw_(raw), lender_(lender), data_(new Data) {
  plugin_->retain();
}

Topology::~Topology() {
  for (DeviceDescription *device : data_->devices) {
    device->end_lending();
    device->release();
  }
  if (data_->attributes) data_->attributes->end_lending();
  // A client destroys its own: a second time ends the process of real plugins.
  if (lender_ == nullptr) {
    auto args = abi::zeroed<PJRT_TopologyDescription_Destroy_Args>();
    args.topology = raw_;
    api().call_and_log(args);
  }
  plugin_->release();
}

Result<Ref<Topology>> Topology::adopt(Plugin &plugin, PJRT_TopologyDescription *raw, Client *lender) {
  if (raw == nullptr)
    return failure_of(
        lender == nullptr ? "PJRT_TopologyDescription_Create" : "PJRT_Client_TopologyDescription",
        PJE_INTERNAL, "the plugin answered OK without a topology");
  Ref<Topology> topology;
  try {
    topology = make<Topology>(plugin, raw, lender);
  } catch (...) {
    auto destroy = abi::zeroed<PJRT_TopologyDescription_Destroy_Args>();
    destroy.topology = raw;
    if (lender == nullptr) plugin.api().call_and_log(destroy);
    throw;
  }
  PJE_TRY(topology->read());
  return topology;
}

Result<Ref<Topology>> Topology::create(Plugin &plugin, std::string_view name, const NamedValues *options) {
  // What cannot be destroyed is not made.
  PJE_TRY(plugin.api().require<PJRT_TopologyDescription_Destroy_Args>());
  NamedValueArray array(options, plugin.api());
  auto args = abi::zeroed<PJRT_TopologyDescription_Create_Args>();
  args.topology_name = name.data();
  args.topology_name_size = name.size();
  args.create_options = array.data();
  args.num_options = array.size();
  PJE_TRY(plugin.call_long(plugin.api(), args));
  return adopt(plugin, args.topology, nullptr);
}

Result<Ref<Topology>> Topology::deserialize(Plugin &plugin, std::string_view bytes) {
  if (bytes.empty()) return invalid_argument("argument \"size\" is 0: expected a serialized topology");
  PJE_TRY(plugin.api().require<PJRT_TopologyDescription_Destroy_Args>());
  auto args = abi::zeroed<PJRT_TopologyDescription_Deserialize_Args>();
  args.serialized_topology = bytes.data();
  args.serialized_topology_size = bytes.size();
  PJE_TRY(plugin.api().call(args));
  return adopt(plugin, args.topology, nullptr);
}

Result<Ref<Topology>> Topology::of_client(Client &client) {
  auto args = abi::zeroed<PJRT_Client_TopologyDescription_Args>();
  args.client = client.raw();
  PJE_TRY(client.api().call(args));
  return adopt(client.plugin(), args.topology, &client);
}

Status Topology::read() {
  PJE_TRY(read_fact(api(), &PJRT_TopologyDescription_PlatformName_Args::topology, raw_,
                    [&](PJRT_TopologyDescription_PlatformName_Args &a) {
                      data_->platform_name = utf8_from(a.platform_name, a.platform_name_size);
                    }));
  PJE_TRY(read_fact(api(), &PJRT_TopologyDescription_PlatformVersion_Args::topology, raw_,
                    [&](PJRT_TopologyDescription_PlatformVersion_Args &a) {
                      data_->platform_version = utf8_from(a.platform_version, a.platform_version_size);
                    }));
  data_->attributes = make<NamedValues>();
  PJE_TRY(read_fact(api(), &PJRT_TopologyDescription_Attributes_Args::topology, raw_,
                    [&](PJRT_TopologyDescription_Attributes_Args &a) {
                      data_->attributes = named_values_from(a.attributes, a.num_attributes);
                    }));
  data_->attributes->lock();
  data_->attributes->make_lent();
  const Object &owner = lender_ != nullptr ? static_cast<const Object &>(*lender_) : *this;
  auto list = abi::zeroed<PJRT_TopologyDescription_GetDeviceDescriptions_Args>();
  list.topology = raw_;
  PJE_TRY(api().call(list));
  data_->devices.reserve(list.num_descriptions);
  for (size_t i = 0; i < list.num_descriptions; ++i) {
    Ref<DeviceDescription> device = make<DeviceDescription>(owner, list.descriptions[i]);
    PJE_TRY(device->read(api()));
    device->make_lent();
    data_->devices.push_back(std::move(device).leak());
  }
  return {};
}

Result<std::string> Topology::serialized() const {
  auto args = abi::zeroed<PJRT_TopologyDescription_Serialize_Args>();
  args.topology = raw_;
  PJE_TRY(api().call(args));
  if (args.serialized_bytes == nullptr || args.serialized_topology_deleter == nullptr)
    return failure_of("PJRT_TopologyDescription_Serialize", PJE_INTERNAL,
                      "the plugin answered OK without bytes");
  auto give_back = [&args](const char *) { args.serialized_topology_deleter(args.serialized_topology); };
  std::unique_ptr<const char, decltype(give_back)> held(args.serialized_bytes, give_back);
  return std::string(args.serialized_bytes, args.serialized_bytes_size);
}

Result<uint64_t> Topology::fingerprint() const {
  auto args = abi::zeroed<PJRT_TopologyDescription_Fingerprint_Args>();
  args.topology = raw_;
  PJE_TRY(api().call(args));
  return args.fingerprint;
}

Result<std::span<const int>> Topology::memory_kind_ids() const {
  auto args = abi::zeroed<PJRT_TopologyDescription_GetMemorySpaceKindIds_Args>();
  args.topology = raw_;
  PJE_TRY(api().call(args));
  return std::span<const int>(args.memory_space_kind_ids, args.num_memory_space_kind_ids);
}

Result<std::string> Topology::canonical_shape(int32_t memory_kind_id, pje_dtype dtype,
                                              std::span<const int64_t> dims,
                                              const int64_t *minor_to_major) const {
  PJE_ASSIGN(const ArrayType *type, intern_array_type(dtype, dims.data(), dims.size()));
  PJE_TRY(check_dtype(dtype, api()));
  if (minor_to_major != nullptr) PJE_TRY(check_order({minor_to_major, dims.size()}));
  auto layout = api().sized<PJRT_Buffer_MemoryLayout>();
  layout.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
  layout.tiled = api().sized<PJRT_Buffer_MemoryLayout_Tiled>();
  layout.tiled.minor_to_major = minor_to_major;
  layout.tiled.minor_to_major_size = dims.size();
  auto args = abi::zeroed<PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args>();
  args.topology = raw_;
  args.memory_space_kind_id = memory_kind_id;
  args.dims = type->dims;
  args.num_dims = type->rank;
  args.element_type = static_cast<PJRT_Buffer_Type>(dtype);
  args.layout = minor_to_major == nullptr ? nullptr : &layout;
  PJE_TRY(api().call(args));
  if (args.serialized_shape == nullptr || args.serialized_shape_deleter == nullptr)
    return failure_of("PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace", PJE_INTERNAL,
                      "the plugin answered OK without a shape");
  std::unique_ptr<const char, void (*)(const char *)> held(args.serialized_shape,
                                                           args.serialized_shape_deleter);
  return std::string(args.serialized_shape, args.serialized_shape_size);
}

}  // namespace pje
