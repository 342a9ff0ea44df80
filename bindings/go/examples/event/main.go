// Command event starts runs, does something else, and waits with a limit. usage: event PLUGIN
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

func main() {
	client := example.Open(1)
	defer client.Close()
	executable := example.Compile(client, example.AddOne, nil)
	defer executable.Close()
	// The pending output is the argument of the next run: nothing waits in between.
	first := example.Must(executable.Launch(nil, []float32{1, 2, 3, 4}))
	defer pjrt.CloseAll(first...)
	second, done, err := executable.ExecuteAsync(nil, first)
	example.Check(err)
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
		example.Check(err)
	}
	example.Show(second[0])
	<-called
	fmt.Println("the callback has run")
}
