# Options of a run: a context that custom calls of the program would find, an argument that must not be taken over, and
# the place of the call for profiles. usage: execute_context.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"))
double = compile(client, """
    func.func @main(%a: tensor<4xf32> {tf.aliasing_output = 0 : i32}) -> tensor<4xf32> {
      %0 = stablehlo.add %a, %a : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    """)
x = Buffer(client, Float32[1, 2, 3, 4])
context = ExecuteContext(client)

y = double(x; context = context, keep = [1], call_location = "execute_context.jl:16")
println(Array(y))
println("the argument is ", PjrtEasy.isdeleted(x) ? "gone" : "still there")
@assert !PjrtEasy.isdeleted(x)

# A set of options for many runs; this one lets the program have its argument.
launch = Launch(context = context, pool = true)
z = double(x; launch = launch)
@assert Array(z) == Float32[2, 4, 6, 8] && PjrtEasy.isdeleted(x)
close(context)
