//! Asynchrony: events, promises, completion queues.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "wait_for_run", waitForRun },
    .{ "completes_inside", waitForRun },
    .{ "wait_for_buffer", waitForBuffer },
    .{ "poll", poll },
    .{ "wait_with_timeout", waitWithTimeout },
    .{ "wait_given_up", waitGivenUp },
    .{ "promise", promise },
    .{ "promise_from_another_thread", promiseFromAnotherThread },
    .{ "event_all", eventAll },
    .{ "event_any", eventAny },
    .{ "event_all_of_nothing", allOfNothing },
    .{ "event_of_dropped_promise", droppedPromise },
    .{ "continuation", continuation },
    .{ "completion_queue", completionQueue },
    .{ "completion_queue_error", completionQueueError },
    .{ "many_pending_waits", manyPendingWaits },
    .{ "compile_given_up", compileGivenUp },
    .{ "request_queue", requestQueue },
};

/// One run that has been started and not waited for.
const Started = struct {
    ready: Ready,
    x: pjrt.Buffer,
    y: pjrt.Buffer,
    done: pjrt.Event,

    fn init(r: *Request) !Started {
        var ready = try Ready.init(r);
        errdefer ready.deinit();
        var x = try r.upload(ready.client, "x");
        errdefer x.deinit();
        var outputs: [1]pjrt.Buffer = undefined;
        const done = try ready.executable.executeAsync(&.{x}, &outputs, .{});
        return .{ .ready = ready, .x = x, .y = outputs[0], .done = done };
    }

    fn deinit(self: *Started) void {
        self.done.deinit();
        self.y.deinit();
        self.x.deinit();
        self.ready.deinit();
    }
};

fn waitForRun(r: *Request) !void {
    var run = try Started.init(r);
    defer run.deinit();
    try r.putCode("done", run.done.wait());
    try r.putContents("y", run.y);
}

fn waitForBuffer(r: *Request) !void {
    var run = try Started.init(r);
    defer run.deinit();
    var ready = try run.y.ready();
    defer ready.deinit();
    try r.putCode("ready", ready.wait());
    try r.putContents("y", run.y);
}

fn poll(r: *Request) !void {
    var run = try Started.init(r);
    defer run.deinit();
    try r.put("before", run.done.isReady());
    try r.putCode("done", run.done.wait());
    try r.put("after", run.done.isReady());
}

fn shortWait(r: *Request, event: pjrt.Event) pjrt.Error!void {
    const milliseconds = r.int("timeout_ms") catch return error.Internal;
    return event.waitFor(milliseconds * std.time.ns_per_ms);
}

fn waitWithTimeout(r: *Request) !void {
    var run = try Started.init(r);
    defer run.deinit();
    try r.putCode("first", shortWait(r, run.done));
    try r.putCode("second", run.done.wait());
    try r.putContents("y", run.y);
}

fn waitGivenUp(r: *Request) !void {
    var run = try Started.init(r);
    defer run.deinit();
    const first = if (shortWait(r, run.done)) "went on" else |failure| if (failure == error.DeadlineExceeded) "stopped" else "failed";
    try r.put("first", first);
    try r.putCode("second", run.done.wait());
    try r.putContents("y", run.y);
}

fn setWith(event: pjrt.Event, code: pjrt.Error) !void {
    var failure = pjrt.Failure.init(code, "as asked");
    defer failure.deinit();
    try event.set(failure);
}

fn promise(r: *Request) !void {
    var event = try pjrt.Event.promise(r.diagnostics);
    defer event.deinit();
    try r.put("before", event.isReady());
    try event.set(null);
    try r.put("after", event.isReady());
    try r.putCode("wait", event.wait());
    try r.putCode("again", event.set(null));
    var failing = try pjrt.Event.promise(r.diagnostics);
    defer failing.deinit();
    try setWith(failing, error.NotFound);
    try r.putCode("error", failing.wait());
}

fn promiseFromAnotherThread(r: *Request) !void {
    var event = try pjrt.Event.promise(r.diagnostics);
    defer event.deinit();
    const keeper = try std.Thread.spawn(.{}, keep, .{pjrt.Event{ .handle = event.handle }});
    defer keeper.join();
    try r.putCode("wait", event.wait());
}

fn keep(event: pjrt.Event) void {
    event.set(null) catch @panic("the promise could not be kept");
}

fn promises(comptime count: usize, diagnostics: ?*pjrt.Diagnostics) ![count]pjrt.Event {
    var events: [count]pjrt.Event = undefined;
    for (&events) |*event| event.* = try pjrt.Event.promise(diagnostics);
    return events;
}

fn eventAll(r: *Request) !void {
    var members = try promises(3, r.diagnostics);
    defer for (&members) |*member| member.deinit();
    var all = try pjrt.Event.all(&members, r.diagnostics);
    defer all.deinit();
    try setWith(members[2], error.Internal);
    try setWith(members[1], error.Aborted);
    try r.put("before", all.isReady());
    try members[0].set(null);
    try r.putCode("code", all.wait());
}

fn eventAny(r: *Request) !void {
    var members = try promises(3, r.diagnostics);
    defer for (&members) |*member| member.deinit();
    var index: usize = members.len;
    var any = try pjrt.Event.any(&members, &index, r.diagnostics);
    defer any.deinit();
    try members[1].set(null);
    try r.putCode("code", any.wait());
    try r.put("index", index);
    try members[0].set(null);
    try members[2].set(null);
}

