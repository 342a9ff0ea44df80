#!/bin/sh
# The tests of the Julia binding, by the library in the build folder. usage: run.sh [PART_OF_A_NAME]...
# Ends with `N passed, M failed, K skipped`.
set -eu
cd "$(dirname -- "$0")/../../.."
. bindings/julia/test/environment.sh
exec scripts/summarize.py --timeout 900 julia tap \
	"$JULIA_START --startup-file=no --project=bindings/julia bindings/julia/test/runtests.jl $*"
