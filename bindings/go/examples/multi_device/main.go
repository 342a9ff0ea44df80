// Command multi_device runs one program on four devices, which add up what each of them has. usage: multi_device PLUGIN
package main

import (
	"context"
	"fmt"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

const sumOverDevices = `module @all_reduce attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 4 : i32} {
  func.func public @main(%arg0: tensor<2xf32>) -> tensor<2xf32> {
    %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>}> ({
    ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
      %1 = stablehlo.add %arg1, %arg2 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>) -> tensor<2xf32>
    return %0 : tensor<2xf32>
  }
}`

func main() {
	client := example.Open(4)
	defer client.Close()
	options := example.Must(pjrt.NewCompileOptions())
	defer options.Close()
	example.Check(options.SetNumReplicas(4))
	executable := example.Compile(client, sumOverDevices, options)
	defer executable.Close()
	var args [][]any
	for i := range 4 {
		args = append(args, []any{[]float32{float32(i), 1}})
	}
	for _, list := range example.Must(executable.ExecutePerDevice(context.Background(), nil, args)) {
		fmt.Printf("device %d: ", list[0].Device().ID())
		example.Show(list[0])
		pjrt.CloseAll(list...)
	}
}
