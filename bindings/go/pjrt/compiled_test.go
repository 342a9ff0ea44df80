package pjrt_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"pjrteasy/pjrt"
)

func TestCompiled(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	x := must(exe.Compiled())
	defer x.Close()
	expect(t, x.Name(), "add_one")
	if !strings.Contains(x.String(), "add_one") {
		t.Error(x)
	}
	expect(t, []int{x.NumReplicas(), x.NumPartitions(), x.NumOutputs()}, []int{1, 1, 1})
	out, ok := x.OutputType(0)
	expect(t, []any{out, ok}, []any{pjrt.ArrayType{DType: pjrt.TypeF32, Dims: []int{4}}, true})
	if kind := x.OutputMemoryKind(0); kind != "" && kind != "device" {
		t.Error(kind)
	}
	for _, kind := range x.ParameterMemoryKinds() {
		expect(t, kind, "device")
	}
	fingerprint := must(x.Fingerprint())
	expect(t, must(exe.Fingerprint()), fingerprint)
	_, err := x.CodeSize()
	implemented(t, err)
	if program, err := x.OptimizedProgram(); implemented(t, err) {
		program.Close()
	}
	if costs, err := x.CostAnalysis(); implemented(t, err) {
		costs.Close()
	}
	if stats, err := x.MemoryStats(); implemented(t, err) {
		if _, ok := stats.Get("argument_size"); !ok {
			t.Error(stats)
		}
		stats.Close()
	}
	if options, err := x.CompileOptions(); implemented(t, err) {
		expect(t, options.NumReplicas(), int64(1))
		options.Close()
	}
}

func implemented(t *testing.T, err error) bool {
	t.Helper()
	if err != nil && !errors.Is(err, pjrt.Unimplemented) {
		t.Error(err)
	}
	return err == nil
}

func TestSerialized(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	x := must(exe.Compiled())
	defer x.Close()
	data := must(x.Serialize(ctx))
	info := must(pjrt.SerializedInfo(data))
	defer info.Close()
	platform, _ := info.Get("platform_name")
	expect(t, platform, c.Platform())
	if _, err := c.LoadSerialized(ctx, data, pjrt.LoadOptions{}); !errors.Is(err, pjrt.PermissionDenied) {
		t.Error(err)
	}
	if _, err := c.LoadSerialized(ctx, data[:len(data)-1], pjrt.LoadOptions{Trusted: true}); !errors.Is(err, pjrt.DataLoss) {
		t.Error(err)
	}
	again := must(c.LoadSerialized(ctx, data, pjrt.LoadOptions{Trusted: true}))
	defer again.Close()
	expect(t, floats(t, must(again.Call(ctx, []float32{1, 2, 3, 4}))), []float32{2, 3, 4, 5})
	raw := must(c.LoadSerialized(ctx, must(x.SerializeRaw(ctx)), pjrt.LoadOptions{Trusted: true, Raw: true}))
	defer raw.Close()
	expect(t, raw.IsDeleted(), false)
	if err := raw.Delete(); err != nil {
		t.Fatal(err)
	}
	expect(t, raw.IsDeleted(), true)
	if _, err := raw.Call(ctx, []float32{1, 2, 3, 4}); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Error(err)
	}
}

func TestAheadOfTime(t *testing.T) {
	c := openFake(t)
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	x := must(c.Plugin().CompileFor(ctx, must(c.Topology()), program, nil, nil))
	defer x.Close()
	exe := must(c.Load(ctx, x, nil))
	defer exe.Close()
	expect(t, floats(t, must(exe.Call(ctx, []float32{1, 2, 3, 4}))), []float32{2, 3, 4, 5})
	if _, err := c.Load(ctx, x, nil); !errors.Is(err, pjrt.FailedPrecondition) {
		t.Error(err)
	}
}

func TestDescriptions(t *testing.T) {
	c := openFake(t)
	exe := compileText(t, c, addOne)
	b := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4, 5, 6}, 2, 3))
	defer b.Close()
	a := must(pjrt.ArrayFromScalar(int8(1)))
	defer a.Close()
	promise := must(pjrt.NewPromise())
	defer promise.Close()
	queue := must(pjrt.NewCompletionQueue())
	defer queue.Close()
	requests := must(pjrt.NewRequestQueue())
	defer requests.Close()
	layout := must(pjrt.ParseLayout("{1,0}"))
	defer layout.Close()
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	assignment := must(pjrt.NewDeviceAssignment([][]pjrt.DeviceID{{0}}))
	defer assignment.Close()
	values := must(pjrt.NewValues())
	defer values.Close()
	if err := values.Set(strings.Repeat("long", 100), 1); err != nil {
		t.Fatal(err)
	}
	store := must(pjrt.NewKVStore())
	defer store.Close()
	transfer := must(c.NewTransfer(nil, pjrt.ArrayType{DType: pjrt.TypeF32, Dims: []int{4}}))
	defer transfer.Close()
	for i, described := range []interface{ String() string }{
		store, transfer, c, exe, b, a, promise, queue, requests, layout, program, assignment, values, c.Plugin(), newOptions(t),
		c.AddressableDevice(0), c.AddressableDevice(0).DefaultMemory(), c.AddressableDevice(0).Description(), must(c.Topology()),
	} {
		if text := described.String(); text == "" || strings.Contains(text, "0x") {
			t.Errorf("%d: %T: %q", i, described, text)
		}
	}
	if !strings.Contains(b.String(), "f32") {
		t.Error(b)
	}
}

