package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// CurrentAttributes are what the device says of itself now.
func (d *Device) CurrentAttributes() (*Values, error) {
	defer runtime.KeepAlive(d)
	var raw *C.pje_named_values
	if err := result(C.pje_device_current_attributes(d.raw, &raw)); err != nil {
		return nil, err
	}
	return ownValues(raw), nil
}

// MemoryStats tell how the device's memory is used; [Unimplemented] on CPUs.
func (d *Device) MemoryStats() (*Values, error) {
	defer runtime.KeepAlive(d)
	var raw *C.pje_named_values
	if err := result(C.pje_device_memory_stats(d.raw, &raw)); err != nil {
		return nil, err
	}
	return ownValues(raw), nil
}

// ClearMemoryStats begins peaks and counts anew.
func (d *Device) ClearMemoryStats() error {
	defer runtime.KeepAlive(d)
	return result(C.pje_device_clear_memory_stats(d.raw))
}

// PoisonExecution makes the run with a launch id fail; it reports whether there was one.
func (d *Device) PoisonExecution(launchID int, failure error) (bool, error) {
	defer runtime.KeepAlive(d)
	given := rawError(failure)
	defer C.pje_error_release(given)
	var poisoned C.bool
	err := result(C.pje_device_poison_execution(d.raw, C.int32_t(launchID), given, &poisoned))
	return bool(poisoned), err
}

// TrackingEvent is a span in which a profiler counts what happens on a device; Close ends it.
type TrackingEvent struct {
	handle[*C.pje_tracking_event]
}

var trackingEvents = newClass(func(raw *C.pje_tracking_event) { C.pje_tracking_event_release(raw) })

// Track begins a named span.
func (d *Device) Track(description string) (*TrackingEvent, error) {
	defer runtime.KeepAlive(d)
	text := C.CString(description)
	defer C.free(unsafe.Pointer(text))
	var raw *C.pje_tracking_event
	if err := result(C.pje_tracking_event_create(d.raw, text, &raw)); err != nil {
		return nil, err
	}
	e := new(TrackingEvent)
	e.own(raw, trackingEvents)
	return e, nil
}

// String gives one line about it.
func (e *TrackingEvent) String() string {
	defer runtime.KeepAlive(e)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_tracking_event_describe(e.raw, t, n) })
}

// LookupAddressableDevice finds a device of this process by the number that its hardware has here.
func (c *Client) LookupAddressableDevice(id LocalHardwareID) (*Device, error) {
	defer runtime.KeepAlive(c)
	var raw *C.pje_device
	if err := result(C.pje_client_lookup_addressable_device(c.raw, C.int32_t(id), &raw)); err != nil {
		return nil, err
	}
	return newDevice(raw, c), nil
}

// ProcessState is how a process of those that share a program is.
type ProcessState int32

// What is known of another process.
const (
	ProcessUnspecified   ProcessState = C.PJE_PROCESS_UNSPECIFIED
	ProcessUninitialized ProcessState = C.PJE_PROCESS_UNINITIALIZED
	ProcessDisconnected  ProcessState = C.PJE_PROCESS_DISCONNECTED
	ProcessConnected     ProcessState = C.PJE_PROCESS_CONNECTED
	ProcessError         ProcessState = C.PJE_PROCESS_ERROR
)

// ProcessInfo tells of one process.
type ProcessInfo struct {
	TaskID        int
	IncarnationID uint64
	State         ProcessState
	Err           error
}

// UpdateGlobalProcessInfo tells the plugin how the processes that share the program are.
func (c *Client) UpdateGlobalProcessInfo(processes ...ProcessInfo) error {
	defer runtime.KeepAlive(c)
	tasks, states := make([]C.int32_t, len(processes)+1), make([]C.int32_t, len(processes)+1)
	incarnations, errors := make([]C.uint64_t, len(processes)+1), make([]*C.pje_error, len(processes)+1)
	for i, p := range processes {
		tasks[i], states[i] = C.int32_t(p.TaskID), C.int32_t(p.State)
		incarnations[i], errors[i] = C.uint64_t(p.IncarnationID), rawError(p.Err)
		defer C.pje_error_release(errors[i])
	}
	return result(C.pje_client_update_global_process_info(c.raw, &tasks[0], &incarnations[0], &states[0], &errors[0], C.size_t(len(processes))))
}

// DMAMapping lets devices reach host memory on their own until it is closed.
type DMAMapping struct{ handle[*C.pje_dma_mapping] }

var mappings = newClass(func(raw *C.pje_dma_mapping) { C.pje_dma_mapping_release(raw) })

// MapDMA maps memory that is not Go's, such as that of an [Array]; it must outlive the mapping. [Unimplemented] on CPUs.
func (c *Client) MapDMA(data unsafe.Pointer, size int) (*DMAMapping, error) {
	defer runtime.KeepAlive(c)
	var raw *C.pje_dma_mapping
	if err := result(C.pje_dma_mapping_create(c.raw, data, C.size_t(size), &raw)); err != nil {
		return nil, err
	}
	m := new(DMAMapping)
	m.own(raw, mappings)
	return m, nil
}

// Data is the memory.
func (m *DMAMapping) Data() unsafe.Pointer {
	defer runtime.KeepAlive(m)
	return C.pje_dma_mapping_data(m.raw)
}

// Size is its size in bytes.
func (m *DMAMapping) Size() int {
	defer runtime.KeepAlive(m)
	return int(C.pje_dma_mapping_size(m.raw))
}

// String gives one line about it.
func (m *DMAMapping) String() string {
	defer runtime.KeepAlive(m)
	return line(func(t *C.char, n C.size_t) C.size_t { return C.pje_dma_mapping_describe(m.raw, t, n) })
}
