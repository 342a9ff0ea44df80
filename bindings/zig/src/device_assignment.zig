//! Which device runs which replica and partition of a program.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const Bytes = @import("bytes.zig").Bytes;
const DeviceId = @import("device.zig").DeviceId;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const make = errors.make;

/// A map from replicas and partitions to devices. It never changes.
pub const DeviceAssignment = struct {
    handle: *c.pje_device_assignment,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(DeviceAssignment, c.pje_device_assignment_describe);

    /// Where a device stands in the map.
    pub const Place = struct { replica: i64, partition: i64 };

    /// `ids` are those of replica 0 first, partition by partition.
    pub fn init(replicas: i64, partitions: i64, ids: []const DeviceId, diagnostics: ?*Diagnostics) Error!DeviceAssignment {
        var few: [64]i64 = undefined;
        const wide = if (ids.len <= few.len) few[0..ids.len] else std.heap.c_allocator.alloc(i64, ids.len) catch return errors.refuseMemory(diagnostics);
        defer if (ids.len > few.len) std.heap.c_allocator.free(wide);
        for (ids, wide) |id, *number| number.* = @intFromEnum(id);
        return wrap(diagnostics, c.pje_device_assignment_create, .{ replicas, partitions, wide.ptr, wide.len });
    }

    /// A serialized xla.DeviceAssignmentProto.
    pub fn fromBytes(data: []const u8, diagnostics: ?*Diagnostics) Error!DeviceAssignment {
        return wrap(diagnostics, c.pje_device_assignment_from_bytes, .{ data.ptr, data.len });
    }

    pub fn wrap(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!DeviceAssignment {
        return .{ .handle = try make(c.pje_device_assignment, diagnostics, function, arguments), .diagnostics = diagnostics };
    }

    pub fn deinit(self: *DeviceAssignment) void {
        c.pje_device_assignment_release(self.handle);
        self.* = undefined;
    }

    /// A serialized xla.DeviceAssignmentProto.
    pub fn serialize(self: DeviceAssignment) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_device_assignment_serialize, .{self.handle}) };
    }

    pub fn numReplicas(self: DeviceAssignment) i64 {
        return c.pje_device_assignment_num_replicas(self.handle);
    }

    pub fn numPartitions(self: DeviceAssignment) i64 {
        return c.pje_device_assignment_num_partitions(self.handle);
    }

    /// The numbers of all device ids, replica by replica. Borrowed.
    pub fn deviceIds(self: DeviceAssignment) []const i64 {
        return c.pje_device_assignment_device_ids(self.handle)[0..@intCast(self.numReplicas() * self.numPartitions())];
    }

    /// Null when there is no such place.
    pub fn deviceId(self: DeviceAssignment, place: Place) ?DeviceId {
        const id = c.pje_device_assignment_device_id(self.handle, place.replica, place.partition);
        return if (id < 0) null else @enumFromInt(@as(i32, @intCast(id)));
    }

    /// What a device runs; null when it runs nothing.
    pub fn find(self: DeviceAssignment, id: DeviceId) ?Place {
        var place: Place = undefined;
        if (!c.pje_device_assignment_find(self.handle, @intFromEnum(id), &place.replica, &place.partition)) return null;
        return place;
    }
};
