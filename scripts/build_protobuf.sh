#!/bin/sh
# Builds protobuf's runtime as a static, position-independent library with hidden symbols into build/deps.
# Debian's own libprotobuf.a is not position-independent, so it cannot go into a shared library.
# The source is Debian's source package of the installed protoc, so headers and generator agree.
set -eu
. "$(dirname -- "$0")/common.sh"

DEPS=$BUILD/deps
CXX_FLAGS='-O2 -DNDEBUG -fno-gnu-unique -ffunction-sections -fdata-sections -fstack-protector-strong'
JOBS=${JOBS:-$(nproc)}

version=$(dpkg-query -W -f '${source:Version}' protobuf-compiler 2>/dev/null) ||
	die "protobuf-compiler is not installed; run 'scripts/setup.sh build' first"
stamp="protobuf $version; $CXX_FLAGS; no zlib"

up_to_date() { [ -f "$DEPS/lib/libprotobuf.a" ] && [ "$(cat "$DEPS/stamp" 2>/dev/null)" = "$stamp" ]; }
up_to_date && exit 0
lock build_protobuf
up_to_date && exit 0

work=$BUILD/deps.work
rm -rf "$work"
mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/apt/parts"

# The machine's own sources with the type changed, in lists of ours: the machine's lists stay untouched.
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
	[ -f "$file" ] && sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$file"
done >"$work/apt/parts/ours.list"
for file in /etc/apt/sources.list.d/*.sources; do
	[ -f "$file" ] || continue
	sed 's/^[Tt]ypes:.*/Types: deb-src/' "$file" >"$work/apt/parts/$(basename -- "$file")"
done

apt_ours() {
	apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/apt/parts" \
		-o "Dir::State::lists=$work/apt/lists" -o "Dir::Cache=$work/apt/cache" \
		-o APT::Sandbox::User=root -o Debug::NoLocking=1 "$@"
}

say "protobuf $version: fetching Debian's source package"
apt_ours update || die "apt-get could not read the source package lists (see above); check the machine's apt sources"
(cd "$work" && apt_ours source --download-only "protobuf=$version") ||
	die "the source package protobuf $version is not in the machine's apt sources"
(cd "$work" && dpkg-source --no-check -x ./protobuf_*.dsc source >dpkg-source.log 2>&1) ||
	{ cat "$work/dpkg-source.log" >&2; die "the source package could not be unpacked"; }

say "protobuf $version: building (about 90 s on 2 cores, once)"
launcher=
command -v ccache >/dev/null 2>&1 && launcher=-DCMAKE_CXX_COMPILER_LAUNCHER=ccache
# shellcheck disable=SC2086
cmake -S "$work/source" -B "$work/build" -G Ninja $launcher \
	-DCMAKE_BUILD_TYPE=None "-DCMAKE_CXX_FLAGS=$CXX_FLAGS -ffile-prefix-map=$work/source=protobuf" \
	-DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_CXX_VISIBILITY_PRESET=hidden \
	-DCMAKE_VISIBILITY_INLINES_HIDDEN=ON -Dprotobuf_BUILD_TESTS=OFF \
	-Dprotobuf_BUILD_PROTOC_BINARIES=OFF -Dprotobuf_BUILD_SHARED_LIBS=OFF -Dprotobuf_WITH_ZLIB=OFF \
	>"$work/configure.log" 2>&1 || { cat "$work/configure.log" >&2; die "protobuf could not be configured"; }
export NINJA_STATUS='[%f/%t %es] '
logged "$work/ninja.log" nice ninja -C "$work/build" -j "$JOBS" libprotobuf.a || die "protobuf did not compile (see above)"

mkdir -p "$work/deps/lib" "$work/deps/include"
mv "$work/build/libprotobuf.a" "$work/deps/lib/"
(cd "$work/source/src" && find google/protobuf \( -name '*.h' -o -name '*.inc' -o -name '*.proto' \) \
	-not -path '*/compiler/*' -not -name '*unittest*' -not -name '*test*' -print0 |
	xargs -0 cp --parents -t "$work/deps/include")
printf '%s' "$stamp" >"$work/deps/stamp"
rm -rf "$DEPS"
mv "$work/deps" "$DEPS"
rm -rf "$work"
say "protobuf $version: done, in build/deps"
