#!/usr/bin/env bash
# All checks. Says one line per check, and a failing one's output.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH" RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
failed=0

check() {
    local name=$1 started=$SECONDS
    shift
    if "$@" >"$logs/$name" 2>&1; then
        printf '  ✓ %s (%s s)\n' "$name" $((SECONDS - started))
    else
        printf '  ✗ %s: %s\n' "$name" "$*"
        cat "$logs/$name"
        return 1
    fi
}

code_checks() {
    local result=0
    check ruff ruff check . || result=1
    check format ruff format --check . || result=1
    check yamllint yamllint --strict . || result=1
    check layers lint-imports || result=1
    check mypy mypy || result=1
    return $result
}

# Rasa's own check takes about as long as all others together, so it runs beside them.
check rasa python -m bot rasa data validate --fail-on-warnings --quiet &
rasa=$!
code_checks || failed=1
wait "$rasa" || failed=1
exit $failed
