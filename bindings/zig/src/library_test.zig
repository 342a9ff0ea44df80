//! Tests of plugins, devices, stores, queues, and of what the library says of itself.

const std = @import("std");
const pjrt = @import("pjrt.zig");
const support = @import("support_test.zig");

const testing = std.testing;
const expectPrinted = support.expectPrinted;

test "plugins" {
    var diagnostics: pjrt.Diagnostics = .{ .keep = true };
    defer diagnostics.deinit();
    var plugin = try pjrt.Plugin.load(try support.fakePlugin(), .{}, &diagnostics);
    defer plugin.deinit();
    try expectPrinted(plugin, "fake");
    var same = try pjrt.Plugin.fromApi(plugin.api(), &diagnostics);
    defer same.deinit();
    try testing.expectEqual(plugin.apiMinor(), same.apiMinor());
    var found = false;
    for (0..plugin.numExtensions()) |index| {
        const extension = plugin.extension(index).?;
        found = found or std.mem.eql(u8, extension.name, "Unknown");
        try testing.expect(plugin.hasExtension(extension.kind) and plugin.rawExtension(extension.kind) != null);
    }
    try testing.expect(found);
    try testing.expectEqual(null, plugin.extension(plugin.numExtensions()));
    try testing.expectEqualStrings("", pjrt.functionName(pjrt.numFunctions()));
    try testing.expect(plugin.hasFunction(pjrt.functionName(0)));
    const digits: [64:0]u8 = @splat('0');
    try testing.expectError(error.InvalidArgument, pjrt.Plugin.load("/", .{ .sha256 = &digits }, &diagnostics));
    try testing.expectError(error.NotFound, pjrt.Plugin.load("nobody", .{ .search_paths = &.{"/nowhere"} }, &diagnostics));
    try testing.expect(std.mem.find(u8, diagnostics.failure.?.detail(), "/nowhere") != null);
    try expectPrinted(diagnostics.failure.?, "NOT_FOUND");
    var client = try pjrt.Client.init(plugin, .{});
    defer client.deinit();
    try testing.expect(client.platformVersion().len > 0);
}

test "devices and memories" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    const device = client.device(1);
    try expectPrinted(device, "1");
    try testing.expect(device.debugString().len > 0 and device.toString().len > 0);
    try testing.expectEqual(device.id(), device.description().id());
    try testing.expectEqual(device.handle, (try client.lookupAddressableDevice(device.localHardwareId())).handle);
    _ = device.attributes().count();
    var now = try device.currentAttributes(&diagnostics);
    defer now.deinit();
    var stats = try device.memoryStats(&diagnostics);
    defer stats.deinit();
    try testing.expect((try stats.lookup("bytes_in_use")) != null);
    try device.clearMemoryStats(&diagnostics);
    var failure = pjrt.Failure.init(error.Aborted, "as asked");
    defer failure.deinit();
    try testing.expect(!try device.poisonExecution(4711, failure, &diagnostics));
    const memory = device.defaultMemory().?;
    try expectPrinted(memory, "device");
    _ = memory.kindId();
    try testing.expect(memory.debugString().len > 0 and memory.toString().len > 0);
    try testing.expect(memory.numDevices() > 0);
    try testing.expect(memory.device(0) != null);
    try testing.expectEqual(null, memory.device(memory.numDevices()));
    var mark = try pjrt.TrackingEvent.init(device, "a step", &diagnostics);
    defer mark.deinit();
    try expectPrinted(mark, "a step");
    var memory_of_host: [64]u8 align(64) = @splat(0);
    var mapping = try pjrt.DmaMapping.init(client, &memory_of_host);
    defer mapping.deinit();
    try expectPrinted(mapping, "64");
    try testing.expectEqual(&memory_of_host[0], &mapping.data()[0]);
    try pjrt.updateProcesses(client, &.{.{ .process = @enumFromInt(0), .incarnation = 1, .state = .connected }});
    try pjrt.updateProcesses(client, &.{.{ .process = @enumFromInt(1), .incarnation = 1, .state = .failed, .failure = failure }});
}

