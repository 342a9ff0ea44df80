# Buffers: arrays in the memory of a device.

"""
    Buffer(client, array; device = nothing, memory = nothing, layout = nothing, zero_copy = false)
    Buffer(client, number; …)

Uploads a host array or a scalar. Indices mean the same on both sides: element `A[i, j]` of a 2×3 matrix is element
`(i-1, j-1)` of a buffer with dimensions `(2, 3)`, as the program counts. Julia stores matrices by columns and PJRT by
rows; the strides tell the plugin, so nothing is transposed and nothing need be permuted. Views, `PermutedDimsArray`s
and other strided arrays go the same way; arrays without strides are collected first.

The array may be changed as soon as the call returns. With `zero_copy = true` the plugin may go on using the array's
memory: it must not change while the buffer lives; it is kept alive for that long. Only vectors and arrays whose
memory is row-major can do without a copy. `layout` is how the elements shall lie on the device.

    Buffer(client, bytes::AbstractVector{UInt8}, T, dims; …)

Uploads the bytes of elements of type `T`, dense and row-major.

`eltype`, `size`, `ndims`, `length`, `device`, `memory`, `isready`, `wait` and `close` work on buffers; `Array(buffer)`
reads one, `buffer[]` reads a scalar.
"""
mutable struct Buffer <: Handle
    pointer::Ptr{Raw.pje_buffer}
    client::Client
    bytes::Int     # as counted in memory_pressure.jl
    pending::Bool  # not yet seen to be complete: a read must not block the thread
    function Buffer(pointer::Ptr{Raw.pje_buffer}, client::Client, pending::Bool, bytes::Int)
        return finalizer(close, new(pointer, client, account(bytes + OBJECT_BYTES), pending))
    end
end
@handle Buffer Raw.pje_buffer_release

Buffer(pointer::Ptr{Raw.pje_buffer}, client::Client, pending::Bool = false) =
    Buffer(pointer, client, pending, Int(Raw.pje_buffer_host_size(pointer)))

function Base.close(buffer::Buffer)
    pointer = buffer.pointer
    pointer == C_NULL && return nothing
    buffer.pointer = C_NULL
    unaccount(buffer.bytes)
    Raw.pje_buffer_release(pointer)
    return nothing
end

"""
    close(buffers)

Releases all buffers of a list in one call.
"""
function Base.close(buffers::AbstractVector{Buffer})
    pointers = Ptr{Raw.pje_buffer}[]
    for buffer in buffers
        isopen(buffer) || continue
        push!(pointers, buffer.pointer)
        buffer.pointer = C_NULL
        unaccount(buffer.bytes)
    end
    Raw.pje_buffers_release(pointers, length(pointers))
end

# Uploads.

const NO_FROM_HOST_OPTIONS = Ptr{Raw.pje_from_host_options}(C_NULL)
const Place{T} = Union{Nothing,T}

raw_device(::Nothing) = Ptr{Raw.pje_device}(C_NULL)
raw_device(device::Device) = Base.unsafe_convert(Ptr{Raw.pje_device}, device)
raw_memory(::Nothing) = Ptr{Raw.pje_memory}(C_NULL)
raw_memory(memory::Memory) = Base.unsafe_convert(Ptr{Raw.pje_memory}, memory)

raw_layout(::Nothing) = Ptr{Raw.pje_layout}(C_NULL)
raw_layout(layout::Layout) = pointer_of(layout)

struct Destination
    device::Place{Device}
    memory::Place{Memory}
    layout::Place{Layout}
end
Destination(device, memory) = Destination(device, memory, nothing)
isdefault(to::Destination) = to.device === nothing && to.memory === nothing && to.layout === nothing

function from_host_options(to::Destination; strides = Ptr{Int64}(C_NULL), rank = 0, release = C_NULL, data = C_NULL,
        semantics = Raw.PJE_HOST_DEFAULT)
    return Ref(Raw.pje_from_host_options(; device = raw_device(to.device), memory = raw_memory(to.memory),
        byte_strides = strides, num_byte_strides = rank, layout = raw_layout(to.layout), release = release,
        release_data = data, semantics = semantics))
end

# Whether the elements lie where `strides` says, so that the memory can be used as it is.
isplain(::StridedArray) = true
isplain(array::PermutedDimsArray) = isplain(parent(array))
isplain(::AbstractArray) = false

# Dense and row-major, as the C API takes it without strides.
function isrowmajor(array::AbstractArray)
    expected = 1
    for dimension in ndims(array):-1:1
        size(array, dimension) == 1 && continue
        stride(array, dimension) == expected || return false
        expected *= size(array, dimension)
    end
    return true
end

# A bound on the distance from the first element to the end of any other, on either side.
function reach(array::AbstractArray{T}) where {T}
    isempty(array) && return 0
    above, below = 0, 0
    for dimension in 1:ndims(array)
        distance = stride(array, dimension) * (size(array, dimension) - 1)
        distance > 0 ? (above += distance) : (below -= distance)
    end
    return (max(above, below) + 1) * sizeof(T)
end

