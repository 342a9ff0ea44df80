package pjrt

// #include "bridge.h"
//
// pje_error *bridge_transfer_all(pje_client *client, pje_array **arrays, size_t num_arrays, pje_device *device, pje_memory *memory,
//                                size_t piece_size, uintptr_t handle, pje_buffer **buffers, pje_event **done);
import "C"

import (
	"context"
	"runtime"
	"runtime/cgo"
	"unsafe"
)

// TransferManager makes buffers that are there before their contents, and fills them piece by piece.
type TransferManager struct {
	handle[*C.pje_transfer_manager]
	client *Client
}

var transferManagers = newClass(func(raw *C.pje_transfer_manager) { C.pje_transfer_manager_release(raw) })

// NewTransfer makes the buffers of a transfer, without contents; memory nil: the default of the first device.
func (c *Client) NewTransfer(memory *Memory, arrays ...ArrayType) (*TransferManager, error) {
	return c.NewTransferWithLayouts(memory, nil, arrays...)
}

// NewTransferWithLayouts is [Client.NewTransfer] with the order in which each array is to lie on the device; nil: as the plugin likes.
func (c *Client) NewTransferWithLayouts(memory *Memory, layouts []*Layout, arrays ...ArrayType) (*TransferManager, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(layouts)
	if layouts != nil && len(layouts) != len(arrays) {
		return nil, refuse(InvalidArgument, "pjrt.Client.NewTransferWithLayouts", "%d layouts for %d arrays", len(layouts), len(arrays))
	}
	if len(arrays) == 0 {
		return nil, refuse(InvalidArgument, "pjrt.Client.NewTransfer", "no arrays")
	}
	dtypes, ranks := make([]C.pje_dtype, len(arrays)), make([]C.size_t, len(arrays))
	// Lists of pointers must not lead C to memory of Go that may move: they are C's own.
	lists := unsafe.Slice((**C.int64_t)(C.calloc(C.size_t(len(arrays)), C.size_t(unsafe.Sizeof(uintptr(0))))), len(arrays))
	defer C.free(unsafe.Pointer(&lists[0]))
	for i, t := range arrays {
		dtypes[i], ranks[i] = C.pje_dtype(t.DType), C.size_t(len(t.Dims))
		lists[i] = (*C.int64_t)(C.calloc(C.size_t(len(t.Dims)+1), 8))
		defer C.free(unsafe.Pointer(lists[i]))
		copy(unsafe.Slice((*int64)(lists[i]), len(t.Dims)), dims64(t.Dims))
	}
	var orders []*C.pje_layout
	for _, layout := range layouts {
		orders = append(orders, layout.pointer())
	}
	var raw *C.pje_transfer_manager
	if err := result(C.pje_transfer_manager_create(c.raw, C.size_t(len(arrays)), &dtypes[0], &lists[0], &ranks[0], unsafe.SliceData(orders),
		memory.pointer(), &raw)); err != nil {
		return nil, err
	}
	t := &TransferManager{client: c}
	t.own(raw, transferManagers)
	return t, nil
}

// NumBuffers is the number of buffers.
func (t *TransferManager) NumBuffers() int {
	defer runtime.KeepAlive(t)
	return int(C.pje_transfer_manager_num_buffers(t.raw))
}

// Device is the one that the buffers are on, or nil.
func (t *TransferManager) Device() *Device {
	defer runtime.KeepAlive(t)
	return newDevice(C.pje_transfer_manager_device(t.raw), t.client)
}

// BufferSize is the number of bytes of buffer i on the device.
func (t *TransferManager) BufferSize(i int) (int, error) {
	defer runtime.KeepAlive(t)
	var size C.size_t
	err := result(C.pje_transfer_manager_buffer_size(t.raw, C.size_t(i), &size))
	return int(size), err
}

// Buffer hands buffer i over, once; it may be an argument before it is complete.
func (t *TransferManager) Buffer(i int) (*Buffer, error) {
	defer runtime.KeepAlive(t)
	var raw *C.pje_buffer
	if err := result(C.pje_transfer_manager_retrieve_buffer(t.raw, C.size_t(i), &raw)); err != nil {
		return nil, err
	}
	return newBuffer(raw, t.client), nil
}

// moved waits for a piece, whose memory is kept until it is there.
func moved(ctx context.Context, data unsafe.Pointer, function string, start func(done **C.pje_event) *C.pje_error) error {
	pins := new(runtime.Pinner)
	pins.Pin(data)
	var done, pending *C.pje_event
	if err := result(start(&done)); err != nil {
		pins.Unpin()
		return err
	}
	err := result(C.bridge_settle(done, &pending))
	if pending == nil {
		pins.Unpin()
		return err
	}
	return settle(ctx, pending, function, pins.Unpin)
}

// Write copies a piece of the dense, row-major array i, which begins at byte offset of it. Pieces come in any order, from any
// goroutine, and must not overlap; the one that completes the array is found by itself. When ctx ends first, the piece must not
// change until the buffer is ready.
func (t *TransferManager) Write(ctx context.Context, i int, piece []byte, offset int) error {
	defer runtime.KeepAlive(t)
	return moved(ctx, dataOf(piece), "pjrt.TransferManager.Write", func(done **C.pje_event) *C.pje_error {
		return C.pje_transfer_manager_write_async(t.raw, C.size_t(i), dataOf(piece), C.size_t(len(piece)), C.size_t(offset), done)
	})
}

