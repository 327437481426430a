#!/usr/bin/env bash
# Makes .venv from requirements.lock and node_modules from package-lock.json. Does nothing, at once,
# when they are made of the locks as they are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./scripts/node.sh

stamp=.venv/.installed-lock
if [ -x .venv/bin/python ] && cmp -s requirements.lock "$stamp"; then
    exit 0
fi

# Some machines switch bytecode off; without it Rasa takes 20 seconds to start.
unset PYTHONDONTWRITEBYTECODE PYTHONPATH VIRTUAL_ENV
# Where pip is told of a mirror or a certificate, uv shall use it too.
[ -n "${PIP_CERT:-}" ] && export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"
[ -n "${PIP_INDEX_URL:-}" ] && export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"

tools=.venv-tools
log=$(mktemp)
trap 'rm -f "$log"' EXIT

say() { printf '%s\n' "$*"; }

is_python_310() {
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1
}

find_python_310() {
    local candidate
    for candidate in python3.10 python3 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python; do
        if is_python_310 "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
}

# uv installs in half a minute what takes pip several. Ours has its version and hashes in the lock.
find_uv() {
    local python
    if uv --version >/dev/null 2>&1; then
        command -v uv
        return
    fi
    if [ ! -x "$tools/bin/uv" ]; then
        sed -n '/^uv==/,/[^\\]$/p' requirements.lock >"$log.uv"
        for python in "$1" python3; do
            [ -n "$python" ] || continue
            rm -rf "$tools"
            if "$python" -m venv "$tools" >/dev/null 2>&1 &&
                "$tools/bin/python" -m pip install --quiet --require-hashes -r "$log.uv" >/dev/null 2>&1; then
                break
            fi
            # Debian's own Python has no `venv` unless its package is installed.
            if "$python" -m pip install --quiet --target "$tools" --require-hashes -r "$log.uv" \
                >/dev/null 2>&1; then
                break
            fi
        done
        rm -f "$log.uv"
    fi
    [ -x "$tools/bin/uv" ] && echo "$tools/bin/uv"
}

need_python() {
    say "Python 3.10 is needed (Rasa 3.6 runs on no later one) and couldn't be fetched:"
    say "install it, for instance with 'pyenv install 3.10' or 'uv python install 3.10', and run make again."
    exit 1
}

started=$SECONDS
say "Installing the packages of requirements.lock into .venv (once; a minute or so) ..."
python=$(find_python_310)
uv=$(find_uv "$python" || true)

if ! is_python_310 .venv/bin/python; then
    rm -rf .venv
    if [ -n "$python" ]; then
        "$python" -m venv --without-pip .venv
    elif [ -n "$uv" ]; then
        say "  fetching Python 3.10"
        "$uv" venv --quiet --python 3.10 .venv >"$log" 2>&1 || need_python
    else
        need_python
    fi
fi
rm -f "$stamp"

install_with_uv() {
    [ -n "$uv" ] &&
        "$uv" pip sync --quiet --require-hashes --compile-bytecode \
            --python .venv/bin/python requirements.lock >"$log" 2>&1
}

install_with_pip() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null 2>&1
    .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock >>"$log" 2>&1
}

if ! install_with_uv; then
    say "  uv couldn't install them; trying pip, which takes some minutes"
    if ! install_with_pip; then
        tail -n 20 "$log"
        say "The packages couldn't be installed; the lines above say why. Then run make again."
        exit 1
    fi
fi
cp requirements.lock "$stamp"
say "Installed in $((SECONDS - started)) s."
