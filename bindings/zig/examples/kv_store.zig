//! A key-value store written in Zig, through which clients of several processes would find each other. Plugins for one machine
//! may not ask it anything. usage: kv_store PLUGIN

const std = @import("std");
const pjrt = @import("pjrt_easy");
const example = @import("example.zig");

/// Called from threads of the plugin, several at once.
const Store = struct {
    locked: std.atomic.Value(bool) = .init(false),
    keys: [64][]const u8 = undefined,
    values: [64][]const u8 = undefined,
    size: usize = 0,
    text: [4096]u8 = undefined,
    used: usize = 0,

    fn lock(self: *Store) void {
        while (self.locked.swap(true, .acquire)) std.atomic.spinLoopHint();
    }

    fn unlock(self: *Store) void {
        self.locked.store(false, .release);
    }

    fn keep(self: *Store, bytes: []const u8) pjrt.Error![]const u8 {
        if (bytes.len > self.text.len - self.used) return error.ResourceExhausted;
        const place = self.text[self.used..][0..bytes.len];
        @memcpy(place, bytes);
        self.used += bytes.len;
        return place;
    }

    fn put(self: *Store, key: []const u8, value: []const u8) pjrt.Error!void {
        self.lock();
        defer self.unlock();
        if (self.size == self.keys.len) return error.ResourceExhausted;
        self.keys[self.size] = try self.keep(key);
        self.values[self.size] = try self.keep(value);
        self.size += 1;
    }

    fn tryGet(self: *Store, key: []const u8) pjrt.Error!pjrt.Bytes {
        self.lock();
        defer self.unlock();
        var index = self.size;
        while (index > 0) {
            index -= 1;
            if (std.mem.eql(u8, self.keys[index], key)) return pjrt.Bytes.init(self.values[index], null);
        }
        return error.NotFound;
    }

    /// A value that comes is there before the question, where all clients are in one process.
    fn get(self: *Store, key: []const u8, timeout_ns: i64) pjrt.Error!pjrt.Bytes {
        _ = timeout_ns;
        return self.tryGet(key);
    }
};

fn run(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void {
    var own: Store = .{};
    var store = try pjrt.KvStore.fromFunctions(Store, &own, .{ .get = Store.get, .tryGet = Store.tryGet, .put = Store.put }, diagnostics);
    defer store.deinit();
    var client = try pjrt.Client.open(plugin, .{ .kv_store = store, .diagnostics = diagnostics });
    defer client.deinit();
    std.debug.print("{f} has put {d} values\n", .{ client, own.size });

    try store.put("greeting", "hello");
    var greeting = try store.get("greeting", -1);
    defer greeting.deinit();
    std.debug.print("{s}\n", .{greeting.data()});
    if (!std.mem.eql(u8, greeting.data(), "hello")) return error.WrongResult;
    if (store.tryGet("nothing")) |_| return error.WrongResult else |failure| if (failure != error.NotFound) return failure;
}

pub const main = example.main(run);
