# Julia's matrices are column-major, PJRT's row-major; the indices stay the same. usage: memory_layout.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"))
matrix = Float32[1 2 3; 4 5 6]
buffer = Buffer(client, matrix)
@assert size(buffer) == (2, 3) && Array(buffer) == matrix

# In memory the two differ. The strides told the plugin; nothing was transposed here.
println("in Julia:     ", vec(matrix))
println("in row-major: ", collect(reinterpret(Float32, PjrtEasy.rowmajor_bytes(buffer))))

# Views and permuted arrays go up as they are.
@assert Array(Buffer(client, view(matrix, :, 3:-1:1))) == matrix[:, 3:-1:1]
@assert Array(Buffer(client, PermutedDimsArray(matrix, (2, 1)))) == permutedims(matrix)

# Row-major data from elsewhere: a vector and its dimensions.
@assert Array(Buffer(client, Float32[1, 2, 3, 4, 5, 6], (2, 3))) == matrix
# The same with byte strides, which may repeat elements.
@assert Array(Buffer(client, Float32[1, 2, 3], (2, 3); byte_strides = (0, 4))) == Float32[1 2 3; 1 2 3]

# How a compiled program lays its arguments and results out on the device is a compile option.
options = CompileOptions()
options.result_layout = PjrtEasy.ArrayLayout(Float32, (2, 3), (1, 2))
exe = compile(client, Program("""
    func.func @main(%a: tensor<2x3xf32>) -> tensor<2x3xf32> {
      %0 = stablehlo.add %a, %a : tensor<2x3xf32>
      return %0 : tensor<2x3xf32>
    }
    """), options)
@assert Array(exe(buffer)) == 2matrix
println("result, column-major on the device: ", Array(exe(buffer)))
