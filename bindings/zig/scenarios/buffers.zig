//! Buffers and arrays: where they lie, how they get there and back.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "buffer_metadata", bufferMetadata },
    .{ "scalar_round_trip", scalarRoundTrip },
    .{ "upload_to_device", uploadToDevice },
    .{ "upload_to_memory", uploadToMemory },
    .{ "strided_upload", stridedUpload },
    .{ "negative_strides", negativeStrides },
    .{ "broadcast_strides", stridedUpload },
    .{ "column_major", columnMajor },
    .{ "column_major_outputs", columnMajorOutputs },
    .{ "layout_ignored", columnMajorOutputs },
    .{ "empty_array", emptyArray },
    .{ "array_round_trip", arrayRoundTrip },
    .{ "array_consumed", arrayConsumed },
    .{ "npy_round_trip", npyRoundTrip },
    .{ "npy_reinterpret", npyReinterpret },
    .{ "npy_errors", npyErrors },
    .{ "host_memory_kept", hostMemoryKept },
    .{ "async_upload", asyncUpload },
    .{ "async_read_back", asyncReadBack },
    .{ "buffer_delete", bufferDelete },
};

fn bufferMetadata(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var buffer = try client.upload(f32, try r.floats("x"), try r.numbers(i64, "dims"), .{});
    defer buffer.deinit();
    try r.put("dtype", buffer.dtype().name());
    try r.put("dims", buffer.dims());
    try r.put("rank", buffer.rank());
    try r.put("bytes", buffer.hostSize());
    try r.put("device", @intFromEnum(buffer.device().?.id()));
    try r.put("memory", buffer.memory().?.kind());
}

fn scalarRoundTrip(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var buffer = try client.scalar(i64, try r.int("v"));
    defer buffer.deinit();
    try r.put("v", try buffer.readScalar(i64));
    try r.put("rank", buffer.rank());
    try r.put("bytes", buffer.hostSize());
}

fn uploadToDevice(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const x = try r.floats("x");
    var buffer = try client.upload(f32, x, &.{@intCast(x.len)}, .{ .device = client.addressableDevice(try r.count("device")) });
    defer buffer.deinit();
    try r.put("device", @intFromEnum(buffer.device().?.id()));
    try r.putContents("y", buffer);
}

fn uploadToMemory(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const memory = client.addressableDevice(0).memoryOfKind(try r.text("kind")) orelse return error.NoSuchMemory;
    const x = try r.floats("x");
    var buffer = try client.upload(f32, x, &.{@intCast(x.len)}, .{ .memory = memory });
    defer buffer.deinit();
    try r.put("memory", buffer.memory().?.kind());
    try r.putContents("y", buffer);
}

fn putStrided(r: *Request, x: []const f32, first: usize) !void {
    var client = try r.open();
    defer client.deinit();
    var buffer = try client.upload(f32, x, try r.numbers(i64, "dims"), .{ .byte_strides = try r.numbers(i64, "strides"), .first = first });
    defer buffer.deinit();
    try r.putContents("y", buffer);
}

fn stridedUpload(r: *Request) !void {
    try putStrided(r, try r.floats("x"), 0);
}

fn negativeStrides(r: *Request) !void {
    const x = try r.floats("x");
    try putStrided(r, x, x.len - 1);
}

fn columnMajor(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var in = try ready.client.upload(f32, try r.floats("x"), try r.numbers(i64, "dims"), .{ .column_major = true });
    defer in.deinit();
    var out = try common.executeOne(ready.executable, in);
    defer out.deinit();
    try r.putContents("y", out);
}

fn columnMajorOutputs(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x: [2][3]f32 = undefined;
    @memcpy(@as(*[6]f32, @ptrCast(&x)), try r.floats("x"));
    var out = try ready.executable.callOne(.{&x});
    defer out.deinit();
    try r.putContents("y", out);
}

fn emptyArray(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var in = try ready.client.upload(f32, &.{}, &.{ 0, 3 }, .{});
    defer in.deinit();
    var out = try common.executeOne(ready.executable, in);
    defer out.deinit();
    try r.put("elements", (try r.contents(out)).len);
    try r.put("dims", out.dims());
    try r.put("bytes", out.hostSize());
}

