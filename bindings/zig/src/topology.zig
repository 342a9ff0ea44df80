//! The shape of a system of devices, with or without the hardware.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const Bytes = @import("bytes.zig").Bytes;
const DeviceDescription = @import("device.zig").DeviceDescription;
const NamedValues = @import("named_values.zig").NamedValues;
const Plugin = @import("plugin.zig").Plugin;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

pub const Topology = struct {
    handle: *c.pje_topology,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Topology, c.pje_topology_describe);

    /// By the plugin's own name, such as "v5e:2x2", and options.
    pub fn init(plugin: Plugin, name: [:0]const u8, options: ?NamedValues) Error!Topology {
        const values = if (options) |some| some.handle else null;
        return of(plugin.diagnostics, c.pje_topology_create, .{ plugin.handle, name.ptr, values });
    }

    /// What `serialize` gave with the same plugin.
    pub fn deserialize(plugin: Plugin, data: []const u8) Error!Topology {
        return of(plugin.diagnostics, c.pje_topology_deserialize, .{ plugin.handle, data.ptr, data.len });
    }

    fn of(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!Topology {
        return .{ .handle = try make(c.pje_topology, diagnostics, function, arguments), .diagnostics = diagnostics };
    }

    /// Not of a client's own topology, which is lent.
    pub fn deinit(self: *Topology) void {
        c.pje_topology_release(self.handle);
        self.* = undefined;
    }

    pub fn platformName(self: Topology) [:0]const u8 {
        return std.mem.span(c.pje_topology_platform_name(self.handle));
    }

    pub fn platformVersion(self: Topology) [:0]const u8 {
        return std.mem.span(c.pje_topology_platform_version(self.handle));
    }

    /// Borrowed: do not `deinit`.
    pub fn attributes(self: Topology) NamedValues {
        return .{ .handle = @constCast(c.pje_topology_attributes(self.handle).?), .diagnostics = self.diagnostics };
    }

    pub fn numDevices(self: Topology) usize {
        return c.pje_topology_num_devices(self.handle);
    }

    pub fn device(self: Topology, index: usize) DeviceDescription {
        return .{ .handle = c.pje_topology_device(self.handle, index).? };
    }

    /// In a format of the plugin's own.
    pub fn serialize(self: Topology) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_topology_serialize, .{self.handle}) };
    }

    pub fn fingerprint(self: Topology) Error!u64 {
        var number: u64 = 0;
        try check(self.diagnostics, c.pje_topology_fingerprint(self.handle, &number));
        return number;
    }

    /// The numbers of the kinds of memory; as many as fit.
    pub fn memoryKindIds(self: Topology, into: []i32) Error![]i32 {
        var count: usize = 0;
        try check(self.diagnostics, c.pje_topology_memory_kind_ids(self.handle, into.len, into.ptr, &count));
        return into[0..@min(count, into.len)];
    }

    /// How an array lies in a kind of memory: a serialized xla.ShapeProto. A null order leaves it to the plugin.
    pub fn canonicalShape(self: Topology, memory_kind_id: i32, dtype: types.Dtype, dims: []const i64, minor_to_major: ?[]const i64) Error!Bytes {
        const order: [*c]const i64 = if (minor_to_major) |some| some.ptr else null;
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_topology_canonical_shape, .{ self.handle, memory_kind_id, dtype.raw(), dims.ptr, dims.len, order }) };
    }
};
