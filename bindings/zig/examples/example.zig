//! What the examples share: the plugin is their first argument, "cpu" without one, and errors are printed.

const std = @import("std");
const pjrt = @import("pjrt_easy");

pub const Run = fn (plugin: [:0]const u8, diagnostics: *pjrt.Diagnostics) anyerror!void;

pub fn main(comptime run: Run) fn (std.process.Init.Minimal) u8 {
    return struct {
        fn main(init: std.process.Init.Minimal) u8 {
            var arguments = init.args.iterate();
            _ = arguments.skip();
            var diagnostics: pjrt.Diagnostics = .{};
            run(arguments.next() orelse "cpu", &diagnostics) catch |failure| {
                std.debug.print("{s}: {s}\n", .{ @errorName(failure), diagnostics.message() });
                return 1;
            };
            return 0;
        }
    }.main;
}

/// Doubles four numbers.
pub const double =
    \\module @double {
    \\  func.func public @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    \\    %0 = stablehlo.add %x, %x : tensor<4xf32>
    \\    return %0 : tensor<4xf32>
    \\  }
    \\}
;

pub fn compile(client: pjrt.Client, text: []const u8, options: ?pjrt.CompileOptions) !pjrt.Executable {
    var program = try pjrt.Program.fromBytes(text, client.diagnostics);
    defer program.deinit();
    return client.compile(program, options);
}

/// Prints the contents of a buffer of four numbers, and demands what they are.
pub fn expect(wanted: [4]f32, buffer: pjrt.Buffer) !void {
    var got: [4]f32 = undefined;
    try buffer.read(f32, &got);
    std.debug.print("{any}\n", .{got});
    if (!std.mem.eql(f32, &wanted, &got)) return error.WrongResult;
}
