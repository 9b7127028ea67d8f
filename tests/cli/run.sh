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
passed=0
failed=0
for file in "$here"/*_test.sh; do
    for name in $(sed -n 's/^\(test_[a-z0-9_]*\)().*/\1/p' "$file"); do
        case $name in *${1:-}*) ;; *) continue ;; esac
        mkdir "$work/$name"
        if (cd "$work/$name" && timeout 60 sh -eu -c ". \"$here/lib.sh\"; . \"$file\"; $name") \
            >"$work/log" 2>&1; then
            if grep -q '^SKIP' "$work/log"; then
                sed -n "s/^SKIP/SKIP $name:/p" "$work/log"
            else
                passed=$((passed + 1))
            fi
        else
            failed=$((failed + 1))
            echo "FAIL $name"
            sed 's/^/    /' "$work/log" | tail -n 30
        fi
        chmod -R u+rwx "$work/$name"
        rm -rf "${work:?}/$name"
    done
done
echo "cli: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
