/** @file
 * Key-value stores: through them the clients of a program over several processes find each other. A client
 * gets its store in pje_client_options.kv_store and keeps it. Keys and values are bytes. Any thread.
 * @since 0.1.
 */
#ifndef PJRT_EASY_KV_STORE_H_
#define PJRT_EASY_KV_STORE_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Makes a store in the memory of this process, for several clients in it. A value that is put again replaces
 * the former. @param out Owned by the caller. PJRT: PJRT_Client_Create. */
PJE_EXPORT pje_error *pje_kv_store_create(pje_kv_store **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a store of the caller's own. Its functions are called from several threads at once, as callbacks
 * that must answer.
 * @param try_get NULL: plugins go without. @param release runs with `user_data` exactly once when the store
 * and every client that has it are gone; NULL: nothing runs. When the call fails it never will.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (NULL get or put). PJRT: PJRT_Client_Create. */
PJE_EXPORT pje_error *pje_kv_store_from_callbacks(pje_kv_get_callback get,
                                                  pje_kv_try_get_callback PJE_NULLABLE try_get,
                                                  pje_kv_put_callback put, pje_callback PJE_NULLABLE release,
                                                  void *PJE_NULLABLE user_data,
                                                  pje_kv_store **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes a store whose questions become requests of a queue: PJE_REQUEST_KV_GET, _TRY_GET and _PUT, with the
 * key under "key". @param out Owned by the caller. PJRT: PJRT_Client_Create. */
PJE_EXPORT pje_error *pje_kv_store_from_request_queue(pje_request_queue *queue,
                                                      pje_kv_store **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `store`. Callback-safe. */
PJE_EXPORT pje_kv_store *pje_kv_store_retain(const pje_kv_store *PJE_NULLABLE store) PJE_NOEXCEPT;

/** Drops a reference; clients keep theirs. Callback-safe. */
PJE_EXPORT void pje_kv_store_release(pje_kv_store *PJE_NULLABLE store) PJE_NOEXCEPT;

/** Blocks until the key has a value. @param timeout_ns nanoseconds, negative: no limit.
 * @param out the value; Owned by the caller. Errors: INVALID_ARGUMENT (NULL key), DEADLINE_EXCEEDED, what the
 * store answers. */
PJE_EXPORT pje_error *pje_kv_store_get(pje_kv_store *store, const void *PJE_NULLABLE key, size_t key_size,
                                       int64_t timeout_ns, pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_kv_store_get without waiting. Errors: NOT_FOUND (no value yet), UNIMPLEMENTED (a store of the
 * caller's own without try_get), what the store answers. */
PJE_EXPORT pje_error *pje_kv_store_try_get(pje_kv_store *store, const void *PJE_NULLABLE key, size_t key_size,
                                           pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Gives a key its value, copied. Errors: INVALID_ARGUMENT (NULL key or value), what the store answers. */
PJE_EXPORT pje_error *pje_kv_store_put(pje_kv_store *store, const void *PJE_NULLABLE key, size_t key_size,
                                       const void *PJE_NULLABLE value,
                                       size_t value_size) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_KV_STORE_H_ */
