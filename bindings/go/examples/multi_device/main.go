// Command multi_device runs one program on four devices, which add up what each of them has. usage: multi_device PLUGIN
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"pjrteasy/pjrt"
)

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
	client := must(pjrt.Open(os.Args[1], &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": 4}}))
	defer client.Close()
	options := must(pjrt.NewCompileOptions())
	defer options.Close()
	check(options.SetNumReplicas(4))
	program := must(pjrt.NewProgram(sumOverDevices))
	defer program.Close()
	executable := must(client.Compile(program, options))
	defer executable.Close()
	var args [][]any
	for i := range 4 {
		args = append(args, []any{[]float32{float32(i), 1}})
	}
	for _, list := range must(executable.ExecutePerDevice(context.Background(), nil, args)) {
		fmt.Printf("device %d: ", list[0].Device().ID())
		show(list[0])
		pjrt.CloseAll(list...)
	}
}
