#!/bin/sh
# usage: cases.sh FOLDER: runs the built examples on the fake plugin and on XLA's CPU plugin; answers in TAP.
set -u
folder=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$(dirname -- "$here")")
fake=$folder/libpjrt_fake.so
cpu=$root/build/plugins/cpu-115/libpjrt_cpu.so
export TF_CPP_MIN_LOG_LEVEL=2
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

# usage: prints NAME PLUGIN [ARGUMENT]...: what the example prints is expected/NAME.txt, which its twins in other languages print too.
prints() {
	name=$1
	shift
	number=$((number + 1))
	output=$(timeout 60 "$folder/example_$name" "$@" 2>&1)
	status=$?
	if [ $status = 0 ] && [ "$output" = "$(cat "$here/expected/$name.txt")" ]; then
		printf 'ok %d - %s on %s\n' $number "$name" "$(basename -- "$1")"
	else
		printf 'not ok %d - %s on %s # exit %d: %s\n' $number "$name" "$(basename -- "$1")" $status "$(printf '%s' "$output" | head -n 3)"
	fi
}

for plugin in "$fake" "$cpu"; do
	prints basic "$plugin" "$root/bindings/programs/add_one.mlir"
	for example in elements compile_options event execute_context kv_store memory memory_layout multi_device device_assignment \
		async_transfer; do
		prints $example "$plugin"
	done
done
model=$root/tests/programs/mlp_mnist
prints classify "$cpu" "$model/program.mlir" "$model/in0.npy" "$model/in1.npy" "$model/in2.npy" "$model/in3.npy" \
	"$model/in4.npy" "$model/in5.npy" "$model/in6.npy"
expect "classify, no such file" '^pje_array_load_npy: NOT_FOUND: ' 1 "$folder/example_classify" "$cpu" "$model/program.mlir" missing.npy
expect "basic, no such plugin" '^pje_client_open: NOT_FOUND: ' 1 "$folder/example_basic" /nonexistent.so \
	"$root/bindings/programs/add_one.mlir"

for example in epoll libuv; do
	program=$folder/example_$example
	expect "$example, 10,000 runs" '^10000 runs in [0-9.]+ s: [0-9]+ a second$' 0 "$program" "$fake"
	expect "$example, fewer than are kept in flight" '^3 runs in ' 0 "$program" "$fake" 3
	expect "$example, no such plugin" '^pje_client_open: NOT_FOUND: ' 1 "$program" /nonexistent.so
	# The error of a run comes out of the queue.
	expect "$example, a run that fails" 'DATA_LOSS: gone$' 1 \
		env PJRT_FAKE='late_error=PJRT_LoadedExecutable_Execute:DATA_LOSS:gone' "$program" "$fake"
done
echo 1..$number
