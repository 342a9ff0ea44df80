//! Objects that are being made on a thread of the library.

const c = @import("c");
const errors = @import("errors.zig");
const Event = @import("event.zig").Event;
const Bytes = @import("bytes.zig").Bytes;
const Compiled = @import("compiled.zig").Compiled;
const Executable = @import("executable.zig").Executable;

/// An object that is being made: `event` tells when it is there.
pub fn Pending(comptime T: type) type {
    return struct {
        event: Event,

        /// Gives the wait up; what is being made is dropped.
        pub fn deinit(self: *@This()) void {
            self.event.deinit();
        }

        /// Waits, and gives the object, which is the caller's.
        pub fn wait(self: @This()) errors.Error!T {
            try self.event.wait();
            return self.take();
        }

        /// The object, once the event is ready: `error.FailedPrecondition` before.
        pub fn take(self: @This()) errors.Error!T {
            const diagnostics = self.event.diagnostics;
            if (T == Bytes) return .{ .handle = try errors.make(c.pje_bytes, diagnostics, c.pje_event_get_bytes, .{self.event.handle}) };
            const handle = if (T == Compiled)
                try errors.make(c.pje_executable, diagnostics, c.pje_event_get_executable, .{self.event.handle})
            else
                try errors.make(c.pje_loaded_executable, diagnostics, c.pje_event_get_loaded_executable, .{self.event.handle});
            return .{ .handle = handle, .diagnostics = diagnostics };
        }
    };
}

/// Calls an `_async` function whose last arguments are a slot that is not wanted and the event.
pub fn start(comptime T: type, diagnostics: ?*errors.Diagnostics, comptime function: anytype, arguments: anytype) errors.Error!Pending(T) {
    const handle = try errors.make(c.pje_event, diagnostics, function, arguments ++ .{null});
    return .{ .event = .{ .handle = handle, .diagnostics = diagnostics } };
}
