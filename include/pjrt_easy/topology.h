/** @file
 * Topologies: the shape of a system of devices, with or without the hardware, and descriptions of its
 * devices. Any thread. @since 0.1.
 *
 * A client lends its own topology; others are made by name, without a client, and serve to compile ahead of
 * time (pje_compile). Strings are Borrowed from the object and never NULL.
 */
#ifndef PJRT_EASY_TOPOLOGY_H_
#define PJRT_EASY_TOPOLOGY_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes a topology by name. May block for seconds.
 * @param name the plugin's own, such as "v5e:2x2" for TPUs; "" or NULL for its default.
 * @param options the plugin's own, such as "target_config" and "topology" for GPUs. @param out Owned by the
 * caller. Errors: what the plugin answers, such as INVALID_ARGUMENT (no such name or option) or UNIMPLEMENTED
 * (XLA's CPU plugin). PJRT: PJRT_TopologyDescription_Create. */
PJE_EXPORT pje_error *pje_topology_create(pje_plugin *plugin, const char *PJE_NULLABLE name,
                                          const pje_named_values *PJE_NULLABLE options,
                                          pje_topology **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads what pje_topology_serialize of the same plugin gave. The format is the plugin's and not stable.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (NULL or no bytes), and what the plugin answers;
 * UNIMPLEMENTED (plugins before 0.75). PJRT: PJRT_TopologyDescription_Deserialize. */
PJE_EXPORT pje_error *pje_topology_deserialize(pje_plugin *plugin, const void *data, size_t size,
                                               pje_topology **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The client's own topology. @param out Lent, not owned: lives as long as the client; retaining it keeps the
 * client. Errors: UNIMPLEMENTED (the plugin has none). PJRT: PJRT_Client_TopologyDescription. */
PJE_EXPORT pje_error *pje_client_topology(pje_client *client, pje_topology **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `topology`. Callback-safe. */
PJE_EXPORT pje_topology *pje_topology_retain(const pje_topology *PJE_NULLABLE topology) PJE_NOEXCEPT;

/** Drops a reference. A client's own topology is never destroyed by it. Callback-safe.
 * PJRT: PJRT_TopologyDescription_Destroy. */
PJE_EXPORT void pje_topology_release(pje_topology *PJE_NULLABLE topology) PJE_NOEXCEPT;

/** The plugin. Borrowed. Callback-safe. */
PJE_EXPORT pje_plugin *pje_topology_plugin(const pje_topology *topology) PJE_NOEXCEPT;

/** Name of the platform, such as "tpu". Callback-safe. PJRT: PJRT_TopologyDescription_PlatformName. */
PJE_EXPORT const char *pje_topology_platform_name(const pje_topology *topology) PJE_NOEXCEPT;

/** The platform's own version text. Callback-safe. PJRT: PJRT_TopologyDescription_PlatformVersion. */
PJE_EXPORT const char *pje_topology_platform_version(const pje_topology *topology) PJE_NOEXCEPT;

/** What the plugin says of the topology. Borrowed; empty when it says nothing. Callback-safe.
 * PJRT: PJRT_TopologyDescription_Attributes. */
PJE_EXPORT const pje_named_values *pje_topology_attributes(const pje_topology *topology) PJE_NOEXCEPT;

/** Number of devices. Callback-safe. PJRT: PJRT_TopologyDescription_GetDeviceDescriptions. */
PJE_EXPORT size_t pje_topology_num_devices(const pje_topology *topology) PJE_NOEXCEPT;

/** Description of device `index`, or NULL. Lent: lives as long as the topology; retaining it keeps that.
 * Callback-safe. PJRT: PJRT_TopologyDescription_GetDeviceDescriptions. */
PJE_EXPORT pje_device_description *pje_topology_device(const pje_topology *topology,
                                                       size_t index) PJE_NOEXCEPT;

/** The topology as bytes, for pje_topology_deserialize of the same plugin. @param out Owned by the caller.
 * PJRT: PJRT_TopologyDescription_Serialize. */
PJE_EXPORT pje_error *pje_topology_serialize(const pje_topology *topology,
                                             pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** A number that is the same for equal topologies of one plugin. Errors: UNIMPLEMENTED (plugins before
 * 0.101). PJRT: PJRT_TopologyDescription_Fingerprint. */
PJE_EXPORT pje_error *pje_topology_fingerprint(const pje_topology *topology,
                                               uint64_t *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Numbers of the kinds of memory, as pje_memory_kind_id gives them. Copies at most `capacity` into
 * `kind_ids` and sets `*count` to how many there are. Errors: UNIMPLEMENTED (plugins before 0.110). PJRT:
 * PJRT_TopologyDescription_GetMemorySpaceKindIds. */
PJE_EXPORT pje_error *pje_topology_memory_kind_ids(const pje_topology *topology, size_t capacity,
                                                   int32_t *PJE_NULLABLE kind_ids,
                                                   size_t *count) PJE_NOEXCEPT PJE_NODISCARD;

/** The shape that an array has in a kind of memory: its layout with tiles and padding.
 * @param dims `rank` sizes. @param minor_to_major `rank` dimension numbers, the fastest varying first; NULL
 * for the platform's own choice. @param out a serialized xla.ShapeProto, Owned by the caller.
 * Errors: INVALID_ARGUMENT (dtype, negative size, not a permutation), UNIMPLEMENTED (plugins before 0.109).
 * PJRT: PJRT_TopologyDescription_MakeCanonicalShapeForMemorySpace. */
PJE_EXPORT pje_error *pje_topology_canonical_shape(const pje_topology *topology, int32_t memory_kind_id,
                                                   pje_dtype dtype, const int64_t *PJE_NULLABLE dims,
                                                   size_t rank, const int64_t *PJE_NULLABLE minor_to_major,
                                                   pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The description of a device. Lent by its client. Callback-safe. PJRT: PJRT_Device_GetDescription. */
PJE_EXPORT pje_device_description *pje_device_get_description(const pje_device *device) PJE_NOEXCEPT;

/* What a plugin does not tell of a device reads "", -1 or an empty set. All Callback-safe. */

/** Adds a reference, which keeps the topology or client, and returns `description`. */
PJE_EXPORT pje_device_description *pje_device_description_retain(
    const pje_device_description *PJE_NULLABLE description) PJE_NOEXCEPT;

/** Drops a reference taken by pje_device_description_retain. */
PJE_EXPORT void pje_device_description_release(pje_device_description *PJE_NULLABLE description) PJE_NOEXCEPT;

/** Global id. PJRT: PJRT_DeviceDescription_Id. */
PJE_EXPORT int32_t pje_device_description_id(const pje_device_description *description) PJE_NOEXCEPT;

/** Number of the process that can use the device. PJRT: PJRT_DeviceDescription_ProcessIndex. */
PJE_EXPORT int32_t pje_device_description_process_index(const pje_device_description *description)
    PJE_NOEXCEPT;

/** Kind of hardware. PJRT: PJRT_DeviceDescription_Kind. */
PJE_EXPORT const char *pje_device_description_kind(const pje_device_description *description) PJE_NOEXCEPT;

/** Text for logs. PJRT: PJRT_DeviceDescription_DebugString. */
PJE_EXPORT const char *pje_device_description_debug_string(const pje_device_description *description)
    PJE_NOEXCEPT;

/** Text for people. PJRT: PJRT_DeviceDescription_ToString. */
PJE_EXPORT const char *pje_device_description_to_string(const pje_device_description *description)
    PJE_NOEXCEPT;

/** Attributes such as coordinates. Borrowed. PJRT: PJRT_DeviceDescription_Attributes. */
PJE_EXPORT const pje_named_values *pje_device_description_attributes(
    const pje_device_description *description) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_TOPOLOGY_H_ */
