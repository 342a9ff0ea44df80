# Compiled programs: described, saved, loaded; and what the library says of objects.

case("saved and loaded again") do
    exe = compile(CLIENT, ADD)
    bytes = PjrtEasy.serialize(exe)
    @test PjrtEasy.serialized_info(bytes)["platform_name"] == "fake"
    @test Array(PjrtEasy.load(CLIENT, bytes; trusted = true)(X, X)) == 2X
    @test code(() -> PjrtEasy.load(CLIENT, bytes)) == PjrtEasy.PERMISSION_DENIED
    @test code(() -> PjrtEasy.load(CLIENT, bytes[1:end - 1]; trusted = true)) == PjrtEasy.DATA_LOSS
    @test code(() -> PjrtEasy.serialized_info(UInt8[1, 2])) == PjrtEasy.INVALID_ARGUMENT
    raw = PjrtEasy.serialize(exe; raw = true)
    @test Array(PjrtEasy.load(CLIENT, raw; trusted = true, raw = true)(X, X)) == 2X
end

case("compiled ahead of time, described, loaded") do
    compiled = compile(Topology(CLIENT), Program(ADD))
    @test PjrtEasy.name(compiled) == "main" && PjrtEasy.num_outputs(compiled) == 1
    @test PjrtEasy.num_replicas(compiled) == PjrtEasy.num_partitions(compiled) == 1
    @test PjrtEasy.output_types(compiled) == [(Float32, (4,))] && PjrtEasy.output_memory_kinds(compiled) isa Vector{String}
    @test PjrtEasy.parameter_memory_kinds(compiled) isa Union{Nothing,Vector{String}}
    @test PjrtEasy.code_size(compiled) isa Int && !isempty(PjrtEasy.fingerprint(compiled))
    @test PjrtEasy.cost_analysis(compiled) isa Dict && haskey(PjrtEasy.memory_stats(compiled), "output_size")
    @test PjrtEasy.optimized_program(compiled) isa Program && CompileOptions(compiled).num_replicas == 1
    @test string(compiled) == "CompiledProgram(main: … -> (f32[4]))"
    exe = PjrtEasy.load(CLIENT, compiled)
    @test Array(exe(X, X)) == 2X && code(() -> PjrtEasy.load(CLIENT, compiled)) == PjrtEasy.FAILED_PRECONDITION
    @test PjrtEasy.name(CompiledProgram(exe)) == "main" && PjrtEasy.fingerprint(exe) == PjrtEasy.fingerprint(CompiledProgram(exe))
    two = compile(Topology(CLIENT), Program(ADD); num_replicas = 2)
    @test PjrtEasy.num_replicas(two) == 2
    @test !PjrtEasy.isdeleted(exe)
    delete!(exe)
    @test PjrtEasy.isdeleted(exe) && code(() -> exe(X, X)) == PjrtEasy.FAILED_PRECONDITION
end

case("what the REPL shows is the library's own line") do
    shown(object) = sprint(show, MIME"text/plain"(), object)
    for object in (Buffer(CLIENT, X), EXE, Plugin(FAKE), Program(ADD), CompileOptions(), PjrtEasy.Event(), Layout((2, 1)),
        PjrtEasy.CompletionQueue(), PjrtEasy.RequestQueue(), DeviceAssignment([1, 0]), PjrtEasy.HostArray(X), Topology(CLIENT),
        devices(CLIENT)[1], default_memory(devices(CLIENT)[1]), PjrtEasy.description(devices(CLIENT)[1]))
        line = shown(object)
        @test line == PjrtEasy.describe(object) && !isempty(line) && !occursin('\n', line)
    end
    @test occursin("f32", shown(Buffer(CLIENT, X)))
    closed = Buffer(CLIENT, X)
    close(closed)
    @test shown(closed) == "Buffer(closed)"
    @test startswith(shown(CLIENT), PjrtEasy.describe(CLIENT)) && occursin("pinned_host", shown(CLIENT))
end

case("counts, and the plugin's own pointers") do
    client = fake()
    buffers = [Buffer(client, X) for _ in 1:3]
    counted = PjrtEasy.stats(client)
    @test counted.buffers == 3 && counted.live_bytes == 48 && PjrtEasy.live_objects("pje_buffer") >= 3
    @test PjrtEasy.live_objects() > PjrtEasy.live_objects("pje_buffer")
    close(buffers)
    @test PjrtEasy.stats(client).buffers == 0
    device = devices(client)[1]
    for object in (client, device, default_memory(device), Topology(client), PjrtEasy.description(device), EXE,
        CompiledProgram(EXE), Buffer(client, X), ExecuteContext(client), TransferManager(client, [Float32 => (4,)]),
        PjrtEasy.TrackingEvent(device, "a span"))
        @test PjrtEasy.raw_pointer(object) != C_NULL
    end
    event, pointer = PjrtEasy.raw_event(client)
    @test pointer != C_NULL && !isready(event)
    notify(event, PjrtError(PjrtEasy.DATA_LOSS, "gone"))
    @test code(() -> wait(event)) == PjrtEasy.DATA_LOSS
    close(client)
    @test code(() -> PjrtEasy.raw_event(client)) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> PjrtEasy.set_plugin_log_level(9)) == PjrtEasy.INVALID_ARGUMENT
end

case("a compiled program, and a plugin's extensions, described") do
    exe = compile(CLIENT, ADD)
    compiled = CompiledProgram(exe)
    @test occursin("executable", PjrtEasy.describe(compiled))
    foreach(close, (compiled, exe))
    done = in_own_process("""
        plugin = Plugin(FAKE)
        found = PjrtEasy.extensions(plugin)
        print(all(extension -> PjrtEasy.has_extension(plugin, extension.type), found), ' ', isempty(found), ' ',
            PjrtEasy.has_extension(plugin, 98), ' ', all(extension -> extension.struct_size >= 24, found))
        """; fake = "extensions=unknown")
    @test done.output == "true false false true"
end
