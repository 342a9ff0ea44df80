package pjrt

// #include "bridge.h"
// #cgo noescape quick_to_host
// #cgo nocallback quick_to_host
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

// Buffer is an array in the memory of a device.
type Buffer struct {
	handle[*C.pje_buffer]
	client *Client
}

var buffers = newClass(func(raw *C.pje_buffer) { C.quick_release(number(unsafe.Pointer(raw))) })

// number is a pointer of C as cgo need not look at it, which would cost as much as a small call.
func number(raw unsafe.Pointer) C.uintptr_t { return C.uintptr_t(uintptr(raw)) }

func newBuffer(raw *C.pje_buffer, c *Client) *Buffer {
	b := &Buffer{client: c}
	b.own(raw, buffers)
	return b
}

// pointer gives NULL for nil, which the library refuses by name.
func (b *Buffer) pointer() *C.pje_buffer {
	if b == nil {
		return nil
	}
	return b.raw
}

// Semantics say how long host memory given to an upload is used.
type Semantics int32

// How long host memory given to an upload is used.
const (
	CopiedDuringCall               Semantics = C.PJE_HOST_IMMUTABLE_ONLY_DURING_CALL
	ImmutableUntilTransferComplete Semantics = C.PJE_HOST_IMMUTABLE_UNTIL_TRANSFER_COMPLETES
	ImmutableZeroCopy              Semantics = C.PJE_HOST_IMMUTABLE_ZERO_COPY
	MutableZeroCopy                Semantics = C.PJE_HOST_MUTABLE_ZERO_COPY
)

// UploadOptions say how host memory is read and where it goes.
type UploadOptions struct {
	Dims        []int     // nil: one dimension, all of the data
	ByteStrides []int     // bytes from one index to the next per dimension, may be 0 or negative; nil: dense, row-major
	First       int       // index in the data of the element at 0, 0, …; for negative strides
	ColumnMajor bool      // the data are dense and column-major
	Device      *Device   // goes to its default memory
	Memory      *Memory   // goes there; at most one of both
	Layout      *Layout   // how it lies on the device; nil: as the plugin likes
	Semantics   Semantics // for [UploadAsync]; 0: copied
}

// host is memory of the host with its shape, ready to be given to the library.
type host struct {
	data    unsafe.Pointer
	size    C.size_t
	dtype   C.pje_dtype
	dims    []int64
	strides []int64
	layout  *C.pje_layout
}

// Something to point at for arrays without elements.
var nowhere [16]byte

func describe[T Element](data []T, o *UploadOptions) (host, error) {
	var zero T
	h := host{
		data:  unsafe.Pointer(&nowhere),
		size:  C.size_t(len(data)) * C.size_t(unsafe.Sizeof(zero)),
		dtype: C.pje_dtype(DTypeOf[T]()),
	}
	if o.Dims == nil {
		h.dims = []int64{int64(len(data))}
	} else {
		h.dims = dims64(o.Dims)
	}
	if o.First < 0 || o.First > len(data) || o.First == len(data) && o.First > 0 {
		return h, refuse(InvalidArgument, "pjrt.Upload", "First is %d, the data have %d elements", o.First, len(data))
	}
	if len(data) > 0 {
		h.data = unsafe.Pointer(&data[o.First])
	}
	h.strides = dims64(o.ByteStrides)
	if o.ColumnMajor {
		stride := int64(unsafe.Sizeof(zero))
		h.strides = h.strides[:0]
		for _, n := range h.dims {
			h.strides = append(h.strides, stride)
			stride *= n
		}
	}
	return h, nil
}

// BufferFrom uploads host data, row-major, to the default device; without dims it has one dimension. The data are copied.
func BufferFrom[T Element](c *Client, data []T, dims ...int) (*Buffer, error) {
	o := UploadOptions{}
	if len(dims) > 0 {
		o.Dims = dims
	}
	return Upload(c, data, &o)
}

