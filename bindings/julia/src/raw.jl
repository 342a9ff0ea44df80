# Made by scripts/gen_julia.py from the public header: change that, not this.

"""
    PjrtEasy.Raw

The C API as it is: one function per export, under the same name, that is nothing but the call. Handles are
`Ptr`s, errors are returned. What each function does is written in the C header.
"""
module Raw

# The name under which the loader knows the library; `PJRT_EASY_LIB` is loaded before it is asked for.
const LIBRARY = "libpjrt_easy.so.0"

const PJE_VERSION_MAJOR = 0
const PJE_VERSION_MINOR = 1
const PJE_VERSION_PATCH = 0
const PJE_VERSION_NUMBER = PJE_VERSION_MAJOR * 1000000 + PJE_VERSION_MINOR * 1000 + PJE_VERSION_PATCH

# pje_code
const PJE_OK = Int32(0)
const PJE_CANCELLED = Int32(1)
const PJE_UNKNOWN = Int32(2)
const PJE_INVALID_ARGUMENT = Int32(3)
const PJE_DEADLINE_EXCEEDED = Int32(4)
const PJE_NOT_FOUND = Int32(5)
const PJE_ALREADY_EXISTS = Int32(6)
const PJE_PERMISSION_DENIED = Int32(7)
const PJE_RESOURCE_EXHAUSTED = Int32(8)
const PJE_FAILED_PRECONDITION = Int32(9)
const PJE_ABORTED = Int32(10)
const PJE_OUT_OF_RANGE = Int32(11)
const PJE_UNIMPLEMENTED = Int32(12)
const PJE_INTERNAL = Int32(13)
const PJE_UNAVAILABLE = Int32(14)
const PJE_DATA_LOSS = Int32(15)
const PJE_UNAUTHENTICATED = Int32(16)
const PJE_CODE_MAX_ = typemax(Int32)

# pje_dtype
const PJE_DTYPE_INVALID = Int32(0)
const PJE_PRED = Int32(1)
const PJE_S8 = Int32(2)
const PJE_S16 = Int32(3)
const PJE_S32 = Int32(4)
const PJE_S64 = Int32(5)
const PJE_U8 = Int32(6)
const PJE_U16 = Int32(7)
const PJE_U32 = Int32(8)
const PJE_U64 = Int32(9)
const PJE_F16 = Int32(10)
const PJE_F32 = Int32(11)
const PJE_F64 = Int32(12)
const PJE_BF16 = Int32(13)
const PJE_C64 = Int32(14)
const PJE_C128 = Int32(15)
const PJE_F8E5M2 = Int32(16)
const PJE_F8E4M3FN = Int32(17)
const PJE_F8E4M3B11FNUZ = Int32(18)
const PJE_F8E5M2FNUZ = Int32(19)
const PJE_F8E4M3FNUZ = Int32(20)
const PJE_S4 = Int32(21)
const PJE_U4 = Int32(22)
const PJE_TOKEN = Int32(23)
const PJE_S2 = Int32(24)
const PJE_U2 = Int32(25)
const PJE_F8E4M3 = Int32(26)
const PJE_F8E3M4 = Int32(27)
const PJE_F8E8M0FNU = Int32(28)
const PJE_F4E2M1FN = Int32(29)
const PJE_S1 = Int32(30)
const PJE_U1 = Int32(31)
const PJE_F6E2M3FN = Int32(32)
const PJE_F6E3M2FN = Int32(33)
const PJE_DTYPE_MAX_ = typemax(Int32)

# pje_dtype_kind
const PJE_KIND_INVALID = Int32(0)
const PJE_KIND_BOOL = Int32(1)
const PJE_KIND_SIGNED = Int32(2)
const PJE_KIND_UNSIGNED = Int32(3)
const PJE_KIND_FLOAT = Int32(4)
const PJE_KIND_COMPLEX = Int32(5)
const PJE_KIND_TOKEN = Int32(6)
const PJE_KIND_MAX_ = typemax(Int32)

# pje_program_format
const PJE_PROGRAM_AUTO = Int32(0)
const PJE_PROGRAM_MLIR = Int32(1)
const PJE_PROGRAM_HLO = Int32(2)
const PJE_PROGRAM_HLO_WITH_CONFIG = Int32(3)
const PJE_PROGRAM_FORMAT_MAX_ = typemax(Int32)

# pje_host_semantics
const PJE_HOST_DEFAULT = Int32(0)
const PJE_HOST_IMMUTABLE_ONLY_DURING_CALL = Int32(1)
const PJE_HOST_IMMUTABLE_UNTIL_TRANSFER_COMPLETES = Int32(2)
const PJE_HOST_IMMUTABLE_ZERO_COPY = Int32(3)
const PJE_HOST_MUTABLE_ZERO_COPY = Int32(4)
const PJE_HOST_SEMANTICS_MAX_ = typemax(Int32)

# pje_value_kind
const PJE_VALUE_STRING = Int32(0)
const PJE_VALUE_INT64 = Int32(1)
const PJE_VALUE_INT64_LIST = Int32(2)
const PJE_VALUE_FLOAT = Int32(3)
const PJE_VALUE_BOOL = Int32(4)
const PJE_VALUE_KIND_MAX_ = typemax(Int32)

# pje_extension_type
const PJE_EXTENSION_GPU_CUSTOM_CALL = Int32(0)
const PJE_EXTENSION_PROFILER = Int32(1)
const PJE_EXTENSION_CUSTOM_PARTITIONER = Int32(2)
const PJE_EXTENSION_STREAM = Int32(3)
const PJE_EXTENSION_LAYOUTS = Int32(4)
const PJE_EXTENSION_FFI = Int32(5)
const PJE_EXTENSION_MEMORY_DESCRIPTIONS = Int32(6)
const PJE_EXTENSION_TRITON = Int32(7)
const PJE_EXTENSION_RAW_BUFFER = Int32(8)
const PJE_EXTENSION_PHASE_COMPILE = Int32(9)
const PJE_EXTENSION_EXAMPLE = Int32(10)
const PJE_EXTENSION_UNKNOWN = Int32(11)
const PJE_EXTENSION_CROSS_HOST_TRANSFERS = Int32(12)
const PJE_EXTENSION_EXECUTABLE_METADATA = Int32(13)
const PJE_EXTENSION_CALLBACK = Int32(14)
const PJE_EXTENSION_HOST_ALLOCATOR = Int32(15)
const PJE_EXTENSION_TPU_TOPOLOGY = Int32(16)
const PJE_EXTENSION_TPU_EXECUTABLE = Int32(17)
const PJE_EXTENSION_MEGASCALE = Int32(18)
const PJE_EXTENSION_SHARDINGS = Int32(19)
const PJE_EXTENSION_ABI_VERSION = Int32(20)
const PJE_EXTENSION_COLLECTIVES = Int32(21)
const PJE_EXTENSION_MULTI_SLICE = Int32(22)
const PJE_EXTENSION_HOST_MEMORY_ALLOCATOR = Int32(23)
const PJE_EXTENSION_XLA_TRANSFORM = Int32(24)
const PJE_EXTENSION_TYPE_MAX_ = typemax(Int32)

# pje_override_kind
const PJE_OVERRIDE_NONE = Int32(0)
const PJE_OVERRIDE_STRING = Int32(1)
const PJE_OVERRIDE_BOOL = Int32(2)
const PJE_OVERRIDE_INT64 = Int32(3)
const PJE_OVERRIDE_DOUBLE = Int32(4)
const PJE_OVERRIDE_KIND_MAX_ = typemax(Int32)

# pje_effort
const PJE_EFFORT_UNKNOWN = Int32(0)
const PJE_EFFORT_O0 = Int32(9)
const PJE_EFFORT_O1 = Int32(19)
const PJE_EFFORT_O2 = Int32(29)
const PJE_EFFORT_O3 = Int32(39)
const PJE_EFFORT_MAX_ = typemax(Int32)

# pje_precision
const PJE_PRECISION_DEFAULT = Int32(0)
const PJE_PRECISION_HIGH = Int32(1)
const PJE_PRECISION_HIGHEST = Int32(2)
const PJE_PRECISION_MAX_ = typemax(Int32)

# pje_process_state
const PJE_PROCESS_UNSPECIFIED = Int32(0)
const PJE_PROCESS_UNINITIALIZED = Int32(1)
const PJE_PROCESS_DISCONNECTED = Int32(2)
const PJE_PROCESS_CONNECTED = Int32(3)
const PJE_PROCESS_ERROR = Int32(4)
const PJE_PROCESS_STATE_MAX_ = typemax(Int32)

# pje_launch
const PJE_LAUNCH_CALLER = Int32(0)
const PJE_LAUNCH_POOL = Int32(1)
const PJE_LAUNCH_MAX_ = typemax(Int32)

# pje_execute_flags
const PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT = Int32(1)
const PJE_EXECUTE_FLAGS_MAX_ = typemax(Int32)

# pje_log_kind
const PJE_LOG_MISUSE = Int32(1)
const PJE_LOG_PLUGIN_ERROR = Int32(2)
const PJE_LOG_NOTICE = Int32(3)
const PJE_LOG_LEAK = Int32(4)
const PJE_LOG_PLUGIN_OUTPUT = Int32(5)
const PJE_LOG_KIND_MAX_ = typemax(Int32)

# pje_request_kind
const PJE_REQUEST_INVALID = Int32(0)
const PJE_REQUEST_KV_GET = Int32(1)
const PJE_REQUEST_KV_TRY_GET = Int32(2)
const PJE_REQUEST_KV_PUT = Int32(3)
const PJE_REQUEST_SEND = Int32(4)
const PJE_REQUEST_RECV = Int32(5)
const PJE_REQUEST_OUTPUT = Int32(6)
const PJE_REQUEST_LOG = Int32(7)
const PJE_REQUEST_USER = Int32(1000)
const PJE_REQUEST_KIND_MAX_ = typemax(Int32)

struct pje_error end
struct pje_plugin end
struct pje_client end
struct pje_device end
struct pje_memory end
struct pje_topology end
struct pje_device_description end
struct pje_program end
struct pje_compile_options end
struct pje_executable end
struct pje_loaded_executable end
struct pje_buffer end
struct pje_event end
struct pje_completion_queue end
struct pje_request_queue end
struct pje_array end
struct pje_named_values end
struct pje_bytes end
struct pje_kv_store end
struct pje_execute_context end
struct pje_transfer_manager end
struct pje_copy_stream end
struct pje_layout end
struct pje_device_assignment end
struct pje_fulfilment end
struct pje_buffer_reference end
struct pje_dma_mapping end
struct pje_tracking_event end
struct pje_chunk end
struct pje_execute_handlers end
struct pje_prepared_call end
struct pje_host_view end

struct pje_transfer_info
    struct_size::Csize_t
    channel_id::Int64
    device::Ptr{pje_device}
    device_index::Csize_t
    total_bytes::Csize_t
    is_last::UInt32
    reserved::UInt32
end
pje_transfer_info(; struct_size = sizeof(pje_transfer_info), channel_id = 0, device = C_NULL, device_index = 0,
    total_bytes = 0, is_last = 0, reserved = 0) =
    pje_transfer_info(struct_size, channel_id, device, device_index, total_bytes, is_last, reserved)

struct pje_output_info
    struct_size::Csize_t
    callback_id::Int64
    replica::Int64
    partition::Int64
    operand_index::Int64
    data::Ptr{Cvoid}
    size::Csize_t
    dims::Ptr{Int64}
    rank::Csize_t
    dtype::Int32
    reserved::UInt32
end
pje_output_info(; struct_size = sizeof(pje_output_info), callback_id = 0, replica = 0, partition = 0, operand_index =
    0, data = C_NULL, size = 0, dims = C_NULL, rank = 0, dtype = 0, reserved = 0) =
    pje_output_info(struct_size, callback_id, replica, partition, operand_index, data, size, dims, rank, dtype,
        reserved)

struct pje_transfer_state
    struct_size::Csize_t
    bytes_done::UInt64
    bytes_total::UInt64
    buffers_done::Csize_t
    num_buffers::Csize_t
    bytes_per_second::Cdouble
end
pje_transfer_state(; struct_size = sizeof(pje_transfer_state), bytes_done = 0, bytes_total = 0, buffers_done = 0,
    num_buffers = 0, bytes_per_second = 0) =
    pje_transfer_state(struct_size, bytes_done, bytes_total, buffers_done, num_buffers, bytes_per_second)

struct pje_from_host_options
    struct_size::Csize_t
    device::Ptr{pje_device}
    memory::Ptr{pje_memory}
    byte_strides::Ptr{Int64}
    num_byte_strides::Csize_t
    layout::Ptr{pje_layout}
    release::Ptr{Cvoid}
    release_data::Ptr{Cvoid}
    semantics::Int32
    reserved::UInt32
end
pje_from_host_options(; struct_size = sizeof(pje_from_host_options), device = C_NULL, memory = C_NULL, byte_strides =
    C_NULL, num_byte_strides = 0, layout = C_NULL, release = C_NULL, release_data = C_NULL, semantics = 0, reserved =
    0) =
    pje_from_host_options(struct_size, device, memory, byte_strides, num_byte_strides, layout, release, release_data,
        semantics, reserved)

struct pje_plugin_options
    struct_size::Csize_t
    sha256::Ptr{UInt8}
    search_paths::Ptr{Ptr{UInt8}}
    num_search_paths::Csize_t
    flags::UInt64
end
pje_plugin_options(; struct_size = sizeof(pje_plugin_options), sha256 = C_NULL, search_paths = C_NULL, num_search_paths
    = 0, flags = 0) =
    pje_plugin_options(struct_size, sha256, search_paths, num_search_paths, flags)

struct pje_client_options
    struct_size::Csize_t
    options::Ptr{pje_named_values}
    kv_store::Ptr{pje_kv_store}
    plugin::Ptr{pje_plugin_options}
    flags::UInt64
end
pje_client_options(; struct_size = sizeof(pje_client_options), options = C_NULL, kv_store = C_NULL, plugin = C_NULL,
    flags = 0) =
    pje_client_options(struct_size, options, kv_store, plugin, flags)

struct pje_deserialize_options
    struct_size::Csize_t
    compile_options::Ptr{pje_compile_options}
    computation_origin::Ptr{Int32}
    num_computation_origin::Csize_t
    multi_slice_config::Ptr{Cvoid}
    trusted::UInt32
    reserved::UInt32
end
pje_deserialize_options(; struct_size = sizeof(pje_deserialize_options), compile_options = C_NULL, computation_origin =
    C_NULL, num_computation_origin = 0, multi_slice_config = C_NULL, trusted = 0, reserved = 0) =
    pje_deserialize_options(struct_size, compile_options, computation_origin, num_computation_origin,
        multi_slice_config, trusted, reserved)

struct pje_execute_options
    struct_size::Csize_t
    device::Ptr{pje_device}
    non_donatable::Ptr{Int64}
    num_non_donatable::Csize_t
    context::Ptr{pje_execute_context}
    call_location::Ptr{UInt8}
    launch_id::Int32
    launch::Int32
    flags::UInt64
    task_ids::Ptr{Int32}
    incarnation_ids::Ptr{Int64}
    num_tasks::Csize_t
    multi_slice_config::Ptr{Cvoid}
    custom_options::Ptr{pje_named_values}
    handlers::Ptr{pje_execute_handlers}
end
pje_execute_options(; struct_size = sizeof(pje_execute_options), device = C_NULL, non_donatable = C_NULL,
    num_non_donatable = 0, context = C_NULL, call_location = C_NULL, launch_id = 0, launch = 0, flags = 0, task_ids =
    C_NULL, incarnation_ids = C_NULL, num_tasks = 0, multi_slice_config = C_NULL, custom_options = C_NULL, handlers =
    C_NULL) =
    pje_execute_options(struct_size, device, non_donatable, num_non_donatable, context, call_location, launch_id,
        launch, flags, task_ids, incarnation_ids, num_tasks, multi_slice_config, custom_options, handlers)

struct pje_buffer_options
    struct_size::Csize_t
    device::Ptr{pje_device}
    memory::Ptr{pje_memory}
    layout::Ptr{pje_layout}
end
pje_buffer_options(; struct_size = sizeof(pje_buffer_options), device = C_NULL, memory = C_NULL, layout = C_NULL) =
    pje_buffer_options(struct_size, device, memory, layout)

struct pje_view_options
    struct_size::Csize_t
    device::Ptr{pje_device}
    memory::Ptr{pje_memory}
    layout::Ptr{pje_layout}
    release::Ptr{Cvoid}
    release_data::Ptr{Cvoid}
    stream::Int64
end
pje_view_options(; struct_size = sizeof(pje_view_options), device = C_NULL, memory = C_NULL, layout = C_NULL, release =
    C_NULL, release_data = C_NULL, stream = 0) =
    pje_view_options(struct_size, device, memory, layout, release, release_data, stream)

struct pje_client_statistics
    struct_size::Csize_t
    num_buffers::UInt64
    num_events::UInt64
    num_loaded_executables::UInt64
    num_others::UInt64
    live_bytes::UInt64
    peak_bytes::UInt64
end
pje_client_statistics(; struct_size = sizeof(pje_client_statistics), num_buffers = 0, num_events = 0,
    num_loaded_executables = 0, num_others = 0, live_bytes = 0, peak_bytes = 0) =
    pje_client_statistics(struct_size, num_buffers, num_events, num_loaded_executables, num_others, live_bytes,
        peak_bytes)

struct pje_transfer_options
    struct_size::Csize_t
    device::Ptr{pje_device}
    memory::Ptr{pje_memory}
    piece_size::Csize_t
    progress::Ptr{Cvoid}
    progress_data::Ptr{Cvoid}
    flags::UInt64
end
pje_transfer_options(; struct_size = sizeof(pje_transfer_options), device = C_NULL, memory = C_NULL, piece_size = 0,
    progress = C_NULL, progress_data = C_NULL, flags = 0) =
    pje_transfer_options(struct_size, device, memory, piece_size, progress, progress_data, flags)

const STRUCTS = (pje_transfer_info, pje_output_info, pje_transfer_state, pje_from_host_options, pje_plugin_options, pje_client_options, pje_deserialize_options, pje_execute_options, pje_buffer_options, pje_view_options, pje_client_statistics, pje_transfer_options)

