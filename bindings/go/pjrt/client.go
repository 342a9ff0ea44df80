package pjrt

// #include "bridge.h"
import "C"

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"time"
)

// ProcessIndex is the number of a process among those that share a program.
type ProcessIndex int32

// Client is a plugin's view of the devices of this process.
type Client struct {
	handle[*C.pje_client]
	plugin *Plugin
}

// ClientOptions say how to open a client.
type ClientOptions struct {
	Options map[string]Value // the plugin's own, such as "cpu_device_count"; see [Values.Set]
	Plugin  *PluginOptions
	KVStore *KVStore // for programs over several processes
}

var clients = newClass(func(raw *C.pje_client) { C.pje_client_release(raw) })

// Open loads a plugin, by its name such as "cpu" or its path, and makes a client of it. Options may be nil.
func Open(nameOrPath string, options *ClientOptions) (*Client, error) {
	var of *PluginOptions
	if options != nil {
		of = options.Plugin
	}
	plugin, err := LoadPlugin(nameOrPath, of)
	if err != nil {
		return nil, err
	}
	return plugin.NewClient(options)
}

// NewClient makes a client. It may take seconds while the plugin starts its devices.
func (p *Plugin) NewClient(options *ClientOptions) (*Client, error) {
	defer runtime.KeepAlive(p)
	defer runtime.KeepAlive(options)
	var given map[string]Value
	var store *KVStore
	if options != nil {
		given, store = options.Options, options.KVStore
	}
	values, err := valuesFrom(given)
	if err != nil {
		return nil, err
	}
	defer values.Close()
	var raw *C.pje_client
	if err := result(C.bridge_client_create(p.raw, values.raw, store.pointer(), &raw)); err != nil {
		return nil, err
	}
	c := &Client{plugin: p}
	c.own(raw, clients)
	return c, nil
}

// Plugin is what the client was made of.
func (c *Client) Plugin() *Plugin { return c.plugin }

// Platform is the name of the platform, such as "cpu".
func (c *Client) Platform() string {
	defer runtime.KeepAlive(c)
	return C.GoString(C.pje_client_platform_name(c.raw))
}

// PlatformVersion is the platform's own text.
func (c *Client) PlatformVersion() string {
	defer runtime.KeepAlive(c)
	return C.GoString(C.pje_client_platform_version(c.raw))
}

// ProcessIndex is the number of this process.
func (c *Client) ProcessIndex() ProcessIndex {
	defer runtime.KeepAlive(c)
	return ProcessIndex(C.pje_client_process_index(c.raw))
}

// NumDevices counts the devices, those of other processes included.
func (c *Client) NumDevices() int {
	defer runtime.KeepAlive(c)
	return int(C.pje_client_num_devices(c.raw))
}

// Devices are all devices, those of other processes included.
func (c *Client) Devices() iter.Seq[*Device] {
	return func(yield func(*Device) bool) {
		for i := range c.NumDevices() {
			if !yield(newDevice(C.pje_client_device(c.raw, C.size_t(i)), c)) {
				return
			}
		}
		runtime.KeepAlive(c)
	}
}

// NumAddressableDevices counts the devices that this process can use.
func (c *Client) NumAddressableDevices() int {
	defer runtime.KeepAlive(c)
	return int(C.pje_client_num_addressable_devices(c.raw))
}

// AddressableDevices are the devices that this process can use; the first is the default.
func (c *Client) AddressableDevices() iter.Seq[*Device] {
	return func(yield func(*Device) bool) {
		for i := range c.NumAddressableDevices() {
			if !yield(c.AddressableDevice(i)) {
				return
			}
		}
	}
}

// AddressableDevice is device i of [Client.AddressableDevices], or nil.
func (c *Client) AddressableDevice(i int) *Device {
	defer runtime.KeepAlive(c)
	return newDevice(C.pje_client_addressable_device(c.raw, C.size_t(i)), c)
}

// LookupDevice finds a device by its global id.
func (c *Client) LookupDevice(id DeviceID) (*Device, error) {
	defer runtime.KeepAlive(c)
	var raw *C.pje_device
	if err := result(C.pje_client_lookup_device(c.raw, C.int32_t(id), &raw)); err != nil {
		return nil, err
	}
	return newDevice(raw, c), nil
}

// Memories are the memories that this process can use.
func (c *Client) Memories() iter.Seq[*Memory] {
	return func(yield func(*Memory) bool) {
		defer runtime.KeepAlive(c)
		for i := range int(C.pje_client_num_addressable_memories(c.raw)) {
			if !yield(newMemory(C.pje_client_addressable_memory(c.raw, C.size_t(i)), c)) {
				return
			}
		}
	}
}

// How long a Shutdown may go on after its context has ended.
const shutdownSlice = 10 * time.Millisecond

// Shutdown ends the client now, whoever still holds it or objects made from it, and waits for running work until ctx ends, which
// leaves the client open. Afterwards any use of its objects is [FailedPrecondition]; closing them is still right.
func (c *Client) Shutdown(ctx context.Context) error {
	defer runtime.KeepAlive(c)
	if ctx.Done() == nil {
		return result(C.pje_client_close(c.raw, -1))
	}
	// The call blocks a thread and cannot be told to give up: it is made for a while, again and again.
	for {
		err := result(C.pje_client_close(c.raw, C.int64_t(shutdownSlice)))
		if !errors.Is(err, DeadlineExceeded) {
			return err
		}
		if ctx.Err() != nil {
			return contextEnded(ctx, "pjrt.Client.Shutdown")
		}
	}
}
