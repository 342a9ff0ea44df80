# Key-value stores: those of the library, and those that tasks of Julia answer.

processes(process) = (devices = 2, processes = 2, process = process)

# A store of this program: a dictionary, and tasks that wait until a key is there.
function dictionary_store(values = Dict{String,Vector{UInt8}}())
    changed = Threads.Condition()
    lookup(key) = lock(() -> get(values, key, nothing), changed)
    KVStore(
        get = (key, timeout) -> lock(changed) do
            while !haskey(values, key)
                timeout == 0 && error("gave up")
                wait(changed)
            end
            values[key]
        end,
        try_get = lookup,
        put = (key, value) -> lock(changed) do
            values[key] = value
            notify(changed)
        end)
end

function two_clients(store)
    clients = asyncmap(process -> Client(FAKE; options = processes(process), kv_store = store), [0, 1])
    @test [Int(PjrtEasy.process_index(client)) for client in clients] == [0, 1]
    @test all(client -> length(devices(client)) == 4 && length(addressable_devices(client)) == 2, clients)
    foreach(close, clients)
end

case("clients of two processes meet through a store in memory") do
    store = KVStore()
    two_clients(store)
    @test String(store["fake/devices/1"]) == "2"
    @test sprint(show, store) == "KVStore()"
    close(store)
end

case("a dictionary of Julia is the store through which clients meet") do
    values = Dict{String,Vector{UInt8}}()
    store = dictionary_store(values)
    two_clients(store)
    @test sort(collect(keys(values))) == ["fake/devices/0", "fake/devices/1"]
    @test PjrtEasy.describe(store) == "key-value store" && sprint(show, store) == "KVStore(answered by this program)"
    close(store)
    @test sprint(show, store) == "KVStore(closed)"
end

case("a plugin that is loaded makes clients with a store too") do
    store, plugin = dictionary_store(), Plugin(FAKE)
    client = Client(plugin; options = (devices = 2,), kv_store = store)
    @test length(devices(client)) == 2 && String(store["fake/devices/0"]) == "2"
    # A client keeps what it asks: nobody else holds the store.
    store = nothing
    GC.gc()
    # The name of what was compiled is put while the client is let go of, here in either way.
    close(compile(client, ADD))
    PjrtEasy.shut(client)
    other = Client(plugin; kv_store = dictionary_store())
    foreach(close, (compile(other, ADD), other, client, plugin))
end

case("values are put, read, waited for, and missed") do
    for store in (KVStore(), dictionary_store())
        store["key"] = "value"
        store[UInt8[0x6b]] = [0x01, 0x00]
        @test String(store["key"]) == "value" && store["k"] == [0x01, 0x00]
        @test get(store, "none", nothing) === nothing
        @test code(() -> store["none"]) == PjrtEasy.NOT_FOUND
        @test code(() -> PjrtEasy.await_value(store, "none"; timeout = 0.01)) == PjrtEasy.DEADLINE_EXCEEDED
        waiting = @async PjrtEasy.await_value(store, "later")
        yield()
        store["later"] = "here"
        @test String(fetch(waiting)) == "here"
        close(store)
        @test code(() -> store["key"]) == PjrtEasy.INVALID_ARGUMENT
    end
end

case("what a store of this program throws is the plugin's error") do
    refusing = KVStore(get = (key, timeout) -> throw(PjrtError(PjrtEasy.UNAVAILABLE, "no such network")),
        put = (key, value) -> nothing)
    error = refused(() -> Client(FAKE; options = processes(0), kv_store = refusing))
    @test error.code == PjrtEasy.UNAVAILABLE && occursin("no such network", error.detail)
    @test code(() -> refusing["key"]) == PjrtEasy.UNAVAILABLE
    close(refusing)
    @test code(() -> KVStore(get = (key, timeout) -> "")) == PjrtEasy.INVALID_ARGUMENT
end
