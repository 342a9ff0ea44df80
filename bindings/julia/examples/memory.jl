# Memories of a device, uploads without a copy, and giving memory back. usage: memory.jl [PLUGIN]
using PjrtEasy

client = Client(get(ARGS, 1, "cpu"))
device = first(addressable_devices(client))
for memory in memories(device)
    println(memory, memory == default_memory(device) ? ", the default" : "")
end

# To a memory of one's choice.
pinned = memories(device)[findfirst(memory -> PjrtEasy.kind(memory) == "pinned_host", memories(device))]
buffer = Buffer(client, Float32[1 2; 3 4]; memory = pinned)
println(buffer, " in ", PjrtEasy.kind(PjrtEasy.memory(buffer)))
@assert PjrtEasy.memory(buffer) == pinned && Array(buffer) == Float32[1 2; 3 4]

# Without a copy where the plugin can: the array must not change while the buffer lives.
weights = rand(Float32, 100_000)
shared = Buffer(client, weights; zero_copy = true)
@assert Array(shared) == weights

# Memory is given back when a buffer is closed or deleted, else at some garbage collection.
close(shared)
delete!(buffer)
@assert PjrtEasy.isdeleted(buffer)
