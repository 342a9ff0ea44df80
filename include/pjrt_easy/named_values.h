/** @file
 * Named values: the options given to plugins and the attributes they report.
 *
 * A set made by pje_named_values_create is a builder: One thread at a time while it is being changed. Sets
 * lent by other objects never change and may be read from any thread. Names are unique: setting one again
 * replaces it. Everything here: Callback-safe, @since 0.1. PJRT: PJRT_NamedValue.
 */
#ifndef PJRT_EASY_NAMED_VALUES_H_
#define PJRT_EASY_NAMED_VALUES_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes an empty set. @param out Owned by the caller. Errors: INVALID_ARGUMENT (out is NULL). */
PJE_EXPORT pje_error *pje_named_values_create(pje_named_values **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a set of the same values, which can be changed even where `values` is lent. A value of unknown kind
 * is copied as such, and left out when the copy is given to a plugin. @param out Owned by the caller. Errors:
 * INVALID_ARGUMENT (values is wrong, out is NULL). */
PJE_EXPORT pje_error *pje_named_values_copy(const pje_named_values *values,
                                            pje_named_values **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `values`. */
PJE_EXPORT pje_named_values *pje_named_values_retain(const pje_named_values *PJE_NULLABLE values)
    PJE_NOEXCEPT;

/** Drops a reference. */
PJE_EXPORT void pje_named_values_release(pje_named_values *PJE_NULLABLE values) PJE_NOEXCEPT;

/** Sets a string, copied. Errors of all setters: INVALID_ARGUMENT (NULL or empty name, NULL value),
 * FAILED_PRECONDITION (the set is lent by another object and cannot change). */
PJE_EXPORT pje_error *pje_named_values_set_string(pje_named_values *values, const char *name,
                                                  const char *value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets an integer. */
PJE_EXPORT pje_error *pje_named_values_set_int64(pje_named_values *values, const char *name,
                                                 int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets a list of `count` integers, copied; `value` may be NULL when `count` is 0. */
PJE_EXPORT pje_error *pje_named_values_set_int64_list(pje_named_values *values, const char *name,
                                                      const int64_t *PJE_NULLABLE value,
                                                      size_t count) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets a float. */
PJE_EXPORT pje_error *pje_named_values_set_float(pje_named_values *values, const char *name,
                                                 float value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets a bool. */
PJE_EXPORT pje_error *pje_named_values_set_bool(pje_named_values *values, const char *name,
                                                bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** Number of values. */
PJE_EXPORT size_t pje_named_values_count(const pje_named_values *values) PJE_NOEXCEPT;

/** Name of value `index`; "" when there is none. Borrowed until the set changes. */
PJE_EXPORT const char *pje_named_values_name(const pje_named_values *values, size_t index) PJE_NOEXCEPT;

/** Kind of value `index`. A kind that a plugin reports and this library does not know keeps its number, and
 * reading it is an error; PJE_VALUE_KIND_MAX_ when there is no such index. */
PJE_EXPORT pje_value_kind pje_named_values_kind(const pje_named_values *values, size_t index) PJE_NOEXCEPT;

/** Index of a name, or SIZE_MAX. */
PJE_EXPORT size_t pje_named_values_find(const pje_named_values *values, const char *name) PJE_NOEXCEPT;

/** Reads value `index` as a string, NUL-terminated, Borrowed until the set changes. Errors of all getters:
 * OUT_OF_RANGE (no such index), FAILED_PRECONDITION (the value has another kind; the message names both). */
PJE_EXPORT pje_error *pje_named_values_get_string(const pje_named_values *values, size_t index,
                                                  const char **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads value `index` as an integer. */
PJE_EXPORT pje_error *pje_named_values_get_int64(const pje_named_values *values, size_t index,
                                                 int64_t *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads value `index` as a list: `*out` points at `*count` integers, Borrowed until the set changes. */
PJE_EXPORT pje_error *pje_named_values_get_int64_list(const pje_named_values *values, size_t index,
                                                      const int64_t **out,
                                                      size_t *count) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads value `index` as a float. */
PJE_EXPORT pje_error *pje_named_values_get_float(const pje_named_values *values, size_t index,
                                                 float *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads value `index` as a bool. */
PJE_EXPORT pje_error *pje_named_values_get_bool(const pje_named_values *values, size_t index,
                                                bool *out) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_NAMED_VALUES_H_ */
