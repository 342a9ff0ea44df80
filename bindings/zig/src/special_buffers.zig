//! Buffers that are made otherwise than by an upload, and what they are promised.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const Buffer = @import("buffer.zig").Buffer;
const Callback = @import("event.zig").Callback;
const Client = @import("client.zig").Client;
const Device = @import("device.zig").Device;
const Event = @import("event.zig").Event;
const Layout = @import("layout.zig").Layout;
const Memory = @import("device.zig").Memory;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// Where and how a buffer is made.
pub const BufferOptions = struct {
    device: ?Device = null,
    memory: ?Memory = null,
    /// Null is row-major.
    layout: ?Layout = null,

    fn raw(self: BufferOptions) c.pje_buffer_options {
        var options = std.mem.zeroes(c.pje_buffer_options);
        options.struct_size = @sizeOf(c.pje_buffer_options);
        if (self.device) |device| options.device = device.handle;
        if (self.memory) |memory| options.memory = memory.handle;
        if (self.layout) |layout| options.layout = layout.handle;
        return options;
    }
};

/// What a plugin was promised: given exactly once; released before that, whoever waits gets `error.Cancelled`.
pub const Fulfilment = struct {
    handle: *c.pje_fulfilment,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Fulfilment, c.pje_fulfilment_describe);

    pub fn deinit(self: *Fulfilment) void {
        c.pje_fulfilment_release(self.handle);
        self.* = undefined;
    }

    /// The buffer behind an alias; it stays the caller's.
    pub fn setBuffer(self: Fulfilment, buffer: Buffer) Error!void {
        try check(self.diagnostics, c.pje_fulfilment_set_buffer(self.handle, buffer.handle));
    }

    /// The memory for `readRawLater`.
    pub fn setData(self: Fulfilment, into: []u8) Error!void {
        try check(self.diagnostics, c.pje_fulfilment_set_data(self.handle, into.ptr, into.len));
    }

    /// What a donation waits for has happened.
    pub fn setDone(self: Fulfilment) Error!void {
        try check(self.diagnostics, c.pje_fulfilment_set_done(self.handle));
    }

    /// It will not come: whoever waits gets the failure.
    pub fn setError(self: Fulfilment, failure: errors.Failure) Error!void {
        try check(self.diagnostics, c.pje_fulfilment_set_error(self.handle, failure.handle));
    }
};

/// A buffer with what it waits for.
pub const Promised = struct { buffer: Buffer, fulfilment: Fulfilment };

/// A buffer whose contents are whatever lies there.
pub fn uninitialized(client: Client, dtype: types.Dtype, dims: []const i64, options: BufferOptions) Error!Buffer {
    const raw = options.raw();
    const arguments = .{ client.handle, dtype.raw(), dims.ptr, dims.len, &raw };
    return .{ .handle = try make(c.pje_buffer, client.diagnostics, c.pje_buffer_create_uninitialized, arguments), .diagnostics = client.diagnostics };
}

/// A buffer that has failed: whoever uses it gets the failure.
pub fn failed(client: Client, failure: errors.Failure, dtype: types.Dtype, dims: []const i64, options: BufferOptions) Error!Buffer {
    const raw = options.raw();
    const arguments = .{ client.handle, failure.handle, dtype.raw(), dims.ptr, dims.len, &raw };
    return .{ .handle = try make(c.pje_buffer, client.diagnostics, c.pje_buffer_create_error, arguments), .diagnostics = client.diagnostics };
}

/// A buffer that stands for one to come: programs may be run on it at once.
pub fn alias(client: Client, dtype: types.Dtype, dims: []const i64, options: BufferOptions) Error!Promised {
    const raw = options.raw();
    return promised(client.diagnostics, c.pje_buffer_create_alias, .{ client.handle, dtype.raw(), dims.ptr, dims.len, &raw });
}

pub const ViewOptions = struct {
    device: ?Device = null,
    memory: ?Memory = null,
    layout: ?Layout = null,
    /// Called once when the memory is no longer used.
    release: ?Callback = null,
    /// Of the device, after whose work the contents are there; 0: they are there.
    stream: i64 = 0,
};

