//! Questions that wait for an answer, taken by a thread of the program's own choice.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const bytes = @import("bytes.zig");
const Callback = @import("event.zig").Callback;
const NamedValues = @import("named_values.zig").NamedValues;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

pub const RequestQueue = struct {
    handle: *c.pje_request_queue,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(RequestQueue, c.pje_request_queue_describe);

    /// What a request asks for; `user` and what follows are the program's own.
    pub const Kind = enum(i32) { invalid = 0, kv_get = 1, kv_try_get = 2, kv_put = 3, send = 4, receive = 5, output = 6, log = 7, user = 1000, _ };

    pub fn init(diagnostics: ?*Diagnostics) Error!RequestQueue {
        return .{ .handle = try make(c.pje_request_queue, diagnostics, c.pje_request_queue_create, .{}), .diagnostics = diagnostics };
    }

    pub fn deinit(self: *RequestQueue) void {
        c.pje_request_queue_release(self.handle);
        self.* = undefined;
    }

    /// Takes ids of requests, each of which must be answered; none when the time is over. A negative timeout waits for ever.
    /// `error.FailedPrecondition` once the queue is closed and empty.
    pub fn next(self: RequestQueue, timeout_ns: i64, into: []u64) Error![]u64 {
        var count: usize = 0;
        try check(self.diagnostics, c.pje_request_queue_next(self.handle, timeout_ns, into.len, into.ptr, &count));
        return into[0..count];
    }

    pub fn kind(self: RequestQueue, id: u64) Kind {
        return @enumFromInt(c.pje_request_queue_kind(self.handle, id));
    }

    /// Nanoseconds until the asker gives up; null when it never will.
    pub fn timeLeft(self: RequestQueue, id: u64) ?i64 {
        const left = c.pje_request_queue_time_left(self.handle, id);
        return if (left < 0) null else left;
    }

    /// The request's values. Borrowed until the answer: do not `deinit`.
    pub fn values(self: RequestQueue, id: u64) ?NamedValues {
        const handle = c.pje_request_queue_values(self.handle, id) orelse return null;
        return .{ .handle = @constCast(handle), .diagnostics = self.diagnostics };
    }

    /// The request's data. Borrowed until the answer.
    pub fn data(self: RequestQueue, id: u64) []const u8 {
        var size: usize = 0;
        return bytes.bytesAt(c.pje_request_queue_data(self.handle, id, &size), size);
    }

    /// Answers with a copy of `content`.
    pub fn answer(self: RequestQueue, id: u64, content: []const u8) Error!void {
        try check(self.diagnostics, c.pje_request_queue_answer(self.handle, id, content.ptr, content.len, null));
    }

    pub fn refuse(self: RequestQueue, id: u64, failure: errors.Failure) Error!void {
        try check(self.diagnostics, c.pje_request_queue_answer(self.handle, id, null, 0, failure.handle));
    }

    /// Asks, and waits for the answer on this thread. A negative timeout waits for ever.
    pub fn ask(self: RequestQueue, wanted: Kind, with: ?NamedValues, content: []const u8, timeout_ns: i64) Error!bytes.Bytes {
        const given = if (with) |some| some.handle else null;
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_request_queue_ask, .{ self.handle, @intFromEnum(wanted), given, content.ptr, content.len, timeout_ns }) };
    }

    /// Calls `callback` whenever the empty queue gets a request; null ends it.
    pub fn onRequest(self: RequestQueue, callback: ?Callback) Error!void {
        const wanted = callback orelse Callback.none;
        try check(self.diagnostics, c.pje_request_queue_on_request(self.handle, wanted.function, wanted.context));
    }

    /// Readable while a request is queued. Borrowed.
    pub fn fd(self: RequestQueue) i32 {
        return c.pje_request_queue_fd(self.handle);
    }

    /// Ends one `next` early.
    pub fn wake(self: RequestQueue) Error!void {
        try check(self.diagnostics, c.pje_request_queue_wake(self.handle));
    }

    /// Every asker gets `error.Cancelled`, now and in future.
    pub fn close(self: RequestQueue) void {
        c.pje_request_queue_close(self.handle);
    }
};
