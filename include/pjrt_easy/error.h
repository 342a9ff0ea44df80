/** @file
 * Errors: a code, a one-line message, the whole text, and the function that failed.
 *
 * A function that can fail returns `pje_error *`, NULL for success; the caller owns it and releases it with
 * pje_error_release. Errors never change. Running out of memory returns a static error, which may be released
 * like any other. All functions here: any thread, Callback-safe, @since 0.1.
 */
#ifndef PJRT_EASY_ERROR_H_
#define PJRT_EASY_ERROR_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Version of the library in use, such as "0.1.0". Static. */
PJE_EXPORT const char *pje_version(void) PJE_NOEXCEPT;

/** Version of the library in use, in the form of PJE_VERSION_NUMBER. */
PJE_EXPORT uint32_t pje_version_number(void) PJE_NOEXCEPT;

/** How many wrong handles (NULL where one is needed, released, of another type, not ours) were passed so far,
 * in the whole process. Each is refused and logged to stderr; a program without mistakes reads 0. */
PJE_EXPORT uint64_t pje_misuse_count(void) PJE_NOEXCEPT;

/** Name of a code, such as "INVALID_ARGUMENT"; "UNKNOWN" for a number outside 0 to 16. Static. */
PJE_EXPORT const char *pje_code_name(pje_code code) PJE_NOEXCEPT;

/** Makes an error, for pje_event_set and for callbacks that answer with one.
 * @param code 1 to 16; PJE_OK and unknown numbers become PJE_UNKNOWN.
 * @param message UTF-8, NUL-terminated, copied; NULL reads as "".
 * Owned by the caller. Never NULL. */
PJE_EXPORT pje_error *pje_error_create(pje_code code, const char *PJE_NULLABLE message) PJE_NOEXCEPT;

/** Adds a reference and returns `error`. NULL gives NULL. */
PJE_EXPORT pje_error *pje_error_retain(const pje_error *PJE_NULLABLE error) PJE_NOEXCEPT;

/** Drops a reference. NULL is accepted. */
PJE_EXPORT void pje_error_release(pje_error *PJE_NULLABLE error) PJE_NOEXCEPT;

/** The code; PJE_OK for NULL. A plugin's number outside 0 to 16 reads PJE_UNKNOWN, with the number in the
 * text. PJRT: PJRT_Error_GetCode. */
PJE_EXPORT pje_code pje_error_code(const pje_error *PJE_NULLABLE error) PJE_NOEXCEPT;

/** One line of at most 512 bytes: "PJRT_Client_Compile: INVALID_ARGUMENT: <first line of the plugin's text>".
 * Borrowed from the error; "" for NULL. PJRT: PJRT_Error_Message, PJRT_Error_Destroy. */
PJE_EXPORT const char *pje_error_message(const pje_error *PJE_NULLABLE error) PJE_NOEXCEPT;

/** The whole text, possibly many lines. Borrowed from the error; "" for NULL. PJRT: PJRT_Error_Message. */
PJE_EXPORT const char *pje_error_detail(const pje_error *PJE_NULLABLE error) PJE_NOEXCEPT;

/** Who failed: "PJRT_…" when the plugin did, "pje_…" when this library refused. Borrowed; "" for NULL. */
PJE_EXPORT const char *pje_error_function(const pje_error *PJE_NULLABLE error) PJE_NOEXCEPT;

/** Number of key and value pairs a plugin attached. PJRT: PJRT_Error_ForEachPayload (plugins from 0.99 on).
 */
PJE_EXPORT size_t pje_error_num_payloads(const pje_error *PJE_NULLABLE error) PJE_NOEXCEPT;

/** One payload. Returns false, with outputs untouched, when there is no such index.
 * @param key NUL-terminated. @param data `size` bytes. All Borrowed from the error; each pointer may be NULL.
 */
PJE_EXPORT bool pje_error_payload(const pje_error *PJE_NULLABLE error, size_t index,
                                  const char **PJE_NULLABLE key, const void **PJE_NULLABLE data,
                                  size_t *PJE_NULLABLE size) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_ERROR_H_ */
