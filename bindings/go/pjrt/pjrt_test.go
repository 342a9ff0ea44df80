package pjrt_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pjrteasy/pjrt"
)

func floats(t testing.TB, b *pjrt.Buffer) []float32 {
	t.Helper()
	defer b.Close()
	got, err := pjrt.ToSlice[float32](ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func expect(t testing.TB, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, expected %v", got, want)
	}
}

// 10^5 objects that nobody closes: the library gives all of them back.
func TestDroppedObjects(t *testing.T) {
	child := withFake(t, "workers=2;complete=inside", func(live []string) {
		if len(live) == 0 || strings.ContainsAny(strings.ReplaceAll(live[0], "=0", ""), "=") {
			t.Errorf("live when the client ended: %v", live)
		}
	})
	if !child {
		return
	}
	func() {
		c := must(pjrt.Open(fakePath(), nil))
		program := must(pjrt.NewProgram(addOne))
		exe := must(c.Compile(program, nil))
		x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
		for range 20_000 {
			must(exe.Call(ctx, x))
			must(pjrt.BufferFromScalar(c, int32(7)))
			_, done, err := exe.ExecuteAsync(nil, x)
			if err != nil {
				t.Fatal(err)
			}
			must(pjrt.ArrayFromScalar(1.5))
			_ = done
		}
	}()
	deadline := time.Now().Add(60 * time.Second)
	for !clientGone() {
		if time.Now().After(deadline) {
			t.Fatal("dropped objects are still alive after 60 s of garbage collection")
		}
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	expect(t, pjrt.MisuseCount(), uint64(0))
}

// Many goroutines share a client, an executable and an argument; the race detector watches.
func TestGoroutines(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	defer x.Close()
	var all sync.WaitGroup
	failed := make(chan error, 64)
	for g := range 16 {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range 50 {
				y, err := exe.Call(ctx, x)
				if err != nil {
					failed <- err
					return
				}
				got, err := pjrt.ToSlice[float32](ctx, y)
				if err != nil || got[3] != 5 {
					failed <- fmt.Errorf("%v %w", got, err)
				}
				if (g+i)%3 != 0 {
					y.Close()
				}
				if i%10 == 0 {
					runtime.GC()
				}
			}
		}()
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
}

func TestArguments(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addMultiply)
	a := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	defer a.Close()
	array := must(pjrt.ArrayFrom([]float32{10, 20, 30, 40}))
	defer array.Close()
	for name, args := range map[string][]any{
		"buffer and slice":  {a, []float32{10, 20, 30, 40}},
		"slice and array":   {[4]float32{1, 2, 3, 4}, array},
		"a list":            {[]any{a, array}},
		"a list of buffers": {[]*pjrt.Buffer{a, must(pjrt.BufferFrom(c, []float32{10, 20, 30, 40}))}},
	} {
		out, err := exe.Execute(ctx, args...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		expect(t, floats(t, out[0]), []float32{11, 22, 33, 44})
		expect(t, floats(t, out[1]), []float32{10, 40, 90, 160})
	}
	for name, args := range map[string][]any{
		"nil":           {a, nil},
		"a string":      {a, "text"},
		"an int":        {a, 7},
		"ragged":        {a, [][]float32{{1, 2}, {3}}},
		"too few":       {a},
		"a nil buffer":  {a, (*pjrt.Buffer)(nil)},
		"another shape": {a, []float32{1}},
	} {
		_, err := exe.Execute(ctx, args...)
		if !errors.Is(err, pjrt.InvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := exe.Call(ctx, a, a); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("Call of a program with two outputs: %v", err)
	}
	if _, err := exe.ExecutePerDevice(ctx, nil, nil); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("no lists: %v", err)
	}
}

func TestNestedSlices(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, `module @m {
  func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>
    return %0 : tensor<2x3xf32>
  }
}`)
	want := []float32{2, 4, 6, 8, 10, 12}
	expect(t, floats(t, must(exe.Call(ctx, [][]float32{{1, 2, 3}, {4, 5, 6}}))), want)
	expect(t, floats(t, must(exe.Call(ctx, [2][3]float32{{1, 2, 3}, {4, 5, 6}}))), want)
	outputs := must(exe.Run([][]float32{{1, 2, 3}, {4, 5, 6}}))
	expect(t, must(pjrt.ArrayValues[float32](outputs[0])), want)
	expect(t, outputs[0].Dims(), []int{2, 3})
}

func TestErrors(t *testing.T) {
	_, err := pjrt.LoadProgram("/nowhere/model.mlir")
	var e *pjrt.Error
	if !errors.As(err, &e) {
		t.Fatalf("%T", err)
	}
	expect(t, e.Code, pjrt.NotFound)
	expect(t, e.Function, "pje_program_from_file")
	expect(t, errors.Is(err, pjrt.NotFound), true)
	expect(t, errors.Is(err, pjrt.Internal), false)
	expect(t, pjrt.CodeOf(fmt.Errorf("wrapped: %w", err)), pjrt.NotFound)
	expect(t, pjrt.CodeOf(nil), pjrt.OK)
	expect(t, pjrt.CodeOf(errors.New("another")), pjrt.Unknown)
	c := openFake(t)
	x := must(pjrt.BufferFrom(c, []float32{1}))
	defer x.Close()
	if _, err := pjrt.ToSlice[int32](ctx, x); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("another element type: %v", err)
	}
	if _, err := pjrt.Upload(c, []float32{1}, &pjrt.UploadOptions{First: 1}); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("First past the end: %v", err)
	}
	if err := c.Plugin().Attributes().Set("name", 1); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Errorf("a lent set: %v", err)
	}
}

