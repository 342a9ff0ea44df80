#!/bin/sh
# Planted bugs: each must be found by the tests of the C API, those of threads by the tests under ThreadSanitizer.
# usage: run.sh [threads]
set -eu
cd "$(dirname -- "$0")/../.."
BUILD=${BUILD:-$PWD/build}
export BUILD
if [ "${1:-}" = threads ]; then
	scripts/build.sh tsan pjrt_fake capi_tests stress_tests
	exec scripts/summarize.py tsan-planted tap "scripts/tsan.sh tests/planted/run.py --threads"
fi
scripts/build.sh release pjrt_fake capi_tests
exec scripts/summarize.py planted tap tests/planted/run.py
