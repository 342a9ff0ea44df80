#!/bin/sh
# Builds one preset's test programs and runs them. usage: run_tests.sh PRESET SUITE unit|capi|fake|cli|stress|process|examples
set -eu
. "$(dirname -- "$0")/common.sh"

preset=$1 suite=$2 kind=$3
folder=$BUILD
[ "$preset" = release ] || folder=$BUILD/$preset
# Its guess at the thread-local memory of libraries loaded late is wrong now and then, and LeakSanitizer then dies of it.
export ASAN_OPTIONS="intercept_tls_get_addr=0:detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
prefix=
[ "$preset" = tsan ] && prefix="$ROOT/scripts/tsan.sh "

case $kind in
unit)
	"$ROOT/scripts/build.sh" "$preset" pjrt_fake unit_tests
	exec "$ROOT/scripts/summarize.py" "$suite" gtest "$prefix$folder/unit_tests --gtest_brief=1"
	;;
capi)
	"$ROOT/scripts/build.sh" "$preset" pjrt_fake capi_tests
	set --
	for source in "$ROOT"/tests/capi/*_test.c; do
		set -- "$@" "$prefix$folder/capi_$(basename -- "$source" .c)"
	done
	exec "$ROOT/scripts/summarize.py" "$suite" cmocka "$@"
	;;
fake)
	"$ROOT/scripts/build.sh" "$preset" fake_selftest
	exec "$ROOT/scripts/summarize.py" "$suite" gtest "$prefix$folder/fake_selftest --gtest_brief=1"
	;;
cli)
	"$ROOT/scripts/build.sh" "$preset"
	exec "$ROOT/tests/cli/run.py" --tsv "$BUILD/results.tsv" --suite "$suite" "$folder"
	;;
stress | process)
	"$ROOT/scripts/build.sh" "$preset" "${kind}_tests"
	# Their own watchdogs come long before.
	exec "$ROOT/scripts/summarize.py" --timeout 7200 "$suite" gtest "$prefix$folder/${kind}_tests"
	;;
examples)
	"$ROOT/scripts/build.sh" "$preset" example_programs
	exec "$ROOT/scripts/summarize.py" "$suite" tap "$ROOT/tests/examples/cases.sh $folder"
	;;
*) die "unknown kind of test '$kind': unit, capi, fake, cli, stress, process or examples" ;;
esac
