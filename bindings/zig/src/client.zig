//! Clients: plugins at work.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const devices = @import("device.zig");
const buffers = @import("buffer.zig");
const executables = @import("executable.zig");
const plugins = @import("plugin.zig");
const pending = @import("pending.zig");
const topologies = @import("topology.zig");
const Array = @import("array.zig").Array;
const Buffer = buffers.Buffer;
const Compiled = @import("compiled.zig").Compiled;
const LoadOptions = @import("compiled.zig").LoadOptions;
const CompileOptions = @import("compile_options.zig").CompileOptions;
const DeviceAssignment = @import("device_assignment.zig").DeviceAssignment;
const Event = @import("event.zig").Event;
const Executable = executables.Executable;
const KvStore = @import("kv_store.zig").KvStore;
const NamedValues = @import("named_values.zig").NamedValues;
const Program = @import("program.zig").Program;
const UploadOptions = buffers.UploadOptions;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

pub const ClientOptions = struct {
    /// Devices to make, on plugins where that is a choice: sets "cpu_device_count".
    device_count: ?i64 = null,
    /// The plugin's own options.
    values: ?NamedValues = null,
    /// Through which the clients of a program over several processes find each other.
    kv_store: ?KvStore = null,
    /// How `open` finds and checks the plugin.
    plugin: plugins.PluginOptions = .{},
    /// Where errors of the client, and of all it makes, say what went wrong.
    diagnostics: ?*Diagnostics = null,
};