/// A buffer of memory that is on the device already, without a copy: aligned as the device wants it.
pub fn view(client: Client, comptime T: type, data: []T, dims: []const i64, options: ViewOptions) Error!Buffer {
    var raw = std.mem.zeroes(c.pje_view_options);
    raw.struct_size = @sizeOf(c.pje_view_options);
    if (options.device) |device| raw.device = device.handle;
    if (options.memory) |memory| raw.memory = memory.handle;
    if (options.layout) |layout| raw.layout = layout.handle;
    if (options.release) |release| {
        raw.release = release.function;
        raw.release_data = release.context;
    }
    raw.stream = options.stream;
    const arguments = .{ client.handle, data.ptr, data.len * @sizeOf(T), types.dtypeOf(T).raw(), dims.ptr, dims.len, &raw };
    return .{ .handle = try make(c.pje_buffer, client.diagnostics, c.pje_buffer_create_view, arguments), .diagnostics = client.diagnostics };
}

/// The same memory as another type of as many bits; both buffers stay usable.
pub fn bitcast(buffer: Buffer, dtype: types.Dtype, dims: []const i64, layout: ?Layout) Error!Buffer {
    const order = if (layout) |some| some.handle else null;
    const arguments = .{ buffer.handle, dtype.raw(), dims.ptr, dims.len, order };
    return .{ .handle = try make(c.pje_buffer, buffer.diagnostics, c.pje_buffer_bitcast, arguments), .diagnostics = buffer.diagnostics };
}

/// Takes the contents over into a new buffer, which is ready only after `Fulfilment.setDone`.
pub fn donateWithDependency(buffer: Buffer) Error!Promised {
    return promised(buffer.diagnostics, c.pje_buffer_donate_with_dependency, .{buffer.handle});
}

/// A copy of bytes that begins when `Fulfilment.setData` names their place.
pub const PromisedCopy = struct { fulfilment: Fulfilment, event: Event };

pub fn readRawLater(buffer: Buffer, offset: usize, size: usize) Error!PromisedCopy {
    var destination: ?*c.pje_fulfilment = null;
    const handle = try make(c.pje_event, buffer.diagnostics, c.pje_buffer_copy_raw_to_host_later, .{ buffer.handle, offset, size, &destination });
    return .{
        .fulfilment = .{ .handle = destination.?, .diagnostics = buffer.diagnostics },
        .event = .{ .handle = handle, .diagnostics = buffer.diagnostics },
    };
}

fn promised(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!Promised {
    var made: ?*c.pje_buffer = null;
    const fulfilment = try make(c.pje_fulfilment, diagnostics, function, arguments ++ .{&made});
    return .{
        .buffer = .{ .handle = made.?, .diagnostics = diagnostics },
        .fulfilment = .{ .handle = fulfilment, .diagnostics = diagnostics },
    };
}

/// Holds the memory of a buffer where it is: neither donation nor `delete` frees it before this ends.
pub const BufferReference = struct {
    handle: *c.pje_buffer_reference,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(BufferReference, c.pje_buffer_reference_describe);

    pub fn init(of: Buffer) Error!BufferReference {
        const handle = try make(c.pje_buffer_reference, of.diagnostics, c.pje_buffer_reference_create, .{of.handle});
        return .{ .handle = handle, .diagnostics = of.diagnostics };
    }

    pub fn deinit(self: *BufferReference) void {
        c.pje_buffer_reference_release(self.handle);
        self.* = undefined;
    }

    /// The address of the memory, on whichever device it is.
    pub fn address(self: BufferReference) Error!u64 {
        var number: u64 = 0;
        try check(self.diagnostics, c.pje_buffer_reference_unsafe_pointer(self.handle, &number));
        return number;
    }

    /// The pointer that the device's own libraries take for the memory.
    pub fn devicePointer(self: BufferReference) Error!?*anyopaque {
        var pointer: ?*anyopaque = null;
        try check(self.diagnostics, c.pje_buffer_reference_device_pointer(self.handle, &pointer));
        return pointer;
    }
};
