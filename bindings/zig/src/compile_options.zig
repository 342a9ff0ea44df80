//! How to compile.

const std = @import("std");
const c = @import("c");
const errors = @import("errors.zig");
const describe = @import("describe.zig");
const types = @import("types.zig");
const bytes = @import("bytes.zig");
const overrides = @import("compile_overrides.zig");
const Bytes = bytes.Bytes;
const DeviceAssignment = @import("device_assignment.zig").DeviceAssignment;
const Layout = @import("layout.zig").Layout;

const Error = errors.Error;
const Diagnostics = errors.Diagnostics;
const check = errors.check;
const make = errors.make;

/// How hard the compiler tries.
pub const Effort = enum(i32) { unknown = 0, o0 = 9, o1 = 19, o2 = 29, o3 = 39, _ };
/// Precision of matrix units.
pub const Precision = enum(i32) { default = 0, high = 1, highest = 2, _ };

/// Every setting with one value: its type, its getter, its setter.
const fields = struct {
    const num_replicas = field(i64, c.pje_compile_options_get_num_replicas, c.pje_compile_options_set_num_replicas);
    const num_partitions = field(i64, c.pje_compile_options_get_num_partitions, c.pje_compile_options_set_num_partitions);
    const device_ordinal = field(i64, c.pje_compile_options_get_device_ordinal, c.pje_compile_options_set_device_ordinal);
    const use_spmd_partitioning = field(bool, c.pje_compile_options_get_use_spmd_partitioning, c.pje_compile_options_set_use_spmd_partitioning);
    const use_auto_spmd_partitioning = field(bool, c.pje_compile_options_get_use_auto_spmd_partitioning, c.pje_compile_options_set_use_auto_spmd_partitioning);
    const use_shardy_partitioner = field(bool, c.pje_compile_options_get_use_shardy_partitioner, c.pje_compile_options_set_use_shardy_partitioner);
    const process_index = field(i64, c.pje_compile_options_get_process_index, c.pje_compile_options_set_process_index);
    const process_count = field(i64, c.pje_compile_options_get_process_count, c.pje_compile_options_set_process_count);
    const allow_spmd_sharding_propagation_to_parameters = field([]const bool, c.pje_compile_options_get_allow_spmd_sharding_propagation_to_parameters, c.pje_compile_options_set_allow_spmd_sharding_propagation_to_parameters);
    const allow_spmd_sharding_propagation_to_output = field([]const bool, c.pje_compile_options_get_allow_spmd_sharding_propagation_to_output, c.pje_compile_options_set_allow_spmd_sharding_propagation_to_output);
    const auto_spmd_partitioning_mesh_shape = field([]const i64, c.pje_compile_options_get_auto_spmd_partitioning_mesh_shape, c.pje_compile_options_set_auto_spmd_partitioning_mesh_shape);
    const auto_spmd_partitioning_mesh_ids = field([]const i64, c.pje_compile_options_get_auto_spmd_partitioning_mesh_ids, c.pje_compile_options_set_auto_spmd_partitioning_mesh_ids);
    const serialized_multi_slice_config = field([]const u8, c.pje_compile_options_get_serialized_multi_slice_config, c.pje_compile_options_set_serialized_multi_slice_config);
    const optimization_level = field(Effort, c.pje_compile_options_get_optimization_level, c.pje_compile_options_set_optimization_level);
    const memory_fitting_level = field(Effort, c.pje_compile_options_get_memory_fitting_level, c.pje_compile_options_set_memory_fitting_level);
    const matrix_unit_operand_precision = field(Precision, c.pje_compile_options_get_matrix_unit_operand_precision, c.pje_compile_options_set_matrix_unit_operand_precision);
    const deduplicate_hlo = field(bool, c.pje_compile_options_get_deduplicate_hlo, c.pje_compile_options_set_deduplicate_hlo);
    const run_backend_only = field(bool, c.pje_compile_options_get_run_backend_only, c.pje_compile_options_set_run_backend_only);
    const alias_passthrough_params = field(bool, c.pje_compile_options_get_alias_passthrough_params, c.pje_compile_options_set_alias_passthrough_params);
    const parameter_is_tupled_arguments = field(bool, c.pje_compile_options_get_parameter_is_tupled_arguments, c.pje_compile_options_set_parameter_is_tupled_arguments);
    const compile_portable_executable = field(bool, c.pje_compile_options_get_compile_portable_executable, c.pje_compile_options_set_compile_portable_executable);
    const allow_in_place_mlir_modification = field(bool, c.pje_compile_options_get_allow_in_place_mlir_modification, c.pje_compile_options_set_allow_in_place_mlir_modification);
    const individually_defined_output_indices = field([]const i32, c.pje_compile_options_get_individually_defined_output_indices, c.pje_compile_options_set_individually_defined_output_indices);
    const device_memory_size = field(i64, c.pje_compile_options_get_device_memory_size, c.pje_compile_options_set_device_memory_size);
    const profile_version = field(i64, c.pje_compile_options_get_profile_version, c.pje_compile_options_set_profile_version);
    const fdo_profile = field([]const u8, c.pje_compile_options_get_fdo_profile, c.pje_compile_options_set_fdo_profile);
    const compiler_variant = field([:0]const u8, c.pje_compile_options_get_compiler_variant, c.pje_compile_options_set_compiler_variant);
    const check_arguments = field(bool, c.pje_compile_options_get_check_arguments, c.pje_compile_options_set_check_arguments);

    fn field(comptime T: type, comptime getter: anytype, comptime setter: anytype) type {
        return struct {
            const Value = T;
            const get = getter;
            const set = setter;
        };
    }
};

