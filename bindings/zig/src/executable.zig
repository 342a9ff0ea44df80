//! Programs, their compilation, and runs.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const types = @import("types.zig");
const client = @import("client.zig");
const buffers = @import("buffer.zig");
const events = @import("event.zig");

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const Buffer = buffers.Buffer;
const Array = buffers.Array;

/// StableHLO text or bytecode, or a serialized HLO module.
pub const Program = struct {
    handle: *c.pje_program,

    pub fn fromFile(path: [:0]const u8, diagnostics: ?*Diagnostics) Error!Program {
        var handle: ?*c.pje_program = null;
        try check(diagnostics, c.pje_program_from_file(path.ptr, &handle));
        return .{ .handle = handle.? };
    }

    /// The format is found out from the bytes, which are copied.
    pub fn fromBytes(bytes: []const u8, diagnostics: ?*Diagnostics) Error!Program {
        var handle: ?*c.pje_program = null;
        try check(diagnostics, c.pje_program_from_bytes(c.PJE_PROGRAM_AUTO, bytes.ptr, bytes.len, &handle));
        return .{ .handle = handle.? };
    }

    pub fn deinit(self: *Program) void {
        c.pje_program_release(self.handle);
        self.* = undefined;
    }
};

/// How to compile. One thread at a time.
pub const CompileOptions = struct {
    handle: *c.pje_compile_options,
    diagnostics: ?*Diagnostics = null,

    pub fn init(diagnostics: ?*Diagnostics) Error!CompileOptions {
        var handle: ?*c.pje_compile_options = null;
        try check(diagnostics, c.pje_compile_options_create(&handle));
        return .{ .handle = handle.?, .diagnostics = diagnostics };
    }

    pub fn deinit(self: *CompileOptions) void {
        c.pje_compile_options_release(self.handle);
        self.* = undefined;
    }

    pub fn setReplicas(self: CompileOptions, count: i64) Error!void {
        try check(self.diagnostics, c.pje_compile_options_set_num_replicas(self.handle, count));
    }

    pub fn setPartitions(self: CompileOptions, count: i64) Error!void {
        try check(self.diagnostics, c.pje_compile_options_set_num_partitions(self.handle, count));
    }
};

pub const ExecuteOptions = struct {
    device: ?client.Device = null,
    /// Indices of arguments that this run must not take over.
    non_donatable: []const i64 = &.{},
    launch_id: i32 = 0,

    fn raw(self: ExecuteOptions) c.pje_execute_options {
        var options = std.mem.zeroes(c.pje_execute_options);
        options.struct_size = @sizeOf(c.pje_execute_options);
        if (self.device) |device| options.device = device.handle;
        if (self.non_donatable.len > 0) {
            options.non_donatable = self.non_donatable.ptr;
            options.num_non_donatable = self.non_donatable.len;
        }
        options.launch_id = self.launch_id;
        return options;
    }
};

