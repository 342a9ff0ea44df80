//! The main job: load, compile, run.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "version", version },
    .{ "plugin_load", pluginLoad },
    .{ "client_open", clientOpen },
    .{ "main_job", mainJob },
    .{ "program_from_text", programFromText },
    .{ "execute_one", executeOne },
    .{ "execute_nothing", executeNothing },
    .{ "execute_list", executeList },
    .{ "execute_mixed", executeMixed },
    .{ "execute_host_array", executeHostArray },
    .{ "execute_scalars", executeScalars },
    .{ "execute_chained", executeChained },
    .{ "execute_per_device", executePerDevice },
    .{ "execute_on_device", executeOnDevice },
    .{ "run_repeated", runRepeated },
    .{ "run_into", runInto },
    .{ "signature", signature },
    .{ "compile_options", compileOptions },
    .{ "threads", threads },
};

fn version(r: *Request) !void {
    try r.put("version_matches", pjrt.versionMatches() and std.mem.eql(u8, pjrt.version(), "0.1.0"));
    var names: [17][]const u8 = undefined;
    names[0] = pjrt.codeName(null);
    for (pjrt.all_errors, names[1..]) |code, *name| name.* = pjrt.codeName(code);
    try r.put("codes", names);
}

fn pluginLoad(r: *Request) !void {
    var plugin = try pjrt.Plugin.load(r.plugin, .{}, r.diagnostics);
    defer plugin.deinit();
    var again = try pjrt.Plugin.load(r.plugin, .{}, r.diagnostics);
    defer again.deinit();
    try r.put("major", plugin.apiMajor());
    try r.put("minor_known", plugin.apiMinor() >= 57);
    try r.put("has", plugin.hasFunction(try r.text("has")));
    try r.put("has_not", plugin.hasFunction(try r.text("has_not")));
    try r.put("same_path", std.mem.eql(u8, plugin.path(), again.path()));
    try r.put("attribute", plugin.attributes().find(try r.text("attribute")) != null);
}

fn clientOpen(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const ids = try r.arena.alloc(i32, client.numDevices());
    for (ids, 0..) |*id, index| id.* = @intFromEnum(client.device(index).id());
    try r.put("devices", ids.len);
    try r.put("addressable", client.numAddressableDevices());
    try r.put("process", @intFromEnum(client.processIndex()));
    try r.put("ids", ids);
}

fn mainJob(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.array();
    defer x.deinit();
    var y: [1]pjrt.Array = undefined;
    try ready.executable.run(&.{x}, &y);
    defer y[0].deinit();
    try r.put("y", y[0].constItems(f32));
}

fn programFromText(r: *Request) !void {
    const text = try std.Io.Dir.cwd().readFileAlloc(r.io, try r.text("program"), r.arena, .limited(1 << 16));
    var program = try pjrt.Program.fromBytes(text, r.diagnostics);
    defer program.deinit();
    try r.put("format", program.kind());
    var client = try r.open();
    defer client.deinit();
    var executable = try client.compile(program, null);
    defer executable.deinit();
    try common.putRun(r, client, executable);
}

fn executeOne(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    try common.putRun(r, ready.client, ready.executable);
    try r.put("outputs", ready.executable.numOutputs());
}

fn executeNothing(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var y = try ready.executable.callOne(.{});
    defer y.deinit();
    try r.put("y", try y.readAlloc(i32, r.arena));
}

fn executeList(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var args = [_]pjrt.Buffer{ try r.upload(ready.client, "a"), try r.upload(ready.client, "b") };
    defer common.releaseAll(&args);
    var outputs: [2]pjrt.Buffer = undefined;
    try ready.executable.execute(&args, &outputs, .{});
    defer common.releaseAll(&outputs);
    try r.putContents("sum", outputs[0]);
    try r.putContents("product", outputs[1]);
}

fn executeMixed(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.upload(ready.client, "x");
    defer x.deinit();
    const factor = (try r.floats("factor"))[0];
    var y = try ready.executable.callOne(.{ x, factor });
    defer y.deinit();
    try r.putContents("y", y);
}

fn executeHostArray(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var y = try ready.executable.callOne(.{@as([]const f32, try r.floats("x"))});
    defer y.deinit();
    try r.putContents("y", y);
}

fn executeScalars(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var y = try ready.executable.callOne(.{ (try r.floats("a"))[0], (try r.floats("b"))[0] });
    defer y.deinit();
    try r.put("y", try y.readScalar(f32));
    try r.put("rank", y.rank());
}

fn executeChained(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var state = try r.upload(ready.client, "x");
    defer state.deinit();
    for (0..try r.count("n")) |_| {
        var next: [1]pjrt.Buffer = undefined;
        try ready.executable.start(&.{state}, &next, .{});
        state.deinit();
        state = next[0];
    }
    try r.putContents("y", state);
}

