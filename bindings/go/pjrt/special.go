package pjrt

// #include "bridge.h"
//
// static pje_error *bridge_uninitialized(pje_client *client, pje_dtype dtype, const int64_t *dims, size_t rank,
//                                        pje_device *device, pje_memory *memory, const pje_layout *layout, pje_buffer **out) {
//   pje_buffer_options options = {sizeof options, device, memory, layout};
//   return pje_buffer_create_uninitialized(client, dtype, dims, rank, &options, out);
// }
// static pje_error *bridge_error_buffer(pje_client *client, pje_error *error, pje_dtype dtype, const int64_t *dims, size_t rank,
//                                       pje_device *device, pje_memory *memory, const pje_layout *layout, pje_buffer **out) {
//   pje_buffer_options options = {sizeof options, device, memory, layout};
//   return pje_buffer_create_error(client, error, dtype, dims, rank, &options, out);
// }
// static pje_error *bridge_alias(pje_client *client, pje_dtype dtype, const int64_t *dims, size_t rank, pje_device *device,
//                                pje_memory *memory, const pje_layout *layout, pje_buffer **out, pje_fulfilment **fulfilment) {
//   pje_buffer_options options = {sizeof options, device, memory, layout};
//   return pje_buffer_create_alias(client, dtype, dims, rank, &options, out, fulfilment);
// }
// static pje_error *bridge_view(pje_client *client, void *data, size_t size, pje_dtype dtype, const int64_t *dims, size_t rank,
//                               pje_device *device, pje_memory *memory, const pje_layout *layout, pje_buffer **out) {
//   pje_view_options options = {sizeof options, device, memory, layout, NULL, NULL, 0};
//   return pje_buffer_create_view(client, data, size, dtype, dims, rank, &options, out);
// }
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

// Place says where a buffer is made, and how it lies there; the zero Place is the default memory, row-major.
type Place struct {
	Device *Device
	Memory *Memory // at most one of both
	Layout *Layout
}

func (c *Client) made(raw *C.pje_buffer, err *C.pje_error) (*Buffer, error) {
	if err != nil {
		return nil, takeError(err)
	}
	return newBuffer(raw, c), nil
}

// NewUninitialized makes a buffer whose contents are whatever lies there.
func (c *Client) NewUninitialized(t ArrayType, at Place) (*Buffer, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(at)
	dims := dims64(t.Dims)
	var raw *C.pje_buffer
	err := C.bridge_uninitialized(c.raw, C.pje_dtype(t.DType), first64(dims), C.size_t(len(dims)), at.Device.pointer(),
		at.Memory.pointer(), at.Layout.pointer(), &raw)
	return c.made(raw, err)
}

// NewErrorBuffer makes a buffer that has failed: whoever reads it, or runs a program on it, gets the error.
func (c *Client) NewErrorBuffer(failure error, t ArrayType, at Place) (*Buffer, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(at)
	dims := dims64(t.Dims)
	given := rawError(failure)
	defer C.pje_error_release(given)
	var raw *C.pje_buffer
	err := C.bridge_error_buffer(c.raw, given, C.pje_dtype(t.DType), first64(dims), C.size_t(len(dims)), at.Device.pointer(),
		at.Memory.pointer(), at.Layout.pointer(), &raw)
	return c.made(raw, err)
}

// NewAlias makes a buffer that stands for one to come: programs may be run on it at once, and wait. [Fulfilment.SetBuffer] names
// the buffer.
func (c *Client) NewAlias(t ArrayType, at Place) (*Buffer, *Fulfilment, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(at)
	dims := dims64(t.Dims)
	var raw *C.pje_buffer
	var promise *C.pje_fulfilment
	if err := result(C.bridge_alias(c.raw, C.pje_dtype(t.DType), first64(dims), C.size_t(len(dims)), at.Device.pointer(),
		at.Memory.pointer(), at.Layout.pointer(), &raw, &promise)); err != nil {
		return nil, nil, err
	}
	return newBuffer(raw, c), newFulfilment(promise), nil
}

// NewView makes a buffer of memory that is there already, on the device, without a copy. The memory is not Go's, and must live
// until the buffer and all uses of it have ended.
func (c *Client) NewView(data unsafe.Pointer, size int, t ArrayType, at Place) (*Buffer, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(at)
	dims := dims64(t.Dims)
	var raw *C.pje_buffer
	err := C.bridge_view(c.raw, data, C.size_t(size), C.pje_dtype(t.DType), first64(dims), C.size_t(len(dims)), at.Device.pointer(),
		at.Memory.pointer(), at.Layout.pointer(), &raw)
	return c.made(raw, err)
}

