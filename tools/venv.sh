#!/bin/sh
# Makes .venv with the given Python, or says in one line what is missing and how to get it.
set -eu
python=$1
if ! command -v "$python" >/dev/null; then
    echo "Relecture needs Python 3.11 or later: install it, or name one with PYTHON=/path/to/python3." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Relecture needs Python 3.11 or later; $python is $("$python" -V). Name another one with PYTHON=…" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    # Debian keeps this part of Python in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Python's venv module is incomplete here: installing the Debian package python3-venv with apt-get…"
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    else
        echo "Python's venv module is incomplete here. On Debian: sudo apt install python3-venv" >&2
        exit 1
    fi
fi
"$python" -m venv .venv
