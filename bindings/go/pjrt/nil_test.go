package pjrt_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pjrteasy/pjrt"
)

// What is nil among the things a call is given is an error like any other.
func TestNil(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	defer x.Close()
	promise := must(pjrt.NewPromise())
	defer promise.Close()
	queue := must(pjrt.NewCompletionQueue())
	defer queue.Close()
	call := must(exe.Prepare(nil))
	defer call.Close()
	transfer := must(pjrt.NewArray(pjrt.TypeF32, 4))
	defer transfer.Close()
	for name, attempt := range map[string]func() error{
		"a nil buffer":            func() error { _, err := exe.Call(ctx, (*pjrt.Buffer)(nil)); return err },
		"a nil buffer of a list":  func() error { _, err := exe.Call(ctx, []*pjrt.Buffer{nil}); return err },
		"a nil array":             func() error { _, err := exe.Call(ctx, (*pjrt.Array)(nil)); return err },
		"a nil array to run":      func() error { _, err := exe.Run((*pjrt.Array)(nil)); return err },
		"nil to run":              func() error { _, err := exe.Run(nil); return err },
		"a nil array to run into": func() error { return exe.RunInto([]*pjrt.Array{transfer}, []*pjrt.Array{nil}) },
		"a nil array to upload":   func() error { _, err := pjrt.BufferFromArray(c, nil, nil); return err },
		"a nil array to move":     func() error { _, err := c.TransferAll(ctx, transfer, nil); return err },
		"a nil buffer to read":    func() error { _, err := pjrt.ToSlices[float32](ctx, x, nil); return err },
		"a nil buffer to arrays":  func() error { _, err := pjrt.ToArrays(ctx, x, nil); return err },
		"a nil event of all":      func() error { _, err := pjrt.All(promise, nil); return err },
		"a nil event of any":      func() error { _, err := pjrt.WaitAny(ctx, nil, promise); return err },
		"a nil event to queue":    func() error { return queue.Add(nil, 1) },
		"a nil program":           func() error { _, err := c.Compile(nil, nil); return err },
	} {
		if err := attempt(); !errors.Is(err, pjrt.InvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	expect(t, call.SetArg(0, nil), nil)
}

// Waits of host-in, host-out runs and of a client's end give up with their context; the work goes on.
func TestContextOfRunAndShutdown(t *testing.T) {
	if !withFake(t, "delay=PJRT_LoadedExecutable_Execute:2s", nil) {
		return
	}
	c := openFake(t)
	exe := compileText(t, c, addOne)
	given, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := exe.RunContext(given, []float32{1, 2, 3, 4}); !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v", err)
	}
	outputs := must(exe.Launch(nil, []float32{1, 2, 3, 4}))
	defer pjrt.CloseAll(outputs...)
	if err := c.Shutdown(given); !errors.Is(err, context.Canceled) || !errors.Is(err, pjrt.Cancelled) {
		t.Errorf("shutdown: %v", err)
	}
	expect(t, must(pjrt.ToSlice[float32](ctx, outputs[0])), []float32{2, 3, 4, 5})
	late, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := c.Shutdown(late); err != nil {
		t.Error(err)
	}
	if err := c.Shutdown(late); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Errorf("again: %v", err)
	}
}
