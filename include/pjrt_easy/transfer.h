/** @file
 * Transfers to a device in pieces, in three tiers. Any thread. @since 0.1.
 *
 * pje_client_transfer_all moves whole arrays and tells how far it is. A transfer manager makes buffers that
 * are there before their contents; pje_transfer_manager_write fills them with pieces of dense, row-major
 * arrays of the host, checks every bound and finds the last piece. The functions below that are PJRT's own:
 * offsets are those on the device, the caller says which transfer is the last, and each buffer needs exactly
 * one last transfer, literal, or error.
 *
 * Plugins from 0.60 on; all but pje_transfer_manager_transfer_data from 0.62, literals from 0.83.
 */
#ifndef PJRT_EASY_TRANSFER_H_
#define PJRT_EASY_TRANSFER_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes the buffers of a transfer, without contents.
 * @param dtypes `num_buffers` element types. @param dims for each buffer a list of sizes, NULL for a scalar.
 * @param ranks `num_buffers` lengths of those lists. @param layouts on the device, or NULL; an entry that is
 * NULL leaves the choice to the plugin.
 * @param memory where to; NULL: the default memory of the first addressable device.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (bad dtype or dimensions, layout of another rank,
 * memory of another client, no buffers), UNIMPLEMENTED (dtype newer than the plugin).
 * PJRT: PJRT_Client_CreateBuffersForAsyncHostToDevice. */
