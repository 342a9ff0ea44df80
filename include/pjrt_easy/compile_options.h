/** @file
 * Compile options: how a program is compiled, and for how many devices.
 *
 * Every field of XLA's CompileOptionsProto and ExecutableBuildOptionsProto has a setter and a getter, named
 * after the field. A builder: One thread at a time while it is being changed; afterwards any thread may read
 * it and compile with it. Callback-safe are retain, release and what returns its answer itself: those getters
 * and counts answer a wrong handle with 0, false, "" or NULL. Whatever returns a pje_error (setters, is_set,
 * getters of layouts, overrides and pje_bytes) is not Callback-safe. Setters copy what they are given; on an
 * error nothing has changed. Errors of all setters: INVALID_ARGUMENT (NULL, a value outside the range named
 * here). What is Borrowed lives until that field is set again or cleared. @since 0.1. PJRT: the
 * compile_options of PJRT_Client_Compile.
 */
#ifndef PJRT_EASY_COMPILE_OPTIONS_H_
#define PJRT_EASY_COMPILE_OPTIONS_H_

#include "pjrt_easy/compile_overrides.h"
#include "pjrt_easy/types.h"

PJE_BEGIN_DECLS

/** How hard the compiler tries, with XLA's numbers. */
typedef enum pje_effort PJE_ENUM_BASE {
  PJE_EFFORT_UNKNOWN = 0, /**< the plugin's own choice */
  PJE_EFFORT_O0 = 9,
  PJE_EFFORT_O1 = 19,
  PJE_EFFORT_O2 = 29,
  PJE_EFFORT_O3 = 39,
  PJE_EFFORT_MAX_ = INT32_MAX
} pje_effort;

/** Precision of matrix units, with XLA's numbers. */
typedef enum pje_precision PJE_ENUM_BASE {
  PJE_PRECISION_DEFAULT = 0, /**< fastest */
  PJE_PRECISION_HIGH = 1,
  PJE_PRECISION_HIGHEST = 2,
  PJE_PRECISION_MAX_ = INT32_MAX
} pje_precision;

