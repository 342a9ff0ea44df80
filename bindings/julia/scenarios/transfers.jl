# Runs that are set up once, views, transfers in pieces, and what a program and a plugin ask of their host.

closing("execute_per_device_mixed") do
    client, x, factor = open_client(), floats("x"), floats("factor")[1]
    n = input_int("replicas")
    exe = compiled(client; num_replicas = n)
    rows = exe([[x .+ Float32(d - 1), factor] for d in 1:n])
    foreach(made, rows)
    put("y", [contents(row[1]) for row in rows])
end

closing("prepared_call") do
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    call = made(PreparedCall(exe))
    put("empty", code(call))
    call[1] = x
    for _ in 1:input_int("n")
        call[1] = made(call())
    end
    put("slots", PjrtEasy.num_arguments(call) + PjrtEasy.num_outputs(call))
    put("y", contents(made(PjrtEasy.output(call, 1))))
end

closing("host_view") do
    x = upload(open_client(), floats("x"))
    wait(x)
    view = PjrtEasy.HostView(x)
    put("y", rowmajor(Array(view)))
    put("delete", code(() -> delete!(x)))
    close(view)
    put("delete_after", code(() -> delete!(x)))
end

closing("read_many") do
    client = open_client()
    a, b = PjrtEasy.read_all([upload(client, floats("a")), upload(client, floats("b"))])
    put("a", a)
    put("b", b)
end

closing("transfer_pieces") do
    x = floats("x")
    half = length(x) ÷ 2
    manager = made(TransferManager(open_client(), [Float32 => size(x)]))
    buffer = made(PjrtEasy.buffer(manager, 1))
    write(manager, 1, x[half + 1:end]; offset = 4half)
    put("twice", code(() -> write(manager, 1, x[half + 1:end]; offset = 4half)))
    write(manager, 1, x[1:half])
    put("y", contents(buffer))
    put("progress", PjrtEasy.progress(manager, 1))
end

closing("transfer_all") do
    told = Int[]
    buffers = PjrtEasy.transfer(open_client(), [floats("x"), floats("x")]; piece_size = input_int("piece"),
        progress = state -> push!(told, state.bytes_done))
    first, second = made(buffers)
    put("first", contents(first))
    put("second", contents(second))
    put("calls", length(told))
    put("bytes", told[end])
end

closing("copies") do
    client = open_client()
    device = addressable_devices(client)[input_int("device") + 1]
    there = made(copy(upload(client, floats("x")); device = device))
    memory = only_of_kind(device, input("kind"))
    pinned = made(copy(there; memory = memory))
    put("device", Int(PjrtEasy.id(PjrtEasy.device(there))))
    put("memory", PjrtEasy.kind(PjrtEasy.memory(pinned)))
    put("y", contents(pinned))
end
only_of_kind(device, kind) = only(filter(memory -> PjrtEasy.kind(memory) == kind, memories(device)))

closing("execute_context") do
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    put("y", contents(made(exe(x; context = made(ExecuteContext(client)), call_location = "a scenario"))))
end

closing("run_async") do
    exe, y = compiled(open_client()), Ref{Any}(nothing)
    put("done", code(() -> y[] = run(exe, floats("x"))))
    put("y", y[])
end

closing("send_and_receive") do
    client = open_client()
    exe, x = compiled(client), upload(client, shaped(floats("x"), ints("dims")))
    handlers, pieces = made(ExecuteHandlers()), Vector{UInt8}[]
    PjrtEasy.on_send((data, transfer) -> push!(pieces, data), handlers, 5)
    PjrtEasy.on_receive(transfer -> floats("answer"), handlers, 6)
    put("y", contents(made(exe(x; handlers = handlers))))
    put("sent", reinterpret(Float32, reduce(vcat, pieces)))
    put("pieces", length(pieces))
end

closing("output_handler") do
    exe, handlers, seen = compiled(open_client()), made(ExecuteHandlers()), Int[]
    PjrtEasy.on_output((array, result) -> append!(push!(seen, result.number), array), handlers, input_int("callback"))
    made(exe(Vector{Int32}(ints("x")); handlers = handlers))
    put("seen", seen)
end

closing("kv_store") do
    store, key = KVStore(), input("key")
    put("before", code(() -> store[key]))
    put("late", code(() -> PjrtEasy.await_value(store, key; timeout = 0.001)))
    store[key] = input("value")
    put("after", String(PjrtEasy.await_value(store, key)))
    client = made(Client(PLUGIN_PATH; kv_store = store))
    close(store)
    put("y", contents(made(compiled(client)(upload(client, floats("x"))))))
end

closing("kv_store_served") do
    values, changed, n = Dict{String,Vector{UInt8}}(), Threads.Condition(), input_int("processes")
    store = KVStore(
        get = (key, timeout) -> lock(changed) do
            while !haskey(values, key)
                wait(changed)
            end
            values[key]
        end,
        try_get = key -> lock(() -> get(values, key, nothing), changed),
        put = (key, value) -> lock(() -> (values[key] = value; notify(changed)), changed))
    clients = asyncmap(0:n - 1) do process
        options = (cpu_device_count = 2, process = process, processes = n)
        Client(PLUGIN_PATH; options = options, kv_store = store)
    end
    put("processes", [Int(PjrtEasy.process_index(client)) for client in clients])
    put("devices", [length(devices(client)) for client in clients])
    made(store)
    made(clients)
end
