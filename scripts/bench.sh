#!/bin/sh
# Builds the benchmarks and runs them on the default CPU plugin; the last line says how many reach their goal.
# usage: bench.sh [ARGUMENT OF pje_bench]...
set -eu
. "$(dirname -- "$0")/common.sh"

"$ROOT/scripts/build.sh" release pjrt_easy pjrt_fake pje_bench
"$BUILD/pje_bench" --build "$BUILD" --plugin "$BUILD/plugins/libpjrt_cpu.so" --json "$BUILD/bench.json" "$@"
say "written: $BUILD/bench.json"
