package pjrt

// #include "bridge.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// DeviceAssignment says which device runs which replica and partition of a program. It never changes.
type DeviceAssignment struct {
	handle[*C.pje_device_assignment]
}

var assignments = newClass(func(raw *C.pje_device_assignment) { C.pje_device_assignment_release(raw) })

func assignmentOf(make func(**C.pje_device_assignment) *C.pje_error) (*DeviceAssignment, error) {
	var raw *C.pje_device_assignment
	if err := result(make(&raw)); err != nil {
		return nil, err
	}
	a := new(DeviceAssignment)
	a.own(raw, assignments)
	return a, nil
}

// flatIDs lays ids[replica][partition] out replica by replica.
func flatIDs(ids [][]DeviceID, function string) ([]int64, int, error) {
	flat := []int64{}
	partitions := 0
	for i, row := range ids {
		if i == 0 {
			partitions = len(row)
		}
		if len(row) != partitions {
			return nil, 0, refuse(InvalidArgument, function, "replica %d has %d partitions, replica 0 has %d", i, len(row), partitions)
		}
		for _, id := range row {
			flat = append(flat, int64(id))
		}
	}
	return flat, partitions, nil
}

// NewDeviceAssignment makes an assignment of ids[replica][partition].
func NewDeviceAssignment(ids [][]DeviceID) (*DeviceAssignment, error) {
	flat, partitions, err := flatIDs(ids, "pjrt.NewDeviceAssignment")
	if err != nil {
		return nil, err
	}
	return assignmentOf(func(out **C.pje_device_assignment) *C.pje_error {
		return C.pje_device_assignment_create(C.int64_t(len(ids)), C.int64_t(partitions), first64(flat), C.size_t(len(flat)), out)
	})
}

// DefaultDeviceAssignment is the one used when compile options have none.
func (c *Client) DefaultDeviceAssignment(replicas, partitions int) (*DeviceAssignment, error) {
	defer runtime.KeepAlive(c)
	return assignmentOf(func(out **C.pje_device_assignment) *C.pje_error {
		return C.pje_client_default_device_assignment(c.raw, C.int64_t(replicas), C.int64_t(partitions), out)
	})
}

// DeviceAssignmentFromBytes reads a serialized xla.DeviceAssignmentProto.
func DeviceAssignmentFromBytes(data []byte) (*DeviceAssignment, error) {
	return assignmentOf(func(out **C.pje_device_assignment) *C.pje_error {
		return C.pje_device_assignment_from_bytes(dataOf(data), C.size_t(len(data)), out)
	})
}

// Serialize gives an xla.DeviceAssignmentProto.
func (a *DeviceAssignment) Serialize() ([]byte, error) {
	defer runtime.KeepAlive(a)
	var raw *C.pje_bytes
	if err := result(C.pje_device_assignment_serialize(a.raw, &raw)); err != nil {
		return nil, err
	}
	return takeBytes(raw), nil
}

// NumReplicas is the number of replicas.
func (a *DeviceAssignment) NumReplicas() int {
	defer runtime.KeepAlive(a)
	return int(C.pje_device_assignment_num_replicas(a.raw))
}

// NumPartitions is the number of partitions.
func (a *DeviceAssignment) NumPartitions() int {
	defer runtime.KeepAlive(a)
	return int(C.pje_device_assignment_num_partitions(a.raw))
}

// IDs is the whole map: [replica][partition].
func (a *DeviceAssignment) IDs() [][]DeviceID {
	defer runtime.KeepAlive(a)
	partitions := a.NumPartitions()
	flat := unsafe.Slice((*int64)(C.pje_device_assignment_device_ids(a.raw)), a.NumReplicas()*partitions)
	out := make([][]DeviceID, a.NumReplicas())
	for r := range out {
		for _, id := range flat[r*partitions : (r+1)*partitions] {
			out[r] = append(out[r], DeviceID(id))
		}
	}
	return out
}

// DeviceID is the device that runs a partition of a replica; false when there is no such place.
func (a *DeviceAssignment) DeviceID(replica, partition int) (DeviceID, bool) {
	defer runtime.KeepAlive(a)
	id := C.pje_device_assignment_device_id(a.raw, C.int64_t(replica), C.int64_t(partition))
	return DeviceID(id), id >= 0
}

// Find tells what a device runs; false when it runs nothing.
func (a *DeviceAssignment) Find(id DeviceID) (replica, partition int, ok bool) {
	defer runtime.KeepAlive(a)
	var r, p C.int64_t
	found := C.pje_device_assignment_find(a.raw, C.int64_t(id), &r, &p)
	return int(r), int(p), bool(found)
}

// SetAssignment sets which device runs what, and the numbers of replicas and partitions with it.
func (o *CompileOptions) SetAssignment(a *DeviceAssignment) error {
	defer runtime.KeepAlive(o)
	defer runtime.KeepAlive(a)
	return result(C.pje_compile_options_set_assignment(o.raw, a.raw))
}

// Assignment gives it back; [NotFound] when none is set.
func (o *CompileOptions) Assignment() (*DeviceAssignment, error) {
	defer runtime.KeepAlive(o)
	return assignmentOf(func(out **C.pje_device_assignment) *C.pje_error {
		return C.pje_compile_options_get_assignment(o.raw, out)
	})
}

// DeviceAssignment tells which devices the executable was loaded on.
func (x *Executable) DeviceAssignment() (*DeviceAssignment, error) {
	defer runtime.KeepAlive(x)
	return assignmentOf(func(out **C.pje_device_assignment) *C.pje_error {
		return C.pje_loaded_executable_device_assignment(x.raw, out)
	})
}

// LogicalIDs tells what device i of [Executable.Devices] runs.
func (x *Executable) LogicalIDs(i int) (replica, partition int, err error) {
	defer runtime.KeepAlive(x)
	var r, p C.int64_t
	err = result(C.pje_loaded_executable_logical_ids(x.raw, C.size_t(i), &r, &p))
	return int(r), int(p), err
}
