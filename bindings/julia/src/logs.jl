# The log: lines come on whichever thread has something to say, where no code of Julia may run. The library queues them, and
# a task takes them.

"""
    PjrtEasy.LogKind

What a line of the log is about: `LOG_MISUSE` (a wrong handle), `LOG_PLUGIN_ERROR` (an error that no call could throw),
`LOG_NOTICE`, `LOG_LEAK` (an object that is still held), `LOG_PLUGIN_OUTPUT` (a line that was written to stderr).
"""
@enum LogKind::Int32 begin
    LOG_MISUSE = Raw.PJE_LOG_MISUSE
    LOG_PLUGIN_ERROR = Raw.PJE_LOG_PLUGIN_ERROR
    LOG_NOTICE = Raw.PJE_LOG_NOTICE
    LOG_LEAK = Raw.PJE_LOG_LEAK
    LOG_PLUGIN_OUTPUT = Raw.PJE_LOG_PLUGIN_OUTPUT
end

"""
    PjrtEasy.LogLine

A line of the log: `kind`, `code` (`OK` for lines that are no errors), `source` (who failed, `"PJRT_…"` or `"pje_…"`;
`""` when nobody did), `message`.
"""
struct LogLine
    kind::LogKind
    code::Code
    source::String
    message::String
end
LogLine(request::Request) = LogLine(LogKind(request.values["kind"]), Code(request.values["code"]),
    request.values["function"], String(copy(request.data)))

struct Log
    take::Any
    queue::RequestQueue
    lock::ReentrantLock  # lines are taken one after the other
end
const LOG = Ref{Union{Nothing,Log}}(nothing)
const LOG_LOCK = ReentrantLock()
const LOG_ENDS_AT_EXIT = Ref(false)

"""
    PjrtEasy.on_log(take)

Has `take(line)` called in a task with every further line of the library's log, one after the other, instead of having
them written to stderr; see `PjrtEasy.LogLine`. `nothing` in its place has them written there again, once the lines that
came before were taken. A line of which `take` throws goes to stderr too.
"""
function on_log(take)
    lock(LOG_LOCK) do
        on_log(nothing)
        log = Log(take, RequestQueue(), ReentrantLock())
        on_requests(() -> take_lines(log), log.queue)
        check(Raw.pje_log_set_queue(log.queue))
        LOG[] = log
        LOG_ENDS_AT_EXIT[] || atexit(() -> on_log(nothing))
        LOG_ENDS_AT_EXIT[] = true
    end
    return nothing
end

function on_log(::Nothing)
    lock(LOG_LOCK) do
        check(Raw.pje_log_set_queue(Ptr{Raw.pje_request_queue}(C_NULL)))
        log = LOG[]
        log === nothing && return
        LOG[] = nothing
        take_lines(log)
        close(log.queue)
    end
    return nothing
end

take_lines(log::Log) = lock(log.lock) do
    for id in requests(log.queue)
        answer(request -> (take_line(log.take, LogLine(request)); nothing), log.queue, id)
    end
end

function take_line(take, line::LogLine)
    try
        take(line)
    catch error
        print(stderr, "pjrt_easy: ", line.message, "\nPjrtEasy.on_log: ", sprint(showerror, error), '\n')
    end
end

"""
    PjrtEasy.capture_stderr(capture::Bool)

Whether what the process writes to file descriptor 2, which is how plugins log, becomes lines of the log, of the kind
`LOG_PLUGIN_OUTPUT`. With it the function given to `PjrtEasy.on_log` must not write there. Without one the lines go to
the former stderr.
"""
capture_stderr(capture::Bool) = check(Raw.pje_log_capture_stderr(capture))
