package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pjrteasy/pjrt"
)

func init() {
	for name, run := range map[string]func(*request) reply{
		"layout_ignored": columnMajorOutputs, "layout_text": layoutText, "layout_upload": layoutUpload,
		"device_assignment": deviceAssignment, "default_device_assignment": defaultDeviceAssignment, "topology": topology,
		"ahead_of_time": aheadOfTime, "serialized_executable": serializedExecutable, "executable_delete": executableDelete,
		"client_close": clientClose, "compile_given_up": compileGivenUp, "request_queue": requestQueue, "describe": describe,
		"client_stats": clientStats, "out_of_memory_callback": outOfMemoryCallback,
	} {
		scenarios[name] = run
	}
}

func layoutText(r *request) reply {
	layout := must(pjrt.ParseLayout(r.text("layout")))
	defer layout.Close()
	copied := must(layout.Copy())
	defer copied.Close()
	_, wrong := pjrt.ParseLayout(r.text("wrong"))
	return reply{
		"text": layout.Text(), "order": layout.MinorToMajor(), "tiles": len(layout.Tiles()),
		"equal": layout.Equal(copied) && layout.Hash() == copied.Hash(), "wrong": code(wrong),
	}
}

func layoutUpload(r *request) reply {
	c := open(r)
	defer c.Close()
	layout := must(pjrt.ParseLayout(r.text("layout")))
	defer layout.Close()
	b := must(pjrt.Upload(c, r.floats("x"), &pjrt.UploadOptions{Dims: r.ints("dims"), Layout: layout}))
	defer b.Close()
	of := must(b.Layout())
	defer of.Close()
	columns := make([]float32, len(r.floats("x")))
	y := values(b)
	check(pjrt.ReadLayout(ctx, b, layout, columns, 0))
	return reply{"layout": of.Text(), "y": y, "columns": columns}
}

func deviceAssignment(r *request) reply {
	c := open(r)
	defer c.Close()
	var ids [][]pjrt.DeviceID
	for _, id := range r.ints("ids") {
		ids = append(ids, []pjrt.DeviceID{pjrt.DeviceID(id)})
	}
	assignment := must(pjrt.NewDeviceAssignment(ids))
	defer assignment.Close()
	options := replicas(1)
	defer options.Close()
	check(options.SetAssignment(assignment))
	exe := compileWith(c, r, options)
	defer exe.Close()
	of := must(exe.DeviceAssignment())
	defer of.Close()
	var args [][]any
	for range exe.NumDevices() {
		args = append(args, []any{r.floats("x")})
	}
	var on []pjrt.DeviceID
	for _, outputs := range must(exe.ExecutePerDevice(ctx, nil, args)) {
		on = append(on, outputs[0].Device().ID())
		pjrt.CloseAll(outputs...)
	}
	_, twice := pjrt.NewDeviceAssignment([][]pjrt.DeviceID{ids[0], ids[0]})
	return reply{"ids": slices.Concat(of.IDs()...), "outputs_on": on, "twice": code(twice)}
}

func defaultDeviceAssignment(r *request) reply {
	c := open(r)
	defer c.Close()
	assignment := must(c.DefaultDeviceAssignment(2, 2))
	defer assignment.Close()
	return reply{"ids": slices.Concat(assignment.IDs()...)}
}

func topology(r *request) reply {
	c := open(r)
	defer c.Close()
	of := must(c.Topology())
	var all []pjrt.DeviceID
	for d := range of.Devices() {
		all = append(all, d.ID())
	}
	return reply{"ids": all, "same_platform": of.Platform() == c.Platform(), "serialized": len(must(of.Serialize())) > 0}
}

func called(exe *pjrt.Executable, r *request) []float32 {
	y := must(exe.Call(ctx, r.floats("x")))
	defer y.Close()
	return values(y)
}

