// Command device_assignment says which replica runs where: replica 0 on device 3, replica 1 on device 1. usage: device_assignment PLUGIN
package main

import (
	"context"
	"fmt"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

func main() {
	client := example.Open(4)
	defer client.Close()
	assignment := example.Must(pjrt.NewDeviceAssignment([][]pjrt.DeviceID{{3}, {1}}))
	defer assignment.Close()
	options := example.Must(pjrt.NewCompileOptions())
	defer options.Close()
	example.Check(options.SetAssignment(assignment))
	executable := example.Compile(client, example.AddOne, options)
	defer executable.Close()
	x := []float32{1, 2, 3, 4}
	for replica, outputs := range example.Must(executable.ExecutePerDevice(context.Background(), nil, [][]any{{x}, {x}})) {
		fmt.Printf("replica %d on device %d\n", replica, outputs[0].Device().ID())
		pjrt.CloseAll(outputs...)
	}
}
