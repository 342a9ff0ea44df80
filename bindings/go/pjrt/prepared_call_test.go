package pjrt_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pjrteasy/pjrt"
)

func TestPreparedCall(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addMultiply)
	a := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	b := must(pjrt.BufferFrom(c, []float32{10, 20, 30, 40}))
	call := must(exe.Prepare(&pjrt.ExecuteOptions{CallLocation: "prepared_call_test.go"}, a))
	defer call.Close()
	expect(t, call.Executable(), exe)
	expect(t, []int{call.NumArgs(), call.NumOutputs()}, []int{2, 2})
	if call.Arg(1) != nil || call.Output(0) != nil || call.Output(2) != nil {
		t.Error("empty slots hold something")
	}
	if err := call.Run(ctx); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Errorf("a slot is empty: %v", err)
	}
	if err := call.SetArg(1, b); err != nil {
		t.Fatal(err)
	}
	pjrt.CloseAll(a, b)
	for range 3 {
		if err := call.Run(ctx); err != nil {
			t.Fatal(err)
		}
		expect(t, floats(t, call.Output(0)), []float32{11, 22, 33, 44})
		expect(t, floats(t, call.Output(1)), []float32{10, 40, 90, 160})
	}
	// The sum becomes the next argument, without a wait.
	for range 2 {
		done := must(call.RunAsync())
		sum := call.Output(0)
		if err := errors.Join(call.SetArg(0, sum), done.Wait(ctx)); err != nil {
			t.Fatal(err)
		}
		sum.Close()
		done.Close()
	}
	expect(t, floats(t, call.Arg(0)), []float32{21, 42, 63, 84})
	if !strings.Contains(call.String(), "2") {
		t.Error(call)
	}
	if err := call.SetArg(0, a); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("a closed buffer: %v", err)
	}
	wrong := must(pjrt.BufferFrom(c, []int32{1}))
	defer wrong.Close()
	if _, err := exe.Prepare(nil, wrong); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("another type: %v", err)
	}
}

func TestPreparedCallContext(t *testing.T) {
	if !withFake(t, "delay=PJRT_LoadedExecutable_Execute:1s", nil) {
		return
	}
	c := openFake(t)
	x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	defer x.Close()
	call := must(compileText(t, c, addOne).Prepare(nil, x))
	defer call.Close()
	given, cancel := context.WithCancel(ctx)
	cancel()
	if err := call.Run(given); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	expect(t, floats(t, call.Output(0)), []float32{2, 3, 4, 5})
}

func TestToSlices(t *testing.T) {
	c := openFake(t)
	a, b := must(pjrt.BufferFrom(c, []float32{1, 2})), must(pjrt.BufferFrom(c, []float32{}))
	i := must(pjrt.BufferFrom(c, []int16{3}))
	defer pjrt.CloseAll(a, b, i)
	expect(t, must(pjrt.ToSlices[float32](ctx, a, b)), [][]float32{{1, 2}, {}})
	if _, err := pjrt.ToSlices[float32](ctx, a, i); !errors.Is(err, pjrt.InvalidArgument) || !strings.Contains(err.Error(), "buffer 1") {
		t.Error(err)
	}
	arrays := must(pjrt.ToArrays(ctx, a, i))
	expect(t, must(pjrt.ArrayValues[float32](arrays[0])), []float32{1, 2})
	expect(t, must(pjrt.ArrayValues[int16](arrays[1])), []int16{3})
	i.Close()
	if _, err := pjrt.ToArrays(ctx, a, i); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
}

func TestHostView(t *testing.T) {
	if !withFake(t, "platform=cpu", nil) {
		return
	}
	c := openFake(t)
	x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	view := must(x.HostView(ctx))
	expect(t, must(pjrt.HostSlice[float32](view)), []float32{1, 2, 3, 4})
	expect(t, len(view.Bytes()), 16)
	if _, err := pjrt.HostSlice[int32](view); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	if !strings.Contains(view.String(), "f32") {
		t.Error(view)
	}
	if err := x.Delete(); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Errorf("deleted while it is looked at: %v", err)
	}
	x.Close()
	of := view.Buffer()
	defer of.Close()
	expect(t, must(pjrt.HostSlice[float32](view))[3], float32(4))
	view.Close()
	if view.Bytes() != nil {
		t.Error("memory of a closed view")
	}
	if err := of.Delete(); err != nil {
		t.Error(err)
	}
	failed := must(c.NewErrorBuffer(pjrt.NewError(pjrt.DataLoss, "as asked"), four, pjrt.Place{}))
	defer failed.Close()
	if _, err := failed.HostView(ctx); !errors.Is(err, pjrt.DataLoss) {
		t.Error(err)
	}
}

