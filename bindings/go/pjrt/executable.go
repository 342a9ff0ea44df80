package pjrt

// #include "bridge.h"
import "C"

import (
	"context"
	"iter"
	"runtime"
)

// Executable is a compiled program, loaded onto devices.
type Executable struct {
	handle[*C.pje_loaded_executable]
	client     *Client
	numOutputs int
	numDevices int
	habits     C.struct_habits
}

var executables = newClass(func(raw *C.pje_loaded_executable) { C.pje_loaded_executable_release(raw) })

// Compile compiles a program; options may be nil: one replica, one partition. It takes from milliseconds to minutes.
func (c *Client) Compile(p *Program, options *CompileOptions) (*Executable, error) {
	return c.CompileContext(context.Background(), p, options)
}

// CompileContext is [Client.Compile] whose wait ends with ctx; the compiler then goes on, for nobody. It runs on a thread of the
// library: see [SetPoolThreads].
func (c *Client) CompileContext(ctx context.Context, p *Program, options *CompileOptions) (*Executable, error) {
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(p)
	defer runtime.KeepAlive(options)
	var done *C.pje_event
	if err := result(C.pje_client_compile_async(c.raw, p.pointer(), options.pointer(), nil, &done)); err != nil {
		return nil, err
	}
	return takeExecutable(ctx, done, c, "pjrt.Client.Compile")
}

func newExecutable(raw *C.pje_loaded_executable, c *Client) *Executable {
	x := &Executable{
		client:     c,
		numOutputs: int(C.pje_loaded_executable_num_outputs(raw)),
		numDevices: int(C.pje_loaded_executable_num_addressable_devices(raw)),
	}
	x.own(raw, executables)
	return x
}

// Client is where the executable was compiled.
func (x *Executable) Client() *Client { return x.client }

// Name is the program's name.
func (x *Executable) Name() string {
	defer runtime.KeepAlive(x)
	return C.GoString(C.pje_loaded_executable_name(x.raw))
}

// NumReplicas is the number of replicas.
func (x *Executable) NumReplicas() int {
	defer runtime.KeepAlive(x)
	return int(C.pje_loaded_executable_num_replicas(x.raw))
}

// NumPartitions is the number of partitions.
func (x *Executable) NumPartitions() int {
	defer runtime.KeepAlive(x)
	return int(C.pje_loaded_executable_num_partitions(x.raw))
}

// Devices are those of this process that the program runs on.
func (x *Executable) Devices() iter.Seq[*Device] {
	return func(yield func(*Device) bool) {
		for i := range x.numDevices {
			if !yield(x.device(i)) {
				return
			}
		}
	}
}

// NumDevices counts them.
func (x *Executable) NumDevices() int { return x.numDevices }

func (x *Executable) device(i int) *Device {
	defer runtime.KeepAlive(x)
	return newDevice(C.pje_loaded_executable_addressable_device(x.raw, C.size_t(i)), x.client)
}

// ArrayType is what an argument or a result must look like on each device.
type ArrayType struct {
	DType DType
	Dims  []int
}

// NumArgs is the number of arguments per device, -1 when the plugin does not tell.
func (x *Executable) NumArgs() int {
	defer runtime.KeepAlive(x)
	if n := C.pje_loaded_executable_num_args(x.raw); n != C.SIZE_MAX {
		return int(n)
	}
	return -1
}

// NumOutputs is the number of results per device.
func (x *Executable) NumOutputs() int { return x.numOutputs }

// ArgType tells of argument i; false when there is none or the plugin does not tell.
func (x *Executable) ArgType(i int) (ArrayType, bool) {
	defer runtime.KeepAlive(x)
	var dtype C.pje_dtype
	var dims *C.int64_t
	var rank C.size_t
	if !C.pje_loaded_executable_arg_type(x.raw, C.size_t(i), &dtype, &dims, &rank) {
		return ArrayType{}, false
	}
	return ArrayType{DType(dtype), dimsOf(dims, rank)}, true
}

// OutputType tells of result i.
func (x *Executable) OutputType(i int) (ArrayType, bool) {
	defer runtime.KeepAlive(x)
	var dtype C.pje_dtype
	var dims *C.int64_t
	var rank C.size_t
	if !C.pje_loaded_executable_output_type(x.raw, C.size_t(i), &dtype, &dims, &rank) {
		return ArrayType{}, false
	}
	return ArrayType{DType(dtype), dimsOf(dims, rank)}, true
}

// ArgIsDonated reports whether a run may take argument i over.
func (x *Executable) ArgIsDonated(i int) bool {
	defer runtime.KeepAlive(x)
	return bool(C.pje_loaded_executable_arg_is_donated(x.raw, C.size_t(i)))
}
