const std = @import("std");

const examples = [_][]const u8{
    "async_transfer", "basic",           "classify", "compile_options", "device_assignment", "elements",
    "events",         "execute_context", "kv_store", "memory",          "memory_layout",     "multi_device",
};

pub fn build(b: *std.Build) void {
    const target = b.standardTargetOptions(.{});
    const optimize = b.standardOptimizeOption(.{});

    // The header that pkg-config finds is translated here: there is no copy to keep true.
    const translate = b.addTranslateC(.{
        .root_source_file = b.path("src/c.h"),
        .target = target,
        .optimize = optimize,
        .link_libc = true,
    });
    translate.linkSystemLibrary("pjrt_easy", .{ .use_pkg_config = .force });

    const module = b.addModule("pjrt_easy", .{
        .root_source_file = b.path("src/pjrt.zig"),
        .target = target,
        .optimize = optimize,
        .link_libc = true,
        .imports = &.{.{ .name = "c", .module = translate.createModule() }},
    });
    module.linkSystemLibrary("pjrt_easy", .{ .use_pkg_config = .force });

    const tests = b.addTest(.{ .root_module = module });
    const run_tests = b.addRunArtifact(tests);
    // The fake has extensions only when it is told to.
    run_tests.setEnvironmentVariable("PJRT_FAKE", "extensions=unknown");
    b.step("test", "Run the tests").dependOn(&run_tests.step);

    const step = b.step("examples", "Build the examples");
    for (examples) |name| _ = addProgram(b, step, module, name, b.fmt("examples/{s}.zig", .{name}));
    _ = addProgram(b, b.step("scenarios", "Build the scenarios"), module, "scenarios", "scenarios/main.zig");
    const checks = addProgram(b, b.step("checks", "Build the measurements"), module, "checks", "tests/checks.zig");
    checks.root_module.addCSourceFile(.{ .file = b.path("tests/loop.c"), .flags = &.{ "-std=c11", "-D_GNU_SOURCE", "-O2" } });
    checks.root_module.linkSystemLibrary("pjrt_easy", .{ .use_pkg_config = .force });
}

fn addProgram(b: *std.Build, step: *std.Build.Step, module: *std.Build.Module, name: []const u8, path: []const u8) *std.Build.Step.Compile {
    const program = b.addExecutable(.{
        .name = name,
        .root_module = b.createModule(.{
            .root_source_file = b.path(path),
            .target = module.resolved_target,
            .optimize = module.optimize,
            .imports = &.{.{ .name = "pjrt_easy", .module = module }},
        }),
    });
    step.dependOn(&b.addInstallArtifact(program, .{}).step);
    return program;
}
