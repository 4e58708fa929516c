#!/usr/bin/env bash
# Run the whole suite on SQLite and on PostgreSQL, and the browser tests in Chromium (make test).
# Arguments go to pytest: scripts/run_tests.sh -k wall
# The last line names what did not run and what brings it; REQUIRE_ALL=1 makes that a failure.
set -uo pipefail
cd "$(dirname "$0")/.."

# A shell set up for production must not lead the tests to its database or settings.
for name in ${!TRACKER_@}; do unset "$name"; done

pytest=(.venv/bin/python -m pytest)
# A worker for each core, each with a database of its own.
parallel=("${pytest[@]}" -n auto -m "not browser")
summary=()
not_run=()
failed=0

# run TITLE COMMAND...: run one part of the suite and keep how it ended for the summary.
run() {
    local title=$1 began=$SECONDS status=0
    shift
    printf '\n== %s ==\n' "$title"
    "$@" || status=$?
    case $status in
        0) summary+=("passed   $title, $((SECONDS - began)) s") ;;
        5) not_run+=("$title (no test was selected)") ;;
        *) summary+=("FAILED   $title, $((SECONDS - began)) s (exit $status)") && failed=1 ;;
    esac
}

run "SQLite" "${parallel[@]}" "$@"

if scripts/with_postgres.sh >/dev/null 2>&1; then
    run "PostgreSQL" scripts/with_postgres.sh "${parallel[@]}" "$@"
else
    not_run+=("PostgreSQL (apt-get install postgresql)")
fi

if command -v chromium >/dev/null; then
    run "Browser" "${pytest[@]}" -m browser "$@"
else
    not_run+=("Browser (apt-get install chromium fonts-noto-cjk)")
fi

printf '\n== Summary, %s s in all ==\n' "$SECONDS"
printf '%s\n' "${summary[@]}"
if [ ${#not_run[@]} -ne 0 ]; then
    list=$(printf ', %s' "${not_run[@]}")
    echo "NOT RUN  ${list:2}"
    if [ "${REQUIRE_ALL:-0}" = 1 ]; then failed=1; fi
fi
exit $failed
