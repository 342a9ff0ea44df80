# Completions: how a task waits for an event of a plugin without a thread of its own, and without any Julia code on a
# foreign thread. One completion queue of the library takes them all; when it gets its first one it calls
# `uv_async_send`, which is allowed on any thread and wakes Julia's event loop; a task then empties the queue.

# What a task waits on. Shared by all that wait for the same event.
mutable struct Signal
    condition::Threads.Condition
    done::Bool
end
Signal() = Signal(Threads.Condition(), false)

function complete(signal::Signal)
    lock(signal.condition) do
        signal.done = true
        notify(signal.condition)
    end
end

# Memory of Julia that a plugin uses until an event is ready.
struct Rooted
    object::Any
end
complete(::Rooted) = nothing

mutable struct Completions
    queue::Ptr{Raw.pje_completion_queue}
    async::Base.AsyncCondition
    lock::ReentrantLock
    pending::Dict{UInt64,Union{Signal,Rooted}}
    last::UInt64
end

const COMPLETIONS = Ref{Union{Nothing,Completions}}(nothing)
const COMPLETIONS_LOCK = ReentrantLock()

# Made when the first task waits.
function completions()
    made = COMPLETIONS[]
    made === nothing || return made
    return lock(start_completions, COMPLETIONS_LOCK)
end

function start_completions()
    COMPLETIONS[] === nothing || return COMPLETIONS[]
    queue = slot(Raw.pje_completion_queue)
    check(Raw.pje_completion_queue_create(queue))
    made = Completions(queue[], Base.AsyncCondition(), ReentrantLock(), Dict(), 0)
    check(Raw.pje_completion_queue_on_nonempty(queue[], cglobal(:uv_async_send), made.async.handle))
    @async drain(made)
    # Later nobody may wake an event loop that is gone: the library waits for a call that is running.
    atexit(() -> stop(made))
    COMPLETIONS[] = made
    return made
end

function stop(completions::Completions)
    discard(Raw.pje_completion_queue_on_nonempty(completions.queue, C_NULL, C_NULL))
    Raw.pje_completion_queue_close(completions.queue)
    Raw.pje_completion_queue_release(completions.queue)
    COMPLETIONS[] = nothing
end

discard(error::Ptr{Raw.pje_error}) = error == C_NULL || Raw.pje_error_release(error)

const BATCH = 64

function drain(completions::Completions)
    tags, errors = Vector{UInt64}(undef, BATCH), fill(Ptr{Raw.pje_error}(C_NULL), BATCH)
    count = Ref{Csize_t}(0)
    while COMPLETIONS[] === completions
        wait(completions.async)
        # Wake-ups merge until the queue was seen to be empty.
        while COMPLETIONS[] === completions
            failed = Raw.pje_completion_queue_next(completions.queue, 0, BATCH, tags, errors, count)
            failed == C_NULL || (discard(failed); return)
            count[] == 0 && break
            for i in 1:Int(count[])
                discard(errors[i])
                action = lock(completions.lock) do
                    pop!(completions.pending, tags[i], nothing)
                end
                action === nothing || complete(action)
            end
        end
    end
end

# Has `action` completed when the event is ready.
function watch(event::Ptr{Raw.pje_event}, action)
    made = completions()
    tag = lock(made.lock) do
        made.last += 1
        made.pending[made.last] = action
        made.last
    end
    refused = Raw.pje_completion_queue_add(made.queue, event, tag)
    if refused != C_NULL
        lock(() -> delete!(made.pending, tag), made.lock)
        fail(refused)
    end
    return action
end
