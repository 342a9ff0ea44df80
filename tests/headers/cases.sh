#!/bin/bash
# The public header compiled alone and in parts, as every standard and both compilers see it; prints TAP.
# usage: cases.sh LIBRARY
set -u
cd "$(dirname -- "$0")/../.." || exit 1
library=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
count=0 failures=0

report() { # NAME STATUS DETAIL
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok $count - $1"
	else
		failures=$((failures + 1))
		echo "not ok $count - $1 # ${3//[$'\n'#]/ }"
	fi
}

# Every options struct is made from its macro, and every header stands alone.
cat >"$folder/all.inc" <<'SOURCE'
#include <pjrt_easy.h>
int main(void) {
SOURCE
for name in $(sed -n 's/^#define \(PJE_\([A-Z0-9_]*\)_OPTIONS_INIT\).*/\1/p' include/pjrt_easy/*.h); do
	type=$(echo "$name" | tr '[:upper:]' '[:lower:]' | sed 's/_init$//')
	echo "  $type ${type}_made = $name; static const $type ${type}_static = $name;"
	echo "  if (${type}_made.struct_size != sizeof($type) || ${type}_static.struct_size != sizeof($type)) return 1;"
done >>"$folder/all.inc"
{
	echo '  if (pje_version_number() != PJE_VERSION_NUMBER) return 1;'
	echo '  return 0;'
	echo '}'
} >>"$folder/all.inc"
cp "$folder/all.inc" "$folder/all.c"
cp "$folder/all.inc" "$folder/all.cc"
for header in include/pjrt_easy/*.h; do
	part=$(basename "$header" .h)
	printf '#include <pjrt_easy/%s.h>\n#include <pjrt_easy/%s.h>\nint main(void) { return 0; }\n' "$part" "$part" \
		>"$folder/part_$part.c"
	cp "$folder/part_$part.c" "$folder/part_$part.cc"
done

common='-Wall -Wextra -pedantic -Wconversion -Wshadow -Wundef -Werror -Iinclude -fsyntax-only'
for compiler in gcc clang-16; do
	for standard in c99 c11 c17 c++11 c++17 c++20; do
		case $compiler-$standard in
		gcc-c++*) program=g++ extra=-Wold-style-cast suffix=cc ;;
		clang-16-c++*) program=clang++-16 extra=-Wold-style-cast suffix=cc ;;
		*) program=$compiler extra='-Wstrict-prototypes -Wmissing-prototypes' suffix=c ;;
		esac
		# shellcheck disable=SC2086
		output=$($program -std=$standard $common $extra "$folder/all.$suffix" 2>&1)
		report "whole header $compiler $standard" $? "$output"
		output=
		status=0
		for file in "$folder"/part_*."$suffix"; do
			# shellcheck disable=SC2086
			output+=$($program -std=$standard $common $extra "$file" 2>&1) || status=1
		done
		report "each section alone $compiler $standard" $status "$output"
	done
	case $compiler in gcc) program=gcc ;; *) program=clang-16 ;; esac
	# No options struct has a hole that one compiler might fill with another's bytes.
	# shellcheck disable=SC2086
	output=$($program -std=c99 $common -Wpadded "$folder/all.c" 2>&1)
	report "no padding $compiler" $? "$output"
done
# Declarations after statements and C++98 concern no user of C99; the header is one of ours, not the system's.
for standard in c99 c++17; do
	suffix=c program=clang-16
	[ $standard = c99 ] || suffix=cc program=clang++-16
	# shellcheck disable=SC2086
	output=$($program -std=$standard $common -Weverything -Wno-declaration-after-statement -Wno-c++98-compat \
		-Wno-c++98-compat-pedantic -Wno-unsafe-buffer-usage -Wno-zero-as-null-pointer-constant \
		"$folder/all.$suffix" 2>&1)
	report "clang -Weverything $standard" $? "$output"
done

declared=$(scripts/gen_exports.py --list)
exported=$(nm -D --defined-only "$library" | awk '$2 != "A" { sub("@.*", "", $3); print $3 }' | sort)
nodes=$(nm -D --defined-only "$library" | awk '$2 == "A" { print $3 }')
difference=$(diff <(echo "$declared") <(echo "$exported") | grep '^[<>]')
[ -n "$declared" ] && [ "$declared" = "$exported" ]
report "exports are the $(echo "$declared" | wc -l) declared functions" $? "$difference"
case $nodes in PJRT_EASY_0.1 | PJRT_EASY_0.1@@PJRT_EASY_0.1) status=0 ;; *) status=1 ;; esac
report 'one version node besides' $status "$nodes"
output=$(scripts/gen_exports.py --check 2>&1)
report 'the export map is what the header declares' $? "$output"

output=$(tests/headers/outputs.py "$library" 2>"$folder/log")
report 'a refused call clears its outputs' $? "$output"

output=$(tests/headers/twins.py 2>&1)
report 'what blocks for long says so and has an _async twin' $? "$output"
# usage: expect_finding NAME EXPECTED SED-EXPRESSION: of a header with a fault
expect_finding() {
	rm -rf "$folder/faulty"
	cp -r include/pjrt_easy "$folder/faulty"
	sed -i -E "$3" "$folder"/faulty/*.h
	output=$(tests/headers/twins.py "$folder/faulty" 2>&1)
	[ $? = 1 ] && [ "$output" = "$2" ]
	report "$1" $? "$output"
}
expect_finding 'a blocking call without a twin is found' \
	'pje_loaded_executable_run: blocks, and there is no pje_loaded_executable_run_async' \
	's/pje_loaded_executable_run_async\(/pje_loaded_executable_run_later(/'
expect_finding 'a comment that does not tell is found' \
	'pje_topology_create: is made of PJRT_TopologyDescription_Create, but its comment does not say "Blocks"
blocking.tsv: pje_topology_create fits nothing any more' \
	's/May block for seconds/May take seconds/'
expect_finding 'a twin with other parameters is found' \
	'pje_buffer_to_host_async: expected the parameters of pje_buffer_to_host and then a pje_event **' \
	's/(pje_buffer_to_host_async\(pje_buffer \*buffer, void \*PJE_NULLABLE data,) size_t size/\1 int size/'
echo "1..$count"
[ $failures = 0 ]
