//! Arrays in host memory, dense and row-major.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const Callback = @import("event.zig").Callback;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// An array in host memory, dense and row-major.
pub const Array = struct {
    handle: *c.pje_array,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Array, c.pje_array_describe);

    /// Zeroed.
    pub fn init(comptime T: type, shape: []const i64, diagnostics: ?*Diagnostics) Error!Array {
        return of(diagnostics, c.pje_array_create, .{ types.dtypeOf(T).raw(), shape.ptr, shape.len });
    }

    /// A copy of `data`, which must have as many elements as `shape`.
    pub fn fromSlice(comptime T: type, data: []const T, shape: []const i64, diagnostics: ?*Diagnostics) Error!Array {
        var array = try init(T, shape, diagnostics);
        errdefer array.deinit();
        const into = array.items(T);
        if (into.len != data.len) return errors.refuse(diagnostics, "Array.fromSlice: the data has another number of elements than the shape");
        @memcpy(into, data);
        return array;
    }

    /// One element, of rank 0.
    pub fn scalar(comptime T: type, value: T, diagnostics: ?*Diagnostics) Error!Array {
        return fromSlice(T, &.{value}, &.{}, diagnostics);
    }

    /// A copy of the bytes of elements whose type is known at run time only.
    pub fn fromBytes(of_type: types.Dtype, bytes: []const u8, shape: []const i64, diagnostics: ?*Diagnostics) Error!Array {
        var array = try of(diagnostics, c.pje_array_create, .{ of_type.raw(), shape.ptr, shape.len });
        errdefer array.deinit();
        if (c.pje_array_size(array.handle) != bytes.len) return errors.refuse(diagnostics, "Array.fromBytes: there are more or fewer bytes than the shape has");
        if (bytes.len > 0) @memcpy(@as([*]u8, @ptrCast(c.pje_array_data(array.handle).?))[0..bytes.len], bytes);
        return array;
    }

    /// The memory of `data` itself, which must live until `release` has been called.
    pub fn wrap(comptime T: type, data: []T, shape: []const i64, release: ?Callback, diagnostics: ?*Diagnostics) Error!Array {
        const end = release orelse Callback.none;
        const arguments = .{ data.ptr, data.len * @sizeOf(T), types.dtypeOf(T).raw(), shape.ptr, shape.len, end.function, end.context };
        return of(diagnostics, c.pje_array_wrap, arguments);
    }

    /// A .npy file.
    pub fn load(path: [:0]const u8, diagnostics: ?*Diagnostics) Error!Array {
        return of(diagnostics, c.pje_array_load_npy, .{path.ptr});
    }

    fn of(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!Array {
        return .{ .handle = try make(c.pje_array, diagnostics, function, arguments), .diagnostics = diagnostics };
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

    /// Borrowed.
    pub fn dims(self: Array) []const i64 {
        return c.pje_array_dims(self.handle)[0..c.pje_array_rank(self.handle)];
    }

    /// The same memory as another type of the same size.
    pub fn reinterpret(self: Array, comptime T: type) Error!Array {
        return of(self.diagnostics, c.pje_array_reinterpret, .{ self.handle, types.dtypeOf(T).raw() });
    }

    /// The elements, where they are. `T` must be the array's element type.
    pub fn items(self: Array, comptime T: type) []T {
        return self.elements(T, []T, c.pje_array_data(self.handle));
    }

    /// Likewise, to be read only.
    pub fn constItems(self: Array, comptime T: type) []const T {
        return self.elements(T, []const T, c.pje_array_const_data(self.handle));
    }

    fn elements(self: Array, comptime T: type, comptime Slice: type, address: anytype) Slice {
        std.debug.assert(self.dtype() == types.dtypeOf(T));
        if (@sizeOf(T) == 0) return &.{};
        const size = c.pje_array_size(self.handle) / @sizeOf(T);
        if (size == 0) return &.{};
        const Pointer = if (Slice == []T) [*]T else [*]const T;
        return @as(Pointer, @ptrCast(@alignCast(address.?)))[0..size];
    }
};
