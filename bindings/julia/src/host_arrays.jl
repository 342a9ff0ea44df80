# Arrays in memory of the library: row-major, with the element types of PJRT. Of use for .npy files and for programs
# that are run from host to host in one call; elsewhere arrays of Julia do.

"""
    PjrtEasy.HostArray(array)
    PjrtEasy.HostArray(number)
    PjrtEasy.HostArray(bytes, T, dims)
    PjrtEasy.HostArray(T, dims)

An array in memory of the library, row-major: a copy of an array of Julia, of one number, or of the bytes of elements as
they are in C; or zeros. `Array(host)` copies it back.
"""
mutable struct HostArray <: Handle
    pointer::Ptr{Raw.pje_array}
    HostArray(pointer::Ptr{Raw.pje_array}) = finalizer(close, new(pointer))
end
@handle HostArray Raw.pje_array_release

function HostArray(::Type{T}, dims) where {T}
    sizes, out = Int64[dims...], slot(Raw.pje_array)
    check(Raw.pje_array_create(Int32(DType(T)), sizes, length(sizes), out))
    return HostArray(out[])
end

function HostArray(array::AbstractArray{T,N}) where {T,N}
    host = HostArray(T, size(array))
    (isempty(array) || sizeof(T) == 0) && return host
    GC.@preserve host begin
        memory = unsafe_wrap(Array, Ptr{T}(Raw.pje_array_data(host)), reverse(size(array)))
        N <= 1 ? copyto!(memory, array) : permutedims!(memory, array, ntuple(i -> N + 1 - i, Val(N)))
    end
    return host
end
HostArray(number::Number) = HostArray(fill(number))
function HostArray(bytes::AbstractVector{UInt8}, ::Type{T}, dims) where {T}
    host, data = HostArray(T, dims), Vector{UInt8}(bytes)
    sizeof(host) == length(data) || refuse("$(length(data)) bytes for an array of size $(Tuple(dims)) of $T")
    GC.@preserve host data unsafe_copyto!(Ptr{UInt8}(Raw.pje_array_data(host)), pointer(data), length(data))
    return host
end

dtype(host::HostArray) = dtype_of(Raw.pje_array_dtype(host))
Base.eltype(host::HostArray) = juliatype(dtype(host))
Base.ndims(host::HostArray) = Int(Raw.pje_array_rank(host))
function Base.size(host::HostArray)
    GC.@preserve host begin
        dims = Raw.pje_array_dims(host)
        return ntuple(i -> Int(unsafe_load(dims, i)), ndims(host))
    end
end
Base.length(host::HostArray) = prod(size(host))
Base.sizeof(host::HostArray) = Int(Raw.pje_array_size(host))

Base.Array(host::HostArray) = copied(host, eltype(host), size(host))

function copied(host::HostArray, ::Type{T}, dims::Dims) where {T}
    read = reversed_array(T, dims)
    GC.@preserve host read unsafe_copyto!(Ptr{UInt8}(pointer(read)), Ptr{UInt8}(Raw.pje_array_const_data(host)),
        sizeof(read))
    return in_order(read)
end

"""
    reinterpret(T, host::HostArray) -> HostArray

The same memory under another element type of the same size: bf16 and 8-bit floats travel in .npy files as integers.
"""
function Base.reinterpret(::Type{T}, host::HostArray) where {T}
    out = slot(Raw.pje_array)
    check(Raw.pje_array_reinterpret(host, Int32(DType(T)), out))
    return HostArray(out[])
end

"""
    loadnpy(path) -> Array
    loadnpy(path, T) -> Array

Reads a .npy file. `T` is the element type that the file's integers stand for, such as `BFloat16`.
"""
loadnpy(path::AbstractString) = with_npy(Array, path)
loadnpy(path::AbstractString, ::Type{T}) where {T} = with_npy(path) do host
    typed = reinterpret(T, host)
    try
        Array(typed)
    finally
        close(typed)
    end
end

function with_npy(use, path)
    out = slot(Raw.pje_array)
    check(Raw.pje_array_load_npy(String(path), out))
    host = HostArray(out[])
    try
        return use(host)
    finally
        close(host)
    end
end

"""
    savenpy(path, array)

Writes a .npy file; element types that NumPy lacks are written as integers of their size.
"""
function savenpy(path::AbstractString, array::AbstractArray)
    host = HostArray(array)
    try
        check(Raw.pje_array_save_npy(host, String(path)))
    finally
        close(host)
    end
end

"""
    Buffer(client, host::HostArray; device, memory, consume = false)

Uploads an array of the library. With `consume` it is given up, and uploaded without a copy where the plugin allows.
"""
function Buffer(client::Client, host::HostArray; device::Place{Device} = nothing, memory::Place{Memory} = nothing,
        consume::Bool = false)
    out, options = slot(Raw.pje_buffer), from_host_options(Destination(device, memory))
    if consume
        given = Ref(pointer_of(host))
        with_memory(() -> Raw.pje_buffer_from_array_consume(client, given, options, out), client)
        host.pointer = given[]
    else
        with_memory(() -> Raw.pje_buffer_from_array(client, host, options, out), client)
    end
    return Buffer(out[], client)
end

"""
    upload_async(client, host::HostArray; device, memory) -> (buffer, event)

As for an array of Julia: the library keeps the array, which must not change until the event is ready.
"""
function upload_async(client::Client, host::HostArray; device::Place{Device} = nothing,
        memory::Place{Memory} = nothing)
    out, done, options = slot(Raw.pje_buffer), slot(Raw.pje_event), from_host_options(Destination(device, memory))
    with_memory(() -> Raw.pje_buffer_from_array_async(client, host, options, out, done), client)
    return Buffer(out[], client, true), Event(done[])
end

"""
    HostArray(buffer) -> HostArray

Reads a buffer into memory of the library.
"""
function HostArray(buffer::Buffer)
    buffer.pending && wait(buffer)
    out = slot(Raw.pje_array)
    check(Raw.pje_buffer_to_array(buffer, out))
    return HostArray(out[])
end

Base.show(io::IO, host::HostArray) = isopen(host) ?
    print(io, "HostArray(", dtypename(dtype(host)), '[', join(size(host), ','), "])") : print(io, "HostArray(closed)")
