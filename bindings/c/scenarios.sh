#!/bin/sh
# The scenarios in C. usage: scenarios.sh build | run PLUGIN [REQUEST]...
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=${BUILD:-$here/../../build}/bindings/c/scenarios
case ${1:-} in
build)
	mkdir -p "$(dirname -- "$program")"
	# shellcheck disable=SC2046
	cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 -g "$here"/*.c -o "$program" \
		$(pkg-config --cflags --libs pjrt_easy) -lpthread -lm
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
