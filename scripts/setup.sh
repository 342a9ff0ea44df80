#!/bin/sh
# Installs the Debian packages that are missing. usage: setup.sh [GROUP]...   (default: build test)
# Needs nothing but /bin/sh, dpkg and apt; says what it does; installs nothing twice.
set -eu
. "$(dirname -- "$0")/common.sh"

# group	why	packages
GROUPS_TABLE='
build	compiler and build system	build-essential cmake ninja-build pkg-config git ca-certificates
build	code generation	python3 protobuf-compiler libprotobuf-dev zlib1g-dev
build	protobuf from its source package	dpkg-dev
build	the command line tool	libcli11-dev libfmt-dev nlohmann-json3-dev
build	plugins from pip, in a venv	python3-venv
test	test frameworks	libcmocka-dev libgtest-dev libgmock-dev
test	one of the examples	libuv1-dev
test	counting instructions	valgrind
test	second compiler, sanitizers, tidy	clang-16 libclang-rt-16-dev clang-tidy-16 clang-format-16
bench	timing of single calls	libbenchmark-dev
'

[ $# -gt 0 ] || set -- build test
packages=
for group; do
	of_group=$(printf '%s' "$GROUPS_TABLE" | sed -n "s/^$group	[^	]*	//p")
	[ -n "$of_group" ] || die "unknown group '$group'; known are: $(printf '%s' "$GROUPS_TABLE" | sed '/^$/d; s/	.*//' | sort -u | tr '\n' ' ')"
	packages="$packages $of_group"
done

# dpkg-query prints a line per package that it knows; whatever is not "installed" is missing.
missing=
# shellcheck disable=SC2086
installed=" $(dpkg-query -W -f '${binary:Package}:${db:Status-Status}\n' $packages 2>/dev/null |
	sed -n 's/^\([^:]*\).*:installed$/\1/p' | tr '\n' ' ')"
for package in $packages; do
	case $installed in
	*" $package "*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null 2>&1 || die "this needs apt-get; on other systems install the counterparts of:$missing"
as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || die "missing:$missing; not root and no sudo: as root, run apt-get install$missing"
	as_root="sudo"
fi

say "installing what is missing with apt${as_root:+ (through sudo)}:$missing"
$as_root apt-get -qq update || die "apt-get update failed (see above); check the machine's network and apt sources"
mkdir -p "$BUILD"
# shellcheck disable=SC2086
logged "$BUILD/setup.log" $as_root env DEBIAN_FRONTEND=noninteractive \
	apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 install $missing ||
	die "apt-get install$missing failed (see above)"
say "installed"
