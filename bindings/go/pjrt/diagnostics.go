package pjrt

// #include "bridge.h"
//
// pje_error *bridge_log_to_go(bool on);
// pje_error *bridge_out_of_memory_to_go(pje_client *client, uintptr_t handle);
// static pje_error *bridge_stats(const pje_client *client, pje_client_statistics *out) {
//   *out = (pje_client_statistics)PJE_CLIENT_STATISTICS_INIT;
//   return pje_client_stats(client, out);
// }
import "C"

import (
	"runtime"
	"runtime/cgo"
	"sync"
	"sync/atomic"
	"unsafe"
)

// line calls one of the library's describe functions, which write like snprintf.
func line(describe func(text *C.char, capacity C.size_t) C.size_t) string {
	buffer := make([]C.char, 256)
	n := describe(&buffer[0], C.size_t(len(buffer)))
	if n >= C.size_t(len(buffer)) {
		buffer = make([]C.char, n+1)
		describe(&buffer[0], n+1)
	}
	return C.GoString(&buffer[0])
}

// String gives one line about it.
func (a *Array) String() string {
	defer runtime.KeepAlive(a)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_array_describe(a.raw, t, n) })
}

// String gives one line about it.
func (b *Buffer) String() string {
	defer runtime.KeepAlive(b)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_buffer_describe(b.raw, t, n) })
}

// String gives one line about it.
func (c *Client) String() string {
	defer runtime.KeepAlive(c)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_client_describe(c.raw, t, n) })
}

// String gives one line about it.
func (o *CompileOptions) String() string {
	defer runtime.KeepAlive(o)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_compile_options_describe(o.raw, t, n) })
}

// String gives one line about it.
func (q *CompletionQueue) String() string {
	defer runtime.KeepAlive(q)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_completion_queue_describe(q.raw, t, n) })
}

// String gives one line about it.
func (d *Device) String() string {
	defer runtime.KeepAlive(d)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_device_describe(d.raw, t, n) })
}

// String gives one line about it.
func (a *DeviceAssignment) String() string {
	defer runtime.KeepAlive(a)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_device_assignment_describe(a.raw, t, n) })
}

// String gives one line about it.
func (d *DeviceDescription) String() string {
	defer runtime.KeepAlive(d)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_device_description_describe(d.raw, t, n) })
}

// String gives one line about it.
func (e *Event) String() string {
	defer runtime.KeepAlive(e)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_event_describe(e.raw, t, n) })
}

// String gives one line about it.
func (s *KVStore) String() string {
	defer runtime.KeepAlive(s)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_kv_store_describe(s.raw, t, n) })
}

// String gives one line about it.
func (m *TransferManager) String() string {
	defer runtime.KeepAlive(m)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_transfer_manager_describe(m.raw, t, n) })
}

// String gives one line about it.
func (l *Layout) String() string {
	defer runtime.KeepAlive(l)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_layout_describe(l.raw, t, n) })
}

// String gives one line about it.
func (x *Executable) String() string {
	defer runtime.KeepAlive(x)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_loaded_executable_describe(x.raw, t, n) })
}

// String gives one line about it.
func (x *Compiled) String() string {
	defer runtime.KeepAlive(x)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_executable_describe(x.raw, t, n) })
}

// String gives one line about it.
func (m *Memory) String() string {
	defer runtime.KeepAlive(m)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_memory_describe(m.raw, t, n) })
}

// String gives one line about it.
func (v *Values) String() string {
	defer runtime.KeepAlive(v)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_named_values_describe(v.pointer(), t, n) })
}

// String gives one line about it.
func (p *Plugin) String() string {
	defer runtime.KeepAlive(p)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_plugin_describe(p.raw, t, n) })
}

// String gives one line about it.
func (p *Program) String() string {
	defer runtime.KeepAlive(p)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_program_describe(p.raw, t, n) })
}

// String gives one line about it.
func (q *RequestQueue) String() string {
	defer runtime.KeepAlive(q)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_request_queue_describe(q.raw, t, n) })
}

// String gives one line about it.
func (t *Topology) String() string {
	defer runtime.KeepAlive(t)
	return line(func(text *C.char, n C.size_t) C.size_t { return C.pje_topology_describe(t.pointer(), text, n) })
}

