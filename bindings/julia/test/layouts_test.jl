# Layouts, topologies, and requests that tasks answer.

case("layouts: made in every way, compared, read") do
    row, column = Layout((2, 1)), Layout((1, 2))
    @test row == Layout("{1,0}") == copy(row) && row != column && hash(row) == hash(Layout("{1,0}"))
    @test PjrtEasy.minor_to_major(column) == [1, 2] && PjrtEasy.rank(row) == 2 && PjrtEasy.byte_strides(row) === nothing
    @test PjrtEasy.byte_strides(column, Float32, (2, 3)) == [4, 8] && PjrtEasy.host_size(row, Float32, (2, 3)) == 24
    strided = Layout(byte_strides = (4, 8))
    @test PjrtEasy.isstrided(strided) && PjrtEasy.byte_strides(strided) == [4, 8] && string(strided) == "strides(4,8)"
    @test Layout(Float32, (2, 3); byte_strides = (4, 8)) == column && PjrtEasy.minor_to_major(strided) === nothing
    tiled = Layout((2, 1); tiles = [(8, 128), (2, 1)])
    @test PjrtEasy.tiles(tiled) == [[8, 128], [2, 1]] && string(tiled) == "{1,0:T(8,128)(2,1)}"
    @test Layout(Vector{UInt8}(tiled)) == tiled && sprint(show, row) == "Layout(\"{1,0}\")"
    @test code(() -> Layout((1, 1))) == PjrtEasy.INVALID_ARGUMENT && code(() -> Layout("{")) == PjrtEasy.INVALID_ARGUMENT
end

case("layouts on the device keep the indices") do
    matrix = Float32[1 2 3; 4 5 6]
    for order in ((1, 2), (2, 1))
        buffer = Buffer(CLIENT, matrix; layout = Layout(order))
        @test PjrtEasy.layout(buffer) == Layout(order) && Array(buffer) == matrix
        @test reinterpret(Float32, PjrtEasy.rowmajor_bytes(buffer)) == 1:6
    end
    options = CompileOptions()
    options.result_layout = PjrtEasy.ArrayLayout(Float32, (2, 3), Layout((1, 2)))
    options.argument_layouts = [PjrtEasy.ArrayLayout(Float32, (2, 3), (2, 1)), PjrtEasy.ArrayLayout(Float32, (2, 3))]
    @test options.result_layout == PjrtEasy.ArrayLayout(Float32, (2, 3), (1, 2)) && length(options.argument_layouts) == 2
    @test !isempty(PjrtEasy.layout_bytes(options)) && !isempty(PjrtEasy.layout_bytes(options, 1))
    again = CompileOptions()
    again.result_layout = PjrtEasy.layout_bytes(options)
    @test again.result_layout == options.result_layout
end

case("large arrays come back in order, too") do
    for (T, dims) in ((Float32, (300, 301)), (Float64, (40, 50, 60)), (UInt8, (700, 500)), (BFloat16, (512, 300)), (ComplexF32, (200, 200)))
        bytes = rand(UInt8, sizeof(T) * prod(dims))
        array = reshape(reinterpret(T, bytes), dims) |> collect
        buffer = Buffer(CLIENT, array)
        @test reinterpret(UInt8, vec(Array(buffer))) == bytes
        @test reinterpret(UInt8, vec(copyto!(similar(array), buffer))) == bytes
        wide = view(zeros(T, dims .+ 1), UnitRange.(1, dims)...)
        @test reinterpret(UInt8, vec(collect(copyto!(wide, buffer)))) == bytes
    end
    # Still being computed.
    exe = compile(CLIENT, elementwise("negate", "tensor<300x301xf32>"; arguments = 1))
    matrix = rand(Float32, 300, 301)
    @test Array(execute_async(exe, matrix; event = false)) == -matrix
end

case("topologies") do
    topology = Topology(CLIENT)
    plugin = PjrtEasy.plugin(CLIENT)
    @test platform(topology) == "fake" && platform_version(topology) isa String && attributes(topology) isa Dict
    @test length(PjrtEasy.descriptions(topology)) == 4 && string(topology) == "Topology(\"fake\", 4 devices)"
    again = Topology(plugin, Vector{UInt8}(topology))
    @test PjrtEasy.fingerprint(again) == PjrtEasy.fingerprint(topology)
    @test PjrtEasy.raw_api(PjrtEasy.plugin(again)) == PjrtEasy.raw_api(plugin)
    description, device = PjrtEasy.descriptions(topology)[3], devices(CLIENT)[3]
    @test PjrtEasy.id(description) == PjrtEasy.id(device) == PjrtEasy.id(PjrtEasy.description(device))
    @test PjrtEasy.kind(description) == PjrtEasy.kind(device) && PjrtEasy.process_index(description) == ProcessIndex(0)
    @test attributes(description) isa Dict && !isempty(PjrtEasy.debug_string(description))
    @test !isempty(sprint(print, description)) && sprint(show, description) == "DeviceDescription(2, \"fake device\")"
    @test PjrtEasy.memory_kind_ids(topology) isa Vector{Int}
    kind_id = PjrtEasy.kind_id(default_memory(device))
    @test PjrtEasy.canonical_shape(topology, kind_id, Float32, (2, 3)) isa Vector{UInt8}
    @test PjrtEasy.canonical_shape(topology, kind_id, Float32, (2, 3), (1, 2)) isa Vector{UInt8}
    named = try
        Topology(plugin, "2x2")
    catch error
        error.code
    end
    @test named isa Topology || named isa PjrtEasy.Code
    close(topology)
    @test string(topology) == "Topology(closed)"
