#!/bin/sh
# Runs a command with CHROMIUM naming a browser for the journeys:  scripts/chromium.sh COMMAND ...
#
# Takes CHROMIUM if it is set; else an installed browser; else, as root on Debian, installs one.
# When none of that works it says so, runs nothing and succeeds.
set -eu
[ $# -gt 0 ] || { echo "usage: scripts/chromium.sh COMMAND ..." >&2; exit 2; }

browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    return 0
}

has_chinese() {
    ! command -v fc-list >/dev/null || [ -n "$(fc-list :lang=zh-cn family)" ]
}

: "${CHROMIUM:=$(browser)}"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && { [ -z "$CHROMIUM" ] || ! has_chinese; }; then
    echo "Installing Chromium and a Chinese font, about a minute ..."
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; then
        CHROMIUM=$(browser)
    fi
fi
if [ -z "$CHROMIUM" ]; then
    echo "Browser journeys left out: no Chromium here, and none can be installed."
    exit 0
fi
echo "Browser: $CHROMIUM"
export CHROMIUM
exec "$@"
