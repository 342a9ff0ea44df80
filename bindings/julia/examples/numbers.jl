# Element types beyond those of Julia: bfloat16, half, complex, 8-bit floats. usage: numbers.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"))
sum_of(type) = compile(client, """
    func.func @main(%a: tensor<3x$type>, %b: tensor<3x$type>) -> tensor<3x$type> {
      %0 = stablehlo.add %a, %b : tensor<3x$type>
      return %0 : tensor<3x$type>
    }
    """)

for (type, values) in ("bf16" => BFloat16[1.5, 2, -3], "f16" => Float16[1.5, 2, -3], "f32" => Float32[1.5, 2, -3],
    "complex<f32>" => ComplexF32[1 + 2im, 3im, -1], "complex<f64>" => ComplexF64[1 + 2im, 3im, -1])
    result = Array(sum_of(type)(values, values))
    println(rpad(type, 14), result)
    @assert result == 2 .* values && eltype(result) == eltype(values)
end

# Types that many devices store but do not compute with go up and come back all the same.
small = F8E4M3FN[1.5, -2, 0.25]
@assert Array(Buffer(client, small)) == small
@assert Array(Buffer(client, Int4[-8, 7, 3])) == Int4[-8, 7, 3]
println("f8e4m3fn      ", small)
