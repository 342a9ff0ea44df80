package pjrt

// #include "bridge.h"
// #cgo noescape quick_execute
// #cgo nocallback quick_execute
// #cgo noescape quick_release_buffers
// #cgo nocallback quick_release_buffers
import "C"

import (
	"context"
	"runtime"
	"slices"
	"unsafe"
)

// arguments are the buffers of a call, and which of them were uploaded on the way.
type arguments struct {
	raw      []*C.pje_buffer
	uploaded []*Buffer
	keep     any
}

func (a *arguments) close() {
	for _, b := range a.uploaded {
		b.Close()
	}
	runtime.KeepAlive(a.keep)
}

// add puts the buffers of one argument at the end: a buffer, a list of them, an array, or host values.
func (a *arguments) add(c *Client, device *Device, value any) error {
	switch x := value.(type) {
	case *Buffer:
		a.raw = append(a.raw, x.pointer())
		return nil
	case []*Buffer:
		for _, b := range x {
			a.raw = append(a.raw, b.pointer())
		}
		return nil
	case []any:
		for _, each := range x {
			if err := a.add(c, device, each); err != nil {
				return err
			}
		}
		return nil
	}
	b, err := c.uploadAny(value, device)
	if err != nil {
		return err
	}
	a.uploaded = append(a.uploaded, b)
	a.raw = append(a.raw, b.raw)
	return nil
}

func (c *Client) uploadAny(value any, device *Device) (*Buffer, error) {
	if array, ok := value.(*Array); ok {
		return c.fromArray(array, false, device)
	}
	if value == nil {
		return nil, refuse(InvalidArgument, "pjrt.Execute", "an argument is nil")
	}
	h, err := fromAny(value)
	if err != nil {
		return nil, err
	}
	return c.upload(&h, device, nil)
}

func (x *Executable) arguments(values []any, device *Device) (*arguments, error) {
	a := &arguments{raw: make([]*C.pje_buffer, 0, len(values)+1), keep: values}
	if x.raw == nil {
		return a, nil
	}
	if device == nil && x.numDevices > 0 {
		device = x.device(0)
	}
	for _, value := range values {
		if err := a.add(x.client, device, value); err != nil {
			a.close()
			return nil, err
		}
	}
	return a, nil
}

// allBuffers is the way of most calls: nothing but buffers, and few of them.
func allBuffers(values []any, raw *[maxSmallArgs]*C.pje_buffer) bool {
	if len(values) > maxSmallArgs {
		return false
	}
	for i, value := range values {
		b, ok := value.(*Buffer)
		if !ok || b == nil {
			return false
		}
		raw[i] = b.raw
	}
	return true
}

func (x *Executable) wrap(raw []*C.pje_buffer) []*Buffer {
	out := make([]*Buffer, len(raw))
	for i, r := range raw {
		out[i] = newBuffer(r, x.client)
	}
	return out
}

// run is the way of most calls: nothing but buffers, few of them, and few outputs. false: not for such.
func (x *Executable) run(ctx context.Context, args []any, outputs *[maxSmallOutputs]*C.pje_buffer) (bool, error) {
	var small [maxSmallArgs]*C.pje_buffer
	if x.numOutputs > maxSmallOutputs || !allBuffers(args, &small) {
		return false, nil
	}
	in, out := (*C.uintptr_t)(unsafe.Pointer(&small)), (*C.uintptr_t)(unsafe.Pointer(outputs))
	n, m := C.size_t(len(args)), C.size_t(x.numOutputs)
	ended := C.quick_execute(number(unsafe.Pointer(x.raw)), in, n, out, m, &x.habits, ctx.Done() == nil)
	if ended.error != nil {
		return true, takeError(ended.error)
	}
	if ended.pending != nil {
		if err := settle(ctx, ended.pending, "pjrt.Executable.Execute", nil); err != nil {
			C.quick_release_buffers(&outputs[0], m)
			return true, err
		}
	}
	return true, nil
}

// Execute runs on one device and waits for the end. An argument is a *[Buffer], an *[Array], a list of these, or host data: a
// slice of elements, nested slices, or one element, which are uploaded on the way. The outputs are to be closed. When ctx ends
// first, the run goes on, its outputs are dropped, and the error is that of ctx.
func (x *Executable) Execute(ctx context.Context, args ...any) ([]*Buffer, error) {
	var outputs [maxSmallOutputs]*C.pje_buffer
	done, err := x.run(ctx, args, &outputs)
	if !done {
		// A copy, so that the arguments of quick calls need not be on the heap.
		return x.ExecuteWith(ctx, nil, slices.Clone(args)...)
	}
	runtime.KeepAlive(args)
	runtime.KeepAlive(x)
	if err != nil {
		return nil, err
	}
	return x.wrap(outputs[:x.numOutputs]), nil
}

