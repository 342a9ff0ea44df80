# What is dropped without a close, memory over many runs, and the garbage collector between every two lines.

calls(log, name) = count(line -> startswith(line, name), eachline(log))

case("objects dropped without a close are given back by the collector") do
    mktempdir() do folder
        log = joinpath(folder, "log")
        # Half of them buffers, a quarter outputs, a quarter events.
        done = in_own_process("""
            $START
            function drop(n)
                for i in 1:n
                    Buffer(client, 1f0)
                    i % 2 == 0 && execute_async(exe, x)
                end
            end
            drop(50_000)
            for _ in 1:3
                GC.gc()
            end
            made(name) = count(line -> startswith(line, name), eachline($(repr(log))))
            print(made("PJRT_Client_BufferFromHostBuffer"), ' ', made("PJRT_LoadedExecutable_Execute"), ' ',
                made("PJRT_Buffer_Destroy"), ' ', PjrtEasy.LIVE_BYTES[] ÷ PjrtEasy.OBJECT_BYTES)
            close(x)
            close(exe)
            close(client)
            """; fake = "complete=inside;log=$log")
        uploads, runs, destroyed, live = parse.(Int, split(done.output))
        @test uploads == 50_001 && runs == 25_000
        # All but the argument; the last of a loop may still be in a register.
        @test uploads + runs - destroyed <= 4 && live <= 4
        last_line = last(split(read(log, String), '\n'; keepempty = false))
        @test startswith(last_line, "LIVE") && !occursin(r"=[1-9]", last_line)
    end
end

case("large outputs that are dropped do not fill the device") do
    done = in_own_process("""
        client = fake()
        exe = compile(client, elementwise("negate", "tensor<1048576xf32>"; arguments = 1))
        function train(x)
            for _ in 1:300
                x = exe(x)
            end
            x[] === nothing
        end
        try
            train(Buffer(client, zeros(Float32, 1048576)))
        catch error
            # `x[]` of many elements: it got there.
            print(error.code)
        end
        """; fake = "memory=$(700 * 1024 * 1024)")
    @test done.output == "INVALID_ARGUMENT"
end

case("memory is flat over a million runs") do
    done = in_own_process("""
        $START
        # Julia itself keeps dead objects that have finalizers until a full collection, some 50 bytes each.
        function resident()
            GC.gc()
            GC.gc()
            ccall(:malloc_trim, Cint, (Csize_t,), 0)
            return parse(Int, split(read("/proc/self/statm", String))[2]) * 4096
        end
        function many(n)
            before = 0
            for i in 1:n
                i == n ÷ 10 && (before = resident())
                close(exe(x))
            end
            return resident() - before
        end
        many(100)
        print(many(1_000_000) < 16 * 1024 * 1024)
        """; fake = "complete=inside")
    @test done.output == "true"
end

case("the collector between every two lines") do
    client = fake()
    GC.gc()
    program = Program(ADD)
    GC.gc()
    options = CompileOptions(num_replicas = 1)
    GC.gc()
    exe = compile(client, program, options)
    program = options = nothing
    GC.gc()
    buffer = Buffer(client, view(Float32[0, 1, 2, 3, 4], 2:5))
    GC.gc()
    y, event = execute_async(exe, buffer, Float32[1, 1, 1, 1])
    GC.gc()
    wait(event)
    GC.gc()
    task = read_async(y)
    y = nothing
    GC.gc()
    @test fetch(task) == Float32[2, 3, 4, 5]
    GC.gc()
    kept = Buffer(client, Float32[1, 2, 3, 4]; zero_copy = true)
    GC.gc()
    client = nothing
    GC.gc()
    z = exe(kept, buffer)
    exe = kept = buffer = nothing
    GC.gc()
    @test Array(z) == Float32[2, 4, 6, 8]
    device = PjrtEasy.device(z)
    z = nothing
    GC.gc()
    @test PjrtEasy.kind(device) == "fake device"
    attributes(PjrtEasy.plugin(device.client))
    GC.gc()
    @test PjrtEasy.misuse_count() == 0
end

case("the collector between every two lines of talks, transfers and prepared calls") do
    values = Dict{String,Vector{UInt8}}()
    store = KVStore(get = (key, timeout) -> values[key], try_get = key -> get(values, key, nothing),
        put = (key, value) -> values[key] = value)
    GC.gc()
    client = Client(FAKE; options = (devices = 2,), kv_store = store)
    store = nothing
    GC.gc()
    handlers = ExecuteHandlers()
    GC.gc()
    PjrtEasy.on_send((data, transfer) -> GC.gc(), handlers, 5)
    GC.gc()
    PjrtEasy.on_receive(transfer -> (GC.gc(); ones(Float32, 2, 3)), handlers, 6)
    GC.gc()
    y, event = execute_async(compile(client, TALKS), zeros(Float32, 2, 3); handlers = handlers)
    handlers = nothing
    GC.gc()
    wait(event)
    GC.gc()
    @test Array(y) == ones(Float32, 2, 3)
    manager = TransferManager(client, [Float32 => (4,)])
    GC.gc()
    x = PjrtEasy.buffer(manager, 1)
    GC.gc()
    event = PjrtEasy.write_async(manager, 1, Float32[1, 2, 3, 4])
    GC.gc()
    wait(event)
    step = PreparedCall(compile(client, ADD), x, x)
    manager = x = client = nothing
    GC.gc()
    z = step()
    step = nothing
    GC.gc()
    @test Array(z) == Float32[2, 4, 6, 8] && PjrtEasy.misuse_count() == 0
end
