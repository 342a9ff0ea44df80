// Command memory lists the memories of a device, and puts a buffer into each. usage: memory PLUGIN
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
	device := client.AddressableDevice(0)
	fmt.Println("default:", device.DefaultMemory().Kind())
	for memory := range device.Memories() {
		b := example.Must(pjrt.Upload(client, []float32{1, 2, 3, 4}, &pjrt.UploadOptions{Memory: memory}))
		there := example.Must(b.CopyToMemory(context.Background(), device.DefaultMemory()))
		fmt.Print(b.Memory().Kind(), ": ")
		example.Show(there)
		pjrt.CloseAll(b, there)
	}
}
