// Command device_assignment says which replica runs where: replica 0 on device 3, replica 1 on device 1. usage: device_assignment PLUGIN
package main

import (
	"context"
	"fmt"
	"log"
	"os"

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

func main() {
	client := must(pjrt.Open(os.Args[1], &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": 4}}))
	defer client.Close()
	assignment := must(pjrt.NewDeviceAssignment([][]pjrt.DeviceID{{3}, {1}}))
	defer assignment.Close()
	options := must(pjrt.NewCompileOptions())
	defer options.Close()
	check(options.SetAssignment(assignment))
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	executable := must(client.Compile(program, options))
	defer executable.Close()
	x := []float32{1, 2, 3, 4}
	for replica, outputs := range must(executable.ExecutePerDevice(context.Background(), nil, [][]any{{x}, {x}})) {
		fmt.Printf("replica %d on device %d\n", replica, outputs[0].Device().ID())
		pjrt.CloseAll(outputs...)
	}
}
