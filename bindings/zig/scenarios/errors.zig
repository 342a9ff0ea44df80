//! Errors: whose they are, their codes, and what works after them.

const std = @import("std");
const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "error_every_code", everyCode },
    .{ "error_bad_program", badProgram },
    .{ "error_no_such_file", noSuchFile },
    .{ "error_no_such_plugin", noSuchPlugin },
    .{ "error_unknown_option", unknownOption },
    .{ "error_empty_program", emptyProgram },
    .{ "error_argument_count", argumentCount },
    .{ "error_argument_dtype", argumentDtype },
    .{ "error_argument_dims", argumentDims },
    .{ "error_several_devices", severalDevices },
    .{ "error_short_host_data", refusedUpload },
    .{ "error_strides_leave_memory", refusedUpload },
    .{ "error_negative_dimension", refusedUpload },
    .{ "error_foreign_buffer", foreignBuffer },
    .{ "error_no_such_device", noSuchDevice },
    .{ "error_compile_options", compileOptions },
    .{ "error_injected", injected },
    .{ "error_late", late },
    .{ "error_of_an_input", ofAnInput },
    .{ "error_unknown_code", unknownCode },
    .{ "error_payload", payload },
    .{ "error_missing_function", missingFunction },
    .{ "error_out_of_memory", outOfMemory },
    .{ "use_after_close", useAfterClose },
};

fn everyCode(r: *Request) !void {
    const message = try r.text("message");
    var codes: [16]u32 = undefined;
    var messages = true;
    for (pjrt.all_errors, &codes) |code, *number| {
        var failure = pjrt.Failure.init(code, message);
        defer failure.deinit();
        number.* = pjrt.codeOf(failure.code());
        messages = messages and std.mem.find(u8, failure.detail(), message) != null;
    }
    try r.put("codes", codes);
    try r.put("messages", messages);
}

fn badProgram(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    try r.putFailure(r.compile(client, null));
    try r.put("one_line", std.mem.findScalar(u8, r.diagnostics.message(), '\n') == null);
}

fn noSuchFile(r: *Request) !void {
    try r.putFailure(pjrt.Program.fromFile(try r.text("path"), r.diagnostics));
}

fn noSuchPlugin(r: *Request) !void {
    try r.putCode("path", pjrt.Client.open(try r.text("path"), .{}));
    try r.putCode("name", pjrt.Client.open(try r.text("plugin_name"), .{}));
}

fn unknownOption(r: *Request) !void {
    var values = try pjrt.NamedValues.init(r.diagnostics);
    defer values.deinit();
    try values.set(try r.text("option"), .{ .int64 = 1 });
    try r.putFailure(pjrt.Client.open(r.plugin, .{ .values = values, .diagnostics = r.diagnostics }));
}

fn emptyProgram(r: *Request) !void {
    try r.putCode("code", pjrt.Program.fromBytes("", r.diagnostics));
}

/// Executes with one argument, which must be refused.
fn putRefusal(r: *Request, client: pjrt.Client, options: ?pjrt.CompileOptions, argument: pjrt.Buffer) !void {
    var executable = try r.compile(client, options);
    defer executable.deinit();
    var outputs: [2]pjrt.Buffer = undefined;
    try r.putCode("code", executable.execute(&.{argument}, outputs[0..executable.numOutputs()], .{}));
}

fn argumentCount(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var x = try r.upload(client, "x");
    defer x.deinit();
    try putRefusal(r, client, null, x);
}

fn argumentDtype(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var x = try client.upload(i32, &.{ 1, 2, 3, 4 }, &.{4}, .{});
    defer x.deinit();
    try putRefusal(r, client, null, x);
}

fn uploadAsAsked(r: *Request, client: pjrt.Client) !pjrt.Buffer {
    const strides = if (r.has("strides")) try r.numbers(i64, "strides") else null;
    return client.upload(f32, try r.floats("x"), try r.numbers(i64, "dims"), .{ .byte_strides = strides });
}

fn argumentDims(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var x = try uploadAsAsked(r, client);
    defer x.deinit();
    try putRefusal(r, client, null, x);
}

