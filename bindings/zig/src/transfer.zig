//! Transfers to a device in pieces.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const lists = @import("handles.zig");
const Array = @import("array.zig").Array;
const Buffer = @import("buffer.zig").Buffer;
const Client = @import("client.zig").Client;
const Device = @import("device.zig").Device;
const Event = @import("event.zig").Event;
const Layout = @import("layout.zig").Layout;
const Memory = @import("device.zig").Memory;
const NamedValues = @import("named_values.zig").NamedValues;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// One of the arrays to come.
pub const TransferShape = struct { dtype: types.Dtype, dims: []const i64, layout: ?Layout = null };

/// Buffers that are there before their contents.
pub const TransferManager = struct {
    handle: *c.pje_transfer_manager,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(TransferManager, c.pje_transfer_manager_describe);

    pub const most_buffers = 64;
    pub const Progress = struct { bytes_done: usize, bytes_total: usize };

    /// At most `most_buffers`; null is the default memory of the first device.
    pub fn init(client: Client, shapes: []const TransferShape, memory: ?Memory) Error!TransferManager {
        if (shapes.len > most_buffers) return errors.refuse(client.diagnostics, "TransferManager.init: more than 64 buffers");
        var dtypes: [most_buffers]c.pje_dtype = undefined;
        var dims: [most_buffers][*c]const i64 = undefined;
        var ranks: [most_buffers]usize = undefined;
        var layouts: [most_buffers]?*const c.pje_layout = undefined;
        for (shapes, 0..) |shape, index| {
            dtypes[index] = shape.dtype.raw();
            dims[index] = shape.dims.ptr;
            ranks[index] = shape.dims.len;
            layouts[index] = if (shape.layout) |layout| layout.handle else null;
        }
        var handle: ?*c.pje_transfer_manager = null;
        const where = if (memory) |some| some.handle else null;
        try check(client.diagnostics, c.pje_transfer_manager_create(client.handle, shapes.len, &dtypes, &dims, &ranks, &layouts, where, &handle));
        return .{ .handle = handle.?, .diagnostics = client.diagnostics };
    }

    /// Buffers that are not complete then hold `error.Cancelled`.
    pub fn deinit(self: *TransferManager) void {
        c.pje_transfer_manager_release(self.handle);
        self.* = undefined;
    }

    pub fn device(self: TransferManager) ?Device {
        return Device.of(c.pje_transfer_manager_device(self.handle));
    }

    pub fn numBuffers(self: TransferManager) usize {
        return c.pje_transfer_manager_num_buffers(self.handle);
    }

    /// Bytes of a buffer on the device.
    pub fn bufferSize(self: TransferManager, index: usize) Error!usize {
        var size: usize = 0;
        try check(self.diagnostics, c.pje_transfer_manager_buffer_size(self.handle, index, &size));
        return size;
    }

    /// Once for each; it may be used before it is complete.
    pub fn retrieve(self: TransferManager, index: usize) Error!Buffer {
        const handle = try make(c.pje_buffer, self.diagnostics, c.pje_transfer_manager_retrieve_buffer, .{ self.handle, index });
        return .{ .handle = handle, .diagnostics = self.diagnostics };
    }

    /// A piece of a dense, row-major array, from byte `offset` on, in any order; the last piece is found by itself.
    pub fn write(self: TransferManager, index: usize, piece: []const u8, offset: usize) Error!void {
        try check(self.diagnostics, c.pje_transfer_manager_write(self.handle, index, piece.ptr, piece.len, offset));
    }

    /// Likewise, without waiting: the piece must live, unchanged, until the event is ready.
    pub fn writeAsync(self: TransferManager, index: usize, piece: []const u8, offset: usize) Error!Event {
        return self.event(c.pje_transfer_manager_write_async, .{ self.handle, index, piece.ptr, piece.len, offset });
    }

    /// What of the pieces has arrived.
    pub fn progress(self: TransferManager, index: usize) Error!Progress {
        var of: Progress = undefined;
        try check(self.diagnostics, c.pje_transfer_manager_progress(self.handle, index, &of.bytes_done, &of.bytes_total));
        return of;
    }

    /// Bytes as they lie on the device; `is_last` exactly once for each buffer.
    pub fn transferData(self: TransferManager, index: usize, piece: []const u8, offset: usize, is_last: bool) Error!void {
        try check(self.diagnostics, c.pje_transfer_manager_transfer_data(self.handle, index, piece.ptr, piece.len, offset, is_last));
    }

    pub fn transferDataAsync(self: TransferManager, index: usize, piece: []const u8, offset: usize, is_last: bool) Error!Event {
        return self.event(c.pje_transfer_manager_transfer_data_async, .{ self.handle, index, piece.ptr, piece.len, offset, is_last });
    }

    /// A whole array of the host; null is row-major.
    pub fn transferLiteral(self: TransferManager, index: usize, data: []const u8, layout: ?Layout) Error!void {
        const order = if (layout) |some| some.handle else null;
        try check(self.diagnostics, c.pje_transfer_manager_transfer_literal(self.handle, index, data.ptr, data.len, order));
    }

    pub fn transferLiteralAsync(self: TransferManager, index: usize, data: []const u8, layout: ?Layout) Error!Event {
        const order = if (layout) |some| some.handle else null;
        return self.event(c.pje_transfer_manager_transfer_literal_async, .{ self.handle, index, data.ptr, data.len, order });
    }

    /// Instead of the rest of a buffer's contents.
    pub fn setBufferError(self: TransferManager, index: usize, failure: errors.Failure) Error!void {
        try check(self.diagnostics, c.pje_transfer_manager_set_buffer_error(self.handle, index, failure.handle));
    }

    /// Tells the plugin something about the transfer, in strings.
    pub fn addMetadata(self: TransferManager, values: NamedValues) Error!void {
        try check(self.diagnostics, c.pje_transfer_manager_add_metadata(self.handle, values.handle));
    }

    fn event(self: TransferManager, comptime function: anytype, arguments: anytype) Error!Event {
        return .{ .handle = try make(c.pje_event, self.diagnostics, function, arguments), .diagnostics = self.diagnostics };
    }
};

