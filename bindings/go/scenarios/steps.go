package main

import (
	"context"

	"pjrteasy/pjrt"
)

var ctx = context.Background()

func open(r *request) *pjrt.Client {
	return must(pjrt.Open(pluginPath, &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": r.number("devices")}}))
}

func compile(c *pjrt.Client, r *request) *pjrt.Executable { return compileWith(c, r, nil) }

func compileWith(c *pjrt.Client, r *request, options *pjrt.CompileOptions) *pjrt.Executable {
	program := must(pjrt.LoadProgram(r.text("program")))
	defer program.Close()
	return must(c.Compile(program, options))
}

func replicas(n int64) *pjrt.CompileOptions {
	options := must(pjrt.NewCompileOptions())
	check(options.SetNumReplicas(n))
	return options
}

func upload(c *pjrt.Client, values []float32) *pjrt.Buffer { return must(pjrt.BufferFrom(c, values)) }

func values(b *pjrt.Buffer) []float32 { return must(pjrt.ToSlice[float32](ctx, b)) }

// ready is a client with the request's program.
type ready struct {
	*pjrt.Client
	exe *pjrt.Executable
}

func prepare(r *request) ready {
	c := open(r)
	return ready{c, compile(c, r)}
}

// prepareReplicas is prepare for as many replicas as the request has.
func prepareReplicas(r *request) ready {
	c := open(r)
	options := replicas(int64(r.number("replicas")))
	defer options.Close()
	return ready{c, compileWith(c, r, options)}
}

func (p ready) close() {
	p.exe.Close()
	p.Client.Close()
}
