package main

import (
	"os"
	"sync"

	"pjrteasy/pjrt"
)

func init() {
	for name, run := range map[string]func(*request) reply{
		"version": version, "plugin_load": pluginLoad, "client_open": clientOpen, "main_job": mainJob,
		"program_from_text": programFromText, "execute_one": executeOne, "execute_nothing": executeNothing,
		"execute_list": executeList, "execute_mixed": executeMixed, "execute_host_array": executeHostArray,
		"execute_scalars": executeScalars, "execute_chained": executeChained, "execute_per_device": executePerDevice,
		"execute_on_device": executeOnDevice, "run_repeated": runRepeated, "run_into": runInto, "signature": signature,
		"compile_options": compileOptions, "threads": threads,
	} {
		scenarios[name] = run
	}
}

func version(*request) reply {
	var codes []string
	for c := pjrt.OK; c <= pjrt.Unauthenticated; c++ {
		codes = append(codes, c.String())
	}
	matches := pjrt.VersionNumber() == pjrt.HeaderVersionNumber && pjrt.Version() == "0.1.0"
	return reply{"version_matches": matches, "codes": codes}
}

func pluginLoad(r *request) reply {
	plugin := must(pjrt.LoadPlugin(pluginPath, nil))
	defer plugin.Close()
	again := must(pjrt.LoadPlugin(pluginPath, nil))
	defer again.Close()
	major, minor := plugin.APIVersion()
	_, attribute := plugin.Attributes().Get(r.text("attribute"))
	return reply{
		"major": major, "minor_known": minor >= 57, "has": plugin.HasFunction(r.text("has")),
		"has_not": plugin.HasFunction(r.text("has_not")), "same_path": plugin.Path() == again.Path(), "attribute": attribute,
	}
}

func ids(devices func(func(*pjrt.Device) bool)) []pjrt.DeviceID {
	var out []pjrt.DeviceID
	for device := range devices {
		out = append(out, device.ID())
	}
	return out
}

func clientOpen(r *request) reply {
	c := open(r)
	defer c.Close()
	return reply{"devices": c.NumDevices(), "addressable": c.NumAddressableDevices(), "process": c.ProcessIndex(), "ids": ids(c.Devices())}
}

func mainJob(r *request) reply {
	p := prepare(r)
	defer p.close()
	out := must(p.exe.Run(r.floats("x")))
	defer out[0].Close()
	return reply{"y": must(pjrt.ArrayValues[float32](out[0]))}
}

func programFromText(r *request) reply {
	program := must(pjrt.NewProgram(must(os.ReadFile(r.text("program")))))
	defer program.Close()
	c := open(r)
	defer c.Close()
	exe := must(c.Compile(program, nil))
	defer exe.Close()
	x := upload(c, r.floats("x"))
	defer x.Close()
	y := must(exe.Call(ctx, x))
	defer y.Close()
	return reply{"format": program.Format().String(), "y": values(y)}
}

func executeOne(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	y := must(p.exe.Execute(ctx, x))
	defer pjrt.CloseAll(y...)
	return reply{"y": values(y[0]), "outputs": len(y)}
}

func executeNothing(r *request) reply {
	p := prepare(r)
	defer p.close()
	y := must(p.exe.Call(ctx))
	defer y.Close()
	return reply{"y": must(pjrt.ToSlice[int32](ctx, y))}
}

func executeList(r *request) reply {
	p := prepare(r)
	defer p.close()
	args := []*pjrt.Buffer{upload(p.Client, r.floats("a")), upload(p.Client, r.floats("b"))}
	defer pjrt.CloseAll(args...)
	y := must(p.exe.Execute(ctx, args))
	defer pjrt.CloseAll(y...)
	return reply{"sum": values(y[0]), "product": values(y[1])}
}

func executeMixed(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	y := must(p.exe.Call(ctx, x, r.floats("factor")[0]))
	defer y.Close()
	return reply{"y": values(y)}
}

func executeHostArray(r *request) reply {
	p := prepare(r)
	defer p.close()
	y := must(p.exe.Call(ctx, r.floats("x")))
	defer y.Close()
	return reply{"y": values(y)}
}

func executeScalars(r *request) reply {
	p := prepare(r)
	defer p.close()
	a := must(pjrt.BufferFromScalar(p.Client, r.floats("a")[0]))
	defer a.Close()
	y := must(p.exe.Call(ctx, a, r.floats("b")[0]))
	defer y.Close()
	return reply{"y": must(pjrt.ToScalar[float32](ctx, y)), "rank": y.Rank()}
}

