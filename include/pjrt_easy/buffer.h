/** @file
 * Buffers: arrays in the memory of a device. Any thread. @since 0.1.
 *
 * Sizes of host memory are in bytes. Host data of element types below 8 bits is one element a byte.
 */
#ifndef PJRT_EASY_BUFFER_H_
#define PJRT_EASY_BUFFER_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** How to upload. All zero: to the default memory of the first addressable device, dense, copied. */
typedef struct pje_from_host_options {
  size_t struct_size;              /**< sizeof(pje_from_host_options) */
  pje_device *PJE_NULLABLE device; /**< goes to this device's default memory */
  pje_memory *PJE_NULLABLE memory; /**< goes to this memory; at most one of device and memory */
  const int64_t
      *PJE_NULLABLE byte_strides; /**< bytes from one index to the next per dimension; may be 0 or negative */
  size_t num_byte_strides;        /**< the rank, or 0 for dense row-major */
  const pje_layout *PJE_NULLABLE layout; /**< layout on the device; NULL: the plugin's own choice */
  pje_callback PJE_NULLABLE release;     /**< runs once when `data` is no longer used */
  void *PJE_NULLABLE release_data;       /**< given to release */
  int32_t semantics;                     /**< pje_host_semantics */
  uint32_t reserved;                     /**< 0 */
} pje_from_host_options;

#define PJE_FROM_HOST_OPTIONS_INIT \
  { sizeof(pje_from_host_options), NULL, NULL, NULL, 0, NULL, NULL, NULL, 0, 0 }

/** Uploads an array. Blocks until `data` may be reused; with a zero-copy semantics, until the upload is
 * arranged.
 * @param data the first element. With strides, index i lies at data + sum(i[k] * byte_strides[k]); every
 * address they reach must lie in [data, data + size), so negative strides need `data` to be that far inside:
 * then every address must lie less than `size` bytes from `data` on either side.
 * @param size bytes at `data`: at least the dense size, or a bound for every address the strides reach.
 * @param dims `rank` sizes; may be NULL when `rank` is 0.
 * @param out Owned by the caller; may still be pending: the call that uses it waits, or see pje_buffer_ready.
 * Errors: INVALID_ARGUMENT (dtype, dims, size, strides, a device or memory of another client, an unknown
 * semantics, a layout of another rank), UNIMPLEMENTED (dtype newer than the plugin, a layout that the plugin
 * ignores), what the plugin answers, such as INVALID_ARGUMENT for tiles on a CPU. A plugin that takes a
 * layout but lays the bytes down otherwise gets a rearranged copy, whatever the semantics. On an error
 * `release` has not run and never will. PJRT: PJRT_Client_BufferFromHostBuffer. */
