// Command memory_layout keeps an array column by column on the device, row by row on the host. usage: memory_layout PLUGIN
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

func main() {
	client := must(pjrt.Open(os.Args[1], nil))
	defer client.Close()
	columns := must(pjrt.ParseLayout("{0,1}"))
	defer columns.Close()
	b := must(pjrt.Upload(client, []float32{1, 2, 3, 4, 5, 6}, &pjrt.UploadOptions{Dims: []int{2, 3}, Layout: columns}))
	defer b.Close()
	onDevice := must(b.Layout())
	defer onDevice.Close()
	fmt.Println("on the device:", onDevice.Text())
	show(b)
	asTheyLie := make([]float32, 6)
	check(pjrt.ReadLayout(context.Background(), b, columns, asTheyLie, 0))
	fmt.Println(strings.Trim(fmt.Sprint(asTheyLie), "[]"))
}
