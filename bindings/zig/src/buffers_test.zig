//! Tests of arrays, buffers and layouts.

const std = @import("std");
const pjrt = @import("pjrt.zig");
const support = @import("support_test.zig");

const testing = std.testing;
const expectPrinted = support.expectPrinted;
const values = support.values;

fn count(calls: *u32) void {
    calls.* += 1;
}

// Memory may be given back after the buffer's own end, on a thread of the plugin.
fn keep(promise: *pjrt.Event) void {
    promise.set(null) catch @panic("given back twice");
}

test "facts, copies and raw bytes of a buffer" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    var x = try support.matrix(client);
    defer x.deinit();
    try x.wait();
    try testing.expectEqual(24, try x.onDeviceSize());
    _ = x.isOnCpu();
    var sizes: [2]i64 = undefined;
    try testing.expectEqualSlices(i64, &.{ 2, 3 }, try x.unpaddedDims(&sizes));
    try testing.expectError(error.InvalidArgument, x.unpaddedDims(sizes[0..1]));
    var indices: [2]usize = undefined;
    try testing.expectEqual(0, (try x.dynamicDims(&indices)).len);
    const second = client.addressableDevice(1);
    try support.expectOutput(&values, try x.copyToDevice(second));
    try support.expectOutput(&values, try x.copyToMemory(second.memoryOfKind("pinned_host").?));
    var done: [2]pjrt.Event = undefined;
    var there = try x.copyToDeviceAsync(second, &done[0]);
    defer there.deinit();
    var kept = try x.copyToMemoryAsync(second.defaultMemory().?, &done[1]);
    defer kept.deinit();
    for (&done) |*event| {
        defer event.deinit();
        try event.wait();
    }
    try testing.expectEqual(second.id(), there.device().?.id());
    try support.expectContents(&values, kept);

    var bytes: [4]u8 = undefined;
    try x.readRaw(&bytes, 4);
    try testing.expectEqual(2, @as(f32, @bitCast(bytes)));
    try testing.expectError(error.InvalidArgument, x.readRaw(&bytes, 22));
    var copied = try x.readRawAsync(&bytes, 8);
    defer copied.deinit();
    try copied.wait();
    try testing.expectEqual(3, @as(f32, @bitCast(bytes)));
    var later = try pjrt.readRawLater(x, 12, 4);
    defer later.event.deinit();
    defer later.fulfilment.deinit();
    try later.fulfilment.setData(&bytes);
    try later.event.wait();
    try testing.expectEqual(4, @as(f32, @bitCast(bytes)));
}

test "buffers that are promised, failed, viewed, held" {
    var ready: support.Ready = .{};
    try ready.init(support.add_one);
    defer ready.deinit();
    var lost = pjrt.Failure.init(error.DataLoss, "gone");
    defer lost.deinit();
    var into: [6]f32 = undefined;

    var blank = try pjrt.uninitialized(ready.client, .f32, &.{6}, .{ .device = ready.client.addressableDevice(1) });
    defer blank.deinit();
    try testing.expectEqual(ready.client.addressableDevice(1).id(), blank.device().?.id());
    var broken = try pjrt.failed(ready.client, lost, .f32, &.{6}, .{});
    defer broken.deinit();
    try testing.expectError(error.DataLoss, broken.read(f32, &into));

    var promised = try pjrt.alias(ready.client, .f32, &.{ 2, 3 }, .{});
    defer promised.buffer.deinit();
    defer promised.fulfilment.deinit();
    try expectPrinted(promised.fulfilment, "");
    var y: [1]pjrt.Buffer = undefined;
    try ready.executable.start(&.{promised.buffer}, &y, .{});
    try promised.fulfilment.setBuffer(ready.x);
    try support.expectOutput(&support.plus_one, y[0]);
    try testing.expectError(error.FailedPrecondition, promised.fulfilment.setError(lost));

    var given_back = try pjrt.Event.promise(null);
    defer given_back.deinit();
    var memory: [16]f32 align(64) = @splat(7);
    var shown = try pjrt.view(ready.client, f32, &memory, &.{16}, .{ .release = .of(pjrt.Event, &given_back, keep) });
    try support.expectContents(&memory, shown);
    shown.deinit();
    try given_back.waitFor(60 * std.time.ns_per_s);
    try testing.expectError(error.InvalidArgument, pjrt.view(ready.client, f32, memory[1..], &.{15}, .{}));

    var bits = try pjrt.bitcast(ready.x, .u32, &.{ 2, 3 }, null);
    defer bits.deinit();
    try testing.expectEqual(pjrt.Dtype.u32, bits.dtype());
    try testing.expectError(error.InvalidArgument, pjrt.bitcast(ready.x, .u8, &.{ 2, 3 }, null));

    var reference = try pjrt.BufferReference.init(ready.x);
    defer reference.deinit();
    try expectPrinted(reference, "f32");
    try testing.expect(try reference.address() != 0);
    try testing.expect(try reference.devicePointer() != null);

    var given = try support.matrix(ready.client);
    defer given.deinit();
    var taken = try pjrt.donateWithDependency(given);
    defer taken.buffer.deinit();
    defer taken.fulfilment.deinit();
    try taken.fulfilment.setDone();
    try support.expectContents(&values, taken.buffer);
}

