//! One program on two devices at once, each with its own argument. usage: multi_device PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .device_count = 2, .diagnostics = diagnostics });
    defer client.deinit();
    for (0..client.numAddressableDevices()) |index| std.debug.print("{f}\n", .{client.addressableDevice(index)});
    var options = try pjrt.CompileOptions.init(diagnostics);
    defer options.deinit();
    try options.set(.num_replicas, 2);
    var executable = try example.compile(client, example.double, options);
    defer executable.deinit();

    var args: [2][1]pjrt.Buffer = undefined;
    for (&args, 0..) |*of_device, d| {
        const first: f32 = @floatFromInt(10 * d);
        of_device[0] = try client.upload(f32, &.{ first + 1, first + 2, first + 3, first + 4 }, &.{4}, .{ .device = executable.device(d) });
    }
    defer for (&args) |*of_device| of_device[0].deinit();
    var outputs: [2][1]pjrt.Buffer = undefined;
    try executable.executePerDevice(&.{ &args[0], &args[1] }, &.{ &outputs[0], &outputs[1] }, .{});
    defer for (&outputs) |*of_device| of_device[0].deinit();
    try example.expect(.{ 2, 4, 6, 8 }, outputs[0][0]);
    try example.expect(.{ 22, 24, 26, 28 }, outputs[1][0]);
}

pub const main = example.main(run);
