#!/bin/sh
# Bring .venv up to date with one requirements file; a second call costs nothing.
# Usage: scripts/venv.sh requirements.txt|requirements-dev.txt
set -eu
cd "$(dirname "$0")/.."
requirements=$1
python=${PYTHON:-python3}

stop() {
    echo "$1" >&2
    exit 1
}

command -v "$python" >/dev/null || stop "Python is missing: apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" --version) is too old: Python 3.11 or newer is needed."

# Checksums, not dates: a git checkout renews the date of a file that did not change.
wanted=$(cat requirements*.txt constraints.txt | sha256sum)
stamp=.venv/$requirements.sha256
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

if [ ! -x .venv/bin/pip ]; then
    # Debian ships Python without ensurepip, and half a .venv would be left behind.
    "$python" -c 'import ensurepip' 2>/dev/null ||
        stop "Python cannot make a virtual environment here: apt-get install python3-venv"
    echo "Making .venv"
    "$python" -m venv .venv
fi
echo "Installing $requirements into .venv"
.venv/bin/pip install --quiet --disable-pip-version-check -r "$requirements" ||
    stop "pip could not install $requirements (see above)."
echo "$wanted" >"$stamp"
