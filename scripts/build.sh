#!/bin/sh
# Configures and builds one preset. usage: build.sh [release|debug|asan|tsan|clang] [TARGET]...
set -eu
. "$(dirname -- "$0")/common.sh"

preset=${1:-release}
[ $# -gt 0 ] && shift
case $preset in
release) folder=$BUILD ;;
debug | asan | tsan | clang) folder=$BUILD/$preset ;;
*) die "unknown preset '$preset': release, debug, asan, tsan or clang" ;;
esac

lock "build-$preset"
cd "$ROOT"
mkdir -p "$folder"
log=$folder/configure.log
if ! cmake --preset "$preset" -B "$folder" -DPJE_DEPS_DIR="$BUILD/deps" >"$log" 2>&1; then
	cat "$log" >&2
	die "the build could not be configured (see above)"
fi
targets=
for target; do targets="$targets --target $target"; done
# shellcheck disable=SC2086
nice cmake --build "$folder" -j "${JOBS:-$(nproc)}" $targets
