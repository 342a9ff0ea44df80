# Element types that Julia lacks: bfloat16, the floats of 8 bits and fewer, and integers below 8 bits.
# All are plain bits; arithmetic goes through Float32 and Int.

"""
    MiniFloat <: AbstractFloat

Floats of 8 bits or fewer, one element a byte: `F8E5M2`, `F8E4M3`, `F8E3M4`, `F8E4M3FN`, `F8E4M3FNUZ`,
`F8E4M3B11FNUZ`, `F8E5M2FNUZ`, `F8E8M0FNU`, `F6E2M3FN`, `F6E3M2FN`, `F4E2M1FN`. In a name, E and M count the bits of
exponent and mantissa; FN has no infinity, UZ no negative zero. Conversion rounds to the nearest value, ties to even;
what is too large becomes infinity, else NaN, else, in types that have neither, the largest value. NaN is an
`InexactError` in types that have none.
"""
abstract type MiniFloat <: AbstractFloat end

"""
    BFloat16 <: AbstractFloat

The upper half of a `Float32`.
"""
primitive type BFloat16 <: AbstractFloat 16 end

# (name, bits of exponent, bits of mantissa, bias, what ends the range, whether it has a sign)
# :ieee has infinities and NaNs; :fn one NaN a sign, all ones; :fnuz one NaN, in the place of negative zero;
# :finite neither; :exponent is an exponent alone, whose last value is NaN.
const MINI_FLOATS = (
    (:F8E5M2, 5, 2, 15, :ieee), (:F8E4M3, 4, 3, 7, :ieee), (:F8E3M4, 3, 4, 3, :ieee),
    (:F8E4M3FN, 4, 3, 7, :fn), (:F8E4M3FNUZ, 4, 3, 8, :fnuz), (:F8E4M3B11FNUZ, 4, 3, 11, :fnuz),
    (:F8E5M2FNUZ, 5, 2, 16, :fnuz), (:F8E8M0FNU, 8, 0, 127, :exponent),
    (:F6E2M3FN, 2, 3, 1, :finite), (:F6E3M2FN, 3, 2, 3, :finite), (:F4E2M1FN, 2, 1, 1, :finite),
)

# The value of one bit pattern.
function mini_value(bits::Integer, exponent_bits, mantissa_bits, bias, kind)
    kind === :exponent && return bits == 0xff ? NaN32 : Float32(ldexp(1.0, Int(bits) - bias))
    width = 1 + exponent_bits + mantissa_bits
    bits = bits & (2^width - 1)
    negative = bits >> (width - 1) != 0
    exponent = (bits >> mantissa_bits) & (2^exponent_bits - 1)
    mantissa = bits & (2^mantissa_bits - 1)
    if kind === :ieee && exponent == 2^exponent_bits - 1
        return mantissa != 0 ? NaN32 : negative ? -Inf32 : Inf32
    elseif kind === :fn && exponent == 2^exponent_bits - 1 && mantissa == 2^mantissa_bits - 1
        return NaN32
    elseif kind === :fnuz && bits == 2^(width - 1)
        return NaN32
    end
    size = exponent == 0 ? ldexp(Float64(mantissa), 1 - bias - mantissa_bits) :
        ldexp(Float64(mantissa + 2^mantissa_bits), exponent - bias - mantissa_bits)
    return Float32(negative ? -size : size)
end

# The patterns of the finite values that are not negative, in the order of their values.
function mini_finite(values, width, kind)
    last = kind === :exponent ? 254 : 2^(width - 1) - 1
    return [UInt8(bits) for bits in 0:last if isfinite(values[bits + 1])]
end

