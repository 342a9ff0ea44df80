// Command elements shows element types that Go lacks, bfloat16 and half precision, and complex numbers. usage: elements PLUGIN
package main

import (
	"context"
	"fmt"

	"pjrteasy/examples/internal/example"
	"pjrteasy/pjrt"
)

// double gives twice the values.
func double[T pjrt.Element](client *pjrt.Client, element string, values []T) []T {
	ctx := context.Background()
	executable := example.Compile(client, fmt.Sprintf(`module @double {
  func.func public @main(%%arg0: tensor<2x%[1]s>) -> tensor<2x%[1]s> {
    %%0 = stablehlo.add %%arg0, %%arg0 : tensor<2x%[1]s>
    return %%0 : tensor<2x%[1]s>
  }
}`, element), nil)
	defer executable.Close()
	y := example.Must(executable.Call(ctx, values))
	defer y.Close()
	fmt.Printf("%v: ", y.DType())
	return example.Must(pjrt.ToSlice[T](ctx, y))
}

func main() {
	client := example.Open(1)
	defer client.Close()
	brain := double(client, "bf16", pjrt.FromFloats[pjrt.BF16]([]float32{1.5, -0.1}))
	fmt.Printf("%.6g %.6g\n", brain[0].Float(), brain[1].Float())
	half := double(client, "f16", []pjrt.F16{pjrt.FromFloat[pjrt.F16](1.5), pjrt.FromFloat[pjrt.F16](-2)})
	fmt.Println(half[0], half[1])
	pairs := double(client, "complex<f32>", []complex64{1 + 2i, -3i})
	fmt.Printf("%g%+gi %g%+gi\n", real(pairs[0]), imag(pairs[0]), real(pairs[1]), imag(pairs[1]))
}
