#!/bin/sh
# The tests of the Zig binding; prints TAP. PKG_CONFIG_PATH and LD_LIBRARY_PATH name an installed library.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/env.sh"
"$here/setup.sh"
export PJE_FAKE_PLUGIN="$BUILD/libpjrt_fake.so"
cd "$here"
number=0 failed=0
# Runs one test; its output only when it fails.
check() {
	number=$((number + 1))
	name=$1
	shift
	if output=$("$@" 2>&1); then
		echo "ok $number - zig $ZIG_VERSION $name"
	else
		failed=1
		printf '%s\n' "$output" | sed 's/^/# /'
		echo "not ok $number - zig $ZIG_VERSION $name"
	fi
}
check "unit tests" zig build test
check "unit tests, ReleaseFast" zig build test -Doptimize=ReleaseFast
check "examples" zig build examples --prefix "$BUILD/zig/out-$ZIG_VERSION"
for example in examples/*.zig; do
	name=$(basename -- "$example" .zig)
	check "example $name" "$BUILD/zig/out-$ZIG_VERSION/bin/$name" "$PJE_FAKE_PLUGIN"
done
echo "1..$number"
exit $failed
