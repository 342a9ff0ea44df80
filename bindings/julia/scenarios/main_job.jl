# The main job: load, compile, run.

scenario("version") do
    put("version_matches", PjrtEasy.version() == v"0.1.0" && Raw.pje_version_number() == Raw.PJE_VERSION_NUMBER)
    put("codes", [string(number) for number in instances(PjrtEasy.Code)])
end

closing("plugin_load") do
    plugin, again = made(Plugin(PLUGIN_PATH)), made(Plugin(PLUGIN_PATH))
    put("major", Int(PjrtEasy.api_version(plugin).major))
    put("minor_known", PjrtEasy.api_version(plugin).minor >= 57)
    put("has", PjrtEasy.has_function(plugin, input("has")))
    put("has_not", PjrtEasy.has_function(plugin, input("has_not")))
    put("same_path", PjrtEasy.path(plugin) == PjrtEasy.path(again))
    put("attribute", haskey(attributes(plugin), input("attribute")))
end

closing("client_open") do
    client = open_client()
    put("devices", length(devices(client)))
    put("addressable", length(addressable_devices(client)))
    put("process", Int(PjrtEasy.process_index(client)))
    put("ids", [Int(PjrtEasy.id(device)) for device in devices(client)])
end

closing("main_job") do
    put("y", run(compiled(open_client()), floats("x")))
end

closing("program_from_text") do
    program = made(Program(read(input("program"), String)))
    put("format", PjrtEasy.program_format(program))
    client = open_client()
    put("y", contents(made(made(compile(client, program))(upload(client, floats("x"))))))
end

closing("execute_one") do
    client = open_client()
    exe = compiled(client)
    put("y", contents(made(exe(upload(client, floats("x"))))))
    put("outputs", PjrtEasy.num_outputs(exe))
end

closing("execute_nothing") do
    put("y", contents(made(compiled(open_client())())))
end

closing("execute_list") do
    client = open_client()
    sum, product = made(compiled(client)([upload(client, floats("a")), upload(client, floats("b"))]))
    put("sum", contents(sum))
    put("product", contents(product))
end

closing("execute_mixed") do
    client = open_client()
    put("y", contents(made(compiled(client)(upload(client, floats("x")), parse(Float32, input("factor"))))))
end

closing("execute_host_array") do
    put("y", contents(made(compiled(open_client())(floats("x")))))
end

closing("execute_scalars") do
    output = made(compiled(open_client())(parse(Float32, input("a")), parse(Float32, input("b"))))
    put("y", output[])
    put("rank", ndims(output))
end

closing("execute_chained") do
    client = open_client()
    exe, state = compiled(client), Buffer(client, floats("x"))
    for _ in 1:input_int("n")
        next = execute_async(exe, state; event = false)
        close(state)
        state = next
    end
    put("y", contents(made(state)))
end

closing("execute_per_device") do
    client = open_client()
    exe = compiled(client; num_replicas = input_int("replicas"))
    inputs = [[upload(client, floats("x") .+ Float32(d - 1); device = device)]
        for (d, device) in enumerate(addressable_devices(exe))]
    put("y", [contents(made(row)[1]) for row in exe(inputs)])
end

closing("execute_on_device") do
    client = open_client()
    exe = compiled(client; compile_portable_executable = true)
    device = addressable_devices(client)[input_int("device") + 1]
    output = made(exe(upload(client, floats("x"); device = device); device = device))
    put("y", contents(output))
    put("device", Int(PjrtEasy.id(PjrtEasy.device(output))))
end

closing("run_repeated") do
    exe, state = compiled(open_client()), floats("x")
    for _ in 1:input_int("n")
        state = run(exe, state)
    end
    put("y", state)
end

closing("run_into") do
    exe, x = compiled(open_client()), made(HostArray(floats("x")))
    out = made(HostArray(Float32, size(x)))
    PjrtEasy.run!([out], exe, [x])
    put("y", Array(out))
end

closing("signature") do
    exe = compiled(open_client())
    arguments, outputs = PjrtEasy.argument_types(exe), PjrtEasy.output_types(exe)
    put("name", PjrtEasy.name(exe))
    put("args", PjrtEasy.num_arguments(exe))
    put("outputs", PjrtEasy.num_outputs(exe))
    put("replicas", PjrtEasy.num_replicas(exe))
    put("partitions", PjrtEasy.num_partitions(exe))
    put("arg_types", [PjrtEasy.dtypename(type) for (type, _) in arguments])
    put("arg_dims", [dims for (_, dims) in arguments])
    put("output_types", [PjrtEasy.dtypename(type) for (type, _) in outputs])
    put("output_dims", [dims for (_, dims) in outputs])
    put("donated", [PjrtEasy.isdonated(exe, index) for index in eachindex(arguments)])
end

closing("compile_options") do
    options = made(CompileOptions(num_replicas = input_int("replicas")))
    put("replicas", options.num_replicas)
    put("partitions", options.num_partitions)
    put("serialized", !isempty(Vector{UInt8}(options)))
    program = load_program()
    exe = made(compile(open_client(), program, options))
    put("executable_replicas", PjrtEasy.num_replicas(exe))
    put("devices", length(addressable_devices(exe)))
end

closing("threads") do
    client = open_client()
    exe, x, n = compiled(client), floats("x"), input_int("n")
    runs, sums = Threads.Atomic{Int}(0), Threads.Atomic{Float64}(0)
    tasks = [Threads.@spawn begin
        own = Buffer(client, x)
        for _ in 1:n
            y = exe(own)
            Threads.atomic_add!(sums, Float64(Array(y)[1]))
            Threads.atomic_add!(runs, 1)
            close(y)
        end
        close(own)
    end for _ in 1:input_int("threads")]
    foreach(wait, tasks)
    put("runs", runs[])
    put("sum", sums[])
end
