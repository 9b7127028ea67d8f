#!/bin/sh
# Holds the rules of spec/language.md and the cases in tests/conformance against each other: each
# rule has a case named by its id (or by its id and a dash and more), each case names a rule, and
# the example of a rule is the input of the case of exactly that name. The tour must compile and
# its tests pass when $ALTC names a compiler.
set -u

text=${LANGUAGE:-spec/language.md}
cases=${CASES:-tests/conformance}
groups='lex line decl name app stage on var type domain res ref comp with for if expr match deploy
    fn guard stack moved suppress test asset manifest limit'

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
: > "$work/problems"

problem() {
    printf '%s\n' "$*" >> "$work/problems"
}

# Ids to $work/ids, the example of a rule to $work/example.ID, that of the tour to $work/tour.alt.
awk -v work="$work" '
    /^\*\*\[/ && !inside {
        id = $0
        sub(/^\*\*\[/, "", id)
        sub(/\]\*\*.*/, "", id)
        print id > (work "/ids")
        seen = 0
        next
    }
    /^## / && !inside { id = "" }
    /^```/ && inside { inside = 0; next }
    /^```alt tour$/ { inside = 1; out = work "/tour.alt"; next }
    /^```alt$/ {
        inside = 1
        out = id == "" ? work "/stray" : seen++ ? work "/second" : work "/example." id
        next
    }
    /^```/ { inside = 1; out = ""; next }
    inside && out != "" { print > out }
' "$text"

[ -s "$work/ids" ] || { echo "check-conformance: no rules in $text" >&2; exit 1; }
[ -e "$work/stray" ] && problem "$text: an example that belongs to no rule"
[ -e "$work/second" ] && problem "$text: a rule with two examples"

sort "$work/ids" | uniq -d | while read -r id; do
    problem "$text: the id '$id' is given twice"
done
awk -v groups="$groups" '
    BEGIN { split(groups, names); for (i in names) known[names[i]] = 1 }
    !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/ { print; next }
    { group = $0; sub(/-.*/, "", group); if (!(group in known)) print }
' "$work/ids" | while read -r id; do
    problem "$text: '$id' is no id of a rule"
done

for folder in "$cases"/*/; do
    folder=${folder%/}
    [ -d "$folder" ] && printf '%s\n' "${folder##*/}"
done > "$work/cases"

# A case belongs to the longest id that its name is or begins with.
awk -v ids="$work/ids" -v text="$text" -v cases="$cases" '
    BEGIN { while ((getline id < ids) > 0) { known[id] = 1; order[++count] = id } }
    {
        name = $0
        while (name != "" && !(name in known))
            if (!sub(/-[^-]*$/, "", name)) name = ""
        if (name == "") print cases "/" $0 ": its name is that of no rule"
        else covered[name] = 1
    }
    END {
        for (i = 1; i <= count; i++)
            if (!(order[i] in covered)) print text ": the rule \047" order[i] "\047 has no case"
    }
' "$work/cases" >> "$work/problems"

while read -r id; do
    [ -e "$work/example.$id" ] || continue
    input=$cases/$id/input.alt
    cmp -s "$work/example.$id" "$input" || problem "$input is not the example of '$id' in $text"
done < "$work/ids"

if [ -n "${ALTC:-}" ]; then
    for action in check test; do
        "$ALTC" "$action" "$work/tour.alt" > "$work/out" 2>&1 ||
            problem "$text: the tour does not pass 'altc $action': $(cat "$work/out")"
    done
fi

if [ -s "$work/problems" ]; then
    cat "$work/problems"
    echo "check-conformance: $(wc -l < "$work/problems") problems"
    exit 1
fi
echo "check-conformance: $(wc -l < "$work/ids") rules, $(wc -l < "$work/cases") cases"
