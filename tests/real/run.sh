#!/bin/sh
# The C API on every real plugin. usage: run.sh [release|asan]
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
exec scripts/summarize.py "$suite" gtest "$folder/real_tests --gtest_brief=1"