fn severalDevices(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var options = try r.replicas();
    defer options.deinit();
    var x = try r.upload(client, "x");
    defer x.deinit();
    try putRefusal(r, client, options, x);
}

fn refusedUpload(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    try r.putCode("code", @as(anyerror!pjrt.Buffer, uploadAsAsked(r, client)));
}

fn foreignBuffer(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    var other = try r.open();
    defer other.deinit();
    var x = try r.upload(other, "x");
    defer x.deinit();
    try putRefusal(r, client, null, x);
}

fn noSuchDevice(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    try r.putCode("missing", client.lookupDevice(@enumFromInt(@as(i32, @intCast(try r.int("id"))))));
    const found = try client.lookupDevice(@enumFromInt(1));
    try r.put("found", @intFromEnum(found.id()));
}

fn compileOptions(r: *Request) !void {
    var options = try pjrt.CompileOptions.init(r.diagnostics);
    defer options.deinit();
    try r.putCode("replicas", options.set(.num_replicas, 0));
    try r.putCode("field", options.isSet(try r.text("field")));
}

fn injected(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.upload(ready.client, "x");
    defer x.deinit();
    try r.putFailure(common.executeOne(ready.executable, x));
    try r.putText();
    var y = try common.executeOne(ready.executable, x);
    defer y.deinit();
    try r.putContents("y", y);
}

fn late(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var x = try r.upload(ready.client, "x");
    defer x.deinit();
    var y: [1]pjrt.Buffer = undefined;
    var done = try ready.executable.executeAsync(&.{x}, &y, .{});
    defer done.deinit();
    defer y[0].deinit();
    try r.putCode("wait", done.wait());
    try r.putCode("read", @as(anyerror!void, failingRead(r, y[0])));
}

fn failingRead(r: *Request, buffer: pjrt.Buffer) anyerror!void {
    _ = try r.contents(buffer);
}

fn ofAnInput(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    try r.putCode("read", uploadAndRead(r, client, try r.floats("x")));
}

/// Refused at once, or when the buffer is read.
fn uploadAndRead(r: *Request, client: pjrt.Client, values: []const f32) anyerror!void {
    var buffer = try common.uploadFloats(client, values);
    defer buffer.deinit();
    return failingRead(r, buffer);
}

fn unknownCode(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    try r.putCode("code", r.compile(client, null));
    try r.putText();
}

fn payload(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    try r.putCode("code", r.compile(client, null));
    const failure = r.diagnostics.failure.?;
    const keys = try r.arena.alloc([]const u8, failure.numPayloads());
    const values = try r.arena.alloc([]const u8, keys.len);
    for (keys, values, 0..) |*key, *value, index| {
        const of = failure.payload(index).?;
        key.* = of.key;
        value.* = of.data;
    }
    try r.put("keys", keys);
    try r.put("values", values);
}

fn missingFunction(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    try r.put("has", client.plugin().hasFunction("PJRT_Client_LookupDevice"));
    try r.putCode("code", client.lookupDevice(@enumFromInt(0)));
}

fn outOfMemory(r: *Request) !void {
    var client = try r.open();
    defer client.deinit();
    const large = try r.arena.alloc(f32, 1024);
    @memset(large, 0);
    try r.putCode("code", uploadAndRead(r, client, large));
    var x = try r.upload(client, "x");
    defer x.deinit();
    try r.putContents("y", x);
}

fn useAfterClose(r: *Request) !void {
    var program = try r.program();
    defer program.deinit();
    var ready = try Ready.init(r);
    var buffer = try r.upload(ready.client, "x");
    var x = try r.upload(ready.client, "x");
    const closed = .{ .client = ready.client, .executable = ready.executable, .buffer = buffer };
    buffer.deinit();
    var values: [64]f32 = undefined;
    try r.putCode("buffer", closed.buffer.read(f32, &values));
    ready.executable.deinit();
    try r.putCode("executable", common.executeOne(closed.executable, x));
    x.deinit();
    ready.client.deinit();
    try r.putCode("client", closed.client.compile(program, null));
}