const FUNCTIONS = [
    :pje_array_const_data,
    :pje_array_create,
    :pje_array_data,
    :pje_array_describe,
    :pje_array_dims,
    :pje_array_dtype,
    :pje_array_load_npy,
    :pje_array_rank,
    :pje_array_reinterpret,
    :pje_array_release,
    :pje_array_retain,
    :pje_array_save_npy,
    :pje_array_size,
    :pje_array_wrap,
    :pje_buffer_bitcast,
    :pje_buffer_client,
    :pje_buffer_copy_raw_to_host,
    :pje_buffer_copy_raw_to_host_async,
    :pje_buffer_copy_raw_to_host_later,
    :pje_buffer_copy_to_device,
    :pje_buffer_copy_to_device_async,
    :pje_buffer_copy_to_memory,
    :pje_buffer_copy_to_memory_async,
    :pje_buffer_create_alias,
    :pje_buffer_create_error,
    :pje_buffer_create_uninitialized,
    :pje_buffer_create_view,
    :pje_buffer_delete,
    :pje_buffer_describe,
    :pje_buffer_device,
    :pje_buffer_dims,
    :pje_buffer_donate_with_dependency,
    :pje_buffer_dtype,
    :pje_buffer_dynamic_dims,
    :pje_buffer_from_array,
    :pje_buffer_from_array_async,
    :pje_buffer_from_array_consume,
    :pje_buffer_from_host,
    :pje_buffer_from_host_async,
    :pje_buffer_host_size,
    :pje_buffer_host_view,
    :pje_buffer_is_deleted,
    :pje_buffer_is_on_cpu,
    :pje_buffer_memory,
    :pje_buffer_memory_layout,
    :pje_buffer_on_device_size,
    :pje_buffer_rank,
    :pje_buffer_raw,
    :pje_buffer_ready,
    :pje_buffer_reference_create,
    :pje_buffer_reference_describe,
    :pje_buffer_reference_device_pointer,
    :pje_buffer_reference_release,
    :pje_buffer_reference_retain,
    :pje_buffer_reference_unsafe_pointer,
    :pje_buffer_release,
    :pje_buffer_retain,
    :pje_buffer_to_array,
    :pje_buffer_to_array_async,
    :pje_buffer_to_host,
    :pje_buffer_to_host_async,
    :pje_buffer_to_host_layout,
    :pje_buffer_to_host_layout_async,
    :pje_buffer_unpadded_dims,
    :pje_buffer_wait,
    :pje_buffers_release,
    :pje_buffers_to_host,
    :pje_buffers_to_host_async,
    :pje_bytes_create,
    :pje_bytes_data,
    :pje_bytes_describe,
    :pje_bytes_release,
    :pje_bytes_retain,
    :pje_bytes_size,
    :pje_chunk_copy,
    :pje_chunk_create,
    :pje_chunk_data,
    :pje_chunk_describe,
    :pje_chunk_release,
    :pje_chunk_retain,
    :pje_chunk_size,
    :pje_client_addressable_device,
    :pje_client_addressable_memory,
    :pje_client_close,
    :pje_client_compile,
    :pje_client_compile_async,
    :pje_client_create,
    :pje_client_create_async,
    :pje_client_default_device_assignment,
    :pje_client_describe,
    :pje_client_deserialize_and_load,
    :pje_client_deserialize_and_load_async,
    :pje_client_deserialize_and_load_raw,
    :pje_client_deserialize_and_load_raw_async,
    :pje_client_device,
    :pje_client_load,
    :pje_client_load_async,
    :pje_client_lookup_addressable_device,
    :pje_client_lookup_device,
    :pje_client_num_addressable_devices,
    :pje_client_num_addressable_memories,
    :pje_client_num_devices,
    :pje_client_open,
    :pje_client_open_async,
    :pje_client_platform_name,
    :pje_client_platform_version,
    :pje_client_plugin,
    :pje_client_process_index,
    :pje_client_raw,
    :pje_client_release,
    :pje_client_retain,
    :pje_client_set_out_of_memory_callback,
    :pje_client_stats,
    :pje_client_topology,
    :pje_client_transfer_all,
    :pje_client_transfer_all_async,
    :pje_client_update_global_process_info,
    :pje_code_name,
    :pje_compile,
    :pje_compile_async,
    :pje_compile_options_add_argument_layout,
    :pje_compile_options_add_argument_layout_bytes,
    :pje_compile_options_add_argument_with_layout,
    :pje_compile_options_add_compilation_environment,
    :pje_compile_options_clear,
    :pje_compile_options_compilation_environment_data,
    :pje_compile_options_compilation_environment_type_url,
    :pje_compile_options_copy,
    :pje_compile_options_create,
    :pje_compile_options_describe,
    :pje_compile_options_from_bytes,
    :pje_compile_options_get_alias_passthrough_params,
    :pje_compile_options_get_allow_in_place_mlir_modification,
    :pje_compile_options_get_allow_spmd_sharding_propagation_to_output,
    :pje_compile_options_get_allow_spmd_sharding_propagation_to_parameters,
    :pje_compile_options_get_argument_layout,
    :pje_compile_options_get_argument_layout_bytes,
    :pje_compile_options_get_assignment,
    :pje_compile_options_get_auto_spmd_partitioning_mesh_ids,
    :pje_compile_options_get_auto_spmd_partitioning_mesh_shape,
    :pje_compile_options_get_check_arguments,
    :pje_compile_options_get_compile_portable_executable,
    :pje_compile_options_get_compiler_variant,
    :pje_compile_options_get_debug_option,
    :pje_compile_options_get_debug_options,
    :pje_compile_options_get_deduplicate_hlo,
    :pje_compile_options_get_device_assignment,
    :pje_compile_options_get_device_memory_size,
    :pje_compile_options_get_device_ordinal,
    :pje_compile_options_get_fdo_profile,
    :pje_compile_options_get_gpu_topology,
    :pje_compile_options_get_individually_defined_output_indices,
    :pje_compile_options_get_matrix_unit_operand_precision,
    :pje_compile_options_get_memory_fitting_level,
    :pje_compile_options_get_num_partitions,
    :pje_compile_options_get_num_replicas,
    :pje_compile_options_get_optimization_level,
    :pje_compile_options_get_override_bool,
    :pje_compile_options_get_override_double,
    :pje_compile_options_get_override_int64,
    :pje_compile_options_get_override_string,
    :pje_compile_options_get_parameter_is_tupled_arguments,
    :pje_compile_options_get_process_count,
    :pje_compile_options_get_process_index,
    :pje_compile_options_get_profile_version,
    :pje_compile_options_get_result_layout,
    :pje_compile_options_get_result_layout_bytes,
    :pje_compile_options_get_run_backend_only,
    :pje_compile_options_get_serialized_multi_slice_config,
    :pje_compile_options_get_target_config,
    :pje_compile_options_get_use_auto_spmd_partitioning,
    :pje_compile_options_get_use_shardy_partitioner,
    :pje_compile_options_get_use_spmd_partitioning,
    :pje_compile_options_is_set,
    :pje_compile_options_num_argument_layouts,
    :pje_compile_options_num_compilation_environments,
    :pje_compile_options_num_overrides,
    :pje_compile_options_override_kind,
    :pje_compile_options_override_name,
    :pje_compile_options_release,
    :pje_compile_options_remove_override,
    :pje_compile_options_retain,
    :pje_compile_options_serialize,
    :pje_compile_options_set_alias_passthrough_params,
    :pje_compile_options_set_allow_in_place_mlir_modification,
    :pje_compile_options_set_allow_spmd_sharding_propagation_to_output,
    :pje_compile_options_set_allow_spmd_sharding_propagation_to_parameters,
    :pje_compile_options_set_assignment,
    :pje_compile_options_set_auto_spmd_partitioning_mesh_ids,
    :pje_compile_options_set_auto_spmd_partitioning_mesh_shape,
    :pje_compile_options_set_check_arguments,
    :pje_compile_options_set_compile_portable_executable,
    :pje_compile_options_set_compiler_variant,
    :pje_compile_options_set_debug_option,
    :pje_compile_options_set_debug_option_bool,
    :pje_compile_options_set_debug_option_double,
    :pje_compile_options_set_debug_option_int64,
    :pje_compile_options_set_debug_option_string,
    :pje_compile_options_set_debug_options,
    :pje_compile_options_set_debug_options_text,
    :pje_compile_options_set_deduplicate_hlo,
    :pje_compile_options_set_device_assignment,
    :pje_compile_options_set_device_memory_size,
    :pje_compile_options_set_device_ordinal,
    :pje_compile_options_set_fdo_profile,
    :pje_compile_options_set_gpu_topology,
    :pje_compile_options_set_gpu_topology_text,
    :pje_compile_options_set_individually_defined_output_indices,
    :pje_compile_options_set_matrix_unit_operand_precision,
    :pje_compile_options_set_memory_fitting_level,
    :pje_compile_options_set_num_partitions,
    :pje_compile_options_set_num_replicas,
    :pje_compile_options_set_optimization_level,
    :pje_compile_options_set_override_bool,
    :pje_compile_options_set_override_double,
    :pje_compile_options_set_override_int64,
    :pje_compile_options_set_override_string,
    :pje_compile_options_set_parameter_is_tupled_arguments,
    :pje_compile_options_set_process_count,
    :pje_compile_options_set_process_index,
    :pje_compile_options_set_profile_version,
    :pje_compile_options_set_result_layout,
    :pje_compile_options_set_result_layout_bytes,
    :pje_compile_options_set_result_with_layout,
    :pje_compile_options_set_run_backend_only,
    :pje_compile_options_set_serialized_multi_slice_config,
    :pje_compile_options_set_target_config,
    :pje_compile_options_set_target_config_text,
    :pje_compile_options_set_use_auto_spmd_partitioning,
    :pje_compile_options_set_use_shardy_partitioner,
    :pje_compile_options_set_use_spmd_partitioning,
    :pje_compile_options_to_text,
    :pje_completion_queue_add,
    :pje_completion_queue_close,
    :pje_completion_queue_create,
    :pje_completion_queue_describe,
    :pje_completion_queue_fd,
    :pje_completion_queue_next,
    :pje_completion_queue_on_nonempty,
    :pje_completion_queue_release,
    :pje_completion_queue_retain,
    :pje_completion_queue_wake,
    :pje_copy_stream_add_chunk,
    :pje_copy_stream_add_chunk_async,
    :pje_copy_stream_current_bytes,
    :pje_copy_stream_describe,
    :pje_copy_stream_granule_bytes,
    :pje_copy_stream_raw,
    :pje_copy_stream_release,
    :pje_copy_stream_retain,
    :pje_copy_stream_total_bytes,
    :pje_device_addressable_memory,
    :pje_device_assignment_create,
    :pje_device_assignment_describe,
    :pje_device_assignment_device_id,
    :pje_device_assignment_device_ids,
    :pje_device_assignment_find,
    :pje_device_assignment_from_bytes,
    :pje_device_assignment_num_partitions,
    :pje_device_assignment_num_replicas,
    :pje_device_assignment_release,
    :pje_device_assignment_retain,
    :pje_device_assignment_serialize,
    :pje_device_attributes,
    :pje_device_clear_memory_stats,
    :pje_device_client,
    :pje_device_current_attributes,
    :pje_device_debug_string,
    :pje_device_default_memory,
    :pje_device_describe,
    :pje_device_description_attributes,
    :pje_device_description_debug_string,
    :pje_device_description_describe,
    :pje_device_description_id,
    :pje_device_description_kind,
    :pje_device_description_process_index,
    :pje_device_description_raw,
    :pje_device_description_release,
    :pje_device_description_retain,
    :pje_device_description_to_string,
    :pje_device_get_description,
    :pje_device_id,
    :pje_device_is_addressable,
    :pje_device_kind,
    :pje_device_local_hardware_id,
    :pje_device_memory_stats,
    :pje_device_num_addressable_memories,
    :pje_device_poison_execution,
    :pje_device_process_index,
    :pje_device_raw,
    :pje_device_release,
    :pje_device_retain,
    :pje_device_to_string,
    :pje_dma_mapping_create,
    :pje_dma_mapping_data,
    :pje_dma_mapping_describe,
    :pje_dma_mapping_release,
    :pje_dma_mapping_retain,
    :pje_dma_mapping_size,
    :pje_dtype_alignment,
    :pje_dtype_bits,
    :pje_dtype_from_name,
    :pje_dtype_host_size,
    :pje_dtype_kind_of,
    :pje_dtype_name,
    :pje_error_code,
    :pje_error_create,
    :pje_error_describe,
    :pje_error_detail,
    :pje_error_function,
    :pje_error_message,
    :pje_error_num_payloads,
    :pje_error_payload,
    :pje_error_release,
    :pje_error_retain,
    :pje_event_all,
    :pje_event_any,
    :pje_event_create,
    :pje_event_create_raw,
    :pje_event_describe,
    :pje_event_error,
    :pje_event_get_bytes,
    :pje_event_get_client,
    :pje_event_get_executable,
    :pje_event_get_loaded_executable,
    :pje_event_is_ready,
    :pje_event_on_ready,
    :pje_event_release,
    :pje_event_retain,
    :pje_event_set,
    :pje_event_then,
    :pje_event_wait,
    :pje_event_wait_for,
    :pje_executable_code_size,
    :pje_executable_compile_options,
    :pje_executable_cost_analysis,
    :pje_executable_describe,
    :pje_executable_fingerprint,
    :pje_executable_memory_stats,
    :pje_executable_name,
    :pje_executable_num_outputs,
    :pje_executable_num_parameters,
    :pje_executable_num_partitions,
    :pje_executable_num_replicas,
    :pje_executable_optimized_program,
    :pje_executable_output_memory_kind,
    :pje_executable_output_type,
    :pje_executable_parameter_memory_kind,
    :pje_executable_raw,
    :pje_executable_release,
    :pje_executable_retain,
    :pje_executable_serialize,
    :pje_executable_serialize_async,
    :pje_executable_serialize_raw,
    :pje_executable_serialize_raw_async,
    :pje_execute_context_create,
    :pje_execute_context_describe,
    :pje_execute_context_plugin,
    :pje_execute_context_raw,
    :pje_execute_context_release,
    :pje_execute_context_retain,
    :pje_execute_handlers_add_output,
    :pje_execute_handlers_add_output_requests,
    :pje_execute_handlers_add_receive,
    :pje_execute_handlers_add_receive_requests,
    :pje_execute_handlers_add_send,
    :pje_execute_handlers_add_send_requests,
    :pje_execute_handlers_create,
    :pje_execute_handlers_describe,
    :pje_execute_handlers_release,
    :pje_execute_handlers_retain,
    :pje_fulfilment_describe,
    :pje_fulfilment_release,
    :pje_fulfilment_retain,
    :pje_fulfilment_set_buffer,
    :pje_fulfilment_set_data,
    :pje_fulfilment_set_done,
    :pje_fulfilment_set_error,
    :pje_function_args_size,
    :pje_function_name,
    :pje_function_offset,
    :pje_host_view_buffer,
    :pje_host_view_data,
    :pje_host_view_describe,
    :pje_host_view_release,
    :pje_host_view_retain,
    :pje_host_view_size,
    :pje_kv_store_create,
    :pje_kv_store_describe,
    :pje_kv_store_from_callbacks,
    :pje_kv_store_from_request_queue,
    :pje_kv_store_get,
    :pje_kv_store_put,
    :pje_kv_store_release,
    :pje_kv_store_retain,
    :pje_kv_store_try_get,
    :pje_layout_byte_strides,
    :pje_layout_copy,
    :pje_layout_create_strided,
    :pje_layout_create_tiled,
    :pje_layout_describe,
    :pje_layout_equal,
    :pje_layout_from_byte_strides,
    :pje_layout_from_bytes,
    :pje_layout_from_text,
    :pje_layout_hash,
    :pje_layout_host_size,
    :pje_layout_is_strided,
    :pje_layout_minor_to_major,
    :pje_layout_num_tiles,
    :pje_layout_rank,
    :pje_layout_release,
    :pje_layout_retain,
    :pje_layout_serialize,
    :pje_layout_tile,
    :pje_layout_to_byte_strides,
    :pje_layout_to_text,
    :pje_leak_report,
    :pje_live_objects,
    :pje_loaded_executable_addressable_device,
    :pje_loaded_executable_arg_is_donated,
    :pje_loaded_executable_arg_type,
    :pje_loaded_executable_client,
    :pje_loaded_executable_delete,
    :pje_loaded_executable_describe,
    :pje_loaded_executable_device_assignment,
    :pje_loaded_executable_executable,
    :pje_loaded_executable_execute,
    :pje_loaded_executable_execute_async,
    :pje_loaded_executable_execute_sharded,
    :pje_loaded_executable_execute_sharded_async,
    :pje_loaded_executable_fingerprint,
    :pje_loaded_executable_is_deleted,
    :pje_loaded_executable_logical_ids,
    :pje_loaded_executable_name,
    :pje_loaded_executable_num_addressable_devices,
    :pje_loaded_executable_num_args,
    :pje_loaded_executable_num_outputs,
    :pje_loaded_executable_num_partitions,
    :pje_loaded_executable_num_replicas,
    :pje_loaded_executable_output_type,
    :pje_loaded_executable_raw,
    :pje_loaded_executable_release,
    :pje_loaded_executable_retain,
    :pje_loaded_executable_run,
    :pje_loaded_executable_run_async,
    :pje_loaded_executable_run_into,
    :pje_loaded_executable_run_into_async,
    :pje_log_capture_stderr,
    :pje_log_set_callback,
    :pje_log_set_plugin_level,
    :pje_log_set_queue,
    :pje_memory_client,
    :pje_memory_debug_string,
    :pje_memory_describe,
    :pje_memory_device,
    :pje_memory_id,
    :pje_memory_kind,
    :pje_memory_kind_id,
    :pje_memory_num_devices,
    :pje_memory_raw,
    :pje_memory_release,
    :pje_memory_retain,
    :pje_memory_to_string,
    :pje_misuse_count,
    :pje_named_values_copy,
    :pje_named_values_count,
    :pje_named_values_create,
    :pje_named_values_describe,
    :pje_named_values_find,
    :pje_named_values_get_bool,
    :pje_named_values_get_float,
    :pje_named_values_get_int64,
    :pje_named_values_get_int64_list,
    :pje_named_values_get_string,
    :pje_named_values_kind,
    :pje_named_values_name,
    :pje_named_values_release,
    :pje_named_values_retain,
    :pje_named_values_set_bool,
    :pje_named_values_set_float,
    :pje_named_values_set_int64,
    :pje_named_values_set_int64_list,
    :pje_named_values_set_string,
    :pje_num_functions,
    :pje_plugin_api,
    :pje_plugin_api_major,
    :pje_plugin_api_minor,
    :pje_plugin_attributes,
    :pje_plugin_describe,
    :pje_plugin_extension,
    :pje_plugin_from_api,
    :pje_plugin_has_extension,
    :pje_plugin_has_function,
    :pje_plugin_load,
    :pje_plugin_num_extensions,
    :pje_plugin_path,
    :pje_plugin_raw_api,
    :pje_plugin_raw_extension,
    :pje_plugin_release,
    :pje_plugin_retain,
    :pje_pool_num_threads,
    :pje_pool_set_num_threads,
    :pje_prepared_call_arg,
    :pje_prepared_call_create,
    :pje_prepared_call_describe,
    :pje_prepared_call_executable,
    :pje_prepared_call_num_args,
    :pje_prepared_call_num_outputs,
    :pje_prepared_call_output,
    :pje_prepared_call_release,
    :pje_prepared_call_retain,
    :pje_prepared_call_run,
    :pje_prepared_call_run_async,
    :pje_prepared_call_set_arg,
    :pje_program_data,
    :pje_program_describe,
    :pje_program_from_bytes,
    :pje_program_from_file,
    :pje_program_get_format,
    :pje_program_release,
    :pje_program_retain,
    :pje_program_size,
    :pje_request_queue_answer,
    :pje_request_queue_ask,
    :pje_request_queue_close,
    :pje_request_queue_create,
    :pje_request_queue_data,
    :pje_request_queue_describe,
    :pje_request_queue_fd,
    :pje_request_queue_kind,
    :pje_request_queue_next,
    :pje_request_queue_on_request,
    :pje_request_queue_release,
    :pje_request_queue_retain,
    :pje_request_queue_time_left,
    :pje_request_queue_values,
    :pje_request_queue_wake,
    :pje_serialized_executable_info,
    :pje_topology_attributes,
    :pje_topology_canonical_shape,
    :pje_topology_create,
    :pje_topology_describe,
    :pje_topology_deserialize,
    :pje_topology_device,
    :pje_topology_fingerprint,
    :pje_topology_memory_kind_ids,
    :pje_topology_num_devices,
    :pje_topology_platform_name,
    :pje_topology_platform_version,
    :pje_topology_plugin,
    :pje_topology_raw,
    :pje_topology_release,
    :pje_topology_retain,
    :pje_topology_serialize,
    :pje_tracking_event_create,
    :pje_tracking_event_describe,
    :pje_tracking_event_raw,
    :pje_tracking_event_release,
    :pje_tracking_event_retain,
    :pje_transfer_manager_add_metadata,
    :pje_transfer_manager_buffer_size,
    :pje_transfer_manager_create,
    :pje_transfer_manager_describe,
    :pje_transfer_manager_device,
    :pje_transfer_manager_num_buffers,
    :pje_transfer_manager_progress,
    :pje_transfer_manager_raw,
    :pje_transfer_manager_release,
    :pje_transfer_manager_retain,
    :pje_transfer_manager_retrieve_buffer,
    :pje_transfer_manager_set_buffer_error,
    :pje_transfer_manager_transfer_data,
    :pje_transfer_manager_transfer_data_async,
    :pje_transfer_manager_transfer_literal,
    :pje_transfer_manager_transfer_literal_async,
    :pje_transfer_manager_write,
    :pje_transfer_manager_write_async,
    :pje_version,
    :pje_version_number,
]

