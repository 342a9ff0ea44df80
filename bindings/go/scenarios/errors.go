package main

import (
	"errors"
	"strings"

	"pjrteasy/pjrt"
)

func init() {
	for name, run := range map[string]func(*request) reply{
		"error_every_code": everyCode, "error_bad_program": badProgram, "error_no_such_file": noSuchFile,
		"error_no_such_plugin": noSuchPlugin, "error_unknown_option": unknownOption, "error_empty_program": emptyProgram,
		"error_argument_count": argumentCount, "error_argument_dtype": argumentDType, "error_argument_dims": argumentDims,
		"error_several_devices": severalDevices, "error_short_host_data": refusedUpload,
		"error_strides_leave_memory": refusedUpload, "error_negative_dimension": refusedUpload,
		"error_foreign_buffer": foreignBuffer, "error_no_such_device": noSuchDevice, "error_compile_options": badOptions,
		"error_injected": injected, "error_late": late, "error_of_an_input": ofAnInput, "error_unknown_code": unknownCode,
		"error_payload": payload, "error_missing_function": missingFunction, "error_out_of_memory": outOfMemory,
		"use_after_close": useAfterClose,
	} {
		scenarios[name] = run
	}
}

// failure is the error as the binding's own type.
func failure(err error) *pjrt.Error {
	var e *pjrt.Error
	if !errors.As(err, &e) {
		panic(stop{"no *pjrt.Error"})
	}
	return e
}

func everyCode(r *request) reply {
	var codes []int
	messages := true
	for c := pjrt.Cancelled; c <= pjrt.Unauthenticated; c++ {
		var err error = pjrt.NewError(c, r.text("message"))
		e := failure(err)
		codes = append(codes, int(e.Code))
		messages = messages && errors.Is(err, c) && !errors.Is(err, pjrt.OK) && strings.Contains(e.Detail, r.text("message"))
	}
	return reply{"codes": codes, "messages": messages}
}

func compileError(c *pjrt.Client, r *request) *pjrt.Error {
	program := must(pjrt.LoadProgram(r.text("program")))
	defer program.Close()
	_, err := c.Compile(program, nil)
	return failure(err)
}

func badProgram(r *request) reply {
	c := open(r)
	defer c.Close()
	e := compileError(c, r)
	return reply{"code": e.Code.String(), "function": e.Function, "one_line": !strings.Contains(e.Message, "\n")}
}

func noSuchFile(r *request) reply {
	_, err := pjrt.LoadProgram(r.text("path"))
	return reply{"code": code(err), "function": failure(err).Function}
}

func noSuchPlugin(r *request) reply {
	_, path := pjrt.Open(r.text("path"), nil)
	_, name := pjrt.Open(r.text("plugin_name"), nil)
	return reply{"path": code(path), "name": code(name)}
}

func unknownOption(r *request) reply {
	_, err := pjrt.Open(pluginPath, &pjrt.ClientOptions{Options: map[string]pjrt.Value{r.text("option"): 1}})
	return reply{"code": code(err), "function": failure(err).Function}
}

func emptyProgram(*request) reply {
	_, err := pjrt.NewProgram("")
	return reply{"code": code(err)}
}

func executeCode(c *pjrt.Client, r *request, options *pjrt.CompileOptions, args ...any) reply {
	exe := compileWith(c, r, options)
	defer exe.Close()
	outputs, err := exe.Execute(ctx, args...)
	pjrt.CloseAll(outputs...)
	return reply{"code": code(err)}
}

func argumentCount(r *request) reply {
	c := open(r)
	defer c.Close()
	x := upload(c, r.floats("x"))
	defer x.Close()
	return executeCode(c, r, nil, x)
}

func argumentDType(r *request) reply {
	c := open(r)
	defer c.Close()
	return executeCode(c, r, nil, []int32{1, 2, 3, 4})
}

func argumentDims(r *request) reply {
	c := open(r)
	defer c.Close()
	x := must(pjrt.BufferFrom(c, r.floats("x"), r.ints("dims")...))
	defer x.Close()
	return executeCode(c, r, nil, x)
}

