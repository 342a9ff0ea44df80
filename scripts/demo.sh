#!/bin/sh
# Runs two programs exported from JAX through build/pjrt-easy and judges what they wrote. Needs `make` and `make plugins`.
set -eu
. "$(dirname -- "$0")/common.sh"

"$ROOT/scripts/venv.sh"
cd "$ROOT"
status=0

# usage: demonstrate PROGRAM TITLE
demonstrate() {
	program=tests/programs/$1
	out=$BUILD/demo/$1
	rm -rf "$out"
	mkdir -p "$out"
	set -- "$1" "$2" run --plugin cpu "$program/program.mlir"
	for file in $(sed -n 's/^in [0-9]* [^ ]* [^ ]* \([^ ]*\).*/\1/p' "$program/meta.txt"); do
		set -- "$@" --input "$program/$file"
	done
	for index in $(sed -n 's/^out \([0-9]*\) .*/\1/p' "$program/meta.txt"); do
		set -- "$@" --output "$out/out$index.npy"
	done
	name=$1
	say "$name: $2"
	shift 2
	started=$(date +%s%N)
	if ! "$BUILD/pjrt-easy" "$@"; then
		say "$name: FAILED: pjrt-easy run did not succeed (see above)"
		status=1
		return
	fi
	milliseconds=$((($(date +%s%N) - started) / 1000000))
	"$BUILD/venv/bin/python" tests/compare.py --program "$program" --outputs "$out/out%o.npy" || {
		say "$name: FAILED: outputs differ from the expected ones"
		status=1
	}
	say "$name: $((milliseconds / 1000)).$(printf '%03d' $((milliseconds % 1000))) s (load, compile, run, write)"
}

demonstrate gpt2_small "a transformer of GPT-2-small's shape: 12 layers, 50257 words"
demonstrate train_step_sgd "one training step: forward, backward, update"

if [ $status = 0 ]; then
	say "all outputs agree with JAX's. Next: build/pjrt-easy run --help, and README.md"
else
	say "the demo FAILED"
fi
exit $status
