//! Runs that are set up once, views, transfers in pieces, and what a program asks of its host.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "execute_per_device_mixed", executePerDeviceMixed },
    .{ "prepared_call", preparedCall },
    .{ "host_view", hostView },
    .{ "read_many", readMany },
    .{ "transfer_pieces", transferPieces },
    .{ "transfer_all", transferAll },
    .{ "copies", copies },
    .{ "execute_context", executeContext },
    .{ "run_async", runAsync },
    .{ "send_and_receive", sendAndReceive },
    .{ "output_handler", outputHandler },
};

fn executePerDeviceMixed(r: *Request) !void {
    var ready = try Ready.initReplicas(r);
    defer ready.deinit();
    const factor = (try r.floats("factor"))[0];
    const first = try r.floats("x");
    const second = try r.floats("x");
    for (second) |*value| value.* += 1;
    const Arguments = struct { []const f32, f32 };
    var outputs: [2][1]pjrt.Buffer = undefined;
    try ready.executable.callPerDevice(&[_]Arguments{ .{ first, factor }, .{ second, factor } }, &.{ &outputs[0], &outputs[1] }, .{});
    defer for (&outputs) |*of_device| common.releaseAll(of_device);
    try r.put("y", [_][]const f32{ try r.contents(outputs[0][0]), try r.contents(outputs[1][0]) });
}

fn preparedCall(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var call = try pjrt.PreparedCall.init(ready.executable, .{});
    defer call.deinit();
    try r.putCode("empty", call.run());
    {
        var x = try r.upload(ready.client, "x");
        defer x.deinit();
        try call.setArg(0, x);
    }
    for (0..try r.count("n")) |_| {
        try call.run();
        try call.setArg(0, call.output(0));
    }
    try r.put("slots", call.numArgs() + call.numOutputs());
    try r.putContents("y", call.output(0).?);
}

fn hostView(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var x = try r.upload(client, "x");
    defer x.deinit();
    var ready = try x.ready();
    defer ready.deinit();
    try ready.wait();
    {
        var view = try pjrt.HostView.init(x);
        defer view.deinit();
        try r.put("y", try view.items(f32));
        if ((try std.fmt.allocPrint(r.arena, "{f}", .{view})).len == 0) return error.NothingPrinted;
        try r.putCode("delete", x.delete());
    }
    try r.putCode("delete_after", x.delete());
}

fn readMany(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var buffers = [_]pjrt.Buffer{ try r.upload(client, "a"), try r.upload(client, "b") };
    defer common.releaseAll(&buffers);
    var values: [2][]f32 = undefined;
    for (buffers, &values) |buffer, *of| of.* = try r.arena.alloc(f32, buffer.hostSize() / @sizeOf(f32));
    try pjrt.readAll(&buffers, &.{ std.mem.sliceAsBytes(values[0]), std.mem.sliceAsBytes(values[1]) }, r.diagnostics);
    try r.put("a", values[0]);
    try r.put("b", values[1]);
}

fn transferPieces(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const x = try r.floats("x");
    const bytes = std.mem.sliceAsBytes(x);
    const half = bytes.len / 2;
    var manager = try pjrt.TransferManager.init(client, &.{.{ .dtype = .f32, .dims = &.{@intCast(x.len)} }}, null);
    defer manager.deinit();
    var buffer = try manager.retrieve(0);
    defer buffer.deinit();
    try manager.write(0, bytes[half..], half);
    try r.putCode("twice", manager.write(0, bytes[half..], half));
    try manager.write(0, bytes[0..half], 0);
    try r.putContents("y", buffer);
    const progress = try manager.progress(0);
    try r.put("progress", [_]usize{ progress.bytes_done, progress.bytes_total });
}

const Report = struct {
    calls: u32 = 0,
    last: u64 = 0,

    fn note(self: *Report, state: pjrt.TransferState) void {
        self.calls += 1;
        self.last = state.bytes_done;
    }
};

fn transferAll(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var array = try r.array();
    defer array.deinit();
    var report: Report = .{};
    var buffers: [2]pjrt.Buffer = undefined;
    try pjrt.transferAll(client, &.{ array, array }, &buffers, .{ .piece_size = try r.count("piece"), .progress = .of(Report, &report, Report.note) });
    defer common.releaseAll(&buffers);
    try r.putContents("first", buffers[0]);
    try r.putContents("second", buffers[1]);
    try r.put("calls", report.calls);
    try r.put("bytes", report.last);
}

