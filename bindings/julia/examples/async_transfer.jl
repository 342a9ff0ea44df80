# A buffer that is there before its contents, and arrays that move in pieces. usage: async_transfer.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"))
double = compile(client, """
    func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
      %0 = stablehlo.add %a, %a : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    """)

# A program may be started on a buffer that is still empty: it waits.
manager = TransferManager(client, [Float32 => (4,), Float32 => (2, 3)])
x = PjrtEasy.buffer(manager, 1)
y, done = execute_async(double, x; pool = true)
write(manager, 1, Float32[3, 4]; offset = 8)
println(join(PjrtEasy.progress(manager, 1), " of "), " bytes")
write(manager, 1, Float32[1, 2])
println(join(PjrtEasy.progress(manager, 1), " of "), " bytes")
wait(done)
println(Array(y))
@assert Array(y) == Float32[2, 4, 6, 8]

# A whole array of Julia, by columns as it is.
PjrtEasy.put(manager, 2, Float32[1 2 3; 4 5 6])
@assert Array(PjrtEasy.buffer(manager, 2)) == Float32[1 2 3; 4 5 6]
close(manager)

# Several arrays in one call; the buffers are there at once.
buffers, moved = PjrtEasy.transfer_async(client, [rand(Float32, 1000) for _ in 1:3]; piece_size = 1024)
wait(moved)
@assert length.(buffers) == [1000, 1000, 1000]
