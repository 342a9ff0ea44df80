#!/bin/sh
# usage: compile.sh PKG_CONFIG OUTPUT LIBDIR COMPILER FLAG... -- FILE...
# Compiles one C test with what pkg-config says about the installed library.
set -eu
pkg_config=$1 output=$2 libdir=$3
shift 3

# pkg-config quotes for the shell, hence eval; a flag with quotes in it is quoted again first.
command=
files=
for argument; do
	case $argument in
	--) files=yes && continue ;;
	*.h) continue ;;
	esac
	if [ "$files" = yes ]; then
		command="$command $("$pkg_config" --cflags pjrt_easy cmocka)"
		files=started
	fi
	command="$command '$argument'"
done
eval "$command $("$pkg_config" --libs pjrt_easy cmocka) -lpthread -lm -o '$output' '-Wl,-rpath,$libdir'"