func executeChained(r *request) reply {
	p := prepare(r)
	defer p.close()
	state := upload(p.Client, r.floats("x"))
	for range r.number("n") {
		next := must(p.exe.Launch(nil, state))
		state.Close()
		state = next[0]
	}
	defer state.Close()
	return reply{"y": values(state)}
}

func executePerDevice(r *request) reply {
	p := prepareReplicas(r)
	defer p.close()
	var args [][]any
	for d := range p.exe.NumDevices() {
		x := r.floats("x")
		for i := range x {
			x[i] += float32(d)
		}
		args = append(args, []any{x})
	}
	var y [][]float32
	for _, outputs := range must(p.exe.ExecutePerDevice(ctx, nil, args)) {
		y = append(y, values(outputs[0]))
		pjrt.CloseAll(outputs...)
	}
	return reply{"y": y}
}

func executeOnDevice(r *request) reply {
	c := open(r)
	defer c.Close()
	options := replicas(1)
	defer options.Close()
	check(options.SetCompilePortableExecutable(true))
	exe := compileWith(c, r, options)
	defer exe.Close()
	device := c.AddressableDevice(r.number("device"))
	y := must(exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Device: device}, r.floats("x")))
	defer pjrt.CloseAll(y...)
	return reply{"y": values(y[0]), "device": y[0].Device().ID()}
}

func runRepeated(r *request) reply {
	p := prepare(r)
	defer p.close()
	state := must(pjrt.ArrayFrom(r.floats("x")))
	for range r.number("n") {
		next := must(p.exe.Run(state))
		state.Close()
		state = next[0]
	}
	defer state.Close()
	return reply{"y": must(pjrt.ArrayValues[float32](state))}
}

func runInto(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := must(pjrt.ArrayFrom(r.floats("x")))
	defer x.Close()
	y := must(pjrt.NewArray(pjrt.TypeF32, x.Dims()...))
	defer y.Close()
	check(p.exe.RunInto([]*pjrt.Array{x}, []*pjrt.Array{y}))
	return reply{"y": must(pjrt.ArrayValues[float32](y))}
}

func signature(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := p.exe
	out := reply{"name": x.Name(), "args": x.NumArgs(), "outputs": x.NumOutputs(), "replicas": x.NumReplicas(), "partitions": x.NumPartitions()}
	list := func(n int, of func(int) (pjrt.ArrayType, bool)) (types []string, dims [][]int) {
		for i := range n {
			t, ok := of(i)
			if !ok {
				panic(stop{"no type"})
			}
			types, dims = append(types, t.DType.String()), append(dims, t.Dims)
		}
		return types, dims
	}
	out["arg_types"], out["arg_dims"] = list(x.NumArgs(), x.ArgType)
	out["output_types"], out["output_dims"] = list(x.NumOutputs(), x.OutputType)
	var donated []bool
	for i := range x.NumArgs() {
		donated = append(donated, x.ArgIsDonated(i))
	}
	out["donated"] = donated
	return out
}

func compileOptions(r *request) reply {
	c := open(r)
	defer c.Close()
	options := replicas(int64(r.number("replicas")))
	defer options.Close()
	exe := compileWith(c, r, options)
	defer exe.Close()
	return reply{
		"replicas": options.NumReplicas(), "partitions": options.NumPartitions(), "serialized": len(must(options.Serialize())) > 0,
		"executable_replicas": exe.NumReplicas(), "devices": exe.NumDevices(),
	}
}

func threads(r *request) reply {
	p := prepare(r)
	defer p.close()
	var all sync.WaitGroup
	var mu sync.Mutex
	runs, sum := 0, float32(0)
	var failed error
	for range r.number("threads") {
		all.Add(1)
		go func() {
			defer all.Done()
			x, err := pjrt.BufferFrom(p.Client, r.floats("x"))
			for i := 0; i < r.number("n") && err == nil; i++ {
				var y *pjrt.Buffer
				if y, err = p.exe.Call(ctx, x); err != nil {
					break
				}
				got, readErr := pjrt.ToSlice[float32](ctx, y)
				y.Close()
				if err = readErr; err == nil {
					mu.Lock()
					runs, sum = runs+1, sum+got[0]
					mu.Unlock()
				}
			}
			pjrt.CloseAll(x)
			if err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		}()
	}
	all.Wait()
	check(failed)
	return reply{"runs": runs, "sum": int(sum)}
}
