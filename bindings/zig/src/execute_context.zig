//! Contexts of runs: what a plugin hands to the custom calls of a program.

const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const Plugin = @import("plugin.zig").Plugin;

/// One may serve several runs, also at the same time.
pub const ExecuteContext = struct {
    handle: *c.pje_execute_context,

    pub const format = describe.formatter(ExecuteContext, c.pje_execute_context_describe);

    pub fn init(of: Plugin) errors.Error!ExecuteContext {
        return .{ .handle = try errors.make(c.pje_execute_context, of.diagnostics, c.pje_execute_context_create, .{of.handle}) };
    }

    /// Runs keep their context until they have ended.
    pub fn deinit(self: *ExecuteContext) void {
        c.pje_execute_context_release(self.handle);
        self.* = undefined;
    }

    /// Borrowed: do not `deinit`.
    pub fn plugin(self: ExecuteContext) Plugin {
        return .{ .handle = c.pje_execute_context_plugin(self.handle).? };
    }
};
