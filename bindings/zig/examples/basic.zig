//! Compiles a program, runs it, reads the result. usage: basic PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

const program_text =
    \\func.func public @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
    \\  %0 = stablehlo.add %x, %y : tensor<4xf32>
    \\  return %0 : tensor<4xf32>
    \\}
;

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
    defer client.deinit();

    var program = try pjrt.Program.fromBytes(program_text, diagnostics);
    defer program.deinit();
    var executable = try client.compile(program, null);
    defer executable.deinit();

    var x = try client.upload(f32, &.{ 1, 2, 3, 4 }, &.{4}, .{});
    defer x.deinit();
    var y = try client.upload(f32, &.{ 10, 20, 30, 40 }, &.{4}, .{});
    defer y.deinit();

    var outputs: [1]pjrt.Buffer = undefined;
    try executable.execute(&.{ x, y }, &outputs, .{});
    defer outputs[0].deinit();

    var sum: [4]f32 = undefined;
    try outputs[0].read(f32, &sum);
    std.debug.print("{any}\n", .{sum});
    if (!std.mem.eql(f32, &sum, &.{ 11, 22, 33, 44 })) return error.Unknown;
}

pub const main = example.main(run);