/** Makes options for one replica and one partition on any device; everything else is unset.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (out is NULL). */
PJE_EXPORT pje_error *pje_compile_options_create(pje_compile_options **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Makes an independent copy. @param out Owned by the caller. */
PJE_EXPORT pje_error *pje_compile_options_copy(const pje_compile_options *options,
                                               pje_compile_options **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Adds a reference and returns `options`. Callback-safe. */
PJE_EXPORT pje_compile_options *pje_compile_options_retain(const pje_compile_options *PJE_NULLABLE options)
    PJE_NOEXCEPT;

/** Drops a reference. Callback-safe. */
PJE_EXPORT void pje_compile_options_release(pje_compile_options *PJE_NULLABLE options) PJE_NOEXCEPT;

/** Makes options from a serialized CompileOptionsProto, such as JAX writes. Fields that this library does not
 * know are kept. @param out Owned by the caller. Errors: INVALID_ARGUMENT (not such a message; num_replicas
 * or num_partitions below 1, which plugins abort on; a device assignment that is not one). */
PJE_EXPORT pje_error *pje_compile_options_from_bytes(const void *data, size_t size,
                                                     pje_compile_options **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The bytes that plugins are given: a serialized CompileOptionsProto, the same for the same options.
 * @param out Owned by the caller. Errors: INVALID_ARGUMENT (the device assignment is for other numbers of
 * replicas and partitions than are set). */
PJE_EXPORT pje_error *pje_compile_options_serialize(const pje_compile_options *options,
                                                    pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The options in protobuf's text form, for people. @param out Owned by the caller. */
PJE_EXPORT pje_error *pje_compile_options_to_text(const pje_compile_options *options,
                                                  pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** Whether a field differs from its default, or, for lists and messages, is there. @param field its name in
 * the proto, such as "result_layout" or "num_replicas". Errors: INVALID_ARGUMENT (no such field; a near miss
 * is named). */
PJE_EXPORT pje_error *pje_compile_options_is_set(const pje_compile_options *options, const char *field,
                                                 bool *out) PJE_NOEXCEPT PJE_NODISCARD;

/** Sets a field back to what pje_compile_options_create gives it. Errors: as pje_compile_options_is_set. */
PJE_EXPORT pje_error *pje_compile_options_clear(pje_compile_options *options,
                                                const char *field) PJE_NOEXCEPT PJE_NODISCARD;

/* Devices and partitioning. */

/** Number of replicas that run the same program on their own data: 1 or more. */
PJE_EXPORT pje_error *pje_compile_options_set_num_replicas(pje_compile_options *options,
                                                           int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT int64_t pje_compile_options_get_num_replicas(const pje_compile_options *options) PJE_NOEXCEPT;

/** Number of partitions that one program is split into: 1 or more; more than 1 needs use_spmd_partitioning.
 */
PJE_EXPORT pje_error *pje_compile_options_set_num_partitions(pje_compile_options *options,
                                                             int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT int64_t pje_compile_options_get_num_partitions(const pje_compile_options *options) PJE_NOEXCEPT;

/** Device to compile for; -1, the default, for any. */
PJE_EXPORT pje_error *pje_compile_options_set_device_ordinal(pje_compile_options *options,
                                                             int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT int64_t pje_compile_options_get_device_ordinal(const pje_compile_options *options) PJE_NOEXCEPT;

/** Whether the program is partitioned by its shardings. */
PJE_EXPORT pje_error *pje_compile_options_set_use_spmd_partitioning(pje_compile_options *options,
                                                                    bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_use_spmd_partitioning(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Whether shardings are also looked for. */
PJE_EXPORT pje_error *pje_compile_options_set_use_auto_spmd_partitioning(
    pje_compile_options *options, bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_use_auto_spmd_partitioning(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Whether Shardy partitions instead of GSPMD. */
PJE_EXPORT pje_error *pje_compile_options_set_use_shardy_partitioner(pje_compile_options *options,
                                                                     bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_use_shardy_partitioner(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Which device runs what. Also sets num_replicas and num_partitions.
 * @param device_ids `count` ids, all different, replica by replica: that of (replica, partition) stands at
 * [replica * num_partitions + partition]. Errors: INVALID_ARGUMENT (count is not num_replicas *
 * num_partitions; negative or repeated id). */
PJE_EXPORT pje_error *pje_compile_options_set_device_assignment(pje_compile_options *options,
                                                                int64_t num_replicas, int64_t num_partitions,
                                                                const int64_t *device_ids,
                                                                size_t count) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. Returns NULL, with 0 in the outputs, when there is none. Borrowed. */
PJE_EXPORT const int64_t *pje_compile_options_get_device_assignment(
    const pje_compile_options *options, size_t *PJE_NULLABLE num_replicas,
    size_t *PJE_NULLABLE num_partitions) PJE_NOEXCEPT;

/** Index of this process among those that compile together: 0 or more. */
PJE_EXPORT pje_error *pje_compile_options_set_process_index(pje_compile_options *options,
                                                            int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT int64_t pje_compile_options_get_process_index(const pje_compile_options *options) PJE_NOEXCEPT;

/** Number of such processes; 0 for not given. */
PJE_EXPORT pje_error *pje_compile_options_set_process_count(pje_compile_options *options,
                                                            int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT int64_t pje_compile_options_get_process_count(const pje_compile_options *options) PJE_NOEXCEPT;

/** Whether the partitioner may choose the sharding of parameters: one value for all, or one each. */
PJE_EXPORT pje_error *pje_compile_options_set_allow_spmd_sharding_propagation_to_parameters(
    pje_compile_options *options, const bool *PJE_NULLABLE values, size_t count) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way; `*count` is their number. Borrowed until they are set again; NULL when there are none. */
PJE_EXPORT const bool *pje_compile_options_get_allow_spmd_sharding_propagation_to_parameters(
    const pje_compile_options *options, size_t *PJE_NULLABLE count) PJE_NOEXCEPT;

/** The same for results. */
PJE_EXPORT pje_error *pje_compile_options_set_allow_spmd_sharding_propagation_to_output(
    pje_compile_options *options, const bool *PJE_NULLABLE values, size_t count) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way; `*count` is their number. Borrowed until they are set again; NULL when there are none. */
PJE_EXPORT const bool *pje_compile_options_get_allow_spmd_sharding_propagation_to_output(
    const pje_compile_options *options, size_t *PJE_NULLABLE count) PJE_NOEXCEPT;

/** Shape of the device mesh for auto partitioning: sizes of 1 or more. */
PJE_EXPORT pje_error *pje_compile_options_set_auto_spmd_partitioning_mesh_shape(
    pje_compile_options *options, const int64_t *PJE_NULLABLE values,
    size_t count) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way; `*count` is their number. Borrowed until they are set again; NULL when there are none. */
PJE_EXPORT const int64_t *pje_compile_options_get_auto_spmd_partitioning_mesh_shape(
    const pje_compile_options *options, size_t *PJE_NULLABLE count) PJE_NOEXCEPT;

/** Devices of that mesh, row-major. */
PJE_EXPORT pje_error *pje_compile_options_set_auto_spmd_partitioning_mesh_ids(
    pje_compile_options *options, const int64_t *PJE_NULLABLE values,
    size_t count) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way; `*count` is their number. Borrowed until they are set again; NULL when there are none. */
PJE_EXPORT const int64_t *pje_compile_options_get_auto_spmd_partitioning_mesh_ids(
    const pje_compile_options *options, size_t *PJE_NULLABLE count) PJE_NOEXCEPT;

/** Serialized configuration of a multi-slice program; `size` 0 for none. */
PJE_EXPORT pje_error *pje_compile_options_set_serialized_multi_slice_config(
    pje_compile_options *options, const void *PJE_NULLABLE data, size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way; `*size` is the number of bytes. Borrowed. */
PJE_EXPORT const void *pje_compile_options_get_serialized_multi_slice_config(
    const pje_compile_options *options, size_t *PJE_NULLABLE size) PJE_NOEXCEPT;

/* Layouts in device memory. Without any the compiler takes row-major. */

/** Appends the layout of the next argument. @param dims `rank` sizes; may be NULL when `rank` is 0.
 * @param minor_to_major the `rank` dimension numbers from the fastest varying on; NULL for row-major. Errors:
 * INVALID_ARGUMENT (dtype without an XLA type, negative size, rank above 64, not a permutation). */
PJE_EXPORT pje_error *pje_compile_options_add_argument_layout(
    pje_compile_options *options, pje_dtype dtype, const int64_t *PJE_NULLABLE dims, size_t rank,
    const int64_t *PJE_NULLABLE minor_to_major) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_compile_options_add_argument_layout with a pje_layout: an order, with tiles and a memory space if
 * it has them; byte strides of a dense array in some order. Errors: likewise, and INVALID_ARGUMENT (another
 * rank, other strides). */
PJE_EXPORT pje_error *pje_compile_options_add_argument_with_layout(
    pje_compile_options *options, pje_dtype dtype, const int64_t *PJE_NULLABLE dims, size_t rank,
    const pje_layout *layout) PJE_NOEXCEPT PJE_NODISCARD;

/** Appends a serialized ShapeProto: tuples, tiles, memory spaces. Errors: INVALID_ARGUMENT (not a
 * ShapeProto). */
PJE_EXPORT pje_error *pje_compile_options_add_argument_layout_bytes(pje_compile_options *options,
                                                                    const void *data,
                                                                    size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** Number of argument layouts; clear "argument_layouts" to begin again. */
PJE_EXPORT size_t pje_compile_options_num_argument_layouts(const pje_compile_options *options) PJE_NOEXCEPT;

/** Reads argument layout `index`; `*minor_to_major` is NULL when the shape has no layout. All Borrowed.
 * Errors: OUT_OF_RANGE (no such index), FAILED_PRECONDITION (a tuple or another type without pje_dtype: read
 * its bytes). */
PJE_EXPORT pje_error *pje_compile_options_get_argument_layout(
    const pje_compile_options *options, size_t index, pje_dtype *dtype, const int64_t **dims, size_t *rank,
    const int64_t **minor_to_major) PJE_NOEXCEPT PJE_NODISCARD;

/** The serialized ShapeProto of argument layout `index`. @param out Owned by the caller. Errors:
 * OUT_OF_RANGE. */
PJE_EXPORT pje_error *pje_compile_options_get_argument_layout_bytes(
    const pje_compile_options *options, size_t index, pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The layout of a program's only result; for several give a tuple as bytes. As
 * pje_compile_options_add_argument_layout. */
PJE_EXPORT pje_error *pje_compile_options_set_result_layout(
    pje_compile_options *options, pje_dtype dtype, const int64_t *PJE_NULLABLE dims, size_t rank,
    const int64_t *PJE_NULLABLE minor_to_major) PJE_NOEXCEPT PJE_NODISCARD;

/** As pje_compile_options_set_result_layout with a pje_layout; see
 * pje_compile_options_add_argument_with_layout. */
PJE_EXPORT pje_error *pje_compile_options_set_result_with_layout(
    pje_compile_options *options, pje_dtype dtype, const int64_t *PJE_NULLABLE dims, size_t rank,
    const pje_layout *layout) PJE_NOEXCEPT PJE_NODISCARD;

/** The layout of the results as a serialized ShapeProto. Errors: INVALID_ARGUMENT (not a ShapeProto). */
PJE_EXPORT pje_error *pje_compile_options_set_result_layout_bytes(pje_compile_options *options,
                                                                  const void *data,
                                                                  size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** Reads the result layout. Errors: NOT_FOUND (unset), FAILED_PRECONDITION (as above). */
PJE_EXPORT pje_error *pje_compile_options_get_result_layout(
    const pje_compile_options *options, pje_dtype *dtype, const int64_t **dims, size_t *rank,
    const int64_t **minor_to_major) PJE_NOEXCEPT PJE_NODISCARD;

/** The serialized ShapeProto of the results. @param out Owned by the caller. Errors: NOT_FOUND (unset). */
PJE_EXPORT pje_error *pje_compile_options_get_result_layout_bytes(const pje_compile_options *options,
                                                                  pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/* What the compiler is asked to do. */

/** How much to optimize for speed. */
PJE_EXPORT pje_error *pje_compile_options_set_optimization_level(pje_compile_options *options,
                                                                 pje_effort value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT pje_effort pje_compile_options_get_optimization_level(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** How much to work on fitting into memory. */
PJE_EXPORT pje_error *pje_compile_options_set_memory_fitting_level(
    pje_compile_options *options, pje_effort value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT pje_effort pje_compile_options_get_memory_fitting_level(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Precision of operands of matrix units. */
PJE_EXPORT pje_error *pje_compile_options_set_matrix_unit_operand_precision(
    pje_compile_options *options, pje_precision value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT pje_precision
pje_compile_options_get_matrix_unit_operand_precision(const pje_compile_options *options) PJE_NOEXCEPT;

/** Whether equal computations are merged. */
PJE_EXPORT pje_error *pje_compile_options_set_deduplicate_hlo(pje_compile_options *options,
                                                              bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_deduplicate_hlo(const pje_compile_options *options) PJE_NOEXCEPT;

/** Whether the program is optimized HLO already, to be lowered only. */
PJE_EXPORT pje_error *pje_compile_options_set_run_backend_only(pje_compile_options *options,
                                                               bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_run_backend_only(const pje_compile_options *options) PJE_NOEXCEPT;

/** Whether parameters that are returned unchanged share their memory with the result. */
PJE_EXPORT pje_error *pje_compile_options_set_alias_passthrough_params(pje_compile_options *options,
                                                                       bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_alias_passthrough_params(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Whether the arguments come as one tuple. */
PJE_EXPORT pje_error *pje_compile_options_set_parameter_is_tupled_arguments(
    pje_compile_options *options, bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_parameter_is_tupled_arguments(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Whether the executable may run on any one device; running it then names the device. */
PJE_EXPORT pje_error *pje_compile_options_set_compile_portable_executable(
    pje_compile_options *options, bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_compile_portable_executable(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Whether the plugin may change the MLIR module it is given. */
PJE_EXPORT pje_error *pje_compile_options_set_allow_in_place_mlir_modification(
    pje_compile_options *options, bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_allow_in_place_mlir_modification(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Results that become ready on their own: indices of 0 or more. */
PJE_EXPORT pje_error *pje_compile_options_set_individually_defined_output_indices(
    pje_compile_options *options, const int32_t *PJE_NULLABLE values,
    size_t count) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way; `*count` is their number. Borrowed until they are set again; NULL when there are none. */
PJE_EXPORT const int32_t *pje_compile_options_get_individually_defined_output_indices(
    const pje_compile_options *options, size_t *PJE_NULLABLE count) PJE_NOEXCEPT;

/** Bytes of device memory to compile for; 0 for what the device has. */
PJE_EXPORT pje_error *pje_compile_options_set_device_memory_size(pje_compile_options *options,
                                                                 int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT int64_t pje_compile_options_get_device_memory_size(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Version of the profile to compile with. */
PJE_EXPORT pje_error *pje_compile_options_set_profile_version(pje_compile_options *options,
                                                              int64_t value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT int64_t pje_compile_options_get_profile_version(const pje_compile_options *options) PJE_NOEXCEPT;

/** Profile for feedback-directed optimization; `size` 0 for none. */
PJE_EXPORT pje_error *pje_compile_options_set_fdo_profile(pje_compile_options *options,
                                                          const void *PJE_NULLABLE data,
                                                          size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way; `*size` is the number of bytes. Borrowed. */
PJE_EXPORT const void *pje_compile_options_get_fdo_profile(const pje_compile_options *options,
                                                           size_t *PJE_NULLABLE size) PJE_NOEXCEPT;

/** Name of a compiler variant, UTF-8; NULL for none. XLA has deprecated it. */
PJE_EXPORT pje_error *pje_compile_options_set_compiler_variant(
    pje_compile_options *options, const char *PJE_NULLABLE value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way; "" when unset. Borrowed. */
PJE_EXPORT const char *pje_compile_options_get_compiler_variant(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Appends a compilation environment: a message of the plugin's own. @param type_url names its type, such as
 * "type.googleapis.com/xla.TpuCompilationEnvironment". Clear "comp_envs" to begin again. */
PJE_EXPORT pje_error *pje_compile_options_add_compilation_environment(pje_compile_options *options,
                                                                      const char *type_url,
                                                                      const void *PJE_NULLABLE data,
                                                                      size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** Number of compilation environments. */
PJE_EXPORT size_t pje_compile_options_num_compilation_environments(const pje_compile_options *options)
    PJE_NOEXCEPT;

/** Type of compilation environment `index`; "" when there is none. Borrowed. */
PJE_EXPORT const char *pje_compile_options_compilation_environment_type_url(
    const pje_compile_options *options, size_t index) PJE_NOEXCEPT;

/** Bytes of compilation environment `index`; NULL when there is none. Borrowed. */
PJE_EXPORT const void *pje_compile_options_compilation_environment_data(
    const pje_compile_options *options, size_t index, size_t *PJE_NULLABLE size) PJE_NOEXCEPT;

/** The GPU to compile for without having one: a serialized GpuTargetConfigProto. Errors: INVALID_ARGUMENT
 * (not such a message). */
PJE_EXPORT pje_error *pje_compile_options_set_target_config(pje_compile_options *options,
                                                            const void *PJE_NULLABLE data,
                                                            size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** The same in protobuf's text form. Errors: INVALID_ARGUMENT (with line and column; also fields that this
 * library does not know and strings that are not UTF-8). */
PJE_EXPORT pje_error *pje_compile_options_set_target_config_text(pje_compile_options *options,
                                                                 const char *text) PJE_NOEXCEPT PJE_NODISCARD;

/** The serialized message. @param out Owned by the caller. Errors: NOT_FOUND (unset). */
PJE_EXPORT pje_error *pje_compile_options_get_target_config(const pje_compile_options *options,
                                                            pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** The GPUs to compile for without having them: a serialized GpuTopologyProto. Errors: INVALID_ARGUMENT (not
 * such a message). */
PJE_EXPORT pje_error *pje_compile_options_set_gpu_topology(pje_compile_options *options,
                                                           const void *PJE_NULLABLE data,
                                                           size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** The same in protobuf's text form. Errors: INVALID_ARGUMENT (with line and column; also fields that this
 * library does not know and strings that are not UTF-8). */
PJE_EXPORT pje_error *pje_compile_options_set_gpu_topology_text(pje_compile_options *options,
                                                                const char *text) PJE_NOEXCEPT PJE_NODISCARD;

/** The serialized message. @param out Owned by the caller. Errors: NOT_FOUND (unset). */
PJE_EXPORT pje_error *pje_compile_options_get_gpu_topology(const pje_compile_options *options,
                                                           pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/** All of XLA's debug options at once: a serialized DebugOptions. The plugin
 * takes them *instead of* its defaults, so give a complete message, one that XLA made: a few fields alone do
 * not compile on real plugins. For single options see pje_compile_options_set_debug_option. Errors:
 * INVALID_ARGUMENT (not such a message). */
PJE_EXPORT pje_error *pje_compile_options_set_debug_options(pje_compile_options *options,
                                                            const void *PJE_NULLABLE data,
                                                            size_t size) PJE_NOEXCEPT PJE_NODISCARD;

/** The same in protobuf's text form. Errors: INVALID_ARGUMENT (with line and column; also fields that this
 * library does not know and strings that are not UTF-8). */
PJE_EXPORT pje_error *pje_compile_options_set_debug_options_text(pje_compile_options *options,
                                                                 const char *text) PJE_NOEXCEPT PJE_NODISCARD;

/** The serialized message. @param out Owned by the caller. Errors: NOT_FOUND (unset). */
PJE_EXPORT pje_error *pje_compile_options_get_debug_options(const pje_compile_options *options,
                                                            pje_bytes **out) PJE_NOEXCEPT PJE_NODISCARD;

/* Ours, not the plugin's. */

/** Whether the executable checks element types, dimensions and their order before each run: true unless set.
 * Off saves reading the optimized program after compiling; wrong arguments of the right size then run
 * silently. Not part of the serialized bytes. */
PJE_EXPORT pje_error *pje_compile_options_set_check_arguments(pje_compile_options *options,
                                                              bool value) PJE_NOEXCEPT PJE_NODISCARD;

/** The other way. */
PJE_EXPORT bool pje_compile_options_get_check_arguments(const pje_compile_options *options) PJE_NOEXCEPT;

PJE_END_DECLS

#endif /* PJRT_EASY_COMPILE_OPTIONS_H_ */
