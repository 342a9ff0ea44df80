//! Compiled machine-learning programs on PJRT plugins, over the C library pjrt_easy.
//!
//! Every object is a small struct around a handle; `deinit` gives it back, in any order, on any thread. What can fail
//! returns an `Error`; what it said is in the `Diagnostics` given to `Client.open`.

const std = @import("std");

/// The C API itself, for what has no wrapper.
pub const c = @import("c");

const errors = @import("errors.zig");
pub const Error = errors.Error;
pub const Diagnostics = errors.Diagnostics;
pub const Failure = errors.Failure;
pub const all_errors = errors.all_errors;
pub const codeOf = errors.codeOf;
pub const codeName = errors.codeName;
pub const check = errors.check;

const types = @import("types.zig");
pub const Dtype = types.Dtype;
pub const dtypeOf = types.dtypeOf;
pub const Complex = types.Complex;
pub const BF16 = types.BF16;
pub const F8E5M2 = types.F8E5M2;
pub const F8E4M3 = types.F8E4M3;
pub const F8E3M4 = types.F8E3M4;
pub const F8E4M3FN = types.F8E4M3FN;
pub const F8E4M3FNUZ = types.F8E4M3FNUZ;
pub const F8E4M3B11FNUZ = types.F8E4M3B11FNUZ;
pub const F8E5M2FNUZ = types.F8E5M2FNUZ;
pub const F8E8M0FNU = types.F8E8M0FNU;
pub const F6E2M3FN = types.F6E2M3FN;
pub const F6E3M2FN = types.F6E3M2FN;
pub const F4E2M1FN = types.F4E2M1FN;
pub const S1 = types.S1;
pub const S2 = types.S2;
pub const S4 = types.S4;
pub const U1 = types.U1;
pub const U2 = types.U2;
pub const U4 = types.U4;

const client = @import("client.zig");
pub const Plugin = client.Plugin;
pub const Client = client.Client;
pub const ClientOptions = client.ClientOptions;
pub const Device = client.Device;
pub const DeviceId = client.DeviceId;
pub const LocalHardwareId = client.LocalHardwareId;
pub const MemoryId = client.MemoryId;
pub const ProcessIndex = client.ProcessIndex;
pub const Memory = client.Memory;
pub const NamedValues = client.NamedValues;

const buffer = @import("buffer.zig");
pub const Buffer = buffer.Buffer;
pub const UploadOptions = buffer.UploadOptions;
pub const Array = buffer.Array;

const executable = @import("executable.zig");
pub const Program = executable.Program;
pub const CompileOptions = executable.CompileOptions;
pub const Executable = executable.Executable;
pub const ExecuteOptions = executable.ExecuteOptions;

const event = @import("event.zig");
pub const Event = event.Event;
pub const CompletionQueue = event.CompletionQueue;

/// Version of the library that is loaded, such as "0.1.0".
pub fn version() [:0]const u8 {
    return std.mem.span(c.pje_version());
}

/// Whether the library that is loaded has the version of the header that this was built with.
pub fn versionMatches() bool {
    return c.pje_version_number() == c.PJE_VERSION_NUMBER;
}

comptime {
    // Structs that the library reads must have its own layout, whatever translated the header.
    for (.{ c.pje_client_options, c.pje_from_host_options, c.pje_execute_options, c.pje_plugin_options }) |Options| {
        if (@offsetOf(Options, "struct_size") != 0) @compileError("struct_size does not come first");
        if (@sizeOf(Options) % 8 != 0) @compileError("an options struct is not made of words");
    }
    if (@sizeOf(c.pje_code) != 4 or @sizeOf(c.pje_dtype) != 4) @compileError("an enum does not have 4 bytes");
}

test {
    std.testing.refAllDecls(@This());
    _ = types;
}

