#!/bin/sh
# Rules of the house that a machine can hold. Ends with `N passed, M failed, 0 skipped`; each rule counts as one.
set -eu
. "$(dirname -- "$0")/common.sh"
"$ROOT/scripts/build.sh" clang pje_proto_headers >/dev/null
exec "$ROOT/scripts/tidy.py" "$@"
