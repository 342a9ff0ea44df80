//! Arguments of a call as the program has them: buffers, arrays, scalars, slices.

const c = @import("c");
const errors = @import("errors.zig");
const types = @import("types.zig");
const Array = @import("array.zig").Array;
const Buffer = @import("buffer.zig").Buffer;
const Device = @import("device.zig").Device;

/// Arguments as buffers: those that are none are uploaded, and end with this.
pub fn Uploaded(comptime count: usize) type {
    return struct {
        const Self = @This();

        buffers: [count]Buffer,
        owned: [count]bool,

        pub fn init(client: *c.pje_client, args: anytype, device: ?Device, diagnostics: ?*errors.Diagnostics) errors.Error!Self {
            var self: Self = .{ .buffers = undefined, .owned = @splat(false) };
            errdefer self.deinit();
            if (@TypeOf(args) == Buffer) {
                self.buffers[0] = args;
                return self;
            }
            inline for (0..count) |index| {
                const Argument = @TypeOf(args[index]);
                if (Argument == Buffer) {
                    self.buffers[index] = args[index];
                } else {
                    self.buffers[index] = try upload(client, args[index], device, diagnostics);
                    self.owned[index] = true;
                }
            }
            return self;
        }

        pub fn deinit(self: *Self) void {
            for (&self.buffers, self.owned) |*buffer, owned| {
                if (owned) buffer.deinit();
            }
        }
    };
}

fn upload(client: *c.pje_client, value: anytype, device: ?Device, diagnostics: ?*errors.Diagnostics) errors.Error!Buffer {
    const T = @TypeOf(value);
    if (T == Array) return Buffer.fromArray(client, value, .{ .device = device }, diagnostics);
    switch (@typeInfo(T)) {
        .pointer => |pointer| switch (pointer.size) {
            .slice => return Buffer.upload(client, pointer.child, value, &.{@intCast(value.len)}, .{ .device = device }, null, diagnostics),
            .one => {
                const Element = ElementOf(pointer.child);
                const dims = comptime dimsOf(pointer.child);
                const elements: [*]const Element = @ptrCast(value);
                const count = @sizeOf(pointer.child) / @sizeOf(Element);
                return Buffer.upload(client, Element, elements[0..count], &dims, .{ .device = device }, null, diagnostics);
            },
            else => @compileError(@typeName(T) ++ " is no argument: its length is not known"),
        },
        else => return Buffer.upload(client, T, &.{value}, &.{}, .{ .device = device }, null, diagnostics),
    }
}

fn ElementOf(comptime T: type) type {
    return switch (@typeInfo(T)) {
        .array => |array| ElementOf(array.child),
        else => T,
    };
}

fn rankOf(comptime T: type) usize {
    return switch (@typeInfo(T)) {
        .array => |array| 1 + rankOf(array.child),
        else => 0,
    };
}

fn dimsOf(comptime T: type) [rankOf(T)]i64 {
    return switch (@typeInfo(T)) {
        .array => |array| [1]i64{array.len} ++ dimsOf(array.child),
        else => .{},
    };
}
