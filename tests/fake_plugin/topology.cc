#include <algorithm>
#include <charconv>

#include "calls.hpp"
#include "client.hpp"
#include "config.hpp"
#include "dtype.hpp"
#include "executable.hpp"
#include "wire.hpp"

namespace fake {
namespace {

struct SerializedTopology {
  using Handle = PJRT_SerializedTopology;
  static constexpr Kind kKind = Kind::kSerializedTopology;
  std::string bytes;
};

void DeleteSerialized(PJRT_SerializedTopology *serialized) {
  FunctionScope scope("serialized_topology_deleter");
  Retire<SerializedTopology>(serialized);
}

constexpr int kMostDevices = 4096;
constexpr std::string_view kMagic = "PJRTFAKE topology 1 ";

PJRT_TopologyDescription *StandaloneTopology(int num_devices) {
  std::vector<PJRT_DeviceDescription *> descriptions;
  for (int i = 0; i < num_devices; ++i) descriptions.push_back(Publish(MakeDescription(0, i)));
  return MakeTopology(std::move(descriptions), false);
}

Status ParseCount(std::string_view text, const char *what, int *count) {
  auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *count);
  bool right =
      error == std::errc() && stop == text.data() + text.size() && *count >= 1 && *count <= kMostDevices;
  return right ? nullptr : Invalid(what, " '", text, "' is not a number of devices from 1 to ", kMostDevices);
}

// "fake:N", or "KIND:AxB[xC]" as TPUs are named.
Status ParseName(std::string_view name, int *count) {
  size_t colon = name.find(':');
  bool has_shape =
      colon != std::string_view::npos && colon > 0 && name.find('x', colon) != std::string_view::npos;
  if (!has_shape && !name.starts_with("fake:"))
    return Invalid("no topology named '", name, "': expected fake:N or KIND:AxB[xC]");
  std::string_view shape = name.substr(colon + 1);
  *count = 1;
  for (bool more = true; more;) {
    size_t end = shape.find('x');
    int along = 0;
    if (Status bad = ParseCount(shape.substr(0, end), "topology", &along)) return bad;
    *count *= along;
    if (*count > kMostDevices)
      return Invalid("topology '", name, "' has more than ", kMostDevices, " devices");
    more = end != std::string_view::npos;
    if (more) shape.remove_prefix(end + 1);
  }
  return nullptr;
}

}  // namespace

Topology::~Topology() {
  if (!owns_descriptions) return;
  for (PJRT_DeviceDescription *description : descriptions) Retire<Description>(description);
}

PJRT_TopologyDescription *MakeTopology(std::vector<PJRT_DeviceDescription *> descriptions,
                                       bool owned_by_client) {
  auto topology = std::make_unique<Topology>();
  topology->owned_by_client = owned_by_client;
  topology->owns_descriptions = !owned_by_client;
  topology->num_devices = static_cast<int>(descriptions.size());
  topology->descriptions = std::move(descriptions);
  topology->attributes.AddInt("num_devices", topology->num_devices);
  topology->attributes.AddString("shape", Text(topology->num_devices, "x1"));
  return Publish(std::move(topology));
}

Status Call(PJRT_TopologyDescription_Create_Args &args) {
  std::string_view name(args.topology_name, args.topology_name_size);
  int count = 4;
  for (size_t i = 0; i < args.num_options; ++i) {
    const PJRT_NamedValue &option = args.create_options[i];
    if (Status bad = FAKE_CHECK_STRUCT(PJRT_NamedValue, &option)) return bad;
    std::string_view key(option.name, option.name_size);
    if (key != "devices" || option.type != PJRT_NamedValue_kInt64)
      return Invalid("unknown topology option '", key, "'");
    if (Status bad = ParseCount(Text(option.int64_value), "devices", &count)) return bad;
  }
  if (!name.empty()) {
    if (Status bad = ParseName(name, &count)) return bad;
  }
  Out(&args.topology, StandaloneTopology(count));
  return nullptr;
}

