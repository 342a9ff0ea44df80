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

# Runs a command with its output in a log; on a terminal all of it is shown, elsewhere every tenth line.
# usage: logged LOG COMMAND...
logged() {
	log=$1
	shift
	"$@" >"$log" 2>&1 &
	logged_pid=$!
	if [ -t 1 ]; then
		tail -n +1 -s 0.2 -f --pid=$logged_pid "$log"
	else
		tail -n +1 -s 0.2 -f --pid=$logged_pid "$log" | awk 'n++ % 10 == 9 { print "   " $0; fflush() }'
	fi
	wait $logged_pid || {
		tail -n 40 "$log" >&2
		return 1
	}
}
