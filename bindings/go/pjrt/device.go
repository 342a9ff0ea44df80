package pjrt

// #include "bridge.h"
import "C"

import (
	"iter"
	"runtime"
)

// DeviceID is unique over all processes.
type DeviceID int32

// LocalHardwareID is the number of a device on its host, or -1.
type LocalHardwareID int32

// MemoryID is unique within a client.
type MemoryID int32

// Device belongs to a client, which it keeps from being collected, not from being closed.
type Device struct {
	raw *C.pje_device
	of  any
}

// Memory belongs to a client, as a [Device] does.
type Memory struct {
	raw *C.pje_memory
	of  any
}

func newDevice(raw *C.pje_device, of any) *Device {
	if raw == nil {
		return nil
	}
	return &Device{raw, of}
}

func newMemory(raw *C.pje_memory, of any) *Memory {
	if raw == nil {
		return nil
	}
	return &Memory{raw, of}
}

// pointer gives NULL for nil: the default.
func (d *Device) pointer() *C.pje_device {
	if d == nil {
		return nil
	}
	return d.raw
}

func (m *Memory) pointer() *C.pje_memory {
	if m == nil {
		return nil
	}
	return m.raw
}

// ID is the global id.
func (d *Device) ID() DeviceID {
	defer runtime.KeepAlive(d)
	return DeviceID(C.pje_device_id(d.raw))
}

// LocalHardwareID is the number of the device on its host, or -1.
func (d *Device) LocalHardwareID() LocalHardwareID {
	defer runtime.KeepAlive(d)
	return LocalHardwareID(C.pje_device_local_hardware_id(d.raw))
}

// ProcessIndex is the number of the process that can use the device.
func (d *Device) ProcessIndex() ProcessIndex {
	defer runtime.KeepAlive(d)
	return ProcessIndex(C.pje_device_process_index(d.raw))
}

// IsAddressable reports whether this process can use the device.
func (d *Device) IsAddressable() bool {
	defer runtime.KeepAlive(d)
	return bool(C.pje_device_is_addressable(d.raw))
}

// Kind is the kind of hardware, such as "cpu".
func (d *Device) Kind() string {
	defer runtime.KeepAlive(d)
	return C.GoString(C.pje_device_kind(d.raw))
}

// DebugString is the plugin's text for logs.
func (d *Device) DebugString() string {
	defer runtime.KeepAlive(d)
	return C.GoString(C.pje_device_debug_string(d.raw))
}

// Text is the plugin's text for people.
func (d *Device) Text() string {
	defer runtime.KeepAlive(d)
	return C.GoString(C.pje_device_to_string(d.raw))
}

// Attributes are what the plugin says of the device.
func (d *Device) Attributes() *Values {
	defer runtime.KeepAlive(d)
	return lentValues(C.pje_device_attributes(d.raw), d)
}

// DefaultMemory is where buffers go when no memory is named, or nil.
func (d *Device) DefaultMemory() *Memory {
	defer runtime.KeepAlive(d)
	return newMemory(C.pje_device_default_memory(d.raw), d.of)
}

// Memories are those that the device can reach.
func (d *Device) Memories() iter.Seq[*Memory] {
	return func(yield func(*Memory) bool) {
		defer runtime.KeepAlive(d)
		for i := range int(C.pje_device_num_addressable_memories(d.raw)) {
			if !yield(newMemory(C.pje_device_addressable_memory(d.raw, C.size_t(i)), d.of)) {
				return
			}
		}
	}
}

// ID is the memory's own number.
func (m *Memory) ID() MemoryID {
	defer runtime.KeepAlive(m)
	return MemoryID(C.pje_memory_id(m.raw))
}

// Kind is the kind of memory, such as "device" or "pinned_host".
func (m *Memory) Kind() string {
	defer runtime.KeepAlive(m)
	return C.GoString(C.pje_memory_kind(m.raw))
}

// KindID is the plugin's number of the kind.
func (m *Memory) KindID() int {
	defer runtime.KeepAlive(m)
	return int(C.pje_memory_kind_id(m.raw))
}

// DebugString is the plugin's text for logs.
func (m *Memory) DebugString() string {
	defer runtime.KeepAlive(m)
	return C.GoString(C.pje_memory_debug_string(m.raw))
}

// Text is the plugin's text for people.
func (m *Memory) Text() string {
	defer runtime.KeepAlive(m)
	return C.GoString(C.pje_memory_to_string(m.raw))
}

// Devices are those that reach the memory.
func (m *Memory) Devices() iter.Seq[*Device] {
	return func(yield func(*Device) bool) {
		defer runtime.KeepAlive(m)
		for i := range int(C.pje_memory_num_devices(m.raw)) {
			if !yield(newDevice(C.pje_memory_device(m.raw, C.size_t(i)), m.of)) {
				return
			}
		}
	}
}
