# Clients, and the devices and memories they lend.

"""
    Client(name_or_path; options = (;), kv_store = nothing, sha256 = nothing, search_paths = String[])
    Client(plugin::Plugin; options = (;), kv_store = nothing)

A plugin's view of the devices of this process. `options` are the plugin's own, such as
`Dict("cpu_device_count" => 4)`: strings, integers, floats, `Bool`s and vectors of integers. Blocks while the plugin
starts its devices; with a `KVStore`, through which the clients of several processes meet, other tasks run meanwhile.

```julia
client = Client("cpu"; options = (cpu_device_count = 4,))
```
"""
mutable struct Client <: Handle
    pointer::Ptr{Raw.pje_client}
    kv_store::Any  # kept: plugins ask it as long as the client lives
    free::Any      # what on_out_of_memory set
    Client(pointer::Ptr{Raw.pje_client}, kv_store = nothing) =
        finalizer(close, new(pointer, kv_store, nothing_given_back))
end
@handle Client Raw.pje_client_release
nothing_given_back() = false

const NO_PLUGIN_OPTIONS = Ptr{Raw.pje_plugin_options}(C_NULL)
client_options(values, plugin, kv_store) =
    Ref(Raw.pje_client_options(; options = values, plugin = plugin, kv_store = raw_kv_store(kv_store)))

function Client(name_or_path::AbstractString; options = (;), kv_store = nothing, sha256 = nothing,
        search_paths = String[])
    pointer = with_named_values(options) do values
        with_plugin_options(sha256, search_paths) do plugin
            GC.@preserve plugin kv_store open_client(String(name_or_path), client_options(values,
                Base.unsafe_convert(Ptr{Raw.pje_plugin_options}, plugin), kv_store), kv_store)
        end
    end
    return Client(pointer, kv_store)
end

function Client(plugin::Plugin; options = (;), kv_store = nothing)
    pointer = with_named_values(options) do values
        GC.@preserve kv_store create_client(plugin, client_options(values, NO_PLUGIN_OPTIONS, kv_store), kv_store)
    end
    return Client(pointer, kv_store)
end

raw_kv_store(::Nothing) = Ptr{Raw.pje_kv_store}(C_NULL)
open_client(name::String, options, ::Nothing) =
    written(out -> Raw.pje_client_open(name, options, out), Raw.pje_client)
create_client(plugin::Plugin, options, ::Nothing) =
    written(out -> Raw.pje_client_create(plugin, options, out), Raw.pje_client)

"""
    PjrtEasy.shut(client; timeout = nothing)

Ends a client now, whoever still holds objects made from it: waits for running work, at most `timeout` seconds, then
gives everything back to the plugin. Its objects can be closed afterwards, and nothing else.
"""
shut(client::Client; timeout::Union{Nothing,Real} = nothing) =
    check(end_client(client, nanoseconds(timeout), client.kv_store))
end_client(client::Client, limit, ::Nothing) = Raw.pje_client_close(client, limit)

"""
    plugin(client) -> Plugin
"""
plugin(client::Client) = GC.@preserve client Plugin(Raw.pje_plugin_retain(Raw.pje_client_plugin(client)))

"""
    platform(client) -> String
    platform_version(client) -> String
"""
platform(client::Client) = text_of(Raw.pje_client_platform_name(client))
platform_version(client::Client) = text_of(Raw.pje_client_platform_version(client))
@doc (@doc platform) platform_version

# Numbers that count different things are of different types, so that one is never taken for another.
for (name, what) in ((:DeviceId, "global id of a device, unique over all processes"),
    (:LocalHardwareId, "number of a device on its host; -1: the plugin does not tell"),
    (:MemoryId, "id of a memory, unique in its client"),
    (:ProcessIndex, "number of a process among those that share a program"))
    text = "    $name(number)\n\nThe $what. `Int(id)` gives the number."
    @eval begin
        @doc $text struct $name
            value::Int32
        end
        (::Type{T})(id::$name) where {T<:Integer} = T(id.value)
        Base.isless(one::$name, other::$name) = isless(one.value, other.value)
    end
end

"""
    process_index(client or device) -> ProcessIndex
"""
process_index(client::Client) = ProcessIndex(Raw.pje_client_process_index(client))

"""
    Device

A device, lent by its client: usable while the client is open.
"""
struct Device
    pointer::Ptr{Raw.pje_device}
    client::Client
end

"""
    Memory

A memory of a device, lent by its client: usable while the client is open.
"""
struct Memory
    pointer::Ptr{Raw.pje_memory}
    client::Client
end

