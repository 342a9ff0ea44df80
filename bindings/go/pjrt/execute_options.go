package pjrt

// #include "bridge.h"
// #include <string.h>
import "C"

import (
	"runtime"
	"unsafe"
)

// ExecuteOptions say how to run.
type ExecuteOptions struct {
	Device       *Device          // run on this device; for programs compiled to be portable
	NonDonatable []int            // arguments that this run must not take over
	CallLocation string           // where the call comes from, for profiles
	LaunchID     int              // groups the launches of one run over several processes
	Tasks        []Task           // the processes that take part
	Pool         bool             // a thread of the library dispatches: the caller runs no code of the plugin; see [SetPoolThreads]
	Context      *ExecuteContext  // what custom calls find
	Handlers     *Handlers        // what the program's sends, receives and results of operations reach
	NativeLayout bool             // handlers get and give data as they lie on the device instead of row-major
	Custom       map[string]Value // the plugin's own
}

// Task is a process that takes part in a run.
type Task struct {
	ID          int32
	Incarnation int64 // the life in which it is
}

// builtOptions are options as the library takes them; all that they point at is C's memory. nil options are the defaults.
type builtOptions struct {
	options *C.pje_execute_options
	custom  *Values
}

func (o *ExecuteOptions) build() (*builtOptions, error) {
	if o == nil {
		return &builtOptions{}, nil
	}
	b := &builtOptions{options: C.bridge_new_execute_options()}
	if b.options == nil {
		return nil, refuse(ResourceExhausted, "pjrt.ExecuteOptions", "no memory")
	}
	if o.Custom != nil {
		custom, err := valuesFrom(o.Custom)
		if err != nil {
			b.free()
			return nil, err
		}
		b.custom = custom
		b.options.custom_options = custom.raw
	}
	ids, incarnations := make([]int32, len(o.Tasks)), make([]int64, len(o.Tasks))
	for i, task := range o.Tasks {
		ids[i], incarnations[i] = task.ID, task.Incarnation
	}
	b.options.device = o.Device.pointer()
	b.options.non_donatable = (*C.int64_t)(cList(dims64(o.NonDonatable)))
	b.options.num_non_donatable = C.size_t(len(o.NonDonatable))
	b.options.call_location = cText(o.CallLocation)
	b.options.launch_id = C.int32_t(o.LaunchID)
	if o.Pool {
		b.options.launch = C.PJE_LAUNCH_POOL
	}
	b.options.task_ids = (*C.int32_t)(cList(ids))
	b.options.incarnation_ids = (*C.int64_t)(cList(incarnations))
	b.options.num_tasks = C.size_t(len(o.Tasks))
	if o.NativeLayout {
		b.options.flags = C.PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT
	}
	b.options.context = o.Context.pointer()
	b.options.handlers = o.Handlers.pointer()
	return b, nil
}

func (b *builtOptions) free() {
	if b.options == nil {
		return
	}
	C.free(unsafe.Pointer(b.options.non_donatable))
	C.free(unsafe.Pointer(b.options.call_location))
	C.free(unsafe.Pointer(b.options.task_ids))
	C.free(unsafe.Pointer(b.options.incarnation_ids))
	C.free(unsafe.Pointer(b.options))
	if b.custom != nil {
		b.custom.Close()
	}
}

// cList copies a list into memory of C; NULL for an empty one.
func cList[T int32 | int64](values []T) unsafe.Pointer {
	if len(values) == 0 {
		return nil
	}
	size := C.size_t(len(values)) * C.size_t(unsafe.Sizeof(values[0]))
	list := C.malloc(size)
	C.memcpy(list, unsafe.Pointer(&values[0]), size)
	return list
}

// ExecuteContext is data that the custom calls of runs find; one may serve several runs at the same time.
type ExecuteContext struct {
	handle[*C.pje_execute_context]
	plugin *Plugin
}

var executeContexts = newClass(func(raw *C.pje_execute_context) { C.pje_execute_context_release(raw) })

// NewExecuteContext makes an empty context.
func (p *Plugin) NewExecuteContext() (*ExecuteContext, error) {
	defer runtime.KeepAlive(p)
	var raw *C.pje_execute_context
	if err := result(C.pje_execute_context_create(p.raw, &raw)); err != nil {
		return nil, err
	}
	e := &ExecuteContext{plugin: p}
	e.own(raw, executeContexts)
	return e, nil
}

// Plugin is what the context was made for.
func (e *ExecuteContext) Plugin() *Plugin { return e.plugin }

// String gives one line about it.
func (e *ExecuteContext) String() string {
	defer runtime.KeepAlive(e)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_execute_context_describe(e.raw, t, n) })
}

func (e *ExecuteContext) pointer() *C.pje_execute_context {
	if e == nil {
		return nil
	}
	return e.raw
}
