/** @file
 * Compiled programs as such: compiling ahead of time, what is known of an executable, saving and loading it.
 * Any thread. @since 0.1.
 *
 * A pje_executable is on no device; a pje_loaded_executable is, and runs. The way from one to the other:
 * pje_client_load, or pje_executable_serialize here and pje_client_deserialize_and_load there. Plugins
 * promise nothing about bytes of another build of theirs, and known ones load such bytes and compute wrong
 * numbers; what pje_executable_serialize writes therefore begins with a header that says whose bytes they
 * are.
 */
#ifndef PJRT_EASY_COMPILE_H_
#define PJRT_EASY_COMPILE_H_

#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** Compiles ahead of time, for a topology, without its hardware. Blocks, for milliseconds to minutes.
 * @param topology of the same plugin. @param options NULL: one replica, one partition. @param client of the
 * same plugin, whose devices may serve for tuning, or NULL. @param out Owned by the caller.
 * Errors: INVALID_ARGUMENT (objects of different plugins; XLA_FLAGS as for pje_client_create), and what the
 * plugin answers, such as NOT_FOUND (XLA's CPU plugins before 0.115) or UNAVAILABLE (a tool such as ptxas is
 * missing). PJRT: PJRT_Compile. */
PJE_EXPORT pje_error *pje_compile(pje_plugin *plugin, const pje_topology *topology,
                                  const pje_program *program, const pje_compile_options *PJE_NULLABLE options,
                                  pje_client *PJE_NULLABLE client,
                                  pje_executable **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_compile on a thread of the library: returns at once. Program and topology are kept, the options are
 * read before it returns.
 * @param out NULL (then pje_event_get_executable), or a slot that receives the object, Owned by the caller,
 * before `done` is ready: it must live until then. @param done Owned by the caller. Errors of the call: those
 * found before anything starts; the plugin's are the event's. PJRT: PJRT_Compile. */
PJE_EXPORT pje_error *pje_compile_async(pje_plugin *plugin, const pje_topology *topology,
                                        const pje_program *program,
                                        const pje_compile_options *PJE_NULLABLE options,
                                        pje_client *PJE_NULLABLE client, pje_executable **PJE_NULLABLE out,
                                        pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** The executable behind a loaded one. @param out Owned by the caller.
 * PJRT: PJRT_LoadedExecutable_GetExecutable. */
PJE_EXPORT pje_error *pje_loaded_executable_executable(pje_loaded_executable *executable,
                                                       pje_executable **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `executable`. Callback-safe. */
PJE_EXPORT pje_executable *pje_executable_retain(const pje_executable *PJE_NULLABLE executable) PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. PJRT: PJRT_Executable_Destroy. */
PJE_EXPORT void pje_executable_release(pje_executable *PJE_NULLABLE executable) PJE_NOEXCEPT;

/** Name of the program. Borrowed, never NULL. Callback-safe. PJRT: PJRT_Executable_Name. */
PJE_EXPORT const char *pje_executable_name(const pje_executable *executable) PJE_NOEXCEPT;

/** Number of replicas. Callback-safe. PJRT: PJRT_Executable_NumReplicas. */
PJE_EXPORT size_t pje_executable_num_replicas(const pje_executable *executable) PJE_NOEXCEPT;

/** Number of partitions. Callback-safe. PJRT: PJRT_Executable_NumPartitions. */
PJE_EXPORT size_t pje_executable_num_partitions(const pje_executable *executable) PJE_NOEXCEPT;

/** Number of results per device. Callback-safe. PJRT: PJRT_Executable_NumOutputs. */
PJE_EXPORT size_t pje_executable_num_outputs(const pje_executable *executable) PJE_NOEXCEPT;

/** Element type and dimensions of result `index` as each device gives it. Returns false, with outputs
 * untouched, when there is none or the plugin does not tell. `*dims` is Borrowed, lives as long as the
 * process. Callback-safe. PJRT: PJRT_Executable_OutputElementTypes, PJRT_Executable_OutputDimensions. */
PJE_EXPORT bool pje_executable_output_type(const pje_executable *executable, size_t index,
                                           pje_dtype *PJE_NULLABLE dtype, const int64_t **PJE_NULLABLE dims,
                                           size_t *PJE_NULLABLE rank) PJE_NOEXCEPT;

/** Kind of memory of result `index`, such as "device"; "" when the plugin does not tell. Borrowed.
 * Callback-safe. PJRT: PJRT_Executable_OutputMemoryKinds. */
PJE_EXPORT const char *pje_executable_output_memory_kind(const pje_executable *executable,
                                                         size_t index) PJE_NOEXCEPT;

/** Number of parameters; SIZE_MAX when the plugin does not tell. Callback-safe.
 * PJRT: PJRT_Executable_ParameterMemoryKinds. */
PJE_EXPORT size_t pje_executable_num_parameters(const pje_executable *executable) PJE_NOEXCEPT;

/** Kind of memory of parameter `index`; "" when the plugin does not tell. Borrowed. Callback-safe.
 * PJRT: PJRT_Executable_ParameterMemoryKinds. */
PJE_EXPORT const char *pje_executable_parameter_memory_kind(const pje_executable *executable,
                                                            size_t index) PJE_NOEXCEPT;

/* The rest asks the plugin. Errors of all: FAILED_PRECONDITION (pje_client_load used the executable up), and
 * UNIMPLEMENTED where the plugin lacks the function. */

/** Bytes of machine code; -1 or 0 where the plugin does not know.
 * PJRT: PJRT_Executable_SizeOfGeneratedCodeInBytes. */
PJE_EXPORT pje_error *pje_executable_code_size(const pje_executable *executable,
                                               int64_t *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Bytes that are the same for the same program, options and compiler. @param out Owned by the caller.
 * PJRT: PJRT_Executable_Fingerprint. */
PJE_EXPORT pje_error *pje_executable_fingerprint(const pje_executable *executable,
                                                 pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The program as the compiler left it. Blocks while the plugin writes it down, mostly in
 * PJE_PROGRAM_HLO_WITH_CONFIG, which plugins do not compile again. @param out Owned by the caller. PJRT:
 * PJRT_Executable_OptimizedProgram. */
PJE_EXPORT pje_error *pje_executable_optimized_program(const pje_executable *executable,
                                                       pje_program **out) PJE_NOEXCEPT PJE_NODISCARD;

/** What a run costs by the compiler's estimate, such as "flops" and "bytes accessed". May block. @param out
 * Owned by the caller. PJRT: PJRT_Executable_GetCostAnalysis. */
PJE_EXPORT pje_error *pje_executable_cost_analysis(const pje_executable *executable,
                                                   pje_named_values **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Memory that a run takes on each device, in bytes, as int64 values: "generated_code_size", "argument_size",
 * "output_size", "alias_size" (of arguments that become outputs), "temp_size", the same five with "host_" in
 * front, "peak_memory" (plugins from 0.72 on), "total_size" (0.90), "total_allocation",
 * "indefinite_allocations" and "peak_unpadded_heap" (0.104). What an older plugin does not know is not in the
 * set. @param out Owned by the caller. PJRT: PJRT_Executable_GetCompiledMemoryStats. */
PJE_EXPORT pje_error *pje_executable_memory_stats(const pje_executable *executable,
                                                  pje_named_values **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The options that the program was compiled with. @param out Owned by the caller, free to be changed.
 * Errors: UNIMPLEMENTED (plugins before 0.87). PJRT: PJRT_Executable_GetCompileOptions. */
PJE_EXPORT pje_error *pje_executable_compile_options(const pje_executable *executable,
                                                     pje_compile_options **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The executable as bytes, for pje_client_deserialize_and_load of the same plugin: a header (platform,
 * plugin, PJRT version, fingerprint, sha256) and the plugin's own bytes. Blocks. @param out Owned by the
 * caller. PJRT: PJRT_Executable_Serialize. */
PJE_EXPORT pje_error *pje_executable_serialize(const pje_executable *executable,
                                               pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_executable_serialize on a thread of the library: returns at once.
 * @param out NULL (then pje_event_get_bytes), or a slot that receives the object, Owned by the caller, before
 * `done` is ready: it must live until then. @param done Owned by the caller. Errors of the call: those found
 * before anything starts; the plugin's are the event's. PJRT: PJRT_Executable_Serialize. */
PJE_EXPORT pje_error *pje_executable_serialize_async(const pje_executable *executable,
                                                     pje_bytes **PJE_NULLABLE out,
                                                     pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** The plugin's own bytes without a header: to exchange with other programs that use the same plugin. Nobody
 * checks them when they are loaded. Blocks. @param out Owned by the caller. PJRT: PJRT_Executable_Serialize.
 */
PJE_EXPORT pje_error *pje_executable_serialize_raw(const pje_executable *executable,
                                                   pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_executable_serialize_raw on a thread of the library: returns at once.
 * @param out NULL (then pje_event_get_bytes), or a slot that receives the object, Owned by the caller, before
 * `done` is ready: it must live until then. @param done Owned by the caller. Errors of the call: those found
 * before anything starts; the plugin's are the event's. PJRT: PJRT_Executable_Serialize. */
PJE_EXPORT pje_error *pje_executable_serialize_raw_async(const pje_executable *executable,
                                                         pje_bytes **PJE_NULLABLE out,
                                                         pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads the header of what pje_executable_serialize wrote, without a plugin and without running anything:
 * "format_version", "platform_name", "platform_version", "api_major", "api_minor", "plugin" (its attributes
 * as text), "fingerprint" and "payload_size". @param out Owned by the caller. Errors: INVALID_ARGUMENT (not
 * such bytes), DATA_LOSS (cut short, or changed), UNIMPLEMENTED (a newer format). */
PJE_EXPORT pje_error *pje_serialized_executable_info(const void *data, size_t size,
                                                     pje_named_values **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Loads what pje_compile made onto the devices of a client. Blocks. PJRT does not say whether the executable
 * keeps its contents, so it counts as used up: afterwards, also after a failure, only its release and the
 * accessors that return their answer themselves work. @param options replace those that it was compiled with;
 * NULL keeps them. @param out Owned by the caller. Errors: UNIMPLEMENTED (plugins before 0.95),
 * INVALID_ARGUMENT (another plugin's executable), FAILED_PRECONDITION (used up before). PJRT:
 * PJRT_Client_Load. */
PJE_EXPORT pje_error *pje_client_load(pje_client *client, pje_executable *executable,
                                      const pje_compile_options *PJE_NULLABLE options,
                                      pje_loaded_executable **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_client_load on a thread of the library: returns at once. The executable counts as used up from then
 * on.
 * @param out NULL (then pje_event_get_loaded_executable), or a slot that receives the object, Owned by the
 * caller, before `done` is ready: it must live until then. @param done Owned by the caller. Errors of the
 * call: those found before anything starts; the plugin's are the event's. PJRT: PJRT_Client_Load. */
PJE_EXPORT pje_error *pje_client_load_async(pje_client *client, pje_executable *executable,
                                            const pje_compile_options *PJE_NULLABLE options,
                                            pje_loaded_executable **PJE_NULLABLE out,
                                            pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** How to load bytes. */
typedef struct pje_deserialize_options {
  size_t struct_size; /**< sizeof(pje_deserialize_options) */
  const pje_compile_options
      *PJE_NULLABLE compile_options;              /**< replace those in the bytes; plugins from 0.71 on */
  const int32_t *PJE_NULLABLE computation_origin; /**< where on a grid of devices; plugins from 0.111 on */
  size_t num_computation_origin;
  const void *PJE_NULLABLE multi_slice_config; /**< PJRT_MultiSlice_Config *; plugins from 0.111 on */
  uint32_t trusted;  /**< 1: these bytes may run code in this process; 0 is refused */
  uint32_t reserved; /**< 0 */
} pje_deserialize_options;

#define PJE_DESERIALIZE_OPTIONS_INIT \
  { sizeof(pje_deserialize_options), NULL, NULL, 0, NULL, 0, 0 }

/** Loads what pje_executable_serialize wrote. Blocks. Such bytes hold machine code, which runs with the
 * rights of this process: a checksum finds damage, not malice. Load only what nobody else could have written,
 * and say so with options.trusted = 1.
 * @param data `size` bytes, not used after the call. @param options must not be NULL. @param out Owned by the
 * caller. Errors: PERMISSION_DENIED (trusted is 0), INVALID_ARGUMENT (no header: another program's bytes),
 * DATA_LOSS (cut short, or changed), FAILED_PRECONDITION (another plugin's or version's bytes), UNIMPLEMENTED
 * (an option that this plugin would ignore), and what the plugin answers.
 * PJRT: PJRT_Executable_DeserializeAndLoad. */
PJE_EXPORT pje_error *pje_client_deserialize_and_load(pje_client *client, const void *data, size_t size,
                                                      const pje_deserialize_options *options,
                                                      pje_loaded_executable **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_client_deserialize_and_load on a thread of the library: returns at once. The bytes are checked and
 * copied before it returns.
 * @param out NULL (then pje_event_get_loaded_executable), or a slot that receives the object, Owned by the
 * caller, before `done` is ready: it must live until then. @param done Owned by the caller. Errors of the
 * call: those found before anything starts; the plugin's are the event's. PJRT:
 * PJRT_Executable_DeserializeAndLoad. */
PJE_EXPORT pje_error *pje_client_deserialize_and_load_async(pje_client *client, const void *data, size_t size,
                                                            const pje_deserialize_options *options,
                                                            pje_loaded_executable **PJE_NULLABLE out,
                                                            pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Likewise of a plugin's own bytes, as pje_executable_serialize_raw gives them. Blocks. Nothing tells whose
 * they are: another version's may load and compute wrong numbers. PJRT: PJRT_Executable_DeserializeAndLoad.
 */
PJE_EXPORT pje_error *pje_client_deserialize_and_load_raw(
    pje_client *client, const void *data, size_t size, const pje_deserialize_options *options,
    pje_loaded_executable **out) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_client_deserialize_and_load_raw on a thread of the library: returns at once. The bytes are copied
 * before it returns.
 * @param out NULL (then pje_event_get_loaded_executable), or a slot that receives the object, Owned by the
 * caller, before `done` is ready: it must live until then. @param done Owned by the caller. Errors of the
 * call: those found before anything starts; the plugin's are the event's. PJRT:
 * PJRT_Executable_DeserializeAndLoad. */
PJE_EXPORT pje_error *pje_client_deserialize_and_load_raw_async(pje_client *client, const void *data,
                                                                size_t size,
                                                                const pje_deserialize_options *options,
                                                                pje_loaded_executable **PJE_NULLABLE out,
                                                                pje_event **done) PJE_NOEXCEPT PJE_NODISCARD;

/** Drops what the executable holds on its devices, whoever still has handles of it. Afterwards it can only be
 * released: any use is FAILED_PRECONDITION, though plugins would run it on. Runs in progress go on.
 * PJRT: PJRT_LoadedExecutable_Delete. */
PJE_EXPORT pje_error *pje_loaded_executable_delete(pje_loaded_executable *executable)
    PJE_NOEXCEPT PJE_NODISCARD;

/** Whether the executable was deleted. PJRT: PJRT_LoadedExecutable_IsDeleted. */
PJE_EXPORT bool pje_loaded_executable_is_deleted(const pje_loaded_executable *executable) PJE_NOEXCEPT;

/** As pje_executable_fingerprint of the executable behind it. @param out Owned by the caller.
 * PJRT has deprecated PJRT_LoadedExecutable_Fingerprint, which every known plugin refuses; its successor
 * PJRT_Executable_Fingerprint is asked first. PJRT: PJRT_Executable_Fingerprint,
 * PJRT_LoadedExecutable_Fingerprint. */
PJE_EXPORT pje_error *pje_loaded_executable_fingerprint(const pje_loaded_executable *executable,
                                                        pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

PJE_END_DECLS

#endif /* PJRT_EASY_COMPILE_H_ */
