# Layouts, device assignments, topologies, executables as such, requests, and what the library says of its objects.

closing("layout_text") do
    layout = made(Layout(input("layout")))
    copied = made(copy(layout))
    put("text", string(layout))
    put("order", PjrtEasy.minor_to_major(layout) .- 1)
    put("tiles", length(PjrtEasy.tiles(layout)))
    put("equal", layout == copied && hash(layout) == hash(copied))
    put("wrong", code(() -> Layout(input("wrong"))))
end

closing("layout_upload") do
    client, layout = open_client(), made(Layout(input("layout")))
    buffer = upload(client, shaped(floats("x"), ints("dims")); layout = layout)
    put("layout", string(made(PjrtEasy.layout(buffer))))
    put("y", contents(buffer))
    put("columns", PjrtEasy.read_into(buffer, zeros(Float32, length(buffer)), layout))
end

flat(assignment) = Int.(rowmajor(Matrix(assignment)))

closing("device_assignment") do
    client, ids = open_client(), ints("ids")
    assignment = made(DeviceAssignment(ids))
    exe = compiled(client; num_replicas = 1, device_assignment = assignment)
    put("ids", flat(made(DeviceAssignment(exe))))
    rows = exe([[floats("x")] for _ in ids])
    foreach(made, rows)
    put("outputs_on", [Int(PjrtEasy.id(PjrtEasy.device(row[1]))) for row in rows])
    put("twice", code(() -> DeviceAssignment([ids[1], ids[1]])))
end

closing("default_device_assignment") do
    put("ids", flat(made(DeviceAssignment(open_client(), 2, 2))))
end

closing("topology") do
    client = open_client()
    topology = made(Topology(client))
    put("ids", [Int(PjrtEasy.id(made(description))) for description in PjrtEasy.descriptions(topology)])
    put("same_platform", platform(topology) == platform(client))
    put("serialized", !isempty(Vector{UInt8}(topology)))
end

put_run(executable) = put("y", contents(made(executable(floats("x")))))

closing("ahead_of_time") do
    client, program = open_client(), load_program()
    compiled_program = made(compile(made(Topology(client)), program))
    put_run(made(PjrtEasy.load(client, compiled_program)))
    put("again", code(() -> PjrtEasy.load(client, compiled_program)))
end

closing("serialized_executable") do
    client = open_client()
    bytes = PjrtEasy.serialize(compiled(client))
    put("not_trusted", code(() -> PjrtEasy.load(client, bytes)))
    put("cut", code(() -> PjrtEasy.load(client, bytes[1:end - 1]; trusted = true)))
    put_run(made(PjrtEasy.load(client, bytes; trusted = true)))
end

closing("executable_delete") do
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    put("before", PjrtEasy.isdeleted(exe))
    PjrtEasy.delete!(exe)
    put("after", PjrtEasy.isdeleted(exe))
    put("execute", code(() -> exe(x)))
end

closing("client_close") do
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    put("close", code(() -> PjrtEasy.shut(client)))
    put("execute", code(() -> exe(x)))
    put("again", code(() -> PjrtEasy.shut(client)))
end

closing("compile_given_up") do
    client, program = open_client(), load_program()
    put("first", code(() -> compile(client, program; timeout = input_int("timeout_ms") / 1000)))
    put_run(made(compile(client, program)))
end

closing("request_queue") do
    queue = made(PjrtEasy.RequestQueue())
    PjrtEasy.serve(queue) do request
        request.values["key"] == "known" || throw(PjrtError(PjrtEasy.NOT_FOUND, "no such key"))
        "value"
    end
    ask(key) = String(PjrtEasy.ask(queue, Raw.PJE_REQUEST_USER; values = (key = key,)))
    put("known", ask("known"))
    put("unknown", code(() -> ask("unknown")))
    PjrtEasy.shut(queue)
    put("closed", code(() -> ask("known")))
end

closing("describe") do
    client = open_client()
    put("buffer", occursin("f32", PjrtEasy.describe(upload(client, floats("x")))))
    put("client", !isempty(PjrtEasy.describe(client)))
    put("device", !isempty(PjrtEasy.describe(devices(client)[1])))
end

closing("client_stats") do
    client = open_client()
    x = upload(client, floats("x"))
    before = PjrtEasy.stats(client)
    put("buffers", before.buffers)
    put("bytes", before.live_bytes)
    close(x)
    after = PjrtEasy.stats(client)
    put("buffers_after", after.buffers)
    put("bytes_after", after.live_bytes)
end

closing("out_of_memory_callback") do
    client, calls = open_client(), Ref(0)
    zeros_200() = upload(client, zeros(Float32, 200))
    held = zeros_200()
    PjrtEasy.on_out_of_memory(client) do
        calls[] += 1
        close(held)
        true
    end
    put("second", code(zeros_200))
    put("calls", calls[])
    PjrtEasy.on_out_of_memory(nothing, client)
    put("third", code(zeros_200))
end
