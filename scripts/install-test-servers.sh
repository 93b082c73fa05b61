#!/usr/bin/env bash
# Installs the servers that tests start privately (Dovecot, Redis, PostgreSQL) where it may,
# and says what is missing where it may not. The packages' own services are not started.
set -euo pipefail

has() {
    PATH="$PATH:/usr/sbin:/usr/local/sbin:/sbin" command -v "$1" >/dev/null
}

has_postgres() {
    has postgres && has initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null
}

missing=()
has dovecot || missing+=(dovecot-imapd)
has redis-server || missing+=(redis-server)
has_postgres || missing+=(postgresql)

if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "tests against real servers need programs that are not installed: ${missing[*]}" >&2
    if command -v apt-get >/dev/null; then
        echo "install them by: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    else
        echo "install the programs dovecot (2.3), redis-server and postgres (15 or newer)" >&2
        echo "by your system's packages; they need not be running" >&2
    fi
    if [ "${CI:-}" = true ] || [ "${MAILFLOW_REQUIRE_SERVERS:-}" = 1 ]; then
        exit 1
    fi
    echo "the tests that need them are skipped this time" >&2
    exit 0
fi

policy=/usr/sbin/policy-rc.d
saved=
log=$(mktemp)

restore() {
    rm -f "$policy" "$log"
    if [ -n "$saved" ]; then
        mv "$saved" "$policy"
    fi
}
trap restore EXIT

# 101 is invoke-rc.d's word for "may not be started" (Debian policy 9.3.3).
if [ -e "$policy" ]; then
    saved=$(mktemp "$policy.XXXXXX")
    mv "$policy" "$saved"
fi
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
if ! {
    apt-get -o Acquire::Retries=3 update &&
        apt-get -o Acquire::Retries=3 install -y --no-install-recommends "${missing[@]}"
} >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "the test servers could not be installed: ${missing[*]}" >&2
    exit 1
fi
