/** @file
 * Copy streams: they feed a receive operation of a running program, chunk by chunk. A handler of
 * pje_execute_handlers_add_receive gets one. Any thread. @since 0.1.
 */
#ifndef PJRT_EASY_COPY_STREAM_H_
#define PJRT_EASY_COPY_STREAM_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Adds a reference and returns `stream`. Callback-safe. */
PJE_EXPORT pje_copy_stream *pje_copy_stream_retain(const pje_copy_stream *PJE_NULLABLE stream) PJE_NOEXCEPT;

/** Drops a reference; the last one ends the stream. Data that are still missing then are an error of the run.
 * Callback-safe. PJRT: PJRT_CopyToDeviceStream_Destroy. */
PJE_EXPORT void pje_copy_stream_release(pje_copy_stream *PJE_NULLABLE stream) PJE_NOEXCEPT;

/** Number of bytes that the program waits for. Callback-safe. PJRT: PJRT_CopyToDeviceStream_TotalBytes. */
PJE_EXPORT size_t pje_copy_stream_total_bytes(const pje_copy_stream *stream) PJE_NOEXCEPT;

/** What the size of each chunk must be a multiple of, in bytes; at least 1. Callback-safe.
 * PJRT: PJRT_CopyToDeviceStream_GranuleSize. */
PJE_EXPORT size_t pje_copy_stream_granule_bytes(const pje_copy_stream *stream) PJE_NOEXCEPT;

/** Number of bytes that were added. Callback-safe. Errors: FAILED_PRECONDITION (the handler has answered with
 * an error). PJRT: PJRT_CopyToDeviceStream_CurrentBytes. */
PJE_EXPORT pje_error *pje_copy_stream_current_bytes(pje_copy_stream *stream,
                                                    size_t *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a chunk. Blocks until it has been copied. Not Callback-safe: inside a handler, call the other
 * form. Errors: INVALID_ARGUMENT (not a multiple of the granule; more than is missing), FAILED_PRECONDITION
 * (the stream has ended), what the plugin answers. PJRT: PJRT_CopyToDeviceStream_AddChunk. */
PJE_EXPORT pje_error *pje_copy_stream_add_chunk(pje_copy_stream *stream,
                                                pje_chunk *chunk) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_copy_stream_add_chunk without the wait. Callback-safe. The chunk is kept until it has been copied.
 * @param done ready when it has been copied; Owned by the caller; NULL: not wanted.
 * PJRT: PJRT_CopyToDeviceStream_AddChunk. */
PJE_EXPORT pje_error *pje_copy_stream_add_chunk_async(
    pje_copy_stream *stream, pje_chunk *chunk, pje_event **PJE_NULLABLE done) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_COPY_STREAM_H_ */
