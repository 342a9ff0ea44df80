#!/bin/bash
# The cases of distribution.sh, as TAP: sources without .git, the system's flags, generator and shared protobuf.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
work=${BUILD:-$root/build}/distribution
# One path for every run, so that a compiler cache can help.
rm -rf "$work"
mkdir -p "$work/source"
cd "$root" || exit 1

number=0
report() {
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number - $1"
	else
		tail -n 40 "$work/output" | sed 's/^/   /'
		echo "not ok $number - $1"
	fi
}

git ls-files -z --cached --others --exclude-standard -- . ':!tests/programs' | xargs -0 -r ls -d 2>/dev/null |
	tar -cf - --no-recursion -T - | tar -xf - -C "$work/source"
eval "$(dpkg-buildflags --export=sh)"
cd "$work" || exit 1
cmake -S source -B b -DCMAKE_BUILD_TYPE=None -DCMAKE_INSTALL_PREFIX=/usr -DPJE_SYSTEM_PROTOBUF=ON \
	-DPJE_DEPS_DIR=/nonexistent >"$work/output" 2>&1 && grep -q '^PJE_WERROR:BOOL=OFF$' b/CMakeCache.txt
report "a release tree configures with plain cmake, and warnings are no errors there" $?
cmake --build b -j "${JOBS:-$(nproc)}" >"$work/output" 2>&1
report "and builds with the distribution's flags" $?
readelf -d b/libpjrt_easy.so 2>&1 | tee "$work/output" | grep -q 'NEEDED.*libprotobuf\.so'
report "and links the system's protobuf" $?
DESTDIR=$work/stage cmake --install b >"$work/output" 2>&1
libdir=$work/stage/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
[ -e "$libdir/libpjrt_easy.so.0" ] && grep -qx 'prefix=/usr' "$libdir/pkgconfig/pjrt_easy.pc" 2>>"$work/output"
report "and installs into the multiarch folder with an absolute prefix" $?
! readelf -d "$work/stage/usr/bin/pjrt-easy" 2>&1 | tee "$work/output" | grep -E '\((RUN|R)PATH\)'
report "and leaves no search path in the command" $?
LD_LIBRARY_PATH=$libdir "$work/stage/usr/bin/pjrt-easy" info --plugin "$libdir/pjrt_easy/libpjrt_fake.so" >"$work/output" 2>&1
report "and the installed command runs" $?
cd "$root" && cmake -S "$work/source" -B "$work/none" -DPJE_DEPS_DIR=/nonexistent >"$work/output" 2>&1
[ $? = 1 ] && grep -q 'run scripts/build_protobuf.sh' "$work/output"
report "without any protobuf configuring says what to do" $?
echo "1..$number"
