# Errors: what the C API returns becomes an exception.

"""
    PjrtEasy.Code

Error codes, with PJRT's numbers: `PjrtEasy.INVALID_ARGUMENT`, `PjrtEasy.DEADLINE_EXCEEDED` and so on.
"""
@enum Code::Int32 begin
    OK = Raw.PJE_OK
    CANCELLED = Raw.PJE_CANCELLED
    UNKNOWN = Raw.PJE_UNKNOWN
    INVALID_ARGUMENT = Raw.PJE_INVALID_ARGUMENT
    DEADLINE_EXCEEDED = Raw.PJE_DEADLINE_EXCEEDED
    NOT_FOUND = Raw.PJE_NOT_FOUND
    ALREADY_EXISTS = Raw.PJE_ALREADY_EXISTS
    PERMISSION_DENIED = Raw.PJE_PERMISSION_DENIED
    RESOURCE_EXHAUSTED = Raw.PJE_RESOURCE_EXHAUSTED
    FAILED_PRECONDITION = Raw.PJE_FAILED_PRECONDITION
    ABORTED = Raw.PJE_ABORTED
    OUT_OF_RANGE = Raw.PJE_OUT_OF_RANGE
    UNIMPLEMENTED = Raw.PJE_UNIMPLEMENTED
    INTERNAL = Raw.PJE_INTERNAL
    UNAVAILABLE = Raw.PJE_UNAVAILABLE
    DATA_LOSS = Raw.PJE_DATA_LOSS
    UNAUTHENTICATED = Raw.PJE_UNAUTHENTICATED
end

"""
    PjrtError <: Exception

What a plugin or the library refused.

- `code`: a `PjrtEasy.Code`
- `message`: one line, with the failing function's name
- `detail`: the whole text, possibly many lines
- `source`: who failed: `"PJRT_…"` is the plugin, `"pje_…"` the library, `"PjrtEasy…"` this package
- `payloads`: pairs of a key and its bytes that the plugin attached

`PjrtError(code, text)` makes one, for callbacks that answer with an error and for promises.
"""
struct PjrtError <: Exception
    code::Code
    message::String
    detail::String
    source::String
    payloads::Vector{Pair{String,Vector{UInt8}}}
end

PjrtError(code::Code, text::AbstractString) =
    PjrtError(code, "PjrtEasy: $code: $text", text, "PjrtEasy", Pair{String,Vector{UInt8}}[])

Base.showerror(io::IO, error::PjrtError) =
    print(io, "PjrtError: ", occursin('\n', error.detail) ? string(error.message, '\n', error.detail) : error.message)

text_of(pointer::Ptr{UInt8}) = pointer == C_NULL ? "" : unsafe_string(pointer)

function payloads_of(error::Ptr{Raw.pje_error})
    found = Pair{String,Vector{UInt8}}[]
    for index in 0:Int(Raw.pje_error_num_payloads(error)) - 1
        key, data, size = Ref{Ptr{UInt8}}(C_NULL), Ref{Ptr{Cvoid}}(C_NULL), Ref{Csize_t}(0)
        Raw.pje_error_payload(error, index, key, data, size) || break
        bytes = Vector{UInt8}(undef, size[])
        GC.@preserve bytes unsafe_copyto!(pointer(bytes), Ptr{UInt8}(data[]), size[])
        push!(found, text_of(key[]) => bytes)
    end
    return found
end

# Reads an error without taking it over.
read_error(error::Ptr{Raw.pje_error}) =
    PjrtError(Code(Raw.pje_error_code(error)), text_of(Raw.pje_error_message(error)),
        text_of(Raw.pje_error_detail(error)), text_of(Raw.pje_error_function(error)), payloads_of(error))

# Takes an error over and makes an exception of it.
function taken(error::Ptr{Raw.pje_error})
    exception = read_error(error)
    Raw.pje_error_release(error)
    return exception
end

@noinline fail(error::Ptr{Raw.pje_error}) = throw(taken(error))

# Every call that can fail goes through this.
@inline check(error::Ptr{Raw.pje_error}) = error == C_NULL ? nothing : fail(error)

# A new error of the C API with an exception's content, to be released by whoever made it.
native_error(error::PjrtError) = Raw.pje_error_create(Int32(error.code), error.detail)
native_error(error) = Raw.pje_error_create(Raw.PJE_INTERNAL, sprint(showerror, error))

@noinline refuse(text::AbstractString) = throw(PjrtError(INVALID_ARGUMENT, text))
