// Command basic runs a program on a plugin, host data in, host data out: the whole way without a helper.
//
//	basic PLUGIN MODEL
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"pjrteasy/pjrt"
)

func run(plugin, model string) error {
	ctx := context.Background()
	client, err := pjrt.Open(plugin, nil)
	if err != nil {
		return err
	}
	defer client.Close()
	program, err := pjrt.LoadProgram(model)
	if err != nil {
		return err
	}
	defer program.Close()
	executable, err := client.Compile(program, nil)
	if err != nil {
		return err
	}
	defer executable.Close()
	x, err := pjrt.BufferFrom(client, []float32{1, 2, 3, 4})
	if err != nil {
		return err
	}
	defer x.Close()
	y, err := executable.Call(ctx, x)
	if err != nil {
		return err
	}
	defer y.Close()
	values, err := pjrt.ToSlice[float32](ctx, y)
	if err != nil {
		return err
	}
	fmt.Println(strings.Trim(fmt.Sprint(values), "[]"))
	return nil
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: basic PLUGIN MODEL")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}
