//! Bytes that the library has made.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");

pub const Bytes = struct {
    handle: *c.pje_bytes,

    pub const format = describe.formatter(Bytes, c.pje_bytes_describe);

    /// A copy of `content`, for callbacks that answer with bytes.
    pub fn init(content: []const u8, diagnostics: ?*errors.Diagnostics) errors.Error!Bytes {
        return .{ .handle = try errors.make(c.pje_bytes, diagnostics, c.pje_bytes_create, .{ content.ptr, content.len }) };
    }

    pub fn deinit(self: *Bytes) void {
        c.pje_bytes_release(self.handle);
        self.* = undefined;
    }

    /// Borrowed.
    pub fn data(self: Bytes) []const u8 {
        return bytesAt(c.pje_bytes_data(self.handle), c.pje_bytes_size(self.handle));
    }
};

/// Memory of the library as a slice; empty for null.
pub fn bytesAt(address: ?*const anyopaque, size: usize) []const u8 {
    const start: [*]const u8 = @ptrCast(address orelse return &.{});
    return start[0..size];
}
