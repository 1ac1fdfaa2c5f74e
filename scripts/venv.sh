#!/bin/sh
# venv.sh FOLDER: make a virtual environment there, with a Python that is new enough.
set -eu

folder=$1
here=$(dirname "$0")
python=""
for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    sh "$here/need.sh" python3.11:python3
    python=python3
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
        echo "Vedette needs Python 3.11 or newer; this system's is older. Please install one and set PYTHON=..." >&2
        exit 1
    }
fi
# Debian keeps what `venv` needs in a package of its own; a command that never exists asks for it.
"$python" -c 'import venv, ensurepip' 2>/dev/null || sh "$here/need.sh" no-such-command:python3-venv
"$python" -m venv "$folder"
