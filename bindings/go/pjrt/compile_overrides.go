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
	key := C.CString(name)
	defer C.free(unsafe.Pointer(key))
	switch x := value.(type) {
	case string:
		text := C.CString(x)
		defer C.free(unsafe.Pointer(text))
		return result(C.pje_compile_options_set_debug_option_string(o.raw, key, text))
	case bool:
		return result(C.pje_compile_options_set_debug_option_bool(o.raw, key, C.bool(x)))
	case int:
		return result(C.pje_compile_options_set_debug_option_int64(o.raw, key, C.int64_t(x)))
	case int64:
		return result(C.pje_compile_options_set_debug_option_int64(o.raw, key, C.int64_t(x)))
	case float64:
		return result(C.pje_compile_options_set_debug_option_double(o.raw, key, C.double(x)))
	}
	return refuse(InvalidArgument, "pjrt.CompileOptions.SetDebugOption", "value of %q is a %T; expected string, bool, int, int64 or float64", name, value)
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
	key := C.CString(name)
	defer C.free(unsafe.Pointer(key))
	switch x := value.(type) {
	case string:
		text := C.CString(x)
		defer C.free(unsafe.Pointer(text))
		return result(C.pje_compile_options_set_override_string(o.raw, key, text))
	case bool:
		return result(C.pje_compile_options_set_override_bool(o.raw, key, C.bool(x)))
	case int:
		return result(C.pje_compile_options_set_override_int64(o.raw, key, C.int64_t(x)))
	case int64:
		return result(C.pje_compile_options_set_override_int64(o.raw, key, C.int64_t(x)))
	case float64:
		return result(C.pje_compile_options_set_override_double(o.raw, key, C.double(x)))
	}
	return refuse(InvalidArgument, "pjrt.CompileOptions.SetOverride", "value of %q is a %T; expected string, bool, int, int64 or float64", name, value)
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