func severalDevices(r *request) reply {
	c := open(r)
	defer c.Close()
	options := replicas(int64(r.number("replicas")))
	defer options.Close()
	x := upload(c, r.floats("x"))
	defer x.Close()
	return executeCode(c, r, options, x)
}

func refusedUpload(r *request) reply {
	c := open(r)
	defer c.Close()
	o := &pjrt.UploadOptions{Dims: r.ints("dims")}
	if r.has("strides") {
		o.ByteStrides = r.ints("strides")
	}
	_, err := pjrt.Upload(c, r.floats("x"), o)
	return reply{"code": code(err)}
}

func foreignBuffer(r *request) reply {
	c, other := open(r), open(r)
	defer c.Close()
	defer other.Close()
	x := upload(other, r.floats("x"))
	defer x.Close()
	return executeCode(c, r, nil, x)
}

func noSuchDevice(r *request) reply {
	c := open(r)
	defer c.Close()
	_, missing := c.LookupDevice(pjrt.DeviceID(r.number("id")))
	return reply{"missing": code(missing), "found": must(c.LookupDevice(1)).ID()}
}

func badOptions(r *request) reply {
	options := must(pjrt.NewCompileOptions())
	defer options.Close()
	_, field := options.IsSet(r.text("field"))
	return reply{"replicas": code(options.SetNumReplicas(0)), "field": code(field)}
}

func injected(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	_, err := p.exe.Call(ctx, x)
	e := failure(err)
	y := must(p.exe.Call(ctx, x))
	defer y.Close()
	return reply{"code": code(err), "function": e.Function, "text": strings.Contains(e.Detail, r.text("text")), "y": values(y)}
}

func late(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := upload(p.Client, r.floats("x"))
	defer x.Close()
	y, done, err := p.exe.ExecuteAsync(nil, x)
	check(err)
	defer pjrt.CloseAll(y...)
	defer done.Close()
	wait := done.Wait(ctx)
	_, read := pjrt.ToSlice[float32](ctx, y[0])
	return reply{"wait": code(wait), "read": code(read)}
}

func ofAnInput(r *request) reply {
	c := open(r)
	defer c.Close()
	b, err := pjrt.BufferFrom(c, r.floats("x"))
	if err == nil {
		defer b.Close()
		_, err = pjrt.ToSlice[float32](ctx, b)
	}
	return reply{"read": code(err)}
}

func unknownCode(r *request) reply {
	c := open(r)
	defer c.Close()
	e := compileError(c, r)
	return reply{"code": e.Code.String(), "text": strings.Contains(e.Detail, r.text("text"))}
}

func payload(r *request) reply {
	c := open(r)
	defer c.Close()
	e := compileError(c, r)
	keys, values := []string{}, []string{}
	for _, p := range e.Payloads {
		keys, values = append(keys, p.Key), append(values, string(p.Data))
	}
	return reply{"code": e.Code.String(), "keys": keys, "values": values}
}

func missingFunction(r *request) reply {
	c := open(r)
	defer c.Close()
	_, err := c.LookupDevice(0)
	return reply{"has": c.Plugin().HasFunction("PJRT_Client_LookupDevice"), "code": code(err)}
}

func outOfMemory(r *request) reply {
	c := open(r)
	defer c.Close()
	b, err := pjrt.BufferFrom(c, make([]float32, 1024))
	if err == nil {
		_, err = pjrt.ToSlice[float32](ctx, b)
		b.Close()
	}
	x := upload(c, r.floats("x"))
	defer x.Close()
	return reply{"code": code(err), "y": values(x)}
}

func useAfterClose(r *request) reply {
	p := prepare(r)
	program := must(pjrt.LoadProgram(r.text("program")))
	defer program.Close()
	x, closed := upload(p.Client, r.floats("x")), upload(p.Client, r.floats("x"))
	closed.Close()
	closed.Close()
	_, buffer := pjrt.ToSlice[float32](ctx, closed)
	p.exe.Close()
	_, executable := p.exe.Call(ctx, x)
	x.Close()
	p.close()
	_, client := p.Client.Compile(program, nil)
	return reply{"buffer": code(buffer), "executable": code(executable), "client": code(client)}
}