const Store = struct {
    value: [64]u8 = undefined,
    size: usize = 0,
    puts: u32 = 0,

    fn get(self: *Store, key: []const u8, timeout_ns: i64) pjrt.Error!pjrt.Bytes {
        _ = timeout_ns;
        return self.tryGet(key);
    }

    fn tryGet(self: *Store, key: []const u8) pjrt.Error!pjrt.Bytes {
        if (!std.mem.eql(u8, key, "key") or self.size == 0) return error.NotFound;
        return pjrt.Bytes.init(self.value[0..self.size], null);
    }

    fn put(self: *Store, key: []const u8, value: []const u8) pjrt.Error!void {
        if (!std.mem.eql(u8, key, "key") or value.len > self.value.len) return error.OutOfRange;
        @memcpy(self.value[0..value.len], value);
        self.size = value.len;
        self.puts += 1;
    }
};

test "key-value stores" {
    var diagnostics: pjrt.Diagnostics = .{};
    var shared = try pjrt.KvStore.init(&diagnostics);
    defer shared.deinit();
    try expectPrinted(shared, "store");
    try shared.put("key", "value");
    var client = try pjrt.Client.open(try support.fakePlugin(), .{ .kv_store = shared, .diagnostics = &diagnostics });
    client.deinit();
    var kept = try shared.get("key", -1);
    defer kept.deinit();
    try testing.expectEqualStrings("value", kept.data());
    try testing.expectError(error.NotFound, shared.tryGet("other"));

    var own: Store = .{};
    var store = try pjrt.KvStore.fromFunctions(Store, &own, .{ .get = Store.get, .tryGet = Store.tryGet, .put = Store.put }, &diagnostics);
    defer store.deinit();
    try testing.expectError(error.NotFound, store.get("key", 0));
    try store.put("key", "of its own");
    try testing.expectError(error.OutOfRange, store.put("other", ""));
    var answer = try store.tryGet("key");
    defer answer.deinit();
    try testing.expectEqualStrings("of its own", answer.data());
    try testing.expectEqual(1, own.puts);
}

fn count(calls: *std.atomic.Value(u32)) void {
    _ = calls.fetchAdd(1, .monotonic);
}

fn serveOne(queue: pjrt.RequestQueue) void {
    var ids: [1]u64 = undefined;
    const taken = queue.next(-1, &ids) catch @panic("the queue has ended");
    if (queue.kind(taken[0]) != .kv_get or queue.timeLeft(taken[0]) == null) @panic("another request");
    queue.answer(taken[0], "answer") catch @panic("the request is gone");
}

test "a store that is a request queue" {
    var diagnostics: pjrt.Diagnostics = .{};
    var queue = try pjrt.RequestQueue.init(&diagnostics);
    defer queue.deinit();
    var calls: std.atomic.Value(u32) = .init(0);
    try queue.onRequest(.of(std.atomic.Value(u32), &calls, count));
    var store = try pjrt.KvStore.fromQueue(queue, &diagnostics);
    defer store.deinit();
    const server = try std.Thread.spawn(.{}, serveOne, .{pjrt.RequestQueue{ .handle = queue.handle }});
    defer server.join();
    var answer = try store.get("key", 60 * std.time.ns_per_s);
    defer answer.deinit();
    try testing.expectEqualStrings("answer", answer.data());
    try queue.onRequest(null);
    try testing.expect(calls.load(.monotonic) > 0 and queue.fd() >= 0);
    try queue.wake();
    var ids: [1]u64 = undefined;
    try testing.expectEqual(0, (try queue.next(-1, &ids)).len);
}

