package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// ParseDebugOption sets one of XLA's debug options, such as "xla_dump_to", from its text.
func (o *CompileOptions) ParseDebugOption(name, value string) error {
	defer runtime.KeepAlive(o)
	key, text := C.CString(name), C.CString(value)
	defer C.free(unsafe.Pointer(key))
	defer C.free(unsafe.Pointer(text))
	return result(C.pje_compile_options_set_debug_option(o.raw, key, text))
}

// SetDebugOption sets one of XLA's debug options: a string, a bool, an integer or a float64.
func (o *CompileOptions) SetDebugOption(name string, value Value) error {
	defer runtime.KeepAlive(o)
	return setValue("pjrt.CompileOptions.SetDebugOption", name, value, setters{
		func(key, text *C.char) *C.pje_error {
			return C.pje_compile_options_set_debug_option_string(o.raw, key, text)
		},
		func(key *C.char, x C.bool) *C.pje_error {
			return C.pje_compile_options_set_debug_option_bool(o.raw, key, x)
		},
		func(key *C.char, x C.int64_t) *C.pje_error {
			return C.pje_compile_options_set_debug_option_int64(o.raw, key, x)
		},
		func(key *C.char, x C.double) *C.pje_error {
			return C.pje_compile_options_set_debug_option_double(o.raw, key, x)
		},
	})
}

// setters are the calls that set a named value, one for each of its types.
type setters struct {
	text    func(key, text *C.char) *C.pje_error
	truth   func(key *C.char, x C.bool) *C.pje_error
	integer func(key *C.char, x C.int64_t) *C.pje_error
	number  func(key *C.char, x C.double) *C.pje_error
}

func setValue(function, name string, value Value, set setters) error {
	key := C.CString(name)
	defer C.free(unsafe.Pointer(key))
	switch x := value.(type) {
	case string:
		text := C.CString(x)
		defer C.free(unsafe.Pointer(text))
		return result(set.text(key, text))
	case bool:
		return result(set.truth(key, C.bool(x)))
	case int:
		return result(set.integer(key, C.int64_t(x)))
	case int64:
		return result(set.integer(key, C.int64_t(x)))
	case float64:
		return result(set.number(key, C.double(x)))
	}
	return refuse(InvalidArgument, function, "value of %q is a %T; expected string, bool, int, int64 or float64", name, value)
}

// DebugOption gives one as text.
func (o *CompileOptions) DebugOption(name string) (string, error) {
	defer runtime.KeepAlive(o)
	key := C.CString(name)
	defer C.free(unsafe.Pointer(key))
	var raw *C.pje_bytes
	if err := result(C.pje_compile_options_get_debug_option(o.raw, key, &raw)); err != nil {
		return "", err
	}
	return string(takeBytes(raw)), nil
}

// SetOverride sets an option of the backend by name: a string, a bool, an integer or a float64.
func (o *CompileOptions) SetOverride(name string, value Value) error {
	defer runtime.KeepAlive(o)
	return setValue("pjrt.CompileOptions.SetOverride", name, value, setters{
		func(key, text *C.char) *C.pje_error {
			return C.pje_compile_options_set_override_string(o.raw, key, text)
		},
		func(key *C.char, x C.bool) *C.pje_error {
			return C.pje_compile_options_set_override_bool(o.raw, key, x)
		},
		func(key *C.char, x C.int64_t) *C.pje_error {
			return C.pje_compile_options_set_override_int64(o.raw, key, x)
		},
		func(key *C.char, x C.double) *C.pje_error {
			return C.pje_compile_options_set_override_double(o.raw, key, x)
		},
	})
}

// Override gives the value of an override.
func (o *CompileOptions) Override(name string) (Value, error) {
	defer runtime.KeepAlive(o)
	key := C.CString(name)
	defer C.free(unsafe.Pointer(key))
	switch C.pje_compile_options_override_kind(o.raw, key) {
	case C.PJE_OVERRIDE_BOOL:
		var out C.bool
		err := result(C.pje_compile_options_get_override_bool(o.raw, key, &out))
		return bool(out), err
	case C.PJE_OVERRIDE_INT64:
		var out C.int64_t
		err := result(C.pje_compile_options_get_override_int64(o.raw, key, &out))
		return int64(out), err
	case C.PJE_OVERRIDE_DOUBLE:
		var out C.double
		err := result(C.pje_compile_options_get_override_double(o.raw, key, &out))
		return float64(out), err
	}
	var out *C.char
	if err := result(C.pje_compile_options_get_override_string(o.raw, key, &out)); err != nil {
		return nil, err
	}
	return C.GoString(out), nil
}

// RemoveOverride takes an override or a debug option back.
func (o *CompileOptions) RemoveOverride(name string) error {
	defer runtime.KeepAlive(o)
	key := C.CString(name)
	defer C.free(unsafe.Pointer(key))
	return result(C.pje_compile_options_remove_override(o.raw, key))
}

// Overrides lists the names of the overrides.
func (o *CompileOptions) Overrides() []string {
	defer runtime.KeepAlive(o)
	out := make([]string, C.pje_compile_options_num_overrides(o.raw))
	for i := range out {
		out[i] = C.GoString(C.pje_compile_options_override_name(o.raw, C.size_t(i)))
	}
	return out
}
