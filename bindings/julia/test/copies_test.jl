# Copies, bytes on the device, memory that is held or looked at, and buffers that no upload and no program makes.

const COPIED = Float32[1, 2, 3, 4]

case("copies to devices, memories and other clients") do
    x, other = Buffer(CLIENT, COPIED), fake()
    there = copy(x; device = addressable_devices(CLIENT)[3])
    @test Array(there) == COPIED && PjrtEasy.device(there) == addressable_devices(CLIENT)[3]
    for memory in memories(addressable_devices(CLIENT)[2])
        copied, event = PjrtEasy.copy_async(x; memory = memory)
        @test Array(copied) == COPIED && PjrtEasy.memory(copied) == memory
        wait(event)
        foreach(close, (copied, event))
    end
    theirs = copy(x; device = devices(other)[1])
    @test PjrtEasy.client(theirs) == other && Array(theirs) == COPIED
    here = copy(x)
    @test Array(here) == COPIED && PjrtEasy.device(here) == PjrtEasy.device(x)
    @test code(() -> copy(x; device = devices(CLIENT)[1], memory = memories(CLIENT)[1])) == PjrtEasy.INVALID_ARGUMENT
    PjrtEasy.delete!(x)
    @test code(() -> copy(x; device = devices(CLIENT)[2])) == PjrtEasy.FAILED_PRECONDITION
    foreach(close, (x, there, theirs, here, other))
end

case("what a buffer is on the device") do
    x = Buffer(CLIENT, COPIED)
    @test PjrtEasy.on_device_size(x) == 16 && PjrtEasy.is_on_cpu(x) isa Bool
    @test PjrtEasy.unpadded_size(x) == (4,) && PjrtEasy.dynamic_dimensions(x) == Int[]
    @test PjrtEasy.device_bytes(x; offset = 4, size = 4) == reinterpret(UInt8, Float32[2])
    @test reinterpret(Float32, PjrtEasy.device_bytes(x)) == COPIED
    @test code(() -> PjrtEasy.device_bytes(x; offset = 15, size = 4)) == PjrtEasy.INVALID_ARGUMENT
    memory = zeros(Float32, 4)
    promise, event = PjrtEasy.device_bytes_later(x)
    PjrtEasy.fulfil(promise, memory)
    wait(event)
    @test memory == COPIED && sprint(show, promise) == "Fulfilment()" && !isempty(PjrtEasy.describe(promise))
    foreach(close, (promise, event))
    held = PjrtEasy.BufferReference(x)
    @test PjrtEasy.unsafe_pointer(held) != C_NULL && PjrtEasy.device_pointer(held) != C_NULL
    @test sprint(show, held) == "BufferReference()" && !isempty(PjrtEasy.describe(held))
    foreach(close, (x, held))
end

case("several buffers are read in one call") do
    exe = compile(CLIENT, ADD)
    x = Buffer(CLIENT, Float32[1 2 3; 4 5 6])
    y = execute_async(exe, COPIED, COPIED; event = false)
    @test PjrtEasy.read_all([x, y]) == [Float32[1 2 3; 4 5 6], 2 .* COPIED] && isempty(PjrtEasy.read_all([]))
    PjrtEasy.delete!(x)
    @test code(() -> PjrtEasy.read_all([y, x])) == PjrtEasy.FAILED_PRECONDITION
    foreach(close, (x, y, exe))
end

case("the memory of a buffer is looked at where it is") do
    done = in_own_process("""
        client = fake()
        matrix = Float32[1 2 3; 4 5 6]
        x = Buffer(client, matrix)
        seen = PjrtEasy.HostView(x)
        @test seen == matrix && seen[2, 1] == 4 && size(seen) == (2, 3) && strides(seen) == (3, 1)
        @test sizeof(seen) == 24 && sum(seen; dims = 1) == Float32[5 7 9] && Array(seen) == matrix
        @test occursin("2×3", sprint(show, MIME"text/plain"(), seen)) && !isempty(PjrtEasy.describe(seen))
        @test_throws BoundsError seen[3, 1]
        @test code(() -> PjrtEasy.delete!(x)) == PjrtEasy.FAILED_PRECONDITION
        close(x)
        GC.gc()
        @test seen[1, 3] == 3
        close(seen)
        @test code(() -> seen[1, 1]) == PjrtEasy.INVALID_ARGUMENT
        @test sprint(show, MIME"text/plain"(), seen) == "HostView(closed)"
        scalar = PjrtEasy.HostView(Buffer(client, 7f0))
        @test scalar[] == 7 && isopen(scalar)
        PjrtEasy.shut(client)
        @test code(() -> scalar[]) == PjrtEasy.INVALID_ARGUMENT
        print("good")
        """; fake = "platform=cpu")
    @test done.output == "good"
    packed = Buffer(CLIENT, Int4[1, 2])
    @test code(() -> PjrtEasy.HostView(packed)) == PjrtEasy.UNIMPLEMENTED
    close(packed)
end

case("buffers without contents, of an error, promised, and of memory that is there") do
    blank = Buffer(undef, CLIENT, Float32, (4,); device = addressable_devices(CLIENT)[2])
    @test size(blank) == (4,) && PjrtEasy.device(blank) == addressable_devices(CLIENT)[2]
    failed = Buffer(PjrtError(PjrtEasy.DATA_LOSS, "as asked"), CLIENT, Float32, (4,))
    @test code(() -> Array(failed)) == PjrtEasy.DATA_LOSS
    exe, x = compile(CLIENT, ADD), Buffer(CLIENT, COPIED)
    alias, promise = PjrtEasy.promised(CLIENT, Float32, (4,))
    y = execute_async(exe, alias, alias; event = false)
    PjrtEasy.fulfil(promise, x)
    @test Array(y) == 2 .* COPIED
    @test code(() -> PjrtEasy.fulfil(promise, PjrtError(PjrtEasy.ABORTED, "late"))) == PjrtEasy.FAILED_PRECONDITION
    broken, other = PjrtEasy.promised(CLIENT, Float32, (4,))
    PjrtEasy.fulfil(other, PjrtError(PjrtEasy.ABORTED, "as asked"))
    @test code(() -> Array(broken)) == PjrtEasy.ABORTED
    foreach(close, (blank, failed, alias, promise, y, broken, other, x, exe))
end

case("memory of Julia shown as a buffer lives until that is gone") do
    memory = PjrtEasy.HostArray(COPIED)
    data = Ptr{Float32}(Raw.pje_array_data(memory))
    shown = PjrtEasy.device_view(CLIENT, data, 16, Float32, (4,); owner = memory)
    held = objectid(memory)
    memory = nothing
    GC.gc()
    @test Array(shown) == COPIED && held isa UInt
    close(shown)
    @test code(() -> PjrtEasy.device_view(CLIENT, data, 12, Float32, (4,))) == PjrtEasy.INVALID_ARGUMENT
end

case("the same memory as another type, and contents that are taken over") do
    x = Buffer(CLIENT, COPIED)
    bits = reinterpret(UInt32, x)
    @test Array(bits)[1] == 0x3f800000 && Array(x) == COPIED
    @test size(reinterpret(Float32, x; dims = (2, 2))) == (2, 2)
    @test code(() -> reinterpret(Float64, x)) == PjrtEasy.INVALID_ARGUMENT
    taken, promise = PjrtEasy.donate(x)
    @test PjrtEasy.isdeleted(x)
    PjrtEasy.fulfil(promise)
    @test Array(taken) == COPIED
    @test code(() -> PjrtEasy.donate(x)) == PjrtEasy.FAILED_PRECONDITION
    foreach(close, (x, bits, taken, promise))
end
