//! Key-value stores: the library's own, and one that a thread of this program answers for.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Request = common.Request;

pub const scenarios = .{
    .{ "kv_store", kvStore },
    .{ "kv_store_served", kvStoreServed },
};

fn kvStore(r: *Request) !void {
    const key = try r.text("key");
    var store = try pjrt.KvStore.init(r.diagnostics);
    defer store.deinit();
    try r.putCode("before", store.tryGet(key));
    try r.putCode("late", store.get(key, std.time.ns_per_ms));
    try store.put(key, try r.text("value"));
    var value = try store.get(key, -1);
    defer value.deinit();
    try r.put("after", value.data());
    var client = try pjrt.Client.open(r.plugin, .{ .kv_store = store, .diagnostics = r.diagnostics });
    defer client.deinit();
    var executable = try r.compile(client, null);
    defer executable.deinit();
    try common.putRun(r, client, executable);
}

/// What the thread that answers knows. A question whose value is not there yet waits for it.
const Table = struct {
    queue: pjrt.RequestQueue,
    arena: std.mem.Allocator,
    entries: std.StringHashMapUnmanaged([]const u8) = .empty,
    waiting: std.ArrayList(u64) = .empty,

    fn serve(self: *Table) void {
        var ids: [4]u64 = undefined;
        while (self.queue.next(-1, &ids)) |taken| {
            for (taken) |id| self.take(id) catch @panic("a request could not be answered");
        } else |_| {}
    }

    fn take(self: *Table, id: u64) !void {
        if (self.queue.kind(id) != .kv_put) {
            if (!try self.answered(id)) try self.waiting.append(self.arena, id);
            return;
        }
        const key = try self.arena.dupe(u8, try self.keyOf(id));
        try self.entries.put(self.arena, key, try self.arena.dupe(u8, self.queue.data(id)));
        try self.queue.answer(id, "");
        var index: usize = 0;
        while (index < self.waiting.items.len) {
            if (try self.answered(self.waiting.items[index])) {
                _ = self.waiting.swapRemove(index);
            } else index += 1;
        }
    }

    fn keyOf(self: *Table, id: u64) ![]const u8 {
        return (try self.queue.values(id).?.lookup("key")).?.string;
    }

    fn answered(self: *Table, id: u64) !bool {
        if (self.entries.get(try self.keyOf(id))) |value| {
            try self.queue.answer(id, value);
            return true;
        }
        if (self.queue.kind(id) != .kv_try_get) return false;
        var none = pjrt.Failure.init(error.NotFound, "no value yet");
        defer none.deinit();
        try self.queue.refuse(id, none);
        return true;
    }
};

const Process = struct {
    plugin: [:0]const u8,
    number: i64,
    count: i64,
    store: pjrt.KvStore,
    client: pjrt.Error!pjrt.Client = error.Unavailable,

    fn open(self: *Process) void {
        self.client = self.make();
    }

    fn make(self: *Process) pjrt.Error!pjrt.Client {
        var values = try pjrt.NamedValues.init(null);
        defer values.deinit();
        try values.set("process", .{ .int64 = self.number });
        try values.set("processes", .{ .int64 = self.count });
        return pjrt.Client.open(self.plugin, .{ .device_count = 2, .values = values, .kv_store = self.store });
    }
};

fn kvStoreServed(r: *Request) !void {
    var queue = try pjrt.RequestQueue.init(r.diagnostics);
    defer queue.deinit();
    var store = try pjrt.KvStore.fromQueue(queue, r.diagnostics);
    defer store.deinit();
    const processes = try r.arena.alloc(Process, try r.count("processes"));
    {
        // Of the server alone: the request's arena belongs to this thread.
        var arena = std.heap.ArenaAllocator.init(std.heap.page_allocator);
        defer arena.deinit();
        var table: Table = .{ .queue = .{ .handle = queue.handle }, .arena = arena.allocator() };
        const server = try std.Thread.spawn(.{}, Table.serve, .{&table});
        defer server.join();
        defer queue.close();
        const running = try r.arena.alloc(std.Thread, processes.len);
        for (processes, running, 0..) |*process, *thread, number| {
            process.* = .{ .plugin = r.plugin, .number = @intCast(number), .count = @intCast(processes.len), .store = .{ .handle = store.handle } };
            thread.* = try std.Thread.spawn(.{}, Process.open, .{process});
        }
        for (running) |thread| thread.join();
    }
    const numbers = try r.arena.alloc(i32, processes.len);
    const devices = try r.arena.alloc(usize, processes.len);
    for (processes, numbers, devices) |process, *number, *count| {
        var client = try process.client;
        defer client.deinit();
        number.* = @intFromEnum(client.processIndex());
        count.* = client.numDevices();
    }
    try r.put("processes", numbers);
    try r.put("devices", devices);
}