// Statistics are what a program holds of one client.
type Statistics struct {
	Buffers, Events, Executables, Others uint64
	LiveBytes, PeakBytes                 uint64 // of buffers that are neither deleted nor donated
}

// Stats counts what the program holds of the client.
func (c *Client) Stats() (Statistics, error) {
	defer runtime.KeepAlive(c)
	var s C.pje_client_statistics
	if err := result(C.bridge_stats(c.raw, &s)); err != nil {
		return Statistics{}, err
	}
	return Statistics{uint64(s.num_buffers), uint64(s.num_events), uint64(s.num_loaded_executables), uint64(s.num_others),
		uint64(s.live_bytes), uint64(s.peak_bytes)}, nil
}

// LiveObjects counts the library's objects of a type, such as "pje_buffer", that the process holds; "" for all.
func LiveObjects(kind string) uint64 {
	text := cText(kind)
	defer C.free(unsafe.Pointer(text))
	return uint64(C.pje_live_objects(text))
}

// LeakReport logs every object of the library that the process holds, and gives their number. With PJE_VALIDATE=1 in the
// environment each line tells who made the object.
func LeakReport() uint64 { return uint64(C.pje_leak_report()) }

// LogKind is what a line of the log is about.
type LogKind int32

// The kinds of lines.
const (
	LogMisuse       LogKind = C.PJE_LOG_MISUSE
	LogPluginError  LogKind = C.PJE_LOG_PLUGIN_ERROR
	LogNotice       LogKind = C.PJE_LOG_NOTICE
	LogLeak         LogKind = C.PJE_LOG_LEAK
	LogPluginOutput LogKind = C.PJE_LOG_PLUGIN_OUTPUT
)

// LogLine is one line of the library's log.
type LogLine struct {
	Kind     LogKind
	Code     Code
	Function string
	Message  string
}

var logger atomic.Pointer[func(LogLine)]

// SetLogger has every further line of the library's log given to write instead of stderr; nil: to stderr again. It is called on
// threads of the library and of plugins, several at once, and must not call this package but to close things.
func SetLogger(write func(LogLine)) error {
	if write == nil {
		err := result(C.bridge_log_to_go(false))
		logger.Store(nil)
		return err
	}
	logger.Store(&write)
	return result(C.bridge_log_to_go(true))
}

//export goLogLine
func goLogLine(kind C.int32_t, code C.int32_t, function, message *C.char) {
	if write := logger.Load(); write != nil {
		(*write)(LogLine{LogKind(kind), Code(code), C.GoString(function), C.GoString(message)})
	}
}

// CaptureStderr has what the process writes to file descriptor 2, which is how plugins log, given to the logger line by line.
func CaptureStderr(capture bool) error { return result(C.pje_log_capture_stderr(C.bool(capture))) }

// SetPluginLogLevel sets from which level on plugins log: 0 everything to 3 fatal errors only. Call it before plugins are loaded.
func SetPluginLogLevel(level int) error { return result(C.pje_log_set_plugin_level(C.int32_t(level))) }

var outOfMemory struct {
	mu      sync.Mutex
	handles map[*C.pje_client]cgo.Handle
}

// OnOutOfMemory sets what runs when a call with the client ran out of the device's memory; nil: nothing. It may close buffers, and
// answers whether the call is worth repeating.
func (c *Client) OnOutOfMemory(free func() bool) error {
	defer runtime.KeepAlive(c)
	o := &outOfMemory
	o.mu.Lock()
	defer o.mu.Unlock()
	var handle cgo.Handle
	if free != nil {
		handle = cgo.NewHandle(free)
	}
	err := result(C.bridge_out_of_memory_to_go(c.raw, C.uintptr_t(handle)))
	if err != nil {
		if handle != 0 {
			handle.Delete()
		}
		return err
	}
	// The former function neither runs nor will.
	if former, ok := o.handles[c.raw]; ok {
		former.Delete()
		delete(o.handles, c.raw)
	}
	if handle != 0 {
		if o.handles == nil {
			o.handles = make(map[*C.pje_client]cgo.Handle)
		}
		o.handles[c.raw] = handle
	}
	return nil
}

//export goOutOfMemory
func goOutOfMemory(handle C.uintptr_t) C.bool {
	free, ok := cgo.Handle(handle).Value().(func() bool)
	return C.bool(ok && free())
}
