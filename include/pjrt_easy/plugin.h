/** @file
 * Plugins: shared objects that export GetPjrtApi. Loading one runs its code with the rights of the process.
 *
 * A plugin is loaded once per file and never unloaded. Any thread. @since 0.1.
 */
#ifndef PJRT_EASY_PLUGIN_H_
#define PJRT_EASY_PLUGIN_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** How to find and check a plugin. All zero: the defaults. */
typedef struct pje_plugin_options {
  size_t struct_size;                           /**< sizeof(pje_plugin_options) */
  const char *PJE_NULLABLE sha256;              /**< 64 hex digits that the file must have, or NULL */
  const char *const *PJE_NULLABLE search_paths; /**< folders looked at first for a bare name */
  size_t num_search_paths;
  uint64_t flags; /**< none defined: 0 */
} pje_plugin_options;

#define PJE_PLUGIN_OPTIONS_INIT \
  { sizeof(pje_plugin_options), NULL, NULL, 0, 0 }

/** Loads a plugin, or returns the one already loaded from the same file (device and inode). Blocks.
 * @param name_or_path With a slash: a path, relative ones taken from the current folder. Without: a name such
 * as "cpu", looked up in the options' search_paths, then PJE_PLUGIN_PATH (absolute folders, separated by
 * colons, that hold libpjrt_<name>.so or pjrt_c_api_<name>_plugin.so), then PJRT_NAMES_AND_LIBRARY_PATHS
 * ("name:path,…"). The environment is ignored in a process with raised privileges. Never the current folder.
 * @param out Owned by the caller.
 * Errors: NOT_FOUND (lists every place looked at and why it was rejected), INVALID_ARGUMENT (not a shared
 * object, no GetPjrtApi, table too short, sha256 differs or is malformed), FAILED_PRECONDITION (PJRT major
 * other than 0 or minor below 57; loaded before with another sha256), and whatever PJRT_Plugin_Initialize
 * answers. PJRT: GetPjrtApi, PJRT_Plugin_Initialize, PJRT_Plugin_Attributes. */
PJE_EXPORT pje_error *pje_plugin_load(const char *name_or_path,
                                      const pje_plugin_options *PJE_NULLABLE options,
                                      pje_plugin **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Wraps a function table that the caller already has: a plugin linked statically, or written in another
 * language.
 * @param pjrt_api `const PJRT_Api *`, must live as long as the process.
 * @param out Owned by the caller; the same table gives the same plugin. Errors: as pje_plugin_load.
 * PJRT: PJRT_Plugin_Initialize, PJRT_Plugin_Attributes. */
PJE_EXPORT pje_error *pje_plugin_from_api(const void *pjrt_api, pje_plugin **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `plugin`. Callback-safe. */
PJE_EXPORT pje_plugin *pje_plugin_retain(const pje_plugin *PJE_NULLABLE plugin) PJE_NOEXCEPT;

/** Drops a reference; the code stays loaded. Callback-safe. */
PJE_EXPORT void pje_plugin_release(pje_plugin *PJE_NULLABLE plugin) PJE_NOEXCEPT;

/** The plugin's own `const PJRT_Api *`, for functions this library does not know. Lives as long as the
 * process. Callback-safe. */
PJE_EXPORT const void *pje_plugin_api(const pje_plugin *plugin) PJE_NOEXCEPT;

/** The first extension of a type, as the plugin made it, or NULL. Lives as long as the process.
 * Callback-safe. */
PJE_EXPORT const void *pje_plugin_raw_extension(const pje_plugin *plugin, int32_t type) PJE_NOEXCEPT;

/** Major version of the PJRT API the plugin was built with: 0. Callback-safe. */
PJE_EXPORT int32_t pje_plugin_api_major(const pje_plugin *plugin) PJE_NOEXCEPT;

/** Minor version of the PJRT API the plugin was built with, 57 or more. Callback-safe. */
PJE_EXPORT int32_t pje_plugin_api_minor(const pje_plugin *plugin) PJE_NOEXCEPT;

/** Absolute path of the file; "" for pje_plugin_from_api. Borrowed. Callback-safe. */
PJE_EXPORT const char *pje_plugin_path(const pje_plugin *plugin) PJE_NOEXCEPT;

/** What the plugin says of itself, such as "xla_version" and "stablehlo_current_version". Borrowed, never
 * NULL for a plugin; empty when it says nothing. Callback-safe. PJRT: PJRT_Plugin_Attributes. */
PJE_EXPORT const pje_named_values *pje_plugin_attributes(const pje_plugin *plugin) PJE_NOEXCEPT;

/** Whether the plugin's table holds a function, by its name such as "PJRT_Buffer_Bitcast". Callback-safe. */
PJE_EXPORT bool pje_plugin_has_function(const pje_plugin *plugin,
                                        const char *pjrt_function_name) PJE_NOEXCEPT;

/** Whether the plugin has an extension of a type. Callback-safe. */
PJE_EXPORT bool pje_plugin_has_extension(const pje_plugin *plugin, int32_t type) PJE_NOEXCEPT;

/** Number of extensions in the plugin's chain, unknown types included. Callback-safe. */
PJE_EXPORT size_t pje_plugin_num_extensions(const pje_plugin *plugin) PJE_NOEXCEPT;

/** Extension `index` of the chain: its type, its name ("Layouts"; "" when unknown) and its size in bytes.
 * Returns false, with outputs untouched, when there is no such index. The name is static. Callback-safe. */
PJE_EXPORT bool pje_plugin_extension(const pje_plugin *plugin, size_t index, int32_t *PJE_NULLABLE type,
                                     const char **PJE_NULLABLE name,
                                     size_t *PJE_NULLABLE struct_size) PJE_NOEXCEPT;

/** Number of functions in the newest table that this library knows. Callback-safe. */
PJE_EXPORT size_t pje_num_functions(void) PJE_NOEXCEPT;

/** Name of function `index` of that table, in table order; "" when there is none. Static. Callback-safe. */
PJE_EXPORT const char *pje_function_name(size_t index) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_PLUGIN_H_ */
