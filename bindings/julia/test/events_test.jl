# Events, tasks that wait, promises, queues, and the end of the process with work under way.

case("promises: ready, failed, waited for by several tasks") do
    promise = PjrtEasy.Event()
    @test !isready(promise) && string(promise) == "Event(pending)"
    waiting = [@async wait(promise) for _ in 1:10]
    sleep(0.01)
    @test !any(istaskdone, waiting)
    notify(promise)
    foreach(wait, waiting)
    @test isready(promise) && string(promise) == "Event(ready)" && wait(promise) === nothing
    @test code(() -> notify(promise)) == PjrtEasy.FAILED_PRECONDITION
    failing = PjrtEasy.Event()
    task = @async code(() -> wait(failing))
    notify(failing, PjrtError(PjrtEasy.NOT_FOUND, "nothing"))
    @test fetch(task) == PjrtEasy.NOT_FOUND && occursin("NOT_FOUND", string(failing))
    odd = PjrtEasy.Event()
    notify(odd, ErrorException("not one of ours"))
    @test code(() -> wait(odd)) == PjrtEasy.INTERNAL
end

case("timeouts end the wait and nothing else") do
    promise = PjrtEasy.Event()
    for timeout in (0, 0.001, 0.02, 0.02)
        error = refused(() -> wait(promise; timeout = timeout))
        @test error.code == PjrtEasy.DEADLINE_EXCEEDED && error.source == "pje_event_wait_for"
    end
    # A long wait beside a short one sleeps on.
    long = @async wait(promise; timeout = 20)
    @test code(() -> wait(promise; timeout = 0.01)) == PjrtEasy.DEADLINE_EXCEEDED
    @test !istaskdone(long)
    notify(promise)
    @test wait(long) === nothing && wait(promise; timeout = 0) === nothing
end

case("other tasks run while one waits, and a wait can be given up") do
    promise, counter = PjrtEasy.Event(), Ref(0)
    waiting = @async try
        wait(promise)
    catch error
        error
    end
    other = @async for _ in 1:100
        counter[] += 1
        yield()
    end
    wait(other)
    @test counter[] == 100 && !istaskdone(waiting)
    schedule(waiting, InterruptException(); error = true)
    @test fetch(waiting) isa InterruptException
    notify(promise)
    @test wait(promise) === nothing
end

case("all and any") do
    members = [PjrtEasy.Event() for _ in 1:3]
    all_ready, (any_ready, index) = PjrtEasy.all_of(members), PjrtEasy.any_of(members)
    notify(members[2])
    wait(any_ready)
    @test index[] == 2 && !isready(all_ready)
    notify(members[3], PjrtError(PjrtEasy.ABORTED, "three"))
    notify(members[1], PjrtError(PjrtEasy.INTERNAL, "one"))
    @test code(() -> wait(all_ready)) == PjrtEasy.INTERNAL
    @test isready(PjrtEasy.all_of([])) && code(() -> PjrtEasy.any_of([])) == PjrtEasy.INVALID_ARGUMENT
    # The number is written behind the back of a caller that dropped everything.
    for _ in 1:100
        PjrtEasy.any_of([PjrtEasy.Event(), members[1]])
    end
    GC.gc()
end

case("a promise that is dropped") do
    promise = PjrtEasy.Event()
    all_ready = PjrtEasy.all_of([promise])
    close(promise)
    @test code(() -> wait(all_ready)) == PjrtEasy.CANCELLED
    @test code(() -> isready(promise)) == PjrtEasy.INVALID_ARGUMENT
end

case("queues of one's own") do
    queue, promises = PjrtEasy.CompletionQueue(), [PjrtEasy.Event() for _ in 1:3]
    foreach((promise, tag) -> push!(queue, promise, tag), promises, 10:12)
    @test isempty(take!(queue; timeout = 0)) && isempty(take!(queue; timeout = 0.01))
    task = @async take!(queue)
    sleep(0.01)
    notify(promises[2], PjrtError(PjrtEasy.UNAVAILABLE, "later"))
    (tag, error), = fetch(task)
    @test tag == 11 && error.code == PjrtEasy.UNAVAILABLE
    notify(promises[1])
    notify(promises[3])
    @test take!(queue; capacity = 1) == [UInt64(10) => nothing] && take!(queue) == [UInt64(12) => nothing]
    PjrtEasy.wake(queue)
    @test isempty(take!(queue))
    PjrtEasy.shut(queue)
    @test code(() -> push!(queue, promises[1], 1)) == PjrtEasy.FAILED_PRECONDITION
    @test string(queue) == "CompletionQueue()"
end

const SLOW = "delay=PJRT_LoadedExecutable_Execute:30ms;workers=4"
const START = """
    client = fake()
    exe, x = compile(client, IDENTITY), Buffer(client, Float32[1, 2, 3, 4])
    """

case("a thousand waits for slow runs, in one thread of Julia") do
    done = in_own_process("""
        $START
        tasks = [@async Array(exe(x)) for _ in 1:1000]
        threads = length(readdir("/proc/self/task"))
        print(all(task -> fetch(task) == Float32[1, 2, 3, 4], tasks), ' ', threads < 20)
        """; fake = "delay=PJRT_LoadedExecutable_Execute:20ms;workers=2")
    @test done.output == "true true"
end

case("waits on several threads of Julia, with collections in between") do
    done = in_own_process("""
        $START
        sums = zeros(4)
        @sync for t in 1:4
            Threads.@spawn for i in 1:50
                y, event = execute_async(exe, x)
                i % 10 == 0 && GC.gc(false)
                wait(event)
                sums[t] += sum(Array(y))
            end
        end
        print(sums == fill(500.0, 4))
        """; fake = "delay=PJRT_LoadedExecutable_Execute:1ms", threads = 3)
    @test done.output == "true"
end

case("the process ends well with runs, waits and zero-copy memory pending") do
    for ending in ("exit(0)", "", "close(client); exit(0)")
        done = in_own_process("""
            $START
            for _ in 1:5
                y, event = execute_async(exe, x)
                @async wait(event)
            end
            kept = Buffer(client, zeros(Float32, 4096); zero_copy = true)
            @async wait(PjrtEasy.Event())
            yield()
            print("end")
            $ending
            """; fake = SLOW)
        @test done.output == "end" && done.status == 0 && done.signal == 0
    end
end

case("an error that comes late reaches the wait, the read and the next run") do
    done = in_own_process("""
        $START
        y, event = execute_async(exe, x)
        z, last = execute_async(exe, y)
        print(code(() -> wait(event)), ' ', code(() -> Array(y)), ' ', code(() -> wait(y)), ' ', code(() -> Array(z)) != PjrtEasy.OK)
        """; fake = "late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:gone;delay=PJRT_LoadedExecutable_Execute:10ms")
    @test done.output == "DATA_LOSS DATA_LOSS DATA_LOSS true"
end