// Bitcast makes a buffer that shows the same memory as another type of as many bits; layout nil: the plugin's default.
func (b *Buffer) Bitcast(t ArrayType, layout *Layout) (*Buffer, error) {
	defer runtime.KeepAlive(b)
	defer runtime.KeepAlive(layout)
	dims := dims64(t.Dims)
	var raw *C.pje_buffer
	err := C.pje_buffer_bitcast(b.raw, C.pje_dtype(t.DType), first64(dims), C.size_t(len(dims)), layout.pointer(), &raw)
	return b.client.made(raw, err)
}

// DonateWithDependency takes the contents over into a new buffer that is ready only after [Fulfilment.SetDone].
func (b *Buffer) DonateWithDependency() (*Buffer, *Fulfilment, error) {
	defer runtime.KeepAlive(b)
	var raw *C.pje_buffer
	var promise *C.pje_fulfilment
	if err := result(C.pje_buffer_donate_with_dependency(b.raw, &raw, &promise)); err != nil {
		return nil, nil, err
	}
	return newBuffer(raw, b.client), newFulfilment(promise), nil
}

// Fulfilment is what a plugin was promised: given something exactly once; closed without, it gives [Cancelled].
type Fulfilment struct{ handle[*C.pje_fulfilment] }

var fulfilments = newClass(func(raw *C.pje_fulfilment) { C.pje_fulfilment_release(raw) })

func newFulfilment(raw *C.pje_fulfilment) *Fulfilment {
	f := new(Fulfilment)
	f.own(raw, fulfilments)
	return f
}

// SetBuffer names the buffer behind an alias.
func (f *Fulfilment) SetBuffer(b *Buffer) error {
	defer runtime.KeepAlive(f)
	defer runtime.KeepAlive(b)
	return result(C.pje_fulfilment_set_buffer(f.raw, b.pointer()))
}

// SetData names the memory for a raw copy, which is not Go's and must live until the copy's event is ready.
func (f *Fulfilment) SetData(data unsafe.Pointer, size int) error {
	defer runtime.KeepAlive(f)
	return result(C.pje_fulfilment_set_data(f.raw, data, C.size_t(size)))
}

// SetDone says that what a donation waits for has happened.
func (f *Fulfilment) SetDone() error {
	defer runtime.KeepAlive(f)
	return result(C.pje_fulfilment_set_done(f.raw))
}

// SetError says that what was promised will not come.
func (f *Fulfilment) SetError(failure error) error {
	defer runtime.KeepAlive(f)
	given := rawError(failure)
	defer C.pje_error_release(given)
	return result(C.pje_fulfilment_set_error(f.raw, given))
}

// String gives one line about it.
func (f *Fulfilment) String() string {
	defer runtime.KeepAlive(f)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_fulfilment_describe(f.raw, t, n) })
}

// copied waits for a copy, whose buffer is closed when it fails.
func (b *Buffer) copied(ctx context.Context, c *Client, raw *C.pje_buffer, done *C.pje_event, function string) (*Buffer, error) {
	out := newBuffer(raw, c)
	defer C.pje_event_release(done)
	if err := await(ctx, done, function); err != nil {
		out.Close()
		return nil, err
	}
	return out, nil
}

// CopyToDevice copies the contents to the default memory of a device, which may be another client's of the same plugin.
func (b *Buffer) CopyToDevice(ctx context.Context, d *Device) (*Buffer, error) {
	defer runtime.KeepAlive(b)
	defer runtime.KeepAlive(d)
	var raw *C.pje_buffer
	var done *C.pje_event
	if err := result(C.pje_buffer_copy_to_device_async(b.raw, d.pointer(), &raw, &done)); err != nil {
		return nil, err
	}
	return b.copied(ctx, clientOf(d.of, b.client), raw, done, "pjrt.Buffer.CopyToDevice")
}

// CopyToMemory copies the contents to a memory.
func (b *Buffer) CopyToMemory(ctx context.Context, m *Memory) (*Buffer, error) {
	defer runtime.KeepAlive(b)
	defer runtime.KeepAlive(m)
	var raw *C.pje_buffer
	var done *C.pje_event
	if err := result(C.pje_buffer_copy_to_memory_async(b.raw, m.pointer(), &raw, &done)); err != nil {
		return nil, err
	}
	return b.copied(ctx, clientOf(m.of, b.client), raw, done, "pjrt.Buffer.CopyToMemory")
}

