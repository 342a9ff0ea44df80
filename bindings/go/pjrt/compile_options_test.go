package pjrt_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pjrteasy/pjrt"
)

func newOptions(t testing.TB) *pjrt.CompileOptions {
	o, err := pjrt.NewCompileOptions()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	return o
}

// A value that every field of the type takes, other than its default.
func sample(of reflect.Type, name string) (reflect.Value, bool) {
	switch of {
	case reflect.TypeFor[bool]():
		return reflect.ValueOf(true), true
	case reflect.TypeFor[int64]():
		return reflect.ValueOf(int64(3)), true
	case reflect.TypeFor[string]():
		return reflect.ValueOf("variant"), true
	case reflect.TypeFor[pjrt.Effort]():
		return reflect.ValueOf(pjrt.EffortO2), true
	case reflect.TypeFor[pjrt.Precision]():
		return reflect.ValueOf(pjrt.PrecisionHighest), true
	case reflect.TypeFor[[]bool]():
		return reflect.ValueOf([]bool{true, false}), true
	case reflect.TypeFor[[]int64]():
		return reflect.ValueOf([]int64{2, 1}), true
	case reflect.TypeFor[[]int32]():
		return reflect.ValueOf([]int32{0}), true
	case reflect.TypeFor[[]byte]():
		return reflect.ValueOf([]byte{8, 1}), true
	}
	return reflect.Value{}, false
}

// Every field that has a setter and a getter of one value gives back what it was given.
func TestCompileOptionFields(t *testing.T) {
	fields := 0
	of := reflect.TypeFor[*pjrt.CompileOptions]()
	for i := range of.NumMethod() {
		setter := of.Method(i)
		name, ok := strings.CutPrefix(setter.Name, "Set")
		if !ok || setter.Type.NumIn() != 2 {
			continue
		}
		getter, ok := of.MethodByName(name)
		if !ok || getter.Type.NumOut() != 1 {
			continue
		}
		value, ok := sample(setter.Type.In(1), name)
		if !ok {
			continue
		}
		fields++
		o := reflect.ValueOf(newOptions(t))
		call := setter.Func.Call
		if setter.Type.IsVariadic() {
			call = setter.Func.CallSlice
		}
		if err := call([]reflect.Value{o, value})[0]; !err.IsNil() {
			t.Errorf("%s: %v", setter.Name, err)
			continue
		}
		if got := getter.Func.Call([]reflect.Value{o})[0].Interface(); !reflect.DeepEqual(got, value.Interface()) {
			t.Errorf("%s: got %v, set %v", name, got, value)
		}
	}
	if fields < 20 {
		t.Errorf("only %d fields", fields)
	}
}

func TestCompileOptions(t *testing.T) {
	o := newOptions(t)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	ok(o.SetDeviceAssignment([][]pjrt.DeviceID{{1, 0}, {3, 2}}))
	expect(t, o.DeviceAssignment(), [][]pjrt.DeviceID{{1, 0}, {3, 2}})
	if err := o.SetDeviceAssignment([][]pjrt.DeviceID{{1, 0}, {3}}); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
	layout := pjrt.ShapeLayout{DType: pjrt.TypeF32, Dims: []int{2, 3}, MinorToMajor: []int{0, 1}}
	ok(o.AddArgumentLayout(layout))
	shape := must(o.ArgumentLayoutBytes(0))
	ok(o.AddArgumentLayoutBytes(shape))
	expect(t, o.NumArgumentLayouts(), 2)
	expect(t, must(o.ArgumentLayout(1)), layout)
	ok(o.SetResultLayout(layout))
	expect(t, must(o.ResultLayout()), layout)
	ok(o.SetResultLayoutBytes(must(o.ResultLayoutBytes())))
	environment := pjrt.CompilationEnvironment{TypeURL: "type.googleapis.com/some.Message", Data: []byte{8, 1}}
	ok(o.AddCompilationEnvironment(environment))
	expect(t, o.CompilationEnvironments(), []pjrt.CompilationEnvironment{environment})
	ok(o.SetOverride("xla_number", 7))
	ok(o.SetOverride("xla_flag", true))
	ok(o.SetOverride("xla_text", "text"))
	ok(o.SetOverride("xla_real", 0.5))
	for name, want := range map[string]pjrt.Value{"xla_number": int64(7), "xla_flag": true, "xla_text": "text", "xla_real": 0.5} {
		expect(t, must(o.Override(name)), want)
	}
	expect(t, len(o.Overrides()), 4)
	ok(o.RemoveOverride("xla_flag"))
	if _, err := o.Override("xla_flag"); err == nil {
		t.Error("a removed override is still there")
	}
	expect(t, must(o.IsSet("result_layout")), true)
	ok(o.Clear("result_layout"))
	expect(t, must(o.IsSet("result_layout")), false)
	copied := must(o.Copy())
	defer copied.Close()
	data := must(copied.Serialize())
	parsed := must(pjrt.ParseCompileOptions(data))
	defer parsed.Close()
	expect(t, must(parsed.Serialize()), data)
	if !strings.Contains(parsed.Text(), "num_replicas: 2") {
		t.Error(parsed.Text())
	}
	if err := o.SetOverride("xla_text", []string{"no such kind"}); !errors.Is(err, pjrt.InvalidArgument) {
		t.Error(err)
	}
}

func TestDebugOptions(t *testing.T) {
	o := newOptions(t)
	for name, value := range map[string]pjrt.Value{"xla_dump_to": "folder", "xla_cpu_enable_fast_math": true, "xla_backend_optimization_level": 2} {
		if err := o.SetDebugOption(name, value); err != nil {
			t.Error(err)
		}
	}
	expect(t, must(o.DebugOption("xla_dump_to")), "folder")
	if err := o.ParseDebugOption("xla_backend_optimization_level", "1"); err != nil {
		t.Error(err)
	}
	expect(t, must(o.DebugOption("xla_backend_optimization_level")), "1")
	if err := o.SetDebugOption("xla_real", 0.5); err != nil {
		t.Error(err)
	}
	if err := o.SetDebugOptionsText("xla_dump_to: 'elsewhere'"); err != nil {
		t.Error(err)
	}
	if err := o.SetDebugOptions(must(o.DebugOptions())); err != nil {
		t.Error(err)
	}
	if err := o.SetTargetConfigText("platform_name: 'CUDA'"); err != nil {
		t.Error(err)
	}
	if err := o.SetTargetConfig(must(o.TargetConfig())); err != nil {
		t.Error(err)
	}
	if err := o.SetGPUTopologyText("num_partitions: 1"); err != nil {
		t.Log(err)
	}
	if data, err := o.GPUTopology(); err == nil {
		if err := o.SetGPUTopology(data); err != nil {
			t.Error(err)
		}
	}
}
