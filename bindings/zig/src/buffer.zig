//! Buffers: arrays on devices.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const devices = @import("device.zig");
const events = @import("event.zig");
const Array = @import("array.zig").Array;
const Layout = @import("layout.zig").Layout;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const Event = events.Event;
const check = errors.check;
const make = errors.make;

/// How long the host's memory is used.
pub const HostSemantics = enum(i32) {
    /// Copied before the call returns.
    immutable_only_during_call = 1,
    /// Read until the upload's event is ready.
    immutable_until_transfer_completes = 2,
    /// May be read until the upload's event is ready, or `release` is called: as long as the buffer lives.
    immutable_zero_copy = 3,
    /// Likewise, and may be written.
    mutable_zero_copy = 4,
};

pub const UploadOptions = struct {
    device: ?devices.Device = null,
    memory: ?devices.Memory = null,
    /// Distance of neighbours in each dimension; null for dense data.
    byte_strides: ?[]const i64 = null,
    /// Index in the data of the array's first element: where strides are negative it is not 0.
    first: usize = 0,
    /// Dense data that lie column by column, as Fortran and Julia have them.
    column_major: bool = false,
    /// Layout on the device; null leaves it to the plugin.
    layout: ?Layout = null,
    semantics: HostSemantics = .immutable_only_during_call,
    /// Called once when the data are no longer used.
    release: ?events.Callback = null,

    const most_dims = 64;

    /// What the library takes; `strides` must live as long.
    fn raw(self: UploadOptions, element_size: usize, dims: []const i64, strides: *[most_dims]i64) c.pje_from_host_options {
        var options = std.mem.zeroes(c.pje_from_host_options);
        options.struct_size = @sizeOf(c.pje_from_host_options);
        if (self.device) |device| options.device = device.handle;
        if (self.memory) |memory| options.memory = memory.handle;
        if (self.layout) |layout| options.layout = layout.handle;
        if (self.byte_strides) |given| {
            options.byte_strides = given.ptr;
            options.num_byte_strides = given.len;
        } else if (self.column_major and dims.len <= most_dims) {
            var stride: i64 = @intCast(element_size);
            for (dims, strides[0..dims.len]) |size, *place| {
                place.* = stride;
                stride *|= @max(size, 0);
            }
            options.byte_strides = strides;
            options.num_byte_strides = dims.len;
        }
        options.semantics = @intFromEnum(self.semantics);
        if (self.release) |release| {
            options.release = release.function;
            options.release_data = release.context;
        }
        return options;
    }
};

