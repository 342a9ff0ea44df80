/** @file
 * Compile options by name: XLA's debug options, and other flags of a plugin.
 *
 * Overrides are sent by name and applied by the plugin on top of its defaults.
 * pje_compile_options_set_override_X takes any name and kind as they are;
 * pje_compile_options_set_debug_option checks both first against the debug options of PJRT 0.115. Threads and
 * errors as in compile_options.h. @since 0.1. PJRT: env_option_overrides in the compile_options of
 * PJRT_Client_Compile.
 */
#ifndef PJRT_EASY_COMPILE_OVERRIDES_H_
#define PJRT_EASY_COMPILE_OVERRIDES_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Kinds of an override. */
typedef enum pje_override_kind PJE_ENUM_BASE {
  PJE_OVERRIDE_NONE = 0, /**< no such override, or one without a value */
  PJE_OVERRIDE_STRING = 1,
  PJE_OVERRIDE_BOOL = 2,
  PJE_OVERRIDE_INT64 = 3,
  PJE_OVERRIDE_DOUBLE = 4,
  PJE_OVERRIDE_KIND_MAX_ = INT32_MAX
} pje_override_kind;

/** Sets a debug option such as "xla_cpu_enable_fast_math" from text, read by the option's own kind: "true" or
 * "false" (also 1, 0); a number; the name of an enum value; a comma list for an option that is one. A name
 * that is neither known nor close to a known one is sent too, as bool, integer, floating-point number or
 * string, whatever `value` looks like: it may be newer than this library. Errors: INVALID_ARGUMENT (a name
 * that is nearly a known one, which the message gives; a value that is not of its kind; an option whose value
 * is a message: see pje_compile_options_set_debug_options_text). */
PJE_EXPORT pje_error *pje_compile_options_set_debug_option(pje_compile_options *options, const char *name,
                                                           const char *value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets a debug option whose value is a string, an enum value or a list. Errors: as
 * pje_compile_options_set_debug_option. */
PJE_EXPORT pje_error *pje_compile_options_set_debug_option_string(
    pje_compile_options *options, const char *name, const char *value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets a debug option whose value is true or false. Errors: as pje_compile_options_set_debug_option. */
PJE_EXPORT pje_error *pje_compile_options_set_debug_option_bool(pje_compile_options *options,
                                                                const char *name,
                                                                bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets a debug option whose value is an integer. Errors: as pje_compile_options_set_debug_option. */
PJE_EXPORT pje_error *pje_compile_options_set_debug_option_int64(pje_compile_options *options,
                                                                 const char *name,
                                                                 int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets a debug option whose value is a floating-point number. Errors: as
 * pje_compile_options_set_debug_option. */
PJE_EXPORT pje_error *pje_compile_options_set_debug_option_double(pje_compile_options *options,
                                                                  const char *name,
                                                                  double value) PJE_NOEXCEPT PJE_NODISCARD;

/** The value of a debug option as text: that of the override, else that in the message of
 * pje_compile_options_set_debug_options. @param out Owned by the caller. Errors: NOT_FOUND (neither has it;
 * the plugin's default holds). */
PJE_EXPORT pje_error *pje_compile_options_get_debug_option(const pje_compile_options *options,
                                                           const char *name,
                                                           pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets an override to a string, UTF-8, replacing one of the same name. Not checked: the plugin compares name
 * and kind when it compiles. */
PJE_EXPORT pje_error *pje_compile_options_set_override_string(pje_compile_options *options, const char *name,
                                                              const char *value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets an override to a bool. */
PJE_EXPORT pje_error *pje_compile_options_set_override_bool(pje_compile_options *options, const char *name,
                                                            bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets an override to an integer. */
PJE_EXPORT pje_error *pje_compile_options_set_override_int64(pje_compile_options *options, const char *name,
                                                             int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets an override to a double. */
PJE_EXPORT pje_error *pje_compile_options_set_override_double(pje_compile_options *options, const char *name,
                                                              double value) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads an override. Errors of all: NOT_FOUND (no such name), FAILED_PRECONDITION (it has another kind). The
 * string is Borrowed. */
PJE_EXPORT pje_error *pje_compile_options_get_override_string(const pje_compile_options *options,
                                                              const char *name,
                                                              const char **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads an override that is a bool. */
PJE_EXPORT pje_error *pje_compile_options_get_override_bool(const pje_compile_options *options,
                                                            const char *name,
                                                            bool *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads an override that is an integer. */
PJE_EXPORT pje_error *pje_compile_options_get_override_int64(const pje_compile_options *options,
                                                             const char *name,
                                                             int64_t *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads an override that is a double. */
PJE_EXPORT pje_error *pje_compile_options_get_override_double(const pje_compile_options *options,
                                                              const char *name,
                                                              double *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Takes an override or debug option back. Errors: NOT_FOUND. */
PJE_EXPORT pje_error *pje_compile_options_remove_override(pje_compile_options *options,
                                                          const char *name) PJE_NOEXCEPT PJE_NODISCARD;

/** Number of overrides. */
PJE_EXPORT size_t pje_compile_options_num_overrides(const pje_compile_options *options) PJE_NOEXCEPT;

/** Name of override `index`, in the order of the names; "" when there is none. Borrowed. */
PJE_EXPORT const char *pje_compile_options_override_name(const pje_compile_options *options,
                                                         size_t index) PJE_NOEXCEPT;

/** Kind of an override by its name. */
PJE_EXPORT pje_override_kind pje_compile_options_override_kind(const pje_compile_options *options,
                                                               const char *name) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_COMPILE_OVERRIDES_H_ */
