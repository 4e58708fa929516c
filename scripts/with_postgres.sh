#!/usr/bin/env bash
# Run a command against a throwaway PostgreSQL, which is removed when the command ends.
# Usage: scripts/with_postgres.sh COMMAND [ARGUMENT...]
# The command finds the database in TRACKER_DATABASE_URL. Without a command, prints the folder of
# the server's programs. Exits 69 (EX_UNAVAILABLE) where no PostgreSQL server is installed.
set -euo pipefail

# Debian keeps the server's programs out of PATH, one folder for each version.
programs=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
programs=${programs:-$(command -v initdb || true)}
if [ -z "$programs" ]; then
    echo "No PostgreSQL server is installed: apt-get install postgresql" >&2
    exit 69
fi
programs=$(dirname "$(readlink -f "$programs")")
if [ $# -eq 0 ]; then
    echo "$programs"
    exit 0
fi

# PostgreSQL refuses to run as root. A root shell opened by a plain `su` lacks the sbin folders.
PATH=$PATH:/usr/sbin:/sbin
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
    owner=nobody
    if id -u postgres >/dev/null 2>&1; then owner=postgres; fi
    as_owner=(runuser -u "$owner" --)
fi

# Not under TMPDIR: the path of a socket may have 107 characters at most.
folder=$(mktemp -d /tmp/guatu-postgres.XXXXXX)
remove() {
    cd "$folder"
    "${as_owner[@]}" "$programs/pg_ctl" --silent -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    cd /
    rm -rf "$folder"
}
trap remove EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if [ ${#as_owner[@]} -gt 0 ]; then chown "$owner" "$folder"; fi

# No TCP port, so none can be taken; only this user and root can enter the socket's folder, so no
# password is needed. Durability is off: nothing here outlives the command.
(
    cd "$folder"
    "${as_owner[@]}" "$programs/initdb" -D "$folder/data" --username=guatu --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log"
    "${as_owner[@]}" "$programs/pg_ctl" --silent -D "$folder/data" -l "$folder/server.log" -w start -o \
        "-c listen_addresses= -c unix_socket_directories=$folder -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
) || {
    cat "$folder"/*.log >&2
    exit 1
}

# Left running in the foreground and not exec'ed, so that the trap can clean up behind it.
TRACKER_DATABASE_URL="postgresql://guatu@${folder//\//%2F}/postgres" "$@"
