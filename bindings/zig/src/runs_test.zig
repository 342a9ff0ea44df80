//! Tests of runs: arguments of any kind, several devices, prepared calls, handlers, transfers.

const std = @import("std");
const pjrt = @import("pjrt.zig");
const support = @import("support_test.zig");

const testing = std.testing;
const expectPrinted = support.expectPrinted;
const plus_one = support.plus_one;
const values = support.values;

test "arguments of any kind" {
    var ready: support.Ready = .{};
    try ready.init(support.add_one);
    defer ready.deinit();
    var array = try pjrt.Array.fromSlice(f32, &values, &.{ 2, 3 }, &ready.diagnostics);
    defer array.deinit();
    const rows = [2][3]f32{ .{ 1, 2, 3 }, .{ 4, 5, 6 } };
    try support.expectOutput(&plus_one, try ready.executable.callOne(ready.x));
    try support.expectOutput(&plus_one, try ready.executable.callOne(.{ready.x}));
    try support.expectOutput(&plus_one, try ready.executable.callOne(.{array}));
    try support.expectOutput(&plus_one, try ready.executable.callOne(.{&rows}));
    try testing.expectError(error.InvalidArgument, ready.executable.callOne(.{ ready.x, @as(f32, 1) }));
    try testing.expectError(error.InvalidArgument, ready.executable.callOne(.{@as([]const f32, &values)}));
}

test "more arguments and outputs than fit on the stack" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    var program = try pjrt.Program.fromBytesAs(.mlir, "fake.noop 100 70", &diagnostics);
    defer program.deinit();
    try testing.expectEqual(pjrt.Program.Format.mlir, program.kind());
    try testing.expectEqualStrings("fake.noop 100 70", program.data());
    try expectPrinted(program, "16");
    var executable = try client.compile(program, null);
    defer executable.deinit();
    var x = try client.scalar(f32, 1);
    defer x.deinit();
    const args: [100]pjrt.Buffer = @splat(x);
    var outputs: [70]pjrt.Buffer = undefined;
    try executable.execute(&args, &outputs, .{ .launch_id = 3, .call_location = "runs_test.zig" });
    for (&outputs) |*output| output.deinit();
}

test "runs without waiting, from a thread of the library, on arrays" {
    var ready: support.Ready = .{};
    try ready.init(support.add_one);
    defer ready.deinit();
    var context = try pjrt.ExecuteContext.init(ready.client.plugin());
    defer context.deinit();
    try testing.expectEqualStrings(ready.client.plugin().path(), context.plugin().path());
    try expectPrinted(context, "");
    var y: [1]pjrt.Buffer = undefined;
    var done = try ready.executable.executeAsync(&.{ready.x}, &y, .{ .launch = .pool, .context = context });
    defer done.deinit();
    try done.wait();
    try support.expectOutput(&plus_one, y[0]);

    var array = try pjrt.Array.fromSlice(f32, &values, &.{ 2, 3 }, &ready.diagnostics);
    defer array.deinit();
    var made: [1]pjrt.Array = undefined;
    var ended = try ready.executable.runAsync(&.{array}, &made);
    defer ended.deinit();
    defer made[0].deinit();
    try ended.wait();
    try testing.expectEqualSlices(f32, &plus_one, made[0].items(f32));
    var filled = try ready.executable.runIntoAsync(&.{made[0]}, &.{array}, .{});
    defer filled.deinit();
    try filled.wait();
    try testing.expectEqual(8, array.items(f32)[5]);
}

