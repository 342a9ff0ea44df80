#!/bin/sh
# The scenarios in Zig. usage: scenarios.sh build | run PLUGIN [REQUEST]...
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/env.sh"
out=$BUILD/bindings/zig/scenarios-$ZIG_VERSION
case ${1:-} in
build)
	cd "$here"
	zig build scenarios --prefix "$out"
	;;
run)
	shift
	exec "$out/bin/scenarios" "$@"
	;;
*)
	echo "usage: scenarios.sh build | run PLUGIN [REQUEST]..." >&2
	exit 2
	;;
esac
