#!/bin/sh
# Builds the benchmark and sees whether it works; see run.py.
set -eu
cd "$(dirname -- "$0")/../.."
BUILD=${BUILD:-$PWD/build}
export BUILD
scripts/build.sh release pjrt_easy pjrt_fake pje_bench >/dev/null
exec tests/bench/run.py "$BUILD"
