//! Replica 0 on device 1, replica 1 on device 0. usage: device_assignment PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var client = try pjrt.Client.open(plugin, .{ .device_count = 2, .diagnostics = diagnostics });
    defer client.deinit();
    var own = try client.defaultAssignment(2, 1);
    defer own.deinit();
    const ids = [2]pjrt.DeviceId{ own.deviceId(.{ .replica = 1, .partition = 0 }).?, own.deviceId(.{ .replica = 0, .partition = 0 }).? };
    var assignment = try pjrt.DeviceAssignment.init(2, 1, &ids, diagnostics);
    defer assignment.deinit();
    std.debug.print("{f}, instead of {f}\n", .{ assignment, own });
    var options = try pjrt.CompileOptions.init(diagnostics);
    defer options.deinit();
    try options.setAssignment(assignment);
    var executable = try example.compile(client, example.double, options);
    defer executable.deinit();
    for (ids, 0..) |id, replica| {
        const place = assignment.find(id).?;
        if (place.replica != replica) return error.OtherReplica;
        // Devices of the executable are in the order of its replicas.
        if (executable.device(replica).id() != id) return error.OtherDevice;
    }
}

pub const main = example.main(run);
