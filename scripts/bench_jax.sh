#!/bin/sh
# Times JAX, from PyPI, beside the library and raw C. usage: bench_jax.sh [ARGUMENT OF jax_table.py]...
set -eu
. "$(dirname -- "$0")/common.sh"

JAX_VERSION=0.10.2
venv=$BUILD/venv-jax
if [ "$(cat "$venv/stamp" 2>/dev/null)" != "$JAX_VERSION" ]; then
	lock venv-jax
	say "making build/venv-jax with JAX $JAX_VERSION"
	rm -rf "$venv"
	/usr/bin/python3 -m venv "$venv" || die "/usr/bin/python3 cannot make a venv; run 'scripts/setup.sh build test' first"
	"$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "jax==$JAX_VERSION" ||
		die "pip could not install jax $JAX_VERSION (see above)"
	printf '%s' "$JAX_VERSION" >"$venv/stamp"
fi
"$ROOT/scripts/build.sh" release pjrt_easy pjrt_fake pje_bench
JAX_PLATFORMS=cpu "$venv/bin/python" "$ROOT/bench/jax_table.py" "$BUILD" --json "$BUILD/bench-jax.json" "$@"
say "written: $BUILD/bench-jax.json"
