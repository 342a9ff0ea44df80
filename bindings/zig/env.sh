# Sourced: `zig` runs the compiler, with its caches in the build folder. Needs $here, the folder of this file.
# shellcheck shell=sh disable=SC2154
root=$(dirname -- "$(dirname -- "$here")")
BUILD=${BUILD:-$root/build}
ZIG_VERSION=${ZIG_VERSION:-0.16.0}
export BUILD ZIG_GLOBAL_CACHE_DIR="$BUILD/zig/cache" ZIG_LOCAL_CACHE_DIR="$BUILD/zig/local-$ZIG_VERSION"
zig() { "$BUILD/zig/$ZIG_VERSION/bin/python" -m ziglang "$@"; }
