// Command execute_context shows options of a run: a context that custom calls of the program would find, an argument that must not be taken
// over, and the place of the call for profiles. usage: execute_context PLUGIN
package main

import (
	"context"
	"fmt"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

func main() {
	client := example.Open(1)
	defer client.Close()
	executable := example.Compile(client, example.AddOne, nil)
	defer executable.Close()
	data := example.Must(client.Plugin().NewExecuteContext())
	defer data.Close()
	x := example.Must(pjrt.BufferFrom(client, []float32{1, 2, 3, 4}))
	defer x.Close()
	y := example.Must(executable.ExecuteWith(context.Background(), &pjrt.ExecuteOptions{
		Context:      data,
		NonDonatable: []int{0},
		CallLocation: "execute_context/main.go:main",
	}, x))
	defer pjrt.CloseAll(y...)
	example.Show(y[0])
	state := "still there"
	if x.IsDeleted() {
		state = "gone"
	}
	fmt.Println("the argument is", state)
}
