//! Options of the compiler's backends and of its debugging, by name: methods of `CompileOptions`.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const Bytes = @import("bytes.zig").Bytes;
const CompileOptions = @import("compile_options.zig").CompileOptions;

const Error = errors.Error;
const check = errors.check;
const make = errors.make;

pub const Value = union(enum) { string: [:0]const u8, bool: bool, int64: i64, double: f64 };

/// Sets a debug option such as "xla_cpu_enable_fast_math" from text, read by the option's own kind.
pub fn setDebugOption(self: CompileOptions, name: [:0]const u8, text: [:0]const u8) Error!void {
    try check(self.diagnostics, c.pje_compile_options_set_debug_option(self.handle, name.ptr, text.ptr));
}

/// Likewise from a value of the option's kind.
pub fn setTypedDebugOption(self: CompileOptions, name: [:0]const u8, value: Value) Error!void {
    try check(self.diagnostics, switch (value) {
        .string => |text| c.pje_compile_options_set_debug_option_string(self.handle, name.ptr, text.ptr),
        .bool => |truth| c.pje_compile_options_set_debug_option_bool(self.handle, name.ptr, truth),
        .int64 => |number| c.pje_compile_options_set_debug_option_int64(self.handle, name.ptr, number),
        .double => |number| c.pje_compile_options_set_debug_option_double(self.handle, name.ptr, number),
    });
}

/// The value of a debug option as text; `error.NotFound` when the plugin's default holds.
pub fn debugOption(self: CompileOptions, name: [:0]const u8) Error!Bytes {
    return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_compile_options_get_debug_option, .{ self.handle, name.ptr }) };
}

/// Sets an option of the backend, whose name is the backend's own.
pub fn setOverride(self: CompileOptions, name: [:0]const u8, value: Value) Error!void {
    try check(self.diagnostics, switch (value) {
        .string => |text| c.pje_compile_options_set_override_string(self.handle, name.ptr, text.ptr),
        .bool => |truth| c.pje_compile_options_set_override_bool(self.handle, name.ptr, truth),
        .int64 => |number| c.pje_compile_options_set_override_int64(self.handle, name.ptr, number),
        .double => |number| c.pje_compile_options_set_override_double(self.handle, name.ptr, number),
    });
}

/// The value of an override; text is borrowed until the options change.
pub fn get(self: CompileOptions, name: [:0]const u8) Error!Value {
    switch (c.pje_compile_options_override_kind(self.handle, name.ptr)) {
        c.PJE_OVERRIDE_BOOL => {
            var truth = false;
            try check(self.diagnostics, c.pje_compile_options_get_override_bool(self.handle, name.ptr, &truth));
            return .{ .bool = truth };
        },
        c.PJE_OVERRIDE_INT64 => {
            var number: i64 = 0;
            try check(self.diagnostics, c.pje_compile_options_get_override_int64(self.handle, name.ptr, &number));
            return .{ .int64 = number };
        },
        c.PJE_OVERRIDE_DOUBLE => {
            var number: f64 = 0;
            try check(self.diagnostics, c.pje_compile_options_get_override_double(self.handle, name.ptr, &number));
            return .{ .double = number };
        },
        else => {
            var text: [*c]const u8 = null;
            try check(self.diagnostics, c.pje_compile_options_get_override_string(self.handle, name.ptr, &text));
            return .{ .string = std.mem.span(text) };
        },
    }
}

/// Takes an override, or a debug option, back.
pub fn remove(self: CompileOptions, name: [:0]const u8) Error!void {
    try check(self.diagnostics, c.pje_compile_options_remove_override(self.handle, name.ptr));
}

pub fn count(self: CompileOptions) usize {
    return c.pje_compile_options_num_overrides(self.handle);
}

pub fn nameOf(self: CompileOptions, index: usize) [:0]const u8 {
    return std.mem.span(c.pje_compile_options_override_name(self.handle, index));
}
