# What a run is given besides its arguments: contexts, tasks that talk with the program, threads of the library.

const TALKED = Float32[1 2 3; 4 5 6]

case("tasks take what a program sends and give what it receives") do
    exe, handlers, sent = compile(CLIENT, TALKS), ExecuteHandlers(), UInt8[]
    transfers = Any[]
    PjrtEasy.on_send(handlers, 5) do data, transfer
        push!(transfers, transfer)
        append!(sent, data)
    end
    PjrtEasy.on_receive(transfer -> 10 .* TALKED, handlers, 6)
    y = exe(TALKED; handlers = handlers)
    @test Array(y) == 11 .* TALKED
    @test reinterpret(Float32, sent) == vec(permutedims(2 .* TALKED))
    @test transfers == [(channel = 5, device_index = 1, total_bytes = 24, is_last = true)]
    # Nobody but the run holds them.
    outputs = execute_async(exe, TALKED; handlers = handlers, event = false)
    handlers = nothing
    GC.gc()
    @test Array(outputs) == 11 .* TALKED
    foreach(close, (y, outputs, exe))
end

case("what a task throws ends the run, and so does a channel without a task") do
    exe, handlers = compile(CLIENT, TALKS), ExecuteHandlers()
    @test code(() -> exe(TALKED; handlers = handlers)) == PjrtEasy.INVALID_ARGUMENT
    PjrtEasy.on_send((data, transfer) -> throw(PjrtError(PjrtEasy.DATA_LOSS, "no room for it")), handlers, 5)
    PjrtEasy.on_receive(transfer -> UInt8[], handlers, 6)
    error = refused(() -> exe(TALKED; handlers = handlers))
    @test error.code == PjrtEasy.DATA_LOSS && occursin("no room for it", error.detail)
    @test code(() -> PjrtEasy.on_send((data, transfer) -> nothing, handlers, 5)) == PjrtEasy.INVALID_ARGUMENT
    @test sprint(show, handlers) == "ExecuteHandlers(2 tasks)" && !isempty(PjrtEasy.describe(handlers))
    close(handlers)
    @test sprint(show, handlers) == "ExecuteHandlers(closed)"
    close(exe)
end

const TAGGED = """
    func.func @main(%a: tensor<2x3xi32>) -> tensor<2x3xi32> {
      %r = stablehlo.add %a, %a {mhlo.frontend_attributes = {_xla_tag = "42"}} : tensor<2x3xi32>
      return %r : tensor<2x3xi32>
    }
    """

case("tasks look at results inside a program, and what one throws is a line of the log") do
    exe, handlers, seen, lines = compile(CLIENT, TAGGED), ExecuteHandlers(), Any[], String[]
    PjrtEasy.on_output((array, result) -> push!(seen, array => result), handlers, 42)
    PjrtEasy.on_output((array, result) -> push!(seen, "never"), handlers, 41)
    x = Int32[1 2 3; 4 5 6]
    close(exe(x; handlers = handlers))
    @test seen == [2 .* x => (number = 42, replica = 1, partition = 1, operand = 1)]
    @test code(() -> PjrtEasy.on_output((array, result) -> nothing, handlers, 42)) == PjrtEasy.INVALID_ARGUMENT
    close(handlers)
    handlers = ExecuteHandlers()
    PjrtEasy.on_output((array, result) -> error("not like this"), handlers, 42)
    PjrtEasy.on_log(line -> push!(lines, line.message))
    y = exe(x; handlers = handlers)
    PjrtEasy.on_log(nothing)
    @test Array(y) == 2 .* x && any(line -> occursin("not like this", line), lines)
    foreach(close, (handlers, y, exe))
end

case("receives are given an array, a vector of numbers, or bytes") do
    @test PjrtEasy.row_bytes(Int16[1 2; 3 4]) == reinterpret(UInt8, Int16[1, 2, 3, 4])
    @test PjrtEasy.row_bytes(1:3) == reinterpret(UInt8, [1, 2, 3])
    @test PjrtEasy.row_bytes(UInt8[1, 2]) == [0x01, 0x02]
end

case("a run has a context, a place, and a thread of the library") do
    exe = compile(CLIENT, ADD)
    x = Buffer(CLIENT, Float32[1, 2, 3, 4])
    context = ExecuteContext(CLIENT)
    of = PjrtEasy.plugin(context)
    @test PjrtEasy.path(of) == FAKE && sprint(show, context) == "ExecuteContext()"
    @test !isempty(PjrtEasy.describe(context))
    for launch in (Launch(context = context), Launch(pool = true),
        Launch(processes = [ProcessIndex(0) => 7], call_location = "here", launch_id = 3))
        y = exe(x, x; launch = launch)
        @test Array(y) == Float32[2, 4, 6, 8]
        close(y)
    end
    close(context)
    @test code(() -> exe(x, x; options = (level = 3,))) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> exe(x, x; context = context)) == PjrtEasy.INVALID_ARGUMENT
    foreach(close, (of, x, exe))
end

case("the number of threads of the library") do
    before = PjrtEasy.num_threads()
    PjrtEasy.set_num_threads(before + 1)
    @test PjrtEasy.num_threads() == before + 1
    PjrtEasy.set_num_threads(before)
    @test code(() -> PjrtEasy.set_num_threads(0)) == PjrtEasy.INVALID_ARGUMENT
end
