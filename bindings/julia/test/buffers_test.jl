# Uploads and read-backs: indices mean the same on both sides.

const CLIENT = fake()

case("matrices keep their indices, up and back") do
    for T in (Float32, Int64, Bool, BFloat16)
        matrix = T === Bool ? [true false true; false false true] : T[1 2 3; 4 5 6]
        buffer = Buffer(CLIENT, matrix)
        @test size(buffer) == (2, 3) && eltype(buffer) == T && ndims(buffer) == 2 && length(buffer) == 6
        @test Array(buffer) == matrix && Array{T}(buffer) == matrix && Array{T,2}(buffer) == matrix
        @test collect(buffer) == matrix && sizeof(buffer) == 6 * sizeof(T)
    end
    # What the program sees, element by element: row-major.
    @test reinterpret(Float32, PjrtEasy.rowmajor_bytes(Buffer(CLIENT, Float32[1 2 3; 4 5 6]))) == 1:6
end

case("a program sees the same indices") do
    column = "func.func @main(%a: tensor<2x3xf32>) -> tensor<2x1xf32> {\n" *
        "  %0 = stablehlo.slice %a [0:2, 1:2] : (tensor<2x3xf32>) -> tensor<2x1xf32>\n  return %0 : tensor<2x1xf32>\n}\n"
    @test Array(compile(CLIENT, column)(Float32[1 2 3; 4 5 6])) == reshape(Float32[2, 5], 2, 1)
end

case("arrays of every rank") do
    for dims in ((), (5,), (2, 3), (2, 3, 4), (1, 2, 3, 4, 5), (0, 3), (3, 0), (1, 1))
        array = reshape(Float32.(1:prod(dims)), dims)
        buffer = Buffer(CLIENT, Array(array))
        @test size(buffer) == dims && Array(buffer) == array
        again = similar(Array(array))
        @test copyto!(again, buffer) == array && again == array
    end
end

case("views, permuted, reversed and other arrays") do
    base = reshape(Int32.(1:24), 2, 3, 4) |> Array
    for array in (view(base, :, 2:3, 1:2:4), view(base, 2:-1:1, :, 4:-1:1), PermutedDimsArray(base, (3, 1, 2)), base[:, :, 1]',
        view(base, 1, :, 2), reshape(base, 6, 4), transpose(base[:, :, 2]), reinterpret(Int32, Float32[1, 2]), 1:5, base .> 12,
        view(base, [1, 2], :, :), view(base, 1, 1, 1))
        isempty(size(array)) || @test Array(Buffer(CLIENT, array)) == array
    end
    @test Array(Buffer(CLIENT, view(base, 1, 1, 1)))[] == 1
end

case("scalars") do
    for value in (1.5f0, -3, true, ComplexF64(2, -3), BFloat16(2.5), Int4(-3), F8E4M3FN(0.5), UInt8(255))
        buffer = Buffer(CLIENT, value)
        @test size(buffer) == () && (buffer[] == value && buffer[] isa typeof(value))
    end
    @test code(() -> Buffer(CLIENT, Float32[1, 2])[]) == PjrtEasy.INVALID_ARGUMENT
end

case("every element type goes up and comes back") do
    for (dtype, T) in PjrtEasy.HOST_TYPES
        dtype == PjrtEasy.TOKEN && continue
        values = T <: Complex ? T[1 + 2im, -3im, 0] : T <: PjrtEasy.MiniFloat ? T[1, 2, 1] :
            T <: Union{Bool,Int1,UInt1} ? T[typemin(T), typemax(T), typemin(T)] : T[0, 1, 1]
        buffer = Buffer(CLIENT, values)
        @test PjrtEasy.dtype(buffer) == dtype && eltype(buffer) == T && Array(buffer) == values
        @test Array{T,1}(buffer) == values
    end
end

case("tokens are zero bytes, or an error") do
    outcome = try
        sizeof(Buffer(CLIENT, Token()))
    catch error
        error.code
    end
    @test outcome in (0, PjrtEasy.INVALID_ARGUMENT, PjrtEasy.UNIMPLEMENTED)
end

case("bytes, devices and memories") do
    bytes = Vector{UInt8}(reinterpret(UInt8, Float32[1, 2, 3, 4, 5, 6]))
    @test Array(Buffer(CLIENT, bytes, Float32, (2, 3))) == Float32[1 2 3; 4 5 6]
    @test code(() -> Buffer(CLIENT, bytes, Float32, (2, 4))) == PjrtEasy.INVALID_ARGUMENT
    device = devices(CLIENT)[4]
    @test PjrtEasy.device(Buffer(CLIENT, [1.0]; device = device)) == device
    memory = memories(devices(CLIENT)[2])[2]
    buffer = Buffer(CLIENT, [1.0 2.0; 3.0 4.0]; memory = memory)
    @test PjrtEasy.memory(buffer) == memory && Array(buffer) == [1.0 2.0; 3.0 4.0]
    @test code(() -> Buffer(CLIENT, [1.0]; device = device, memory = memory)) == PjrtEasy.INVALID_ARGUMENT
    other = fake()
    @test code(() -> Buffer(other, [1.0]; device = device)) == PjrtEasy.INVALID_ARGUMENT
    @test string(Buffer(CLIENT, Float32[1 2]; device = device)) == "Buffer(f32[1,2] on fake device:3)"
