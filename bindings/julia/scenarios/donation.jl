# Donation: which runs take their arguments over.

function prepared()
    client = open_client()
    return compiled(client), upload(client, floats("a")), haskey(REQUEST, "b") ? upload(client, floats("b")) : nothing
end

closing("donation") do
    exe, a, b = prepared()
    put("donated", PjrtEasy.isdonated(exe, 1))
    y = made(exe(a, b))
    put("deleted", PjrtEasy.isdeleted(a))
    put("other_deleted", PjrtEasy.isdeleted(b))
    put("y", contents(y))
    put("read", code(() -> Array(a)))
    put("execute", code(() -> exe(a, b)))
end

closing("donation_refused") do
    exe, a, b = prepared()
    y = made(exe(a, b; keep = [1]))
    put("deleted", PjrtEasy.isdeleted(a))
    put("a", contents(a))
    put("y", contents(y))
end

closing("donated_twice") do
    exe, a, _ = prepared()
    put("code", code(() -> exe(a, a)))
    put("deleted", PjrtEasy.isdeleted(a))
end

closing("refused_run_donates_nothing") do
    exe, a, _ = prepared()
    wrong = upload(PjrtEasy.client(exe), Float32[1, 2, 3])
    put("code", code(() -> exe(a, wrong)))
    put("deleted", PjrtEasy.isdeleted(a))
    put("a", contents(a))
end

closing("training_loop") do
    exe, state, b = prepared()
    for _ in 1:input_int("n")
        next = exe(state, b)
        close(state)
        state = next
    end
    put("y", contents(made(state)))
end
