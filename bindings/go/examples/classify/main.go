// Command classify runs a classifier whose weights and images are .npy files, and prints the class of each image.
//
//	classify -plugin cpu -program model.mlir weights0.npy … images.npy
//
// The files are the program's arguments in order; its result has a row of scores for each image.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"pjrteasy/pjrt"
)

func classify(plugin, model string, files []string) error {
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
	exe, err := client.Compile(program, nil)
	if err != nil {
		return err
	}
	defer exe.Close()
	var args []any
	for _, file := range files {
		array, err := pjrt.LoadNpy(file)
		if err != nil {
			return err
		}
		defer array.Close()
		args = append(args, array)
	}
	scores, err := exe.Call(context.Background(), args...)
	if err != nil {
		return err
	}
	defer scores.Close()
	values, err := pjrt.ToSlice[float32](context.Background(), scores)
	if err != nil {
		return err
	}
	dims := scores.Dims()
	for image := range dims[0] {
		row := values[image*dims[1] : (image+1)*dims[1]]
		best := 0
		for class, score := range row {
			if score > row[best] {
				best = class
			}
		}
		fmt.Println(best)
	}
	return nil
}

func main() {
	plugin := flag.String("plugin", "cpu", "name or path of a PJRT plugin")
	model := flag.String("program", "model.mlir", "StableHLO or HLO")
	flag.Parse()
	if err := classify(*plugin, *model, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
