#!/bin/sh
# What of the foreign ABI the tests reach: docs/coverage.md. usage: run.sh [--update]
set -eu
ROOT=$(cd "$(dirname -- "$0")/../.." && pwd)
BUILD=${BUILD:-$ROOT/build}
export BUILD
cd "$ROOT"
scripts/build.sh release all pjrt_recorder capi_tests real_tests

traces=$BUILD/coverage
rm -rf "$traces" "$BUILD/recorder"
mkdir -p "$traces"
set --  "$@" "$BUILD"
for source in tests/capi/*_test.c; do
	program=$BUILD/capi_$(basename -- "$source" .c)
	# A test that is red here is red in the stage capi too, and says so there.
	(cd "$traces" && PJE_TEST_TRACE=$traces/$(basename -- "$program").trace timeout 600 "$program" >/dev/null 2>&1) || true
	set -- "$@" "$program"
done

for folder in "$BUILD"/plugins/cpu-*; do
	recorder=$BUILD/recorder/$(basename -- "$folder")
	mkdir -p "$recorder"
	cp "$BUILD/libpjrt_recorder.so" "$recorder/"
	ln -s "$(find "$folder/" -maxdepth 1 -name '*.so' | head -n 1)" "$recorder/plugin"
done
TF_CPP_MIN_LOG_LEVEL=1 PJE_TEST_REAL_PLUGINS=$BUILD/recorder timeout 600 "$BUILD/real_tests" --gtest_brief=1 >/dev/null 2>&1 || true
exec tests/coverage/table.py "$@"
