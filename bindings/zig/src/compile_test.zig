//! Tests of compile options, compiled programs, topologies.

const std = @import("std");
const pjrt = @import("pjrt.zig");
const support = @import("support_test.zig");

const testing = std.testing;
const expectPrinted = support.expectPrinted;

/// A value for each setting that is not its default.
const settings = .{
    .num_replicas = 2,
    .num_partitions = 3,
    .device_ordinal = 1,
    .use_spmd_partitioning = true,
    .use_auto_spmd_partitioning = true,
    .use_shardy_partitioner = true,
    .process_index = 1,
    .process_count = 2,
    .allow_spmd_sharding_propagation_to_parameters = &[_]bool{ true, false },
    .allow_spmd_sharding_propagation_to_output = &[_]bool{true},
    .auto_spmd_partitioning_mesh_shape = &[_]i64{ 2, 1 },
    .auto_spmd_partitioning_mesh_ids = &[_]i64{ 1, 0 },
    .serialized_multi_slice_config = "\x08\x01",
    .optimization_level = pjrt.Effort.o2,
    .memory_fitting_level = pjrt.Effort.o1,
    .matrix_unit_operand_precision = pjrt.Precision.highest,
    .deduplicate_hlo = true,
    .run_backend_only = true,
    .alias_passthrough_params = true,
    .parameter_is_tupled_arguments = true,
    .compile_portable_executable = true,
    .allow_in_place_mlir_modification = true,
    .individually_defined_output_indices = &[_]i32{0},
    .device_memory_size = 1 << 30,
    .profile_version = 3,
    .fdo_profile = "\x01\x02",
    .compiler_variant = "variant",
    .check_arguments = false,
};

const names = .{
    .num_replicas,                                  .num_partitions,                            .device_ordinal,                      .use_spmd_partitioning,
    .use_auto_spmd_partitioning,                    .use_shardy_partitioner,                    .process_index,                       .process_count,
    .allow_spmd_sharding_propagation_to_parameters, .allow_spmd_sharding_propagation_to_output, .auto_spmd_partitioning_mesh_shape,   .auto_spmd_partitioning_mesh_ids,
    .serialized_multi_slice_config,                 .optimization_level,                        .memory_fitting_level,                .matrix_unit_operand_precision,
    .deduplicate_hlo,                               .run_backend_only,                          .alias_passthrough_params,            .parameter_is_tupled_arguments,
    .compile_portable_executable,                   .allow_in_place_mlir_modification,          .individually_defined_output_indices, .device_memory_size,
    .profile_version,                               .fdo_profile,                               .compiler_variant,                    .check_arguments,
};

test "settings of one value come back" {
    var options = try pjrt.CompileOptions.init(null);
    defer options.deinit();
    inline for (names) |name| {
        const value: pjrt.CompileOptions.Value(name) = @field(settings, @tagName(name));
        try options.set(name, value);
        try testing.expectEqualDeep(value, options.get(name));
    }
    try expectPrinted(options, "2");
    try testing.expect(try options.isSet("num_replicas"));
    try options.clear("num_replicas");
    try testing.expect(!try options.isSet("num_replicas"));
    var copy = try options.copy();
    defer copy.deinit();
    var bytes = try copy.serialize();
    defer bytes.deinit();
    try expectPrinted(bytes, "bytes");
    var again = try pjrt.CompileOptions.fromBytes(bytes.data(), null);
    defer again.deinit();
    try testing.expectEqual(3, again.get(.num_partitions));
    var text = try again.toText();
    defer text.deinit();
    try testing.expect(std.mem.find(u8, text.data(), "num_partitions: 3") != null);
}