fn allOfNothing(r: *Request) !void {
    var all = try pjrt.Event.all(&.{}, r.diagnostics);
    defer all.deinit();
    try r.put("ready", all.isReady());
}

fn droppedPromise(r: *Request) !void {
    var dropped = try pjrt.Event.promise(r.diagnostics);
    var all = try pjrt.Event.all(&.{dropped}, r.diagnostics);
    defer all.deinit();
    dropped.deinit();
    try r.putCode("code", all.wait());
}

const SecondRun = struct {
    first: *Started,
    z: [1]pjrt.Buffer = undefined,
    outcome: pjrt.Error!void = error.Unavailable,
    calls: std.atomic.Value(u32) = .init(0),

    fn run(self: *SecondRun) void {
        const executable: pjrt.Executable = .{ .handle = self.first.ready.executable.handle };
        self.outcome = executable.start(&.{self.first.y}, &self.z, .{});
        _ = self.calls.fetchAdd(1, .monotonic);
    }
};

fn continuation(r: *Request) !void {
    var run = try Started.init(r);
    defer run.deinit();
    var second: SecondRun = .{ .first = &run };
    var then = try run.done.then(SecondRun, &second, SecondRun.run);
    defer then.deinit();
    try then.wait();
    try second.outcome;
    defer second.z[0].deinit();
    try r.put("calls", second.calls.load(.monotonic));
    try r.put("y", try (pjrt.Buffer{ .handle = second.z[0].handle, .diagnostics = r.diagnostics }).readAlloc(f32, r.arena));
}

/// `n` runs in a queue under the tags 0 to n - 1: how often each came back well.
fn queuedRuns(r: *Request) ![]u32 {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.upload(ready.client, "x");
    defer x.deinit();
    var queue = try pjrt.CompletionQueue.init(r.diagnostics);
    defer queue.deinit();
    const good = try r.arena.alloc(u32, try r.count("n"));
    @memset(good, 0);
    for (0..good.len) |tag| {
        var y: [1]pjrt.Buffer = undefined;
        var done = try ready.executable.executeAsync(&.{x}, &y, .{});
        defer done.deinit();
        defer y[0].deinit();
        try queue.add(done, tag);
    }
    var batch: [16]pjrt.CompletionQueue.Completion = undefined;
    var taken: usize = 0;
    while (taken < good.len) {
        const some = try queue.next(-1, &batch);
        for (some) |completion| {
            try completion.outcome;
            good[completion.tag] += 1;
        }
        taken += some.len;
    }
    if ((try queue.next(0, &batch)).len != 0) return error.MoreCompletionsThanRuns;
    return good;
}

fn completionQueue(r: *Request) !void {
    var tags: std.ArrayList(usize) = .empty;
    for (try queuedRuns(r), 0..) |times, tag| {
        if (times == 1) try tags.append(r.arena, tag);
    }
    try r.put("tags", tags.items);
}

fn manyPendingWaits(r: *Request) !void {
    var once: usize = 0;
    for (try queuedRuns(r)) |times| once += @intFromBool(times == 1);
    try r.put("good", once);
}

fn completionQueueError(r: *Request) !void {
    var event = try pjrt.Event.promise(r.diagnostics);
    defer event.deinit();
    var queue = try pjrt.CompletionQueue.init(r.diagnostics);
    defer queue.deinit();
    try queue.add(event, 7);
    try setWith(event, error.Unavailable);
    var batch: [1]pjrt.CompletionQueue.Completion = undefined;
    const got = try queue.next(-1, &batch);
    try r.put("tag", got[0].tag);
    try r.putCode("code", got[0].outcome);
}

fn compileGivenUp(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var program = try r.program();
    defer program.deinit();
    {
        var given_up = try client.compileAsync(program, null);
        defer given_up.deinit();
        try r.putCode("first", shortWait(r, given_up.event));
    }
    var second = try client.compileAsync(program, null);
    defer second.deinit();
    var executable = try second.wait();
    defer executable.deinit();
    try common.putRun(r, client, executable);
}

fn serve(queue: pjrt.RequestQueue) void {
    var ids: [1]u64 = undefined;
    while (queue.next(-1, &ids)) |taken| {
        for (taken) |id| answer(queue, id) catch @panic("a request could not be answered");
    } else |_| {}
}

fn answer(queue: pjrt.RequestQueue, id: u64) !void {
    const key = try queue.values(id).?.lookup("key");
    if (std.mem.eql(u8, key.?.string, "known")) return queue.answer(id, "value");
    var refusal = pjrt.Failure.init(error.NotFound, "no such key");
    defer refusal.deinit();
    try queue.refuse(id, refusal);
}

fn ask(queue: pjrt.RequestQueue, key: [:0]const u8) !pjrt.Bytes {
    var values = try pjrt.NamedValues.init(queue.diagnostics);
    defer values.deinit();
    try values.set("key", .{ .string = key });
    return queue.ask(.user, values, "", -1);
}

fn requestQueue(r: *Request) !void {
    var queue = try pjrt.RequestQueue.init(r.diagnostics);
    defer queue.deinit();
    {
        const server = try std.Thread.spawn(.{}, serve, .{pjrt.RequestQueue{ .handle = queue.handle }});
        defer server.join();
        defer queue.close();
        var known = try ask(queue, "known");
        defer known.deinit();
        try r.put("known", known.data());
        try r.putCode("unknown", ask(queue, "unknown"));
    }
    try r.putCode("closed", ask(queue, "known"));
}
