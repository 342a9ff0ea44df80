# Transfers to a device in pieces, in three tiers: whole arrays; pieces of arrays; bytes as they lie on the device.

"""
    PjrtEasy.transfer(client, arrays; device, memory, piece_size = 0, progress = nothing) -> Vector{Buffer}
    PjrtEasy.transfer_async(client, arrays; device, memory, piece_size = 0) -> (buffers, event)

Moves several arrays to a device, piece by piece, on a thread of the library: the buffers are there at once, and
programs may be run on them. Arrays are Julia's or `HostArray`s, which must not change until the event is ready. After a
failure every buffer that is not complete holds it. With `progress` the pieces are moved by the calling task, which
calls `progress(state)` after each; `state` has `bytes_done`, `bytes_total`, `buffers_done` and `num_buffers`.
"""
function transfer_async(client::Client, arrays; device::Place{Device} = nothing, memory::Place{Memory} = nothing,
        piece_size::Integer = 0)
    hosts = HostArray[array isa HostArray ? array : HostArray(array) for array in arrays]
    out, done = fill(Ptr{Raw.pje_buffer}(C_NULL), length(hosts)), slot(Raw.pje_event)
    options = Ref(Raw.pje_transfer_options(; device = raw_device(device), memory = raw_memory(memory),
        piece_size = piece_size))
    GC.@preserve hosts begin
        given = Ptr{Raw.pje_array}[pointer_of(host) for host in hosts]
        with_memory(client) do
            Raw.pje_client_transfer_all_async(client, given, length(given), options, out, done)
        end
    end
    # The library has references of its own.
    foreach((host, array) -> host === array || close(host), hosts, arrays)
    return Buffer[Buffer(pointer, client, true) for pointer in out], Event(done[])
end

function transfer(client::Client, arrays; progress = nothing, options...)
    buffers, event = progress === nothing ? transfer_async(client, arrays; options...) :
        transfer_telling(progress, client, arrays; options...)
    try
        event === nothing || await_and_close(event)
    catch
        close(buffers)
        rethrow()
    end
    for buffer in buffers
        buffer.pending = false
    end
    return buffers
end
@doc (@doc transfer_async) transfer

"""
    TransferManager(client, [T => dims, …]; memory = nothing, layouts = nothing)

Buffers that are there before their contents. `PjrtEasy.buffer(manager, i)` hands one over, once. To fill buffer `i`,
counted from 1, one of:

- `PjrtEasy.write_async(manager, i, piece; offset)`: pieces of the array by rows, in any order; the last one is found by
  itself; `PjrtEasy.progress(manager, i)` tells how far it is
- `PjrtEasy.put_async(manager, i, array)`: an array of Julia, whole
- `PjrtEasy.write_device_async(manager, i, bytes; offset, last)`: bytes as they lie on the device
- `PjrtEasy.fail!(manager, i, error)`: an error in place of the rest

Each returns an event but the last; what it was given is kept alive, and must not change, until the event is ready. The
same names without `_async` wait. What is not complete when the manager is closed holds `CANCELLED`.
"""
mutable struct TransferManager <: Handle
    pointer::Ptr{Raw.pje_transfer_manager}
    client::Client
    TransferManager(pointer::Ptr{Raw.pje_transfer_manager}, client) = finalizer(close, new(pointer, client))
end
@handle TransferManager Raw.pje_transfer_manager_release

function TransferManager(client::Client, arrays; memory::Place{Memory} = nothing, layouts = nothing)
    types = Int32[Int32(DType(first(array))) for array in arrays]
    sizes = Vector{Int64}[Int64[last(array)...] for array in arrays]
    GC.@preserve sizes layouts begin
        dims = Ptr{Int64}[pointer(size) for size in sizes]
        orders = layouts === nothing ? C_NULL : Ptr{Raw.pje_layout}[raw_layout(layout) for layout in layouts]
        pointer_made = written(Raw.pje_transfer_manager) do out
            Raw.pje_transfer_manager_create(client, length(types), types, dims, Csize_t[length(size) for size in sizes],
                orders, raw_memory(memory), out)
        end
    end
    return TransferManager(pointer_made, client)
end

num_buffers(manager::TransferManager) = Int(Raw.pje_transfer_manager_num_buffers(manager))
device(manager::TransferManager) = lent(manager.client, Raw.pje_transfer_manager_device(manager))

