# Buffers that no upload and no program makes, and what is given to a plugin later than it was promised.

buffer_options(to::Destination) = Ref(Raw.pje_buffer_options(; device = raw_device(to.device),
    memory = raw_memory(to.memory), layout = raw_layout(to.layout)))

# Calls with the element type, the dimensions and the options as the library takes them, and a place for the buffer.
function buffer_made(make, client::Client, ::Type{T}, dims, to::Destination) where {T}
    sizes, out = Int64[dims...], slot(Raw.pje_buffer)
    GC.@preserve to with_memory(() -> make(Int32(DType(T)), sizes, length(sizes), buffer_options(to), out), client)
    return Buffer(out[], client, true)
end

"""
    Buffer(undef, client, T, dims; device = nothing, memory = nothing, layout = nothing)

A buffer whose contents are whatever lies there.
"""
Buffer(::UndefInitializer, client::Client, ::Type{T}, dims; device::Place{Device} = nothing,
        memory::Place{Memory} = nothing, layout::Place{Layout} = nothing) where {T} =
    buffer_made(client, T, dims, Destination(device, memory, layout)) do arguments...
        Raw.pje_buffer_create_uninitialized(client, arguments...)
    end

"""
    Buffer(error::PjrtError, client, T, dims; device = nothing, memory = nothing, layout = nothing)

A buffer that has failed: whoever reads it, or runs a program on it, gets the error.
"""
function Buffer(error::PjrtError, client::Client, ::Type{T}, dims; device::Place{Device} = nothing,
        memory::Place{Memory} = nothing, layout::Place{Layout} = nothing) where {T}
    native = native_error(error)
    try
        return buffer_made(client, T, dims, Destination(device, memory, layout)) do arguments...
            Raw.pje_buffer_create_error(client, native, arguments...)
        end
    finally
        discard(native)
    end
end

"""
    PjrtEasy.Fulfilment

What a plugin was promised: given something exactly once, by `PjrtEasy.fulfil`. Closed or collected before that, it gives
`CANCELLED`.
"""
mutable struct Fulfilment <: Handle
    pointer::Ptr{Raw.pje_fulfilment}
    event::Union{Nothing,Event}  # of a copy that is to come
    Fulfilment(pointer::Ptr{Raw.pje_fulfilment}, event = nothing) = finalizer(close, new(pointer, event))
end
@handle Fulfilment Raw.pje_fulfilment_release

"""
    PjrtEasy.promised(client, T, dims; device = nothing, memory = nothing, layout = nothing) -> (buffer, fulfilment)

A buffer that stands for one to come: programs may be run on it at once, and wait until `fulfil(fulfilment, buffer)`
names it.
"""
function promised(client::Client, ::Type{T}, dims; device::Place{Device} = nothing,
        memory::Place{Memory} = nothing, layout::Place{Layout} = nothing) where {T}
    promise = slot(Raw.pje_fulfilment)
    buffer = buffer_made(client, T, dims, Destination(device, memory, layout)) do arguments...
        Raw.pje_buffer_create_alias(client, arguments..., promise)
    end
    return buffer, Fulfilment(promise[])
end

"""
    PjrtEasy.donate(buffer) -> (buffer, fulfilment)

Takes the contents over into a new buffer, which is ready only after `fulfil(fulfilment)`; the old one is deleted.
"""
function donate(buffer::Buffer)
    out, promise = slot(Raw.pje_buffer), slot(Raw.pje_fulfilment)
    check(Raw.pje_buffer_donate_with_dependency(buffer, out, promise))
    return Buffer(out[], buffer.client, true), Fulfilment(promise[])
end

"""
    PjrtEasy.device_bytes_later(buffer; offset = 0, size = all) -> (fulfilment, event)

As `device_bytes`, before the memory for the bytes is there: the copy begins when `fulfil(fulfilment, array)` names it,
and has ended when the event is ready.
"""
function device_bytes_later(buffer::Buffer; offset::Integer = 0, size::Integer = on_device_size(buffer) - offset)
    promise, done = slot(Raw.pje_fulfilment), slot(Raw.pje_event)
    check(Raw.pje_buffer_copy_raw_to_host_later(buffer, offset, size, promise, done))
    event = Event(done[])
    return Fulfilment(promise[], event), event
end

"""
    PjrtEasy.fulfil(fulfilment, buffer::Buffer)
    PjrtEasy.fulfil(fulfilment, array::Array)
    PjrtEasy.fulfil(fulfilment)
    PjrtEasy.fulfil(fulfilment, error::PjrtError)

Keeps a promise: the buffer behind one of `promised`; the memory for `device_bytes_later`; that what a donation waits
for has happened; or that what was promised will not come.
"""
fulfil(promise::Fulfilment, buffer::Buffer) = check(Raw.pje_fulfilment_set_buffer(promise, buffer))
function fulfil(promise::Fulfilment, array::Array)
    check(Raw.pje_fulfilment_set_data(promise, array, sizeof(array)))
    event = promise.event
    # The plugin writes until the event is ready.
    isopen(event) && !isready(event) && watch(pointer_of(event), Rooted(array))
    return nothing
end
fulfil(promise::Fulfilment) = check(Raw.pje_fulfilment_set_done(promise))
function fulfil(promise::Fulfilment, error::PjrtError)
    native = native_error(error)
    try
        check(Raw.pje_fulfilment_set_error(promise, native))
    finally
        discard(native)
    end
end

"""
    PjrtEasy.device_view(client, data::Ptr, size, T, dims; owner = nothing, device, memory, layout, stream = 0)

A buffer of memory that is on the device already, without a copy. `owner` is kept alive until the memory is no longer
used. On a CPU the memory must be aligned to 64 bytes.
"""
function device_view(client::Client, data::Ptr, size::Integer, ::Type{T}, dims; owner = nothing,
        device::Place{Device} = nothing, memory::Place{Memory} = nothing, layout::Place{Layout} = nothing,
        stream::Integer = 0) where {T}
    sizes = Int64[dims...]
    pointer = kept_until_released(owner) do release, promise
        options = Ref(Raw.pje_view_options(; device = raw_device(device), memory = raw_memory(memory),
            layout = raw_layout(layout), release = release, release_data = promise, stream = stream))
        GC.@preserve layout written(Raw.pje_buffer) do out
            Raw.pje_buffer_create_view(client, data, size, Int32(DType(T)), sizes, length(sizes), options, out)
        end
    end
    return Buffer(pointer, client)
end

"""
    reinterpret(T, buffer; dims = size(buffer), layout = nothing) -> Buffer

The same memory on the device as another type of as many bits; both buffers stay usable.
"""
function Base.reinterpret(::Type{T}, buffer::Buffer; dims = size(buffer), layout::Place{Layout} = nothing) where {T}
    sizes = Int64[dims...]
    pointer = GC.@preserve layout written(Raw.pje_buffer) do out
        Raw.pje_buffer_bitcast(buffer, Int32(DType(T)), sizes, length(sizes), raw_layout(layout), out)
    end
    return Buffer(pointer, buffer.client, true)
end

Base.show(io::IO, promise::Fulfilment) = print(io, isopen(promise) ? "Fulfilment()" : "Fulfilment(closed)")
