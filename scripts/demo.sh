#!/bin/sh
# Serve the product with invented data: make demo [PORT=8000] [BULLETINS=folder]
set -eu
cd "$(dirname "$0")/.."
port=${PORT:-8000}
bulletins=${BULLETINS:-}

.venv/bin/python - "$port" <<'CHECK' || exit 1
import socket
import sys

try:
    port = int(sys.argv[1])
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
except (ValueError, OverflowError):
    sys.exit(f"PORT={sys.argv[1]}: write a number from 1024 to 65535.")
except OSError as reason:
    sys.exit(f"Port {port} cannot be used ({reason.strerror}). Try: make demo PORT={port + 10}")
CHECK
if [ -n "$bulletins" ] && [ ! -d "$bulletins" ]; then
    echo "BULLETINS=$bulletins: there is no such folder." >&2
    exit 1
fi

# A shell set up for production must not lead the demo to the production database.
unset TRACKER_DATABASE_URL TRACKER_DEBUG TRACKER_TLS TRACKER_ALLOWED_HOSTS
export TRACKER_DEMO=true
# The invented city of the demo's data; see tracker/demo.
export TRACKER_ORG_NAME=砚川市委巡察办
mkdir -p var
.venv/bin/python manage.py migrate --verbosity 0
.venv/bin/python manage.py load_demo
if [ -n "$bulletins" ]; then
    # A refused bulletin is reported on its own line and does not stop the demo.
    .venv/bin/python manage.py import_bulletins "$bulletins" || true
fi

echo
echo "挂图 Guatu: http://127.0.0.1:$port/   (Ctrl+C stops it; the data stays in var/demo.sqlite3)"
exec .venv/bin/gunicorn config.wsgi --bind "127.0.0.1:$port" --threads 4 --log-level warning \
    --no-control-socket