# Rounds to the nearest pattern, ties to the even one. `values` are the decoded patterns, `finite` those not negative.
function mini_encode(x::Float64, values, finite, kind, sign_bit, beyond, not_a_number)
    if isnan(x)
        kind === :finite && throw(InexactError(:MiniFloat, MiniFloat, x))
        return not_a_number
    end
    if kind === :exponent
        x > 0 || return not_a_number
    end
    size = abs(x)
    sign = signbit(x) && kind !== :exponent ? sign_bit : 0x00
    largest = finite[end]
    previous = Float64(values[finite[end - 1] + 1])
    limit = Float64(values[largest + 1])
    # Half a step above the largest value, where rounding would leave the range; an even largest value takes the tie.
    edge = kind === :exponent ? 1.5 * limit : limit + (limit - previous) / 2
    if size > edge || (size == edge && isodd(largest))
        return beyond | (kind === :fnuz || kind === :exponent ? 0x00 : sign)
    end
    place = searchsortedfirst(finite, size; lt = (bits, y) -> Float64(values[bits + 1]) < y)
    place > length(finite) && return largest | sign
    above = finite[place]
    pattern = above
    if place > 1
        below = finite[place - 1]
        to_above, to_below = Float64(values[above + 1]) - size, size - Float64(values[below + 1])
        # An exponent alone has no even neighbour to prefer: it rounds up.
        pattern = to_below < to_above || (to_below == to_above && iseven(below) && kind !== :exponent) ? below : above
    end
    # Without a negative zero what rounds to zero has no sign.
    return kind === :fnuz && pattern == 0x00 ? 0x00 : pattern | sign
end

for (name, exponent_bits, mantissa_bits, bias, kind) in MINI_FLOATS
    width = kind === :exponent ? 8 : 1 + exponent_bits + mantissa_bits
    sign_bit = UInt8(2^(width - 1))
    values = Float32[mini_value(bits, exponent_bits, mantissa_bits, bias, kind) for bits in 0:255]
    finite = mini_finite(values, width, kind)
    all_ones = UInt8(2^(width - 1) - 1)
    infinity = UInt8((2^exponent_bits - 1) << mantissa_bits & 0xff)
    not_a_number = kind === :ieee ? infinity | UInt8(2^max(mantissa_bits - 1, 0)) : kind === :fn ? all_ones :
        kind === :fnuz ? 0x80 : kind === :exponent ? 0xff : sign_bit
    beyond = kind === :ieee ? infinity : kind === :finite ? finite[end] : not_a_number
    text = "    $name <: MiniFloat\n\nBits: $exponent_bits of exponent, $mantissa_bits of mantissa; bias $bias. " *
        "See `MiniFloat`."
    @eval begin
        primitive type $name <: MiniFloat 8 end
        decoded(::Type{$name}) = $values
        encoded(::Type{$name}, x::Float64) =
            mini_encode(x, $values, $finite, $(QuoteNode(kind)), $sign_bit, $beyond, $not_a_number)
        Base.typemax(::Type{$name}) = reinterpret($name, $(kind === :ieee ? infinity : finite[end]))
        Base.typemin(::Type{$name}) =
            reinterpret($name, $(kind === :exponent ? 0x00 : (kind === :ieee ? infinity : finite[end]) | sign_bit))
        Base.floatmax(::Type{$name}) = reinterpret($name, $(finite[end]))
        @doc $text $name
    end
end

Base.Float32(x::MiniFloat) = @inbounds decoded(typeof(x))[reinterpret(UInt8, x) + 1]
(::Type{T})(x::Float64) where {T<:MiniFloat} = reinterpret(T, encoded(T, x))

Base.Float32(x::BFloat16) = reinterpret(Float32, UInt32(reinterpret(UInt16, x)) << 16)
function BFloat16(x::Float32)
    isnan(x) && return reinterpret(BFloat16, UInt16(reinterpret(UInt32, x) >> 16) | 0x0040)
    bits = reinterpret(UInt32, x)
    return reinterpret(BFloat16, (bits + 0x7fff + ((bits >> 16) & 0x01)) >> 16 % UInt16)
end
# By way of Float32 a tie could be made of what is none: the last bit is kept sticky.
function BFloat16(x::Float64)
    near = Float32(x)
    if isfinite(near) && Float64(near) != x
        bits = reinterpret(UInt32, abs(near) > abs(x) ? (near > 0 ? prevfloat(near) : nextfloat(near)) : near) | 0x01
        near = reinterpret(Float32, bits)
    end
    return BFloat16(near)
end

const SmallFloat = Union{MiniFloat,BFloat16}

