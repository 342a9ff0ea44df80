//! The memories of a device: an upload to each, and a copy from one to another. usage: memory PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
    defer client.deinit();
    const device = client.addressableDevice(0);
    for (0..device.numMemories()) |index| {
        const memory = device.memory(index);
        var buffer = try client.upload(f32, &.{ 1, 2, 3, 4 }, &.{4}, .{ .memory = memory });
        defer buffer.deinit();
        std.debug.print("{f} in {f}: ", .{ buffer, memory });
        if (buffer.memory().?.id() != memory.id()) return error.OtherMemory;
        try example.expect(.{ 1, 2, 3, 4 }, buffer);
        var moved = try buffer.copyToMemory(device.defaultMemory().?);
        defer moved.deinit();
        try example.expect(.{ 1, 2, 3, 4 }, moved);
    }
    const statistics = try client.statistics();
    std.debug.print("{d} buffers are left\n", .{statistics.buffers});
    if (statistics.buffers != 0) return error.BuffersLeft;
}

pub const main = example.main(run);