// Call is [Executable.Execute] for programs with one output.
func (x *Executable) Call(ctx context.Context, args ...any) (*Buffer, error) {
	if x.numOutputs != 1 && x.raw != nil {
		return nil, refuse(InvalidArgument, "pjrt.Executable.Call", "the program has %d outputs; use Execute", x.numOutputs)
	}
	var outputs [maxSmallOutputs]*C.pje_buffer
	done, err := x.run(ctx, args, &outputs)
	if done && err == nil {
		runtime.KeepAlive(args)
		runtime.KeepAlive(x)
		return newBuffer(outputs[0], x.client), nil
	}
	if done {
		return nil, err
	}
	out, err := x.ExecuteWith(ctx, nil, slices.Clone(args)...)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// ExecuteWith is [Executable.Execute] with options, which may be nil.
func (x *Executable) ExecuteWith(ctx context.Context, options *ExecuteOptions, args ...any) ([]*Buffer, error) {
	var done *C.pje_event
	outputs, err := x.launch(options, args, &done)
	if err != nil {
		return nil, err
	}
	var pending *C.pje_event
	err = result(C.bridge_settle(done, &pending))
	if pending != nil {
		err = settle(ctx, pending, "pjrt.Executable.Execute", nil)
	}
	if err != nil {
		C.quick_release_buffers(&outputs[0], C.size_t(x.numOutputs))
		return nil, err
	}
	return x.wrap(outputs[:x.numOutputs]), nil
}

// ExecuteAsync starts a run without waiting: the outputs are pending and can be arguments at once; the event tells of the end.
func (x *Executable) ExecuteAsync(options *ExecuteOptions, args ...any) ([]*Buffer, *Event, error) {
	var done *C.pje_event
	outputs, err := x.launch(options, args, &done)
	if err != nil {
		return nil, nil, err
	}
	return x.wrap(outputs[:x.numOutputs]), newEvent(done), nil
}

// Launch is [Executable.ExecuteAsync] without an event: the outputs carry the run's error.
func (x *Executable) Launch(options *ExecuteOptions, args ...any) ([]*Buffer, error) {
	outputs, err := x.launch(options, args, nil)
	if err != nil {
		return nil, err
	}
	return x.wrap(outputs[:x.numOutputs]), nil
}

// launch gives the outputs in a slice with one slot more than there are; done may be nil.
func (x *Executable) launch(options *ExecuteOptions, args []any, done **C.pje_event) ([]*C.pje_buffer, error) {
	defer runtime.KeepAlive(x)
	defer runtime.KeepAlive(options)
	var device *Device
	if options != nil {
		device = options.Device
	}
	a, err := x.arguments(args, device)
	if err != nil {
		return nil, err
	}
	defer a.close()
	raw, err := options.build()
	if err != nil {
		return nil, err
	}
	defer raw.free()
	outputs := make([]*C.pje_buffer, x.numOutputs+1)
	err = result(C.pje_loaded_executable_execute_async(x.raw, unsafe.SliceData(a.raw), C.size_t(len(a.raw)), raw.options, &outputs[0],
		C.size_t(x.numOutputs), done))
	return outputs, err
}

// cText gives NULL for "".
func cText(text string) *C.char {
	if text == "" {
		return nil
	}
	return C.CString(text)
}

// ExecutePerDevice runs on every device of the executable with a list of arguments for each, in the order of
// [Executable.Devices]; the outputs come back as a list for each. Host data goes to the device whose list it is in.
func (x *Executable) ExecutePerDevice(ctx context.Context, options *ExecuteOptions, args [][]any) ([][]*Buffer, error) {
	outputs, events, err := x.launchPerDevice(options, args)
	if err != nil {
		return nil, err
	}
	var first error
	for _, event := range events {
		var pending *C.pje_event
		err := result(C.bridge_settle(event, &pending))
		if pending != nil {
			err = settle(ctx, pending, "pjrt.Executable.ExecutePerDevice", nil)
		}
		if first == nil {
			first = err
		}
	}
	if first != nil {
		C.quick_release_buffers(&outputs[0], C.size_t(len(outputs)))
		return nil, first
	}
	out := make([][]*Buffer, len(args))
	for d := range out {
		out[d] = x.wrap(outputs[d*x.numOutputs : (d+1)*x.numOutputs])
	}
	return out, nil
}

func (x *Executable) launchPerDevice(options *ExecuteOptions, args [][]any) ([]*C.pje_buffer, []*C.pje_event, error) {
	defer runtime.KeepAlive(x)
	defer runtime.KeepAlive(options)
	const function = "pjrt.Executable.ExecutePerDevice"
	if len(args) != x.numDevices || len(args) == 0 {
		return nil, nil, refuse(InvalidArgument, function, "%d lists of arguments for %d devices", len(args), x.numDevices)
	}
	all := &arguments{keep: args}
	defer all.close()
	perDevice := 0
	for d, list := range args {
		if err := all.add(x.client, x.device(d), list); err != nil {
			return nil, nil, err
		}
		if d == 0 {
			perDevice = len(all.raw)
		}
		if n := len(all.raw) - d*perDevice; n != perDevice {
			return nil, nil, refuse(InvalidArgument, function, "device %d has %d arguments, device 0 has %d", d, n, perDevice)
		}
	}
	raw, err := options.build()
	if err != nil {
		return nil, nil, err
	}
	defer raw.free()
	outputs := make([]*C.pje_buffer, len(args)*x.numOutputs+1)
	events := make([]*C.pje_event, len(args))
	all.raw = append(all.raw, nil)
	err = result(C.pje_loaded_executable_execute_sharded_async(x.raw, C.size_t(len(args)), &all.raw[0], C.size_t(perDevice), raw.options,
		&outputs[0], C.size_t(x.numOutputs), &events[0]))
	return outputs[:len(args)*x.numOutputs], events, err
}
