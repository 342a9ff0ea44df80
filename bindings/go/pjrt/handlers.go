package pjrt

// #include "bridge.h"
//
// pje_error *bridge_new_handlers(uintptr_t handle, pje_execute_handlers **out);
// pje_error *bridge_add_receive(pje_execute_handlers *handlers, int64_t channel_id, uintptr_t handle);
// pje_error *bridge_add_output(pje_execute_handlers *handlers, int64_t callback_id, size_t num_operands, uintptr_t handle);
import "C"

import (
	"context"
	"runtime"
	"runtime/cgo"
	"sync"
	"unsafe"
)

// Transfer is a send or a receive of a running program.
type Transfer struct {
	Channel     int64
	DeviceIndex int  // place of the device in the run
	TotalBytes  int  // of the whole transfer
	Last        bool // true for the last piece of a send
}

// Output is the result of an operation that the program has marked with the frontend attribute `_xla_tag`.
type Output struct {
	Callback           int64 // the number that the program gave to the operation
	Replica, Partition int64
	Operand            int // which part of a result that is a tuple, else 0
	Type               ArrayType
	Data               []byte // a copy
}

// Handlers are functions that running programs reach: see [ExecuteOptions]. Those of sends and receives run in goroutines while the
// program waits. Add them before the run; one set may serve several runs at the same time.
type Handlers struct {
	handle[*C.pje_execute_handlers]
	state *handlerState
}

// handlerState lives until the last run that uses the handlers has ended, though nobody may hold them any more.
type handlerState struct {
	mu       sync.RWMutex
	self     cgo.Handle
	queue    *RequestQueue
	sends    map[int64]func(Transfer, []byte) error
	receives map[int64]func(Transfer) ([]byte, error)
	streams  map[int64]func(Transfer, *CopyStream)
	outputs  map[int64]func(Output)
}

var handlerSets = newClass(func(raw *C.pje_execute_handlers) { C.pje_execute_handlers_release(raw) })

// NewHandlers makes an empty set.
func NewHandlers() (*Handlers, error) {
	queue, err := NewRequestQueue()
	if err != nil {
		return nil, err
	}
	s := &handlerState{
		queue:    queue,
		sends:    make(map[int64]func(Transfer, []byte) error),
		receives: make(map[int64]func(Transfer) ([]byte, error)),
		streams:  make(map[int64]func(Transfer, *CopyStream)),
		outputs:  make(map[int64]func(Output)),
	}
	s.self = cgo.NewHandle(s)
	var raw *C.pje_execute_handlers
	if err := result(C.bridge_new_handlers(C.uintptr_t(s.self), &raw)); err != nil {
		s.self.Delete()
		queue.Close()
		return nil, err
	}
	go func() {
		queue.Serve(s.answer)
		queue.Close()
	}()
	h := &Handlers{state: s}
	h.own(raw, handlerSets)
	return h, nil
}

func (h *Handlers) pointer() *C.pje_execute_handlers {
	if h == nil {
		return nil
	}
	return h.raw
}

// String gives one line about it.
func (h *Handlers) String() string {
	defer runtime.KeepAlive(h)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_execute_handlers_describe(h.raw, t, n) })
}

// add has the library told of a handler, which is there by then; whatever it had under that number before stays.
func addHandler[F any](h *Handlers, handlers map[int64]F, number int64, handler F, tell func() *C.pje_error) error {
	defer runtime.KeepAlive(h)
	if h.raw == nil {
		return result(tell())
	}
	h.state.mu.Lock()
	defer h.state.mu.Unlock()
	if err := result(tell()); err != nil {
		return err
	}
	handlers[number] = handler
	return nil
}

// OnSend has take given what programs send over a channel, piece by piece. An error ends the run with it.
func (h *Handlers) OnSend(channel int64, take func(Transfer, []byte) error) error {
	return addHandler(h, h.state.sends, channel, take, func() *C.pje_error {
		return C.pje_execute_handlers_add_send_requests(h.raw, C.int64_t(channel), h.state.queue.raw)
	})
}

// OnReceive has give asked for what programs receive over a channel, which has [Transfer.TotalBytes]. An error ends the run.
func (h *Handlers) OnReceive(channel int64, give func(Transfer) ([]byte, error)) error {
	return addHandler(h, h.state.receives, channel, give, func() *C.pje_error {
		return C.pje_execute_handlers_add_receive_requests(h.raw, C.int64_t(channel), h.state.queue.raw)
	})
}

// OnReceiveStream has feed write what programs receive over a channel, piece by piece. A stream that is closed before
// [Transfer.TotalBytes] were written ends the run with an error.
func (h *Handlers) OnReceiveStream(channel int64, feed func(Transfer, *CopyStream)) error {
	return addHandler(h, h.state.streams, channel, feed, func() *C.pje_error {
		return C.bridge_add_receive(h.raw, C.int64_t(channel), C.uintptr_t(h.state.self))
	})
}

