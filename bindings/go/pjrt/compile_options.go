package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// Effort says how hard the compiler tries.
type Effort int32

// How hard the compiler tries.
const (
	EffortUnknown Effort = C.PJE_EFFORT_UNKNOWN
	EffortO0      Effort = C.PJE_EFFORT_O0
	EffortO1      Effort = C.PJE_EFFORT_O1
	EffortO2      Effort = C.PJE_EFFORT_O2
	EffortO3      Effort = C.PJE_EFFORT_O3
)

// Precision is that of matrix units.
type Precision int32

// How exact operations on floats are.
const (
	PrecisionDefault Precision = C.PJE_PRECISION_DEFAULT
	PrecisionHigh    Precision = C.PJE_PRECISION_HIGH
	PrecisionHighest Precision = C.PJE_PRECISION_HIGHEST
)

// CompileOptions say how a program is compiled, and for how many devices. Every field of XLA's CompileOptionsProto has a
// setter and a getter here, named after it. One goroutine at a time while they are being changed.
type CompileOptions struct{ handle[*C.pje_compile_options] }

var optionSets = newClass(func(raw *C.pje_compile_options) { C.pje_compile_options_release(raw) })

func newCompileOptions(raw *C.pje_compile_options) *CompileOptions {
	o := new(CompileOptions)
	o.own(raw, optionSets)
	return o
}

// NewCompileOptions makes options for one replica and one partition on any device.
func NewCompileOptions() (*CompileOptions, error) {
	var raw *C.pje_compile_options
	if err := result(C.pje_compile_options_create(&raw)); err != nil {
		return nil, err
	}
	return newCompileOptions(raw), nil
}

// ParseCompileOptions reads a serialized CompileOptionsProto, such as JAX writes.
func ParseCompileOptions(data []byte) (*CompileOptions, error) {
	var raw *C.pje_compile_options
	if err := result(C.pje_compile_options_from_bytes(dataOf(data), C.size_t(len(data)), &raw)); err != nil {
		return nil, err
	}
	return newCompileOptions(raw), nil
}

// dataOf never gives NULL: the library tells no bytes from no pointer.
func dataOf(data []byte) unsafe.Pointer {
	if len(data) == 0 {
		return unsafe.Pointer(&nowhere)
	}
	return unsafe.Pointer(&data[0])
}

// Copy makes an independent copy.
func (o *CompileOptions) Copy() (*CompileOptions, error) {
	defer runtime.KeepAlive(o)
	var raw *C.pje_compile_options
	if err := result(C.pje_compile_options_copy(o.raw, &raw)); err != nil {
		return nil, err
	}
	return newCompileOptions(raw), nil
}

