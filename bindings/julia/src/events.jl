# Events: things that finish later.

"""
    PjrtEasy.Event()

Something that finishes later. `wait(event)` lets other tasks run and throws the event's own error if it has one;
`wait(event; timeout = 1.5)` waits at most that many seconds; `isready(event)` looks. What is called with `_async`
returns one, and `Event()` makes a promise, which `notify(event)` or `notify(event, error)` makes ready.

There is no cancellation: a wait that ends early ends only the wait.
"""
mutable struct Event <: Handle
    pointer::Ptr{Raw.pje_event}
    signal::Union{Nothing,Signal}
    kept::Any  # memory that is written before the event is ready
    Event(pointer::Ptr{Raw.pje_event}, kept = nothing) = finalizer(close, new(pointer, nothing, kept))
end
@handle Event Raw.pje_event_release

function Event()
    out = slot(Raw.pje_event)
    check(Raw.pje_event_create(out))
    return Event(out[])
end

"""
    isready(event) -> Bool

Whether it has finished, with or without an error.
"""
Base.isready(event::Event) = Raw.pje_event_is_ready(event)

"""
    wait(event; timeout = nothing)

Waits until the event is ready, while other tasks run; throws its error, if it has one, as a `PjrtError`. `timeout` is
in seconds; when it runs out the error is `DEADLINE_EXCEEDED` with the source `"pje_event_wait_for"`, and the event goes
on.
"""
function Base.wait(event::Event; timeout::Union{Nothing,Real} = nothing)
    Raw.pje_event_is_ready(event) && return check(Raw.pje_event_error(event))
    timeout !== nothing && timeout <= 0 && return check(Raw.pje_event_wait_for(event, 0))
    # Most programs are short: a task switch costs more than they do.
    spun = Raw.pje_event_is_ready(event) || spin(event)
    spun || await(event, timeout)
    return check(Raw.pje_event_error(event))
end

# Waits for the end of what nobody else asks about.
function await_and_close(event::Event)
    try
        wait(event)
    finally
        close(event)
    end
    return nothing
end

const SPIN_NS = 20_000

function spin(event::Event)
    until = time_ns() + SPIN_NS
    while time_ns() < until
        Raw.pje_event_is_ready(event) && return true
        ccall(:jl_cpu_pause, Cvoid, ())
    end
    return false
end

signal_of(event::Event) = event.signal === nothing ? (event.signal = watch(pointer_of(event), Signal())) : event.signal

function await(event::Event, timeout)
    signal = signal_of(event)
    deadline = timeout === nothing ? nothing : time() + timeout
    # It wakes every task that waits for the event; each looks at its own deadline.
    timer = timeout === nothing ? nothing :
        Timer(_ -> lock(() -> notify(signal.condition), signal.condition), timeout)
    lock(signal.condition)
    try
        while !signal.done
            deadline !== nothing && time() >= deadline && break
            wait(signal.condition)
        end
    finally
        unlock(signal.condition)
        timer === nothing || close(timer)
    end
    # Not ready: the library's own error for a wait that ran out of time.
    signal.done || check(Raw.pje_event_wait_for(event, 0))
    return nothing
end

"""
    notify(event, error = nothing)

Makes a promise ready: well, or with an error (a `PjrtError`; any other exception becomes `INTERNAL`). Once.
"""
function Base.notify(event::Event, error = nothing)
    native = error === nothing ? Ptr{Raw.pje_error}(C_NULL) : native_error(error)
    try
        check(Raw.pje_event_set(event, native))
    finally
        discard(native)
    end
end

"""
    all_of(events) -> Event

Ready when all are, also after a failure; its error is that of the first in the list that failed. Of none: ready.
"""
function all_of(events)
    list = collect(Event, events)
    out = slot(Raw.pje_event)
    GC.@preserve list begin
        pointers = Ptr{Raw.pje_event}[pointer_of(event) for event in list]
        check(Raw.pje_event_all(pointers, length(pointers), out))
    end
    return Event(out[])
end

"""
    any_of(events) -> (event, index)

An event that is ready when the first of them is, with that one's outcome; `index[]` then tells which, counted from 1.
"""
function any_of(events)
    list = collect(Event, events)
    out = slot(Raw.pje_event)
    index = FirstReady(0)
    GC.@preserve list begin
        pointers = Ptr{Raw.pje_event}[pointer_of(event) for event in list]
        check(Raw.pje_event_any(pointers, length(pointers), out, pointer(index.number)))
    end
    event = Event(out[], index)
    # The library writes the number just before the event is ready, whoever still looks.
    watch(out[], Rooted(index))
    return event, index
end

struct FirstReady
    number::Vector{Csize_t}
    FirstReady(number) = new(Csize_t[number])
end
Base.getindex(first::FirstReady) = Int(first.number[1]) + 1

function Base.show(io::IO, event::Event)
    isopen(event) || return print(io, "Event(closed)")
    isready(event) || return print(io, "Event(pending)")
    error = Raw.pje_event_error(event)
    error == C_NULL ? print(io, "Event(ready)") : print(io, "Event(failed: ", taken(error).message, ')')
end
