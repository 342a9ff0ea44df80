# Compile options: every field of XLA's CompileOptionsProto as a property.

"""
    CompileOptions(; fields…)

How a program is compiled, and for how many devices. Fields carry the names of XLA's CompileOptionsProto and
ExecutableBuildOptionsProto and are read and written as properties:

```julia
options = CompileOptions(num_replicas = 4)
options.use_spmd_partitioning = true
options["xla_cpu_enable_fast_math"] = false   # a debug option, or any other flag of the plugin, by name
compile(client, program, options)
```

`propertynames(options)` lists the fields. `isset(options, :field)` tells whether one differs from its default, and
`clear!(options, :field)` sets it back. `CompileOptions(bytes)` reads a serialized CompileOptionsProto, such as JAX
writes; `Vector{UInt8}(options)` writes one; `copy` makes an independent copy.
"""
mutable struct CompileOptions <: Handle
    pointer::Ptr{Raw.pje_compile_options}
    CompileOptions(pointer::Ptr{Raw.pje_compile_options}) = finalizer(close, new(pointer))
end
@handle CompileOptions Raw.pje_compile_options_release

function CompileOptions(; fields...)
    out = slot(Raw.pje_compile_options)
    check(Raw.pje_compile_options_create(out))
    options = CompileOptions(out[])
    for (field, value) in fields
        setproperty!(options, field, value)
    end
    return options
end

function CompileOptions(bytes::Vector{UInt8})
    out = slot(Raw.pje_compile_options)
    GC.@preserve bytes check(Raw.pje_compile_options_from_bytes(pointer(bytes), length(bytes), out))
    return CompileOptions(out[])
end

function Base.copy(options::CompileOptions)
    out = slot(Raw.pje_compile_options)
    check(Raw.pje_compile_options_copy(options, out))
    return CompileOptions(out[])
end

function bytes_from(get, object)
    out = slot(Raw.pje_bytes)
    check(get(object, out))
    return taken_bytes(out[])
end

Base.Vector{UInt8}(options::CompileOptions) = bytes_from(Raw.pje_compile_options_serialize, options)

"""
    text(options) -> String

The options in protobuf's text form.
"""
text(options::CompileOptions) = String(bytes_from(Raw.pje_compile_options_to_text, options))

# How each kind of field is read and written: a pair of functions made from the two of the C API.
scalar(set, get, T = Int) = (
    (options, value) -> check(set(options, value)),
    options -> T(get(options)),
)
enumeration(set, get, E) = (
    (options, value) -> check(set(options, Int32(value isa E ? value : E(value)))),
    options -> E(get(options)),
)
words(set, get) = (
    (options, value) -> check(set(options, String(value))),
    options -> text_of(get(options)),
)
list(set, get, T) = (
    (options, value) -> (values = Vector{T}(value); check(set(options, values, length(values)))),
    options -> list_of(get, options, T),
)
blob(set, get) = (
    (options, value) -> (bytes = Vector{UInt8}(value); check(set(options, bytes, length(bytes)))),
    options -> list_of(get, options, UInt8),
)
# A message that can be given as text or as bytes, and is read as bytes.
message(set, set_text, get) = (
    (options, value) -> value isa AbstractString ? check(set_text(options, String(value))) :
        (bytes = Vector{UInt8}(value); check(set(options, bytes, length(bytes)))),
    options -> bytes_from(get, options),
)

function list_of(get, options, ::Type{T}) where {T}
    count = Ref{Csize_t}(0)
    GC.@preserve options begin
        pointer = get(options, count)
        return T[unsafe_load(Ptr{T}(pointer), i) for i in 1:Int(count[])]
    end
end

"""
    PjrtEasy.Effort
    PjrtEasy.Precision

How hard the compiler tries; precision of matrix units.
"""
@enum Effort::Int32 begin
    EFFORT_UNKNOWN = Raw.PJE_EFFORT_UNKNOWN
    EFFORT_O0 = Raw.PJE_EFFORT_O0
    EFFORT_O1 = Raw.PJE_EFFORT_O1
    EFFORT_O2 = Raw.PJE_EFFORT_O2
    EFFORT_O3 = Raw.PJE_EFFORT_O3
