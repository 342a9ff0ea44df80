//! The binding's own tests, on the fake plugin that PJE_FAKE_PLUGIN names.

const std = @import("std");
const pjrt = @import("pjrt.zig");
const support = @import("support_test.zig");

const testing = std.testing;
const Array = pjrt.Array;
const Buffer = pjrt.Buffer;
const Client = pjrt.Client;
const Diagnostics = pjrt.Diagnostics;
const Dtype = pjrt.Dtype;
const Event = pjrt.Event;
const Failure = pjrt.Failure;
const Program = pjrt.Program;
const codeName = pjrt.codeName;

const add_one = support.add_one;
const open = support.open;

test "a run, its types, and the errors of wrong arguments" {
    var diagnostics: Diagnostics = .{};
    var chip = try open(&diagnostics);
    defer chip.deinit();
    var program = try Program.fromBytes(add_one, &diagnostics);
    defer program.deinit();
    var loaded = try chip.compile(program, null);
    defer loaded.deinit();
    try testing.expectEqual(1, loaded.numArgs().?);
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
    try testing.expectEqual(second.id(), buffer_.device().?.id());
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
    var both = try Event.all(&members, &diagnostics);
    defer both.deinit();
    var which: usize = 9;
    var first = try Event.any(&members, &which, &diagnostics);
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
