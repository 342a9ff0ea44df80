# Transfers in pieces, in three tiers.

const MOVED = Float32[1 2 3; 4 5 6]

case("several arrays move in pieces") do
    x = Float32[1, 2, 3, 4]
    buffers = PjrtEasy.transfer(CLIENT, [MOVED, x, PjrtEasy.HostArray(Int8[7])]; piece_size = 8)
    @test [Array(buffer) for buffer in buffers] == [MOVED, x, Int8[7]]
    told = []
    slow = PjrtEasy.transfer(CLIENT, [MOVED, x, PjrtEasy.HostArray(Int8[7])]; piece_size = 16,
        progress = state -> (yield(); push!(told, state)))
    @test [Array(buffer) for buffer in slow] == [MOVED, x, Int8[7]]
    @test [state.bytes_done for state in told] == [16, 24, 40, 41] && told[1].bytes_total == 41
    @test [state.buffers_done for state in told] == [0, 1, 2, 3] && told[1].num_buffers == 3
    close(slow)
    @test_throws ErrorException PjrtEasy.transfer(CLIENT, [x]; progress = state -> error("enough"))
    @test code(() -> PjrtEasy.transfer(CLIENT, [x]; progress = println, piece_size = -1)) == PjrtEasy.INVALID_ARGUMENT
    later, event = PjrtEasy.transfer_async(CLIENT, [MOVED]; device = addressable_devices(CLIENT)[2])
    @test Array(later[1]) == MOVED && PjrtEasy.device(later[1]) == addressable_devices(CLIENT)[2]
    wait(event)
    foreach(close, (buffers, later, event))
    other = fake()
    @test code(() -> PjrtEasy.transfer(CLIENT, [x]; device = devices(other)[1])) == PjrtEasy.INVALID_ARGUMENT
    close(other)
end

case("an array of the library goes without a wait") do
    host = PjrtEasy.HostArray(MOVED)
    buffer, event = upload_async(CLIENT, host; device = addressable_devices(CLIENT)[2])
    close(host)
    wait(event)
    @test Array(buffer) == MOVED
    foreach(close, (buffer, event))
    @test code(() -> upload_async(CLIENT, host)) == PjrtEasy.INVALID_ARGUMENT
end

case("pieces of an array, in any order") do
    manager = TransferManager(CLIENT, [Float32 => (4,), Float32 => (2, 3)]; memory = memories(CLIENT)[1])
    @test PjrtEasy.num_buffers(manager) == 2 && PjrtEasy.buffer_size(manager, 2) == 24
    @test PjrtEasy.device(manager) == devices(memories(CLIENT)[1])[1]
    @test sprint(show, manager) == "TransferManager(2 buffers)" && !isempty(PjrtEasy.describe(manager))
    PjrtEasy.add_metadata(manager, Dict("source" => "a test"))
    x = PjrtEasy.buffer(manager, 1)
    write(manager, 1, Float32[3, 4]; offset = 8)
    @test PjrtEasy.progress(manager, 1) == (8, 16) && !isready(x)
    event = PjrtEasy.write_async(manager, 1, Float32[1, 2])
    wait(event)
    @test Array(x) == Float32[1, 2, 3, 4]
    # An array of Julia, by columns.
    PjrtEasy.put(manager, 2, MOVED)
    y = PjrtEasy.buffer(manager, 2)
    @test Array(y) == MOVED
    @test code(() -> write(manager, 1, Float32[1]; offset = 0)) == PjrtEasy.FAILED_PRECONDITION
    @test code(() -> PjrtEasy.buffer(manager, 1)) == PjrtEasy.FAILED_PRECONDITION
    foreach(close, (event, x, y, manager))
end

case("bytes as they lie on the device, an error in place of the rest, and what is never filled") do
    manager = TransferManager(CLIENT, [Float32 => (2,), Float32 => (2,), Int32 => ()];
        layouts = [Layout((1,)), nothing, nothing])
    buffers = [PjrtEasy.buffer(manager, index) for index in 1:3]
    PjrtEasy.write_device(manager, 1, Float32[1]; last = false)
    wait(PjrtEasy.write_device_async(manager, 1, Float32[2]; offset = 4, last = true))
    @test Array(buffers[1]) == Float32[1, 2]
    PjrtEasy.fail!(manager, 2, PjrtError(PjrtEasy.DATA_LOSS, "the file ended"))
    @test occursin("the file ended", refused(() -> Array(buffers[2])).detail)
    close(manager)
    @test code(() -> buffers[3][]) == PjrtEasy.CANCELLED
    @test sprint(show, manager) == "TransferManager(closed)"
    close(buffers)
    @test code(() -> TransferManager(CLIENT, [])) == PjrtEasy.INVALID_ARGUMENT
end
