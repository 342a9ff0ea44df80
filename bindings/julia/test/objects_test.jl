# Plugins, clients, devices, memories, errors, handles.

case("plugin: facts") do
    plugin = Plugin(FAKE)
    @test PjrtEasy.api_version(plugin) >= v"0.115"
    @test basename(PjrtEasy.path(plugin)) == "libpjrt_fake.so"
    @test PjrtEasy.has_function(plugin, "PJRT_Client_Create") && !PjrtEasy.has_function(plugin, "PJRT_Nothing")
    @test "PJRT_Buffer_Bitcast" in PjrtEasy.functions()
    @test PjrtEasy.raw_api(plugin) != C_NULL && PjrtEasy.raw_extension(plugin, 99) == C_NULL
    for extension in PjrtEasy.extensions(plugin)
        @test PjrtEasy.has_extension(plugin, extension.type)
    end
    @test attributes(plugin)["xla_version"] isa Integer
    @test occursin(r"^Plugin\(PJRT 0\.\d+, \"libpjrt_fake.so\"\)$", string(plugin))
    @test PjrtEasy.raw_api(Plugin(PjrtEasy.raw_api(plugin))) == PjrtEasy.raw_api(Plugin(FAKE)) == PjrtEasy.raw_api(plugin)
    close(plugin)
    @test string(plugin) == "Plugin(closed)"
end

case("plugin: options") do
    error = refused(() -> Plugin("nosuch"; search_paths = ["/nonexistent/one", "/nonexistent/two"]))
    @test error.code == PjrtEasy.NOT_FOUND && occursin("/nonexistent/two", error.detail)
    @test code(() -> Plugin(FAKE; sha256 = "12")) == PjrtEasy.INVALID_ARGUMENT
end

case("client: facts, and made from a plugin") do
    client = fake(devices = 3)
    @test platform(client) == "fake" && !isempty(platform_version(client))
    @test length(devices(client)) == 3 && addressable_devices(client) == devices(client)
    @test PjrtEasy.process_index(client) == ProcessIndex(0)
    plugin = PjrtEasy.plugin(client)
    other = Client(plugin; options = Dict("devices" => 1))
    @test length(devices(other)) == 1 && PjrtEasy.plugin(other) == plugin
    @test string(client) == "Client(\"fake\", 3 devices)" && string(other) == "Client(\"fake\", 1 device)"
    shown = sprint(show, MIME"text/plain"(), client)
    @test occursin("Device(2, \"fake device\"): device, pinned_host, unpinned_host", shown)
    @test code(() -> fake(nonsense = 1)) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> Client(FAKE; options = (devices = nothing,))) == PjrtEasy.INVALID_ARGUMENT
end

case("named values of all kinds are sent and read") do
    PjrtEasy.with_named_values((a = "text", b = 2, c = [1, 2, 3], d = 0.5, e = true, f = Int64[])) do values
        @test PjrtEasy.named_values(values) ==
            Dict("a" => "text", "b" => 2, "c" => [1, 2, 3], "d" => 0.5f0, "e" => true, "f" => Int64[])
        @test Raw.pje_named_values_find(values, "c") == 2
    end
end

case("devices and memories") do
    client = fake()
    device = devices(client)[3]
    @test PjrtEasy.id(device) == DeviceId(2) && PjrtEasy.device(client, DeviceId(2)) == device
    @test code(() -> PjrtEasy.device(client, DeviceId(77))) == PjrtEasy.INVALID_ARGUMENT
    @test PjrtEasy.local_hardware_id(device) isa LocalHardwareId && PjrtEasy.isaddressable(device)
    @test PjrtEasy.kind(device) == "fake device" && PjrtEasy.process_index(device) == ProcessIndex(0)
    @test !isempty(PjrtEasy.debug_string(device)) && !isempty(string(device)) && attributes(device) isa Dict
    @test [PjrtEasy.kind(memory) for memory in memories(device)] == ["device", "pinned_host", "unpinned_host"]
    memory = memories(device)[2]
    @test PjrtEasy.id(memory) isa MemoryId && memory in memories(client) && default_memory(device) == memories(device)[1]
    @test devices(memory) == [device] && PjrtEasy.kind_id(memory) isa Int && PjrtEasy.client(memory) == client
    @test !isempty(PjrtEasy.debug_string(memory))
    @test sprint(show, memory) == "Memory($(Int(PjrtEasy.id(memory))), \"pinned_host\")"
    # One kind of number is never taken for another.
    @test_throws MethodError PjrtEasy.device(client, MemoryId(2))
    @test DeviceId(2) != LocalHardwareId(2) && DeviceId(1) < DeviceId(2)
    close(client)
    @test code(() -> PjrtEasy.id(device)) == PjrtEasy.INVALID_ARGUMENT
    @test sprint(show, device) == "Device(of a closed client)"
