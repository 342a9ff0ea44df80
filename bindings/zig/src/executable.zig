//! Compiled programs on devices, and their runs.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const devices = @import("device.zig");
const events = @import("event.zig");
const lists = @import("handles.zig");
const arguments = @import("arguments.zig");
const Array = @import("array.zig").Array;
const Buffer = @import("buffer.zig").Buffer;
const Bytes = @import("bytes.zig").Bytes;
const Compiled = @import("compiled.zig").Compiled;
const DeviceAssignment = @import("device_assignment.zig").DeviceAssignment;
const ExecuteContext = @import("execute_context.zig").ExecuteContext;
const Handlers = @import("handlers.zig").Handlers;
const NamedValues = @import("named_values.zig").NamedValues;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const Event = events.Event;
const Handles = lists.Handles;
const check = errors.check;
const make = errors.make;

pub const ExecuteOptions = struct {
    device: ?devices.Device = null,
    /// Indices of arguments that this run must not take over.
    non_donatable: []const i64 = &.{},
    context: ?ExecuteContext = null,
    /// Where the call comes from, for profiles.
    call_location: ?[:0]const u8 = null,
    launch_id: i32 = 0,
    launch: Launch = .caller,
    /// The plugin's own options.
    custom: ?NamedValues = null,
    /// Functions that the program calls.
    handlers: ?Handlers = null,
    /// Handlers get and give data in the device's own layout.
    native_callback_layout: bool = false,

    pub const Launch = enum(i32) {
        /// The calling thread, inside the call.
        caller = 0,
        /// A thread of the library: the call never waits for the plugin.
        pool = 1,
    };

    /// What the library takes, in `place`; null when all is default. Inline, so that a literal `.{}` costs a run nothing.
    pub inline fn raw(self: ExecuteOptions, place: *c.pje_execute_options) ?*const c.pje_execute_options {
        if (self.isDefault()) return null;
        place.* = self.fill();
        return place;
    }

    inline fn isDefault(self: ExecuteOptions) bool {
        return self.device == null and self.non_donatable.len == 0 and self.context == null and self.call_location == null and
            self.launch_id == 0 and self.launch == .caller and self.custom == null and self.handlers == null and !self.native_callback_layout;
    }

    fn fill(self: ExecuteOptions) c.pje_execute_options {
        var options = std.mem.zeroes(c.pje_execute_options);
        options.struct_size = @sizeOf(c.pje_execute_options);
        if (self.device) |device| options.device = device.handle;
        if (self.non_donatable.len > 0) {
            options.non_donatable = self.non_donatable.ptr;
            options.num_non_donatable = self.non_donatable.len;
        }
        if (self.context) |context| options.context = context.handle;
        if (self.call_location) |text| options.call_location = text.ptr;
        options.launch_id = self.launch_id;
        options.launch = @intFromEnum(self.launch);
        if (self.custom) |values| options.custom_options = values.handle;
        if (self.handlers) |handlers| options.handlers = handlers.handle;
        if (self.native_callback_layout) options.flags |= c.PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT;
        return options;
    }
};

