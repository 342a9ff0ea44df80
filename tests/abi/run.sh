#!/bin/sh
# Our declaration of the PJRT ABI against measured facts, another declaration, and the real plugins.
set -eu
cd "$(dirname -- "$0")/../.."
BUILD=${BUILD:-$PWD/build}
export BUILD
scripts/venv.sh
scripts/build.sh release
exec scripts/summarize.py abi tap "'$BUILD/venv/bin/python' tests/abi/layout.py '$BUILD/libpjrt_easy.so' \
'$BUILD/plugins/cpu-115' '$BUILD/plugins/cpu-106' '$BUILD/plugins/cpu-81'"
