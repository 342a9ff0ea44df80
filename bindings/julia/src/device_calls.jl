# What devices report and do while they work, host memory that they reach, and the processes of a client.

"""
    PjrtEasy.current_attributes(device) -> Dict

The attributes as they are now, completed from those of its description.
"""
current_attributes(device::Device) = values_from(Raw.pje_device_current_attributes, device)

"""
    PjrtEasy.memory_stats(device) -> Dict
    PjrtEasy.clear_memory_stats!(device)

How the device's memory is used, in bytes and counts: `"bytes_in_use"` and whatever else the plugin knows; the second
begins peaks and counts anew. CPUs answer `UNIMPLEMENTED`.
"""
memory_stats(device::Device) = values_from(Raw.pje_device_memory_stats, device)
clear_memory_stats!(device::Device) = check(Raw.pje_device_clear_memory_stats(device))
@doc (@doc memory_stats(::Device)) clear_memory_stats!

"""
    PjrtEasy.poison(device, launch_id, error::PjrtError) -> Bool

Makes the run with that launch id fail with the error; whether there was one.
"""
function poison(device::Device, launch_id::Integer, error::PjrtError)
    native, poisoned = native_error(error), Ref(false)
    try
        check(Raw.pje_device_poison_execution(device, launch_id, native, poisoned))
    finally
        discard(native)
    end
    return poisoned[]
end

"""
    device(client, id::LocalHardwareId) -> Device

Finds a device of this process by the number that its hardware has here.
"""
device(client::Client, id::LocalHardwareId) =
    Device(written(out -> Raw.pje_client_lookup_addressable_device(client, id.value, out), Raw.pje_device), client)

"""
    PjrtEasy.TrackingEvent(device, description)

A named span in which a profiler counts what happens on the device; `close` ends it.
"""
mutable struct TrackingEvent <: Handle
    pointer::Ptr{Raw.pje_tracking_event}
    TrackingEvent(pointer::Ptr{Raw.pje_tracking_event}) = finalizer(close, new(pointer))
end
@handle TrackingEvent Raw.pje_tracking_event_release

TrackingEvent(device::Device, description::AbstractString) = TrackingEvent(
    written(out -> Raw.pje_tracking_event_create(device, String(description), out), Raw.pje_tracking_event))
Base.show(io::IO, event::TrackingEvent) = print(io, isopen(event) ? "TrackingEvent()" : "TrackingEvent(closed)")

"""
    PjrtEasy.DmaMapping(client, array::Array)

Lets devices reach an array's memory on their own, until it is closed; keeps the array alive. CPUs answer
`UNIMPLEMENTED`.
"""
mutable struct DmaMapping <: Handle
    pointer::Ptr{Raw.pje_dma_mapping}
    array::Array
    DmaMapping(pointer::Ptr{Raw.pje_dma_mapping}, array) = finalizer(close, new(pointer, array))
end
@handle DmaMapping Raw.pje_dma_mapping_release

function DmaMapping(client::Client, array::Array)
    pointer = GC.@preserve array written(Raw.pje_dma_mapping) do out
        Raw.pje_dma_mapping_create(client, pointer_from(array), sizeof(array), out)
    end
    return DmaMapping(pointer, array)
end
pointer_from(array::Array) = Ptr{Cvoid}(pointer(array))
Base.show(io::IO, mapping::DmaMapping) =
    print(io, "DmaMapping(", isopen(mapping) ? "$(sizeof(mapping.array)) bytes" : "closed", ')')

"""
    PjrtEasy.ProcessState

States of a process: `PjrtEasy.CONNECTED`, `DISCONNECTED`, `FAILED`, `UNINITIALIZED`, `UNSPECIFIED`.
"""
@enum ProcessState::Int32 begin
    UNSPECIFIED = Raw.PJE_PROCESS_UNSPECIFIED
    UNINITIALIZED = Raw.PJE_PROCESS_UNINITIALIZED
    DISCONNECTED = Raw.PJE_PROCESS_DISCONNECTED
    CONNECTED = Raw.PJE_PROCESS_CONNECTED
    FAILED = Raw.PJE_PROCESS_ERROR
end

"""
    PjrtEasy.update_processes(client, processes)

Tells the plugin how the processes that share the program are: a list of
`(process = ProcessIndex(0), incarnation = 1, state = PjrtEasy.CONNECTED, error = nothing)`.
"""
function update_processes(client::Client, processes)
    errors = Ptr{Raw.pje_error}[]
    try
        for process in processes
            push!(errors, process.error === nothing ? C_NULL : native_error(process.error))
        end
        check(Raw.pje_client_update_global_process_info(client, Int32[process.process.value for process in processes],
            UInt64[process.incarnation for process in processes],
            Int32[Int32(process.state) for process in processes], errors, length(errors)))
    finally
        foreach(discard, errors)
    end
end
