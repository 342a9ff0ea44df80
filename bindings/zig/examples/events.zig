//! Ten runs at once, taken from a completion queue as they end. usage: events PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

const runs = 10;
const program_text =
    \\func.func public @main(%x: tensor<f32>) -> tensor<f32> {
    \\  %0 = stablehlo.multiply %x, %x : tensor<f32>
    \\  return %0 : tensor<f32>
    \\}
;

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
    defer client.deinit();
    var program = try pjrt.Program.fromBytes(program_text, diagnostics);
    defer program.deinit();
    var executable = try client.compile(program, null);
    defer executable.deinit();
    var queue = try pjrt.CompletionQueue.init(diagnostics);
    defer queue.deinit();

    var outputs: [runs]pjrt.Buffer = undefined;
    for (&outputs, 0..) |*output, number| {
        var x = try client.scalar(f32, @floatFromInt(number));
        defer x.deinit();
        var done = try executable.executeAsync(&.{x}, output[0..1], .{});
        defer done.deinit();
        try queue.add(done, number);
    }

    var left: usize = runs;
    while (left > 0) {
        var batch: [4]pjrt.CompletionQueue.Completion = undefined;
        for (try queue.next(-1, &batch)) |completion| {
            try completion.outcome;
            var square: [1]f32 = undefined;
            try outputs[completion.tag].read(f32, &square);
            outputs[completion.tag].deinit();
            std.debug.print("{d} squared is {d}\n", .{ completion.tag, square[0] });
            if (square[0] != @as(f32, @floatFromInt(completion.tag * completion.tag))) return error.Unknown;
            left -= 1;
        }
    }
}

pub const main = example.main(run);
