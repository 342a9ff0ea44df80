# Running programs. What is passed as an argument: buffers, host arrays and scalars; lists of these; lists per device.

# A vector of numbers is a host array; a vector of anything else, and every tuple, is a list of arguments.
islist(::Tuple) = true
islist(values::AbstractVector) = !is_element(eltype(values))
islist(_) = false

# A list per device has nothing but lists in it.
isnested(list) = !isempty(list) && all(islist, list)

# Arguments as buffers, and those of them that were uploaded on the way.
as_buffer(client, buffer::Buffer, device, made) = buffer
function as_buffer(client, value::Union{AbstractArray,Number,Token}, device, made)
    buffer = Buffer(client, value; device = device)
    push!(made, buffer)
    return buffer
end
as_buffer(client, value, device, made) =
    refuse("an argument is a $(typeof(value)): expected a buffer, an array or a number")

# The shortest way: buffers in, run to its end, one device. Nothing is allocated but what is returned.
@inline function (executable::Executable)(arguments::Buffer...)
    pointers = map(pointer_of, arguments)
    GC.@preserve arguments begin
        return run_to_end(executable, pointers)
    end
end

@inline function run_to_end(executable::Executable, pointers::NTuple{N,Ptr{Raw.pje_buffer}}) where {N}
    executable.num_outputs == 1 ||
        return unwrapped(run_list(executable, collect(Ptr{Raw.pje_buffer}, pointers), nothing))
    arguments, output, done = Ref(pointers), slot(Raw.pje_buffer), slot(Raw.pje_event)
    GC.@preserve arguments begin
        refused = Raw.pje_loaded_executable_execute_async(executable,
            Ptr{Ptr{Raw.pje_buffer}}(Base.unsafe_convert(Ptr{Cvoid}, arguments)), N, NO_EXECUTE_OPTIONS, output, 1,
            done)
        refused == C_NULL ||
            return unwrapped(run_list(executable, collect(Ptr{Raw.pje_buffer}, pointers), nothing, refused))
    end
    finish(done[], output[])
    return Buffer(output[], executable.client, false, @inbounds executable.output_bytes[1])
end

# Waits for the end of a run; after a failure its outputs are of no use.
@inline function finish(done::Ptr{Raw.pje_event}, output::Ptr{Raw.pje_buffer})
    if Raw.pje_event_is_ready(done)
        error = Raw.pje_event_error(done)
        Raw.pje_event_release(done)
        error == C_NULL && return nothing
        Raw.pje_buffer_release(output)
        fail(error)
    end
    wait_for_run(done, output)
end

@noinline function wait_for_run(done::Ptr{Raw.pje_event}, output::Ptr{Raw.pje_buffer})
    event = Event(done)
    try
        wait(event)
    catch
        Raw.pje_buffer_release(output)
        rethrow()
    finally
        close(event)
    end
    return nothing
end

unwrapped(outputs) = length(outputs) == 1 ? outputs[1] : outputs

# The general way.
function (executable::Executable)(arguments...; launch::Union{Nothing,Launch} = nothing, options...)
    chosen = launch_of(launch, options)
    if length(arguments) == 1 && islist(arguments[1])
        list = arguments[1]
        isnested(list) && return execute_sharded(executable, list, chosen)
        return execute_list(executable, list, chosen)
    end
    return unwrapped(execute_list(executable, arguments, chosen))
end

function execute_list(executable, list, launch)
    with_arguments(executable, list, target(executable, launch)) do buffers
        pointers = Ptr{Raw.pje_buffer}[pointer_of(buffer) for buffer in buffers]
        run_list(executable, pointers, launch)
    end
end

# Where host arrays go: to the device that runs the program.
target(executable, launch) = launch !== nothing && launch.device !== nothing ? launch.device :
    default_device(executable, 0)
function default_device(executable, index)
    pointer = Raw.pje_loaded_executable_addressable_device(executable, index)
    return lent(executable.client, pointer)
end

function with_arguments(use, executable, list, device)
    made = Buffer[]
    try
        buffers = Buffer[as_buffer(executable.client, value, device, made) for value in list]
        return GC.@preserve buffers use(buffers)
    finally
        foreach(close, made)
    end
end

function run_list(executable, pointers, launch, refused...)
    outputs, event = dispatch(executable, pointers, launch, true, refused...)
    try
        wait(event)
    catch
        foreach(close, outputs)
        rethrow()
    finally
        close(event)
    end
    for output in outputs
        output.pending = false
    end
    return outputs
end

# `refused` is how a first attempt ended.
function dispatch(executable, pointers, launch, wanted::Bool, refused...)
    outputs, done = fill(Ptr{Raw.pje_buffer}(C_NULL), executable.num_outputs), fill(Ptr{Raw.pje_event}(C_NULL), 1)
    with_options(launch) do options
        attempt() = Raw.pje_loaded_executable_execute_async(executable, pointers, length(pointers), options, outputs,
            length(outputs), wanted || talks(launch) ? done : C_NULL)
        with_memory(attempt, executable.client, refused...)
    end
    events = events_of(launch, done, wanted)
    return handed_over(executable, outputs), wanted ? events[1] : nothing
end

handed_over(executable, outputs) = Buffer[
    Buffer(output, executable.client, true, executable.output_bytes[mod1(index, executable.num_outputs)])
    for (index, output) in enumerate(outputs)]

