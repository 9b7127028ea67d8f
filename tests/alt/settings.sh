#!/bin/sh
# Every setting of Alternun has a test: each variable of the environment that `altc docs` lists for one of its
# stages is set by a test (`set env.NAME`), and each setting without one by its name. Prints what is
# missing; the last line counts the settings.
set -u

altc=${ALTC:-build/altc}
program=templates/alternun/infra.alt
work=build/alt-settings
rm -rf "$work"
mkdir -p "$work"
tests=$(grep -lE '^test "' "${program%/*}"/*.alt)
# What the program insists on, so that its public stages compile.
set -a
. tests/golden/alternun-dev/env
set +a

for stage in production dev mobile dashboard-dev dashboard-prod identity-dev identity-prod; do
    "$altc" docs -q "$program" --stage "$stage" -d "$work/$stage" || exit 1
    # The fields of a row of "Settings": |, name, type, value, from, default, environment, about.
    awk -F ' \\| ' '/^## Settings/ { inside = 1 } inside && /^\| `/ {
        gsub(/\\\|/, "")
        name = $1
        gsub(/[|` ]/, "", name)
        count = split($6, names, /[`, ]+/)
        any = 0
        for (i = 1; i <= count; i++) if (names[i] ~ /^[A-Z][A-Z0-9_]+$/) { print "env." names[i]; any = 1 }
        if (!any) print name
    }' "$work/$stage/$stage.md"
done | sort -u >"$work/settings"

passed=0
failed=0
while read -r name; do
    # shellcheck disable=SC2086 # files
    if grep -qF "set $name " $tests; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL no test sets $name"
    fi
done <"$work/settings"
echo "alt-settings: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
