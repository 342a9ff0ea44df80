/** @file
 * Request queues: callbacks that must answer, served by a thread of the program. Any thread. @since 0.1.
 * No PJRT function.
 *
 * A plugin asks for some things in the middle of its work and blocks one of its threads until it has the
 * answer: a value of the key-value store, data to send or receive. Languages whose code cannot run on a
 * foreign thread hand a queue over instead of callbacks: each question becomes a request with an id, which is
 * taken with pje_request_queue_next and answered with pje_request_queue_answer.
 */
#ifndef PJRT_EASY_REQUEST_QUEUE_H_
#define PJRT_EASY_REQUEST_QUEUE_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** What a request asks for. Values and data are those of pje_request_queue_values and _data. */
typedef enum pje_request_kind PJE_ENUM_BASE {
  PJE_REQUEST_INVALID = 0,    /**< no request */
  PJE_REQUEST_KV_GET = 1,     /**< values: "key"; answer: the value, once it is there */
  PJE_REQUEST_KV_TRY_GET = 2, /**< values: "key"; answer: the value, or NOT_FOUND */
  PJE_REQUEST_KV_PUT = 3,     /**< values: "key"; data: the value; the answer's data are ignored */
  PJE_REQUEST_SEND = 4,       /**< a program sends data to the host */
  PJE_REQUEST_RECV = 5,       /**< a program wants data from the host */
  PJE_REQUEST_OUTPUT = 6,     /**< a result of an operation that a program shows to the host */
  PJE_REQUEST_LOG = 7,        /**< a line of the log, see pje_log_set_queue; nobody waits for the answer */
  PJE_REQUEST_USER = 1000,    /**< this and what follows: pje_request_queue_ask's own */
  PJE_REQUEST_KIND_MAX_ = INT32_MAX
} pje_request_kind;

/** Makes an empty queue. @param out Owned by the caller. Errors: RESOURCE_EXHAUSTED (no file descriptor
 * left). */
PJE_EXPORT pje_error *pje_request_queue_create(pje_request_queue **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `queue`. Callback-safe. */
PJE_EXPORT pje_request_queue *pje_request_queue_retain(const pje_request_queue *PJE_NULLABLE queue)
    PJE_NOEXCEPT;

/** Drops a reference; the last one closes the queue. Callback-safe. */
PJE_EXPORT void pje_request_queue_release(pje_request_queue *PJE_NULLABLE queue) PJE_NOEXCEPT;

/** Takes up to `capacity` requests, oldest first. Blocks for at most `timeout_ns` nanoseconds for the first
 * one (below 0 for ever, 0 only looks). A timeout or a wake-up is a success with `*count` 0. Each request
 * taken must be answered. @param ids `capacity` slots. Errors: INVALID_ARGUMENT (capacity 0, NULL slots),
 * FAILED_PRECONDITION (closed and empty). */
PJE_EXPORT pje_error *pje_request_queue_next(pje_request_queue *queue, int64_t timeout_ns, size_t capacity,
                                             uint64_t *ids, size_t *count) PJE_NOEXCEPT PJE_NODISCARD;

/** The pje_request_kind of a request that was taken and not yet answered; PJE_REQUEST_INVALID for any other
 * id. Callback-safe. */
PJE_EXPORT int32_t pje_request_queue_kind(const pje_request_queue *queue, uint64_t id) PJE_NOEXCEPT;

/** Nanoseconds until the asker gives up: 0 when it has, or there is no such request; -1 when it never will.
 * Callback-safe. */
PJE_EXPORT int64_t pje_request_queue_time_left(const pje_request_queue *queue, uint64_t id) PJE_NOEXCEPT;

/** The named values of a request, or NULL. Borrowed until the request is answered, also when its asker has
 * given up. Callback-safe. */
PJE_EXPORT const pje_named_values *pje_request_queue_values(const pje_request_queue *queue,
                                                            uint64_t id) PJE_NOEXCEPT;

/** The data of a request, or NULL. Borrowed likewise. @param size receives the number of bytes.
 * Callback-safe. */
PJE_EXPORT const void *pje_request_queue_data(const pje_request_queue *queue, uint64_t id,
                                              size_t *PJE_NULLABLE size) PJE_NOEXCEPT;

/** Answers a request: with `error` (Borrowed) unless it is NULL, else with `size` bytes at `data`, copied.
 * Errors: NOT_FOUND (no request of that id taken, or answered before), FAILED_PRECONDITION (the asker has
 * given up, or the queue is closed; the request is over all the same), INVALID_ARGUMENT (NULL data).
 * Callback-safe. */
PJE_EXPORT pje_error *pje_request_queue_answer(pje_request_queue *queue, uint64_t id,
                                               const void *PJE_NULLABLE data, size_t size,
                                               pje_error *PJE_NULLABLE error) PJE_NOEXCEPT PJE_NODISCARD;

/** Puts a request of the program's own into the queue. Blocks until it is answered: for callbacks written
 * in C whose answer another language knows. May be called inside a callback that must answer, where it blocks
 * that thread.
 * @param kind PJE_REQUEST_USER or more. @param values Borrowed; must not change until this returns. @param
 * data `size` bytes, copied. @param timeout_ns nanoseconds to wait, negative: no limit.
 * @param out the answer's data; Owned by the caller. Errors: the answer's, DEADLINE_EXCEEDED (nobody answered
 * in time), CANCELLED (the queue is closed), FAILED_PRECONDITION (in a function of pje_event_then). */
PJE_EXPORT pje_error *pje_request_queue_ask(pje_request_queue *queue, int32_t kind,
                                            pje_named_values *PJE_NULLABLE values,
                                            const void *PJE_NULLABLE data, size_t size, int64_t timeout_ns,
                                            pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Has `callback` run whenever the empty queue gets a request: wake-ups merge until pje_request_queue_next
 * has emptied it. Runs on the asker's thread, at once when something is queued already. NULL ends it: a call
 * that is running is waited for, so that what `user_data` names may be freed. */
PJE_EXPORT pje_error *pje_request_queue_on_request(pje_request_queue *queue,
                                                   pje_callback PJE_NULLABLE callback,
                                                   void *PJE_NULLABLE user_data) PJE_NOEXCEPT PJE_NODISCARD;

/** A non-blocking file descriptor that is readable while something is queued, for poll and epoll. Borrowed:
 * neither read nor close it. -1 for a wrong handle. Callback-safe. */
PJE_EXPORT int32_t pje_request_queue_fd(const pje_request_queue *queue) PJE_NOEXCEPT;

/** Has one pje_request_queue_next return early, now or when it is called next. Callback-safe. */
PJE_EXPORT pje_error *pje_request_queue_wake(pje_request_queue *queue) PJE_NOEXCEPT PJE_NODISCARD;

/** Ends the queue: every asker is answered with CANCELLED, now and in future. Callback-safe. */
PJE_EXPORT void pje_request_queue_close(pje_request_queue *PJE_NULLABLE queue) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_REQUEST_QUEUE_H_ */