fn arrayRoundTrip(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var in = try r.array();
    defer in.deinit();
    var buffer = try client.uploadArray(in, .{});
    defer buffer.deinit();
    var out = try buffer.toArray();
    defer out.deinit();
    try putArray(r, out);
}

fn putArray(r: *Request, array: pjrt.Array) !void {
    try r.put("y", array.constItems(f32));
    try r.put("dims", array.dims());
    try r.put("dtype", array.dtype().name());
}

fn arrayConsumed(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var array: ?pjrt.Array = try r.array();
    defer if (array) |*left| left.deinit();
    var buffer = try client.uploadArrayConsume(&array);
    defer buffer.deinit();
    try r.putContents("y", buffer);
    try r.put("empty", array == null);
}

fn npyRoundTrip(r: *Request) !void {
    var saved = try r.array();
    defer saved.deinit();
    try saved.save(try r.text("path"));
    var loaded = try pjrt.Array.load(try r.text("path"), r.diagnostics);
    defer loaded.deinit();
    try putArray(r, loaded);
}

fn npyReinterpret(r: *Request) !void {
    const values = try r.floats("values");
    const bits = try r.arena.alloc(pjrt.BF16, values.len);
    for (values, bits) |value, *element| element.* = .init(value);
    var saved = try pjrt.Array.fromSlice(pjrt.BF16, bits, &.{@intCast(bits.len)}, r.diagnostics);
    defer saved.deinit();
    try saved.save(try r.text("path"));
    var loaded = try pjrt.Array.load(try r.text("path"), r.diagnostics);
    defer loaded.deinit();
    try r.put("loaded", loaded.dtype().name());
    var again = try loaded.reinterpret(pjrt.BF16);
    defer again.deinit();
    try r.put("dtype", again.dtype().name());
    for (values, again.constItems(pjrt.BF16)) |*value, element| value.* = element.value();
    try r.put("y", values);
}

fn npyErrors(r: *Request) !void {
    try r.putCode("missing", pjrt.Array.load(try r.text("path"), r.diagnostics));
    try r.putCode("garbage", pjrt.Array.load(try r.text("program"), r.diagnostics));
}

fn hostMemoryKept(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const given = try r.floats("x");
    const x = try r.arena.alignedAlloc(f32, .@"64", given.len);
    @memcpy(x, given);
    var done: pjrt.Event = undefined;
    var buffer = try client.uploadAsync(f32, x, &.{@intCast(x.len)}, .{ .semantics = .immutable_zero_copy }, &done);
    defer done.deinit();
    {
        defer buffer.deinit();
        try r.putContents("y", buffer);
    }
    try r.putCode("host_done", done.wait());
}

fn asyncUpload(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const x = try r.floats("x");
    var done: pjrt.Event = undefined;
    var buffer = try client.uploadAsync(f32, x, &.{@intCast(x.len)}, .{ .semantics = .immutable_until_transfer_completes }, &done);
    defer buffer.deinit();
    defer done.deinit();
    try r.putCode("host_done", done.wait());
    var ready = try buffer.ready();
    defer ready.deinit();
    try r.putCode("ready", ready.wait());
    try r.putContents("y", buffer);
}

fn asyncReadBack(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var buffer = try r.upload(client, "x");
    defer buffer.deinit();
    const y = try r.arena.alloc(f32, buffer.hostSize() / @sizeOf(f32));
    var done = try buffer.readAsync(f32, y);
    defer done.deinit();
    try r.putCode("done", done.wait());
    try r.put("y", y);
}

fn bufferDelete(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var buffer = try r.upload(client, "x");
    defer buffer.deinit();
    var y: [64]f32 = undefined;
    try r.put("before", buffer.isDeleted());
    try buffer.delete();
    try r.put("after", buffer.isDeleted());
    try r.putCode("twice", buffer.delete());
    try r.putCode("read", buffer.read(f32, &y));
}
