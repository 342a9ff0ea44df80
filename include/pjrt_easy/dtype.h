/** @file
 * Facts about element types. Any thread, Callback-safe, @since 0.1. No PJRT function: fixed facts of the ABI.
 */
#ifndef PJRT_EASY_DTYPE_H_
#define PJRT_EASY_DTYPE_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Bytes of one element in host memory: 1 for types below 8 bits, 0 for TOKEN, INVALID and unknown numbers.
 */
PJE_EXPORT size_t pje_dtype_host_size(pje_dtype dtype) PJE_NOEXCEPT;

/** Bits of information in one element: 4 for S4, 8 for PRED, 64 for C64; 0 for TOKEN, INVALID and unknown
 * numbers. */
PJE_EXPORT size_t pje_dtype_bits(pje_dtype dtype) PJE_NOEXCEPT;

/** Alignment in bytes of one element in host memory, at least 1: half the size for complex types. */
PJE_EXPORT size_t pje_dtype_alignment(pje_dtype dtype) PJE_NOEXCEPT;

/** What the element means. */
PJE_EXPORT pje_dtype_kind pje_dtype_kind_of(pje_dtype dtype) PJE_NOEXCEPT;

/** Lower-case name as XLA prints it, such as "f32" or "f8e4m3fn"; "invalid" for INVALID and unknown numbers.
 * Static. */
PJE_EXPORT const char *pje_dtype_name(pje_dtype dtype) PJE_NOEXCEPT;

/** The other way; upper or lower case. Also takes NumPy's and MLIR's names ("float32", "bfloat16", "i1",
 * "ui8"). Returns false, with `out` set to PJE_DTYPE_INVALID, for an unknown name or NULL. */
PJE_EXPORT bool pje_dtype_from_name(const char *PJE_NULLABLE name, pje_dtype *out) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_DTYPE_H_ */