@inline pje_array_const_data(array) = ccall((:pje_array_const_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_array},), array)
@inline pje_array_create(dtype, dims, rank, out) =
    ccall((:pje_array_create, LIBRARY), Ptr{pje_error}, (Int32, Ptr{Int64}, Csize_t, Ptr{Ptr{pje_array}}), dtype, dims,
        rank, out)
@inline pje_array_data(array) = ccall((:pje_array_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_array},), array)
@inline pje_array_describe(array, text, capacity) =
    ccall((:pje_array_describe, LIBRARY), Csize_t, (Ptr{pje_array}, Ptr{UInt8}, Csize_t), array, text, capacity)
@inline pje_array_dims(array) = ccall((:pje_array_dims, LIBRARY), Ptr{Int64}, (Ptr{pje_array},), array)
@inline pje_array_dtype(array) = ccall((:pje_array_dtype, LIBRARY), Int32, (Ptr{pje_array},), array)
@inline pje_array_load_npy(path, out) =
    ccall((:pje_array_load_npy, LIBRARY), Ptr{pje_error}, (Cstring, Ptr{Ptr{pje_array}}), path, out)
@inline pje_array_rank(array) = ccall((:pje_array_rank, LIBRARY), Csize_t, (Ptr{pje_array},), array)
@inline pje_array_reinterpret(array, dtype, out) =
    ccall((:pje_array_reinterpret, LIBRARY), Ptr{pje_error}, (Ptr{pje_array}, Int32, Ptr{Ptr{pje_array}}), array,
        dtype, out)
@inline pje_array_release(array) = ccall((:pje_array_release, LIBRARY), Cvoid, (Ptr{pje_array},), array)
@inline pje_array_retain(array) = ccall((:pje_array_retain, LIBRARY), Ptr{pje_array}, (Ptr{pje_array},), array)
@inline pje_array_save_npy(array, path) =
    ccall((:pje_array_save_npy, LIBRARY), Ptr{pje_error}, (Ptr{pje_array}, Cstring), array, path)
@inline pje_array_size(array) = ccall((:pje_array_size, LIBRARY), Csize_t, (Ptr{pje_array},), array)
@inline pje_array_wrap(data, size, dtype, dims, rank, release, user_data, out) =
    ccall((:pje_array_wrap, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Csize_t, Int32, Ptr{Int64}, Csize_t, Ptr{Cvoid},
        Ptr{Cvoid}, Ptr{Ptr{pje_array}}), data, size, dtype, dims, rank, release, user_data, out)
@inline pje_buffer_bitcast(buffer, dtype, dims, rank, layout, out) =
    ccall((:pje_buffer_bitcast, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Int32, Ptr{Int64}, Csize_t,
        Ptr{pje_layout}, Ptr{Ptr{pje_buffer}}), buffer, dtype, dims, rank, layout, out)
@inline pje_buffer_client(buffer) = ccall((:pje_buffer_client, LIBRARY), Ptr{pje_client}, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_copy_raw_to_host(buffer, data, offset, size) =
    ccall((:pje_buffer_copy_raw_to_host, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Cvoid}, Csize_t, Csize_t),
        buffer, data, offset, size)
@inline pje_buffer_copy_raw_to_host_async(buffer, data, offset, size, done) =
    ccall((:pje_buffer_copy_raw_to_host_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Cvoid}, Csize_t,
        Csize_t, Ptr{Ptr{pje_event}}), buffer, data, offset, size, done)
@inline pje_buffer_copy_raw_to_host_later(buffer, offset, size, destination, done) =
    ccall((:pje_buffer_copy_raw_to_host_later, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Csize_t, Csize_t,
        Ptr{Ptr{pje_fulfilment}}, Ptr{Ptr{pje_event}}), buffer, offset, size, destination, done)
@inline pje_buffer_copy_to_device(buffer, device, out) =
    ccall((:pje_buffer_copy_to_device, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{pje_device},
        Ptr{Ptr{pje_buffer}}), buffer, device, out)
@inline pje_buffer_copy_to_device_async(buffer, device, out, done) =
    ccall((:pje_buffer_copy_to_device_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{pje_device},
        Ptr{Ptr{pje_buffer}}, Ptr{Ptr{pje_event}}), buffer, device, out, done)
@inline pje_buffer_copy_to_memory(buffer, memory, out) =
    ccall((:pje_buffer_copy_to_memory, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{pje_memory},
        Ptr{Ptr{pje_buffer}}), buffer, memory, out)
@inline pje_buffer_copy_to_memory_async(buffer, memory, out, done) =
    ccall((:pje_buffer_copy_to_memory_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{pje_memory},
        Ptr{Ptr{pje_buffer}}, Ptr{Ptr{pje_event}}), buffer, memory, out, done)
@inline pje_buffer_create_alias(client, dtype, dims, rank, options, out, fulfilment) =
    ccall((:pje_buffer_create_alias, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Int32, Ptr{Int64}, Csize_t,
        Ptr{pje_buffer_options}, Ptr{Ptr{pje_buffer}}, Ptr{Ptr{pje_fulfilment}}), client, dtype, dims, rank, options,
        out, fulfilment)
@inline pje_buffer_create_error(client, error, dtype, dims, rank, options, out) =
    ccall((:pje_buffer_create_error, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{pje_error}, Int32, Ptr{Int64},
        Csize_t, Ptr{pje_buffer_options}, Ptr{Ptr{pje_buffer}}), client, error, dtype, dims, rank, options, out)
@inline pje_buffer_create_uninitialized(client, dtype, dims, rank, options, out) =
    ccall((:pje_buffer_create_uninitialized, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Int32, Ptr{Int64}, Csize_t,
        Ptr{pje_buffer_options}, Ptr{Ptr{pje_buffer}}), client, dtype, dims, rank, options, out)
@inline pje_buffer_create_view(client, data, size, dtype, dims, rank, options, out) =
    ccall((:pje_buffer_create_view, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Csize_t, Int32, Ptr{Int64},
        Csize_t, Ptr{pje_view_options}, Ptr{Ptr{pje_buffer}}), client, data, size, dtype, dims, rank, options, out)
@inline pje_buffer_delete(buffer) = ccall((:pje_buffer_delete, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_describe(buffer, text, capacity) =
    ccall((:pje_buffer_describe, LIBRARY), Csize_t, (Ptr{pje_buffer}, Ptr{UInt8}, Csize_t), buffer, text, capacity)
@inline pje_buffer_device(buffer) = ccall((:pje_buffer_device, LIBRARY), Ptr{pje_device}, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_dims(buffer) = ccall((:pje_buffer_dims, LIBRARY), Ptr{Int64}, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_donate_with_dependency(buffer, out, fulfilment) =
    ccall((:pje_buffer_donate_with_dependency, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Ptr{pje_buffer}},
        Ptr{Ptr{pje_fulfilment}}), buffer, out, fulfilment)
@inline pje_buffer_dtype(buffer) = ccall((:pje_buffer_dtype, LIBRARY), Int32, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_dynamic_dims(buffer, capacity, indices, count) =
    ccall((:pje_buffer_dynamic_dims, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Csize_t, Ptr{Csize_t}, Ptr{Csize_t}),
        buffer, capacity, indices, count)
@inline pje_buffer_from_array(client, array, options, out) =
    ccall((:pje_buffer_from_array, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{pje_array},
        Ptr{pje_from_host_options}, Ptr{Ptr{pje_buffer}}), client, array, options, out)
@inline pje_buffer_from_array_async(client, array, options, out, host_done) =
    ccall((:pje_buffer_from_array_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{pje_array},
        Ptr{pje_from_host_options}, Ptr{Ptr{pje_buffer}}, Ptr{Ptr{pje_event}}), client, array, options, out, host_done)
@inline pje_buffer_from_array_consume(client, array, options, out) =
    ccall((:pje_buffer_from_array_consume, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Ptr{pje_array}},
        Ptr{pje_from_host_options}, Ptr{Ptr{pje_buffer}}), client, array, options, out)
@inline pje_buffer_from_host(client, data, size, dtype, dims, rank, options, out) =
    ccall((:pje_buffer_from_host, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Csize_t, Int32, Ptr{Int64},
        Csize_t, Ptr{pje_from_host_options}, Ptr{Ptr{pje_buffer}}), client, data, size, dtype, dims, rank, options,
        out)
@inline pje_buffer_from_host_async(client, data, size, dtype, dims, rank, options, out, host_done) =
    ccall((:pje_buffer_from_host_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Csize_t, Int32,
        Ptr{Int64}, Csize_t, Ptr{pje_from_host_options}, Ptr{Ptr{pje_buffer}}, Ptr{Ptr{pje_event}}), client, data,
        size, dtype, dims, rank, options, out, host_done)
@inline pje_buffer_host_size(buffer) = ccall((:pje_buffer_host_size, LIBRARY), Csize_t, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_host_view(buffer, out) =
    ccall((:pje_buffer_host_view, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Ptr{pje_host_view}}), buffer, out)
@inline pje_buffer_is_deleted(buffer) = ccall((:pje_buffer_is_deleted, LIBRARY), Bool, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_is_on_cpu(buffer) = ccall((:pje_buffer_is_on_cpu, LIBRARY), Bool, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_memory(buffer) = ccall((:pje_buffer_memory, LIBRARY), Ptr{pje_memory}, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_memory_layout(buffer, out) =
    ccall((:pje_buffer_memory_layout, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Ptr{pje_layout}}), buffer, out)
@inline pje_buffer_on_device_size(buffer, size) =
    ccall((:pje_buffer_on_device_size, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Csize_t}), buffer, size)
@inline pje_buffer_rank(buffer) = ccall((:pje_buffer_rank, LIBRARY), Csize_t, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_raw(buffer) = ccall((:pje_buffer_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_ready(buffer, out) =
    ccall((:pje_buffer_ready, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Ptr{pje_event}}), buffer, out)
@inline pje_buffer_reference_create(buffer, out) =
    ccall((:pje_buffer_reference_create, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Ptr{pje_buffer_reference}}),
        buffer, out)
@inline pje_buffer_reference_describe(reference, text, capacity) =
    ccall((:pje_buffer_reference_describe, LIBRARY), Csize_t, (Ptr{pje_buffer_reference}, Ptr{UInt8}, Csize_t),
        reference, text, capacity)
@inline pje_buffer_reference_device_pointer(reference, out) =
    ccall((:pje_buffer_reference_device_pointer, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer_reference},
        Ptr{Ptr{Cvoid}}), reference, out)
@inline pje_buffer_reference_release(reference) =
    ccall((:pje_buffer_reference_release, LIBRARY), Cvoid, (Ptr{pje_buffer_reference},), reference)
@inline pje_buffer_reference_retain(reference) =
    ccall((:pje_buffer_reference_retain, LIBRARY), Ptr{pje_buffer_reference}, (Ptr{pje_buffer_reference},), reference)
@inline pje_buffer_reference_unsafe_pointer(reference, out) =
    ccall((:pje_buffer_reference_unsafe_pointer, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer_reference}, Ptr{UInt64}),
        reference, out)
@inline pje_buffer_release(buffer) = ccall((:pje_buffer_release, LIBRARY), Cvoid, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_retain(buffer) = ccall((:pje_buffer_retain, LIBRARY), Ptr{pje_buffer}, (Ptr{pje_buffer},), buffer)
@inline pje_buffer_to_array(buffer, out) =
    ccall((:pje_buffer_to_array, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Ptr{pje_array}}), buffer, out)
@inline pje_buffer_to_array_async(buffer, out, done) =
    ccall((:pje_buffer_to_array_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Ptr{pje_array}},
        Ptr{Ptr{pje_event}}), buffer, out, done)
@inline pje_buffer_to_host(buffer, data, size) =
    ccall((:pje_buffer_to_host, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Cvoid}, Csize_t), buffer, data, size)
@inline pje_buffer_to_host_async(buffer, data, size, done) =
    ccall((:pje_buffer_to_host_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Cvoid}, Csize_t,
        Ptr{Ptr{pje_event}}), buffer, data, size, done)
@inline pje_buffer_to_host_layout(buffer, layout, data, size) =
    ccall((:pje_buffer_to_host_layout, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{pje_layout}, Ptr{Cvoid},
        Csize_t), buffer, layout, data, size)
@inline pje_buffer_to_host_layout_async(buffer, layout, data, size, done) =
    ccall((:pje_buffer_to_host_layout_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{pje_layout}, Ptr{Cvoid},
        Csize_t, Ptr{Ptr{pje_event}}), buffer, layout, data, size, done)
@inline pje_buffer_unpadded_dims(buffer, dims) =
    ccall((:pje_buffer_unpadded_dims, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer}, Ptr{Int64}), buffer, dims)
@inline pje_buffer_wait(buffer) = ccall((:pje_buffer_wait, LIBRARY), Ptr{pje_error}, (Ptr{pje_buffer},), buffer)
@inline pje_buffers_release(buffers, n) =
    ccall((:pje_buffers_release, LIBRARY), Cvoid, (Ptr{Ptr{pje_buffer}}, Csize_t), buffers, n)
@inline pje_buffers_to_host(buffers, n, data, sizes) =
    ccall((:pje_buffers_to_host, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_buffer}}, Csize_t, Ptr{Ptr{Cvoid}},
        Ptr{Csize_t}), buffers, n, data, sizes)
@inline pje_buffers_to_host_async(buffers, n, data, sizes, done) =
    ccall((:pje_buffers_to_host_async, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_buffer}}, Csize_t, Ptr{Ptr{Cvoid}},
        Ptr{Csize_t}, Ptr{Ptr{pje_event}}), buffers, n, data, sizes, done)
@inline pje_bytes_create(data, size, out) =
    ccall((:pje_bytes_create, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Csize_t, Ptr{Ptr{pje_bytes}}), data, size, out)
@inline pje_bytes_data(bytes) = ccall((:pje_bytes_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_bytes},), bytes)
@inline pje_bytes_describe(bytes, text, capacity) =
    ccall((:pje_bytes_describe, LIBRARY), Csize_t, (Ptr{pje_bytes}, Ptr{UInt8}, Csize_t), bytes, text, capacity)
@inline pje_bytes_release(bytes) = ccall((:pje_bytes_release, LIBRARY), Cvoid, (Ptr{pje_bytes},), bytes)
@inline pje_bytes_retain(bytes) = ccall((:pje_bytes_retain, LIBRARY), Ptr{pje_bytes}, (Ptr{pje_bytes},), bytes)
@inline pje_bytes_size(bytes) = ccall((:pje_bytes_size, LIBRARY), Csize_t, (Ptr{pje_bytes},), bytes)
@inline pje_chunk_copy(data, size, out) =
    ccall((:pje_chunk_copy, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Csize_t, Ptr{Ptr{pje_chunk}}), data, size, out)
@inline pje_chunk_create(data, size, release, user_data, out) =
    ccall((:pje_chunk_create, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Csize_t, Ptr{Cvoid}, Ptr{Cvoid},
        Ptr{Ptr{pje_chunk}}), data, size, release, user_data, out)
@inline pje_chunk_data(chunk) = ccall((:pje_chunk_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_chunk},), chunk)
@inline pje_chunk_describe(chunk, text, capacity) =
    ccall((:pje_chunk_describe, LIBRARY), Csize_t, (Ptr{pje_chunk}, Ptr{UInt8}, Csize_t), chunk, text, capacity)
@inline pje_chunk_release(chunk) = ccall((:pje_chunk_release, LIBRARY), Cvoid, (Ptr{pje_chunk},), chunk)
@inline pje_chunk_retain(chunk) = ccall((:pje_chunk_retain, LIBRARY), Ptr{pje_chunk}, (Ptr{pje_chunk},), chunk)
@inline pje_chunk_size(chunk) = ccall((:pje_chunk_size, LIBRARY), Csize_t, (Ptr{pje_chunk},), chunk)
@inline pje_client_addressable_device(client, index) =
    ccall((:pje_client_addressable_device, LIBRARY), Ptr{pje_device}, (Ptr{pje_client}, Csize_t), client, index)
@inline pje_client_addressable_memory(client, index) =
    ccall((:pje_client_addressable_memory, LIBRARY), Ptr{pje_memory}, (Ptr{pje_client}, Csize_t), client, index)
@inline pje_client_close(client, timeout_ns) =
    ccall((:pje_client_close, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Int64), client, timeout_ns)
@inline pje_client_compile(client, program, options, out) =
    ccall((:pje_client_compile, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{pje_program}, Ptr{pje_compile_options},
        Ptr{Ptr{pje_loaded_executable}}), client, program, options, out)
@inline pje_client_compile_async(client, program, options, out, done) =
    ccall((:pje_client_compile_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{pje_program},
        Ptr{pje_compile_options}, Ptr{Ptr{pje_loaded_executable}}, Ptr{Ptr{pje_event}}), client, program, options, out,
        done)
@inline pje_client_create(plugin, options, out) =
    ccall((:pje_client_create, LIBRARY), Ptr{pje_error}, (Ptr{pje_plugin}, Ptr{pje_client_options},
        Ptr{Ptr{pje_client}}), plugin, options, out)
@inline pje_client_create_async(plugin, options, out, done) =
    ccall((:pje_client_create_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_plugin}, Ptr{pje_client_options},
        Ptr{Ptr{pje_client}}, Ptr{Ptr{pje_event}}), plugin, options, out, done)
@inline pje_client_default_device_assignment(client, num_replicas, num_partitions, out) =
    ccall((:pje_client_default_device_assignment, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Int64, Int64,
        Ptr{Ptr{pje_device_assignment}}), client, num_replicas, num_partitions, out)
@inline pje_client_describe(client, text, capacity) =
    ccall((:pje_client_describe, LIBRARY), Csize_t, (Ptr{pje_client}, Ptr{UInt8}, Csize_t), client, text, capacity)
@inline pje_client_deserialize_and_load(client, data, size, options, out) =
    ccall((:pje_client_deserialize_and_load, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Csize_t,
        Ptr{pje_deserialize_options}, Ptr{Ptr{pje_loaded_executable}}), client, data, size, options, out)
