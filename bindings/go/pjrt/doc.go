// Package pjrt runs compiled machine-learning programs (StableHLO, HLO) through PJRT plugins, on CPUs, GPUs and TPUs.
//
//	client, err := pjrt.Open("cpu", nil)
//	program, err := pjrt.LoadProgram("model.mlir")
//	exe, err := client.Compile(program, nil)
//	x, err := pjrt.BufferFrom(client, []float32{1, 2, 3, 4})
//	y, err := exe.Call(ctx, x)
//	values, err := pjrt.ToSlice[float32](ctx, y)
//
// # Lifetimes
//
// Clients, executables, buffers, arrays, events and programs have a Close method. Closing in any order is right, closing twice
// does nothing, and using what is closed is an [Error] with the code [InvalidArgument]. What is dropped without Close is closed
// by the garbage collector some time later. Devices and memories belong to their client and need no Close.
//
// # Waiting
//
// Calls that wait take a context. When it ends, the wait ends with its error; the device goes on with its work. Goroutines that
// wait take no thread of the operating system: all completions arrive at one goroutine of this package.
//
// # Element types
//
// Every element type of PJRT has a type of Go: bool, the integers, float32, float64, complex64, complex128, and the named types
// of this package, such as [BF16], [F8E4M3FN] and [S4]. Host data of types below 8 bits is one element a byte. Multi-dimensional
// data is row-major.
//
// # Errors
//
// Errors of the library and of plugins are *[Error]. A [Code] is itself an error, so that errors.Is(err, pjrt.NotFound) works.
package pjrt
