# Runs that are set up once and made again and again.

"""
    PreparedCall(executable, arguments…; launch…)

A run on one device that is set up once: options, arguments and outputs have their places, and only what changes is
given again.

```julia
step = PreparedCall(exe, state, x)
step()                       # runs, and returns the output, or the outputs
step[1] = step()             # feeds an output back
```

`call[i]` and `call[i] = buffer` are its arguments, counted from 1; `nothing` empties a place, and so does a run that
took the argument over. `PjrtEasy.output(call, i)` is an output of the last run; `execute_async(call)` runs without
waiting and returns an event. Of the fields of a `Launch` it takes `device`, `keep`, `call_location` and `launch_id`.
One task at a time.
"""
mutable struct PreparedCall <: Handle
    pointer::Ptr{Raw.pje_prepared_call}
    client::Client
    PreparedCall(pointer::Ptr{Raw.pje_prepared_call}, client) = finalizer(close, new(pointer, client))
end
@handle PreparedCall Raw.pje_prepared_call_release

function PreparedCall(executable::Executable, arguments::Buffer...; launch::Union{Nothing,Launch} = nothing, options...)
    pointer = with_options(launch_of(launch, options)) do given
        written(out -> Raw.pje_prepared_call_create(executable, given, out), Raw.pje_prepared_call)
    end
    call = PreparedCall(pointer, executable.client)
    for (index, argument) in enumerate(arguments)
        call[index] = argument
    end
    return call
end

num_arguments(call::PreparedCall) = Int(Raw.pje_prepared_call_num_args(call))
num_outputs(call::PreparedCall) = Int(Raw.pje_prepared_call_num_outputs(call))

# Lent by the call: with a reference of its own it may outlive it.
function held(call::PreparedCall, lent::Ptr{Raw.pje_buffer})
    lent == C_NULL && return nothing
    return GC.@preserve call Buffer(Raw.pje_buffer_retain(lent), call.client, true)
end

Base.getindex(call::PreparedCall, index::Integer) = held(call, Raw.pje_prepared_call_arg(call, index - 1))
Base.setindex!(call::PreparedCall, buffer::Buffer, index::Integer) =
    (check(Raw.pje_prepared_call_set_arg(call, index - 1, buffer)); call)
Base.setindex!(call::PreparedCall, ::Nothing, index::Integer) =
    (check(Raw.pje_prepared_call_set_arg(call, index - 1, C_NULL)); call)

"""
    PjrtEasy.output(call::PreparedCall, index) -> Buffer or nothing

An output of the last run, counted from 1; `nothing` before the first one, and after one that failed.
"""
output(call::PreparedCall, index::Integer) = held(call, Raw.pje_prepared_call_output(call, index - 1))

function execute_async(call::PreparedCall)
    done = slot(Raw.pje_event)
    with_memory(() -> Raw.pje_prepared_call_run_async(call, done), call.client)
    return Event(done[])
end

function (call::PreparedCall)()
    await_and_close(execute_async(call))
    outputs = Buffer[output(call, index) for index in 1:num_outputs(call)]
    for buffer in outputs
        buffer.pending = false
    end
    return unwrapped(outputs)
end

Base.show(io::IO, call::PreparedCall) = print(io, "PreparedCall(",
    !isopen(call) ? "closed" : counted(num_arguments(call), "argument"), ')')
