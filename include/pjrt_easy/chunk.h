/** @file
 * Chunks: pieces of data on their way to or from a running program. Any thread, Callback-safe, @since 0.1.
 */
#ifndef PJRT_EASY_CHUNK_H_
#define PJRT_EASY_CHUNK_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes a chunk over memory of the caller, without a copy.
 * @param data `size` bytes; NULL only when `size` is 0. Must stay as they are until `release` has run.
 * @param release runs with `user_data` exactly once when the last reference is dropped, ours and the plugin's
 * included, whatever became of the chunk; on any thread, as a callback. NULL: nothing runs. When the call
 * fails it has not run and never will.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (NULL data). PJRT: PJRT_Chunk. */
PJE_EXPORT pje_error *pje_chunk_create(void *PJE_NULLABLE data, size_t size,
                                       pje_callback PJE_NULLABLE release, void *PJE_NULLABLE user_data,
                                       pje_chunk **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a chunk with a copy of `size` bytes.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (NULL data), RESOURCE_EXHAUSTED. */
PJE_EXPORT pje_error *pje_chunk_copy(const void *PJE_NULLABLE data, size_t size,
                                     pje_chunk **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `chunk`. */
PJE_EXPORT pje_chunk *pje_chunk_retain(const pje_chunk *PJE_NULLABLE chunk) PJE_NOEXCEPT;

/** Drops a reference; the last one gives the memory back. */
PJE_EXPORT void pje_chunk_release(pje_chunk *PJE_NULLABLE chunk) PJE_NOEXCEPT;

/** The data. Borrowed. */
PJE_EXPORT const void *pje_chunk_data(const pje_chunk *chunk) PJE_NOEXCEPT;

/** Number of bytes. */
PJE_EXPORT size_t pje_chunk_size(const pje_chunk *chunk) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_CHUNK_H_ */
