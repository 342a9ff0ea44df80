// Command memory lists the memories of a device, and puts a buffer into each. usage: memory PLUGIN
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
	device := client.AddressableDevice(0)
	fmt.Println("default:", device.DefaultMemory().Kind())
	for memory := range device.Memories() {
		b := must(pjrt.Upload(client, []float32{1, 2, 3, 4}, &pjrt.UploadOptions{Memory: memory}))
		there := must(b.CopyToMemory(context.Background(), device.DefaultMemory()))
		fmt.Print(b.Memory().Kind(), ": ")
		show(there)
		pjrt.CloseAll(b, there)
	}
}
