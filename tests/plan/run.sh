#!/bin/sh
# What `altc plan` says: ALTC=build/altc sh tests/plan/run.sh [PATTERN]
# A folder is a case: after.alt is planned against before.* (a program or a template). `args` has
# further options, one word a line; --against there stands instead of before.*. Compared is what
# the files say: expect.text, expect.json, expect.md, expect.exit (10 without it), expect.err.
# UPDATE=1 writes them anew. The last line counts.
set -u

here=$(cd "$(dirname "$0")" && pwd)
ALTC=${ALTC:-build/altc}
case $ALTC in /*) ;; *) ALTC=$PWD/$ALTC ;; esac
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
unset NO_COLOR COLUMNS
passed=0
failed=0

plan() { # FORMAT
    before=$(echo before.*)
    set -- --format "$1"
    [ "$before" = "before.*" ] || set -- "$@" --against "$before"
    while read -r word; do
        set -- "$@" "$word"
    done <"$work/args"
    "$ALTC" plan -q after.alt "$@" >"$work/out" 2>"$work/err"
    echo $? >"$work/exit"
}

same() { # EXPECTED FOUND
    if [ -n "${UPDATE:-}" ]; then
        cmp -s "$1" "$2" || cp "$2" "$1"
        return
    fi
    diff -u "$1" "$2" >>"$work/log" || failure=1
}

for folder in "$here"/*"${1:-}"*/; do
    name=$(basename "$folder")
    cd "$folder" || exit 2
    failure=0
    compared=0
    : >"$work/log"
    cat args >"$work/args" 2>/dev/null || : >"$work/args"
    cat expect.exit >"$work/expected" 2>/dev/null || echo 10 >"$work/expected"
    for format in text json md; do
        [ -f "expect.$format" ] || continue
        compared=1
        plan "$(echo $format | sed 's/md/markdown/')"
        same "expect.$format" "$work/out"
        diff -u "$work/expected" "$work/exit" >>"$work/log" || failure=1
        [ ! -f expect.err ] || same expect.err "$work/err"
    done
    if [ $failure -eq 0 ] && [ $compared -eq 1 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        sed 's/^/    /' "$work/log"
    fi
done
echo "plan: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
