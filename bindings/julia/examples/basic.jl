# A program, two matrices, the result. usage: basic.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"))
multiply = compile(client, """
    func.func @main(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) -> tensor<2x2xf32> {
      %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0]
          : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
      return %0 : tensor<2x2xf32>
    }
    """)

a = Float32[1 2 3; 4 5 6]
b = Float32[1 0; 0 1; 2 2]
# Host arrays can be arguments; indices mean the same here and in the program.
product = Array(multiply(a, b))
println(product)
@assert product == a * b