func TestValuesCopy(t *testing.T) {
	attributes := openFake(t).AddressableDevice(0).Attributes()
	copied := must(attributes.Copy())
	defer copied.Close()
	if err := attributes.Set("mine", 1); err == nil {
		t.Error("a lent set was changed")
	}
	if err := copied.Set("mine", 1); err != nil {
		t.Error(err)
	}
	if copied.Len() != attributes.Len()+1 {
		t.Errorf("%d values, %d of the original", copied.Len(), attributes.Len())
	}
}

func TestStats(t *testing.T) {
	c := openFake(t)
	b := must(pjrt.BufferFrom(c, []float32{1, 2, 3, 4}))
	s := must(c.Stats())
	if s.Buffers != 1 || s.LiveBytes != 16 {
		t.Errorf("%+v", s)
	}
	if pjrt.LiveObjects("pje_buffer") == 0 || pjrt.LiveObjects("") < 2 {
		t.Error("no live objects")
	}
	b.Close()
	expect(t, must(c.Stats()).LiveBytes, uint64(0))
}

// What is held is logged, each object with who made it.
func TestLeakReport(t *testing.T) {
	t.Setenv("PJE_VALIDATE", "1")
	if !withFake(t, "workers=2", nil) {
		return
	}
	var lines []pjrt.LogLine
	if err := pjrt.SetLogger(func(l pjrt.LogLine) { lines = append(lines, l) }); err != nil {
		t.Fatal(err)
	}
	c := openFake(t)
	b := must(pjrt.BufferFrom(c, []float32{1}))
	held := pjrt.LeakReport()
	if err := pjrt.SetLogger(nil); err != nil {
		t.Error(err)
	}
	found := false
	for _, l := range lines {
		found = found || l.Kind == pjrt.LogLeak && strings.Contains(l.Message, "buffer")
	}
	if held < 2 || !found {
		t.Errorf("%d held: %+v", held, lines)
	}
	b.Close()
}

// An error that no call can return reaches the logger.
func TestLogger(t *testing.T) {
	if !withFake(t, "fail=PJRT_Buffer_Destroy:1:INTERNAL:not today", nil) {
		return
	}
	lines := make(chan pjrt.LogLine, 16)
	if err := pjrt.SetLogger(func(l pjrt.LogLine) { lines <- l }); err != nil {
		t.Fatal(err)
	}
	c := openFake(t)
	must(pjrt.BufferFrom(c, []float32{1})).Close()
	select {
	case l := <-lines:
		if l.Kind != pjrt.LogPluginError || l.Code != pjrt.Internal || !strings.Contains(l.Message, "not today") {
			t.Errorf("%+v", l)
		}
	case <-time.After(10 * time.Second):
		t.Error("no line")
	}
	if err := pjrt.CaptureStderr(true); err != nil {
		t.Fatal(err)
	}
	os.Stderr.WriteString("a line of a plugin\n")
	if err := pjrt.CaptureStderr(false); err != nil {
		t.Fatal(err)
	}
	found := false
	for len(lines) > 0 {
		found = (<-lines).Message == "a line of a plugin" || found
	}
	expect(t, found, true)
	if err := errors.Join(pjrt.SetLogger(nil), pjrt.SetPluginLogLevel(1)); err != nil {
		t.Error(err)
	}
	if err := pjrt.SetPluginLogLevel(7); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	// The buffer that could not be destroyed is still the client's child: the plugin would end the process over it.
	os.Exit(map[bool]int{false: 0, true: 1}[t.Failed()])
}

// A call that ran out of memory is repeated once the callback has closed something.
func TestOutOfMemory(t *testing.T) {
	if !withFake(t, "memory=1000", nil) {
		return
	}
	c := openFake(t)
	var mu sync.Mutex
	held := must(pjrt.BufferFrom(c, make([]float32, 200)))
	calls := 0
	if err := c.OnOutOfMemory(func() bool {
		mu.Lock()
		defer mu.Unlock()
		calls++
		held.Close()
		return true
	}); err != nil {
		t.Fatal(err)
	}
	b, err := pjrt.BufferFrom(c, make([]float32, 200))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	expect(t, calls, 1)
	if err := c.OnOutOfMemory(nil); err != nil {
		t.Error(err)
	}
	if _, err := pjrt.BufferFrom(c, make([]float32, 200)); !errors.Is(err, pjrt.ResourceExhausted) {
		t.Error(err)
	}
	expect(t, calls, 1)
}