PJE_EXPORT pje_error *pje_transfer_manager_create(pje_client *client, size_t num_buffers,
                                                  const pje_dtype *dtypes, const int64_t *const *dims,
                                                  const size_t *ranks,
                                                  const pje_layout *const *PJE_NULLABLE layouts,
                                                  pje_memory *PJE_NULLABLE memory,
                                                  pje_transfer_manager **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `manager`. Callback-safe. */
PJE_EXPORT pje_transfer_manager *pje_transfer_manager_retain(const pje_transfer_manager *PJE_NULLABLE manager)
    PJE_NOEXCEPT;

/** Drops a reference. Buffers that are not complete when the last one goes hold the error CANCELLED.
 * Callback-safe. PJRT: PJRT_AsyncHostToDeviceTransferManager_Destroy. */
PJE_EXPORT void pje_transfer_manager_release(pje_transfer_manager *PJE_NULLABLE manager) PJE_NOEXCEPT;

/** The device that the buffers are on. Lent; NULL when the plugin does not tell. Callback-safe.
 * PJRT: PJRT_AsyncHostToDeviceTransferManager_Device. */
PJE_EXPORT pje_device *pje_transfer_manager_device(const pje_transfer_manager *manager) PJE_NOEXCEPT;

/** Number of buffers. Callback-safe. PJRT: PJRT_AsyncHostToDeviceTransferManager_BufferCount. */
PJE_EXPORT size_t pje_transfer_manager_num_buffers(const pje_transfer_manager *manager) PJE_NOEXCEPT;

/** Number of bytes of a buffer on the device. Callback-safe. Errors: INVALID_ARGUMENT (no such buffer).
 * PJRT: PJRT_AsyncHostToDeviceTransferManager_BufferSize. */
PJE_EXPORT pje_error *pje_transfer_manager_buffer_size(const pje_transfer_manager *manager, size_t index,
                                                       size_t *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Hands a buffer over, once; it may be used before it is complete.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (no such buffer), FAILED_PRECONDITION (retrieved
 * before). PJRT: PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer. */
PJE_EXPORT pje_error *pje_transfer_manager_retrieve_buffer(pje_transfer_manager *manager, size_t index,
                                                           pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Copies bytes as they lie on the device. Blocks until they are there.
 * @param data `size` bytes. @param offset in bytes on the device. @param is_last whether nothing more comes;
 * once per buffer. Errors: INVALID_ARGUMENT (no such buffer, beyond its end, NULL data), FAILED_PRECONDITION
 * (the buffer had its last transfer or its error). PJRT: PJRT_AsyncHostToDeviceTransferManager_TransferData.
 */
PJE_EXPORT pje_error *pje_transfer_manager_transfer_data(pje_transfer_manager *manager, size_t index,
                                                         const void *PJE_NULLABLE data, size_t size,
                                                         size_t offset,
                                                         bool is_last) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_transfer_manager_transfer_data without the wait. `data` must live, unchanged, until the event is
 * ready. @param done Owned by the caller. PJRT: PJRT_AsyncHostToDeviceTransferManager_TransferData. */
PJE_EXPORT pje_error *pje_transfer_manager_transfer_data_async(pje_transfer_manager *manager, size_t index,
                                                               const void *PJE_NULLABLE data, size_t size,
                                                               size_t offset, bool is_last,
                                                               pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Copies a whole array of the host. Blocks until it is there.
 * @param data at least the dense size of the array in bytes; element types below 8 bits are one element a
 * byte.
 * @param layout in which order `data` lies: an order of dimensions; NULL: row-major. Errors: INVALID_ARGUMENT
 * (no such buffer, size too small, layout with tiles or gaps), FAILED_PRECONDITION (the buffer had its last
 * transfer or its error). PJRT: PJRT_AsyncHostToDeviceTransferManager_TransferLiteral. */
PJE_EXPORT pje_error *pje_transfer_manager_transfer_literal(
    pje_transfer_manager *manager, size_t index, const void *PJE_NULLABLE data, size_t size,
    const pje_layout *PJE_NULLABLE layout) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_transfer_manager_transfer_literal without the wait. `data` must live, unchanged, until the event is
 * ready. @param done Owned by the caller. PJRT: PJRT_AsyncHostToDeviceTransferManager_TransferLiteral. */
PJE_EXPORT pje_error *pje_transfer_manager_transfer_literal_async(
    pje_transfer_manager *manager, size_t index, const void *PJE_NULLABLE data, size_t size,
    const pje_layout *PJE_NULLABLE layout, pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Gives a buffer an error instead of the rest of its contents. Errors: INVALID_ARGUMENT (no such buffer),
 * FAILED_PRECONDITION (the buffer had its last transfer or its error).
 * PJRT: PJRT_AsyncHostToDeviceTransferManager_SetBufferError. */
PJE_EXPORT pje_error *pje_transfer_manager_set_buffer_error(
    pje_transfer_manager *manager, size_t index, const pje_error *reason) PJE_NOEXCEPT PJE_NODISCARD;

/** Tells the plugin something about the transfer: strings; copied. Errors: INVALID_ARGUMENT (a value of
 * another kind, at which real plugins end the process). PJRT:
 * PJRT_AsyncHostToDeviceTransferManager_AddMetadata. */
PJE_EXPORT pje_error *pje_transfer_manager_add_metadata(
    pje_transfer_manager *manager, const pje_named_values *values) PJE_NOEXCEPT PJE_NODISCARD;

/** Copies a piece of a dense, row-major array of the host. Blocks until it is there; the piece that
 * completes the array is found by itself. Pieces come in any order, from any thread, and must not overlap.
 * Where the plugin keeps the array in another order, pieces are gathered and go with the last one.
 * @param data `size` bytes. @param offset in bytes of the host's array. Errors: INVALID_ARGUMENT (no such
 * buffer, beyond the end, written before, NULL data, size 0), FAILED_PRECONDITION (the array is complete or
 * the buffer had its error), UNIMPLEMENTED (another order on the device, and no literals in the plugin).
 * PJRT: PJRT_AsyncHostToDeviceTransferManager_TransferData. */
PJE_EXPORT pje_error *pje_transfer_manager_write(pje_transfer_manager *manager, size_t index,
                                                 const void *PJE_NULLABLE data, size_t size,
                                                 size_t offset) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_transfer_manager_write without the wait. `data` must live, unchanged, until the event is ready.
 * @param done Owned by the caller. PJRT: PJRT_AsyncHostToDeviceTransferManager_TransferData. */
PJE_EXPORT pje_error *pje_transfer_manager_write_async(pje_transfer_manager *manager, size_t index,
                                                       const void *PJE_NULLABLE data, size_t size,
                                                       size_t offset,
                                                       pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** How many bytes of those written with pje_transfer_manager_write have arrived, and how many there are in
 * all. Callback-safe. Errors: INVALID_ARGUMENT (no such buffer). */
PJE_EXPORT pje_error *pje_transfer_manager_progress(const pje_transfer_manager *manager, size_t index,
                                                    size_t *bytes_done,
                                                    size_t *bytes_total) PJE_NOEXCEPT PJE_NODISCARD;

/** How to move several arrays. All zero: to the default memory of the first device, without telling. */
typedef struct pje_transfer_options {
  size_t struct_size;              /**< sizeof(pje_transfer_options) */
  pje_device *PJE_NULLABLE device; /**< goes to this device's default memory */
  pje_memory *PJE_NULLABLE memory; /**< goes to this memory; at most one of device and memory */
  size_t piece_size;               /**< bytes that go at a time; 0: the library's choice */
  /** is told after each piece, on the thread that moves, as a callback */
  pje_transfer_progress PJE_NULLABLE progress;
  void *PJE_NULLABLE progress_data; /**< given to progress */
  uint64_t flags;                   /**< none defined: 0 */
} pje_transfer_options;

#define PJE_TRANSFER_OPTIONS_INIT \
  { sizeof(pje_transfer_options), NULL, NULL, 0, NULL, NULL, 0 }

/** Moves several arrays to one memory, piece by piece. Blocks until all are there.
 * @param arrays `num_arrays` arrays, Borrowed; must not change meanwhile.
 * @param buffers `num_arrays` slots, each Owned by the caller on success. Errors: INVALID_ARGUMENT (handles,
 * options), what the plugin answers; then no buffer is handed over.
 * PJRT: PJRT_Client_CreateBuffersForAsyncHostToDevice, PJRT_AsyncHostToDeviceTransferManager_TransferData. */
PJE_EXPORT pje_error *pje_client_transfer_all(pje_client *client, pje_array *const *arrays, size_t num_arrays,
                                              const pje_transfer_options *PJE_NULLABLE options,
                                              pje_buffer **buffers) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_client_transfer_all on a thread of the library: hands the buffers over at once. The arrays are kept
 * until the end. After a failure every buffer that is not complete holds it.
 * @param done ready when all are there; Owned by the caller. */
PJE_EXPORT pje_error *pje_client_transfer_all_async(pje_client *client, pje_array *const *arrays,
                                                    size_t num_arrays,
                                                    const pje_transfer_options *PJE_NULLABLE options,
                                                    pje_buffer **buffers,
                                                    pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_TRANSFER_H_ */
