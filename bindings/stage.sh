#!/bin/sh
# Installs the built library into build/bindings/stage and prints, as NAME=VALUE lines, the environment that finds it.
set -eu
. "$(dirname -- "$0")/../scripts/common.sh"
stage=$BUILD/bindings/stage
mkdir -p "$BUILD/bindings"
[ -f "$BUILD/cmake_install.cmake" ] || die "build the library first: scripts/build.sh release"
DESTDIR='' cmake --install "$BUILD" --prefix "$stage" >"$BUILD/bindings/install.log" 2>&1 || {
	cat "$BUILD/bindings/install.log" >&2
	die "the library could not be installed into $stage"
}
pkgconfig=$(dirname -- "$(find "$stage" -name pjrt_easy.pc)")
libdir=$(dirname -- "$pkgconfig")
printf 'PKG_CONFIG_PATH=%s\nLD_LIBRARY_PATH=%s\nPJRT_EASY_LIB=%s\n' "$pkgconfig" "$libdir" "$libdir/libpjrt_easy.so.0"
