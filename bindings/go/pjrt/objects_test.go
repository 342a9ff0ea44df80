package pjrt_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pjrteasy/pjrt"
)

func TestLayouts(t *testing.T) {
	columns := must(pjrt.NewTiledLayout([]int{0, 1}))
	defer columns.Close()
	expect(t, columns.Text(), "{0,1}")
	expect(t, columns.MinorToMajor(), []int{0, 1})
	expect(t, columns.ByteStrides(), []int(nil))
	expect(t, columns.IsStrided(), false)
	expect(t, columns.Rank(), 2)
	expect(t, must(columns.StridesOf(pjrt.TypeF32, 2, 3)), []int{4, 8})
	expect(t, must(columns.HostSize(pjrt.TypeF32, 2, 3)), 24)
	again := must(pjrt.LayoutFromBytes(must(columns.Serialize())))
	defer again.Close()
	copied := must(columns.Copy())
	defer copied.Close()
	fromStrides := must(pjrt.LayoutFromStrides(pjrt.TypeF32, []int{2, 3}, []int{4, 8}))
	defer fromStrides.Close()
	for _, other := range []*pjrt.Layout{again, copied, fromStrides} {
		if !other.Equal(columns) || other.Hash() != columns.Hash() {
			t.Errorf("%v is not %v", other, columns)
		}
	}
	tiled := must(pjrt.NewTiledLayout([]int{1, 0}, []int{8, 128}, []int{2, 1}))
	defer tiled.Close()
	expect(t, tiled.Tiles(), [][]int{{8, 128}, {2, 1}})
	parsed := must(pjrt.ParseLayout("{1,0:T(8,128)(2,1)}"))
	defer parsed.Close()
	expect(t, parsed.Equal(tiled), true)
	strided := must(pjrt.NewStridedLayout(8, -4))
	defer strided.Close()
	expect(t, strided.ByteStrides(), []int{8, -4})
	expect(t, strided.MinorToMajor(), []int(nil))
	if _, err := strided.Serialize(); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"order":   second(pjrt.NewTiledLayout([]int{0, 0})),
		"text":    second(pjrt.ParseLayout("{1,")),
		"strides": second(pjrt.LayoutFromStrides(pjrt.TypeF32, []int{2}, []int{4, 8})),
	} {
		if !errors.Is(err, pjrt.InvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestLayoutsOfBuffers(t *testing.T) {
	c := openFake(t)
	columns := must(pjrt.ParseLayout("{0,1}"))
	defer columns.Close()
	values := []float32{1, 2, 3, 4, 5, 6}
	b := must(pjrt.Upload(c, values, &pjrt.UploadOptions{Dims: []int{2, 3}, Layout: columns}))
	defer b.Close()
	of := must(b.Layout())
	defer of.Close()
	expect(t, of.Text(), "{0,1}")
	expect(t, must(pjrt.ToSlice[float32](ctx, b)), values)
	out := make([]float32, 6)
	if err := pjrt.ReadLayout(ctx, b, columns, out, 0); err != nil {
		t.Fatal(err)
	}
	expect(t, out, []float32{1, 4, 2, 5, 3, 6})
	backwards := must(pjrt.NewStridedLayout(12, -4))
	defer backwards.Close()
	if err := pjrt.ReadLayout(ctx, b, backwards, out, 2); err != nil {
		t.Fatal(err)
	}
	expect(t, out, []float32{3, 2, 1, 6, 5, 4})
	if err := pjrt.ReadLayout(ctx, b, columns, out[:1], 7); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	o := newOptions(t)
	shape := pjrt.ArrayType{DType: pjrt.TypeF32, Dims: []int{2, 3}}
	if err := errors.Join(o.AddArgumentWithLayout(shape, columns), o.SetResultWithLayout(shape, columns)); err != nil {
		t.Fatal(err)
	}
	expect(t, must(o.ResultLayout()).MinorToMajor, []int{0, 1})
}

func TestDeviceAssignment(t *testing.T) {
	c := openFake(t)
	ids := [][]pjrt.DeviceID{{3}, {1}}
	a := must(pjrt.NewDeviceAssignment(ids))
	defer a.Close()
	expect(t, a.NumReplicas(), 2)
	expect(t, a.NumPartitions(), 1)
	expect(t, a.IDs(), ids)
	id, ok := a.DeviceID(1, 0)
	expect(t, []any{id, ok}, []any{pjrt.DeviceID(1), true})
	_, ok = a.DeviceID(2, 0)
	expect(t, ok, false)
	replica, partition, ok := a.Find(1)
	expect(t, []any{replica, partition, ok}, []any{1, 0, true})
	parsed := must(pjrt.DeviceAssignmentFromBytes(must(a.Serialize())))
	defer parsed.Close()
	expect(t, parsed.IDs(), ids)
	o := newOptions(t)
	if _, err := o.Assignment(); !errors.Is(err, pjrt.NotFound) {
		t.Error(err)
	}
	if err := o.SetAssignment(a); err != nil {
		t.Fatal(err)
	}
	set := must(o.Assignment())
	defer set.Close()
	expect(t, set.IDs(), ids)
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	exe := must(c.Compile(program, o))
	defer exe.Close()
	of := must(exe.DeviceAssignment())
	defer of.Close()
	expect(t, of.IDs(), ids)
	for i, device := 0, slices.Collect(exe.Devices()); i < len(device); i++ {
		r, p, err := exe.LogicalIDs(i)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, ids[r][p], device[i].ID())
	}
	byDefault := must(c.DefaultDeviceAssignment(2, 2))
	defer byDefault.Close()
	expect(t, len(byDefault.IDs()), 2)
	if _, err := pjrt.NewDeviceAssignment([][]pjrt.DeviceID{{0, 1}, {2}}); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
}

func TestTopology(t *testing.T) {
	c := openFake(t)
	of := must(c.Topology())
	expect(t, of.NumDevices(), 4)
	data := must(of.Serialize())
	parsed := must(c.Plugin().ParseTopology(data))
	defer parsed.Close()
	expect(t, must(parsed.Fingerprint()), must(of.Fingerprint()))
	expect(t, parsed.Platform(), of.Platform())
	if of.PlatformVersion() == "" || of.Attributes() == nil {
		t.Error("no platform version, or no attributes")
	}
	for d := range of.Devices() {
		if d.Kind() == "" || d.Text() == "" || d.String() == "" || d.DebugString() == "" || d.Attributes() == nil || d.ProcessIndex() != 0 {
			t.Error(d.ID())
		}
	}
	expect(t, c.AddressableDevice(2).Description().ID(), pjrt.DeviceID(2))
	kinds := must(of.MemoryKindIDs())
	shape := must(of.CanonicalShape(kinds[0], pjrt.ShapeLayout{DType: pjrt.TypeF32, Dims: []int{2, 3}}))
	if len(shape) == 0 {
		t.Error("no shape")
	}
	if made, err := c.Plugin().NewTopology("", nil); err == nil {
		made.Close()
	} else if pjrt.CodeOf(err) == pjrt.Unknown {
		t.Error(err)
	}
}

func TestShutdown(t *testing.T) {
	c := must(pjrt.Open(fakePath(), nil))
	exe := compileText(t, c, addOne)
	x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	if err := c.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := exe.Call(ctx, x); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Error(err)
	}
	if err := c.Shutdown(ctx); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Error(err)
	}
	x.Close()
	c.Close()
}