Base.Float64(x::SmallFloat) = Float64(Float32(x))
Base.Float16(x::SmallFloat) = Float16(Float32(x))
Base.BigFloat(x::SmallFloat; precision::Integer = Base.precision(BigFloat)) =
    BigFloat(Float64(x); precision = precision)
for T in (:Float16, :Float32)
    @eval (::Type{F})(x::$T) where {F<:MiniFloat} = F(Float64(x))
end
BFloat16(x::Float16) = BFloat16(Float32(x))
(::Type{F})(x::F) where {F<:SmallFloat} = x
(::Type{F})(x::SmallFloat) where {F<:SmallFloat} = F(Float64(x))
(::Type{F})(x::Integer) where {F<:SmallFloat} = F(Float64(x))
(::Type{F})(x::Rational) where {F<:SmallFloat} = F(Float64(x))
(::Type{F})(x::AbstractIrrational) where {F<:SmallFloat} = F(Float64(x))
(::Type{F})(x::BigFloat) where {F<:SmallFloat} = F(Float64(x))
(::Type{T})(x::SmallFloat) where {T<:Integer} = T(Float32(x))
Base.Bool(x::SmallFloat) = Bool(Float32(x))

Base.promote_rule(::Type{<:SmallFloat}, ::Type{T}) where {T<:Union{Float32,Float64,BigFloat}} = T
Base.promote_rule(::Type{<:SmallFloat}, ::Type{Float16}) = Float32
Base.promote_rule(::Type{F}, ::Type{<:Integer}) where {F<:SmallFloat} = F
Base.promote_rule(::Type{F}, ::Type{G}) where {F<:SmallFloat,G<:SmallFloat} = F === G ? F : Float32

for operation in (:+, :-, :*, :/, :^, :rem, :mod)
    @eval Base.$operation(x::F, y::F) where {F<:SmallFloat} = F($operation(Float32(x), Float32(y)))
end
for operation in (:-, :+, :abs, :sqrt, :exp, :log, :sin, :cos, :tanh, :floor, :ceil, :round, :trunc)
    @eval Base.$operation(x::F) where {F<:SmallFloat} = F($operation(Float32(x)))
end
for operation in (:(==), :<, :<=, :isless)
    @eval Base.$operation(x::F, y::F) where {F<:SmallFloat} = $operation(Float32(x), Float32(y))
end
for property in (:isnan, :isinf, :isfinite, :signbit, :iszero, :isinteger)
    @eval Base.$property(x::SmallFloat) = $property(Float32(x))
end
Base.hash(x::SmallFloat, h::UInt) = hash(Float64(x), h)
Base.zero(::Type{F}) where {F<:SmallFloat} = F(0.0)
Base.one(::Type{F}) where {F<:SmallFloat} = F(1.0)
Base.typemax(::Type{BFloat16}) = reinterpret(BFloat16, 0x7f80)
Base.typemin(::Type{BFloat16}) = reinterpret(BFloat16, 0xff80)
Base.floatmax(::Type{BFloat16}) = reinterpret(BFloat16, 0x7f7f)
Base.floatmin(::Type{BFloat16}) = reinterpret(BFloat16, 0x0080)
Base.eps(::Type{BFloat16}) = reinterpret(BFloat16, 0x3c00)
Base.nextfloat(x::BFloat16) = signbit(x) ? reinterpret(BFloat16, reinterpret(UInt16, x) - 0x0001) :
    reinterpret(BFloat16, reinterpret(UInt16, x) + 0x0001)

function Base.show(io::IO, x::F) where {F<:SmallFloat}
    if get(io, :typeinfo, Any) === F || get(io, :compact, false)
        print(io, Float32(x))
    else
        print(io, nameof(F), '(', Float32(x), ')')
    end
end

