/** @file
 * The threads of the library. Any thread. @since 0.1. No PJRT function.
 *
 * Calls that plugins offer only as blocking ones (create or open a client, compile, load, serialize) are made
 * asynchronous on threads of the library, and so are runs launched with PJE_LAUNCH_POOL. They start with the
 * first work for them, block every signal, and end when the last client has ended.
 */
#ifndef PJRT_EASY_POOL_H_
#define PJRT_EASY_POOL_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Sets how many threads may run `_async` calls, and as many again launches, at a time; 4 unless set. Takes
 * effect at once; threads beyond `n` end after the work they have begun. Launches that wait for each other
 * inside the plugin, such as a collective launched device by device, need as many threads as devices. Errors:
 * INVALID_ARGUMENT (0, or more than 4096). */
PJE_EXPORT pje_error *pje_pool_set_num_threads(size_t n) PJE_NOEXCEPT PJE_NODISCARD;

/** The number set. Callback-safe. */
PJE_EXPORT size_t pje_pool_num_threads(void) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_POOL_H_ */
