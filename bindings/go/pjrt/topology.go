package pjrt

// #include "bridge.h"
import "C"

import (
	"iter"
	"runtime"
	"unsafe"
)

// Topology is the shape of a system of devices, with or without the hardware.
type Topology struct {
	handle[*C.pje_topology]
	lent *C.pje_topology
	of   any
}

var topologies = newClass(func(raw *C.pje_topology) { C.pje_topology_release(raw) })

func newTopology(raw *C.pje_topology, of any) *Topology {
	t := &Topology{of: of}
	t.own(raw, topologies)
	return t
}

func (t *Topology) pointer() *C.pje_topology {
	if t.lent != nil {
		return t.lent
	}
	return t.raw
}

// NewTopology makes a topology by the plugin's own name for it, such as "v5e:2x2"; options may be nil.
func (p *Plugin) NewTopology(name string, options map[string]Value) (*Topology, error) {
	defer runtime.KeepAlive(p)
	values, err := valuesFrom(options)
	if err != nil {
		return nil, err
	}
	defer values.Close()
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	var raw *C.pje_topology
	if err := result(C.pje_topology_create(p.raw, text, values.raw, &raw)); err != nil {
		return nil, err
	}
	return newTopology(raw, p), nil
}

// ParseTopology reads what [Topology.Serialize] of the same plugin gave.
func (p *Plugin) ParseTopology(data []byte) (*Topology, error) {
	defer runtime.KeepAlive(p)
	var raw *C.pje_topology
	if err := result(C.pje_topology_deserialize(p.raw, dataOf(data), C.size_t(len(data)), &raw)); err != nil {
		return nil, err
	}
	return newTopology(raw, p), nil
}

// Topology is the client's own; it needs no Close.
func (c *Client) Topology() (*Topology, error) {
	defer runtime.KeepAlive(c)
	var raw *C.pje_topology
	if err := result(C.pje_client_topology(c.raw, &raw)); err != nil {
		return nil, err
	}
	return &Topology{lent: raw, of: c}, nil
}

// Platform is the name of the platform.
func (t *Topology) Platform() string {
	defer runtime.KeepAlive(t)
	return C.GoString(C.pje_topology_platform_name(t.pointer()))
}

// PlatformVersion is the platform's own text.
func (t *Topology) PlatformVersion() string {
	defer runtime.KeepAlive(t)
	return C.GoString(C.pje_topology_platform_version(t.pointer()))
}

// Attributes are what the plugin says of the topology.
func (t *Topology) Attributes() *Values {
	defer runtime.KeepAlive(t)
	return lentValues(C.pje_topology_attributes(t.pointer()), t)
}

// NumDevices counts the devices.
func (t *Topology) NumDevices() int {
	defer runtime.KeepAlive(t)
	return int(C.pje_topology_num_devices(t.pointer()))
}

// Devices describes each device.
func (t *Topology) Devices() iter.Seq[*DeviceDescription] {
	return func(yield func(*DeviceDescription) bool) {
		defer runtime.KeepAlive(t)
		for i := range t.NumDevices() {
			if !yield(&DeviceDescription{C.pje_topology_device(t.pointer(), C.size_t(i)), t}) {
				return
			}
		}
	}
}

// Serialize gives bytes for [Plugin.ParseTopology].
func (t *Topology) Serialize() ([]byte, error) {
	defer runtime.KeepAlive(t)
	var raw *C.pje_bytes
	if err := result(C.pje_topology_serialize(t.pointer(), &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// Fingerprint is the same for equal topologies of one plugin.
func (t *Topology) Fingerprint() (uint64, error) {
	defer runtime.KeepAlive(t)
	var out C.uint64_t
	err := result(C.pje_topology_fingerprint(t.pointer(), &out))
	return uint64(out), err
}

// MemoryKindIDs are the plugin's numbers of the kinds of memory.
func (t *Topology) MemoryKindIDs() ([]int, error) {
	defer runtime.KeepAlive(t)
	var count C.size_t
	if err := result(C.pje_topology_memory_kind_ids(t.pointer(), 0, nil, &count)); err != nil {
		return nil, err
	}
	raw := make([]C.int32_t, count+1)
	if err := result(C.pje_topology_memory_kind_ids(t.pointer(), count, &raw[0], &count)); err != nil {
		return nil, err
	}
	out := make([]int, count)
	for i := range out {
		out[i] = int(raw[i])
	}
	return out, nil
}

// CanonicalShape gives the shape that an array has in a kind of memory, as a serialized xla.ShapeProto.
func (t *Topology) CanonicalShape(memoryKindID int, shape ShapeLayout) ([]byte, error) {
	defer runtime.KeepAlive(t)
	dims, order := dims64(shape.Dims), dims64(shape.MinorToMajor)
	var raw *C.pje_bytes
	if err := result(C.pje_topology_canonical_shape(t.pointer(), C.int32_t(memoryKindID), C.pje_dtype(shape.DType), first64(dims),
		C.size_t(len(dims)), first64(order), &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// DeviceDescription tells of a device that need not be there.
type DeviceDescription struct {
	raw *C.pje_device_description
	of  any
}

// Description tells of the device.
func (d *Device) Description() *DeviceDescription {
	defer runtime.KeepAlive(d)
	return &DeviceDescription{C.pje_device_get_description(d.raw), d}
}

// ID is the global id.
func (d *DeviceDescription) ID() DeviceID {
	defer runtime.KeepAlive(d)
	return DeviceID(C.pje_device_description_id(d.raw))
}

// ProcessIndex is the number of the process that can use the device.
func (d *DeviceDescription) ProcessIndex() ProcessIndex {
	defer runtime.KeepAlive(d)
	return ProcessIndex(C.pje_device_description_process_index(d.raw))
}

// Kind is the kind of hardware.
func (d *DeviceDescription) Kind() string {
	defer runtime.KeepAlive(d)
	return C.GoString(C.pje_device_description_kind(d.raw))
}

// DebugString is the plugin's text for logs.
func (d *DeviceDescription) DebugString() string {
	defer runtime.KeepAlive(d)
	return C.GoString(C.pje_device_description_debug_string(d.raw))
}

// Text is the plugin's text for people.
func (d *DeviceDescription) Text() string {
	defer runtime.KeepAlive(d)
	return C.GoString(C.pje_device_description_to_string(d.raw))
}

// Attributes are what the plugin says of the device, such as coordinates.
func (d *DeviceDescription) Attributes() *Values {
	defer runtime.KeepAlive(d)
	return lentValues(C.pje_device_description_attributes(d.raw), d)
}
