//! The library itself: what it logs, what is alive, how many threads it has.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const RequestQueue = @import("request_queue.zig").RequestQueue;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;

/// Version of the library that is loaded, such as "0.1.0".
pub fn version() [:0]const u8 {
    return std.mem.span(c.pje_version());
}

/// Whether the library that is loaded has the version of the header that this was built with.
pub fn versionMatches() bool {
    return c.pje_version_number() == c.PJE_VERSION_NUMBER;
}

/// What a line of the log is about.
pub const LogKind = enum(i32) { misuse = 1, plugin_error = 2, notice = 3, leak = 4, plugin_output = 5, _ };

/// One line of the log, borrowed for the call.
pub const LogLine = struct {
    kind: LogKind,
    /// Null for lines that are no errors.
    code: ?Error,
    /// Who failed; "" when nobody did.
    function: [:0]const u8,
    message: [:0]const u8,
};

/// Gives every further line of the log to `function(context, line)` instead of stderr. It runs on any thread, several at once,
/// and only callback-safe functions of the library work there.
pub fn onLog(comptime Context: type, context: *Context, comptime function: fn (*Context, LogLine) void, diagnostics: ?*Diagnostics) Error!void {
    const trampoline = struct {
        fn call(data: ?*anyopaque, kind: i32, code: c.pje_code, from: [*c]const u8, message: [*c]const u8) callconv(.c) void {
            function(@ptrCast(@alignCast(data.?)), .{
                .kind = @enumFromInt(kind),
                .code = errors.errorOfCode(code),
                .function = std.mem.span(from),
                .message = std.mem.span(message),
            });
        }
    };
    try check(diagnostics, c.pje_log_set_callback(trampoline.call, context));
}

/// Gives every further line of the log to a queue instead, as a request of kind `log`; no thread waits for its answer.
pub fn logToQueue(queue: RequestQueue, diagnostics: ?*Diagnostics) Error!void {
    try check(diagnostics, c.pje_log_set_queue(queue.handle));
}

/// To stderr again; when this returns, no function of `onLog` is running.
pub fn clearLog(diagnostics: ?*Diagnostics) Error!void {
    try check(diagnostics, c.pje_log_set_callback(null, null));
}

/// Whether what the process writes to stderr, which is how plugins log, becomes lines of the log.
pub fn captureStderr(capture: bool, diagnostics: ?*Diagnostics) Error!void {
    try check(diagnostics, c.pje_log_capture_stderr(capture));
}

/// From which level on plugins that are loaded later write lines: 0 everything, 3 fatal errors only.
pub fn setPluginLogLevel(level: i32, diagnostics: ?*Diagnostics) Error!void {
    try check(diagnostics, c.pje_log_set_plugin_level(level));
}

/// Wrong handles given to functions that return no error.
pub fn misuseCount() u64 {
    return c.pje_misuse_count();
}

/// Objects of a type, such as "pje_buffer", that the program holds; null for all types.
pub fn liveObjects(kind: ?[:0]const u8) u64 {
    return c.pje_live_objects(if (kind) |some| some.ptr else null);
}

/// Logs every object that the program holds, and gives their number.
pub fn leakReport() u64 {
    return c.pje_leak_report();
}

/// How many threads may run asynchronous calls, and as many again launches, at a time.
pub fn setPoolThreads(count: usize, diagnostics: ?*Diagnostics) Error!void {
    try check(diagnostics, c.pje_pool_set_num_threads(count));
}

pub fn poolThreads() usize {
    return c.pje_pool_num_threads();
}
