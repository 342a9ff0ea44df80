/** @file
 * Several buffers read in one call, and a buffer's contents looked at where they are. @since 0.1.
 */
#ifndef PJRT_EASY_HOST_ACCESS_H_
#define PJRT_EASY_HOST_ACCESS_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Reads `n` buffers, each as pje_buffer_to_host does. Blocks until all are there: every read is started
 * before the first one is waited for. Any thread.
 * @param buffers Borrowed. @param data `n` places, one per buffer. @param sizes their sizes in bytes; each at
 * least pje_buffer_host_size. Errors: INVALID_ARGUMENT naming the buffer (before anything is read), and the
 * first error of a read; the contents of `data` are then undefined. PJRT: PJRT_Buffer_ToHostBuffer. */
PJE_EXPORT pje_error *pje_buffers_to_host(pje_buffer *const *PJE_NULLABLE buffers, size_t n,
                                          void *const *PJE_NULLABLE data,
                                          const size_t *PJE_NULLABLE sizes) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_buffers_to_host without the wait. The places in `data` must live until `done` is ready; the lists
 * themselves need not.
 * @param done ready when all have been read, with the error of the first that failed; Owned by the caller. */
PJE_EXPORT pje_error *pje_buffers_to_host_async(pje_buffer *const *PJE_NULLABLE buffers, size_t n,
                                                void *const *PJE_NULLABLE data,
                                                const size_t *PJE_NULLABLE sizes,
                                                pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Retains. Callback-safe. */
PJE_EXPORT pje_host_view *pje_host_view_retain(const pje_host_view *PJE_NULLABLE view) PJE_NOEXCEPT;

/** Releases; with the last reference the memory may go. Callback-safe.
 * PJRT: PJRT_Buffer_DecreaseExternalReferenceCount. */
PJE_EXPORT void pje_host_view_release(pje_host_view *PJE_NULLABLE view) PJE_NOEXCEPT;

/** Looks at a buffer's contents without a copy. Blocks until they are there, then lends the memory that holds
 * them, dense and row-major, to be read only. Works where pje_buffer_to_host copies directly: on the platform
 * "cpu", for elements of whole bytes. Any thread.
 * @param out Owned by the caller; keeps the buffer alive. While a view lives the contents cannot be taken:
 * pje_buffer_delete, and a run that would donate the buffer, fail with FAILED_PRECONDITION.
 * Errors: the error of what was to fill the buffer; UNIMPLEMENTED (this memory cannot be looked at: use
 * pje_buffer_to_host); FAILED_PRECONDITION (deleted, donated, or about to be).
 * PJRT: PJRT_Buffer_UnsafePointer, PJRT_Buffer_IncreaseExternalReferenceCount. */
PJE_EXPORT pje_error *pje_buffer_host_view(pje_buffer *buffer,
                                           pje_host_view **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The memory. Borrowed from the view. NULL after pje_client_close, which ends the memory. Callback-safe. */
PJE_EXPORT const void *pje_host_view_data(const pje_host_view *view) PJE_NOEXCEPT;

/** Its size in bytes: pje_buffer_host_size of the buffer. Callback-safe. */
PJE_EXPORT size_t pje_host_view_size(const pje_host_view *view) PJE_NOEXCEPT;

/** The buffer that is looked at. Borrowed from the view. Callback-safe. */
PJE_EXPORT pje_buffer *pje_host_view_buffer(const pje_host_view *view) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_HOST_ACCESS_H_ */
