#!/bin/sh
# The tests of the Zig binding; prints TAP. Needs the environment of bindings/stage.sh. usage: test.sh [quick]
# ZIG_VERSION names the compiler; `quick` is for a second one: the unit tests, and the scenarios on the fake plugin.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/env.sh"
"$here/setup.sh"
export PJE_FAKE_PLUGIN="$BUILD/libpjrt_fake.so" TF_CPP_MIN_LOG_LEVEL=1
cpu=$BUILD/plugins/cpu-115/libpjrt_cpu.so
work=$BUILD/bindings/zig
out=$work/test-$ZIG_VERSION
mkdir -p "$work"
cd "$here"
number=0 failed=0
# Runs one test; its output only when it fails.
check() {
	number=$((number + 1))
	name=$1
	shift
	if output=$("$@" 2>&1); then
		echo "ok $number - zig $ZIG_VERSION $name"
	else
		failed=1
		printf '%s\n' "$output" | sed 's/^/# /'
		echo "not ok $number - zig $ZIG_VERSION $name"
	fi
}

classify() {
	programs=$root/tests/programs/mlp_mnist
	set --
	for i in 0 1 2 3 4 5 6; do set -- "$@" "$programs/in$i.npy"; done
	"$out/bin/classify" "$cpu" "$programs/program.mlir" "$@" 2>"$work/classes" || return 1
	"$BUILD/venv/bin/python" -c 'import sys, numpy as n; print("\n".join(map(str, n.load(sys.argv[1]).argmax(1))))' \
		"$programs/out0.npy" | diff - "$work/classes"
}

# What is not given back is named by the library, and only that.
names_leaks() {
	PJE_VALIDATE=1 "$out/bin/checks" leak "$PJE_FAKE_PLUGIN" 2>"$work/leak" || return 1
	grep -q 'pje_buffer held 1 time .* made by pje_buffer_from_host' "$work/leak" || return 1
	[ "$(grep -c ' held ' "$work/leak")" = 1 ] || return 1
	PJE_VALIDATE=1 "$out/bin/checks" clean "$PJE_FAKE_PLUGIN" 2>"$work/clean" && ! grep ' held ' "$work/clean"
}

# An installed library somewhere else, and a project that knows the binding only by its folder.
outside() {
	folder=$work/outside
	rm -rf "$folder"
	mkdir -p "$folder/binding" "$folder/project"
	cp -R "$PJE_STAGE" "$folder/prefix"
	cp -R "$here/build.zig" "$here/build.zig.zon" "$here/src" "$folder/binding"
	cd "$folder/project"
	sed -n '/^```zig$/,/^```$/p' "$here/README.md" | sed '/^```$/,$d; /^```/d' >main.zig
	grep -q 'pub fn main' main.zig || return 1
	cat >build.zig <<-'END'
		const std = @import("std");

		pub fn build(b: *std.Build) void {
		    const target = b.standardTargetOptions(.{});
		    const optimize = b.standardOptimizeOption(.{});
		    const module = b.createModule(.{ .root_source_file = b.path("main.zig"), .target = target, .optimize = optimize });
		    const pjrt = b.dependency("pjrt_easy", .{ .target = target, .optimize = optimize });
		    module.addImport("pjrt_easy", pjrt.module("pjrt_easy"));
		    b.installArtifact(b.addExecutable(.{ .name = "program", .root_module = module }));
		}
	END
	cat >build.zig.zon <<-'END'
		.{
		    .name = .outside,
		    .version = "0.0.0",
		    .fingerprint = 0xb5eafda6a6b4023d,
		    .dependencies = .{ .pjrt_easy = .{ .path = "../binding" } },
		    .paths = .{""},
		}
	END
	PKG_CONFIG_PATH=$(dirname -- "$(find "$folder/prefix" -name pjrt_easy.pc)")
	export PKG_CONFIG_PATH
	zig build || return 1
	LD_LIBRARY_PATH=$(dirname -- "$PKG_CONFIG_PATH")
	export LD_LIBRARY_PATH
	ldd zig-out/bin/program | grep -q "$folder/prefix" || return 1
	zig-out/bin/program "$(find "$folder/prefix" -name libpjrt_fake.so)" "$root/tests/programs/add1_f32/program.mlir" 2>&1 | grep -Fx '{ 2, 3, 4, 5 }'
}

if [ "${1:-}" = quick ]; then
	check "unit tests" zig build test
	check "scenarios on the fake plugin" "$here/../compare_scenarios.py" --language zig --plugin fake
	echo "1..$number"
	exit $failed
fi
check "sources are formatted" zig fmt --check build.zig src scenarios examples tests
check "unit tests" zig build test
check "unit tests, ReleaseFast" zig build test -Doptimize=ReleaseFast
check "examples" zig build examples --prefix "$out"
for example in examples/*.zig; do
	program=$(basename -- "$example" .zig)
	case $program in
	example) ;; # what the others share
	classify) check "example classify, an MNIST-style model from .npy files" classify ;;
	*)
		check "example $program" "$out/bin/$program" "$PJE_FAKE_PLUGIN"
		check "example $program on the CPU" "$out/bin/$program" "$cpu"
		;;
	esac
done
check "measurements" zig build checks -Doptimize=ReleaseFast --prefix "$out"
check "an execute costs less than 20 ns over one from C" env PJRT_FAKE=complete=inside "$out/bin/checks" overhead "$PJE_FAKE_PLUGIN"
check "a million executes take no memory" env PJRT_FAKE=complete=inside "$out/bin/checks" memory "$PJE_FAKE_PLUGIN"
check "a missed release is named" names_leaks
check "a project outside, with an installed library" outside
echo "1..$number"
exit $failed