// A context ends the wait, not the run; what the run writes to is kept until it ends.
func TestContext(t *testing.T) {
	if !withFake(t, "delay=PJRT_LoadedExecutable_Execute:100ms;delay=PJRT_Buffer_ToHostBuffer:100ms", nil) {
		return
	}
	c := openFake(t)
	exe := compileText(t, c, addOne)
	short, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
	defer cancel()
	if _, err := exe.Call(short, []float32{1, 2, 3, 4}); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, pjrt.DeadlineExceeded) {
		t.Errorf("execute: %v", err)
	}
	y := must(exe.Call(ctx, []float32{1, 2, 3, 4}))
	defer y.Close()
	given, cancel := context.WithCancel(ctx)
	cancel()
	func() {
		if _, err := pjrt.ToSlice[float32](given, y); !errors.Is(err, context.Canceled) || !errors.Is(err, pjrt.Cancelled) {
			t.Errorf("read: %v", err)
		}
	}()
	if _, err := y.ToArray(given); !errors.Is(err, context.Canceled) {
		t.Errorf("read into an array: %v", err)
	}
	runtime.GC()
	expect(t, must(pjrt.ToSlice[float32](ctx, y)), []float32{2, 3, 4, 5})
}

func TestCompletionQueue(t *testing.T) {
	q := must(pjrt.NewCompletionQueue())
	defer q.Close()
	if q.FD() < 0 {
		t.Error("no file descriptor")
	}
	if err := q.Wake(); err != nil {
		t.Error(err)
	}
	expect(t, len(must(q.Next(-1, 1))), 0)
	q.End()
	if _, err := q.Next(0, 1); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Errorf("an ended queue: %v", err)
	}
	if _, err := q.Next(0, 0); !errors.Is(err, pjrt.InvalidArgument) {
		t.Errorf("room for nothing: %v", err)
	}
}

func TestEvents(t *testing.T) {
	p := must(pjrt.NewPromise())
	defer p.Close()
	if !errors.Is(p.Err(), pjrt.FailedPrecondition) {
		t.Error(p.Err())
	}
	done := p.Done()
	select {
	case <-done:
		t.Error("done before it was set")
	default:
	}
	if err := p.Set(errors.New("as asked")); err != nil {
		t.Fatal(err)
	}
	<-done
	<-p.Done()
	expect(t, pjrt.CodeOf(p.Err()), pjrt.Unknown)
	if !strings.Contains(p.Err().Error(), "as asked") {
		t.Error(p.Err())
	}
	i, err := pjrt.WaitAny(ctx, must(pjrt.NewPromise()), p)
	expect(t, i, 1)
	expect(t, pjrt.CodeOf(err), pjrt.Unknown)
	given, cancel := context.WithCancel(ctx)
	cancel()
	if i, err := pjrt.WaitAny(given, must(pjrt.NewPromise())); i != -1 || err == nil {
		t.Error(i, err)
	}
}

