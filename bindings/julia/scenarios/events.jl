# Asynchrony: events, promises, tasks, completion queues.

# The runs of these scenarios take 150 ms, and Julia compiles what it meets for the first time: so it has met it before.
function meet()
    for (method, types) in ((execute_async, (Executable, Buffer)), (Buffer, (Ptr{Raw.pje_buffer}, Client, Bool, Int)),
        (PjrtEasy.handed_over, (Executable, Vector{Ptr{Raw.pje_buffer}})), (Event, (Ptr{Raw.pje_event},)),
        (made, (Buffer,)), (made, (Event,)), (PjrtEasy.dispatch, (Executable, Vector{Ptr{Raw.pje_buffer}}, Nothing, Bool)))
        precompile(method, types)
    end
    promise = Event()
    put("before", isready(promise))
    put("first", code(() -> wait(promise; timeout = 0.001)))
    given_up(promise, 0.001)
    notify(promise)
    code(() -> wait(promise))
    close(promise)
    empty!(REPLY)
end

function given_up(event, seconds)
    waiting = @async try
        wait(event)
        "went on"
    catch error
        error isa InterruptException ? "stopped" : rethrow()
    end
    sleep(seconds)
    istaskdone(waiting) || schedule(waiting, InterruptException(); error = true)
    return fetch(waiting)
end

# One run that has been started and not waited for.
function start()
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    y, done = execute_async(exe, x)
    made(y)
    made(done)
    return exe, y, done
end

function wait_for_run()
    _, y, done = start()
    put("done", code(() -> wait(done)))
    put("y", contents(y))
end
closing("wait_for_run", wait_for_run)
closing("completes_inside", wait_for_run)

closing("wait_for_buffer") do
    _, y, _ = start()
    put("ready", code(() -> wait(y)))
    put("y", contents(y))
end

closing("poll") do
    _, _, done = start()
    put("before", isready(done))
    put("done", code(() -> wait(done)))
    put("after", isready(done))
end

closing("wait_with_timeout") do
    _, y, done = start()
    put("first", code(() -> wait(done; timeout = input_int("timeout_ms") / 1000)))
    put("second", code(() -> wait(done)))
    put("y", contents(y))
end

closing("wait_given_up") do
    _, y, done = start()
    put("first", given_up(done, input_int("timeout_ms") / 1000))
    put("second", code(() -> wait(done)))
    put("y", contents(y))
end

closing("promise") do
    promise, failing = made(Event()), made(Event())
    put("before", isready(promise))
    notify(promise)
    put("after", isready(promise))
    put("wait", code(() -> wait(promise)))
    put("again", code(() -> notify(promise)))
    notify(failing, PjrtError(PjrtEasy.NOT_FOUND, "nothing there"))
    put("error", code(() -> wait(failing)))
end

closing("promise_from_another_thread") do
    promise = made(Event())
    setter = Threads.@spawn (sleep(0.02); notify(promise))
    put("wait", code(() -> wait(promise)))
    wait(setter)
end

as_asked(number) = PjrtError(number, "as asked")

closing("event_all") do
    members = made([Event() for _ in 1:3])
    all = made(PjrtEasy.all_of(members))
    notify(members[3], as_asked(PjrtEasy.INTERNAL))
    notify(members[2], as_asked(PjrtEasy.ABORTED))
    put("before", isready(all))
    notify(members[1])
    put("code", code(() -> wait(all)))
end

closing("event_any") do
    members = made([Event() for _ in 1:3])
    any, index = PjrtEasy.any_of(members)
    notify(members[2])
    put("code", code(() -> wait(made(any))))
    put("index", index[] - 1)
    notify(members[1])
    notify(members[3])
end

closing("event_all_of_nothing") do
    put("ready", isready(made(PjrtEasy.all_of([]))))
end

closing("event_of_dropped_promise") do
    promise = Event()
    all = made(PjrtEasy.all_of([promise]))
    close(promise)
    put("code", code(() -> wait(all)))
end

closing("continuation") do
    exe, y, done = start()
    calls = Ref(0)
    task = @async begin
        wait(done)
        calls[] += 1
        made(execute_async(exe, y; event = false))
    end
    z = fetch(task)
    put("calls", calls[])
    put("y", contents(z))
end

# Starts `n` runs and gives the event of each to `use`; the outputs are not looked at.
function started_runs(use, n)
    client = open_client()
    exe, x = compiled(client), upload(client, floats("x"))
    for tag in 0:n - 1
        y, done = execute_async(exe, x)
        use(tag, done)
        close(y)
    end
end

closing("completion_queue") do
    queue, n, taken = made(PjrtEasy.CompletionQueue()), input_int("n"), Int[]
    started_runs(n) do tag, done
        push!(queue, done, tag)
        close(done)
    end
    while length(taken) < n
        for (tag, error) in take!(queue; capacity = 16)
            error === nothing || throw(error)
            push!(taken, tag)
        end
    end
    isempty(take!(queue; timeout = 0)) || error("more completions than runs")
    put("tags", sort(taken))
end

closing("completion_queue_error") do
    queue, promise = made(PjrtEasy.CompletionQueue()), made(Event())
    push!(queue, promise, 7)
    notify(promise, PjrtError(PjrtEasy.UNAVAILABLE, "as asked"))
    (tag, error), = take!(queue)
    put("tag", tag)
    put("code", string(error.code))
end

closing("many_pending_waits") do
    waits = Task[]
    started_runs(input_int("n")) do _, done
        push!(waits, @async begin
            wait(done)
            close(done)
            true
        end)
    end
    put("good", count(fetch, waits))
end
