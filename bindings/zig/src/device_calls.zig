//! Marks in the work of devices, host memory that they reach, and the processes of a client.

const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const bytes = @import("bytes.zig");
const Client = @import("client.zig").Client;
const Device = @import("device.zig").Device;
const ProcessIndex = @import("device.zig").ProcessIndex;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// A mark in a device's work, for profiles, from `init` to `deinit`.
pub const TrackingEvent = struct {
    handle: *c.pje_tracking_event,

    pub const format = describe.formatter(TrackingEvent, c.pje_tracking_event_describe);

    pub fn init(device: Device, description: [:0]const u8, diagnostics: ?*Diagnostics) Error!TrackingEvent {
        return .{ .handle = try make(c.pje_tracking_event, diagnostics, c.pje_tracking_event_create, .{ device.handle, description.ptr }) };
    }

    pub fn deinit(self: *TrackingEvent) void {
        c.pje_tracking_event_release(self.handle);
        self.* = undefined;
    }
};

/// Host memory that devices reach on their own until `deinit`; `error.Unimplemented` on CPUs.
pub const DmaMapping = struct {
    handle: *c.pje_dma_mapping,

    pub const format = describe.formatter(DmaMapping, c.pje_dma_mapping_describe);

    pub fn init(client: Client, memory: []u8) Error!DmaMapping {
        return .{ .handle = try make(c.pje_dma_mapping, client.diagnostics, c.pje_dma_mapping_create, .{ client.handle, memory.ptr, memory.len }) };
    }

    pub fn deinit(self: *DmaMapping) void {
        c.pje_dma_mapping_release(self.handle);
        self.* = undefined;
    }

    pub fn data(self: DmaMapping) []u8 {
        return @constCast(bytes.bytesAt(c.pje_dma_mapping_data(self.handle), c.pje_dma_mapping_size(self.handle)));
    }
};

/// How a process is that shares the program.
pub const ProcessState = enum(i32) { unspecified = 0, uninitialized = 1, disconnected = 2, connected = 3, failed = 4 };

pub const ProcessInfo = struct {
    process: ProcessIndex,
    /// The life in which the process is.
    incarnation: u64,
    state: ProcessState,
    failure: ?errors.Failure = null,
};

const most_processes = 256;

/// Tells the plugin how the processes are that share the program; at most 256 at a time.
pub fn updateProcesses(client: Client, processes: []const ProcessInfo) Error!void {
    if (processes.len > most_processes) return errors.refuse(client.diagnostics, "updateProcesses: more than 256 processes");
    var ids: [most_processes]i32 = undefined;
    var incarnations: [most_processes]u64 = undefined;
    var states: [most_processes]i32 = undefined;
    var failures: [most_processes]?*const c.pje_error = undefined;
    for (processes, 0..) |info, index| {
        ids[index] = @intFromEnum(info.process);
        incarnations[index] = info.incarnation;
        states[index] = @intFromEnum(info.state);
        failures[index] = if (info.failure) |failure| failure.handle else null;
    }
    try check(client.diagnostics, c.pje_client_update_global_process_info(client.handle, &ids, &incarnations, &states, &failures, processes.len));
}
