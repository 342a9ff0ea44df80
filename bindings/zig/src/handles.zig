//! Lists of handles, as the library takes them.

const std = @import("std");
const errors = @import("errors.zig");

/// Room for handles: on the stack for as many as most calls have, beyond that from the C allocator.
pub fn Handles(comptime T: type) type {
    return struct {
        const Self = @This();
        const most_on_stack = 64;

        on_stack: [most_on_stack]?*T,
        allocated: []?*T,

        /// Of an undefined one: a value to begin with would be copied by each run. `give` must follow.
        pub fn take(self: *Self, count: usize, diagnostics: ?*errors.Diagnostics) errors.Error![]?*T {
            self.allocated = &.{};
            if (count <= most_on_stack) return self.on_stack[0..count];
            self.allocated = std.heap.c_allocator.alloc(?*T, count) catch return errors.refuseMemory(diagnostics);
            return self.allocated;
        }

        /// Likewise, with the handles of `objects`.
        pub fn of(self: *Self, objects: anytype, diagnostics: ?*errors.Diagnostics) errors.Error![]?*T {
            const list = try self.take(objects.len, diagnostics);
            for (objects, list) |object, *handle| handle.* = object.handle;
            return list;
        }

        pub fn give(self: *Self) void {
            if (self.allocated.len > 0) std.heap.c_allocator.free(self.allocated);
        }
    };
}

/// What the library has made, as objects.
pub fn hand(comptime Object: type, into: []Object, made: anytype, diagnostics: ?*errors.Diagnostics) void {
    for (into, made) |*object, handle| object.* = .{ .handle = handle.?, .diagnostics = diagnostics };
}
