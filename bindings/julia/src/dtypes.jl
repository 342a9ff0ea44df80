# Element types: PJRT's numbers and Julia's types.

"""
    PjrtEasy.DType

An element type of PJRT: `PjrtEasy.F32`, `PjrtEasy.BF16` and so on, with PJRT's numbers. `DType(Float32)` and
`juliatype(PjrtEasy.F32)` go from one to the other.
"""
@enum DType::Int32 begin
    INVALID = Raw.PJE_DTYPE_INVALID
    PRED = Raw.PJE_PRED
    S1 = Raw.PJE_S1
    S2 = Raw.PJE_S2
    S4 = Raw.PJE_S4
    S8 = Raw.PJE_S8
    S16 = Raw.PJE_S16
    S32 = Raw.PJE_S32
    S64 = Raw.PJE_S64
    U1 = Raw.PJE_U1
    U2 = Raw.PJE_U2
    U4 = Raw.PJE_U4
    U8 = Raw.PJE_U8
    U16 = Raw.PJE_U16
    U32 = Raw.PJE_U32
    U64 = Raw.PJE_U64
    F16 = Raw.PJE_F16
    BF16 = Raw.PJE_BF16
    F32 = Raw.PJE_F32
    F64 = Raw.PJE_F64
    DTYPE_F8E5M2 = Raw.PJE_F8E5M2
    DTYPE_F8E4M3 = Raw.PJE_F8E4M3
    DTYPE_F8E3M4 = Raw.PJE_F8E3M4
    DTYPE_F8E4M3FN = Raw.PJE_F8E4M3FN
    DTYPE_F8E4M3FNUZ = Raw.PJE_F8E4M3FNUZ
    DTYPE_F8E4M3B11FNUZ = Raw.PJE_F8E4M3B11FNUZ
    DTYPE_F8E5M2FNUZ = Raw.PJE_F8E5M2FNUZ
    DTYPE_F8E8M0FNU = Raw.PJE_F8E8M0FNU
    DTYPE_F6E2M3FN = Raw.PJE_F6E2M3FN
    DTYPE_F6E3M2FN = Raw.PJE_F6E3M2FN
    DTYPE_F4E2M1FN = Raw.PJE_F4E2M1FN
    C64 = Raw.PJE_C64
    C128 = Raw.PJE_C128
    TOKEN = Raw.PJE_TOKEN
end

# Every element type and the type of its elements in host memory.
const HOST_TYPES = (
    PRED => Bool, S1 => Int1, S2 => Int2, S4 => Int4, S8 => Int8, S16 => Int16, S32 => Int32, S64 => Int64,
    U1 => UInt1, U2 => UInt2, U4 => UInt4, U8 => UInt8, U16 => UInt16, U32 => UInt32, U64 => UInt64,
    F16 => Float16, BF16 => BFloat16, F32 => Float32, F64 => Float64,
    DTYPE_F8E5M2 => F8E5M2, DTYPE_F8E4M3 => F8E4M3, DTYPE_F8E3M4 => F8E3M4, DTYPE_F8E4M3FN => F8E4M3FN,
    DTYPE_F8E4M3FNUZ => F8E4M3FNUZ, DTYPE_F8E4M3B11FNUZ => F8E4M3B11FNUZ, DTYPE_F8E5M2FNUZ => F8E5M2FNUZ,
    DTYPE_F8E8M0FNU => F8E8M0FNU, DTYPE_F6E2M3FN => F6E2M3FN, DTYPE_F6E3M2FN => F6E3M2FN,
    DTYPE_F4E2M1FN => F4E2M1FN, C64 => ComplexF32, C128 => ComplexF64, TOKEN => Token,
)

for (dtype, type) in HOST_TYPES
    @eval DType(::Type{$type}) = $dtype
    @eval is_element(::Type{$type}) = true
end
is_element(::Type) = false

@noinline DType(::Type{T}) where {T} = refuse("PJRT has no element type for $T")

const JULIA_TYPES = Dict{DType,DataType}(HOST_TYPES)

"""
    juliatype(dtype::PjrtEasy.DType) -> Type

The Julia type of one element in host memory.
"""
juliatype(dtype::DType) = get(() -> refuse("$dtype is no element type"), JULIA_TYPES, dtype)

# Numbers that are newer than this package are an error, not a wrong type.
dtype_of(number::Int32) = number in Raw.PJE_DTYPE_INVALID:Raw.PJE_F6E3M2FN ? DType(number) : INVALID

"""
    dtypename(dtype) -> String

The name as XLA prints it, such as `"f32"`.
"""
dtypename(dtype::DType) = text_of(Raw.pje_dtype_name(Int32(dtype)))
dtypename(::Type{T}) where {T} = dtypename(DType(T))

"""
    parse(PjrtEasy.DType, name)

Finds an element type by XLA's, NumPy's or MLIR's name for it.
"""
function Base.parse(::Type{DType}, name::AbstractString)
    found = Ref(Raw.PJE_DTYPE_INVALID)
    Raw.pje_dtype_from_name(name, found) || refuse("'$name' is no element type")
    return dtype_of(found[])
end

"""
    bitwidth(dtype) -> Int

Bits of information in one element: 4 for `S4`, 64 for `C64`, 0 for `TOKEN`.
"""
bitwidth(dtype::DType) = Int(Raw.pje_dtype_bits(Int32(dtype)))

# Bytes of one element in host memory and their alignment, by the library's own table.
host_size(dtype::DType) = Int(Raw.pje_dtype_host_size(Int32(dtype)))
host_alignment(dtype::DType) = Int(Raw.pje_dtype_alignment(Int32(dtype)))

"""
    PjrtEasy.Kind

What an element means, whatever its width.
"""
@enum Kind::Int32 begin
    KIND_INVALID = Raw.PJE_KIND_INVALID
    KIND_BOOL = Raw.PJE_KIND_BOOL
    KIND_SIGNED = Raw.PJE_KIND_SIGNED
    KIND_UNSIGNED = Raw.PJE_KIND_UNSIGNED
    KIND_FLOAT = Raw.PJE_KIND_FLOAT
    KIND_COMPLEX = Raw.PJE_KIND_COMPLEX
    KIND_TOKEN = Raw.PJE_KIND_TOKEN
end
kind(dtype::DType) = Kind(Raw.pje_dtype_kind_of(Int32(dtype)))
