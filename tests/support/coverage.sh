#!/bin/sh
# Line coverage of what ran in BUILD_FOLDER, by gcov: a line a module and the sum.
set -u

build=$1
cd "$build/obj" || exit 1
find compiler runtime -name '*.gcda' 2>/dev/null | sort | while read -r data; do
    gcov -n -o "$(dirname "$data")" "$data" 2>/dev/null |
        awk -v file="${data%.gcda}.c" '
            /^File / { wanted = index($0, file) > 0 }
            wanted && /^Lines executed:/ {
                split($0, part, /[:% ]+/)
                print file, part[3], part[5]
                wanted = 0
            }'
done | awk '
    {
        split($1, part, "/")
        lines[part[2]] += $3
        covered[part[2]] += $2 * $3 / 100
        all += $3
        hit += $2 * $3 / 100
    }
    END {
        if (!all) { print "coverage: nothing ran"; exit 1 }
        for (module in lines)
            printf "%-10s %6.1f %% of %5d lines\n", module, 100 * covered[module] / lines[module], lines[module] | "sort"
        close("sort")
        printf "%-10s %6.1f %% of %5d lines\n", "all", 100 * hit / all, all
    }'
