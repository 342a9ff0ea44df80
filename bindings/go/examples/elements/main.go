// Command elements shows element types that Go lacks, bfloat16 and half precision, and complex numbers. usage: elements PLUGIN
package main

import (
	"context"
	"fmt"
	"log"
	"os"

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

// double gives twice the values.
func double[T pjrt.Element](client *pjrt.Client, element string, values []T) []T {
	ctx := context.Background()
	program := must(pjrt.NewProgram(fmt.Sprintf(`module @double {
  func.func public @main(%%arg0: tensor<2x%[1]s>) -> tensor<2x%[1]s> {
    %%0 = stablehlo.add %%arg0, %%arg0 : tensor<2x%[1]s>
    return %%0 : tensor<2x%[1]s>
  }
}`, element)))
	defer program.Close()
	executable := must(client.Compile(program, nil))
	defer executable.Close()
	y := must(executable.Call(ctx, values))
	defer y.Close()
	fmt.Printf("%v: ", y.DType())
	return must(pjrt.ToSlice[T](ctx, y))
}

func main() {
	client := must(pjrt.Open(os.Args[1], nil))
	defer client.Close()
	brain := double(client, "bf16", pjrt.FromFloats[pjrt.BF16]([]float32{1.5, -0.1}))
	fmt.Printf("%.6g %.6g\n", brain[0].Float(), brain[1].Float())
	half := double(client, "f16", []pjrt.F16{pjrt.FromFloat[pjrt.F16](1.5), pjrt.FromFloat[pjrt.F16](-2)})
	fmt.Println(half[0], half[1])
	pairs := double(client, "complex<f32>", []complex64{1 + 2i, -3i})
	fmt.Printf("%g%+gi %g%+gi\n", real(pairs[0]), imag(pairs[0]), real(pairs[1]), imag(pairs[1]))
}
