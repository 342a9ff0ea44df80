#!/bin/sh
# Builds the benchmarks and runs them on the default CPU plugin, then a call from each language; with arguments only what
# they ask of pje_bench.
# usage: bench.sh [ARGUMENT OF pje_bench]...
set -eu
. "$(dirname -- "$0")/common.sh"

"$ROOT/scripts/build.sh" release pjrt_easy pjrt_fake pje_bench
"$BUILD/pje_bench" --build "$BUILD" --plugin "$BUILD/plugins/libpjrt_cpu.so" --json "$BUILD/bench.json" "$@"
[ $# -gt 0 ] || "$ROOT/bench/bindings.py" "$BUILD" --json "$BUILD/bench.json"
say "written: $BUILD/bench.json"
