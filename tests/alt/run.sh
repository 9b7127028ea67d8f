#!/bin/sh
# Tests written in alt, of everything below templates/, and its pages: the examples on them must
# compile without a finding. Programs without a test block are only checked. Then what holds pages
# and tests against the programs: pages.sh, settings.sh. The last line counts.
set -u

altc=${ALTC:-build/altc}
work=build/alt
rm -rf "$work"
mkdir -p "$work"
passed=0
failed=0

# Adds what a log's last line counts.
count_log() { # NAME LOG STATUS
    counts=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$2" | tail -n 1)
    if [ -z "$counts" ] || [ "$3" -ne 0 ] && [ "${counts#* }" -eq 0 ]; then
        counts='0 1'
    fi
    passed=$((passed + ${counts% *}))
    failed=$((failed + ${counts#* }))
    if [ "${counts#* }" -ne 0 ]; then
        echo "FAIL $1"
        grep -v '^pass ' "$2" | sed 's/^/    /'
    fi
}

check() { # NAME FILE
    if "$altc" check -q "$2" >"$work/log" 2>&1 && [ ! -s "$work/log" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        sed 's/^/    /' "$work/log"
    fi
}

# The programs: what starters and systems call infra.alt, and the tests of the standard library.
for program in $(find templates -name infra.alt | sort) templates/std/tests/*.alt; do
    if grep -qrE '^test "' --include='*.alt' "${program%/*}"; then
        "$altc" test "$program" >"$work/log" 2>&1
        count_log "$program" "$work/log" $?
    else
        check "$program" "$program"
    fi
done

sh tests/alt/examples.sh "$work/examples"
for example in "$work"/examples/*.alt; do
    [ -f "$example" ] && check "$example" "$example"
done

for suite in pages settings; do
    sh tests/alt/$suite.sh >"$work/log"
    counts=$(sed -n "s/^alt-$suite: \([0-9]*\) passed, \([0-9]*\) failed\$/\1 \2/p" "$work/log")
    grep -v "^alt-$suite: " "$work/log"
    counts=${counts:-0 1}
    passed=$((passed + ${counts% *}))
    failed=$((failed + ${counts#* }))
done
echo "alt: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
