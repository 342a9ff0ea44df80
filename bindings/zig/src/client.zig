//! Plugins, clients, and what clients lend: devices and memories.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const types = @import("types.zig");
const buffer = @import("buffer.zig");
const executable = @import("executable.zig");

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;

/// A global id of a device, the same in every process.
pub const DeviceId = enum(i32) { _ };
/// What the driver of this process calls a device; negative when it has no such number.
pub const LocalHardwareId = enum(i32) { _ };
/// An id of a memory.
pub const MemoryId = enum(i32) { _ };
/// A process among those that share a program.
pub const ProcessIndex = enum(i32) { _ };

/// Names with values of five kinds: options and attributes.
pub const NamedValues = struct {
    handle: *c.pje_named_values,
    diagnostics: ?*Diagnostics = null,

    pub const Kind = enum(c_int) { string = 0, int64 = 1, int64_list = 2, float = 3, bool = 4, _ };
    pub const Value = union(enum) {
        string: [:0]const u8,
        int64: i64,
        int64_list: []const i64,
        float: f32,
        bool: bool,
    };

    pub fn init(diagnostics: ?*Diagnostics) Error!NamedValues {
        var handle: ?*c.pje_named_values = null;
        try check(diagnostics, c.pje_named_values_create(&handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    pub fn deinit(self: *NamedValues) void {
        c.pje_named_values_release(self.handle);
        self.* = undefined;
    }

    pub fn set(self: NamedValues, name: [:0]const u8, value: Value) Error!void {
        try check(self.diagnostics, switch (value) {
            .string => |text| c.pje_named_values_set_string(self.handle, name.ptr, text.ptr),
            .int64 => |number| c.pje_named_values_set_int64(self.handle, name.ptr, number),
            .int64_list => |list| c.pje_named_values_set_int64_list(self.handle, name.ptr, list.ptr, list.len),
            .float => |number| c.pje_named_values_set_float(self.handle, name.ptr, number),
            .bool => |truth| c.pje_named_values_set_bool(self.handle, name.ptr, truth),
        });
    }

    pub fn count(self: NamedValues) usize {
        return c.pje_named_values_count(self.handle);
    }

    pub fn nameOf(self: NamedValues, index: usize) [:0]const u8 {
        return std.mem.span(c.pje_named_values_name(self.handle, index));
    }

    pub fn kindOf(self: NamedValues, index: usize) Kind {
        return @enumFromInt(@as(c_int, @intCast(c.pje_named_values_kind(self.handle, index))));
    }

    /// Index of a name, or null.
    pub fn find(self: NamedValues, name: [:0]const u8) ?usize {
        const index = c.pje_named_values_find(self.handle, name.ptr);
        return if (index == std.math.maxInt(usize)) null else index;
    }

    /// Borrowed from the set.
    pub fn get(self: NamedValues, index: usize) Error!Value {
        switch (self.kindOf(index)) {
            .string => {
                var text: [*c]const u8 = null;
                try check(self.diagnostics, c.pje_named_values_get_string(self.handle, index, &text));
                return .{ .string = std.mem.span(text) };
            },
            .int64 => {
                var number: i64 = 0;
                try check(self.diagnostics, c.pje_named_values_get_int64(self.handle, index, &number));
                return .{ .int64 = number };
            },
            .int64_list => {
                var list: [*c]const i64 = null;
                var size: usize = 0;
                try check(self.diagnostics, c.pje_named_values_get_int64_list(self.handle, index, &list, &size));
                return .{ .int64_list = list[0..size] };
            },
            .float => {
                var number: f32 = 0;
                try check(self.diagnostics, c.pje_named_values_get_float(self.handle, index, &number));
                return .{ .float = number };
            },
            else => {
                var truth = false;
                try check(self.diagnostics, c.pje_named_values_get_bool(self.handle, index, &truth));
                return .{ .bool = truth };
            },
        }
    }
};

/// A plugin: loaded once per process, never unloaded.
pub const Plugin = struct {
    handle: *c.pje_plugin,
    diagnostics: ?*Diagnostics = null,

    /// A name such as "cpu", or a path.
    pub fn load(name_or_path: [:0]const u8, diagnostics: ?*Diagnostics) Error!Plugin {
        var handle: ?*c.pje_plugin = null;
        try check(diagnostics, c.pje_plugin_load(name_or_path.ptr, null, &handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    pub fn deinit(self: *Plugin) void {
        c.pje_plugin_release(self.handle);
        self.* = undefined;
    }

    pub fn path(self: Plugin) [:0]const u8 {
        return std.mem.span(c.pje_plugin_path(self.handle));
    }

    pub fn apiMajor(self: Plugin) i32 {
        return c.pje_plugin_api_major(self.handle);
    }

    pub fn apiMinor(self: Plugin) i32 {
        return c.pje_plugin_api_minor(self.handle);
    }

    /// A function by PJRT's name, such as "PJRT_Buffer_Bitcast".
    pub fn hasFunction(self: Plugin, name: [:0]const u8) bool {
        return c.pje_plugin_has_function(self.handle, name.ptr);
    }

    /// Borrowed: do not `deinit`.
    pub fn attributes(self: Plugin) NamedValues {
        return .{ .handle = @constCast(c.pje_plugin_attributes(self.handle).?), .diagnostics = self.diagnostics };
    }
};

pub const ClientOptions = struct {
    /// Devices to make, on plugins where that is a choice.
    device_count: ?i64 = null,
    /// The plugin's own options.
    values: ?NamedValues = null,
    /// Where errors of the client, and of all it makes, say what went wrong.
    diagnostics: ?*Diagnostics = null,
};

/// A memory of a device, lent by its client.
pub const Memory = struct {
    handle: *c.pje_memory,

    pub fn id(self: Memory) MemoryId {
        return @enumFromInt(c.pje_memory_id(self.handle));
    }

    /// "device", "pinned_host", …
    pub fn kind(self: Memory) [:0]const u8 {
        return std.mem.span(c.pje_memory_kind(self.handle));
    }
};

/// A device, lent by its client.
pub const Device = struct {
    handle: *c.pje_device,

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

    pub fn numMemories(self: Device) usize {
        return c.pje_device_num_addressable_memories(self.handle);
    }

    pub fn memory(self: Device, index: usize) Memory {
        return .{ .handle = c.pje_device_addressable_memory(self.handle, index).? };
    }

    pub fn defaultMemory(self: Device) ?Memory {
        return if (c.pje_device_default_memory(self.handle)) |handle| .{ .handle = handle } else null;
    }
};

/// A plugin at work: devices, and all that is made on them. Objects keep their client: `deinit` in any order.
pub const Client = struct {
    handle: *c.pje_client,
    diagnostics: ?*Diagnostics = null,

    /// Loads a plugin by name or path, and makes a client of it.
    pub fn open(name_or_path: [:0]const u8, options: ClientOptions) Error!Client {
        const diagnostics = options.diagnostics;
        var own: ?NamedValues = null;
        defer if (own) |*values| values.deinit();
        if (options.device_count) |count| {
            var values = options.values orelse blk: {
                own = try NamedValues.init(diagnostics);
                break :blk own.?;
            };
            try values.set("cpu_device_count", .{ .int64 = count });
        }
        var raw = std.mem.zeroes(c.pje_client_options);
        raw.struct_size = @sizeOf(c.pje_client_options);
        if (own orelse options.values) |values| raw.options = values.handle;
        var handle: ?*c.pje_client = null;
        try check(diagnostics, c.pje_client_open(name_or_path.ptr, &raw, &handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    /// Lets go of the client; it ends when nothing made of it is left.
    pub fn deinit(self: *Client) void {
        c.pje_client_release(self.handle);
        self.* = undefined;
    }

    /// Ends the client now, whoever still holds what it made. A negative timeout waits for ever.
    pub fn close(self: Client, timeout_ns: i64) Error!void {
        try check(self.diagnostics, c.pje_client_close(self.handle, timeout_ns));
    }

    /// The same client with another place for what errors say, for another thread.
    pub fn withDiagnostics(self: Client, diagnostics: ?*Diagnostics) Client {
        return .{ .handle = self.handle, .diagnostics = diagnostics };
    }

    pub fn platformName(self: Client) [:0]const u8 {
        return std.mem.span(c.pje_client_platform_name(self.handle));
    }

    pub fn platformVersion(self: Client) [:0]const u8 {
        return std.mem.span(c.pje_client_platform_version(self.handle));
    }

    pub fn processIndex(self: Client) ProcessIndex {
        return @enumFromInt(c.pje_client_process_index(self.handle));
    }

    pub fn numDevices(self: Client) usize {
        return c.pje_client_num_devices(self.handle);
    }

    pub fn device(self: Client, index: usize) Device {
        return .{ .handle = c.pje_client_device(self.handle, index).? };
    }

    pub fn numAddressableDevices(self: Client) usize {
        return c.pje_client_num_addressable_devices(self.handle);
    }

    pub fn addressableDevice(self: Client, index: usize) Device {
        return .{ .handle = c.pje_client_addressable_device(self.handle, index).? };
    }

    pub fn lookupDevice(self: Client, id: DeviceId) Error!Device {
        var handle: ?*c.pje_device = null;
        try check(self.diagnostics, c.pje_client_lookup_device(self.handle, @intFromEnum(id), &handle));
        return .{ .handle = handle.? };
    }

    pub fn compile(self: Client, program: executable.Program, options: ?executable.CompileOptions) Error!executable.Executable {
        var handle: ?*c.pje_loaded_executable = null;
        const settings = if (options) |some| some.handle else null;
        try check(self.diagnostics, c.pje_client_compile(self.handle, program.handle, settings, &handle));
        return .{ .handle = handle.?, .diagnostics = self.diagnostics };
    }

    /// Copies host data to a device. `dims` give the shape, row-major unless `options.byte_strides` say otherwise.
    pub fn upload(self: Client, comptime T: type, data: []const T, dims: []const i64, options: buffer.UploadOptions) Error!buffer.Buffer {
        var raw = options.raw();
        var handle: ?*c.pje_buffer = null;
        try check(self.diagnostics, c.pje_buffer_from_host(self.handle, data.ptr, data.len * @sizeOf(T), types.dtypeOf(T).raw(), dims.ptr, dims.len, &raw, &handle));
        return .{ .handle = handle.?, .diagnostics = self.diagnostics };
    }

    /// A buffer of rank 0.
    pub fn scalar(self: Client, comptime T: type, value: T) Error!buffer.Buffer {
        return self.upload(T, &.{value}, &.{}, .{});
    }
};