func TestExecuteContext(t *testing.T) {
	c := openFake(t)
	data := must(c.Plugin().NewExecuteContext())
	expect(t, data.Plugin(), c.Plugin())
	if !strings.Contains(data.String(), "context") {
		t.Error(data)
	}
	exe := compileText(t, c, addOne)
	y := must(exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Context: data, Tasks: []pjrt.Task{{ID: 0, Incarnation: 1}}, NonDonatable: []int{0}},
		[]float32{1, 2, 3, 4}))
	expect(t, floats(t, y[0]), []float32{2, 3, 4, 5})
	data.Close()
	if _, err := exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Custom: map[string]pjrt.Value{"k": struct{}{}}}, []float32{1, 2, 3, 4}); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("an option of no kind: %v", err)
	}
}

func TestRunAsync(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	outputs, done, err := exe.RunAsync([]float32{1, 2, 3, 4})
	if err != nil {
		t.Fatal(err)
	}
	defer done.Close()
	if err := done.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	expect(t, must(pjrt.ArrayValues[float32](outputs[0])), []float32{2, 3, 4, 5})
	into := must(pjrt.NewArray(pjrt.TypeF32, 4))
	later := must(exe.RunIntoAsync(&pjrt.ExecuteOptions{Pool: true}, outputs, []*pjrt.Array{into}))
	defer later.Close()
	if err := later.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	expect(t, must(pjrt.ArrayValues[float32](into)), []float32{3, 4, 5, 6})
	if _, _, err := exe.RunAsync("text"); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	if _, err := exe.RunIntoAsync(nil, outputs, nil); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
}

func TestBufferFromArrayAsync(t *testing.T) {
	c := openFake(t)
	a := must(pjrt.ArrayFrom([]float32{1, 2, 3, 4}))
	b, done, err := pjrt.BufferFromArrayAsync(c, a, c.AddressableDevice(2))
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	defer done.Close()
	expect(t, b.Device().ID(), pjrt.DeviceID(2))
	expect(t, floats(t, b), []float32{1, 2, 3, 4})
	if err := done.Wait(ctx); err != nil {
		t.Error(err)
	}
	if _, _, err := pjrt.BufferFromArrayAsync(c, a, nil); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("a closed array: %v", err)
	}
}

func TestTransferOptions(t *testing.T) {
	c := openFake(t)
	x := must(pjrt.ArrayFrom([]float32{1, 2, 3, 4}))
	defer x.Close()
	var states []pjrt.TransferState
	moved := must(c.TransferAllWith(ctx, &pjrt.TransferOptions{Device: c.AddressableDevice(1), PieceSize: 8,
		Progress: func(state pjrt.TransferState) { states = append(states, state) }}, x, x))
	expect(t, moved[0].Device().ID(), pjrt.DeviceID(1))
	for _, b := range moved {
		expect(t, floats(t, b), []float32{1, 2, 3, 4})
	}
	expect(t, len(states), 4)
	last := states[3]
	expect(t, []int{last.BytesDone, last.BytesTotal, last.BuffersDone, last.NumBuffers}, []int{32, 32, 2, 2})
	if _, err := c.TransferAllWith(ctx, &pjrt.TransferOptions{Device: c.AddressableDevice(1), Memory: c.AddressableDevice(1).DefaultMemory()}, x); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	columns := must(pjrt.ParseLayout("{0,1}"))
	defer columns.Close()
	matrix := pjrt.ArrayType{DType: pjrt.TypeF32, Dims: []int{2, 2}}
	transfer := must(c.NewTransferWithLayouts(nil, []*pjrt.Layout{columns, nil}, matrix, matrix))
	defer transfer.Close()
	b := must(transfer.Buffer(0))
	if err := transfer.WriteRaw(ctx, 0, bytesOf(1, 3, 2, 4), 0, true); err != nil {
		t.Fatal(err)
	}
	expect(t, floats(t, b), []float32{1, 2, 3, 4})
	if _, err := c.NewTransferWithLayouts(nil, []*pjrt.Layout{columns}, matrix, matrix); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
}
