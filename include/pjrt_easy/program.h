/** @file
 * Programs: StableHLO or HLO, as text or bytes, before compilation. They never change. Any thread. @since
 * 0.1.
 */
#ifndef PJRT_EASY_PROGRAM_H_
#define PJRT_EASY_PROGRAM_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes a program from bytes, copied.
 * @param format PJE_PROGRAM_AUTO tells MLIR bytecode by its magic, MLIR text by being text, HLO by its first
 * field.
 * @param data `size` bytes of one program. Parsing is the plugin's, at compile time.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (NULL data, empty, unknown format number, bytes
 * that are neither MLIR nor HLO, text with a NUL byte, bytecode that is cut short). */
PJE_EXPORT pje_error *pje_program_from_bytes(pje_program_format format, const void *data, size_t size,
                                             pje_program **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads a whole file and detects its format. @param out Owned by the caller.
 * Errors: NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (a folder; contents as in pje_program_from_bytes).
 */
PJE_EXPORT pje_error *pje_program_from_file(const char *path, pje_program **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `program`. Callback-safe. */
PJE_EXPORT pje_program *pje_program_retain(const pje_program *PJE_NULLABLE program) PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. */
PJE_EXPORT void pje_program_release(pje_program *PJE_NULLABLE program) PJE_NOEXCEPT;

/** The format given or detected; PJE_PROGRAM_AUTO for a wrong handle. Callback-safe. */
PJE_EXPORT pje_program_format pje_program_get_format(const pje_program *program) PJE_NOEXCEPT;

/** The bytes. Borrowed from the program. Callback-safe. PJRT: PJRT_Program. */
PJE_EXPORT const void *pje_program_data(const pje_program *program) PJE_NOEXCEPT;

/** Number of bytes. Callback-safe. */
PJE_EXPORT size_t pje_program_size(const pje_program *program) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_PROGRAM_H_ */
