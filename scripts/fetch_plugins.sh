#!/bin/sh
# Brings the real PJRT plugins of scripts/plugins.lock into build/plugins/<folder>/.
# usage: fetch_plugins.sh [cpu|all]      PLUGINS_LOCK names another lock file.
set -eu
. "$(dirname -- "$0")/common.sh"

wanted_set=${1:-cpu}
LOCK=${PLUGINS_LOCK:-$ROOT/scripts/plugins.lock}
PLUGINS=$BUILD/plugins
TAB=$(printf '\t')

[ "$wanted_set" = cpu ] || [ "$wanted_set" = all ] || die "unknown set '$wanted_set': cpu or all"
[ "$(uname -m)" = x86_64 ] || die "the pinned plugins are x86-64 only and this machine is $(uname -m); give pjrt-easy your own plugin with --plugin PATH"

rows() {
	grep -v '^#' "$LOCK" | while IFS=$TAB read -r folder package sha256 minor set name; do
		if [ "$wanted_set" = all ] || [ "$set" = cpu ]; then
			printf '%s\t%s\t%s\t%s\t%s\n' "$folder" "$package" "$sha256" "$minor" "$name"
		fi
	done
}

complete() { [ "$(cat "$PLUGINS/$1/stamp" 2>/dev/null)" = "$2 $3" ] && [ -e "$PLUGINS/$1/libpjrt_$4.so" ]; }

missing() {
	rows | while IFS=$TAB read -r folder package sha256 minor name; do
		complete "$folder" "$package" "$sha256" "$name" || printf '%s\n' "$folder"
	done
}

fetch() {
	folder=$1 package=$2 sha256=$3 minor=$4 name=$5
	say "$folder: fetching $package (PJRT 0.$minor)"
	rm -rf "${PLUGINS:?}/$folder" "$work"
	mkdir -p "$work/wheel" "$work/$folder"
	printf '%s --hash=sha256:%s\n' "$package" "$sha256" >"$work/requirements.txt"
	if ! "$BUILD/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
		--require-hashes -d "$work/wheel" -r "$work/requirements.txt" 2>"$work/pip.log"; then
		sed 's/^/   pip: /' "$work/pip.log" >&2
		reason="could not be fetched"
		grep -q 'DO NOT MATCH THE HASHES' "$work/pip.log" &&
			reason="REFUSED: the sha256 is not the one in $(basename -- "$LOCK"); deleted, nothing was unpacked"
		rm -rf "$work"
		die "$folder: $package $reason"
	fi
	wheel=$(find "$work/wheel" -name '*.whl')
	if [ "$(sha256sum "$wheel" | cut -d' ' -f1)" != "$sha256" ]; then
		rm -rf "$work"
		die "$folder: $package REFUSED: the sha256 is not the one in $(basename -- "$LOCK"); deleted, nothing was unpacked"
	fi
	/usr/bin/python3 -m zipfile -e "$wheel" "$work/$folder"
	rm -rf "$work/wheel"
	library=$(cd "$work/$folder" && find . -name '*.so*' -type f -size +1M | while read -r file; do
		if nm -D --defined-only "$file" 2>/dev/null | grep -q ' GetPjrtApi\(@.*\)\?$'; then
			printf '%s\n' "${file#./}"
			break
		fi
	done)
	[ -n "$library" ] || die "$folder: no library in $package exports GetPjrtApi"
	# A name both of the finder's patterns accept, beside the wheel's own tree so that relative links keep working.
	ln -s "$library" "$work/$folder/libpjrt_$name.so"
	[ -e "$work/$folder/pjrt_c_api_${name}_plugin.so" ] ||
		ln -s "$library" "$work/$folder/pjrt_c_api_${name}_plugin.so"
	printf '%s %s' "$package" "$sha256" >"$work/$folder/stamp"
	mv "$work/$folder" "$PLUGINS/$folder"
	say "$folder: $library, $(du -sh "$PLUGINS/$folder" | cut -f1)"
}

[ -z "$(missing)" ] && [ -e "$PLUGINS/libpjrt_cpu.so" ] && exit 0
"$ROOT/scripts/venv.sh"
lock plugins
mkdir -p "$PLUGINS"
work=$PLUGINS/.work
rows >"$work.rows"
while IFS=$TAB read -r folder package sha256 minor name; do
	complete "$folder" "$package" "$sha256" "$name" || fetch "$folder" "$package" "$sha256" "$minor" "$name"
done <"$work.rows"
rm -rf "$work" "$work.rows"
ln -sfn cpu-115/libpjrt_cpu.so "$PLUGINS/libpjrt_cpu.so"
