// Package example holds the few lines that most examples would repeat; basic does without it.
package example

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"pjrteasy/pjrt"
)

// AddOne is x + 1 for four floats.
const AddOne = `module @add_one {
  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>
    return %1 : tensor<4xf32>
  }
}`

// Check ends the program on an error.
func Check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Must gives the value, or ends the program.
func Must[T any](value T, err error) T {
	Check(err)
	return value
}

// Plugin is the only argument of the program.
func Plugin() string {
	if len(os.Args) != 2 {
		log.Fatalf("usage: %s PLUGIN", os.Args[0])
	}
	return os.Args[1]
}

// Open makes a client with so many devices, where the plugin lets one choose.
func Open(devices int) *pjrt.Client {
	return Must(pjrt.Open(Plugin(), &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": devices}}))
}

// Compile compiles a program; options may be nil.
func Compile(client *pjrt.Client, text string, options *pjrt.CompileOptions) *pjrt.Executable {
	program := Must(pjrt.NewProgram(text))
	defer program.Close()
	return Must(client.Compile(program, options))
}

// Show prints all values in a line.
func Show(b *pjrt.Buffer) {
	values := Must(pjrt.ToSlice[float32](context.Background(), b))
	fmt.Println(strings.Trim(fmt.Sprint(values), "[]"))
}
