#!/bin/sh
# Makes build/venv, a Python of our own holding exactly scripts/requirements-test.txt.
set -eu
. "$(dirname -- "$0")/common.sh"

VENV=$BUILD/venv
wanted=$(sha256sum <"$ROOT/scripts/requirements-test.txt")
up_to_date() { [ -x "$VENV/bin/python" ] && [ "$(cat "$VENV/stamp" 2>/dev/null)" = "$wanted" ]; }
up_to_date && exit 0
lock venv
up_to_date && exit 0

say "making build/venv with $(grep -c '==' "$ROOT/scripts/requirements-test.txt") pinned Python packages for the tests"
rm -rf "$VENV"
/usr/bin/python3 -m venv "$VENV" || die "/usr/bin/python3 cannot make a venv; run 'scripts/setup.sh build test' first"
"$VENV/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
	-r "$ROOT/scripts/requirements-test.txt" || die "pip could not install scripts/requirements-test.txt (see above)"
printf '%s' "$wanted" >"$VENV/stamp"