test "completion queues" {
    var diagnostics: pjrt.Diagnostics = .{};
    var queue = try pjrt.CompletionQueue.init(&diagnostics);
    defer queue.deinit();
    try expectPrinted(queue, "");
    var calls: std.atomic.Value(u32) = .init(0);
    try queue.onNonempty(.of(std.atomic.Value(u32), &calls, count));
    var event = try pjrt.Event.promise(&diagnostics);
    defer event.deinit();
    try expectPrinted(event, "");
    try queue.add(event, 1);
    try event.set(null);
    try event.outcome();
    var batch: [2]pjrt.CompletionQueue.Completion = undefined;
    try testing.expectEqual(1, (try queue.next(-1, &batch)).len);
    try queue.onNonempty(null);
    try testing.expect(calls.load(.monotonic) > 0 and queue.fd() >= 0);
    try queue.wake();
    try testing.expectEqual(0, (try queue.next(-1, &batch)).len);
    queue.close();
    try testing.expectError(error.FailedPrecondition, queue.next(-1, &batch));
}

const Log = struct {
    lines: std.atomic.Value(u32) = .init(0),
    leaks: std.atomic.Value(u32) = .init(0),

    fn note(self: *Log, line: pjrt.LogLine) void {
        _ = self.lines.fetchAdd(1, .monotonic);
        if (line.kind == .leak and line.code == null and line.message.len > 0) _ = self.leaks.fetchAdd(1, .monotonic);
    }
};

test "the log, leaks, threads" {
    var diagnostics: pjrt.Diagnostics = .{};
    var log: Log = .{};
    try pjrt.onLog(Log, &log, Log.note, &diagnostics);
    defer pjrt.clearLog(&diagnostics) catch @panic("the log is still used");
    var values = try pjrt.NamedValues.init(&diagnostics);
    try values.set("a", .{ .float = 1 });
    try expectPrinted(values, "a");
    {
        var copied = try values.copy();
        defer copied.deinit();
        try copied.set("b", .{ .bool = true });
        try testing.expectEqual(values.count() + 1, copied.count());
    }
    try testing.expectEqualStrings("a", values.nameOf(0));
    try testing.expect(pjrt.liveObjects("pje_named_values") >= 1);
    const held = pjrt.liveObjects(null);
    try testing.expectEqual(held, pjrt.leakReport());
    try testing.expect(log.leaks.load(.monotonic) >= 1);
    const stale = values;
    values.deinit();
    const misuses = pjrt.misuseCount();
    try testing.expectEqual(0, stale.count());
    try testing.expectEqual(misuses + 1, pjrt.misuseCount());
    try pjrt.captureStderr(true, &diagnostics);
    try testing.expectError(error.FailedPrecondition, pjrt.captureStderr(true, &diagnostics));
    try pjrt.captureStderr(false, &diagnostics);
    try pjrt.setPluginLogLevel(1, &diagnostics);
    try testing.expectError(error.InvalidArgument, pjrt.setPluginLogLevel(7, &diagnostics));
    try pjrt.setPoolThreads(3, &diagnostics);
    try testing.expectEqual(3, pjrt.poolThreads());
    try testing.expectError(error.InvalidArgument, pjrt.setPoolThreads(0, &diagnostics));
}

test "the log as requests" {
    var diagnostics: pjrt.Diagnostics = .{};
    var queue = try pjrt.RequestQueue.init(&diagnostics);
    defer queue.deinit();
    try pjrt.logToQueue(queue, &diagnostics);
    defer pjrt.clearLog(&diagnostics) catch @panic("the log is still used");
    try testing.expectEqual(0, pjrt.c.pje_buffer_rank(null));
    var ids: [2]u64 = undefined;
    const taken = try queue.next(-1, &ids);
    try testing.expectEqual(1, taken.len);
    try testing.expectEqual(pjrt.RequestQueue.Kind.log, queue.kind(taken[0]));
    try testing.expect(std.mem.startsWith(u8, queue.data(taken[0]), "pje_buffer_rank: "));
    try testing.expectEqual(@intFromEnum(pjrt.LogKind.misuse), (try queue.values(taken[0]).?.lookup("kind")).?.int64);
    try queue.answer(taken[0], "");
}

test "element types" {
    try testing.expectEqual(pjrt.Dtype.Kind.complex, pjrt.Dtype.c64.kind());
    try testing.expectEqual(pjrt.Dtype.Kind.float, pjrt.Dtype.f4e2m1fn.kind());
    try testing.expectEqual(@alignOf(f64), pjrt.Dtype.f64.alignment());
}