/// Settings whose value is a message of XLA's, as bytes or as text: getter, setter, setter of the text.
const messages = struct {
    const target_config = .{ c.pje_compile_options_get_target_config, c.pje_compile_options_set_target_config, c.pje_compile_options_set_target_config_text };
    const gpu_topology = .{ c.pje_compile_options_get_gpu_topology, c.pje_compile_options_set_gpu_topology, c.pje_compile_options_set_gpu_topology_text };
    const debug_options = .{ c.pje_compile_options_get_debug_options, c.pje_compile_options_set_debug_options, c.pje_compile_options_set_debug_options_text };
};

/// How to compile. One thread at a time.
pub const CompileOptions = struct {
    handle: *c.pje_compile_options,
    diagnostics: ?*Diagnostics = null,

    pub const format = describe.formatter(CompileOptions, c.pje_compile_options_describe);

    pub const setDebugOption = overrides.setDebugOption;
    pub const setTypedDebugOption = overrides.setTypedDebugOption;
    pub const debugOption = overrides.debugOption;
    pub const setOverride = overrides.setOverride;
    pub const override = overrides.get;
    pub const removeOverride = overrides.remove;
    pub const numOverrides = overrides.count;
    pub const overrideName = overrides.nameOf;

    /// One replica, one partition; everything else unset.
    pub fn init(diagnostics: ?*Diagnostics) Error!CompileOptions {
        return wrap(diagnostics, c.pje_compile_options_create, .{});
    }

    /// A serialized xla.CompileOptionsProto.
    pub fn fromBytes(data: []const u8, diagnostics: ?*Diagnostics) Error!CompileOptions {
        return wrap(diagnostics, c.pje_compile_options_from_bytes, .{ data.ptr, data.len });
    }

    pub fn copy(self: CompileOptions) Error!CompileOptions {
        return wrap(self.diagnostics, c.pje_compile_options_copy, .{self.handle});
    }

    pub fn wrap(diagnostics: ?*Diagnostics, comptime function: anytype, arguments: anytype) Error!CompileOptions {
        return .{ .handle = try make(c.pje_compile_options, diagnostics, function, arguments), .diagnostics = diagnostics };
    }

    pub fn deinit(self: *CompileOptions) void {
        c.pje_compile_options_release(self.handle);
        self.* = undefined;
    }

    /// Type of a setting's value, such as `i64` for `.num_replicas`.
    pub fn Value(comptime name: @TypeOf(.name)) type {
        return @field(fields, @tagName(name)).Value;
    }

    /// `options.set(.num_replicas, 2)`: the names are those of `pje_compile_options_set_…`. Lists and bytes are copied.
    pub fn set(self: CompileOptions, comptime name: @TypeOf(.name), value: Value(name)) Error!void {
        const setter = @field(fields, @tagName(name)).set;
        try check(self.diagnostics, switch (Value(name)) {
            i64, bool => setter(self.handle, value),
            Effort, Precision => setter(self.handle, @intCast(@intFromEnum(value))),
            [:0]const u8 => setter(self.handle, value.ptr),
            else => setter(self.handle, value.ptr, value.len),
        });
    }

    /// What is set, or the default. Lists, bytes and text are borrowed until the options change.
    pub fn get(self: CompileOptions, comptime name: @TypeOf(.name)) Value(name) {
        const getter = @field(fields, @tagName(name)).get;
        switch (Value(name)) {
            i64, bool => return getter(self.handle),
            Effort, Precision => return @enumFromInt(@as(i32, @intCast(getter(self.handle)))),
            [:0]const u8 => return std.mem.span(getter(self.handle)),
            else => {
                var size: usize = 0;
                const data = getter(self.handle, &size);
                if (Value(name) == []const u8) return bytes.bytesAt(data, size);
                return if (size == 0) &.{} else data[0..size];
            },
        }
    }

    /// Whether a setting has been set, by its name in `set` or in the message.
    pub fn isSet(self: CompileOptions, name: [:0]const u8) Error!bool {
        var truth = false;
        try check(self.diagnostics, c.pje_compile_options_is_set(self.handle, name.ptr, &truth));
        return truth;
    }

    pub fn clear(self: CompileOptions, name: [:0]const u8) Error!void {
        try check(self.diagnostics, c.pje_compile_options_clear(self.handle, name.ptr));
    }

    /// Sets `.target_config`, `.gpu_topology` or `.debug_options` from a serialized message.
    pub fn setMessage(self: CompileOptions, comptime name: @TypeOf(.name), data: []const u8) Error!void {
        try check(self.diagnostics, @field(messages, @tagName(name))[1](self.handle, data.ptr, data.len));
    }

    /// Likewise, from protobuf's text format.
    pub fn setMessageText(self: CompileOptions, comptime name: @TypeOf(.name), source: [:0]const u8) Error!void {
        try check(self.diagnostics, @field(messages, @tagName(name))[2](self.handle, source.ptr));
    }

    pub fn message(self: CompileOptions, comptime name: @TypeOf(.name)) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, @field(messages, @tagName(name))[0], .{self.handle}) };
    }

    /// Which devices run the program; sets the numbers of replicas and partitions too.
    pub fn setAssignment(self: CompileOptions, assignment: DeviceAssignment) Error!void {
        try check(self.diagnostics, c.pje_compile_options_set_assignment(self.handle, assignment.handle));
    }

    pub fn getAssignment(self: CompileOptions) Error!DeviceAssignment {
        return DeviceAssignment.wrap(self.diagnostics, c.pje_compile_options_get_assignment, .{self.handle});
    }

    /// A serialized xla.CompileOptionsProto.
    pub fn serialize(self: CompileOptions) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_compile_options_serialize, .{self.handle}) };
    }

    /// The message in protobuf's text format, for people.
    pub fn toText(self: CompileOptions) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_compile_options_to_text, .{self.handle}) };
    }

    /// Type of an argument or of the result, and its order of dimensions, the fastest varying first.
    pub const ArrayLayout = struct { dtype: types.Dtype, dims: []const i64, minor_to_major: []const i64 };

    /// The layout of the next argument; null leaves the order to the compiler.
    pub fn addArgumentLayout(self: CompileOptions, dtype: types.Dtype, dims: []const i64, order: ?Layout) Error!void {
        if (order) |layout| {
            return check(self.diagnostics, c.pje_compile_options_add_argument_with_layout(self.handle, dtype.raw(), dims.ptr, dims.len, layout.handle));
        }
        try check(self.diagnostics, c.pje_compile_options_add_argument_layout(self.handle, dtype.raw(), dims.ptr, dims.len, null));
    }

    /// A serialized xla.ShapeProto for the next argument.
    pub fn addArgumentLayoutBytes(self: CompileOptions, data: []const u8) Error!void {
        try check(self.diagnostics, c.pje_compile_options_add_argument_layout_bytes(self.handle, data.ptr, data.len));
    }

    pub fn numArgumentLayouts(self: CompileOptions) usize {
        return c.pje_compile_options_num_argument_layouts(self.handle);
    }

    /// Borrowed until the options change.
    pub fn argumentLayout(self: CompileOptions, index: usize) Error!ArrayLayout {
        return self.arrayLayout(c.pje_compile_options_get_argument_layout, .{ self.handle, index });
    }

    pub fn argumentLayoutBytes(self: CompileOptions, index: usize) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_compile_options_get_argument_layout_bytes, .{ self.handle, index }) };
    }

    /// The layout of the result; null leaves the order to the compiler.
    pub fn setResultLayout(self: CompileOptions, dtype: types.Dtype, dims: []const i64, order: ?Layout) Error!void {
        if (order) |layout| {
            return check(self.diagnostics, c.pje_compile_options_set_result_with_layout(self.handle, dtype.raw(), dims.ptr, dims.len, layout.handle));
        }
        try check(self.diagnostics, c.pje_compile_options_set_result_layout(self.handle, dtype.raw(), dims.ptr, dims.len, null));
    }

    /// A serialized xla.ShapeProto.
    pub fn setResultLayoutBytes(self: CompileOptions, data: []const u8) Error!void {
        try check(self.diagnostics, c.pje_compile_options_set_result_layout_bytes(self.handle, data.ptr, data.len));
    }

    /// Borrowed until the options change.
    pub fn resultLayout(self: CompileOptions) Error!ArrayLayout {
        return self.arrayLayout(c.pje_compile_options_get_result_layout, .{self.handle});
    }

    pub fn resultLayoutBytes(self: CompileOptions) Error!Bytes {
        return .{ .handle = try make(c.pje_bytes, self.diagnostics, c.pje_compile_options_get_result_layout_bytes, .{self.handle}) };
    }

    fn arrayLayout(self: CompileOptions, comptime getter: anytype, arguments: anytype) Error!ArrayLayout {
        var dtype: c.pje_dtype = 0;
        var dims: [*c]const i64 = null;
        var order: [*c]const i64 = null;
        var rank: usize = 0;
        try check(self.diagnostics, @call(.auto, getter, arguments ++ .{ &dtype, &dims, &rank, &order }));
        return .{
            .dtype = types.Dtype.from(dtype),
            .dims = if (rank == 0) &.{} else dims[0..rank],
            .minor_to_major = if (rank == 0 or order == null) &.{} else order[0..rank],
        };
    }

    /// Adds a message for the compiler's environment, under its type's URL.
    pub fn addEnvironment(self: CompileOptions, type_url: [:0]const u8, data: []const u8) Error!void {
        try check(self.diagnostics, c.pje_compile_options_add_compilation_environment(self.handle, type_url.ptr, data.ptr, data.len));
    }

    pub fn numEnvironments(self: CompileOptions) usize {
        return c.pje_compile_options_num_compilation_environments(self.handle);
    }

    pub fn environmentTypeUrl(self: CompileOptions, index: usize) [:0]const u8 {
        return std.mem.span(c.pje_compile_options_compilation_environment_type_url(self.handle, index));
    }

    pub fn environmentData(self: CompileOptions, index: usize) []const u8 {
        var size: usize = 0;
        const data = c.pje_compile_options_compilation_environment_data(self.handle, index, &size);
        return bytes.bytesAt(data, size);
    }
};