end
@enum Precision::Int32 begin
    PRECISION_DEFAULT = Raw.PJE_PRECISION_DEFAULT
    PRECISION_HIGH = Raw.PJE_PRECISION_HIGH
    PRECISION_HIGHEST = Raw.PJE_PRECISION_HIGHEST
end
@doc (@doc Effort) Precision

const FIELDS = (
    num_replicas = scalar(Raw.pje_compile_options_set_num_replicas, Raw.pje_compile_options_get_num_replicas),
    num_partitions = scalar(Raw.pje_compile_options_set_num_partitions, Raw.pje_compile_options_get_num_partitions),
    device_ordinal = scalar(Raw.pje_compile_options_set_device_ordinal, Raw.pje_compile_options_get_device_ordinal),
    use_spmd_partitioning = scalar(Raw.pje_compile_options_set_use_spmd_partitioning,
        Raw.pje_compile_options_get_use_spmd_partitioning, Bool),
    use_auto_spmd_partitioning = scalar(Raw.pje_compile_options_set_use_auto_spmd_partitioning,
        Raw.pje_compile_options_get_use_auto_spmd_partitioning, Bool),
    use_shardy_partitioner = scalar(Raw.pje_compile_options_set_use_shardy_partitioner,
        Raw.pje_compile_options_get_use_shardy_partitioner, Bool),
    process_index = scalar(Raw.pje_compile_options_set_process_index, Raw.pje_compile_options_get_process_index),
    process_count = scalar(Raw.pje_compile_options_set_process_count, Raw.pje_compile_options_get_process_count),
    allow_spmd_sharding_propagation_to_parameters = list(
        Raw.pje_compile_options_set_allow_spmd_sharding_propagation_to_parameters,
        Raw.pje_compile_options_get_allow_spmd_sharding_propagation_to_parameters, Bool),
    allow_spmd_sharding_propagation_to_output = list(
        Raw.pje_compile_options_set_allow_spmd_sharding_propagation_to_output,
        Raw.pje_compile_options_get_allow_spmd_sharding_propagation_to_output, Bool),
    auto_spmd_partitioning_mesh_shape = list(Raw.pje_compile_options_set_auto_spmd_partitioning_mesh_shape,
        Raw.pje_compile_options_get_auto_spmd_partitioning_mesh_shape, Int64),
    auto_spmd_partitioning_mesh_ids = list(Raw.pje_compile_options_set_auto_spmd_partitioning_mesh_ids,
        Raw.pje_compile_options_get_auto_spmd_partitioning_mesh_ids, Int64),
    serialized_multi_slice_config = blob(Raw.pje_compile_options_set_serialized_multi_slice_config,
        Raw.pje_compile_options_get_serialized_multi_slice_config),
    optimization_level = enumeration(Raw.pje_compile_options_set_optimization_level,
        Raw.pje_compile_options_get_optimization_level, Effort),
    memory_fitting_level = enumeration(Raw.pje_compile_options_set_memory_fitting_level,
        Raw.pje_compile_options_get_memory_fitting_level, Effort),
    matrix_unit_operand_precision = enumeration(Raw.pje_compile_options_set_matrix_unit_operand_precision,
        Raw.pje_compile_options_get_matrix_unit_operand_precision, Precision),
    deduplicate_hlo = scalar(Raw.pje_compile_options_set_deduplicate_hlo,
        Raw.pje_compile_options_get_deduplicate_hlo, Bool),
    run_backend_only = scalar(Raw.pje_compile_options_set_run_backend_only,
        Raw.pje_compile_options_get_run_backend_only, Bool),
    alias_passthrough_params = scalar(Raw.pje_compile_options_set_alias_passthrough_params,
        Raw.pje_compile_options_get_alias_passthrough_params, Bool),
    parameter_is_tupled_arguments = scalar(Raw.pje_compile_options_set_parameter_is_tupled_arguments,
        Raw.pje_compile_options_get_parameter_is_tupled_arguments, Bool),
    compile_portable_executable = scalar(Raw.pje_compile_options_set_compile_portable_executable,
        Raw.pje_compile_options_get_compile_portable_executable, Bool),
    allow_in_place_mlir_modification = scalar(Raw.pje_compile_options_set_allow_in_place_mlir_modification,
        Raw.pje_compile_options_get_allow_in_place_mlir_modification, Bool),
    individually_defined_output_indices = list(Raw.pje_compile_options_set_individually_defined_output_indices,
        Raw.pje_compile_options_get_individually_defined_output_indices, Int32),
    device_memory_size = scalar(Raw.pje_compile_options_set_device_memory_size,
        Raw.pje_compile_options_get_device_memory_size),
    profile_version = scalar(Raw.pje_compile_options_set_profile_version, Raw.pje_compile_options_get_profile_version),
    fdo_profile = blob(Raw.pje_compile_options_set_fdo_profile, Raw.pje_compile_options_get_fdo_profile),
    compiler_variant = words(Raw.pje_compile_options_set_compiler_variant,
        Raw.pje_compile_options_get_compiler_variant),
    target_config = message(Raw.pje_compile_options_set_target_config,
        Raw.pje_compile_options_set_target_config_text, Raw.pje_compile_options_get_target_config),
    gpu_topology = message(Raw.pje_compile_options_set_gpu_topology,
        Raw.pje_compile_options_set_gpu_topology_text, Raw.pje_compile_options_get_gpu_topology),
    debug_options = message(Raw.pje_compile_options_set_debug_options,
        Raw.pje_compile_options_set_debug_options_text, Raw.pje_compile_options_get_debug_options),
    check_arguments = scalar(Raw.pje_compile_options_set_check_arguments,
        Raw.pje_compile_options_get_check_arguments, Bool),
    device_assignment = (
        (options, value) -> set_device_assignment(options, value),
        options -> get_device_assignment(options),
    ),
    result_layout = (
        (options, value) -> set_layout(options, value, Raw.pje_compile_options_set_result_layout,
            Raw.pje_compile_options_set_result_layout_bytes),
        options -> layout_from((arguments...) -> Raw.pje_compile_options_get_result_layout(options, arguments...)),
    ),
    argument_layouts = (
        (options, value) -> set_argument_layouts(options, value),
        options -> argument_layouts(options),
    ),
)

