# Lines of the log, which come on threads that no code of Julia may run on. In processes of their own, as others count misuse.

logged(script) = in_own_process("""
    misuse() = Raw.pje_buffer_rank(Ptr{Raw.pje_buffer}(C_NULL))
    elsewhere() = @threadcall((:pje_buffer_dtype, Raw.LIBRARY), Int32, (Ptr{Cvoid},), C_NULL)
    $script
    """; threads = 2)

case("lines of the log, and what is written to stderr, are taken by a task in order, whatever thread they come from") do
    ran = logged("""
        lines, threads = PjrtEasy.LogLine[], Set{Int}()
        PjrtEasy.on_log() do line
            yield()
            push!(threads, Threads.threadid())
            push!(lines, line)
        end
        foreach(_ -> misuse(), 1:70)
        elsewhere()
        PjrtEasy.capture_stderr(true)
        ccall(:write, Cssize_t, (Cint, Ptr{UInt8}, Csize_t), 2, "a plugin\\n", 9)
        print(code(() -> PjrtEasy.capture_stderr(true)), ' ')
        PjrtEasy.capture_stderr(false)
        PjrtEasy.on_log(nothing)
        print([line.source for line in lines] == [fill("pje_buffer_rank", 70); "pje_buffer_dtype"; ""], ' ', threads)
        foreach(line -> print('\\n', (line.kind, line.code, line.message)), (lines[1], lines[end]))
        elsewhere()
        """)
    @test ran.output == """
        FAILED_PRECONDITION true Set([1])
        (PjrtEasy.LOG_MISUSE, PjrtEasy.INVALID_ARGUMENT, "pje_buffer_rank: argument \\"buffer\\" is NULL: expected a pje_buffer")
        (PjrtEasy.LOG_PLUGIN_OUTPUT, PjrtEasy.OK, "a plugin")"""
    @test occursin(r"^pjrt_easy: pje_buffer_dtype: .*\n$", ran.errors)
end

case("lines are taken without being asked for, also those that are left at the end, and none is lost when a function throws") do
    ran = logged("""
        more = Channel{PjrtEasy.LogLine}(Inf)
        PjrtEasy.on_log(line -> put!(more, line))
        elsewhere()
        print(take!(more).source, ' ')
        PjrtEasy.on_log() do line
            print(line.source)
            error("no")
        end
        misuse()
        exit(0)
        """)
    @test ran.output == "pje_buffer_dtype pje_buffer_rank"
    @test occursin(r"^pjrt_easy: pje_buffer_rank: .*\nPjrtEasy.on_log: no\n$", ran.errors)
end
