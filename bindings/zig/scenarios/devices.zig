//! Devices, memories, several clients and several plugins.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "devices", devices },
    .{ "memories", memories },
    .{ "all_reduce", allReduce },
    .{ "other_process", otherProcess },
    .{ "no_devices", noDevices },
    .{ "two_clients", twoClients },
    .{ "two_plugins", twoPlugins },
    .{ "old_plugin", oldPlugin },
    .{ "new_plugin", newPlugin },
    .{ "device_assignment", deviceAssignment },
    .{ "default_device_assignment", defaultDeviceAssignment },
    .{ "topology", topology },
};

fn devices(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const n = client.numDevices();
    const ids = try r.arena.alloc(i32, n);
    const local = try r.arena.alloc(i32, n);
    const process = try r.arena.alloc(i32, n);
    const addressable = try r.arena.alloc(bool, n);
    var kind = true;
    for (0..n) |index| {
        const device = client.device(index);
        ids[index] = @intFromEnum(device.id());
        local[index] = @intFromEnum(device.localHardwareId());
        process[index] = @intFromEnum(device.processIndex());
        addressable[index] = device.isAddressable();
        kind = kind and device.kind().len > 0;
    }
    try r.put("ids", ids);
    try r.put("local", local);
    try r.put("process", process);
    try r.put("addressable", addressable);
    try r.put("kind", kind);
}

fn byId(_: void, a: pjrt.Memory, b: pjrt.Memory) bool {
    return @intFromEnum(a.id()) < @intFromEnum(b.id());
}

fn memories(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const device = client.addressableDevice(0);
    const of_device = try r.arena.alloc(pjrt.Memory, device.numMemories());
    for (of_device, 0..) |*memory, index| memory.* = device.memory(index);
    std.mem.sort(pjrt.Memory, of_device, {}, byId);
    const kinds = try r.arena.alloc([]const u8, of_device.len);
    for (kinds, of_device) |*kind, memory| kind.* = memory.kind();
    try r.put("kinds", kinds);
    try r.put("default", device.defaultMemory().?.kind());
    const all = try r.arena.alloc(pjrt.Memory, client.numMemories());
    for (all, 0..) |*memory, index| memory.* = client.memory(index);
    std.mem.sort(pjrt.Memory, all, {}, byId);
    var distinct = true;
    for (all[1..], all[0 .. all.len - 1]) |memory, before| distinct = distinct and memory.id() != before.id();
    try r.put("distinct", distinct);
}

fn allReduce(r: *Request) !void {
    var ready = try Ready.initReplicas(r);
    defer ready.deinit();
    var args: [4][1]pjrt.Buffer = undefined;
    var outputs: [4][2]pjrt.Buffer = undefined;
    for (&args, 0..) |*of_device, d| {
        of_device[0] = try ready.client.upload(f32, &.{ @floatFromInt(d), 1 }, &.{2}, .{ .device = ready.executable.device(d) });
    }
    defer for (&args) |*of_device| common.releaseAll(of_device);
    try ready.executable.executePerDevice(&.{ &args[0], &args[1], &args[2], &args[3] }, &.{ &outputs[0], &outputs[1], &outputs[2], &outputs[3] }, .{});
    defer for (&outputs) |*of_device| common.releaseAll(of_device);
    var sums: [4][]f32 = undefined;
    var replicas: [4]u32 = undefined;
    for (outputs, &sums, &replicas) |of_device, *sum, *replica| {
        sum.* = try r.contents(of_device[0]);
        replica.* = try of_device[1].readScalar(u32);
    }
    try r.put("sum", sums);
    try r.put("replica", replicas);
}

fn otherProcess(r: *Request) !void {
    var client = try r.openPlain();
    defer client.deinit();
    const ids = try r.arena.alloc(i32, client.numDevices());
    for (ids, 0..) |*id, index| id.* = @intFromEnum(client.device(index).id());
    const addressable = try r.arena.alloc(i32, client.numAddressableDevices());
    for (addressable, 0..) |*id, index| id.* = @intFromEnum(client.addressableDevice(index).id());
    try r.put("ids", ids);
    try r.put("addressable", addressable);
    try r.put("process", @intFromEnum(client.processIndex()));
}

