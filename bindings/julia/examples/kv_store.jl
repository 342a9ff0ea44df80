# A key-value store written in Julia, where the processes of one program would meet. The plugin asks on threads of its
# own; tasks of Julia answer. usage: kv_store.jl [PLUGIN]
using PjrtEasy

# This one is a dictionary; a program over several processes would ask a server.
values_of = Dict{String,Vector{UInt8}}()
changed = Threads.Condition()

function wait_for_value(key, timeout)
    deadline = time() + timeout
    timer = isinf(timeout) ? nothing : Timer(_ -> lock(() -> notify(changed), changed), timeout)
    try
        lock(changed) do
            while !haskey(values_of, key)
                time() >= deadline && throw(PjrtError(PjrtEasy.DEADLINE_EXCEEDED, "no value in time for $key"))
                wait(changed)
            end
            values_of[key]
        end
    finally
        timer === nothing || close(timer)
    end
end

keep_value(key, value) = lock(changed) do
    values_of[key] = value
    notify(changed)
end

store = KVStore(get = wait_for_value, try_get = key -> lock(() -> get(values_of, key, nothing), changed),
    put = keep_value)
store["address"] = "host:1234"
println(String(PjrtEasy.await_value(store, "address"; timeout = 10)))
try
    PjrtEasy.await_value(store, "nobody"; timeout = 0.001)
catch error
    println(error.code)
end

client = Client(get(ARGS, 1, "cpu"); kv_store = store)
double = compile(client, """
    func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
      %0 = stablehlo.add %a, %a : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    """)
println(Array(double(Float32[1, 2, 3, 4])))

# The clients first: a store whose tasks have ended answers CANCELLED.
close(double)
close(client)
close(store)
