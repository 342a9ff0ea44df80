/** @file
 * Arrays: typed, dense, row-major memory of the host, and .npy files. Any thread, but the data are the
 * caller's to guard. @since 0.1. No PJRT function.
 */
#ifndef PJRT_EASY_ARRAY_H_
#define PJRT_EASY_ARRAY_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes an array of zeros, aligned to 64 bytes.
 * @param dims `rank` sizes, 0 or more each; may be NULL when `rank` is 0 (a scalar). Copied.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (dtype without host form, negative dimension, rank
 * above 64, size that overflows), RESOURCE_EXHAUSTED. */
PJE_EXPORT pje_error *pje_array_create(pje_dtype dtype, const int64_t *PJE_NULLABLE dims, size_t rank,
                                       pje_array **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes an array over memory of the caller, without a copy.
 * @param data at least `size` bytes, dense and row-major; may be NULL only when the array is empty.
 * @param size bytes at `data`, at least the dense size.
 * @param release runs with `user_data` exactly once when the memory is no longer used, on any thread; may be
 * NULL. When the call fails it has not run and never will.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (as pje_array_create; size too small). */
PJE_EXPORT pje_error *pje_array_wrap(void *PJE_NULLABLE data, size_t size, pje_dtype dtype,
                                     const int64_t *PJE_NULLABLE dims, size_t rank,
                                     pje_callback PJE_NULLABLE release, void *PJE_NULLABLE user_data,
                                     pje_array **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `array`. Callback-safe. */
PJE_EXPORT pje_array *pje_array_retain(const pje_array *PJE_NULLABLE array) PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. */
PJE_EXPORT void pje_array_release(pje_array *PJE_NULLABLE array) PJE_NOEXCEPT;

/** The data, writable. Borrowed. Callback-safe. */
PJE_EXPORT void *pje_array_data(pje_array *array) PJE_NOEXCEPT;

/** The data, read-only. Borrowed. Callback-safe. */
PJE_EXPORT const void *pje_array_const_data(const pje_array *array) PJE_NOEXCEPT;

/** Dense size in bytes. Callback-safe. */
PJE_EXPORT size_t pje_array_size(const pje_array *array) PJE_NOEXCEPT;

/** Element type. Callback-safe. */
PJE_EXPORT pje_dtype pje_array_dtype(const pje_array *array) PJE_NOEXCEPT;

/** Number of dimensions. Callback-safe. */
PJE_EXPORT size_t pje_array_rank(const pje_array *array) PJE_NOEXCEPT;

/** The dimensions, pje_array_rank of them. Borrowed. Callback-safe. */
PJE_EXPORT const int64_t *pje_array_dims(const pje_array *array) PJE_NOEXCEPT;

/** Makes an array with the same memory under another element type of the same host size and the same
 * dimensions: bf16 and f8 values travel in .npy files as plain integers. Keeps `array` alive.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (host sizes differ). */
PJE_EXPORT pje_error *pje_array_reinterpret(pje_array *array, pje_dtype dtype,
                                            pje_array **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads a .npy file (format versions 1 to 3, little-endian, C or Fortran order; ml_dtypes' own names are
 * known).
 * @param out Owned by the caller, row-major. Errors: NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (wrong
 * magic, big-endian, object or other unsupported element type, malformed header, data shorter or longer than
 * the header says); each names the file. */
PJE_EXPORT pje_error *pje_array_load_npy(const char *path, pje_array **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Writes a .npy file, replacing it only once it is complete. bf16 is written as uint16 bits, types of 8 bits
 * or fewer that NumPy lacks as uint8, one element a byte. Errors: PERMISSION_DENIED, NOT_FOUND (folder),
 * INVALID_ARGUMENT (TOKEN), UNAVAILABLE (disk full and the like). */
PJE_EXPORT pje_error *pje_array_save_npy(const pje_array *array, const char *path) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_ARRAY_H_ */