// Serialize gives the CompileOptionsProto that plugins are given.
func (o *CompileOptions) Serialize() ([]byte, error) {
	defer runtime.KeepAlive(o)
	var raw *C.pje_bytes
	if err := result(C.pje_compile_options_serialize(o.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// Text gives the options in protobuf's text form.
func (o *CompileOptions) Text() string {
	defer runtime.KeepAlive(o)
	var raw *C.pje_bytes
	if err := result(C.pje_compile_options_to_text(o.raw, &raw)); err != nil {
		return err.Error()
	}
	return string(takeBytes(raw))
}

// IsSet reports whether a field, by its name in the proto, differs from its default.
func (o *CompileOptions) IsSet(field string) (bool, error) {
	defer runtime.KeepAlive(o)
	text := C.CString(field)
	defer C.free(unsafe.Pointer(text))
	var set C.bool
	err := result(C.pje_compile_options_is_set(o.raw, text, &set))
	return bool(set), err
}

// Clear sets a field back to its default.
func (o *CompileOptions) Clear(field string) error {
	defer runtime.KeepAlive(o)
	text := C.CString(field)
	defer C.free(unsafe.Pointer(text))
	return result(C.pje_compile_options_clear(o.raw, text))
}

// SetDeviceAssignment says which device runs what: ids[replica][partition].
func (o *CompileOptions) SetDeviceAssignment(ids [][]DeviceID) error {
	defer runtime.KeepAlive(o)
	flat, partitions, err := flatIDs(ids, "pjrt.CompileOptions.SetDeviceAssignment")
	if err != nil {
		return err
	}
	return result(C.pje_compile_options_set_device_assignment(o.raw, C.int64_t(len(ids)), C.int64_t(partitions), first64(flat), C.size_t(len(flat))))
}

// DeviceAssignment gives it back, nil when there is none.
func (o *CompileOptions) DeviceAssignment() [][]DeviceID {
	defer runtime.KeepAlive(o)
	var replicas, partitions C.size_t
	raw := C.pje_compile_options_get_device_assignment(o.raw, &replicas, &partitions)
	if raw == nil {
		return nil
	}
	flat := unsafe.Slice((*int64)(raw), int(replicas*partitions))
	out := make([][]DeviceID, replicas)
	for r := range out {
		for _, id := range flat[r*int(partitions) : (r+1)*int(partitions)] {
			out[r] = append(out[r], DeviceID(id))
		}
	}
	return out
}

// ShapeLayout is a shape with the order of its dimensions in memory, from the fastest varying one on; nil: row-major.
type ShapeLayout struct {
	DType        DType
	Dims         []int
	MinorToMajor []int
}

// AddArgumentLayout appends the layout of the next argument.
func (o *CompileOptions) AddArgumentLayout(l ShapeLayout) error {
	defer runtime.KeepAlive(o)
	dims, order := dims64(l.Dims), dims64(l.MinorToMajor)
	return result(C.pje_compile_options_add_argument_layout(o.raw, C.pje_dtype(l.DType), first64(dims), C.size_t(len(dims)), first64(order)))
}

// AddArgumentLayoutBytes appends a serialized ShapeProto.
func (o *CompileOptions) AddArgumentLayoutBytes(shape []byte) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_add_argument_layout_bytes(o.raw, dataOf(shape), C.size_t(len(shape))))
}

// NumArgumentLayouts counts them.
func (o *CompileOptions) NumArgumentLayouts() int {
	defer runtime.KeepAlive(o)
	return int(C.pje_compile_options_num_argument_layouts(o.raw))
}

func shapeLayout(dtype C.pje_dtype, dims, order *C.int64_t, rank C.size_t) ShapeLayout {
	l := ShapeLayout{DType: DType(dtype), Dims: dimsOf(dims, rank)}
	if order != nil {
		l.MinorToMajor = dimsOf(order, rank)
	}
	return l
}

// ArgumentLayout gives argument layout i.
func (o *CompileOptions) ArgumentLayout(i int) (ShapeLayout, error) {
	defer runtime.KeepAlive(o)
	var dtype C.pje_dtype
	var dims, order *C.int64_t
	var rank C.size_t
	if err := result(C.pje_compile_options_get_argument_layout(o.raw, C.size_t(i), &dtype, &dims, &rank, &order)); err != nil {
		return ShapeLayout{}, err
	}
	return shapeLayout(dtype, dims, order, rank), nil
}

// ArgumentLayoutBytes gives the serialized ShapeProto of argument layout i.
func (o *CompileOptions) ArgumentLayoutBytes(i int) ([]byte, error) {
	defer runtime.KeepAlive(o)
	var raw *C.pje_bytes
	if err := result(C.pje_compile_options_get_argument_layout_bytes(o.raw, C.size_t(i), &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// SetResultLayout sets the layout of a program's only result.
func (o *CompileOptions) SetResultLayout(l ShapeLayout) error {
	defer runtime.KeepAlive(o)
	dims, order := dims64(l.Dims), dims64(l.MinorToMajor)
	return result(C.pje_compile_options_set_result_layout(o.raw, C.pje_dtype(l.DType), first64(dims), C.size_t(len(dims)), first64(order)))
}

// SetResultLayoutBytes sets the layout of the results as a serialized ShapeProto.
func (o *CompileOptions) SetResultLayoutBytes(shape []byte) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_result_layout_bytes(o.raw, dataOf(shape), C.size_t(len(shape))))
}

// ResultLayout gives it back.
func (o *CompileOptions) ResultLayout() (ShapeLayout, error) {
	defer runtime.KeepAlive(o)
	var dtype C.pje_dtype
	var dims, order *C.int64_t
	var rank C.size_t
	if err := result(C.pje_compile_options_get_result_layout(o.raw, &dtype, &dims, &rank, &order)); err != nil {
		return ShapeLayout{}, err
	}
	return shapeLayout(dtype, dims, order, rank), nil
}

// ResultLayoutBytes gives the serialized ShapeProto of the results.
func (o *CompileOptions) ResultLayoutBytes() ([]byte, error) {
	defer runtime.KeepAlive(o)
	var raw *C.pje_bytes
	if err := result(C.pje_compile_options_get_result_layout_bytes(o.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// CompilationEnvironment is a message for one backend, of a type that its URL names.
type CompilationEnvironment struct {
	TypeURL string
	Data    []byte
}

// AddCompilationEnvironment appends one.
func (o *CompileOptions) AddCompilationEnvironment(e CompilationEnvironment) error {
	defer runtime.KeepAlive(o)
	url := C.CString(e.TypeURL)
	defer C.free(unsafe.Pointer(url))
	return result(C.pje_compile_options_add_compilation_environment(o.raw, url, dataOf(e.Data), C.size_t(len(e.Data))))
}

// CompilationEnvironments gives them all.
func (o *CompileOptions) CompilationEnvironments() []CompilationEnvironment {
	defer runtime.KeepAlive(o)
	out := make([]CompilationEnvironment, C.pje_compile_options_num_compilation_environments(o.raw))
	for i := range out {
		var size C.size_t
		data := C.pje_compile_options_compilation_environment_data(o.raw, C.size_t(i), &size)
		out[i] = CompilationEnvironment{
			TypeURL: C.GoString(C.pje_compile_options_compilation_environment_type_url(o.raw, C.size_t(i))),
			Data:    C.GoBytes(data, C.int(size)),
		}
	}
	return out
}

// SetTargetConfig sets a serialized GpuTargetConfigProto.
func (o *CompileOptions) SetTargetConfig(data []byte) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_target_config(o.raw, dataOf(data), C.size_t(len(data))))
}

// SetTargetConfigText sets it in protobuf's text form.
func (o *CompileOptions) SetTargetConfigText(text string) error {
	defer runtime.KeepAlive(o)
	raw := C.CString(text)
	defer C.free(unsafe.Pointer(raw))
	return result(C.pje_compile_options_set_target_config_text(o.raw, raw))
}

// TargetConfig gives it serialized.
func (o *CompileOptions) TargetConfig() ([]byte, error) {
	defer runtime.KeepAlive(o)
	var raw *C.pje_bytes
	if err := result(C.pje_compile_options_get_target_config(o.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// SetGPUTopology sets a serialized GpuTopologyProto.
func (o *CompileOptions) SetGPUTopology(data []byte) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_gpu_topology(o.raw, dataOf(data), C.size_t(len(data))))
}

// SetGPUTopologyText sets it in protobuf's text form.
func (o *CompileOptions) SetGPUTopologyText(text string) error {
	defer runtime.KeepAlive(o)
	raw := C.CString(text)
	defer C.free(unsafe.Pointer(raw))
	return result(C.pje_compile_options_set_gpu_topology_text(o.raw, raw))
}

// GPUTopology gives it serialized.
func (o *CompileOptions) GPUTopology() ([]byte, error) {
	defer runtime.KeepAlive(o)
	var raw *C.pje_bytes
	if err := result(C.pje_compile_options_get_gpu_topology(o.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// SetDebugOptions sets a serialized DebugOptions message.
func (o *CompileOptions) SetDebugOptions(data []byte) error {
	defer runtime.KeepAlive(o)
	return result(C.pje_compile_options_set_debug_options(o.raw, dataOf(data), C.size_t(len(data))))
}

// SetDebugOptionsText sets them in protobuf's text form.
func (o *CompileOptions) SetDebugOptionsText(text string) error {
	defer runtime.KeepAlive(o)
	raw := C.CString(text)
	defer C.free(unsafe.Pointer(raw))
	return result(C.pje_compile_options_set_debug_options_text(o.raw, raw))
}

// DebugOptions gives them serialized.
func (o *CompileOptions) DebugOptions() ([]byte, error) {
	defer runtime.KeepAlive(o)
	var raw *C.pje_bytes
	if err := result(C.pje_compile_options_get_debug_options(o.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}