@inline pje_client_deserialize_and_load_async(client, data, size, options, out, done) =
    ccall((:pje_client_deserialize_and_load_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Csize_t,
        Ptr{pje_deserialize_options}, Ptr{Ptr{pje_loaded_executable}}, Ptr{Ptr{pje_event}}), client, data, size,
        options, out, done)
@inline pje_client_deserialize_and_load_raw(client, data, size, options, out) =
    ccall((:pje_client_deserialize_and_load_raw, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Csize_t,
        Ptr{pje_deserialize_options}, Ptr{Ptr{pje_loaded_executable}}), client, data, size, options, out)
@inline pje_client_deserialize_and_load_raw_async(client, data, size, options, out, done) =
    ccall((:pje_client_deserialize_and_load_raw_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Csize_t,
        Ptr{pje_deserialize_options}, Ptr{Ptr{pje_loaded_executable}}, Ptr{Ptr{pje_event}}), client, data, size,
        options, out, done)
@inline pje_client_device(client, index) =
    ccall((:pje_client_device, LIBRARY), Ptr{pje_device}, (Ptr{pje_client}, Csize_t), client, index)
@inline pje_client_load(client, executable, options, out) =
    ccall((:pje_client_load, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{pje_executable}, Ptr{pje_compile_options},
        Ptr{Ptr{pje_loaded_executable}}), client, executable, options, out)
@inline pje_client_load_async(client, executable, options, out, done) =
    ccall((:pje_client_load_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{pje_executable},
        Ptr{pje_compile_options}, Ptr{Ptr{pje_loaded_executable}}, Ptr{Ptr{pje_event}}), client, executable, options,
        out, done)
@inline pje_client_lookup_addressable_device(client, local_hardware_id, out) =
    ccall((:pje_client_lookup_addressable_device, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Int32,
        Ptr{Ptr{pje_device}}), client, local_hardware_id, out)
@inline pje_client_lookup_device(client, id, out) =
    ccall((:pje_client_lookup_device, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Int32, Ptr{Ptr{pje_device}}), client,
        id, out)
@inline pje_client_num_addressable_devices(client) =
    ccall((:pje_client_num_addressable_devices, LIBRARY), Csize_t, (Ptr{pje_client},), client)
@inline pje_client_num_addressable_memories(client) =
    ccall((:pje_client_num_addressable_memories, LIBRARY), Csize_t, (Ptr{pje_client},), client)
@inline pje_client_num_devices(client) = ccall((:pje_client_num_devices, LIBRARY), Csize_t, (Ptr{pje_client},), client)
@inline pje_client_open(name_or_path, options, out) =
    ccall((:pje_client_open, LIBRARY), Ptr{pje_error}, (Cstring, Ptr{pje_client_options}, Ptr{Ptr{pje_client}}),
        name_or_path, options, out)
@inline pje_client_open_async(name_or_path, options, out, done) =
    ccall((:pje_client_open_async, LIBRARY), Ptr{pje_error}, (Cstring, Ptr{pje_client_options}, Ptr{Ptr{pje_client}},
        Ptr{Ptr{pje_event}}), name_or_path, options, out, done)
@inline pje_client_platform_name(client) =
    ccall((:pje_client_platform_name, LIBRARY), Ptr{UInt8}, (Ptr{pje_client},), client)
@inline pje_client_platform_version(client) =
    ccall((:pje_client_platform_version, LIBRARY), Ptr{UInt8}, (Ptr{pje_client},), client)
@inline pje_client_plugin(client) = ccall((:pje_client_plugin, LIBRARY), Ptr{pje_plugin}, (Ptr{pje_client},), client)
@inline pje_client_process_index(client) =
    ccall((:pje_client_process_index, LIBRARY), Int32, (Ptr{pje_client},), client)
@inline pje_client_raw(client) = ccall((:pje_client_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_client},), client)
@inline pje_client_release(client) = ccall((:pje_client_release, LIBRARY), Cvoid, (Ptr{pje_client},), client)
@inline pje_client_retain(client) = ccall((:pje_client_retain, LIBRARY), Ptr{pje_client}, (Ptr{pje_client},), client)
@inline pje_client_set_out_of_memory_callback(client, callback, user_data) =
    ccall((:pje_client_set_out_of_memory_callback, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Ptr{Cvoid}),
        client, callback, user_data)
@inline pje_client_stats(client, out) =
    ccall((:pje_client_stats, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{pje_client_statistics}), client, out)
@inline pje_client_topology(client, out) =
    ccall((:pje_client_topology, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Ptr{pje_topology}}), client, out)
@inline pje_client_transfer_all(client, arrays, num_arrays, options, buffers) =
    ccall((:pje_client_transfer_all, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Ptr{pje_array}}, Csize_t,
        Ptr{pje_transfer_options}, Ptr{Ptr{pje_buffer}}), client, arrays, num_arrays, options, buffers)
@inline pje_client_transfer_all_async(client, arrays, num_arrays, options, buffers, done) =
    ccall((:pje_client_transfer_all_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Ptr{pje_array}}, Csize_t,
        Ptr{pje_transfer_options}, Ptr{Ptr{pje_buffer}}, Ptr{Ptr{pje_event}}), client, arrays, num_arrays, options,
        buffers, done)
@inline pje_client_update_global_process_info(client, task_ids, incarnation_ids, states, errors, count) =
    ccall((:pje_client_update_global_process_info, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Int32}, Ptr{UInt64},
        Ptr{Int32}, Ptr{Ptr{pje_error}}, Csize_t), client, task_ids, incarnation_ids, states, errors, count)
@inline pje_code_name(code) = ccall((:pje_code_name, LIBRARY), Ptr{UInt8}, (Int32,), code)
@inline pje_compile(plugin, topology, program, options, client, out) =
    ccall((:pje_compile, LIBRARY), Ptr{pje_error}, (Ptr{pje_plugin}, Ptr{pje_topology}, Ptr{pje_program},
        Ptr{pje_compile_options}, Ptr{pje_client}, Ptr{Ptr{pje_executable}}), plugin, topology, program, options,
        client, out)
@inline pje_compile_async(plugin, topology, program, options, client, out, done) =
    ccall((:pje_compile_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_plugin}, Ptr{pje_topology}, Ptr{pje_program},
        Ptr{pje_compile_options}, Ptr{pje_client}, Ptr{Ptr{pje_executable}}, Ptr{Ptr{pje_event}}), plugin, topology,
        program, options, client, out, done)
@inline pje_compile_options_add_argument_layout(options, dtype, dims, rank, minor_to_major) =
    ccall((:pje_compile_options_add_argument_layout, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int32,
        Ptr{Int64}, Csize_t, Ptr{Int64}), options, dtype, dims, rank, minor_to_major)
@inline pje_compile_options_add_argument_layout_bytes(options, data, size) =
    ccall((:pje_compile_options_add_argument_layout_bytes, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Cvoid}, Csize_t), options, data, size)
@inline pje_compile_options_add_argument_with_layout(options, dtype, dims, rank, layout) =
    ccall((:pje_compile_options_add_argument_with_layout, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int32,
        Ptr{Int64}, Csize_t, Ptr{pje_layout}), options, dtype, dims, rank, layout)
@inline pje_compile_options_add_compilation_environment(options, type_url, data, size) =
    ccall((:pje_compile_options_add_compilation_environment, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Cstring, Ptr{Cvoid}, Csize_t), options, type_url, data, size)
@inline pje_compile_options_clear(options, field) =
    ccall((:pje_compile_options_clear, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring), options, field)
@inline pje_compile_options_compilation_environment_data(options, index, size) =
    ccall((:pje_compile_options_compilation_environment_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_compile_options}, Csize_t,
        Ptr{Csize_t}), options, index, size)
@inline pje_compile_options_compilation_environment_type_url(options, index) =
    ccall((:pje_compile_options_compilation_environment_type_url, LIBRARY), Ptr{UInt8}, (Ptr{pje_compile_options},
        Csize_t), options, index)
@inline pje_compile_options_copy(options, out) =
    ccall((:pje_compile_options_copy, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Ptr{pje_compile_options}}), options, out)
@inline pje_compile_options_create(out) =
    ccall((:pje_compile_options_create, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_compile_options}},), out)
@inline pje_compile_options_describe(compile_options, text, capacity) =
    ccall((:pje_compile_options_describe, LIBRARY), Csize_t, (Ptr{pje_compile_options}, Ptr{UInt8}, Csize_t),
        compile_options, text, capacity)
@inline pje_compile_options_from_bytes(data, size, out) =
    ccall((:pje_compile_options_from_bytes, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Csize_t,
        Ptr{Ptr{pje_compile_options}}), data, size, out)
@inline pje_compile_options_get_alias_passthrough_params(options) =
    ccall((:pje_compile_options_get_alias_passthrough_params, LIBRARY), Bool, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_allow_in_place_mlir_modification(options) =
    ccall((:pje_compile_options_get_allow_in_place_mlir_modification, LIBRARY), Bool, (Ptr{pje_compile_options},),
        options)
@inline pje_compile_options_get_allow_spmd_sharding_propagation_to_output(options, count) =
    ccall((:pje_compile_options_get_allow_spmd_sharding_propagation_to_output, LIBRARY), Ptr{Bool},
        (Ptr{pje_compile_options}, Ptr{Csize_t}), options, count)
@inline pje_compile_options_get_allow_spmd_sharding_propagation_to_parameters(options, count) =
    ccall((:pje_compile_options_get_allow_spmd_sharding_propagation_to_parameters, LIBRARY), Ptr{Bool},
        (Ptr{pje_compile_options}, Ptr{Csize_t}), options, count)
@inline pje_compile_options_get_argument_layout(options, index, dtype, dims, rank, minor_to_major) =
    ccall((:pje_compile_options_get_argument_layout, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Csize_t,
        Ptr{Int32}, Ptr{Ptr{Int64}}, Ptr{Csize_t}, Ptr{Ptr{Int64}}), options, index, dtype, dims, rank, minor_to_major)
@inline pje_compile_options_get_argument_layout_bytes(options, index, out) =
    ccall((:pje_compile_options_get_argument_layout_bytes, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Csize_t, Ptr{Ptr{pje_bytes}}), options, index, out)
@inline pje_compile_options_get_assignment(options, out) =
    ccall((:pje_compile_options_get_assignment, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Ptr{pje_device_assignment}}), options, out)
@inline pje_compile_options_get_auto_spmd_partitioning_mesh_ids(options, count) =
    ccall((:pje_compile_options_get_auto_spmd_partitioning_mesh_ids, LIBRARY), Ptr{Int64}, (Ptr{pje_compile_options},
        Ptr{Csize_t}), options, count)
@inline pje_compile_options_get_auto_spmd_partitioning_mesh_shape(options, count) =
    ccall((:pje_compile_options_get_auto_spmd_partitioning_mesh_shape, LIBRARY), Ptr{Int64}, (Ptr{pje_compile_options},
        Ptr{Csize_t}), options, count)
