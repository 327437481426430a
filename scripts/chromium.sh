#!/usr/bin/env bash
# Prints the path of a Chromium or Chrome for the browser tests; as root on Debian it installs one.
# Prints nothing, and to standard error how to get one, when there is none.
set -uo pipefail

find_chromium() {
    local candidate
    for candidate in "${ASSISTANT_CHROMIUM:-}" chromium chromium-browser google-chrome \
        google-chrome-stable "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

install_chromium() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    echo "Installing Chromium for the browser tests ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core; } \
        </dev/null >/dev/null 2>&1
}

find_chromium && exit 0
install_chromium && find_chromium && exit 0
echo "No Chromium or Chrome here: the tests in tests/browser are left out. Install one, or name one with ASSISTANT_CHROMIUM." >&2
exit 1
