# Copies of buffers, what they are on the device, and the memory behind them.

# Waits for the end of what makes a buffer; after a failure it is of no use.
function settled(buffer::Buffer, event::Event)
    try
        await_and_close(event)
    catch
        close(buffer)
        rethrow()
    end
    buffer.pending = false
    return buffer
end

"""
    copy(buffer; device = nothing, memory = nothing) -> Buffer
    PjrtEasy.copy_async(buffer; device = nothing, memory = nothing) -> (buffer, event)

Copies to a device, another client's of the same plugin included, or to a memory; without either, where the buffer is.
The second form does not wait: the copy may be used at once.
"""
function copy_async(buffer::Buffer; device::Place{Device} = nothing, memory::Place{Memory} = nothing)
    device === nothing || memory === nothing || refuse("copy takes a device or a memory, not both")
    to = memory !== nothing ? memory : device !== nothing ? device :
        lent(buffer.client, Raw.pje_buffer_device(buffer))
    out, done = slot(Raw.pje_buffer), slot(Raw.pje_event)
    with_memory(to.client) do
        copy_to(buffer, to, out, done)
    end
    return Buffer(out[], to.client, true), Event(done[])
end
copy_to(buffer, to::Device, out, done) = Raw.pje_buffer_copy_to_device_async(buffer, to, out, done)
copy_to(buffer, to::Memory, out, done) = Raw.pje_buffer_copy_to_memory_async(buffer, to, out, done)

Base.copy(buffer::Buffer; places...) = settled(copy_async(buffer; places...)...)
@doc (@doc copy_async) Base.copy(::Buffer)

"""
    on_device_size(buffer) -> Int
    is_on_cpu(buffer) -> Bool
    unpadded_size(buffer) -> Tuple
    dynamic_dimensions(buffer) -> Vector{Int}

Bytes on the device, padding included; whether they are in memory of the CPU; the dimensions without what pads dynamic
ones to their bounds; which dimensions, counted from 1, have sizes that the program decides.
"""
function on_device_size(buffer::Buffer)
    size = Ref{Csize_t}(0)
    check(Raw.pje_buffer_on_device_size(buffer, size))
    return Int(size[])
end
is_on_cpu(buffer::Buffer) = Raw.pje_buffer_is_on_cpu(buffer)
function unpadded_size(buffer::Buffer)
    dims = zeros(Int64, ndims(buffer))
    check(Raw.pje_buffer_unpadded_dims(buffer, dims))
    return Tuple(Int.(dims))
end
function dynamic_dimensions(buffer::Buffer)
    indices, count = zeros(Csize_t, ndims(buffer)), Ref{Csize_t}(0)
    check(Raw.pje_buffer_dynamic_dims(buffer, length(indices), indices, count))
    return Int.(indices[1:Int(count[])]) .+ 1
end
@doc (@doc on_device_size) is_on_cpu
@doc (@doc on_device_size) unpadded_size
@doc (@doc on_device_size) dynamic_dimensions

"""
    PjrtEasy.device_bytes(buffer; offset = 0, size = all) -> Vector{UInt8}

Bytes as they lie on the device, whatever they mean there.
"""
function device_bytes(buffer::Buffer; offset::Integer = 0, size::Integer = on_device_size(buffer) - offset)
    data = Vector{UInt8}(undef, max(size, 0))
    event = Event(written(Raw.pje_event) do done
        Raw.pje_buffer_copy_raw_to_host_async(buffer, data, offset, size, done)
    end)
    wait_for_contents(event, data)
    return data
end

"""
    PjrtEasy.BufferReference(buffer)

Holds the memory of a buffer where it is, until it is closed: neither a run nor `delete!` frees it.
`PjrtEasy.unsafe_pointer(reference)` is its address; `PjrtEasy.device_pointer(reference)` what the device's own
libraries take.
"""
mutable struct BufferReference <: Handle
    pointer::Ptr{Raw.pje_buffer_reference}
    BufferReference(pointer::Ptr{Raw.pje_buffer_reference}) = finalizer(close, new(pointer))
end
@handle BufferReference Raw.pje_buffer_reference_release

BufferReference(buffer::Buffer) =
    BufferReference(written(out -> Raw.pje_buffer_reference_create(buffer, out), Raw.pje_buffer_reference))

function unsafe_pointer(reference::BufferReference)
    address = Ref{UInt64}(0)
    check(Raw.pje_buffer_reference_unsafe_pointer(reference, address))
    return Ptr{Cvoid}(address[])
end
device_pointer(reference::BufferReference) =
    written(out -> Raw.pje_buffer_reference_device_pointer(reference, out), Cvoid)
@doc (@doc BufferReference) unsafe_pointer
@doc (@doc BufferReference) device_pointer

Base.show(io::IO, reference::BufferReference) =
    print(io, isopen(reference) ? "BufferReference()" : "BufferReference(closed)")
