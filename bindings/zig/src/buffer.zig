//! Buffers on devices, and arrays in host memory.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const types = @import("types.zig");
const client = @import("client.zig");
const events = @import("event.zig");

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;

pub const UploadOptions = struct {
    device: ?client.Device = null,
    memory: ?client.Memory = null,
    /// Distance of neighbours in each dimension; null for dense row-major data.
    byte_strides: ?[]const i64 = null,

    pub fn raw(self: UploadOptions) c.pje_from_host_options {
        var options = std.mem.zeroes(c.pje_from_host_options);
        options.struct_size = @sizeOf(c.pje_from_host_options);
        if (self.device) |device| options.device = device.handle;
        if (self.memory) |memory| options.memory = memory.handle;
        if (self.byte_strides) |strides| {
            options.byte_strides = strides.ptr;
            options.num_byte_strides = strides.len;
        }
        return options;
    }
};

/// An array on a device.
pub const Buffer = struct {
    handle: *c.pje_buffer,
    diagnostics: ?*Diagnostics = null,

    pub fn deinit(self: *Buffer) void {
        c.pje_buffer_release(self.handle);
        self.* = undefined;
    }

    pub fn dtype(self: Buffer) types.Dtype {
        return types.Dtype.from(c.pje_buffer_dtype(self.handle));
    }

    /// Borrowed from the buffer.
    pub fn dims(self: Buffer) []const i64 {
        return c.pje_buffer_dims(self.handle)[0..c.pje_buffer_rank(self.handle)];
    }

    /// Bytes of the dense array in host memory.
    pub fn hostSize(self: Buffer) usize {
        return c.pje_buffer_host_size(self.handle);
    }

    pub fn device(self: Buffer) client.Device {
        return .{ .handle = c.pje_buffer_device(self.handle).? };
    }

    pub fn memory(self: Buffer) client.Memory {
        return .{ .handle = c.pje_buffer_memory(self.handle).? };
    }

    /// Reads the contents, row-major, into `into`, which must hold them all. `T` must be the buffer's element type.
    pub fn read(self: Buffer, comptime T: type, into: []T) Error!void {
        try self.expectType(T);
        try check(self.diagnostics, c.pje_buffer_to_host(self.handle, into.ptr, into.len * @sizeOf(T)));
    }

    /// Likewise, without waiting: `into` must live until the event is ready.
    pub fn readAsync(self: Buffer, comptime T: type, into: []T) Error!events.Event {
        try self.expectType(T);
        var done: ?*c.pje_event = null;
        try check(self.diagnostics, c.pje_buffer_to_host_async(self.handle, into.ptr, into.len * @sizeOf(T), &done));
        return .{ .handle = done.?, .diagnostics = self.diagnostics };
    }

    /// The contents in memory of `allocator`, the caller's to free.
    pub fn readAlloc(self: Buffer, comptime T: type, allocator: std.mem.Allocator) (Error || std.mem.Allocator.Error)![]T {
        const into = try allocator.alloc(T, self.hostSize() / @sizeOf(T));
        errdefer allocator.free(into);
        try self.read(T, into);
        return into;
    }

    /// Gives the device's memory back now. The handle still is to be released.
    pub fn delete(self: Buffer) Error!void {
        try check(self.diagnostics, c.pje_buffer_delete(self.handle));
    }

    pub fn isDeleted(self: Buffer) bool {
        return c.pje_buffer_is_deleted(self.handle);
    }

    /// Ready once the contents are there.
    pub fn ready(self: Buffer) Error!events.Event {
        var event: ?*c.pje_event = null;
        try check(self.diagnostics, c.pje_buffer_ready(self.handle, &event));
        return .{ .handle = event.?, .diagnostics = self.diagnostics };
    }

    pub fn toArray(self: Buffer) Error!Array {
        var handle: ?*c.pje_array = null;
        try check(self.diagnostics, c.pje_buffer_to_array(self.handle, &handle));
        return .{ .handle = handle.?, .diagnostics = self.diagnostics };
    }

    fn expectType(self: Buffer, comptime T: type) Error!void {
        if (types.dtypeOf(T) == self.dtype()) return;
        const failure = c.pje_error_create(@intCast(errors.codeOf(error.InvalidArgument)), "Buffer.read: the buffer has another element type than " ++ @typeName(T));
        return check(self.diagnostics, failure);
    }
};

/// An array in host memory, dense and row-major.
pub const Array = struct {
    handle: *c.pje_array,
    diagnostics: ?*Diagnostics = null,

    /// Zeroed.
    pub fn init(comptime T: type, shape: []const i64, diagnostics: ?*Diagnostics) Error!Array {
        var handle: ?*c.pje_array = null;
        try check(diagnostics, c.pje_array_create(types.dtypeOf(T).raw(), shape.ptr, shape.len, &handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    /// A copy of `data`, which must have as many elements as `shape`.
    pub fn fromSlice(comptime T: type, data: []const T, shape: []const i64, diagnostics: ?*Diagnostics) Error!Array {
        var array = try init(T, shape, diagnostics);
        errdefer array.deinit();
        const into = array.items(T);
        if (into.len != data.len) {
            const failure = c.pje_error_create(@intCast(errors.codeOf(error.InvalidArgument)), "Array.fromSlice: the data has another number of elements than the shape");
            try check(diagnostics, failure);
        }
        @memcpy(into, data);
        return array;
    }

    pub fn load(path: [:0]const u8, diagnostics: ?*Diagnostics) Error!Array {
        var handle: ?*c.pje_array = null;
        try check(diagnostics, c.pje_array_load_npy(path.ptr, &handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    pub fn save(self: Array, path: [:0]const u8) Error!void {
        try check(self.diagnostics, c.pje_array_save_npy(self.handle, path.ptr));
    }

    pub fn deinit(self: *Array) void {
        c.pje_array_release(self.handle);
        self.* = undefined;
    }

    pub fn dtype(self: Array) types.Dtype {
        return types.Dtype.from(c.pje_array_dtype(self.handle));
    }

    pub fn dims(self: Array) []const i64 {
        return c.pje_array_dims(self.handle)[0..c.pje_array_rank(self.handle)];
    }

    /// The elements, where they are.
    pub fn items(self: Array, comptime T: type) []T {
        std.debug.assert(self.dtype() == types.dtypeOf(T));
        const size = c.pje_array_size(self.handle) / @sizeOf(T);
        if (size == 0) return &.{};
        const data: [*]T = @ptrCast(@alignCast(c.pje_array_data(self.handle).?));
        return data[0..size];
    }
};
