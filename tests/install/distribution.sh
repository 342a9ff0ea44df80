#!/bin/sh
# Builds as a distribution does, and ends with a closing line.
set -eu
cd "$(dirname -- "$0")/../.."
exec scripts/summarize.py distribution tap tests/install/distribution_cases.sh
