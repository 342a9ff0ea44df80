//! Lifetimes: any order of release, no leaks, flat memory; and named values.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "release_order", releaseOrder },
    .{ "release_while_running", releaseWhileRunning },
    .{ "many_objects", manyObjects },
    .{ "dropped_objects", manyObjects },
    .{ "flat_memory", flatMemory },
    .{ "named_values", namedValues },
};

fn releaseOrder(r: *Request) !void {
    var ready = try Ready.init(r);
    var x = try r.upload(ready.client, "x");
    ready.client.deinit();
    var y = try common.executeOne(ready.executable, x);
    defer y.deinit();
    ready.executable.deinit();
    x.deinit();
    try r.putContents("y", y);
}

fn releaseWhileRunning(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.client.deinit();
    var y: [1]pjrt.Buffer = undefined;
    {
        defer ready.executable.deinit();
        var x = try r.upload(ready.client, "x");
        defer x.deinit();
        try ready.executable.start(&.{x}, &y, .{});
    }
    defer y[0].deinit();
    try r.putContents("y", y[0]);
}

fn manyObjects(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const x = try r.floats("x");
    var made: usize = 0;
    while (made < try r.count("n")) : (made += 1) {
        var buffer = try common.uploadFloats(client, x);
        buffer.deinit();
    }
    try r.put("made", made);
}

fn residentBytes(r: *Request) !usize {
    var buffer: [256]u8 = undefined;
    const text = try std.Io.Dir.cwd().readFile(r.io, "/proc/self/statm", &buffer);
    var words = std.mem.tokenizeScalar(u8, text, ' ');
    _ = words.next();
    return try std.fmt.parseInt(usize, words.next().?, 10) * std.heap.pageSize();
}

fn flatMemory(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.upload(ready.client, "x");
    defer x.deinit();
    const n = try r.count("n");
    var before: usize = 0;
    for (0..n) |run| {
        if (run == n / 10) before = try residentBytes(r);
        var y = try common.executeOne(ready.executable, x);
        y.deinit();
    }
    try r.put("flat", try residentBytes(r) < before + (16 << 20));
}

fn namedValues(r: *Request) !void {
    var values = try pjrt.NamedValues.init(r.diagnostics);
    defer values.deinit();
    try values.set("string", .{ .string = try r.text("string") });
    try values.set("int64", .{ .int64 = try r.int("int64") });
    try values.set("list", .{ .int64_list = try r.numbers(i64, "list") });
    try values.set("float", .{ .float = (try r.floats("float"))[0] });
    try values.set("bool", .{ .bool = std.mem.eql(u8, try r.text("bool"), "true") });
    try r.put("count", values.count());
    const kinds = try r.arena.alloc(pjrt.NamedValues.Kind, values.count());
    for (kinds, 0..) |*kind, index| kind.* = values.kindOf(index);
    try r.put("kinds", kinds);
    try r.put("string", (try values.lookup("string")).?.string);
    try r.put("int64", (try values.lookup("int64")).?.int64);
    try r.put("list", (try values.lookup("list")).?.int64_list);
    try r.put("float", (try values.lookup("float")).?.float);
    try r.put("bool", (try values.lookup("bool")).?.bool);
    try r.put("missing", try values.lookup("missing") != null);
}