"""
    execute_async(executable, arguments…; event = true, launch…) -> (outputs, event)

Runs a program without waiting for its end. The arguments are those of a call, and so is the shape of the outputs, which
may be used at once, as arguments too; reading one waits. `event` is ready when the run has ended, with its error; for a
list per device there is one event per device. With `event = false` there is none, and the outputs alone are returned.
"""
function execute_async(executable::Executable, arguments...; event::Bool = true,
        launch::Union{Nothing,Launch} = nothing, options...)
    chosen = launch_of(launch, options)
    islist_alone = length(arguments) == 1 && islist(arguments[1])
    list = islist_alone ? arguments[1] : arguments
    outputs, done = islist_alone && isnested(list) ? dispatch_sharded(executable, list, chosen, event) :
        dispatch_list(executable, list, chosen, event)
    shaped = islist_alone ? outputs : unwrapped(outputs)
    return event ? (shaped, done) : shaped
end

function dispatch_list(executable, list, launch, wanted)
    with_arguments(executable, list, target(executable, launch)) do buffers
        dispatch(executable, Ptr{Raw.pje_buffer}[pointer_of(buffer) for buffer in buffers], launch, wanted)
    end
end

# Several devices.

function with_sharded(use, executable, lists)
    rows = collect(lists)
    all(row -> length(row) == length(rows[1]), rows) || refuse("lists of different lengths per device")
    made = Buffer[]
    try
        buffers = Buffer[as_buffer(executable.client, value, default_device(executable, device - 1), made)
            for (device, row) in enumerate(rows) for value in row]
        return GC.@preserve buffers use(length(rows), Ptr{Raw.pje_buffer}[pointer_of(buffer) for buffer in buffers])
    finally
        foreach(close, made)
    end
end

per_device(executable, outputs) =
    [outputs[start:start + executable.num_outputs - 1] for start in 1:executable.num_outputs:length(outputs)]

function dispatch_sharded(executable, lists, launch, wanted::Bool = true)
    with_sharded(executable, lists) do devices, pointers
        outputs = fill(Ptr{Raw.pje_buffer}(C_NULL), devices * executable.num_outputs)
        done = fill(Ptr{Raw.pje_event}(C_NULL), devices)
        with_options(launch) do options
            with_memory(executable.client) do
                Raw.pje_loaded_executable_execute_sharded_async(executable, devices, pointers,
                    length(pointers) ÷ devices, options, outputs, executable.num_outputs,
                    wanted || talks(launch) ? done : C_NULL)
            end
        end
        per_device(executable, handed_over(executable, outputs)), events_of(launch, done, wanted)
    end
end

function execute_sharded(executable, lists, launch)
    outputs, events = dispatch_sharded(executable, lists, launch)
    try
        # Every device is waited for, also after a failure: what they read may be gone afterwards.
        foreach(settle, events)
        foreach(wait, events)
    catch
        foreach(row -> foreach(close, row), outputs)
        rethrow()
    finally
        foreach(close, events)
    end
    for row in outputs, output in row
        output.pending = false
    end
    return outputs
end

function settle(event::Event)
    try
        wait(event)
    catch error
        error isa PjrtError || rethrow()
    end
end

# Host to host.

"""
    run(executable, arguments…) -> array or vector of arrays

Host in, host out: uploads arrays and numbers, runs on one device, reads the outputs back, in one call of the library.
Other tasks run meanwhile.
"""
function Base.run(executable::Executable, arguments::Union{AbstractArray,Number,HostArray}...)
    hosts = HostArray[argument isa HostArray ? argument : HostArray(argument) for argument in arguments]
    outputs = fill(Ptr{Raw.pje_array}(C_NULL), executable.num_outputs)
    try
        GC.@preserve hosts begin
            pointers = Ptr{Raw.pje_array}[pointer_of(host) for host in hosts]
            done = written(Raw.pje_event) do done
                Raw.pje_loaded_executable_run_async(executable, pointers, length(pointers), outputs, length(outputs),
                    done)
            end
            await_and_close(Event(done))
        end
    catch
        foreach(output -> output == C_NULL || Raw.pje_array_release(output), outputs)
        rethrow()
    finally
        foreach((host, argument) -> host === argument || close(host), hosts, arguments)
    end
    return unwrapped([array_of(output) for output in outputs])
end

function array_of(output::Ptr{Raw.pje_array})
    host = HostArray(output)
    try
        return Array(host)
    finally
        close(host)
    end
end

"""
    PjrtEasy.run!(outputs, executable, arguments; launch…)

As `run`, into `HostArray`s of the caller, whose element types and dimensions must be the results'.
"""
function run!(outputs::AbstractVector{HostArray}, executable::Executable, arguments::AbstractVector{HostArray};
        launch::Union{Nothing,Launch} = nothing, options...)
    GC.@preserve outputs arguments begin
        given = Ptr{Raw.pje_array}[pointer_of(host) for host in arguments]
        taken = Ptr{Raw.pje_array}[pointer_of(host) for host in outputs]
        done = with_options(launch_of(launch, options)) do chosen
            written(Raw.pje_event) do done
                Raw.pje_loaded_executable_run_into_async(executable, given, length(given), chosen, taken,
                    length(taken), done)
            end
        end
        await_and_close(Event(done))
    end
    return outputs
end
