// Command compile_options compiles two replicas of one program, each with its own argument. usage: compile_options PLUGIN
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"pjrteasy/pjrt"
)

const addOne = `module @add_one {
  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>
    return %1 : tensor<4xf32>
  }
}`

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// show prints all values in a line.
func show(b *pjrt.Buffer) {
	values := must(pjrt.ToSlice[float32](context.Background(), b))
	fmt.Println(strings.Trim(fmt.Sprint(values), "[]"))
}

func main() {
	client := must(pjrt.Open(os.Args[1], &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": 2}}))
	defer client.Close()
	options := must(pjrt.NewCompileOptions())
	defer options.Close()
	check(options.SetNumReplicas(2))
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	executable := must(client.Compile(program, options))
	defer executable.Close()
	outputs := must(executable.ExecutePerDevice(context.Background(), nil, [][]any{
		{[]float32{1, 2, 3, 4}},
		{[]float32{10, 20, 30, 40}},
	}))
	for _, list := range outputs {
		show(list[0])
		pjrt.CloseAll(list...)
	}
}
