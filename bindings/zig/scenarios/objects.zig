//! Layouts, executables as such, and what the library says of its objects.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "layout_text", layoutText },
    .{ "layout_upload", layoutUpload },
    .{ "ahead_of_time", aheadOfTime },
    .{ "serialized_executable", serializedExecutable },
    .{ "executable_delete", executableDelete },
    .{ "client_close", clientClose },
    .{ "describe", describe },
    .{ "client_stats", clientStats },
    .{ "out_of_memory_callback", outOfMemoryCallback },
};

fn layoutText(r: *Request) !void {
    var layout = try pjrt.Layout.parse(try r.text("layout"), r.diagnostics);
    defer layout.deinit();
    var copy = try layout.copy();
    defer copy.deinit();
    try r.put("text", layout.text());
    try r.put("order", layout.minorToMajor());
    try r.put("tiles", layout.numTiles());
    try r.put("equal", layout.eql(copy) and layout.hash() == copy.hash());
    try r.putCode("wrong", pjrt.Layout.parse(try r.text("wrong"), r.diagnostics));
}

fn layoutUpload(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var layout = try pjrt.Layout.parse(try r.text("layout"), r.diagnostics);
    defer layout.deinit();
    const x = try r.floats("x");
    var buffer = try client.upload(f32, x, try r.numbers(i64, "dims"), .{ .layout = layout });
    defer buffer.deinit();
    var of = try buffer.layout();
    defer of.deinit();
    try r.put("layout", of.text());
    try r.putContents("y", buffer);
    try buffer.readLayout(f32, x, layout, 0);
    try r.put("columns", x);
}

fn runAndClose(r: *Request, client: pjrt.Client, given: pjrt.Executable) !void {
    var executable = given;
    defer executable.deinit();
    try common.putRun(r, client, executable);
}

fn aheadOfTime(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var program = try r.program();
    defer program.deinit();
    var compiled = try pjrt.Compiled.init(client.plugin(), try client.topology(), program, null, null);
    defer compiled.deinit();
    try runAndClose(r, client, try client.load(compiled, null));
    try r.putCode("again", client.load(compiled, null));
}

fn serializedExecutable(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var bytes = try serialize(r, client);
    defer bytes.deinit();
    const data = bytes.data();
    try r.putCode("not_trusted", client.deserialize(data, .{}));
    try r.putCode("cut", client.deserialize(data[0 .. data.len - 1], .{ .trusted = true }));
    try runAndClose(r, client, try client.deserialize(data, .{ .trusted = true }));
}

fn serialize(r: *Request, client: pjrt.Client) !pjrt.Bytes {
    var executable = try r.compile(client, null);
    defer executable.deinit();
    var compiled = try executable.compiled();
    defer compiled.deinit();
    return compiled.serialize();
}

fn executableDelete(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.upload(ready.client, "x");
    defer x.deinit();
    try r.put("before", ready.executable.isDeleted());
    try ready.executable.delete();
    try r.put("after", ready.executable.isDeleted());
    try r.putCode("execute", common.executeOne(ready.executable, x));
}

fn clientClose(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.upload(ready.client, "x");
    defer x.deinit();
    try r.putCode("close", ready.client.close(-1));
    try r.putCode("execute", common.executeOne(ready.executable, x));
    try r.putCode("again", ready.client.close(-1));
}

fn describe(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var x = try r.upload(client, "x");
    defer x.deinit();
    const buffer_text = try std.fmt.allocPrint(r.arena, "{f}", .{x});
    try r.put("buffer", std.mem.find(u8, buffer_text, "f32") != null);
    try r.put("client", (try std.fmt.allocPrint(r.arena, "{f}", .{client})).len > 0);
    try r.put("device", (try std.fmt.allocPrint(r.arena, "{f}", .{client.device(0)})).len > 0);
}

fn clientStats(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    {
        var x = try r.upload(client, "x");
        defer x.deinit();
        const statistics = try client.statistics();
        try r.put("buffers", statistics.buffers);
        try r.put("bytes", statistics.live_bytes);
    }
    const after = try client.statistics();
    try r.put("buffers_after", after.buffers);
    try r.put("bytes_after", after.live_bytes);
}

const Held = struct {
    buffer: ?pjrt.Buffer,
    calls: std.atomic.Value(u32) = .init(0),

    fn giveBack(self: *Held) bool {
        if (self.buffer) |*buffer| buffer.deinit();
        self.buffer = null;
        return self.calls.fetchAdd(1, .monotonic) == 0;
    }
};

fn outOfMemoryCallback(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const zeros: [200]f32 = @splat(0);
    var held: Held = .{ .buffer = try common.uploadFloats(client, &zeros) };
    defer _ = held.giveBack();
    try client.onOutOfMemory(Held, &held, Held.giveBack);
    var second = try common.uploadFloats(client, &zeros);
    defer second.deinit();
    try r.put("second", "OK");
    try r.put("calls", held.calls.load(.monotonic));
    try client.clearOutOfMemory();
    try r.putCode("third", common.uploadFloats(client, &zeros));
}
