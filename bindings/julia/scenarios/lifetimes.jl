# Lifetimes: any order of closing, no leaks, flat memory; and named values.

closing("release_order") do
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    close(client)
    y = made(exe(x))
    close(exe)
    close(x)
    put("y", contents(y))
end

closing("release_while_running") do
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    y = made(execute_async(exe, x; event = false))
    close(x)
    close(exe)
    put("y", contents(y))
end

closing("many_objects") do
    client, x, n = open_client(), floats("x"), input_int("n")
    for _ in 1:n
        close(Buffer(client, x))
    end
    put("made", n)
end

drop(client, x, n) = foreach(_ -> Buffer(client, x), 1:n)

closing("dropped_objects") do
    client, n = open_client(), input_int("n")
    drop(client, floats("x"), n)
    GC.gc()
    put("made", n)
end

resident() = parse(Int, split(read("/proc/self/statm", String))[2]) * 4096

closing("flat_memory") do
    client = open_client()
    exe, x, n = compiled(client), upload(client, floats("x")), input_int("n")
    before = 0
    for i in 1:n
        i == n ÷ 10 && (before = resident())
        close(exe(x))
    end
    put("flat", resident() - before < 16 * 1024 * 1024)
end

scenario("named_values") do
    kinds = ("string", "int64", "int64_list", "float", "bool")
    given = (string = input("string"), int64 = input_int("int64"), list = ints("list"),
        float = parse(Float32, input("float")), bool = input("bool") == "true")
    PjrtEasy.with_named_values(given) do values
        count = Int(Raw.pje_named_values_count(values))
        put("count", count)
        put("kinds", [kinds[Raw.pje_named_values_kind(values, index) + 1] for index in 0:count - 1])
        found = PjrtEasy.named_values(values)
        for name in keys(given)
            put(String(name), found[String(name)])
        end
        put("missing", haskey(found, "missing"))
    end
end
