//! Key-value stores: through them the clients of a program over several processes find each other.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const Bytes = @import("bytes.zig").Bytes;
const bytesAt = @import("bytes.zig").bytesAt;
const RequestQueue = @import("request_queue.zig").RequestQueue;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// Functions of a store of the program's own. They are called from threads of the plugin, several at once, and only
/// callback-safe functions of the library work there. The bytes that they give are given away.
pub fn KvFunctions(comptime Context: type) type {
    return struct {
        /// Waits for a value; a negative timeout waits for ever.
        get: fn (context: *Context, key: []const u8, timeout_ns: i64) Error!Bytes,
        /// Without waiting: `error.NotFound` when there is none.
        tryGet: fn (context: *Context, key: []const u8) Error!Bytes,
        put: fn (context: *Context, key: []const u8, value: []const u8) Error!void,
    };
}

pub const KvStore = struct {
    handle: *c.pje_kv_store,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(KvStore, c.pje_kv_store_describe);

    /// In the memory of this process, for several clients in it.
    pub fn init(diagnostics: ?*Diagnostics) Error!KvStore {
        return of(diagnostics, c.pje_kv_store_create, .{});
    }

    /// A store of the program's own; `context` must live until the store and every client that has it are gone.
    pub fn fromFunctions(comptime Context: type, context: *Context, comptime functions: KvFunctions(Context), diagnostics: ?*Diagnostics) Error!KvStore {
        const calls = struct {
            fn at(data: ?*anyopaque) *Context {
                return @ptrCast(@alignCast(data.?));
            }

            fn get(data: ?*anyopaque, key: [*c]const u8, size: usize, timeout_ns: i64, out: [*c]?*c.pje_bytes) callconv(.c) ?*c.pje_error {
                return give(functions.get(at(data), key[0..size], timeout_ns), out);
            }

            fn tryGet(data: ?*anyopaque, key: [*c]const u8, size: usize, out: [*c]?*c.pje_bytes) callconv(.c) ?*c.pje_error {
                return give(functions.tryGet(at(data), key[0..size]), out);
            }

            fn put(data: ?*anyopaque, key: [*c]const u8, size: usize, value: ?*const anyopaque, value_size: usize) callconv(.c) ?*c.pje_error {
                functions.put(at(data), key[0..size], bytesAt(value, value_size)) catch |failure| return errors.toRaw(failure);
                return null;
            }
        };
        return of(diagnostics, c.pje_kv_store_from_callbacks, .{ calls.get, calls.tryGet, calls.put, null, context });
    }

    fn give(result: Error!Bytes, out: [*c]?*c.pje_bytes) ?*c.pje_error {
        const value = result catch |failure| return errors.toRaw(failure);
        out.* = value.handle;
        return null;
    }

    /// Questions become requests `kv_get`, `kv_try_get` and `kv_put`, with the key under "key".
    pub fn fromQueue(queue: RequestQueue, diagnostics: ?*Diagnostics) Error!KvStore {
        return of(diagnostics, c.pje_kv_store_from_request_queue, .{queue.handle});
    }

    fn of(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!KvStore {
        return .{ .handle = try make(c.pje_kv_store, diagnostics, function, arguments), .diagnostics = diagnostics };
    }

    /// Clients keep theirs.
    pub fn deinit(self: *KvStore) void {
        c.pje_kv_store_release(self.handle);
        self.* = undefined;
    }

    /// Waits until the key has a value; a negative timeout waits for ever.
    pub fn get(self: KvStore, key: []const u8, timeout_ns: i64) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_kv_store_get, .{ self.handle, key.ptr, key.len, timeout_ns }) };
    }

    /// `error.NotFound` when there is no value yet.
    pub fn tryGet(self: KvStore, key: []const u8) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_kv_store_try_get, .{ self.handle, key.ptr, key.len }) };
    }

    pub fn put(self: KvStore, key: []const u8, value: []const u8) Error!void {
        try check(self.diagnostics, c.pje_kv_store_put(self.handle, key.ptr, key.len, value.ptr, value.len));
    }
};
