#!/bin/sh
# Every header compiles alone, twice, and has a guard named after its path.
set -u

problems=0
count=0
for header in $(find compiler runtime -name '*.h' 2>/dev/null | sort); do
    count=$((count + 1))
    # CPPFLAGS is a list of words.
    # shellcheck disable=SC2086
    if ! printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
        gcc -std=c17 -Wall -Wextra $CPPFLAGS -fsyntax-only -x c - 2>&1; then
        echo "$header: does not compile alone"
        problems=$((problems + 1))
    fi
    guard=ALTC_$(echo "${header#*/}" | tr 'a-z/.' 'A-Z__')
    if ! grep -q "^#ifndef $guard\$" "$header"; then
        echo "$header: its guard should be $guard"
        problems=$((problems + 1))
    fi
done
[ "$count" -gt 0 ] || problems=1
echo "check-headers: $count headers, $problems problems"
[ "$problems" -eq 0 ]
