#!/bin/sh
# Installs the built library into build/bindings/stage and prints, as NAME=VALUE lines, the environment that finds it. Programs
# find the library through one that counts the calls (counting.py), in front of the installed one.
set -eu
. "$(dirname -- "$0")/../scripts/common.sh"
stage=$BUILD/bindings/stage
counting=$BUILD/bindings/counting
mkdir -p "$BUILD/bindings/counts"
[ -f "$BUILD/cmake_install.cmake" ] || die "build the library first: scripts/build.sh release"
DESTDIR='' cmake --install "$BUILD" --prefix "$stage" >"$BUILD/bindings/install.log" 2>&1 || {
	cat "$BUILD/bindings/install.log" >&2
	die "the library could not be installed into $stage"
}
pkgconfig=$(dirname -- "$(find "$stage" -name pjrt_easy.pc)")
libdir=$(dirname -- "$pkgconfig")
# Only when something changed: others may be running with it.
if [ ! "$counting/libpjrt_easy.so.0" -nt "$libdir/libpjrt_easy.so.0" ] ||
	[ ! "$counting/libpjrt_easy.so.0" -nt "$ROOT/bindings/counting.py" ]; then
	"$ROOT/bindings/counting.py" "$libdir/libpjrt_easy.so.0" "$counting" >&2
fi
cat <<-END
	PJE_STAGE=$stage
	PKG_CONFIG_PATH=$pkgconfig
	LD_LIBRARY_PATH=$counting:$libdir
	PJRT_EASY_LIB=$counting/libpjrt_easy.so.0
END
