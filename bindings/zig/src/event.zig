//! Things that finish later, and functions that are called back.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const Handles = @import("handles.zig").Handles;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// A function with what it is called with. It runs on a thread of the plugin or inside the call that causes it: only
/// callback-safe functions of the library work there.
pub const Callback = struct {
    function: ?*const fn (?*anyopaque) callconv(.c) void,
    context: ?*anyopaque,

    /// Calls nothing.
    pub const none: Callback = .{ .function = null, .context = null };

    /// `context` must live until the function has run.
    pub fn of(comptime Context: type, context: *Context, comptime function: fn (*Context) void) Callback {
        return .{ .context = context, .function = &struct {
            fn call(data: ?*anyopaque) callconv(.c) void {
                function(@ptrCast(@alignCast(data.?)));
            }
        }.call };
    }
};

/// A future: of a run, of a transfer, or a promise of the program's own.
pub const Event = struct {
    handle: *c.pje_event,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Event, c.pje_event_describe);

    /// A promise: ready once `set` is called. Released unset, its waiters get `error.Cancelled`.
    pub fn promise(diagnostics: ?*Diagnostics) Error!Event {
        return of(diagnostics, c.pje_event_create, .{});
    }

    /// Ready when all are; with no events at once. Its error is that of the lowest index that failed.
    pub fn all(events: []const Event, diagnostics: ?*Diagnostics) Error!Event {
        var handles: Handles(c.pje_event) = undefined;
        const list = try handles.of(events, diagnostics);
        defer handles.give();
        return of(diagnostics, c.pje_event_all, .{ list.ptr, list.len });
    }

    /// Ready when the first is; `index` must live until then and receives which one it was.
    pub fn any(events: []const Event, index: ?*usize, diagnostics: ?*Diagnostics) Error!Event {
        var handles: Handles(c.pje_event) = undefined;
        const list = try handles.of(events, diagnostics);
        defer handles.give();
        var handle: ?*c.pje_event = null;
        try check(diagnostics, c.pje_event_any(list.ptr, list.len, &handle, index));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    fn of(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!Event {
        return .{ .handle = try make(c.pje_event, diagnostics, function, arguments), .diagnostics = diagnostics };
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
        const callback = Callback.of(Context, context, function);
        try check(self.diagnostics, c.pje_event_on_ready(self.handle, callback.function, callback.context));
    }

    /// Runs `function(context)` on the library's dispatcher thread once the event is ready: everything but waiting works
    /// there. The event that is returned is ready after it.
    pub fn then(self: Event, comptime Context: type, context: *Context, comptime function: fn (*Context) void) Error!Event {
        const callback = Callback.of(Context, context, function);
        return of(self.diagnostics, c.pje_event_then, .{ self.handle, callback.function, callback.context });
    }
};