func TestReadWrite(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	expect(t, exe.Client(), c)
	x := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	defer x.Close()
	expect(t, x.Client(), c)
	into := make([]float32, 4)
	if err := pjrt.ReadInto(ctx, x, into); err != nil {
		t.Fatal(err)
	}
	expect(t, into, []float32{1, 2, 3, 4})
	a := must(pjrt.NewArray(pjrt.TypeS16, 2))
	defer a.Close()
	view := must(pjrt.View[int16](a))
	view[1] = 258
	expect(t, a.Bytes(), []byte{0, 0, 2, 1})
	if _, err := pjrt.View[float32](a); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	if _, err := pjrt.ArrayFrom([]float32{1, 2}, 3); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	of := must(pjrt.ArrayFromBytes(pjrt.TypeS16, []byte{1, 0, 2, 1}, 2))
	defer of.Close()
	expect(t, must(pjrt.ArrayValues[int16](of)), []int16{1, 258})
	if _, err := pjrt.ArrayFromBytes(pjrt.TypeS16, []byte{1}, 2); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	bytes := must(pjrt.BufferFromBytes(c, pjrt.TypeS16, []byte{1, 0, 2, 1}, 1, 2))
	defer bytes.Close()
	expect(t, bytes.Dims(), []int{1, 2})
	expect(t, must(pjrt.ToSlice[int16](ctx, bytes)), []int16{1, 258})
	path := filepath.Join(t.TempDir(), "a.npy")
	if err := a.SaveNpy(path); err != nil {
		t.Fatal(err)
	}
	wrapped := must(pjrt.WrapArray(a.Handle(), 0, pjrt.TypeS16, 0))
	wrapped.Close()
}

func TestPlugin(t *testing.T) {
	c := openFake(t)
	p := c.Plugin()
	if p.API() == nil || len(pjrt.Functions()) < 130 {
		t.Error("no table")
	}
	expect(t, p.HasExtension(int(^uint16(0))), false)
	if p.RawExtension(int(^uint16(0))) != nil {
		t.Error("an extension of no type")
	}
	again := must(pjrt.PluginFromAPI(p.API()))
	defer again.Close()
	if _, err := pjrt.LoadPlugin(fakePath(), &pjrt.PluginOptions{SHA256: strings.Repeat("0", 64), SearchPaths: []string{"/nowhere"}}); err == nil {
		t.Error("another sha256 was accepted")
	}
	if c.Platform() == "" || c.PlatformVersion() == "" {
		t.Error("no platform")
	}
	for d := range c.Devices() {
		if d.Text() == "" || d.String() == "" || d.DebugString() == "" || d.Attributes() == nil {
			t.Error(d.ID())
		}
		break
	}
	for m := range c.Memories() {
		if m.Text() == "" || m.String() == "" || m.DebugString() == "" || m.KindID() == math.MaxInt {
			t.Error(m.ID())
		}
		for d := range m.Devices() {
			expect(t, d.IsAddressable(), true)
		}
		break
	}
}

func TestExtensions(t *testing.T) {
	p := must(pjrt.LoadPlugin(filepath.Join(buildFolder(), "plugins/cpu-115/libpjrt_cpu.so"), nil))
	defer p.Close()
	all := p.Extensions()
	if len(all) == 0 {
		t.Error("no extensions")
	}
	for _, e := range all {
		if !p.HasExtension(e.Type) || p.RawExtension(e.Type) == nil || e.Size < 24 {
			t.Error(e)
		}
	}
}

func TestDTypes(t *testing.T) {
	for d := pjrt.TypePred; d <= pjrt.TypeF6E3M2FN; d++ {
		back, ok := pjrt.ParseDType(d.String())
		if !ok || back != d {
			t.Errorf("%v: %v %v", d, back, ok)
		}
		if d.Alignment() < 1 || d.Kind() == pjrt.KindInvalid {
			t.Errorf("%v: alignment %d, kind %v", d, d.Alignment(), d.Kind())
		}
	}
	if _, ok := pjrt.ParseDType("nothing"); ok {
		t.Error("nothing is a type")
	}
}

func TestProgram(t *testing.T) {
	p := must(pjrt.NewProgramWithFormat(pjrt.ProgramMLIR, []byte(addOne)))
	defer p.Close()
	expect(t, string(p.Bytes()), addOne)
	expect(t, p.Format(), pjrt.ProgramMLIR)
	expect(t, pjrt.ProgramHLOWithConfig.String(), "hlo_with_config")
}
