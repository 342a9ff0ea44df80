package pjrt

import (
	"math"
	"strconv"
)

// The floats that Go lacks, as their bit patterns. Types below 8 bits use the low bits of a byte.
type (
	F16           uint16 // IEEE half precision
	BF16          uint16 // the upper half of a float32
	F8E5M2        uint8
	F8E4M3FN      uint8 // no infinities
	F8E4M3B11FNUZ uint8 // no infinities, no minus zero
	F8E5M2FNUZ    uint8 // no infinities, no minus zero
	F8E4M3FNUZ    uint8 // no infinities, no minus zero
	F8E4M3        uint8
	F8E3M4        uint8
	F8E8M0FNU     uint8 // powers of two from 2^-127 on, and a NaN
	F4E2M1FN      uint8 // neither infinities nor NaN
	F6E2M3FN      uint8 // neither infinities nor NaN
	F6E3M2FN      uint8 // neither infinities nor NaN
)

// The integers below 8 bits, one a byte. The upper bits of what comes from a device say nothing: read with Int.
type (
	S4 uint8
	U4 uint8
	S2 uint8
	U2 uint8
	S1 uint8 // 0 and -1
	U1 uint8
)

// SmallFloat is every float of this package.
type SmallFloat interface {
	F16 | BF16 | F8E5M2 | F8E4M3FN | F8E4M3B11FNUZ | F8E5M2FNUZ | F8E4M3FNUZ | F8E4M3 | F8E3M4 | F8E8M0FNU |
		F4E2M1FN | F6E2M3FN | F6E3M2FN
}

// SmallInt is every integer of this package.
type SmallInt interface{ S4 | U4 | S2 | U2 | S1 | U1 }

type special uint8

const (
	ieee        special = iota // infinities and NaNs in the highest exponent
	nanOnly                    // NaN is all ones, no infinities
	noMinusZero                // NaN is the pattern of minus zero, no infinities
	finite                     // neither: values saturate
	scale                      // exponent only, without sign; NaN is all ones
)

type format struct {
	exponent, mantissa uint
	bias               int
	special            special
}

var formats = [numDTypes]format{
	TypeF16:        {5, 10, 15, ieee},
	TypeBF16:       {8, 7, 127, ieee},
	TypeF8E5M2:     {5, 2, 15, ieee},
	TypeF8E4M3FN:   {4, 3, 7, nanOnly},
	TypeF8E4M3B11:  {4, 3, 11, noMinusZero},
	TypeF8E5M2FNUZ: {5, 2, 16, noMinusZero},
	TypeF8E4M3FNUZ: {4, 3, 8, noMinusZero},
	TypeF8E4M3:     {4, 3, 7, ieee},
	TypeF8E3M4:     {3, 4, 3, ieee},
	TypeF8E8M0FNU:  {8, 0, 127, scale},
	TypeF4E2M1FN:   {2, 1, 1, finite},
	TypeF6E2M3FN:   {2, 3, 1, finite},
	TypeF6E3M2FN:   {3, 2, 3, finite},
}

func (f format) signBit() uint32 { return 1 << (f.exponent + f.mantissa) }

// The highest pattern of a finite value, without sign.
func (f format) maxFinite() uint32 {
	top := f.signBit() - 1
	switch f.special {
	case ieee:
		return top>>f.mantissa<<f.mantissa - 1
	case nanOnly:
		return top - 1
	}
	return top
}

func (f format) nan() uint32 {
	switch f.special {
	case ieee:
		return (f.signBit()-1)&^(1<<f.mantissa-1) | 1<<(f.mantissa-1)
	case noMinusZero:
		return f.signBit()
	case finite:
		return f.signBit() // as ml_dtypes has it: a NaN has no value here
	case scale:
		return 0xff
	}
	return f.signBit() - 1
}

func (f format) decode(bits uint32) float64 {
	if f.special == scale {
		if bits == 0xff {
			return math.NaN()
		}
		return math.Ldexp(1, int(bits)-f.bias)
	}
	magnitude := bits & (f.signBit() - 1)
	sign := 1.0
	if bits&f.signBit() != 0 {
		sign = -1
	}
	switch {
	case f.special == noMinusZero && bits&(f.signBit()<<1-1) == f.signBit():
		return math.NaN()
	case f.special == nanOnly && magnitude == f.signBit()-1:
		return math.NaN()
	case f.special == ieee && magnitude > f.maxFinite():
		if magnitude == f.maxFinite()+1 {
			return sign * math.Inf(1)
		}
		return math.NaN()
	}
	exponent := int(magnitude >> f.mantissa)
	fraction := float64(magnitude & (1<<f.mantissa - 1))
	if exponent == 0 {
		return sign * math.Ldexp(fraction, 1-f.bias-int(f.mantissa))
	}
	return sign * math.Ldexp(fraction+float64(uint32(1)<<f.mantissa), exponent-f.bias-int(f.mantissa))
}

// encode rounds to the nearest value, ties to even.
func (f format) encode(value float64) uint32 {
	if f.special == scale {
		return encodeScale(value)
	}
	if math.IsNaN(value) {
		return f.nan()
	}
	var sign uint32
	if math.Signbit(value) {
		sign = f.signBit()
		value = -value
	}
	bits := f.round(value)
	if bits > f.maxFinite() {
		switch f.special {
		case ieee:
			bits = f.maxFinite() + 1
		case finite:
			bits = f.maxFinite()
		default:
			return f.nan() | sign&^f.keepsNoSign()
		}
	}
	if bits == 0 && f.special == noMinusZero {
		return 0
	}
	return bits | sign
}

