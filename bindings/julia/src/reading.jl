# From a device to arrays of Julia. The library gives elements dense and row-major; an array of Julia with the same
# indices has them by columns, so from two dimensions on they are put in order on the way.

# The memory in which the library writes: that of an array with the dimensions reversed.
reversed_array(::Type{T}, dims::Dims{N}) where {T,N} = Array{T,N}(undef, reverse(dims))

in_order(array::Array{T,N}) where {T,N} = N <= 1 ? array : permutedims(array, ntuple(i -> N + 1 - i, Val(N)))

# From here on the library is asked for the order of Julia: it works in blocks and on large matrices is ten times as
# fast as permutedims; below that, reading as it is and permuting costs less than asking.
const ORDERED_BYTES = 256 * 1024

# What is still being computed is waited for as an event, so that other tasks go on; what is there is copied at once.
function read_into(buffer::Buffer, data::Array, layout::Union{Nothing,Layout} = nothing)
    if buffer.pending
        read_pending(buffer, data, layout)
    elseif layout === nothing
        check(Raw.pje_buffer_to_host(buffer, data, sizeof(data)))
    else
        check(Raw.pje_buffer_to_host_layout(buffer, layout, data, sizeof(data)))
    end
    return data
end

function read_pending(buffer::Buffer, data::Array, layout)
    done = slot(Raw.pje_event)
    check(layout === nothing ? Raw.pje_buffer_to_host_async(buffer, data, sizeof(data), done) :
        Raw.pje_buffer_to_host_layout_async(buffer, layout, data, sizeof(data), done))
    wait_for_contents(Event(done[], data), data)
    buffer.pending = false
end

# Waits for what a plugin writes into memory of Julia.
function wait_for_contents(event::Event, data)
    try
        wait(event)
    finally
        # A wait that was given up: the plugin goes on writing.
        isready(event) || watch(pointer_of(event), Rooted(data))
        close(event)
    end
end

function read_ordered(buffer::Buffer, data::Array)
    layout = column_major(ndims(data))
    try
        return read_into(buffer, data, layout)
    finally
        close(layout)
    end
end

"""
    Array(buffer)
    Array{T}(buffer), Array{T,N}(buffer)

Reads a buffer into an array with the same dimensions: `A[i, j]` is element `(i-1, j-1)`. Waits for the contents while
other tasks run, and throws the error of whatever was to fill them. With `T` and `N` the type of the result is known to
the compiler; other element types and ranks than the buffer's are an error.
"""
Base.Array(buffer::Buffer) = read_array(buffer, eltype(buffer), size(buffer))
Base.Array{T}(buffer::Buffer) where {T} = (expect(buffer, T); read_array(buffer, T, size(buffer)))
function Base.Array{T,N}(buffer::Buffer) where {T,N}
    expect(buffer, T)
    ndims(buffer) == N || refuse("Array{$T,$N} of a buffer with $(counted(ndims(buffer), "dimension"))")
    dims = Raw.pje_buffer_dims(buffer)
    return read_array(buffer, T, ntuple(i -> Int(unsafe_load(dims, i)), Val(N)))
end
Base.collect(buffer::Buffer) = Array(buffer)

expect(buffer::Buffer, ::Type{T}) where {T} =
    dtype(buffer) == DType(T) || refuse("element type $T for a buffer of $(dtypename(dtype(buffer)))")

function read_array(buffer::Buffer, ::Type{T}, dims::Dims{N}) where {T,N}
    N >= 2 && sizeof(T) * prod(dims) >= ORDERED_BYTES && return read_ordered(buffer, Array{T,N}(undef, dims))
    return in_order(read_into(buffer, reversed_array(T, dims)))
end

"""
    buffer[]

Reads a buffer that has one element.
"""
function Base.getindex(buffer::Buffer)
    length(buffer) == 1 || refuse("buffer[] of $(length(buffer)) elements")
    return read_into(buffer, Vector{eltype(buffer)}(undef, 1))[1]
end

"""
    copyto!(array, buffer)

Reads a buffer into an array that has its element type and dimensions.
"""
function Base.copyto!(array::AbstractArray{T,N}, buffer::Buffer) where {T,N}
    expect(buffer, T)
    size(array) == size(buffer) ||
        refuse("copyto! into an array of size $(size(array)) from a buffer of size $(size(buffer))")
    array isa Array && N <= 1 && return read_into(buffer, array)
    array isa Array && sizeof(array) >= ORDERED_BYTES && return read_ordered(buffer, array)
    read = read_into(buffer, reversed_array(T, size(array)))
    return N <= 1 ? copyto!(array, read) : permutedims!(array, read, ntuple(i -> N + 1 - i, Val(N)))
end

"""
    rowmajor_bytes(buffer) -> Vector{UInt8}

The contents as they are in C: dense, row-major, one element a byte for types below 8 bits.
"""
function rowmajor_bytes(buffer::Buffer)
    return read_into(buffer, Vector{UInt8}(undef, sizeof(buffer)))
end

"""
    read_async(buffer) -> task

Begins to read and returns at once; `fetch(task)` gives the array, or throws.
"""
function read_async(buffer::Buffer)
    array, done = slot(Raw.pje_array), slot(Raw.pje_event)
    check(Raw.pje_buffer_to_array_async(buffer, array, done))
    held, event = HostArray(array[]), Event(done[])
    return @async begin
        try
            wait(event)
            Array(held)
        finally
            close(event)
            close(held)
        end
    end
end
