/** @file
 * Bytes: owned, unchanging data that a call returns. Any thread, Callback-safe, @since 0.1.
 */
#ifndef PJRT_EASY_BYTES_H_
#define PJRT_EASY_BYTES_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes bytes with a copy of `data`, for callbacks that answer with them. @param data `size` bytes.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (NULL data), RESOURCE_EXHAUSTED. */
PJE_EXPORT pje_error *pje_bytes_create(const void *PJE_NULLABLE data, size_t size,
                                       pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `bytes`. */
PJE_EXPORT pje_bytes *pje_bytes_retain(const pje_bytes *PJE_NULLABLE bytes) PJE_NOEXCEPT;

/** Drops a reference. */
PJE_EXPORT void pje_bytes_release(pje_bytes *PJE_NULLABLE bytes) PJE_NOEXCEPT;

/** The data, followed by a NUL byte that does not count, so that text can be read as a string. Borrowed. */
PJE_EXPORT const void *pje_bytes_data(const pje_bytes *bytes) PJE_NOEXCEPT;

/** Number of bytes. */
PJE_EXPORT size_t pje_bytes_size(const pje_bytes *bytes) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_BYTES_H_ */
