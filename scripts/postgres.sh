#!/bin/sh
# Runs a command with DATABASE_URL pointing at a PostgreSQL server:  scripts/postgres.sh COMMAND ...
#
# Takes DATABASE_URL if it is set; else starts a throw-away cluster from installed programs; else
# uses a server that answers on this machine; else, as root on Debian, installs PostgreSQL first.
# When none of that works it says so, runs nothing and succeeds.
set -eu
[ $# -gt 0 ] || { echo "usage: scripts/postgres.sh COMMAND ..." >&2; exit 2; }

if [ -n "${DATABASE_URL:-}" ]; then
    echo "PostgreSQL: the server of DATABASE_URL."
    exec "$@"
fi

programs() {
    for found in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb \
        /usr/pgsql-*/bin/initdb; do
        if [ -x "$found" ]; then
            dirname "$(readlink -f "$found")"
            return
        fi
    done
}

running() {
    for url in "postgres://postgres@127.0.0.1:5432/safegrid" "postgres://$(id -un)@127.0.0.1:5432/safegrid"; do
        if .venv/bin/python - "$url" 2>/dev/null <<'PROBE'
import sys

import psycopg

with psycopg.connect(sys.argv[1].replace("/safegrid", "/postgres"), connect_timeout=2) as server:
    rights = "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
    sys.exit(not server.execute(rights).fetchone()[0])
PROBE
        then
            echo "$url"
            return
        fi
    done
}

as_owner() { # PostgreSQL refuses to run as root
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

bin=$(programs)
url=
[ -n "$bin" ] || url=$(running)
if [ -z "$bin$url" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing PostgreSQL, about a minute ..."
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends postgresql >/dev/null; then
        bin=$(programs)
    fi
fi

if [ -n "$url" ]; then
    echo "PostgreSQL: the server that answers on this machine."
    export DATABASE_URL="$url"
    exec "$@"
fi
if [ -z "$bin" ]; then
    echo "PostgreSQL part left out: no DATABASE_URL, no server here, and none can be installed."
    exit 0
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/safegrid-pg.XXXXXX")
finish() {
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
[ "$(id -u)" != 0 ] || chown postgres "$folder"
cd "$folder"
echo "PostgreSQL: starting a throw-away cluster of $("$bin/postgres" --version) ..."
as_owner "$bin/initdb" -D "$folder/data" -U safegrid -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
# Nothing here outlives the run, so it need not wait for the disk.
as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-k $folder -c listen_addresses='' \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" \
    start >/dev/null || { cat "$folder/log" >&2; exit 1; }
cd "$OLDPWD"
DATABASE_URL="postgres://safegrid@/safegrid?host=$folder" "$@"
