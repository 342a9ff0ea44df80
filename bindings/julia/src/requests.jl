# Callbacks that must answer: a plugin asks in the middle of its work and blocks a thread of its own until it knows. The
# library queues the question; a task of Julia answers it. No code of Julia runs on the plugin's thread.

"""
    PjrtEasy.RequestQueue()

Questions of a plugin that tasks answer. `serve(handler, queue)` has `handler(request)` called in a task for each;
`close` ends it, and whoever still waits for an answer gets `CANCELLED`.
"""
mutable struct RequestQueue <: Handle
    pointer::Ptr{Raw.pje_request_queue}
    async::Union{Nothing,Base.AsyncCondition}
    RequestQueue(pointer::Ptr{Raw.pje_request_queue}) = finalizer(close, new(pointer, nothing))
end
@handle RequestQueue Raw.pje_request_queue_release

function RequestQueue()
    out = slot(Raw.pje_request_queue)
    check(Raw.pje_request_queue_create(out))
    return RequestQueue(out[])
end

# Those that wake the event loop, which must be told to stop before it is gone.
const SERVED = Set{RequestQueue}()
const SERVED_LOCK = ReentrantLock()

function Base.close(queue::RequestQueue)
    pointer = queue.pointer
    pointer == C_NULL && return nothing
    queue.pointer = C_NULL
    Raw.pje_request_queue_close(pointer)
    async = queue.async
    if async !== nothing
        discard(Raw.pje_request_queue_on_request(pointer, C_NULL, C_NULL))
        lock(() -> delete!(SERVED, queue), SERVED_LOCK)
        close(async)
    end
    Raw.pje_request_queue_release(pointer)
    return nothing
end

"""
    PjrtEasy.Request

A question: `request.kind` (a number, `PjrtEasy.Raw.PJE_REQUEST_…`), `request.values` (a dictionary), `request.data`
(bytes), and `time_left(request)`, in seconds.
"""
struct Request
    queue::RequestQueue
    id::UInt64
    kind::Int32
    values::Dict{String,NamedValue}
    data::Vector{UInt8}
end

function Request(queue::RequestQueue, id::UInt64)
    values, size = Raw.pje_request_queue_values(queue, id), Ref{Csize_t}(0)
    data = Raw.pje_request_queue_data(queue, id, size)
    return Request(queue, id, Raw.pje_request_queue_kind(queue, id),
        values == C_NULL ? Dict{String,NamedValue}() : named_values(values), bytes_at(data, size[]))
end

"""
    PjrtEasy.time_left(request) -> seconds

Until the asker gives up: 0 when it has, `Inf` when it never will.
"""
function time_left(request::Request)
    left = Raw.pje_request_queue_time_left(request.queue, request.id)
    return left < 0 ? Inf : left / 1e9
end

"""
    serve(handler, queue) -> task

Has `handler(request)` called in a task of its own for each request, until the queue is closed. What it returns is the
answer: bytes, a string, or `nothing` for none. An exception is the answer too: a `PjrtError` as it is, any other as
`INTERNAL`.
"""
serve(handler, queue::RequestQueue) = on_requests(queue) do
    for id in requests(queue)
        @async answer(handler, queue, id)
    end
end

# Has `take()` called in a task whenever there is something in the queue, until it is closed.
function on_requests(take, queue::RequestQueue)
    queue.async === nothing || refuse("the queue is served already")
    async = queue.async = Base.AsyncCondition()
    lock(SERVED_LOCK) do
        isempty(SERVED) && atexit(() -> foreach(close, collect(SERVED)))
        push!(SERVED, queue)
    end
    check(Raw.pje_request_queue_on_request(queue, cglobal(:uv_async_send), async.handle))
    return @async while isopen(queue)
        try
            wait(async)
        catch error
            error isa EOFError ? break : rethrow()
        end
        take()
    end
end

# Ends an object in a finalizer, which must not wait for a lock: a task closes the queue, which those that serve it keep
# alive.
function drop_served(object::Handle, queue::Union{Nothing,RequestQueue})
    invoke(close, Tuple{Handle}, object)
    queue === nothing || @async close(queue)
    return nothing
end

# Everything that is there: wake-ups merge until the queue was seen to be empty.
function requests(queue::RequestQueue)
    found, ids, count = UInt64[], zeros(UInt64, BATCH), Ref{Csize_t}(0)
    while isopen(queue)
        refused = Raw.pje_request_queue_next(queue, 0, BATCH, ids, count)
        refused == C_NULL || (discard(refused); break)
        count[] == 0 && break
        append!(found, view(ids, 1:Int(count[])))
    end
    return found
end

function answer(handler, queue::RequestQueue, id::UInt64)
    bytes, failure = UInt8[], Ptr{Raw.pje_error}(C_NULL)
    try
        given = handler(Request(queue, id))
        given === nothing || (bytes = Vector{UInt8}(given isa AbstractString ? codeunits(given) : given))
    catch error
        failure = native_error(error)
    end
    # An asker that has given up meanwhile is no error of ours.
    isopen(queue) && discard(Raw.pje_request_queue_answer(queue, id, bytes, length(bytes), failure))
    discard(failure)
    return nothing
end

"""
    PjrtEasy.ask(queue, kind, data = UInt8[]; values = (;), timeout = nothing) -> Vector{UInt8}

Puts a question of one's own and waits for the answer while other tasks run. `kind` is `Raw.PJE_REQUEST_USER` or more.
"""
function ask(queue::RequestQueue, kind::Integer, data = UInt8[]; values = (;), timeout::Union{Nothing,Real} = nothing)
    bytes, out = Vector{UInt8}(data), slot(Raw.pje_bytes)
    with_named_values(values) do named
        # The call blocks its thread until a task has answered: so it has a thread of its own.
        GC.@preserve queue bytes out check(@threadcall((:pje_request_queue_ask, Raw.LIBRARY), Ptr{Raw.pje_error},
            (Ptr{Cvoid}, Int32, Ptr{Cvoid}, Ptr{Cvoid}, Csize_t, Int64, Ptr{Cvoid}), pointer_of(queue), kind, named,
            pointer(bytes), length(bytes), nanoseconds(timeout), Base.unsafe_convert(Ptr{Cvoid}, out)))
    end
    return taken_bytes(out[])
end

"""
    PjrtEasy.shut(queue)

Ends the queue without releasing it: whoever asks gets `CANCELLED`, now and in future.
"""
shut(queue::RequestQueue) = Raw.pje_request_queue_close(queue)

"""
    PjrtEasy.wake(queue)

Has one `pje_request_queue_next` return early.
"""
wake(queue::RequestQueue) = check(Raw.pje_request_queue_wake(queue))

Base.show(io::IO, queue::RequestQueue) =
    print(io, "RequestQueue(", !isopen(queue) ? "closed" : queue.async === nothing ? "" : "served", ')')

"""
    PjrtEasy.num_threads()
    PjrtEasy.set_num_threads(n)

How many threads of the library compile and launch at a time.
"""
num_threads() = Int(Raw.pje_pool_num_threads())
set_num_threads(n::Integer) = check(Raw.pje_pool_set_num_threads(n))
@doc (@doc num_threads) set_num_threads
