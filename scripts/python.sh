#!/bin/sh
# Prepares .venv from a lock file, once per content of that file:  scripts/python.sh run|dev
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: scripts/python.sh run|dev" >&2; exit 2 ;;
esac
stamp=.venv/.$1-$(sha256sum "$lock" | cut -c1-16)
[ -e "$stamp" ] && exit 0

python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; name one with PYTHON=/path/to/python3." >&2
    exit 1
fi
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "Making a Python environment in .venv ..."
    if ! "$python" -m venv --clear .venv; then
        echo "That failed; on Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
fi
echo "Installing $(grep -c '^[a-z0-9]' "$lock") packages from $lock, about half a minute ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r "$lock"
rm -f ".venv/.$1-"*
touch "$stamp"