test "views of a buffer's memory, and several buffers in one call" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    var x = try support.matrix(client);
    defer x.deinit();
    // The fake calls its platform so that its memory is not looked at.
    try testing.expectError(error.Unimplemented, pjrt.HostView.init(x));
    var a: [6]f32 = undefined;
    var b: [6]f32 = undefined;
    const places = [_][]u8{ std.mem.sliceAsBytes(&a), std.mem.sliceAsBytes(&b) };
    try pjrt.readAll(&.{ x, x }, &places, &diagnostics);
    try testing.expectEqualSlices(f32, &values, &a);
    var done = try pjrt.readAllAsync(&.{ x, x }, &places, &diagnostics);
    defer done.deinit();
    try done.wait();
    try testing.expectEqualSlices(f32, &values, &b);
    try testing.expectError(error.InvalidArgument, pjrt.readAll(&.{x}, &places, &diagnostics));
}

test "uploads of arrays, and reads into arrays, without waiting" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    var array = try pjrt.Array.fromSlice(f32, &values, &.{ 2, 3 }, &diagnostics);
    defer array.deinit();
    var done: [2]pjrt.Event = undefined;
    var buffer = try client.uploadArrayAsync(array, .{ .device = client.addressableDevice(1) }, &done[0]);
    defer buffer.deinit();
    var back = try buffer.toArrayAsync(&done[1]);
    defer back.deinit();
    for (&done) |*event| {
        defer event.deinit();
        try event.wait();
    }
    try testing.expectEqualSlices(f32, &values, back.items(f32));
    var calls: u32 = 0;
    var memory = values;
    var wrapped = try pjrt.Array.wrap(f32, &memory, &.{6}, .of(u32, &calls, count), &diagnostics);
    try testing.expectEqual(&memory[0], &wrapped.items(f32)[0]);
    try expectPrinted(wrapped, "f32");
    wrapped.deinit();
    try testing.expectEqual(1, calls);
    try testing.expectError(error.InvalidArgument, pjrt.Array.wrap(f32, &memory, &.{7}, null, &diagnostics));
}

test "arrays from a scalar and from bytes" {
    var diagnostics: pjrt.Diagnostics = .{};
    var scalar = try pjrt.Array.scalar(f32, 2.5, &diagnostics);
    defer scalar.deinit();
    try testing.expectEqual(0, scalar.dims().len);
    try testing.expectEqualSlices(f32, &.{2.5}, scalar.items(f32));
    var copied = try pjrt.Array.fromBytes(.f32, std.mem.sliceAsBytes(&values), &.{ 3, 2 }, &diagnostics);
    defer copied.deinit();
    try testing.expectEqualSlices(i64, &.{ 3, 2 }, copied.dims());
    try testing.expectEqualSlices(f32, &values, copied.items(f32));
    var empty = try pjrt.Array.fromBytes(.s4, "", &.{ 0, 2 }, &diagnostics);
    defer empty.deinit();
    try testing.expectError(error.InvalidArgument, pjrt.Array.fromBytes(.f32, "123", &.{1}, &diagnostics));
}

test "layouts" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    var tiled = try pjrt.Layout.tiled(&.{ 1, 0 }, &.{ &.{ 8, 128 }, &.{ 2, 1 } }, &diagnostics);
    defer tiled.deinit();
    try testing.expectEqualStrings("{1,0:T(8,128)(2,1)}", tiled.text());
    try expectPrinted(tiled, "8,128");
    try testing.expectEqual(2, tiled.rank());
    try testing.expectEqualSlices(i64, &.{ 2, 1 }, tiled.tile(1).?);
    try testing.expectEqual(null, tiled.tile(2));
    var serialized = try tiled.serialize();
    defer serialized.deinit();
    var again = try pjrt.Layout.fromBytes(serialized.data(), &diagnostics);
    defer again.deinit();
    try testing.expect(again.eql(tiled));
    try testing.expectError(error.InvalidArgument, pjrt.Layout.tiled(&.{ 1, 1 }, &.{}, &diagnostics));

    var strided = try pjrt.Layout.strided(&.{ 4, 8 }, &diagnostics);
    defer strided.deinit();
    try testing.expectEqualSlices(i64, &.{ 4, 8 }, strided.byteStrides().?);
    try testing.expectEqual(null, strided.minorToMajor());
    try testing.expectError(error.FailedPrecondition, strided.serialize());
    var columns = try pjrt.Layout.fromByteStrides(.f32, &.{ 2, 3 }, &.{ 4, 8 }, &diagnostics);
    defer columns.deinit();
    try testing.expectEqualSlices(i64, &.{ 0, 1 }, columns.minorToMajor().?);
    var strides: [2]i64 = undefined;
    try columns.toByteStrides(.f32, &.{ 2, 3 }, &strides);
    try testing.expectEqualSlices(i64, &.{ 4, 8 }, &strides);
    try testing.expectEqual(24, try columns.hostSize(.f32, &.{ 2, 3 }));

    var x = try support.matrix(client);
    defer x.deinit();
    var into: [6]f32 = undefined;
    var done = try x.readLayoutAsync(f32, &into, columns, 0);
    defer done.deinit();
    try done.wait();
    try testing.expectEqualSlices(f32, &.{ 1, 4, 2, 5, 3, 6 }, &into);
    try testing.expectError(error.InvalidArgument, x.readLayout(f32, &into, columns, 7));
}
