#!/bin/sh
# Holds compiler/diag/diagnostics.def, the pages in spec/diagnostics and the cases in tests/diag
# against each other, and compiles the two examples of each page when $ALTC names a compiler:
# the wrong one must give its code and no other, the right one nothing.
set -u

table=${TABLE:-compiler/diag/diagnostics.def}
pages=${PAGES:-spec/diagnostics}
cases=${CASES:-tests/diag}
# Codes that no case can show, each with the reason.
uncovered=$cases/uncovered.txt

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
: > "$work/problems"

problem() {
    printf '%s\n' "$*" >> "$work/problems"
}

# "number severity NAME retired message" a row; a retired row has "// retired" behind it.
rows() {
    awk '
        /^\/\// { next }
        /^DIAGNOSTIC\(/ { row = "" ; open = 1 }
        open { row = row " " $0 }
        open && /\)[ \t]*(\/\/.*)?$/ {
            open = 0
            retired = row ~ /\)[ \t]*\/\/[ \t]*retired/ ? "retired" : "used"
            sub(/^ *DIAGNOSTIC\( */, "", row)
            sub(/\)[ \t]*(\/\/.*)?$/, "", row)
            message = row
            sub(/^[^"]*"/, "", message)
            sub(/"[^"]*$/, "", message)
            gsub(/"[ \t]*"/, "", message)
            gsub(/\\"/, "\"", message)
            split(row, part, /[ ,]+/)
            print part[1], part[2], part[3], retired, message
        }' "$table"
}

check_table() {
    awk '
        $1 !~ /^[1-9][0-9][0-9][0-9]$/ { print "ALT" $1 ": a number has four digits"; next }
        $1 + 0 == last { print "ALT" $1 ": the number is used twice" }
        $1 + 0 < last { print "ALT" $1 ": stands behind ALT" last }
        { last = $1 + 0 }
        seen[$3]++ { print "ALT" $1 ": the name " $3 " is used twice" }
        {
            message = $0
            for (i = 0; i < 4; i++) sub(/^[^ ]* /, "", message)
            if (message ~ /^[A-Z][a-z]/ && message !~ /^(Cloud|Lambda)/)
                print "ALT" $1 ": the message starts with a capital"
            if (message ~ /[^.]\.$/)
                print "ALT" $1 ": the message ends with a full stop"
            if (message ~ /  /)
                print "ALT" $1 ": the message has two blanks"
        }' "$work/rows" >> "$work/problems"
}

is_uncovered() {
    [ -f "$uncovered" ] && grep -q "^ALT$1 [^ ]" "$uncovered"
}

check_case() {
    found=
    for folder in "$cases/ALT$1"*/; do
        [ -d "$folder" ] && found=yes
    done
    if [ -z "$found" ] && ! is_uncovered "$1"; then
        problem "ALT$1: no case $cases/ALT$1/"
    elif [ -n "$found" ] && is_uncovered "$1"; then
        problem "ALT$1: has a case, but stands in $uncovered"
    fi
}

# Sections in their order, a block below each example heading, a short title in lower case.
check_page() {
    awk -v code="$2" '
        function say(text) { print code ": the page " text }
        NR == 1 && index($0, "# " code ": ") != 1 { say("does not begin with \"# " code ": \"") }
        NR == 1 && $0 ~ /\.$/ { say("has a title with a full stop") }
        length($0) > 100 && !code_block { say("has a line of more than 100 columns: " NR) }
        /^```/ { code_block = !code_block; if (code_block) blocks[section]++; next }
        code_block { next }
        /^## / { section = substr($0, 4); order = order section " "; next }
        !section && NR > 1 && NF { intro = 1 }
        section == "Why" && NF { why = 1 }
        END {
            if (!intro) say("does not say what the finding means")
            if (order != "Why Wrong Right ") say("has sections \"" order "\", not Why Wrong Right")
            if (!why) say("does not say why")
            if (blocks["Wrong"] != 1) say("needs one block under Wrong")
            if (blocks["Right"] != 1) say("needs one block under Right")
            if (code_block) say("has a block without an end")
            if (NR > 60) say("has " NR " lines, at most 60")
        }' "$1" >> "$work/problems"
}

# The ```alt block under a heading; nothing when it is of another language.
example() {
    awk -v heading="## $2" '
        /^```/ { inside = !inside && on && $0 == "```alt"; next }
        inside { print; next }
        /^## / { on = $0 == heading }' "$1"
}

# The codes that a program gives, as "ALT1203 ALT2001 ".
codes_of() {
    (cd "$work" && "$compiler" check example.alt 2>&1) |
        sed -n 's/^[^ ].*: [a-z]*: .* \[\(ALT[0-9]\{4\}\)\]$/\1/p' | sort -u |
        tr '\n' ' '
}

check_examples() {
    example "$1" Wrong > "$work/example.alt"
    if [ -s "$work/example.alt" ]; then
        codes=$(codes_of)
        [ "$codes" = "$2 " ] || problem "$2: the wrong example gives '$codes'"
    fi
    example "$1" Right > "$work/example.alt"
    if [ -s "$work/example.alt" ]; then
        codes=$(codes_of)
        [ -z "$codes" ] || problem "$2: the right example gives '$codes'"
    fi
}

rows > "$work/rows"
count=$(wc -l < "$work/rows")
if [ "$count" -eq 0 ]; then
    echo "check-docs: no rows in $table" >&2
    exit 1
fi
check_table

compiler=
if [ -n "${ALTC:-}" ]; then
    case $ALTC in
    /*) compiler=$ALTC ;;
    *) compiler=$(pwd)/$ALTC ;;
    esac
    [ -x "$compiler" ] || problem "$ALTC: no such program"
fi

while read -r number severity name retired message; do
    [ "$retired" = retired ] && continue
    page=$pages/ALT$number.md
    if [ -f "$page" ]; then
        check_page "$page" "ALT$number"
        [ -n "$compiler" ] && [ -x "$compiler" ] && check_examples "$page" "ALT$number"
    else
        problem "ALT$number: no page $page"
    fi
    check_case "$number"
done < "$work/rows"

for page in "$pages"/*.md; do
    base=${page##*/}
    [ "$base" = README.md ] && continue
    number=${base#ALT}
    grep -q "^${number%.md} " "$work/rows" || problem "$page: no such code"
done
for folder in "$cases"/*/; do
    [ -d "$folder" ] || continue
    base=${folder%/}
    base=${base##*/}
    number=$(printf '%s\n' "$base" | sed -n 's/^ALT\([0-9]\{4\}\).*/\1/p')
    if [ -z "$number" ] || ! grep -q "^$number " "$work/rows"; then
        problem "$folder: named after no code"
    fi
done

if [ -s "$work/problems" ]; then
    cat "$work/problems" >&2
    echo "check-docs: $(wc -l < "$work/problems") problems in $count codes" >&2
    exit 1
fi
echo "check-docs: $count codes have their pages and cases"
