# Running programs: arguments and outputs in every shape, errors, donation, several devices.

const EXE = compile(CLIENT, ADD)
const SCALE = compile(CLIENT, """
    func.func @main(%a: tensor<4xf32>, %b: tensor<f32>) -> (tensor<4xf32>, tensor<f32>) {
      %0 = stablehlo.broadcast_in_dim %b, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %1 = stablehlo.multiply %a, %0 : tensor<4xf32>
      return %1, %b : tensor<4xf32>, tensor<f32>
    }
    """)
const SEVENS = compile(CLIENT, """
    func.func @main() -> tensor<2xf32> {
      %0 = stablehlo.constant dense<7.0> : tensor<2xf32>
      return %0 : tensor<2xf32>
    }
    """)
const X = Float32[1, 2, 3, 4]

case("arguments and outputs in every shape") do
    x = Buffer(CLIENT, X)
    @test Array(EXE(x, x)) == 2X && Array(EXE(x, X)) == 2X && Array(EXE(X, X)) == 2X
    @test Array.(EXE([x, x])) == [2X] && Array.(EXE((x, X))) == [2X] && Array.(EXE(Any[X, x])) == [2X]
    @test Array.(EXE([X, X])) == [2X]
    @test Array(SEVENS()) == [7f0, 7f0] && Array.(SEVENS([])) == [[7f0, 7f0]]
    y, b = SCALE(x, 2.5f0)
    @test Array(y) == 2.5f0X && b[] === 2.5f0
    @test [Array(output) for output in SCALE(Any[X, 2f0])][1] == 2X
    z, _ = SCALE(y, b)
    @test Array(z) == 6.25f0X
    single = compile(CLIENT, elementwise("negate", "tensor<4xf32>"; arguments = 1))
    @test Array(single(x)) == -X && Array(single(X)) == -X
end

case("what an executable says of itself") do
    @test PjrtEasy.name(EXE) == "main" && PjrtEasy.num_outputs(SCALE) == 2 && PjrtEasy.num_arguments(SCALE) == 2
    @test PjrtEasy.num_replicas(EXE) == PjrtEasy.num_partitions(EXE) == 1
    @test PjrtEasy.argument_types(SCALE) == [(Float32, (4,)), (Float32, ())]
    @test PjrtEasy.output_types(EXE) == [(Float32, (4,))] && !PjrtEasy.isdonated(EXE, 1)
    @test addressable_devices(EXE) == devices(CLIENT)[1:1] && PjrtEasy.client(EXE) == CLIENT
    @test string(SCALE) == "Executable(main: (f32[4], f32[]) -> (f32[4], f32[]))"
end

case("wrong arguments are refused") do
    x = Buffer(CLIENT, X)
    for wrong in (() -> EXE(), () -> EXE(x), () -> EXE(x, x, x), () -> EXE(x, Buffer(CLIENT, [1, 2])), () -> EXE(x, "text"),
        () -> EXE(x, Float64.(X)), () -> EXE(Buffer(fake(), X), x), () -> EXE([[x, x], [x]]), () -> EXE([[x, x], [x, x]]))
        @test code(wrong) == PjrtEasy.INVALID_ARGUMENT
    end
    delete!(x)
    @test code(() -> EXE(x, X)) in (PjrtEasy.INVALID_ARGUMENT, PjrtEasy.FAILED_PRECONDITION)
end

case("without a wait") do
    x = Buffer(CLIENT, X)
    y, event = execute_async(EXE, x, x)
    z, last = execute_async(EXE, y, x)
    @test Array(z) == 3X
    wait(event)
    wait(last; timeout = 10)
    list, done = execute_async(EXE, [x, x])
    wait(done)
    @test Array.(list) == [2X]
end

