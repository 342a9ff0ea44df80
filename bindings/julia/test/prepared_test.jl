# Runs that are set up once.

case("a prepared call runs again and again, and feeds back") do
    exe = compile(CLIENT, ADD)
    x, one = Buffer(CLIENT, Float32[1, 2, 3, 4]), Buffer(CLIENT, ones(Float32, 4))
    step = PreparedCall(exe, x, one)
    @test PjrtEasy.num_arguments(step) == 2 && PjrtEasy.num_outputs(step) == 1
    @test PjrtEasy.output(step, 1) === nothing && Array(step[2]) == ones(Float32, 4)
    for _ in 1:3
        step[1] = step()
    end
    @test Array(step[1]) == Float32[4, 5, 6, 7] && Array(PjrtEasy.output(step, 1)) == Float32[4, 5, 6, 7]
    event = execute_async(step)
    y = PjrtEasy.output(step, 1)
    @test Array(y) == Float32[5, 6, 7, 8]
    wait(event)
    @test sprint(show, step) == "PreparedCall(2 arguments)" && !isempty(PjrtEasy.describe(step))
    close(step)
    # What it gave stays.
    @test Array(y) == Float32[5, 6, 7, 8] && sprint(show, step) == "PreparedCall(closed)"
    foreach(close, (y, event, x, one, exe))
end

case("a prepared call without an argument, or with a wrong one, says so") do
    exe = compile(CLIENT, ADD)
    x = Buffer(CLIENT, Float32[1, 2, 3, 4])
    step = PreparedCall(exe, x; device = addressable_devices(CLIENT)[1], keep = [1])
    @test code(() -> PreparedCall(exe, x; pool = true)) == PjrtEasy.UNIMPLEMENTED
    @test code(() -> step()) == PjrtEasy.FAILED_PRECONDITION
    @test code(() -> step[3] = x) == PjrtEasy.INVALID_ARGUMENT
    @test code(() -> step[2] = Buffer(CLIENT, 1f0)) == PjrtEasy.INVALID_ARGUMENT
    step[2] = x
    y = step()
    @test Array(y) == Float32[2, 4, 6, 8]
    step[2] = nothing
    @test step[2] === nothing && code(() -> step()) == PjrtEasy.FAILED_PRECONDITION
    foreach(close, (y, step, x, exe))
end
