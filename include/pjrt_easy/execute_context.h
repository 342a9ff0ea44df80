/** @file
 * Execute contexts: data that the custom calls of a run find. Any thread. @since 0.1.
 */
#ifndef PJRT_EASY_EXECUTE_CONTEXT_H_
#define PJRT_EASY_EXECUTE_CONTEXT_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes an empty context, for pje_execute_options.context. One may serve several runs, also at the same
 * time; a run keeps its context until it has ended.
 * @param out Owned by the caller. Errors: what the plugin answers (UNIMPLEMENTED on TPU).
 * PJRT: PJRT_ExecuteContext_Create. */
PJE_EXPORT pje_error *pje_execute_context_create(pje_plugin *plugin,
                                                 pje_execute_context **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `context`. Callback-safe. */
PJE_EXPORT pje_execute_context *pje_execute_context_retain(const pje_execute_context *PJE_NULLABLE context)
    PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. PJRT: PJRT_ExecuteContext_Destroy. */
PJE_EXPORT void pje_execute_context_release(pje_execute_context *PJE_NULLABLE context) PJE_NOEXCEPT;

/** The plugin. Borrowed. Callback-safe. */
PJE_EXPORT pje_plugin *pje_execute_context_plugin(const pje_execute_context *context) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_EXECUTE_CONTEXT_H_ */