"""
    PjrtEasy.buffer_size(manager, index) -> Int
    PjrtEasy.buffer(manager, index) -> Buffer
    PjrtEasy.progress(manager, index) -> (done, total)

Bytes that a buffer takes on the device; the buffer, handed over once, which may be used before it is complete; how many
bytes of it `write` has moved.
"""
function buffer_size(manager::TransferManager, index::Integer)
    size = Ref{Csize_t}(0)
    check(Raw.pje_transfer_manager_buffer_size(manager, index - 1, size))
    return Int(size[])
end
buffer(manager::TransferManager, index::Integer) = Buffer(
    written(out -> Raw.pje_transfer_manager_retrieve_buffer(manager, index - 1, out), Raw.pje_buffer),
    manager.client, true)
function progress(manager::TransferManager, index::Integer)
    done, total = Ref{Csize_t}(0), Ref{Csize_t}(0)
    check(Raw.pje_transfer_manager_progress(manager, index - 1, done, total))
    return Int(done[]), Int(total[])
end
@doc (@doc buffer_size) buffer
@doc (@doc buffer_size) progress

# Starts to move `data`, which is kept until the event is ready.
function moving(start, data)
    event = Event(written(start, Raw.pje_event), data)
    isready(event) || watch(pointer_of(event), Rooted(data))
    return event
end

write_async(manager::TransferManager, index::Integer, piece::Vector; offset::Integer = 0) = moving(piece) do done
    Raw.pje_transfer_manager_write_async(manager, index - 1, piece, sizeof(piece), offset, done)
end
write_device_async(manager::TransferManager, index::Integer, bytes::Vector; offset::Integer = 0, last::Bool) =
    moving(bytes) do done
        Raw.pje_transfer_manager_transfer_data_async(manager, index - 1, bytes, sizeof(bytes), offset, last, done)
    end
function put_async(manager::TransferManager, index::Integer, array::Array)
    # Julia's own order, so that nothing is permuted here.
    order = ndims(array) <= 1 ? nothing : column_major(ndims(array))
    try
        return moving(array) do done
            Raw.pje_transfer_manager_transfer_literal_async(manager, index - 1, array, sizeof(array),
                raw_layout(order), done)
        end
    finally
        order === nothing || close(order)
    end
end

for (name, form) in ((:write, :write_async), (:write_device, :write_device_async), (:put, :put_async))
    waits = name === :write ? :(Base.write) : name
    @eval begin
        function $waits(manager::TransferManager, index::Integer, data::Array; options...)
            await_and_close($form(manager, index, data; options...))
        end
        @doc (@doc TransferManager) $form
    end
end
@doc (@doc TransferManager) write_device
@doc (@doc TransferManager) put

function fail!(manager::TransferManager, index::Integer, error::PjrtError)
    native = native_error(error)
    try
        check(Raw.pje_transfer_manager_set_buffer_error(manager, index - 1, native))
    finally
        discard(native)
    end
end
@doc (@doc TransferManager) fail!

const PIECE_SIZE = 4 * 1024 * 1024

# The library would tell on whatever thread moves: so that `progress` may be any code of Julia, a task moves here.
function transfer_telling(progress, client::Client, arrays; device::Place{Device} = nothing,
        memory::Place{Memory} = nothing, piece_size::Integer = 0)
    device === nothing || memory === nothing || refuse("transfer takes a device or a memory, not both")
    piece_size >= 0 || refuse("piece_size = $piece_size: expected 0 or more bytes")
    to = device === nothing ? memory : default_memory(device)
    contents = Vector{UInt8}[row_bytes(array isa HostArray ? Array(array) : array) for array in arrays]
    manager = TransferManager(client, [eltype(array) => size(array) for array in arrays]; memory = to)
    buffers = Buffer[buffer(manager, index) for index in 1:length(contents)]
    done, total = 0, mapreduce(length, +, contents; init = 0)
    try
        for (index, bytes) in enumerate(contents)
            for piece in Iterators.partition(eachindex(bytes), piece_size == 0 ? PIECE_SIZE : Int(piece_size))
                write(manager, index, bytes[piece]; offset = first(piece) - 1)
                done += length(piece)
                progress((bytes_done = done, bytes_total = total,
                    buffers_done = index - (last(piece) < length(bytes)), num_buffers = length(buffers)))
            end
        end
    catch
        close(buffers)
        rethrow()
    finally
        close(manager)
    end
    return buffers, nothing
end

"""
    PjrtEasy.add_metadata(manager, values)

Tells the plugin something about the transfer: names and strings.
"""
add_metadata(manager::TransferManager, values) =
    with_named_values(named -> check(Raw.pje_transfer_manager_add_metadata(manager, named)), values)

Base.show(io::IO, manager::TransferManager) = print(io, "TransferManager(",
    !isopen(manager) ? "closed" : counted(num_buffers(manager), "buffer"), ')')