end

case("errors carry code, message, detail, source and payloads") do
    error = refused(() -> compile(fake(), "func.func @main( {\n  nonsense"))
    @test error.code == PjrtEasy.UNKNOWN && error.source == "PJRT_Client_Compile"
    @test occursin("PJRT_Client_Compile: UNKNOWN: ", error.message) && occursin(error.message, sprint(showerror, error))
    native = PjrtEasy.native_error(PjrtError(PjrtEasy.DATA_LOSS, "gone"))
    read = PjrtEasy.taken(native)
    @test read.code == PjrtEasy.DATA_LOSS && read.detail == "gone" && isempty(read.payloads)
    @test PjrtEasy.text_of(Raw.pje_code_name(Raw.PJE_DATA_LOSS)) == "DATA_LOSS"
    @test PjrtEasy.taken(PjrtEasy.native_error(ErrorException("oops"))).code == PjrtEasy.INTERNAL
end

case("errors of a plugin with payloads") do
    done = in_own_process("""
        failure = refused(() -> compile(fake(), ADD))
        print(failure.code, ' ', failure.payloads[1][1], ' ', String(copy(failure.payloads[1][2])))
        """; fake = "fail=PJRT_Client_Compile:1:ABORTED:no;payload=why:because")
    @test done.output * done.errors == "ABORTED why because"
end

case("closing: twice, in any order, and use afterwards") do
    client = fake()
    exe, buffer = compile(client, ADD), Buffer(client, Float32[1, 2, 3, 4])
    close(client)
    @test !isopen(client) && code(() -> platform(client)) == PjrtEasy.INVALID_ARGUMENT
    # What was made from it goes on.
    output = exe(buffer, buffer)
    @test Array(output) == Float32[2, 4, 6, 8]
    close(buffer)
    close(buffer)
    for use in (() -> Array(buffer), () -> exe(buffer, output), () -> size(buffer), () -> wait(buffer))
        @test occursin("closed Buffer", refused(use).message)
    end
    close(exe)
    @test code(() -> exe(output, output)) == PjrtEasy.INVALID_ARGUMENT
    @test string(buffer) == "Buffer(closed)" && string(exe) == "Executable(closed)" && string(client) == "Client(closed)"
    close(output)
    @test PjrtEasy.misuse_count() == 0
end

case("programs") do
    program = Program(ADD)
    @test PjrtEasy.program_format(program) == :mlir && sizeof(program) == sizeof(ADD)
    @test String(Vector{UInt8}(program)) == ADD && string(program) == "Program(mlir, $(sizeof(ADD)) bytes)"
    @test PjrtEasy.program_format(Program(codeunits(ADD); format = :mlir)) == :mlir
    mktempdir() do folder
        path = joinpath(folder, "add.mlir")
        write(path, ADD)
        @test Vector{UInt8}(read(path, Program)) == codeunits(ADD)
        @test code(() -> read(joinpath(folder, "missing"), Program)) == PjrtEasy.NOT_FOUND
    end
    @test code(() -> Program("")) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> Program(ADD; format = :onnx)) == PjrtEasy.INVALID_ARGUMENT
end

case("element types") do
    for (dtype, type) in PjrtEasy.HOST_TYPES
        @test PjrtEasy.DType(type) == dtype && PjrtEasy.juliatype(dtype) == type
        @test PjrtEasy.host_size(dtype) == sizeof(type)
        @test PjrtEasy.host_alignment(dtype) >= 1 && parse(PjrtEasy.DType, PjrtEasy.dtypename(dtype)) == dtype
    end
    @test length(PjrtEasy.HOST_TYPES) == Int(Raw.PJE_F6E3M2FN)
    @test PjrtEasy.dtypename(BFloat16) == "bf16" && PjrtEasy.bitwidth(PjrtEasy.S4) == 4
    @test PjrtEasy.kind(PjrtEasy.C64) == PjrtEasy.KIND_COMPLEX
    @test code(() -> PjrtEasy.DType(String)) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> parse(PjrtEasy.DType, "f31")) == PjrtEasy.INVALID_ARGUMENT
end