test "a run on each device, and where it was" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    var program = try pjrt.Program.fromBytes(support.add_one, &diagnostics);
    defer program.deinit();
    var options = try pjrt.CompileOptions.init(&diagnostics);
    defer options.deinit();
    var assignment = try pjrt.DeviceAssignment.init(2, 1, &.{ @enumFromInt(1), @enumFromInt(0) }, &diagnostics);
    defer assignment.deinit();
    try options.setAssignment(assignment);
    var of_options = try options.getAssignment();
    defer of_options.deinit();
    var bytes = try of_options.serialize();
    defer bytes.deinit();
    var again = try pjrt.DeviceAssignment.fromBytes(bytes.data(), &diagnostics);
    defer again.deinit();
    try testing.expectEqual(0, @intFromEnum(again.deviceId(.{ .replica = 1, .partition = 0 }).?));
    try testing.expectEqual(null, again.deviceId(.{ .replica = 2, .partition = 0 }));
    try testing.expectEqual(1, again.find(@enumFromInt(0)).?.replica);
    try testing.expectEqual(null, again.find(@enumFromInt(7)));
    try expectPrinted(again, "2");
    var executable = try client.compile(program, options);
    defer executable.deinit();
    try expectPrinted(executable, "add_one");
    try testing.expectEqual(1, (try executable.placeOf(1)).replica);
    var args: [2][1]pjrt.Buffer = undefined;
    for (&args, 0..) |*of_device, d| of_device[0] = try client.upload(f32, &values, &.{ 2, 3 }, .{ .device = executable.device(d) });
    defer for (&args) |*of_device| of_device[0].deinit();
    var outputs: [2][1]pjrt.Buffer = undefined;
    var done: [2]pjrt.Event = undefined;
    try executable.executePerDeviceAsync(&.{ &args[0], &args[1] }, &.{ &outputs[0], &outputs[1] }, .{}, &done);
    for (&done, outputs) |*event, of_device| {
        defer event.deinit();
        try event.wait();
        try support.expectOutput(&plus_one, of_device[0]);
    }
    try testing.expectError(error.InvalidArgument, executable.executePerDevice(&.{ &args[0], &.{} }, &.{ &outputs[0], &outputs[1] }, .{}));
    try testing.expectError(error.InvalidArgument, executable.executePerDevice(&.{&args[0]}, &.{}, .{}));
}

test "a prepared call" {
    var ready: support.Ready = .{};
    try ready.init(support.add_one);
    defer ready.deinit();
    var call = try pjrt.PreparedCall.init(ready.executable, .{});
    defer call.deinit();
    try expectPrinted(call, "add_one");
    try testing.expectEqual(1, call.numArgs());
    try testing.expectEqual(1, call.numOutputs());
    try testing.expectEqualStrings("add_one", call.executable().name());
    try testing.expectEqual(null, call.output(0));
    try testing.expectError(error.FailedPrecondition, call.run());
    try call.setArg(0, ready.x);
    try testing.expectEqual(ready.x.handle, call.arg(0).?.handle);
    try call.run();
    try call.setArg(0, call.output(0));
    var done = try call.runAsync();
    defer done.deinit();
    try done.wait();
    try support.expectContents(&.{ 3, 4, 5, 6, 7, 8 }, call.output(0).?);
    try testing.expectError(error.InvalidArgument, call.setArg(1, ready.x));
}

