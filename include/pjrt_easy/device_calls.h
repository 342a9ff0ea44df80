/** @file
 * What devices report and do while they work, host memory that they reach, and the processes of a client. Any
 * thread. @since 0.1.
 */
#ifndef PJRT_EASY_DEVICE_CALLS_H_
#define PJRT_EASY_DEVICE_CALLS_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** States of a process, with the numbers of PJRT_ProcessState. */
typedef enum pje_process_state PJE_ENUM_BASE {
  PJE_PROCESS_UNSPECIFIED = 0,
  PJE_PROCESS_UNINITIALIZED = 1,
  PJE_PROCESS_DISCONNECTED = 2,
  PJE_PROCESS_CONNECTED = 3,
  PJE_PROCESS_ERROR = 4,
  PJE_PROCESS_STATE_MAX_ = INT32_MAX
} pje_process_state;

/** The attributes as they are now: what the device says of itself, completed from its description.
 * @param out Owned by the caller. PJRT: PJRT_Device_GetAttributes, PJRT_DeviceDescription_Attributes. */
PJE_EXPORT pje_error *pje_device_current_attributes(pje_device *device,
                                                    pje_named_values **out) PJE_NOEXCEPT PJE_NODISCARD;

/** How the device's memory is used: int64 values of those names that the plugin knows, in bytes and counts:
 * "bytes_in_use" always; "peak_bytes_in_use", "num_allocs", "largest_alloc_size", "bytes_limit",
 * "bytes_reserved", "peak_bytes_reserved", "bytes_reservable_limit", "largest_free_block_bytes",
 * "pool_bytes", "peak_pool_bytes", "peak_allocated_bytes". @param out Owned by the caller. Errors:
 * UNIMPLEMENTED (CPUs). PJRT: PJRT_Device_MemoryStats. */
PJE_EXPORT pje_error *pje_device_memory_stats(pje_device *device,
                                              pje_named_values **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Begins the peaks and counts of the memory stats anew. Errors: UNIMPLEMENTED (CPUs, plugins before 0.106).
 * PJRT: PJRT_Device_ClearMemoryStats. */
PJE_EXPORT pje_error *pje_device_clear_memory_stats(pje_device *device) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes the run with that launch id fail with `error`, payloads included. @param error borrowed.
 * @param poisoned receives whether such a run was found. Errors: INVALID_ARGUMENT (NULL), what the plugin
 * answers. PJRT: PJRT_Device_PoisonExecution. */
PJE_EXPORT pje_error *pje_device_poison_execution(pje_device *device, int32_t launch_id,
                                                  const pje_error *error,
                                                  bool *poisoned) PJE_NOEXCEPT PJE_NODISCARD;

/** Begins a named span in which a profiler counts what happens on the device; the last release ends it.
 * @param out Owned by the caller. PJRT: PJRT_Device_CreateAsyncTrackingEvent. */
PJE_EXPORT pje_error *pje_tracking_event_create(pje_device *device, const char *description,
                                                pje_tracking_event **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `event`. Callback-safe. */
PJE_EXPORT pje_tracking_event *pje_tracking_event_retain(const pje_tracking_event *PJE_NULLABLE event)
    PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. PJRT: PJRT_AsyncTrackingEvent_Destroy. */
PJE_EXPORT void pje_tracking_event_release(pje_tracking_event *PJE_NULLABLE event) PJE_NOEXCEPT;

/** Finds a device of this process by the number that its hardware has here. @param out Lent, not owned.
 * Errors: INVALID_ARGUMENT (no such device). PJRT: PJRT_Client_LookupAddressableDevice. */
PJE_EXPORT pje_error *pje_client_lookup_addressable_device(pje_client *client, int32_t local_hardware_id,
                                                           pje_device **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Tells the plugin how the processes that share the program are. Each list has `count` entries.
 * @param states pje_process_state. @param errors of each process, borrowed; NULL, or NULL entries: none.
 * Errors: INVALID_ARGUMENT (NULL list, unknown state), UNIMPLEMENTED (plugins before 0.78).
 * PJRT: PJRT_Client_UpdateGlobalProcessInfo. */
PJE_EXPORT pje_error *pje_client_update_global_process_info(pje_client *client,
                                                            const int32_t *PJE_NULLABLE task_ids,
                                                            const uint64_t *PJE_NULLABLE incarnation_ids,
                                                            const int32_t *PJE_NULLABLE states,
                                                            const pje_error *const *PJE_NULLABLE errors,
                                                            size_t count) PJE_NOEXCEPT PJE_NODISCARD;

/** Lets devices reach host memory on their own for as long as the mapping lives, which must not be longer
 * than the memory. May block. @param size bytes at `data`, at least 1. @param out Owned by the caller.
 * Errors: INVALID_ARGUMENT (NULL, 0), UNIMPLEMENTED (CPUs). PJRT: PJRT_Client_DmaMap. */
PJE_EXPORT pje_error *pje_dma_mapping_create(pje_client *client, void *data, size_t size,
                                             pje_dma_mapping **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `mapping`. Callback-safe. */
PJE_EXPORT pje_dma_mapping *pje_dma_mapping_retain(const pje_dma_mapping *PJE_NULLABLE mapping) PJE_NOEXCEPT;

/** Drops a reference; the last one ends the mapping. Callback-safe. PJRT: PJRT_Client_DmaUnmap. */
PJE_EXPORT void pje_dma_mapping_release(pje_dma_mapping *PJE_NULLABLE mapping) PJE_NOEXCEPT;

/** The memory. Callback-safe. */
PJE_EXPORT void *pje_dma_mapping_data(const pje_dma_mapping *mapping) PJE_NOEXCEPT;

/** Its size in bytes. Callback-safe. */
PJE_EXPORT size_t pje_dma_mapping_size(const pje_dma_mapping *mapping) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_DEVICE_CALLS_H_ */
