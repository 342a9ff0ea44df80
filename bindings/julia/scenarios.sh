#!/bin/sh
# The scenarios in Julia. usage: scenarios.sh build | run PLUGIN [REQUEST]...
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
BUILD=${BUILD:-$here/../../build}
export BUILD
julia=$BUILD/deps/julia/julia
JULIA_DEPOT_PATH=$BUILD/julia
export JULIA_DEPOT_PATH
case ${1:-} in
build)
	# A copy of this folder elsewhere finds what the original has set up.
	[ ! -x "$here/../../scripts/setup_julia.sh" ] || "$here/../../scripts/setup_julia.sh"
	# Compiled here, so that no scenario waits for it.
	"$julia" --startup-file=no --project="$here" -e 'using PjrtEasy'
	;;
run)
	shift
	exec "$julia" --startup-file=no --project="$here" -O0 "$here/scenarios/main.jl" "$@"
	;;
*)
	echo "usage: scenarios.sh build | run PLUGIN [REQUEST]..." >&2
	exit 2
	;;
esac