Base.propertynames(::CompileOptions) = keys(FIELDS)

function Base.getproperty(options::CompileOptions, field::Symbol)
    field === :pointer && return getfield(options, :pointer)
    haskey(FIELDS, field) || refuse("compile options have no field $field")
    return FIELDS[field][2](options)
end

function Base.setproperty!(options::CompileOptions, field::Symbol, value)
    field === :pointer && return setfield!(options, :pointer, value)
    haskey(FIELDS, field) || refuse("compile options have no field $field")
    FIELDS[field][1](options, value)
    return value
end

"""
    isset(options, field::Symbol) -> Bool
    clear!(options, field::Symbol)

Whether a field differs from its default; sets it back.
"""
function isset(options::CompileOptions, field::Symbol)
    out = Ref(false)
    check(Raw.pje_compile_options_is_set(options, String(field), out))
    return out[]
end
clear!(options::CompileOptions, field::Symbol) = check(Raw.pje_compile_options_clear(options, String(field)))
@doc (@doc isset) clear!

# Device ids as a matrix: one row a replica, one column a partition; or a DeviceAssignment.
set_device_assignment(options, ids::AbstractVecOrMat) = with_ids(ids) do replicas, partitions, flat, count
    check(Raw.pje_compile_options_set_device_assignment(options, replicas, partitions, flat, count))
end
set_device_assignment(options, assignment) = check(Raw.pje_compile_options_set_assignment(options, assignment))

function get_device_assignment(options)
    replicas, partitions = Ref{Csize_t}(0), Ref{Csize_t}(0)
    GC.@preserve options begin
        ids = Raw.pje_compile_options_get_device_assignment(options, replicas, partitions)
        ids == C_NULL && return nothing
        rows, columns = Int(replicas[]), Int(partitions[])
        return [Int(unsafe_load(ids, (r - 1) * columns + p)) for r in 1:rows, p in 1:columns]
    end
end

