#!/bin/sh
# Brings what the CUDA plugin compiles with into build/plugins/cuda-tools, pinned by sha256: its assembler and linker,
# and the bitcode of the mathematical functions.
set -eu
. "$(dirname -- "$0")/../../scripts/common.sh"
folder=$BUILD/plugins/cuda-tools
pins='nvidia-cuda-nvcc==13.5.37 --hash=sha256:f5c4f7ead5d964fb4af42bbf1e6d3ec3c1e6e9d83b53749f691d387e7fcaa3a7
nvidia-nvvm==13.5.37 --hash=sha256:c41bfa362e407405163f103c2229f0765f8cc2ed7d148b754dc77f228bf7e070'
[ "$(cat "$folder/stamp" 2>/dev/null)" = "$pins" ] && exit 0
work=$BUILD/plugins/.cuda-tools
say "tools of CUDA: fetching"
rm -rf "$work" "$folder"
mkdir -p "$work/done/bin" "$work/done/nvvm/libdevice"
printf '%s\n' "$pins" >"$work/requirements.txt"
"$BUILD/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
	-d "$work" -r "$work/requirements.txt" || die "the tools could not be fetched, or have another sha256"
for wheel in "$work"/*.whl; do /usr/bin/python3 -m zipfile -e "$wheel" "$work/tree"; done
for file in bin/ptxas bin/nvlink nvvm/libdevice/libdevice.10.bc; do
	cp "$work/tree/nvidia/cu13/$file" "$work/done/$file"
done
chmod +x "$work/done/bin"/*
printf '%s' "$pins" >"$work/done/stamp"
mv "$work/done" "$folder"
rm -rf "$work"
