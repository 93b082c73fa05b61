#!/usr/bin/env bash
# Runs the playground once from start to end and stays quiet when it went well.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! "${MAKE:-make}" demo ONCE=1 >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "the demo did not run through" >&2
    exit 1
fi
echo "demo: ran through once"
