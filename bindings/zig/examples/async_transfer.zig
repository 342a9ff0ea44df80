//! A buffer that is there before its contents: a program runs on it while pieces arrive. usage: async_transfer PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

fn report(_: *u8, state: pjrt.TransferState) void {
    std.debug.print("{d} of {d} bytes\n", .{ state.bytes_done, state.bytes_total });
}

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
    defer client.deinit();
    var executable = try example.compile(client, example.double, null);
    defer executable.deinit();

    const values = [4]f32{ 1, 2, 3, 4 };
    const bytes = std.mem.sliceAsBytes(&values);
    var manager = try pjrt.TransferManager.init(client, &.{.{ .dtype = .f32, .dims = &.{4} }}, null);
    defer manager.deinit();
    var x = try manager.retrieve(0);
    defer x.deinit();
    // Pieces come in any order; the one that completes the array is found by itself.
    var last_half = try manager.writeAsync(0, bytes[8..], 8);
    defer last_half.deinit();
    var first_half = try manager.writeAsync(0, bytes[0..8], 0);
    defer first_half.deinit();
    var both = try pjrt.Event.all(&.{ last_half, first_half }, diagnostics);
    defer both.deinit();
    var y = try executable.callOne(x);
    defer y.deinit();
    try both.wait();
    try example.expect(.{ 2, 4, 6, 8 }, y);

    // Whole arrays in one call, which tells how far it is.
    var array = try pjrt.Array.fromSlice(f32, &values, &.{4}, diagnostics);
    defer array.deinit();
    var nothing: u8 = 0;
    var moved: [1]pjrt.Buffer = undefined;
    try pjrt.transferAll(client, &.{array}, &moved, .{ .piece_size = 8, .progress = .of(u8, &nothing, report) });
    defer moved[0].deinit();
    try example.expect(values, moved[0]);
}

pub const main = example.main(run);
