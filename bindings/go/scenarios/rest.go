package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"pjrteasy/pjrt"
)

func init() {
	for name, run := range map[string]func(*request) reply{
		"donation": donation, "donation_refused": donationRefused, "donated_twice": donatedTwice,
		"refused_run_donates_nothing": refusedDonatesNothing, "training_loop": trainingLoop,
		"devices": devices, "memories": memories, "all_reduce": allReduce, "other_process": otherProcess,
		"no_devices": noDevices, "two_clients": twoClients, "two_plugins": twoPlugins, "old_plugin": oldPlugin,
		"new_plugin":    newPlugin,
		"release_order": releaseOrder, "release_while_running": releaseWhileRunning, "many_objects": manyObjects,
		"dropped_objects": droppedObjects, "flat_memory": flatMemory, "named_values": namedValues,
	} {
		scenarios[name] = run
	}
}

func donation(r *request) reply {
	p := prepare(r)
	defer p.close()
	a, b := upload(p.Client, r.floats("a")), upload(p.Client, r.floats("b"))
	defer pjrt.CloseAll(a, b)
	y := must(p.exe.Call(ctx, a, b))
	defer y.Close()
	out := reply{"donated": p.exe.ArgIsDonated(0), "deleted": a.IsDeleted(), "other_deleted": b.IsDeleted(), "y": values(y)}
	_, read := pjrt.ToSlice[float32](ctx, a)
	_, again := p.exe.Call(ctx, a, b)
	out["read"], out["execute"] = code(read), code(again)
	return out
}

func donationRefused(r *request) reply {
	p := prepare(r)
	defer p.close()
	a, b := upload(p.Client, r.floats("a")), upload(p.Client, r.floats("b"))
	defer pjrt.CloseAll(a, b)
	y := must(p.exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{NonDonatable: []int{0}}, a, b))
	defer pjrt.CloseAll(y...)
	return reply{"deleted": a.IsDeleted(), "a": values(a), "y": values(y[0])}
}

func donatedTwice(r *request) reply {
	p := prepare(r)
	defer p.close()
	a := upload(p.Client, r.floats("a"))
	defer a.Close()
	_, err := p.exe.Call(ctx, a, a)
	return reply{"code": code(err), "deleted": a.IsDeleted()}
}

func refusedDonatesNothing(r *request) reply {
	p := prepare(r)
	defer p.close()
	a := upload(p.Client, r.floats("a"))
	defer a.Close()
	_, err := p.exe.Call(ctx, a, []float32{1, 2, 3})
	return reply{"code": code(err), "deleted": a.IsDeleted(), "a": values(a)}
}

func trainingLoop(r *request) reply {
	p := prepare(r)
	defer p.close()
	state, b := upload(p.Client, r.floats("a")), upload(p.Client, r.floats("b"))
	defer b.Close()
	for range r.number("n") {
		next := must(p.exe.Call(ctx, state, b))
		state.Close()
		state = next
	}
	defer state.Close()
	return reply{"y": values(state)}
}

func devices(r *request) reply {
	c := open(r)
	defer c.Close()
	var local []pjrt.LocalHardwareID
	var process []pjrt.ProcessIndex
	var addressable []bool
	kind := true
	for d := range c.Devices() {
		local = append(local, d.LocalHardwareID())
		process = append(process, d.ProcessIndex())
		addressable = append(addressable, d.IsAddressable())
		kind = kind && d.Kind() != ""
	}
	return reply{"ids": ids(c.Devices()), "local": local, "process": process, "addressable": addressable, "kind": kind}
}

func memories(r *request) reply {
	c := open(r)
	defer c.Close()
	device := c.AddressableDevice(0)
	of := slices.SortedFunc(device.Memories(), func(a, b *pjrt.Memory) int { return int(a.ID() - b.ID()) })
	var kinds []string
	for _, m := range of {
		kinds = append(kinds, m.Kind())
	}
	seen := map[pjrt.MemoryID]bool{}
	all := slices.Collect(c.Memories())
	for _, m := range all {
		seen[m.ID()] = true
	}
	return reply{"kinds": kinds, "default": device.DefaultMemory().Kind(), "distinct": len(seen) == len(all)}
}

