// Command compile_options compiles two replicas of one program, each with its own argument. usage: compile_options PLUGIN
package main

import (
	"context"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

func main() {
	client := example.Open(2)
	defer client.Close()
	options := example.Must(pjrt.NewCompileOptions())
	defer options.Close()
	example.Check(options.SetNumReplicas(2))
	executable := example.Compile(client, example.AddOne, options)
	defer executable.Close()
	outputs := example.Must(executable.ExecutePerDevice(context.Background(), nil, [][]any{
		{[]float32{1, 2, 3, 4}},
		{[]float32{10, 20, 30, 40}},
	}))
	for _, list := range outputs {
		example.Show(list[0])
		pjrt.CloseAll(list...)
	}
}
