# Objects that hold a handle of the C API. Closing releases it; a finalizer does the same for what was forgotten, and
# nothing else: it never waits and never runs code of the user.

abstract type Handle end

# Whatever a call borrows stays alive while it runs: `ccall` keeps what it was given, and asks here for the pointer.
# Using what was closed is an error of ours, before it could become a wrong handle.
@inline function pointer_of(object::Handle)
    pointer = object.pointer
    pointer == C_NULL && closed(object)
    return pointer
end
@noinline closed(object::Handle) = refuse("use of a closed $(nameof(typeof(object)))")

"""
    close(object)

Releases what the object holds, now instead of at some garbage collection. Any order is right: what was made from an
object keeps it alive in the library. Closing twice is fine; using what was closed is an `INVALID_ARGUMENT` error.
"""
function Base.close(object::Handle)
    pointer = object.pointer
    pointer == C_NULL && return nothing
    object.pointer = typeof(pointer)(C_NULL)
    release(pointer)
    return nothing
end

"""
    isopen(object)

Whether the object was not closed.
"""
Base.isopen(object::Handle) = object.pointer != C_NULL

Base.:(==)(one::H, other::H) where {H<:Handle} = one.pointer == other.pointer
Base.hash(object::Handle, h::UInt) = hash(object.pointer, h)

# The pointer of a new object that a call writes.
slot(::Type{T}) where {T} = Ref{Ptr{T}}(C_NULL)

# What a call writes into a slot of its own.
function written(write, ::Type{T}) where {T}
    out = slot(T)
    check(write(out))
    return out[]
end

# Seconds as the library takes them: below 0 without a limit.
nanoseconds(::Nothing) = Int64(-1)
nanoseconds(seconds::Real) = isinf(seconds) ? Int64(-1) : round(Int64, seconds * 1e9)

# usage: @handle Name Raw.pje_name_release: conversion for `ccall`, and what a finalizer calls.
macro handle(name, release_function)
    raw = Symbol(replace(String(release_function.args[2].value), r"_release$" => ""))
    return esc(quote
        Base.cconvert(::Type{Ptr{Raw.$raw}}, object::$name) = object
        @inline Base.unsafe_convert(::Type{Ptr{Raw.$raw}}, object::$name) = pointer_of(object)
        @inline release(pointer::Ptr{Raw.$raw}) = $release_function(pointer)
    end)
end

# Copies of what the library lends.
bytes_at(data::Ptr, size::Integer) = data == C_NULL ? UInt8[] : copy(unsafe_wrap(Array, Ptr{UInt8}(data), Int(size)))

function taken_bytes(bytes::Ptr{Raw.pje_bytes})
    copied = bytes_at(Raw.pje_bytes_data(bytes), Raw.pje_bytes_size(bytes))
    Raw.pje_bytes_release(bytes)
    return copied
end
taken_text(bytes::Ptr{Raw.pje_bytes}) = String(taken_bytes(bytes))
