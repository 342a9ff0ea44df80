# Completion queues of one's own, for programs that take completions in batches and by tags. Waiting tasks need none.

"""
    PjrtEasy.CompletionQueue()

Completions in the order in which they come: `push!(queue, event, tag)` has the completion of an event queued under a
number, `take!(queue)` waits for some and returns them. `close` ends it.
"""
mutable struct CompletionQueue <: Handle
    pointer::Ptr{Raw.pje_completion_queue}
    CompletionQueue(pointer::Ptr{Raw.pje_completion_queue}) = finalizer(close, new(pointer))
end
@handle CompletionQueue Raw.pje_completion_queue_release

function CompletionQueue()
    out = slot(Raw.pje_completion_queue)
    check(Raw.pje_completion_queue_create(out))
    return CompletionQueue(out[])
end

"""
    push!(queue, event, tag)
"""
function Base.push!(queue::CompletionQueue, event::Event, tag::Integer)
    check(Raw.pje_completion_queue_add(queue, event, UInt64(tag)))
    return queue
end

const Completion = Pair{UInt64,Union{Nothing,PjrtError}}

"""
    take!(queue; timeout = nothing, capacity = 64) -> Vector of tag => error

Takes up to `capacity` completions, the oldest first; `nothing` stands for no error. Waits for the first one while other
tasks run, at most `timeout` seconds, and is empty then; `timeout = 0` only looks. `wake(queue)` has one call return
early.
"""
function Base.take!(queue::CompletionQueue; timeout::Union{Nothing,Real} = nothing, capacity::Integer = BATCH)
    # Polled by the event loop: the descriptor is readable while something is queued, and after a wake-up.
    descriptor = RawFD(Raw.pje_completion_queue_fd(queue))
    timeout !== nothing && timeout <= 0 ||
        FileWatching.poll_fd(descriptor, timeout === nothing ? -1 : timeout; readable = true)
    return next(queue, capacity)
end

function next(queue::CompletionQueue, capacity)
    tags, errors = Vector{UInt64}(undef, capacity), fill(Ptr{Raw.pje_error}(C_NULL), capacity)
    count = Ref{Csize_t}(0)
    check(Raw.pje_completion_queue_next(queue, 0, capacity, tags, errors, count))
    return Completion[tags[i] => errors[i] == C_NULL ? nothing : taken(errors[i]) for i in 1:Int(count[])]
end

"""
    PjrtEasy.wake(queue)

Has one `take!` return early, now or when it is called next.
"""
wake(queue::CompletionQueue) = check(Raw.pje_completion_queue_wake(queue))

"""
    PjrtEasy.shut(queue)

Ends the queue without releasing it: what is queued can still be taken, what completes later is dropped.
"""
shut(queue::CompletionQueue) = Raw.pje_completion_queue_close(queue)

Base.show(io::IO, queue::CompletionQueue) = print(io, isopen(queue) ? "CompletionQueue()" : "CompletionQueue(closed)")
