# Programs compiled ahead of time, saved, and loaded again. An `Executable` is on devices and runs; a `CompiledProgram`
# is not.

"""
    CompiledProgram(executable::Executable)
    compile(topology, program, options = CompileOptions(); client = nothing) -> CompiledProgram
    compile(topology, program; fields…) -> CompiledProgram

A compiled program that is on no device: the one behind an executable, or one compiled ahead of time for a topology,
without its hardware. `load(client, compiled)` puts it onto devices and uses it up; `serialize(compiled)` gives bytes.

`name`, `num_replicas`, `num_partitions`, `num_outputs`, `output_types`, `output_memory_kinds`,
`parameter_memory_kinds`, `code_size`, `fingerprint`, `optimized_program`, `cost_analysis`, `memory_stats` and
`CompileOptions(compiled)` tell what is known of it; what a plugin does not tell is an `UNIMPLEMENTED` error, or "".
"""
mutable struct CompiledProgram <: Handle
    pointer::Ptr{Raw.pje_executable}
    CompiledProgram(pointer::Ptr{Raw.pje_executable}) = finalizer(close, new(pointer))
end
@handle CompiledProgram Raw.pje_executable_release

# Starts something on a thread of the library, waits while other tasks run, and takes what was made.
function made_later(start, get, ::Type{T}) where {T}
    done, out = slot(Raw.pje_event), slot(T)
    check(start(done))
    event = Event(done[])
    try
        wait(event)
        check(get(event, out))
    finally
        close(event)
    end
    return out[]
end

no_options() = Ptr{Raw.pje_compile_options}(C_NULL)

function compile(topology::Topology, program::Program, options::Union{Nothing,CompileOptions} = nothing;
        client::Union{Nothing,Client} = nothing, fields...)
    isempty(fields) || options === nothing || refuse("compile takes compile options or their fields, not both")
    chosen = isempty(fields) ? something(options, no_options()) : CompileOptions(; fields...)
    GC.@preserve topology CompiledProgram(made_later(Raw.pje_event_get_executable, Raw.pje_executable) do done
        Raw.pje_compile_async(Raw.pje_topology_plugin(topology), topology, program, chosen,
            something(client, Ptr{Raw.pje_client}(C_NULL)), C_NULL, done)
    end)
end

function CompiledProgram(executable::Executable)
    out = slot(Raw.pje_executable)
    check(Raw.pje_loaded_executable_executable(executable, out))
    return CompiledProgram(out[])
end

"""
    load(client, compiled::CompiledProgram, options = nothing) -> Executable
    load(client, bytes; trusted = false, raw = false, options = nothing) -> Executable

Puts a compiled program onto a client's devices; it is used up, also by a failure. Bytes are those of `serialize`. They
hold machine code that runs with the rights of this process: load only what nobody else could have written, and say so
with `trusted = true`. With `raw` they are a plugin's own bytes, which nothing checks.
"""
function load(client::Client, compiled::CompiledProgram, options::Union{Nothing,CompileOptions} = nothing)
    pointer = made_later(Raw.pje_event_get_loaded_executable, Raw.pje_loaded_executable) do done
        Raw.pje_client_load_async(client, compiled, something(options, no_options()), C_NULL, done)
    end
    return Executable(pointer, client)
end

function load(client::Client, bytes::Vector{UInt8}; trusted::Bool = false, raw::Bool = false,
        options::Union{Nothing,CompileOptions} = nothing)
    given = options === nothing ? no_options() : pointer_of(options)
    how = Ref(Raw.pje_deserialize_options(; compile_options = given, trusted = trusted))
    start = raw ? Raw.pje_client_deserialize_and_load_raw_async : Raw.pje_client_deserialize_and_load_async
    pointer = GC.@preserve options made_later(Raw.pje_event_get_loaded_executable, Raw.pje_loaded_executable) do done
        start(client, bytes, length(bytes), how, C_NULL, done)
    end
    return Executable(pointer, client)
end

