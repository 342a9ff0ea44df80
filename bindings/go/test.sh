#!/bin/sh
# The Go binding's own tests, as TAP: vet, the package's tests plain, with the race detector and with every pointer that cgo
# passes checked, the example programs, and a project outside of this repository. Needs the environment of bindings/stage.sh.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/env.sh"
work=$BUILD/bindings/go
mkdir -p "$work"
cd "$here" || exit 1

number=0
report() { # name, status
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number - go: $1"
	else
		sed 's/^/   /' "$work/output" | tail -n 60
		echo "not ok $number - go: $1"
	fi
}
check() {
	name=$1
	shift
	("$@") >"$work/output" 2>&1
	report "$name" $?
}
# A line of its own for every test of the package.
run_tests() { # kind, settings of the environment, arguments of go test
	kind=$1
	settings=$2
	shift 2
	# shellcheck disable=SC2086
	env $settings "$GO" test -v -count=1 -timeout 600s "$@" >"$work/output" 2>&1
	status=$?
	while read -r verdict name; do
		number=$((number + 1))
		[ "$verdict" = PASS: ] && echo "ok $number - go $kind: $name" || echo "not ok $number - go $kind: $name"
	done <<-END
		$(sed -n 's/^--- \(PASS:\|FAIL:\|SKIP:\) \(\S*\).*/\1 \2/p' "$work/output")
	END
	report "$kind: all tests" $status
}

formatted() { [ -z "$("$("$GO" env GOROOT)/bin/gofmt" -l . | tee /dev/stderr)" ]; }

# What an example prints is what its twin in C prints.
prints() { # name, plugin, arguments
	name=$1
	shift
	"$work/examples/$name" "$@" >"$work/printed" || return 1
	diff "$root/tests/examples/expected/$name.txt" "$work/printed"
}

run_examples() {
	mkdir -p "$work/examples"
	check "the examples are built" "$GO" build -o "$work/examples/" ./examples/...
	cpu=$BUILD/plugins/cpu-115/libpjrt_cpu.so
	for plugin in "$BUILD/libpjrt_fake.so" "$cpu"; do
		kind=$(basename -- "$plugin" .so)
		for folder in examples/*/; do
			example=$(basename -- "$folder")
			case $example in
			classify | internal) ;;
			basic) check "example $example on $kind" prints "$example" "$plugin" "$root/bindings/programs/add_one.mlir" ;;
			*) check "example $example on $kind" prints "$example" "$plugin" ;;
			esac
		done
	done
	model=$root/tests/programs/mlp_mnist
	set --
	for i in 0 1 2 3 4 5 6; do set -- "$@" "$model/in$i.npy"; done
	check "example classify on libpjrt_cpu" prints classify -plugin "$cpu" -program "$model/program.mlir" "$@"
}

# An installed library somewhere else, and a module that knows the binding only by its folder.
outside() {
	folder=$work/outside
	rm -rf "$folder"
	mkdir -p "$folder/project" "$folder/binding"
	cp -R "$PJE_STAGE" "$folder/prefix"
	cp -R "$here/go.mod" "$here/pjrt" "$folder/binding"
	cd "$folder/project" || return 1
	sed -n '/^```go$/,/^```$/p' "$here/README.md" | sed '/^```/d' >main.go
	grep -q '^func main' main.go || return 1
	"$GO" mod init example.org/project
	"$GO" mod edit -require=pjrteasy@v0.0.0 -replace=pjrteasy=../binding
	PKG_CONFIG_PATH=$(dirname -- "$(find "$folder/prefix" -name pjrt_easy.pc)")
	export PKG_CONFIG_PATH
	"$GO" build -o program . || return 1
	LD_LIBRARY_PATH=$(dirname -- "$PKG_CONFIG_PATH")
	export LD_LIBRARY_PATH
	ldd program | grep -q "$folder/prefix" || return 1
	[ "$(./program "$(find "$folder/prefix" -name libpjrt_fake.so)" "$root/tests/programs/add1_f32/program.mlir")" = '[2 3 4 5]' ]
}

check "go vet" "$GO" vet ./...
check "gofmt" formatted
check "generated files are what the header gives" ./generate.py --check
run_tests plain "" ./pjrt
run_tests race "" -race ./pjrt
run_tests "examples on the CPU" "PJRT_PLUGIN=$BUILD/plugins/cpu-115/libpjrt_cpu.so TF_CPP_MIN_LOG_LEVEL=1" -run Example ./pjrt
run_tests "cgo checked" GOEXPERIMENT=cgocheck2 ./pjrt
run_examples
check "a project outside, with an installed library" outside
echo "1..$number"