/// How far `transferAll` is.
pub const TransferState = struct {
    bytes_done: u64,
    bytes_total: u64,
    buffers_done: usize,
    num_buffers: usize,
    bytes_per_second: f64,
};

/// A function that is told how far a transfer is, as a callback.
pub const TransferProgress = struct {
    function: *const fn (?*anyopaque, [*c]const c.pje_transfer_state) callconv(.c) void,
    context: ?*anyopaque,

    /// `context` must live until the transfer has ended.
    pub fn of(comptime Context: type, context: *Context, comptime function: fn (*Context, TransferState) void) TransferProgress {
        return .{ .context = context, .function = &struct {
            fn call(data: ?*anyopaque, state: [*c]const c.pje_transfer_state) callconv(.c) void {
                function(@ptrCast(@alignCast(data.?)), .{
                    .bytes_done = state.*.bytes_done,
                    .bytes_total = state.*.bytes_total,
                    .buffers_done = state.*.buffers_done,
                    .num_buffers = state.*.num_buffers,
                    .bytes_per_second = state.*.bytes_per_second,
                });
            }
        }.call };
    }
};

pub const TransferOptions = struct {
    device: ?Device = null,
    memory: ?Memory = null,
    /// Bytes that go at a time; 0 is the library's choice.
    piece_size: usize = 0,
    progress: ?TransferProgress = null,

    fn raw(self: TransferOptions) c.pje_transfer_options {
        var options = std.mem.zeroes(c.pje_transfer_options);
        options.struct_size = @sizeOf(c.pje_transfer_options);
        if (self.device) |device| options.device = device.handle;
        if (self.memory) |memory| options.memory = memory.handle;
        options.piece_size = self.piece_size;
        if (self.progress) |progress| {
            options.progress = progress.function;
            options.progress_data = progress.context;
        }
        return options;
    }
};

/// Moves arrays to one memory, piece by piece, and waits. Fills `buffers`, as many as arrays.
pub fn transferAll(client: Client, arrays: []const Array, buffers: []Buffer, options: TransferOptions) Error!void {
    return transfer(client, arrays, buffers, options, null);
}

/// Likewise on a thread of the library: the buffers are handed over at once.
pub fn transferAllAsync(client: Client, arrays: []const Array, buffers: []Buffer, options: TransferOptions) Error!Event {
    var done: ?*c.pje_event = null;
    try transfer(client, arrays, buffers, options, &done);
    return .{ .handle = done.?, .diagnostics = client.diagnostics };
}

fn transfer(client: Client, arrays: []const Array, buffers: []Buffer, options: TransferOptions, done: ?*?*c.pje_event) Error!void {
    if (buffers.len != arrays.len) return errors.refuse(client.diagnostics, "transferAll: another number of buffers than of arrays");
    var handles: lists.Handles(c.pje_array) = undefined;
    var room: lists.Handles(c.pje_buffer) = undefined;
    const list = try handles.of(arrays, client.diagnostics);
    defer handles.give();
    const made = try room.take(buffers.len, client.diagnostics);
    defer room.give();
    const raw = options.raw();
    try check(client.diagnostics, if (done) |event|
        c.pje_client_transfer_all_async(client.handle, list.ptr, list.len, &raw, made.ptr, event)
    else
        c.pje_client_transfer_all(client.handle, list.ptr, list.len, &raw, made.ptr));
    lists.hand(Buffer, buffers, made, client.diagnostics);
}