end

case("device assignments") do
    assignment = DeviceAssignment([3 1; 0 2])
    @test size(assignment) == (2, 2) && assignment[1, 2] == DeviceId(1) && PjrtEasy.place(assignment, DeviceId(0)) == (2, 1)
    @test PjrtEasy.place(assignment, DeviceId(9)) === nothing && Int.(Matrix(assignment)) == [3 1; 0 2]
    @test_throws BoundsError assignment[3, 1]
    @test Matrix(DeviceAssignment(Vector{UInt8}(assignment))) == Matrix(assignment)
    @test size(DeviceAssignment(CLIENT, 4, 1)) == (4, 1)
    @test string(assignment) == "DeviceAssignment([3 1; 0 2])"
    options = CompileOptions()
    @test options.device_assignment === nothing && code(() -> DeviceAssignment(options)) == PjrtEasy.NOT_FOUND
    options.device_assignment = assignment
    @test options.device_assignment == [3 1; 0 2] && Matrix(DeviceAssignment(options)) == Matrix(assignment)
    options.device_assignment = [2, 3]
    @test options.num_replicas == 2 && options.device_assignment == reshape([2, 3], 2, 1)
    exe = compile(CLIENT, Program(ADD), options)
    @test Matrix(DeviceAssignment(exe)) == reshape([DeviceId(2), DeviceId(3)], 2, 1)
    @test [PjrtEasy.place(exe, index) for index in 1:2] == [(1, 1), (2, 1)]
    @test code(() -> DeviceAssignment([1, 1])) == PjrtEasy.INVALID_ARGUMENT
end

const QUESTION = Raw.PJE_REQUEST_USER

case("questions are answered by tasks") do
    queue = PjrtEasy.RequestQueue()
    task = PjrtEasy.serve(queue) do request
        request.kind == QUESTION || throw(PjrtError(PjrtEasy.UNIMPLEMENTED, "no"))
        name = request.values["name"]
        name == "fail" && throw(PjrtError(PjrtEasy.NOT_FOUND, "nothing of that name"))
        name == "break" && error("broken")
        name == "slow" && sleep(1)
        PjrtEasy.time_left(request) > 0 || error("too late")
        return "$name: $(String(copy(request.data)))"
    end
    @test string(queue) == "RequestQueue(served)" && code(() -> PjrtEasy.serve(identity, queue)) == PjrtEasy.INVALID_ARGUMENT
    asked(name; options...) = String(PjrtEasy.ask(queue, QUESTION, codeunits("data"); values = (name = name,), options...))
    @test asked("one") == "one: data"
    @test fetch.([@async asked("n$i") for i in 1:20]) == ["n$i: data" for i in 1:20]
    @test code(() -> asked("fail")) == PjrtEasy.NOT_FOUND && code(() -> asked("break")) == PjrtEasy.INTERNAL
    @test code(() -> asked("slow"; timeout = 0.05)) == PjrtEasy.DEADLINE_EXCEEDED
    @test code(() -> PjrtEasy.ask(queue, QUESTION + 1)) == PjrtEasy.UNIMPLEMENTED
    PjrtEasy.wake(queue)
    late = @async code(() -> asked("slow"))
    sleep(0.05)
    close(queue)
    wait(task)
    @test fetch(late) == PjrtEasy.CANCELLED && string(queue) == "RequestQueue(closed)"
end

case("the process ends well while a question waits") do
    done = in_own_process("""
        queue = PjrtEasy.RequestQueue()
        PjrtEasy.serve(request -> sleep(100), queue)
        @async try
            PjrtEasy.ask(queue, Raw.PJE_REQUEST_USER; timeout = 100)
        catch
        end
        sleep(0.1)
        print("end")
        """)
    @test done.output == "end" && done.status == 0
end

case("compiling lets other tasks run") do
    done = in_own_process("""
        client = fake()
        # Once, so that the thread is not busy with compiling Julia.
        compile(client, ADD)
        ticks = Ref(0)
        running = Ref(true)
        ticker = @async while running[]
            ticks[] += 1
            sleep(0.005)
        end
        exes = [@async compile(client, ADD) for _ in 1:3]
        foreach(fetch, exes)
        running[] = false
        print(ticks[] > 5, ' ', Array(fetch(exes[1])([1f0, 2, 3, 4], [1f0, 2, 3, 4])))
        """; fake = "delay=PJRT_Client_Compile:300ms")
    @test done.output == "true Float32[2.0, 4.0, 6.0, 8.0]"
    @test PjrtEasy.num_threads() >= 1
    PjrtEasy.set_num_threads(PjrtEasy.num_threads())
    @test code(() -> PjrtEasy.set_num_threads(0)) == PjrtEasy.INVALID_ARGUMENT
end

case("a client that is shut ends at once") do
    client = fake()
    exe, x = compile(client, ADD), Buffer(client, X)
    PjrtEasy.shut(client; timeout = 10)
    @test code(() -> exe(x, x)) == PjrtEasy.FAILED_PRECONDITION
    @test code(() -> PjrtEasy.shut(client)) == PjrtEasy.FAILED_PRECONDITION
    foreach(close, (x, exe, client))
end
