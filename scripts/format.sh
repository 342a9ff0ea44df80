#!/bin/sh
# Formats every C and C++ file in place; with --check says which differ, and fails.
set -eu
. "$(dirname -- "$0")/common.sh"
cd "$ROOT"
mode="-i"
[ "${1:-}" = --check ] && mode="--dry-run -Werror"
# shellcheck disable=SC2086
find include src tests docs bench bindings -type f \
	\( -name '*.c' -o -name '*.cc' -o -name '*.h' -o -name '*.hpp' -o -name '*.def' \) -print0 2>/dev/null |
	xargs -0 -n 16 -P "${JOBS:-$(nproc)}" clang-format-16 $mode
