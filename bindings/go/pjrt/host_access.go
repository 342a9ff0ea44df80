package pjrt

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

// ToSlices reads several buffers of one element type, each as [ToSlice] does; all reads are started before the first is waited for.
func ToSlices[T Element](ctx context.Context, buffers ...*Buffer) ([][]T, error) {
	out := make([][]T, len(buffers))
	places := make([]place, len(buffers))
	pins := new(runtime.Pinner)
	var zero T
	for i, b := range buffers {
		if b == nil {
			pins.Unpin()
			return nil, refuse(InvalidArgument, "pjrt.ToSlices", "buffer %d is nil", i)
		}
		if d := b.DType(); d != DTypeOf[T]() && d != InvalidDType {
			pins.Unpin()
			return nil, refuse(InvalidArgument, "pjrt.ToSlices", "buffer %d is of type %v, asked for %v", i, d, DTypeOf[T]())
		}
		out[i] = make([]T, b.HostSize()/int(unsafe.Sizeof(zero)))
		if len(out[i]) > 0 {
			places[i] = place{unsafe.Pointer(&out[i][0]), len(out[i]) * int(unsafe.Sizeof(zero))}
			pins.Pin(places[i].data)
		}
	}
	if err := readAll(ctx, "pjrt.ToSlices", buffers, places, pins.Unpin); err != nil {
		return nil, err
	}
	return out, nil
}

// ToArrays reads several buffers of any element types, each into a new array, as [ToSlices] does.
func ToArrays(ctx context.Context, buffers ...*Buffer) ([]*Array, error) {
	out := make([]*Array, len(buffers))
	places := make([]place, len(buffers))
	for i, b := range buffers {
		if b == nil {
			closeArrays(out[:i])
			return nil, refuse(InvalidArgument, "pjrt.ToArrays", "buffer %d is nil", i)
		}
		a, err := NewArray(b.DType(), b.Dims()...)
		if err != nil {
			closeArrays(out[:i])
			return nil, err
		}
		out[i] = a
		places[i] = place{C.pje_array_data(a.raw), b.HostSize()}
	}
	if err := readAll(ctx, "pjrt.ToArrays", buffers, places, func() { runtime.KeepAlive(out) }); err != nil {
		return nil, err
	}
	return out, nil
}

type place struct {
	data unsafe.Pointer
	size int
}

// readAll reads into memory that has to be kept where it is until atEnd, which runs when the reads end, also when ctx ends first.
func readAll(ctx context.Context, function string, buffers []*Buffer, places []place, atEnd func()) error {
	defer runtime.KeepAlive(buffers)
	n := len(buffers)
	raw := make([]*C.pje_buffer, n+1)
	sizes := make([]C.size_t, n+1)
	// A list of pointers for C is C's own memory.
	list := (*unsafe.Pointer)(C.calloc(C.size_t(n+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	defer C.free(unsafe.Pointer(list))
	data := unsafe.Slice(list, n)
	for i, b := range buffers {
		raw[i], data[i], sizes[i] = b.raw, places[i].data, C.size_t(places[i].size)
	}
	var done *C.pje_event
	if err := result(C.pje_buffers_to_host_async(&raw[0], C.size_t(n), list, &sizes[0], &done)); err != nil {
		atEnd()
		return err
	}
	var pending *C.pje_event
	err := result(C.bridge_settle(done, &pending))
	if pending == nil {
		atEnd()
		return err
	}
	return settle(ctx, pending, function, atEnd)
}

// HostView lends the memory that holds a buffer's contents, dense and row-major, to be read only. While it is open the contents
// cannot be deleted or donated.
type HostView struct {
	handle[*C.pje_host_view]
	buffer *Buffer
}

var hostViews = newClass(func(raw *C.pje_host_view) { C.pje_host_view_release(raw) })

// HostView waits for the contents and looks at them without a copy. [Unimplemented] where the memory cannot be looked at: read them.
func (b *Buffer) HostView(ctx context.Context) (*HostView, error) {
	defer runtime.KeepAlive(b)
	ready, err := b.Ready()
	if err != nil {
		return nil, err
	}
	defer ready.Close()
	if err := ready.Wait(ctx); err != nil {
		return nil, err
	}
	var raw *C.pje_host_view
	if err := result(C.pje_buffer_host_view(b.raw, &raw)); err != nil {
		return nil, err
	}
	v := &HostView{buffer: b}
	v.own(raw, hostViews)
	return v, nil
}

// Buffer is what is looked at, to be closed like any buffer.
func (v *HostView) Buffer() *Buffer {
	defer runtime.KeepAlive(v)
	lent := C.pje_host_view_buffer(v.raw)
	if lent == nil {
		return nil
	}
	return newBuffer(C.pje_buffer_retain(lent), v.buffer.client)
}

// Bytes is the memory, which is gone once the view is closed or collected: keep the view.
func (v *HostView) Bytes() []byte {
	defer runtime.KeepAlive(v)
	data := C.pje_host_view_data(v.raw)
	if data == nil {
		return nil
	}
	return unsafe.Slice((*byte)(data), int(C.pje_host_view_size(v.raw)))
}

// HostSlice is [HostView.Bytes] as elements; T must be the buffer's element type.
func HostSlice[T Element](v *HostView) ([]T, error) {
	if d := DType(C.pje_buffer_dtype(C.pje_host_view_buffer(v.raw))); d != DTypeOf[T]() {
		return nil, refuse(InvalidArgument, "pjrt.HostSlice", "the buffer is of type %v, asked for %v", d, DTypeOf[T]())
	}
	var zero T
	data := v.Bytes()
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(data))), len(data)/int(unsafe.Sizeof(zero))), nil
}

// String gives one line about it.
func (v *HostView) String() string {
	defer runtime.KeepAlive(v)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_host_view_describe(v.raw, t, n) })
}
