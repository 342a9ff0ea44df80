#!/bin/sh
# Times single calls of the library on the fake plugin. usage: bench_micro.sh [--benchmark_...]...
set -eu
. "$(dirname -- "$0")/common.sh"

"$ROOT/scripts/setup.sh" build bench
"$ROOT/scripts/build.sh" release pje_micro
PJRT_FAKE='' exec "$BUILD/pje_micro" "$BUILD/libpjrt_fake.so" "$@"
