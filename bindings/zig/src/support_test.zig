//! What the tests of the binding share.

const std = @import("std");
const pjrt = @import("pjrt.zig");

pub const add_one =
    \\module @add_one {
    \\  func.func public @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    \\    %one = stablehlo.constant dense<1.0> : tensor<f32>
    \\    %ones = stablehlo.broadcast_in_dim %one, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
    \\    %0 = stablehlo.add %x, %ones : tensor<2x3xf32>
    \\    return %0 : tensor<2x3xf32>
    \\  }
    \\}
;

pub const values = [6]f32{ 1, 2, 3, 4, 5, 6 };
pub const plus_one = [6]f32{ 2, 3, 4, 5, 6, 7 };

pub fn fakePlugin() ![:0]const u8 {
    const path = pjrt.c.getenv("PJE_FAKE_PLUGIN") orelse {
        std.debug.print("PJE_FAKE_PLUGIN must name the fake plugin, libpjrt_fake.so\n", .{});
        return error.NoFakePlugin;
    };
    return std.mem.span(path);
}

pub fn open(diagnostics: ?*pjrt.Diagnostics) !pjrt.Client {
    return pjrt.Client.open(try fakePlugin(), .{ .device_count = 2, .diagnostics = diagnostics });
}

pub fn compile(client: pjrt.Client, text: []const u8) !pjrt.Executable {
    var program = try pjrt.Program.fromBytes(text, client.diagnostics);
    defer program.deinit();
    return client.compile(program, null);
}

/// The six values as a matrix of two rows.
pub fn matrix(client: pjrt.Client) !pjrt.Buffer {
    return client.upload(f32, &values, &.{ 2, 3 }, .{});
}

/// A client, a program, and the six values as its argument.
pub const Ready = struct {
    diagnostics: pjrt.Diagnostics = .{},
    client: pjrt.Client = undefined,
    executable: pjrt.Executable = undefined,
    x: pjrt.Buffer = undefined,

    /// In place, because all of them keep the address of the diagnostics.
    pub fn init(self: *Ready, text: []const u8) !void {
        self.client = try open(&self.diagnostics);
        errdefer self.client.deinit();
        self.executable = try compile(self.client, text);
        errdefer self.executable.deinit();
        self.x = try matrix(self.client);
    }

    pub fn deinit(self: *Ready) void {
        self.x.deinit();
        self.executable.deinit();
        self.client.deinit();
    }
};

pub fn expectContents(expected: []const f32, buffer: pjrt.Buffer) !void {
    const actual = try buffer.readAlloc(f32, std.testing.allocator);
    defer std.testing.allocator.free(actual);
    try std.testing.expectEqualSlices(f32, expected, actual);
}

pub fn expectOutput(expected: []const f32, given: pjrt.Buffer) !void {
    var buffer = given;
    defer buffer.deinit();
    try expectContents(expected, buffer);
}

/// That an object prints what the library says of it.
pub fn expectPrinted(object: anytype, part: []const u8) !void {
    const text = try std.fmt.allocPrint(std.testing.allocator, "{f}", .{object});
    defer std.testing.allocator.free(text);
    if (std.mem.find(u8, text, part) != null) return;
    std.debug.print("\"{s}\" does not hold \"{s}\"\n", .{ text, part });
    return error.OtherText;
}
