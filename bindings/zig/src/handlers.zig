//! Functions that a running program calls, for what it sends, receives and shows.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const bytes = @import("bytes.zig");
const events = @import("event.zig");
const types = @import("types.zig");
const Device = @import("device.zig").Device;
const RequestQueue = @import("request_queue.zig").RequestQueue;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// A piece of what a program sends or receives.
pub const Chunk = struct {
    handle: *c.pje_chunk,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Chunk, c.pje_chunk_describe);

    /// The memory of `content` itself, which must live, unchanged, until `release` has been called.
    pub fn wrap(content: []u8, release: ?events.Callback, diagnostics: ?*Diagnostics) Error!Chunk {
        const end = release orelse events.Callback.none;
        return of(diagnostics, c.pje_chunk_create, .{ content.ptr, content.len, end.function, end.context });
    }

    pub fn copy(content: []const u8, diagnostics: ?*Diagnostics) Error!Chunk {
        return of(diagnostics, c.pje_chunk_copy, .{ content.ptr, content.len });
    }

    fn of(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!Chunk {
        return .{ .handle = try make(c.pje_chunk, diagnostics, function, arguments), .diagnostics = diagnostics };
    }

    /// Not of the chunk that a handler is given, which is lent.
    pub fn deinit(self: *Chunk) void {
        c.pje_chunk_release(self.handle);
        self.* = undefined;
    }

    /// Borrowed.
    pub fn data(self: Chunk) []const u8 {
        return bytes.bytesAt(c.pje_chunk_data(self.handle), c.pje_chunk_size(self.handle));
    }
};

/// What a program waits to receive.
pub const CopyStream = struct {
    handle: *c.pje_copy_stream,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(CopyStream, c.pje_copy_stream_describe);

    /// The stream for longer than the handler runs: `deinit` it, which ends it.
    pub fn keep(self: CopyStream) CopyStream {
        return .{ .handle = c.pje_copy_stream_retain(self.handle).?, .diagnostics = self.diagnostics };
    }

    pub fn deinit(self: *CopyStream) void {
        c.pje_copy_stream_release(self.handle);
        self.* = undefined;
    }

    pub fn totalBytes(self: CopyStream) usize {
        return c.pje_copy_stream_total_bytes(self.handle);
    }

    /// What the size of each chunk must be a multiple of.
    pub fn granuleBytes(self: CopyStream) usize {
        return c.pje_copy_stream_granule_bytes(self.handle);
    }

    /// Bytes that were added.
    pub fn currentBytes(self: CopyStream) Error!usize {
        var size: usize = 0;
        try check(self.diagnostics, c.pje_copy_stream_current_bytes(self.handle, &size));
        return size;
    }

    /// Returns when the chunk has been copied; not inside a handler.
    pub fn addChunk(self: CopyStream, chunk: Chunk) Error!void {
        try check(self.diagnostics, c.pje_copy_stream_add_chunk(self.handle, chunk.handle));
    }

    /// Without the wait, also inside a handler: the chunk is kept until it has been copied.
    pub fn addChunkAsync(self: CopyStream, chunk: Chunk) Error!events.Event {
        const handle = try make(c.pje_event, self.diagnostics, c.pje_copy_stream_add_chunk_async, .{ self.handle, chunk.handle });
        return .{ .handle = handle, .diagnostics = self.diagnostics };
    }
};

/// What a handler of a send or of a receive is told.
pub const TransferInfo = struct {
    channel_id: i64,
    device: ?Device,
    /// Place of the device in the run.
    device_index: usize,
    total_bytes: usize,
    /// Whether this is the last chunk of a send.
    is_last: bool,

    fn of(raw: *const c.pje_transfer_info) TransferInfo {
        return .{
            .channel_id = raw.channel_id,
            .device = Device.of(raw.device),
            .device_index = raw.device_index,
            .total_bytes = raw.total_bytes,
            .is_last = raw.is_last != 0,
        };
    }
};

/// The result of an operation of the program, lent until the handler returns.
pub const OutputInfo = struct {
    callback_id: i64,
    replica: i64,
    partition: i64,
    operand_index: i64,
    dtype: types.Dtype,
    dims: []const i64,
    data: []const u8,

    fn of(raw: *const c.pje_output_info) OutputInfo {
        return .{
            .callback_id = raw.callback_id,
            .replica = raw.replica,
            .partition = raw.partition,
            .operand_index = raw.operand_index,
            .dtype = @enumFromInt(raw.dtype),
            .dims = if (raw.rank == 0) &.{} else raw.dims[0..raw.rank],
            .data = bytes.bytesAt(raw.data, raw.size),
        };
    }
};

