# What the library says of objects, counts and logs.

const DESCRIBED = (
    (:HostArray, Raw.pje_array_describe), (:Buffer, Raw.pje_buffer_describe), (:Client, Raw.pje_client_describe),
    (:CompileOptions, Raw.pje_compile_options_describe), (:CompletionQueue, Raw.pje_completion_queue_describe),
    (:Device, Raw.pje_device_describe), (:DeviceAssignment, Raw.pje_device_assignment_describe),
    (:DeviceDescription, Raw.pje_device_description_describe), (:Event, Raw.pje_event_describe),
    (:Layout, Raw.pje_layout_describe), (:Executable, Raw.pje_loaded_executable_describe),
    (:Memory, Raw.pje_memory_describe), (:Plugin, Raw.pje_plugin_describe), (:Program, Raw.pje_program_describe),
    (:RequestQueue, Raw.pje_request_queue_describe), (:Topology, Raw.pje_topology_describe),
    (:BufferReference, Raw.pje_buffer_reference_describe), (:CompiledProgram, Raw.pje_executable_describe),
    (:DmaMapping, Raw.pje_dma_mapping_describe), (:ExecuteContext, Raw.pje_execute_context_describe),
    (:ExecuteHandlers, Raw.pje_execute_handlers_describe), (:Fulfilment, Raw.pje_fulfilment_describe),
    (:KVStore, Raw.pje_kv_store_describe), (:PreparedCall, Raw.pje_prepared_call_describe),
    (:TrackingEvent, Raw.pje_tracking_event_describe), (:TransferManager, Raw.pje_transfer_manager_describe),
)

"""
    describe(object) -> String

The library's own line about an object: state, element type, dimensions, device, names. It is what the REPL shows.
"""
function describe end

for (name, raw) in DESCRIBED
    @eval describe(object::$name) = described($raw, object)
end

function described(get, object)
    text = Vector{UInt8}(undef, 512)
    length_of_all = Int(get(object, text, length(text)))
    if length_of_all >= length(text)
        resize!(text, length_of_all + 1)
        length_of_all = min(Int(get(object, text, length(text))), length_of_all)
    end
    return String(resize!(text, length_of_all))
end

Base.isopen(lent::Union{Device,Memory}) = isopen(lent.client)

function Base.show(io::IO, ::MIME"text/plain", object::Union{Handle,Device,Memory})
    isopen(object) && applicable(describe, object) || return show(io, object)
    print(io, describe(object))
end

function Base.show(io::IO, ::MIME"text/plain", client::Client)
    isopen(client) || return show(io, client)
    print(io, describe(client))
    for device in addressable_devices(client)
        print(io, "\n  ")
        show(io, device)
        print(io, ": ", join((kind(memory) for memory in memories(device)), ", "))
    end
end

"""
    PjrtEasy.stats(client) -> NamedTuple

What the program holds of a client: `buffers`, `events`, `executables`, `others`, `live_bytes`, `peak_bytes`.
"""
function stats(client::Client)
    out = Ref(Raw.pje_client_statistics())
    check(Raw.pje_client_stats(client, out))
    return (buffers = Int(out[].num_buffers), events = Int(out[].num_events),
        executables = Int(out[].num_loaded_executables), others = Int(out[].num_others),
        live_bytes = Int(out[].live_bytes), peak_bytes = Int(out[].peak_bytes))
end

"""
    PjrtEasy.live_objects(type = nothing) -> Int

How many objects of the library, or of a type such as `"pje_buffer"`, the process holds.
"""
live_objects(type::Union{Nothing,AbstractString} = nothing) =
    Int(Raw.pje_live_objects(type === nothing ? Ptr{UInt8}(C_NULL) : String(type)))

"""
    PjrtEasy.leak_report() -> Int

Writes a line about every object that the program holds to stderr, and returns how many these are. With `PJE_VALIDATE=1`
in the environment each line tells where the object was made.
"""
leak_report() = Int(Raw.pje_leak_report())

"""
    PjrtEasy.set_plugin_log_level(level)

From which level on plugins that are loaded later log: 0 everything, 1 warnings, 2 errors, 3 fatal errors.
"""
set_plugin_log_level(level::Integer) = check(Raw.pje_log_set_plugin_level(level))

# The plugin's own pointers, for what the library does not know.
raw_pointer(object::Client) = Raw.pje_client_raw(object)
raw_pointer(object::Device) = Raw.pje_device_raw(object)
raw_pointer(object::Memory) = Raw.pje_memory_raw(object)
raw_pointer(object::Topology) = Raw.pje_topology_raw(object)
raw_pointer(object::DeviceDescription) = Raw.pje_device_description_raw(object)
raw_pointer(object::CompiledProgram) = Raw.pje_executable_raw(object)
raw_pointer(object::Executable) = Raw.pje_loaded_executable_raw(object)
raw_pointer(object::Buffer) = Raw.pje_buffer_raw(object)
raw_pointer(object::ExecuteContext) = Raw.pje_execute_context_raw(object)
raw_pointer(object::TransferManager) = Raw.pje_transfer_manager_raw(object)
raw_pointer(object::TrackingEvent) = Raw.pje_tracking_event_raw(object)
@doc """
    PjrtEasy.raw_pointer(object) -> Ptr{Cvoid}

PJRT's own pointer behind an object, lent: it lives as long as the object.
""" raw_pointer

"""
    PjrtEasy.raw_event(client) -> event, pointer

A promise with an event of the plugin's own behind it, for functions of the plugin that take one and that the library
does not know. The pointer is lent, as long as the event lives and the client is open; only `notify` may set it.
"""
function raw_event(client::Client)
    pointer, out = Ref{Ptr{Cvoid}}(C_NULL), slot(Raw.pje_event)
    check(Raw.pje_event_create_raw(client, pointer, out))
    return Event(out[]), pointer[]
end
