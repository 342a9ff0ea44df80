#!/bin/sh
# The fake plugin at many minors, and without each function. usage: run.sh [MINORS], such as 57-60,81
set -eu
ROOT=$(cd "$(dirname -- "$0")/../.." && pwd)
BUILD=${BUILD:-$ROOT/build}
export BUILD
cd "$ROOT"
minors=${1:-57,60,81,97,106,115,116,117}
scripts/build.sh release pjrt_fake capi_tests compat_smoke
set -- "$BUILD"
for source in tests/capi/*_test.c; do set -- "$@" "$BUILD/capi_$(basename -- "$source" .c)"; done
exec tests/compat/run.py --minors "$minors" "$@"