/// A set of handlers for `ExecuteOptions.handlers`. They run on threads of the plugin, while the program waits: only
/// callback-safe functions of the library work there. One thread at a time while it is being filled.
pub const Handlers = struct {
    handle: *c.pje_execute_handlers,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Handlers, c.pje_execute_handlers_describe);

    /// `release` is called when the set and the last run that uses it are gone.
    pub fn init(release: ?events.Callback, diagnostics: ?*Diagnostics) Error!Handlers {
        const end = release orelse events.Callback.none;
        const handle = try make(c.pje_execute_handlers, diagnostics, c.pje_execute_handlers_create, .{ end.function, end.context });
        return .{ .handle = handle, .diagnostics = diagnostics };
    }

    pub fn deinit(self: *Handlers) void {
        c.pje_execute_handlers_release(self.handle);
        self.* = undefined;
    }

    /// `function` takes what the program sends over a channel; its error ends the run. `context` must live as long as the set.
    pub fn addSend(self: Handlers, channel_id: i64, comptime Context: type, context: *Context, comptime function: fn (*Context, TransferInfo, Chunk) Error!void) Error!void {
        const trampoline = struct {
            fn call(data: ?*anyopaque, info: [*c]const c.pje_transfer_info, chunk: ?*c.pje_chunk) callconv(.c) ?*c.pje_error {
                function(@ptrCast(@alignCast(data.?)), TransferInfo.of(info), .{ .handle = chunk.? }) catch |failure| return errors.toRaw(failure);
                return null;
            }
        };
        try check(self.diagnostics, c.pje_execute_handlers_add_send(self.handle, channel_id, trampoline.call, context));
    }

    /// `function` feeds what the program receives over a channel, inside the call or later with `CopyStream.keep`.
    pub fn addReceive(self: Handlers, channel_id: i64, comptime Context: type, context: *Context, comptime function: fn (*Context, TransferInfo, CopyStream) Error!void) Error!void {
        const trampoline = struct {
            fn call(data: ?*anyopaque, info: [*c]const c.pje_transfer_info, stream: ?*c.pje_copy_stream) callconv(.c) ?*c.pje_error {
                function(@ptrCast(@alignCast(data.?)), TransferInfo.of(info), .{ .handle = stream.? }) catch |failure| return errors.toRaw(failure);
                return null;
            }
        };
        try check(self.diagnostics, c.pje_execute_handlers_add_receive(self.handle, channel_id, trampoline.call, context));
    }

    /// `function` looks at the result of the operations that the program marks with this number.
    pub fn addOutput(self: Handlers, callback_id: i64, num_operands: usize, comptime Context: type, context: *Context, comptime function: fn (*Context, OutputInfo) void) Error!void {
        const trampoline = struct {
            fn call(data: ?*anyopaque, info: [*c]const c.pje_output_info) callconv(.c) void {
                function(@ptrCast(@alignCast(data.?)), OutputInfo.of(info));
            }
        };
        try check(self.diagnostics, c.pje_execute_handlers_add_output(self.handle, callback_id, num_operands, trampoline.call, context));
    }

    /// What the program sends over a channel becomes requests of kind `send`.
    pub fn addSendRequests(self: Handlers, channel_id: i64, queue: RequestQueue) Error!void {
        try check(self.diagnostics, c.pje_execute_handlers_add_send_requests(self.handle, channel_id, queue.handle));
    }

    /// What the program receives over a channel becomes requests of kind `receive`, answered with all of the bytes.
    pub fn addReceiveRequests(self: Handlers, channel_id: i64, queue: RequestQueue) Error!void {
        try check(self.diagnostics, c.pje_execute_handlers_add_receive_requests(self.handle, channel_id, queue.handle));
    }

    /// Results of the operations that the program marks with this number become requests of kind `output`.
    pub fn addOutputRequests(self: Handlers, callback_id: i64, num_operands: usize, queue: RequestQueue) Error!void {
        try check(self.diagnostics, c.pje_execute_handlers_add_output_requests(self.handle, callback_id, num_operands, queue.handle));
    }
};
