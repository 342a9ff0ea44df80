#!/bin/sh
# Installs Zig; ZIG_VERSION names another version than the oldest that the binding supports.
exec "$(dirname -- "$0")/../../scripts/setup_zig.sh" "${ZIG_VERSION:-0.16.0}"
