package pjrt_test

import (
	"errors"
	"testing"
	"unsafe"

	"pjrteasy/pjrt"
)

var four = pjrt.ArrayType{DType: pjrt.TypeF32, Dims: []int{4}}

func TestCopies(t *testing.T) {
	c := openFake(t)
	values := []float32{1, 2, 3, 4}
	b := must(pjrt.BufferFrom(c, values))
	defer b.Close()
	there := must(b.CopyToDevice(ctx, c.AddressableDevice(2)))
	expect(t, there.Device().ID(), pjrt.DeviceID(2))
	expect(t, floats(t, there), values)
	for m := range c.AddressableDevice(1).Memories() {
		copied := must(b.CopyToMemory(ctx, m))
		expect(t, copied.Memory().ID(), m.ID())
		expect(t, floats(t, copied), values)
	}
	expect(t, must(b.OnDeviceSize()), 16)
	b.IsOnCPU()
	expect(t, must(b.UnpaddedDims()), []int{4})
	expect(t, must(b.DynamicDims()), []int{})
	expect(t, must(b.ReadRaw(ctx, 4, 4)), []byte{0, 0, 0, 0x40})
	if _, err := b.ReadRaw(ctx, 15, 4); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	memory := must(pjrt.NewArray(pjrt.TypeU8, 4))
	defer memory.Close()
	view := must(pjrt.View[uint8](memory))
	later, done, err := b.ReadRawLater(4, 4)
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	defer done.Close()
	if err := errors.Join(later.SetData(unsafe.Pointer(&view[0]), 4), done.Wait(ctx)); err != nil {
		t.Fatal(err)
	}
	expect(t, view, []byte{0, 0, 0, 0x40})
	if later.String() == "" {
		t.Error("no description")
	}
}

func TestSpecialBuffers(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	defer x.Close()
	blank := must(c.NewUninitialized(four, pjrt.Place{Device: c.AddressableDevice(1)}))
	expect(t, blank.Device().ID(), pjrt.DeviceID(1))
	blank.Close()
	failed := must(c.NewErrorBuffer(pjrt.NewError(pjrt.DataLoss, "as asked"), four, pjrt.Place{}))
	defer failed.Close()
	if _, err := pjrt.ToSlice[float32](ctx, failed); !errors.Is(err, pjrt.DataLoss) {
		t.Error(err)
	}
	alias, promise, err := c.NewAlias(four, pjrt.Place{})
	if err != nil {
		t.Fatal(err)
	}
	defer alias.Close()
	defer promise.Close()
	y := must(exe.Launch(nil, alias))[0]
	if err := promise.SetBuffer(x); err != nil {
		t.Fatal(err)
	}
	expect(t, floats(t, y), []float32{2, 3, 4, 5})
	if err := promise.SetError(pjrt.NewError(pjrt.Aborted, "too late")); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Error(err)
	}
	memory := must(pjrt.ArrayFrom([]float32{5, 6, 7, 8}))
	shown := must(c.NewView(unsafe.Pointer(&must(pjrt.View[float32](memory))[0]), 16, four, pjrt.Place{}))
	expect(t, floats(t, shown), []float32{5, 6, 7, 8})
	memory.Close()
	bits := must(x.Bitcast(pjrt.ArrayType{DType: pjrt.TypeU32, Dims: []int{4}}, nil))
	defer bits.Close()
	expect(t, must(pjrt.ToSlice[uint32](ctx, bits))[0], uint32(0x3f800000))
	donated := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	taken, dependency, err := donated.DonateWithDependency()
	if err != nil {
		t.Fatal(err)
	}
	defer dependency.Close()
	expect(t, donated.IsDeleted(), true)
	donated.Close()
	if err := dependency.SetDone(); err != nil {
		t.Fatal(err)
	}
	expect(t, floats(t, taken), []float32{1, 2, 3, 4})
}

func TestHold(t *testing.T) {
	c := openFake(t)
	x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	held := must(x.Hold())
	address := must(held.Address())
	if pointer, err := held.DevicePointer(); address == 0 || err != nil || pointer == nil {
		t.Error(address, pointer, err)
	}
	if held.String() == "" {
		t.Error("no description")
	}
	x.Close()
	held.Close()
}

func TestDeviceCalls(t *testing.T) {
	c := openFake(t)
	d := must(c.LookupAddressableDevice(2))
	expect(t, d.LocalHardwareID(), pjrt.LocalHardwareID(2))
	must(d.CurrentAttributes()).Close()
	if stats, err := d.MemoryStats(); implemented(t, err) {
		if _, ok := stats.Get("bytes_in_use"); !ok {
			t.Error(stats)
		}
		stats.Close()
	}
	implemented(t, d.ClearMemoryStats())
	poisoned, err := d.PoisonExecution(7, pjrt.NewError(pjrt.Aborted, "as asked"))
	if implemented(t, err) {
		expect(t, poisoned, false)
	}
	if span, err := d.Track("a span"); implemented(t, err) {
		if span.String() == "" {
			t.Error("no description")
		}
		span.Close()
	}
	implemented(t, c.UpdateGlobalProcessInfo(pjrt.ProcessInfo{TaskID: 0, IncarnationID: 1, State: pjrt.ProcessConnected},
		pjrt.ProcessInfo{TaskID: 1, State: pjrt.ProcessError, Err: pjrt.NewError(pjrt.Unavailable, "gone")}))
	memory := must(pjrt.ArrayFrom([]float32{1}))
	defer memory.Close()
	data := unsafe.Pointer(&must(pjrt.View[float32](memory))[0])
	if mapping, err := c.MapDMA(data, 4); implemented(t, err) {
		expect(t, mapping.Size(), 4)
		expect(t, mapping.Data(), data)
		if mapping.String() == "" {
			t.Error("no description")
		}
		mapping.Close()
	}
	if _, err := c.MapDMA(nil, 4); err == nil {
		t.Error("no memory was mapped")
	}
}

// The pool's threads run the plugin's code, not the caller's.
func TestLaunchPool(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	y := must(exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Pool: true}, []float32{1, 2, 3, 4}))
	expect(t, floats(t, y[0]), []float32{2, 3, 4, 5})
}