/// A plugin at work: devices, and all that is made on them. Objects keep their client: `deinit` in any order.
pub const Client = struct {
    handle: *c.pje_client,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Client, c.pje_client_describe);

    /// Loads a plugin by name or path, and makes a client of it.
    pub fn open(name_or_path: [:0]const u8, options: ClientOptions) Error!Client {
        return openWith(c.pje_client_open, name_or_path.ptr, options);
    }

    /// Makes a client of a plugin that is loaded.
    pub fn init(of_plugin: plugins.Plugin, options: ClientOptions) Error!Client {
        return openWith(c.pje_client_create, of_plugin.handle, options);
    }

    fn openWith(comptime function: anytype, source: anytype, options: ClientOptions) Error!Client {
        const diagnostics = options.diagnostics;
        var own: ?NamedValues = null;
        defer if (own) |*values| values.deinit();
        if (options.device_count) |count| {
            if (options.values == null) own = try NamedValues.init(diagnostics);
            try (own orelse options.values.?).set("cpu_device_count", .{ .int64 = count });
        }
        const plugin_options = options.plugin.raw();
        var raw = std.mem.zeroes(c.pje_client_options);
        raw.struct_size = @sizeOf(c.pje_client_options);
        raw.plugin = &plugin_options;
        if (own orelse options.values) |values| raw.options = values.handle;
        if (options.kv_store) |store| raw.kv_store = store.handle;
        return .{ .handle = try make(c.pje_client, diagnostics, function, .{ source, &raw }), .diagnostics = diagnostics };
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

    /// Borrowed: do not `deinit`.
    pub fn plugin(self: Client) plugins.Plugin {
        return .{ .handle = c.pje_client_plugin(self.handle).?, .diagnostics = self.diagnostics };
    }

    pub fn platformName(self: Client) [:0]const u8 {
        return std.mem.span(c.pje_client_platform_name(self.handle));
    }

    pub fn platformVersion(self: Client) [:0]const u8 {
        return std.mem.span(c.pje_client_platform_version(self.handle));
    }

    pub fn processIndex(self: Client) devices.ProcessIndex {
        return @enumFromInt(c.pje_client_process_index(self.handle));
    }

    /// Devices of all processes.
    pub fn numDevices(self: Client) usize {
        return c.pje_client_num_devices(self.handle);
    }

    pub fn device(self: Client, index: usize) devices.Device {
        return .{ .handle = c.pje_client_device(self.handle, index).? };
    }

    /// Devices of this process.
    pub fn numAddressableDevices(self: Client) usize {
        return c.pje_client_num_addressable_devices(self.handle);
    }

    pub fn addressableDevice(self: Client, index: usize) devices.Device {
        return .{ .handle = c.pje_client_addressable_device(self.handle, index).? };
    }

    pub fn lookupDevice(self: Client, id: devices.DeviceId) Error!devices.Device {
        return .{ .handle = try make(c.pje_device, self.diagnostics, c.pje_client_lookup_device, .{ self.handle, @intFromEnum(id) }) };
    }

    /// A device of this process by the number of its hardware.
    pub fn lookupAddressableDevice(self: Client, id: devices.LocalHardwareId) Error!devices.Device {
        return .{ .handle = try make(c.pje_device, self.diagnostics, c.pje_client_lookup_addressable_device, .{ self.handle, @intFromEnum(id) }) };
    }

    /// Memories of this process.
    pub fn numMemories(self: Client) usize {
        return c.pje_client_num_addressable_memories(self.handle);
    }

    pub fn memory(self: Client, index: usize) devices.Memory {
        return .{ .handle = c.pje_client_addressable_memory(self.handle, index).? };
    }

    /// Lent: do not `deinit`.
    pub fn topology(self: Client) Error!topologies.Topology {
        return .{ .handle = try make(c.pje_topology, self.diagnostics, c.pje_client_topology, .{self.handle}), .diagnostics = self.diagnostics };
    }

    /// The assignment of programs that are compiled without one.
    pub fn defaultAssignment(self: Client, replicas: i64, partitions: i64) Error!DeviceAssignment {
        return DeviceAssignment.wrap(self.diagnostics, c.pje_client_default_device_assignment, .{ self.handle, replicas, partitions });
    }

    pub fn compile(self: Client, program: Program, options: ?CompileOptions) Error!Executable {
        return self.loaded(c.pje_client_compile, .{ self.handle, program.handle, settingsOf(options) });
    }

    /// On a thread of the library.
    pub fn compileAsync(self: Client, program: Program, options: ?CompileOptions) Error!pending.Pending(Executable) {
        return pending.start(Executable, self.diagnostics, c.pje_client_compile_async, .{ self.handle, program.handle, settingsOf(options) });
    }

    fn settingsOf(options: ?CompileOptions) ?*c.pje_compile_options {
        return if (options) |some| some.handle else null;
    }

    fn loaded(self: Client, comptime function: anytype, arguments: anytype) Error!Executable {
        return .{ .handle = try make(c.pje_loaded_executable, self.diagnostics, function, arguments), .diagnostics = self.diagnostics };
    }

    /// Puts onto the client's devices what was compiled without them; it is used up.
    pub fn load(self: Client, compiled: Compiled, options: ?CompileOptions) Error!Executable {
        return self.loaded(c.pje_client_load, .{ self.handle, compiled.handle, settingsOf(options) });
    }

    pub fn loadAsync(self: Client, compiled: Compiled, options: ?CompileOptions) Error!pending.Pending(Executable) {
        return pending.start(Executable, self.diagnostics, c.pje_client_load_async, .{ self.handle, compiled.handle, settingsOf(options) });
    }

    /// Loads what `Compiled.serialize` gave: machine code, which runs with the rights of this process.
    pub fn deserialize(self: Client, data: []const u8, options: LoadOptions) Error!Executable {
        const raw = options.raw();
        return self.loaded(c.pje_client_deserialize_and_load, .{ self.handle, data.ptr, data.len, &raw });
    }

    pub fn deserializeAsync(self: Client, data: []const u8, options: LoadOptions) Error!pending.Pending(Executable) {
        const raw = options.raw();
        return pending.start(Executable, self.diagnostics, c.pje_client_deserialize_and_load_async, .{ self.handle, data.ptr, data.len, &raw });
    }

    /// Loads a plugin's own bytes, as `Compiled.serializeRaw` gave them. Nothing tells whose they are.
    pub fn deserializeRaw(self: Client, data: []const u8, options: LoadOptions) Error!Executable {
        const raw = options.raw();
        return self.loaded(c.pje_client_deserialize_and_load_raw, .{ self.handle, data.ptr, data.len, &raw });
    }

    pub fn deserializeRawAsync(self: Client, data: []const u8, options: LoadOptions) Error!pending.Pending(Executable) {
        const raw = options.raw();
        return pending.start(Executable, self.diagnostics, c.pje_client_deserialize_and_load_raw_async, .{ self.handle, data.ptr, data.len, &raw });
    }

    /// Brings host data to a device. `dims` give the shape, row-major unless `options` say otherwise. Returns when `data` may
    /// be reused; with a zero-copy semantics, when the upload is arranged.
    pub fn upload(self: Client, comptime T: type, data: []const T, dims: []const i64, options: UploadOptions) Error!Buffer {
        return Buffer.upload(self.handle, T, data, dims, options, null, self.diagnostics);
    }

    /// Likewise without the wait: the event that `host_done` receives is ready when `data` may be reused.
    pub fn uploadAsync(self: Client, comptime T: type, data: []const T, dims: []const i64, options: UploadOptions, host_done: *Event) Error!Buffer {
        return Buffer.upload(self.handle, T, data, dims, options, host_done, self.diagnostics);
    }

    /// A buffer of rank 0.
    pub fn scalar(self: Client, comptime T: type, value: T) Error!Buffer {
        return self.upload(T, &.{value}, &.{}, .{});
    }

    pub fn uploadArray(self: Client, array: Array, options: UploadOptions) Error!Buffer {
        return Buffer.fromArray(self.handle, array, options, self.diagnostics);
    }

    /// Likewise without waiting: the array must not change until the event that `host_done` receives is ready.
    pub fn uploadArrayAsync(self: Client, array: Array, options: UploadOptions, host_done: *Event) Error!Buffer {
        return Buffer.fromArrayAsync(self.handle, array, options, host_done, self.diagnostics);
    }

    /// Takes the array over, without a copy where the plugin can, and leaves null; after a failure the array is still there.
    pub fn uploadArrayConsume(self: Client, array: *?Array) Error!Buffer {
        const given = array.* orelse return errors.refuse(self.diagnostics, "Client.uploadArrayConsume: no array");
        var source: ?*c.pje_array = given.handle;
        const handle = try make(c.pje_buffer, self.diagnostics, c.pje_buffer_from_array_consume, .{ self.handle, &source, null });
        if (source == null) array.* = null;
        return .{ .handle = handle, .diagnostics = self.diagnostics };
    }

    /// What the program holds of the client.
    pub const Statistics = struct { buffers: u64, events: u64, executables: u64, others: u64, live_bytes: u64, peak_bytes: u64 };

    pub fn statistics(self: Client) Error!Statistics {
        var raw = std.mem.zeroes(c.pje_client_statistics);
        raw.struct_size = @sizeOf(c.pje_client_statistics);
        try check(self.diagnostics, c.pje_client_stats(self.handle, &raw));
        return .{
            .buffers = raw.num_buffers,
            .events = raw.num_events,
            .executables = raw.num_loaded_executables,
            .others = raw.num_others,
            .live_bytes = raw.live_bytes,
            .peak_bytes = raw.peak_bytes,
        };
    }

    /// Calls `function(context)` when a call ran out of the device's memory; the call is repeated once when it gives true.
    /// It runs inside that call: only callback-safe functions of the library work there.
    pub fn onOutOfMemory(self: Client, comptime Context: type, context: *Context, comptime function: fn (*Context) bool) Error!void {
        const trampoline = struct {
            fn call(data: ?*anyopaque) callconv(.c) bool {
                return function(@ptrCast(@alignCast(data.?)));
            }
        };
        try check(self.diagnostics, c.pje_client_set_out_of_memory_callback(self.handle, trampoline.call, context));
    }

    /// Calls nothing any more; when this returns, nothing is running.
    pub fn clearOutOfMemory(self: Client) Error!void {
        try check(self.diagnostics, c.pje_client_set_out_of_memory_callback(self.handle, null, null));
    }
};
