/** @file
 * More about buffers: facts, copies to devices and memories, raw bytes, and the memory behind a buffer. Any
 * thread. @since 0.1.
 */
#ifndef PJRT_EASY_BUFFER_COPIES_H_
#define PJRT_EASY_BUFFER_COPIES_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Bytes that the contents take on the device, padding included. Errors: what the plugin answers.
 * PJRT: PJRT_Buffer_OnDeviceSizeInBytes. */
PJE_EXPORT pje_error *pje_buffer_on_device_size(pje_buffer *buffer, size_t *size) PJE_NOEXCEPT PJE_NODISCARD;

/** Whether the contents lie in memory of the CPU. Callback-safe. PJRT: PJRT_Buffer_IsOnCpu. */
PJE_EXPORT bool pje_buffer_is_on_cpu(const pje_buffer *buffer) PJE_NOEXCEPT;

/** The dimensions without what pads dynamic ones to their bounds. May block until the contents are there.
 * @param dims receives pje_buffer_rank numbers. Errors: INVALID_ARGUMENT (NULL), what the plugin answers.
 * PJRT: PJRT_Buffer_UnpaddedDimensions. */
PJE_EXPORT pje_error *pje_buffer_unpadded_dims(pje_buffer *buffer,
                                               int64_t *PJE_NULLABLE dims) PJE_NOEXCEPT PJE_NODISCARD;

/** Which dimensions have sizes that the program decides.
 * @param indices receives at most `capacity` of them. @param count receives how many there are. Errors:
 * INVALID_ARGUMENT (NULL), what the plugin answers. PJRT: PJRT_Buffer_DynamicDimensionIndices. */
PJE_EXPORT pje_error *pje_buffer_dynamic_dims(pje_buffer *buffer, size_t capacity,
                                              size_t *PJE_NULLABLE indices,
                                              size_t *count) PJE_NOEXCEPT PJE_NODISCARD;

/** Copies the contents to the default memory of a device. Blocks until the end. The device may be another
 * client's of the same plugin; the copy is that client's. @param out Owned by the caller. Errors:
 * INVALID_ARGUMENT (a device of another plugin or process), FAILED_PRECONDITION (deleted or donated buffer),
 * UNIMPLEMENTED (elements that are not row-major, and a plugin whose copies forget it), and the error of
 * whatever was to fill the buffer. PJRT: PJRT_Buffer_CopyToDevice. */
PJE_EXPORT pje_error *pje_buffer_copy_to_device(pje_buffer *buffer, pje_device *device,
                                                pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffer_copy_to_device without the wait. @param out Owned by the caller; may still be pending.
 * @param done Owned by the caller; ready when the copy is; NULL: not wanted. PJRT: PJRT_Buffer_CopyToDevice.
 */
PJE_EXPORT pje_error *pje_buffer_copy_to_device_async(pje_buffer *buffer, pje_device *device,
                                                      pje_buffer **out, pje_event **PJE_NULLABLE done)
    PJE_NOEXCEPT PJE_NODISCARD;

/** Copies the contents to a memory. Blocks until the end; otherwise as pje_buffer_copy_to_device. PJRT:
 * PJRT_Buffer_CopyToMemory.
 */
PJE_EXPORT pje_error *pje_buffer_copy_to_memory(pje_buffer *buffer, pje_memory *memory,
                                                pje_buffer **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffer_copy_to_memory without the wait; otherwise as pje_buffer_copy_to_device_async.
 * PJRT: PJRT_Buffer_CopyToMemory. */
PJE_EXPORT pje_error *pje_buffer_copy_to_memory_async(pje_buffer *buffer, pje_memory *memory,
                                                      pje_buffer **out, pje_event **PJE_NULLABLE done)
    PJE_NOEXCEPT PJE_NODISCARD;

/** Copies bytes as they lie on the device, whatever they mean there. Blocks until the end.
 * @param offset first of `size` bytes; all must lie within pje_buffer_on_device_size. Errors:
 * INVALID_ARGUMENT (outside, NULL data), FAILED_PRECONDITION (deleted or donated buffer), and the error of
 * whatever was to fill the buffer. PJRT: PJRT_Buffer_CopyRawToHost. */
PJE_EXPORT pje_error *pje_buffer_copy_raw_to_host(pje_buffer *buffer, void *PJE_NULLABLE data, size_t offset,
                                                  size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffer_copy_raw_to_host without the wait. `data` must live until the event is ready.
 * @param done Owned by the caller. PJRT: PJRT_Buffer_CopyRawToHost. */
PJE_EXPORT pje_error *pje_buffer_copy_raw_to_host_async(pje_buffer *buffer, void *PJE_NULLABLE data,
                                                        size_t offset, size_t size,
                                                        pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Asks for bytes as they lie on the device before the memory for them is there: the copy begins when
 * pje_fulfilment_set_data names it. @param destination Owned by the caller. @param done Owned by the caller;
 * ready when the bytes are there, or with the error that the fulfilment was given. Errors: as
 * pje_buffer_copy_raw_to_host. PJRT: PJRT_Buffer_CopyRawToHostFuture. */
PJE_EXPORT pje_error *pje_buffer_copy_raw_to_host_later(pje_buffer *buffer, size_t offset, size_t size,
                                                        pje_fulfilment **destination,
                                                        pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Holds the memory of a buffer where it is: neither donation nor pje_buffer_delete frees it before the
 * reference is released, which also keeps the buffer. Blocks until the contents are there. @param out Owned
 * by the caller. Errors: FAILED_PRECONDITION (deleted or donated buffer), the error of whatever was to fill
 * the buffer, what the plugin answers. PJRT: PJRT_Buffer_IncreaseExternalReferenceCount. */
PJE_EXPORT pje_error *pje_buffer_reference_create(pje_buffer *buffer,
                                                  pje_buffer_reference **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `reference`. Callback-safe. */
PJE_EXPORT pje_buffer_reference *pje_buffer_reference_retain(
    const pje_buffer_reference *PJE_NULLABLE reference) PJE_NOEXCEPT;

/** Drops a reference; the last one lets go of the memory. Callback-safe.
 * PJRT: PJRT_Buffer_DecreaseExternalReferenceCount. */
PJE_EXPORT void pje_buffer_reference_release(pje_buffer_reference *PJE_NULLABLE reference) PJE_NOEXCEPT;

/** The address of the memory, on whichever device it is. Valid while the reference lives; the
 * contents are there once pje_buffer_ready says so without an error. @param out receives the address.
 * PJRT: PJRT_Buffer_UnsafePointer. */
PJE_EXPORT pje_error *pje_buffer_reference_unsafe_pointer(pje_buffer_reference *reference,
                                                          uint64_t *out) PJE_NOEXCEPT PJE_NODISCARD;

/** The pointer that the device's own libraries take for the memory; otherwise as
 * pje_buffer_reference_unsafe_pointer. PJRT: PJRT_Buffer_OpaqueDeviceMemoryDataPointer. */
PJE_EXPORT pje_error *pje_buffer_reference_device_pointer(pje_buffer_reference *reference,
                                                          void **out) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_BUFFER_COPIES_H_ */
