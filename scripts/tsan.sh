#!/bin/sh
# Runs a program built with ThreadSanitizer. usage: tsan.sh COMMAND...
set -eu
# Plugins are built without it and would be misjudged; children made by fork go on; no process sleeps at its end.
export TSAN_OPTIONS="ignore_noninstrumented_modules=1:second_deadlock_stack=1:die_after_fork=0:atexit_sleep_ms=20${TSAN_OPTIONS:+:$TSAN_OPTIONS}"
# ThreadSanitizer of these compilers cannot map its memory where the kernel randomises more than 28 bits.
exec setarch -R "$@"
