/** @file
 * Device assignments: which device runs which replica and partition of a program. They never change. Any
 * thread. @since 0.1. PJRT: xla.DeviceAssignmentProto.
 */
#ifndef PJRT_EASY_DEVICE_ASSIGNMENT_H_
#define PJRT_EASY_DEVICE_ASSIGNMENT_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes an assignment from global device ids, copied.
 * @param device_ids `num_device_ids` ids, replica-major: partition p of replica r runs on
 * device_ids[r * num_partitions + p]. @param out Owned by the caller.
 * Errors: INVALID_ARGUMENT (a number of replicas or partitions below 1, another number of ids than their
 * product, a negative id, an id twice). */
PJE_EXPORT pje_error *pje_device_assignment_create(int64_t num_replicas, int64_t num_partitions,
                                                   const int64_t *device_ids, size_t num_device_ids,
                                                   pje_device_assignment **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The assignment that a client uses when compile options have none. @param out Owned by the caller.
 * Errors: INVALID_ARGUMENT (a number below 1, more places than the client has devices).
 * PJRT: PJRT_Client_DefaultDeviceAssignment. */
PJE_EXPORT pje_error *pje_client_default_device_assignment(
    pje_client *client, int64_t num_replicas, int64_t num_partitions,
    pje_device_assignment **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads a serialized xla.DeviceAssignmentProto of `size` bytes. @param out Owned by the caller.
 * Errors: INVALID_ARGUMENT (not such a message; as pje_device_assignment_create). */
PJE_EXPORT pje_error *pje_device_assignment_from_bytes(
    const void *data, size_t size, pje_device_assignment **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The assignment as a serialized xla.DeviceAssignmentProto. @param out Owned by the caller. */
PJE_EXPORT pje_error *pje_device_assignment_serialize(const pje_device_assignment *assignment,
                                                      pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `assignment`. Callback-safe. */
PJE_EXPORT pje_device_assignment *pje_device_assignment_retain(
    const pje_device_assignment *PJE_NULLABLE assignment) PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. */
PJE_EXPORT void pje_device_assignment_release(pje_device_assignment *PJE_NULLABLE assignment) PJE_NOEXCEPT;

/** Number of replicas. Callback-safe. */
PJE_EXPORT int64_t pje_device_assignment_num_replicas(const pje_device_assignment *assignment) PJE_NOEXCEPT;

/** Number of partitions. Callback-safe. */
PJE_EXPORT int64_t pje_device_assignment_num_partitions(const pje_device_assignment *assignment) PJE_NOEXCEPT;

/** The whole map, replica-major: num_replicas times num_partitions ids. Borrowed. Callback-safe. */
PJE_EXPORT const int64_t *pje_device_assignment_device_ids(const pje_device_assignment *assignment)
    PJE_NOEXCEPT;

/** Id of the device that runs partition `partition` of replica `replica`; -1 when there is no such place.
 * Callback-safe. */
PJE_EXPORT int64_t pje_device_assignment_device_id(const pje_device_assignment *assignment, int64_t replica,
                                                   int64_t partition) PJE_NOEXCEPT;

/** The other way: what a device runs. Returns false, with outputs untouched, when it runs nothing.
 * Callback-safe. */
PJE_EXPORT bool pje_device_assignment_find(const pje_device_assignment *assignment, int64_t device_id,
                                           int64_t *PJE_NULLABLE replica,
                                           int64_t *PJE_NULLABLE partition) PJE_NOEXCEPT;

/** As pje_compile_options_set_device_assignment with the numbers of an assignment: sets num_replicas and
 * num_partitions too. */
PJE_EXPORT pje_error *pje_compile_options_set_assignment(
    pje_compile_options *options, const pje_device_assignment *assignment) PJE_NOEXCEPT PJE_NODISCARD;

/** The assignment set in compile options. @param out Owned by the caller. Errors: NOT_FOUND (none is set). */
PJE_EXPORT pje_error *pje_compile_options_get_assignment(
    const pje_compile_options *options, pje_device_assignment **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Which devices an executable was loaded on, those of other processes included. @param out Owned by the
 * caller. Errors: UNIMPLEMENTED (plugins before 0.79; a portable executable on some).
 * PJRT: PJRT_LoadedExecutable_GetDeviceAssignment. */
PJE_EXPORT pje_error *pje_loaded_executable_device_assignment(
    const pje_loaded_executable *executable, pje_device_assignment **out) PJE_NOEXCEPT PJE_NODISCARD;

/** What addressable device `index` of an executable runs. Plugins before 0.96 are asked for the whole
 * assignment instead. Errors: OUT_OF_RANGE (no such device), UNIMPLEMENTED (plugins before 0.79).
 * PJRT: PJRT_LoadedExecutable_AddressableDeviceLogicalIds. */
PJE_EXPORT pje_error *pje_loaded_executable_logical_ids(const pje_loaded_executable *executable, size_t index,
                                                        int64_t *replica,
                                                        int64_t *partition) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_DEVICE_ASSIGNMENT_H_ */
