package pjrt

// #include "bridge.h"
import "C"

import (
	"reflect"
	"unsafe"
)

// DType is the type of an array's elements; the numbers are those of PJRT.
type DType int32

// The element types, with the numbers of PJRT.
const (
	InvalidDType    DType = 0
	TypePred        DType = 1
	TypeS8          DType = 2
	TypeS16         DType = 3
	TypeS32         DType = 4
	TypeS64         DType = 5
	TypeU8          DType = 6
	TypeU16         DType = 7
	TypeU32         DType = 8
	TypeU64         DType = 9
	TypeF16         DType = 10
	TypeF32         DType = 11
	TypeF64         DType = 12
	TypeBF16        DType = 13
	TypeC64         DType = 14
	TypeC128        DType = 15
	TypeF8E5M2      DType = 16
	TypeF8E4M3FN    DType = 17
	TypeF8E4M3B11   DType = 18
	TypeF8E5M2FNUZ  DType = 19
	TypeF8E4M3FNUZ  DType = 20
	TypeS4          DType = 21
	TypeU4          DType = 22
	TypeToken       DType = 23
	TypeS2          DType = 24
	TypeU2          DType = 25
	TypeF8E4M3      DType = 26
	TypeF8E3M4      DType = 27
	TypeF8E8M0FNU   DType = 28
	TypeF4E2M1FN    DType = 29
	TypeS1          DType = 30
	TypeU1          DType = 31
	TypeF6E2M3FN    DType = 32
	TypeF6E3M2FN    DType = 33
	numDTypes             = 34
	maxHandledRank        = 64
	maxSmallOutputs       = 4
	maxSmallArgs          = 8
)

// Kind says what an element type means, whatever its width.
type Kind int32

// What the elements of a type are.
const (
	KindInvalid Kind = iota
	KindBool
	KindSigned
	KindUnsigned
	KindFloat
	KindComplex
	KindToken
)

// String gives XLA's name, such as "f32"; "invalid" for what is none.
func (d DType) String() string { return C.GoString(C.pje_dtype_name(C.pje_dtype(d))) }

// HostSize is the number of bytes of one element in host memory: 1 for types below 8 bits, 0 for [TypeToken].
func (d DType) HostSize() int { return int(C.pje_dtype_host_size(C.pje_dtype(d))) }

// Bits is the number of bits of information in one element.
func (d DType) Bits() int { return int(C.pje_dtype_bits(C.pje_dtype(d))) }

// Alignment is that of one element in host memory, in bytes.
func (d DType) Alignment() int { return int(C.pje_dtype_alignment(C.pje_dtype(d))) }

// Kind says what the element means.
func (d DType) Kind() Kind { return Kind(C.pje_dtype_kind_of(C.pje_dtype(d))) }

// ParseDType takes XLA's, NumPy's and MLIR's names, such as "bf16", "float32" or "ui8".
func ParseDType(name string) (DType, bool) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	var d C.pje_dtype
	ok := C.pje_dtype_from_name(text, &d)
	return DType(d), bool(ok)
}

// Element is every type of Go that is the host form of an element type.
type Element interface {
	bool | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64 | complex64 | complex128 |
		F16 | BF16 | F8E5M2 | F8E4M3FN | F8E4M3B11FNUZ | F8E5M2FNUZ | F8E4M3FNUZ | F8E4M3 | F8E3M4 | F8E8M0FNU |
		F4E2M1FN | F6E2M3FN | F6E3M2FN | S4 | U4 | S2 | U2 | S1 | U1
}

// The element type of each type of Go.
var typeOfGo = map[reflect.Type]DType{
	reflect.TypeFor[bool]():          TypePred,
	reflect.TypeFor[int8]():          TypeS8,
	reflect.TypeFor[int16]():         TypeS16,
	reflect.TypeFor[int32]():         TypeS32,
	reflect.TypeFor[int64]():         TypeS64,
	reflect.TypeFor[uint8]():         TypeU8,
	reflect.TypeFor[uint16]():        TypeU16,
	reflect.TypeFor[uint32]():        TypeU32,
	reflect.TypeFor[uint64]():        TypeU64,
	reflect.TypeFor[float32]():       TypeF32,
	reflect.TypeFor[float64]():       TypeF64,
	reflect.TypeFor[complex64]():     TypeC64,
	reflect.TypeFor[complex128]():    TypeC128,
	reflect.TypeFor[F16]():           TypeF16,
	reflect.TypeFor[BF16]():          TypeBF16,
	reflect.TypeFor[F8E5M2]():        TypeF8E5M2,
	reflect.TypeFor[F8E4M3FN]():      TypeF8E4M3FN,
	reflect.TypeFor[F8E4M3B11FNUZ](): TypeF8E4M3B11,
	reflect.TypeFor[F8E5M2FNUZ]():    TypeF8E5M2FNUZ,
	reflect.TypeFor[F8E4M3FNUZ]():    TypeF8E4M3FNUZ,
	reflect.TypeFor[F8E4M3]():        TypeF8E4M3,
	reflect.TypeFor[F8E3M4]():        TypeF8E3M4,
	reflect.TypeFor[F8E8M0FNU]():     TypeF8E8M0FNU,
	reflect.TypeFor[F4E2M1FN]():      TypeF4E2M1FN,
	reflect.TypeFor[F6E2M3FN]():      TypeF6E2M3FN,
	reflect.TypeFor[F6E3M2FN]():      TypeF6E3M2FN,
	reflect.TypeFor[S4]():            TypeS4,
	reflect.TypeFor[U4]():            TypeU4,
	reflect.TypeFor[S2]():            TypeS2,
	reflect.TypeFor[U2]():            TypeU2,
	reflect.TypeFor[S1]():            TypeS1,
	reflect.TypeFor[U1]():            TypeU1,
}

// DTypeOf gives the element type of a type of Go.
func DTypeOf[T Element]() DType {
	var zero T
	// The types that most programs use, without a look-up.
	switch any(zero).(type) {
	case float32:
		return TypeF32
	case float64:
		return TypeF64
	case int32:
		return TypeS32
	case BF16:
		return TypeBF16
	}
	return typeOfGo[reflect.TypeFor[T]()]
}
