#!/bin/sh
# An independent judge: what the conformance command of the Python package pypjrt says of the fake plugin.
set -eu
cd "$(dirname -- "$0")/../.."
BUILD=${BUILD:-$PWD/build}
export BUILD
scripts/venv.sh
scripts/build.sh release pjrt_fake
exec scripts/summarize.py pypjrt tap "$BUILD/venv/bin/python tests/pypjrt/cases.py $BUILD"
