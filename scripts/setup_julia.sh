#!/bin/sh
# Sees to a Julia that works, and writes build/deps/julia/julia, which starts it. usage: setup_julia.sh
# A Julia of 1.5 or later on the path, or named by JULIA, is used as it is. Debian stopped packaging it: then the newest
# release that has it is read beside the machine's own sources, from the archive these name, at a priority so low that
# nothing but Julia and what only that release has comes from it. The machine's apt configuration stays as it is.
set -eu
. "$(dirname -- "$0")/common.sh"

WITH_JULIA=bullseye
PLACE=$BUILD/deps/julia
START=$PLACE/julia

# Later libunwinds end Debian's Julia at the first exception; an exception is therefore part of the question.
usable() {
	"$@" --startup-file=no -e 'try error() catch end; exit(VERSION >= v"1.5" ? 0 : 1)' >/dev/null 2>&1
}

write_start() { # usage: write_start PROGRAM [libraries]: with libraries, those beside it come before the system's
	mkdir -p "$PLACE"
	{
		echo '#!/bin/sh'
		[ -z "${2:-}" ] || {
			printf '%s\n' 'here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd)'
			printf '%s\n' 'export LD_LIBRARY_PATH="$here${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"'
		}
		printf 'exec %s "$@"\n' "$1"
	} >"$START.new"
	chmod 755 "$START.new"
	mv "$START.new" "$START"
}

[ ! -x "$START" ] || ! usable "$START" || exit 0
lock setup
[ ! -x "$START" ] || ! usable "$START" || exit 0
if usable "${JULIA:-julia}"; then
	write_start "$(command -v "${JULIA:-julia}")"
	exit 0
fi
[ -z "${JULIA:-}" ] || die "JULIA names '$JULIA', which is not a Julia of 1.5 or later that works"
command -v apt-get >/dev/null 2>&1 || die "this needs apt-get; on other systems install Julia 1.5 or later, or set JULIA"

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || die "Julia is missing; not root and no sudo: install Julia 1.5 or later, or set JULIA"
	as_root=sudo
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# apt reads its lists and keys as a user of its own.
chmod 755 "$folder"
mkdir -p "$folder/sources" "$folder/preferences" "$folder/lists/partial"
cp -p /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list "$folder/sources/" 2>/dev/null || :
cp -p /etc/apt/preferences.d/* "$folder/preferences/" 2>/dev/null || :

# The security archive has no whole releases: it is told apart by its label.
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sort -u | head -n 1)
[ -n "$archive" ] || die "apt knows no Debian archive (apt-get indextargets, Origin: Debian); install Julia 1.5 or later, or set JULIA"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
signed_by=
[ ! -f $keyring ] || signed_by="[signed-by=$keyring] "
printf 'deb %s%s %s main\n' "$signed_by" "$archive" $WITH_JULIA >"$folder/sources/pjrt_easy-julia.list"
printf 'Package: *\nPin: release n=%s\nPin-Priority: 100\n' $WITH_JULIA >"$folder/preferences/pjrt_easy-julia"

set -- -o "Dir::Etc::sourceparts=$folder/sources" -o "Dir::Etc::preferencesparts=$folder/preferences" \
	-o "Dir::State::lists=$folder/lists" -o Dpkg::Use-Pty=0
mkdir -p "$PLACE"
say "installing Julia from Debian's $WITH_JULIA with apt${as_root:+ (through sudo)}"
logged "$BUILD/setup_julia.log" $as_root apt-get -q "$@" update ||
	die "apt-get update with $WITH_JULIA added failed (see above)"
logged "$BUILD/setup_julia.log" $as_root env DEBIAN_FRONTEND=noninteractive \
	apt-get -q -y --no-install-recommends "$@" install julia || die "apt-get install julia failed (see above)"
if usable julia; then
	write_start "$(command -v julia)"
else
	# The one it was built with goes beside it, for it alone.
	(cd "$folder" && logged "$BUILD/setup_julia.log" apt-get -q "$@" download "libunwind8/$WITH_JULIA" && dpkg-deb -x libunwind8_*.deb unpacked) ||
		die "libunwind8 of $WITH_JULIA could not be fetched (see above)"
	cp -P "$folder"/unpacked/usr/lib/*/libunwind*.so.8* "$PLACE/"
	write_start "$(command -v julia)" libraries
fi
usable "$START" || die "Julia was installed but does not work: $("$START" --version 2>&1 | head -n 1)"
say "installed $("$START" --version)"
