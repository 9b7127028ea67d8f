#!/bin/sh
# The program from outside: ALTC=build/altc sh tests/cli/run.sh [PATTERN]
# Every function test_* of the files beside this one runs in a folder of its own, in a shell of
# its own; it fails when it calls `fail` or ends with an error. The last line counts.
set -u

here=$(cd "$(dirname "$0")" && pwd)
ALTC=${ALTC:-build/altc}
case $ALTC in /*) ;; *) ALTC=$PWD/$ALTC ;; esac
if [ ! -x "$ALTC" ]; then
    echo "cli: no program $ALTC" >&2
    exit 1
fi
export ALTC here
# Nothing of who runs the tests may matter.
unset NO_COLOR COLUMNS
TERM=dumb
LC_ALL=C.UTF-8
export TERM LC_ALL

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
. "$here/../support/run-shell.sh"
run_tests 60 : "${1:-}"
