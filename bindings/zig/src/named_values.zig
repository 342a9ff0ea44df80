//! Names with values: options and attributes.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// Names with values of five kinds: options and attributes.
pub const NamedValues = struct {
    handle: *c.pje_named_values,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(NamedValues, c.pje_named_values_describe);

    pub const Kind = enum(c_int) { string = 0, int64 = 1, int64_list = 2, float = 3, bool = 4, _ };
    pub const Value = union(enum) {
        string: [:0]const u8,
        int64: i64,
        int64_list: []const i64,
        float: f32,
        bool: bool,
    };

    pub fn init(diagnostics: ?*Diagnostics) Error!NamedValues {
        return .{ .handle = try make(c.pje_named_values, diagnostics, c.pje_named_values_create, .{}), .diagnostics = diagnostics };
    }

    pub fn deinit(self: *NamedValues) void {
        c.pje_named_values_release(self.handle);
        self.* = undefined;
    }

    /// A set of the same values, which can be changed even where this one is lent. The caller's to `deinit`.
    pub fn copy(self: NamedValues) Error!NamedValues {
        return .{ .handle = try make(c.pje_named_values, self.diagnostics, c.pje_named_values_copy, .{self.handle}), .diagnostics = self.diagnostics };
    }

    pub fn set(self: NamedValues, name: [:0]const u8, value: Value) Error!void {
        try check(self.diagnostics, switch (value) {
            .string => |text| c.pje_named_values_set_string(self.handle, name.ptr, text.ptr),
            .int64 => |number| c.pje_named_values_set_int64(self.handle, name.ptr, number),
            .int64_list => |list| c.pje_named_values_set_int64_list(self.handle, name.ptr, list.ptr, list.len),
            .float => |number| c.pje_named_values_set_float(self.handle, name.ptr, number),
            .bool => |truth| c.pje_named_values_set_bool(self.handle, name.ptr, truth),
        });
    }

    pub fn count(self: NamedValues) usize {
        return c.pje_named_values_count(self.handle);
    }

    pub fn nameOf(self: NamedValues, index: usize) [:0]const u8 {
        return std.mem.span(c.pje_named_values_name(self.handle, index));
    }

    pub fn kindOf(self: NamedValues, index: usize) Kind {
        return @enumFromInt(@as(c_int, @intCast(c.pje_named_values_kind(self.handle, index))));
    }

    /// Index of a name, or null.
    pub fn find(self: NamedValues, name: [:0]const u8) ?usize {
        const index = c.pje_named_values_find(self.handle, name.ptr);
        return if (index == std.math.maxInt(usize)) null else index;
    }

    /// The value of a name, or null when there is none. Borrowed from the set.
    pub fn lookup(self: NamedValues, name: [:0]const u8) Error!?Value {
        return if (self.find(name)) |index| try self.get(index) else null;
    }

    /// Borrowed from the set.
    pub fn get(self: NamedValues, index: usize) Error!Value {
        switch (self.kindOf(index)) {
            .string => {
                var text: [*c]const u8 = null;
                try check(self.diagnostics, c.pje_named_values_get_string(self.handle, index, &text));
                return .{ .string = std.mem.span(text) };
            },
            .int64 => {
                var number: i64 = 0;
                try check(self.diagnostics, c.pje_named_values_get_int64(self.handle, index, &number));
                return .{ .int64 = number };
            },
            .int64_list => {
                var list: [*c]const i64 = null;
                var size: usize = 0;
                try check(self.diagnostics, c.pje_named_values_get_int64_list(self.handle, index, &list, &size));
                return .{ .int64_list = list[0..size] };
            },
            .float => {
                var number: f32 = 0;
                try check(self.diagnostics, c.pje_named_values_get_float(self.handle, index, &number));
                return .{ .float = number };
            },
            else => {
                var truth = false;
                try check(self.diagnostics, c.pje_named_values_get_bool(self.handle, index, &truth));
                return .{ .bool = truth };
            },
        }
    }
};
