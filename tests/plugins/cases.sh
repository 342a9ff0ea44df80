#!/bin/sh
# The cases of run.sh, as TAP. The smallest wheel stands for all.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
build=${BUILD:-$root/build}
work=$build/plugin-lock-test
rm -rf "$work"
mkdir -p "$work/plugins/cpu-81"
ln -s "$build/venv" "$work/venv"

number=0
report() {
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number - $1"
	else
		sed 's/^/   /' "$work/output"
		echo "not ok $number - $1"
	fi
}
fetch() { BUILD=$work PLUGINS_LOCK=$1 "$root/scripts/fetch_plugins.sh" cpu >"$work/output" 2>&1; }

grep '^cpu-81' "$root/scripts/plugins.lock" >"$work/right.lock"
awk 'BEGIN { FS = OFS = "\t" } { $3 = "00000000" substr($3, 9); print }' "$work/right.lock" >"$work/tampered.lock"

# What an earlier lock brought must not survive a refusal.
echo old >"$work/plugins/cpu-81/libpjrt_cpu.so"
fetch "$work/tampered.lock"
[ $? = 1 ]
report "a wrong sha256 ends with exit 1" $?
grep -q '^fetch_plugins.sh: cpu-81: .* REFUSED: the sha256 is not the one in tampered.lock; deleted, nothing was unpacked$' "$work/output"
report "and says what was refused and why" $?
[ ! -e "$work/plugins/cpu-81" ] && [ -z "$(find "$work/plugins" -name '*.whl' -o -name '*.so')" ]
report "and leaves nothing behind" $?

fetch "$work/right.lock" && nm -D --defined-only "$work/plugins/cpu-81/libpjrt_cpu.so" | grep -q ' GetPjrtApi\>'
report "the right sha256 gives a library that exports GetPjrtApi" $?
fetch "$work/right.lock" && [ ! -s "$work/output" ]
report "what is there is not fetched again" $?
fetch "$work/tampered.lock"
[ $? = 1 ] && [ ! -e "$work/plugins/cpu-81" ]
report "a lock that changed later removes what was fetched before" $?
rm -rf "$work"
echo "1..$number"