@inline pje_compile_options_get_check_arguments(options) =
    ccall((:pje_compile_options_get_check_arguments, LIBRARY), Bool, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_compile_portable_executable(options) =
    ccall((:pje_compile_options_get_compile_portable_executable, LIBRARY), Bool, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_compiler_variant(options) =
    ccall((:pje_compile_options_get_compiler_variant, LIBRARY), Ptr{UInt8}, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_debug_option(options, name, out) =
    ccall((:pje_compile_options_get_debug_option, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Ptr{Ptr{pje_bytes}}), options, name, out)
@inline pje_compile_options_get_debug_options(options, out) =
    ccall((:pje_compile_options_get_debug_options, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Ptr{pje_bytes}}), options, out)
@inline pje_compile_options_get_deduplicate_hlo(options) =
    ccall((:pje_compile_options_get_deduplicate_hlo, LIBRARY), Bool, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_device_assignment(options, num_replicas, num_partitions) =
    ccall((:pje_compile_options_get_device_assignment, LIBRARY), Ptr{Int64}, (Ptr{pje_compile_options}, Ptr{Csize_t},
        Ptr{Csize_t}), options, num_replicas, num_partitions)
@inline pje_compile_options_get_device_memory_size(options) =
    ccall((:pje_compile_options_get_device_memory_size, LIBRARY), Int64, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_device_ordinal(options) =
    ccall((:pje_compile_options_get_device_ordinal, LIBRARY), Int64, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_fdo_profile(options, size) =
    ccall((:pje_compile_options_get_fdo_profile, LIBRARY), Ptr{Cvoid}, (Ptr{pje_compile_options}, Ptr{Csize_t}),
        options, size)
@inline pje_compile_options_get_gpu_topology(options, out) =
    ccall((:pje_compile_options_get_gpu_topology, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Ptr{pje_bytes}}), options, out)
@inline pje_compile_options_get_individually_defined_output_indices(options, count) =
    ccall((:pje_compile_options_get_individually_defined_output_indices, LIBRARY), Ptr{Int32},
        (Ptr{pje_compile_options}, Ptr{Csize_t}), options, count)
@inline pje_compile_options_get_matrix_unit_operand_precision(options) =
    ccall((:pje_compile_options_get_matrix_unit_operand_precision, LIBRARY), Int32, (Ptr{pje_compile_options},),
        options)
@inline pje_compile_options_get_memory_fitting_level(options) =
    ccall((:pje_compile_options_get_memory_fitting_level, LIBRARY), Int32, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_num_partitions(options) =
    ccall((:pje_compile_options_get_num_partitions, LIBRARY), Int64, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_num_replicas(options) =
    ccall((:pje_compile_options_get_num_replicas, LIBRARY), Int64, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_optimization_level(options) =
    ccall((:pje_compile_options_get_optimization_level, LIBRARY), Int32, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_override_bool(options, name, out) =
    ccall((:pje_compile_options_get_override_bool, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Ptr{Bool}), options, name, out)
@inline pje_compile_options_get_override_double(options, name, out) =
    ccall((:pje_compile_options_get_override_double, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Ptr{Cdouble}), options, name, out)
@inline pje_compile_options_get_override_int64(options, name, out) =
    ccall((:pje_compile_options_get_override_int64, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Ptr{Int64}), options, name, out)
@inline pje_compile_options_get_override_string(options, name, out) =
    ccall((:pje_compile_options_get_override_string, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Ptr{Ptr{UInt8}}), options, name, out)
@inline pje_compile_options_get_parameter_is_tupled_arguments(options) =
    ccall((:pje_compile_options_get_parameter_is_tupled_arguments, LIBRARY), Bool, (Ptr{pje_compile_options},),
        options)
@inline pje_compile_options_get_process_count(options) =
    ccall((:pje_compile_options_get_process_count, LIBRARY), Int64, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_process_index(options) =
    ccall((:pje_compile_options_get_process_index, LIBRARY), Int64, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_profile_version(options) =
    ccall((:pje_compile_options_get_profile_version, LIBRARY), Int64, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_result_layout(options, dtype, dims, rank, minor_to_major) =
    ccall((:pje_compile_options_get_result_layout, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Ptr{Int32},
        Ptr{Ptr{Int64}}, Ptr{Csize_t}, Ptr{Ptr{Int64}}), options, dtype, dims, rank, minor_to_major)
@inline pje_compile_options_get_result_layout_bytes(options, out) =
    ccall((:pje_compile_options_get_result_layout_bytes, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Ptr{pje_bytes}}), options, out)
@inline pje_compile_options_get_run_backend_only(options) =
    ccall((:pje_compile_options_get_run_backend_only, LIBRARY), Bool, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_serialized_multi_slice_config(options, size) =
    ccall((:pje_compile_options_get_serialized_multi_slice_config, LIBRARY), Ptr{Cvoid}, (Ptr{pje_compile_options},
        Ptr{Csize_t}), options, size)
@inline pje_compile_options_get_target_config(options, out) =
    ccall((:pje_compile_options_get_target_config, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Ptr{pje_bytes}}), options, out)
@inline pje_compile_options_get_use_auto_spmd_partitioning(options) =
    ccall((:pje_compile_options_get_use_auto_spmd_partitioning, LIBRARY), Bool, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_use_shardy_partitioner(options) =
    ccall((:pje_compile_options_get_use_shardy_partitioner, LIBRARY), Bool, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_get_use_spmd_partitioning(options) =
    ccall((:pje_compile_options_get_use_spmd_partitioning, LIBRARY), Bool, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_is_set(options, field, out) =
    ccall((:pje_compile_options_is_set, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring, Ptr{Bool}),
        options, field, out)
@inline pje_compile_options_num_argument_layouts(options) =
    ccall((:pje_compile_options_num_argument_layouts, LIBRARY), Csize_t, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_num_compilation_environments(options) =
    ccall((:pje_compile_options_num_compilation_environments, LIBRARY), Csize_t, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_num_overrides(options) =
    ccall((:pje_compile_options_num_overrides, LIBRARY), Csize_t, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_override_kind(options, name) =
    ccall((:pje_compile_options_override_kind, LIBRARY), Int32, (Ptr{pje_compile_options}, Cstring), options, name)
@inline pje_compile_options_override_name(options, index) =
    ccall((:pje_compile_options_override_name, LIBRARY), Ptr{UInt8}, (Ptr{pje_compile_options}, Csize_t), options,
        index)
@inline pje_compile_options_release(options) =
    ccall((:pje_compile_options_release, LIBRARY), Cvoid, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_remove_override(options, name) =
    ccall((:pje_compile_options_remove_override, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring),
        options, name)
@inline pje_compile_options_retain(options) =
    ccall((:pje_compile_options_retain, LIBRARY), Ptr{pje_compile_options}, (Ptr{pje_compile_options},), options)
@inline pje_compile_options_serialize(options, out) =
    ccall((:pje_compile_options_serialize, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Ptr{Ptr{pje_bytes}}),
        options, out)
@inline pje_compile_options_set_alias_passthrough_params(options, value) =
    ccall((:pje_compile_options_set_alias_passthrough_params, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Bool), options, value)
@inline pje_compile_options_set_allow_in_place_mlir_modification(options, value) =
    ccall((:pje_compile_options_set_allow_in_place_mlir_modification, LIBRARY), Ptr{pje_error},
        (Ptr{pje_compile_options}, Bool), options, value)
@inline pje_compile_options_set_allow_spmd_sharding_propagation_to_output(options, values, count) =
    ccall((:pje_compile_options_set_allow_spmd_sharding_propagation_to_output, LIBRARY), Ptr{pje_error},
        (Ptr{pje_compile_options}, Ptr{Bool}, Csize_t), options, values, count)
@inline pje_compile_options_set_allow_spmd_sharding_propagation_to_parameters(options, values, count) =
    ccall((:pje_compile_options_set_allow_spmd_sharding_propagation_to_parameters, LIBRARY), Ptr{pje_error},
        (Ptr{pje_compile_options}, Ptr{Bool}, Csize_t), options, values, count)
@inline pje_compile_options_set_assignment(options, assignment) =
    ccall((:pje_compile_options_set_assignment, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{pje_device_assignment}), options, assignment)
@inline pje_compile_options_set_auto_spmd_partitioning_mesh_ids(options, values, count) =
    ccall((:pje_compile_options_set_auto_spmd_partitioning_mesh_ids, LIBRARY), Ptr{pje_error},
        (Ptr{pje_compile_options}, Ptr{Int64}, Csize_t), options, values, count)
@inline pje_compile_options_set_auto_spmd_partitioning_mesh_shape(options, values, count) =
    ccall((:pje_compile_options_set_auto_spmd_partitioning_mesh_shape, LIBRARY), Ptr{pje_error},
        (Ptr{pje_compile_options}, Ptr{Int64}, Csize_t), options, values, count)
@inline pje_compile_options_set_check_arguments(options, value) =
    ccall((:pje_compile_options_set_check_arguments, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Bool),
        options, value)
@inline pje_compile_options_set_compile_portable_executable(options, value) =
    ccall((:pje_compile_options_set_compile_portable_executable, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Bool), options, value)
@inline pje_compile_options_set_compiler_variant(options, value) =
    ccall((:pje_compile_options_set_compiler_variant, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring),
        options, value)
@inline pje_compile_options_set_debug_option(options, name, value) =
    ccall((:pje_compile_options_set_debug_option, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Cstring), options, name, value)
@inline pje_compile_options_set_debug_option_bool(options, name, value) =
    ccall((:pje_compile_options_set_debug_option_bool, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Bool), options, name, value)
@inline pje_compile_options_set_debug_option_double(options, name, value) =
    ccall((:pje_compile_options_set_debug_option_double, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Cdouble), options, name, value)
@inline pje_compile_options_set_debug_option_int64(options, name, value) =
    ccall((:pje_compile_options_set_debug_option_int64, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Int64), options, name, value)
@inline pje_compile_options_set_debug_option_string(options, name, value) =
    ccall((:pje_compile_options_set_debug_option_string, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Cstring), options, name, value)
@inline pje_compile_options_set_debug_options(options, data, size) =
    ccall((:pje_compile_options_set_debug_options, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Ptr{Cvoid},
        Csize_t), options, data, size)
@inline pje_compile_options_set_debug_options_text(options, text) =
    ccall((:pje_compile_options_set_debug_options_text, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring),
        options, text)
@inline pje_compile_options_set_deduplicate_hlo(options, value) =
    ccall((:pje_compile_options_set_deduplicate_hlo, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Bool),
        options, value)
@inline pje_compile_options_set_device_assignment(options, num_replicas, num_partitions, device_ids, count) =
    ccall((:pje_compile_options_set_device_assignment, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int64,
        Int64, Ptr{Int64}, Csize_t), options, num_replicas, num_partitions, device_ids, count)
@inline pje_compile_options_set_device_memory_size(options, value) =
    ccall((:pje_compile_options_set_device_memory_size, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int64),
        options, value)
@inline pje_compile_options_set_device_ordinal(options, value) =
    ccall((:pje_compile_options_set_device_ordinal, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int64),
        options, value)
@inline pje_compile_options_set_fdo_profile(options, data, size) =
    ccall((:pje_compile_options_set_fdo_profile, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Ptr{Cvoid},
        Csize_t), options, data, size)
@inline pje_compile_options_set_gpu_topology(options, data, size) =
    ccall((:pje_compile_options_set_gpu_topology, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Ptr{Cvoid},
        Csize_t), options, data, size)
@inline pje_compile_options_set_gpu_topology_text(options, text) =
    ccall((:pje_compile_options_set_gpu_topology_text, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring),
        options, text)
@inline pje_compile_options_set_individually_defined_output_indices(options, values, count) =
    ccall((:pje_compile_options_set_individually_defined_output_indices, LIBRARY), Ptr{pje_error},
        (Ptr{pje_compile_options}, Ptr{Int32}, Csize_t), options, values, count)
@inline pje_compile_options_set_matrix_unit_operand_precision(options, value) =
    ccall((:pje_compile_options_set_matrix_unit_operand_precision, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Int32), options, value)
@inline pje_compile_options_set_memory_fitting_level(options, value) =
    ccall((:pje_compile_options_set_memory_fitting_level, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int32),
        options, value)
@inline pje_compile_options_set_num_partitions(options, value) =
    ccall((:pje_compile_options_set_num_partitions, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int64),
        options, value)
@inline pje_compile_options_set_num_replicas(options, value) =
    ccall((:pje_compile_options_set_num_replicas, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int64), options,
        value)
@inline pje_compile_options_set_optimization_level(options, value) =
    ccall((:pje_compile_options_set_optimization_level, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int32),
        options, value)
@inline pje_compile_options_set_override_bool(options, name, value) =
    ccall((:pje_compile_options_set_override_bool, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring, Bool),
        options, name, value)
@inline pje_compile_options_set_override_double(options, name, value) =
    ccall((:pje_compile_options_set_override_double, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Cdouble), options, name, value)
@inline pje_compile_options_set_override_int64(options, name, value) =
    ccall((:pje_compile_options_set_override_int64, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Int64), options, name, value)
@inline pje_compile_options_set_override_string(options, name, value) =
    ccall((:pje_compile_options_set_override_string, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring,
        Cstring), options, name, value)
@inline pje_compile_options_set_parameter_is_tupled_arguments(options, value) =
    ccall((:pje_compile_options_set_parameter_is_tupled_arguments, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Bool), options, value)
@inline pje_compile_options_set_process_count(options, value) =
    ccall((:pje_compile_options_set_process_count, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int64),
        options, value)
@inline pje_compile_options_set_process_index(options, value) =
    ccall((:pje_compile_options_set_process_index, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int64),
        options, value)
@inline pje_compile_options_set_profile_version(options, value) =
    ccall((:pje_compile_options_set_profile_version, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int64),
        options, value)
@inline pje_compile_options_set_result_layout(options, dtype, dims, rank, minor_to_major) =
    ccall((:pje_compile_options_set_result_layout, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int32,
        Ptr{Int64}, Csize_t, Ptr{Int64}), options, dtype, dims, rank, minor_to_major)
@inline pje_compile_options_set_result_layout_bytes(options, data, size) =
    ccall((:pje_compile_options_set_result_layout_bytes, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Cvoid}, Csize_t), options, data, size)
@inline pje_compile_options_set_result_with_layout(options, dtype, dims, rank, layout) =
    ccall((:pje_compile_options_set_result_with_layout, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Int32,
        Ptr{Int64}, Csize_t, Ptr{pje_layout}), options, dtype, dims, rank, layout)
@inline pje_compile_options_set_run_backend_only(options, value) =
    ccall((:pje_compile_options_set_run_backend_only, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Bool),
        options, value)
@inline pje_compile_options_set_serialized_multi_slice_config(options, data, size) =
    ccall((:pje_compile_options_set_serialized_multi_slice_config, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Ptr{Cvoid}, Csize_t), options, data, size)
@inline pje_compile_options_set_target_config(options, data, size) =
    ccall((:pje_compile_options_set_target_config, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Ptr{Cvoid},
        Csize_t), options, data, size)
@inline pje_compile_options_set_target_config_text(options, text) =
    ccall((:pje_compile_options_set_target_config_text, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Cstring),
        options, text)
@inline pje_compile_options_set_use_auto_spmd_partitioning(options, value) =
    ccall((:pje_compile_options_set_use_auto_spmd_partitioning, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options},
        Bool), options, value)
@inline pje_compile_options_set_use_shardy_partitioner(options, value) =
    ccall((:pje_compile_options_set_use_shardy_partitioner, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Bool),
        options, value)
@inline pje_compile_options_set_use_spmd_partitioning(options, value) =
    ccall((:pje_compile_options_set_use_spmd_partitioning, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Bool),
        options, value)
@inline pje_compile_options_to_text(options, out) =
    ccall((:pje_compile_options_to_text, LIBRARY), Ptr{pje_error}, (Ptr{pje_compile_options}, Ptr{Ptr{pje_bytes}}),
        options, out)
@inline pje_completion_queue_add(queue, event, tag) =
    ccall((:pje_completion_queue_add, LIBRARY), Ptr{pje_error}, (Ptr{pje_completion_queue}, Ptr{pje_event}, UInt64),
        queue, event, tag)
@inline pje_completion_queue_close(queue) =
    ccall((:pje_completion_queue_close, LIBRARY), Cvoid, (Ptr{pje_completion_queue},), queue)
@inline pje_completion_queue_create(out) =
    ccall((:pje_completion_queue_create, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_completion_queue}},), out)
@inline pje_completion_queue_describe(completion_queue, text, capacity) =
    ccall((:pje_completion_queue_describe, LIBRARY), Csize_t, (Ptr{pje_completion_queue}, Ptr{UInt8}, Csize_t),
        completion_queue, text, capacity)
@inline pje_completion_queue_fd(queue) =
    ccall((:pje_completion_queue_fd, LIBRARY), Int32, (Ptr{pje_completion_queue},), queue)
@inline pje_completion_queue_next(queue, timeout_ns, capacity, tags, errors, count) =
    ccall((:pje_completion_queue_next, LIBRARY), Ptr{pje_error}, (Ptr{pje_completion_queue}, Int64, Csize_t,
        Ptr{UInt64}, Ptr{Ptr{pje_error}}, Ptr{Csize_t}), queue, timeout_ns, capacity, tags, errors, count)
@inline pje_completion_queue_on_nonempty(queue, callback, user_data) =
    ccall((:pje_completion_queue_on_nonempty, LIBRARY), Ptr{pje_error}, (Ptr{pje_completion_queue}, Ptr{Cvoid},
        Ptr{Cvoid}), queue, callback, user_data)
@inline pje_completion_queue_release(queue) =
    ccall((:pje_completion_queue_release, LIBRARY), Cvoid, (Ptr{pje_completion_queue},), queue)
@inline pje_completion_queue_retain(queue) =
    ccall((:pje_completion_queue_retain, LIBRARY), Ptr{pje_completion_queue}, (Ptr{pje_completion_queue},), queue)
@inline pje_completion_queue_wake(queue) =
    ccall((:pje_completion_queue_wake, LIBRARY), Ptr{pje_error}, (Ptr{pje_completion_queue},), queue)
@inline pje_copy_stream_add_chunk(stream, chunk) =
    ccall((:pje_copy_stream_add_chunk, LIBRARY), Ptr{pje_error}, (Ptr{pje_copy_stream}, Ptr{pje_chunk}), stream, chunk)
@inline pje_copy_stream_add_chunk_async(stream, chunk, done) =
    ccall((:pje_copy_stream_add_chunk_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_copy_stream}, Ptr{pje_chunk},
        Ptr{Ptr{pje_event}}), stream, chunk, done)
@inline pje_copy_stream_current_bytes(stream, out) =
    ccall((:pje_copy_stream_current_bytes, LIBRARY), Ptr{pje_error}, (Ptr{pje_copy_stream}, Ptr{Csize_t}), stream, out)
@inline pje_copy_stream_describe(stream, text, capacity) =
    ccall((:pje_copy_stream_describe, LIBRARY), Csize_t, (Ptr{pje_copy_stream}, Ptr{UInt8}, Csize_t), stream, text,
        capacity)
@inline pje_copy_stream_granule_bytes(stream) =
    ccall((:pje_copy_stream_granule_bytes, LIBRARY), Csize_t, (Ptr{pje_copy_stream},), stream)
@inline pje_copy_stream_raw(stream) =
    ccall((:pje_copy_stream_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_copy_stream},), stream)
@inline pje_copy_stream_release(stream) =
    ccall((:pje_copy_stream_release, LIBRARY), Cvoid, (Ptr{pje_copy_stream},), stream)
@inline pje_copy_stream_retain(stream) =
    ccall((:pje_copy_stream_retain, LIBRARY), Ptr{pje_copy_stream}, (Ptr{pje_copy_stream},), stream)
@inline pje_copy_stream_total_bytes(stream) =
    ccall((:pje_copy_stream_total_bytes, LIBRARY), Csize_t, (Ptr{pje_copy_stream},), stream)
@inline pje_device_addressable_memory(device, index) =
    ccall((:pje_device_addressable_memory, LIBRARY), Ptr{pje_memory}, (Ptr{pje_device}, Csize_t), device, index)
@inline pje_device_assignment_create(num_replicas, num_partitions, device_ids, num_device_ids, out) =
    ccall((:pje_device_assignment_create, LIBRARY), Ptr{pje_error}, (Int64, Int64, Ptr{Int64}, Csize_t,
        Ptr{Ptr{pje_device_assignment}}), num_replicas, num_partitions, device_ids, num_device_ids, out)
@inline pje_device_assignment_describe(device_assignment, text, capacity) =
    ccall((:pje_device_assignment_describe, LIBRARY), Csize_t, (Ptr{pje_device_assignment}, Ptr{UInt8}, Csize_t),
        device_assignment, text, capacity)
@inline pje_device_assignment_device_id(assignment, replica, partition) =
    ccall((:pje_device_assignment_device_id, LIBRARY), Int64, (Ptr{pje_device_assignment}, Int64, Int64), assignment,
        replica, partition)
@inline pje_device_assignment_device_ids(assignment) =
    ccall((:pje_device_assignment_device_ids, LIBRARY), Ptr{Int64}, (Ptr{pje_device_assignment},), assignment)
@inline pje_device_assignment_find(assignment, device_id, replica, partition) =
    ccall((:pje_device_assignment_find, LIBRARY), Bool, (Ptr{pje_device_assignment}, Int64, Ptr{Int64}, Ptr{Int64}),
        assignment, device_id, replica, partition)
@inline pje_device_assignment_from_bytes(data, size, out) =
    ccall((:pje_device_assignment_from_bytes, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Csize_t,
        Ptr{Ptr{pje_device_assignment}}), data, size, out)
@inline pje_device_assignment_num_partitions(assignment) =
    ccall((:pje_device_assignment_num_partitions, LIBRARY), Int64, (Ptr{pje_device_assignment},), assignment)
@inline pje_device_assignment_num_replicas(assignment) =
    ccall((:pje_device_assignment_num_replicas, LIBRARY), Int64, (Ptr{pje_device_assignment},), assignment)
@inline pje_device_assignment_release(assignment) =
    ccall((:pje_device_assignment_release, LIBRARY), Cvoid, (Ptr{pje_device_assignment},), assignment)
@inline pje_device_assignment_retain(assignment) =
    ccall((:pje_device_assignment_retain, LIBRARY), Ptr{pje_device_assignment}, (Ptr{pje_device_assignment},),
        assignment)
@inline pje_device_assignment_serialize(assignment, out) =
    ccall((:pje_device_assignment_serialize, LIBRARY), Ptr{pje_error}, (Ptr{pje_device_assignment},
        Ptr{Ptr{pje_bytes}}), assignment, out)
@inline pje_device_attributes(device) =
    ccall((:pje_device_attributes, LIBRARY), Ptr{pje_named_values}, (Ptr{pje_device},), device)
@inline pje_device_clear_memory_stats(device) =
    ccall((:pje_device_clear_memory_stats, LIBRARY), Ptr{pje_error}, (Ptr{pje_device},), device)
@inline pje_device_client(device) = ccall((:pje_device_client, LIBRARY), Ptr{pje_client}, (Ptr{pje_device},), device)
@inline pje_device_current_attributes(device, out) =
    ccall((:pje_device_current_attributes, LIBRARY), Ptr{pje_error}, (Ptr{pje_device}, Ptr{Ptr{pje_named_values}}),
        device, out)
@inline pje_device_debug_string(device) =
    ccall((:pje_device_debug_string, LIBRARY), Ptr{UInt8}, (Ptr{pje_device},), device)
@inline pje_device_default_memory(device) =
    ccall((:pje_device_default_memory, LIBRARY), Ptr{pje_memory}, (Ptr{pje_device},), device)
@inline pje_device_describe(device, text, capacity) =
    ccall((:pje_device_describe, LIBRARY), Csize_t, (Ptr{pje_device}, Ptr{UInt8}, Csize_t), device, text, capacity)
@inline pje_device_description_attributes(description) =
    ccall((:pje_device_description_attributes, LIBRARY), Ptr{pje_named_values}, (Ptr{pje_device_description},),
        description)
@inline pje_device_description_debug_string(description) =
    ccall((:pje_device_description_debug_string, LIBRARY), Ptr{UInt8}, (Ptr{pje_device_description},), description)
@inline pje_device_description_describe(description, text, capacity) =
    ccall((:pje_device_description_describe, LIBRARY), Csize_t, (Ptr{pje_device_description}, Ptr{UInt8}, Csize_t),
        description, text, capacity)
@inline pje_device_description_id(description) =
    ccall((:pje_device_description_id, LIBRARY), Int32, (Ptr{pje_device_description},), description)
@inline pje_device_description_kind(description) =
    ccall((:pje_device_description_kind, LIBRARY), Ptr{UInt8}, (Ptr{pje_device_description},), description)
@inline pje_device_description_process_index(description) =
    ccall((:pje_device_description_process_index, LIBRARY), Int32, (Ptr{pje_device_description},), description)
@inline pje_device_description_raw(description) =
    ccall((:pje_device_description_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_device_description},), description)
@inline pje_device_description_release(description) =
    ccall((:pje_device_description_release, LIBRARY), Cvoid, (Ptr{pje_device_description},), description)
@inline pje_device_description_retain(description) =
    ccall((:pje_device_description_retain, LIBRARY), Ptr{pje_device_description}, (Ptr{pje_device_description},),
        description)
@inline pje_device_description_to_string(description) =
    ccall((:pje_device_description_to_string, LIBRARY), Ptr{UInt8}, (Ptr{pje_device_description},), description)
@inline pje_device_get_description(device) =
    ccall((:pje_device_get_description, LIBRARY), Ptr{pje_device_description}, (Ptr{pje_device},), device)
@inline pje_device_id(device) = ccall((:pje_device_id, LIBRARY), Int32, (Ptr{pje_device},), device)
@inline pje_device_is_addressable(device) =
    ccall((:pje_device_is_addressable, LIBRARY), Bool, (Ptr{pje_device},), device)
@inline pje_device_kind(device) = ccall((:pje_device_kind, LIBRARY), Ptr{UInt8}, (Ptr{pje_device},), device)
@inline pje_device_local_hardware_id(device) =
    ccall((:pje_device_local_hardware_id, LIBRARY), Int32, (Ptr{pje_device},), device)
@inline pje_device_memory_stats(device, out) =
    ccall((:pje_device_memory_stats, LIBRARY), Ptr{pje_error}, (Ptr{pje_device}, Ptr{Ptr{pje_named_values}}), device,
        out)
@inline pje_device_num_addressable_memories(device) =
    ccall((:pje_device_num_addressable_memories, LIBRARY), Csize_t, (Ptr{pje_device},), device)
@inline pje_device_poison_execution(device, launch_id, error, poisoned) =
    ccall((:pje_device_poison_execution, LIBRARY), Ptr{pje_error}, (Ptr{pje_device}, Int32, Ptr{pje_error}, Ptr{Bool}),
        device, launch_id, error, poisoned)
@inline pje_device_process_index(device) =
    ccall((:pje_device_process_index, LIBRARY), Int32, (Ptr{pje_device},), device)
@inline pje_device_raw(device) = ccall((:pje_device_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_device},), device)
@inline pje_device_release(device) = ccall((:pje_device_release, LIBRARY), Cvoid, (Ptr{pje_device},), device)
@inline pje_device_retain(device) = ccall((:pje_device_retain, LIBRARY), Ptr{pje_device}, (Ptr{pje_device},), device)
@inline pje_device_to_string(device) = ccall((:pje_device_to_string, LIBRARY), Ptr{UInt8}, (Ptr{pje_device},), device)
@inline pje_dma_mapping_create(client, data, size, out) =
    ccall((:pje_dma_mapping_create, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Cvoid}, Csize_t,
        Ptr{Ptr{pje_dma_mapping}}), client, data, size, out)
@inline pje_dma_mapping_data(mapping) =
    ccall((:pje_dma_mapping_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_dma_mapping},), mapping)
@inline pje_dma_mapping_describe(mapping, text, capacity) =
    ccall((:pje_dma_mapping_describe, LIBRARY), Csize_t, (Ptr{pje_dma_mapping}, Ptr{UInt8}, Csize_t), mapping, text,
        capacity)
@inline pje_dma_mapping_release(mapping) =
    ccall((:pje_dma_mapping_release, LIBRARY), Cvoid, (Ptr{pje_dma_mapping},), mapping)
@inline pje_dma_mapping_retain(mapping) =
    ccall((:pje_dma_mapping_retain, LIBRARY), Ptr{pje_dma_mapping}, (Ptr{pje_dma_mapping},), mapping)
@inline pje_dma_mapping_size(mapping) =
    ccall((:pje_dma_mapping_size, LIBRARY), Csize_t, (Ptr{pje_dma_mapping},), mapping)
@inline pje_dtype_alignment(dtype) = ccall((:pje_dtype_alignment, LIBRARY), Csize_t, (Int32,), dtype)
@inline pje_dtype_bits(dtype) = ccall((:pje_dtype_bits, LIBRARY), Csize_t, (Int32,), dtype)
@inline pje_dtype_from_name(name, out) = ccall((:pje_dtype_from_name, LIBRARY), Bool, (Cstring, Ptr{Int32}), name, out)
@inline pje_dtype_host_size(dtype) = ccall((:pje_dtype_host_size, LIBRARY), Csize_t, (Int32,), dtype)
@inline pje_dtype_kind_of(dtype) = ccall((:pje_dtype_kind_of, LIBRARY), Int32, (Int32,), dtype)
@inline pje_dtype_name(dtype) = ccall((:pje_dtype_name, LIBRARY), Ptr{UInt8}, (Int32,), dtype)
@inline pje_error_code(error) = ccall((:pje_error_code, LIBRARY), Int32, (Ptr{pje_error},), error)
@inline pje_error_create(code, message) =
    ccall((:pje_error_create, LIBRARY), Ptr{pje_error}, (Int32, Cstring), code, message)
@inline pje_error_describe(error, text, capacity) =
    ccall((:pje_error_describe, LIBRARY), Csize_t, (Ptr{pje_error}, Ptr{UInt8}, Csize_t), error, text, capacity)
@inline pje_error_detail(error) = ccall((:pje_error_detail, LIBRARY), Ptr{UInt8}, (Ptr{pje_error},), error)
@inline pje_error_function(error) = ccall((:pje_error_function, LIBRARY), Ptr{UInt8}, (Ptr{pje_error},), error)
@inline pje_error_message(error) = ccall((:pje_error_message, LIBRARY), Ptr{UInt8}, (Ptr{pje_error},), error)
@inline pje_error_num_payloads(error) = ccall((:pje_error_num_payloads, LIBRARY), Csize_t, (Ptr{pje_error},), error)
@inline pje_error_payload(error, index, key, data, size) =
    ccall((:pje_error_payload, LIBRARY), Bool, (Ptr{pje_error}, Csize_t, Ptr{Ptr{UInt8}}, Ptr{Ptr{Cvoid}},
        Ptr{Csize_t}), error, index, key, data, size)
@inline pje_error_release(error) = ccall((:pje_error_release, LIBRARY), Cvoid, (Ptr{pje_error},), error)
@inline pje_error_retain(error) = ccall((:pje_error_retain, LIBRARY), Ptr{pje_error}, (Ptr{pje_error},), error)
@inline pje_event_all(events, n, out) =
    ccall((:pje_event_all, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_event}}, Csize_t, Ptr{Ptr{pje_event}}), events, n,
        out)
@inline pje_event_any(events, n, out, index) =
    ccall((:pje_event_any, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_event}}, Csize_t, Ptr{Ptr{pje_event}}, Ptr{Csize_t}),
        events, n, out, index)
@inline pje_event_create(out) = ccall((:pje_event_create, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_event}},), out)
@inline pje_event_create_raw(client, raw, out) =
    ccall((:pje_event_create_raw, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Ptr{Ptr{Cvoid}}, Ptr{Ptr{pje_event}}),
        client, raw, out)
@inline pje_event_describe(event, text, capacity) =
    ccall((:pje_event_describe, LIBRARY), Csize_t, (Ptr{pje_event}, Ptr{UInt8}, Csize_t), event, text, capacity)
@inline pje_event_error(event) = ccall((:pje_event_error, LIBRARY), Ptr{pje_error}, (Ptr{pje_event},), event)
@inline pje_event_get_bytes(event, out) =
    ccall((:pje_event_get_bytes, LIBRARY), Ptr{pje_error}, (Ptr{pje_event}, Ptr{Ptr{pje_bytes}}), event, out)
@inline pje_event_get_client(event, out) =
    ccall((:pje_event_get_client, LIBRARY), Ptr{pje_error}, (Ptr{pje_event}, Ptr{Ptr{pje_client}}), event, out)
@inline pje_event_get_executable(event, out) =
    ccall((:pje_event_get_executable, LIBRARY), Ptr{pje_error}, (Ptr{pje_event}, Ptr{Ptr{pje_executable}}), event, out)
@inline pje_event_get_loaded_executable(event, out) =
    ccall((:pje_event_get_loaded_executable, LIBRARY), Ptr{pje_error}, (Ptr{pje_event},
        Ptr{Ptr{pje_loaded_executable}}), event, out)
@inline pje_event_is_ready(event) = ccall((:pje_event_is_ready, LIBRARY), Bool, (Ptr{pje_event},), event)
@inline pje_event_on_ready(event, callback, user_data) =
    ccall((:pje_event_on_ready, LIBRARY), Ptr{pje_error}, (Ptr{pje_event}, Ptr{Cvoid}, Ptr{Cvoid}), event, callback,
        user_data)
@inline pje_event_release(event) = ccall((:pje_event_release, LIBRARY), Cvoid, (Ptr{pje_event},), event)
@inline pje_event_retain(event) = ccall((:pje_event_retain, LIBRARY), Ptr{pje_event}, (Ptr{pje_event},), event)
@inline pje_event_set(event, error) =
    ccall((:pje_event_set, LIBRARY), Ptr{pje_error}, (Ptr{pje_event}, Ptr{pje_error}), event, error)
@inline pje_event_then(event, callback, user_data, out) =
    ccall((:pje_event_then, LIBRARY), Ptr{pje_error}, (Ptr{pje_event}, Ptr{Cvoid}, Ptr{Cvoid}, Ptr{Ptr{pje_event}}),
        event, callback, user_data, out)
@inline pje_event_wait(event) = ccall((:pje_event_wait, LIBRARY), Ptr{pje_error}, (Ptr{pje_event},), event)
@inline pje_event_wait_for(event, timeout_ns) =
    ccall((:pje_event_wait_for, LIBRARY), Ptr{pje_error}, (Ptr{pje_event}, Int64), event, timeout_ns)
@inline pje_executable_code_size(executable, out) =
    ccall((:pje_executable_code_size, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Int64}), executable, out)
