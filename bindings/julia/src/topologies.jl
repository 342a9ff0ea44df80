# Topologies: the shape of a system of devices, with or without the hardware.

"""
    Topology(client)
    Topology(plugin, name = ""; options = (;))
    Topology(plugin, bytes)

The shape of a system of devices: a client's own; one by the plugin's name for it, such as `"v5e:2x2"`; what
`Vector{UInt8}(topology)` gave. `attributes`, `platform`, `platform_version`, `descriptions` and `fingerprint` tell what
is known of it.
"""
mutable struct Topology <: Handle
    pointer::Ptr{Raw.pje_topology}
    Topology(pointer::Ptr{Raw.pje_topology}) = finalizer(close, new(pointer))
end
@handle Topology Raw.pje_topology_release

function Topology(client::Client)
    out = slot(Raw.pje_topology)
    check(Raw.pje_client_topology(client, out))
    # It is lent: with a reference of its own it may outlive the client's object.
    return GC.@preserve client Topology(Raw.pje_topology_retain(out[]))
end

function Topology(plugin::Plugin, name::AbstractString = ""; options = (;))
    out = slot(Raw.pje_topology)
    with_named_values(options) do values
        check(Raw.pje_topology_create(plugin, String(name), values, out))
    end
    return Topology(out[])
end

function Topology(plugin::Plugin, bytes::Vector{UInt8})
    out = slot(Raw.pje_topology)
    check(Raw.pje_topology_deserialize(plugin, bytes, length(bytes), out))
    return Topology(out[])
end

Base.Vector{UInt8}(topology::Topology) = bytes_from(Raw.pje_topology_serialize, topology)
plugin(topology::Topology) = GC.@preserve topology Plugin(Raw.pje_plugin_retain(Raw.pje_topology_plugin(topology)))
platform(topology::Topology) = text_of(Raw.pje_topology_platform_name(topology))
platform_version(topology::Topology) = text_of(Raw.pje_topology_platform_version(topology))
attributes(topology::Topology) = GC.@preserve topology named_values(Raw.pje_topology_attributes(topology))

"""
    fingerprint(topology) -> UInt64

A number that is the same for equal topologies of one plugin.
"""
function fingerprint(topology::Topology)
    out = Ref{UInt64}(0)
    check(Raw.pje_topology_fingerprint(topology, out))
    return out[]
end

"""
    memory_kind_ids(topology) -> Vector{Int}

Numbers of the kinds of memory, as `PjrtEasy.kind_id(memory)` gives them.
"""
function memory_kind_ids(topology::Topology)
    count = Ref{Csize_t}(0)
    check(Raw.pje_topology_memory_kind_ids(topology, 0, C_NULL, count))
    ids = zeros(Int32, count[])
    check(Raw.pje_topology_memory_kind_ids(topology, length(ids), ids, count))
    return Int.(ids)
end

"""
    canonical_shape(topology, memory_kind_id, T, dims, minor_to_major = nothing) -> Vector{UInt8}

The shape that an array has in a kind of memory, tiles and padding included, as a serialized ShapeProto. The order of
the dimensions is given as for `Layout`; without it it is the platform's own choice.
"""
function canonical_shape(topology::Topology, memory_kind_id::Integer, ::Type{T}, dims,
        minor_to_major = nothing) where {T}
    sizes = Int64[dims...]
    order = minor_to_major === nothing ? Ptr{Int64}(C_NULL) : Int64[dimension - 1 for dimension in minor_to_major]
    return bytes_from(topology) do object, out
        Raw.pje_topology_canonical_shape(object, memory_kind_id, Int32(DType(T)), sizes, length(sizes), order, out)
    end
end

"""
    DeviceDescription

What a topology or a device says of a device without using it: `id`, `process_index`, `kind`, `attributes`,
`debug_string`, `string`.
"""
mutable struct DeviceDescription <: Handle
    pointer::Ptr{Raw.pje_device_description}
    # Lent, so with a reference of its own.
    DeviceDescription(lent::Ptr{Raw.pje_device_description}) =
        finalizer(close, new(Raw.pje_device_description_retain(lent)))
end
@handle DeviceDescription Raw.pje_device_description_release

"""
    descriptions(topology) -> Vector{DeviceDescription}
    description(device) -> DeviceDescription
"""
descriptions(topology::Topology) = GC.@preserve topology DeviceDescription[
    DeviceDescription(Raw.pje_topology_device(topology, index))
    for index in 0:Int(Raw.pje_topology_num_devices(topology)) - 1]
description(device::Device) = DeviceDescription(Raw.pje_device_get_description(device))
@doc (@doc descriptions) description

id(description::DeviceDescription) = DeviceId(Raw.pje_device_description_id(description))
process_index(description::DeviceDescription) = ProcessIndex(Raw.pje_device_description_process_index(description))
kind(description::DeviceDescription) = text_of(Raw.pje_device_description_kind(description))
debug_string(description::DeviceDescription) = text_of(Raw.pje_device_description_debug_string(description))
attributes(description::DeviceDescription) =
    GC.@preserve description named_values(Raw.pje_device_description_attributes(description))
Base.print(io::IO, description::DeviceDescription) =
    print(io, text_of(Raw.pje_device_description_to_string(description)))

Base.show(io::IO, topology::Topology) = isopen(topology) ?
    print(io, "Topology(", repr(platform(topology)), ", ",
        counted(Int(Raw.pje_topology_num_devices(topology)), "device"), ')') :
    print(io, "Topology(closed)")
Base.show(io::IO, description::DeviceDescription) = isopen(description) ?
    print(io, "DeviceDescription(", Int(id(description)), ", ", repr(kind(description)), ')') :
    print(io, "DeviceDescription(closed)")