for (name, bits, parent) in ((:Int1, 1, Signed), (:Int2, 2, Signed), (:Int4, 4, Signed),
    (:UInt1, 1, Unsigned), (:UInt2, 2, Unsigned), (:UInt4, 4, Unsigned))
    signed = parent === Signed
    low, high = signed ? (-(2^(bits - 1)), 2^(bits - 1) - 1) : (0, 2^bits - 1)
    stored = signed ? Int8 : UInt8
    shift = 8 - bits
    @eval begin
        primitive type $name <: $parent 8 end
        Base.typemin(::Type{$name}) = reinterpret($name, $(stored(low)))
        Base.typemax(::Type{$name}) = reinterpret($name, $(stored(high)))
        Base.rem(x::Integer, ::Type{$name}) =
            reinterpret($name, ((x % $stored) << $shift) >> $shift)
        Base.rem(x::$name, ::Type{$name}) = x
        # A byte from outside may have anything above its bits.
        stored_value(x::$name) = (reinterpret($stored, x) << $shift) >> $shift
        bits_of(::Type{$name}) = $bits
    end
end

"""
    Int1, Int2, Int4 <: Signed
    UInt1, UInt2, UInt4 <: Unsigned

Integers below 8 bits, one element a byte. Conversion of a value outside the range is an `InexactError`;
`x % Int4` keeps the low bits.
"""
const SubByteInteger = Union{Int1,Int2,Int4,UInt1,UInt2,UInt4}
for name in (:Int1, :Int2, :Int4, :UInt1, :UInt2, :UInt4)
    @eval @doc (@doc SubByteInteger) $name
end

function (::Type{T})(x::Integer) where {T<:SubByteInteger}
    stored_value(typemin(T)) <= x <= stored_value(typemax(T)) || throw(InexactError(nameof(T), T, x))
    return x % T
end
(::Type{T})(x::AbstractFloat) where {T<:SubByteInteger} = T(Int(x))
(::Type{T})(x::SmallFloat) where {T<:SubByteInteger} = T(Int(Float32(x)))
(::Type{T})(x::Rational) where {T<:SubByteInteger} = T(Int(x))
for T in (:Int8, :Int16, :Int32, :Int64, :Int128, :UInt8, :UInt16, :UInt32, :UInt64, :UInt128, :BigInt,
    :Float16, :Float32, :Float64, :BigFloat, :Bool)
    @eval Base.$T(x::SubByteInteger) = $T(stored_value(x))
end
(::Type{T})(x::SubByteInteger) where {T<:SubByteInteger} = T(Int(stored_value(x)))
(::Type{T})(x::T) where {T<:SubByteInteger} = x
(::Type{F})(x::SubByteInteger) where {F<:SmallFloat} = F(Float64(stored_value(x)))
Base.rem(x::SubByteInteger, ::Type{T}) where {T<:Union{Base.BitInteger,Bool}} = stored_value(x) % T
Base.promote_rule(::Type{<:SubByteInteger}, ::Type{<:SubByteInteger}) = Int
Base.promote_rule(::Type{<:SubByteInteger}, ::Type{T}) where {T<:Union{Base.BitInteger,BigInt,AbstractFloat}} = T
for operation in (:+, :-, :*, :div, :rem, :mod, :&, :|, :xor)
    @eval Base.$operation(x::T, y::T) where {T<:SubByteInteger} = $operation(Int(x), Int(y)) % T
end
Base.:-(x::T) where {T<:SubByteInteger} = -Int(x) % T
Base.:~(x::T) where {T<:SubByteInteger} = ~Int(x) % T
for operation in (:(==), :<, :<=)
    @eval Base.$operation(x::T, y::T) where {T<:SubByteInteger} = $operation(stored_value(x), stored_value(y))
end
Base.flipsign(x::T, y::T) where {T<:SubByteInteger} = y < zero(T) ? -x : x
Base.abs(x::SubByteInteger) = abs(Int(x)) % typeof(x)
Base.widen(::Type{<:SubByteInteger}) = Int16
Base.hash(x::SubByteInteger, h::UInt) = hash(Int(x), h)
Base.string(x::SubByteInteger; options...) = isempty(options) ? sprint(show, x) : string(Int(x); options...)
Base.show(io::IO, x::T) where {T<:SubByteInteger} =
    get(io, :typeinfo, Any) === T ? print(io, Int(x)) : print(io, nameof(T), '(', Int(x), ')')

"""
    Token

The value of PJRT's `TOKEN` element type: nothing, in zero bytes.
"""
struct Token end
