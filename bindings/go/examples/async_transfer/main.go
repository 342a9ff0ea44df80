// Command async_transfer fills a buffer in pieces while it is in use already, and moves arrays with a report. usage: async_transfer PLUGIN
package main

import (
	"context"
	"fmt"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

func main() {
	ctx := context.Background()
	client := example.Open(1)
	defer client.Close()
	executable := example.Compile(client, example.AddOne, nil)
	defer executable.Close()
	source := example.Must(pjrt.ArrayFrom([]float32{1, 2, 3, 4}))
	defer source.Close()
	data := source.Bytes()
	transfer := example.Must(client.NewTransfer(nil, pjrt.ArrayType{DType: pjrt.TypeF32, Dims: []int{4}}))
	defer transfer.Close()
	x := example.Must(transfer.Buffer(0))
	defer x.Close()
	y := example.Must(executable.Launch(nil, x))[0]
	defer y.Close()
	example.Check(transfer.Write(ctx, 0, data[8:], 8))
	example.Check(transfer.Write(ctx, 0, data[:8], 0))
	example.Show(y)

	array := example.Must(pjrt.ArrayFrom([]float32{5, 6, 7, 8}))
	defer array.Close()
	moved := example.Must(client.TransferAllWith(ctx, &pjrt.TransferOptions{
		PieceSize: 8,
		Progress: func(state pjrt.TransferState) {
			fmt.Printf("%d of %d bytes\n", state.BytesDone, state.BytesTotal)
		},
	}, array))
	defer pjrt.CloseAll(moved...)
	example.Show(moved[0])
}
