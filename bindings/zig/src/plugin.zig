//! Plugins.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const NamedValues = @import("named_values.zig").NamedValues;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

pub const PluginOptions = struct {
    /// 64 hex digits that the file must have.
    sha256: ?[:0]const u8 = null,
    /// Folders that are looked at first for a bare name.
    search_paths: []const [*:0]const u8 = &.{},

    pub fn raw(self: PluginOptions) c.pje_plugin_options {
        var options = std.mem.zeroes(c.pje_plugin_options);
        options.struct_size = @sizeOf(c.pje_plugin_options);
        if (self.sha256) |digits| options.sha256 = digits.ptr;
        options.search_paths = @ptrCast(self.search_paths.ptr);
        options.num_search_paths = self.search_paths.len;
        return options;
    }
};

/// A plugin: loaded once per process, never unloaded.
pub const Plugin = struct {
    handle: *c.pje_plugin,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Plugin, c.pje_plugin_describe);

    /// A name such as "cpu", or a path.
    pub fn load(name_or_path: [:0]const u8, options: PluginOptions, diagnostics: ?*Diagnostics) Error!Plugin {
        const settings = options.raw();
        const handle = try make(c.pje_plugin, diagnostics, c.pje_plugin_load, .{ name_or_path.ptr, &settings });
        return .{ .handle = handle, .diagnostics = diagnostics };
    }

    /// A `const PJRT_Api *` that the program already has; it must live as long as the process.
    pub fn fromApi(table: *const anyopaque, diagnostics: ?*Diagnostics) Error!Plugin {
        const handle = try make(c.pje_plugin, diagnostics, c.pje_plugin_from_api, .{table});
        return .{ .handle = handle, .diagnostics = diagnostics };
    }

    pub fn deinit(self: *Plugin) void {
        c.pje_plugin_release(self.handle);
        self.* = undefined;
    }

    pub fn path(self: Plugin) [:0]const u8 {
        return std.mem.span(c.pje_plugin_path(self.handle));
    }

    /// The plugin's own `const PJRT_Api *`.
    pub fn api(self: Plugin) *const anyopaque {
        return c.pje_plugin_api(self.handle).?;
    }

    pub fn apiMajor(self: Plugin) i32 {
        return c.pje_plugin_api_major(self.handle);
    }

    pub fn apiMinor(self: Plugin) i32 {
        return c.pje_plugin_api_minor(self.handle);
    }

    /// A function by PJRT's name, such as "PJRT_Buffer_Bitcast".
    pub fn hasFunction(self: Plugin, name: [:0]const u8) bool {
        return c.pje_plugin_has_function(self.handle, name.ptr);
    }

    /// An extension by PJRT's number.
    pub fn hasExtension(self: Plugin, kind: i32) bool {
        return c.pje_plugin_has_extension(self.handle, kind);
    }

    /// Extensions of unknown kinds included.
    pub fn numExtensions(self: Plugin) usize {
        return c.pje_plugin_num_extensions(self.handle);
    }

    pub const Extension = struct { kind: i32, name: [:0]const u8, struct_size: usize };

    pub fn extension(self: Plugin, index: usize) ?Extension {
        var kind: i32 = 0;
        var name: [*c]const u8 = null;
        var size: usize = 0;
        if (!c.pje_plugin_extension(self.handle, index, &kind, &name, &size)) return null;
        return .{ .kind = kind, .name = std.mem.span(name), .struct_size = size };
    }

    /// What the plugin made of an extension, for programs that know its kind.
    pub fn rawExtension(self: Plugin, kind: i32) ?*const anyopaque {
        return c.pje_plugin_raw_extension(self.handle, kind);
    }

    /// Borrowed: do not `deinit`.
    pub fn attributes(self: Plugin) NamedValues {
        return .{ .handle = @constCast(c.pje_plugin_attributes(self.handle).?), .diagnostics = self.diagnostics };
    }
};

/// Number of functions in the newest table that the library knows.
pub fn numFunctions() usize {
    return c.pje_num_functions();
}

/// Name of a function of that table; "" behind its end.
pub fn functionName(index: usize) [:0]const u8 {
    return std.mem.span(c.pje_function_name(index));
}
