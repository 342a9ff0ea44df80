#!/bin/sh
# The public header under every standard and both compilers, and what the library exports.
set -eu
cd "$(dirname -- "$0")/../.."
BUILD=${BUILD:-$PWD/build}
scripts/build.sh release
exec scripts/summarize.py headers tap "tests/headers/cases.sh '$BUILD/libpjrt_easy.so'"
