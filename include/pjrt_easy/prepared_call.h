/** @file
 * Prepared calls: an executable, its options, and slots for arguments and outputs, set up once and run again
 * and again. @since 0.1.
 */
#ifndef PJRT_EASY_PREPARED_CALL_H_
#define PJRT_EASY_PREPARED_CALL_H_

#include "pjrt_easy/executable.h"
#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Retains. Callback-safe. */
PJE_EXPORT pje_prepared_call *pje_prepared_call_retain(const pje_prepared_call *PJE_NULLABLE call)
    PJE_NOEXCEPT;

/** Releases the call with its references to arguments and outputs. A run in progress goes on. Callback-safe.
 * */
PJE_EXPORT void pje_prepared_call_release(pje_prepared_call *PJE_NULLABLE call) PJE_NOEXCEPT;

/** Sets a run on one device up: what execute checks and fills in each time is checked and filled in here.
 * @param options copied with all that it points at. @param out Owned by the caller; keeps the executable
 * alive. Argument slots start empty. Errors: as pje_loaded_executable_execute for options and devices. */
PJE_EXPORT pje_error *pje_prepared_call_create(pje_loaded_executable *executable,
                                               const pje_execute_options *PJE_NULLABLE options,
                                               pje_prepared_call **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The executable. Borrowed from the call. Callback-safe. */
PJE_EXPORT pje_loaded_executable *pje_prepared_call_executable(const pje_prepared_call *call) PJE_NOEXCEPT;

/** Number of argument slots. Where the plugin does not tell what its program takes: up to the highest one
 * set. Callback-safe. */
PJE_EXPORT size_t pje_prepared_call_num_args(const pje_prepared_call *call) PJE_NOEXCEPT;

/** Number of output slots. Callback-safe. */
PJE_EXPORT size_t pje_prepared_call_num_outputs(const pje_prepared_call *call) PJE_NOEXCEPT;

/** Sets the argument of all runs to come; it is checked here, once. One thread at a time.
 * @param buffer retained by the call until another one takes its place; NULL empties the slot. An output of
 * the call itself may be fed back. After a run that took the argument over
 * (pje_loaded_executable_arg_is_donated) the slot has to be set again. Errors: INVALID_ARGUMENT (no such
 * slot; dtype or dimensions differ; deleted, donated or foreign buffer). */
PJE_EXPORT pje_error *pje_prepared_call_set_arg(pje_prepared_call *call, size_t index,
                                                pje_buffer *PJE_NULLABLE buffer) PJE_NOEXCEPT PJE_NODISCARD;

/** The argument in a slot. Borrowed from the call, until the slot is set again; NULL when it is empty or
 * there is none. One thread at a time. Callback-safe. */
PJE_EXPORT pje_buffer *pje_prepared_call_arg(const pje_prepared_call *call, size_t index) PJE_NOEXCEPT;

/** An output of the last run. Borrowed from the call, until its next run; retain it to keep it longer. NULL
 * before the first run, after one that failed, and where there is no such slot. One thread at a time.
 * Callback-safe. */
PJE_EXPORT pje_buffer *pje_prepared_call_output(const pje_prepared_call *call, size_t index) PJE_NOEXCEPT;

/** Runs with the arguments in the slots. Blocks until the end; the outputs of the run before are released
 * first. One thread at a time. Errors: FAILED_PRECONDITION (a slot is empty), INVALID_ARGUMENT (an argument
 * was deleted or donated since it was set; the same buffer donated twice), and the run's own error; a refused
 * run keeps the outputs of the one before, a failed one leaves none. PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_prepared_call_run(pje_prepared_call *call) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_prepared_call_run without waiting for the end: the outputs are pending and may be used as arguments
 * at once, and the call may be run again. One thread at a time.
 * @param done ready when the run ended, with its error; Owned by the caller; NULL: not wanted.
 * PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_prepared_call_run_async(pje_prepared_call *call,
                                                  pje_event **PJE_NULLABLE done) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_PREPARED_CALL_H_ */
