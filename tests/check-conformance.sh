#!/bin/sh
# Every rule of spec/language.md, which is a **[rule-id]**, has a folder tests/conformance/rule-id
# with a case in it, and every folder there is named after a rule.
set -u

page=spec/language.md
cases=tests/conformance
rules=$(sed -n 's/^\*\*\[\([a-z0-9-]*\)\]\*\*.*/\1/p' "$page" | sort)
if [ -z "$rules" ]; then
    echo "check-conformance: no rules in $page" >&2
    exit 1
fi
problems=0
problem() {
    echo "$*"
    problems=$((problems + 1))
}

for rule in $(printf '%s\n' "$rules" | uniq -d); do
    problem "$page: the rule $rule stands there twice"
done
for rule in $(printf '%s\n' "$rules" | uniq); do
    found=$(find "$cases/$rule" -name 'expect.*' 2>/dev/null | head -n 1)
    [ -n "$found" ] || problem "$rule: no case in $cases/$rule/"
done
for folder in "$cases"/*/; do
    name=${folder%/}
    name=${name##*/}
    printf '%s\n' "$rules" | grep -qx "$name" || problem "$folder: $page has no rule $name"
done
count=$(printf '%s\n' "$rules" | uniq | wc -l)
if [ "$problems" -gt 0 ]; then
    echo "check-conformance: $problems problems in $count rules"
    exit 1
fi
echo "check-conformance: $count rules have their cases"
