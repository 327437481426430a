#!/usr/bin/env bash
# Puts deep-chat, which the chat in the browser is built on, into node_modules, from
# package-lock.json. Does nothing, at once, when it is made of the lock as it is. Nothing else needs
# Node: without it the help page works, with a plainer chat, and a sentence says how to get the rest.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamp=node_modules/.installed-lock
if [ -f node_modules/deep-chat/dist/deepChat.bundle.js ] && cmp -s package-lock.json "$stamp"; then
    exit 0
fi

if ! command -v npm >/dev/null 2>&1; then
    echo "There is no npm here, so the chat keeps its plain look: install Node 18 or later (on Debian: 'apt-get install nodejs npm'), then run make again."
    exit 0
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing the packages of package-lock.json into node_modules (some seconds) ..."
if npm ci --no-progress --loglevel=error </dev/null >"$log" 2>&1; then
    cp package-lock.json "$stamp"
else
    tail -n 5 "$log"
    echo "The chat keeps its plain look, because npm couldn't install deep-chat (the lines above say why). Everything else works; run make again to try again."
fi
exit 0
