#!/bin/sh
# The pages of the standard library: each component has one, with its sections in order, every input
# in its table, and a line in README.md. The last line counts.
set -u

library=${LIBRARY:-templates/std}
work=build/alt-pages
rm -rf "$work"
mkdir -p "$work"
passed=0
failed=0

# "StaticSite" is described in static-site.md.
page_of() {
    printf '%s\n' "$1" | sed 's/\([a-z0-9]\)\([A-Z]\)/\1-\2/g' | tr '[:upper:]' '[:lower:]'
}

# "Component input" for each input that a file's components declare, "Component -" for each of them.
inputs_of() {
    awk '
        /^component / {
            name = $2
            sub(/[({].*/, "", name)
            print name, "-"
            open = /\($/
            next
        }
        open && /^\)/ { open = 0 }
        open && /^  [a-z][A-Za-z0-9]*:/ { input = $1; sub(/:.*/, "", input); print name, input }' "$1"
}

check_page() { # COMPONENT FILE INPUTS…
    page=$library/$(page_of "$1").md
    [ -f "$page" ] || {
        echo "no page $page"
        return
    }
    [ "$(head -n 1 "$page")" = "# $1" ] || echo "$page: the title is not '$1'"
    grep -qF "| [$1]($(basename "$page")) | \`std/$2\` |" "$library/README.md" ||
        echo "README.md has no line for '$1' of $2"
    sections=$(sed -n 's/^## //p' "$page" | tr '\n' ',')
    want='What it makes,Inputs,Results,Physical names,Different from SST,Example,'
    [ "$sections" = "$want" ] || echo "$page: the sections are $sections not $want"
    shift 2
    for input in "$@"; do
        [ "$input" = - ] || grep -q "^|.*\`$input\`.*|.*|" "$page" ||
            echo "$page: the input '$input' stands in no table"
    done
}

for file in "$library"/*.alt; do
    inputs_of "$file" >"$work/inputs"
    for component in $(cut -d ' ' -f 1 "$work/inputs" | sort -u); do
        # shellcheck disable=SC2046 # words
        check_page "$component" "$(basename "$file")" \
            $(sed -n "s/^$component //p" "$work/inputs") >"$work/log"
        if [ -s "$work/log" ]; then
            failed=$((failed + 1))
            echo "FAIL the page of $component"
            sed 's/^/    /' "$work/log"
        else
            passed=$((passed + 1))
        fi
    done
done
echo "alt-pages: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
