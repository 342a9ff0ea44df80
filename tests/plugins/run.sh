#!/bin/sh
# The pinning of the real plugins: what does not match scripts/plugins.lock must never be unpacked.
set -eu
cd "$(dirname -- "$0")/../.."
exec scripts/summarize.py plugin-lock tap tests/plugins/cases.sh
