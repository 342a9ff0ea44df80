# What is done when a device is full. Devices of 1000 bytes, arrays of 800.

full(script) = in_own_process("""
    client = fake()
    eight_hundred() = zeros(Float32, 200)
    const NEGATE = compile(client, elementwise("negate", "tensor<200xf32>"; arguments = 1))
    $script
    """; fake = "memory=1000").output

case("buffers that were dropped are collected when a device is full, and nobody is asked") do
    @test full("""
        PjrtEasy.on_out_of_memory(() -> error("asked"), client)
        drop() = (Buffer(client, eight_hundred()); nothing)
        drop()
        x = Buffer(client, eight_hundred())
        print(sum(Array(x)))
        """) == "0.0"
end

case("a program that frees something has its upload and its run repeated") do
    @test full("""
        asked = Ref(0)
        held = Buffer(client, eight_hundred())
        PjrtEasy.on_out_of_memory(client) do
            asked[] += 1
            close(held)
            true
        end
        upload_async(client, eight_hundred())[1] |> close
        held = Buffer(client, ones(Float32, 100))
        x = Buffer(client, ones(Float32, 50))
        exe = compile(client, elementwise("negate", "tensor<50xf32>"; arguments = 1))
        y = Buffer(client, ones(Float32, 80))
        z = exe(x)
        print(asked[], ' ', Array(z)[1], ' ', isopen(held))
        """) == "2 -1.0 false"
end

case("without room, and with nothing to free, the error is the caller's") do
    @test full("""
        held = Buffer(client, eight_hundred())
        first = code(() -> Buffer(client, eight_hundred()))
        PjrtEasy.on_out_of_memory(() -> false, client)
        second = code(() -> Buffer(client, eight_hundred()))
        PjrtEasy.on_out_of_memory(() -> true, client)
        print(first, ' ', second, ' ', code(() -> Buffer(client, eight_hundred())), ' ', code(() -> NEGATE(held)))
        """) == join(fill("RESOURCE_EXHAUSTED", 4), ' ')
end