"""
    serialize(compiled or executable; raw = false) -> Vector{UInt8}

The program as bytes for `load` with the same plugin, headed by whose they are. With `raw` the plugin's own bytes.
"""
function serialize(compiled::CompiledProgram; raw::Bool = false)
    start = raw ? Raw.pje_executable_serialize_raw_async : Raw.pje_executable_serialize_async
    return taken_bytes(made_later(done -> start(compiled, C_NULL, done), Raw.pje_event_get_bytes, Raw.pje_bytes))
end
function serialize(executable::Executable; raw::Bool = false)
    compiled = CompiledProgram(executable)
    try
        return serialize(compiled; raw = raw)
    finally
        close(compiled)
    end
end

"""
    serialized_info(bytes) -> Dict

What the header of `serialize`'s bytes says, without a plugin.
"""
function serialized_info(bytes::Vector{UInt8})
    return values_from((object, out) -> Raw.pje_serialized_executable_info(object, length(object), out), bytes)
end

function values_from(get, object)
    out = slot(Raw.pje_named_values)
    check(get(object, out))
    try
        return named_values(out[])
    finally
        Raw.pje_named_values_release(out[])
    end
end

name(compiled::CompiledProgram) = text_of(Raw.pje_executable_name(compiled))
num_replicas(compiled::CompiledProgram) = Int(Raw.pje_executable_num_replicas(compiled))
num_partitions(compiled::CompiledProgram) = Int(Raw.pje_executable_num_partitions(compiled))
num_outputs(compiled::CompiledProgram) = Int(Raw.pje_executable_num_outputs(compiled))
output_types(compiled::CompiledProgram) = Union{Nothing,TypeAndDims}[
    type_at(Raw.pje_executable_output_type, compiled, index) for index in 0:num_outputs(compiled) - 1]

"""
    output_memory_kinds(compiled) -> Vector{String}
    parameter_memory_kinds(compiled) -> Vector{String} or nothing
"""
output_memory_kinds(compiled::CompiledProgram) =
    String[text_of(Raw.pje_executable_output_memory_kind(compiled, index)) for index in 0:num_outputs(compiled) - 1]
function parameter_memory_kinds(compiled::CompiledProgram)
    count = Raw.pje_executable_num_parameters(compiled)
    count == typemax(Csize_t) && return nothing
    return String[text_of(Raw.pje_executable_parameter_memory_kind(compiled, index)) for index in 0:Int(count) - 1]
end

"""
    code_size(compiled) -> Int
    fingerprint(compiled or executable) -> Vector{UInt8}
    optimized_program(compiled) -> Program
    cost_analysis(compiled) -> Dict
    memory_stats(compiled) -> Dict
"""
function code_size(compiled::CompiledProgram)
    out = Ref{Int64}(0)
    check(Raw.pje_executable_code_size(compiled, out))
    return Int(out[])
end
fingerprint(compiled::CompiledProgram) = bytes_from(Raw.pje_executable_fingerprint, compiled)
fingerprint(executable::Executable) = bytes_from(Raw.pje_loaded_executable_fingerprint, executable)
function optimized_program(compiled::CompiledProgram)
    out = slot(Raw.pje_program)
    check(Raw.pje_executable_optimized_program(compiled, out))
    return Program(out[])
end
cost_analysis(compiled::CompiledProgram) = values_from(Raw.pje_executable_cost_analysis, compiled)
memory_stats(compiled::CompiledProgram) = values_from(Raw.pje_executable_memory_stats, compiled)
@doc (@doc code_size) optimized_program
@doc (@doc code_size) cost_analysis
@doc (@doc code_size) memory_stats

function CompileOptions(compiled::CompiledProgram)
    out = slot(Raw.pje_compile_options)
    check(Raw.pje_executable_compile_options(compiled, out))
    return CompileOptions(out[])
end

Base.delete!(executable::Executable) = (check(Raw.pje_loaded_executable_delete(executable)); executable)
isdeleted(executable::Executable) = Raw.pje_loaded_executable_is_deleted(executable)

Base.show(io::IO, compiled::CompiledProgram) = isopen(compiled) ?
    print(io, "CompiledProgram(", name(compiled), ": … -> (", signature(output_types(compiled)), "))") :
    print(io, "CompiledProgram(closed)")