fn noDevices(r: *Request) !void {
    var client = try r.openPlain();
    defer client.deinit();
    try r.put("devices", client.numDevices());
    try r.put("refused", !std.mem.eql(u8, try common.codeOf(r.upload(client, "x")), "OK"));
}

/// Runs the program some times, one after the other, and closes the client.
fn putRuns(r: *Request, key: []const u8, given: pjrt.Client, times: usize) !void {
    var client = given;
    defer client.deinit();
    var executable = try r.compile(client, null);
    defer executable.deinit();
    var x = try r.upload(client, "x");
    defer x.deinit();
    for (0..times) |_| {
        const y = try common.executeOne(executable, x);
        x.deinit();
        x = y;
    }
    try r.putContents(key, x);
}

fn twoClients(r: *Request) !void {
    const first = try r.open();
    const second = try r.open();
    try putRuns(r, "first", first, 1);
    try putRuns(r, "second", second, 2);
}

fn twoPlugins(r: *Request) !void {
    const first = try r.open();
    const second = try pjrt.Client.open(try r.text("other"), .{ .diagnostics = r.diagnostics });
    try r.put("same", std.mem.eql(u8, first.plugin().path(), second.plugin().path()));
    try putRuns(r, "first", first, 1);
    try putRuns(r, "second", second, 2);
}

fn oldPlugin(r: *Request) !void {
    const client = try r.open();
    try r.put("minor", client.plugin().apiMinor());
    try r.put("has", client.plugin().hasFunction("PJRT_Buffer_Bitcast"));
    try putRuns(r, "y", client, 1);
}

fn newPlugin(r: *Request) !void {
    const client = try r.open();
    try r.put("newer", client.plugin().apiMinor() >= 120);
    try putRuns(r, "y", client, 1);
}

fn deviceAssignment(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var ids: [2]pjrt.DeviceId = undefined;
    for (try r.numbers(i32, "ids"), &ids) |number, *id| id.* = @enumFromInt(number);
    var assignment = try pjrt.DeviceAssignment.init(ids.len, 1, &ids, r.diagnostics);
    defer assignment.deinit();
    var options = try pjrt.CompileOptions.init(r.diagnostics);
    defer options.deinit();
    try options.setAssignment(assignment);
    var executable = try r.compile(client, options);
    defer executable.deinit();
    var of = try executable.assignment();
    defer of.deinit();
    try r.put("ids", of.deviceIds());
    var args: [2][1]pjrt.Buffer = undefined;
    var outputs: [2][1]pjrt.Buffer = undefined;
    const x = try r.floats("x");
    for (&args, 0..) |*of_device, d| {
        of_device[0] = try client.upload(f32, x, &.{@intCast(x.len)}, .{ .device = executable.device(d) });
    }
    defer for (&args) |*of_device| common.releaseAll(of_device);
    try executable.executePerDevice(&.{ &args[0], &args[1] }, &.{ &outputs[0], &outputs[1] }, .{});
    defer for (&outputs) |*of_device| common.releaseAll(of_device);
    var on: [2]i32 = undefined;
    for (&on, outputs) |*id, of_device| id.* = @intFromEnum(of_device[0].device().?.id());
    try r.put("outputs_on", on);
    try r.putCode("twice", pjrt.DeviceAssignment.init(2, 1, &.{ ids[0], ids[0] }, r.diagnostics));
}

fn defaultDeviceAssignment(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var assignment = try client.defaultAssignment(2, 2);
    defer assignment.deinit();
    try r.put("ids", assignment.deviceIds());
}

fn topology(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const of = try client.topology();
    const ids = try r.arena.alloc(i32, of.numDevices());
    for (ids, 0..) |*id, index| id.* = @intFromEnum(of.device(index).id());
    try r.put("ids", ids);
    try r.put("same_platform", std.mem.eql(u8, of.platformName(), client.platformName()));
    var bytes = try of.serialize();
    defer bytes.deinit();
    try r.put("serialized", bytes.data().len > 0);
}
