package pjrt

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

// Array is typed, dense, row-major memory of the host that the library holds, aligned for transfers without a copy.
type Array struct{ handle[*C.pje_array] }

var arrays = newClass(func(raw *C.pje_array) { C.pje_array_release(raw) })

func newArray(raw *C.pje_array) *Array {
	a := new(Array)
	a.own(raw, arrays)
	return a
}

// pointer gives NULL for nil, which the library refuses by name.
func (a *Array) pointer() *C.pje_array {
	if a == nil {
		return nil
	}
	return a.raw
}

// NewArray makes an array of zeros.
func NewArray(dtype DType, dims ...int) (*Array, error) {
	sizes := dims64(dims)
	var raw *C.pje_array
	if err := result(C.pje_array_create(C.pje_dtype(dtype), first64(sizes), C.size_t(len(sizes)), &raw)); err != nil {
		return nil, err
	}
	return newArray(raw), nil
}

// ArrayFrom copies a slice into a new array; without dims it has one dimension.
func ArrayFrom[T Element](data []T, dims ...int) (*Array, error) {
	if len(dims) == 0 {
		dims = []int{len(data)}
	}
	return arrayOf(data, dims)
}

// ArrayFromScalar makes an array of rank 0.
func ArrayFromScalar[T Element](value T) (*Array, error) { return arrayOf([]T{value}, nil) }

func arrayOf[T Element](data []T, dims []int) (*Array, error) {
	a, err := NewArray(DTypeOf[T](), dims...)
	if err != nil {
		return nil, err
	}
	view, err := View[T](a)
	if err == nil && len(view) != len(data) {
		err = refuse(InvalidArgument, "pjrt.ArrayFrom", "%d elements for dimensions %v", len(data), dims)
	}
	if err != nil {
		a.Close()
		return nil, err
	}
	copy(view, data)
	return a, nil
}

// ArrayFromBytes copies the bytes of elements whose type is known at run time only.
func ArrayFromBytes(dtype DType, data []byte, dims ...int) (*Array, error) {
	a, err := NewArray(dtype, dims...)
	if err != nil {
		return nil, err
	}
	if size := int(C.pje_array_size(a.raw)); size != len(data) {
		a.Close()
		return nil, refuse(InvalidArgument, "pjrt.ArrayFromBytes", "%d bytes, dimensions %v of %v have %d", len(data), dims, dtype, size)
	}
	copy(unsafe.Slice((*byte)(C.pje_array_data(a.raw)), len(data)), data)
	return a, nil
}

// WrapArray makes an array over bytes of C's memory, without a copy; they must outlive it.
func WrapArray(data unsafe.Pointer, size int, dtype DType, dims ...int) (*Array, error) {
	sizes := dims64(dims)
	var raw *C.pje_array
	if err := result(C.pje_array_wrap(data, C.size_t(size), C.pje_dtype(dtype), first64(sizes), C.size_t(len(sizes)), nil, nil, &raw)); err != nil {
		return nil, err
	}
	return newArray(raw), nil
}

// View gives the array's own memory, which is gone once the array is closed or collected: keep the array.
func View[T Element](a *Array) ([]T, error) {
	defer runtime.KeepAlive(a)
	if d := a.DType(); d != DTypeOf[T]() {
		return nil, refuse(InvalidArgument, "pjrt.View", "the array is of type %v, asked for %v", d, DTypeOf[T]())
	}
	var zero T
	n := int(C.pje_array_size(a.raw)) / int(unsafe.Sizeof(zero))
	if n == 0 {
		return []T{}, nil
	}
	return unsafe.Slice((*T)(C.pje_array_data(a.raw)), n), nil
}

// ArrayValues copies the array's contents.
func ArrayValues[T Element](a *Array) ([]T, error) {
	defer runtime.KeepAlive(a)
	view, err := View[T](a)
	if err != nil {
		return nil, err
	}
	return append([]T{}, view...), nil
}

// Bytes copies the array's contents as bytes.
func (a *Array) Bytes() []byte {
	defer runtime.KeepAlive(a)
	return C.GoBytes(C.pje_array_const_data(a.raw), C.int(C.pje_array_size(a.raw)))
}

// DType is the element type.
func (a *Array) DType() DType {
	defer runtime.KeepAlive(a)
	return DType(C.pje_array_dtype(a.raw))
}

// Dims are the dimensions.
func (a *Array) Dims() []int {
	defer runtime.KeepAlive(a)
	return dimsOf(C.pje_array_dims(a.raw), C.pje_array_rank(a.raw))
}

// Reinterpret gives the same memory under another element type of the same size: bf16 travels in .npy files as uint16.
func (a *Array) Reinterpret(dtype DType) (*Array, error) {
	defer runtime.KeepAlive(a)
	var raw *C.pje_array
	if err := result(C.pje_array_reinterpret(a.raw, C.pje_dtype(dtype), &raw)); err != nil {
		return nil, err
	}
	return newArray(raw), nil
}

// LoadNpy reads a .npy file.
func LoadNpy(path string) (*Array, error) {
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	var raw *C.pje_array
	if err := result(C.pje_array_load_npy(text, &raw)); err != nil {
		return nil, err
	}
	return newArray(raw), nil
}

// SaveNpy writes a .npy file, replacing it once it is complete.
func (a *Array) SaveNpy(path string) error {
	defer runtime.KeepAlive(a)
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	return result(C.pje_array_save_npy(a.raw, text))
}

// BufferFromArray uploads an array by copying; device may be nil.
func BufferFromArray(c *Client, a *Array, device *Device) (*Buffer, error) {
	return c.fromArray(a, false, device)
}

// BufferFromArrayAsync uploads an array without a copy or a wait: it must not change until the event is ready, and may be closed.
func BufferFromArrayAsync(c *Client, a *Array, device *Device) (*Buffer, *Event, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(a)
	var raw *C.pje_buffer
	var done *C.pje_event
	if err := result(C.bridge_from_array_async(c.raw, a.pointer(), device.pointer(), &raw, &done)); err != nil {
		return nil, nil, err
	}
	return newBuffer(raw, c), newEvent(done), nil
}

// BufferFromArrayConsume uploads an array and takes it over, without a copy where the plugin allows: a is closed afterwards,
// unless there is an error.
func BufferFromArrayConsume(c *Client, a *Array, device *Device) (*Buffer, error) {
	b, err := c.fromArray(a, true, device)
	if err == nil {
		a.giveUp()
	}
	return b, err
}

func (c *Client) fromArray(a *Array, consume bool, device *Device) (*Buffer, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(a)
	array := a.pointer()
	var raw *C.pje_buffer
	if err := result(C.bridge_from_array(c.raw, &array, C.bool(consume), device.pointer(), nil, &raw)); err != nil {
		return nil, err
	}
	return newBuffer(raw, c), nil
}

// IsClosed reports whether the array was closed or taken over.
func (a *Array) IsClosed() bool { return a.cell.Load() == nil }

// ToArray reads the contents into a new array.
func (b *Buffer) ToArray(ctx context.Context) (*Array, error) {
	defer runtime.KeepAlive(b)
	var raw *C.pje_array
	var pending *C.pje_event
	if err := result(C.pje_buffer_to_array_async(b.raw, &raw, &pending)); err != nil {
		return nil, err
	}
	a := newArray(raw)
	var rest *C.pje_event
	err := result(C.bridge_settle(pending, &rest))
	if rest != nil {
		err = settle(ctx, rest, "pjrt.Buffer.ToArray", nil)
	}
	if err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}
