package pjrt

// #include "bridge.h"
import "C"

import (
	"reflect"
	"unsafe"
)

// fromAny describes a host value given as an argument: a slice or an array of elements, nested as deep as it has dimensions,
// or one element.
func fromAny(value any) (host, error) {
	v := reflect.ValueOf(value)
	dims := []int64{}
	element := v.Type()
	for at := v; element.Kind() == reflect.Slice || element.Kind() == reflect.Array; {
		n := 0
		if at.IsValid() {
			n = at.Len()
		} else if element.Kind() == reflect.Array {
			n = element.Len()
		}
		dims = append(dims, int64(n))
		element = element.Elem()
		if n > 0 && at.IsValid() {
			at = at.Index(0)
		} else {
			at = reflect.Value{}
		}
	}
	dtype, ok := typeOfGo[element]
	if !ok {
		return host{}, refuse(InvalidArgument, "pjrt.Execute", "an argument is a %T; expected a buffer, an array, or elements", value)
	}
	count := 1
	for _, n := range dims {
		count *= int(n)
	}
	h := host{data: unsafe.Pointer(&nowhere), dtype: C.pje_dtype(dtype), dims: dims}
	if count == 0 {
		return h, nil
	}
	h.size = C.size_t(count) * C.size_t(element.Size())
	if len(dims) == 1 && v.Kind() == reflect.Slice {
		h.data = v.UnsafePointer()
		return h, nil
	}
	flat := reflect.MakeSlice(reflect.SliceOf(element), 0, count)
	flat, err := flatten(flat, v, dims)
	h.data = flat.UnsafePointer()
	return h, err
}

func flatten(flat, v reflect.Value, dims []int64) (reflect.Value, error) {
	if len(dims) == 0 {
		return reflect.Append(flat, v), nil
	}
	if v.Len() != int(dims[0]) {
		return flat, refuse(InvalidArgument, "pjrt.Execute", "a nested slice has %d elements where its neighbour has %d", v.Len(), dims[0])
	}
	var err error
	for i := range v.Len() {
		if flat, err = flatten(flat, v.Index(i), dims[1:]); err != nil {
			return flat, err
		}
	}
	return flat, nil
}
