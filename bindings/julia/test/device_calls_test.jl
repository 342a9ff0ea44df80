# What devices report and do while they work.

case("a device is found by what its host calls it") do
    device = PjrtEasy.device(CLIENT, LocalHardwareId(2))
    @test PjrtEasy.local_hardware_id(device) == LocalHardwareId(2)
    @test code(() -> PjrtEasy.device(CLIENT, LocalHardwareId(99))) == PjrtEasy.INVALID_ARGUMENT
end

case("what a device is doing") do
    device = devices(CLIENT)[1]
    @test PjrtEasy.current_attributes(device)["core_on_chip"] == 0
    before = PjrtEasy.memory_stats(device)["bytes_in_use"]
    held = Buffer(CLIENT, zeros(Float32, 16))
    @test PjrtEasy.memory_stats(device)["bytes_in_use"] == before + 64
    close(held)
    PjrtEasy.clear_memory_stats!(device)
    @test PjrtEasy.memory_stats(device)["num_allocs"] == 0
    @test !PjrtEasy.poison(device, 7, PjrtError(PjrtEasy.ABORTED, "enough"))
    span = PjrtEasy.TrackingEvent(device, "a span")
    @test sprint(show, span) == "TrackingEvent()" && !isempty(PjrtEasy.describe(span))
    close(span)
end

case("memory that devices reach, and the processes of a program") do
    array = zeros(Float32, 4)
    mapping = PjrtEasy.DmaMapping(CLIENT, array)
    @test sprint(show, mapping) == "DmaMapping(16 bytes)" && !isempty(PjrtEasy.describe(mapping))
    @test code(() -> PjrtEasy.DmaMapping(CLIENT, array)) == PjrtEasy.ALREADY_EXISTS
    close(mapping)
    @test code(() -> PjrtEasy.DmaMapping(CLIENT, Float32[])) == PjrtEasy.INVALID_ARGUMENT
    PjrtEasy.update_processes(CLIENT, [
        (process = ProcessIndex(0), incarnation = 1, state = PjrtEasy.CONNECTED, error = nothing),
        (process = ProcessIndex(1), incarnation = 1, state = PjrtEasy.FAILED,
            error = PjrtError(PjrtEasy.UNAVAILABLE, "gone"))])
    @test PjrtEasy.leak_report() >= 1
end