func aheadOfTime(r *request) reply {
	c := open(r)
	defer c.Close()
	program := must(pjrt.LoadProgram(r.text("program")))
	defer program.Close()
	compiled := must(c.Plugin().CompileFor(ctx, must(c.Topology()), program, nil, nil))
	defer compiled.Close()
	exe := must(c.Load(ctx, compiled, nil))
	defer exe.Close()
	_, again := c.Load(ctx, compiled, nil)
	return reply{"y": called(exe, r), "again": code(again)}
}

func serializedExecutable(r *request) reply {
	p := prepare(r)
	defer p.close()
	compiled := must(p.exe.Compiled())
	data := must(compiled.Serialize(ctx))
	compiled.Close()
	_, notTrusted := p.LoadSerialized(ctx, data, pjrt.LoadOptions{})
	_, cut := p.LoadSerialized(ctx, data[:len(data)-1], pjrt.LoadOptions{Trusted: true})
	exe := must(p.LoadSerialized(ctx, data, pjrt.LoadOptions{Trusted: true}))
	defer exe.Close()
	return reply{"not_trusted": code(notTrusted), "cut": code(cut), "y": called(exe, r)}
}

func executableDelete(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	before := p.exe.IsDeleted()
	check(p.exe.Delete())
	_, err := p.exe.Call(ctx, x)
	return reply{"before": before, "after": p.exe.IsDeleted(), "execute": code(err)}
}

func clientClose(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	closed := p.Shutdown(ctx)
	_, err := p.exe.Call(ctx, x)
	return reply{"close": code(closed), "execute": code(err), "again": code(p.Shutdown(ctx))}
}

func compileGivenUp(r *request) reply {
	c := open(r)
	defer c.Close()
	program := must(pjrt.LoadProgram(r.text("program")))
	defer program.Close()
	short, cancel := context.WithTimeout(ctx, time.Duration(r.number("timeout_ms"))*time.Millisecond)
	defer cancel()
	_, first := c.CompileContext(short, program, nil)
	exe := must(c.Compile(program, nil))
	defer exe.Close()
	return reply{"first": code(first), "y": called(exe, r)}
}

func requestQueue(*request) reply {
	q := must(pjrt.NewRequestQueue())
	defer q.Close()
	go q.Serve(func(request pjrt.Request) ([]byte, error) {
		if key, _ := request.Value("key"); key != "known" {
			return nil, pjrt.NewError(pjrt.NotFound, "no such key")
		}
		return []byte("value"), nil
	})
	ask := func(key string) ([]byte, error) {
		return q.Ask(pjrt.RequestUser, map[string]pjrt.Value{"key": key}, nil, -1)
	}
	known := must(ask("known"))
	_, unknown := ask("unknown")
	q.End()
	_, closed := ask("known")
	return reply{"known": string(known), "unknown": code(unknown), "closed": code(closed)}
}

func describe(r *request) reply {
	c := open(r)
	defer c.Close()
	x := upload(c, r.floats("x"))
	defer x.Close()
	return reply{"buffer": strings.Contains(x.String(), "f32"), "client": c.String() != "", "device": c.AddressableDevice(0).String() != ""}
}

func clientStats(r *request) reply {
	c := open(r)
	defer c.Close()
	x := upload(c, r.floats("x"))
	before := must(c.Stats())
	x.Close()
	after := must(c.Stats())
	return reply{"buffers": before.Buffers, "bytes": before.LiveBytes, "buffers_after": after.Buffers, "bytes_after": after.LiveBytes}
}

func outOfMemoryCallback(r *request) reply {
	c := open(r)
	defer c.Close()
	held := upload(c, make([]float32, 200))
	calls := 0
	check(c.OnOutOfMemory(func() bool {
		calls++
		held.Close()
		return true
	}))
	b, second := pjrt.BufferFrom(c, make([]float32, 200))
	check(errors.Join(second, c.OnOutOfMemory(nil)))
	defer b.Close()
	_, third := pjrt.BufferFrom(c, make([]float32, 200))
	return reply{"second": code(second), "calls": calls, "third": code(third)}
}
