#!/bin/sh
# Planted bugs: each must be found by the tests of the C API.
set -eu
cd "$(dirname -- "$0")/../.."
BUILD=${BUILD:-$PWD/build}
export BUILD
scripts/build.sh release pjrt_fake capi_tests
exec scripts/summarize.py planted tap tests/planted/run.py