const tests = struct {
    const testing = std.testing;
    const add_one =
        \\func.func public @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
        \\  %one = stablehlo.constant dense<1.0> : tensor<f32>
        \\  %ones = stablehlo.broadcast_in_dim %one, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
        \\  %0 = stablehlo.add %x, %ones : tensor<2x3xf32>
        \\  return %0 : tensor<2x3xf32>
        \\}
    ;

    fn open(diagnostics: *Diagnostics) !Client {
        const path = c.getenv("PJE_FAKE_PLUGIN") orelse return error.SkipZigTest;
        return Client.open(std.mem.span(path), .{ .device_count = 2, .diagnostics = diagnostics });
    }

    test "a run, its types, and the errors of wrong arguments" {
        var diagnostics: Diagnostics = .{};
        var chip = try open(&diagnostics);
        defer chip.deinit();
        var program = try Program.fromBytes(add_one, &diagnostics);
        defer program.deinit();
        var loaded = try chip.compile(program, null);
        defer loaded.deinit();
        try testing.expectEqual(1, loaded.numArgs());
        try testing.expectEqual(Dtype.f32, loaded.argType(0).?.dtype);
        try testing.expectEqualSlices(i64, &.{ 2, 3 }, loaded.outputType(0).?.dims);

        var x = try chip.upload(f32, &.{ 1, 2, 3, 4, 5, 6 }, &.{ 2, 3 }, .{});
        defer x.deinit();
        var outputs: [1]Buffer = undefined;
        try loaded.execute(&.{x}, &outputs, .{});
        defer outputs[0].deinit();
        const values = try outputs[0].readAlloc(f32, testing.allocator);
        defer testing.allocator.free(values);
        try testing.expectEqualSlices(f32, &.{ 2, 3, 4, 5, 6, 7 }, values);
        var wrong: [6]i32 = undefined;
        try testing.expectError(error.InvalidArgument, outputs[0].read(i32, &wrong));

        var short = try chip.upload(f32, &.{1}, &.{1}, .{});
        defer short.deinit();
        try testing.expectError(error.InvalidArgument, loaded.execute(&.{short}, &outputs, .{}));
        try testing.expectEqual(error.InvalidArgument, diagnostics.code.?);
        try testing.expect(std.mem.startsWith(u8, diagnostics.message(), "pje_loaded_executable_execute: INVALID_ARGUMENT"));
    }

    test "strides, devices and arrays" {
        var diagnostics: Diagnostics = .{};
        var chip = try open(&diagnostics);
        defer chip.deinit();
        try testing.expectEqual(2, chip.numDevices());
        const second = chip.addressableDevice(1);
        try testing.expectEqual(second.handle, (try chip.lookupDevice(second.id())).handle);
        try testing.expectError(error.InvalidArgument, chip.lookupDevice(@enumFromInt(4711)));
        // Column by column, as Fortran has it.
        var buffer_ = try chip.upload(f32, &.{ 1, 4, 2, 5, 3, 6 }, &.{ 2, 3 }, .{ .device = second, .byte_strides = &.{ 4, 8 } });
        defer buffer_.deinit();
        try testing.expectEqual(second.id(), buffer_.device().id());
        var values: [6]f32 = undefined;
        try buffer_.read(f32, &values);
        try testing.expectEqualSlices(f32, &.{ 1, 2, 3, 4, 5, 6 }, &values);
        var array = try buffer_.toArray();
        defer array.deinit();
        try testing.expectEqualSlices(f32, &values, array.items(f32));
        try testing.expectError(error.InvalidArgument, Array.fromSlice(f32, &.{ 1, 2 }, &.{3}, &diagnostics));
    }

    fn bump(count: *u32) void {
        count.* += 1;
    }

    test "promises, combinations, continuations" {
        var diagnostics: Diagnostics = .{};
        var members = [_]Event{ try Event.promise(&diagnostics), try Event.promise(&diagnostics) };
        defer for (&members) |*member| member.deinit();
        var both = try Event.all(&.{ members[0].handle, members[1].handle }, &diagnostics);
        defer both.deinit();
        var which: usize = 9;
        var first = try Event.any(&.{ members[0].handle, members[1].handle }, &which, &diagnostics);
        defer first.deinit();
        var calls: u32 = 0;
        try both.onReady(u32, &calls, bump);
        try members[1].set(null);
        try first.wait();
        try testing.expectEqual(1, which);
        try testing.expect(!both.isReady());
        try testing.expectError(error.DeadlineExceeded, both.waitFor(1000));
        var lost = Failure.init(error.DataLoss, "gone");
        defer lost.deinit();
        try members[0].set(lost);
        try testing.expectError(error.DataLoss, both.wait());
        try testing.expectEqual(1, calls);
        try testing.expectEqualStrings("DATA_LOSS", codeName(diagnostics.code));
        var after = try members[1].then(u32, &calls, bump);
        defer after.deinit();
        try after.wait();
        try testing.expectEqual(2, calls);
    }
};

test {
    _ = tests;
}
