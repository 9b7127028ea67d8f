#!/bin/sh
# No writable global or static: check-globals.sh BUILD_FOLDER. Objects in .data and .bss sections
# of any kind are refused; constants that hold addresses (.data.rel.ro) are fine.
set -u

objects=$(find "$1/obj/compiler" "$1/obj/runtime" -name '*.o' 2>/dev/null | sort)
if [ -z "$objects" ]; then
    echo "check-globals: no objects in $1" >&2
    exit 1
fi
found=$(for object in $objects; do
    objdump -t "$object" | awk -v file="$object" '
        $0 ~ / O / && $0 !~ /\.data\.rel\.ro/ && $0 ~ /[ \t](\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ {
            print file ": " $NF
        }'
done)
if [ -n "$found" ]; then
    printf '%s\n' "$found"
    echo "check-globals: writable globals were found"
    exit 1
fi
echo "check-globals: $(printf '%s\n' "$objects" | wc -l) objects hold no writable global"