for (name, raw) in ((:Device, :pje_device), (:Memory, :pje_memory))
    @eval begin
        Base.cconvert(::Type{Ptr{Raw.$raw}}, lent::$name) = lent
        @inline Base.unsafe_convert(::Type{Ptr{Raw.$raw}}, lent::$name) = (pointer_of(lent.client); lent.pointer)
        Base.:(==)(one::$name, other::$name) = one.pointer == other.pointer
        Base.hash(lent::$name, h::UInt) = hash(lent.pointer, h)
        lent(client::Client, pointer::Ptr{Raw.$raw}) = pointer == C_NULL ? nothing : $name(pointer, client)
    end
end

"""
    devices(client) -> Vector{Device}
    addressable_devices(client or executable) -> Vector{Device}

All devices, those of other processes included; those that this process can use, the default one first.
"""
devices(client::Client) =
    Device[Device(Raw.pje_client_device(client, index), client)
        for index in 0:Int(Raw.pje_client_num_devices(client)) - 1]
addressable_devices(client::Client) = Device[Device(Raw.pje_client_addressable_device(client, index), client)
    for index in 0:Int(Raw.pje_client_num_addressable_devices(client)) - 1]
@doc (@doc devices) addressable_devices

"""
    device(client, id::DeviceId) -> Device

Finds a device by its global id.
"""
function device(client::Client, id::DeviceId)
    out = slot(Raw.pje_device)
    check(Raw.pje_client_lookup_device(client, id.value, out))
    return Device(out[], client)
end

id(device::Device) = DeviceId(Raw.pje_device_id(device))
"""
    id(device) -> DeviceId
    id(memory) -> MemoryId
"""
id(memory::Memory) = MemoryId(Raw.pje_memory_id(memory))
process_index(device::Device) = ProcessIndex(Raw.pje_device_process_index(device))

"""
    local_hardware_id(device) -> LocalHardwareId
"""
local_hardware_id(device::Device) = LocalHardwareId(Raw.pje_device_local_hardware_id(device))

"""
    isaddressable(device) -> Bool

Whether this process can use it.
"""
isaddressable(device::Device) = Raw.pje_device_is_addressable(device)

"""
    kind(device or memory or dtype)

Kind of hardware, such as `"cpu"`; of memory, such as `"pinned_host"`; what an element type means.
"""
kind(device::Device) = text_of(Raw.pje_device_kind(device))
kind(memory::Memory) = text_of(Raw.pje_memory_kind(memory))
kind_id(memory::Memory) = Int(Raw.pje_memory_kind_id(memory))

"""
    debug_string(device or memory) -> String

The plugin's text for logs; `string(device)` is its text for people.
"""
debug_string(device::Device) = text_of(Raw.pje_device_debug_string(device))
debug_string(memory::Memory) = text_of(Raw.pje_memory_debug_string(memory))
attributes(device::Device) = named_values(Raw.pje_device_attributes(device))

"""
    default_memory(device) -> Memory or nothing

Where buffers go when no memory is named.
"""
default_memory(device::Device) = lent(device.client, Raw.pje_device_default_memory(device))

"""
    memories(client or device) -> Vector{Memory}

The memories that this process, or the device, can use.
"""
memories(client::Client) = Memory[Memory(Raw.pje_client_addressable_memory(client, index), client)
    for index in 0:Int(Raw.pje_client_num_addressable_memories(client)) - 1]
memories(device::Device) = Memory[Memory(Raw.pje_device_addressable_memory(device, index), device.client)
    for index in 0:Int(Raw.pje_device_num_addressable_memories(device)) - 1]
devices(memory::Memory) = Device[Device(Raw.pje_memory_device(memory, index), memory.client)
    for index in 0:Int(Raw.pje_memory_num_devices(memory)) - 1]

Base.print(io::IO, device::Device) = print(io, text_of(Raw.pje_device_to_string(device)))
Base.print(io::IO, memory::Memory) = print(io, text_of(Raw.pje_memory_to_string(memory)))

Base.show(io::IO, client::Client) = isopen(client) ?
    print(io, "Client(", repr(platform(client)), ", ", counted(length(addressable_devices(client)), "device"), ')') :
    print(io, "Client(closed)")

counted(number, what) = number == 1 ? "1 $what" : "$number $(what)s"
Base.show(io::IO, device::Device) = isopen(device.client) ?
    print(io, "Device(", Raw.pje_device_id(device), ", ", repr(kind(device)), ')') :
    print(io, "Device(of a closed client)")
Base.show(io::IO, memory::Memory) = isopen(memory.client) ?
    print(io, "Memory(", Raw.pje_memory_id(memory), ", ", repr(kind(memory)), ')') :
    print(io, "Memory(of a closed client)")
