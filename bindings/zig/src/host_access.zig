//! Several buffers read in one call, and contents looked at where they are.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const bytes = @import("bytes.zig");
const types = @import("types.zig");
const Buffer = @import("buffer.zig").Buffer;
const Event = @import("event.zig").Event;
const Handles = @import("handles.zig").Handles;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// A buffer's contents without a copy, to be read only. While it lives the contents cannot be deleted or donated.
pub const HostView = struct {
    handle: *c.pje_host_view,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(HostView, c.pje_host_view_describe);

    /// Waits for the contents; `error.Unimplemented` where the memory cannot be looked at.
    pub fn init(of: Buffer) Error!HostView {
        return .{ .handle = try make(c.pje_host_view, of.diagnostics, c.pje_buffer_host_view, .{of.handle}), .diagnostics = of.diagnostics };
    }

    pub fn deinit(self: *HostView) void {
        c.pje_host_view_release(self.handle);
        self.* = undefined;
    }

    /// Borrowed: do not `deinit`.
    pub fn buffer(self: HostView) Buffer {
        return .{ .handle = c.pje_host_view_buffer(self.handle).?, .diagnostics = self.diagnostics };
    }

    pub fn data(self: HostView) []const u8 {
        return bytes.bytesAt(c.pje_host_view_data(self.handle), c.pje_host_view_size(self.handle));
    }

    /// The elements; `T` must be the buffer's element type.
    pub fn items(self: HostView, comptime T: type) Error![]const T {
        if (self.buffer().dtype() != types.dtypeOf(T)) return errors.refuse(self.diagnostics, "HostView.items: the element type is another than " ++ @typeName(T));
        return @alignCast(std.mem.bytesAsSlice(T, self.data()));
    }
};

/// Reads several buffers into as many pieces of memory: every read is started before the first is waited for.
pub fn readAll(buffers: []const Buffer, into: []const []u8, diagnostics: ?*Diagnostics) Error!void {
    try start(c.pje_buffers_to_host, buffers, into, diagnostics, .{});
}

/// Likewise, without waiting: the memory must live until the event is ready.
pub fn readAllAsync(buffers: []const Buffer, into: []const []u8, diagnostics: ?*Diagnostics) Error!Event {
    var done: ?*c.pje_event = null;
    try start(c.pje_buffers_to_host_async, buffers, into, diagnostics, .{&done});
    return .{ .handle = done.?, .diagnostics = diagnostics };
}

fn start(comptime function: anytype, buffers: []const Buffer, into: []const []u8, diagnostics: ?*Diagnostics, rest: anytype) Error!void {
    if (buffers.len != into.len) return errors.refuse(diagnostics, "readAll: another number of buffers than of places");
    var handles: Handles(c.pje_buffer) = undefined;
    const list = try handles.of(buffers, diagnostics);
    defer handles.give();
    var addresses: Handles(anyopaque) = undefined;
    const places = try addresses.take(into.len, diagnostics);
    defer addresses.give();
    const sizes = std.heap.c_allocator.alloc(usize, into.len) catch return errors.refuseMemory(diagnostics);
    defer std.heap.c_allocator.free(sizes);
    for (into, places, sizes) |piece, *place, *size| {
        place.* = piece.ptr;
        size.* = piece.len;
    }
    try check(diagnostics, @call(.auto, function, .{ list.ptr, list.len, places.ptr, sizes.ptr } ++ rest));
}
