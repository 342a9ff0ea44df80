# Buffers, arrays, strides and .npy files.

closing("buffer_metadata") do
    buffer = upload(open_client(), shaped(floats("x"), ints("dims")))
    put("dtype", PjrtEasy.dtypename(eltype(buffer)))
    put("dims", size(buffer))
    put("rank", ndims(buffer))
    put("bytes", sizeof(buffer))
    put("device", Int(PjrtEasy.id(PjrtEasy.device(buffer))))
    put("memory", PjrtEasy.kind(PjrtEasy.memory(buffer)))
end

closing("scalar_round_trip") do
    buffer = upload(open_client(), input_int("v"))
    put("v", buffer[])
    put("rank", ndims(buffer))
    put("bytes", sizeof(buffer))
end

closing("upload_to_device") do
    client = open_client()
    buffer = upload(client, floats("x"); device = addressable_devices(client)[input_int("device") + 1])
    put("device", Int(PjrtEasy.id(PjrtEasy.device(buffer))))
    put("y", contents(buffer))
end

closing("upload_to_memory") do
    client = open_client()
    all = memories(addressable_devices(client)[1])
    buffer = upload(client, floats("x"); memory = all[findfirst(memory -> PjrtEasy.kind(memory) == input("kind"), all)])
    put("memory", PjrtEasy.kind(PjrtEasy.memory(buffer)))
    put("y", contents(buffer))
end

strided(client, first) = made(Buffer(client, floats("x"), Tuple(ints("dims")); byte_strides = ints("strides"), first = first))

closing("strided_upload") do
    # What these strides say is what a matrix of Julia is.
    put("y", contents(upload(open_client(), reshape(floats("x"), Tuple(ints("dims"))))))
end

closing("negative_strides") do
    x = floats("x")
    put("y", contents(upload(open_client(), view(x, length(x):-1:1))))
end

closing("broadcast_strides") do
    put("y", contents(strided(open_client(), 1)))
end

closing("column_major") do
    client = open_client()
    put("y", contents(made(compiled(client)(upload(client, reshape(floats("x"), Tuple(ints("dims"))))))))
end

function column_major_outputs()
    client = open_client()
    exe = compiled(client)
    put("y", contents(made(exe(made(Buffer(client, floats("x"), (2, 3)))))))
end
closing("column_major_outputs", column_major_outputs)
closing("layout_ignored", column_major_outputs)

closing("empty_array") do
    client = open_client()
    output = made(compiled(client)(upload(client, zeros(Float32, 0, 3))))
    read = Array(output)
    put("dims", size(read))
    put("bytes", sizeof(output))
    put("elements", length(read))
end

closing("array_round_trip") do
    client = open_client()
    host = made(HostArray(shaped(floats("x"), ints("dims"))))
    back = made(HostArray(made(Buffer(client, host))))
    put("y", rowmajor(Array(back)))
    put("dims", size(back))
    put("dtype", PjrtEasy.dtypename(eltype(back)))
end

closing("array_consumed") do
    client = open_client()
    host = made(HostArray(floats("x")))
    put("y", contents(made(Buffer(client, host; consume = true))))
    put("empty", !isopen(host))
end

scenario("npy_round_trip") do
    savenpy(input("path"), shaped(floats("x"), ints("dims")))
    loaded = loadnpy(input("path"))
    put("dtype", PjrtEasy.dtypename(eltype(loaded)))
    put("dims", size(loaded))
    put("y", rowmajor(loaded))
end

scenario("npy_reinterpret") do
    savenpy(input("path"), BFloat16.(floats("values")))
    put("loaded", PjrtEasy.dtypename(eltype(loadnpy(input("path")))))
    loaded = loadnpy(input("path"), BFloat16)
    put("dtype", PjrtEasy.dtypename(eltype(loaded)))
    put("y", Float32.(loaded))
end

scenario("npy_errors") do
    put("missing", code(() -> loadnpy(input("path"))))
    put("garbage", code(() -> loadnpy(input("program"))))
end

closing("host_memory_kept") do
    buffer, done = upload_async(open_client(), floats("x"); zero_copy = true)
    put("y", contents(buffer))
    close(buffer)
    put("host_done", code(() -> wait(made(done))))
end

closing("async_upload") do
    buffer, done = upload_async(open_client(), floats("x"))
    put("host_done", code(() -> wait(made(done))))
    put("ready", code(() -> wait(made(buffer))))
    put("y", contents(buffer))
end

closing("async_read_back") do
    task = read_async(upload(open_client(), floats("x")))
    put("done", code(() -> wait(task)))
    put("y", fetch(task))
end

closing("buffer_delete") do
    buffer = upload(open_client(), floats("x"))
    put("before", PjrtEasy.isdeleted(buffer))
    delete!(buffer)
    put("after", PjrtEasy.isdeleted(buffer))
    put("twice", code(() -> delete!(buffer)))
    put("read", code(() -> Array(buffer)))
end
