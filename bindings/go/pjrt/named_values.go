package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// Value is one named value: a string, an int64, an []int64, a float32 or a bool.
type Value = any

// Values are named values, in an order of their own: options given to plugins, attributes that they report.
type Values struct {
	handle[*C.pje_named_values]
	lent *C.pje_named_values
	of   any
}

var valueSets = newClass(func(raw *C.pje_named_values) { C.pje_named_values_release(raw) })

// NewValues makes a set; Set fills it.
func NewValues() (*Values, error) {
	var raw *C.pje_named_values
	if err := result(C.pje_named_values_create(&raw)); err != nil {
		return nil, err
	}
	v := new(Values)
	v.own(raw, valueSets)
	return v, nil
}

// lentValues wraps a set that belongs to another object, which is kept alive.
func lentValues(raw *C.pje_named_values, of any) *Values { return &Values{lent: raw, of: of} }

func (v *Values) pointer() *C.pje_named_values {
	if v.lent != nil {
		return v.lent
	}
	return v.raw
}

// Copy makes a set of the same values, which Set changes even where v is lent by another object.
func (v *Values) Copy() (*Values, error) {
	defer runtime.KeepAlive(v)
	var raw *C.pje_named_values
	if err := result(C.pje_named_values_copy(v.pointer(), &raw)); err != nil {
		return nil, err
	}
	copied := new(Values)
	copied.own(raw, valueSets)
	return copied, nil
}

// Set sets a value, replacing one of the same name: a string, bool, float32, []int64, or any integer.
func (v *Values) Set(name string, value Value) error {
	defer runtime.KeepAlive(v)
	key := C.CString(name)
	defer C.free(unsafe.Pointer(key))
	raw := v.pointer()
	switch x := value.(type) {
	case string:
		text := C.CString(x)
		defer C.free(unsafe.Pointer(text))
		return result(C.pje_named_values_set_string(raw, key, text))
	case bool:
		return result(C.pje_named_values_set_bool(raw, key, C.bool(x)))
	case float32:
		return result(C.pje_named_values_set_float(raw, key, C.float(x)))
	case int:
		return result(C.pje_named_values_set_int64(raw, key, C.int64_t(x)))
	case int32:
		return result(C.pje_named_values_set_int64(raw, key, C.int64_t(x)))
	case int64:
		return result(C.pje_named_values_set_int64(raw, key, C.int64_t(x)))
	case []int64:
		return result(C.pje_named_values_set_int64_list(raw, key, first64(x), C.size_t(len(x))))
	}
	return refuse(InvalidArgument, "pjrt.Values.Set", "value of %q is a %T; expected string, bool, float32, an integer or []int64", name, value)
}

// Len is the number of values.
func (v *Values) Len() int {
	defer runtime.KeepAlive(v)
	return int(C.pje_named_values_count(v.pointer()))
}

// Name is the name of value i, "" when there is none.
func (v *Values) Name(i int) string {
	defer runtime.KeepAlive(v)
	return C.GoString(C.pje_named_values_name(v.pointer(), C.size_t(i)))
}

// At gives value i.
func (v *Values) At(i int) (Value, error) {
	defer runtime.KeepAlive(v)
	raw, at := v.pointer(), C.size_t(i)
	switch C.pje_named_values_kind(raw, at) {
	case C.PJE_VALUE_STRING:
		var out *C.char
		err := result(C.pje_named_values_get_string(raw, at, &out))
		return C.GoString(out), err
	case C.PJE_VALUE_INT64_LIST:
		var out *C.int64_t
		var count C.size_t
		err := result(C.pje_named_values_get_int64_list(raw, at, &out, &count))
		return copy64(out, int(count)), err
	case C.PJE_VALUE_FLOAT:
		var out C.float
		err := result(C.pje_named_values_get_float(raw, at, &out))
		return float32(out), err
	case C.PJE_VALUE_BOOL:
		var out C.bool
		err := result(C.pje_named_values_get_bool(raw, at, &out))
		return bool(out), err
	}
	var out C.int64_t
	if err := result(C.pje_named_values_get_int64(raw, at, &out)); err != nil {
		return nil, err
	}
	return int64(out), nil
}

// Get gives the value of a name; false when there is none or when it has a kind that is not known.
func (v *Values) Get(name string) (Value, bool) {
	defer runtime.KeepAlive(v)
	key := C.CString(name)
	defer C.free(unsafe.Pointer(key))
	i := C.pje_named_values_find(v.pointer(), key)
	if i == C.SIZE_MAX {
		return nil, false
	}
	value, err := v.At(int(i))
	return value, err == nil
}

// All gives every name with its value.
func (v *Values) All() func(yield func(string, Value) bool) {
	return func(yield func(string, Value) bool) {
		for i := range v.Len() {
			if value, err := v.At(i); err == nil && !yield(v.Name(i), value) {
				return
			}
		}
	}
}

func valuesFrom(options map[string]Value) (*Values, error) {
	v, err := NewValues()
	if err != nil {
		return nil, err
	}
	for name, value := range options {
		if err := v.Set(name, value); err != nil {
			v.Close()
			return nil, err
		}
	}
	return v, nil
}

func first64(values []int64) *C.int64_t {
	if len(values) == 0 {
		return nil
	}
	return (*C.int64_t)(&values[0])
}

func copy64(data *C.int64_t, n int) []int64 {
	if n == 0 || data == nil {
		return []int64{}
	}
	return append([]int64(nil), unsafe.Slice((*int64)(data), n)...)
}

func dimsOf(data *C.int64_t, rank C.size_t) []int {
	dims := make([]int, rank)
	for i, n := range unsafe.Slice((*int64)(data), int(rank)) {
		dims[i] = int(n)
	}
	return dims
}

func dims64(dims []int) []int64 {
	out := make([]int64, len(dims))
	for i, n := range dims {
		out[i] = int64(n)
	}
	return out
}