// BufferFromScalar uploads one value, of rank 0.
func BufferFromScalar[T Element](c *Client, value T) (*Buffer, error) {
	return Upload(c, []T{value}, &UploadOptions{Dims: []int{}})
}

// BufferFromBytes uploads the bytes of elements whose type is known at run time only.
func BufferFromBytes(c *Client, dtype DType, data []byte, dims ...int) (*Buffer, error) {
	return c.upload(&host{data: dataOf(data), size: C.size_t(len(data)), dtype: C.pje_dtype(dtype), dims: dims64(dims)}, nil, nil)
}

// Upload is [BufferFrom] with options.
func Upload[T Element](c *Client, data []T, options *UploadOptions) (*Buffer, error) {
	if options == nil {
		options = &UploadOptions{}
	}
	h, err := describe(data, options)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(options.Layout)
	h.layout = options.Layout.pointer()
	return c.upload(&h, options.Device, options.Memory)
}

func (c *Client) upload(h *host, device *Device, memory *Memory) (*Buffer, error) {
	defer runtime.KeepAlive(c)
	var raw *C.pje_buffer
	if err := result(C.bridge_from_host(c.raw, h.data, h.size, h.dtype, first64(h.dims), C.size_t(len(h.dims)),
		device.pointer(), memory.pointer(), first64(h.strides), C.size_t(len(h.strides)), h.layout, &raw)); err != nil {
		return nil, err
	}
	return newBuffer(raw, c), nil
}

// UploadAsync is [Upload] without a copy or a wait, as options.Semantics has it: data must not change until the event is
// ready, and is kept from the garbage collector until then. With the zero-copy kinds that is when the buffer is gone.
func UploadAsync[T Element](c *Client, data []T, options *UploadOptions) (*Buffer, *Event, error) {
	defer runtime.KeepAlive(c)
	if options == nil {
		options = &UploadOptions{}
	}
	h, err := describe(data, options)
	if err != nil {
		return nil, nil, err
	}
	pins := new(runtime.Pinner)
	pins.Pin(h.data)
	var raw *C.pje_buffer
	var done *C.pje_event
	if err := result(C.bridge_from_host_async(c.raw, h.data, h.size, h.dtype, first64(h.dims), C.size_t(len(h.dims)),
		options.Device.pointer(), options.Memory.pointer(), first64(h.strides), C.size_t(len(h.strides)),
		options.Layout.pointer(), C.int32_t(options.Semantics), &raw, &done)); err != nil {
		pins.Unpin()
		return nil, nil, err
	}
	buffer, event := newBuffer(raw, c), newEvent(done)
	if err := atEndOf(done, pins.Unpin); err != nil {
		// Nobody will tell when the memory is free again, so it stays pinned.
		buffer.Close()
		event.Close()
		return nil, nil, err
	}
	return buffer, event, nil
}

// ToSlice reads the contents, dense and row-major; T must be the buffer's element type.
func ToSlice[T Element](ctx context.Context, b *Buffer) ([]T, error) {
	if d := b.DType(); d != DTypeOf[T]() && d != InvalidDType {
		return nil, refuse(InvalidArgument, "pjrt.ToSlice", "the buffer is of type %v, asked for %v", d, DTypeOf[T]())
	}
	var zero T
	out := make([]T, b.HostSize()/int(unsafe.Sizeof(zero)))
	if err := ReadInto(ctx, b, out); err != nil {
		return nil, err
	}
	return out, nil
}

// ToScalar reads a buffer of one element.
func ToScalar[T Element](ctx context.Context, b *Buffer) (T, error) {
	var zero T
	out, err := ToSlice[T](ctx, b)
	if err != nil {
		return zero, err
	}
	if len(out) != 1 {
		return zero, refuse(InvalidArgument, "pjrt.ToScalar", "the buffer has %d elements", len(out))
	}
	return out[0], nil
}

