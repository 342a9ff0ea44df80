const std = @import("std");

/// The examples, each a program of one file.
const examples = [_][]const u8{ "basic", "elements", "events" };

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
    b.step("test", "Run the tests").dependOn(&b.addRunArtifact(tests).step);

    const step = b.step("examples", "Build the examples");
    for (examples) |name| addProgram(b, step, module, name, b.fmt("examples/{s}.zig", .{name}));
    addProgram(b, b.step("scenarios", "Build the scenarios"), module, "scenarios", "scenarios/main.zig");
}

fn addProgram(b: *std.Build, step: *std.Build.Step, module: *std.Build.Module, name: []const u8, path: []const u8) void {
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
}
