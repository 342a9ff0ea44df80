//! Columns and rows: how host data lie, how they lie on the device, how they are read. usage: memory_layout PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
    defer client.deinit();
    const columns = [4]f32{ 1, 3, 2, 4 };

    // Host data column by column, as Fortran has them: the same by their name, and by strides.
    var named = try client.upload(f32, &columns, &.{ 2, 2 }, .{ .column_major = true });
    defer named.deinit();
    try example.expect(.{ 1, 2, 3, 4 }, named);
    var strided = try client.upload(f32, &columns, &.{ 2, 2 }, .{ .byte_strides = &.{ 4, 8 } });
    defer strided.deinit();
    try example.expect(.{ 1, 2, 3, 4 }, strided);

    // Column by column on the device; read row by row, and as they lie.
    var order = try pjrt.Layout.parse("{0,1}", diagnostics);
    defer order.deinit();
    var buffer = try client.upload(f32, &.{ 1, 2, 3, 4 }, &.{ 2, 2 }, .{ .layout = order });
    defer buffer.deinit();
    var on_device = try buffer.layout();
    defer on_device.deinit();
    std.debug.print("{f}\n", .{on_device});
    try example.expect(.{ 1, 2, 3, 4 }, buffer);
    var as_they_lie: [4]f32 = undefined;
    try buffer.readLayout(f32, &as_they_lie, order, 0);
    if (!std.mem.eql(f32, &as_they_lie, &columns)) return error.WrongResult;
}

pub const main = example.main(run);
