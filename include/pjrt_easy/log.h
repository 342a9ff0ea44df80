/** @file
 * Logs: lines of the library, and, when asked for, what plugins write to stderr.
 *
 * The library logs what no caller can receive as an error: wrong handles given to functions without an error,
 * errors of plugins inside a release (destroy, reference decrement, unmap), leaks under PJE_VALIDATE=1.
 * Without a callback each is a line on stderr that begins with "pjrt_easy: ". Any thread. @since 0.1.
 */
#ifndef PJRT_EASY_LOG_H_
#define PJRT_EASY_LOG_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** What a line of the log is about. */
typedef enum pje_log_kind PJE_ENUM_BASE {
  PJE_LOG_MISUSE = 1,        /**< a wrong handle; counted by pje_misuse_count too */
  PJE_LOG_PLUGIN_ERROR = 2,  /**< a plugin's error that no call could return */
  PJE_LOG_NOTICE = 3,        /**< something of note that the library had to do without */
  PJE_LOG_LEAK = 4,          /**< an object that is still held, see pje_leak_report */
  PJE_LOG_PLUGIN_OUTPUT = 5, /**< a line that was written to stderr, see pje_log_capture_stderr */
  PJE_LOG_KIND_MAX_ = INT32_MAX
} pje_log_kind;

/** Receives one line. It runs on any thread, several at once, with the rules of callbacks: only callback-safe
 * functions work in it, and what these log goes to stderr.
 * @param kind a pje_log_kind. @param code the error's code; PJE_OK for lines that are no errors.
 * @param function who failed, "PJRT_…" or "pje_…"; "" when nobody did. @param message the line, UTF-8 without
 * a line end. Both are Borrowed for the call. */
typedef void (*pje_log_callback)(void *user_data, int32_t kind, pje_code code, const char *function,
                                 const char *message);

/** Gives every further line to `callback` instead of stderr; NULL: to stderr again. Process-wide.
 * When it returns, the former callback neither runs nor will: what it used may be freed. Do not hold a lock
 * across this call which the callback takes. Errors: FAILED_PRECONDITION (inside a callback). */
PJE_EXPORT pje_error *pje_log_set_callback(pje_log_callback PJE_NULLABLE callback,
                                           void *PJE_NULLABLE user_data) PJE_NOEXCEPT PJE_NODISCARD;

/** Gives every further line to `queue` as a request PJE_REQUEST_LOG with the values "kind" (a pje_log_kind),
 * "code" (a pje_code) and "function", and the line as its data; NULL: to stderr again. Nobody waits for the
 * answer, which ends the request and is ignored. Lines go to stderr while 10,000 wait for theirs, and once
 * the queue is closed. Process-wide; replaces a callback as another callback would. Errors:
 * FAILED_PRECONDITION (inside a callback). No PJRT function. */
PJE_EXPORT pje_error *pje_log_set_queue(pje_request_queue *PJE_NULLABLE queue) PJE_NOEXCEPT PJE_NODISCARD;

/** Captures what the process writes to file descriptor 2, which is how plugins log: each line becomes a
 * PJE_LOG_PLUGIN_OUTPUT record, from a thread of the library. Lines of the program itself and of other
 * libraries cannot be told from a plugin's and come too. Without a callback lines are written to the former
 * stderr. Costs three file descriptors and a thread while it is on. false puts the former stderr back and
 * returns once every line written before was given out. A child made by fork has the former stderr; one made
 * by posix_spawn or exec keeps the pipe, and loses its stderr when the capture ends. What a dying process
 * (abort, a plugin's fatal error) wrote last may not come out; exit gives it to the former stderr. Errors:
 * FAILED_PRECONDITION (inside a callback; captured already), RESOURCE_EXHAUSTED (no descriptor or thread). */
PJE_EXPORT pje_error *pje_log_capture_stderr(bool capture) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets from which level on plugins write log lines: 0 everything, 1 warnings, 2 errors, 3 fatal errors only.
 * Plugins read it when they are loaded: call this before. It sets the environment variable
 * TF_CPP_MIN_LOG_LEVEL, which XLA's plugins obey (libtpu and CUDA plugins write a few lines all the same): no
 * other thread may use the environment meanwhile, and child processes inherit it. Errors: INVALID_ARGUMENT
 * (not 0 to 3). */
PJE_EXPORT pje_error *pje_log_set_plugin_level(int32_t level) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_LOG_H_ */
