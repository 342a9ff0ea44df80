//! Devices and memories, lent by their client, and the numbers they go by.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const NamedValues = @import("named_values.zig").NamedValues;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// A global id of a device, the same in every process.
pub const DeviceId = enum(i32) { _ };
/// What the driver of this process calls a device; negative when it has no such number.
pub const LocalHardwareId = enum(i32) { _ };
/// An id of a memory.
pub const MemoryId = enum(i32) { _ };
/// A process among those that share a program.
pub const ProcessIndex = enum(i32) { _ };

/// A memory of a device, lent by its client.
pub const Memory = struct {
    handle: *c.pje_memory,

    pub const format = describe.formatter(Memory, c.pje_memory_describe);

    pub fn id(self: Memory) MemoryId {
        return @enumFromInt(c.pje_memory_id(self.handle));
    }

    /// "device", "pinned_host", …
    pub fn kind(self: Memory) [:0]const u8 {
        return std.mem.span(c.pje_memory_kind(self.handle));
    }

    /// The number of the kind; may be negative.
    pub fn kindId(self: Memory) i32 {
        return c.pje_memory_kind_id(self.handle);
    }

    pub fn debugString(self: Memory) [:0]const u8 {
        return std.mem.span(c.pje_memory_debug_string(self.handle));
    }

    /// The plugin's own text for people.
    pub fn toString(self: Memory) [:0]const u8 {
        return std.mem.span(c.pje_memory_to_string(self.handle));
    }

    /// Number of devices that reach the memory.
    pub fn numDevices(self: Memory) usize {
        return c.pje_memory_num_devices(self.handle);
    }

    pub fn device(self: Memory, index: usize) ?Device {
        return Device.of(c.pje_memory_device(self.handle, index));
    }
};

/// A device, lent by its client.
pub const Device = struct {
    handle: *c.pje_device,

    pub const format = describe.formatter(Device, c.pje_device_describe);

    /// None for null.
    pub fn of(handle: ?*c.pje_device) ?Device {
        return if (handle) |some| .{ .handle = some } else null;
    }

    pub fn id(self: Device) DeviceId {
        return @enumFromInt(c.pje_device_id(self.handle));
    }

    pub fn localHardwareId(self: Device) LocalHardwareId {
        return @enumFromInt(c.pje_device_local_hardware_id(self.handle));
    }

    pub fn processIndex(self: Device) ProcessIndex {
        return @enumFromInt(c.pje_device_process_index(self.handle));
    }

    pub fn isAddressable(self: Device) bool {
        return c.pje_device_is_addressable(self.handle);
    }

    pub fn kind(self: Device) [:0]const u8 {
        return std.mem.span(c.pje_device_kind(self.handle));
    }

    pub fn debugString(self: Device) [:0]const u8 {
        return std.mem.span(c.pje_device_debug_string(self.handle));
    }

    /// The plugin's own text for people.
    pub fn toString(self: Device) [:0]const u8 {
        return std.mem.span(c.pje_device_to_string(self.handle));
    }

    /// Coordinates and the like. Borrowed: do not `deinit`.
    pub fn attributes(self: Device) NamedValues {
        return .{ .handle = @constCast(c.pje_device_attributes(self.handle).?) };
    }

    /// The attributes as the device gives them now.
    pub fn currentAttributes(self: Device, diagnostics: ?*Diagnostics) Error!NamedValues {
        const handle = try make(c.pje_named_values, diagnostics, c.pje_device_current_attributes, .{self.handle});
        return .{ .handle = handle, .diagnostics = diagnostics };
    }

    /// How its memory is used, such as "bytes_in_use".
    pub fn memoryStats(self: Device, diagnostics: ?*Diagnostics) Error!NamedValues {
        const handle = try make(c.pje_named_values, diagnostics, c.pje_device_memory_stats, .{self.handle});
        return .{ .handle = handle, .diagnostics = diagnostics };
    }

    /// Begins the peaks and counts of `memoryStats` anew.
    pub fn clearMemoryStats(self: Device, diagnostics: ?*Diagnostics) Error!void {
        try check(diagnostics, c.pje_device_clear_memory_stats(self.handle));
    }

    /// Makes the run with that launch id fail with `failure`; whether there was such a run.
    pub fn poisonExecution(self: Device, launch_id: i32, failure: errors.Failure, diagnostics: ?*Diagnostics) Error!bool {
        var poisoned = false;
        try check(diagnostics, c.pje_device_poison_execution(self.handle, launch_id, failure.handle, &poisoned));
        return poisoned;
    }

    pub fn description(self: Device) DeviceDescription {
        return .{ .handle = c.pje_device_get_description(self.handle).? };
    }

    pub fn numMemories(self: Device) usize {
        return c.pje_device_num_addressable_memories(self.handle);
    }

    pub fn memory(self: Device, index: usize) Memory {
        return .{ .handle = c.pje_device_addressable_memory(self.handle, index).? };
    }

    pub fn defaultMemory(self: Device) ?Memory {
        return if (c.pje_device_default_memory(self.handle)) |handle| .{ .handle = handle } else null;
    }

    /// The first of its memories that is of that kind, such as "pinned_host".
    pub fn memoryOfKind(self: Device, wanted: []const u8) ?Memory {
        for (0..self.numMemories()) |index| {
            if (std.mem.eql(u8, self.memory(index).kind(), wanted)) return self.memory(index);
        }
        return null;
    }
};

/// What a device is, whether it is there or not. Lent by a topology or a device.
pub const DeviceDescription = struct {
    handle: *c.pje_device_description,

    pub const format = describe.formatter(DeviceDescription, c.pje_device_description_describe);

    pub fn id(self: DeviceDescription) DeviceId {
        return @enumFromInt(c.pje_device_description_id(self.handle));
    }

    pub fn processIndex(self: DeviceDescription) ProcessIndex {
        return @enumFromInt(c.pje_device_description_process_index(self.handle));
    }

    pub fn kind(self: DeviceDescription) [:0]const u8 {
        return std.mem.span(c.pje_device_description_kind(self.handle));
    }

    pub fn debugString(self: DeviceDescription) [:0]const u8 {
        return std.mem.span(c.pje_device_description_debug_string(self.handle));
    }

    /// The plugin's own text for people.
    pub fn toString(self: DeviceDescription) [:0]const u8 {
        return std.mem.span(c.pje_device_description_to_string(self.handle));
    }

    /// Borrowed: do not `deinit`.
    pub fn attributes(self: DeviceDescription) NamedValues {
        return .{ .handle = @constCast(c.pje_device_description_attributes(self.handle).?) };
    }
};