@inline pje_executable_compile_options(executable, out) =
    ccall((:pje_executable_compile_options, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable},
        Ptr{Ptr{pje_compile_options}}), executable, out)
@inline pje_executable_cost_analysis(executable, out) =
    ccall((:pje_executable_cost_analysis, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Ptr{pje_named_values}}),
        executable, out)
@inline pje_executable_describe(executable, text, capacity) =
    ccall((:pje_executable_describe, LIBRARY), Csize_t, (Ptr{pje_executable}, Ptr{UInt8}, Csize_t), executable, text,
        capacity)
@inline pje_executable_fingerprint(executable, out) =
    ccall((:pje_executable_fingerprint, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Ptr{pje_bytes}}),
        executable, out)
@inline pje_executable_memory_stats(executable, out) =
    ccall((:pje_executable_memory_stats, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Ptr{pje_named_values}}),
        executable, out)
@inline pje_executable_name(executable) =
    ccall((:pje_executable_name, LIBRARY), Ptr{UInt8}, (Ptr{pje_executable},), executable)
@inline pje_executable_num_outputs(executable) =
    ccall((:pje_executable_num_outputs, LIBRARY), Csize_t, (Ptr{pje_executable},), executable)
@inline pje_executable_num_parameters(executable) =
    ccall((:pje_executable_num_parameters, LIBRARY), Csize_t, (Ptr{pje_executable},), executable)
@inline pje_executable_num_partitions(executable) =
    ccall((:pje_executable_num_partitions, LIBRARY), Csize_t, (Ptr{pje_executable},), executable)
@inline pje_executable_num_replicas(executable) =
    ccall((:pje_executable_num_replicas, LIBRARY), Csize_t, (Ptr{pje_executable},), executable)
@inline pje_executable_optimized_program(executable, out) =
    ccall((:pje_executable_optimized_program, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Ptr{pje_program}}),
        executable, out)
@inline pje_executable_output_memory_kind(executable, index) =
    ccall((:pje_executable_output_memory_kind, LIBRARY), Ptr{UInt8}, (Ptr{pje_executable}, Csize_t), executable, index)
@inline pje_executable_output_type(executable, index, dtype, dims, rank) =
    ccall((:pje_executable_output_type, LIBRARY), Bool, (Ptr{pje_executable}, Csize_t, Ptr{Int32}, Ptr{Ptr{Int64}},
        Ptr{Csize_t}), executable, index, dtype, dims, rank)
@inline pje_executable_parameter_memory_kind(executable, index) =
    ccall((:pje_executable_parameter_memory_kind, LIBRARY), Ptr{UInt8}, (Ptr{pje_executable}, Csize_t), executable,
        index)
@inline pje_executable_raw(executable) =
    ccall((:pje_executable_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_executable},), executable)
@inline pje_executable_release(executable) =
    ccall((:pje_executable_release, LIBRARY), Cvoid, (Ptr{pje_executable},), executable)
@inline pje_executable_retain(executable) =
    ccall((:pje_executable_retain, LIBRARY), Ptr{pje_executable}, (Ptr{pje_executable},), executable)
@inline pje_executable_serialize(executable, out) =
    ccall((:pje_executable_serialize, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Ptr{pje_bytes}}), executable,
        out)
@inline pje_executable_serialize_async(executable, out, done) =
    ccall((:pje_executable_serialize_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Ptr{pje_bytes}},
        Ptr{Ptr{pje_event}}), executable, out, done)
@inline pje_executable_serialize_raw(executable, out) =
    ccall((:pje_executable_serialize_raw, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Ptr{pje_bytes}}),
        executable, out)
@inline pje_executable_serialize_raw_async(executable, out, done) =
    ccall((:pje_executable_serialize_raw_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_executable}, Ptr{Ptr{pje_bytes}},
        Ptr{Ptr{pje_event}}), executable, out, done)
@inline pje_execute_context_create(plugin, out) =
    ccall((:pje_execute_context_create, LIBRARY), Ptr{pje_error}, (Ptr{pje_plugin}, Ptr{Ptr{pje_execute_context}}),
        plugin, out)
@inline pje_execute_context_describe(context, text, capacity) =
    ccall((:pje_execute_context_describe, LIBRARY), Csize_t, (Ptr{pje_execute_context}, Ptr{UInt8}, Csize_t), context,
        text, capacity)
@inline pje_execute_context_plugin(context) =
    ccall((:pje_execute_context_plugin, LIBRARY), Ptr{pje_plugin}, (Ptr{pje_execute_context},), context)
@inline pje_execute_context_raw(context) =
    ccall((:pje_execute_context_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_execute_context},), context)
@inline pje_execute_context_release(context) =
    ccall((:pje_execute_context_release, LIBRARY), Cvoid, (Ptr{pje_execute_context},), context)
@inline pje_execute_context_retain(context) =
    ccall((:pje_execute_context_retain, LIBRARY), Ptr{pje_execute_context}, (Ptr{pje_execute_context},), context)
@inline pje_execute_handlers_add_output(handlers, callback_id, num_operands, handler, user_data) =
    ccall((:pje_execute_handlers_add_output, LIBRARY), Ptr{pje_error}, (Ptr{pje_execute_handlers}, Int64, Csize_t,
        Ptr{Cvoid}, Ptr{Cvoid}), handlers, callback_id, num_operands, handler, user_data)
@inline pje_execute_handlers_add_output_requests(handlers, callback_id, num_operands, queue) =
    ccall((:pje_execute_handlers_add_output_requests, LIBRARY), Ptr{pje_error}, (Ptr{pje_execute_handlers}, Int64,
        Csize_t, Ptr{pje_request_queue}), handlers, callback_id, num_operands, queue)
@inline pje_execute_handlers_add_receive(handlers, channel_id, handler, user_data) =
    ccall((:pje_execute_handlers_add_receive, LIBRARY), Ptr{pje_error}, (Ptr{pje_execute_handlers}, Int64, Ptr{Cvoid},
        Ptr{Cvoid}), handlers, channel_id, handler, user_data)
@inline pje_execute_handlers_add_receive_requests(handlers, channel_id, queue) =
    ccall((:pje_execute_handlers_add_receive_requests, LIBRARY), Ptr{pje_error}, (Ptr{pje_execute_handlers}, Int64,
        Ptr{pje_request_queue}), handlers, channel_id, queue)
@inline pje_execute_handlers_add_send(handlers, channel_id, handler, user_data) =
    ccall((:pje_execute_handlers_add_send, LIBRARY), Ptr{pje_error}, (Ptr{pje_execute_handlers}, Int64, Ptr{Cvoid},
        Ptr{Cvoid}), handlers, channel_id, handler, user_data)
@inline pje_execute_handlers_add_send_requests(handlers, channel_id, queue) =
    ccall((:pje_execute_handlers_add_send_requests, LIBRARY), Ptr{pje_error}, (Ptr{pje_execute_handlers}, Int64,
        Ptr{pje_request_queue}), handlers, channel_id, queue)
@inline pje_execute_handlers_create(release, user_data, out) =
    ccall((:pje_execute_handlers_create, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Ptr{Cvoid},
        Ptr{Ptr{pje_execute_handlers}}), release, user_data, out)
@inline pje_execute_handlers_describe(handlers, text, capacity) =
    ccall((:pje_execute_handlers_describe, LIBRARY), Csize_t, (Ptr{pje_execute_handlers}, Ptr{UInt8}, Csize_t),
        handlers, text, capacity)
@inline pje_execute_handlers_release(handlers) =
    ccall((:pje_execute_handlers_release, LIBRARY), Cvoid, (Ptr{pje_execute_handlers},), handlers)
@inline pje_execute_handlers_retain(handlers) =
    ccall((:pje_execute_handlers_retain, LIBRARY), Ptr{pje_execute_handlers}, (Ptr{pje_execute_handlers},), handlers)
@inline pje_fulfilment_describe(fulfilment, text, capacity) =
    ccall((:pje_fulfilment_describe, LIBRARY), Csize_t, (Ptr{pje_fulfilment}, Ptr{UInt8}, Csize_t), fulfilment, text,
        capacity)
@inline pje_fulfilment_release(fulfilment) =
    ccall((:pje_fulfilment_release, LIBRARY), Cvoid, (Ptr{pje_fulfilment},), fulfilment)
@inline pje_fulfilment_retain(fulfilment) =
    ccall((:pje_fulfilment_retain, LIBRARY), Ptr{pje_fulfilment}, (Ptr{pje_fulfilment},), fulfilment)
@inline pje_fulfilment_set_buffer(fulfilment, buffer) =
    ccall((:pje_fulfilment_set_buffer, LIBRARY), Ptr{pje_error}, (Ptr{pje_fulfilment}, Ptr{pje_buffer}), fulfilment,
        buffer)
@inline pje_fulfilment_set_data(fulfilment, data, size) =
    ccall((:pje_fulfilment_set_data, LIBRARY), Ptr{pje_error}, (Ptr{pje_fulfilment}, Ptr{Cvoid}, Csize_t), fulfilment,
        data, size)
@inline pje_fulfilment_set_done(fulfilment) =
    ccall((:pje_fulfilment_set_done, LIBRARY), Ptr{pje_error}, (Ptr{pje_fulfilment},), fulfilment)
@inline pje_fulfilment_set_error(fulfilment, error) =
    ccall((:pje_fulfilment_set_error, LIBRARY), Ptr{pje_error}, (Ptr{pje_fulfilment}, Ptr{pje_error}), fulfilment,
        error)
@inline pje_function_args_size(index) = ccall((:pje_function_args_size, LIBRARY), Csize_t, (Csize_t,), index)
@inline pje_function_name(index) = ccall((:pje_function_name, LIBRARY), Ptr{UInt8}, (Csize_t,), index)
@inline pje_function_offset(index) = ccall((:pje_function_offset, LIBRARY), Csize_t, (Csize_t,), index)
@inline pje_host_view_buffer(view) =
    ccall((:pje_host_view_buffer, LIBRARY), Ptr{pje_buffer}, (Ptr{pje_host_view},), view)
@inline pje_host_view_data(view) = ccall((:pje_host_view_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_host_view},), view)
@inline pje_host_view_describe(view, text, capacity) =
    ccall((:pje_host_view_describe, LIBRARY), Csize_t, (Ptr{pje_host_view}, Ptr{UInt8}, Csize_t), view, text, capacity)
@inline pje_host_view_release(view) = ccall((:pje_host_view_release, LIBRARY), Cvoid, (Ptr{pje_host_view},), view)
@inline pje_host_view_retain(view) =
    ccall((:pje_host_view_retain, LIBRARY), Ptr{pje_host_view}, (Ptr{pje_host_view},), view)
@inline pje_host_view_size(view) = ccall((:pje_host_view_size, LIBRARY), Csize_t, (Ptr{pje_host_view},), view)
@inline pje_kv_store_create(out) =
    ccall((:pje_kv_store_create, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_kv_store}},), out)
@inline pje_kv_store_describe(store, text, capacity) =
    ccall((:pje_kv_store_describe, LIBRARY), Csize_t, (Ptr{pje_kv_store}, Ptr{UInt8}, Csize_t), store, text, capacity)
@inline pje_kv_store_from_callbacks(get, try_get, put, release, user_data, out) =
    ccall((:pje_kv_store_from_callbacks, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Ptr{Cvoid}, Ptr{Cvoid}, Ptr{Cvoid},
        Ptr{Cvoid}, Ptr{Ptr{pje_kv_store}}), get, try_get, put, release, user_data, out)
@inline pje_kv_store_from_request_queue(queue, out) =
    ccall((:pje_kv_store_from_request_queue, LIBRARY), Ptr{pje_error}, (Ptr{pje_request_queue},
        Ptr{Ptr{pje_kv_store}}), queue, out)
@inline pje_kv_store_get(store, key, key_size, timeout_ns, out) =
    ccall((:pje_kv_store_get, LIBRARY), Ptr{pje_error}, (Ptr{pje_kv_store}, Ptr{Cvoid}, Csize_t, Int64,
        Ptr{Ptr{pje_bytes}}), store, key, key_size, timeout_ns, out)
