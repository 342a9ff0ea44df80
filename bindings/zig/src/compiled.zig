//! Compiled programs as such: made ahead of time, saved, asked about. They are on no device.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const pending = @import("pending.zig");
const plugins = @import("plugin.zig");
const Bytes = @import("bytes.zig").Bytes;
const Client = @import("client.zig").Client;
const CompileOptions = @import("compile_options.zig").CompileOptions;
const Executable = @import("executable.zig").Executable;
const NamedValues = @import("named_values.zig").NamedValues;
const Program = @import("program.zig").Program;
const Topology = @import("topology.zig").Topology;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// How to load bytes.
pub const LoadOptions = struct {
    /// That the bytes may run code in this process: they are refused otherwise.
    trusted: bool = false,
    /// Replace those in the bytes.
    compile_options: ?CompileOptions = null,

    pub fn raw(self: LoadOptions) c.pje_deserialize_options {
        var options = std.mem.zeroes(c.pje_deserialize_options);
        options.struct_size = @sizeOf(c.pje_deserialize_options);
        options.trusted = @intFromBool(self.trusted);
        if (self.compile_options) |some| options.compile_options = some.handle;
        return options;
    }
};

pub const Compiled = struct {
    handle: *c.pje_executable,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(Compiled, c.pje_executable_describe);

    /// Compiles for a topology of the plugin, without its hardware. A client's devices may serve for tuning.
    pub fn init(plugin: plugins.Plugin, topology: Topology, program: Program, options: ?CompileOptions, client: ?Client) Error!Compiled {
        const handle = try make(c.pje_executable, plugin.diagnostics, c.pje_compile, argumentsOf(plugin, topology, program, options, client));
        return .{ .handle = handle, .diagnostics = plugin.diagnostics };
    }

    /// On a thread of the library.
    pub fn initAsync(plugin: plugins.Plugin, topology: Topology, program: Program, options: ?CompileOptions, client: ?Client) Error!pending.Pending(Compiled) {
        return pending.start(Compiled, plugin.diagnostics, c.pje_compile_async, argumentsOf(plugin, topology, program, options, client));
    }

    const Arguments = struct { *c.pje_plugin, *c.pje_topology, *c.pje_program, ?*c.pje_compile_options, ?*c.pje_client };

    fn argumentsOf(plugin: plugins.Plugin, topology: Topology, program: Program, options: ?CompileOptions, client: ?Client) Arguments {
        return .{ plugin.handle, topology.handle, program.handle, if (options) |some| some.handle else null, if (client) |some| some.handle else null };
    }

    pub fn deinit(self: *Compiled) void {
        c.pje_executable_release(self.handle);
        self.* = undefined;
    }

    pub fn name(self: Compiled) [:0]const u8 {
        return std.mem.span(c.pje_executable_name(self.handle));
    }

    pub fn numReplicas(self: Compiled) usize {
        return c.pje_executable_num_replicas(self.handle);
    }

    pub fn numPartitions(self: Compiled) usize {
        return c.pje_executable_num_partitions(self.handle);
    }

    /// Results on each device.
    pub fn numOutputs(self: Compiled) usize {
        return c.pje_executable_num_outputs(self.handle);
    }

    pub fn outputType(self: Compiled, index: usize) ?Executable.Type {
        return Executable.typeOf(self.handle, c.pje_executable_output_type, index);
    }

    /// "" when the plugin does not tell.
    pub fn outputMemoryKind(self: Compiled, index: usize) [:0]const u8 {
        return std.mem.span(c.pje_executable_output_memory_kind(self.handle, index));
    }

    /// Null when the plugin does not tell.
    pub fn numParameters(self: Compiled) ?usize {
        const count = c.pje_executable_num_parameters(self.handle);
        return if (count == std.math.maxInt(usize)) null else count;
    }

    /// "" when the plugin does not tell.
    pub fn parameterMemoryKind(self: Compiled, index: usize) [:0]const u8 {
        return std.mem.span(c.pje_executable_parameter_memory_kind(self.handle, index));
    }

    /// Bytes of machine code; -1 or 0 where the plugin does not know.
    pub fn codeSize(self: Compiled) Error!i64 {
        var size: i64 = 0;
        try check(self.diagnostics, c.pje_executable_code_size(self.handle, &size));
        return size;
    }

    /// The same for the same program, options and compiler.
    pub fn fingerprint(self: Compiled) Error!Bytes {
        return self.bytes(c.pje_executable_fingerprint);
    }

    /// The program as the compiler left it.
    pub fn optimizedProgram(self: Compiled) Error!Program {
        return .{ .handle = try make(c.pje_program, self.diagnostics, c.pje_executable_optimized_program, .{self.handle}) };
    }

    /// What a run costs by the compiler's estimate, such as "flops".
    pub fn costAnalysis(self: Compiled) Error!NamedValues {
        return self.values(c.pje_executable_cost_analysis);
    }

    /// Memory that a run takes on each device, in bytes, such as "temp_size".
    pub fn memoryStats(self: Compiled) Error!NamedValues {
        return self.values(c.pje_executable_memory_stats);
    }

    /// The options that the program was compiled with.
    pub fn compileOptions(self: Compiled) Error!CompileOptions {
        return CompileOptions.wrap(self.diagnostics, c.pje_executable_compile_options, .{self.handle});
    }

    /// For `Client.deserialize` with the same plugin; tells whose it is.
    pub fn serialize(self: Compiled) Error!Bytes {
        return self.bytes(c.pje_executable_serialize);
    }

    pub fn serializeAsync(self: Compiled) Error!pending.Pending(Bytes) {
        return pending.start(Bytes, self.diagnostics, c.pje_executable_serialize_async, .{self.handle});
    }

    /// The plugin's own bytes, for `Client.deserializeRaw`.
    pub fn serializeRaw(self: Compiled) Error!Bytes {
        return self.bytes(c.pje_executable_serialize_raw);
    }

    pub fn serializeRawAsync(self: Compiled) Error!pending.Pending(Bytes) {
        return pending.start(Bytes, self.diagnostics, c.pje_executable_serialize_raw_async, .{self.handle});
    }

    fn bytes(self: Compiled, comptime function: anytype) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, function, .{self.handle}) };
    }

    fn values(self: Compiled, comptime function: anytype) Error!NamedValues {
        return .{ .handle = try make(c.pje_named_values, self.diagnostics, function, .{self.handle}), .diagnostics = self.diagnostics };
    }
};

/// What `Compiled.serialize` wrote in front of the plugin's bytes, such as "platform_name" and "api_minor".
pub fn serializedInfo(data: []const u8, diagnostics: ?*Diagnostics) Error!NamedValues {
    const handle = try make(c.pje_named_values, diagnostics, c.pje_serialized_executable_info, .{ data.ptr, data.len });
    return .{ .handle = handle, .diagnostics = diagnostics };
}
