//! Element types that Zig has no word for: bf16, 8-bit floats, complex numbers. usage: elements PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

fn roundTrip(client: pjrt.Client, comptime T: type, values: []const T) !void {
    var buffer = try client.upload(T, values, &.{@intCast(values.len)}, .{});
    defer buffer.deinit();
    var back: [4]T = undefined;
    try buffer.read(T, back[0..values.len]);
    for (values, back[0..values.len]) |given, got| {
        // Above the bits of a small integer anything may stand: its value counts.
        const same = if (T == pjrt.S4) given.value() == got.value() else std.meta.eql(given, got);
        if (!same) return error.Unknown;
    }
    std.debug.print("{s}: {d} elements of {d} bytes\n", .{ buffer.dtype().name(), values.len, @sizeOf(T) });
}

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
    defer client.deinit();
    try roundTrip(client, f16, &.{ 1.5, -2 });
    try roundTrip(client, pjrt.BF16, &.{ pjrt.BF16.init(1.5), pjrt.BF16.init(-2) });
    try roundTrip(client, pjrt.F8E4M3FN, &.{ pjrt.F8E4M3FN.init(0.25), pjrt.F8E4M3FN.init(448) });
    try roundTrip(client, pjrt.S4, &.{ pjrt.S4.init(-8), pjrt.S4.init(7) });
    try roundTrip(client, pjrt.Complex(f32), &.{.{ .re = 1, .im = -1 }});
}

pub const main = example.main(run);
