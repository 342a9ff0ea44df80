#!/bin/sh
# Builds and installs. Environment: PREFIX (default /usr/local), DESTDIR (default empty).
set -eu
. "$(dirname -- "$0")/common.sh"

PREFIX=${PREFIX:-/usr/local}
case $PREFIX in
/*) ;;
*) die "PREFIX is '$PREFIX'; it must be an absolute path" ;;
esac
cd "$ROOT"
# The prefix decides the library folder's name, so it has to be known when configuring.
cmake -S . --preset release -B "$BUILD" -DPJE_DEPS_DIR="$BUILD/deps" -DCMAKE_INSTALL_PREFIX="$PREFIX" >/dev/null
nice cmake --build "$BUILD" -j "${JOBS:-$(nproc)}"
DESTDIR=${DESTDIR:-} cmake --install "$BUILD" >"$BUILD/install.log" ||
	die "could not install under ${DESTDIR:-}$PREFIX: is it writable?"
grep -c '^-- \(Installing\|Up-to-date\)' "$BUILD/install.log" | sed "s|\$| files under ${DESTDIR:-}$PREFIX|"