/// A program on devices, ready to run.
pub const Executable = struct {
    handle: *c.pje_loaded_executable,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Executable, c.pje_loaded_executable_describe);

    pub fn deinit(self: *Executable) void {
        c.pje_loaded_executable_release(self.handle);
        self.* = undefined;
    }

    pub fn name(self: Executable) [:0]const u8 {
        return std.mem.span(c.pje_loaded_executable_name(self.handle));
    }

    /// Arguments on each device; null when the plugin does not tell.
    pub fn numArgs(self: Executable) ?usize {
        const count = c.pje_loaded_executable_num_args(self.handle);
        return if (count == std.math.maxInt(usize)) null else count;
    }

    /// Results on each device.
    pub fn numOutputs(self: Executable) usize {
        return c.pje_loaded_executable_num_outputs(self.handle);
    }

    pub fn numReplicas(self: Executable) usize {
        return c.pje_loaded_executable_num_replicas(self.handle);
    }

    pub fn numPartitions(self: Executable) usize {
        return c.pje_loaded_executable_num_partitions(self.handle);
    }

    /// Devices of this process.
    pub fn numDevices(self: Executable) usize {
        return c.pje_loaded_executable_num_addressable_devices(self.handle);
    }

    pub fn device(self: Executable, index: usize) devices.Device {
        return .{ .handle = c.pje_loaded_executable_addressable_device(self.handle, index).? };
    }

    /// What runs where, on the devices of other processes too.
    pub fn assignment(self: Executable) Error!DeviceAssignment {
        return DeviceAssignment.wrap(self.diagnostics, c.pje_loaded_executable_device_assignment, .{self.handle});
    }

    /// What device `index` of this process runs.
    pub fn placeOf(self: Executable, index: usize) Error!DeviceAssignment.Place {
        var place: DeviceAssignment.Place = undefined;
        try check(self.diagnostics, c.pje_loaded_executable_logical_ids(self.handle, index, &place.replica, &place.partition));
        return place;
    }

    /// Whether a run may take argument `index` over.
    pub fn argIsDonated(self: Executable, index: usize) bool {
        return c.pje_loaded_executable_arg_is_donated(self.handle, index);
    }

    pub const Type = struct { dtype: types.Dtype, dims: []const i64 };

    /// What argument `index` must be on each device; null when the plugin does not tell.
    pub fn argType(self: Executable, index: usize) ?Type {
        return typeOf(self.handle, c.pje_loaded_executable_arg_type, index);
    }

    pub fn outputType(self: Executable, index: usize) ?Type {
        return typeOf(self.handle, c.pje_loaded_executable_output_type, index);
    }

    pub fn typeOf(handle: anytype, comptime get: anytype, index: usize) ?Type {
        var dtype: c.pje_dtype = 0;
        var dims: [*c]const i64 = null;
        var rank: usize = 0;
        if (!get(handle, index, &dtype, &dims, &rank)) return null;
        return .{ .dtype = types.Dtype.from(dtype), .dims = if (rank == 0) &.{} else dims[0..rank] };
    }

    /// Runs on one device and waits. Fills `outputs`, which are the caller's.
    pub inline fn execute(self: Executable, args: []const Buffer, outputs: []Buffer, options: ExecuteOptions) Error!void {
        var place: c.pje_execute_options = undefined;
        try self.launch(args, outputs, options.raw(&place), .in_call);
    }

    /// Likewise without waiting: outputs can be used at once; the event is ready when the run has ended.
    pub inline fn executeAsync(self: Executable, args: []const Buffer, outputs: []Buffer, options: ExecuteOptions) Error!Event {
        var done: ?*c.pje_event = null;
        var place: c.pje_execute_options = undefined;
        try self.launch(args, outputs, options.raw(&place), .{ .event = &done });
        return .{ .handle = done.?, .diagnostics = self.diagnostics };
    }

    /// Likewise without an event: the outputs tell when they are ready, and whether the run failed.
    pub inline fn start(self: Executable, args: []const Buffer, outputs: []Buffer, options: ExecuteOptions) Error!void {
        var place: c.pje_execute_options = undefined;
        try self.launch(args, outputs, options.raw(&place), .without);
    }

    const Wait = union(enum) { in_call, without, event: *?*c.pje_event };

    fn launch(self: Executable, args: []const Buffer, outputs: []Buffer, raw: ?*const c.pje_execute_options, wait: Wait) Error!void {
        var handles: Handles(c.pje_buffer) = undefined;
        var room: Handles(c.pje_buffer) = undefined;
        const list = try handles.of(args, self.diagnostics);
        defer handles.give();
        const made = try room.take(outputs.len, self.diagnostics);
        defer room.give();
        try check(self.diagnostics, switch (wait) {
            .in_call => c.pje_loaded_executable_execute(self.handle, list.ptr, list.len, raw, made.ptr, made.len),
            .without => c.pje_loaded_executable_execute_async(self.handle, list.ptr, list.len, raw, made.ptr, made.len, null),
            .event => |done| c.pje_loaded_executable_execute_async(self.handle, list.ptr, list.len, raw, made.ptr, made.len, done),
        });
        lists.hand(Buffer, outputs, made, self.diagnostics);
    }

    /// Runs on one device with arguments of any kind and waits: `args` is a tuple of buffers, arrays, Zig scalars, slices
    /// (of rank 1), and pointers to Zig arrays (of as many dimensions as they have). `executable.call(.{ x, @as(f32, 2) }, &outputs, .{})`.
    pub fn call(self: Executable, args: anytype, outputs: []Buffer, options: ExecuteOptions) Error!void {
        const client = c.pje_loaded_executable_client(self.handle).?;
        const where = options.device orelse devices.Device.of(c.pje_loaded_executable_addressable_device(self.handle, 0));
        // A buffer alone stands for a tuple of one.
        const count = if (@TypeOf(args) == Buffer) 1 else args.len;
        var uploaded = try arguments.Uploaded(count).init(client, args, where, self.diagnostics);
        defer uploaded.deinit();
        try self.execute(&uploaded.buffers, outputs, options);
    }

    /// Likewise of a program with one result.
    pub fn callOne(self: Executable, args: anytype) Error!Buffer {
        var outputs: [1]Buffer = undefined;
        try self.call(args, &outputs, .{});
        return outputs[0];
    }

    /// As `call` on every device: `args[d]` is the tuple of device d, whose results fill `outputs[d]`.
    pub fn callPerDevice(self: Executable, args: anytype, outputs: []const []Buffer, options: ExecuteOptions) Error!void {
        const client = c.pje_loaded_executable_client(self.handle).?;
        const Of = arguments.Uploaded(args[0].len);
        const uploaded = std.heap.c_allocator.alloc(Of, args.len) catch return errors.refuseMemory(self.diagnostics);
        defer std.heap.c_allocator.free(uploaded);
        const lists_of_buffers = std.heap.c_allocator.alloc([]const Buffer, args.len) catch return errors.refuseMemory(self.diagnostics);
        defer std.heap.c_allocator.free(lists_of_buffers);
        var begun: usize = 0;
        defer for (uploaded[0..begun]) |*of_device| of_device.deinit();
        for (args, uploaded, lists_of_buffers) |of_device, *kept, *list| {
            const where = devices.Device.of(c.pje_loaded_executable_addressable_device(self.handle, begun));
            kept.* = try Of.init(client, of_device, where, self.diagnostics);
            list.* = &kept.buffers;
            begun += 1;
        }
        try self.executePerDevice(lists_of_buffers, outputs, options);
    }

    /// Runs on every device and waits: `args[d]` go to device d of the executable, whose results fill `outputs[d]`.
    pub fn executePerDevice(self: Executable, args: []const []const Buffer, outputs: []const []Buffer, options: ExecuteOptions) Error!void {
        try self.launchPerDevice(args, outputs, options, null);
    }

    /// Likewise without waiting: `done[d]` is ready when device d has ended.
    pub fn executePerDeviceAsync(self: Executable, args: []const []const Buffer, outputs: []const []Buffer, options: ExecuteOptions, done: []Event) Error!void {
        if (done.len != args.len) return errors.refuse(self.diagnostics, "Executable.executePerDeviceAsync: another number of events than of devices");
        var room: Handles(c.pje_event) = undefined;
        const ended = try room.take(done.len, self.diagnostics);
        defer room.give();
        try self.launchPerDevice(args, outputs, options, ended.ptr);
        lists.hand(Event, done, ended, self.diagnostics);
    }

    fn launchPerDevice(self: Executable, args: []const []const Buffer, outputs: []const []Buffer, options: ExecuteOptions, done: ?[*]?*c.pje_event) Error!void {
        const given = if (args.len == 0) 0 else args[0].len;
        const wanted = if (outputs.len == 0) 0 else outputs[0].len;
        if (outputs.len != args.len) return errors.refuse(self.diagnostics, "Executable.executePerDevice: outputs for another number of devices than arguments");
        var handles: Handles(c.pje_buffer) = undefined;
        var room: Handles(c.pje_buffer) = undefined;
        const list = try handles.take(args.len * given, self.diagnostics);
        defer handles.give();
        const made = try room.take(args.len * wanted, self.diagnostics);
        defer room.give();
        for (args, outputs, 0..) |of_device, to_device, d| {
            if (of_device.len != given or to_device.len != wanted) return errors.refuse(self.diagnostics, "Executable.executePerDevice: devices differ in their numbers of arguments or outputs");
            for (of_device, list[d * given ..][0..given]) |argument, *handle| handle.* = argument.handle;
        }
        var place: c.pje_execute_options = undefined;
        const raw = options.raw(&place);
        try check(self.diagnostics, if (done) |ended|
            c.pje_loaded_executable_execute_sharded_async(self.handle, args.len, list.ptr, given, raw, made.ptr, wanted, ended)
        else
            c.pje_loaded_executable_execute_sharded(self.handle, args.len, list.ptr, given, raw, made.ptr, wanted));
        for (outputs, 0..) |to_device, d| lists.hand(Buffer, to_device, made[d * wanted ..][0..wanted], self.diagnostics);
    }

    /// Host arrays in, host arrays out, in one call.
    pub fn run(self: Executable, args: []const Array, outputs: []Array) Error!void {
        return self.runArrays(args, outputs, null);
    }

    /// Likewise without waiting: the outputs are complete when the event is ready; the arguments must not change before.
    pub fn runAsync(self: Executable, args: []const Array, outputs: []Array) Error!Event {
        var done: ?*c.pje_event = null;
        try self.runArrays(args, outputs, &done);
        return .{ .handle = done.?, .diagnostics = self.diagnostics };
    }

    fn runArrays(self: Executable, args: []const Array, outputs: []Array, done: ?*?*c.pje_event) Error!void {
        var handles: Handles(c.pje_array) = undefined;
        var room: Handles(c.pje_array) = undefined;
        const list = try handles.of(args, self.diagnostics);
        defer handles.give();
        const made = try room.take(outputs.len, self.diagnostics);
        defer room.give();
        try check(self.diagnostics, if (done) |event|
            c.pje_loaded_executable_run_async(self.handle, list.ptr, list.len, made.ptr, made.len, event)
        else
            c.pje_loaded_executable_run(self.handle, list.ptr, list.len, made.ptr, made.len));
        lists.hand(Array, outputs, made, self.diagnostics);
    }

    /// Likewise into arrays that are there.
    pub fn runInto(self: Executable, args: []const Array, outputs: []const Array, options: ExecuteOptions) Error!void {
        return self.runIntoArrays(args, outputs, options, null);
    }

    /// Without waiting: neither arguments nor outputs may be touched before the event is ready.
    pub fn runIntoAsync(self: Executable, args: []const Array, outputs: []const Array, options: ExecuteOptions) Error!Event {
        var done: ?*c.pje_event = null;
        try self.runIntoArrays(args, outputs, options, &done);
        return .{ .handle = done.?, .diagnostics = self.diagnostics };
    }

    fn runIntoArrays(self: Executable, args: []const Array, outputs: []const Array, options: ExecuteOptions, done: ?*?*c.pje_event) Error!void {
        var handles: Handles(c.pje_array) = undefined;
        var room: Handles(c.pje_array) = undefined;
        const list = try handles.of(args, self.diagnostics);
        defer handles.give();
        const into = try room.of(outputs, self.diagnostics);
        defer room.give();
        var place: c.pje_execute_options = undefined;
        const raw = options.raw(&place);
        try check(self.diagnostics, if (done) |event|
            c.pje_loaded_executable_run_into_async(self.handle, list.ptr, list.len, raw, into.ptr, into.len, event)
        else
            c.pje_loaded_executable_run_into(self.handle, list.ptr, list.len, raw, into.ptr, into.len));
    }

    /// The program as such, without its devices.
    pub fn compiled(self: Executable) Error!Compiled {
        const handle = try make(c.pje_executable, self.diagnostics, c.pje_loaded_executable_executable, .{self.handle});
        return .{ .handle = handle, .diagnostics = self.diagnostics };
    }

    /// The same for the same program, options and compiler.
    pub fn fingerprint(self: Executable) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_loaded_executable_fingerprint, .{self.handle}) };
    }

    /// Drops what the executable holds on its devices. The handle still is to be released.
    pub fn delete(self: Executable) Error!void {
        try check(self.diagnostics, c.pje_loaded_executable_delete(self.handle));
    }

    pub fn isDeleted(self: Executable) bool {
        return c.pje_loaded_executable_is_deleted(self.handle);
    }
};