// A wait for the compiler that ends early ends nothing else.
func TestCompileContext(t *testing.T) {
	if !withFake(t, "delay=PJRT_Client_Compile:100ms", nil) {
		return
	}
	c := openFake(t)
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	short, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
	defer cancel()
	if _, err := c.CompileContext(short, program, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	must(c.CompileContext(ctx, program, nil)).Close()
	if err := pjrt.SetPoolThreads(2); err != nil {
		t.Error(err)
	}
	expect(t, pjrt.PoolThreads(), 2)
	if err := pjrt.SetPoolThreads(0); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
}

func TestRequestQueue(t *testing.T) {
	q := must(pjrt.NewRequestQueue())
	defer q.Close()
	if q.FD() < 0 || q.Wake() != nil {
		t.Error("no file descriptor, or no wake-up")
	}
	expect(t, len(must(q.Next(-1, 1))), 0)
	served := make(chan struct{})
	go func() {
		defer close(served)
		q.Serve(func(r pjrt.Request) ([]byte, error) {
			key, _ := r.Value("key")
			if r.Kind() != pjrt.RequestUser || r.TimeLeft() == 0 || key == "missing" {
				return nil, pjrt.NewError(pjrt.NotFound, "no such key")
			}
			return append(r.Data(), key.(string)...), nil
		})
	}()
	got, err := q.Ask(pjrt.RequestUser, map[string]pjrt.Value{"key": "value"}, []byte("the "), time.Minute)
	expect(t, string(got), "the value")
	expect(t, err, nil)
	if _, err := q.Ask(pjrt.RequestUser, map[string]pjrt.Value{"key": "missing"}, nil, -1); !errors.Is(err, pjrt.NotFound) {
		t.Error(err)
	}
	q.End()
	<-served
	if _, err := q.Ask(pjrt.RequestUser, nil, nil, -1); !errors.Is(err, pjrt.Cancelled) {
		t.Error(err)
	}
}