Status Call(PJRT_TopologyDescription_Destroy_Args &args) {
  if (args.topology == nullptr) return nullptr;
  if (Use<Topology>(args.topology).owned_by_client)
    Misuse("the topology belongs to its client and must not be destroyed");
  Retire<Topology>(args.topology);
  return nullptr;
}

Status Call(PJRT_TopologyDescription_PlatformName_Args &args) {
  Use<Topology>(args.topology);
  OutString(&args.platform_name, &args.platform_name_size, kPlatformName);
  return nullptr;
}

Status Call(PJRT_TopologyDescription_PlatformVersion_Args &args) {
  Use<Topology>(args.topology);
  OutString(&args.platform_version, &args.platform_version_size, kPlatformVersion);
  return nullptr;
}

Status Call(PJRT_TopologyDescription_GetDeviceDescriptions_Args &args) {
  const Topology &topology = Use<Topology>(args.topology);
  Out(&args.descriptions, topology.descriptions.data());
  Out(&args.num_descriptions, topology.descriptions.size());
  return nullptr;
}

Status Call(PJRT_TopologyDescription_Attributes_Args &args) {
  const Topology &topology = Use<Topology>(args.topology);
  Out(&args.attributes, topology.attributes.data());
  Out(&args.num_attributes, topology.attributes.size());
  return nullptr;
}

Status Call(PJRT_TopologyDescription_Serialize_Args &args) {
  auto serialized = std::make_unique<SerializedTopology>();
  serialized->bytes = Text(kMagic, Use<Topology>(args.topology).num_devices);
  OutString(&args.serialized_bytes, &args.serialized_bytes_size, serialized->bytes);
  Out(&args.serialized_topology, Publish(std::move(serialized)));
  args.serialized_topology_deleter = DeleteSerialized;
  return nullptr;
}

Status Call(PJRT_TopologyDescription_Deserialize_Args &args) {
  std::string_view bytes(args.serialized_topology, args.serialized_topology_size);
  if (!bytes.starts_with(kMagic)) return Invalid("the bytes are not a topology of the fake plugin");
  int count = 0;
  if (Status bad = ParseCount(bytes.substr(kMagic.size()), "serialized topology", &count)) return bad;
  Out(&args.topology, StandaloneTopology(count));
  return nullptr;
}

Status Call(PJRT_TopologyDescription_Fingerprint_Args &args) {
  Out(&args.fingerprint, HashBytes(Text(kMagic, Use<Topology>(args.topology).num_devices)));
  return nullptr;
}

Status Call(PJRT_TopologyDescription_GetMemorySpaceKindIds_Args &args) {
  const Topology &topology = Use<Topology>(args.topology);
  Out(&args.memory_space_kind_ids, topology.memory_kind_ids.data());
  Out(&args.num_memory_space_kind_ids, topology.memory_kind_ids.size());
  return nullptr;
}

Status Call(PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace_Args &args) {
  const std::vector<int> &kinds = Use<Topology>(args.topology).memory_kind_ids;
  if (std::find(kinds.begin(), kinds.end(), args.memory_space_kind_id) == kinds.end())
    return Invalid("the topology has no memory of kind ", args.memory_space_kind_id);
  const TypeInfo *type = FindType(args.element_type);
  if (type == nullptr || type->since_minor > CurrentMinor()) Misuse("an element type that the plugin lacks");
  Shape shape{args.element_type, {args.dims, args.dims + args.num_dims}, {}};
  if (args.layout != nullptr) {
    if (Status bad = ReadLayout(args.layout, args.num_dims, &shape.layout)) return bad;
  }
  std::string bytes = ShapeProto(shape, args.memory_space_kind_id);
  char *copy = new char[bytes.size()];
  memcpy(copy, bytes.data(), bytes.size());
  Out(&args.serialized_shape, copy);
  Out(&args.serialized_shape_size, bytes.size());
  args.serialized_shape_deleter = [](const char *shape_bytes) { delete[] shape_bytes; };
  return nullptr;
}

}  // namespace fake