/// A program on devices, ready to run.
pub const Executable = struct {
    handle: *c.pje_loaded_executable,
    diagnostics: ?*Diagnostics = null,

    /// Arguments and outputs of one device that need no memory of an allocator.
    pub const most_inline = 64;

    pub fn deinit(self: *Executable) void {
        c.pje_loaded_executable_release(self.handle);
        self.* = undefined;
    }

    pub fn name(self: Executable) [:0]const u8 {
        return std.mem.span(c.pje_loaded_executable_name(self.handle));
    }

    pub fn numArgs(self: Executable) usize {
        return c.pje_loaded_executable_num_args(self.handle);
    }

    pub fn numOutputs(self: Executable) usize {
        return c.pje_loaded_executable_num_outputs(self.handle);
    }

    pub fn numReplicas(self: Executable) usize {
        return c.pje_loaded_executable_num_replicas(self.handle);
    }

    pub fn numDevices(self: Executable) usize {
        return c.pje_loaded_executable_num_addressable_devices(self.handle);
    }

    pub fn device(self: Executable, index: usize) client.Device {
        return .{ .handle = c.pje_loaded_executable_addressable_device(self.handle, index).? };
    }

    pub fn argIsDonated(self: Executable, index: usize) bool {
        return c.pje_loaded_executable_arg_is_donated(self.handle, index);
    }

    pub const Type = struct { dtype: types.Dtype, dims: []const i64 };

    /// What argument `index` must be on each device; null when the plugin does not tell.
    pub fn argType(self: Executable, index: usize) ?Type {
        return self.typeOf(c.pje_loaded_executable_arg_type, index);
    }

    pub fn outputType(self: Executable, index: usize) ?Type {
        return self.typeOf(c.pje_loaded_executable_output_type, index);
    }

    fn typeOf(self: Executable, comptime get: anytype, index: usize) ?Type {
        var dtype: c.pje_dtype = 0;
        var dims: [*c]const i64 = null;
        var rank: usize = 0;
        if (!get(self.handle, index, &dtype, &dims, &rank)) return null;
        return .{ .dtype = types.Dtype.from(dtype), .dims = if (rank == 0) &.{} else dims[0..rank] };
    }

    /// Runs on one device and waits. Fills `outputs`, which are the caller's.
    pub fn execute(self: Executable, args: []const Buffer, outputs: []Buffer, options: ExecuteOptions) Error!void {
        var handles: [most_inline]?*c.pje_buffer = undefined;
        var made: [most_inline]?*c.pje_buffer = undefined;
        const raw = options.raw();
        try self.expectFew(args.len, outputs.len);
        try check(self.diagnostics, c.pje_loaded_executable_execute(self.handle, list(&handles, args), args.len, &raw, @ptrCast(&made), outputs.len));
        self.hand(outputs, &made);
    }

    /// Likewise without waiting: outputs can be used at once; the event is ready when the run has ended.
    pub fn executeAsync(self: Executable, args: []const Buffer, outputs: []Buffer, options: ExecuteOptions) Error!events.Event {
        var handles: [most_inline]?*c.pje_buffer = undefined;
        var made: [most_inline]?*c.pje_buffer = undefined;
        var done: ?*c.pje_event = null;
        const raw = options.raw();
        try self.expectFew(args.len, outputs.len);
        try check(self.diagnostics, c.pje_loaded_executable_execute_async(self.handle, list(&handles, args), args.len, &raw, @ptrCast(&made), outputs.len, &done));
        self.hand(outputs, &made);
        return .{ .handle = done.?, .diagnostics = self.diagnostics };
    }

    /// Runs on every device and waits: `args` and `outputs` hold device 0's first, then device 1's, and so on.
    pub fn executeSharded(self: Executable, args: []const Buffer, outputs: []Buffer, options: ExecuteOptions) Error!void {
        var handles: [most_inline]?*c.pje_buffer = undefined;
        var made: [most_inline]?*c.pje_buffer = undefined;
        const raw = options.raw();
        const devices = self.numDevices();
        try self.expectFew(args.len, outputs.len);
        try check(self.diagnostics, c.pje_loaded_executable_execute_sharded(self.handle, devices, list(&handles, args), args.len / devices, &raw, @ptrCast(&made), outputs.len / devices));
        self.hand(outputs, &made);
    }

    /// Host arrays in, host arrays out, in one call.
    pub fn run(self: Executable, args: []const Array, outputs: []Array) Error!void {
        var handles: [most_inline]?*c.pje_array = undefined;
        var made: [most_inline]?*c.pje_array = undefined;
        try self.expectFew(args.len, outputs.len);
        for (args, handles[0..args.len]) |array, *handle| handle.* = array.handle;
        try check(self.diagnostics, c.pje_loaded_executable_run(self.handle, @ptrCast(&handles), args.len, @ptrCast(&made), outputs.len));
        for (outputs, made[0..outputs.len]) |*output, handle| output.* = .{ .handle = handle.?, .diagnostics = self.diagnostics };
    }

    fn list(handles: *[most_inline]?*c.pje_buffer, args: []const Buffer) [*c]const ?*c.pje_buffer {
        for (args, handles[0..args.len]) |argument, *handle| handle.* = argument.handle;
        return @ptrCast(handles);
    }

    fn hand(self: Executable, outputs: []Buffer, made: []const ?*c.pje_buffer) void {
        for (outputs, made[0..outputs.len]) |*output, handle| output.* = .{ .handle = handle.?, .diagnostics = self.diagnostics };
    }

    fn expectFew(self: Executable, args: usize, outputs: usize) Error!void {
        if (args <= most_inline and outputs <= most_inline) return;
        const failure = c.pje_error_create(@intCast(errors.codeOf(error.InvalidArgument)), "Executable: more than 64 arguments or outputs: call the C API");
        return check(self.diagnostics, failure);
    }
};