func allReduce(r *request) reply {
	p := prepareReplicas(r)
	defer p.close()
	var args [][]any
	for d := range p.exe.NumDevices() {
		args = append(args, []any{[]float32{float32(d), 1}})
	}
	var sums [][]float32
	var replica []uint32
	for _, outputs := range must(p.exe.ExecutePerDevice(ctx, nil, args)) {
		sums = append(sums, values(outputs[0]))
		replica = append(replica, must(pjrt.ToScalar[uint32](ctx, outputs[1])))
		pjrt.CloseAll(outputs...)
	}
	return reply{"sum": sums, "replica": replica}
}

func otherProcess(*request) reply {
	c := must(pjrt.Open(pluginPath, nil))
	defer c.Close()
	return reply{"ids": ids(c.Devices()), "addressable": ids(c.AddressableDevices()), "process": c.ProcessIndex()}
}

func noDevices(r *request) reply {
	c := must(pjrt.Open(pluginPath, nil))
	defer c.Close()
	_, err := pjrt.BufferFrom(c, r.floats("x"))
	return reply{"devices": c.NumDevices(), "refused": err != nil}
}

// runs runs the program n times, one after the other, and closes the client.
func runs(c *pjrt.Client, r *request, n int) []float32 {
	defer c.Close()
	exe := compile(c, r)
	defer exe.Close()
	x := upload(c, r.floats("x"))
	for range n {
		y := must(exe.Call(ctx, x))
		x.Close()
		x = y
	}
	defer x.Close()
	return values(x)
}

func twoClients(r *request) reply {
	first, second := open(r), open(r)
	return reply{"first": runs(first, r, 1), "second": runs(second, r, 2)}
}

func twoPlugins(r *request) reply {
	first, second := open(r), must(pjrt.Open(r.text("other"), nil))
	same := first.Plugin().Path() == second.Plugin().Path()
	return reply{"first": runs(first, r, 1), "second": runs(second, r, 2), "same": same}
}

func oldPlugin(r *request) reply {
	c := open(r)
	_, minor := c.Plugin().APIVersion()
	return reply{"minor": minor, "has": c.Plugin().HasFunction("PJRT_Buffer_Bitcast"), "y": runs(c, r, 1)}
}

func newPlugin(r *request) reply {
	c := open(r)
	_, minor := c.Plugin().APIVersion()
	return reply{"newer": minor >= 120, "y": runs(c, r, 1)}
}

func releaseOrder(r *request) reply {
	p := prepare(r)
	x := upload(p.Client, r.floats("x"))
	p.Client.Close()
	y := must(p.exe.Call(ctx, x))
	p.exe.Close()
	x.Close()
	defer y.Close()
	return reply{"y": values(y)}
}

func releaseWhileRunning(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	y := must(p.exe.Launch(nil, x))
	defer pjrt.CloseAll(y...)
	x.Close()
	p.exe.Close()
	return reply{"y": values(y[0])}
}

func manyObjects(r *request) reply {
	c := open(r)
	defer c.Close()
	made := 0
	for range r.number("n") {
		upload(c, r.floats("x")).Close()
		made++
	}
	return reply{"made": made}
}

func droppedObjects(r *request) reply {
	c := open(r)
	made := 0
	for range r.number("n") {
		upload(c, r.floats("x"))
		made++
	}
	c.Close()
	runtime.GC()
	return reply{"made": made}
}

func residentKiB() int {
	fields := strings.Fields(string(must(os.ReadFile("/proc/self/statm"))))
	return must(strconv.Atoi(fields[1])) * os.Getpagesize() / 1024
}

func flatMemory(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	before, n := 0, r.number("n")
	for i := range n {
		if i == n/10 {
			before = residentKiB()
		}
		must(p.exe.Call(ctx, x)).Close()
	}
	return reply{"flat": residentKiB()-before < 16*1024}
}

func namedValues(r *request) reply {
	v := must(pjrt.NewValues())
	defer v.Close()
	var list []int64
	for _, n := range r.ints("list") {
		list = append(list, int64(n))
	}
	check(v.Set("string", r.text("string")))
	check(v.Set("int64", r.number("int64")))
	check(v.Set("list", list))
	check(v.Set("float", r.floats("float")[0]))
	check(v.Set("bool", r.text("bool") == "true"))
	kinds := map[string]string{"string": "string", "int64": "int64", "[]int64": "int64_list", "float32": "float", "bool": "bool"}
	out := reply{"count": v.Len()}
	var found []string
	for name, value := range v.All() {
		found = append(found, kinds[fmt.Sprintf("%T", value)])
		out[name] = value
	}
	_, out["missing"] = v.Get("missing")
	out["kinds"] = found
	return out
}
