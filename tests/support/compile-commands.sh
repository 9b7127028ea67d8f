#!/bin/sh
# A compilation database for clangd: compile-commands.sh "CC FLAGS" FILE…
set -eu

escape() {
    printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'
}

compiler=$1
shift
separator='['
for file in "$@"; do
    printf '%s\n{"directory": "%s", "file": "%s", "command": "%s"}' "$separator" \
        "$(escape "$PWD")" "$(escape "$file")" "$(escape "$compiler -c $file")"
    separator=','
done
printf '\n]\n'