test "settings that are messages, layouts, environments" {
    var diagnostics: pjrt.Diagnostics = .{};
    var options = try pjrt.CompileOptions.init(&diagnostics);
    defer options.deinit();
    try options.setMessageText(.debug_options, "xla_cpu_enable_fast_math: true");
    inline for (.{ .debug_options, .target_config, .gpu_topology }) |name| {
        if (name != .debug_options) try options.setMessageText(name, if (name == .target_config) "platform_name: \"cuda\"" else "platform_version: \"12\"");
        var message = try options.message(name);
        defer message.deinit();
        try testing.expect(message.data().len > 0);
        try options.setMessage(name, message.data());
    }
    try testing.expectError(error.InvalidArgument, options.setMessageText(.debug_options, "no_such_field: 1"));

    var columns = try pjrt.Layout.parse("{0,1}", &diagnostics);
    defer columns.deinit();
    try options.addArgumentLayout(.f32, &.{ 2, 3 }, columns);
    try options.addArgumentLayout(.s32, &.{4}, null);
    try testing.expectEqualSlices(i64, &.{ 0, 1 }, (try options.argumentLayout(0)).minor_to_major);
    var argument = try options.argumentLayoutBytes(0);
    defer argument.deinit();
    try options.addArgumentLayoutBytes(argument.data());
    try testing.expectEqual(3, options.numArgumentLayouts());
    try testing.expectError(error.OutOfRange, options.argumentLayout(3));
    try options.setResultLayout(.f32, &.{ 2, 3 }, null);
    try options.setResultLayout(.f32, &.{ 2, 3 }, columns);
    try testing.expectEqual(pjrt.Dtype.f32, (try options.resultLayout()).dtype);
    var result = try options.resultLayoutBytes();
    defer result.deinit();
    try options.setResultLayoutBytes(result.data());

    try options.addEnvironment("type.googleapis.com/xla.GpuCompilationEnvironment", "\x08\x01");
    try testing.expectEqual(1, options.numEnvironments());
    try testing.expectEqualStrings("type.googleapis.com/xla.GpuCompilationEnvironment", options.environmentTypeUrl(0));
    try testing.expectEqualStrings("\x08\x01", options.environmentData(0));
}

test "overrides and debug options" {
    var diagnostics: pjrt.Diagnostics = .{};
    var options = try pjrt.CompileOptions.init(&diagnostics);
    defer options.deinit();
    const given = [_]pjrt.OverrideValue{ .{ .string = "text" }, .{ .bool = true }, .{ .int64 = -3 }, .{ .double = 0.5 } };
    for (given, [_][:0]const u8{ "a", "b", "c", "d" }) |value, name| {
        try options.setOverride(name, value);
        try testing.expectEqualDeep(value, try options.override(name));
    }
    try testing.expectEqual(4, options.numOverrides());
    try options.removeOverride(options.overrideName(0));
    try testing.expectEqual(3, options.numOverrides());
    try testing.expectError(error.NotFound, options.override("nothing"));
    try options.setDebugOption("xla_cpu_enable_fast_math", "true");
    try options.setTypedDebugOption("xla_cpu_enable_fast_math", .{ .bool = false });
    var text = try options.debugOption("xla_cpu_enable_fast_math");
    defer text.deinit();
    try testing.expectEqualStrings("false", text.data());
    try testing.expectError(error.InvalidArgument, options.setTypedDebugOption("xla_cpu_enable_fast_math", .{ .string = "maybe" }));
    try testing.expectError(error.InvalidArgument, options.setTypedDebugOption("xla_cpu_enable_fast_math", .{ .int64 = 3 }));
    try testing.expectError(error.InvalidArgument, options.setTypedDebugOption("xla_cpu_enable_fast_math", .{ .double = 0.5 }));
}

test "compiled programs: facts, bytes, the way back" {
    var diagnostics: pjrt.Diagnostics = .{};
    var client = try support.open(&diagnostics);
    defer client.deinit();
    var program = try pjrt.Program.fromBytes(support.add_one, &diagnostics);
    defer program.deinit();
    const topology = try client.topology();
    var pending = try pjrt.Compiled.initAsync(client.plugin(), topology, program, null, null);
    defer pending.deinit();
    var compiled = try pending.wait();
    defer compiled.deinit();
    try expectPrinted(compiled, "add_one");
    try testing.expectEqualStrings("add_one", compiled.name());
    try testing.expectEqual(1, compiled.numReplicas());
    try testing.expectEqual(1, compiled.numPartitions());
    try testing.expectEqual(1, compiled.numOutputs());
    try testing.expectEqualSlices(i64, &.{ 2, 3 }, compiled.outputType(0).?.dims);
    try testing.expectEqualStrings("device", compiled.outputMemoryKind(0));
    try testing.expectEqual(1, compiled.numParameters().?);
    try testing.expectEqualStrings("device", compiled.parameterMemoryKind(0));
    _ = try compiled.codeSize();
    var print = try compiled.fingerprint();
    defer print.deinit();
    try testing.expect(print.data().len > 0);
    var optimized = try compiled.optimizedProgram();
    defer optimized.deinit();
    try testing.expect(optimized.data().len > 0);
    var cost = try compiled.costAnalysis();
    defer cost.deinit();
    var stats = try compiled.memoryStats();
    defer stats.deinit();
    try testing.expect((try stats.lookup("argument_size")).?.int64 >= 0);
    var options = try compiled.compileOptions();
    defer options.deinit();
    try testing.expectEqual(1, options.get(.num_replicas));

    try loadEverySerializedForm(client, compiled);
    var loading = try client.loadAsync(compiled, null);
    defer loading.deinit();
    var loaded = try loading.wait();
    defer loaded.deinit();
    try support.expectOutput(&support.plus_one, try loaded.callOne(.{&[2][3]f32{ .{ 1, 2, 3 }, .{ 4, 5, 6 } }}));
    var same = try loaded.fingerprint();
    defer same.deinit();
    try testing.expectEqualStrings(print.data(), same.data());
    try testing.expectError(error.FailedPrecondition, client.load(compiled, null));
}

