#!/usr/bin/env bash
# Makes a virtual environment with the first Python of at least 3.11 that can.
# usage: scripts/make-venv.sh FOLDER
set -euo pipefail

folder=$1
reason="no python3.11, python3.12 or python3 is on the PATH"

for name in python3.11 python3.12 python3; do
    # A version manager's shim may stand there without a Python behind it: ask, do not look.
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        reason="$name is Python $version, and mailflow needs 3.11 or newer"
        continue
    fi
    if ! "$name" -c 'import ensurepip, venv' 2>/dev/null; then
        reason="$name cannot make virtual environments: install python$version-venv (Debian, Ubuntu: apt-get install python$version-venv)"
        continue
    fi
    echo "making $folder with $name ($version)"
    exec "$name" -m venv --clear "$folder"
done

echo "cannot set up: $reason" >&2
exit 1
