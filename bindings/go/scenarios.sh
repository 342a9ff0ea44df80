#!/bin/sh
# The scenarios in Go. usage: scenarios.sh build | run PLUGIN [REQUEST]...
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/env.sh"
program=$BUILD/bindings/go/scenarios
case ${1:-} in
build)
	cd "$here"
	"$GO" build -o "$program" ./scenarios
	;;
run)
	shift
	exec "$program" "$@"
	;;
*)
	echo "usage: scenarios.sh build | run PLUGIN [REQUEST]..." >&2
	exit 2
	;;
esac
