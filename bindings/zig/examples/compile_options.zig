//! Options of the compiler: read back, printed, compiled with. usage: compile_options PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
    defer client.deinit();
    var options = try pjrt.CompileOptions.init(diagnostics);
    defer options.deinit();
    try options.set(.num_replicas, 1);
    try options.set(.optimization_level, .o1);
    try options.setDebugOption("xla_cpu_enable_fast_math", "false");
    if (options.get(.optimization_level) != .o1) return error.OtherLevel;
    if (options.set(.num_replicas, 0)) return error.NoReplicasAccepted else |failure| {
        std.debug.print("{s}: {s}\n", .{ @errorName(failure), diagnostics.message() });
    }
    var text = try options.toText();
    defer text.deinit();
    std.debug.print("{s}\n", .{text.data()});

    var executable = try example.compile(client, example.double, options);
    defer executable.deinit();
    std.debug.print("{f}\n", .{executable});
    var y = try executable.callOne(.{&[4]f32{ 1, 2, 3, 4 }});
    defer y.deinit();
    try example.expect(.{ 2, 4, 6, 8 }, y);
}

pub const main = example.main(run);
