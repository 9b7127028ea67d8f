#!/bin/sh
# Sizes that keep code readable: files of at most 800 lines, headers of 400, functions of 80, lines of 100
# columns, nesting of at most five blocks in a function.
set -u

files=$(find compiler runtime tests spec/tools -name '*.[ch]' 2>/dev/null | sort)
if [ -z "$files" ]; then
    echo "check-size: no source files" >&2
    exit 1
fi
# shellcheck disable=SC2086 # names of source files hold no blanks
awk '
    function problem(text) { print text; problems++ }
    function end_of_file() {
        if (last == "") return
        limit = last ~ /\.h$/ ? 400 : 800
        if (lines > limit) problem(last ": " lines " lines, at most " limit)
    }
    FNR == 1 { end_of_file(); last = FILENAME; count++; start = 0 }
    { lines = FNR }
    {
        # Columns are counted in characters where awk knows UTF-8, else in bytes.
        text = $0
        gsub(/[\200-\277]/, "", text)
        if (length(text) > 100) problem(FILENAME ":" FNR ": " length(text) " columns, at most 100")
        if ($0 ~ /[ \t]$/) problem(FILENAME ":" FNR ": blanks at the end of the line")
        if ($0 ~ /\t/) problem(FILENAME ":" FNR ": a tab")
    }
    /^\{/ { start = FNR }
    /^\}/ {
        if (start && FNR - start - 1 > 80)
            problem(FILENAME ":" start ": a function of " FNR - start - 1 " lines, at most 80")
        start = 0
    }
    start && /^                        [^ ].*\{$/ {
        problem(FILENAME ":" FNR ": nested deeper than five blocks")
    }
    END {
        end_of_file()
        if (problems) {
            print "check-size: " problems " problems"
            exit 1
        }
        print "check-size: " count " files are within their limits"
    }' $files
