//! Runs with a context, which hands data to custom calls, and with a launch id, which tells runs apart.
//! usage: execute_context PLUGIN

const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
    defer client.deinit();
    var executable = try example.compile(client, example.double, null);
    defer executable.deinit();
    var context = try pjrt.ExecuteContext.init(client.plugin());
    defer context.deinit();

    // One context serves several runs, also at the same time.
    var x = try client.upload(f32, &.{ 1, 2, 3, 4 }, &.{4}, .{});
    defer x.deinit();
    var outputs: [2][1]pjrt.Buffer = undefined;
    for (&outputs, 1..) |*output, launch_id| {
        try executable.start(&.{x}, output, .{ .context = context, .launch_id = @intCast(launch_id), .call_location = "execute_context.zig" });
    }
    for (&outputs) |*output| {
        defer output[0].deinit();
        try example.expect(.{ 2, 4, 6, 8 }, output[0]);
    }
}

pub const main = example.main(run);
