#!/usr/bin/env bash
# Run the whole suite on SQLite and on PostgreSQL, and the browser tests in Chromium (make test).
# Arguments go to pytest: scripts/run_tests.sh -k wall
# A part that is not installed here is named at the end; REQUIRE_ALL=1 makes that a failure.
set -uo pipefail
cd "$(dirname "$0")/.."

# A shell set up for production must not lead the tests to its database or settings.
for name in ${!TRACKER_@}; do unset "$name"; done

pytest=(.venv/bin/python -m pytest)
summary=()
failed=0
missing=0

# run TITLE COMMAND...: one part of the suite; its closing line is kept for the summary.
run() {
    local title=$1 began=$SECONDS status=0
    shift
    printf '\n== %s ==\n' "$title"
    "$@" || status=$?
    case $status in
        0) summary+=("passed   $title, $((SECONDS - began)) s") ;;
        5) summary+=("EMPTY    $title: no test was selected") ;;
        *) summary+=("FAILED   $title, $((SECONDS - began)) s (exit $status)") && failed=1 ;;
    esac
}

# skip TITLE PACKAGES: say what did not run and what brings it.
skip() {
    summary+=("NOT RUN  $1: apt-get install $2")
    missing=1
}

run "SQLite" "${pytest[@]}" -m "not browser" "$@"

if scripts/with_postgres.sh >/dev/null 2>&1; then
    run "PostgreSQL" scripts/with_postgres.sh "${pytest[@]}" -m "not browser" "$@"
else
    skip "PostgreSQL" "postgresql"
fi

if command -v chromium >/dev/null; then
    run "Browser (Chromium, SQLite)" "${pytest[@]}" -m browser "$@"
else
    skip "Browser (Chromium, SQLite)" "chromium fonts-noto-cjk"
fi

printf '\n== Summary, %s s in all ==\n' "$SECONDS"
printf '%s\n' "${summary[@]}"
if [ "${REQUIRE_ALL:-0}" = 1 ] && [ $missing -ne 0 ]; then
    echo "REQUIRE_ALL=1: every part has to run."
    failed=1
fi
exit $failed
