#!/bin/sh
# The tests of the Julia binding; prints TAP. usage: test.sh [PART_OF_A_NAME]...
# PJRT_EASY_LIB names the library, else it is the one in the build folder.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$here/../..
BUILD=${BUILD:-$root/build}
PJRT_EASY_LIB=${PJRT_EASY_LIB:-$BUILD/libpjrt_easy.so}
# Compiled code is kept in the build folder, not in the user's.
JULIA_DEPOT_PATH=$BUILD/julia
export BUILD PJRT_EASY_LIB JULIA_DEPOT_PATH
"$root/scripts/setup_julia.sh"
exec "$BUILD/deps/julia/julia" --startup-file=no --project="$here" "$here/test/runtests.jl" "$@"
