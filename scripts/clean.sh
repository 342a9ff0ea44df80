#!/bin/sh
# Removes what was built; what was fetched or takes long to make once is kept.
set -eu
. "$(dirname -- "$0")/common.sh"
[ -d "$BUILD" ] || exit 0
find "$BUILD" -mindepth 1 -maxdepth 1 -not -name deps -not -name plugins -not -name venv -exec rm -rf {} +
