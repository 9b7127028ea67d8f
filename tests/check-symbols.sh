#!/bin/sh
# Extern names: check-symbols.sh BUILD_FOLDER. A name that only its own file uses should be static,
# and none has the prefix of a library that is linked.
set -u

objects=$(find "$1/obj/compiler" "$1/obj/runtime" -name '*.o' 2>/dev/null | sort)
if [ -z "$objects" ]; then
    echo "check-symbols: no objects in $1" >&2
    exit 1
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
for object in $objects; do
    # Left over from a file that has been moved or removed since.
    source=${object#"$1/obj/"}
    [ -f "${source%.o}.c" ] || continue
    nm "$object" | awk -v file="$object" '
        $2 ~ /^[TDRBC]$/ { print "def", $3, file }
        $1 == "U" { print "use", $2, file }'
done > "$work/symbols"
# Names used by tests alone are part of a module's face: its header declares them.
cat compiler/*/*.h runtime/*/*.h 2>/dev/null > "$work/headers"
awk '
    $1 == "def" { defined[$2] = $3; if ($2 ~ /^(json_|yaml_|pcre2_|curl_|cm_|_)/) bad[$2] = 1 }
    $1 == "use" { used[$2] = 1 }
    END {
        for (name in bad) print defined[name] ": " name " has the prefix of a library"
        for (name in defined) if (!(name in used) && name != "main") print "unused", name, defined[name]
    }' "$work/symbols" | sort > "$work/found"
# An unused one may be called by tests and by later users of the library, if a header says so.
: > "$work/problems"
while read -r word name file; do
    if [ "$word" = unused ]; then
        grep -qw "$name" "$work/headers" && continue
        echo "$file: $name should be static"
    else
        echo "$word $name $file"
    fi >> "$work/problems"
done < "$work/found"
count=$(grep -c '^def' "$work/symbols")
if [ -s "$work/problems" ]; then
    cat "$work/problems"
    echo "check-symbols: $(wc -l < "$work/problems") problems in $count names"
    exit 1
fi
echo "check-symbols: $count extern names are used outside of their files or declared for it"
