#!/bin/sh
# The cases of run.sh, as TAP: each runs in a shell of its own, whose output is shown when it fails.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
build=${BUILD:-$root/build}
work="$build/install test" # a space, on purpose
stage="$work/stage one"
prefix=/opt/pjrt_easy
tree=$stage$prefix
cd "$root" || exit 1
rm -rf "$work"
mkdir -p "$work"

number=0
check() {
	number=$((number + 1))
	if (set -e && "$2") >"$work/output" 2>&1; then
		echo "ok $number - $1"
	else
		sed 's/^/   /' "$work/output"
		echo "not ok $number - $1"
	fi
}
# Under `set -e` in an if condition nothing stops, so every step says so itself.
fail() { echo "$*" && exit 1; }
with_pkg_config() { env "PKG_CONFIG_PATH=$1/lib/pkgconfig" pkg-config pjrt_easy "$2" "${3:-}"; }

installs() {
	make install "PREFIX=$prefix" "DESTDIR=$stage" || fail "make install failed"
	for file in lib/libpjrt_easy.so lib/libpjrt_easy.so.0 lib/libpjrt_easy.so.0.1.0 lib/pkgconfig/pjrt_easy.pc \
		lib/cmake/pjrt_easy/pjrt_easyConfig.cmake lib/cmake/pjrt_easy/pjrt_easyConfigVersion.cmake \
		lib/pjrt_easy/libpjrt_fake.so include/pjrt_easy.h bin/pjrt-easy; do
		[ -e "$tree/$file" ] || fail "$file is not installed"
	done
	for header in include/pjrt_easy/*.h; do
		cmp "$header" "$tree/$header" || fail "$header is not installed"
	done
}

refuses_relative_prefix() {
	if make install PREFIX=relative "DESTDIR=$work/none" >"$work/refused" 2>&1; then fail "PREFIX=relative was accepted"; fi
	grep -q 'must be an absolute path' "$work/refused" || fail "$(cat "$work/refused")"
	[ ! -e "$work/none" ] || fail "something was installed"
}

# usage: build_with_pkg_config TREE OUTPUT
build_with_pkg_config() {
	version=$(with_pkg_config "$1" --modversion) || fail "pkg-config does not find pjrt_easy"
	flags=$(with_pkg_config "$1" --cflags --libs) || fail "pkg-config gives no flags"
	eval "cc -std=c99 -Wall -Wextra -pedantic -Werror '-DEXPECTED_VERSION=\"$version\"' \
		tests/install/consumer/consumer.c -o '$2' $flags '-Wl,-rpath,$1/lib'" || fail "the consumer does not compile"
}

pkg_config_consumer() {
	build_with_pkg_config "$tree" "$work/consumer"
	"$work/consumer" "$tree/lib/pjrt_easy/libpjrt_fake.so" || fail "the consumer does not run"
}

readme_example() {
	sed -n '/^```c$/,/^```$/p' README.md | sed '/^```/d' >"$work/example.c"
	grep -q 'int main' "$work/example.c" || fail "README.md holds no C program"
	flags=$(with_pkg_config "$tree" --cflags --libs) || fail "pkg-config gives no flags"
	eval "cc -std=c99 -Wall -Wextra -pedantic -Werror '$work/example.c' -o '$work/example' $flags '-Wl,-rpath,$tree/lib'" ||
		fail "the example does not compile"
	program=tests/programs/add1_f32
	PJE_PLUGIN_PATH=$build/plugins "$work/example" $program/program.mlir $program/in0.npy "$work/out0.npy" ||
		fail "the example does not run"
	"$build/venv/bin/python" tests/compare.py --program $program --outputs "$work/out%o.npy" || fail "its result is wrong"
	if "$work/example" nowhere.mlir $program/in0.npy "$work/none.npy" 2>"$work/refused"; then fail "it ran without a program"; fi
	[ "$(wc -l <"$work/refused")" = 1 ] || fail "expected one line: $(cat "$work/refused")"
}

cmake_consumer() {
	cmake -S tests/install/consumer -B "$work/consumer-build" -G Ninja "-DCMAKE_PREFIX_PATH=$tree" || fail "find_package"
	grep -q "install test/stage one" "$work/consumer-build/CMakeCache.txt" || fail "another pjrt_easy was found"
	cmake --build "$work/consumer-build" || fail "the consumer does not compile"
	"$work/consumer-build/consumer" "$tree/lib/pjrt_easy/libpjrt_fake.so" || fail "the consumer does not run"
}

moved_tree() {
	cp -a "$tree" "$work/elsewhere"
	"$work/elsewhere/bin/pjrt-easy" info --plugin "$work/elsewhere/lib/pjrt_easy/libpjrt_fake.so" --json ||
		fail "the moved command does not run"
	readelf -d "$work/elsewhere/bin/pjrt-easy" | grep -q 'R.*PATH.*\[\$ORIGIN/../lib\]' || fail "RUNPATH is not \$ORIGIN/../lib"
	build_with_pkg_config "$work/elsewhere" "$work/consumer-elsewhere"
	"$work/consumer-elsewhere" "$work/elsewhere/lib/pjrt_easy/libpjrt_fake.so" || fail "the consumer does not run"
	"$work/elsewhere/bin/pjrt-easy" --help >/dev/null || fail "--help"
}

exports_are_the_declared_functions() {
	scripts/gen_exports.py --list >"$work/declared"
	nm -D --defined-only "$tree/lib/libpjrt_easy.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/exported"
	LC_ALL=C sort "$work/declared" -o "$work/declared"
	LC_ALL=C sort "$work/exported" -o "$work/exported"
	diff "$work/declared" "$work/exported" || fail "exports (>) differ from declarations (<)"
	nm -D --defined-only "$tree/lib/libpjrt_easy.so" | grep -v '@@PJRT_EASY_0.1$' | grep -v ' A PJRT_EASY_0.1$' &&
		fail "a symbol without the version"
	echo "$(wc -l <"$work/declared") functions"
}

hardened() {
	library=$tree/lib/libpjrt_easy.so
	readelf -dW "$library" >"$work/dynamic"
	grep -q 'SONAME.*\[libpjrt_easy\.so\.0\]' "$work/dynamic" || fail "soname is not libpjrt_easy.so.0"
	grep -q 'TEXTREL' "$work/dynamic" && fail "text relocations"
	grep -q 'R.*PATH' "$work/dynamic" && fail "the library has a search path"
	grep -qE '\(FLAGS_1\).* NOW' "$work/dynamic" || fail "symbols are not bound at load"
	grep -qE '\(FLAGS_1\).* NODELETE' "$work/dynamic" || fail "dlclose would unload the library"
	readelf -lW "$library" | grep -E 'GNU_STACK.*RWE|LOAD.*RWE' && fail "writable and executable"
	readelf -lW "$library" | grep -q GNU_RELRO || fail "no RELRO"
	needed=$(sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' "$work/dynamic" | grep -vE '^(libc|libm|libstdc\+\+|libgcc_s|ld-linux.*)\.so' || true)
	[ -z "$needed" ] || fail "needs $needed"
	strings -a "$library" | grep -F "$root" && fail "holds the path it was built in"
	true
}

check "make install into a staging folder with a space in its name" installs
check "a relative PREFIX is refused with one clear line" refuses_relative_prefix
check "a C99 consumer builds with pkg-config and runs" pkg_config_consumer
check "the example of the README builds with pkg-config and runs on the CPU plugin" readme_example
check "a consumer builds with find_package and runs" cmake_consumer
check "the installed tree works after being moved" moved_tree
check "the library exports exactly the declared functions, all versioned" exports_are_the_declared_functions
check "the library is hardened and needs only the C and C++ runtimes" hardened
echo "1..$number"
