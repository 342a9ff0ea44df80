package pjrt

// #include "bridge.h"
//
// static pje_error *bridge_deserialize(pje_client *client, const void *data, size_t size, bool raw,
//                                      const pje_compile_options *compile_options, uint32_t trusted, pje_event **done) {
//   pje_deserialize_options options = PJE_DESERIALIZE_OPTIONS_INIT;
//   options.compile_options = compile_options;
//   options.trusted = trusted;
//   return raw ? pje_client_deserialize_and_load_raw_async(client, data, size, &options, NULL, done)
//              : pje_client_deserialize_and_load_async(client, data, size, &options, NULL, done);
// }
import "C"

import (
	"context"
	"runtime"
)

// Compiled is a compiled program that is on no device: made ahead of time, or the one behind an [Executable].
type Compiled struct {
	handle[*C.pje_executable]
}

var compileds = newClass(func(raw *C.pje_executable) { C.pje_executable_release(raw) })

func newCompiled(raw *C.pje_executable) *Compiled {
	x := new(Compiled)
	x.own(raw, compileds)
	return x
}

// await waits for an event that a call handed over, without releasing it: what it made is taken from it.
func await(ctx context.Context, done *C.pje_event, function string) error {
	if C.pje_event_is_ready(done) {
		return result(C.pje_event_error(done))
	}
	w, err := watch(done, nil)
	if err != nil {
		return err
	}
	return w.wait(ctx, function)
}

func takeExecutable(ctx context.Context, done *C.pje_event, c *Client, function string) (*Executable, error) {
	defer C.pje_event_release(done)
	if err := await(ctx, done, function); err != nil {
		return nil, err
	}
	var raw *C.pje_loaded_executable
	if err := result(C.pje_event_get_loaded_executable(done, &raw)); err != nil {
		return nil, err
	}
	return newExecutable(raw, c), nil
}

func (o *CompileOptions) pointer() *C.pje_compile_options {
	if o == nil {
		return nil
	}
	return o.raw
}

// CompileFor compiles ahead of time, for a topology, without its hardware. Options may be nil; so may client, whose devices may
// serve for tuning.
func (p *Plugin) CompileFor(ctx context.Context, t *Topology, program *Program, options *CompileOptions, client *Client) (*Compiled, error) {
	defer runtime.KeepAlive(p)
	defer runtime.KeepAlive(t)
	defer runtime.KeepAlive(program)
	defer runtime.KeepAlive(options)
	defer runtime.KeepAlive(client)
	var of *C.pje_client
	if client != nil {
		of = client.raw
	}
	var done *C.pje_event
	if err := result(C.pje_compile_async(p.raw, t.pointer(), program.pointer(), options.pointer(), of, nil, &done)); err != nil {
		return nil, err
	}
	defer C.pje_event_release(done)
	if err := await(ctx, done, "pjrt.Plugin.CompileFor"); err != nil {
		return nil, err
	}
	var raw *C.pje_executable
	if err := result(C.pje_event_get_executable(done, &raw)); err != nil {
		return nil, err
	}
	return newCompiled(raw), nil
}

// Compiled is the compiled program behind a loaded executable.
func (x *Executable) Compiled() (*Compiled, error) {
	defer runtime.KeepAlive(x)
	var raw *C.pje_executable
	if err := result(C.pje_loaded_executable_executable(x.raw, &raw)); err != nil {
		return nil, err
	}
	return newCompiled(raw), nil
}

// Load puts a compiled program on the devices of a client, which uses it up. Options replace those it was compiled with; nil
// keeps them.
func (c *Client) Load(ctx context.Context, x *Compiled, options *CompileOptions) (*Executable, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(x)
	defer runtime.KeepAlive(options)
	var done *C.pje_event
	if err := result(C.pje_client_load_async(c.raw, x.raw, options.pointer(), nil, &done)); err != nil {
		return nil, err
	}
	return takeExecutable(ctx, done, c, "pjrt.Client.Load")
}

// LoadOptions say how to load serialized executables.
type LoadOptions struct {
	Trusted bool            // the bytes may run code in this process: without it they are refused
	Raw     bool            // the plugin's own bytes, without a header: nobody checks whose they are
	Options *CompileOptions // replace those in the bytes; nil keeps them
}

// LoadSerialized loads what [Compiled.Serialize] gave. Such bytes hold machine code, which runs with the rights of this process.
func (c *Client) LoadSerialized(ctx context.Context, data []byte, o LoadOptions) (*Executable, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(o.Options)
	trusted := C.uint32_t(0)
	if o.Trusted {
		trusted = 1
	}
	var done *C.pje_event
	if err := result(C.bridge_deserialize(c.raw, dataOf(data), C.size_t(len(data)), C.bool(o.Raw), o.Options.pointer(), trusted, &done)); err != nil {
		return nil, err
	}
	return takeExecutable(ctx, done, c, "pjrt.Client.LoadSerialized")
}

// SerializedInfo reads the header of serialized bytes, without a plugin.
func SerializedInfo(data []byte) (*Values, error) {
	var raw *C.pje_named_values
	if err := result(C.pje_serialized_executable_info(dataOf(data), C.size_t(len(data)), &raw)); err != nil {
		return nil, err
	}
	return ownValues(raw), nil
}

func ownValues(raw *C.pje_named_values) *Values {
	v := new(Values)
	v.own(raw, valueSets)
	return v
}

