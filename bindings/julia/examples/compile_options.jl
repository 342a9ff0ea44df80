# Compile options: fields as properties, flags by name, and their bytes. usage: compile_options.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"); options = (cpu_device_count = 2,))
options = CompileOptions(num_replicas = 2)
options["xla_cpu_enable_fast_math"] = false
options.optimization_level = PjrtEasy.EFFORT_O1
println(options)

program = Program("""
    func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
      %0 = stablehlo.negate %a : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    """)
exe = compile(client, program, options)
println(exe)
@assert PjrtEasy.num_replicas(exe) == 2

# The bytes are a CompileOptionsProto, such as JAX writes.
again = CompileOptions(Vector{UInt8}(options))
@assert again.num_replicas == 2 && again["xla_cpu_enable_fast_math"] == "false"

# Fields can be keywords of `compile` too. What is wrong is an error that says so.
@assert PjrtEasy.num_replicas(compile(client, program; num_replicas = 1)) == 1
try
    options["xla_cpu_enable_fast_mat"] = true
    @assert false
catch error
    println(error.message)
end
