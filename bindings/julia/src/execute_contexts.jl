# What a run is given besides its arguments: data for custom calls, and tasks that talk with the program.

"""
    ExecuteContext(plugin or client)

Data that the custom calls of a run find: `exe(x; context = context)`. One may serve several runs, also at the same
time; a run keeps its context until it has ended.
"""
mutable struct ExecuteContext <: Handle
    pointer::Ptr{Raw.pje_execute_context}
    ExecuteContext(pointer::Ptr{Raw.pje_execute_context}) = finalizer(close, new(pointer))
end
@handle ExecuteContext Raw.pje_execute_context_release

ExecuteContext(plugin::Plugin) =
    ExecuteContext(written(out -> Raw.pje_execute_context_create(plugin, out), Raw.pje_execute_context))
function ExecuteContext(client::Client)
    of = plugin(client)
    try
        return ExecuteContext(of)
    finally
        close(of)
    end
end

plugin(context::ExecuteContext) =
    GC.@preserve context Plugin(Raw.pje_plugin_retain(Raw.pje_execute_context_plugin(context)))
Base.show(io::IO, context::ExecuteContext) = print(io, isopen(context) ? "ExecuteContext()" : "ExecuteContext(closed)")

"""
    ExecuteHandlers()

Tasks that take what a running program sends to the host, and give what it receives:

```julia
handlers = ExecuteHandlers()
PjrtEasy.on_send(handlers, 5) do data, transfer      # bytes; a chunk at a time
    append!(log, data)
end
PjrtEasy.on_receive(handlers, 6) do transfer         # all of the transfer's bytes, or an array
    zeros(Float32, 2, 3)
end
y = exe(x; handlers = handlers)
```

`transfer` has the fields `channel`, `device_index` (counted from 1), `total_bytes` and, of a send, `is_last`. What a
task throws ends the run with an error. `PjrtEasy.on_output` shows results of single operations. The program's thread waits meanwhile, so such runs are launched on threads of the
library. Close the handlers after the runs that use them.
"""
mutable struct ExecuteHandlers <: Handle
    pointer::Ptr{Raw.pje_execute_handlers}
    queue::RequestQueue
    tasks::Dict{Tuple{Int32,Int64},Any}  # what answers, by kind of request and number
    ExecuteHandlers(pointer::Ptr{Raw.pje_execute_handlers}, queue, tasks) =
        finalizer(drop, new(pointer, queue, tasks))
end
@handle ExecuteHandlers Raw.pje_execute_handlers_release

function ExecuteHandlers()
    queue, tasks = RequestQueue(), Dict{Tuple{Int32,Int64},Any}()
    pointer = written(out -> Raw.pje_execute_handlers_create(C_NULL, C_NULL, out), Raw.pje_execute_handlers)
    handlers = ExecuteHandlers(pointer, queue, tasks)
    serve(request -> tasks[(request.kind, number_of(request))](request), queue)
    return handlers
end

function Base.close(handlers::ExecuteHandlers)
    invoke(close, Tuple{Handle}, handlers)
    close(handlers.queue)
    return nothing
end
drop(handlers::ExecuteHandlers) = drop_served(handlers, handlers.queue)

number_of(request::Request) = request.values[request.kind == Raw.PJE_REQUEST_OUTPUT ? "callback_id" : "channel_id"]

transfer_of(request::Request) = (channel = request.values["channel_id"],
    device_index = Int(request.values["device_index"]) + 1, total_bytes = Int(request.values["total_bytes"]),
    is_last = get(request.values, "is_last", true) == true)

"""
    PjrtEasy.on_send(take, handlers, channel)

Has `take(data, transfer)` called in a task for each chunk that the program sends over a channel. See `ExecuteHandlers`.
"""
function on_send(take, handlers::ExecuteHandlers, channel::Integer)
    check(Raw.pje_execute_handlers_add_send_requests(handlers, channel, handlers.queue))
    handlers.tasks[(Raw.PJE_REQUEST_SEND, channel)] = request -> (take(request.data, transfer_of(request)); nothing)
    return handlers
end

"""
    PjrtEasy.on_receive(give, handlers, channel)

Has `give(transfer)` called in a task for what the program receives over a channel: it returns all of the transfer's
bytes, or an array, whose elements are put in the program's order. See `ExecuteHandlers`.
"""
function on_receive(give, handlers::ExecuteHandlers, channel::Integer)
    check(Raw.pje_execute_handlers_add_receive_requests(handlers, channel, handlers.queue))
    handlers.tasks[(Raw.PJE_REQUEST_RECV, channel)] = request -> row_bytes(give(transfer_of(request)))
    return handlers
end

"""
    PjrtEasy.on_output(look, handlers, number; operands = 1)

Has `look(array, result)` called in a task for the result of the operation that the program has marked with the
frontend attribute `_xla_tag = "number"`; `operands` is how many arrays it gives. `result` has the fields `number`, and
`replica`, `partition` and `operand`, counted from 1. The program's thread waits meanwhile; what `look` throws is a
line of the log. See `ExecuteHandlers`.
"""
function on_output(look, handlers::ExecuteHandlers, number::Integer; operands::Integer = 1)
    check(Raw.pje_execute_handlers_add_output_requests(handlers, number, operands, handlers.queue))
    handlers.tasks[(Raw.PJE_REQUEST_OUTPUT, number)] = request -> (look(array_of(request), result_of(request)); nothing)
    return handlers
end

array_of(request::Request) = array_of(request.data, juliatype(dtype_of(Int32(request.values["dtype"]))),
    Tuple(Int.(request.values["dims"])))
function array_of(bytes::Vector{UInt8}, ::Type{T}, dims::Dims) where {T}
    read = reversed_array(T, dims)
    sizeof(read) == length(bytes) || refuse("$(length(bytes)) bytes for an array of size $dims of $T")
    GC.@preserve bytes read unsafe_copyto!(Ptr{UInt8}(pointer(read)), pointer(bytes), length(bytes))
    return in_order(read)
end

result_of(request::Request) = (number = request.values["callback_id"], replica = Int(request.values["replica"]) + 1,
    partition = Int(request.values["partition"]) + 1, operand = Int(request.values["operand_index"]) + 1)

# An array's elements as C has them: by rows.
row_bytes(bytes::AbstractVector{UInt8}) = Vector{UInt8}(bytes)
row_bytes(array::AbstractArray) = collect(reinterpret(UInt8, vec(permutedims(array, ndims(array):-1:1))))
row_bytes(vector::AbstractVector) = collect(reinterpret(UInt8, Vector(vector)))

Base.show(io::IO, handlers::ExecuteHandlers) = print(io, "ExecuteHandlers(",
    !isopen(handlers) ? "closed" : counted(length(handlers.tasks), "task"), ')')
