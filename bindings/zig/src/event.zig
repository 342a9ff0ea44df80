//! Things that finish later.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;

pub const Event = struct {
    handle: *c.pje_event,
    diagnostics: ?*Diagnostics = null,

    /// A promise: ready once `set` is called. Released unset, its waiters get `error.Cancelled`.
    pub fn promise(diagnostics: ?*Diagnostics) Error!Event {
        var handle: ?*c.pje_event = null;
        try check(diagnostics, c.pje_event_create(&handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    /// Ready when all are; with no events at once. Its error is that of the lowest index that failed.
    pub fn all(events: []const *c.pje_event, diagnostics: ?*Diagnostics) Error!Event {
        var handle: ?*c.pje_event = null;
        try check(diagnostics, c.pje_event_all(@ptrCast(events.ptr), events.len, &handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    /// Ready when the first is; `index` must live until then and receives which one it was.
    pub fn any(events: []const *c.pje_event, index: ?*usize, diagnostics: ?*Diagnostics) Error!Event {
        var handle: ?*c.pje_event = null;
        try check(diagnostics, c.pje_event_any(@ptrCast(events.ptr), events.len, &handle, index));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    pub fn deinit(self: *Event) void {
        c.pje_event_release(self.handle);
        self.* = undefined;
    }

    /// Keeps or breaks a promise, once.
    pub fn set(self: Event, failure: ?errors.Failure) Error!void {
        try check(self.diagnostics, c.pje_event_set(self.handle, if (failure) |some| some.handle else null));
    }

    pub fn isReady(self: Event) bool {
        return c.pje_event_is_ready(self.handle);
    }

    /// Waits; returns the event's own error, if it has one.
    pub fn wait(self: Event) Error!void {
        try check(self.diagnostics, c.pje_event_wait(self.handle));
    }

    /// `error.DeadlineExceeded` when the time is over first: the event goes on.
    pub fn waitFor(self: Event, timeout_ns: i64) Error!void {
        try check(self.diagnostics, c.pje_event_wait_for(self.handle, timeout_ns));
    }

    /// The outcome of a ready event.
    pub fn outcome(self: Event) Error!void {
        try check(self.diagnostics, c.pje_event_error(self.handle));
    }

    /// Runs `function(context)` once, on a thread of the plugin or inside this call. Only callback-safe functions work there.
    pub fn onReady(self: Event, comptime Context: type, context: *Context, comptime function: fn (*Context) void) Error!void {
        try check(self.diagnostics, c.pje_event_on_ready(self.handle, trampoline(Context, function), context));
    }

    /// Runs `function(context)` on the library's dispatcher thread once the event is ready: everything but waiting works
    /// there. The event that is returned is ready after it.
    pub fn then(self: Event, comptime Context: type, context: *Context, comptime function: fn (*Context) void) Error!Event {
        var handle: ?*c.pje_event = null;
        try check(self.diagnostics, c.pje_event_then(self.handle, trampoline(Context, function), context, &handle));
        return .{ .handle = handle.?, .diagnostics = self.diagnostics };
    }

    fn trampoline(comptime Context: type, comptime function: fn (*Context) void) *const fn (?*anyopaque) callconv(.c) void {
        return &struct {
            fn call(data: ?*anyopaque) callconv(.c) void {
                function(@ptrCast(@alignCast(data.?)));
            }
        }.call;
    }
};

/// Completions with tags, taken in batches.
pub const CompletionQueue = struct {
    handle: *c.pje_completion_queue,
    diagnostics: ?*Diagnostics = null,

    pub const most_at_once = 64;
    pub const Completion = struct { tag: u64, outcome: Error!void };

    pub fn init(diagnostics: ?*Diagnostics) Error!CompletionQueue {
        var handle: ?*c.pje_completion_queue = null;
        try check(diagnostics, c.pje_completion_queue_create(&handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    pub fn deinit(self: *CompletionQueue) void {
        c.pje_completion_queue_release(self.handle);
        self.* = undefined;
    }

    pub fn add(self: CompletionQueue, event: Event, tag: u64) Error!void {
        try check(self.diagnostics, c.pje_completion_queue_add(self.handle, event.handle, tag));
    }

    /// Fills part of `into`; none when the time is over. At most `most_at_once` at a time.
    pub fn next(self: CompletionQueue, timeout_ns: i64, into: []Completion) Error![]Completion {
        var tags: [most_at_once]u64 = undefined;
        var failures: [most_at_once]?*c.pje_error = undefined;
        var count: usize = 0;
        const capacity = @min(into.len, most_at_once);
        try check(self.diagnostics, c.pje_completion_queue_next(self.handle, timeout_ns, capacity, &tags, @ptrCast(&failures), &count));
        for (into[0..count], tags[0..count], failures[0..count]) |*completion, tag, failure| {
            completion.* = .{ .tag = tag, .outcome = check(self.diagnostics, failure) };
        }
        return into[0..count];
    }

    /// Readable while something is queued. Borrowed.
    pub fn fd(self: CompletionQueue) i32 {
        return c.pje_completion_queue_fd(self.handle);
    }

    pub fn wake(self: CompletionQueue) Error!void {
        try check(self.diagnostics, c.pje_completion_queue_wake(self.handle));
    }

    pub fn close(self: CompletionQueue) void {
        c.pje_completion_queue_close(self.handle);
    }
};
