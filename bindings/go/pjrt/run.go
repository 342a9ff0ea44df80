package pjrt

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

func rawArrays(arrays []*Array) []*C.pje_array {
	raw := make([]*C.pje_array, len(arrays)+1)
	for i, a := range arrays {
		raw[i] = a.pointer()
	}
	return raw
}

// Run takes host arrays and gives host arrays, on one device: it uploads, runs, reads back. Arguments are as in
// [Executable.Execute], buffers excepted.
func (x *Executable) Run(args ...any) ([]*Array, error) {
	return x.RunContext(context.Background(), args...)
}

// RunContext is [Executable.Run] whose wait ends with ctx; the run then goes on, and its outputs are dropped.
func (x *Executable) RunContext(ctx context.Context, args ...any) ([]*Array, error) {
	outputs, done, err := x.RunAsync(args...)
	if err != nil {
		return nil, err
	}
	defer done.Close()
	if err := done.Wait(ctx); err != nil {
		closeArrays(outputs)
		return nil, err
	}
	return outputs, nil
}

// RunAsync is [Executable.Run] without the wait: the outputs are complete once the event is ready. Arrays among the arguments are
// kept, and must not change before.
func (x *Executable) RunAsync(args ...any) ([]*Array, *Event, error) {
	defer runtime.KeepAlive(x)
	arrays, made, err := arraysFrom(args)
	defer closeArrays(made)
	if err != nil {
		return nil, nil, err
	}
	outputs := make([]*C.pje_array, x.numOutputs+1)
	var done *C.pje_event
	err = result(C.pje_loaded_executable_run_async(x.raw, &rawArrays(arrays)[0], C.size_t(len(arrays)), &outputs[0], C.size_t(x.numOutputs), &done))
	runtime.KeepAlive(arrays)
	if err != nil {
		return nil, nil, err
	}
	return wrapArrays(outputs[:x.numOutputs]), newEvent(done), nil
}

// arraysFrom gives every argument as an array, and those that it made on the way.
func arraysFrom(args []any) (arrays, made []*Array, err error) {
	for _, value := range args {
		a, ok := value.(*Array)
		if !ok {
			if a, err = arrayFromAny(value); err != nil {
				return nil, made, err
			}
			made = append(made, a)
		}
		arrays = append(arrays, a)
	}
	return arrays, made, nil
}

func closeArrays(arrays []*Array) {
	for _, a := range arrays {
		a.Close()
	}
}

func wrapArrays(raw []*C.pje_array) []*Array {
	out := make([]*Array, len(raw))
	for i, r := range raw {
		out[i] = newArray(r)
	}
	return out
}

// RunInto is [Executable.Run] into arrays that are there already.
func (x *Executable) RunInto(args []*Array, outputs []*Array) error {
	done, err := x.RunIntoAsync(nil, args, outputs)
	if err != nil {
		return err
	}
	defer done.Close()
	return done.Wait(context.Background())
}

// RunIntoAsync is [Executable.RunInto] with options, which may be nil, and without the wait: neither arguments nor outputs may be
// touched before the event is ready.
func (x *Executable) RunIntoAsync(options *ExecuteOptions, args []*Array, outputs []*Array) (*Event, error) {
	defer runtime.KeepAlive(x)
	defer runtime.KeepAlive(options)
	defer runtime.KeepAlive(args)
	defer runtime.KeepAlive(outputs)
	raw, err := options.build()
	if err != nil {
		return nil, err
	}
	defer raw.free()
	var done *C.pje_event
	if err := result(C.pje_loaded_executable_run_into_async(x.raw, &rawArrays(args)[0], C.size_t(len(args)), raw.options,
		&rawArrays(outputs)[0], C.size_t(len(outputs)), &done)); err != nil {
		return nil, err
	}
	return newEvent(done), nil
}

func arrayFromAny(value any) (*Array, error) {
	if value == nil {
		return nil, refuse(InvalidArgument, "pjrt.Executable.Run", "an argument is nil")
	}
	h, err := fromAny(value)
	if err != nil {
		return nil, err
	}
	var raw *C.pje_array
	if err := result(C.pje_array_create(h.dtype, first64(h.dims), C.size_t(len(h.dims)), &raw)); err != nil {
		return nil, err
	}
	if h.size > 0 {
		copy(unsafe.Slice((*byte)(C.pje_array_data(raw)), int(h.size)), unsafe.Slice((*byte)(h.data), int(h.size)))
	}
	return newArray(raw), nil
}
