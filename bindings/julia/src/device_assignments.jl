# Which device runs which replica and partition.

"""
    DeviceAssignment(ids::AbstractVecOrMat)
    DeviceAssignment(client, num_replicas, num_partitions)
    DeviceAssignment(executable), DeviceAssignment(options), DeviceAssignment(bytes)

Which device runs which part of a program: a row a replica, a column a partition. From device ids (numbers or
`DeviceId`s); the client's default; that of an executable or of compile options; a serialized DeviceAssignmentProto.
`assignment[replica, partition]`, counted from 1, is the `DeviceId`, `Matrix(assignment)` has them all, and
`place(assignment, id)` is the way back. Compile options take one: `options.device_assignment = assignment`.
"""
mutable struct DeviceAssignment <: Handle
    pointer::Ptr{Raw.pje_device_assignment}
    DeviceAssignment(pointer::Ptr{Raw.pje_device_assignment}) = finalizer(close, new(pointer))
end
@handle DeviceAssignment Raw.pje_device_assignment_release

# Calls with the ids as the library has them: the partitions of one replica next to each other.
function with_ids(use, ids::AbstractVecOrMat)
    replicas, partitions = size(ids, 1), size(ids, 2)
    flat = Int64[Int64(ids[r, p]) for r in 1:replicas for p in 1:partitions]
    return use(replicas, partitions, flat, length(flat))
end

function assignment_from(get)
    out = slot(Raw.pje_device_assignment)
    check(get(out))
    return DeviceAssignment(out[])
end

DeviceAssignment(ids::AbstractVecOrMat) =
    assignment_from(out -> with_ids((arguments...) -> Raw.pje_device_assignment_create(arguments..., out), ids))
DeviceAssignment(client::Client, num_replicas::Integer, num_partitions::Integer) =
    assignment_from(out -> Raw.pje_client_default_device_assignment(client, num_replicas, num_partitions, out))
DeviceAssignment(bytes::Vector{UInt8}) =
    assignment_from(out -> Raw.pje_device_assignment_from_bytes(bytes, length(bytes), out))
DeviceAssignment(options::CompileOptions) =
    assignment_from(out -> Raw.pje_compile_options_get_assignment(options, out))

Base.Vector{UInt8}(assignment::DeviceAssignment) = bytes_from(Raw.pje_device_assignment_serialize, assignment)

num_replicas(assignment::DeviceAssignment) = Int(Raw.pje_device_assignment_num_replicas(assignment))
num_partitions(assignment::DeviceAssignment) = Int(Raw.pje_device_assignment_num_partitions(assignment))
Base.size(assignment::DeviceAssignment) = (num_replicas(assignment), num_partitions(assignment))

function Base.getindex(assignment::DeviceAssignment, replica::Integer, partition::Integer = 1)
    number = Raw.pje_device_assignment_device_id(assignment, replica - 1, partition - 1)
    number < 0 && throw(BoundsError(assignment, (replica, partition)))
    return DeviceId(number)
end

function Base.Matrix(assignment::DeviceAssignment)
    GC.@preserve assignment begin
        ids = Raw.pje_device_assignment_device_ids(assignment)
        replicas, partitions = size(assignment)
        return [DeviceId(unsafe_load(ids, (r - 1) * partitions + p)) for r in 1:replicas, p in 1:partitions]
    end
end

"""
    place(assignment, id::DeviceId) -> (replica, partition) or nothing
    place(executable, index) -> (replica, partition)

What a device runs, counted from 1; what addressable device `index` of an executable runs.
"""
function place(assignment::DeviceAssignment, id::DeviceId)
    replica, partition = Ref{Int64}(0), Ref{Int64}(0)
    Raw.pje_device_assignment_find(assignment, id.value, replica, partition) || return nothing
    return Int(replica[]) + 1, Int(partition[]) + 1
end

Base.show(io::IO, assignment::DeviceAssignment) = isopen(assignment) ?
    print(io, "DeviceAssignment(", Int.(Matrix(assignment)), ')') : print(io, "DeviceAssignment(closed)")
