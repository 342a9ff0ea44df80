# Compiled programs and what they say of themselves.

"""
    Executable

A compiled program on the devices of a client: call it. `compile` makes one.

```julia
y = exe(x)                        # one output: a Buffer
a, b = exe(x, 2.5f0)              # several: a vector of them; host arrays and scalars are uploaded on the way
outputs = exe([x, y])             # a list in, a list out, whatever its length
outputs = exe([[x0, y0], [x1, y1]])   # a list per device in, a list per device out
```

A call returns when the program has finished; meanwhile other tasks run. `execute_async` does not wait.
"""
mutable struct Executable <: Handle
    pointer::Ptr{Raw.pje_loaded_executable}
    client::Client
    num_outputs::Int
    output_bytes::Vector{Int}  # in host memory, per output of one device
end
@handle Executable Raw.pje_loaded_executable_release

function Executable(pointer::Ptr{Raw.pje_loaded_executable}, client::Client)
    count = Int(Raw.pje_loaded_executable_num_outputs(pointer))
    executable = finalizer(close, Executable(pointer, client, count, zeros(Int, count)))
    for (index, type) in enumerate(output_types(executable))
        type === nothing || (executable.output_bytes[index] = host_size(DType(type[1])) * prod(type[2]))
    end
    return executable
end

"""
    compile(client, program, options = CompileOptions()) -> Executable
    compile(client, program; timeout = nothing, fields…) -> Executable

Compiles a `Program`, or MLIR text as a `String`. The fields of `CompileOptions` can be given as keywords:
`compile(client, text; num_replicas = 4)`. Takes milliseconds to minutes, on a thread of the library: other tasks run.
After `timeout` seconds the wait is given up, with `DEADLINE_EXCEEDED`; the compiler goes on.
"""
function compile(client::Client, program::Program, options::Union{Nothing,CompileOptions} = nothing;
        timeout::Union{Nothing,Real} = nothing, fields...)
    isempty(fields) || options === nothing || refuse("compile takes compile options or their fields, not both")
    chosen = isempty(fields) ? options : CompileOptions(; fields...)
    done, out = slot(Raw.pje_event), slot(Raw.pje_loaded_executable)
    check(Raw.pje_client_compile_async(client, program,
        chosen === nothing ? Ptr{Raw.pje_compile_options}(C_NULL) : chosen, C_NULL, done))
    isempty(fields) || close(chosen)
    event = Event(done[])
    try
        wait(event; timeout = timeout)
        check(Raw.pje_event_get_loaded_executable(event, out))
    finally
        close(event)
    end
    return Executable(out[], client)
end

function compile(client::Client, text::AbstractString, options...; fields...)
    program = Program(text)
    try
        return compile(client, program, options...; fields...)
    finally
        close(program)
    end
end

client(executable::Executable) = executable.client

"""
    name(executable) -> String
"""
name(executable::Executable) = text_of(Raw.pje_loaded_executable_name(executable))

"""
    num_replicas(executable) -> Int
    num_partitions(executable) -> Int
    num_outputs(executable) -> Int
    num_arguments(executable) -> Int or nothing

Counts; of arguments and outputs per device. `nothing`: the plugin does not tell.
"""
num_replicas(executable::Executable) = Int(Raw.pje_loaded_executable_num_replicas(executable))
num_partitions(executable::Executable) = Int(Raw.pje_loaded_executable_num_partitions(executable))
num_outputs(executable::Executable) = executable.num_outputs
function num_arguments(executable::Executable)
    count = Raw.pje_loaded_executable_num_args(executable)
    return count == typemax(Csize_t) ? nothing : Int(count)
end
@doc (@doc num_replicas) num_partitions
@doc (@doc num_replicas) num_outputs
@doc (@doc num_replicas) num_arguments

addressable_devices(executable::Executable) =
    Device[Device(Raw.pje_loaded_executable_addressable_device(executable, index), executable.client)
        for index in 0:num_devices(executable) - 1]
num_devices(executable::Executable) = Int(Raw.pje_loaded_executable_num_addressable_devices(executable))

const TypeAndDims = Tuple{DataType,Tuple{Vararg{Int}}}

function type_at(get, executable, index)
    dtype, dims, rank = Ref(Int32(0)), Ref{Ptr{Int64}}(C_NULL), Ref{Csize_t}(0)
    get(executable, index, dtype, dims, rank) || return nothing
    return juliatype(dtype_of(dtype[])), ntuple(i -> Int(unsafe_load(dims[], i)), Int(rank[]))
end

"""
    argument_types(executable) -> Vector of (type, dims)
    output_types(executable) -> Vector of (type, dims)

Element types and dimensions as each device sees them; `nothing` in place of what the plugin does not tell.
"""
argument_types(executable::Executable) = Union{Nothing,TypeAndDims}[
    type_at(Raw.pje_loaded_executable_arg_type, executable, index)
        for index in 0:something(num_arguments(executable), 0) - 1]
output_types(executable::Executable) = Union{Nothing,TypeAndDims}[
    type_at(Raw.pje_loaded_executable_output_type, executable, index) for index in 0:executable.num_outputs - 1]
@doc (@doc argument_types) output_types

"""
    isdonated(executable, index) -> Bool

Whether a run may take argument `index`, counted from 1, over: its buffer is deleted then.
"""
isdonated(executable::Executable, index::Integer) = Raw.pje_loaded_executable_arg_is_donated(executable, index - 1)

DeviceAssignment(executable::Executable) =
    assignment_from(out -> Raw.pje_loaded_executable_device_assignment(executable, out))

function place(executable::Executable, index::Integer)
    replica, partition = Ref{Int64}(0), Ref{Int64}(0)
    check(Raw.pje_loaded_executable_logical_ids(executable, index - 1, replica, partition))
    return Int(replica[]) + 1, Int(partition[]) + 1
end

signature(types) = join((signature_of(type) for type in types), ", ")
signature_of(::Nothing) = "?"
signature_of((type, dims)) = string(dtypename(type), '[', join(dims, ','), ']')

function Base.show(io::IO, executable::Executable)
    isopen(executable) || return print(io, "Executable(closed)")
    arguments = num_arguments(executable) === nothing ? "…" : signature(argument_types(executable))
    print(io, "Executable(", name(executable), ": (", arguments, ") -> (", signature(output_types(executable)), ')')
    num_devices(executable) == 1 || print(io, " on ", num_devices(executable), " devices")
    print(io, ')')
end
