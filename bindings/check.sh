#!/bin/sh
# Everything about the bindings: the scenarios in every language, and each language's own tests.
# A language takes part when it has bindings/LANGUAGE/scenarios.sh; its own tests are bindings/LANGUAGE/test.sh, which prints
# TAP. Ends with `N passed, M failed, K skipped`.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
BUILD=${BUILD:-$root/build}
export BUILD
# Each language's tools, where they are absent.
for setup in "$here"/*/setup.sh; do
	[ ! -x "$setup" ] || "$setup"
done
"$root/scripts/build.sh" release pjrt_easy pjrt-easy pjrt_fake
# The environment that finds the installed library, for the tests of the languages.
environment=$("$here/stage.sh")
for setting in $environment; do export "${setting?}"; done
# Counted anew: which exports the tests of each language reach.
rm -rf "$BUILD/bindings/counts"
mkdir -p "$BUILD/bindings/counts"
set -- "$here/judges_test.py" "$here/compare_scenarios.py"
for test in "$here"/*/test.sh; do
	[ ! -x "$test" ] || set -- "$@" "env PJE_EXPORT_COUNTS=$BUILD/bindings/counts/$(basename -- "$(dirname -- "$test")") $test"
done
# A minor version of Zig is another language: what must hold for both.
set -- "$@" "env ZIG_VERSION=0.17.0 $here/zig/test.sh quick" "$here/exports.py" "$here/planted.py"
exec "$root/scripts/summarize.py" --timeout 1800 bindings tap "$@"