@inline pje_kv_store_put(store, key, key_size, value, value_size) =
    ccall((:pje_kv_store_put, LIBRARY), Ptr{pje_error}, (Ptr{pje_kv_store}, Ptr{Cvoid}, Csize_t, Ptr{Cvoid}, Csize_t),
        store, key, key_size, value, value_size)
@inline pje_kv_store_release(store) = ccall((:pje_kv_store_release, LIBRARY), Cvoid, (Ptr{pje_kv_store},), store)
@inline pje_kv_store_retain(store) =
    ccall((:pje_kv_store_retain, LIBRARY), Ptr{pje_kv_store}, (Ptr{pje_kv_store},), store)
@inline pje_kv_store_try_get(store, key, key_size, out) =
    ccall((:pje_kv_store_try_get, LIBRARY), Ptr{pje_error}, (Ptr{pje_kv_store}, Ptr{Cvoid}, Csize_t,
        Ptr{Ptr{pje_bytes}}), store, key, key_size, out)
@inline pje_layout_byte_strides(layout) =
    ccall((:pje_layout_byte_strides, LIBRARY), Ptr{Int64}, (Ptr{pje_layout},), layout)
@inline pje_layout_copy(layout, out) =
    ccall((:pje_layout_copy, LIBRARY), Ptr{pje_error}, (Ptr{pje_layout}, Ptr{Ptr{pje_layout}}), layout, out)
@inline pje_layout_create_strided(byte_strides, rank, out) =
    ccall((:pje_layout_create_strided, LIBRARY), Ptr{pje_error}, (Ptr{Int64}, Csize_t, Ptr{Ptr{pje_layout}}),
        byte_strides, rank, out)
@inline pje_layout_create_tiled(minor_to_major, rank, tile_dims, tile_ranks, num_tiles, out) =
    ccall((:pje_layout_create_tiled, LIBRARY), Ptr{pje_error}, (Ptr{Int64}, Csize_t, Ptr{Int64}, Ptr{Csize_t}, Csize_t,
        Ptr{Ptr{pje_layout}}), minor_to_major, rank, tile_dims, tile_ranks, num_tiles, out)
@inline pje_layout_describe(layout, text, capacity) =
    ccall((:pje_layout_describe, LIBRARY), Csize_t, (Ptr{pje_layout}, Ptr{UInt8}, Csize_t), layout, text, capacity)
@inline pje_layout_equal(a, b) = ccall((:pje_layout_equal, LIBRARY), Bool, (Ptr{pje_layout}, Ptr{pje_layout}), a, b)
@inline pje_layout_from_byte_strides(dtype, dims, rank, byte_strides, out) =
    ccall((:pje_layout_from_byte_strides, LIBRARY), Ptr{pje_error}, (Int32, Ptr{Int64}, Csize_t, Ptr{Int64},
        Ptr{Ptr{pje_layout}}), dtype, dims, rank, byte_strides, out)
@inline pje_layout_from_bytes(data, size, out) =
    ccall((:pje_layout_from_bytes, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Csize_t, Ptr{Ptr{pje_layout}}), data, size,
        out)
@inline pje_layout_from_text(text, out) =
    ccall((:pje_layout_from_text, LIBRARY), Ptr{pje_error}, (Cstring, Ptr{Ptr{pje_layout}}), text, out)
@inline pje_layout_hash(layout) = ccall((:pje_layout_hash, LIBRARY), UInt64, (Ptr{pje_layout},), layout)
@inline pje_layout_host_size(layout, dtype, dims, rank, size) =
    ccall((:pje_layout_host_size, LIBRARY), Ptr{pje_error}, (Ptr{pje_layout}, Int32, Ptr{Int64}, Csize_t,
        Ptr{Csize_t}), layout, dtype, dims, rank, size)
@inline pje_layout_is_strided(layout) = ccall((:pje_layout_is_strided, LIBRARY), Bool, (Ptr{pje_layout},), layout)
@inline pje_layout_minor_to_major(layout) =
    ccall((:pje_layout_minor_to_major, LIBRARY), Ptr{Int64}, (Ptr{pje_layout},), layout)
@inline pje_layout_num_tiles(layout) = ccall((:pje_layout_num_tiles, LIBRARY), Csize_t, (Ptr{pje_layout},), layout)
@inline pje_layout_rank(layout) = ccall((:pje_layout_rank, LIBRARY), Csize_t, (Ptr{pje_layout},), layout)
@inline pje_layout_release(layout) = ccall((:pje_layout_release, LIBRARY), Cvoid, (Ptr{pje_layout},), layout)
@inline pje_layout_retain(layout) = ccall((:pje_layout_retain, LIBRARY), Ptr{pje_layout}, (Ptr{pje_layout},), layout)
@inline pje_layout_serialize(layout, out) =
    ccall((:pje_layout_serialize, LIBRARY), Ptr{pje_error}, (Ptr{pje_layout}, Ptr{Ptr{pje_bytes}}), layout, out)
@inline pje_layout_tile(layout, index, rank) =
    ccall((:pje_layout_tile, LIBRARY), Ptr{Int64}, (Ptr{pje_layout}, Csize_t, Ptr{Csize_t}), layout, index, rank)
@inline pje_layout_to_byte_strides(layout, dtype, dims, rank, byte_strides) =
    ccall((:pje_layout_to_byte_strides, LIBRARY), Ptr{pje_error}, (Ptr{pje_layout}, Int32, Ptr{Int64}, Csize_t,
        Ptr{Int64}), layout, dtype, dims, rank, byte_strides)
@inline pje_layout_to_text(layout) = ccall((:pje_layout_to_text, LIBRARY), Ptr{UInt8}, (Ptr{pje_layout},), layout)
@inline pje_leak_report() = ccall((:pje_leak_report, LIBRARY), UInt64, ())
@inline pje_live_objects(type_) = ccall((:pje_live_objects, LIBRARY), UInt64, (Cstring,), type_)
@inline pje_loaded_executable_addressable_device(executable, index) =
    ccall((:pje_loaded_executable_addressable_device, LIBRARY), Ptr{pje_device}, (Ptr{pje_loaded_executable}, Csize_t),
        executable, index)
@inline pje_loaded_executable_arg_is_donated(executable, index) =
    ccall((:pje_loaded_executable_arg_is_donated, LIBRARY), Bool, (Ptr{pje_loaded_executable}, Csize_t), executable,
        index)
@inline pje_loaded_executable_arg_type(executable, index, dtype, dims, rank) =
    ccall((:pje_loaded_executable_arg_type, LIBRARY), Bool, (Ptr{pje_loaded_executable}, Csize_t, Ptr{Int32},
        Ptr{Ptr{Int64}}, Ptr{Csize_t}), executable, index, dtype, dims, rank)
@inline pje_loaded_executable_client(executable) =
    ccall((:pje_loaded_executable_client, LIBRARY), Ptr{pje_client}, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_delete(executable) =
    ccall((:pje_loaded_executable_delete, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_describe(loaded_executable, text, capacity) =
    ccall((:pje_loaded_executable_describe, LIBRARY), Csize_t, (Ptr{pje_loaded_executable}, Ptr{UInt8}, Csize_t),
        loaded_executable, text, capacity)
@inline pje_loaded_executable_device_assignment(executable, out) =
    ccall((:pje_loaded_executable_device_assignment, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable},
        Ptr{Ptr{pje_device_assignment}}), executable, out)
@inline pje_loaded_executable_executable(executable, out) =
    ccall((:pje_loaded_executable_executable, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable},
        Ptr{Ptr{pje_executable}}), executable, out)
@inline pje_loaded_executable_execute(executable, args, num_args, options, outputs, num_outputs) =
    ccall((:pje_loaded_executable_execute, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable}, Ptr{Ptr{pje_buffer}},
        Csize_t, Ptr{pje_execute_options}, Ptr{Ptr{pje_buffer}}, Csize_t), executable, args, num_args, options,
        outputs, num_outputs)
@inline pje_loaded_executable_execute_async(executable, args, num_args, options, outputs, num_outputs, done) =
    ccall((:pje_loaded_executable_execute_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable},
        Ptr{Ptr{pje_buffer}}, Csize_t, Ptr{pje_execute_options}, Ptr{Ptr{pje_buffer}}, Csize_t, Ptr{Ptr{pje_event}}),
        executable, args, num_args, options, outputs, num_outputs, done)
@inline pje_loaded_executable_execute_sharded(executable, num_devices, args, num_args_per_device, options, outputs,
    num_outputs_per_device) =
    ccall((:pje_loaded_executable_execute_sharded, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable}, Csize_t,
        Ptr{Ptr{pje_buffer}}, Csize_t, Ptr{pje_execute_options}, Ptr{Ptr{pje_buffer}}, Csize_t), executable,
        num_devices, args, num_args_per_device, options, outputs, num_outputs_per_device)
@inline pje_loaded_executable_execute_sharded_async(executable, num_devices, args, num_args_per_device, options,
    outputs, num_outputs_per_device, device_done) =
    ccall((:pje_loaded_executable_execute_sharded_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable},
        Csize_t, Ptr{Ptr{pje_buffer}}, Csize_t, Ptr{pje_execute_options}, Ptr{Ptr{pje_buffer}}, Csize_t,
        Ptr{Ptr{pje_event}}), executable, num_devices, args, num_args_per_device, options, outputs,
        num_outputs_per_device, device_done)
@inline pje_loaded_executable_fingerprint(executable, out) =
    ccall((:pje_loaded_executable_fingerprint, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable},
        Ptr{Ptr{pje_bytes}}), executable, out)
@inline pje_loaded_executable_is_deleted(executable) =
    ccall((:pje_loaded_executable_is_deleted, LIBRARY), Bool, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_logical_ids(executable, index, replica, partition) =
    ccall((:pje_loaded_executable_logical_ids, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable}, Csize_t,
        Ptr{Int64}, Ptr{Int64}), executable, index, replica, partition)
@inline pje_loaded_executable_name(executable) =
    ccall((:pje_loaded_executable_name, LIBRARY), Ptr{UInt8}, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_num_addressable_devices(executable) =
    ccall((:pje_loaded_executable_num_addressable_devices, LIBRARY), Csize_t, (Ptr{pje_loaded_executable},),
        executable)
@inline pje_loaded_executable_num_args(executable) =
    ccall((:pje_loaded_executable_num_args, LIBRARY), Csize_t, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_num_outputs(executable) =
    ccall((:pje_loaded_executable_num_outputs, LIBRARY), Csize_t, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_num_partitions(executable) =
    ccall((:pje_loaded_executable_num_partitions, LIBRARY), Csize_t, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_num_replicas(executable) =
    ccall((:pje_loaded_executable_num_replicas, LIBRARY), Csize_t, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_output_type(executable, index, dtype, dims, rank) =
    ccall((:pje_loaded_executable_output_type, LIBRARY), Bool, (Ptr{pje_loaded_executable}, Csize_t, Ptr{Int32},
        Ptr{Ptr{Int64}}, Ptr{Csize_t}), executable, index, dtype, dims, rank)
@inline pje_loaded_executable_raw(executable) =
    ccall((:pje_loaded_executable_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_release(executable) =
    ccall((:pje_loaded_executable_release, LIBRARY), Cvoid, (Ptr{pje_loaded_executable},), executable)
@inline pje_loaded_executable_retain(executable) =
    ccall((:pje_loaded_executable_retain, LIBRARY), Ptr{pje_loaded_executable}, (Ptr{pje_loaded_executable},),
        executable)
@inline pje_loaded_executable_run(executable, args, num_args, outputs, num_outputs) =
    ccall((:pje_loaded_executable_run, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable}, Ptr{Ptr{pje_array}},
        Csize_t, Ptr{Ptr{pje_array}}, Csize_t), executable, args, num_args, outputs, num_outputs)
@inline pje_loaded_executable_run_async(executable, args, num_args, outputs, num_outputs, done) =
    ccall((:pje_loaded_executable_run_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable},
        Ptr{Ptr{pje_array}}, Csize_t, Ptr{Ptr{pje_array}}, Csize_t, Ptr{Ptr{pje_event}}), executable, args, num_args,
        outputs, num_outputs, done)
@inline pje_loaded_executable_run_into(executable, args, num_args, options, outputs, num_outputs) =
    ccall((:pje_loaded_executable_run_into, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable}, Ptr{Ptr{pje_array}},
        Csize_t, Ptr{pje_execute_options}, Ptr{Ptr{pje_array}}, Csize_t), executable, args, num_args, options, outputs,
        num_outputs)
@inline pje_loaded_executable_run_into_async(executable, args, num_args, options, outputs, num_outputs, done) =
    ccall((:pje_loaded_executable_run_into_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable},
        Ptr{Ptr{pje_array}}, Csize_t, Ptr{pje_execute_options}, Ptr{Ptr{pje_array}}, Csize_t, Ptr{Ptr{pje_event}}),
        executable, args, num_args, options, outputs, num_outputs, done)
@inline pje_log_capture_stderr(capture) = ccall((:pje_log_capture_stderr, LIBRARY), Ptr{pje_error}, (Bool,), capture)
@inline pje_log_set_callback(callback, user_data) =
    ccall((:pje_log_set_callback, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Ptr{Cvoid}), callback, user_data)
@inline pje_log_set_plugin_level(level) = ccall((:pje_log_set_plugin_level, LIBRARY), Ptr{pje_error}, (Int32,), level)
@inline pje_log_set_queue(queue) =
    ccall((:pje_log_set_queue, LIBRARY), Ptr{pje_error}, (Ptr{pje_request_queue},), queue)
@inline pje_memory_client(memory) = ccall((:pje_memory_client, LIBRARY), Ptr{pje_client}, (Ptr{pje_memory},), memory)
@inline pje_memory_debug_string(memory) =
    ccall((:pje_memory_debug_string, LIBRARY), Ptr{UInt8}, (Ptr{pje_memory},), memory)
@inline pje_memory_describe(memory, text, capacity) =
    ccall((:pje_memory_describe, LIBRARY), Csize_t, (Ptr{pje_memory}, Ptr{UInt8}, Csize_t), memory, text, capacity)
@inline pje_memory_device(memory, index) =
    ccall((:pje_memory_device, LIBRARY), Ptr{pje_device}, (Ptr{pje_memory}, Csize_t), memory, index)
@inline pje_memory_id(memory) = ccall((:pje_memory_id, LIBRARY), Int32, (Ptr{pje_memory},), memory)
@inline pje_memory_kind(memory) = ccall((:pje_memory_kind, LIBRARY), Ptr{UInt8}, (Ptr{pje_memory},), memory)
@inline pje_memory_kind_id(memory) = ccall((:pje_memory_kind_id, LIBRARY), Int32, (Ptr{pje_memory},), memory)
@inline pje_memory_num_devices(memory) = ccall((:pje_memory_num_devices, LIBRARY), Csize_t, (Ptr{pje_memory},), memory)
@inline pje_memory_raw(memory) = ccall((:pje_memory_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_memory},), memory)
@inline pje_memory_release(memory) = ccall((:pje_memory_release, LIBRARY), Cvoid, (Ptr{pje_memory},), memory)
@inline pje_memory_retain(memory) = ccall((:pje_memory_retain, LIBRARY), Ptr{pje_memory}, (Ptr{pje_memory},), memory)
@inline pje_memory_to_string(memory) = ccall((:pje_memory_to_string, LIBRARY), Ptr{UInt8}, (Ptr{pje_memory},), memory)
@inline pje_misuse_count() = ccall((:pje_misuse_count, LIBRARY), UInt64, ())
@inline pje_named_values_copy(values, out) =
    ccall((:pje_named_values_copy, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Ptr{Ptr{pje_named_values}}),
        values, out)
@inline pje_named_values_count(values) =
    ccall((:pje_named_values_count, LIBRARY), Csize_t, (Ptr{pje_named_values},), values)
@inline pje_named_values_create(out) =
    ccall((:pje_named_values_create, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_named_values}},), out)
@inline pje_named_values_describe(values, text, capacity) =
    ccall((:pje_named_values_describe, LIBRARY), Csize_t, (Ptr{pje_named_values}, Ptr{UInt8}, Csize_t), values, text,
        capacity)
@inline pje_named_values_find(values, name) =
    ccall((:pje_named_values_find, LIBRARY), Csize_t, (Ptr{pje_named_values}, Cstring), values, name)
@inline pje_named_values_get_bool(values, index, out) =
    ccall((:pje_named_values_get_bool, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Csize_t, Ptr{Bool}), values,
        index, out)
@inline pje_named_values_get_float(values, index, out) =
    ccall((:pje_named_values_get_float, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Csize_t, Ptr{Cfloat}),
        values, index, out)
@inline pje_named_values_get_int64(values, index, out) =
    ccall((:pje_named_values_get_int64, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Csize_t, Ptr{Int64}), values,
        index, out)
@inline pje_named_values_get_int64_list(values, index, out, count) =
    ccall((:pje_named_values_get_int64_list, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Csize_t,
        Ptr{Ptr{Int64}}, Ptr{Csize_t}), values, index, out, count)
@inline pje_named_values_get_string(values, index, out) =
    ccall((:pje_named_values_get_string, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Csize_t, Ptr{Ptr{UInt8}}),
        values, index, out)
@inline pje_named_values_kind(values, index) =
    ccall((:pje_named_values_kind, LIBRARY), Int32, (Ptr{pje_named_values}, Csize_t), values, index)
@inline pje_named_values_name(values, index) =
    ccall((:pje_named_values_name, LIBRARY), Ptr{UInt8}, (Ptr{pje_named_values}, Csize_t), values, index)
@inline pje_named_values_release(values) =
    ccall((:pje_named_values_release, LIBRARY), Cvoid, (Ptr{pje_named_values},), values)
@inline pje_named_values_retain(values) =
    ccall((:pje_named_values_retain, LIBRARY), Ptr{pje_named_values}, (Ptr{pje_named_values},), values)
@inline pje_named_values_set_bool(values, name, value) =
    ccall((:pje_named_values_set_bool, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Cstring, Bool), values, name,
        value)
@inline pje_named_values_set_float(values, name, value) =
    ccall((:pje_named_values_set_float, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Cstring, Cfloat), values,
        name, value)
@inline pje_named_values_set_int64(values, name, value) =
    ccall((:pje_named_values_set_int64, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Cstring, Int64), values,
        name, value)
@inline pje_named_values_set_int64_list(values, name, value, count) =
    ccall((:pje_named_values_set_int64_list, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Cstring, Ptr{Int64},
        Csize_t), values, name, value, count)
@inline pje_named_values_set_string(values, name, value) =
    ccall((:pje_named_values_set_string, LIBRARY), Ptr{pje_error}, (Ptr{pje_named_values}, Cstring, Cstring), values,
        name, value)
@inline pje_num_functions() = ccall((:pje_num_functions, LIBRARY), Csize_t, ())
@inline pje_plugin_api(plugin) = ccall((:pje_plugin_api, LIBRARY), Ptr{Cvoid}, (Ptr{pje_plugin},), plugin)
@inline pje_plugin_api_major(plugin) = ccall((:pje_plugin_api_major, LIBRARY), Int32, (Ptr{pje_plugin},), plugin)
@inline pje_plugin_api_minor(plugin) = ccall((:pje_plugin_api_minor, LIBRARY), Int32, (Ptr{pje_plugin},), plugin)
@inline pje_plugin_attributes(plugin) =
    ccall((:pje_plugin_attributes, LIBRARY), Ptr{pje_named_values}, (Ptr{pje_plugin},), plugin)