func clientOf(of any, otherwise *Client) *Client {
	if c, ok := of.(*Client); ok {
		return c
	}
	return otherwise
}

// OnDeviceSize is the number of bytes that the contents take on the device, padding included.
func (b *Buffer) OnDeviceSize() (int, error) {
	defer runtime.KeepAlive(b)
	var size C.size_t
	err := result(C.pje_buffer_on_device_size(b.raw, &size))
	return int(size), err
}

// IsOnCPU reports whether the contents lie in memory of the CPU.
func (b *Buffer) IsOnCPU() bool {
	defer runtime.KeepAlive(b)
	return bool(C.pje_buffer_is_on_cpu(b.raw))
}

// UnpaddedDims are the dimensions without what pads dynamic ones to their bounds.
func (b *Buffer) UnpaddedDims() ([]int, error) {
	defer runtime.KeepAlive(b)
	rank := b.Rank()
	dims := make([]int64, rank+1)
	if err := result(C.pje_buffer_unpadded_dims(b.raw, first64(dims))); err != nil {
		return nil, err
	}
	return dimsOf(first64(dims), C.size_t(rank)), nil
}

// DynamicDims are the dimensions whose sizes the program decides.
func (b *Buffer) DynamicDims() ([]int, error) {
	defer runtime.KeepAlive(b)
	indices := make([]C.size_t, b.Rank()+1)
	var count C.size_t
	if err := result(C.pje_buffer_dynamic_dims(b.raw, C.size_t(b.Rank()), &indices[0], &count)); err != nil {
		return nil, err
	}
	out := make([]int, count)
	for i := range out {
		out[i] = int(indices[i])
	}
	return out, nil
}

// ReadRaw reads bytes as they lie on the device.
func (b *Buffer) ReadRaw(ctx context.Context, offset, size int) ([]byte, error) {
	defer runtime.KeepAlive(b)
	out := make([]byte, size)
	pins := new(runtime.Pinner)
	pins.Pin(dataOf(out))
	var done, pending *C.pje_event
	if err := result(C.pje_buffer_copy_raw_to_host_async(b.raw, dataOf(out), C.size_t(offset), C.size_t(size), &done)); err != nil {
		pins.Unpin()
		return nil, err
	}
	err := result(C.bridge_settle(done, &pending))
	if pending == nil {
		pins.Unpin()
	} else {
		err = settle(ctx, pending, "pjrt.Buffer.ReadRaw", pins.Unpin)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ReadRawLater asks for bytes as they lie on the device before the memory for them is there: see [Fulfilment.SetData].
func (b *Buffer) ReadRawLater(offset, size int) (*Fulfilment, *Event, error) {
	defer runtime.KeepAlive(b)
	var promise *C.pje_fulfilment
	var done *C.pje_event
	if err := result(C.pje_buffer_copy_raw_to_host_later(b.raw, C.size_t(offset), C.size_t(size), &promise, &done)); err != nil {
		return nil, nil, err
	}
	return newFulfilment(promise), newEvent(done), nil
}

// BufferReference holds the memory of a buffer where it is: neither donation nor Delete frees it before Close.
type BufferReference struct {
	handle[*C.pje_buffer_reference]
}

var references = newClass(func(raw *C.pje_buffer_reference) { C.pje_buffer_reference_release(raw) })

// Hold makes a reference.
func (b *Buffer) Hold() (*BufferReference, error) {
	defer runtime.KeepAlive(b)
	var raw *C.pje_buffer_reference
	if err := result(C.pje_buffer_reference_create(b.raw, &raw)); err != nil {
		return nil, err
	}
	r := new(BufferReference)
	r.own(raw, references)
	return r, nil
}

// Address is that of the memory, on whichever device it is.
func (r *BufferReference) Address() (uint64, error) {
	defer runtime.KeepAlive(r)
	var out C.uint64_t
	err := result(C.pje_buffer_reference_unsafe_pointer(r.raw, &out))
	return uint64(out), err
}

// DevicePointer is what the device's own libraries take for the memory.
func (r *BufferReference) DevicePointer() (unsafe.Pointer, error) {
	defer runtime.KeepAlive(r)
	var out unsafe.Pointer
	err := result(C.pje_buffer_reference_device_pointer(r.raw, &out))
	return out, err
}

// String gives one line about it.
func (r *BufferReference) String() string {
	defer runtime.KeepAlive(r)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_buffer_reference_describe(r.raw, t, n) })
}
