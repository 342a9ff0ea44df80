#!/bin/sh
# Installs Go where there is none of 1.24 or later.
exec "$(dirname -- "$0")/../../scripts/setup_go.sh"