const talks =
    \\module @talks {
    \\  func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
    \\    %0 = stablehlo.create_token : !stablehlo.token
    \\    %1 = stablehlo.add %arg0, %arg0 {mhlo.frontend_attributes = {_xla_tag = "42"}} : tensor<2x3xf32>
    \\    %2 = "stablehlo.send"(%1, %0) <{channel_handle = #stablehlo.channel_handle<handle = 5, type = 2>, is_host_transfer = true}> : (tensor<2x3xf32>, !stablehlo.token) -> !stablehlo.token
    \\    %3:2 = "stablehlo.recv"(%2) <{channel_handle = #stablehlo.channel_handle<handle = 6, type = 3>, is_host_transfer = true}> : (!stablehlo.token) -> (tensor<2x3xf32>, !stablehlo.token)
    \\    %4 = stablehlo.add %3#0, %arg0 : tensor<2x3xf32>
    \\    return %4 : tensor<2x3xf32>
    \\  }
    \\}
;

const Host = struct {
    answer: [6]f32 = .{ 10, 20, 30, 40, 50, 60 },
    sent: [6]f32 = undefined,
    shown: [6]f32 = undefined,
    released: u32 = 0,
    refuses: bool = false,
    stream: ?pjrt.CopyStream = null,

    fn take(self: *Host, info: pjrt.TransferInfo, chunk: pjrt.Chunk) pjrt.Error!void {
        if (self.refuses) return error.ResourceExhausted;
        if (info.channel_id != 5 or !info.is_last or info.total_bytes != chunk.data().len) return error.Internal;
        @memcpy(std.mem.sliceAsBytes(&self.sent), chunk.data());
    }

    fn feed(self: *Host, info: pjrt.TransferInfo, stream: pjrt.CopyStream) pjrt.Error!void {
        if (stream.totalBytes() != info.total_bytes or stream.granuleBytes() == 0) return error.Internal;
        const content = std.mem.sliceAsBytes(&self.answer);
        var first = try pjrt.Chunk.wrap(content[0..12], .of(Host, self, release), null);
        defer first.deinit();
        var added = try stream.addChunkAsync(first);
        added.deinit();
        self.stream = stream.keep();
        const rest = std.Thread.spawn(.{}, finish, .{self}) catch return error.ResourceExhausted;
        rest.detach();
    }

    /// Outside of the handler, where waiting is allowed.
    fn finish(self: *Host) void {
        self.feedRest() catch @panic("the rest could not be sent");
    }

    fn feedRest(self: *Host) !void {
        var stream = self.stream.?;
        defer stream.deinit();
        if (try stream.currentBytes() != 12) return error.Internal;
        var second = try pjrt.Chunk.copy(std.mem.sliceAsBytes(self.answer[3..]), null);
        defer second.deinit();
        var line: [256]u8 = undefined;
        var text: std.Io.Writer = .fixed(&line);
        text.print("{f}, {f}", .{ second, stream }) catch return error.OutOfRange;
        if (text.end < 4) return error.Internal;
        try stream.addChunk(second);
    }

    fn release(self: *Host) void {
        self.released += 1;
    }

    fn look(self: *Host, info: pjrt.OutputInfo) void {
        if (info.callback_id == 42 and info.dtype == .f32 and info.dims.len == 2) @memcpy(std.mem.sliceAsBytes(&self.shown), info.data);
    }
};

test "handlers of a program that sends, receives and shows" {
    var ready: support.Ready = .{};
    try ready.init(talks);
    defer ready.deinit();
    var host: Host = .{};
    var y: [1]pjrt.Buffer = undefined;
    {
        var handlers = try pjrt.Handlers.init(null, &ready.diagnostics);
        defer handlers.deinit();
        try handlers.addSend(5, Host, &host, Host.take);
        try handlers.addReceive(6, Host, &host, Host.feed);
        try handlers.addOutput(42, 1, Host, &host, Host.look);
        try testing.expectError(error.InvalidArgument, handlers.addSend(5, Host, &host, Host.take));
        try expectPrinted(handlers, "1");
        try ready.executable.execute(&.{ready.x}, &y, .{ .handlers = handlers });
        try support.expectOutput(&.{ 11, 22, 33, 44, 55, 66 }, y[0]);
        host.refuses = true;
        try testing.expectError(error.ResourceExhausted, ready.executable.execute(&.{ready.x}, &y, .{ .handlers = handlers }));
    }
    const doubled = [6]f32{ 2, 4, 6, 8, 10, 12 };
    try testing.expectEqualSlices(f32, &doubled, &host.sent);
    try testing.expectEqualSlices(f32, &doubled, &host.shown);
    try testing.expectEqual(1, host.released);
}

fn serve(queue: pjrt.RequestQueue, answer: []const u8, shown: *[6]f32) void {
    var ids: [4]u64 = undefined;
    while (queue.next(-1, &ids)) |taken| {
        for (taken) |id| {
            const content: []const u8 = if (queue.kind(id) == .receive) answer else "";
            if (queue.kind(id) != .receive and queue.data(id).len != 24) @panic("not the whole array");
            if (queue.kind(id) == .output) shown.* = @bitCast(queue.data(id)[0..24].*);
            queue.answer(id, content) catch @panic("a request could not be answered");
        }
    } else |_| {}
}

test "a program's sends, receives and results as requests" {
    var ready: support.Ready = .{};
    try ready.init(talks);
    defer ready.deinit();
    var queue = try pjrt.RequestQueue.init(&ready.diagnostics);
    defer queue.deinit();
    try expectPrinted(queue, "");
    const answer = [6]f32{ 10, 20, 30, 40, 50, 60 };
    var shown: [6]f32 = undefined;
    const server = try std.Thread.spawn(.{}, serve, .{ pjrt.RequestQueue{ .handle = queue.handle }, std.mem.sliceAsBytes(&answer), &shown });
    defer server.join();
    defer queue.close();
    var handlers = try pjrt.Handlers.init(null, &ready.diagnostics);
    defer handlers.deinit();
    try handlers.addSendRequests(5, queue);
    try handlers.addReceiveRequests(6, queue);
    try handlers.addOutputRequests(42, 1, queue);
    try testing.expectError(error.InvalidArgument, handlers.addOutputRequests(42, 1, queue));
    var y: [1]pjrt.Buffer = undefined;
    try ready.executable.execute(&.{ready.x}, &y, .{ .handlers = handlers });
    try support.expectOutput(&.{ 11, 22, 33, 44, 55, 66 }, y[0]);
    try testing.expectEqualSlices(f32, &.{ 2, 4, 6, 8, 10, 12 }, &shown);
}

test "transfers in pieces" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    const shapes: [4]pjrt.TransferShape = @splat(.{ .dtype = .f32, .dims = &.{ 2, 3 } });
    var manager = try pjrt.TransferManager.init(client, &shapes, null);
    defer manager.deinit();
    try expectPrinted(manager, "4");
    try testing.expectEqual(4, manager.numBuffers());
    try testing.expectEqual(24, try manager.bufferSize(3));
    try testing.expectEqual(client.addressableDevice(0).id(), manager.device().?.id());
    var buffers: [4]pjrt.Buffer = undefined;
    for (&buffers, 0..) |*buffer, index| buffer.* = try manager.retrieve(index);
    defer for (&buffers) |*buffer| buffer.deinit();
    try testing.expectError(error.FailedPrecondition, manager.retrieve(0));
    var metadata = try pjrt.NamedValues.init(&diagnostics);
    defer metadata.deinit();
    try metadata.set("name", .{ .string = "weights" });
    try manager.addMetadata(metadata);

    const bytes = std.mem.sliceAsBytes(&values);
    try manager.write(0, bytes[12..], 12);
    try testing.expectEqual(24, (try manager.progress(0)).bytes_total);
    var events: [3]pjrt.Event = undefined;
    events[0] = try manager.writeAsync(0, bytes[0..12], 0);
    try manager.transferData(1, bytes[0..8], 0, false);
    events[1] = try manager.transferDataAsync(1, bytes[8..], 8, true);
    events[2] = try manager.transferLiteralAsync(2, bytes, null);
    for (&events) |*event| {
        defer event.deinit();
        try event.wait();
    }
    try testing.expectError(error.FailedPrecondition, manager.transferLiteral(2, bytes, null));
    var lost = pjrt.Failure.init(error.DataLoss, "torn");
    defer lost.deinit();
    try manager.setBufferError(3, lost);
    for (buffers[0..3]) |buffer| try support.expectContents(&values, buffer);
    var into: [6]f32 = undefined;
    try testing.expectError(error.DataLoss, buffers[3].read(f32, &into));
}

fn note(states: *u32, state: pjrt.TransferState) void {
    if (state.bytes_total == 48 and state.num_buffers == 2 and state.bytes_done <= 48) states.* += 1;
}

test "several arrays moved in one call" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    var array = try pjrt.Array.fromSlice(f32, &values, &.{ 2, 3 }, &diagnostics);
    defer array.deinit();
    var states: u32 = 0;
    var buffers: [2]pjrt.Buffer = undefined;
    try pjrt.transferAll(client, &.{ array, array }, &buffers, .{ .piece_size = 8, .progress = .of(u32, &states, note) });
    try testing.expectEqual(6, states);
    for (buffers) |buffer| try support.expectOutput(&values, buffer);
    var done = try pjrt.transferAllAsync(client, &.{ array, array }, &buffers, .{ .device = client.addressableDevice(1) });
    defer done.deinit();
    try done.wait();
    for (buffers) |buffer| try support.expectOutput(&values, buffer);
}