fn copies(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var x = try r.upload(client, "x");
    defer x.deinit();
    const device = client.addressableDevice(try r.count("device"));
    var there = try x.copyToDevice(device);
    defer there.deinit();
    var pinned = try there.copyToMemory(device.memoryOfKind(try r.text("kind")) orelse return error.NoSuchMemory);
    defer pinned.deinit();
    try r.put("device", @intFromEnum(there.device().?.id()));
    try r.put("memory", pinned.memory().?.kind());
    try r.putContents("y", pinned);
}

fn executeContext(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.upload(ready.client, "x");
    defer x.deinit();
    var context = try pjrt.ExecuteContext.init(ready.client.plugin());
    defer context.deinit();
    var y: [1]pjrt.Buffer = undefined;
    try ready.executable.execute(&.{x}, &y, .{ .context = context, .call_location = "a scenario" });
    defer y[0].deinit();
    try r.putContents("y", y[0]);
}

fn runAsync(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.array();
    defer x.deinit();
    var y: [1]pjrt.Array = undefined;
    var done = try ready.executable.runAsync(&.{x}, &y);
    defer done.deinit();
    defer y[0].deinit();
    try r.putCode("done", done.wait());
    try r.put("y", y[0].constItems(f32));
}

/// Takes what a program sends, and gives `answer` when it receives.
const Host = struct {
    queue: pjrt.RequestQueue,
    answer: []const u8,
    sent: [256]u8 = undefined,
    size: usize = 0,
    pieces: u32 = 0,

    fn serve(self: *Host) void {
        var ids: [1]u64 = undefined;
        while (self.queue.next(-1, &ids)) |taken| {
            for (taken) |id| self.reply(id) catch @panic("a request could not be answered");
        } else |_| {}
    }

    fn reply(self: *Host, id: u64) !void {
        if (self.queue.kind(id) != .send) return self.queue.answer(id, self.answer);
        const piece = self.queue.data(id);
        @memcpy(self.sent[self.size..][0..piece.len], piece);
        self.size += piece.len;
        self.pieces += 1;
        try self.queue.answer(id, "");
    }
};

fn sendAndReceive(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try ready.client.upload(f32, try r.floats("x"), try r.numbers(i64, "dims"), .{});
    defer x.deinit();
    var queue = try pjrt.RequestQueue.init(r.diagnostics);
    defer queue.deinit();
    var handlers = try pjrt.Handlers.init(null, r.diagnostics);
    defer handlers.deinit();
    try handlers.addSendRequests(5, queue);
    try handlers.addReceiveRequests(6, queue);
    var host: Host = .{ .queue = .{ .handle = queue.handle }, .answer = std.mem.sliceAsBytes(try r.floats("answer")) };
    var y: [1]pjrt.Buffer = undefined;
    {
        const server = try std.Thread.spawn(.{}, Host.serve, .{&host});
        defer server.join();
        defer queue.close();
        try ready.executable.execute(&.{x}, &y, .{ .handlers = handlers });
    }
    defer y[0].deinit();
    try r.putContents("y", y[0]);
    const sent = try r.arena.alloc(f32, host.size / @sizeOf(f32));
    @memcpy(std.mem.sliceAsBytes(sent), host.sent[0..host.size]);
    try r.put("sent", sent);
    try r.put("pieces", host.pieces);
}

const Seen = struct {
    numbers: [3]i64 = .{ 0, 0, 0 },

    fn look(self: *Seen, info: pjrt.OutputInfo) void {
        self.numbers[0] = info.callback_id;
        const elements: [*]align(1) const i32 = @ptrCast(info.data.ptr);
        for (self.numbers[1..], 0..) |*number, index| number.* = elements[index];
    }
};

fn outputHandler(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    const x = try r.numbers(i32, "x");
    var seen: Seen = .{};
    var handlers = try pjrt.Handlers.init(null, r.diagnostics);
    defer handlers.deinit();
    try handlers.addOutput(try r.int("callback"), 1, Seen, &seen, Seen.look);
    var y: [1]pjrt.Buffer = undefined;
    try ready.executable.call(.{@as([]const i32, x)}, &y, .{ .handlers = handlers });
    defer y[0].deinit();
    try r.put("seen", seen.numbers);
}