fn loadEverySerializedForm(client: pjrt.Client, compiled: pjrt.Compiled) !void {
    var bytes = try compiled.serialize();
    defer bytes.deinit();
    var info = try pjrt.serializedInfo(bytes.data(), client.diagnostics);
    defer info.deinit();
    try testing.expectEqualStrings(client.platformName(), (try info.lookup("platform_name")).?.string);
    var later = try compiled.serializeAsync();
    defer later.deinit();
    var same = try later.wait();
    defer same.deinit();
    try testing.expectEqual(bytes.data().len, same.data().len);
    var plain = try compiled.serializeRaw();
    defer plain.deinit();
    var plain_later = try compiled.serializeRawAsync();
    defer plain_later.deinit();
    var plain_same = try plain_later.wait();
    defer plain_same.deinit();
    try testing.expectEqualStrings(plain.data(), plain_same.data());

    var first = try client.deserialize(bytes.data(), .{ .trusted = true });
    defer first.deinit();
    var second = try client.deserializeAsync(bytes.data(), .{ .trusted = true });
    defer second.deinit();
    var third = try client.deserializeRaw(plain.data(), .{ .trusted = true });
    defer third.deinit();
    var fourth = try client.deserializeRawAsync(plain.data(), .{ .trusted = true });
    defer fourth.deinit();
    var from_second = try second.wait();
    defer from_second.deinit();
    var from_fourth = try fourth.wait();
    defer from_fourth.deinit();
    for ([_]pjrt.Executable{ first, from_second, third, from_fourth }) |executable| try testing.expectEqualStrings("add_one", executable.name());
    try testing.expectError(error.PermissionDenied, client.deserialize(bytes.data(), .{}));
}

test "topologies" {
    var diagnostics: pjrt.Diagnostics = .{};
    var plugin = try pjrt.Plugin.load(try support.fakePlugin(), .{}, &diagnostics);
    defer plugin.deinit();
    var topology = try pjrt.Topology.init(plugin, "fake:3", null);
    defer topology.deinit();
    try expectPrinted(topology, "3");
    try testing.expectEqual(3, topology.numDevices());
    try testing.expect(topology.platformName().len > 0 and topology.platformVersion().len > 0);
    _ = topology.attributes().count();
    var kinds: [8]i32 = undefined;
    try testing.expectEqualSlices(i32, &.{ 0, 1, 2 }, try topology.memoryKindIds(&kinds));
    var shape = try topology.canonicalShape(0, .f32, &.{ 2, 3 }, &.{ 0, 1 });
    defer shape.deinit();
    try testing.expect(shape.data().len > 0);
    try testing.expectError(error.InvalidArgument, topology.canonicalShape(0, .f32, &.{-1}, null));
    try testing.expect(try topology.fingerprint() == try topology.fingerprint());
    var bytes = try topology.serialize();
    defer bytes.deinit();
    var again = try pjrt.Topology.deserialize(plugin, bytes.data());
    defer again.deinit();
    try testing.expectEqual(3, again.numDevices());
    const device = again.device(2);
    try expectPrinted(device, "2");
    try testing.expectEqual(topology.device(2).id(), device.id());
    try testing.expectEqual(0, @intFromEnum(device.processIndex()));
    try testing.expect(device.kind().len > 0 and device.debugString().len > 0 and device.toString().len > 0);
    _ = device.attributes().count();
    try testing.expectError(error.InvalidArgument, pjrt.Topology.init(plugin, "no such name", null));
}
