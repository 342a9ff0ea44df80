/** @file
 * Compiling programs and running them. Any thread. @since 0.1.
 *
 * Arguments are checked against the program's signature before anything is sent: plugins themselves compare
 * only byte sizes. A refused call has consumed nothing; once dispatched, donated arguments are gone even if
 * the run fails, and their handles must still be released.
 */
#ifndef PJRT_EASY_EXECUTABLE_H_
#define PJRT_EASY_EXECUTABLE_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Compiles a program. Blocks, for milliseconds to minutes.
 * @param options NULL: one replica, one partition. @param out Owned by the caller.
 * Errors: what the plugin answers (UNKNOWN or INVALID_ARGUMENT with the parser's text for a bad program).
 * PJRT: PJRT_Client_Compile. */
PJE_EXPORT pje_error *pje_client_compile(pje_client *client, const pje_program *program,
                                         const pje_compile_options *PJE_NULLABLE options,
                                         pje_loaded_executable **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_client_compile on a thread of the library: returns at once. The program is kept, the options are
 * read before the call returns.
 * @param out NULL, or a slot that receives the executable, Owned by the caller, before `done` is ready: it
 * must live until then. Who may give the waiting up passes NULL and calls pje_event_get_loaded_executable.
 * @param done Owned by the caller. Errors of the call: INVALID_ARGUMENT (handles, options),
 * RESOURCE_EXHAUSTED (no thread); the plugin's are the event's. PJRT: PJRT_Client_Compile. */
PJE_EXPORT pje_error *pje_client_compile_async(pje_client *client, const pje_program *program,
                                               const pje_compile_options *PJE_NULLABLE options,
                                               pje_loaded_executable **PJE_NULLABLE out,
                                               pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `executable`. Callback-safe. */
PJE_EXPORT pje_loaded_executable *pje_loaded_executable_retain(
    const pje_loaded_executable *PJE_NULLABLE executable) PJE_NOEXCEPT;

/** Drops a reference; runs in progress go on. Callback-safe. PJRT: PJRT_LoadedExecutable_Destroy. */
PJE_EXPORT void pje_loaded_executable_release(pje_loaded_executable *PJE_NULLABLE executable) PJE_NOEXCEPT;

/** The client. Borrowed. Callback-safe. */
PJE_EXPORT pje_client *pje_loaded_executable_client(const pje_loaded_executable *executable) PJE_NOEXCEPT;

/** Name of the program. Borrowed, never NULL. Callback-safe. PJRT: PJRT_Executable_Name. */
PJE_EXPORT const char *pje_loaded_executable_name(const pje_loaded_executable *executable) PJE_NOEXCEPT;

/** Number of replicas. Callback-safe. PJRT: PJRT_Executable_NumReplicas. */
PJE_EXPORT size_t pje_loaded_executable_num_replicas(const pje_loaded_executable *executable) PJE_NOEXCEPT;

/** Number of partitions. Callback-safe. PJRT: PJRT_Executable_NumPartitions. */
PJE_EXPORT size_t pje_loaded_executable_num_partitions(const pje_loaded_executable *executable) PJE_NOEXCEPT;

/** Number of devices of this process that the program runs on. Callback-safe.
 * PJRT: PJRT_LoadedExecutable_AddressableDevices. */
PJE_EXPORT size_t pje_loaded_executable_num_addressable_devices(const pje_loaded_executable *executable)
    PJE_NOEXCEPT;

/** Device `index` of those, or NULL. Lent. Callback-safe. PJRT: PJRT_LoadedExecutable_AddressableDevices. */
PJE_EXPORT pje_device *pje_loaded_executable_addressable_device(const pje_loaded_executable *executable,
                                                                size_t index) PJE_NOEXCEPT;

/** Number of arguments per device; SIZE_MAX when the plugin does not tell. Callback-safe.
 * PJRT: PJRT_Executable_OptimizedProgram. */
PJE_EXPORT size_t pje_loaded_executable_num_args(const pje_loaded_executable *executable) PJE_NOEXCEPT;

/** Number of results per device. Callback-safe. PJRT: PJRT_Executable_NumOutputs. */
PJE_EXPORT size_t pje_loaded_executable_num_outputs(const pje_loaded_executable *executable) PJE_NOEXCEPT;

/** Element type and dimensions of argument `index` as each device sees it. Returns false, with outputs
 * untouched, when there is none or the plugin does not tell. `*dims` is Borrowed, lives as long as the
 * process. Callback-safe. PJRT: PJRT_Executable_OptimizedProgram. */
PJE_EXPORT bool pje_loaded_executable_arg_type(const pje_loaded_executable *executable, size_t index,
                                               pje_dtype *PJE_NULLABLE dtype,
                                               const int64_t **PJE_NULLABLE dims,
                                               size_t *PJE_NULLABLE rank) PJE_NOEXCEPT;

/** Likewise of result `index`. Callback-safe.
 * PJRT: PJRT_Executable_OutputElementTypes, PJRT_Executable_OutputDimensions. */
PJE_EXPORT bool pje_loaded_executable_output_type(const pje_loaded_executable *executable, size_t index,
                                                  pje_dtype *PJE_NULLABLE dtype,
                                                  const int64_t **PJE_NULLABLE dims,
                                                  size_t *PJE_NULLABLE rank) PJE_NOEXCEPT;

/** Whether a run may take argument `index` over, unless it is listed as not donatable. Callback-safe.
 * PJRT: PJRT_Executable_OptimizedProgram. */
PJE_EXPORT bool pje_loaded_executable_arg_is_donated(const pje_loaded_executable *executable,
                                                     size_t index) PJE_NOEXCEPT;

/** Who dispatches a run. */
typedef enum pje_launch PJE_ENUM_BASE {
  PJE_LAUNCH_CALLER = 0, /**< the calling thread, inside the call */
  /** A thread of the library: the call runs no code of the plugin and never waits for it. Order per device is
   * that of the calls. What the library checks is refused at once; what the plugin refuses is the error of
   * `done` and of each output. Outputs are handed over at once: their dtype and dimensions are known, they
   * may be arguments of further launches, and pje_buffer_ready, pje_buffer_to_host_async and
   * pje_buffer_to_array_async take them; other calls wait until the run is dispatched, and so do calls with
   * arguments that the run takes over. Arguments may be released at once. See pje_pool_set_num_threads.
   * Errors: UNIMPLEMENTED (a plugin that does not tell the types of outputs). */
  PJE_LAUNCH_POOL = 1,
  PJE_LAUNCH_MAX_ = INT32_MAX
} pje_launch;

/** Flags of pje_execute_options. */
typedef enum pje_execute_flags PJE_ENUM_BASE {
  /** Handlers get and give data in the device's own layout instead of row-major. Plugins from 0.108 on. */
  PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT = 1,
  PJE_EXECUTE_FLAGS_MAX_ = INT32_MAX
} pje_execute_flags;

/** How to run. All zero: the defaults. What the plugin is too old for is UNIMPLEMENTED, naming the member and
 * the PJRT version that has it. */
typedef struct pje_execute_options {
  size_t struct_size;                        /**< sizeof(pje_execute_options) */
  pje_device *PJE_NULLABLE device;           /**< run on this device; one-device calls only */
  const int64_t *PJE_NULLABLE non_donatable; /**< indices of arguments that this run must not take over */
  size_t num_non_donatable;
  pje_execute_context *PJE_NULLABLE context; /**< of the same plugin; from 0.64 on */
  const char
      *PJE_NULLABLE call_location;      /**< where the call comes from, for profiles; plugins from 0.76 on */
  int32_t launch_id;                    /**< groups the launches of one logical run over several processes */
  int32_t launch;                       /**< pje_launch */
  uint64_t flags;                       /**< pje_execute_flags */
  const int32_t *PJE_NULLABLE task_ids; /**< processes that take part; with incarnation_ids, from 0.78 on */
  const int64_t *PJE_NULLABLE incarnation_ids; /**< the life in which each of them is */
  size_t num_tasks;                            /**< of both lists */
  /** a PJRT_MultiSlice_Config of the plugin, as its MultiSlice extension makes it; must live until the run
   * has ended; from 0.97 on */
  const void *PJE_NULLABLE multi_slice_config;
  const pje_named_values *PJE_NULLABLE custom_options; /**< the plugin's own; copied; from 0.116 on */
  /** functions for the program's sends, receives and results of operations; kept until the run has ended */
  pje_execute_handlers *PJE_NULLABLE handlers;
} pje_execute_options;

#define PJE_EXECUTE_OPTIONS_INIT \
  { sizeof(pje_execute_options), NULL, NULL, 0, NULL, NULL, 0, 0, 0, NULL, NULL, 0, NULL, NULL, NULL }

/** Runs on one device. Blocks until the end.
 * @param args `num_args` buffers, Borrowed. @param outputs `num_outputs` slots, each Owned by the caller on
 * success; no slot may overlap `args`. With 0 outputs it may be NULL. Errors: INVALID_ARGUMENT (count, dtype,
 * dimensions or, on the device, the order of dimensions differ from the signature; NULL, foreign, deleted or
 * donated argument; the same buffer donated twice; a program over several devices: use execute_sharded), and
 * the run's own error (then no output is handed over). PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_loaded_executable_execute(pje_loaded_executable *executable,
                                                    pje_buffer *const *PJE_NULLABLE args, size_t num_args,
                                                    const pje_execute_options *PJE_NULLABLE options,
                                                    pje_buffer **PJE_NULLABLE outputs,
                                                    size_t num_outputs) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_loaded_executable_execute without waiting for the end; a plugin may still run a small program
 * inside the call and block when its queue is full. Outputs are pending and may be used as arguments at once.
 * @param done ready when the run ended, with its error; Owned by the caller; NULL: not wanted. */
PJE_EXPORT pje_error *pje_loaded_executable_execute_async(
    pje_loaded_executable *executable, pje_buffer *const *PJE_NULLABLE args, size_t num_args,
    const pje_execute_options *PJE_NULLABLE options, pje_buffer **PJE_NULLABLE outputs, size_t num_outputs,
    pje_event **PJE_NULLABLE done) PJE_NOEXCEPT PJE_NODISCARD;

/** Runs on every addressable device of the executable. Blocks until all have finished.
 * @param num_devices must be pje_loaded_executable_num_addressable_devices.
 * @param args argument i of device d is args[d * num_args_per_device + i]. @param outputs laid out alike.
 * Errors: as pje_loaded_executable_execute, naming the device. PJRT: PJRT_LoadedExecutable_Execute. */
PJE_EXPORT pje_error *pje_loaded_executable_execute_sharded(
    pje_loaded_executable *executable, size_t num_devices, pje_buffer *const *PJE_NULLABLE args,
    size_t num_args_per_device, const pje_execute_options *PJE_NULLABLE options,
    pje_buffer **PJE_NULLABLE outputs, size_t num_outputs_per_device) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_loaded_executable_execute_sharded without the wait. Every output is handed over, each with its own
 * error.
 * @param device_done `num_devices` slots, each Owned by the caller, or NULL: not wanted. */
PJE_EXPORT pje_error *pje_loaded_executable_execute_sharded_async(
    pje_loaded_executable *executable, size_t num_devices, pje_buffer *const *PJE_NULLABLE args,
    size_t num_args_per_device, const pje_execute_options *PJE_NULLABLE options,
    pje_buffer **PJE_NULLABLE outputs, size_t num_outputs_per_device,
    pje_event **PJE_NULLABLE device_done) PJE_NOEXCEPT PJE_NODISCARD;

/** Host in, host out, on one device: uploads, runs, reads back. Blocks until the end.
 * @param args `num_args` arrays, Borrowed; not changed, and must not be while the call runs.
 * @param outputs `num_outputs` slots, each a new array Owned by the caller. Errors: as execute; then no
 * output is handed over. */
PJE_EXPORT pje_error *pje_loaded_executable_run(pje_loaded_executable *executable,
                                                pje_array *const *PJE_NULLABLE args, size_t num_args,
                                                pje_array **PJE_NULLABLE outputs,
                                                size_t num_outputs) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_loaded_executable_run without the wait: uploads, run and reads are started.
 * @param args kept until `done` is ready; they must not change before.
 * @param outputs `num_outputs` slots, each a new array Owned by the caller, complete when `done` is ready.
 * The operation keeps them, so waiting may be given up and everything released.
 * @param done Owned by the caller; carries the error of the run, of an upload or of a read. Errors of the
 * call: as pje_loaded_executable_run, and then no output is handed over. */
PJE_EXPORT pje_error *pje_loaded_executable_run_async(pje_loaded_executable *executable,
                                                      pje_array *const *PJE_NULLABLE args, size_t num_args,
                                                      pje_array **PJE_NULLABLE outputs, size_t num_outputs,
                                                      pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_loaded_executable_run into arrays of the caller, whose dtype and dimensions must be the results';
 * none may share memory with an argument. Blocks until the end. On an error their contents are undefined. */
PJE_EXPORT pje_error *pje_loaded_executable_run_into(pje_loaded_executable *executable,
                                                     pje_array *const *PJE_NULLABLE args, size_t num_args,
                                                     const pje_execute_options *PJE_NULLABLE options,
                                                     pje_array *const *PJE_NULLABLE outputs,
                                                     size_t num_outputs) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_loaded_executable_run_into without the wait; with `launch` PJE_LAUNCH_POOL a thread of the library
 * starts the run, though the uploads are started by the call.
 * @param args kept, like `outputs`, until `done` is ready; neither may be touched before. @param done Owned
 * by the caller; carries the error of the run, of an upload or of a read. */
PJE_EXPORT pje_error *pje_loaded_executable_run_into_async(
    pje_loaded_executable *executable, pje_array *const *PJE_NULLABLE args, size_t num_args,
    const pje_execute_options *PJE_NULLABLE options, pje_array *const *PJE_NULLABLE outputs,
    size_t num_outputs, pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_EXECUTABLE_H_ */
