#!/bin/sh
# Installs into a staging folder and uses the result as a distribution's user would.
set -eu
cd "$(dirname -- "$0")/../.."
exec scripts/summarize.py install tap tests/install/cases.sh
