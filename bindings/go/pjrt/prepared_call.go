package pjrt

// #include "bridge.h"
// #cgo noescape quick_run_prepared
// #cgo nocallback quick_run_prepared
import "C"

import (
	"context"
	"runtime"
)

// PreparedCall is an executable with options and slots for arguments and outputs, set up once and run again and again. One
// goroutine at a time may use it.
type PreparedCall struct {
	handle[*C.pje_prepared_call]
	executable *Executable
}

var preparedCalls = newClass(func(raw *C.pje_prepared_call) { C.pje_prepared_call_release(raw) })

// Prepare sets a run on one device up; options may be nil. Arguments may also be set later.
func (x *Executable) Prepare(options *ExecuteOptions, args ...*Buffer) (*PreparedCall, error) {
	defer runtime.KeepAlive(x)
	defer runtime.KeepAlive(options)
	built, err := options.build()
	if err != nil {
		return nil, err
	}
	defer built.free()
	var raw *C.pje_prepared_call
	if err := result(C.pje_prepared_call_create(x.raw, built.options, &raw)); err != nil {
		return nil, err
	}
	p := &PreparedCall{executable: x}
	p.own(raw, preparedCalls)
	for i, arg := range args {
		if err := p.SetArg(i, arg); err != nil {
			p.Close()
			return nil, err
		}
	}
	return p, nil
}

// Executable is what runs.
func (p *PreparedCall) Executable() *Executable { return p.executable }

// NumArgs is the number of slots for arguments.
func (p *PreparedCall) NumArgs() int {
	defer runtime.KeepAlive(p)
	return int(C.pje_prepared_call_num_args(p.raw))
}

// NumOutputs is the number of slots for outputs.
func (p *PreparedCall) NumOutputs() int {
	defer runtime.KeepAlive(p)
	return int(C.pje_prepared_call_num_outputs(p.raw))
}

// SetArg sets the argument of all runs to come, which is checked here, once; nil empties the slot. The buffer may be closed. After a
// run that took the argument over the slot has to be set again.
func (p *PreparedCall) SetArg(i int, b *Buffer) error {
	defer runtime.KeepAlive(p)
	defer runtime.KeepAlive(b)
	var raw *C.pje_buffer
	if b != nil {
		if raw = b.raw; raw == nil {
			return refuse(InvalidArgument, "pjrt.PreparedCall.SetArg", "argument %d is closed", i)
		}
	}
	return result(C.pje_prepared_call_set_arg(p.raw, C.size_t(i), raw))
}

// Arg is the argument in slot i, to be closed like any buffer; nil when the slot is empty.
func (p *PreparedCall) Arg(i int) *Buffer {
	defer runtime.KeepAlive(p)
	return p.share(C.pje_prepared_call_arg(p.raw, C.size_t(i)))
}

// Output is output i of the last run, to be closed like any buffer; nil where there is none.
func (p *PreparedCall) Output(i int) *Buffer {
	defer runtime.KeepAlive(p)
	return p.share(C.pje_prepared_call_output(p.raw, C.size_t(i)))
}

func (p *PreparedCall) share(lent *C.pje_buffer) *Buffer {
	if lent == nil {
		return nil
	}
	return newBuffer(C.pje_buffer_retain(lent), p.executable.client)
}

// Run runs with the arguments in the slots and waits for the end; the outputs of the run before are given back first. When ctx ends
// first the run goes on.
func (p *PreparedCall) Run(ctx context.Context) error {
	defer runtime.KeepAlive(p)
	var pending *C.pje_event
	if raw := C.quick_run_prepared(p.raw, &pending); raw != nil {
		return takeError(raw)
	}
	if pending == nil {
		return nil
	}
	return settle(ctx, pending, "pjrt.PreparedCall.Run", nil)
}

// RunAsync starts a run without waiting: the outputs are pending and can be arguments at once, and the call can be run again.
func (p *PreparedCall) RunAsync() (*Event, error) {
	defer runtime.KeepAlive(p)
	var done *C.pje_event
	if err := result(C.pje_prepared_call_run_async(p.raw, &done)); err != nil {
		return nil, err
	}
	return newEvent(done), nil
}

// String gives one line about it.
func (p *PreparedCall) String() string {
	defer runtime.KeepAlive(p)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_prepared_call_describe(p.raw, t, n) })
}
