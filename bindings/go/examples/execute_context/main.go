// Command execute_context shows options of a run: a context that custom calls of the program would find, an argument that must not be taken
// over, and the place of the call for profiles. usage: execute_context PLUGIN
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
	client := must(pjrt.Open(os.Args[1], nil))
	defer client.Close()
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	executable := must(client.Compile(program, nil))
	defer executable.Close()
	data := must(client.Plugin().NewExecuteContext())
	defer data.Close()
	x := must(pjrt.BufferFrom(client, []float32{1, 2, 3, 4}))
	defer x.Close()
	y := must(executable.ExecuteWith(context.Background(), &pjrt.ExecuteOptions{
		Context:      data,
		NonDonatable: []int{0},
		CallLocation: "execute_context/main.go:main",
	}, x))
	defer pjrt.CloseAll(y...)
	show(y[0])
	state := "still there"
	if x.IsDeleted() {
		state = "gone"
	}
	fmt.Println("the argument is", state)
}
