// Command memory_layout keeps an array column by column on the device, row by row on the host. usage: memory_layout PLUGIN
package main

import (
	"context"
	"fmt"
	"strings"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

func main() {
	client := example.Open(1)
	defer client.Close()
	columns := example.Must(pjrt.ParseLayout("{0,1}"))
	defer columns.Close()
	b := example.Must(pjrt.Upload(client, []float32{1, 2, 3, 4, 5, 6}, &pjrt.UploadOptions{Dims: []int{2, 3}, Layout: columns}))
	defer b.Close()
	onDevice := example.Must(b.Layout())
	defer onDevice.Close()
	fmt.Println("on the device:", onDevice.Text())
	example.Show(b)
	asTheyLie := make([]float32, 6)
	example.Check(pjrt.ReadLayout(context.Background(), b, columns, asTheyLie, 0))
	fmt.Println(strings.Trim(fmt.Sprint(asTheyLie), "[]"))
}
