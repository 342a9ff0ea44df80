// Command async_transfer fills a buffer in pieces while it is in use already, and moves arrays with a report. usage: async_transfer PLUGIN
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
	ctx := context.Background()
	client := must(pjrt.Open(os.Args[1], nil))
	defer client.Close()
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	executable := must(client.Compile(program, nil))
	defer executable.Close()
	source := must(pjrt.ArrayFrom([]float32{1, 2, 3, 4}))
	defer source.Close()
	data := source.Bytes()
	transfer := must(client.NewTransfer(nil, pjrt.ArrayType{DType: pjrt.TypeF32, Dims: []int{4}}))
	defer transfer.Close()
	x := must(transfer.Buffer(0))
	defer x.Close()
	y := must(executable.Launch(nil, x))[0]
	defer y.Close()
	check(transfer.Write(ctx, 0, data[8:], 8))
	check(transfer.Write(ctx, 0, data[:8], 0))
	show(y)

	array := must(pjrt.ArrayFrom([]float32{5, 6, 7, 8}))
	defer array.Close()
	moved := must(client.TransferAllWith(ctx, &pjrt.TransferOptions{
		PieceSize: 8,
		Progress: func(state pjrt.TransferState) {
			fmt.Printf("%d of %d bytes\n", state.BytesDone, state.BytesTotal)
		},
	}, array))
	defer pjrt.CloseAll(moved...)
	show(moved[0])
}
