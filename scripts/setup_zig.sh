#!/bin/sh
# Installs Zig, from PyPI's ziglang, into build/zig. usage: setup_zig.sh [VERSION], such as 0.17.0
# Prints nothing when it is there; `build/zig/VERSION/bin/python -m ziglang` is the compiler.
set -eu
. "$(dirname -- "$0")/common.sh"
version=${1:-0.16.0}
venv=$BUILD/zig/$version
[ ! -f "$venv/done" ] || exit 0
lock zig
[ ! -f "$venv/done" ] || exit 0
say "installing Zig $version into build/zig"
rm -rf "$venv"
mkdir -p "$BUILD/zig"
/usr/bin/python3 -m venv "$venv" || die "/usr/bin/python3 cannot make a venv; run 'scripts/setup.sh build test' first"
"$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "ziglang==$version" ||
	die "pip could not install ziglang $version (see above)"
touch "$venv/done"