// OnOutput has see shown the results of operations that the program has marked with a number; operands is the number of arrays that
// one gives. Plugins from 0.112 on. It runs on a thread of the plugin and must not call this package but to close things.
func (h *Handlers) OnOutput(callback int64, operands int, see func(Output)) error {
	return addHandler(h, h.state.outputs, callback, see, func() *C.pje_error {
		return C.bridge_add_output(h.raw, C.int64_t(callback), C.size_t(operands), C.uintptr_t(h.state.self))
	})
}

func (r Request) number(name string) int64 {
	value, _ := r.Value(name)
	switch x := value.(type) {
	case int64:
		return x
	case bool:
		if x {
			return 1
		}
	}
	return 0
}

func (s *handlerState) answer(r Request) ([]byte, error) {
	transfer := Transfer{r.number("channel_id"), int(r.number("device_index")), int(r.number("total_bytes")), r.number("is_last") != 0}
	s.mu.RLock()
	take, give := s.sends[transfer.Channel], s.receives[transfer.Channel]
	s.mu.RUnlock()
	if r.Kind() == RequestSend {
		return nil, take(transfer, r.Data())
	}
	return give(transfer)
}

//export goHandlersEnded
func goHandlersEnded(handle C.uintptr_t) {
	s := cgo.Handle(handle).Value().(*handlerState)
	cgo.Handle(handle).Delete()
	s.queue.End()
}

//export goReceive
func goReceive(handle C.uintptr_t, info *C.pje_transfer_info, stream *C.pje_copy_stream) {
	s := cgo.Handle(handle).Value().(*handlerState)
	transfer := Transfer{int64(info.channel_id), int(info.device_index), int(info.total_bytes), true}
	s.mu.RLock()
	feed := s.streams[transfer.Channel]
	s.mu.RUnlock()
	c := new(CopyStream)
	c.own(stream, copyStreams)
	go func() {
		defer c.Close()
		feed(transfer, c)
	}()
}

//export goOutput
func goOutput(handle C.uintptr_t, info *C.pje_output_info) {
	s := cgo.Handle(handle).Value().(*handlerState)
	s.mu.RLock()
	see := s.outputs[int64(info.callback_id)]
	s.mu.RUnlock()
	see(Output{
		Callback: int64(info.callback_id), Replica: int64(info.replica), Partition: int64(info.partition), Operand: int(info.operand_index),
		Type: ArrayType{DType(info.dtype), dimsOf(info.dims, info.rank)},
		Data: append([]byte{}, unsafe.Slice((*byte)(info.data), int(info.size))...),
	})
}

// CopyStream feeds a receive of a running program. It is an io.Writer.
type CopyStream struct {
	handle[*C.pje_copy_stream]
}

var copyStreams = newClass(func(raw *C.pje_copy_stream) { C.pje_copy_stream_release(raw) })

// TotalBytes is what the program waits for.
func (s *CopyStream) TotalBytes() int {
	defer runtime.KeepAlive(s)
	return int(C.pje_copy_stream_total_bytes(s.raw))
}

// GranuleBytes is what the size of each piece must be a multiple of.
func (s *CopyStream) GranuleBytes() int {
	defer runtime.KeepAlive(s)
	return int(C.pje_copy_stream_granule_bytes(s.raw))
}

// CurrentBytes is what was written so far.
func (s *CopyStream) CurrentBytes() (int, error) {
	defer runtime.KeepAlive(s)
	var out C.size_t
	err := result(C.pje_copy_stream_current_bytes(s.raw, &out))
	return int(out), err
}

// Write copies a piece and waits until the device has it.
func (s *CopyStream) Write(piece []byte) (int, error) {
	defer runtime.KeepAlive(s)
	var chunk *C.pje_chunk
	if err := result(C.pje_chunk_copy(dataOf(piece), C.size_t(len(piece)), &chunk)); err != nil {
		return 0, err
	}
	defer C.pje_chunk_release(chunk)
	var done, pending *C.pje_event
	if err := result(C.pje_copy_stream_add_chunk_async(s.raw, chunk, &done)); err != nil {
		return 0, err
	}
	err := result(C.bridge_settle(done, &pending))
	if pending != nil {
		err = settle(context.Background(), pending, "pjrt.CopyStream.Write", nil)
	}
	if err != nil {
		return 0, err
	}
	return len(piece), nil
}

// String gives one line about it.
func (s *CopyStream) String() string {
	defer runtime.KeepAlive(s)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_copy_stream_describe(s.raw, t, n) })
}