// The NaN of formats without minus zero has one pattern only.
func (f format) keepsNoSign() uint32 {
	if f.special == noMinusZero {
		return f.signBit()
	}
	return 0
}

// round gives the pattern of a value that is not negative; beyond the largest one it goes on counting.
func (f format) round(value float64) uint32 {
	if value == 0 {
		return 0
	}
	if math.IsInf(value, 1) {
		return f.signBit()
	}
	_, exponent := math.Frexp(value)
	exponent = max(exponent-1, 1-f.bias)
	units := math.RoundToEven(math.Ldexp(value, int(f.mantissa)-exponent))
	if units >= float64(f.signBit())*4 {
		return f.signBit()
	}
	// A subnormal that rounds up, and a mantissa that overflows, carry into the exponent by themselves.
	field := uint64(exponent+f.bias-1) << f.mantissa
	return uint32(min(field+uint64(units), uint64(f.signBit())))
}

// encodeScale takes the nearest power of two, the larger one half way between two; what is none becomes a NaN.
func encodeScale(value float64) uint32 {
	if !(value > 0) || math.IsInf(value, 1) {
		return 0xff
	}
	fraction, exponent := math.Frexp(value)
	if fraction < 0.75 {
		exponent--
	}
	return uint32(min(max(exponent+127, 0), 0xff))
}

// FromFloat makes the nearest value of a small float; ties go to even, what is too large becomes an infinity, a NaN or the
// largest value, as the type has it.
func FromFloat[T SmallFloat](value float64) T {
	if d := DTypeOf[T](); d != TypeBF16 {
		return T(formats[d].encode(value))
	}
	return T(encodeBF16(value))
}

// BF16 by the bits of a float32, for speed.
func encodeBF16(value float64) uint16 {
	single := float32(value)
	bits := math.Float32bits(single)
	if single != single {
		return uint16(bits>>16 | 0x40)
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}

// ToFloat gives the value, which is exact.
func ToFloat[T SmallFloat](x T) float64 {
	d := DTypeOf[T]()
	if d == TypeBF16 {
		return float64(math.Float32frombits(uint32(x) << 16))
	}
	return formats[d].decode(uint32(x))
}

// FromFloats converts a slice; see [FromFloat].
func FromFloats[T SmallFloat](values []float32) []T {
	out := make([]T, len(values))
	for i, value := range values {
		out[i] = FromFloat[T](float64(value))
	}
	return out
}

// ToFloats converts a slice.
func ToFloats[T SmallFloat](values []T) []float32 {
	out := make([]float32, len(values))
	for i, value := range values {
		out[i] = float32(ToFloat(value))
	}
	return out
}

func widthOf[T SmallInt]() (bits uint, signed bool) {
	switch DTypeOf[T]() {
	case TypeS4:
		return 4, true
	case TypeU4:
		return 4, false
	case TypeS2:
		return 2, true
	case TypeU2:
		return 2, false
	case TypeS1:
		return 1, true
	}
	return 1, false
}

// FromInt keeps the bits that the type has.
func FromInt[T SmallInt](value int) T {
	bits, _ := widthOf[T]()
	return T(value & (1<<bits - 1))
}

// ToInt gives the value, with its sign.
func ToInt[T SmallInt](x T) int {
	bits, signed := widthOf[T]()
	value := int(x) & (1<<bits - 1)
	if signed && value>>(bits-1) != 0 {
		value -= 1 << bits
	}
	return value
}

func text(value float64) string { return strconv.FormatFloat(value, 'g', -1, 64) }

// Float gives the value.
func (x F16) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x BF16) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F8E5M2) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F8E4M3FN) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F8E4M3B11FNUZ) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F8E5M2FNUZ) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F8E4M3FNUZ) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F8E4M3) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F8E3M4) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F8E8M0FNU) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F4E2M1FN) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F6E2M3FN) Float() float64 { return ToFloat(x) }

// Float gives the value.
func (x F6E3M2FN) Float() float64 { return ToFloat(x) }

// String gives the value in decimal.
func (x F16) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x BF16) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F8E5M2) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F8E4M3FN) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F8E4M3B11FNUZ) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F8E5M2FNUZ) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F8E4M3FNUZ) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F8E4M3) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F8E3M4) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F8E8M0FNU) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F4E2M1FN) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F6E2M3FN) String() string { return text(ToFloat(x)) }

// String gives the value in decimal.
func (x F6E3M2FN) String() string { return text(ToFloat(x)) }

// Int gives the value.
func (x S4) Int() int { return ToInt(x) }

// Int gives the value.
func (x U4) Int() int { return ToInt(x) }

// Int gives the value.
func (x S2) Int() int { return ToInt(x) }

// Int gives the value.
func (x U2) Int() int { return ToInt(x) }

// Int gives the value.
func (x S1) Int() int { return ToInt(x) }

// Int gives the value.
func (x U1) Int() int { return ToInt(x) }

// String gives the value in decimal.
func (x S4) String() string { return strconv.Itoa(ToInt(x)) }

// String gives the value in decimal.
func (x U4) String() string { return strconv.Itoa(ToInt(x)) }

// String gives the value in decimal.
func (x S2) String() string { return strconv.Itoa(ToInt(x)) }

// String gives the value in decimal.
func (x U2) String() string { return strconv.Itoa(ToInt(x)) }

// String gives the value in decimal.
func (x S1) String() string { return strconv.Itoa(ToInt(x)) }

// String gives the value in decimal.
func (x U1) String() string { return strconv.Itoa(ToInt(x)) }
