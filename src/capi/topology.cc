#include "pjrt_easy/topology.h"

#include <algorithm>

#include "capi/compile_options.hpp"
#include "core/topology.hpp"

using pje::Client;
using pje::Device;
using pje::DeviceDescription;
using pje::NamedValues;
using pje::Plugin;
using pje::Ref;
using pje::Status;
using pje::Topology;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

namespace {

template <class Answer, class Body>
Answer of_topology(const char *function, const pje_topology *topology, Answer fallback, Body body) noexcept {
  return answered<Topology>(function, "topology", topology, fallback, body);
}

template <class Answer, class Body>
Answer of_description(const char *function, const pje_device_description *description, Answer fallback,
                      Body body) noexcept {
  return answered<DeviceDescription>(function, "description", description, fallback, body);
}

template <class T>
constexpr T *kNone = nullptr;

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(Topology, pje_topology)
PJE_RETAIN_RELEASE(DeviceDescription, pje_device_description)

pje_error *pje_topology_create(pje_plugin *plugin, const char *name, const pje_named_values *options,
                               pje_topology **out) noexcept {
  constexpr const char *function = "pje_topology_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Plugin, owner, plugin);
    PJE_NULLABLE_HANDLE(NamedValues, values, options);
    PJE_ASSIGN(Ref<Topology> made, Topology::create(owner, name == nullptr ? "" : name, values));
    *out = std::move(made).to_public();
    return {};
  });
}

pje_error *pje_topology_deserialize(pje_plugin *plugin, const void *data, size_t size,
                                    pje_topology **out) noexcept {
  constexpr const char *function = "pje_topology_deserialize";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Plugin, owner, plugin);
    PJE_NOT_NULL(data);
    PJE_ASSIGN(Ref<Topology> made, Topology::deserialize(owner, {static_cast<const char *>(data), size}));
    *out = std::move(made).to_public();
    return {};
  });
}

pje_error *pje_client_topology(pje_client *client, pje_topology **out) noexcept {
  constexpr const char *function = "pje_client_topology";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_ASSIGN(Topology * lent, owner.topology());
    *out = pje::borrow(lent);
    return {};
  });
}

pje_plugin *pje_topology_plugin(const pje_topology *topology) noexcept {
  return of_topology("pje_topology_plugin", topology, kNone<pje_plugin>,
                     [](Topology &t) { return pje::borrow(&t.plugin()); });
}

const char *pje_topology_platform_name(const pje_topology *topology) noexcept {
  return of_topology("pje_topology_platform_name", topology, "",
                     [](Topology &t) { return t.platform_name().c_str(); });
}

const char *pje_topology_platform_version(const pje_topology *topology) noexcept {
  return of_topology("pje_topology_platform_version", topology, "",
                     [](Topology &t) { return t.platform_version().c_str(); });
}

const pje_named_values *pje_topology_attributes(const pje_topology *topology) noexcept {
  return of_topology("pje_topology_attributes", topology, kNone<const pje_named_values>,
                     [](Topology &t) { return pje::borrow(&t.attributes()); });
}

size_t pje_topology_num_devices(const pje_topology *topology) noexcept {
  return of_topology("pje_topology_num_devices", topology, size_t{0},
                     [](Topology &t) { return t.devices().size(); });
}

pje_device_description *pje_topology_device(const pje_topology *topology, size_t index) noexcept {
  return of_topology("pje_topology_device", topology, kNone<pje_device_description>, [&](Topology &t) {
    return index < t.devices().size() ? pje::borrow(t.devices()[index]) : nullptr;
  });
}

pje_error *pje_topology_serialize(const pje_topology *topology, pje_bytes **out) noexcept {
  constexpr const char *function = "pje_topology_serialize";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Topology, self, topology);
    PJE_ASSIGN(std::string bytes, self.serialized());
    *out = pje::make<pje::Bytes>(std::move(bytes)).to_public();
    return {};
  });
}

pje_error *pje_topology_fingerprint(const pje_topology *topology, uint64_t *out) noexcept {
  constexpr const char *function = "pje_topology_fingerprint";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Topology, self, topology);
    PJE_ASSIGN(*out, self.fingerprint());
    return {};
  });
}

pje_error *pje_topology_memory_kind_ids(const pje_topology *topology, size_t capacity, int32_t *kind_ids,
                                        size_t *count) noexcept {
  constexpr const char *function = "pje_topology_memory_kind_ids";
  return guarded(function, clearing(count), [&]() -> Status {
    PJE_OUT(count);
    PJE_INPUT(kind_ids, capacity);
    PJE_HANDLE(Topology, self, topology);
    PJE_ASSIGN(std::span<const int> ids, self.memory_kind_ids());
    std::copy_n(ids.begin(), std::min(ids.size(), capacity), kind_ids);
    *count = ids.size();
    return {};
  });
}

pje_error *pje_topology_canonical_shape(const pje_topology *topology, int32_t memory_kind_id, pje_dtype dtype,
                                        const int64_t *dims, size_t rank, const int64_t *minor_to_major,
                                        pje_bytes **out) noexcept {
  constexpr const char *function = "pje_topology_canonical_shape";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Topology, self, topology);
    PJE_INPUT(dims, rank);
    PJE_ASSIGN(std::string bytes, self.canonical_shape(memory_kind_id, dtype, {dims, rank}, minor_to_major));
    *out = pje::make<pje::Bytes>(std::move(bytes)).to_public();
    return {};
  });
}

pje_device_description *pje_device_get_description(const pje_device *device) noexcept {
  return answered<Device>("pje_device_get_description", "device", device, kNone<pje_device_description>,
                          [](Device &d) { return pje::borrow(&d.description()); });
}

int32_t pje_device_description_id(const pje_device_description *description) noexcept {
  return of_description("pje_device_description_id", description, -1,
                        [](DeviceDescription &d) { return d.id(); });
}

int32_t pje_device_description_process_index(const pje_device_description *description) noexcept {
  return of_description("pje_device_description_process_index", description, 0,
                        [](DeviceDescription &d) { return d.process_index(); });
}

const char *pje_device_description_kind(const pje_device_description *description) noexcept {
  return of_description("pje_device_description_kind", description, "",
                        [](DeviceDescription &d) { return d.kind().c_str(); });
}

const char *pje_device_description_debug_string(const pje_device_description *description) noexcept {
  return of_description("pje_device_description_debug_string", description, "",
                        [](DeviceDescription &d) { return d.debug_string().c_str(); });
}

const char *pje_device_description_to_string(const pje_device_description *description) noexcept {
  return of_description("pje_device_description_to_string", description, "",
                        [](DeviceDescription &d) { return d.to_string().c_str(); });
}

const pje_named_values *pje_device_description_attributes(
    const pje_device_description *description) noexcept {
  return of_description("pje_device_description_attributes", description, kNone<const pje_named_values>,
                        [](DeviceDescription &d) { return pje::borrow(&d.attributes()); });
}

}  // extern "C"
