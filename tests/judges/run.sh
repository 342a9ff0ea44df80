#!/bin/sh
# The judges judged: what decides about tests must itself be able to say no.
set -eu
cd "$(dirname -- "$0")/../.."
exec scripts/summarize.py judges tap "${BUILD:-build}/venv/bin/python tests/judges/cases.py"
