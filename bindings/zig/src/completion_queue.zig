//! Events taken in batches as they become ready.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const events = @import("event.zig");

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const Event = events.Event;
const Callback = events.Callback;
const check = errors.check;
const make = errors.make;

/// Completions with tags, taken in batches.
pub const CompletionQueue = struct {
    handle: *c.pje_completion_queue,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(CompletionQueue, c.pje_completion_queue_describe);

    pub const most_at_once = 64;
    pub const Completion = struct { tag: u64, outcome: Error!void };

    pub fn init(diagnostics: ?*Diagnostics) Error!CompletionQueue {
        const handle = try make(c.pje_completion_queue, diagnostics, c.pje_completion_queue_create, .{});
        return .{ .handle = handle, .diagnostics = diagnostics };
    }

    pub fn deinit(self: *CompletionQueue) void {
        c.pje_completion_queue_release(self.handle);
        self.* = undefined;
    }

    /// The event comes back under `tag` once it is ready, also when it has been released before.
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

    /// Calls `callback` whenever the empty queue gets something; null ends it.
    pub fn onNonempty(self: CompletionQueue, callback: ?Callback) Error!void {
        const wanted = callback orelse Callback.none;
        try check(self.diagnostics, c.pje_completion_queue_on_nonempty(self.handle, wanted.function, wanted.context));
    }

    /// Ends one `next` early.
    pub fn wake(self: CompletionQueue) Error!void {
        try check(self.diagnostics, c.pje_completion_queue_wake(self.handle));
    }

    pub fn close(self: CompletionQueue) void {
        c.pje_completion_queue_close(self.handle);
    }
};
