/** @file
 * Handlers: functions that a running program calls, given in pje_execute_options.handlers. @since 0.1.
 *
 * They run on threads of the plugin, as callbacks: only callback-safe functions work inside, and the program
 * waits. A set is a builder: One thread at a time while it is being changed; a run takes it as it is then.
 * Devices of one run share the handlers and may call them at the same time.
 */
#ifndef PJRT_EASY_EXECUTE_HANDLERS_H_
#define PJRT_EASY_EXECUTE_HANDLERS_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes an empty set.
 * @param release runs with `user_data` exactly once when the last reference is dropped and the last run that
 * uses the set has ended; NULL: nothing runs. When the call fails it never will.
 * @param out Owned by the caller. */
PJE_EXPORT pje_error *pje_execute_handlers_create(pje_callback PJE_NULLABLE release,
                                                  void *PJE_NULLABLE user_data,
                                                  pje_execute_handlers **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `handlers`. Callback-safe. */
PJE_EXPORT pje_execute_handlers *pje_execute_handlers_retain(
    const pje_execute_handlers *PJE_NULLABLE handlers) PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. */
PJE_EXPORT void pje_execute_handlers_release(pje_execute_handlers *PJE_NULLABLE handlers) PJE_NOEXCEPT;

/** Has `handler` take what the program sends over a channel. `user_data` must live as long as the set.
 * Errors: INVALID_ARGUMENT (NULL handler, channel that has one). PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_execute_handlers_add_send(pje_execute_handlers *handlers, int64_t channel_id,
                                                    pje_send_handler handler,
                                                    void *PJE_NULLABLE user_data) PJE_NOEXCEPT PJE_NODISCARD;

/** Has `handler` feed what the program receives over a channel. `user_data` must live as long as the set.
 * Errors: INVALID_ARGUMENT (NULL handler, channel that has one). PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_execute_handlers_add_receive(
    pje_execute_handlers *handlers, int64_t channel_id, pje_receive_handler handler,
    void *PJE_NULLABLE user_data) PJE_NOEXCEPT PJE_NODISCARD;

/** Has `handler` look at the result of an operation that the program has marked with the frontend attribute
 * `_xla_tag = "callback_id"`; plugins from 0.112 on. `user_data` must live as long as the set.
 * @param num_operands number of arrays that the operation gives: 1 unless it gives a tuple.
 * Errors: INVALID_ARGUMENT (NULL handler, number that has one). PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_execute_handlers_add_output(
    pje_execute_handlers *handlers, int64_t callback_id, size_t num_operands, pje_output_handler handler,
    void *PJE_NULLABLE user_data) PJE_NOEXCEPT PJE_NODISCARD;

/** Has a thread of the program take what it sends over a channel: each chunk becomes a request
 * PJE_REQUEST_SEND with the values "channel_id", "device_index", "total_bytes" and "is_last" and the chunk as
 * its data. Errors: INVALID_ARGUMENT (channel that has a handler). PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_execute_handlers_add_send_requests(
    pje_execute_handlers *handlers, int64_t channel_id, pje_request_queue *queue) PJE_NOEXCEPT PJE_NODISCARD;

/** Has a thread of the program feed what it receives over a channel: each receive becomes a request
 * PJE_REQUEST_RECV with the same values, answered with all of its "total_bytes". Errors: INVALID_ARGUMENT
 * (channel that has a handler). PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_execute_handlers_add_receive_requests(
    pje_execute_handlers *handlers, int64_t channel_id, pje_request_queue *queue) PJE_NOEXCEPT PJE_NODISCARD;

/** Has a thread of the program look at what pje_execute_handlers_add_output shows: each becomes a request
 * PJE_REQUEST_OUTPUT with the values "callback_id", "replica", "partition", "operand_index", "dtype" (a
 * pje_dtype) and "dims", and a copy of the contents, dense and row-major, as its data. The program waits for
 * the answer, whose data are ignored; an error is logged, for the plugin takes none. Errors: INVALID_ARGUMENT
 * (number that has a handler). PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_execute_handlers_add_output_requests(
    pje_execute_handlers *handlers, int64_t callback_id, size_t num_operands,
    pje_request_queue *queue) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_EXECUTE_HANDLERS_H_ */
