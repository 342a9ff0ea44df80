#!/bin/sh
# The plugins of TPUs and GPUs without the hardware: fetched (large), asked, and made to compile ahead of time.
# What they answered goes to build/real-plugins.md; docs/real-plugins.md keeps the last report. usage: run.sh [--update]
set -eu
cd "$(dirname -- "$0")/../.."
ROOT=$PWD
BUILD=${BUILD:-$PWD/build}
export BUILD
scripts/fetch_plugins.sh all
tests/real_all/fetch_cuda_tools.sh
scripts/build.sh release real_all_aot
report=$BUILD/real-plugins.md
{
	printf '# Plugins of accelerators, without the hardware\n\n'
	printf 'Written by `make check-real-all`: do not edit. Programs are those of `tests/programs`.\n'
} >"$report"

# usage: ask KIND FOLDER TITLE
ask() {
	printf '\n## %s\n\n| what | answer |\n|---|---|\n' "$3" >>"$report"
	scripts/summarize.py --timeout 600 "real-all-$1" tap \
		"'$BUILD/real_all_aot' '$1' '$BUILD/plugins/$2/libpjrt_$1.so' '$ROOT/tests/programs' '$report'" ||
		failed=yes
}

failed=
export TF_CPP_MIN_LOG_LEVEL=3
# libtpu keeps a lock file, so that no two processes use one TPU.
ALLOW_MULTIPLE_LIBTPU_LOAD=1 ask tpu tpu-116 'TPU: libtpu 0.0.51, topology v5e:2x2' >"$BUILD/real-all-tpu.log" 2>&1
PATH=$BUILD/plugins/cuda-tools/bin:$PATH XLA_FLAGS="--xla_gpu_cuda_data_dir=$BUILD/plugins/cuda-tools" \
	ask cuda cuda-116 'CUDA: jax-cuda13-pjrt 0.12.0.1, topology of four H100' \
	>"$BUILD/real-all-cuda.log" 2>&1
cat "$BUILD/real-all-tpu.log" "$BUILD/real-all-cuda.log"
if [ "${1:-}" = --update ]; then cp "$report" docs/real-plugins.md; fi
awk '/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p += $1; f += $3; s += $5 }
	END { printf "%d passed, %d failed, %d skipped\n", p, f, s }' "$BUILD/real-all-tpu.log" "$BUILD/real-all-cuda.log"
[ -z "$failed" ]
