//! Element types: each in the Zig type that stands for it.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Request = common.Request;

const last = @intFromEnum(pjrt.Dtype.f6e3m2fn);

pub const scenarios = .{ .{ "dtype_table", table }, .{ "dtype_token", token } } ++ roundTrips();

/// A row for each element type but the token.
fn roundTrips() [last - 1]struct { []const u8, *const fn (*Request) anyerror!void } {
    var rows: [last - 1]struct { []const u8, *const fn (*Request) anyerror!void } = undefined;
    var size: usize = 0;
    @setEvalBranchQuota(10_000);
    for (1..last + 1) |number| {
        const dtype: pjrt.Dtype = @enumFromInt(number);
        if (dtype == .token) continue;
        rows[size] = .{ "dtype_" ++ @tagName(dtype), RoundTrip(pjrt.HostType(dtype)).run };
        size += 1;
    }
    return rows;
}

fn table(r: *Request) !void {
    var names: [last][]const u8 = undefined;
    var bytes: [last]usize = undefined;
    var bits: [last]usize = undefined;
    inline for (1..last + 1, &names, &bytes, &bits) |number, *name, *size, *width| {
        const dtype: pjrt.Dtype = @enumFromInt(number);
        name.* = pjrt.dtypeOf(pjrt.HostType(dtype)).name();
        size.* = @sizeOf(pjrt.HostType(dtype));
        width.* = dtype.bits();
    }
    try r.put("names", names);
    try r.put("bytes", bytes);
    try r.put("bits", bits);
}

fn RoundTrip(comptime T: type) type {
    return struct {
        fn run(r: *Request) anyerror!void {
            const given = try read(r);
            var client = try r.open();
            defer client.deinit();
            var buffer = try client.upload(T, given, &.{@intCast(given.len)}, .{});
            defer buffer.deinit();
            if (r.has("program")) {
                var executable = try r.compile(client, null);
                defer executable.deinit();
                const output = try common.executeOne(executable, buffer);
                buffer.deinit();
                buffer = output;
            }
            try r.put("dtype", buffer.dtype().name());
            try r.put("bytes", buffer.hostSize());
            const back = try buffer.readAlloc(T, r.arena);
            try putValues(r, back);
            if (T == f16 or (@typeInfo(T) == .@"struct" and @hasField(T, "bits"))) {
                const patterns = try r.arena.alloc(u16, back.len);
                for (back, patterns) |element, *pattern| pattern.* = if (T == f16) @bitCast(element) else element.bits;
                try r.put("bits", patterns);
            }
        }

        fn read(r: *Request) ![]T {
            var words = try r.items("values");
            var elements: std.ArrayList(T) = .empty;
            while (words.next()) |word| {
                try elements.append(r.arena, switch (@typeInfo(T)) {
                    .bool => try common.parse(u8, word) != 0,
                    .int, .float => try common.parse(T, word),
                    else => if (@hasField(T, "re"))
                        .{ .re = try common.parse(@FieldType(T, "re"), word), .im = try common.parse(@FieldType(T, "im"), words.next().?) }
                    else if (@hasDecl(T, "Value"))
                        .init(try common.parse(T.Value, word))
                    else
                        .init(try common.parse(f32, word)),
                });
            }
            return elements.items;
        }

        fn putValues(r: *Request, elements: []const T) !void {
            try r.reply.objectField("values");
            try r.reply.beginArray();
            for (elements) |element| switch (@typeInfo(T)) {
                .bool => try r.reply.write(@intFromBool(element)),
                .int, .float => try r.reply.write(element),
                else => if (@hasField(T, "re")) {
                    try r.reply.write(element.re);
                    try r.reply.write(element.im);
                } else {
                    try r.reply.write(element.value());
                },
            };
            try r.reply.endArray();
        }
    };
}

fn token(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const outcome = client.scalar(pjrt.Token, .{});
    try r.put("survived", std.mem.eql(u8, try common.codeOf(outcome), "OK") or r.diagnostics.code != null);
}