PJE_EXPORT pje_error *pje_buffer_from_host(pje_client *client, const void *PJE_NULLABLE data, size_t size,
                                           pje_dtype dtype, const int64_t *PJE_NULLABLE dims, size_t rank,
                                           const pje_from_host_options *PJE_NULLABLE options,
                                           pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffer_from_host without the wait.
 * @param host_done ready when `data` may be reused; Owned by the caller; NULL: not wanted, then `release`
 * tells. */
PJE_EXPORT pje_error *pje_buffer_from_host_async(
    pje_client *client, const void *PJE_NULLABLE data, size_t size, pje_dtype dtype,
    const int64_t *PJE_NULLABLE dims, size_t rank, const pje_from_host_options *PJE_NULLABLE options,
    pje_buffer **out, pje_event **PJE_NULLABLE host_done) PJE_NOEXCEPT PJE_NODISCARD;

/** Uploads an array by copying. Blocks until it may be changed again. `options` may name the destination; its
 * strides, semantics and release must be unset. Otherwise as pje_buffer_from_host. */
PJE_EXPORT pje_error *pje_buffer_from_array(pje_client *client, pje_array *array,
                                            const pje_from_host_options *PJE_NULLABLE options,
                                            pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffer_from_array without the wait and without a copy of the caller's: the array is kept, and must
 * not change, until `host_done` is ready.
 * @param out Owned by the caller; may still be pending. @param host_done ready when the array may be changed
 * again; Owned by the caller; NULL: not wanted. */
PJE_EXPORT pje_error *pje_buffer_from_array_async(
    pje_client *client, pje_array *array, const pje_from_host_options *PJE_NULLABLE options, pje_buffer **out,
    pje_event **PJE_NULLABLE host_done) PJE_NOEXCEPT PJE_NODISCARD;

/** Uploads an array and gives up the caller's reference to it: zero-copy where the plugin allows, else
 * copied. The data must not change afterwards. @param array Consumed: set to NULL on success, untouched on an
 * error. */
PJE_EXPORT pje_error *pje_buffer_from_array_consume(pje_client *client, pje_array **array,
                                                    const pje_from_host_options *PJE_NULLABLE options,
                                                    pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `buffer`. Callback-safe. */
PJE_EXPORT pje_buffer *pje_buffer_retain(const pje_buffer *PJE_NULLABLE buffer) PJE_NOEXCEPT;

/** Drops a reference; the last one frees the device memory once pending uses end. Callback-safe.
 * PJRT: PJRT_Buffer_Destroy. */
PJE_EXPORT void pje_buffer_release(pje_buffer *PJE_NULLABLE buffer) PJE_NOEXCEPT;

/** Releases each of `n` buffers and sets its slot to NULL; NULL slots are passed over. Callback-safe. */
PJE_EXPORT void pje_buffers_release(pje_buffer **PJE_NULLABLE buffers, size_t n) PJE_NOEXCEPT;

/** An event that is ready when the buffer's contents are, and carries the error of whatever was to fill it.
 * @param out Owned by the caller. PJRT: PJRT_Buffer_ReadyEvent. */
PJE_EXPORT pje_error *pje_buffer_ready(pje_buffer *buffer, pje_event **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Waits until the buffer's contents are there, as pje_buffer_ready and pje_event_wait without the event
 * between them. Blocks. Errors: that of whatever was to fill the buffer, FAILED_PRECONDITION (deleted,
 * donated, its client closed). PJRT: PJRT_Buffer_ReadyEvent, PJRT_Event_Await. @since 0.1 */
PJE_EXPORT pje_error *pje_buffer_wait(pje_buffer *buffer) PJE_NOEXCEPT PJE_NODISCARD;

/** Copies the contents to `data`, dense and row-major whatever the layout on the device. Blocks until the
 * end.
 * @param size bytes at `data`, at least pje_buffer_host_size. Errors: INVALID_ARGUMENT (NULL data, size too
 * small), FAILED_PRECONDITION (deleted or donated buffer), and the error of whatever was to fill the buffer.
 * PJRT: PJRT_Buffer_ToHostBuffer. */
PJE_EXPORT pje_error *pje_buffer_to_host(pje_buffer *buffer, void *PJE_NULLABLE data,
                                         size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffer_to_host without the wait. `data` must live until the event is ready.
 * @param done Owned by the caller; ready when `data` is complete. PJRT: PJRT_Buffer_ToHostBuffer. */
PJE_EXPORT pje_error *pje_buffer_to_host_async(pje_buffer *buffer, void *PJE_NULLABLE data, size_t size,
                                               pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads the contents into a new array. Blocks until they are complete. @param out Owned by the caller.
 * Errors: as pje_buffer_to_host. */
PJE_EXPORT pje_error *pje_buffer_to_array(pje_buffer *buffer, pje_array **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffer_to_array without the wait: the array's data are complete when `done` is ready. The operation
 * keeps the array, so waiting may be given up and both released. @param out Owned by the caller. @param done
 * likewise. */
PJE_EXPORT pje_error *pje_buffer_to_array_async(pje_buffer *buffer, pje_array **out,
                                                pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Element type. Callback-safe. PJRT: PJRT_Buffer_ElementType. */
PJE_EXPORT pje_dtype pje_buffer_dtype(const pje_buffer *buffer) PJE_NOEXCEPT;

/** Number of dimensions. Callback-safe. PJRT: PJRT_Buffer_Dimensions. */
PJE_EXPORT size_t pje_buffer_rank(const pje_buffer *buffer) PJE_NOEXCEPT;

/** The dimensions, pje_buffer_rank of them. Borrowed, lives as long as the process. Callback-safe.
 * PJRT: PJRT_Buffer_Dimensions. */
PJE_EXPORT const int64_t *pje_buffer_dims(const pje_buffer *buffer) PJE_NOEXCEPT;

/** Bytes that pje_buffer_to_host needs. Callback-safe. */
PJE_EXPORT size_t pje_buffer_host_size(const pje_buffer *buffer) PJE_NOEXCEPT;

/** The client. Borrowed. Callback-safe. */
PJE_EXPORT pje_client *pje_buffer_client(const pje_buffer *buffer) PJE_NOEXCEPT;

/** The device that holds it, or NULL. Lent. PJRT: PJRT_Buffer_Device. */
PJE_EXPORT pje_device *pje_buffer_device(const pje_buffer *buffer) PJE_NOEXCEPT;

/** The memory that holds it, or NULL. Lent. PJRT: PJRT_Buffer_Memory. */
PJE_EXPORT pje_memory *pje_buffer_memory(const pje_buffer *buffer) PJE_NOEXCEPT;

/** Gives the device memory back now, once pending uses end; the handle stays valid to release. Deleting twice
 * is fine. PJRT: PJRT_Buffer_Delete. */
PJE_EXPORT pje_error *pje_buffer_delete(pje_buffer *buffer) PJE_NOEXCEPT PJE_NODISCARD;

/** Whether the contents are gone, by pje_buffer_delete or by donation. Callback-safe. PJRT:
 * PJRT_Buffer_IsDeleted. */
PJE_EXPORT bool pje_buffer_is_deleted(const pje_buffer *buffer) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_BUFFER_H_ */
