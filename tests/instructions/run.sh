#!/bin/sh
# What the library adds to calls of the fake plugin: which calls, allocations, instructions.
set -eu
cd "$(dirname -- "$0")/../.."
BUILD=${BUILD:-$PWD/build}
export BUILD
scripts/build.sh release pjrt_fake pje_instructions
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Each prints its own closing line; the sum of them is the last.
status=0
PJRT_FAKE="log=$work/calls" "$BUILD/pje_instructions" "$BUILD/libpjrt_fake.so" calls "$work/calls" >"$work/1" || status=1
PJRT_FAKE='' "$BUILD/pje_instructions" "$BUILD/libpjrt_fake.so" allocations >"$work/2" || status=1
tests/instructions/count.py "$BUILD" >"$work/3" || status=1
cat "$work/1" "$work/2" "$work/3" | awk '
	/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { passed += $1; failed += $3; skipped += $5; next }
	{ print }
	END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }'
exit $status