end

case("the array may change once the call returned") do
    array = fill(1f0, 1000)
    buffer = Buffer(CLIENT, array)
    fill!(array, 2f0)
    @test all(==(1f0), Array(buffer))
end

case("zero copy keeps the array alive until the plugin let go of it") do
    made = PjrtEasy.completions()
    held() = lock(() -> count(action -> action isa PjrtEasy.Rooted, values(made.pending)), made.lock)
    before = held()
    buffer = Buffer(CLIENT, fill(3f0, 4096); zero_copy = true)
    @test held() == before + 1
    for _ in 1:3
        GC.gc()
        fill(7f0, 4096)
    end
    @test all(==(3f0), Array(buffer))
    close(buffer)
    @test timedwait(() -> held() == before, 10.0) == :ok
    # A matrix needs a copy: only a vector is row-major as it is.
    @test Array(Buffer(CLIENT, Float32[1 2; 3 4]; zero_copy = true)) == Float32[1 2; 3 4]
end

case("uploads and reads that do not wait") do
    array = Float32[1 2 3; 4 5 6]
    buffer, event = upload_async(CLIENT, array)
    wait(event)
    wait(buffer)
    @test isready(buffer) && Array(buffer) == array
    tasks = [read_async(buffer) for _ in 1:5]
    @test all(task -> fetch(task) == array, tasks)
    dense, event = upload_async(CLIENT, [1, 2, 3]; device = devices(CLIENT)[2])
    wait(event; timeout = 10)
    @test fetch(read_async(dense)) == [1, 2, 3] && PjrtEasy.device(dense) == devices(CLIENT)[2]
end

case("what does not fit is an error") do
    buffer = Buffer(CLIENT, Float32[1 2 3; 4 5 6])
    for wrong in (() -> Array{Float64}(buffer), () -> Array{Float32,1}(buffer), () -> copyto!(zeros(Float32, 3, 2), buffer),
        () -> copyto!(zeros(2, 3), buffer), () -> Buffer(CLIENT, ["text"]))
        @test code(wrong) == PjrtEasy.INVALID_ARGUMENT
    end
end

case("delete!") do
    buffer = Buffer(CLIENT, [1, 2])
    @test !PjrtEasy.isdeleted(buffer)
    delete!(delete!(buffer))
    @test PjrtEasy.isdeleted(buffer) && code(() -> Array(buffer)) == PjrtEasy.FAILED_PRECONDITION
    @test occursin("deleted", string(buffer))
    close([buffer, Buffer(CLIENT, [3])])
    @test !isopen(buffer)
end

case("arrays of the library, and .npy files") do
    array = Float32[1 2 3; 4 5 6]
    host = PjrtEasy.HostArray(array)
    @test size(host) == (2, 3) && eltype(host) == Float32 && Array(host) == array && sizeof(host) == 24
    @test string(host) == "HostArray(f32[2,3])" && Array(PjrtEasy.HostArray(Int8, (2, 2))) == zeros(Int8, 2, 2)
    @test Array(Buffer(CLIENT, host)) == array && Array(PjrtEasy.HostArray(Buffer(CLIENT, array))) == array
    @test Array(PjrtEasy.HostArray(2.5f0)) == fill(2.5f0)
    @test Array(PjrtEasy.HostArray(UInt8[1, 0, 2, 0, 3, 0, 4, 0], Int16, (2, 2))) == Int16[1 2; 3 4]
    @test code(() -> PjrtEasy.HostArray(UInt8[1, 0, 2], Int16, (2,))) == PjrtEasy.INVALID_ARGUMENT
    buffer = Buffer(CLIENT, host; consume = true)
    @test !isopen(host) && Array(buffer) == array
    mktempdir() do folder
        path = joinpath(folder, "a.npy")
        savenpy(path, array)
        @test loadnpy(path) == array
        savenpy(path, BFloat16[1.5 2; 3 4])
        @test eltype(loadnpy(path)) == UInt16 && loadnpy(path, BFloat16) == BFloat16[1.5 2; 3 4]
        @test code(() -> loadnpy(path, Float32)) == PjrtEasy.INVALID_ARGUMENT
        @test code(() -> loadnpy(joinpath(folder, "missing.npy"))) == PjrtEasy.NOT_FOUND
    end
end