// ReadInto reads the contents into memory that is there already. When ctx ends first, the memory still belongs to the read
// until the device is done with it: it is kept from the garbage collector, and must not be used.
func ReadInto[T Element](ctx context.Context, b *Buffer, out []T) error {
	defer runtime.KeepAlive(b)
	var zero T
	at := unsafe.Pointer(&nowhere)
	if len(out) > 0 {
		at = unsafe.Pointer(&out[0])
	}
	pins := new(runtime.Pinner)
	pins.Pin(at)
	var pending *C.pje_event
	raw := C.quick_to_host(b.raw, at, C.size_t(len(out))*C.size_t(unsafe.Sizeof(zero)), &pending)
	if pending == nil {
		pins.Unpin()
		return result(raw)
	}
	return settle(ctx, pending, "pjrt.ReadInto", pins.Unpin)
}

// ReadAsync starts reading into memory that is there already: out must not be touched until the event is ready.
func ReadAsync[T Element](b *Buffer, out []T) (*Event, error) {
	defer runtime.KeepAlive(b)
	var zero T
	at := unsafe.Pointer(&nowhere)
	if len(out) > 0 {
		at = unsafe.Pointer(&out[0])
	}
	pins := new(runtime.Pinner)
	pins.Pin(at)
	var done *C.pje_event
	if err := result(C.pje_buffer_to_host_async(b.raw, at, C.size_t(len(out))*C.size_t(unsafe.Sizeof(zero)), &done)); err != nil {
		pins.Unpin()
		return nil, err
	}
	event := newEvent(done)
	if err := atEndOf(done, pins.Unpin); err != nil {
		return nil, err
	}
	return event, nil
}

// Ready gives an event that is ready when the contents are, with the error of whatever was to fill them.
func (b *Buffer) Ready() (*Event, error) {
	defer runtime.KeepAlive(b)
	var raw *C.pje_event
	if err := result(C.pje_buffer_ready(b.raw, &raw)); err != nil {
		return nil, err
	}
	return newEvent(raw), nil
}

// DType is the element type.
func (b *Buffer) DType() DType {
	defer runtime.KeepAlive(b)
	return DType(C.pje_buffer_dtype(b.raw))
}

// Rank is the number of dimensions.
func (b *Buffer) Rank() int {
	defer runtime.KeepAlive(b)
	return int(C.pje_buffer_rank(b.raw))
}

// Dims are the dimensions.
func (b *Buffer) Dims() []int {
	defer runtime.KeepAlive(b)
	return dimsOf(C.pje_buffer_dims(b.raw), C.pje_buffer_rank(b.raw))
}

// HostSize is the number of bytes of the contents in host memory.
func (b *Buffer) HostSize() int {
	defer runtime.KeepAlive(b)
	return int(C.pje_buffer_host_size(b.raw))
}

// Client is the buffer's client.
func (b *Buffer) Client() *Client { return b.client }

// Device is the one that holds the buffer, or nil.
func (b *Buffer) Device() *Device {
	defer runtime.KeepAlive(b)
	return newDevice(C.pje_buffer_device(b.raw), b.client)
}

// Memory is the one that holds the buffer, or nil.
func (b *Buffer) Memory() *Memory {
	defer runtime.KeepAlive(b)
	return newMemory(C.pje_buffer_memory(b.raw), b.client)
}

// Delete gives the device's memory back now, once pending uses end. Deleting twice is fine.
func (b *Buffer) Delete() error {
	defer runtime.KeepAlive(b)
	return result(C.pje_buffer_delete(b.raw))
}

// IsDeleted reports whether the contents are gone, by Delete or by donation.
func (b *Buffer) IsDeleted() bool {
	defer runtime.KeepAlive(b)
	return bool(C.pje_buffer_is_deleted(b.raw))
}

// CloseAll closes every buffer; nil ones are passed over.
func CloseAll(buffers ...*Buffer) {
	for _, b := range buffers {
		if b != nil {
			b.Close()
		}
	}
}

// NewToken uploads a value of [TypeToken], which has no bytes. Plugins that cannot take one refuse it.
func NewToken(c *Client) (*Buffer, error) {
	return c.upload(&host{data: unsafe.Pointer(&nowhere), dtype: C.PJE_TOKEN}, nil, nil)
}
