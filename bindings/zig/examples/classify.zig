//! A classifier whose weights and images are .npy files: prints the class of each image.
//! usage: classify PLUGIN PROGRAM ARGUMENT.npy...

const std = @import("std");
const pjrt = @import("pjrt_easy");

fn classify(arguments: *std.process.Args.Iterator, diagnostics: *pjrt.Diagnostics) !void {
    var client = try pjrt.Client.open(arguments.next() orelse return error.NoPlugin, .{ .diagnostics = diagnostics });
    defer client.deinit();
    var program = try pjrt.Program.fromFile(arguments.next() orelse return error.NoProgram, diagnostics);
    defer program.deinit();
    var executable = try client.compile(program, null);
    defer executable.deinit();

    var args: [16]pjrt.Array = undefined;
    var given: usize = 0;
    defer for (args[0..given]) |*array| array.deinit();
    while (arguments.next()) |path| : (given += 1) {
        if (given == args.len) return error.TooManyArguments;
        args[given] = try pjrt.Array.load(path, diagnostics);
    }
    var outputs: [1]pjrt.Array = undefined;
    try executable.run(args[0..given], &outputs);
    defer outputs[0].deinit();

    // A row of scores for each image.
    const scores = outputs[0].constItems(f32);
    const classes: usize = @intCast(outputs[0].dims()[1]);
    var line: [1 << 12]u8 = undefined;
    var text: std.Io.Writer = .fixed(&line);
    var begin: usize = 0;
    while (begin < scores.len) : (begin += classes) {
        try text.print("{d}\n", .{std.mem.findMax(f32, scores[begin..][0..classes])});
    }
    std.debug.print("{s}", .{text.buffered()});
}

pub fn main(init: std.process.Init.Minimal) u8 {
    var arguments = init.args.iterate();
    _ = arguments.skip();
    var diagnostics: pjrt.Diagnostics = .{};
    classify(&arguments, &diagnostics) catch |failure| {
        std.debug.print("{s}: {s}\n", .{ @errorName(failure), diagnostics.message() });
        return 1;
    };
    return 0;
}
