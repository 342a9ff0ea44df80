# Runs that are not waited for, tasks that wait, timeouts, promises. usage: events.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"))
double = compile(client, """
    func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
      %0 = stablehlo.add %a, %a : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    """)
x = Buffer(client, Float32[1, 2, 3, 4])

# Outputs may be used at once; `done` tells when the run has ended.
y, done = execute_async(double, x)
z, _ = execute_async(double, y)
wait(done; timeout = 10)
println(Array(z))
@assert Array(z) == Float32[4, 8, 12, 16]

# Each task waits for a run of its own, and none holds a thread.
tasks = [@async Array(double(x .* i)) for (i, x) in enumerate(fill(Float32[1, 1, 1, 1], 5))]
println(sum(sum ∘ fetch, tasks))

# A promise is an event that the program itself makes ready.
promise = PjrtEasy.Event()
listener = @async (wait(promise); "the promise was kept")
try
    wait(promise; timeout = 0.01)
    @assert false
catch error
    @assert error.code == PjrtEasy.DEADLINE_EXCEEDED
end
notify(promise)
println(fetch(listener))

# Which of several is the first.
first_ready, index = PjrtEasy.any_of([PjrtEasy.Event(), done])
wait(first_ready)
@assert index[] == 2
