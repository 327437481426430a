#!/usr/bin/env bash
# Every check and every test. The last line is pytest's closing line.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1
unset PYTHONDONTWRITEBYTECODE
mkdir -p var/logs
failed=()

echo "Lint"
./scripts/lint.sh || failed+=("lint")

selection=()
if chromium=$(./scripts/chromium.sh); then
    export ASSISTANT_CHROMIUM="$chromium"
else
    selection=(-m "not browser")
fi

.venv/bin/python -m bot train || failed+=("training")

if [ -d tests/stories ]; then
    echo "Stories"
    .venv/bin/python scripts/stories.py || failed+=("stories")
fi

echo "Tests"
.venv/bin/python -m pytest -q ${selection[@]+"${selection[@]}"} "$@" 2>&1 | tee var/logs/pytest.log
[ "${PIPESTATUS[0]}" = 0 ] || failed+=("tests")

if [ -n "${failed+some}" ]; then
    echo "Failed: ${failed[*]}"
    tail -n 1 var/logs/pytest.log
    exit 1
fi
