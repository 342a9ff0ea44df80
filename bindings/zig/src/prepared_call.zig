//! Runs that are set up once.

const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const Buffer = @import("buffer.zig").Buffer;
const Event = @import("event.zig").Event;
const Executable = @import("executable.zig").Executable;
const ExecuteOptions = @import("executable.zig").ExecuteOptions;

const Error = errors.Error;
const check = errors.check;
const make = errors.make;

/// An executable with options and slots for arguments and outputs. One thread at a time.
pub const PreparedCall = struct {
    handle: *c.pje_prepared_call,
    diagnostics: ?*errors.Diagnostics = null,

    pub const format = describe.formatter(PreparedCall, c.pje_prepared_call_describe);

    pub fn init(of: Executable, options: ExecuteOptions) Error!PreparedCall {
        var place: c.pje_execute_options = undefined;
        const raw = options.raw(&place);
        const handle = try make(c.pje_prepared_call, of.diagnostics, c.pje_prepared_call_create, .{ of.handle, raw });
        return .{ .handle = handle, .diagnostics = of.diagnostics };
    }

    /// A run in progress goes on.
    pub fn deinit(self: *PreparedCall) void {
        c.pje_prepared_call_release(self.handle);
        self.* = undefined;
    }

    /// Borrowed: do not `deinit`.
    pub fn executable(self: PreparedCall) Executable {
        return .{ .handle = c.pje_prepared_call_executable(self.handle).?, .diagnostics = self.diagnostics };
    }

    pub fn numArgs(self: PreparedCall) usize {
        return c.pje_prepared_call_num_args(self.handle);
    }

    pub fn numOutputs(self: PreparedCall) usize {
        return c.pje_prepared_call_num_outputs(self.handle);
    }

    /// For all runs to come; the call keeps the buffer. Null empties the slot.
    pub fn setArg(self: PreparedCall, index: usize, argument: ?Buffer) Error!void {
        try check(self.diagnostics, c.pje_prepared_call_set_arg(self.handle, index, if (argument) |some| some.handle else null));
    }

    /// Borrowed until the slot is set again: do not `deinit`.
    pub fn arg(self: PreparedCall, index: usize) ?Buffer {
        return self.borrowed(c.pje_prepared_call_arg(self.handle, index));
    }

    /// An output of the last run. Borrowed until the next: do not `deinit`.
    pub fn output(self: PreparedCall, index: usize) ?Buffer {
        return self.borrowed(c.pje_prepared_call_output(self.handle, index));
    }

    fn borrowed(self: PreparedCall, handle: ?*c.pje_buffer) ?Buffer {
        return if (handle) |some| .{ .handle = some, .diagnostics = self.diagnostics } else null;
    }

    /// Runs and waits; the outputs of the run before are gone.
    pub fn run(self: PreparedCall) Error!void {
        try check(self.diagnostics, c.pje_prepared_call_run(self.handle));
    }

    /// Without waiting: outputs may be used at once, and the call may be run again.
    pub fn runAsync(self: PreparedCall) Error!Event {
        return .{ .handle = try make(c.pje_event, self.diagnostics, c.pje_prepared_call_run_async, .{self.handle}), .diagnostics = self.diagnostics };
    }
};
