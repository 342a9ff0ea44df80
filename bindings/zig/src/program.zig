//! Programs before compilation.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const bytesAt = @import("bytes.zig").bytesAt;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const make = errors.make;

/// StableHLO text or bytecode, or a serialized HLO module.
pub const Program = struct {
    handle: *c.pje_program,

    pub const format = describe.formatter(Program, c.pje_program_describe);

    pub const Format = enum(c_int) { auto = 0, mlir = 1, hlo = 2, hlo_with_config = 3, _ };

    pub fn fromFile(path: [:0]const u8, diagnostics: ?*Diagnostics) Error!Program {
        return .{ .handle = try make(c.pje_program, diagnostics, c.pje_program_from_file, .{path.ptr}) };
    }

    /// The format is found out from the bytes, which are copied.
    pub fn fromBytes(bytes: []const u8, diagnostics: ?*Diagnostics) Error!Program {
        return fromBytesAs(.auto, bytes, diagnostics);
    }

    pub fn fromBytesAs(given: Format, bytes: []const u8, diagnostics: ?*Diagnostics) Error!Program {
        const number: c.pje_program_format = @intCast(@intFromEnum(given));
        return .{ .handle = try make(c.pje_program, diagnostics, c.pje_program_from_bytes, .{ number, bytes.ptr, bytes.len }) };
    }

    pub fn deinit(self: *Program) void {
        c.pje_program_release(self.handle);
        self.* = undefined;
    }

    /// The format that was given or found out.
    pub fn kind(self: Program) Format {
        return @enumFromInt(@as(c_int, @intCast(c.pje_program_get_format(self.handle))));
    }

    /// Borrowed.
    pub fn data(self: Program) []const u8 {
        return bytesAt(c.pje_program_data(self.handle), c.pje_program_size(self.handle));
    }
};
