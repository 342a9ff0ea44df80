//! What is measured of the binding. usage: checks overhead|memory|leak|clean PLUGIN
//!
//! overhead: an execute from Zig takes less than 20 ns more than from C. memory: it stays flat over a million executes.
//! leak: holds a buffer for good, so that PJE_VALIDATE=1 names it. clean: gives everything back.

const std = @import("std");
const pjrt = @import("pjrt_easy");

extern fn thread_seconds() f64;
extern fn resident_bytes() usize;
extern fn execute_in_c(executable: *pjrt.c.pje_loaded_executable, argument: *pjrt.c.pje_buffer, n: usize) bool;

const runs_at_a_time = 80_000;
const rounds = 15;
const most_nanoseconds = 20;
const tries = 5;

/// A program of one argument and one output that does nothing.
const NoOp = struct {
    client: pjrt.Client,
    executable: pjrt.Executable,
    x: pjrt.Buffer,

    fn init(plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) !NoOp {
        var client = try pjrt.Client.open(plugin, .{ .diagnostics = diagnostics });
        errdefer client.deinit();
        var program = try pjrt.Program.fromBytesAs(.mlir, "fake.noop 1 1", diagnostics);
        defer program.deinit();
        var executable = try client.compile(program, null);
        errdefer executable.deinit();
        return .{ .client = client, .executable = executable, .x = try client.scalar(f32, 1) };
    }

    fn deinit(self: *NoOp) void {
        self.x.deinit();
        self.executable.deinit();
        self.client.deinit();
    }

    fn run(self: NoOp, times: usize) !void {
        for (0..times) |_| {
            var y: [1]pjrt.Buffer = undefined;
            try self.executable.execute(&.{self.x}, &y, .{});
            y[0].deinit();
        }
    }

    fn runInC(self: NoOp, times: usize) !void {
        if (!execute_in_c(self.executable.handle, self.x.handle, times)) return error.Unknown;
    }
};

fn median(values: []f64) f64 {
    std.mem.sort(f64, values, {}, std.sort.asc(f64));
    return values[values.len / 2];
}

/// Nanoseconds that a run takes in C, and how many more in Zig: medians of alternating blocks, in time of this thread.
fn measure(no_op: NoOp) ![2]f64 {
    var floors: [rounds]f64 = undefined;
    var extras: [rounds]f64 = undefined;
    const scale = 1e9 / @as(f64, runs_at_a_time);
    try no_op.run(runs_at_a_time);
    for (&floors, &extras) |*in_c, *extra| {
        const begin = thread_seconds();
        try no_op.runInC(runs_at_a_time);
        const between = thread_seconds();
        try no_op.run(runs_at_a_time);
        in_c.* = (between - begin) * scale;
        extra.* = (thread_seconds() - between) * scale - in_c.*;
    }
    return .{ median(&floors), median(&extras) };
}

fn overhead(no_op: NoOp) !void {
    for (0..tries) |_| {
        const in_c, const extra = try measure(no_op);
        std.debug.print("an execute: {d:.1} ns from C, {d:.1} ns more from Zig\n", .{ in_c, extra });
        if (extra < most_nanoseconds) return;
    }
    return error.TooSlow;
}

fn memory(no_op: NoOp) !void {
    try no_op.run(100_000);
    const before = resident_bytes();
    try no_op.run(900_000);
    const after = resident_bytes();
    std.debug.print("{d} KiB before, {d} KiB after\n", .{ before >> 10, after >> 10 });
    if (before == 0 or after > before + (4 << 20)) return error.MemoryGrows;
}

pub fn main(init: std.process.Init.Minimal) !void {
    var arguments = init.args.iterate();
    _ = arguments.skip();
    const what = arguments.next() orelse return error.NoCheckNamed;
    const plugin = arguments.next() orelse return error.NoPluginNamed;
    var diagnostics: pjrt.Diagnostics = .{};
    errdefer std.debug.print("{s}\n", .{diagnostics.message()});
    var no_op = try NoOp.init(plugin, &diagnostics);
    if (std.mem.eql(u8, what, "overhead")) {
        try overhead(no_op);
    } else if (std.mem.eql(u8, what, "memory")) {
        try memory(no_op);
    } else if (std.mem.eql(u8, what, "leak")) {
        _ = try no_op.client.scalar(f32, 2);
    } else if (!std.mem.eql(u8, what, "clean")) {
        return error.NoSuchCheck;
    }
    no_op.deinit();
}
