#!/bin/sh
# usage: cases.sh FOLDER: runs the built examples on the fake plugin; answers in TAP.
set -u
folder=$1
number=0

# usage: expect NAME PATTERN STATUS COMMAND...
expect() {
	name=$1 pattern=$2 wanted=$3
	shift 3
	number=$((number + 1))
	output=$(timeout 60 "$@" 2>&1)
	status=$?
	if [ $status = "$wanted" ] && printf '%s\n' "$output" | grep -Eq "$pattern"; then
		printf 'ok %d - %s\n' $number "$name"
	else
		printf 'not ok %d - %s # exit %d: %s\n' $number "$name" $status "$(printf '%s' "$output" | head -n 3)"
	fi
}

echo 1..8
for example in epoll libuv; do
	program=$folder/example_$example
	expect "$example, 10,000 runs" '^10000 runs in [0-9.]+ s: [0-9]+ a second$' 0 "$program" "$folder/libpjrt_fake.so"
	expect "$example, fewer than are kept in flight" '^3 runs in ' 0 "$program" "$folder/libpjrt_fake.so" 3
	expect "$example, no such plugin" '^pje_client_open: NOT_FOUND: ' 1 "$program" /nonexistent.so
	# The error of a run comes out of the queue.
	expect "$example, a run that fails" 'DATA_LOSS: gone$' 1 \
		env PJRT_FAKE='late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:gone' "$program" "$folder/libpjrt_fake.so"
done
