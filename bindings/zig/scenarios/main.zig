//! The scenarios in Zig. usage: scenarios PLUGIN [REQUEST]...
//! Answers each request, or each line of standard input, with one line of JSON.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const Request = @import("request.zig").Request;

/// Each a struct of functions under the names of their scenarios.
const tables = .{
    @import("main_job.zig").scenarios,
    @import("buffers.zig").scenarios,
    @import("dtypes.zig").scenarios,
    @import("errors.zig").scenarios,
    @import("events.zig").scenarios,
    @import("donation.zig").scenarios,
    @import("devices.zig").scenarios,
    @import("lifetimes.zig").scenarios,
    @import("objects.zig").scenarios,
    @import("kv_stores.zig").scenarios,
    @import("transfers.zig").scenarios,
};

const Scenario = *const fn (*Request) anyerror!void;

fn find(name: []const u8) ?Scenario {
    inline for (tables) |table| {
        inline for (table) |row| {
            if (std.mem.eql(u8, row[0], name)) return row[1];
        }
    }
    return null;
}

fn answer(r: *Request) !void {
    const scenario = find(r.name());
    try r.reply.beginObject();
    try r.put("scenario", r.name());
    try r.put("outcome", if (scenario == null) "unknown" else "ok");
    if (scenario) |run| try run(r);
    try r.reply.endObject();
}

fn reply(io: std.Io, gpa: std.mem.Allocator, plugin: [:0]const u8, line: []const u8, out: *std.Io.Writer) !void {
    var arena = std.heap.ArenaAllocator.init(gpa);
    defer arena.deinit();
    var diagnostics: pjrt.Diagnostics = .{ .keep = true };
    defer diagnostics.deinit();
    var text: std.Io.Writer.Allocating = .init(arena.allocator());
    var json: std.json.Stringify = .{ .writer = &text.writer };
    var r: Request = .{ .arena = arena.allocator(), .io = io, .plugin = plugin, .line = line, .reply = &json, .diagnostics = &diagnostics };
    answer(&r) catch |failure| {
        text.clearRetainingCapacity();
        const why = .{ .scenario = r.name(), .outcome = "failed", .why = try std.fmt.allocPrint(arena.allocator(), "{s}: {s}", .{ @errorName(failure), diagnostics.message() }) };
        try std.json.Stringify.value(why, .{}, &text.writer);
    };
    try out.print("{s}\n", .{text.written()});
    try out.flush();
}

pub fn main(init: std.process.Init) !u8 {
    var arguments = init.minimal.args.iterate();
    _ = arguments.skip();
    const plugin = arguments.next() orelse {
        std.debug.print("usage: scenarios PLUGIN [REQUEST]...\n", .{});
        return 2;
    };
    var out_buffer: [4096]u8 = undefined;
    var out = std.Io.File.stdout().writerStreaming(init.io, &out_buffer);
    var given: usize = 0;
    while (arguments.next()) |request| : (given += 1) try reply(init.io, init.gpa, plugin, request, &out.interface);
    if (given > 0) return 0;
    const in_buffer = try init.gpa.alloc(u8, 1 << 20);
    defer init.gpa.free(in_buffer);
    var in = std.Io.File.stdin().readerStreaming(init.io, in_buffer);
    while (try in.interface.takeDelimiter('\n')) |line| try reply(init.io, init.gpa, plugin, line, &out.interface);
    return 0;
}