func (x *Compiled) bytesOf(ctx context.Context, done *C.pje_event, function string) ([]byte, error) {
	defer C.pje_event_release(done)
	if err := await(ctx, done, function); err != nil {
		return nil, err
	}
	var raw *C.pje_bytes
	if err := result(C.pje_event_get_bytes(done, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// Serialize gives bytes for [Client.LoadSerialized], with a header that says whose they are.
func (x *Compiled) Serialize(ctx context.Context) ([]byte, error) {
	defer runtime.KeepAlive(x)
	var done *C.pje_event
	if err := result(C.pje_executable_serialize_async(x.raw, nil, &done)); err != nil {
		return nil, err
	}
	return x.bytesOf(ctx, done, "pjrt.Compiled.Serialize")
}

// SerializeRaw gives the plugin's own bytes, without a header.
func (x *Compiled) SerializeRaw(ctx context.Context) ([]byte, error) {
	defer runtime.KeepAlive(x)
	var done *C.pje_event
	if err := result(C.pje_executable_serialize_raw_async(x.raw, nil, &done)); err != nil {
		return nil, err
	}
	return x.bytesOf(ctx, done, "pjrt.Compiled.SerializeRaw")
}

// Name is the program's name.
func (x *Compiled) Name() string {
	defer runtime.KeepAlive(x)
	return C.GoString(C.pje_executable_name(x.raw))
}

// NumReplicas is the number of replicas.
func (x *Compiled) NumReplicas() int {
	defer runtime.KeepAlive(x)
	return int(C.pje_executable_num_replicas(x.raw))
}

// NumPartitions is the number of partitions.
func (x *Compiled) NumPartitions() int {
	defer runtime.KeepAlive(x)
	return int(C.pje_executable_num_partitions(x.raw))
}

// NumOutputs is the number of results per device.
func (x *Compiled) NumOutputs() int {
	defer runtime.KeepAlive(x)
	return int(C.pje_executable_num_outputs(x.raw))
}

// OutputType tells of result i; false when there is none or the plugin does not tell.
func (x *Compiled) OutputType(i int) (ArrayType, bool) {
	defer runtime.KeepAlive(x)
	var dtype C.pje_dtype
	var dims *C.int64_t
	var rank C.size_t
	if !C.pje_executable_output_type(x.raw, C.size_t(i), &dtype, &dims, &rank) {
		return ArrayType{}, false
	}
	return ArrayType{DType(dtype), dimsOf(dims, rank)}, true
}

// OutputMemoryKind is the kind of memory of result i, "" when the plugin does not tell.
func (x *Compiled) OutputMemoryKind(i int) string {
	defer runtime.KeepAlive(x)
	return C.GoString(C.pje_executable_output_memory_kind(x.raw, C.size_t(i)))
}

// ParameterMemoryKinds are those of the parameters; nil when the plugin does not tell.
func (x *Compiled) ParameterMemoryKinds() []string {
	defer runtime.KeepAlive(x)
	n := C.pje_executable_num_parameters(x.raw)
	if n == C.SIZE_MAX {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = C.GoString(C.pje_executable_parameter_memory_kind(x.raw, C.size_t(i)))
	}
	return out
}

// CodeSize is the number of bytes of machine code; 0 or below where the plugin does not know.
func (x *Compiled) CodeSize() (int64, error) {
	defer runtime.KeepAlive(x)
	var out C.int64_t
	err := result(C.pje_executable_code_size(x.raw, &out))
	return int64(out), err
}

// Fingerprint is the same for the same program, options and compiler.
func (x *Compiled) Fingerprint() ([]byte, error) {
	defer runtime.KeepAlive(x)
	var raw *C.pje_bytes
	if err := result(C.pje_executable_fingerprint(x.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// OptimizedProgram is the program as the compiler left it.
func (x *Compiled) OptimizedProgram() (*Program, error) {
	defer runtime.KeepAlive(x)
	var raw *C.pje_program
	if err := result(C.pje_executable_optimized_program(x.raw, &raw)); err != nil {
		return nil, err
	}
	return newProgram(raw), nil
}

// CostAnalysis is what a run costs by the compiler's estimate.
func (x *Compiled) CostAnalysis() (*Values, error) {
	defer runtime.KeepAlive(x)
	var raw *C.pje_named_values
	if err := result(C.pje_executable_cost_analysis(x.raw, &raw)); err != nil {
		return nil, err
	}
	return ownValues(raw), nil
}

// MemoryStats is the memory that a run takes on each device, in bytes.
func (x *Compiled) MemoryStats() (*Values, error) {
	defer runtime.KeepAlive(x)
	var raw *C.pje_named_values
	if err := result(C.pje_executable_memory_stats(x.raw, &raw)); err != nil {
		return nil, err
	}
	return ownValues(raw), nil
}

// CompileOptions are those that the program was compiled with.
func (x *Compiled) CompileOptions() (*CompileOptions, error) {
	defer runtime.KeepAlive(x)
	var raw *C.pje_compile_options
	if err := result(C.pje_executable_compile_options(x.raw, &raw)); err != nil {
		return nil, err
	}
	return newCompileOptions(raw), nil
}

// Delete drops what the executable holds on its devices, whoever still has it. Runs in progress go on.
func (x *Executable) Delete() error {
	defer runtime.KeepAlive(x)
	return result(C.pje_loaded_executable_delete(x.raw))
}

// IsDeleted reports whether the executable was deleted.
func (x *Executable) IsDeleted() bool {
	defer runtime.KeepAlive(x)
	return bool(C.pje_loaded_executable_is_deleted(x.raw))
}

// Fingerprint is that of [Compiled.Fingerprint].
func (x *Executable) Fingerprint() ([]byte, error) {
	defer runtime.KeepAlive(x)
	var raw *C.pje_bytes
	if err := result(C.pje_loaded_executable_fingerprint(x.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}
