#!/bin/sh
# Includes point down only: holds every #include of compiler/ and runtime/ against
# tests/layers.txt. Also: own header first, and only paths from the root.
set -u

layers=tests/layers.txt
files=$(find compiler runtime -name '*.[ch]' 2>/dev/null | sort)
if [ -z "$files" ]; then
    echo "check-layers: no source files" >&2
    exit 1
fi
# shellcheck disable=SC2086 # names of source files hold no blanks
awk '
    FILENAME == ARGV[1] {
        if ($0 ~ /^#/ || !NF) next
        module = $1
        sub(/:$/, "", module)
        known[module] = 1
        allowed[module, module] = 1
        for (i = 2; i <= NF; i++) {
            if (!($i in known) && $i !~ /\.h$/) problem(FILENAME ":" FNR ": " $i " does not stand above " module)
            allowed[module, $i] = 1
        }
        next
    }
    function problem(text) { print text; problems++ }
    FNR == 1 {
        count++
        split(FILENAME, part, "/")
        module = part[2]
        own = FILENAME
        sub(/\.c$/, ".h", own)
        private = part[1] "/" module "/"
        first = 1
        if (!(module in known)) problem(FILENAME ": module " module " is not in " ARGV[1])
    }
    /^#include "/ {
        path = $2
        gsub(/"/, "", path)
        n = split(path, part, "/")
        if (FILENAME ~ /\.c$/ && own != FILENAME && path != own && path !~ "^" private ".*_priv[.]h$" && first && (getline line < own) >= 0) {
            problem(FILENAME ":" FNR ": its own header " own " comes first")
        }
        close(own)
        first = 0
        if (n != 3 || (part[1] != "compiler" && part[1] != "runtime")) {
            problem(FILENAME ":" FNR ": " path " is no path from the root")
            next
        }
        if ((module, part[2] "/" part[3]) in allowed) next
        if (!((module, part[2]) in allowed))
            problem(FILENAME ":" FNR ": " module " must not include " part[2])
        if (path ~ /_priv\.h$/ && part[2] != module)
            problem(FILENAME ":" FNR ": " path " is private to " part[2])
    }
    END {
        if (problems) {
            print "check-layers: " problems " problems"
            exit 1
        }
        print "check-layers: " count " files include downwards only"
    }' "$layers" $files >&2