@inline pje_plugin_describe(plugin, text, capacity) =
    ccall((:pje_plugin_describe, LIBRARY), Csize_t, (Ptr{pje_plugin}, Ptr{UInt8}, Csize_t), plugin, text, capacity)
@inline pje_plugin_extension(plugin, index, type_, name, struct_size) =
    ccall((:pje_plugin_extension, LIBRARY), Bool, (Ptr{pje_plugin}, Csize_t, Ptr{Int32}, Ptr{Ptr{UInt8}},
        Ptr{Csize_t}), plugin, index, type_, name, struct_size)
@inline pje_plugin_from_api(pjrt_api, out) =
    ccall((:pje_plugin_from_api, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Ptr{Ptr{pje_plugin}}), pjrt_api, out)
@inline pje_plugin_has_extension(plugin, type_) =
    ccall((:pje_plugin_has_extension, LIBRARY), Bool, (Ptr{pje_plugin}, Int32), plugin, type_)
@inline pje_plugin_has_function(plugin, pjrt_function_name) =
    ccall((:pje_plugin_has_function, LIBRARY), Bool, (Ptr{pje_plugin}, Cstring), plugin, pjrt_function_name)
@inline pje_plugin_load(name_or_path, options, out) =
    ccall((:pje_plugin_load, LIBRARY), Ptr{pje_error}, (Cstring, Ptr{pje_plugin_options}, Ptr{Ptr{pje_plugin}}),
        name_or_path, options, out)
@inline pje_plugin_num_extensions(plugin) =
    ccall((:pje_plugin_num_extensions, LIBRARY), Csize_t, (Ptr{pje_plugin},), plugin)
@inline pje_plugin_path(plugin) = ccall((:pje_plugin_path, LIBRARY), Ptr{UInt8}, (Ptr{pje_plugin},), plugin)
@inline pje_plugin_raw_api(plugin, struct_size) =
    ccall((:pje_plugin_raw_api, LIBRARY), Ptr{Cvoid}, (Ptr{pje_plugin}, Ptr{Csize_t}), plugin, struct_size)
@inline pje_plugin_raw_extension(plugin, type_) =
    ccall((:pje_plugin_raw_extension, LIBRARY), Ptr{Cvoid}, (Ptr{pje_plugin}, Int32), plugin, type_)
@inline pje_plugin_release(plugin) = ccall((:pje_plugin_release, LIBRARY), Cvoid, (Ptr{pje_plugin},), plugin)
@inline pje_plugin_retain(plugin) = ccall((:pje_plugin_retain, LIBRARY), Ptr{pje_plugin}, (Ptr{pje_plugin},), plugin)
@inline pje_pool_num_threads() = ccall((:pje_pool_num_threads, LIBRARY), Csize_t, ())
@inline pje_pool_set_num_threads(n) = ccall((:pje_pool_set_num_threads, LIBRARY), Ptr{pje_error}, (Csize_t,), n)
@inline pje_prepared_call_arg(call, index) =
    ccall((:pje_prepared_call_arg, LIBRARY), Ptr{pje_buffer}, (Ptr{pje_prepared_call}, Csize_t), call, index)
@inline pje_prepared_call_create(executable, options, out) =
    ccall((:pje_prepared_call_create, LIBRARY), Ptr{pje_error}, (Ptr{pje_loaded_executable}, Ptr{pje_execute_options},
        Ptr{Ptr{pje_prepared_call}}), executable, options, out)
@inline pje_prepared_call_describe(call, text, capacity) =
    ccall((:pje_prepared_call_describe, LIBRARY), Csize_t, (Ptr{pje_prepared_call}, Ptr{UInt8}, Csize_t), call, text,
        capacity)
@inline pje_prepared_call_executable(call) =
    ccall((:pje_prepared_call_executable, LIBRARY), Ptr{pje_loaded_executable}, (Ptr{pje_prepared_call},), call)
@inline pje_prepared_call_num_args(call) =
    ccall((:pje_prepared_call_num_args, LIBRARY), Csize_t, (Ptr{pje_prepared_call},), call)
@inline pje_prepared_call_num_outputs(call) =
    ccall((:pje_prepared_call_num_outputs, LIBRARY), Csize_t, (Ptr{pje_prepared_call},), call)
@inline pje_prepared_call_output(call, index) =
    ccall((:pje_prepared_call_output, LIBRARY), Ptr{pje_buffer}, (Ptr{pje_prepared_call}, Csize_t), call, index)
@inline pje_prepared_call_release(call) =
    ccall((:pje_prepared_call_release, LIBRARY), Cvoid, (Ptr{pje_prepared_call},), call)
@inline pje_prepared_call_retain(call) =
    ccall((:pje_prepared_call_retain, LIBRARY), Ptr{pje_prepared_call}, (Ptr{pje_prepared_call},), call)
@inline pje_prepared_call_run(call) =
    ccall((:pje_prepared_call_run, LIBRARY), Ptr{pje_error}, (Ptr{pje_prepared_call},), call)
@inline pje_prepared_call_run_async(call, done) =
    ccall((:pje_prepared_call_run_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_prepared_call}, Ptr{Ptr{pje_event}}), call,
        done)
@inline pje_prepared_call_set_arg(call, index, buffer) =
    ccall((:pje_prepared_call_set_arg, LIBRARY), Ptr{pje_error}, (Ptr{pje_prepared_call}, Csize_t, Ptr{pje_buffer}),
        call, index, buffer)
@inline pje_program_data(program) = ccall((:pje_program_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_program},), program)
@inline pje_program_describe(program, text, capacity) =
    ccall((:pje_program_describe, LIBRARY), Csize_t, (Ptr{pje_program}, Ptr{UInt8}, Csize_t), program, text, capacity)
@inline pje_program_from_bytes(format, data, size, out) =
    ccall((:pje_program_from_bytes, LIBRARY), Ptr{pje_error}, (Int32, Ptr{Cvoid}, Csize_t, Ptr{Ptr{pje_program}}),
        format, data, size, out)
@inline pje_program_from_file(path, out) =
    ccall((:pje_program_from_file, LIBRARY), Ptr{pje_error}, (Cstring, Ptr{Ptr{pje_program}}), path, out)
@inline pje_program_get_format(program) = ccall((:pje_program_get_format, LIBRARY), Int32, (Ptr{pje_program},), program)
@inline pje_program_release(program) = ccall((:pje_program_release, LIBRARY), Cvoid, (Ptr{pje_program},), program)
@inline pje_program_retain(program) =
    ccall((:pje_program_retain, LIBRARY), Ptr{pje_program}, (Ptr{pje_program},), program)
@inline pje_program_size(program) = ccall((:pje_program_size, LIBRARY), Csize_t, (Ptr{pje_program},), program)
@inline pje_request_queue_answer(queue, id, data, size, error) =
    ccall((:pje_request_queue_answer, LIBRARY), Ptr{pje_error}, (Ptr{pje_request_queue}, UInt64, Ptr{Cvoid}, Csize_t,
        Ptr{pje_error}), queue, id, data, size, error)
@inline pje_request_queue_ask(queue, kind, values, data, size, timeout_ns, out) =
    ccall((:pje_request_queue_ask, LIBRARY), Ptr{pje_error}, (Ptr{pje_request_queue}, Int32, Ptr{pje_named_values},
        Ptr{Cvoid}, Csize_t, Int64, Ptr{Ptr{pje_bytes}}), queue, kind, values, data, size, timeout_ns, out)
@inline pje_request_queue_close(queue) =
    ccall((:pje_request_queue_close, LIBRARY), Cvoid, (Ptr{pje_request_queue},), queue)
@inline pje_request_queue_create(out) =
    ccall((:pje_request_queue_create, LIBRARY), Ptr{pje_error}, (Ptr{Ptr{pje_request_queue}},), out)
@inline pje_request_queue_data(queue, id, size) =
    ccall((:pje_request_queue_data, LIBRARY), Ptr{Cvoid}, (Ptr{pje_request_queue}, UInt64, Ptr{Csize_t}), queue, id,
        size)
@inline pje_request_queue_describe(queue, text, capacity) =
    ccall((:pje_request_queue_describe, LIBRARY), Csize_t, (Ptr{pje_request_queue}, Ptr{UInt8}, Csize_t), queue, text,
        capacity)
@inline pje_request_queue_fd(queue) = ccall((:pje_request_queue_fd, LIBRARY), Int32, (Ptr{pje_request_queue},), queue)
@inline pje_request_queue_kind(queue, id) =
    ccall((:pje_request_queue_kind, LIBRARY), Int32, (Ptr{pje_request_queue}, UInt64), queue, id)
@inline pje_request_queue_next(queue, timeout_ns, capacity, ids, count) =
    ccall((:pje_request_queue_next, LIBRARY), Ptr{pje_error}, (Ptr{pje_request_queue}, Int64, Csize_t, Ptr{UInt64},
        Ptr{Csize_t}), queue, timeout_ns, capacity, ids, count)
@inline pje_request_queue_on_request(queue, callback, user_data) =
    ccall((:pje_request_queue_on_request, LIBRARY), Ptr{pje_error}, (Ptr{pje_request_queue}, Ptr{Cvoid}, Ptr{Cvoid}),
        queue, callback, user_data)
@inline pje_request_queue_release(queue) =
    ccall((:pje_request_queue_release, LIBRARY), Cvoid, (Ptr{pje_request_queue},), queue)
@inline pje_request_queue_retain(queue) =
    ccall((:pje_request_queue_retain, LIBRARY), Ptr{pje_request_queue}, (Ptr{pje_request_queue},), queue)
@inline pje_request_queue_time_left(queue, id) =
    ccall((:pje_request_queue_time_left, LIBRARY), Int64, (Ptr{pje_request_queue}, UInt64), queue, id)
@inline pje_request_queue_values(queue, id) =
    ccall((:pje_request_queue_values, LIBRARY), Ptr{pje_named_values}, (Ptr{pje_request_queue}, UInt64), queue, id)
@inline pje_request_queue_wake(queue) =
    ccall((:pje_request_queue_wake, LIBRARY), Ptr{pje_error}, (Ptr{pje_request_queue},), queue)
@inline pje_serialized_executable_info(data, size, out) =
    ccall((:pje_serialized_executable_info, LIBRARY), Ptr{pje_error}, (Ptr{Cvoid}, Csize_t,
        Ptr{Ptr{pje_named_values}}), data, size, out)
@inline pje_topology_attributes(topology) =
    ccall((:pje_topology_attributes, LIBRARY), Ptr{pje_named_values}, (Ptr{pje_topology},), topology)
@inline pje_topology_canonical_shape(topology, memory_kind_id, dtype, dims, rank, minor_to_major, out) =
    ccall((:pje_topology_canonical_shape, LIBRARY), Ptr{pje_error}, (Ptr{pje_topology}, Int32, Int32, Ptr{Int64},
        Csize_t, Ptr{Int64}, Ptr{Ptr{pje_bytes}}), topology, memory_kind_id, dtype, dims, rank, minor_to_major, out)
@inline pje_topology_create(plugin, name, options, out) =
    ccall((:pje_topology_create, LIBRARY), Ptr{pje_error}, (Ptr{pje_plugin}, Cstring, Ptr{pje_named_values},
        Ptr{Ptr{pje_topology}}), plugin, name, options, out)
@inline pje_topology_describe(topology, text, capacity) =
    ccall((:pje_topology_describe, LIBRARY), Csize_t, (Ptr{pje_topology}, Ptr{UInt8}, Csize_t), topology, text,
        capacity)
@inline pje_topology_deserialize(plugin, data, size, out) =
    ccall((:pje_topology_deserialize, LIBRARY), Ptr{pje_error}, (Ptr{pje_plugin}, Ptr{Cvoid}, Csize_t,
        Ptr{Ptr{pje_topology}}), plugin, data, size, out)
@inline pje_topology_device(topology, index) =
    ccall((:pje_topology_device, LIBRARY), Ptr{pje_device_description}, (Ptr{pje_topology}, Csize_t), topology, index)
@inline pje_topology_fingerprint(topology, out) =
    ccall((:pje_topology_fingerprint, LIBRARY), Ptr{pje_error}, (Ptr{pje_topology}, Ptr{UInt64}), topology, out)
@inline pje_topology_memory_kind_ids(topology, capacity, kind_ids, count) =
    ccall((:pje_topology_memory_kind_ids, LIBRARY), Ptr{pje_error}, (Ptr{pje_topology}, Csize_t, Ptr{Int32},
        Ptr{Csize_t}), topology, capacity, kind_ids, count)
@inline pje_topology_num_devices(topology) =
    ccall((:pje_topology_num_devices, LIBRARY), Csize_t, (Ptr{pje_topology},), topology)
@inline pje_topology_platform_name(topology) =
    ccall((:pje_topology_platform_name, LIBRARY), Ptr{UInt8}, (Ptr{pje_topology},), topology)
@inline pje_topology_platform_version(topology) =
    ccall((:pje_topology_platform_version, LIBRARY), Ptr{UInt8}, (Ptr{pje_topology},), topology)
@inline pje_topology_plugin(topology) =
    ccall((:pje_topology_plugin, LIBRARY), Ptr{pje_plugin}, (Ptr{pje_topology},), topology)
@inline pje_topology_raw(topology) = ccall((:pje_topology_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_topology},), topology)
@inline pje_topology_release(topology) = ccall((:pje_topology_release, LIBRARY), Cvoid, (Ptr{pje_topology},), topology)
@inline pje_topology_retain(topology) =
    ccall((:pje_topology_retain, LIBRARY), Ptr{pje_topology}, (Ptr{pje_topology},), topology)
@inline pje_topology_serialize(topology, out) =
    ccall((:pje_topology_serialize, LIBRARY), Ptr{pje_error}, (Ptr{pje_topology}, Ptr{Ptr{pje_bytes}}), topology, out)
@inline pje_tracking_event_create(device, description, out) =
    ccall((:pje_tracking_event_create, LIBRARY), Ptr{pje_error}, (Ptr{pje_device}, Cstring,
        Ptr{Ptr{pje_tracking_event}}), device, description, out)
@inline pje_tracking_event_describe(event, text, capacity) =
    ccall((:pje_tracking_event_describe, LIBRARY), Csize_t, (Ptr{pje_tracking_event}, Ptr{UInt8}, Csize_t), event,
        text, capacity)
@inline pje_tracking_event_raw(event) =
    ccall((:pje_tracking_event_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_tracking_event},), event)
@inline pje_tracking_event_release(event) =
    ccall((:pje_tracking_event_release, LIBRARY), Cvoid, (Ptr{pje_tracking_event},), event)
@inline pje_tracking_event_retain(event) =
    ccall((:pje_tracking_event_retain, LIBRARY), Ptr{pje_tracking_event}, (Ptr{pje_tracking_event},), event)
@inline pje_transfer_manager_add_metadata(manager, values) =
    ccall((:pje_transfer_manager_add_metadata, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager},
        Ptr{pje_named_values}), manager, values)
@inline pje_transfer_manager_buffer_size(manager, index, out) =
    ccall((:pje_transfer_manager_buffer_size, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t,
        Ptr{Csize_t}), manager, index, out)
@inline pje_transfer_manager_create(client, num_buffers, dtypes, dims, ranks, layouts, memory, out) =
    ccall((:pje_transfer_manager_create, LIBRARY), Ptr{pje_error}, (Ptr{pje_client}, Csize_t, Ptr{Int32},
        Ptr{Ptr{Int64}}, Ptr{Csize_t}, Ptr{Ptr{pje_layout}}, Ptr{pje_memory}, Ptr{Ptr{pje_transfer_manager}}), client,
        num_buffers, dtypes, dims, ranks, layouts, memory, out)
@inline pje_transfer_manager_describe(manager, text, capacity) =
    ccall((:pje_transfer_manager_describe, LIBRARY), Csize_t, (Ptr{pje_transfer_manager}, Ptr{UInt8}, Csize_t),
        manager, text, capacity)
@inline pje_transfer_manager_device(manager) =
    ccall((:pje_transfer_manager_device, LIBRARY), Ptr{pje_device}, (Ptr{pje_transfer_manager},), manager)
@inline pje_transfer_manager_num_buffers(manager) =
    ccall((:pje_transfer_manager_num_buffers, LIBRARY), Csize_t, (Ptr{pje_transfer_manager},), manager)
@inline pje_transfer_manager_progress(manager, index, bytes_done, bytes_total) =
    ccall((:pje_transfer_manager_progress, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t, Ptr{Csize_t},
        Ptr{Csize_t}), manager, index, bytes_done, bytes_total)
@inline pje_transfer_manager_raw(manager) =
    ccall((:pje_transfer_manager_raw, LIBRARY), Ptr{Cvoid}, (Ptr{pje_transfer_manager},), manager)
@inline pje_transfer_manager_release(manager) =
    ccall((:pje_transfer_manager_release, LIBRARY), Cvoid, (Ptr{pje_transfer_manager},), manager)
@inline pje_transfer_manager_retain(manager) =
    ccall((:pje_transfer_manager_retain, LIBRARY), Ptr{pje_transfer_manager}, (Ptr{pje_transfer_manager},), manager)
@inline pje_transfer_manager_retrieve_buffer(manager, index, out) =
    ccall((:pje_transfer_manager_retrieve_buffer, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t,
        Ptr{Ptr{pje_buffer}}), manager, index, out)
@inline pje_transfer_manager_set_buffer_error(manager, index, reason) =
    ccall((:pje_transfer_manager_set_buffer_error, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t,
        Ptr{pje_error}), manager, index, reason)
@inline pje_transfer_manager_transfer_data(manager, index, data, size, offset, is_last) =
    ccall((:pje_transfer_manager_transfer_data, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t,
        Ptr{Cvoid}, Csize_t, Csize_t, Bool), manager, index, data, size, offset, is_last)
@inline pje_transfer_manager_transfer_data_async(manager, index, data, size, offset, is_last, done) =
    ccall((:pje_transfer_manager_transfer_data_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t,
        Ptr{Cvoid}, Csize_t, Csize_t, Bool, Ptr{Ptr{pje_event}}), manager, index, data, size, offset, is_last, done)
@inline pje_transfer_manager_transfer_literal(manager, index, data, size, layout) =
    ccall((:pje_transfer_manager_transfer_literal, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t,
        Ptr{Cvoid}, Csize_t, Ptr{pje_layout}), manager, index, data, size, layout)
@inline pje_transfer_manager_transfer_literal_async(manager, index, data, size, layout, done) =
    ccall((:pje_transfer_manager_transfer_literal_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t,
        Ptr{Cvoid}, Csize_t, Ptr{pje_layout}, Ptr{Ptr{pje_event}}), manager, index, data, size, layout, done)
@inline pje_transfer_manager_write(manager, index, data, size, offset) =
    ccall((:pje_transfer_manager_write, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t, Ptr{Cvoid},
        Csize_t, Csize_t), manager, index, data, size, offset)
@inline pje_transfer_manager_write_async(manager, index, data, size, offset, done) =
    ccall((:pje_transfer_manager_write_async, LIBRARY), Ptr{pje_error}, (Ptr{pje_transfer_manager}, Csize_t,
        Ptr{Cvoid}, Csize_t, Csize_t, Ptr{Ptr{pje_event}}), manager, index, data, size, offset, done)
@inline pje_version() = ccall((:pje_version, LIBRARY), Ptr{UInt8}, ())
@inline pje_version_number() = ccall((:pje_version_number, LIBRARY), UInt32, ())

end
