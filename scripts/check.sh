#!/bin/bash
# Runs the stages of `make check`; with names as arguments, only those.
# Each command of kind `test` ends with a line `N passed, M failed, K skipped`; the sums of those lines are the last
# line. A stage is green when its command exits 0 and, if it tests, says that it ran something and nothing failed.
set -u
. "$(dirname -- "$0")/common.sh"
cd "$ROOT" || exit 1
export BUILD

# kind	name	command		To add a stage, add a row; a row whose script does not exist fails.
# An `extra` row is a test that runs only when it is named.
STAGES='
step	setup	scripts/setup.sh build test
step	protobuf	scripts/build_protobuf.sh
step	plugins	scripts/fetch_plugins.sh cpu
test	judges	tests/judges/run.sh
test	plugin-lock	tests/plugins/run.sh
step	build	scripts/build.sh release
test	unit	scripts/run_tests.sh release unit unit
test	capi	scripts/run_tests.sh release capi capi
test	capi-validate	PJE_VALIDATE=1 scripts/run_tests.sh release capi-validate capi
test	coverage	tests/coverage_table.py $BUILD/libpjrt_easy.so $BUILD/results.tsv $BUILD/capi_*_test
test	slots	tests/coverage/run.sh
test	headers	tests/headers/run.sh
test	abi	tests/abi/run.sh
test	real	tests/real/run.sh release
test	compat	tests/compat/run.sh
test	planted	tests/planted/run.sh
test	fake	scripts/run_tests.sh release fake fake
test	cli	scripts/run_tests.sh release cli cli
test	conform	tests/conform/run.py $BUILD
test	pypjrt	tests/pypjrt/run.sh
test	instructions	tests/instructions/run.sh
test	bench	tests/bench/run.sh
test	stress	scripts/run_tests.sh release stress stress
test	process	scripts/run_tests.sh release process process
test	traps	tests/traps_table.py tests/traps.tsv $BUILD/results.tsv
test	examples	scripts/run_tests.sh release examples examples
test	bindings	bindings/check.sh
test	install	tests/install/run.sh
test	distribution	tests/install/distribution.sh
test	asan-unit	scripts/run_tests.sh asan asan-unit unit
test	asan-capi	scripts/run_tests.sh asan asan-capi capi
test	asan-real	tests/real/run.sh asan
test	asan-fake	scripts/run_tests.sh asan asan-fake fake
test	asan-cli	scripts/run_tests.sh asan asan-cli cli
step	clang	scripts/build.sh clang all pje_tests
test	tidy	scripts/tidy.sh
extra	compat-all	tests/compat/run.sh 57-117
extra	tsan-unit	scripts/run_tests.sh tsan tsan-unit unit
extra	tsan-capi	scripts/run_tests.sh tsan tsan-capi capi
extra	tsan-fake	scripts/run_tests.sh tsan tsan-fake fake
extra	tsan-stress	scripts/run_tests.sh tsan tsan-stress stress
extra	tsan-events	PJE_STRESS=100 GTEST_FILTER=Events.ExactlyOnce scripts/run_tests.sh tsan tsan-events stress
extra	tsan-process	scripts/run_tests.sh tsan tsan-process process
extra	tsan-real	tests/real/run.sh tsan
extra	tsan-planted	tests/planted/run.sh threads
extra	asan-stress	scripts/run_tests.sh asan asan-stress stress
'

HEARTBEAT=30
logs=$BUILD/check
mkdir -p "$logs"
# Test programs append to it; a full run starts it anew.
[ $# -gt 0 ] || : >"$BUILD/results.tsv"

passed=0 failed=0 skipped=0 red=0
table=

run_stage() {
	local name=$1 command=$2 log=$logs/$1.log started=$SECONDS pid ticks=0
	bash -c "$command" >"$log" 2>&1 &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		sleep 0.2
		ticks=$((ticks + 1))
		if [ -t 1 ]; then
			printf '\r\033[K%-14s %4d s  %.80s' "$name" $((SECONDS - started)) "$(tail -c 400 "$log" | tr '\r' '\n' | tail -n 1)"
		elif [ $((ticks % (HEARTBEAT * 5))) = 0 ]; then
			printf '   %s: %d s: %.100s\n' "$name" $((SECONDS - started)) "$(tail -n 1 "$log")"
		fi
	done
	wait $pid
	local status=$?
	[ -t 1 ] && printf '\r\033[K'
	seconds=$((SECONDS - started))
	return $status
}

judge_stage() {
	local kind=$1 name=$2 status=$3 closing numbers verdict=ok
	closing=$(tail -n 1 "$logs/$name.log" | grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$')
	if [ "$kind" != step ] && [ -z "$closing" ]; then
		verdict=FAILED
		closing='0 passed, 1 failed, 0 skipped'
	fi
	if [ -n "$closing" ]; then
		read -r -a numbers <<<"$closing"
		passed=$((passed + numbers[0])) failed=$((failed + numbers[2])) skipped=$((skipped + numbers[4]))
		[ "${numbers[2]}" = 0 ] && { [ "${numbers[0]}" -gt 0 ] || [ "$kind" = step ]; } || verdict=FAILED
	fi
	[ "$status" = 0 ] || verdict=FAILED
	if [ $verdict = FAILED ]; then
		red=$((red + 1))
		# A stage that went wrong without a failed test still counts as one.
		[ -n "$closing" ] && [ "${numbers[2]}" -gt 0 ] || failed=$((failed + 1))
		printf -- '---- %s (last lines; all of it: %s)\n' "$name" "${logs#"$ROOT"/}/$name.log"
		tail -n 60 "$logs/$name.log"
		printf -- '----\n'
	fi
	row=$(printf '%-14s %5d s  %-7s %s' "$name" "$seconds" "$verdict" "$closing")
	printf '%s\n' "$row"
	table="$table$row
"
}

wanted=" $* "
ran=0
while IFS=$'\t' read -r kind name command; do
	[ -n "$kind" ] || continue
	[ $# = 0 ] || [[ $wanted == *" $name "* ]] || continue
	[ $# = 0 ] && [ "$kind" = extra ] && continue
	[ -t 1 ] || printf '== %s\n' "$name"
	red_before=$red
	run_stage "$name" "$command"
	judge_stage "$kind" "$name" $?
	ran=$((ran + 1))
	# Nothing after a failed step can tell anything.
	[ "$kind" = step ] && [ $red -gt $red_before ] && [ $# = 0 ] && break
done <<<"$STAGES"

[ $ran -gt 0 ] || die "no such stage:$wanted"
printf '\n%s\n%d s in all\n' "$table" $SECONDS
printf '%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ $red = 0 ] && [ $failed = 0 ] && [ $passed -gt 0 ]
