//! What the scenarios share: the request, the reply, and steps that most of them take. See bindings/scenarios.md.

const std = @import("std");
const pjrt = @import("pjrt_easy");

pub const Request = struct {
    /// Ends with the reply.
    arena: std.mem.Allocator,
    io: std.Io,
    plugin: [:0]const u8,
    line: []const u8,
    reply: *std.json.Stringify,
    diagnostics: *pjrt.Diagnostics,

    pub fn name(self: *Request) []const u8 {
        return std.mem.sliceTo(self.line, '\t');
    }

    fn find(self: *Request, key: []const u8) ?[]const u8 {
        var fields = std.mem.splitScalar(u8, self.line, '\t');
        while (fields.next()) |field| {
            if (field.len > key.len and field[key.len] == '=' and std.mem.startsWith(u8, field, key)) return field[key.len + 1 ..];
        }
        return null;
    }

    pub fn has(self: *Request, key: []const u8) bool {
        return self.find(key) != null;
    }

    pub fn text(self: *Request, key: []const u8) ![:0]const u8 {
        const value = self.find(key) orelse return error.NoSuchInput;
        const copy = try self.arena.allocSentinel(u8, value.len, 0);
        @memcpy(copy, value);
        return copy;
    }

    pub fn int(self: *Request, key: []const u8) !i64 {
        return std.fmt.parseInt(i64, try self.text(key), 10);
    }

    pub fn count(self: *Request, key: []const u8) !usize {
        return std.fmt.parseInt(usize, try self.text(key), 10);
    }

    pub fn items(self: *Request, key: []const u8) !std.mem.TokenIterator(u8, .scalar) {
        return std.mem.tokenizeScalar(u8, try self.text(key), ' ');
    }

    /// A list of numbers.
    pub fn numbers(self: *Request, comptime T: type, key: []const u8) ![]T {
        var words = try self.items(key);
        var size: usize = 0;
        while (words.next() != null) size += 1;
        words.reset();
        const list = try self.arena.alloc(T, size);
        for (list) |*number| number.* = try parse(T, words.next().?);
        return list;
    }

    pub fn floats(self: *Request, key: []const u8) ![]f32 {
        return self.numbers(f32, key);
    }

    pub fn put(self: *Request, key: []const u8, value: anytype) !void {
        try self.reply.objectField(key);
        try self.reply.write(value);
    }

    /// The name of the code of what a call gave.
    pub fn putCode(self: *Request, key: []const u8, outcome: anytype) !void {
        try self.put(key, try codeOf(outcome));
    }

    /// What a call that must have failed said of it.
    pub fn putFailure(self: *Request, outcome: anytype) !void {
        try self.putCode("code", outcome);
        try self.put("function", self.diagnostics.function());
    }

    /// Whether the text of the last error holds the request's `text`.
    pub fn putText(self: *Request) !void {
        const failure = self.diagnostics.failure orelse return error.NothingFailed;
        try self.put("text", std.mem.find(u8, failure.detail(), try self.text("text")) != null);
    }

    pub fn open(self: *Request) !pjrt.Client {
        return pjrt.Client.open(self.plugin, .{ .device_count = try self.int("devices"), .diagnostics = self.diagnostics });
    }

    /// Without the option that sets the number of devices.
    pub fn openPlain(self: *Request) !pjrt.Client {
        return pjrt.Client.open(self.plugin, .{ .diagnostics = self.diagnostics });
    }

    pub fn program(self: *Request) !pjrt.Program {
        return pjrt.Program.fromFile(try self.text("program"), self.diagnostics);
    }

    pub fn compile(self: *Request, client: pjrt.Client, options: ?pjrt.CompileOptions) !pjrt.Executable {
        var source = try self.program();
        defer source.deinit();
        return client.compile(source, options);
    }

    /// Options for as many replicas as the request has.
    pub fn replicas(self: *Request) !pjrt.CompileOptions {
        var options = try pjrt.CompileOptions.init(self.diagnostics);
        errdefer options.deinit();
        try options.set(.num_replicas, try self.int("replicas"));
        return options;
    }

    /// The floats of a key as a buffer of rank 1.
    pub fn upload(self: *Request, client: pjrt.Client, key: []const u8) !pjrt.Buffer {
        return uploadFloats(client, try self.floats(key));
    }

    pub fn contents(self: *Request, buffer: pjrt.Buffer) ![]f32 {
        return buffer.readAlloc(f32, self.arena);
    }

    pub fn putContents(self: *Request, key: []const u8, buffer: pjrt.Buffer) !void {
        try self.put(key, try self.contents(buffer));
    }

    /// The floats `x` in the request's dimensions.
    pub fn array(self: *Request) !pjrt.Array {
        const values = try self.floats("x");
        const dims: []const i64 = if (self.has("dims")) try self.numbers(i64, "dims") else &.{@intCast(values.len)};
        return pjrt.Array.fromSlice(f32, values, dims, self.diagnostics);
    }
};

pub fn parse(comptime T: type, word: []const u8) !T {
    return if (@typeInfo(T) == .float) std.fmt.parseFloat(T, word) else std.fmt.parseInt(T, word, 10);
}

/// "OK", or the code of the error; other errors than the library's stay errors. An object that came instead of an error is
/// given back.
pub fn codeOf(outcome: anytype) ![:0]const u8 {
    var made = outcome catch |failure| {
        for (pjrt.all_errors) |known| {
            if (failure == known) return pjrt.codeName(known);
        }
        return failure;
    };
    const T = @TypeOf(made);
    if (@typeInfo(T) == .@"struct" and @hasDecl(T, "deinit")) made.deinit();
    return "OK";
}

pub fn uploadFloats(client: pjrt.Client, values: []const f32) !pjrt.Buffer {
    return client.upload(f32, values, &.{@intCast(values.len)}, .{});
}

/// One argument, one output, and waits.
pub fn executeOne(executable: pjrt.Executable, argument: pjrt.Buffer) !pjrt.Buffer {
    var outputs: [1]pjrt.Buffer = undefined;
    try executable.execute(&.{argument}, &outputs, .{});
    return outputs[0];
}

/// Runs `x` through an executable, and puts the result.
pub fn putRun(r: *Request, client: pjrt.Client, executable: pjrt.Executable) !void {
    var x = try r.upload(client, "x");
    defer x.deinit();
    var y = try executeOne(executable, x);
    defer y.deinit();
    try r.putContents("y", y);
}

/// A client with the request's program.
pub const Ready = struct {
    client: pjrt.Client,
    executable: pjrt.Executable,

    pub fn init(r: *Request) !Ready {
        var client = try r.open();
        errdefer client.deinit();
        return .{ .client = client, .executable = try r.compile(client, null) };
    }

    /// The program compiled for as many replicas as the request has.
    pub fn initReplicas(r: *Request) !Ready {
        var client = try r.open();
        errdefer client.deinit();
        var options = try r.replicas();
        defer options.deinit();
        return .{ .client = client, .executable = try r.compile(client, options) };
    }

    pub fn deinit(self: *Ready) void {
        self.executable.deinit();
        self.client.deinit();
    }
};

pub fn releaseAll(buffers: []pjrt.Buffer) void {
    for (buffers) |*buffer| buffer.deinit();
}
