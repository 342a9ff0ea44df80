// Command event starts runs, does something else, and waits with a limit. usage: event PLUGIN
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

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
	// The pending output is the argument of the next run: nothing waits in between.
	first := must(executable.Launch(nil, []float32{1, 2, 3, 4}))
	defer pjrt.CloseAll(first...)
	second, done, err := executable.ExecuteAsync(nil, first)
	check(err)
	defer pjrt.CloseAll(second...)
	defer done.Close()
	called := make(chan struct{})
	go func() {
		<-done.Done()
		close(called)
	}()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := done.Wait(ctx); errors.Is(err, context.DeadlineExceeded) {
		fmt.Println("it takes longer than ten seconds, and goes on")
	} else {
		check(err)
	}
	show(second[0])
	<-called
	fmt.Println("the callback has run")
}
