/** @file
 * Completion queues: completions taken when the program likes, by a thread, a file descriptor or one merged
 * wake-up. No code of the caller runs on a foreign thread. Any thread. @since 0.1. No PJRT function.
 */
#ifndef PJRT_EASY_COMPLETION_QUEUE_H_
#define PJRT_EASY_COMPLETION_QUEUE_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes an empty queue. @param out Owned by the caller. Errors: RESOURCE_EXHAUSTED (no file descriptor
 * left). */
PJE_EXPORT pje_error *pje_completion_queue_create(pje_completion_queue **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `queue`. Callback-safe. */
PJE_EXPORT pje_completion_queue *pje_completion_queue_retain(const pje_completion_queue *PJE_NULLABLE queue)
    PJE_NOEXCEPT;

/** Drops a reference; the last one closes the queue. Callback-safe. */
PJE_EXPORT void pje_completion_queue_release(pje_completion_queue *PJE_NULLABLE queue) PJE_NOEXCEPT;

/** Has the completion of `event` queued under `tag`, at once when it is ready already. The queue keeps what
 * it needs: the event may be released. Callback-safe. Errors: FAILED_PRECONDITION (closed), what the plugin
 * answers. */
PJE_EXPORT pje_error *pje_completion_queue_add(pje_completion_queue *queue, pje_event *event,
                                               uint64_t tag) PJE_NOEXCEPT PJE_NODISCARD;

/** Takes up to `capacity` completions, oldest first. Blocks for at most `timeout_ns` nanoseconds for the
 * first one (below 0 for ever, 0 only looks). A timeout or a wake-up is a success with `*count` 0.
 * @param tags `capacity` slots. @param errors `capacity` slots: the event's error, Owned by the caller, or
 * NULL. Errors: INVALID_ARGUMENT (capacity 0, NULL slots), FAILED_PRECONDITION (closed and empty). */
PJE_EXPORT pje_error *pje_completion_queue_next(pje_completion_queue *queue, int64_t timeout_ns,
                                                size_t capacity, uint64_t *tags, pje_error **errors,
                                                size_t *count) PJE_NOEXCEPT PJE_NODISCARD;

/** Has `callback` run whenever the empty queue gets a completion: wake-ups merge until
 * pje_completion_queue_next has emptied it. Runs on a thread of the plugin or inside the call that completed
 * an event, at once when something is queued already. NULL ends it: a call that is running is waited for, so
 * that what `user_data` names may be freed. */
PJE_EXPORT pje_error *pje_completion_queue_on_nonempty(
    pje_completion_queue *queue, pje_callback PJE_NULLABLE callback,
    void *PJE_NULLABLE user_data) PJE_NOEXCEPT PJE_NODISCARD;

/** A non-blocking file descriptor that is readable while something is queued, for poll and epoll. Borrowed:
 * neither read nor close it, pje_completion_queue_next drains it. -1 for a wrong handle. Callback-safe. */
PJE_EXPORT int32_t pje_completion_queue_fd(const pje_completion_queue *queue) PJE_NOEXCEPT;

/** Has one pje_completion_queue_next return early, now or when it is called next. Callback-safe. */
PJE_EXPORT pje_error *pje_completion_queue_wake(pje_completion_queue *queue) PJE_NOEXCEPT PJE_NODISCARD;

/** Ends the queue: what is queued can still be taken, what completes later is dropped. Callback-safe. */
PJE_EXPORT void pje_completion_queue_close(pje_completion_queue *PJE_NULLABLE queue) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_COMPLETION_QUEUE_H_ */