case("host to host in one call") do
    @test run(EXE, X, X) == 2X
    y, b = run(SCALE, X, 3f0)
    @test y == 3X && b == fill(3f0)
    matrix = compile(CLIENT, ADD_2X3)
    @test run(matrix, Float32[1 2 3; 4 5 6], PjrtEasy.HostArray(ones(Float32, 2, 3))) == Float32[2 3 4; 5 6 7]
    out = PjrtEasy.HostArray(Float32, (4,))
    PjrtEasy.run!([out], EXE, [PjrtEasy.HostArray(X), PjrtEasy.HostArray(X)])
    @test Array(out) == 2X
    @test code(() -> PjrtEasy.run!([PjrtEasy.HostArray(Float32, (3,))], EXE, [out, out])) == PjrtEasy.INVALID_ARGUMENT
end

const DONATING = """
    func.func @main(%a: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %b: tensor<4xf32>) -> tensor<4xf32> {
      %0 = stablehlo.add %a, %b : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    """

case("donation") do
    step = compile(CLIENT, DONATING)
    @test PjrtEasy.isdonated(step, 1) && !PjrtEasy.isdonated(step, 2)
    state, x = Buffer(CLIENT, X), Buffer(CLIENT, X)
    kept = step(state, x; keep = [1])
    @test !PjrtEasy.isdeleted(state) && Array(kept) == 2X
    after = step(state, x)
    @test PjrtEasy.isdeleted(state) && Array(after) == 2X && Array(x) == X
    @test code(() -> Array(state)) == PjrtEasy.FAILED_PRECONDITION
    @test code(() -> step(x, x)) == PjrtEasy.INVALID_ARGUMENT
    for _ in 1:50
        previous, after = after, step(after, x)
        close(previous)
    end
    @test Array(after) == 52X
end

case("several devices") do
    exe = compile(CLIENT, ADD; num_replicas = 4)
    @test length(addressable_devices(exe)) == 4 && PjrtEasy.num_replicas(exe) == 4
    inputs = [[Buffer(CLIENT, X .+ d; device = device), X] for (d, device) in enumerate(addressable_devices(exe))]
    outputs = exe(inputs)
    @test [Array(row[1]) for row in outputs] == [2X .+ d for d in 1:4]
    @test [PjrtEasy.device(row[1]) for row in outputs] == addressable_devices(exe)
    rows, events = execute_async(exe, inputs)
    foreach(wait, events)
    @test length(events) == 4 && Array(rows[4][1]) == 2X .+ 4
    # A program over several devices wants a list per device.
    @test code(() -> exe(X, X)) == PjrtEasy.INVALID_ARGUMENT
    @test occursin("on 4 devices", string(exe))
end

case("launches: a device, an id, a place in the source") do
    exe = compile(CLIENT, ADD; compile_portable_executable = true)
    device = devices(CLIENT)[3]
    output = exe(X, X; device = device, launch_id = 7, call_location = "here")
    @test PjrtEasy.device(output) == device && Array(output) == 2X
    launch = Launch(device = device)
    @test PjrtEasy.device(exe(X, X; launch = launch)) == device
    @test code(() -> exe(X, X; launch = launch, launch_id = 3)) == PjrtEasy.INVALID_ARGUMENT
end

case("errors of a run, now and late") do
    for (control, source) in (("fail=PJRT_LoadedExecutable_Execute:1:DATA_LOSS:gone", ""),
        ("late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:gone", ""),
        ("late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:gone;delay=PJRT_LoadedExecutable_Execute:20ms", ""))
        done = in_own_process("""
            client = fake()
            x = Buffer(client, Float32[1, 2, 3, 4])
            exe = compile(client, ADD)
            for use in (() -> exe(x, x), () -> exe([x, x]), () -> exe(x, [1f0, 2, 3, 4]),
                () -> (outputs = execute_async(exe, x, x); Array(outputs[1])), () -> run(exe, zeros(Float32, 4), zeros(Float32, 4)))
                try
                    use()
                    print("none ")
                catch error
                    print(error.code, ' ')
                end
            end
            """; fake = control)
        expected = startswith(control, "fail") ? ["DATA_LOSS", "none", "none", "none", "none"] : fill("DATA_LOSS", 5)
        @test split(done.output) == expected
        @test done.status == 0
    end
end
