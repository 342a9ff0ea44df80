/** @file
 * Events: things that finish later. Any thread. @since 0.1.
 *
 * There is no cancellation: a wait that ends early ends only the wait.
 */
#ifndef PJRT_EASY_EVENT_H_
#define PJRT_EASY_EVENT_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Adds a reference and returns `event`. Callback-safe. */
PJE_EXPORT pje_event *pje_event_retain(const pje_event *PJE_NULLABLE event) PJE_NOEXCEPT;

/** Drops a reference; never waits. Callbacks registered still run. Callback-safe. PJRT: PJRT_Event_Destroy.
 */
PJE_EXPORT void pje_event_release(pje_event *PJE_NULLABLE event) PJE_NOEXCEPT;

/** Whether it has finished, with or without an error. True for a wrong handle. Callback-safe.
 * PJRT: PJRT_Event_IsReady. */
PJE_EXPORT bool pje_event_is_ready(const pje_event *event) PJE_NOEXCEPT;

/** Blocks until the end and returns the event's own error, if it has one. May be called again, and by several
 * threads. PJRT: PJRT_Event_Await. */
PJE_EXPORT pje_error *pje_event_wait(pje_event *event) PJE_NOEXCEPT PJE_NODISCARD;

/** Blocks for at most `timeout_ns` nanoseconds: below 0 for ever, 0 only looks.
 * Errors: the event's own; DEADLINE_EXCEEDED with function "pje_event_wait_for" when time runs out, and the
 * event goes on. PJRT: PJRT_Event_OnReady. */
PJE_EXPORT pje_error *pje_event_wait_for(pje_event *event, int64_t timeout_ns) PJE_NOEXCEPT PJE_NODISCARD;

/** Has `callback` run once when the event is ready: on a thread of the plugin, or inside this call when it is
 * ready already. The outcome is read with pje_event_error. An error and it never runs, or NULL and it runs
 * exactly once. Errors: INVALID_ARGUMENT (NULL callback), what the plugin answers. PJRT: PJRT_Event_OnReady.
 */
PJE_EXPORT pje_error *pje_event_on_ready(pje_event *event, pje_callback callback,
                                         void *PJE_NULLABLE user_data) PJE_NOEXCEPT PJE_NODISCARD;

/** The error of a finished event, NULL when it went well. Errors of the call: FAILED_PRECONDITION (not ready
 * yet, function "pje_event_error"). Callback-safe. PJRT: PJRT_Event_Error. */
PJE_EXPORT pje_error *pje_event_error(const pje_event *event) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes an event of the caller's own: a promise. When it is released before it is set, whatever depends on
 * it becomes ready with CANCELLED. @param out Owned by the caller. Works without any plugin. */
PJE_EXPORT pje_error *pje_event_create(pje_event **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_event_create, with an event of the plugin's own behind it, for functions of the plugin that take
 * one and that this library does not know. That event becomes whatever the promise becomes, also CANCELLED
 * when it is released before it is set, and FAILED_PRECONDITION when the client is closed, which does not
 * wait for it. Not Callback-safe.
 * @param raw receives the `PJRT_Event *`: lent, as long as `out` lives and its client is open; only
 * pje_event_set may set it, since plugins end the process over an event that is set twice.
 * @param out Owned by the caller; keeps the client alive. Errors: UNIMPLEMENTED (plugins before 0.89), what
 * the plugin answers. PJRT: PJRT_Event_Create. */
PJE_EXPORT pje_error *pje_event_create_raw(pje_client *client, void **raw,
                                           pje_event **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a promise ready: well when `error` is NULL, else with `error`, which is Borrowed. Once.
 * Callbacks and dependents run inside this call. Callback-safe.
 * Errors: FAILED_PRECONDITION (set already, or no promise), what the plugin answers for one of
 * pje_event_create_raw, which then is not set. PJRT: PJRT_Event_Set. */
PJE_EXPORT pje_error *pje_event_set(pje_event *event,
                                    pje_error *PJE_NULLABLE error) PJE_NOEXCEPT PJE_NODISCARD;

/** An event that is ready when all of `n` events are, also after a failure; its error is that of the lowest
 * index that failed. With no events it is ready at once. @param events Borrowed. @param out Owned by the
 * caller. */
PJE_EXPORT pje_error *pje_event_all(pje_event *const *PJE_NULLABLE events, size_t n,
                                    pje_event **out) PJE_NOEXCEPT PJE_NODISCARD;

/** An event that is ready when the first of `n` events is, with that one's outcome.
 * @param index receives which one it was, before `out` is ready; must live until then; may be NULL.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (no events). */
PJE_EXPORT pje_error *pje_event_any(pje_event *const *events, size_t n, pje_event **out,
                                    size_t *PJE_NULLABLE index) PJE_NOEXCEPT PJE_NODISCARD;

/** Has `callback` run on the library's dispatcher thread once `event` is ready. Everything but waiting is
 * allowed there: waits are FAILED_PRECONDITION. All functions given to this call share that thread, so none
 * should take long.
 * @param out ready once the function has run, with the outcome of `event`; Owned by the caller. */
PJE_EXPORT pje_error *pje_event_then(pje_event *event, pje_callback callback, void *PJE_NULLABLE user_data,
                                     pje_event **out) PJE_NOEXCEPT PJE_NODISCARD;

/** What the call that gave `event` has made, for `_async` calls whose `out` was NULL, or as a further
 * reference. The event keeps one of its own until it is released. @param out Owned by the caller.
 * Errors: the event's own; FAILED_PRECONDITION (not ready yet); INVALID_ARGUMENT (an event of a call that
 * makes something else). Callback-safe. */
PJE_EXPORT pje_error *pje_event_get_loaded_executable(const pje_event *event,
                                                      pje_loaded_executable **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Likewise of a call that makes a client. The last reference may be the event's. Callback-safe. */
PJE_EXPORT pje_error *pje_event_get_client(const pje_event *event,
                                           pje_client **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Likewise of a call that makes an executable. Callback-safe. */
PJE_EXPORT pje_error *pje_event_get_executable(const pje_event *event,
                                               pje_executable **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Likewise of a call that makes bytes. Callback-safe. */
PJE_EXPORT pje_error *pje_event_get_bytes(const pje_event *event, pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_EVENT_H_ */
