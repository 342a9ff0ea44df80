//! Errors of the library as a Zig error set, and what they say.

const std = @import("std");
const c = @import("c");
const describe = @import("describe.zig");

/// The sixteen codes. `Unknown` also stands for numbers that have no name.
pub const Error = error{
    Cancelled,
    Unknown,
    InvalidArgument,
    DeadlineExceeded,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    ResourceExhausted,
    FailedPrecondition,
    Aborted,
    OutOfRange,
    Unimplemented,
    Internal,
    Unavailable,
    DataLoss,
    Unauthenticated,
};

/// In the order of their numbers, from 1 on.
pub const all_errors = [_]Error{
    error.Cancelled,        error.Unknown,           error.InvalidArgument,
    error.DeadlineExceeded, error.NotFound,          error.AlreadyExists,
    error.PermissionDenied, error.ResourceExhausted, error.FailedPrecondition,
    error.Aborted,          error.OutOfRange,        error.Unimplemented,
    error.Internal,         error.Unavailable,       error.DataLoss,
    error.Unauthenticated,
};

/// Number of an error: 1 to 16, PJRT's own.
pub fn codeOf(failure: Error) u32 {
    for (all_errors, 1..) |candidate, number| {
        if (candidate == failure) return @intCast(number);
    }
    unreachable;
}

/// "INVALID_ARGUMENT"; "OK" for null.
pub fn codeName(failure: ?Error) [:0]const u8 {
    const number: c.pje_code = if (failure) |some| @intCast(codeOf(some)) else 0;
    return std.mem.span(c.pje_code_name(number));
}

/// What the last error said that was given to it. Give one to `Client.open` or `Plugin.load`; what they make hands it on.
/// One thread at a time: `withDiagnostics` gives an object another one for another thread.
pub const Diagnostics = struct {
    code: ?Error = null,
    message_buffer: [513]u8 = undefined,
    message_len: usize = 0,
    function_buffer: [128]u8 = undefined,
    function_len: usize = 0,
    /// Whether to keep the error itself in `failure`, with all of its text and its payloads. Then `deinit` is needed.
    keep: bool = false,
    failure: ?Failure = null,

    /// Gives back the error that `keep` has kept.
    pub fn deinit(self: *Diagnostics) void {
        self.clear();
    }

    /// One line: "PJRT_Client_Compile: INVALID_ARGUMENT: …".
    pub fn message(self: *const Diagnostics) []const u8 {
        return self.message_buffer[0..self.message_len];
    }

    /// "PJRT_…" when the plugin failed, "pje_…" when the library refused.
    pub fn function(self: *const Diagnostics) []const u8 {
        return self.function_buffer[0..self.function_len];
    }

    pub fn clear(self: *Diagnostics) void {
        if (self.failure) |*former| former.deinit();
        self.* = .{ .keep = self.keep };
    }

    fn note(self: *Diagnostics, failure: Error, raw: *const c.pje_error) void {
        self.clear();
        if (self.keep) self.failure = .{ .handle = c.pje_error_retain(raw).? };
        self.code = failure;
        self.message_len = copy(&self.message_buffer, c.pje_error_message(raw));
        self.function_len = copy(&self.function_buffer, c.pje_error_function(raw));
    }

    fn copy(into: []u8, text: [*c]const u8) usize {
        const whole = std.mem.span(text);
        const size = @min(whole.len, into.len);
        @memcpy(into[0..size], whole[0..size]);
        return size;
    }
};

/// The Zig error of one of the library's.
pub fn errorOf(raw: *const c.pje_error) Error {
    return errorOfCode(c.pje_error_code(raw)) orelse error.Unknown;
}

/// Null for OK.
pub fn errorOfCode(code: c.pje_code) ?Error {
    const number: u32 = @intCast(code);
    if (number == 0) return null;
    return if (number > all_errors.len) error.Unknown else all_errors[number - 1];
}

/// Turns an error of the library into a Zig error, and releases it.
pub fn check(diagnostics: ?*Diagnostics, raw: ?*c.pje_error) Error!void {
    const failed = raw orelse return;
    defer c.pje_error_release(failed);
    const failure = errorOf(failed);
    if (diagnostics) |notes| notes.note(failure, failed);
    return failure;
}

/// An error of the library for one that a function of the program has given to it.
pub fn toRaw(failure: Error) ?*c.pje_error {
    return c.pje_error_create(@intCast(codeOf(failure)), @errorName(failure));
}

/// Refuses an argument on this side of the library.
pub fn refuse(diagnostics: ?*Diagnostics, text: [:0]const u8) Error {
    return report(diagnostics, c.PJE_INVALID_ARGUMENT, text);
}

/// The host has no memory left.
pub fn refuseMemory(diagnostics: ?*Diagnostics) Error {
    return report(diagnostics, c.PJE_RESOURCE_EXHAUSTED, "no memory for a list of handles");
}

fn report(diagnostics: ?*Diagnostics, code: c.pje_code, text: [:0]const u8) Error {
    check(diagnostics, c.pje_error_create(code, text.ptr)) catch |failure| return failure;
    unreachable;
}

/// Calls a function whose last argument is where it writes the object that it makes, and gives that object.
pub fn make(comptime T: type, diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!*T {
    var handle: ?*T = null;
    try check(diagnostics, @call(.auto, function, arguments ++ .{&handle}));
    return handle.?;
}

/// An error object of the library: what `Event.set` takes, and what carries payloads.
pub const Failure = struct {
    handle: *c.pje_error,

    pub fn init(failure: Error, text: [:0]const u8) Failure {
        return .{ .handle = c.pje_error_create(@intCast(codeOf(failure)), text.ptr).? };
    }

    pub fn deinit(self: *Failure) void {
        c.pje_error_release(self.handle);
        self.* = undefined;
    }

    pub const format = describe.formatter(Failure, c.pje_error_describe);

    pub fn code(self: Failure) Error {
        return errorOf(self.handle);
    }

    pub fn message(self: Failure) [:0]const u8 {
        return std.mem.span(c.pje_error_message(self.handle));
    }

    pub fn function(self: Failure) [:0]const u8 {
        return std.mem.span(c.pje_error_function(self.handle));
    }

    /// The whole text, of several lines maybe.
    pub fn detail(self: Failure) [:0]const u8 {
        return std.mem.span(c.pje_error_detail(self.handle));
    }

    pub const Payload = struct { key: [:0]const u8, data: []const u8 };

    pub fn numPayloads(self: Failure) usize {
        return c.pje_error_num_payloads(self.handle);
    }

    pub fn payload(self: Failure, index: usize) ?Payload {
        var key: [*c]const u8 = null;
        var data: ?*const anyopaque = null;
        var size: usize = 0;
        if (!c.pje_error_payload(self.handle, index, &key, &data, &size)) return null;
        const bytes: [*]const u8 = if (data) |some| @ptrCast(some) else &.{};
        return .{ .key = std.mem.span(key), .data = bytes[0..size] };
    }
};
