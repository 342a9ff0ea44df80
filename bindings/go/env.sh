# Sourced: the Go to use, with its caches in the build folder. Needs $here, the folder of this file.
# shellcheck shell=sh disable=SC2154
root=$(dirname -- "$(dirname -- "$here")")
BUILD=${BUILD:-$root/build}
GO=$("$root/scripts/setup_go.sh" --print)
# Nothing is fetched: the module has no dependencies, and the toolchain is the one that was found.
export BUILD GO GOCACHE="$BUILD/bindings/go/cache" GOMODCACHE="$BUILD/bindings/go/mod" GOFLAGS="-buildvcs=false -mod=mod" \
	GOTOOLCHAIN=local GOPROXY=off CGO_ENABLED=1