/// An array on a device.
pub const Buffer = struct {
    handle: *c.pje_buffer,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Buffer, c.pje_buffer_describe);

    /// Uploads; `done`, where wanted, is an event that is ready when `data` are no longer used.
    pub fn upload(client: *c.pje_client, comptime T: type, data: []const T, shape: []const i64, options: UploadOptions, done: ?*Event, diagnostics: ?*Diagnostics) Error!Buffer {
        if (options.first > data.len) return errors.refuse(diagnostics, "upload: the first element lies behind the data");
        var strides: [UploadOptions.most_dims]i64 = undefined;
        const settings = options.raw(@sizeOf(T), shape, &strides);
        const dtype_of = types.dtypeOf(T).raw();
        const first = data.ptr + options.first;
        const size = data.len * @sizeOf(T);
        var handle: ?*c.pje_buffer = null;
        if (done) |out| {
            var host_done: ?*c.pje_event = null;
            try check(diagnostics, c.pje_buffer_from_host_async(client, first, size, dtype_of, shape.ptr, shape.len, &settings, &handle, &host_done));
            out.* = .{ .handle = host_done.?, .diagnostics = diagnostics };
        } else {
            try check(diagnostics, c.pje_buffer_from_host(client, first, size, dtype_of, shape.ptr, shape.len, &settings, &handle));
        }
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    /// Uploads an array by copying.
    pub fn fromArray(client: *c.pje_client, array: Array, options: UploadOptions, diagnostics: ?*Diagnostics) Error!Buffer {
        var strides: [UploadOptions.most_dims]i64 = undefined;
        var settings = options.raw(0, &.{}, &strides);
        settings.semantics = 0;
        return of(diagnostics, c.pje_buffer_from_array, .{ client, array.handle, &settings });
    }

    /// Likewise without waiting: the array must not change until the event that `host_done` receives is ready.
    pub fn fromArrayAsync(client: *c.pje_client, array: Array, options: UploadOptions, host_done: *Event, diagnostics: ?*Diagnostics) Error!Buffer {
        var strides: [UploadOptions.most_dims]i64 = undefined;
        var settings = options.raw(0, &.{}, &strides);
        settings.semantics = 0;
        var handle: ?*c.pje_buffer = null;
        const done = try make(c.pje_event, diagnostics, c.pje_buffer_from_array_async, .{ client, array.handle, &settings, &handle });
        host_done.* = .{ .handle = done, .diagnostics = diagnostics };
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    fn of(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!Buffer {
        return .{ .handle = try make(c.pje_buffer, diagnostics, function, arguments), .diagnostics = diagnostics };
    }

    pub fn deinit(self: *Buffer) void {
        c.pje_buffer_release(self.handle);
        self.* = undefined;
    }

    pub fn dtype(self: Buffer) types.Dtype {
        return types.Dtype.from(c.pje_buffer_dtype(self.handle));
    }

    pub fn rank(self: Buffer) usize {
        return c.pje_buffer_rank(self.handle);
    }

    /// Lives as long as the process.
    pub fn dims(self: Buffer) []const i64 {
        return c.pje_buffer_dims(self.handle)[0..self.rank()];
    }

    /// The dimensions without what pads dynamic ones; `into` must have room for all.
    pub fn unpaddedDims(self: Buffer, into: []i64) Error![]i64 {
        if (into.len < self.rank()) return errors.refuse(self.diagnostics, "Buffer.unpaddedDims: no room for all dimensions");
        try check(self.diagnostics, c.pje_buffer_unpadded_dims(self.handle, into.ptr));
        return into[0..self.rank()];
    }

    /// Which dimensions have sizes that the program decides; as many as fit.
    pub fn dynamicDims(self: Buffer, into: []usize) Error![]usize {
        var count: usize = 0;
        try check(self.diagnostics, c.pje_buffer_dynamic_dims(self.handle, into.len, into.ptr, &count));
        return into[0..@min(count, into.len)];
    }

    /// Bytes of the dense array in host memory.
    pub fn hostSize(self: Buffer) usize {
        return c.pje_buffer_host_size(self.handle);
    }

    /// Bytes on the device, padding included.
    pub fn onDeviceSize(self: Buffer) Error!usize {
        var size: usize = 0;
        try check(self.diagnostics, c.pje_buffer_on_device_size(self.handle, &size));
        return size;
    }

    pub fn isOnCpu(self: Buffer) bool {
        return c.pje_buffer_is_on_cpu(self.handle);
    }

    pub fn device(self: Buffer) ?devices.Device {
        return devices.Device.of(c.pje_buffer_device(self.handle));
    }

    pub fn memory(self: Buffer) ?devices.Memory {
        return if (c.pje_buffer_memory(self.handle)) |handle| .{ .handle = handle } else null;
    }

    /// How the contents lie on the device.
    pub fn layout(self: Buffer) Error!Layout {
        const handle = try make(c.pje_layout, self.diagnostics, c.pje_buffer_memory_layout, .{self.handle});
        return .{ .handle = handle, .diagnostics = self.diagnostics };
    }

    /// Reads the contents, row-major, into `into`, which must hold them all. `T` must be the buffer's element type.
    pub fn read(self: Buffer, comptime T: type, into: []T) Error!void {
        try self.expectType(T);
        try check(self.diagnostics, c.pje_buffer_to_host(self.handle, into.ptr, into.len * @sizeOf(T)));
    }

    /// Likewise, without waiting: `into` must live until the event is ready.
    pub fn readAsync(self: Buffer, comptime T: type, into: []T) Error!Event {
        try self.expectType(T);
        return self.event(c.pje_buffer_to_host_async, .{ self.handle, into.ptr, into.len * @sizeOf(T) });
    }

    /// The contents in memory of `allocator`, the caller's to free.
    pub fn readAlloc(self: Buffer, comptime T: type, allocator: std.mem.Allocator) (Error || std.mem.Allocator.Error)![]T {
        try self.expectType(T);
        const into = try allocator.alloc(T, self.hostSize() / @sizeOf(T));
        errdefer allocator.free(into);
        try self.read(T, into);
        return into;
    }

    /// The one element of a buffer of rank 0.
    pub fn readScalar(self: Buffer, comptime T: type) Error!T {
        var value: [1]T = undefined;
        try self.read(T, &value);
        return value[0];
    }

    /// Reads into memory that has a layout of its own: `into[first]` is the first element.
    pub fn readLayout(self: Buffer, comptime T: type, into: []T, order: Layout, first: usize) Error!void {
        try self.expectType(T);
        if (first > into.len) return errors.refuse(self.diagnostics, "Buffer.readLayout: the first element lies behind the memory");
        try check(self.diagnostics, c.pje_buffer_to_host_layout(self.handle, order.handle, into.ptr + first, into.len * @sizeOf(T)));
    }

    /// Likewise, without waiting: `into` must live until the event is ready.
    pub fn readLayoutAsync(self: Buffer, comptime T: type, into: []T, order: Layout, first: usize) Error!Event {
        try self.expectType(T);
        if (first > into.len) return errors.refuse(self.diagnostics, "Buffer.readLayoutAsync: the first element lies behind the memory");
        return self.event(c.pje_buffer_to_host_layout_async, .{ self.handle, order.handle, into.ptr + first, into.len * @sizeOf(T) });
    }

    /// Bytes as they lie on the device, from `offset` on, as many as fit into `into`.
    pub fn readRaw(self: Buffer, into: []u8, offset: usize) Error!void {
        try check(self.diagnostics, c.pje_buffer_copy_raw_to_host(self.handle, into.ptr, offset, into.len));
    }

    /// Likewise, without waiting: `into` must live until the event is ready.
    pub fn readRawAsync(self: Buffer, into: []u8, offset: usize) Error!Event {
        return self.event(c.pje_buffer_copy_raw_to_host_async, .{ self.handle, into.ptr, offset, into.len });
    }

    pub fn toArray(self: Buffer) Error!Array {
        const handle = try make(c.pje_array, self.diagnostics, c.pje_buffer_to_array, .{self.handle});
        return .{ .handle = handle, .diagnostics = self.diagnostics };
    }

    /// Likewise, without waiting: the array is complete when the event that `done` receives is ready.
    pub fn toArrayAsync(self: Buffer, done: *Event) Error!Array {
        var handle: ?*c.pje_array = null;
        var ready_event: ?*c.pje_event = null;
        try check(self.diagnostics, c.pje_buffer_to_array_async(self.handle, &handle, &ready_event));
        done.* = .{ .handle = ready_event.?, .diagnostics = self.diagnostics };
        return .{ .handle = handle.?, .diagnostics = self.diagnostics };
    }

    /// A copy in the default memory of a device, which may be another client's of the same plugin.
    pub fn copyToDevice(self: Buffer, to: devices.Device) Error!Buffer {
        return of(self.diagnostics, c.pje_buffer_copy_to_device, .{ self.handle, to.handle });
    }

    pub fn copyToMemory(self: Buffer, to: devices.Memory) Error!Buffer {
        return of(self.diagnostics, c.pje_buffer_copy_to_memory, .{ self.handle, to.handle });
    }

    /// Without waiting: the copy is ready when the event that `done` receives is.
    pub fn copyToDeviceAsync(self: Buffer, to: devices.Device, done: *Event) Error!Buffer {
        return self.copyAsync(c.pje_buffer_copy_to_device_async, to.handle, done);
    }

    pub fn copyToMemoryAsync(self: Buffer, to: devices.Memory, done: *Event) Error!Buffer {
        return self.copyAsync(c.pje_buffer_copy_to_memory_async, to.handle, done);
    }

    fn copyAsync(self: Buffer, comptime function: anytype, to: anytype, done: *Event) Error!Buffer {
        var handle: ?*c.pje_buffer = null;
        var ready_event: ?*c.pje_event = null;
        try check(self.diagnostics, function(self.handle, to, &handle, &ready_event));
        done.* = .{ .handle = ready_event.?, .diagnostics = self.diagnostics };
        return .{ .handle = handle.?, .diagnostics = self.diagnostics };
    }

    /// Gives the device's memory back now. The handle still is to be released.
    pub fn delete(self: Buffer) Error!void {
        try check(self.diagnostics, c.pje_buffer_delete(self.handle));
    }

    /// Whether the contents are gone, deleted or donated.
    pub fn isDeleted(self: Buffer) bool {
        return c.pje_buffer_is_deleted(self.handle);
    }

    /// Ready once the contents are there.
    pub fn ready(self: Buffer) Error!Event {
        return self.event(c.pje_buffer_ready, .{self.handle});
    }

    /// Waits until they are; the error of whatever was to fill them.
    pub fn wait(self: Buffer) Error!void {
        try check(self.diagnostics, c.pje_buffer_wait(self.handle));
    }

    fn event(self: Buffer, comptime function: anytype, arguments: anytype) Error!Event {
        return .{ .handle = try make(c.pje_event, self.diagnostics, function, arguments), .diagnostics = self.diagnostics };
    }

    /// A wrong handle is left to the library, which says what is wrong with it.
    fn expectType(self: Buffer, comptime T: type) Error!void {
        const actual = self.dtype();
        if (actual == types.dtypeOf(T) or actual == .invalid) return;
        return errors.refuse(self.diagnostics, "Buffer: the element type is another than " ++ @typeName(T));
    }
};
