# The front door. `make help` lists the targets.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := all
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
DESTDIR ?=
export JOBS

.PHONY: all check-real-all setup setup-test deps demo check bench bench-micro bench-jax bench-compare compat coverage plugins plugins-all install format tidy abi tsan gen clean distclean help

all: deps ## release build: build/libpjrt_easy.so, build/pjrt-easy, build/libpjrt_fake.so
	@scripts/build.sh release

setup: ## install the Debian packages that a build needs
	@scripts/setup.sh build

setup-test: ## install the Debian packages that the tests need
	@scripts/setup.sh build test

deps: setup
	@scripts/build_protobuf.sh

demo: all plugins ## run a transformer and a training step exported from JAX on XLA's CPU plugin
	@scripts/demo.sh

check: ## build and run every test
	@scripts/check.sh

.PHONY: check-bindings
check-bindings: setup-test deps plugins ## the scenarios in C, Go, Julia and Zig, and the tests of each binding
	@scripts/check.sh bindings

plugins: setup ## fetch the real CPU plugins into build/plugins
	@scripts/fetch_plugins.sh cpu

plugins-all: setup ## the same, and the TPU and CUDA plugins
	@scripts/fetch_plugins.sh all

install: deps ## install under PREFIX (default /usr/local), staged in DESTDIR
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install.sh

format: setup-test ## format the sources in place
	@scripts/format.sh

tidy: setup-test deps ## format, clang-tidy, layer rule, limits on files and functions
	@scripts/tidy.sh

abi: setup-test ## compare our declaration of the foreign ABI with the facts
	@scripts/check.sh abi

bench: all plugins ## time the library against raw C on the same client; writes build/bench.json
	@scripts/bench.sh

bench-micro: setup deps ## Google Benchmark on single calls of the library, on the fake plugin
	@scripts/bench_micro.sh

bench-jax: all plugins ## one table with JAX, timed in the same run; fetches JAX from PyPI
	@scripts/bench_jax.sh

bench-compare: ## what changed between two runs: make bench-compare OLD=a.json NEW=b.json
	@bench/compare.py '$(OLD)' '$(NEW)'

tsan: setup-test deps ## the tests under ThreadSanitizer
	@scripts/check.sh tsan-unit tsan-capi tsan-fake tsan-stress tsan-events tsan-process tsan-real tsan-planted

compat: setup-test deps ## the tests of the C API on the fake plugin at every minor, and without each function
	@scripts/check.sh compat-all

coverage: setup-test deps ## renew docs/coverage.md from a run of the tests
	@tests/coverage/run.sh --update

check-real-all: setup-test deps ## the TPU and CUDA plugins without the hardware: large downloads; renews docs/real-plugins.md
	@tests/real_all/run.sh --update

gen: setup ## refresh generated files that are checked in
	@scripts/gen_exports.py
	@scripts/gen_julia.py

clean: ## remove what was built; keeps build/deps, build/plugins and build/venv
	@scripts/clean.sh

distclean: ## remove the whole build folder
	@rm -rf build

help:
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22
