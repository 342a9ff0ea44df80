/** @file
 * Devices and memories, lent by a client. Retaining one keeps its client; the lent pointer itself needs no
 * release. Any thread, Callback-safe, @since 0.1. Strings are Borrowed from the object and never NULL; what a
 * plugin does not tell reads "", -1 or an empty set.
 */
#ifndef PJRT_EASY_DEVICE_H_
#define PJRT_EASY_DEVICE_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Adds a reference and returns `device`. */
PJE_EXPORT pje_device *pje_device_retain(const pje_device *PJE_NULLABLE device) PJE_NOEXCEPT;

/** Drops a reference taken by pje_device_retain. */
PJE_EXPORT void pje_device_release(pje_device *PJE_NULLABLE device) PJE_NOEXCEPT;

/** Global id, unique over all processes. PJRT: PJRT_DeviceDescription_Id. */
PJE_EXPORT int32_t pje_device_id(const pje_device *device) PJE_NOEXCEPT;

/** Number of the process that can use the device. PJRT: PJRT_DeviceDescription_ProcessIndex. */
PJE_EXPORT int32_t pje_device_process_index(const pje_device *device) PJE_NOEXCEPT;

/** Number of the device on its host, or -1. PJRT: PJRT_Device_LocalHardwareId. */
PJE_EXPORT int32_t pje_device_local_hardware_id(const pje_device *device) PJE_NOEXCEPT;

/** Whether this process can use the device. PJRT: PJRT_Device_IsAddressable. */
PJE_EXPORT bool pje_device_is_addressable(const pje_device *device) PJE_NOEXCEPT;

/** Kind of hardware, such as "cpu" or "NVIDIA H200". PJRT: PJRT_DeviceDescription_Kind. */
PJE_EXPORT const char *pje_device_kind(const pje_device *device) PJE_NOEXCEPT;

/** Text for logs. PJRT: PJRT_DeviceDescription_DebugString. */
PJE_EXPORT const char *pje_device_debug_string(const pje_device *device) PJE_NOEXCEPT;

/** Text for people. PJRT: PJRT_DeviceDescription_ToString. */
PJE_EXPORT const char *pje_device_to_string(const pje_device *device) PJE_NOEXCEPT;

/** Attributes such as coordinates. Borrowed. PJRT: PJRT_DeviceDescription_Attributes. */
PJE_EXPORT const pje_named_values *pje_device_attributes(const pje_device *device) PJE_NOEXCEPT;

/** The client. Borrowed. */
PJE_EXPORT pje_client *pje_device_client(const pje_device *device) PJE_NOEXCEPT;

/** Where buffers go when no memory is named, or NULL. Lent. PJRT: PJRT_Device_DefaultMemory. */
PJE_EXPORT pje_memory *pje_device_default_memory(const pje_device *device) PJE_NOEXCEPT;

/** Number of memories the device can reach. PJRT: PJRT_Device_AddressableMemories. */
PJE_EXPORT size_t pje_device_num_addressable_memories(const pje_device *device) PJE_NOEXCEPT;

/** Memory `index` of the device, or NULL. Lent. PJRT: PJRT_Device_AddressableMemories. */
PJE_EXPORT pje_memory *pje_device_addressable_memory(const pje_device *device, size_t index) PJE_NOEXCEPT;

/** Adds a reference and returns `memory`. */
PJE_EXPORT pje_memory *pje_memory_retain(const pje_memory *PJE_NULLABLE memory) PJE_NOEXCEPT;

/** Drops a reference taken by pje_memory_retain. */
PJE_EXPORT void pje_memory_release(pje_memory *PJE_NULLABLE memory) PJE_NOEXCEPT;

/** Id, unique in the client. PJRT: PJRT_Memory_Id. */
PJE_EXPORT int32_t pje_memory_id(const pje_memory *memory) PJE_NOEXCEPT;

/** Kind, such as "device" or "pinned_host". PJRT: PJRT_Memory_Kind. */
PJE_EXPORT const char *pje_memory_kind(const pje_memory *memory) PJE_NOEXCEPT;

/** Number of the kind; may be negative, and is 0 when the plugin does not tell. PJRT: PJRT_Memory_Kind_Id. */
PJE_EXPORT int32_t pje_memory_kind_id(const pje_memory *memory) PJE_NOEXCEPT;

/** Text for logs. PJRT: PJRT_Memory_DebugString. */
PJE_EXPORT const char *pje_memory_debug_string(const pje_memory *memory) PJE_NOEXCEPT;

/** Text for people. PJRT: PJRT_Memory_ToString. */
PJE_EXPORT const char *pje_memory_to_string(const pje_memory *memory) PJE_NOEXCEPT;

/** The client. Borrowed. */
PJE_EXPORT pje_client *pje_memory_client(const pje_memory *memory) PJE_NOEXCEPT;

/** Number of devices that reach the memory. PJRT: PJRT_Memory_AddressableByDevices. */
PJE_EXPORT size_t pje_memory_num_devices(const pje_memory *memory) PJE_NOEXCEPT;

/** Device `index` of the memory, or NULL. Lent. PJRT: PJRT_Memory_AddressableByDevices. */
PJE_EXPORT pje_device *pje_memory_device(const pje_memory *memory, size_t index) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_DEVICE_H_ */
