/** @file
 * What is alive: handles that the program holds, the memory of a client's buffers, and what to do when that
 * memory runs out. Any thread. @since 0.1.
 */
#ifndef PJRT_EASY_STATS_H_
#define PJRT_EASY_STATS_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** What a program holds of one client. Counts are of objects with at least one reference of the program's. */
typedef struct pje_client_statistics {
  size_t struct_size; /**< sizeof(pje_client_statistics); set it before the call */
  uint64_t num_buffers;
  uint64_t num_events;
  uint64_t num_loaded_executables;
  uint64_t num_others; /**< every other type of object that belongs to the client */
  uint64_t live_bytes; /**< sum of the dense sizes of buffers that are neither deleted nor donated */
  uint64_t peak_bytes; /**< largest live_bytes that was seen, by this function or when memory ran out; it is
                          not followed in between, since counting would cost every run */
} pje_client_statistics;

#define PJE_CLIENT_STATISTICS_INIT \
  { sizeof(pje_client_statistics), 0, 0, 0, 0, 0, 0 }

/** Counts what the program holds of a client. Takes time with the number of handles of the whole process
 * (about 1 ns each). @param out Members beyond struct_size are not written; those that this library does not
 * know read 0. Errors: INVALID_ARGUMENT (struct_size). Callback-safe. */
PJE_EXPORT pje_error *pje_client_stats(const pje_client *client,
                                       pje_client_statistics *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Number of objects of a type, such as "pje_buffer", that the program holds at least one reference to, in
 * the whole process; NULL: of all types. 0 for a name that is none. Callback-safe. */
PJE_EXPORT uint64_t pje_live_objects(const char *PJE_NULLABLE type) PJE_NOEXCEPT;

/** Logs every object that the program holds (PJE_LOG_LEAK), and returns how many these are. With
 * PJE_VALIDATE=1 in the environment when the library is first used, each line tells the function that made
 * the object and its callers, as `file+0xoffset` for addr2line; this report then comes by itself when the
 * last client has ended, and at exit; a handle that was released stays wrong for ever, since its place is
 * never used again; and what a call uses lives until the call ends: a last release by another thread
 * meanwhile is a misuse. The price is slower calls, and memory for addresses. Callback-safe. */
PJE_EXPORT uint64_t pje_leak_report(void) PJE_NOEXCEPT;

/** Frees something, such as buffers it releases; answers whether the call that ran out of memory is worth
 * repeating. Runs inside that call, on its thread, with the rules of callbacks. */
typedef bool (*pje_out_of_memory_callback)(void *user_data);

/** Sets what runs when a call with the client or its objects ran out of the device's memory; NULL: nothing.
 * The call is repeated once when it answers true, and its second error is the caller's. Errors that come
 * later, through an event, find no call to repeat. When this returns, the former callback neither runs nor
 * will. With or without it, the detail of a RESOURCE_EXHAUSTED error ends with the memory figures of each
 * device, where the plugin has them, and the largest buffers held. Errors: FAILED_PRECONDITION (inside a
 * callback). PJRT: PJRT_Device_MemoryStats. */
PJE_EXPORT pje_error *pje_client_set_out_of_memory_callback(
    pje_client *client, pje_out_of_memory_callback PJE_NULLABLE callback,
    void *PJE_NULLABLE user_data) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_STATS_H_ */
