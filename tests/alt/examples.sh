#!/bin/sh
# The ```alt blocks of the pages below templates/, each a program of its own: written to
# OUT/PAGE-N.alt, where PAGE is the page's path with dashes.
set -eu

out=$1
mkdir -p "$out"
find templates -name '*.md' | sort | while read -r page; do
    name=$(echo "${page%.md}" | tr / -)
    awk -v out="$out/$name" '
        /^```alt$/ { inside = 1; file = sprintf("%s-%d.alt", out, ++n); next }
        /^```$/ { inside = 0 }
        inside { print > file }' "$page"
done
