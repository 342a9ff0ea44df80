package pjrt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pjrteasy/pjrt"
)

// The plugin of the examples: PJRT_PLUGIN names one, such as "cpu"; the tests use the fake plugin.
func examplePlugin() string { return getenv("PJRT_PLUGIN", fakePath()) }

// Compile a program, give it data, read the result.
func Example() {
	ctx := context.Background()
	client, err := pjrt.Open(examplePlugin(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	program, err := pjrt.NewProgram(addOne)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer program.Close()
	exe, err := client.Compile(program, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer exe.Close()
	y, err := exe.Call(ctx, []float32{1, 2, 3, 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer y.Close()
	values, err := pjrt.ToSlice[float32](ctx, y)
	fmt.Println(values, y.Dims(), err)
	// Output: [2 3 4 5] [4] <nil>
}

// Half precision, bfloat16 and complex numbers.
func Example_elementTypes() {
	client := must(pjrt.Open(examplePlugin(), nil))
	defer client.Close()
	half := must(pjrt.BufferFrom(client, pjrt.FromFloats[pjrt.F16]([]float32{1.5, -2})))
	defer half.Close()
	brain := must(pjrt.BufferFrom(client, []pjrt.BF16{pjrt.FromFloat[pjrt.BF16](0.1)}))
	defer brain.Close()
	pairs := must(pjrt.BufferFrom(client, []complex64{1 + 2i, -3i}))
	defer pairs.Close()
	fmt.Println(half.DType(), must(pjrt.ToSlice[pjrt.F16](ctx, half)))
	fmt.Println(brain.DType(), must(pjrt.ToSlice[pjrt.BF16](ctx, brain)))
	fmt.Println(pairs.DType(), must(pjrt.ToSlice[complex64](ctx, pairs)))
	// Output:
	// f16 [1.5 -2]
	// bf16 [0.10009765625]
	// c64 [(1+2i) (0-3i)]
}

// Two replicas of one program, each with its own argument.
func ExampleCompileOptions() {
	client := must(pjrt.Open(examplePlugin(), &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": 2}}))
	defer client.Close()
	options := must(pjrt.NewCompileOptions())
	defer options.Close()
	if err := options.SetNumReplicas(2); err != nil {
		fmt.Println(err)
	}
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	exe := must(client.Compile(program, options))
	defer exe.Close()
	outputs := must(exe.ExecutePerDevice(ctx, nil, [][]any{{[]float32{1, 2, 3, 4}}, {[]float32{10, 20, 30, 40}}}))
	for device, list := range outputs {
		fmt.Println(device, must(pjrt.ToSlice[float32](ctx, list[0])))
		pjrt.CloseAll(list...)
	}
	// Output:
	// 0 [2 3 4 5]
	// 1 [11 21 31 41]
}

// Start a run, do something else, wait with a limit.
func ExampleEvent_Wait() {
	client := must(pjrt.Open(examplePlugin(), nil))
	defer client.Close()
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	exe := must(client.Compile(program, nil))
	defer exe.Close()
	outputs, done, err := exe.ExecuteAsync(nil, []float32{1, 2, 3, 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pjrt.CloseAll(outputs...)
	defer done.Close()
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	switch err := done.Wait(limited); {
	case errors.Is(err, context.DeadlineExceeded):
		fmt.Println("it takes too long")
	case err != nil:
		fmt.Println("the run failed:", err)
	default:
		fmt.Println(must(pjrt.ToSlice[float32](ctx, outputs[0])))
	}
	// Output: [2 3 4 5]
}

// Errors carry the code and the function that failed.
func ExampleError() {
	_, err := pjrt.LoadProgram("missing.mlir")
	var e *pjrt.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, e.Function, errors.Is(err, pjrt.NotFound))
	}
	// Output: NOT_FOUND pje_program_from_file true
}

// Choose the memory that a buffer goes to.
func ExampleUploadOptions_memory() {
	client := must(pjrt.Open(examplePlugin(), nil))
	defer client.Close()
	device := client.AddressableDevice(0)
	for memory := range device.Memories() {
		if memory.Kind() == "pinned_host" {
			b := must(pjrt.Upload(client, []int32{7}, &pjrt.UploadOptions{Memory: memory}))
			fmt.Println(b.Memory().Kind(), device.DefaultMemory().Kind())
			b.Close()
		}
	}
	// Output: pinned_host device
}

// Column-major data, as Fortran, Julia and R have it, are uploaded as they lie.
func ExampleUploadOptions_columnMajor() {
	client := must(pjrt.Open(examplePlugin(), nil))
	defer client.Close()
	columns := []float32{1, 4, 2, 5, 3, 6}
	b := must(pjrt.Upload(client, columns, &pjrt.UploadOptions{Dims: []int{2, 3}, ColumnMajor: true}))
	defer b.Close()
	fmt.Println(must(pjrt.ToSlice[float32](ctx, b)))
	// Output: [1 2 3 4 5 6]
}

// A training step that takes its state over: the former state is gone, its memory used again.
func ExampleExecutable_Call_donation() {
	client := must(pjrt.Open(examplePlugin(), nil))
	defer client.Close()
	program := must(pjrt.NewProgram(`module @step {
  func.func public @main(%arg0: tensor<2xf32> {tf.aliasing_output = 0 : i32}, %arg1: tensor<2xf32>) -> tensor<2xf32> {
    %0 = stablehlo.add %arg0, %arg1 : tensor<2xf32>
    return %0 : tensor<2xf32>
  }
}`))
	defer program.Close()
	step := must(client.Compile(program, nil))
	defer step.Close()
	gradient := must(pjrt.BufferFrom(client, []float32{1, 2}))
	defer gradient.Close()
	state := must(pjrt.BufferFrom(client, []float32{0, 0}))
	for range 5 {
		next := must(step.Call(ctx, state, gradient))
		if !state.IsDeleted() {
			fmt.Println("the state was not taken over")
		}
		state.Close()
		state = next
	}
	defer state.Close()
	fmt.Println(must(pjrt.ToSlice[float32](ctx, state)))
	// Output: [5 10]
}

// Devices, and running on one of them.
func ExampleExecuteOptions() {
	client := must(pjrt.Open(examplePlugin(), &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": 4}}))
	defer client.Close()
	options := must(pjrt.NewCompileOptions())
	defer options.Close()
	if err := options.SetCompilePortableExecutable(true); err != nil {
		fmt.Println(err)
	}
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	exe := must(client.Compile(program, options))
	defer exe.Close()
	for device := range client.AddressableDevices() {
		y := must(exe.ExecuteWith(ctx, &pjrt.ExecuteOptions{Device: device}, []float32{float32(device.ID()), 0, 0, 0}))
		fmt.Println(y[0].Device().ID(), must(pjrt.ToSlice[float32](ctx, y[0])))
		pjrt.CloseAll(y...)
	}
	// Output:
	// 0 [1 1 1 1]
	// 1 [2 1 1 1]
	// 2 [3 1 1 1]
	// 3 [4 1 1 1]
}

// Host in, host out, with .npy files.
func ExampleExecutable_Run() {
	client := must(pjrt.Open(examplePlugin(), nil))
	defer client.Close()
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	exe := must(client.Compile(program, nil))
	defer exe.Close()
	x := must(pjrt.LoadNpy(filepath.Join(testPrograms(), "add1_f32/in0.npy")))
	defer x.Close()
	y := must(exe.Run(x))[0]
	defer y.Close()
	path := filepath.Join(os.TempDir(), fmt.Sprintf("pjrt_example_%d.npy", os.Getpid()))
	defer os.Remove(path)
	fmt.Println(y.DType(), y.Dims(), y.SaveNpy(path))
	// Output: f32 [4] <nil>
}

// Column by column on the device, row by row on the host.
func ExampleLayout() {
	client := must(pjrt.Open(examplePlugin(), nil))
	defer client.Close()
	columns := must(pjrt.ParseLayout("{0,1}"))
	defer columns.Close()
	b := must(pjrt.Upload(client, []float32{1, 2, 3, 4, 5, 6}, &pjrt.UploadOptions{Dims: []int{2, 3}, Layout: columns}))
	defer b.Close()
	onDevice := must(b.Layout())
	defer onDevice.Close()
	asTheyLie := make([]float32, 6)
	if err := pjrt.ReadLayout(ctx, b, columns, asTheyLie, 0); err != nil {
		fmt.Println(err)
	}
	fmt.Println(onDevice.Text(), must(pjrt.ToSlice[float32](ctx, b)), asTheyLie)
	// Output: {0,1} [1 2 3 4 5 6] [1 4 2 5 3 6]
}

// Replica 0 on device 3, replica 1 on device 1.
func ExampleDeviceAssignment() {
	client := must(pjrt.Open(examplePlugin(), &pjrt.ClientOptions{Options: map[string]pjrt.Value{"cpu_device_count": 4}}))
	defer client.Close()
	assignment := must(pjrt.NewDeviceAssignment([][]pjrt.DeviceID{{3}, {1}}))
	defer assignment.Close()
	options := must(pjrt.NewCompileOptions())
	defer options.Close()
	if err := options.SetAssignment(assignment); err != nil {
		fmt.Println(err)
	}
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	exe := must(client.Compile(program, options))
	defer exe.Close()
	x := []float32{1, 2, 3, 4}
	for _, outputs := range must(exe.ExecutePerDevice(ctx, nil, [][]any{{x}, {x}})) {
		fmt.Println(outputs[0].Device().ID())
		pjrt.CloseAll(outputs...)
	}
	// Output:
	// 3
	// 1
}

// Compile once, keep the bytes, load them another time. They hold machine code: trust only your own.
func ExampleCompiled_Serialize() {
	client := must(pjrt.Open(examplePlugin(), nil))
	defer client.Close()
	program := must(pjrt.NewProgram(addOne))
	defer program.Close()
	exe := must(client.Compile(program, nil))
	defer exe.Close()
	compiled := must(exe.Compiled())
	defer compiled.Close()
	data := must(compiled.Serialize(ctx))
	again := must(client.LoadSerialized(ctx, data, pjrt.LoadOptions{Trusted: true}))
	defer again.Close()
	y := must(again.Call(ctx, []float32{1, 2, 3, 4}))
	defer y.Close()
	fmt.Println(must(pjrt.ToSlice[float32](ctx, y)))
	// Output: [2 3 4 5]
}

// Questions of one goroutine, answered by others.
func ExampleRequestQueue() {
	queue := must(pjrt.NewRequestQueue())
	defer queue.Close()
	go queue.Serve(func(r pjrt.Request) ([]byte, error) {
		name, _ := r.Value("name")
		return []byte("hello " + name.(string)), nil
	})
	answer, err := queue.Ask(pjrt.RequestUser, map[string]pjrt.Value{"name": "world"}, nil, time.Minute)
	fmt.Println(string(answer), err)
	queue.End()
	// Output: hello world <nil>
}