fn executePerDevice(r: *Request) !void {
    var ready = try Ready.initReplicas(r);
    defer ready.deinit();
    var args: [4][1]pjrt.Buffer = undefined;
    var outputs: [4][1]pjrt.Buffer = undefined;
    for (&args, 0..) |*of_device, d| {
        const x = try r.floats("x");
        for (x) |*value| value.* += @floatFromInt(d);
        of_device[0] = try ready.client.upload(f32, x, &.{@intCast(x.len)}, .{ .device = ready.executable.device(d) });
    }
    defer for (&args) |*of_device| of_device[0].deinit();
    try ready.executable.executePerDevice(&.{ &args[0], &args[1], &args[2], &args[3] }, &.{ &outputs[0], &outputs[1], &outputs[2], &outputs[3] }, .{});
    defer for (&outputs) |*of_device| of_device[0].deinit();
    var y: [4][]f32 = undefined;
    for (&y, outputs) |*values, of_device| values.* = try r.contents(of_device[0]);
    try r.put("y", y);
}

fn executeOnDevice(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var options = try pjrt.CompileOptions.init(r.diagnostics);
    defer options.deinit();
    try options.set(.compile_portable_executable, true);
    var executable = try r.compile(client, options);
    defer executable.deinit();
    const device = client.addressableDevice(try r.count("device"));
    var outputs: [1]pjrt.Buffer = undefined;
    try executable.call(.{@as([]const f32, try r.floats("x"))}, &outputs, .{ .device = device });
    defer outputs[0].deinit();
    try r.putContents("y", outputs[0]);
    try r.put("device", @intFromEnum(outputs[0].device().?.id()));
}

fn runRepeated(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var state = try r.array();
    defer state.deinit();
    for (0..try r.count("n")) |_| {
        var next: [1]pjrt.Array = undefined;
        try ready.executable.run(&.{state}, &next);
        state.deinit();
        state = next[0];
    }
    try r.put("y", state.constItems(f32));
}

fn runInto(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.array();
    defer x.deinit();
    var y = try pjrt.Array.init(f32, x.dims(), r.diagnostics);
    defer y.deinit();
    try ready.executable.runInto(&.{x}, &.{y}, .{});
    try r.put("y", y.constItems(f32));
}

fn signature(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    const executable = ready.executable;
    const args = executable.numArgs().?;
    try r.put("name", executable.name());
    try r.put("args", args);
    try r.put("outputs", executable.numOutputs());
    try r.put("replicas", executable.numReplicas());
    try r.put("partitions", executable.numPartitions());
    try putTypes(r, executable, args, pjrt.Executable.argType, "arg_types", "arg_dims");
    try putTypes(r, executable, executable.numOutputs(), pjrt.Executable.outputType, "output_types", "output_dims");
    const donated = try r.arena.alloc(bool, args);
    for (donated, 0..) |*is, index| is.* = executable.argIsDonated(index);
    try r.put("donated", donated);
}

fn putTypes(r: *Request, executable: pjrt.Executable, count: usize, comptime typeOf: anytype, types_key: []const u8, dims_key: []const u8) !void {
    const names = try r.arena.alloc([]const u8, count);
    const dims = try r.arena.alloc([]const i64, count);
    for (names, dims, 0..) |*name, *sizes, index| {
        const of = typeOf(executable, index).?;
        name.* = of.dtype.name();
        sizes.* = of.dims;
    }
    try r.put(types_key, names);
    try r.put(dims_key, dims);
}

fn compileOptions(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var options = try r.replicas();
    defer options.deinit();
    try r.put("replicas", options.get(.num_replicas));
    try r.put("partitions", options.get(.num_partitions));
    var bytes = try options.serialize();
    defer bytes.deinit();
    try r.put("serialized", bytes.data().len > 0);
    var executable = try r.compile(client, options);
    defer executable.deinit();
    try r.put("executable_replicas", executable.numReplicas());
    try r.put("devices", executable.numDevices());
}

const Worker = struct {
    client: pjrt.Client,
    executable: pjrt.Executable,
    x: []const f32,
    wanted: usize,
    runs: usize = 0,
    sum: f32 = 0,
    outcome: anyerror!void = {},

    fn work(self: *Worker) void {
        self.outcome = self.run();
    }

    fn run(self: *Worker) !void {
        var x = try common.uploadFloats(self.client, self.x);
        defer x.deinit();
        while (self.runs < self.wanted) : (self.runs += 1) {
            var y = try common.executeOne(self.executable, x);
            defer y.deinit();
            var values: [64]f32 = undefined;
            try y.read(f32, &values);
            self.sum += values[0];
        }
    }
};

fn threads(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    const workers = try r.arena.alloc(Worker, try r.count("threads"));
    const running = try r.arena.alloc(std.Thread, workers.len);
    const executable: pjrt.Executable = .{ .handle = ready.executable.handle };
    for (workers, running) |*worker, *thread| {
        worker.* = .{ .client = ready.client.withDiagnostics(null), .executable = executable, .x = try r.floats("x"), .wanted = try r.count("n") };
        thread.* = try std.Thread.spawn(.{}, Worker.work, .{worker});
    }
    for (running) |thread| thread.join();
    var runs: usize = 0;
    var sum: f32 = 0;
    for (workers) |worker| {
        try worker.outcome;
        runs += worker.runs;
        sum += worker.sum;
    }
    try r.put("runs", runs);
    try r.put("sum", sum);
}
