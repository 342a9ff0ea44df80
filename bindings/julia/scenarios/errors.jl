# Errors: whose they are, their codes, and what works after them.

scenario("error_every_code") do
    errors = [PjrtEasy.taken(PjrtEasy.native_error(PjrtError(PjrtEasy.Code(number), input("message")))) for number in 1:16]
    put("codes", [Int(error.code) for error in errors])
    put("messages", all(error -> occursin(input("message"), error.detail), errors))
end

compile_error() = caught(() -> compiled(open_client()))

closing("error_bad_program") do
    error = compile_error()
    put("function", error.source)
    put("one_line", !occursin('\n', error.message))
    put("code", string(error.code))
end

scenario("error_no_such_file") do
    error = caught(() -> read(input("path"), Program))
    put("function", error.source)
    put("code", string(error.code))
end

scenario("error_no_such_plugin") do
    put("path", code(() -> Client(input("path"))))
    put("name", code(() -> Client(input("plugin_name"))))
end

scenario("error_unknown_option") do
    error = caught(() -> Client(PLUGIN_PATH; options = Dict(input("option") => 1)))
    put("function", error.source)
    put("code", string(error.code))
end

scenario("error_empty_program") do
    put("code", code(() -> Program("")))
end

closing("error_argument_count") do
    client = open_client()
    x = upload(client, floats("x"))
    put("code", code(() -> compiled(client)(x)))
end

closing("error_argument_dtype") do
    client = open_client()
    x = upload(client, Int32[1, 2, 3, 4])
    put("code", code(() -> compiled(client)(x)))
end

closing("error_argument_dims") do
    client = open_client()
    x = upload(client, shaped(floats("x"), ints("dims")))
    put("code", code(() -> compiled(client)(x)))
end

closing("error_several_devices") do
    client = open_client()
    x = upload(client, floats("x"))
    put("code", code(() -> compiled(client; num_replicas = input_int("replicas"))(x)))
end

function refused_upload()
    client = open_client()
    strides = haskey(REQUEST, "strides") ? ints("strides") : nothing
    put("code", code(() -> made(Buffer(client, floats("x"), Tuple(ints("dims")); byte_strides = strides))))
end
closing("error_short_host_data", refused_upload)
closing("error_strides_leave_memory", refused_upload)
closing("error_negative_dimension", refused_upload)

closing("error_foreign_buffer") do
    client, other = open_client(), open_client()
    x = upload(other, floats("x"))
    put("code", code(() -> compiled(client)(x)))
end

closing("error_no_such_device") do
    client = open_client()
    put("missing", code(() -> PjrtEasy.device(client, DeviceId(input_int("id")))))
    put("found", Int(PjrtEasy.id(PjrtEasy.device(client, DeviceId(1)))))
end

closing("error_compile_options") do
    options = made(CompileOptions())
    put("replicas", code(() -> options.num_replicas = 0))
    put("field", code(() -> PjrtEasy.isset(options, Symbol(input("field")))))
end

closing("error_injected") do
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    error = caught(() -> exe(x))
    put("function", error.source)
    put("text", occursin(input("text"), error.detail))
    put("code", string(error.code))
    put("y", contents(made(exe(x))))
end

closing("error_late") do
    client = open_client()
    y, done = execute_async(compiled(client), upload(client, floats("x")))
    made(y)
    made(done)
    put("wait", code(() -> wait(done)))
    put("read", code(() -> Array(y)))
end

closing("error_of_an_input") do
    client = open_client()
    put("read", code(() -> Array(upload(client, floats("x")))))
end

closing("error_unknown_code") do
    error = compile_error()
    put("text", occursin(input("text"), error.detail))
    put("code", string(error.code))
end

closing("error_payload") do
    error = compile_error()
    put("keys", [key for (key, _) in error.payloads])
    put("values", [String(copy(bytes)) for (_, bytes) in error.payloads])
    put("code", string(error.code))
end

closing("error_missing_function") do
    client = open_client()
    put("has", PjrtEasy.has_function(made(PjrtEasy.plugin(client)), "PJRT_Client_LookupDevice"))
    put("code", code(() -> PjrtEasy.device(client, DeviceId(0))))
end

closing("error_out_of_memory") do
    client = open_client()
    put("code", code(() -> Array(upload(client, zeros(Float32, 1024)))))
    put("y", contents(upload(client, floats("x"))))
end

closing("use_after_close") do
    client = open_client()
    exe, program = compiled(client), load_program()
    x, closed = upload(client, floats("x")), upload(client, floats("x"))
    close(closed)
    close(closed)
    put("buffer", code(() -> Array(closed)))
    close(exe)
    put("executable", code(() -> exe(x)))
    close(x)
    close(client)
    put("client", code(() -> compile(client, program)))
end
