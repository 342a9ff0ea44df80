#!/bin/sh
# The C API on every real plugin. usage: run.sh [release|asan|tsan]
set -eu
cd "$(dirname -- "$0")/../.."
BUILD=${BUILD:-$PWD/build}
export BUILD
preset=${1:-release}
folder=$BUILD
suite=real
[ "$preset" = release ] || folder=$BUILD/$preset suite=$preset-real
scripts/build.sh "$preset" real_tests
export TF_CPP_MIN_LOG_LEVEL=1
prefix=
[ "$preset" = tsan ] && prefix="scripts/tsan.sh "
exec scripts/summarize.py "$suite" gtest "$prefix$folder/real_tests --gtest_brief=1"