function Buffer(client::Client, array::AbstractArray{T}; device::Place{Device} = nothing,
        memory::Place{Memory} = nothing, layout::Place{Layout} = nothing, zero_copy::Bool = false) where {T}
    dtype = DType(T)
    isplain(array) ||
        return Buffer(client, Array(array); device = device, memory = memory, layout = layout, zero_copy = zero_copy)
    to = Destination(device, memory, layout)
    zero_copy && isrowmajor(array) && sizeof(array) > 0 && return upload_in_place(client, array, dtype, to)
    return upload(client, array, dtype, to)
end

function upload(client::Client, array::AbstractArray{T,N}, dtype::DType, to::Destination) where {T,N}
    out = slot(Raw.pje_buffer)
    dims = Int64[size(array)...]
    if isempty(array) || isrowmajor(array)
        options = isdefault(to) ? NO_FROM_HOST_OPTIONS : from_host_options(to)
        GC.@preserve to with_memory(client) do
            Raw.pje_buffer_from_host(client, array, length(array) * sizeof(T), Int32(dtype), dims, N, options, out)
        end
    else
        steps = Int64[step * sizeof(T) for step in strides(array)]
        GC.@preserve steps to begin
            options = from_host_options(to; strides = pointer(steps), rank = N)
            with_memory(client) do
                Raw.pje_buffer_from_host(client, array, reach(array), Int32(dtype), dims, N, options, out)
            end
        end
    end
    return Buffer(out[], client)
end

# Memory of Julia that a plugin uses until it says so. It calls `pje_event_release` on a promise then: one that is
# dropped unset is ready, with CANCELLED, so the queue tells, and no code of ours runs on a foreign thread.
function kept_until_released(start, object)
    promise = written(Raw.pje_event_create, Raw.pje_event)
    try
        watch(promise, Rooted(object))
        return start(cglobal((:pje_event_release, Raw.LIBRARY)), promise)
    catch
        Raw.pje_event_release(promise)
        rethrow()
    end
end

function upload_in_place(client::Client, array::AbstractArray{T,N}, dtype::DType, to::Destination) where {T,N}
    out, dims = slot(Raw.pje_buffer), Int64[size(array)...]
    GC.@preserve to kept_until_released(array) do release, promise
        options = from_host_options(to; release = release, data = promise,
            semantics = Raw.PJE_HOST_IMMUTABLE_ZERO_COPY)
        with_memory(client) do
            Raw.pje_buffer_from_host_async(client, array, sizeof(array), Int32(dtype), dims, N, options, out, C_NULL)
        end
    end
    return Buffer(out[], client)
end

Buffer(client::Client, number::Number; options...) = Buffer(client, fill(number); options...)
Buffer(client::Client, token::Token; options...) = Buffer(client, fill(token); options...)

function Buffer(client::Client, bytes::AbstractVector{UInt8}, ::Type{T}, dims; device::Place{Device} = nothing,
        memory::Place{Memory} = nothing) where {T}
    data, sizes, out = Vector{UInt8}(bytes), Int64[dims...], slot(Raw.pje_buffer)
    with_memory(client) do
        Raw.pje_buffer_from_host(client, data, length(data), Int32(DType(T)), sizes, length(sizes),
            from_host_options(Destination(device, memory)), out)
    end
    return Buffer(out[], client)
end

"""
    Buffer(client, memory::Vector, dims; byte_strides = nothing, first = 1, …)

Uploads what a vector's memory looks like through dimensions and byte strides, which may be 0 or negative: index 0 in
every dimension is `memory[first]`. Without strides the elements are dense and row-major.
"""
function Buffer(client::Client, data::Vector{T}, dims::Dims; byte_strides = nothing, first::Integer = 1,
        device::Place{Device} = nothing, memory::Place{Memory} = nothing) where {T}
    sizes, out = Int64[dims...], slot(Raw.pje_buffer)
    steps = byte_strides === nothing ? Int64[] : Int64[byte_strides...]
    1 <= first <= max(length(data), 1) || refuse("first = $first in a vector of $(length(data))")
    size = byte_strides === nothing ? (length(data) - first + 1) * sizeof(T) : strided_reach(data, sizes, steps, first)
    GC.@preserve data steps begin
        options = from_host_options(Destination(device, memory);
            strides = isempty(steps) ? Ptr{Int64}(C_NULL) : pointer(steps), rank = length(steps))
        with_memory(client) do
            Raw.pje_buffer_from_host(client, pointer(data, first), size, Int32(DType(T)), sizes, length(sizes),
                options, out)
        end
    end
    return Buffer(out[], client)
end

# The library takes one bound for both sides of the first element; which of them leaves the vector is seen here.
function strided_reach(data::Vector{T}, sizes, steps, first) where {T}
    length(steps) == length(sizes) || refuse("$(length(steps)) byte strides for $(counted(length(sizes), "dimension"))")
    any(==(0), sizes) && return 0
    any(<(0), sizes) && refuse("dimensions $sizes: expected none below 0")
    reached = [Base.checked_mul(size - 1, step) for (size, step) in zip(sizes, steps)]
    above = reduce(Base.checked_add, filter(>(0), reached); init = 0)
    below = -reduce(Base.checked_add, filter(<(0), reached); init = 0)
    before, after = (first - 1) * sizeof(T), (length(data) - first + 1) * sizeof(T)
    below <= before && above + sizeof(T) <= after ||
        refuse("byte strides $steps with dimensions $sizes leave the memory given")
    return max(above, below) + sizeof(T)
