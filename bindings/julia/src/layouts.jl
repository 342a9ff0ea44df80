# Layouts: in which order the elements of an array lie in memory.

"""
    Layout(minor_to_major; tiles = [])
    Layout(text)
    Layout(bytes)
    Layout(; byte_strides)
    Layout(T, dims; byte_strides)

In which order elements lie in memory. `minor_to_major` lists the dimensions, counted from 1, the fastest-varying first:
row-major is `(2, 1)` for a matrix, and Julia's own order `(1, 2)`. `tiles` are vectors of sizes. `text` is what XLA
writes, such as `"{1,0:T(8,128)}"`, which counts from 0; `bytes` a serialized LayoutProto. With an element type and
dimensions, byte strides give the order of a dense array that has these strides.

`rank`, `minor_to_major`, `byte_strides`, `tiles`, `string`, `==` and `hash` work on layouts.
"""
mutable struct Layout <: Handle
    pointer::Ptr{Raw.pje_layout}
    Layout(pointer::Ptr{Raw.pje_layout}) = finalizer(close, new(pointer))
end
@handle Layout Raw.pje_layout_release

function layout_made(make)
    out = slot(Raw.pje_layout)
    check(make(out))
    return Layout(out[])
end

function Layout(minor_to_major::Union{Tuple,AbstractVector{<:Integer}}; tiles = [])
    order = Int64[dimension - 1 for dimension in minor_to_major]
    sizes, ranks = Int64[size for tile in tiles for size in tile], Csize_t[length(tile) for tile in tiles]
    return layout_made(out -> Raw.pje_layout_create_tiled(order, length(order), sizes, ranks, length(ranks), out))
end
Layout(text::AbstractString) = layout_made(out -> Raw.pje_layout_from_text(String(text), out))
Layout(bytes::Vector{UInt8}) = layout_made(out -> Raw.pje_layout_from_bytes(bytes, length(bytes), out))
function Layout(; byte_strides)
    steps = Int64[byte_strides...]
    return layout_made(out -> Raw.pje_layout_create_strided(steps, length(steps), out))
end
function Layout(::Type{T}, dims; byte_strides) where {T}
    sizes, steps = Int64[dims...], Int64[byte_strides...]
    length(sizes) == length(steps) || refuse("$(length(steps)) byte strides for $(counted(length(sizes), "dimension"))")
    return layout_made(out -> Raw.pje_layout_from_byte_strides(Int32(DType(T)), sizes, length(sizes), steps, out))
end

Base.copy(layout::Layout) = layout_made(out -> Raw.pje_layout_copy(layout, out))
Base.:(==)(one::Layout, other::Layout) = Raw.pje_layout_equal(one, other)
Base.hash(layout::Layout, h::UInt) = hash(Raw.pje_layout_hash(layout), h)
Base.string(layout::Layout) = text_of(Raw.pje_layout_to_text(layout))
Base.Vector{UInt8}(layout::Layout) = bytes_from(Raw.pje_layout_serialize, layout)

"""
    rank(layout) -> Int
    minor_to_major(layout) -> Vector of dimensions counted from 1, or nothing for a strided layout
    byte_strides(layout) -> Vector or nothing for a tiled layout
    byte_strides(layout, T, dims) -> Vector
    tiles(layout) -> Vector of vectors
    host_size(layout, T, dims) -> Int

What a layout says; the last is the number of bytes that an array in this layout spans, padding included.
"""
rank(layout::Layout) = Int(Raw.pje_layout_rank(layout))

function numbers_at(layout::Layout, get)
    GC.@preserve layout begin
        numbers = get(layout)
        return numbers == C_NULL ? nothing : Int[unsafe_load(numbers, i) for i in 1:rank(layout)]
    end
end
minor_to_major(layout::Layout) = isstrided(layout) ? nothing : numbers_at(layout, Raw.pje_layout_minor_to_major) .+ 1
byte_strides(layout::Layout) = isstrided(layout) ? numbers_at(layout, Raw.pje_layout_byte_strides) : nothing
function byte_strides(layout::Layout, ::Type{T}, dims) where {T}
    sizes, steps = Int64[dims...], zeros(Int64, length(dims))
    check(Raw.pje_layout_to_byte_strides(layout, Int32(DType(T)), sizes, length(sizes), steps))
    return steps
end
function tiles(layout::Layout)
    count = Ref{Csize_t}(0)
    return GC.@preserve layout map(0:Int(Raw.pje_layout_num_tiles(layout)) - 1) do index
        sizes = Raw.pje_layout_tile(layout, index, count)
        Int[unsafe_load(sizes, i) for i in 1:Int(count[])]
    end
end
isstrided(layout::Layout) = Raw.pje_layout_is_strided(layout)
function host_size(layout::Layout, ::Type{T}, dims) where {T}
    sizes, size = Int64[dims...], Ref{Csize_t}(0)
    check(Raw.pje_layout_host_size(layout, Int32(DType(T)), sizes, length(sizes), size))
    return Int(size[])
end
@doc (@doc rank) minor_to_major
@doc (@doc rank) byte_strides
@doc (@doc rank) tiles

# The order of Julia's own arrays.
column_major(rank) = Layout(1:rank)

Base.show(io::IO, layout::Layout) =
    isopen(layout) ? print(io, "Layout(", repr(string(layout)), ')') : print(io, "Layout(closed)")