"""
    PjrtEasy.ArrayLayout(T, dims, minor_to_major = nothing)

A type, dimensions and the order of these in device memory, for the layout fields of `CompileOptions`: `minor_to_major`
lists the dimensions, counted from 1, the fastest-varying first, or is a `Layout`. Without it the order is row-major.
"""
struct ArrayLayout
    dtype::DType
    dims::Vector{Int64}
    minor_to_major::Union{Nothing,Vector{Int64}}
end
ArrayLayout(::Type{T}, dims, minor_to_major = nothing) where {T} =
    ArrayLayout(DType(T), Int64[dims...], minor_to_major === nothing ? nothing : Int64[minor_to_major...])
ArrayLayout(::Type{T}, dims, layout::Layout) where {T} = (DType(T), Int64[dims...], layout)
Base.:(==)(one::ArrayLayout, other::ArrayLayout) =
    one.dtype == other.dtype && one.dims == other.dims && one.minor_to_major == other.minor_to_major

function set_layout(options, layout::ArrayLayout, set, _)
    order = layout.minor_to_major === nothing ? Ptr{Int64}(C_NULL) : layout.minor_to_major .- 1
    check(set(options, Int32(layout.dtype), layout.dims, length(layout.dims), order))
end
function set_layout(options, (dtype, dims, layout)::Tuple{DType,Vector{Int64},Layout}, set, _)
    with_layout = set === Raw.pje_compile_options_set_result_layout ? Raw.pje_compile_options_set_result_with_layout :
        Raw.pje_compile_options_add_argument_with_layout
    check(with_layout(options, Int32(dtype), dims, length(dims), layout))
end
set_layout(options, bytes::AbstractVector{UInt8}, _, set_bytes) =
    check(set_bytes(options, Vector{UInt8}(bytes), length(bytes)))

function layout_from(get)
    dtype, dims, rank, order = Ref(Int32(0)), Ref{Ptr{Int64}}(C_NULL), Ref{Csize_t}(0), Ref{Ptr{Int64}}(C_NULL)
    check(get(dtype, dims, rank, order))
    read(pointer) = Int64[unsafe_load(pointer, i) for i in 1:Int(rank[])]
    return ArrayLayout(dtype_of(dtype[]), read(dims[]), order[] == C_NULL ? nothing : read(order[]) .+ 1)
end

function set_argument_layouts(options, layouts)
    clear!(options, :argument_layouts)
    for layout in layouts
        set_layout(options, layout, Raw.pje_compile_options_add_argument_layout,
            Raw.pje_compile_options_add_argument_layout_bytes)
    end
end
argument_layouts(options) = [
    layout_from((arguments...) -> Raw.pje_compile_options_get_argument_layout(options, index, arguments...))
    for index in 0:Int(Raw.pje_compile_options_num_argument_layouts(options)) - 1]

"""
    layout_bytes(options, index) -> Vector{UInt8}
    layout_bytes(options) -> Vector{UInt8}

The layout of argument `index`, counted from 1, or of the result, as a serialized ShapeProto.
"""
layout_bytes(options::CompileOptions) = bytes_from(Raw.pje_compile_options_get_result_layout_bytes, options)
layout_bytes(options::CompileOptions, index::Integer) =
    bytes_from((object, out) -> Raw.pje_compile_options_get_argument_layout_bytes(object, index - 1, out), options)

"""
    add_compilation_environment!(options, type_url, bytes)
    compilation_environments(options) -> Vector of pairs
"""
function add_compilation_environment!(options::CompileOptions, type_url::AbstractString, bytes)
    data = Vector{UInt8}(bytes)
    check(Raw.pje_compile_options_add_compilation_environment(options, String(type_url), data, length(data)))
end
compilation_environments(options::CompileOptions) = GC.@preserve options [
    text_of(Raw.pje_compile_options_compilation_environment_type_url(options, index)) => list_of(
        (object, count) -> Raw.pje_compile_options_compilation_environment_data(object, index, count), options, UInt8)
    for index in 0:Int(Raw.pje_compile_options_num_compilation_environments(options)) - 1]

function Base.show(io::IO, options::CompileOptions)
    isopen(options) || return print(io, "CompileOptions(closed)")
    print(io, "CompileOptions(", join(split(strip(text(options)), r"\s+"), ' '), ')')
end