end

"""
    upload_async(client, array; device, memory, zero_copy = false) -> (buffer, event)

Uploads without waiting. The array must not change until the event is ready; it is kept alive for that long. With
`zero_copy` that may be when the buffer is gone.
"""
function upload_async(client::Client, array::AbstractArray{T,N}; device::Place{Device} = nothing,
        memory::Place{Memory} = nothing, zero_copy::Bool = false) where {T,N}
    isplain(array) || return upload_async(client, Array(array); device = device, memory = memory, zero_copy = zero_copy)
    out, done = slot(Raw.pje_buffer), slot(Raw.pje_event)
    dims, steps = Int64[size(array)...], Int64[step * sizeof(T) for step in strides(array)]
    dense = isempty(array) || isrowmajor(array)
    GC.@preserve steps begin
        options = from_host_options(Destination(device, memory); strides = dense ? Ptr{Int64}(C_NULL) : pointer(steps),
            rank = dense ? 0 : N, semantics = zero_copy ? Raw.PJE_HOST_IMMUTABLE_ZERO_COPY :
                Raw.PJE_HOST_IMMUTABLE_UNTIL_TRANSFER_COMPLETES)
        with_memory(client) do
            Raw.pje_buffer_from_host_async(client, array, dense ? length(array) * sizeof(T) : reach(array),
                Int32(DType(T)), dims, N, options, out, done)
        end
    end
    event = Event(done[])
    isready(event) || watch(done[], Rooted(array))
    return Buffer(out[], client, true), event
end

# Facts.

"""
    dtype(buffer) -> PjrtEasy.DType
"""
dtype(buffer::Buffer) = dtype_of(Raw.pje_buffer_dtype(buffer))
Base.eltype(buffer::Buffer) = juliatype(dtype(buffer))
Base.ndims(buffer::Buffer) = Int(Raw.pje_buffer_rank(buffer))
function Base.size(buffer::Buffer)
    dims = Raw.pje_buffer_dims(buffer)
    return ntuple(i -> Int(unsafe_load(dims, i)), ndims(buffer))
end
Base.size(buffer::Buffer, dimension::Integer) = get(size(buffer), dimension, 1)
Base.length(buffer::Buffer) = prod(size(buffer))
# Bytes that the contents take in host memory.
Base.sizeof(buffer::Buffer) = Int(Raw.pje_buffer_host_size(buffer))
Base.isempty(buffer::Buffer) = length(buffer) == 0

"""
    device(buffer) -> Device or nothing
    memory(buffer) -> Memory or nothing

Where it is.
"""
device(buffer::Buffer) = lent(buffer.client, Raw.pje_buffer_device(buffer))
memory(buffer::Buffer) = lent(buffer.client, Raw.pje_buffer_memory(buffer))
@doc (@doc device(::Buffer)) memory

"""
    layout(buffer) -> Layout

How the contents lie on the device.
"""
layout(buffer::Buffer) = layout_made(out -> Raw.pje_buffer_memory_layout(buffer, out))

"""
    client(object) -> Client
"""
client(object::Union{Buffer,Device,Memory}) = object.client

"""
    ready(buffer) -> Event

An event that is ready when the contents are, with the error of whatever was to fill it.
"""
function ready(buffer::Buffer)
    out = slot(Raw.pje_event)
    check(Raw.pje_buffer_ready(buffer, out))
    return Event(out[])
end

"""
    wait(buffer; timeout = nothing)

Waits for the contents while other tasks run; throws the error of whatever was to fill them.
"""
function Base.wait(buffer::Buffer; timeout::Union{Nothing,Real} = nothing)
    event = ready(buffer)
    try
        wait(event; timeout = timeout)
        buffer.pending = false
    finally
        close(event)
    end
    return nothing
end

function Base.isready(buffer::Buffer)
    event = ready(buffer)
    try
        return isready(event)
    finally
        close(event)
    end
end

"""
    delete!(buffer)

Gives the device's memory back now; the object itself stays, to be closed.
"""
Base.delete!(buffer::Buffer) = (check(Raw.pje_buffer_delete(buffer)); buffer)

"""
    isdeleted(buffer) -> Bool

Whether the contents are gone, by `delete!` or because a program took them over.
"""
isdeleted(buffer::Buffer) = Raw.pje_buffer_is_deleted(buffer)

function Base.show(io::IO, buffer::Buffer)
    isopen(buffer) || return print(io, "Buffer(closed)")
    print(io, "Buffer(", dtypename(dtype(buffer)), '[', join(size(buffer), ','), ']')
    where = isopen(buffer.client) ? device(buffer) : nothing
    where === nothing || print(io, " on ", kind(where), ':', Int(id(where)))
    isdeleted(buffer) && print(io, ", deleted")
    print(io, ')')
end
