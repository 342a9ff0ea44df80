//! What the library says of its objects, for `{f}`.

const std = @import("std");

/// The longest line that is printed; the library's are far shorter.
const longest = 4096;

/// A `format` that prints what a `pje_X_describe` says of the handle.
pub fn formatter(comptime T: type, comptime function: anytype) fn (T, *std.Io.Writer) std.Io.Writer.Error!void {
    return struct {
        fn format(self: T, writer: *std.Io.Writer) std.Io.Writer.Error!void {
            var line: [longest]u8 = undefined;
            const size = function(self.handle, &line, line.len);
            try writer.writeAll(line[0..@min(size, line.len - 1)]);
        }
    }.format;
}
