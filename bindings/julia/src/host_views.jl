# A buffer's memory looked at where it is.

"""
    PjrtEasy.HostView(buffer)

The contents of a buffer without a copy, as an array that can only be read: waits for them, and keeps them where they
are until it is closed or collected. Works on the platform `"cpu"` for elements of whole bytes; elsewhere it is an
`UNIMPLEMENTED` error, and `Array(buffer)` does. While a view lives the buffer can neither be deleted nor donated.

The elements lie by rows; `strides` says so, and `pointer(view)` is their address.
"""
mutable struct HostView{T,N} <: AbstractArray{T,N}
    pointer::Ptr{Raw.pje_host_view}
    dims::Dims{N}
    steps::Dims{N}
    HostView{T}(pointer::Ptr{Raw.pje_host_view}, dims::Dims{N}) where {T,N} =
        finalizer(close, new{T,N}(pointer, dims, row_steps(dims)))
end

row_steps(dims::Dims{N}) where {N} = ntuple(i -> prod(dims[i + 1:N]), Val(N))

function HostView(buffer::Buffer)
    # What is pending is waited for here, where other tasks run meanwhile.
    buffer.pending && wait(buffer)
    pointer = written(out -> Raw.pje_buffer_host_view(buffer, out), Raw.pje_host_view)
    return HostView{eltype(buffer)}(pointer, size(buffer))
end

Base.isopen(view::HostView) = view.pointer != C_NULL
function Base.close(view::HostView)
    pointer = view.pointer
    pointer == C_NULL && return nothing
    view.pointer = C_NULL
    Raw.pje_host_view_release(pointer)
    return nothing
end

Base.size(view::HostView) = view.dims
Base.strides(view::HostView) = view.steps
Base.sizeof(view::HostView) = Int(Raw.pje_host_view_size(open_pointer(view)))
Base.elsize(::Type{<:HostView{T}}) where {T} = sizeof(T)
open_pointer(view::HostView) = isopen(view) ? view.pointer : refuse("use of a closed HostView")

# `shut` of the client ends the memory under a view: so the library is asked each time.
function Base.unsafe_convert(::Type{Ptr{T}}, view::HostView{T}) where {T}
    data = Raw.pje_host_view_data(open_pointer(view))
    data == C_NULL && !isempty(view) && refuse("a HostView of a client that was shut")
    return Ptr{T}(data)
end
Base.pointer(view::HostView{T}) where {T} = Base.unsafe_convert(Ptr{T}, view)

@inline function Base.getindex(view::HostView{T,N}, indices::Vararg{Int,N}) where {T,N}
    @boundscheck checkbounds(view, indices...)
    offset = sum((indices .- 1) .* view.steps)
    return GC.@preserve view unsafe_load(pointer(view), offset + 1)
end
Base.getindex(view::HostView{T,0}) where {T} = GC.@preserve view unsafe_load(pointer(view))

function Base.copy(view::HostView{T,N}) where {T,N}
    rows = reversed_array(T, view.dims)
    GC.@preserve view rows isempty(rows) || unsafe_copyto!(pointer(rows), pointer(view), length(rows))
    return in_order(rows)
end
Base.Array(view::HostView) = copy(view)

function describe(view::HostView)
    isopen(view) || return "closed"
    return GC.@preserve view described(Raw.pje_host_view_describe, view.pointer)
end

function Base.show(io::IO, kind::MIME"text/plain", view::HostView)
    isopen(view) || return print(io, "HostView(closed)")
    invoke(show, Tuple{IO,MIME"text/plain",AbstractArray}, io, kind, view)
end

"""
    PjrtEasy.read_all(buffers) -> Vector of arrays

Reads several buffers in one call of the library: every read is started before the first one is waited for.
"""
function read_all(buffers)
    list = collect(Buffer, buffers)
    arrays = Array[reversed_array(eltype(buffer), size(buffer)) for buffer in list]
    event = GC.@preserve list arrays begin
        given = Ptr{Raw.pje_buffer}[pointer_of(buffer) for buffer in list]
        places = Ptr{Cvoid}[pointer(array) for array in arrays]
        sizes = Csize_t[sizeof(array) for array in arrays]
        Event(written(Raw.pje_event) do done
            Raw.pje_buffers_to_host_async(given, length(given), places, sizes, done)
        end)
    end
    wait_for_contents(event, arrays)
    return Array[in_order(array) for array in arrays]
end