// WriteRaw copies bytes as they lie on the device; last tells that nothing more comes.
func (t *TransferManager) WriteRaw(ctx context.Context, i int, piece []byte, offset int, last bool) error {
	defer runtime.KeepAlive(t)
	return moved(ctx, dataOf(piece), "pjrt.TransferManager.WriteRaw", func(done **C.pje_event) *C.pje_error {
		return C.pje_transfer_manager_transfer_data_async(t.raw, C.size_t(i), dataOf(piece), C.size_t(len(piece)), C.size_t(offset),
			C.bool(last), done)
	})
}

// WriteAll copies the whole array i, which lies in the given order; nil: row-major.
func (t *TransferManager) WriteAll(ctx context.Context, i int, array []byte, layout *Layout) error {
	defer runtime.KeepAlive(t)
	defer runtime.KeepAlive(layout)
	return moved(ctx, dataOf(array), "pjrt.TransferManager.WriteAll", func(done **C.pje_event) *C.pje_error {
		return C.pje_transfer_manager_transfer_literal_async(t.raw, C.size_t(i), dataOf(array), C.size_t(len(array)), layout.pointer(), done)
	})
}

// SetError gives buffer i an error instead of the rest of its contents.
func (t *TransferManager) SetError(i int, reason error) error {
	defer runtime.KeepAlive(t)
	given := rawError(reason)
	defer C.pje_error_release(given)
	return result(C.pje_transfer_manager_set_buffer_error(t.raw, C.size_t(i), given))
}

// AddMetadata tells the plugin something about the transfer.
func (t *TransferManager) AddMetadata(values map[string]Value) error {
	defer runtime.KeepAlive(t)
	given, err := valuesFrom(values)
	if err != nil {
		return err
	}
	defer given.Close()
	return result(C.pje_transfer_manager_add_metadata(t.raw, given.raw))
}

// Progress tells how many bytes of those given to Write have arrived, and how many there are in all.
func (t *TransferManager) Progress(i int) (done, total int, err error) {
	defer runtime.KeepAlive(t)
	var arrived, all C.size_t
	err = result(C.pje_transfer_manager_progress(t.raw, C.size_t(i), &arrived, &all))
	return int(arrived), int(all), err
}

// TransferState is how far a transfer is.
type TransferState struct {
	BytesDone, BytesTotal   int
	BuffersDone, NumBuffers int
	BytesPerSecond          float64 // since the beginning
}

// TransferOptions say how several arrays are moved.
type TransferOptions struct {
	Device    *Device             // goes to its default memory
	Memory    *Memory             // goes there; at most one of both
	PieceSize int                 // bytes that go at a time; 0: the library's choice
	Progress  func(TransferState) // told after each piece, on the thread that moves, which waits
}

// TransferAll moves several arrays to the default memory of the first device, piece by piece.
func (c *Client) TransferAll(ctx context.Context, arrays ...*Array) ([]*Buffer, error) {
	return c.TransferAllWith(ctx, nil, arrays...)
}

// TransferAllWith is [Client.TransferAll] with options, which may be nil.
func (c *Client) TransferAllWith(ctx context.Context, options *TransferOptions, arrays ...*Array) ([]*Buffer, error) {
	out, done, err := c.TransferAllAsync(options, arrays...)
	if err != nil {
		return nil, err
	}
	defer done.Close()
	if err := done.Wait(ctx); err != nil {
		CloseAll(out...)
		return nil, err
	}
	return out, nil
}

// TransferAllAsync hands the buffers over at once, and moves the arrays meanwhile; they must not change before the event is ready.
// After a failure each buffer that is not complete holds it.
func (c *Client) TransferAllAsync(options *TransferOptions, arrays ...*Array) ([]*Buffer, *Event, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(arrays)
	if options == nil {
		options = &TransferOptions{}
	}
	var handle cgo.Handle
	atEnd := func() {}
	if options.Progress != nil {
		handle = cgo.NewHandle(options.Progress)
		atEnd = handle.Delete
	}
	raw := make([]*C.pje_buffer, len(arrays)+1)
	var done *C.pje_event
	if err := result(C.bridge_transfer_all(c.raw, &rawArrays(arrays)[0], C.size_t(len(arrays)), options.Device.pointer(),
		options.Memory.pointer(), C.size_t(options.PieceSize), C.uintptr_t(handle), &raw[0], &done)); err != nil {
		atEnd()
		return nil, nil, err
	}
	out := make([]*Buffer, len(arrays))
	for i := range out {
		out[i] = newBuffer(raw[i], c)
	}
	event := newEvent(done)
	if err := atEndOf(done, atEnd); err != nil {
		// Nobody will tell of the end: the handler stays.
		CloseAll(out...)
		event.Close()
		return nil, nil, err
	}
	return out, event, nil
}

//export goTransferProgress
func goTransferProgress(handle C.uintptr_t, state *C.pje_transfer_state) {
	cgo.Handle(handle).Value().(func(TransferState))(TransferState{int(state.bytes_done), int(state.bytes_total),
		int(state.buffers_done), int(state.num_buffers), float64(state.bytes_per_second)})
}
