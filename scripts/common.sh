# Shared by the scripts of this folder; sourced, never run.
# shellcheck shell=sh

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
BUILD=${BUILD:-$ROOT/build}

say() { printf '%s\n' "== $*"; }

die() {
	printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
	exit 1
}

# One copy of a script at a time per build folder: two makes started together wait for each other.
lock() {
	mkdir -p "$BUILD"
	exec 9>"$BUILD/.$1.lock"
	if ! flock -n 9; then
		say "another $1 is running; waiting for it"
		flock 9
	fi
}

# Passes a build's output through on a terminal; elsewhere every tenth line and whatever is not progress.
progress() {
	if [ -t 1 ]; then cat; else awk '/^\[/ { if (n++ % 10) next } { print; fflush() }'; fi
}
